"""Support: how many participants are behind a node or an edge, and in which way (docs/methods.md).

``k`` of ``n``: participants with at least one affirming row, of all participants with a coded transcript. Denial, a
hypothetical case, a wish and a report about others are kept apart; silence is none of them.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import compress

from postil_model.evidence.rows import MODES, Evidence, EvidenceRow
from postil_model.evidence.sums import Sum
from postil_study.text.values import Mode


@dataclass(frozen=True, slots=True)
class Support:
    """Who supports an object, and who says something else about it.

    A participant may both affirm and deny (``mixed``). ``hypothetical``, ``wish`` and ``reported`` hold participants
    without an affirming or denying row. ``deny_of_end`` are those of ``deny`` whose relations only join a denied
    passage and do not say themselves that they are denied. ``not_asked`` is known from the guide's marks only;
    ``silent`` is the rest.
    """

    everybody: tuple[str, ...] = ()
    affirm: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    deny_of_end: tuple[str, ...] = ()
    hypothetical: tuple[str, ...] = ()
    wish: tuple[str, ...] = ()
    reported: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()
    segments: int = 0
    quotes: int = 0  # segments, counted once for each participant who speaks in them
    coders: tuple[str, ...] = ()
    mentions: Mapping[str, int] = field(default_factory=dict)  # participant → affirming rows

    @property
    def n(self) -> int:
        """Number of participants."""
        return len(self.everybody)

    @property
    def k(self) -> int:
        """Number of participants who affirm."""
        return len(self.affirm)

    @property
    def deny_it(self) -> tuple[str, ...]:
        """Participants who deny this itself, not only a passage that a relation joins."""
        return tuple(p for p in self.deny if p not in self.deny_of_end)

    @property
    def mixed(self) -> tuple[str, ...]:
        """Participants who both affirm and deny."""
        return tuple(p for p in self.affirm if p in self.deny)

    @property
    def silent(self) -> tuple[str, ...]:
        """Participants of whom nothing is known here: they were asked, or may have been, and said nothing."""
        said = {*self.affirm, *self.deny, *self.hypothetical, *self.wish, *self.reported, *self.not_asked}
        return tuple(p for p in self.everybody if p not in said)

    def __str__(self) -> str:
        return f"{self.k}/{self.n}"


class SupportCounter:
    """Sums up rows for a given set of participants, in their order."""

    def __init__(self, participants: Sequence[str], everybody: bool = True, needed: Mapping[str, int] | None = None):
        """``everybody``: all participants of the rows are wanted. ``needed``: how many coders must agree on each."""
        self.participants = tuple(participants)
        self.rank = {participant: place for place, participant in enumerate(self.participants)}
        self.everybody, self.needed = everybody, needed or {}
        self.nobody = Support(self.participants)

    def whole(self, found: Sum, not_asked: frozenset[str] = frozenset()) -> Support | None:
        """Support by all rows of a node or item, where nothing is filtered; None if something is."""
        if not self.everybody or self.needed:
            return None
        people = {mode: set(found.mentions.get(mode, ())) for mode in MODES}
        return self._made(
            people, not_asked, found.segments, found.quotes, found.coders, found.mentions.get("affirm", Tally())
        )

    def support(self, rows: Iterable[EvidenceRow], not_asked: frozenset[str] = frozenset()) -> Support:
        """Support by the rows of one object, of one kind."""
        rows = list(rows) if self.everybody else [row for row in rows if row.participant in self.rank]
        if not rows and not not_asked:
            return self.nobody
        people = [row.participant for row in rows]
        segments = [row.segments for row in rows]
        modes = [row.mode for row in rows]
        distinct = len(set(segments))
        made = self._made(
            self._agreed(rows, people, modes),
            not_asked,
            distinct,
            distinct if distinct == len(rows) else len(set(zip(segments, people, strict=True))),
            {row.coder for row in rows},
            Tally(compress(people, [mode == "affirm" for mode in modes])),
        )
        if not made.deny:
            return made
        itself = {row.participant for row in rows if row.mode == "deny" and not row.of_end}
        return replace(made, deny_of_end=tuple(p for p in made.deny if p not in itself))

    def _made(
        self,
        people: Mapping[Mode, Set[str]],
        not_asked: frozenset[str],
        segments: int,
        quotes: int,
        coders: Set[str],
        mentions: Tally[str],
    ) -> Support:
        said = people["affirm"] | people["deny"]
        return Support(
            everybody=self.participants,
            affirm=self._pick(people["affirm"]),
            deny=self._pick(people["deny"]),
            hypothetical=self._pick(people["hypothetical"] - said),
            wish=self._pick(people["wish"] - said),
            reported=self._pick(people["reported"] - said),
            not_asked=self._pick((not_asked & self.rank.keys()) - set().union(*people.values())),
            segments=segments,
            quotes=quotes,
            coders=tuple(sorted(coders)),
            mentions=mentions,
        )

    def _agreed(
        self, rows: Sequence[EvidenceRow], people: Sequence[str], modes: Sequence[Mode]
    ) -> dict[Mode, set[str]]:
        """Participants by mode, those on whom enough coders agree."""
        found: dict[Mode, set[str]] = {mode: set() for mode in MODES}
        if not self.needed:
            for said, participant in set(zip(modes, people, strict=True)):
                found[said].add(participant)
            return found
        votes = Tally((mode, who) for mode, who, _ in {(row.mode, row.participant, row.coder) for row in rows})
        for (mode, participant), count in votes.items():
            if count >= self.needed.get(participant, 1):
                found[mode].add(participant)
        return found

    def _pick(self, chosen: Set[str]) -> tuple[str, ...]:
        return tuple(sorted(chosen, key=self.rank.__getitem__)) if chosen else ()


def not_asked(evidence: Evidence, object_: str) -> frozenset[str]:
    """Participants whose interviews are marked and to whom no question that names the object was put.

    An object that no question names may come up at any time: nobody is "not asked" about it.
    """
    naming = evidence.names.get(object_)
    if not naming:
        return frozenset()
    return frozenset(participant for participant, asked in evidence.asked.items() if not asked & naming)


def coders_needed(evidence: Evidence, rule: str) -> dict[str, int]:
    """How many coders must agree per participant under a rule: any, majority or all of those who coded them."""
    if rule == "any":
        return {}
    counts = {participant: len(coders) for participant, coders in evidence.coders_of.items()}
    return counts if rule == "all" else {participant: count // 2 + 1 for participant, count in counts.items()}
