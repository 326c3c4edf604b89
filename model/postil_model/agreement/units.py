"""Units given in a file: one a row, none twice, none over another, all inside the text; else file and line are said."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from postil_base.plural import counted as counted_words
from postil_base.problem import PostilError
from postil_base.yaml.fields import nearest
from postil_model.agreement.measures.spans import Piece
from postil_study.text.values import Transcript

COLUMNS = ("transcript", "start", "end")


@dataclass(frozen=True, slots=True)
class GivenUnit:
    """A unit of a file: code points ``start`` to ``end`` of a transcript, and where the file says so."""

    transcript: str
    start: int
    end: int
    place: str = ""

    @property
    def where(self) -> str:
        """The unit in words."""
        return f"{self.transcript} {self.start}-{self.end}"


def read_units(text: str, name: str) -> list[GivenUnit]:
    """Read a table with the columns transcript, start and end. Raises PostilError with every fault, by line."""
    head = text.lstrip("\ufeff").partition("\n")[0]
    separator = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=separator, skipinitialspace=True)
    fields = {(field or "").strip().casefold(): field for field in reader.fieldnames or ()}
    missing = [column for column in COLUMNS if column not in fields]
    if missing:
        raise PostilError(f"{name}:1: there is no column {missing[0]!r}; a file of units has {', '.join(COLUMNS)}.")
    found: list[GivenUnit] = []
    faults: list[str] = []
    for row in reader:
        place = f"{name}:{reader.line_num}"
        values = [(row.get(fields[column]) or "").strip() for column in COLUMNS]
        if not any(values):
            continue
        try:
            unit = GivenUnit(values[0], int(values[1]), int(values[2]), place)
        except ValueError:
            faults.append(f"{place}: a unit needs transcript, start and end (whole numbers).")
            continue
        fault = _fault(unit)
        faults += [fault] if fault else []
        found += [] if fault else [unit]
    _refuse([*faults, *_meeting(found)])
    return found


def _fault(unit: GivenUnit) -> str:
    if not unit.transcript:
        return f"{unit.place}: a unit needs the id of its transcript."
    if unit.start < 0:
        return f"{unit.place}: the unit {unit.where} starts before the text; positions count from 0."
    if unit.end <= unit.start:
        what = "is empty" if unit.end == unit.start else "ends before it starts"
        return f"{unit.place}: the unit {unit.where} {what}; start is the first code point, end the one after the last."
    return ""


def _meeting(units: Sequence[GivenUnit]) -> list[str]:
    """Units that are there twice or lie over each other: their words would count more than once."""
    faults = []
    last: dict[str, GivenUnit] = {}
    for unit in sorted(units, key=lambda one: (one.transcript, one.start, one.end)):
        before = last.get(unit.transcript)
        if before is not None and unit.start < before.end:
            twice = (unit.start, unit.end) == (before.start, before.end)
            line = before.place.rpartition(":")[2]
            what = f"stands in line {line}, too" if twice else f"overlaps {before.where} of line {line}"
            faults.append(f"{unit.place}: the unit {unit.where} {what}; its words would count twice.")
        if before is None or unit.end > before.end:
            last[unit.transcript] = unit
    return faults


def _refuse(faults: Sequence[str]) -> None:
    if faults:
        more = f"\nand {len(faults) - 10} more." if len(faults) > 10 else ""
        raise PostilError("\n".join(faults[:10]) + more)


def fitting_units(
    units: Sequence[GivenUnit],
    known: Mapping[str, Transcript],
    counted: Mapping[str, Sequence[Piece]],
    notes: list[str],
) -> dict[str, list[Piece]]:
    """The units of the transcripts compared (``counted``: the text that counts in each), in order.

    Raises PostilError where one is of no transcript, outside its text, or has no word that counts; adds to ``notes``
    how many are in transcripts that are not compared, and how many hold other words beside those that count.
    """
    faults, outside, crossing = [], 0, 0
    found: dict[str, list[Piece]] = {}
    for unit in units:
        transcript = known.get(unit.transcript)
        if transcript is None:
            hint = nearest(unit.transcript, list(known)) or "."
            faults.append(f"{unit.place}: there is no transcript {unit.transcript!r}{hint}")
        elif unit.end > len(transcript.text):
            faults.append(
                f"{unit.place}: the unit {unit.where} goes beyond the text, which ends at {len(transcript.text)}."
            )
        elif unit.transcript not in counted:
            outside += 1
        elif not any(start < unit.end and unit.start < end for start, end in counted[unit.transcript]):
            faults.append(
                f"{unit.place}: the unit {unit.where} has no word that counts (participants' words; --speakers all "
                "counts everybody's)."
            )
        else:
            found.setdefault(unit.transcript, []).append((unit.start, unit.end))
            crossing += _has_others(transcript.text, unit, counted[unit.transcript])
    _refuse(faults)
    if outside:
        notes.append(f"{counted_words(outside, 'given unit')} in transcripts that are not compared")
    if crossing:
        what = f"{counted_words(crossing, 'given unit')} {'holds' if crossing == 1 else 'hold'} others' words or labels"
        notes.append(f"{what} beside words that count: codings on those alone are left out")
    return {name: sorted(pieces) for name, pieces in found.items()}


def _has_others(text: str, unit: GivenUnit, counted: Sequence[Piece]) -> bool:
    """Whether a unit holds more than words that count and blanks."""
    place = unit.start
    for start, end in sorted(counted):
        if place < start and text[place : min(start, unit.end)].strip():
            return True
        place = max(place, min(end, unit.end))
    return bool(text[place : unit.end].strip())


def on_counted(units: Sequence[Sequence[Piece]], counted: Sequence[Sequence[Piece]]) -> list[list[Piece]]:
    """Units of each transcript in the text that counts, whose pieces are laid end to end.

    >>> on_counted([[(0, 12)]], [[(2, 4), (10, 20)]])
    [[(0, 4)]]
    """
    return [
        [(_before(start, pieces), _before(end, pieces)) for start, end in of_one]
        for of_one, pieces in zip(units, counted, strict=True)
    ]


def _before(place: int, counted: Sequence[Piece]) -> int:
    """How many characters that count come before a place."""
    return sum(max(0, min(place, end) - start) for start, end in counted)
