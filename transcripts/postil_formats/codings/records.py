"""Records of one layer in the making: rows become segments and relations, and what is there already stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast, get_args

import msgspec

from postil_base.ids import new_id
from postil_formats.codings.sources.rows import CodingRow, RelationRow
from postil_study.anchoring.quote_search import QuoteIndex
from postil_study.layers.values import make_layer, records
from postil_study.study import Study
from postil_study.text.units import Span
from postil_study.text.values import CodeUse, Layer, Mode, Relation, RelationMode, RelationType, Segment, Transcript

FILE_ID = "x-file-id"  # the id a record had in its file, when another record of the study has that id already


class TakenIds:
    """Ids of all records of the study, and the layer each is in."""

    def __init__(self, study: Study) -> None:
        self.layer_of: dict[str, str] = {}
        for layer in [*study.layers(), *study.layers("guide")]:
            for record in records(layer):
                self.layer_of.setdefault(record.id, layer.path)
            for id_ in layer.deleted:
                self.layer_of.setdefault(id_, layer.path)

    def take(self, wanted: str, path: str) -> str:
        """The id wanted, if no other layer has it; else a new one."""
        id_ = wanted if wanted and self.layer_of.get(wanted, path) == path else new_id(self.layer_of)
        self.layer_of[id_] = path
        return id_


class LayerBuilder:
    """A layer that grows row by row."""

    def __init__(self, before: Layer, transcript: Transcript, taken: TakenIds, now: str) -> None:
        self.before, self.transcript, self.taken, self.now = before, transcript, taken, now
        self.added = 0
        self._segments = {segment.id: segment for segment in before.segments}
        self._relations = {relation.id: relation for relation in before.relations}
        self._fresh: set[str] = set()  # made by this import: further rows may add codes to them
        self._on: dict[tuple[int | None, int | None], list[str]] = {}
        for segment in before.segments:
            self._on.setdefault((segment.start, segment.end), []).append(segment.id)
        self._by_file_id = {
            str(record.extra[FILE_ID]): record.id for record in records(before) if FILE_ID in record.extra
        }

    def layer(self) -> Layer:
        """The layer as it is now; the very one of before when nothing was added."""
        if not self.added:
            return self.before
        before = self.before
        return make_layer(before.header, self._segments.values(), self._relations.values(), before.deleted, before.path)

    @property
    def says(self) -> bool:
        """Whether the layer says anything: it has records, or somebody finished it without any."""
        return bool(self._segments or self._relations or self.before.header.done)

    def find(self, file_id: str) -> Segment | None:
        """The segment that has this id, here or in its file."""
        return self._segments.get(file_id) or self._segments.get(self._by_file_id.get(file_id, ""))

    def segment(self, row: CodingRow, span: Span | None, codes: Sequence[tuple[str, str]]) -> str:
        """Add a row's segment. Returns a complaint when the study has another record under its id."""
        if row.id in self.before.deleted:
            return "the segment was deleted in the study and stays so"
        made = self._segment(row, span, codes)
        there = self.find(row.id) if row.id else self._like(made)
        if there is None and row.id and self.taken.layer_of.get(row.id, self.before.path) != self.before.path:
            there = self._like(made)
        if there is None:
            self._new(row.id, made)
        elif there.id in self._fresh and (there.start, there.end) == (made.start, made.end):
            self._segments[there.id] = _with_codes(there, made)
        elif not _says_same(there, made) and not _is_part(made, there):
            return f"the study has another segment {there.id}, which stays as it is"
        return ""

    def _segment(self, row: CodingRow, span: Span | None, codes: Sequence[tuple[str, str]]) -> Segment:
        uses = tuple(CodeUse(code, cast(Mode, mode)) if mode in _OTHER_MODES else code for code, mode in codes)
        start, end = span or (None, None)
        quote = self.transcript.text[start:end] if span and not row.unanchored else row.quote if span else ""
        codes_ = tuple(dict.fromkeys(uses))
        at, extra = self._at(row), dict(row.extra)
        return Segment("", start, end, codes_, quote, row.memo, row.unsure, at, row.checked, row.unanchored, extra)

    def _at(self, row: CodingRow | RelationRow) -> str:
        return row.at or ("" if row.layer.ours else self.now)

    def _new(self, file_id: str, made: Segment) -> None:
        id_ = self.taken.take(file_id, self.before.path)
        other = {FILE_ID: file_id} if file_id and id_ != file_id else {}
        self._by_file_id.update({file_id: id_} if other else {})
        self._segments[id_] = msgspec.structs.replace(made, id=id_, extra={**made.extra, **other})
        self._fresh.add(id_)
        self._on.setdefault((made.start, made.end), []).append(id_)
        self.added += 1

    def _like(self, made: Segment) -> Segment | None:
        """A segment on the same words: of this import, or of the study with the same content."""
        for segment in (self._segments[id_] for id_ in self._on.get((made.start, made.end), ())):
            if _says_same(segment, made) or segment.id in self._fresh or set(made.codes) <= set(segment.codes):
                return segment
        return None

    def relation(self, row: RelationRow, source: Segment, target: Segment, codes: tuple[str, str]) -> str:
        """Add a row's relation; a complaint that starts with ``!`` means that it was not added."""
        if row.id in self.before.deleted:
            return "!the relation was deleted in the study and stays so"
        for segment, code in ((source, codes[0]), (target, codes[1])):
            if code and code not in segment.code_ids:
                return f"!the segment {segment.id} does not have the code {code}"
        cue, complaint = (row.cue_at, "") if self._is_there(row) else self._cue(row.cue, source, target)
        made = Relation(
            "",
            source.id,
            target.id,
            _type(row.type),
            *codes,
            guard=row.guard,
            cue=cue,
            memo=row.memo,
            mode=cast(RelationMode, row.mode) if row.mode in get_args(Mode) else "",
            at=self._at(row),
            unanchored=row.unanchored,
            extra=dict(row.extra),
        )
        return self._keep(row.id, made) or complaint

    def _keep(self, file_id: str, made: Relation) -> str:
        for relation in self._relations.values():
            if _is_same(relation, made):
                return ""
        if file_id in self._relations:
            return f"!the study has another relation {file_id}, which stays as it is"
        id_ = self.taken.take(file_id, self.before.path)
        self._relations[id_] = msgspec.structs.replace(made, id=id_)
        self.added += 1
        return ""

    def _is_there(self, row: RelationRow) -> bool:
        """Whether the cue stands where the row says; one whose words are gone stays unanchored, as it was."""
        if row.cue_at is None:
            return False
        start, end = row.cue_at
        said = (
            start < end and self.transcript.text[start:end].strip() == row.cue.strip() and self._is_answer(row.cue_at)
        )
        return said or row.unanchored

    def _cue(self, cue: str, source: Segment, target: Segment) -> tuple[Span | None, str]:
        """Where the words that state a relation stand: within or between its segments, as a participant's words."""
        if not cue:
            return None, ""
        if source.start is None or source.end is None or target.start is None or target.end is None:
            return None, "a relation of the whole transcript can have no cue; it was taken in as inferred"
        within = min(source.start, target.start), max(source.end, target.end)
        places = QuoteIndex(self.transcript.text[slice(*within)]).find(cue).places
        spans = [(a + within[0], b + within[0]) for a, b in places]
        said = [span for span in spans if self._is_answer(span)]
        if said:
            return min(said, key=lambda span: _distance(span, source, target)), ""
        where = "only in an interviewer's words" if spans else "not between its segments"
        return None, f"the cue {cue!r} is {where}; the relation was taken in without it, as inferred"

    def _is_answer(self, span: Span) -> bool:
        turns = list(self.transcript.turns_over(*span))
        return bool(turns) and all(self.transcript.speaker(turn).role == "participant" for turn in turns)


_OTHER_MODES = frozenset(get_args(Mode)) - {"affirm"}


def _type(text: str) -> RelationType:
    return cast(RelationType, text)


def _with_codes(there: Segment, made: Segment) -> Segment:
    """The segment with another row's codes and memo added: many programs write one row for each code."""
    memo = there.memo if made.memo in ("", there.memo) else "\n".join(filter(None, (there.memo, made.memo)))
    return msgspec.structs.replace(there, codes=tuple(dict.fromkeys((*there.codes, *made.codes))), memo=memo)


def _says_same(one: Segment, other: Segment) -> bool:
    same_place = (one.start, one.end, one.memo, one.unsure) == (other.start, other.end, other.memo, other.unsure)
    return same_place and set(one.codes) == set(other.codes)


def _is_part(made: Segment, there: Segment) -> bool:
    """Whether a row says one of the codes of a segment that is there, as it is there."""
    place = (made.start, made.end, made.memo, made.unsure)
    return place == (there.start, there.end, there.memo, there.unsure) and set(made.codes) <= set(there.codes)


def _is_same(one: Relation, other: Relation) -> bool:
    """Whether two relations say the same; one whose cue was lost is still the same."""
    return (one.source, one.source_code, one.target, one.target_code, one.type, one.guard, one.cue, one.mode) == (
        other.source,
        other.source_code,
        other.target,
        other.target_code,
        other.type,
        other.guard,
        other.cue,
        other.mode,
    )


def _distance(span: Span, source: Segment, target: Segment) -> tuple[int, int]:
    """Cues inside one of the two segments first, then by place."""
    inside = any(s.start is not None and s.end is not None and s.start <= span[0] < s.end for s in (source, target))
    return (not inside, span[0])
