"""Small samples: which combinations of attributes point to one person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

from postil_base.problem import Problem
from postil_study.text.values import Participant

Attribute = tuple[str, str]
MOST_ATTRIBUTES = 3  # of one combination
MOST_SHOWN = 3


def pointing(participants: Mapping[str, Participant]) -> dict[str, tuple[tuple[Attribute, ...], ...]]:
    """For each participant the smallest combinations of attributes that nobody else has.

    >>> sizes = {"E1": "small", "E2": "big", "E3": "big"}
    >>> pointing({name: Participant(name, {"size": size}) for name, size in sizes.items()})
    {'E1': ((('size', 'small'),),)}
    """
    values = {name: _attributes(person.attributes) for name, person in participants.items()}
    found: dict[str, tuple[tuple[Attribute, ...], ...]] = {}
    for name, own in values.items():
        others = [set(those) for other, those in values.items() if other != name]
        for size in range(1, MOST_ATTRIBUTES + 1):
            alone = [c for c in combinations(own, size) if others and not any(o.issuperset(c) for o in others)]
            if alone:
                found[name] = tuple(alone)
                break
    return found


def _attributes(attributes: Mapping[str, Any]) -> list[Attribute]:
    return [(key, str(item)) for key, value in attributes.items() for item in _items(value) if item is not None]


def _items(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]


def said(combination: Iterable[Attribute]) -> str:
    """A combination in words.

    >>> said([("size", "small"), ("domain", "NLP")])
    'size small + domain NLP'
    """
    return " + ".join(f"{key} {value}" for key, value in combination)


def pointing_problems(participants: Mapping[str, Participant]) -> list[Problem]:
    """A warning for each participant who can be told by attributes."""
    problems = []
    for name, found in pointing(participants).items():
        shown = "; ".join(said(combination) for combination in found[:MOST_SHOWN])
        more = f" (and {len(found) - MOST_SHOWN} more)" if len(found) > MOST_SHOWN else ""
        message = f"participant {name}: nobody else is {shown}{more}; coarser values would hide who is meant."
        problems.append(Problem(participants[name].place, message, "points-to-one", "warning"))
    return problems
