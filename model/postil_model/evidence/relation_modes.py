"""How a relation is meant: what it says of itself, else what the passages it joins were said in.

A relation is support only if both its ends are affirmed, or if it says ``mode: affirm`` itself ("there was no licence,
so we went back": the end is denied, the relation is not).
"""

from __future__ import annotations

from typing import NamedTuple

from postil_study.text.values import Mode, Relation, Segment

# where the ends differ, what is farthest from being affirmed is told
_FARTHEST: tuple[Mode, ...] = ("deny", "hypothetical", "wish", "reported")


class Meant(NamedTuple):
    """The mode in which a relation counts; ``of_end``: it is that of a passage, the relation itself says none."""

    mode: Mode
    of_end: bool = False


def mode_of(relation: Relation, source: Segment | None, target: Segment | None) -> Meant:
    """How a relation is meant. An "excludes" that is affirmed is a denial of what it excludes.

    >>> from postil_study.text.values import CodeUse
    >>> said, perhaps = Segment("s", codes=("a",)), Segment("t", codes=(CodeUse("b", "hypothetical"),))
    >>> mode_of(Relation("r", "s", "t", "leads-to", "a", "b"), said, perhaps)
    Meant(mode='hypothetical', of_end=True)
    >>> mode_of(Relation("r", "s", "t", "leads-to", "a", "b", mode="affirm"), said, perhaps).mode
    'affirm'
    """
    excludes = relation.type == "excludes"
    if relation.mode:
        return Meant("deny" if excludes and relation.mode == "affirm" else relation.mode)
    ends = {_end(relation.source_code, source), _end(relation.target_code, target)}
    if excludes:
        ends -= {"deny"}  # to exclude what is denied, too, is still to exclude it
    found = next((mode for mode in _FARTHEST if mode in ends), None)
    if found is not None:
        return Meant(found, True)
    return Meant("deny" if excludes else "affirm")


def _end(named: str, segment: Segment | None) -> Mode:
    """The mode of the code a relation means at one end; affirmed as soon as one use of the code is."""
    code = meant(named, segment) if segment is not None else ""
    modes = [use.mode for use in segment.uses if use.code == code] if segment is not None and code else []
    return "affirm" if not modes or "affirm" in modes else modes[0]


def meant(named: str, segment: Segment) -> str:
    """The code of a segment that a relation means: the named one, or its only one; empty if that is not clear."""
    codes = segment.codes
    if named:
        return named if named in codes or named in segment.code_ids else ""
    if len(codes) == 1:
        return codes[0] if isinstance(codes[0], str) else codes[0].code
    return segment.code_ids[0] if len(set(segment.code_ids)) == 1 else ""
