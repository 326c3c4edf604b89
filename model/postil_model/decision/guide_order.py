"""Is the order of talk the order of the questions? Kendall's tau of each participant, where the guide is marked.

In the published study tau was at least 0.76 for every participant: a directly-follows graph over whole interviews
rediscovers the questionnaire (docs/methods.md). So it is reported as guide order, never as a process.
"""

from __future__ import annotations

from collections.abc import Sequence

from postil_base.plural import counted
from postil_model.decision.model import Model
from postil_model.evidence.rows import EvidenceRow

GUIDE_ORDER = 0.75


def kendall_tau(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Kendall's tau-b; None where one of both does not vary.

    >>> round(kendall_tau([1, 2, 3, 4], [1, 2, 4, 3]), 3)
    0.667
    """
    from scipy.stats import kendalltau

    tau = float(kendalltau(one, other).statistic) if len(set(one)) > 1 and len(set(other)) > 1 else float("nan")
    return None if tau != tau else tau


def talk_of(model: Model) -> dict[str, list[EvidenceRow]]:
    """Node rows of each participant in order of talk, transcript by transcript."""
    place = {name: number for number, name in enumerate(model.evidence.transcripts)}
    found: dict[str, list[EvidenceRow]] = {participant: [] for participant in model.participants}
    for row in model.evidence.rows:
        if row.what == "node" and row.parts and row.participant in found:
            found[row.participant].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (place[row.transcript], row.start or 0, -(row.end or 0), row.segments))
    return found


def order_of_talk(model: Model) -> list[tuple[str, str]]:
    """Participant and node, in order of talk: a log as process miners take it."""
    return [(participant, row.object) for participant, rows in talk_of(model).items() for row in rows]


def guide_taus(model: Model) -> dict[str, float]:
    """Tau between place in the talk and place in the guide, of participants with marked answers."""
    rank = {question: number for number, question in enumerate(model.evidence.guide)}
    taus: dict[str, float] = {}
    for participant, rows in talk_of(model).items():
        answers = [(number, rank[row.question]) for number, row in enumerate(rows) if row.question in rank]
        tau = kendall_tau([number for number, _ in answers], [question for _, question in answers])
        if tau is not None:
            taus[participant] = tau
    return taus


def guide_notes(model: Model) -> tuple[str, ...]:
    """What a table over whole interviews must say of itself."""
    first = "a hint, never counted with what was stated: order of talk is not order of work"
    taus = guide_taus(model)
    if not taus:
        return (first, "whether it is the order of the questions is unknown: no answers are marked with their question")
    low, high = min(taus.values()), max(taus.values())
    followers = sum(1 for tau in taus.values() if tau >= GUIDE_ORDER)
    return (
        first,
        f"guide order: Kendall's tau of talk and questions {low:.2f} to {high:.2f}; "
        f"at least {GUIDE_ORDER} for {followers} of {counted(len(taus), 'participant')}",
    )
