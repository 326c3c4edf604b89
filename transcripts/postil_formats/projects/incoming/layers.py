"""The passages of a project as segments of its coders' layers; what the study has already is no news."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import msgspec

from postil_base.ids import new_id
from postil_base.plural import counted
from postil_base.problem import Remark
from postil_formats.projects.coding_marks import MARK_NAME, marks_in, without_marks
from postil_formats.projects.identity import Identity
from postil_formats.projects.incoming.people import CodersIn
from postil_formats.projects.incoming.texts import TextIn
from postil_formats.projects.refi import values as v
from postil_study.anchoring.quote_search import QuoteIndex
from postil_study.layers.store import start_layer
from postil_study.layers.values import make_layer, records
from postil_study.study import Study
from postil_study.text.units import Span
from postil_study.text.values import CodeUse, Layer, LayerHeader, Mode, Segment

_UTC = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?")
_MODES: Mapping[str, Mode] = {"deny": "deny", "hypothetical": "hypothetical", "wish": "wish", "reported": "reported"}
NO_MODES: Mapping[str, Mode] = {}


@dataclass
class _SegmentDraft:
    """A segment in the making: all codes of one person on one passage."""

    guid: str
    coder: str
    span: Span | None
    codes: dict[str | CodeUse, None] = field(default_factory=dict)
    memos: dict[str, None] = field(default_factory=dict)
    unsure: bool = False
    at: str = ""
    guids: set[str] = field(default_factory=set)  # of the selections and codings it stands for


@dataclass
class LayersIn:
    """Layers that grow."""

    study: Study
    project: v.Project
    identity: Identity
    codes: Mapping[str, str]
    coders: CodersIn
    texts: Mapping[str, TextIn]
    now: str
    done: str = ""
    remarks: list[Remark] = field(default_factory=list)
    before: dict[tuple[str, str], Layer] = field(default_factory=dict)
    after: dict[tuple[str, str], dict[str, Segment]] = field(default_factory=dict)
    segment_of: dict[str, tuple[str, str, str]] = field(default_factory=dict)  # GUID → coder, transcript, segment
    placed: int = 0
    told: int = 0  # modes that only the description of a passage said
    already: int = 0
    loose: list[tuple[str, str, str]] = field(default_factory=list)  # transcript, user, words without a passage
    taken: set[str] = field(default_factory=set)
    _used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for layer in [*self.study.layers(), *self.study.layers("guide")]:
            self.taken.update(record.id for record in records(layer))
            self.taken.update(layer.deleted)
        self._by_guid = {
            self.identity.segment(record.id): record.id for layer in self.study.layers() for record in layer.segments
        }
        self._ours = self.project.origin.startswith("Postil")
        self._names = frozenset(code.name for code in self.project.codes)
        self._on: dict[tuple[tuple[str, str], Span | None], list[Segment]] = {}

    def take(self) -> None:
        """All passages of all sources."""
        for text in self.texts.values():
            for draft in self._drafts(text):
                self._put(text, draft)
        if self.told:
            message = f"{counted(self.told, 'coding')} got the mode that the description of its passage says"
            self.remarks.append(Remark("lines [Postil: …] of descriptions", message, lost=False))

    def annotation(self, text: TextIn, note: v.RefiNote, span: Span | None) -> None:
        """A note on a passage (None: on the whole), as a segment with a memo and no code."""
        coder = self.coders.id_of(note.user)
        words = "\n".join(part for part in (note.text, note.description) if part.strip())
        place = self._moved(text, span, "") if span is not None else None
        draft = _SegmentDraft(note.guid, coder, place, at=_utc(note.created), guids={note.guid})
        draft.memos[words.strip()] = None
        self._put(text, draft)

    def _drafts(self, text: TextIn) -> Iterable[_SegmentDraft]:
        found: dict[tuple[str, object], _SegmentDraft] = {}
        for selection in text.source.selections:
            if selection.span is None:
                continue
            if selection.span[0] == selection.span[1]:
                self._empty(text, selection)
                continue
            span = self._moved(text, selection.span, selection.name)
            if span is None:
                message = f"its words are not in {text.transcript.id}: {_short(selection, text)}"
                self.remarks.append(Remark(f"passage {selection.start}-{selection.end} of {text.source.name}", message))
                continue
            self._selection(found, selection, span)
        for coding in text.source.codings:
            self._coding(found, coding, coding.guid, None, text.source.created)
        return found.values()

    def _selection(
        self, found: dict[tuple[str, object], _SegmentDraft], selection: v.RefiSelection, span: Span
    ) -> None:
        key: object = selection.guid if self._ours else span
        modes, unsure, memo = self._described(selection)
        drafts = [
            self._coding(found, coding, selection.guid, span, selection.modified or selection.created, key, modes)
            for coding in selection.codings
        ]
        if not selection.codings:
            coder = self.coders.id_of(selection.user)
            drafts = [found.setdefault((coder, key), _SegmentDraft(selection.guid, coder, span))]
            drafts[0].at = max(drafts[0].at, _utc(selection.modified or selection.created))
        for draft in drafts:
            draft.guids.add(selection.guid)
        if (memo or unsure) and drafts:
            owner = self.coders.id_of(selection.user) if selection.user else drafts[0].coder
            mine = next((draft for draft in drafts if draft.coder == owner), drafts[0])
            mine.memos[memo] = None
            mine.unsure = mine.unsure or unsure
        for draft in drafts:
            draft.unsure = draft.unsure or "unsure" in self._marks(selection.notes)

    def _described(self, selection: v.RefiSelection) -> tuple[Mapping[str, Mode], bool, str]:
        """Modes by the name of their code and whether the coder was unsure, as a description says it, and the memo.

        In our own projects notes say it; the lines of the description only repeat them for other programs. A program
        that drops such notes and keeps descriptions gives them back by these lines.
        """
        written = selection.description.strip()
        if self._ours:
            notes = [*selection.notes, *(note for coding in selection.codings for note in coding.notes)]
            return {}, False, without_marks(written, sum(1 for _ in self._marks(notes))).strip()
        found, memo = marks_in(written, self._names) if written.startswith(f"[{MARK_NAME}") else ((), written)
        return {name: _MODES[mark] for mark, name in found if mark in _MODES}, ("unsure", "") in found, memo

    def _coding(
        self,
        found: dict[tuple[str, object], _SegmentDraft],
        coding: v.RefiCoding,
        guid: str,
        span: Span | None,
        at: str,
        key: object = None,
        modes: Mapping[str, Mode] = NO_MODES,
    ) -> _SegmentDraft:
        coder = self.coders.id_of(coding.user)
        place = (coder, "whole" if span is None else key)
        if place not in found:
            found[place] = _SegmentDraft(coding.guid if guid in self._used or span is None else guid, coder, span)
            self._used.add(guid)
        draft = found[place]
        code = self.codes.get(coding.code)
        if code is not None:
            marks = list(self._marks(coding.notes))
            mode = next((_MODES[mark] for mark in marks if mark in _MODES), None) or self._told(coding, modes)
            draft.unsure = draft.unsure or "unsure" in marks
            draft.codes[CodeUse(code, mode) if mode else code] = None
        draft.guids.add(coding.guid)
        draft.at = max(draft.at, _utc(coding.created or at))
        return draft

    def _told(self, coding: v.RefiCoding, modes: Mapping[str, Mode]) -> Mode | None:
        """The mode of a coding by the description of its passage."""
        code = self.project.code_of.get(coding.code)
        mode = modes.get(" ".join(code.name.split())) if modes and code is not None else None
        self.told += mode is not None
        return mode

    def _marks(self, notes: Iterable[str]) -> Iterator[str]:
        """What our own notes say of a coding: mode, unsure."""
        for guid in notes if self._ours else ():
            note = self.project.note_of.get(guid)
            if note is not None and note.name.startswith(MARK_NAME):
                yield note.name.removeprefix(MARK_NAME)

    def _moved(self, text: TextIn, span: Span, name: str) -> Span | None:
        """Where a passage stands in the transcript."""
        start, end = span[0] + text.shift, span[1] + text.shift
        if not text.differs:
            return (start, end) if end <= len(text.transcript.text) else None
        words = (text.source.text or "")[slice(*span)]
        places = QuoteIndex(text.transcript.text).find(words).places if words.strip() else ()
        return min(places, key=lambda place: abs(place[0] - start)) if places else None

    def _empty(self, text: TextIn, selection: v.RefiSelection) -> None:
        what = f"passage {selection.start}-{selection.end} of {text.source.name}"
        kept = "; what was written on it is a memo" if selection.description.strip() else ""
        lost = f" with {len(selection.codings)} codings" if selection.codings else ""
        message = f"a passage without length{lost}; here one has words{kept}"
        self.remarks.append(Remark(what, message, lost=bool(selection.codings) or not kept))
        if kept:
            place = f"(at {selection.span[0] if selection.span else selection.start})"
            self.loose.append((text.transcript.id, selection.user, f"{selection.description.strip()} {place}"))

    def _put(self, text: TextIn, draft: _SegmentDraft) -> None:
        """Add a draft to its layer, unless the layer says the same already."""
        key = (draft.coder, text.transcript.id)
        if key not in self.before:
            self.before[key] = self._start(draft.coder, text)
            self.after[key] = dict(self.before[key].by_id)
            for segment in self.before[key].segments:
                span = (segment.start, segment.end) if segment.start is not None and segment.end is not None else None
                self._on.setdefault((key, span), []).append(segment)
        self.placed += 1
        there = self._there(key, draft)
        id_ = there if there is not None else self._new(key, text, draft)
        for guid in draft.guids:
            self.segment_of.setdefault(guid, (*key, id_))

    def _start(self, coder: str, text: TextIn) -> Layer:
        if text.is_new:
            transcript = text.transcript
            path = f"codings/{coder}/{transcript.id}.jsonl"
            header = LayerHeader(coder, transcript.id, "coder", transcript.text_sha256, self.study.codebook.version)
            return make_layer(header, path=path)
        return start_layer(self.study, coder, text.transcript.id)

    def _there(self, key: tuple[str, str], draft: _SegmentDraft) -> str | None:
        """The segment that says the same: by its id, else by coder, passage and codes."""
        layer = self.after[key]
        known = self._by_guid.get(draft.guid, draft.guid)
        found = layer.get(known)
        if found is not None:
            self._compare(found, draft, key)
            return found.id
        if known in self.before[key].deleted:
            self.remarks.append(Remark(f"passage {draft.guid}", "it was deleted in the study and stays so"))
            return known
        for segment in self._on.get((key, draft.span), ()):
            if set(draft.codes) <= set(segment.codes):
                self._compare(segment, draft, key)
                return segment.id
        return None

    def _compare(self, found: Segment, draft: _SegmentDraft, key: tuple[str, str]) -> None:
        self.already += 1
        same_codes = set(draft.codes) == set(found.codes)
        if (found.start, found.end) != (draft.span or (None, None)) or not (
            same_codes or set(draft.codes) <= set(found.codes)
        ):
            message = f"{key[0]}'s segment {found.id} is another in the study by now, which stays as it is"
            self.remarks.append(Remark(f"passage in {key[1]}", message))

    def _new(self, key: tuple[str, str], text: TextIn, draft: _SegmentDraft) -> str:
        id_ = draft.guid if draft.guid and draft.guid not in self.taken and "#" not in draft.guid else ""
        id_ = id_ or new_id(self.taken)
        self.taken.add(id_)
        start, end = draft.span or (None, None)
        self.after[key][id_] = Segment(
            id_,
            start,
            end,
            tuple(draft.codes),
            text.transcript.text[start:end] if start is not None else "",
            "\n\n".join(memo for memo in draft.memos if memo),
            draft.unsure,
            draft.at or self.now,
        )
        return id_

    def add_memo(self, owner: tuple[str, str, str], memo: str) -> bool:
        """Put a memo on a segment of this import; False if the segment was there before."""
        key, id_ = owner[:2], owner[2]
        segment = self.after[key][id_]
        if id_ in self.before[key].by_id:
            return memo in segment.memo
        if memo not in segment.memo:
            joined = f"{segment.memo}\n\n{memo}" if segment.memo else memo
            self.after[key][id_] = msgspec.structs.replace(segment, memo=joined)
        return True

    def layers(self, relations: Mapping[tuple[str, str], Iterable[object]]) -> list[tuple[Layer, Layer]]:
        """Each layer before and after."""
        found = []
        for key, before in self.before.items():
            more: list[object] = list(relations.get(key, ()))
            header = replace(before.header, done=before.header.done or self.done)
            after = make_layer(
                header,
                self.after[key].values(),
                [*before.relations, *more],  # type: ignore[list-item]
                before.deleted,
                before.path,
            )
            found.append((before, after))
        return found


def _short(selection: v.RefiSelection, text: TextIn) -> str:
    words = " ".join((text.source.text or "")[slice(*(selection.span or (0, 0)))].split())
    return words if len(words) <= 60 else f"{words[:59]}…"


def _utc(time: str) -> str:
    """A time in UTC, whole seconds; empty if it is none."""
    match = _UTC.fullmatch(time.strip())
    if match is None:
        return ""
    if match[2] in (None, "Z"):
        return f"{match[1]}Z"
    from datetime import datetime, timezone

    try:
        return datetime.fromisoformat(match[1] + match[2]).astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")  # noqa: UP017
    except (ValueError, OverflowError):
        return ""
