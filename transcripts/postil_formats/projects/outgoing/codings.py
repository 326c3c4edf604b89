"""Segments and relations on their way out: one selection for each segment, its person on both levels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from postil_base.plural import counted
from postil_base.problem import Remark
from postil_formats.projects.coding_marks import MARK_NAME, MARKS, described, mark_line, without_marks
from postil_formats.projects.identity import Identity
from postil_formats.projects.refi.values import Link, RefiCoding, RefiNote, RefiSelection
from postil_formats.projects.refi.write import is_xml_text
from postil_study.privacy.consent.purposes import Consent
from postil_study.study import Study
from postil_study.text.values import Layer, Relation, Segment

LONGEST_NAME = 400
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
ON_WHOLE = "On the whole of "


class CodingsOut:
    """The selections, codings and links of some layers."""

    def __init__(
        self, study: Study, identity: Identity, consent: Consent, layers: Iterable[Layer], names: Mapping[str, str]
    ) -> None:
        self.study, self.identity, self.consent = study, identity, consent
        self.names = names  # of the codes, as they go out
        self.layers = [
            layer
            for layer in layers
            if layer.header.transcript in study.transcripts
            and consent.shares(study.transcripts[layer.header.transcript])
        ]
        self._lost: list[Remark] = []
        self._marks: dict[str, str] = {}  # mark → when it was first set
        self._told: dict[str, dict[tuple[str, str], int]] = {}  # mark → code, transcript → how many codings
        self._whole_notes: list[RefiNote] = []
        self._selections: dict[str, list[RefiSelection]] = {}
        self._whole: dict[str, list[RefiCoding]] = {}
        self._whole_refs: dict[str, list[str]] = {}
        self._whole_marks: dict[str, list[str]] = {}  # transcript → lines that say what codings of all of it mean
        self._bare: dict[tuple[str, str, int, int], str] = {}  # passages without a code, of which others keep one each
        self.placed: dict[str, str] = {}  # GUID of each passage → its transcript
        self.selection_of: dict[str, str] = {}  # GUID of a passage → of the selection it went into, if another
        for layer in self.layers:
            for segment in layer.segments:
                self._segment(layer, segment)

    def selections(self, transcript: str) -> list[RefiSelection]:
        """The selections of a transcript, by position."""
        return sorted(self._selections.get(transcript, []), key=lambda s: (s.start, -s.end, s.guid))

    def whole(self, transcript: str) -> tuple[tuple[RefiCoding, ...], tuple[str, ...]]:
        """Codings of a whole transcript, and notes on it."""
        return tuple(self._whole.get(transcript, ())), tuple(self._whole_refs.get(transcript, ()))

    def whole_marks(self, transcript: str) -> tuple[str, ...]:
        """What codings of a whole transcript mean beyond their codes, a line each."""
        return tuple(self._whole_marks.get(transcript, ()))

    def notes(self) -> tuple[RefiNote, ...]:
        """Notes that say what a coding means beyond its code, one for each mode; and memos of whole transcripts."""
        marks = (
            RefiNote(self._mark_guid(mark), MARK_NAME + mark, MARKS[mark], created=self._marks[mark])
            for mark in MARKS
            if mark in self._marks
        )
        return (*marks, *self._whole_notes)

    def remarks(self) -> Iterator[Remark]:
        """What did not go along."""
        yield from self._lost
        yield from self._affirmed_elsewhere()
        cues = sum(r.cue is not None for layer in self.layers for r in layer.relations)
        if cues:
            yield Remark("cues of relations", f"{cues}; a link says what it joins, not by which words")

    def _affirmed_elsewhere(self) -> Iterator[Remark]:
        """Codings that other programs take for affirmations, by mode, code and transcript."""
        for mark, places in self._told.items():
            by_code: dict[str, list[str]] = {}
            for (code, transcript), number in places.items():
                by_code.setdefault(code, []).append(f"{transcript} ({number})" if number > 1 else transcript)
            listed = "; ".join(f"{code} in {', '.join(found)}" for code, found in by_code.items())
            total = counted(sum(places.values()), "coding")
            message = (
                f"other programs count them as affirmations; the description of each passage and a note on each coding "
                f"say {mark}: {listed}"
            )
            yield Remark(f"{total} with the mode {mark}", message, lost=False)

    def _segment(self, layer: Layer, segment: Segment) -> None:
        if segment.start is None or segment.end is None:
            self._whole_segment(layer, segment)
            return
        text = self.study.transcripts[layer.header.transcript]
        if segment.unanchored or not segment.start < segment.end <= len(text.text):
            self._lost.append(Remark(f"segment {segment.id}", "it is unanchored, so it has no place in a text"))
            return
        guid = self.identity.segment(segment.id)
        words = text.text[segment.start : segment.end]
        name = _name(words) if self.consent.quotes(text, segment.start, segment.end) else ""
        self._say_odd(segment)
        self.placed[guid] = text.id
        if not segment.uses and self._joined(layer, segment, guid):
            return
        codings = tuple(self._codings(layer, segment, guid))
        self._selections.setdefault(text.id, []).append(
            RefiSelection(
                guid,
                segment.start,
                segment.end,
                name,
                described(self._mark_lines(segment), segment.memo),
                self.identity.coder(layer.header.coder),
                _time(segment.at),
                _time(segment.at),
                codings,
                (self._mark("unsure", segment),) if segment.unsure else (),
                (segment.start, segment.end),
            )
        )

    def _joined(self, layer: Layer, segment: Segment, guid: str) -> bool:
        """Whether a passage without a code joined another of the same person and place.

        QualCoder's import stops at a second one (its table of annotations is unique by text, place and person).
        """
        assert segment.start is not None and segment.end is not None
        place = (layer.header.coder, layer.header.transcript, segment.start, segment.end)
        first = self._bare.setdefault(place, guid)
        if first == guid:
            return False
        self.selection_of[guid] = first
        found = self._selections[layer.header.transcript]
        at = next(number for number, selection in enumerate(found) if selection.guid == first)
        one = found[at]
        unsure = segment.unsure or bool(one.notes)
        memos = [memo for memo in (without_marks(one.description, len(one.notes)), segment.memo) if memo]
        words = described([mark_line("unsure")] if unsure else [], "\n\n".join(dict.fromkeys(memos)))
        found[at] = replace(one, description=words, notes=(self._mark("unsure", segment),) if unsure else ())
        message = f"a second note of {layer.header.coder} on the same words; both are one passage in the file"
        self._lost.append(Remark(f"segment {segment.id}", message, lost=False))
        return True

    def _mark_lines(self, segment: Segment) -> list[str]:
        """The marks of a segment in words, for the description."""
        lines = [
            mark_line(use.mode, self.names[use.code])
            for use in segment.uses
            if use.mode != "affirm" and use.code in self.names
        ]
        return [*lines, mark_line("unsure")] if segment.unsure else lines

    def _say_odd(self, segment: Segment) -> None:
        if not is_xml_text(segment.memo):
            self._lost.append(
                Remark(f"memo of segment {segment.id}", "its control characters became U+FFFD", lost=False)
            )

    def _whole_segment(self, layer: Layer, segment: Segment) -> None:
        guid = self.identity.segment(segment.id)
        transcript = layer.header.transcript
        codings = list(self._codings(layer, segment, guid))
        if segment.memo:
            user, note = self.identity.coder(layer.header.coder), self.identity.of("memo", segment.id)
            self._whole_notes.append(
                RefiNote(note, f"{ON_WHOLE}{transcript}", segment.memo, "", user, _time(segment.at))
            )
            if not codings:
                self._whole_refs.setdefault(transcript, []).append(note)
            codings = _with_note(codings, note)
        if segment.unsure:
            codings = _with_note(codings, self._mark("unsure", segment))
        lines = [f"{line} ({layer.header.coder}, on the whole text)" for line in self._mark_lines(segment)]
        self._whole_marks.setdefault(transcript, []).extend(lines)
        self._whole.setdefault(transcript, []).extend(codings)

    def _codings(self, layer: Layer, segment: Segment, guid: str) -> Iterator[RefiCoding]:
        codes = self.study.codebook.codes
        for use in segment.uses:
            if use.code not in codes:
                self._lost.append(Remark(f"segment {segment.id}", f"its code {use.code} is not in the codebook"))
                continue
            notes = (self._mark(use.mode, segment),) if use.mode != "affirm" else ()
            if notes:
                told = self._told.setdefault(use.mode, {})
                place = (self.names[use.code], layer.header.transcript)
                told[place] = told.get(place, 0) + 1
            coding = self.identity.of("coding", guid, use.code, use.mode)
            user = self.identity.coder(layer.header.coder)
            yield RefiCoding(coding, self.identity.code(codes[use.code]), user, _time(segment.at), notes)

    def _mark(self, mark: str, segment: Segment) -> str:
        at, known = _time(segment.at), self._marks.get(mark, "")
        self._marks[mark] = min(at, known) if at and known else at or known
        return self._mark_guid(mark)

    def _mark_guid(self, mark: str) -> str:
        return self.identity.of("mark", mark)

    def links(self) -> Iterator[Link]:
        """Relations between passages."""
        for layer in self.layers:
            for relation in layer.relations:
                ends = self.identity.segment(relation.source), self.identity.segment(relation.target)
                if all(end in self.placed for end in ends):
                    source, target = (self.selection_of.get(end, end) for end in ends)
                    guid = self.identity.segment(relation.id)
                    yield Link(guid, source, target, relation_name(relation), "OneWay")


def _with_note(codings: list[RefiCoding], note: str) -> list[RefiCoding]:
    """A note of a segment hangs on the first of its codings."""
    return [replace(c, notes=(*c.notes, note)) if number == 0 else c for number, c in enumerate(codings)]


def relation_name(relation: Relation) -> str:
    """A relation in words: its codes, its type, the guard in brackets, the mode if it says one.

    >>> relation_name(Relation("r", "a", "b", "goes-back-to", "evaluate", "find-ptm", "poor"))
    'evaluate goes-back-to find-ptm [poor]'
    """
    words = [relation.source_code, relation.type, relation.target_code]
    words += [f"[{relation.guard}]"] if relation.guard else []
    words += [f"({relation.mode})"] if relation.mode else []
    return " ".join(word for word in words if word)


def _name(words: str) -> str:
    """A selection's name: its words, as ATLAS.ti and QualCoder write them; long ones cut with an ellipsis."""
    return words if len(words) <= LONGEST_NAME else words[:LONGEST_NAME].rstrip() + "…"


def _time(at: str) -> str:
    return at if _TIME.fullmatch(at) else ""
