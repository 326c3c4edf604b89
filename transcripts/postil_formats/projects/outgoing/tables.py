"""A study as tables: segments, relations, codebook, transcripts, participants, charts, memos."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from postil_codebook.values import Codebook
from postil_formats.projects.code_words import description_of
from postil_formats.projects.outgoing.copied_words import table_without
from postil_formats.projects.outgoing.passed import Passed
from postil_formats.projects.outgoing.project import ExportWishes
from postil_formats.tables.files import Cell, Table
from postil_study.files.charts import load_charts
from postil_study.files.memos import Memo, load_memos
from postil_study.privacy.consent.copied_words import FreeWords, free_words
from postil_study.privacy.consent.purposes import WITHHELD, Consent
from postil_study.rounds.blind import hidden_layers
from postil_study.study import Study
from postil_study.text.values import CodeUse, Layer, LayerHeader, LayerKind, Relation, Segment, Transcript, Turn

CONTEXT = 120
SEGMENT_COLUMNS = (
    *("transcript", "participant", "turn", "speaker", "coder", "kind", "done", "segment", "start", "end"),
    *("code", "code_label", "code_path", "mode", "unsure", "quote", "before", "after", "memo", "at"),
    *("checked", "unanchored", "codebook", "round", "extra"),
)


class StudyTables:
    """The tables of one study, with consent and blind rounds obeyed.

    A layer is read when its rows are made and forgotten; what other tables want of it is noted on the way.
    """

    def __init__(self, study: Study, wishes: ExportWishes | None = None) -> None:
        self.study, self.wishes = study, wishes or ExportWishes()
        self.consent = Consent(study, self.wishes.everything)
        self.notes = tuple(str(remark) for remark in self.consent.remarks(study))
        self._refused = self.consent.refused
        self._hidden = hidden_layers(study.rounds.values(), self.wishes.me)
        self._all_passed: Passed | None = None
        self._uses: dict[tuple[str | CodeUse | None, str], tuple[str, str, str, str]] = {}
        self._heard: tuple[Transcript | None, Turn | None, tuple[Cell, ...]] = (None, None, ())

    def _layers(self, kind: LayerKind | None = None) -> Iterator[Layer]:
        """The layers that go out, one after another."""
        hidden: Mapping[tuple[str, str], str] = {} if kind == "guide" else self._hidden
        return (layer for layer in self.study.passing_layers(kind) if self._goes(layer, hidden))

    def _passing(self) -> Iterator[Layer]:
        """The same for the codings; when the last has gone by, what was noted of them is there for all."""
        passed = Passed(self._asked())
        for layer in self._layers():
            passed.note(layer)
            yield layer
        self._all_passed = passed

    @property
    def _passed(self) -> Passed:
        if self._all_passed is None:
            for _ in self._passing():
                pass
        assert self._all_passed is not None
        return self._all_passed

    def _goes(self, layer: Layer, hidden: Mapping[tuple[str, str], str]) -> bool:
        coder, transcript = layer.header.coder, layer.header.transcript
        text = self.study.transcripts.get(transcript)
        wanted = not self.wishes.coders or coder in self.wishes.coders or layer.header.kind == "guide"
        return wanted and (coder, transcript) not in hidden and text is not None and self.consent.shares(text)

    def told_codebook(self) -> Codebook:
        """The codebook as it may be handed on."""
        return free_words(self.study, self.consent.not_quoted).codebook(self.study.codebook)

    @cached_property
    def free(self) -> FreeWords:
        """What is taken out of memos, summaries and descriptions, and how often it was."""
        return free_words(self.study, self.consent.not_quoted)

    @property
    def _makers(self) -> dict[str, Callable[[], Table]]:
        return {
            "segments": self.segments,
            "relations": self.relations,
            "guide": self.guide,
            "codebook": self.codebook,
            "transcripts": self.transcripts,
            "participants": self.participants,
            "charts": self.charts,
            "memos": self.memos,
        }

    def all(self) -> dict[str, Table]:
        """All tables by name, whole."""
        made = {name: table_without(self.free, make()) for name, make in self._makers.items()}
        self.notes = (*self.notes, *map(str, self.free.remarks()))
        return made

    def stream(self, name: str) -> tuple[Sequence[str], Iterable[tuple[Cell, ...]]]:
        """Headers and rows of one table; the rows of segments are made one after another, and can be had once.

        What `free` has taken out is known when the last row was made.
        """
        if name in ("segments", "guide"):
            rows = self._rows(self._passing() if name == "segments" else self._layers("guide"))
            return SEGMENT_COLUMNS, self.free.rows(SEGMENT_COLUMNS, rows)
        table = table_without(self.free, self._makers[name]())
        return table.headers, table.rows

    def segments(self) -> Table:
        """A row for each code on each segment; a segment without a code has one row."""
        return Table(SEGMENT_COLUMNS, tuple(self._rows(self._passing())), "segments")

    def guide(self) -> Table:
        """The same for the passages that answer the guide's questions; the code is the question."""
        return Table(SEGMENT_COLUMNS, tuple(self._rows(self._layers("guide"))), "guide")

    def _rows(self, layers: Iterable[Layer]) -> Iterator[tuple[Cell, ...]]:
        for layer in layers:
            text = self.study.transcripts[layer.header.transcript]
            for segment in layer.segments:
                yield from self._segment(text, layer.header, segment)
            if layer.header.done and not layer.segments:
                yield self._empty(layer)

    def _empty(self, layer: Layer) -> tuple[Cell, ...]:
        """A transcript that was read to the end with nothing to code in it is a finding, too."""
        head, text = layer.header, self.study.transcripts[layer.header.transcript]
        where = (text.id, "; ".join(text.participants), None, "", head.coder, head.kind, head.done)
        return (*where, "", None, None, *[""] * 12, head.codebook, head.round, "")

    def _segment(self, text: Transcript, head: LayerHeader, segment: Segment) -> Iterator[tuple[Cell, ...]]:
        where = (*self._speaking(text, segment), head.coder, head.kind, head.done)
        place = (segment.id, segment.start, segment.end)
        extra = _own(segment.extra) if segment.extra else ""  # this is done a million times in a large study
        state = (segment.checked, "yes" if segment.unanchored else "", head.codebook, head.round, extra)
        words = (*self._words(text, segment), segment.memo, segment.at, *state)
        unsure = "yes" if segment.unsure else ""
        for use in segment.codes or (None,):
            named = self._uses.get((use, head.kind))
            if named is None:
                named = self._uses[use, head.kind] = self._use(use, head.kind)
            yield (text.id, *where, *place, *named, unsure, *words)

    def _use(self, use: str | CodeUse | None, kind: str) -> tuple[str, str, str, str]:
        """A code with its label, path and mode; nothing of each where a segment has no code."""
        if use is None:
            return "", "", "", ""
        full = CodeUse(use) if isinstance(use, str) else use
        return full.code, *self._named(full.code, kind), full.mode

    def _named(self, code: str, kind: str) -> tuple[str, str]:
        """Label and path of a code, or what a question of the guide asks."""
        if kind == "guide":
            return next((question.ask for question in self.study.settings.guide if question.id == code), ""), ""
        found = self.study.codebook.codes.get(code)
        return (found.label, self.study.codebook.code_path(code)) if found is not None else ("", "")

    def _speaking(self, text: Transcript, segment: Segment) -> tuple[Cell, ...]:
        """Participants, the number of the first turn (from 1), and the labels of those who speak."""
        if segment.start is None or segment.end is None:
            return ("; ".join(text.participants), None, "")
        heard, turn, known = self._heard
        if heard is text and turn is not None and turn.start <= segment.start < segment.end <= turn.end:
            return known  # most segments stand in the turn of the one before
        turns = tuple(text.turns_over(segment.start, segment.end))
        people = dict.fromkeys(person for turn in turns if (person := text.speaker(turn).participant))
        labels = dict.fromkeys(turn.label for turn in turns)
        known = ("; ".join(people), turns[0].index + 1 if turns else None, "; ".join(labels))
        self._heard = (text, turns[0] if len(turns) == 1 else None, known)
        return known

    def _words(self, text: Transcript, segment: Segment) -> tuple[str, str, str]:
        if segment.start is None or segment.end is None:
            return "", "", ""
        if self._refused and not self.consent.quotes_segment(text, segment):
            return WITHHELD, "", ""
        if segment.unanchored:
            return segment.quote, "", ""
        return (
            text.text[segment.start : segment.end],
            self._near(text, max(0, segment.start - CONTEXT), segment.start),
            self._near(text, segment.end, segment.end + CONTEXT),
        )

    def _near(self, text: Transcript, start: int, end: int) -> str:
        """Words beside a passage, which may be another speaker's, who may not agree to be quoted."""
        told = not self._refused or self.consent.quotes(text, start, end)
        return text.text[start:end].strip() if told else ""

    def relations(self) -> Table:
        """A row for each relation."""
        headers = (
            *("transcript", "participant", "coder", "relation", "from", "from_code", "to", "to_code", "type", "guard"),
            *("mode", "stated", "cue", "memo", "at", "kind", "cue_start", "cue_end", "unanchored", "extra"),
        )
        rows = [self._relation(layer, relation) for layer in self._passed.related for relation in layer.relations]
        return Table(headers, tuple(rows), "relations")

    def _relation(self, layer: Layer, relation: Relation) -> tuple[Cell, ...]:
        text = self.study.transcripts[layer.header.transcript]
        source = layer.by_id.get(relation.source)
        people = self._speaking(text, source)[0] if source is not None else ""
        start, end = relation.cue or (0, 0)
        cue = text.text[start:end] if self.consent.quotes(text, start, end) else WITHHELD
        ends = (relation.source, relation.source_code, relation.target, relation.target_code)
        stated = "yes" if relation.cue else "no"
        meaning = (relation.type, relation.guard, relation.mode, stated, cue, relation.memo, relation.at)
        place = relation.cue or (None, None)
        state = (layer.header.kind, *place, _yes(relation.unanchored), _own(relation.extra))
        return (text.id, people, layer.header.coder, relation.id, *ends, *meaning, *state)

    def codebook(self) -> Table:
        """A row for each code, in the order of the book, with how often it was used."""
        passed = self._passed
        used = {code: passed.transcripts(code) for code in passed.segments}
        return codebook_table(self.study.codebook, passed.segments, used)

    def segments_of_codes(self) -> dict[str, int]:
        """How many segments carry each code."""
        return self._passed.segments

    def transcripts(self) -> Table:
        """A row for each transcript that may be shared."""
        headers = (
            "transcript",
            "participants",
            "date",
            "lang",
            "guide_version",
            "pilot",
            "turns",
            "characters",
            "coders",
        )
        rows = []
        for id_ in self.study.transcripts:
            text = self.study.transcripts[id_]
            if self.consent.shares(text):
                info = text.info
                coders = "; ".join(self._passed.coders.get(id_, ()))
                facts = (info.date, info.lang, info.guide_version, "yes" if info.pilot else "")
                rows.append((id_, "; ".join(text.participants), *facts, len(text.turns), len(text.text), coders))
        return Table(headers, tuple(rows), "transcripts")

    def participants(self) -> Table:
        """A row for each participant, a column for each attribute."""
        people = [p for p in self.study.settings.participants.values() if self.consent.shares_person(p.id)]
        keys = list(dict.fromkeys(key for person in people for key in person.attributes))
        rows = [
            (
                person.id,
                *(_cell(person.attributes.get(key)) for key in keys),
                _answer(person.consent_quote),
                _answer(person.consent_share),
            )
            for person in people
        ]
        return Table(("participant", *keys, "consent_quote", "consent_share"), tuple(rows), "participants")

    def charts(self) -> Table:
        """A row for each cell of the framework matrix."""
        cells = [cell for cell in load_charts(self.study.root)[0] if self.consent.shares_person(cell.row)]
        rows = [(cell.row, cell.column, cell.summary, "; ".join(cell.segments)) for cell in cells]
        return Table(("participant", "theme", "summary", "segments"), tuple(rows), "charts")

    def memos(self) -> Table:
        """A row for each memo; one about what is not shared stays here."""
        rows = [
            (memo.path, "; ".join(memo.about), memo.author, memo.date, memo.type, memo.title, memo.body)
            for memo in self._memos
            if self._may_tell(memo.about)
        ]
        return Table(("memo", "about", "author", "date", "type", "title", "text"), tuple(rows), "memos")

    @cached_property
    def _memos(self) -> Sequence[Memo]:
        return load_memos(self.study.root)[0]

    def _asked(self) -> frozenset[str]:
        """The segments that memos are about, where a memo stays here if its segment does."""
        if not self.consent.withheld:
            return frozenset()
        parts = (reference.partition(":") for memo in self._memos for reference in memo.about)
        return frozenset(name for kind, _, name in parts if kind == "segment")

    def _may_tell(self, about: Iterable[str]) -> bool:
        for reference in about:
            kind, _, name = reference.partition(":")
            text = self.study.transcripts.get(name) if kind == "transcript" else None
            if text is not None and not self.consent.shares(text):
                return False
            if kind == "participant" and not self.consent.shares_person(name):
                return False
            if kind == "segment" and self.consent.withheld and name not in self._passed.there:
                return False
        return True


def codebook_table(book: Codebook, segments: Mapping[str, int], transcripts: Mapping[str, int]) -> Table:
    """A row for each code of a book; how many segments have it, in how many transcripts."""
    headers = (
        *("code", "path", "parent", "label", "definition", "include", "exclude", "examples", "origin", "codable"),
        *("color", "groups", "memo", "segments", "transcripts", "description"),
    )
    rows = []
    for code in book.codes.values():
        groups = "; ".join(group.id for group in book.groups.values() if code.id in group.codes)
        words = (code.label, code.definition, code.include, code.exclude, "\n".join(code.examples), code.origin)
        rest = ("yes" if code.codable else "no", code.color, groups, code.memo)
        counts = (segments.get(code.id, 0), transcripts.get(code.id, 0))
        told = description_of(code)  # all of it in one cell, for Taguette
        rows.append((code.id, book.code_path(code.id), code.parent or "", *words, *rest, *counts, told))
    return Table(headers, tuple(rows), "codebook")


def _yes(value: bool) -> str:
    return "yes" if value else ""


def _own(extra: Mapping[str, Any]) -> str:
    """Keys of somebody's own, as JSON in one cell."""
    return json.dumps(dict(extra), ensure_ascii=False, sort_keys=True) if extra else ""


def _answer(consent: bool | None) -> str:
    return "" if consent is None else "yes" if consent else "no"


def _cell(value: object) -> Cell:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return "; ".join(str(item) for item in value)
    return value if isinstance(value, (str, int, float)) or value is None else str(value)
