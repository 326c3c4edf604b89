"""Planning an import of codings: every row finds its words in a transcript, or is reported; nothing is written.

`codings_writing.apply_codings` writes a plan in one transaction. Reading the same file again changes nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from postil_base.clock import Clock, system_clock, utc_now
from postil_base.ids import is_name, suggest_name
from postil_base.plural import counted, subject
from postil_base.problem import PostilError
from postil_codebook.values import Codebook
from postil_formats.codings.codes import CodeNames
from postil_formats.codings.doubtful import question_about, without_doubt
from postil_formats.codings.places import (
    in_context,
    not_there,
    only_in_answers,
    transcript_names,
    without_label,
    without_number,
)
from postil_formats.codings.planned import CodingsPlan, LayerPlan, RowProblem
from postil_formats.codings.records import LayerBuilder, TakenIds
from postil_formats.codings.sources.headings import LEAVE
from postil_formats.codings.sources.rows import CodingRow, CodingsTable, LayerFacts, RelationRow, mode_of, split_codes
from postil_study.anchoring.quote_omissions import find_quote
from postil_study.anchoring.quote_search import QuoteIndex, resolved_by_order
from postil_study.files.codings import GUIDE_FOLDER
from postil_study.files.manifest import speakers_of
from postil_study.files.settings import CONSENSUS
from postil_study.layers.store import start_layer
from postil_study.layers.values import with_header
from postil_study.study import Study
from postil_study.text.units import Span
from postil_study.text.values import Layer, Mode, Transcript

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
GIVEN = "by its position"
WHOLE = "whole transcript"
UNANCHORED = "unanchored, as it was"
ANYWHERE = "any transcript"


@dataclass
class _PlannedRow:
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
    *,
    commas: str = "",
    meanings: Mapping[str, str] | None = None,
) -> CodingsPlan:
    """Work out where every row belongs. ``done`` is the date on which the layers count as finished.

    ``codebook`` is the book as it will be, when codes are added to it along with the codings. ``commas``: what a comma
    between codes means, ``meanings``: what names stand for, see `CodeNames`. A name that can be read in two ways is a
    question as long as the study's own codebook has no code of that very name.
    """
    codes = CodeNames(codebook or study.codebook, commas, meanings)
    return _CodingsPlanner(study, codes, done, utc_now(clock)).plan(list(tables))


class _CodingsPlanner:
    def __init__(self, study: Study, codes: CodeNames, done: str, now: str) -> None:
        self.study, self.codes, self.done, self.now = study, codes, done, now
        self.coders: dict[str, str] = {}
        self.problems: list[RowProblem] = []
        self.questions: list[RowProblem] = []
        self.incomplete: Counter[tuple[str, str]] = Counter()  # coder, transcript → rows that found no place
        self.nobodys: Counter[tuple[str, str, str]] = Counter()  # coder, transcript, label
        self.unsure = False  # whether a code of the row at hand has a question mark behind it
        self.left_out = False  # whether the person said of a code of the row that it is none
        self.doubted: list[int] = []  # rows with a question mark
        self.how: Counter[str] = Counter()
        self.elsewhere: set[str] = set()  # names that are no transcript's
        self.joined = 0
        self.taken = TakenIds(study)
        self.builders: dict[tuple[str, str], LayerBuilder] = {}
        self.indexes: dict[str, QuoteIndex] = {}

    def plan(self, tables: Sequence[CodingsTable]) -> CodingsPlan:
        """Segments of all files first, so that relations find them."""
        names = (code for table in tables for row in table.segments for code, _ in row.codes)
        self.codes.beside = frozenset(name.casefold() for name in names if not question_about(name, lambda _: False))
        rows = [row for table in tables for row in self._found(table)]
        for group in _grouped(rows):
            self._place(group)
        for table in tables:
            for relation in table.relations:
                self._relate(table.name, relation)
        layers = tuple(self._finished(builder) for builder in self.builders.values() if builder.says)
        return CodingsPlan(
            layers=layers,
            problems=tuple(sorted(self.problems, key=lambda problem: (problem.file, problem.row))),
            unknown_codes=dict(self.codes.unknown),
            new_coders={
                id_: name
                for id_, name in self.coders.items()
                if id_ not in self.study.settings.coders and id_ != CONSENSUS
            },
            segments=sum(len(table.segments) for table in tables),
            relations=sum(len(table.relations) for table in tables),
            placed=sum(self.how.values()),
            joined=self.joined,
            added=sum(builder.added for builder in self.builders.values()),
            how=dict(self.how),
            warnings=(*self._told(tables), *self._told_of_layers(layers)),
            hints={name: hint for name, hint in self.codes.hints.items() if name in self.codes.unknown},
            questions=tuple(self.questions),
        )

    def _told(self, tables: Sequence[CodingsTable]) -> Iterator[str]:
        yield from (f"{table.name}: {warning}" for table in tables for warning in table.warnings)
        if self.doubted:
            some = ", ".join(map(str, self.doubted[:5])) + (", …" if len(self.doubted) > 5 else "")
            yield (
                f"{subject(len(self.doubted), 'row', 'has')} a question mark behind a code ({some}): taken as unsure"
            )
        unmet = [name for name in self.codes.meanings if name not in self.codes.meant]
        if unmet:
            yield f"--code: no row names {unmet[0]!r}"

    def _told_of_layers(self, layers: Sequence[LayerPlan]) -> Iterator[str]:
        """Layers that are not finished although that was asked for, and codings that count for nobody."""
        for layer in layers:
            head = layer.after.header
            rows = self.incomplete[head.coder, head.transcript]
            if rows and not head.done and self.done:
                yield (
                    f"{head.coder}'s layer of {head.transcript} is not marked as finished: {rows} "
                    f"row{'' if rows == 1 else 's'} that may belong to it found no place"
                )
        for (coder, transcript, label), number in self.nobodys.items():
            whose = f"words of {label!r}, whose role is `other`" if label else "words that no label stands before"
            yield (
                f"{number} coding{'' if number == 1 else 's'} of {coder} in {transcript} on {whose}: nothing counts "
                "them. Say who speaks in transcripts/transcripts.yaml."
            )

    def _finished(self, builder: LayerBuilder) -> LayerPlan:
        """The layer; it is marked as finished only if every row found its place."""
        layer = builder.layer()
        key = (layer.header.coder, layer.header.transcript)
        there = self.study.layer(*key)
        if self.incomplete[key] and (there is None or not there.header.done):
            return LayerPlan(builder.before, with_header(layer, done=""))
        after = with_header(layer, done=self.done) if self.done and not layer.header.done else layer
        return LayerPlan(builder.before, after)

    def _problem(
        self, file: str, row: CodingRow | RelationRow, message: str, places: tuple[Span, ...] = (), *, lost: bool = True
    ) -> None:
        self.problems.append(RowProblem(file, row.row, row.id, message, places, lost))
        if lost:
            for transcript in self._candidates(row.transcript, row.participant)[0]:
                self.incomplete[self._coder_id(row.coder), transcript.id] += 1

    def _found(self, table: CodingsTable) -> Iterator[_PlannedRow]:
        """Rows with their transcript and all places where their words stand."""
        for row in table.segments:
            if row.unplaced:
                self._problem(table.name, row, row.unplaced)
                continue
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
                self._problem(table.name, row, not_there(row, said))

    def _told_elsewhere(self, file: str, row: CodingRow, said: str, transcript: str) -> None:
        """A name that is no transcript's is said once; its words were found all the same."""
        name = row.transcript or row.participant
        if said == ANYWHERE and name and name not in self.elsewhere:
            self.elsewhere.add(name)
            self._problem(file, row, f"there is no transcript {name!r}; the words stand in {transcript}", lost=False)

    def _candidates(self, transcript: str, participant: str) -> tuple[list[Transcript], str]:
        """The transcripts a row may mean: by id, by the file it came from, by participant, else all."""
        texts = self.study.transcripts
        names = [name for given in (transcript, participant) for name in (given, without_number(given)) if name]
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
        return [id_ for id_, source in sources.items() if folded in transcript_names(id_, source)]

    def _by_person(self, name: str) -> list[str]:
        return [id_ for id_ in speakers_of(self.study.infos).get(name, ()) if id_ in self.study.transcripts]

    def _search(self, file: str, row: CodingRow, transcript: Transcript) -> _PlannedRow | None:
        if not row.quote and row.start is None:
            return _PlannedRow(file, row, transcript, (), WHOLE)
        length = len(transcript.text)
        if row.start is not None and row.end is not None and 0 <= row.start < row.end <= length:
            words = transcript.text[row.start : row.end]
            if not row.quote or words.strip() == row.quote.strip():
                return _PlannedRow(file, row, transcript, ((row.start, row.end),), GIVEN)
        if not row.quote:
            return None
        if row.unanchored and row.start is not None and row.end is not None and row.start < row.end:
            return _PlannedRow(file, row, transcript, ((row.start, row.end),), UNANCHORED)
        index = self.indexes.setdefault(transcript.id, QuoteIndex(transcript.text))
        found = find_quote(index, row.quote)
        places = in_context(transcript.text, found.places, row)
        return _PlannedRow(file, row, transcript, places, found.how) if places else None

    def _place(self, group: Sequence[_PlannedRow]) -> None:
        """Place the rows of one coder in one transcript; the order of the rows settles what occurs twice."""
        chosen = resolved_by_order([made.places for made in group])
        for made, place in zip(group, chosen, strict=True):
            span = place or only_in_answers(made.transcript, made.places)
            if span is None and made.how != WHOLE:
                listed = ", ".join(f"{a}-{b}" for a, b in made.places[:10])
                message = (
                    f"the words stand {counted(len(made.places), 'time')} "
                    f"in {made.transcript.id} ({listed}); say start and end"
                )
                self._problem(made.file, made.row, message, made.places)
            else:
                self._add(made, span)

    def _add(self, made: _PlannedRow, span: Span | None) -> None:
        row = made.row
        uses = self._uses(made)
        if uses is None or (self.left_out and not (uses or row.memo)):
            return
        if self.unsure:
            row = replace(row, unsure=True)
            self.doubted.append(row.row)
        if span is not None and not row.layer.ours:
            span = without_label(made.transcript, span)
            self._count_nobodys(made, span)
        complaint = self._builder(row.coder, made.transcript, row.layer).segment(row, span, uses)
        self.how[made.how] += 1
        if complaint:
            self._problem(made.file, row, complaint, lost=False)

    def _uses(self, made: _PlannedRow) -> list[tuple[str, str]] | None:
        """The codes of a row with their modes; None if one of them can be read in two ways, or not at all."""
        if made.row.layer.kind == "guide":  # its codes are questions
            return list(made.row.codes)
        self.unsure = self.left_out = False
        named: list[tuple[str, str]] = []
        for name, mode in made.row.codes:
            pieces = self._pieces(made, name)
            if pieces is None:
                return None
            named += [(code, own or mode) for code, own in pieces]
        if (wrong := next((mode for _, mode in named if mode not in ("", *get_args(Mode))), "")) != "":
            self._problem(made.file, made.row, f"{wrong!r} is no mode; known are {', '.join(get_args(Mode))}")
            return None
        return [(code, mode) for name, mode in named if (code := self.codes.find(name)) is not None]

    def _pieces(self, made: _PlannedRow, name: str) -> list[tuple[str, str]] | None:
        """The codes that a name of the file stands for, with their own modes; None for a question, which is kept."""
        said = self.codes.said(name)
        if said is not None:
            self.left_out = self.left_out or said == LEAVE
            return [] if said == LEAVE else list(split_codes(said))
        pieces = (name,) if made.row.whole else self.codes.parts(name)
        asked = "" if pieces is not None else f"is {name!r} one code, or several that the comma separates?"
        found: list[tuple[str, str]] = []
        for piece in pieces or ():
            code, mode = mode_of(piece)
            sure = code if made.row.layer.ours else without_doubt(code, self.codes.calls)
            self.unsure = self.unsure or sure != code
            one = made.row.whole or bool(made.row.program)
            question = "" if made.row.layer.ours else question_about(sure, self.codes.calls, whole=one)
            asked = asked or question
            found.append((sure, mode))
        if not asked:
            return found
        self.questions.append(RowProblem(made.file, made.row.row, made.row.id, asked))
        return None

    def _count_nobodys(self, made: _PlannedRow, span: Span) -> None:
        turns = list(made.transcript.turns_over(*span))
        if all(made.transcript.speaker(turn).role == "other" for turn in turns):
            label = turns[0].label if turns else ""
            self.nobodys[self._coder_id(made.row.coder), made.transcript.id, label] += 1

    def _builder(self, coder: str, transcript: Transcript, facts: LayerFacts) -> LayerBuilder:
        id_ = GUIDE_FOLDER if facts.kind == "guide" else self._coder(coder)
        key = (id_, transcript.id)
        if key not in self.builders:
            layer = start_layer(self.study, id_, transcript.id)
            if layer.header.kind == "source" and not facts.ours:
                raise PostilError(
                    f"{layer.path} holds notes that came with the source, and {coder!r} cannot code there. Say whose "
                    "codings these are with --coder, or rename the coder in the file."
                )
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

    def _coder_id(self, coder: str) -> str:
        names = {entry.name.casefold(): id_ for id_, entry in self.study.settings.coders.items() if entry.name}
        return names.get(coder.casefold()) or (coder if is_name(coder) else suggest_name(coder))

    def _coder(self, coder: str) -> str:
        id_ = self._coder_id(coder)
        if not is_name(id_):
            raise PostilError(f"{coder!r} cannot be a coder's id; say who it is with --coder.")
        people = [name for name in re.split(r"\s*[;/+&]\s*|\s+(?:and|und|et|y)\s+", coder.strip()) if name]
        if len(people) > 1 and id_ not in self.study.settings.coders:
            raise PostilError(
                f"{coder!r} names {len(people)} coders. Give each of them a row; if they coded together, write "
                "`consensus` or name them as one with --coder. Nothing was written."
            )
        self.coders.setdefault(id_, coder if coder != id_ else "")
        return id_

    def _relate(self, file: str, row: RelationRow) -> None:
        """Find the layer that holds both ends."""
        if row.mode not in ("", *get_args(Mode)):
            self._problem(file, row, f"{row.mode!r} is no mode; known are {', '.join(get_args(Mode))}")
            return
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


def _grouped(rows: Iterable[_PlannedRow]) -> list[list[_PlannedRow]]:
    groups: dict[tuple[str, str], list[_PlannedRow]] = {}
    for made in rows:
        groups.setdefault((made.row.coder, made.transcript.id), []).append(made)
    return list(groups.values())


__all__ = ["CodingsPlan", "LayerPlan", "RowProblem", "plan_codings"]
