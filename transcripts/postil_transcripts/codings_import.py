"""Planning an import of codings: every row finds its words in a transcript, or is reported; nothing is written.

`codings_writing.apply_codings` writes a plan in one transaction. Reading the same file again changes nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from postil_base.clock import Clock, system_clock, utc_now
from postil_base.ids import is_name, suggest_name
from postil_base.problem import PostilError
from postil_codebook.types import Codebook
from postil_transcripts.codings_codes import CodeNames
from postil_transcripts.codings_folder import GUIDE_FOLDER
from postil_transcripts.codings_records import LayerBuilder, TakenIds
from postil_transcripts.codings_rows import CodingRow, CodingsTable, LayerFacts, RelationRow
from postil_transcripts.layers import with_header
from postil_transcripts.manifest import speakers_of
from postil_transcripts.quote_search import QuoteIndex, resolved_by_order
from postil_transcripts.store import start_layer
from postil_transcripts.study import Study
from postil_transcripts.types import Layer, Transcript
from postil_transcripts.units import Span

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
GIVEN = "by its position"
WHOLE = "whole transcript"
UNANCHORED = "unanchored, as it was"
ANYWHERE = "any transcript"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that could not be placed (or not wholly), and why."""

    file: str
    row: int
    id: str
    message: str
    places: tuple[Span, ...] = ()
    lost: bool = True  # False: the row was taken in, but not wholly as it is in the file


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """A layer before and after the import."""

    before: Layer
    after: Layer


@dataclass(frozen=True)
class CodingsPlan:
    """What an import of codings will do."""

    layers: tuple[LayerPlan, ...]
    problems: tuple[RowProblem, ...]
    unknown_codes: Mapping[str, int]
    new_coders: Mapping[str, str]  # id → name
    segments: int  # rows of segments in the files
    relations: int
    placed: int  # rows of segments that have their words
    joined: int  # rows of relations that have their two segments
    added: int  # records that are new in the study
    how: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass
class _Row:
    """A row on its way to its place."""

    file: str
    row: CodingRow
    transcript: Transcript
    places: tuple[Span, ...] = ()
    how: str = ""


def plan_codings(
    study: Study,
    tables: Iterable[CodingsTable],
    done: str = "",
    codebook: Codebook | None = None,
    clock: Clock = system_clock,
) -> CodingsPlan:
    """Work out where every row belongs. ``done`` is the date on which the layers count as finished.

    ``codebook`` is the book as it will be, when codes are added to it along with the codings.
    """
    return _Planner(study, codebook or study.codebook, done, utc_now(clock)).plan(list(tables))


class _Planner:
    def __init__(self, study: Study, codebook: Codebook, done: str, now: str) -> None:
        self.study, self.done, self.now = study, done, now
        self.codes = CodeNames(codebook)
        self.coders: dict[str, str] = {}
        self.problems: list[RowProblem] = []
        self.how: Counter[str] = Counter()
        self.elsewhere: set[str] = set()  # names that are no transcript's
        self.joined = 0
        self.taken = TakenIds(study)
        self.builders: dict[tuple[str, str], LayerBuilder] = {}
        self.indexes: dict[str, QuoteIndex] = {}

    def plan(self, tables: Sequence[CodingsTable]) -> CodingsPlan:
        """Segments of all files first, so that relations find them."""
        rows = [row for table in tables for row in self._found(table)]
        for group in _grouped(rows):
            self._place(group)
        for table in tables:
            for relation in table.relations:
                self._relate(table.name, relation)
        return CodingsPlan(
            layers=tuple(self._finished(builder) for builder in self.builders.values() if builder.says),
            problems=tuple(sorted(self.problems, key=lambda problem: (problem.file, problem.row))),
            unknown_codes=dict(self.codes.unknown),
            new_coders={id_: name for id_, name in self.coders.items() if id_ not in self.study.settings.coders},
            segments=sum(len(table.segments) for table in tables),
            relations=sum(len(table.relations) for table in tables),
            placed=sum(self.how.values()),
            joined=self.joined,
            added=sum(builder.added for builder in self.builders.values()),
            how=dict(self.how),
            warnings=tuple(f"{table.name}: {warning}" for table in tables for warning in table.warnings),
        )

    def _finished(self, builder: LayerBuilder) -> LayerPlan:
        layer = builder.layer()
        after = with_header(layer, done=self.done) if self.done and not layer.header.done else layer
        return LayerPlan(builder.before, after)

    def _problem(
        self, file: str, row: CodingRow | RelationRow, message: str, places: tuple[Span, ...] = (), *, lost: bool = True
    ) -> None:
        self.problems.append(RowProblem(file, row.row, row.id, message, places, lost))

    def _found(self, table: CodingsTable) -> Iterator[_Row]:
        """Rows with their transcript and all places where their words stand."""
        for row in table.segments:
            candidates, said = self._candidates(row.transcript, row.participant)
            if row.is_layer and len(candidates) == 1:
                self._builder(row.coder, candidates[0], row.layer)
                continue
            if said == ANYWHERE and not row.quote and (row.transcript or row.participant):
                message = f"there is no transcript {row.transcript or row.participant!r}, and no quote to look up"
                self._problem(table.name, row, message)
                continue
            held = [made for made in (self._search(table.name, row, t) for t in candidates) if made is not None]
            if len(held) == 1:
                self._told_elsewhere(table.name, row, said, held[0].transcript.id)
                yield held[0]
            elif held:
                names = ", ".join(made.transcript.id for made in held)
                self._problem(table.name, row, f"the words stand in several transcripts ({names}); say which")
            else:
                self._problem(table.name, row, _not_there(row, said))

    def _told_elsewhere(self, file: str, row: CodingRow, said: str, transcript: str) -> None:
        """A name that is no transcript's is said once; its words were found all the same."""
        name = row.transcript or row.participant
        if said == ANYWHERE and name and name not in self.elsewhere:
            self.elsewhere.add(name)
            self._problem(file, row, f"there is no transcript {name!r}; the words stand in {transcript}", lost=False)

    def _candidates(self, transcript: str, participant: str) -> tuple[list[Transcript], str]:
        """The transcripts a row may mean: by id, by the file it came from, by participant, else all."""
        texts = self.study.transcripts
        names = [name for name in (transcript, participant) if name]
        for name in names:
            if name in texts:
                return [texts[name]], f"transcript {name}"
        for name in names:
            found = self._by_file(name) or self._by_person(name)
            if found:
                return [texts[id_] for id_ in found], f"the transcripts of {name}"
        return list(texts.values()), ANYWHERE

    def _by_file(self, name: str) -> list[str]:
        """Transcripts whose id differs in capitals only, or that were imported from a file of that name."""
        folded, infos = name.casefold(), self.study.infos
        sources = {id_: infos[id_].source if id_ in infos else "" for id_ in self.study.transcripts}
        return [id_ for id_, source in sources.items() if folded in _names(id_, source)]

    def _by_person(self, name: str) -> list[str]:
        return [id_ for id_ in speakers_of(self.study.infos).get(name, ()) if id_ in self.study.transcripts]

    def _search(self, file: str, row: CodingRow, transcript: Transcript) -> _Row | None:
        if not row.quote and row.start is None:
            return _Row(file, row, transcript, (), WHOLE)
        length = len(transcript.text)
        if row.start is not None and row.end is not None and 0 <= row.start < row.end <= length:
            words = transcript.text[row.start : row.end]
            if not row.quote or words.strip() == row.quote.strip():
                return _Row(file, row, transcript, ((row.start, row.end),), GIVEN)
        if not row.quote:
            return None
        if row.unanchored and row.start is not None and row.end is not None and row.start < row.end:
            return _Row(file, row, transcript, ((row.start, row.end),), UNANCHORED)
        index = self.indexes.setdefault(transcript.id, QuoteIndex(transcript.text))
        found = index.find(row.quote)
        places = _in_context(transcript.text, found.places, row)
        return _Row(file, row, transcript, places, found.how) if places else None

    def _place(self, group: Sequence[_Row]) -> None:
        """Place the rows of one coder in one transcript; the order of the rows settles what occurs twice."""
        chosen = resolved_by_order([made.places for made in group])
        for made, place in zip(group, chosen, strict=True):
            span = place or _only_in_answers(made)
            if span is None and made.how != WHOLE:
                listed = ", ".join(f"{a}-{b}" for a, b in made.places[:10])
                message = (
                    f"the words stand {len(made.places)} times in {made.transcript.id} ({listed}); say start and end"
                )
                self._problem(made.file, made.row, message, made.places)
            else:
                self._add(made, span)

    def _add(self, made: _Row, span: Span | None) -> None:
        builder = self._builder(made.row.coder, made.transcript, made.row.layer)
        guide = made.row.layer.kind == "guide"  # its codes are questions
        uses = [(name if guide else self.codes.find(name), mode) for name, mode in made.row.codes]
        known = [(code, mode) for code, mode in uses if code is not None]
        complaint = builder.segment(made.row, span, known)
        self.how[made.how] += 1
        if complaint:
            self._problem(made.file, made.row, complaint, lost=False)

    def _builder(self, coder: str, transcript: Transcript, facts: LayerFacts) -> LayerBuilder:
        id_ = GUIDE_FOLDER if facts.kind == "guide" else self._coder(coder)
        key = (id_, transcript.id)
        if key not in self.builders:
            layer = start_layer(self.study, id_, transcript.id)
            if layer.header.text_sha256 not in ("", transcript.text_sha256):
                raise PostilError(
                    f"{layer.path} was made on another text of {transcript.id}; open the study in Postil so that its "
                    "segments find their words again, then import."
                )
            if facts.ours and self.study.layer(id_, transcript.id) is None:
                layer = self._as_told(layer, facts)
            self.builders[key] = LayerBuilder(layer, transcript, self.taken, self.now)
        return self.builders[key]

    def _as_told(self, layer: Layer, facts: LayerFacts) -> Layer:
        """A new layer as the file says it was: its kind, its round, when it was finished."""
        done = facts.done if _DATE.fullmatch(facts.done) else ""
        round_id = facts.round if facts.round in self.study.rounds else layer.header.round
        return with_header(layer, kind=facts.kind, codebook=facts.codebook, done=done, round=round_id)

    def _coder(self, coder: str) -> str:
        names = {entry.name.casefold(): id_ for id_, entry in self.study.settings.coders.items() if entry.name}
        id_ = names.get(coder.casefold()) or (coder if is_name(coder) else suggest_name(coder))
        if not is_name(id_):
            raise PostilError(f"{coder!r} cannot be a coder's id; say who it is with --coder.")
        self.coders.setdefault(id_, coder if coder != id_ else "")
        return id_

    def _relate(self, file: str, row: RelationRow) -> None:
        """Find the layer that holds both ends."""
        candidates, said = self._candidates(row.transcript, row.participant)
        for transcript in candidates:
            builder = self._builder(row.coder, transcript, row.layer)
            ends = builder.find(row.source), builder.find(row.target)
            if ends[0] is not None and ends[1] is not None:
                codes = [self.codes.find(name) if name else "" for name in (row.source_code, row.target_code)]
                if None not in codes:
                    complaint = builder.relation(row, ends[0], ends[1], (codes[0] or "", codes[1] or ""))
                    lost = complaint.startswith("!")
                    self.joined += not lost
                    if complaint:
                        self._problem(file, row, complaint.removeprefix("!"), lost=lost)
                return
        self._problem(file, row, f"no coding of {row.coder} in {said} has both segments {row.source} and {row.target}")


def _in_context(text: str, places: tuple[Span, ...], row: CodingRow) -> tuple[Span, ...]:
    """Of several places those between what the row says stands before and behind; all if none is there."""
    if len(places) < 2 or not (row.prefix or row.suffix):
        return places
    before, behind = " ".join(row.prefix.split()), " ".join(row.suffix.split())
    room = 2 * max(len(row.prefix), len(row.suffix)) + 20

    def fits(span: Span) -> bool:
        left = " ".join(text[max(0, span[0] - room) : span[0]].split())
        right = " ".join(text[span[1] : span[1] + room].split())
        return left.endswith(before) and right.startswith(behind)

    return tuple(filter(fits, places)) or places


def _grouped(rows: Iterable[_Row]) -> list[list[_Row]]:
    groups: dict[tuple[str, str], list[_Row]] = {}
    for made in rows:
        groups.setdefault((made.row.coder, made.transcript.id), []).append(made)
    return list(groups.values())


def _only_in_answers(made: _Row) -> Span | None:
    """The one place among several that lies in a participant's words."""
    spans = [
        span
        for span in made.places
        if any(made.transcript.speaker(turn).role == "participant" for turn in made.transcript.turns_over(*span))
    ]
    return spans[0] if len(spans) == 1 else None


def _names(transcript: str, source: str) -> set[str]:
    """What a transcript may be called in another program: its id, its file, its file without the suffix."""
    file = source.rsplit("/", 1)[-1].casefold()
    return {transcript.casefold(), file, file.rsplit(".", 1)[0]} - {""}


def _not_there(row: CodingRow, said: str) -> str:
    if row.quote:
        return f"the words are not in {said}: {_short(row.quote)}"
    return f"the place {row.start}-{'?' if row.end is None else row.end} is not in {said}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"
