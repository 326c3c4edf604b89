"""Checks of the records of one layer against its text and the codebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from postil_base.files.text import read_bytes
from postil_base.problem import Place, PostilError, Problem, Severity
from postil_base.yaml.fields import nearest
from postil_codebook.retired import retired_as
from postil_codebook.values import Codebook
from postil_study.anchoring.reanchor import Move, reanchor
from postil_study.files.codings import GUIDE_FOLDER
from postil_study.layers.file import LayerFile, read_layer_file
from postil_study.study import Study
from postil_study.text.values import Layer, Relation, Segment, Transcript


class LayerCheck:
    """One layer being checked. Its lines are looked up only when there is something to say."""

    def __init__(self, study: Study, layer: Layer, transcript: Transcript) -> None:
        self.study = study
        self.layer = layer
        self.transcript = transcript
        self.codebook: Codebook = study.codebook
        self.is_guide = layer.header.kind == "guide" or layer.path.split("/")[-2:-1] == [GUIDE_FOLDER]

    def problems(self) -> Iterator[Problem]:
        """Everything about the records of the layer."""
        yield from self._text_changed()
        odd = self._odd_codes()
        for segment in self.layer.segments:
            yield from self._anchor(segment)
            yield from self._nobodys(segment)
            if segment.codes in odd:
                yield from self._codes(segment)
        yield from self._exclusive()
        for relation in self.layer.relations:
            yield from self._relation(relation)

    @cached_property
    def _file(self) -> LayerFile:
        try:
            data = read_bytes(self.study.root / self.layer.path)
        except PostilError:
            data = b""
        return read_layer_file(data, self.layer.path)

    def _place(self, record_id: str, token: str = "") -> Place:
        """The line of a record, and the column at which ``token`` stands in it."""
        number = self._file.number_of.get(record_id, 0)
        line = self._file.line_of.get(record_id, b"").decode("utf-8", "replace")
        column = line.find(f'"{token}"') + 1 if token else 0
        return Place(self.layer.path, number, column)

    def _problem(
        self, record_id: str, message: str, rule: str, severity: Severity = "error", token: str = ""
    ) -> Problem:
        return Problem(self._place(record_id, token), message, rule, severity)

    @cached_property
    def _moves(self) -> dict[str, Move]:
        """What re-anchoring would do, for what does not fit."""
        _, report = reanchor(self.layer, None, self.transcript.text)
        return {move.id: move for move in report.moves}

    def _text_changed(self) -> Iterator[Problem]:
        coded = self.layer.header.text_sha256
        if coded and coded != self.transcript.text_sha256:
            counts = Counter(move.fate for move in self._moves.values())
            said = ", ".join(f"{number} {fate}" for fate, number in counts.items()) or "nothing to move"
            message = f"the text of {self.transcript.id} changed since it was coded. Re-anchoring would give: {said}."
            yield Problem(Place(self.layer.path, 1), message, "text-changed", "warning")

    def _anchor(self, segment: Segment) -> Iterator[Problem]:
        start, end = segment.start, segment.end
        if start is None or end is None:
            return
        if segment.unanchored:
            message = f"segment {segment.id} is unanchored: its words were not found again; {self._would(segment)}."
            yield self._problem(segment.id, message, "unanchored", "warning", "quote")
        elif end > len(self.transcript.text):
            message = (
                f"segment {segment.id} ends at {end}, the text at {len(self.transcript.text)}; {self._would(segment)}."
            )
            yield self._problem(segment.id, message, "span-outside", token="end")
        elif segment.quote and self.transcript.text[start:end] != segment.quote:
            message = f"segment {segment.id}: its quote is not what stands at {start}-{end}; {self._would(segment)}."
            yield self._problem(segment.id, message, "quote-differs", token="quote")

    def _nobodys(self, segment: Segment) -> Iterator[Problem]:
        """A coding on words that are neither a participant's nor an interviewer's: no output counts it."""
        start, end = segment.start, segment.end
        if start is None or end is None or segment.unanchored or not segment.codes or self.is_guide:
            return
        first = self.transcript.turn_at(start)
        if first is not None and first.index in self._spoken and first.start < end and start < first.end:
            return  # nearly always
        turns = list(self.transcript.turns_over(start, end))
        if any(turn.index in self._spoken for turn in turns):
            return
        label = turns[0].label if turns else ""
        whose = f"words of {label!r}, whose role is `other`" if label else "no speaker's words"
        next_step = "say who speaks in transcripts.yaml, or move it" if label else "move it"
        message = f"segment {segment.id} codes {whose}, so it counts nowhere; {next_step}."
        yield self._problem(segment.id, message, "nobodys-words", "warning", "start")

    @cached_property
    def _spoken(self) -> frozenset[int]:
        """Turns of participants and of interviewers."""
        turns, speaker = self.transcript.turns, self.transcript.speaker
        return frozenset(turn.index for turn in turns if speaker(turn).role != "other")

    def _would(self, segment: Segment) -> str:
        move = self._moves.get(segment.id)
        return f"re-anchoring: {move}" if move else "it has no quote to find it by"

    def _odd_codes(self) -> set[tuple[object, ...]]:
        """Sets of codes with something wrong in them: few, so that each segment costs one look-up."""
        return {codes for codes in {s.codes for s in self.layer.segments} if self._is_odd(codes)}

    def _is_odd(self, codes: tuple[object, ...]) -> bool:
        ids = [use if isinstance(use, str) else getattr(use, "code", "") for use in codes]
        if self.is_guide:
            return not all(code in self._questions for code in ids)
        known = self.codebook.codes
        return len(set(ids)) < len(ids) or not all(code in known and known[code].codable for code in ids)

    @cached_property
    def _questions(self) -> dict[str, None]:
        return dict.fromkeys(question.id for question in self.study.settings.guide)

    def _codes(self, segment: Segment) -> Iterator[Problem]:
        for code, times in Counter(segment.code_ids).items():
            if times > 1:
                message = f"segment {segment.id} has code {code} more than once; keep one."
                yield self._problem(segment.id, message, "code-twice", "warning", code)
            yield from self._code(segment.id, code)

    def _code(self, record_id: str, code: str) -> Iterator[Problem]:
        if self.is_guide:
            if code not in self._questions:
                hint = nearest(code, list(self._questions)) or "; questions stand under `guide:` of study.yaml."
                message = f"there is no question {code[:60]!r} in the guide{hint}"
                yield self._problem(record_id, message, "unknown-question", token=code)
        elif code not in self.codebook.codes:
            was = retired_as(self.codebook, code)
            hint = nearest(code.rsplit("/", 1)[-1], list(self.codebook.codes)) or "; add it, or take it out here."
            if was is not None:
                when = f" on {was.deleted[:10]}" if was.deleted else ""
                hint = f": it was deleted{when}. `postil merge` takes it off, or brings it back."
            message = f"there is no code {code[:60]!r} in {self.codebook.path or 'the codebook'}{hint}"
            yield self._problem(record_id, message, "unknown-code", token=code)
        elif not self.codebook.codes[code].codable:
            message = f"code {code} is a heading only (codable: false); use one below it."
            yield self._problem(record_id, message, "not-codable", token=code)

    def _exclusive(self) -> Iterator[Problem]:
        """Codes of an exclusive group on the same words. Segments stand by start, so open ones are kept in a list."""
        for group in self.codebook.groups.values():
            members = set(group.codes)
            if not group.exclusive or self.is_guide:
                continue
            opened: list[Segment] = []
            for segment in self.layer.segments:
                if segment.start is None or members.isdisjoint(segment.code_ids):
                    continue
                opened = [other for other in opened if (other.end or 0) > segment.start]
                yield from self._clash(group.id, members, segment, opened)
                opened.append(segment)

    def _clash(self, group: str, members: set[str], segment: Segment, opened: list[Segment]) -> Iterator[Problem]:
        """To deny one code and affirm the other on the same words is no contradiction, so modes must be the same."""
        here = next(use for use in segment.uses if use.code in members)
        for other in [segment, *opened]:
            uses = [
                use for use in other.uses if use.code in members and use.mode == here.mode and use.code != here.code
            ]
            if uses:
                where = "" if other is segment else f" of segment {other.id}"
                message = (
                    f"{here.code} and {uses[0].code}{where} stand on the same words, but group {group} is exclusive."
                )
                yield self._problem(segment.id, message, "exclusive-overlap", "warning", here.code)

    def _relation(self, relation: Relation) -> Iterator[Problem]:
        ends = [("from", relation.source, relation.source_code), ("to", relation.target, relation.target_code)]
        for key, segment_id, code in ends:
            yield from self._end(relation, key, segment_id, code)
        source, target = (self.layer.by_id.get(segment_id) for _, segment_id, _ in ends)
        if source and target and self._strangers(source, target):
            message = f"relation {relation.id} joins words of different participants; it must stay with one."
            yield self._problem(relation.id, message, "relation-participants")
        yield from self._cue(relation)

    def _end(self, relation: Relation, key: str, segment_id: str, code: str) -> Iterator[Problem]:
        segment = self.layer.by_id.get(segment_id)
        if segment is None:
            message = f"relation {relation.id}: its {key} is segment {segment_id[:60]}, which is not in this layer."
            yield self._problem(relation.id, message, "relation-end", token=key)
        elif code and code not in segment.code_ids:
            has = ", ".join(segment.code_ids) or "no code"
            message = f"relation {relation.id}: {key}_code {code[:60]} is not on segment {segment_id}, which has {has}."
            yield self._problem(relation.id, message, "relation-code", token=f"{key}_code")
        elif not code and len(segment.code_ids) != 1:
            what = f"one of {', '.join(segment.code_ids)}" if segment.codes else "segment has no code"
            message = (
                f"relation {relation.id} does not say which code it is {key}: {what}; until then it counts nowhere."
            )
            yield self._problem(relation.id, message, "relation-unclear", "warning", key)

    def _strangers(self, source: Segment, target: Segment) -> bool:
        one, other = self._participants(source), self._participants(target)
        return bool(one and other) and one.isdisjoint(other)

    def _participants(self, segment: Segment) -> set[str]:
        return self._speakers(segment.start or 0, segment.end or 0)

    def _speakers(self, start: int, end: int) -> set[str]:
        speakers = (self.transcript.speaker(turn) for turn in self.transcript.turns_over(start, end))
        return {speaker.participant for speaker in speakers if speaker.participant}

    def _is_participants(self, start: int, end: int) -> bool:
        turns = self.transcript.turns_over(start, end)
        return any(self.transcript.speaker(turn).role == "participant" for turn in turns)

    def _cue(self, relation: Relation) -> Iterator[Problem]:
        if relation.cue is None:
            return
        start, end = relation.cue
        if not 0 <= start < end <= len(self.transcript.text):
            message = f"relation {relation.id}: its cue {start}-{end} is outside the text."
            yield self._problem(relation.id, message, "span-outside", token="cue")
        elif relation.unanchored:
            message = f"relation {relation.id}: the words of its cue were not found again."
            yield self._problem(relation.id, message, "unanchored", "warning", "cue")
        elif not self._is_participants(start, end):
            message = f"relation {relation.id}: its cue is not in a participant's words, so it is not stated."
            yield self._problem(relation.id, message, "cue-speaker", "warning", "cue")
