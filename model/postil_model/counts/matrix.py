"""Code by participant and code by attribute: how many segments, and how many participants of how many."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from postil_codebook.values import Codebook
from postil_formats.tables.files import Cell, KOfN, Table
from postil_model.evidence.rows import Interview
from postil_model.evidence.speaker_index import SpeakerIndex
from postil_study.text.values import Mode, Segment

Rows = Literal["codes", "subtrees"]


@dataclass(frozen=True)
class CodeMatrix:
    """``counts`` of segments by (code, participant), only those that occur."""

    codes: tuple[str, ...]
    participants: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]

    def row(self, code: str) -> list[int]:
        """Segments of each participant."""
        return [self.counts.get((code, participant), 0) for participant in self.participants]


def code_matrix(
    interviews: Iterable[Interview],
    codebook: Codebook,
    order: Iterable[str] = (),
    rows: Rows = "codes",
    modes: Sequence[Mode] = (),
) -> CodeMatrix:
    """Count the segments of each code that hold words of each participant, straight from the layers.

    With ``subtrees`` a code counts its own segments and those of the codes below it, a segment once. ``modes`` keeps
    only uses in these modes; empty means all.
    """
    counts: Counter[tuple[str, str]] = Counter()
    seen: dict[str, None] = {}
    above = _with_ancestors(codebook) if rows == "subtrees" else {}
    for interview in interviews:
        seen.update(dict.fromkeys(interview.transcript.participants))
        _count(interview, counts, above, frozenset(modes))
    participants = tuple(dict.fromkeys([*(p for p in order if p in seen), *seen]))
    used = dict.fromkeys(code for code, _ in counts)
    known = [code for code in codebook.codes if code in used or codebook.codes[code].codable or rows == "subtrees"]
    return CodeMatrix(tuple(dict.fromkeys([*known, *sorted(set(used) - set(known))])), participants, counts)


def _count(
    interview: Interview,
    counts: Counter[tuple[str, str]],
    above: Mapping[str, tuple[str, ...]],
    modes: frozenset[Mode],
) -> None:
    voices = SpeakerIndex(interview.transcript)
    plain = not above and not modes
    said: dict[str, list[str]] = defaultdict(list)  # participant → codes, counted at the end, which is much faster
    for layer in interview.layers:
        for segment in layer.segments:
            if segment.unanchored or not segment.codes:
                continue
            codes = segment.code_ids if plain else _meant(segment, above, modes)
            if len(codes) > 1:
                codes = tuple(dict.fromkeys(codes))
            for participant, _ in voices.of(segment):
                said[participant].extend(codes)
    for participant, found in said.items():
        for code, count in Counter(found).items():
            counts[code, participant] += count


def _meant(segment: Segment, above: Mapping[str, tuple[str, ...]], modes: frozenset[Mode]) -> tuple[str, ...]:
    """The codes of a segment in the modes asked for, with those above them if they count too."""
    codes = (use.code for use in segment.uses if not modes or use.mode in modes)
    return tuple(name for code in codes for name in above.get(code, (code,)))


def _with_ancestors(codebook: Codebook) -> dict[str, tuple[str, ...]]:
    return {code: (code, *codebook.ancestors(code)) for code in codebook.codes}


def participant_table(matrix: CodeMatrix, codebook: Codebook) -> Table:
    """Codes down, participants across, with the participants who have the code at all."""
    rows: list[tuple[Cell, ...]] = []
    for code in matrix.codes:
        found = matrix.row(code)
        people = sum(1 for count in found if count)
        rows.append((_path(codebook, code), *found, sum(found), KOfN(people, len(matrix.participants))))
    return Table(
        ("code", *matrix.participants, "segments", "participants"),
        tuple(rows),
        "Codes by participant",
        ("cells: segments with words of the participant, coding of record",),
    )


def attribute_table(matrix: CodeMatrix, codebook: Codebook, values: Mapping[str, str], attribute: str) -> Table:
    """Codes down, values of an attribute across: participants with the code, of those with the value."""
    groups: dict[str, list[int]] = {}
    for place, participant in enumerate(matrix.participants):
        groups.setdefault(values.get(participant, "not given"), []).append(place)
    names = sorted(groups, key=lambda name: (name == "not given", name))
    rows: list[tuple[Cell, ...]] = []
    for code in matrix.codes:
        found = matrix.row(code)
        cells = [KOfN(sum(1 for place in groups[name] if found[place]), len(groups[name])) for name in names]
        rows.append((_path(codebook, code), *cells))
    return Table(
        ("code", *(f"{attribute}: {name}" for name in names)),
        tuple(rows),
        f"Codes by {attribute}",
        ("cells: participants with the code, of those with the value, coding of record",),
    )


def _path(codebook: Codebook, code: str) -> str:
    return codebook.code_path(code) if code in codebook.codes else code
