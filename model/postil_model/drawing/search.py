"""Trying other orders: what hangs below steps changes places as long as fewer lines cross.

The same figure gives the same picture: moves are tried in a fixed order, and a count limits them, not the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from postil_model.drawing.columns import NOTE, Column

Cost = Callable[[Sequence[Column]], int]
_WORK = 9000  # about the number of edges looked at over all tries
_LEAST = 24  # tries in any case


def improved(columns: Sequence[Column], cost: Cost, edges: int, narrow: bool) -> Sequence[Column]:
    """The columns with as few crossings as neighbouring orders have."""
    best, least = columns, cost(columns)
    tries = max(_LEAST, _WORK // max(edges, 1))
    found = True
    while found and least:
        found = False
        for other in _moves(best, narrow):
            if not tries:
                return best
            tries -= 1
            value = cost(other)
            if value < least:
                best, least, found = other, value, True
                break
    return best


Stacks = tuple[list[list[str]], list[list[str]], list[list[str]]]  # left, right, centre; each of groups


def _moves(columns: Sequence[Column], narrow: bool) -> Iterator[Sequence[Column]]:
    """Neighbours: both stacks change sides, groups change places, go to the other stack or to the next column."""
    for at, column in enumerate(columns):
        for changed in _within(_groups(column), narrow):
            yield [*columns[:at], _with(column, changed), *columns[at + 1 :]]
    for at, column in enumerate(columns):
        for beside in (at - 1, at + 1):
            if 0 <= beside < len(columns) and _alike(column, columns[beside]):
                for one, other in _to_neighbour(_groups(column), _groups(columns[beside]), narrow):
                    moved = list(columns)
                    moved[at], moved[beside] = _with(column, one), _with(columns[beside], other)
                    yield moved


def _groups(column: Column) -> Stacks:
    """The stacks of a column; a node and the note on it stay together."""
    found: list[list[list[str]]] = []
    for _, stack in column.stacks:
        groups: list[list[str]] = []
        for name in stack:
            if groups and name == f"{NOTE}{groups[-1][-1]}":
                groups[-1].append(name)
            else:
                groups.append([name])
        found.append(groups)
    return found[0], found[1], found[2]


def _with(column: Column, stacks: Stacks) -> Column:
    left, right, centre = ([name for group in groups for name in group] for groups in stacks)
    return replace(column, left=left, right=right, centre=centre)


def _within(stacks: Stacks, narrow: bool) -> Iterator[Stacks]:
    left, right, centre = stacks
    if left and right:
        yield right, left, centre
    for at in range(3):
        groups = stacks[at]
        for place in range(len(groups) - 1):
            swapped = [*groups[:place], groups[place + 1], groups[place], *groups[place + 2 :]]
            yield _replaced(stacks, at, swapped)
    for one, two in ((left, right), (right, left)):
        for i, group in enumerate(one):
            for j, other in enumerate(two):
                if one is left:
                    yield [*one[:i], other, *one[i + 1 :]], [*two[:j], group, *two[j + 1 :]], centre
            if len(one) > 1 and len(two) <= len(one):
                for j in range(len(two) + 1):
                    rest, more = [*one[:i], *one[i + 1 :]], [*two[:j], group, *two[j:]]
                    yield (rest, more, centre) if one is left else (more, rest, centre)


def _replaced(stacks: Stacks, at: int, groups: list[list[str]]) -> Stacks:
    left, right, centre = (groups if place == at else stack for place, stack in enumerate(stacks))
    return left, right, centre


def _alike(column: Column, other: Column) -> bool:
    return column.stage == other.stage and column.row == other.row


def _to_neighbour(stacks: Stacks, other: Stacks, narrow: bool) -> Iterator[tuple[Stacks, Stacks]]:
    """A group moves over, if that makes no tower."""
    for at, groups in enumerate(stacks):
        for place, group in enumerate(groups):
            if group[0].startswith(NOTE):
                continue  # a fact stays with its step
            rest = _settled(_replaced(stacks, at, [*groups[:place], *groups[place + 1 :]]))
            if sum(len(stack) for stack in other) < 4:
                for more in _added(other, group, narrow):
                    yield rest, more


def _settled(stacks: Stacks) -> Stacks:
    """What is alone stands in the middle."""
    left, right, centre = stacks
    return ([], [], [*left, *right, *centre]) if len(left) + len(right) <= 1 else stacks


def _added(stacks: Stacks, group: list[str], narrow: bool) -> Iterator[Stacks]:
    left, right, centre = stacks
    if narrow or not (left or right or centre):
        yield left, right, [*centre, group]
    elif centre:
        yield [group], centre, []
        yield centre, [group], []
    else:
        yield [*left, group], right, []
        yield left, [*right, group], []
