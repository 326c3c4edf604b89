"""A study as tables: segments, relations, codebook, transcripts, participants, charts, memos."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from postil_codebook.types import Codebook
from postil_model.consent import WITHHELD, Consent
from postil_model.exchange.code_words import description_of
from postil_model.exchange.outgoing import ExportWishes
from postil_model.free_words import free_words
from postil_model.tables import Cell, Table
from postil_transcripts.blind import hidden_layers
from postil_transcripts.charts import load_charts
from postil_transcripts.memos import load_memos
from postil_transcripts.study import Study
from postil_transcripts.types import Layer, Relation, Segment, Transcript

CONTEXT = 120
SEGMENT_COLUMNS = (
    *("transcript", "participant", "turn", "speaker", "coder", "kind", "done", "segment", "start", "end"),
    *("code", "code_label", "code_path", "mode", "unsure", "quote", "before", "after", "memo", "at"),
    *("checked", "unanchored", "codebook", "round", "extra"),
)


class StudyTables:
    """The tables of one study, with consent and blind rounds obeyed."""

    def __init__(self, study: Study, wishes: ExportWishes | None = None) -> None:
        self.study, self.wishes = study, wishes or ExportWishes()
        self.consent = Consent(study, self.wishes.everything)
        self.notes = tuple(str(remark) for remark in self.consent.remarks(study))
        hidden = hidden_layers(study.rounds.values(), self.wishes.me)
        self.layers = [layer for layer in study.layers() if self._goes(layer, hidden)]

    def _goes(self, layer: Layer, hidden: Mapping[tuple[str, str], str]) -> bool:
        coder, transcript = layer.header.coder, layer.header.transcript
        text = self.study.transcripts.get(transcript)
        wanted = not self.wishes.coders or coder in self.wishes.coders or layer.header.kind == "guide"
        return wanted and (coder, transcript) not in hidden and text is not None and self.consent.shares(text)

    def told_codebook(self) -> Codebook:
        """The codebook as it may be handed on."""
        return free_words(self.study, self.consent.not_quoted).codebook(self.study.codebook)

    def all(self) -> dict[str, Table]:
        """All tables by name."""
        makers: dict[str, Callable[[], Table]] = {
            "segments": self.segments,
            "relations": self.relations,
            "guide": self.guide,
            "codebook": self.codebook,
            "transcripts": self.transcripts,
            "participants": self.participants,
            "charts": self.charts,
            "memos": self.memos,
        }
        free = free_words(self.study, self.consent.not_quoted)
        made = {name: free.table(make()) for name, make in makers.items()}
        self.notes = (*self.notes, *map(str, free.remarks()))
        return made

    def segments(self) -> Table:
        """A row for each code on each segment; a segment without a code has one row."""
        return Table(SEGMENT_COLUMNS, tuple(self._rows(self.layers)), "segments")

    def guide(self) -> Table:
        """The same for the passages that answer the guide's questions; the code is the question."""
        layers = [layer for layer in self.study.layers("guide") if self._goes(layer, {})]
        return Table(SEGMENT_COLUMNS, tuple(self._rows(layers)), "guide")

    def _rows(self, layers: Iterable[Layer]) -> Iterator[tuple[Cell, ...]]:
        for layer in layers:
            for segment in layer.segments:
                yield from self._segment(layer, segment)
            if layer.header.done and not layer.segments:
                yield self._empty(layer)

    def _empty(self, layer: Layer) -> tuple[Cell, ...]:
        """A transcript that was read to the end with nothing to code in it is a finding, too."""
        head, text = layer.header, self.study.transcripts[layer.header.transcript]
        where = (text.id, "; ".join(text.participants), None, "", head.coder, head.kind, head.done)
        return (*where, "", None, None, *[""] * 12, head.codebook, head.round, "")

    def _segment(self, layer: Layer, segment: Segment) -> Iterator[tuple[Cell, ...]]:
        text = self.study.transcripts[layer.header.transcript]
        head = layer.header
        where = (*self._speaking(text, segment), head.coder, head.kind, head.done)
        place = (segment.id, segment.start, segment.end)
        state = (segment.checked, _yes(segment.unanchored), head.codebook, head.round, _own(segment.extra))
        words = (*self._words(text, segment), segment.memo, segment.at, *state)
        uses: list[tuple[str, str]] = [(use.code, use.mode) for use in segment.uses]
        for code, mode in uses or [("", "")]:
            yield (text.id, *where, *place, code, *self._named(code, head.kind), mode, _yes(segment.unsure), *words)

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
        turns = list(text.turns_over(segment.start, segment.end))
        people = dict.fromkeys(person for turn in turns if (person := text.speaker(turn).participant))
        return (
            "; ".join(people),
            turns[0].index + 1 if turns else None,
            "; ".join(dict.fromkeys(t.label for t in turns)),
        )

    def _words(self, text: Transcript, segment: Segment) -> tuple[str, str, str]:
        if segment.start is None or segment.end is None:
            return "", "", ""
        if not self.consent.quotes_segment(text, segment):
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
        return text.text[start:end].strip() if self.consent.quotes(text, start, end) else ""

    def relations(self) -> Table:
        """A row for each relation."""
        headers = (
            *("transcript", "participant", "coder", "relation", "from", "from_code", "to", "to_code", "type", "guard"),
            *("mode", "stated", "cue", "memo", "at", "kind", "cue_start", "cue_end", "unanchored", "extra"),
        )
        rows = [self._relation(layer, relation) for layer in self.layers for relation in layer.relations]
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
        segments, transcripts = self._use()
        return codebook_table(self.study.codebook, segments, {code: len(used) for code, used in transcripts.items()})

    def segments_of_codes(self) -> dict[str, int]:
        """How many segments carry each code."""
        return self._use()[0]

    def _use(self) -> tuple[dict[str, int], dict[str, set[str]]]:
        segments: dict[str, int] = {}
        transcripts: dict[str, set[str]] = {}
        for layer in self.layers:
            for segment in layer.segments:
                for code in dict.fromkeys(segment.code_ids):
                    segments[code] = segments.get(code, 0) + 1
                    transcripts.setdefault(code, set()).add(layer.header.transcript)
        return segments, transcripts

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
                coders = "; ".join(layer.header.coder for layer in self.layers if layer.header.transcript == id_)
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
            for memo in load_memos(self.study.root)[0]
            if self._may_tell(memo.about)
        ]
        return Table(("memo", "about", "author", "date", "type", "title", "text"), tuple(rows), "memos")

    def _may_tell(self, about: Iterable[str]) -> bool:
        for reference in about:
            kind, _, name = reference.partition(":")
            text = self.study.transcripts.get(name) if kind == "transcript" else None
            if text is not None and not self.consent.shares(text):
                return False
            if kind == "participant" and not self.consent.shares_person(name):
                return False
            if kind == "segment" and self.consent.withheld and not any(name in layer.by_id for layer in self.layers):
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
