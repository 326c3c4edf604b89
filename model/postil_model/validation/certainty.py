"""How sure an arrow is: read by two coders, hanging on one person or one relation, said only when asked.

Agreement of coders a and b on what participants state, A and B their sets of (participant, source, target, type) in the
interviews both coded: positive specific agreement 2|A and B|/(|A| + |B|) (Cicchetti & Feinstein 1990, J Clin Epidemiol
43:551); with more than two coders the counts of all pairs are added. Of an edge it is the same over its own ends and
type: the guard is left out, as the agreement of coders on wordings of conditions is another question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

Ends = tuple[str, str, str]  # source, target, type


class Told(NamedTuple):
    """One affirmed relation of one participant, as one coder read it."""

    coder: str
    participant: str
    transcript: str
    edge: str
    ends: Ends
    elicited: str = "unknown"


@dataclass(frozen=True, slots=True)
class Shared:
    """How many participant-edges two coders both state, of how many each; sums of pairs where there are more."""

    both: int = 0
    first: int = 0
    second: int = 0

    @property
    def value(self) -> float | None:
        """Positive specific agreement; None where neither coder states any."""
        whole = self.first + self.second
        return 2 * self.both / whole if whole else None

    def __add__(self, other: Shared) -> Shared:
        return Shared(self.both + other.both, self.first + other.first, self.second + other.second)


@dataclass(frozen=True, slots=True)
class Certainty:
    """An edge that reaches the threshold. ``doubly``: its supporters in interviews that two coders finished.

    ``confirmed`` are those of them whom a second coder (or the consensus) has stating it; ``falls_without`` the people
    without any one of whom it drops below the threshold, ``hangs_on`` those of them who say it in one relation alone;
    ``only_asked``: every statement is an answer to a question that names it, None where the guide is not marked.
    """

    edge: str
    k: int
    n: int
    shared: Shared
    doubly: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    falls_without: tuple[str, ...] = ()
    hangs_on: tuple[str, ...] = ()
    only_asked: bool | None = None

    @property
    def one_reader(self) -> bool:
        """Whether it rests on one coder's reading alone."""
        return not self.confirmed

    @property
    def fragile(self) -> bool:
        """Whether a single participant or a single relation decides over it."""
        return bool(self.falls_without)


@dataclass(frozen=True)
class Certainties:
    """All edges of a model, and the agreement of the coders over all of them."""

    edges: tuple[Certainty, ...]
    pairs: Mapping[str, Shared] = field(default_factory=dict)
    without_type: Shared = Shared()
    interviews: tuple[str, ...] = ()  # finished by two coders or more

    @property
    def pooled(self) -> Shared:
        """All pairs of coders together."""
        return sum(self.pairs.values(), Shared())


def agreement(
    told: Iterable[Told], finished: Mapping[str, Iterable[str]], *, types: bool = True, ends: Ends | None = None
) -> dict[str, Shared]:
    """Per pair of coders ``a|b``; ``finished`` has the coders who finished each transcript; ``ends``: of one edge."""
    sets: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for each in told:
        if ends is None or each.ends == ends:
            key = (each.participant, *(each.ends if types else each.ends[:2]))
            sets.setdefault((each.coder, each.transcript), set()).add(key)
    found: dict[str, Shared] = {}
    for a, b in combinations(sorted({coder for coders in finished.values() for coder in coders}), 2):
        places = [name for name, coders in finished.items() if a in coders and b in coders]
        if places:
            one, other = (set().union(*(sets.get((c, name), set()) for name in places)) for c in (a, b))
            found[f"{a}|{b}"] = Shared(len(one & other), len(one), len(other))
    return found


class Counted(NamedTuple):
    """An edge of the model, as it is counted: who supports it, and the relations of the coding of record behind it."""

    edge: str
    ends: Ends
    n: int
    supporters: Sequence[str]
    relations: Sequence[Told]


def certainties(
    edges: Iterable[Counted],
    told: Sequence[Told],
    finished: Mapping[str, frozenset[str]],
    threshold: int,
    settled: frozenset[str] = frozenset(),
    needed: Mapping[str, int] | None = None,
) -> Certainties:
    """Certainty of every edge with at least ``threshold`` supporters.

    ``told`` is what every coder read, ``settled`` the transcripts whose coding of record is a consensus, ``needed`` how
    many coders must agree on a participant (else one).
    """
    finished = {name: coders for name, coders in finished.items() if len(coders) > 1}
    doubly = frozenset(finished)
    by_ends: dict[Ends, list[Told]] = {}
    for each in told:
        by_ends.setdefault(each.ends, []).append(each)
    found = []
    for edge in edges:
        if len(edge.supporters) >= max(threshold, 1):
            found.append(_one(edge, by_ends.get(edge.ends, []), finished, doubly, threshold, settled, needed or {}))
    return Certainties(
        tuple(found),
        agreement(told, finished),
        sum(agreement(told, finished, types=False).values(), Shared()),
        tuple(sorted(doubly)),
    )


def _one(
    edge: Counted,
    told: Sequence[Told],
    finished: Mapping[str, frozenset[str]],
    doubly: frozenset[str],
    threshold: int,
    settled: frozenset[str],
    needed: Mapping[str, int],
) -> Certainty:
    readers: dict[str, set[str]] = {}
    twice = {each.participant for each in edge.relations if each.transcript in doubly}
    for each in told:
        if each.transcript in doubly:
            readers.setdefault(each.participant, set()).add(each.coder)
    together = {each.participant for each in edge.relations if each.transcript in settled}
    confirmed = [p for p in edge.supporters if p in together or (p in twice and len(readers.get(p, ())) > 1)]
    falls = tuple(edge.supporters) if len(edge.supporters) == threshold else ()
    return Certainty(
        edge=edge.edge,
        k=len(edge.supporters),
        n=edge.n,
        shared=sum(agreement(told, finished).values(), Shared()),
        doubly=tuple(p for p in edge.supporters if p in twice),
        confirmed=tuple(confirmed),
        falls_without=falls,
        hangs_on=tuple(p for p in falls if _hangs(p, edge.relations, needed.get(p, 1))),
        only_asked=_only_asked(edge.relations),
    )


def _hangs(participant: str, relations: Iterable[Told], needed: int) -> bool:
    """Whether some single relation carries a participant's support: without it too few coders have it."""
    counts: dict[str, int] = {}
    for each in relations:
        if each.participant == participant:
            counts[each.coder] = counts.get(each.coder, 0) + 1
    return len(counts) == needed and 1 in counts.values()


def _only_asked(relations: Sequence[Told]) -> bool | None:
    known = [each.elicited for each in relations if each.elicited != "unknown"]
    if len(known) < len(relations) and "spontaneous" not in known:
        return None
    return bool(relations) and "spontaneous" not in known
