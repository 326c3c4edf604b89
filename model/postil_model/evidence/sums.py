"""What is counted of the nodes' evidence while the rows are made, so that a large study is not gone through again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from postil_model.evidence.rows import EvidenceRow
from postil_study.text.values import Mode

Claim = tuple[str, str]  # node and item; the item is empty where the node has none
NOBODY: Claim = ("", "")


@dataclass(slots=True)
class Sum:
    """The evidence of a node or of one of its items, summed up."""

    mentions: dict[Mode, Counter[str]] = field(default_factory=dict)  # mode → participant → rows
    segments: int = 0
    quotes: int = 0  # segments, counted once for each participant who speaks in them
    coders: set[str] = field(default_factory=set)

    def add(self, mode: Mode, participant: str, rows: int) -> None:
        """Count so many rows of a participant."""
        self.mentions.setdefault(mode, Counter())[participant] += rows


class Sums:
    """Sums by node and by item (an item is called ``node.item``)."""

    def __init__(self) -> None:
        self.of: dict[str, Sum] = {}

    def add_affirmed(
        self, claims: Mapping[str, Claim], codes: Sequence[str], segments: Sequence[str], participant: str, coder: str
    ) -> None:
        """Uses of one layer, each affirmed by the same participant; ``claims``: what claims each code.

        ``segments``: the segment of each use; none where every use is on a segment of its own.
        """
        names = {code: _names(claims.get(code, NOBODY)) for code in set(codes)}
        by_name = Counter[str]()
        for code, count in Counter(codes).items():
            for name in names[code]:
                by_name[name] += count
        distinct = _distinct(names, codes, segments) if segments else by_name
        for name, count in by_name.items():
            found = self._sum(name)
            found.add("affirm", participant, count)
            found.segments += distinct[name]
            found.quotes += distinct[name]
            found.coders.add(coder)

    def add_rows(self, rows: Iterable[EvidenceRow]) -> None:
        """Rows of one layer, whatever they are."""
        by_name: dict[str, list[EvidenceRow]] = {}
        for row in rows:
            for name in _names((row.object, row.item)):
                by_name.setdefault(name, []).append(row)
        for name, group in by_name.items():
            found = self._sum(name)
            for (mode, participant), count in Counter((row.mode, row.participant) for row in group).items():
                found.add(mode, participant, count)
            found.segments += len({row.segments for row in group})
            found.quotes += len({(row.segments, row.participant) for row in group})
            found.coders.update(row.coder for row in group)

    def _sum(self, name: str) -> Sum:
        return self.of.get(name) or self.of.setdefault(name, Sum())


def _distinct(names: Mapping[str, Sequence[str]], codes: Sequence[str], segments: Sequence[str]) -> Counter[str]:
    """How many segments each node or item is on."""
    pairs = set(zip(codes, segments, strict=True))
    return Counter(name for name, _ in {(name, segment) for code, segment in pairs for name in names[code]})


def _names(claim: Claim) -> tuple[str, ...]:
    node, item = claim
    if not node:
        return ()
    return (node, f"{node}.{item}") if item else (node,)
