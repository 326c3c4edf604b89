"""What an import of codings will do, as values: layers before and after, rows without a place, questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from postil_study.text.units import Span
from postil_study.text.values import Layer


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
    hints: Mapping[str, str] = field(default_factory=dict)  # unknown code → which codes it may mean
    questions: tuple[RowProblem, ...] = ()  # what can be read in two ways; nothing is written before it is answered
