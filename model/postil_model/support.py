"""Support: how many participants are behind a node or an edge, and in which way (reference/model.md 3.3).

``k`` of ``n``: participants with at least one affirming row, of all participants with a coded transcript. Denial, a
hypothetical case, a wish and a report about others are kept apart; silence is none of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from postil_model.evidence.rows import MODES, Evidence, Row
from postil_transcripts.types import Mode


@dataclass(frozen=True, slots=True)
class Support:
    """Who supports an object, and who says something else about it.

    A participant may both affirm and deny (``mixed``). ``hypothetical``, ``wish`` and ``reported`` hold participants
    without an affirming or denying row. ``not_asked`` is known from the guide's marks only; ``silent`` is the rest.
    """

    n: int = 0
    affirm: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    hypothetical: tuple[str, ...] = ()
    wish: tuple[str, ...] = ()
    reported: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    segments: int = 0
    quotes: int = 0
    coders: tuple[str, ...] = ()
    mentions: Mapping[str, int] = field(default_factory=dict)  # participant → affirming rows

    @property
    def k(self) -> int:
        """Number of participants who affirm."""
        return len(self.affirm)

    @property
    def mixed(self) -> tuple[str, ...]:
        """Participants who both affirm and deny."""
        return tuple(p for p in self.affirm if p in self.deny)

    def __str__(self) -> str:
        return f"{self.k}/{self.n}"


def support_of(
    rows: Iterable[Row],
    participants: Sequence[str],
    not_asked: frozenset[str] = frozenset(),
    needed: Mapping[str, int] | None = None,
) -> Support:
    """Sum up the rows of one object, of one kind. Rows of participants who are not in ``participants`` are left out.

    ``needed`` says how many coders must agree on a participant (a union of coders only; 1 if left out).
    """
    wanted = frozenset(participants)
    who: dict[Mode, dict[str, set[str]]] = {mode: {} for mode in MODES}
    segments: set[str] = set()
    spans: set[object] = set()
    mentions: Counter[str] = Counter()
    coders: set[str] = set()
    for row in rows:
        participant = row.participant
        if participant not in wanted:
            continue
        who[row.mode].setdefault(participant, set()).add(row.coder)
        segments.update(row.segments)
        spans.add((row.transcript, row.parts))
        coders.add(row.coder)
        if row.mode == "affirm":
            mentions[participant] += 1
    agreed = {mode: _agreed(found, needed or {}) for mode, found in who.items()}
    said = agreed["affirm"] | agreed["deny"]
    heard = set().union(*agreed.values())

    def pick(chosen: set[str] | frozenset[str]) -> tuple[str, ...]:
        return tuple(p for p in participants if p in chosen) if chosen else ()

    return Support(
        n=len(participants),
        affirm=pick(agreed["affirm"]),
        deny=pick(agreed["deny"]),
        hypothetical=pick(agreed["hypothetical"] - said),
        wish=pick(agreed["wish"] - said),
        reported=pick(agreed["reported"] - said),
        not_asked=pick(set(not_asked) - heard),
        silent=pick(wanted - heard - not_asked),
        segments=len(segments),
        quotes=len(spans),
        coders=tuple(sorted(coders)),
        mentions=mentions,
    )


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


def _agreed(found: Mapping[str, set[str]], needed: Mapping[str, int]) -> set[str]:
    return {participant for participant, by in found.items() if len(by) >= needed.get(participant, 1)}
