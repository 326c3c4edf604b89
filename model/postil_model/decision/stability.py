"""How firm "at least t participants" is, in closed form: no simulation (docs/methods.md)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import comb

from postil_model.decision.model import Model


def bootstrap_stability(k: int, n: int, t: int) -> float:
    """Probability that a participant bootstrap still shows at least ``t`` distinct supporters of ``k`` among ``n``.

    P(D = d) = C(k,d) * sum_{j=0..d} (-1)^(d-j) C(d,j) ((n-k+j)/n)^n; stability = 1 - sum_{d<t} P(D = d).
    Exact: the alternating sum is computed in fractions.

    >>> [round(bootstrap_stability(k, 12, 2), 3) for k in range(1, 7)]
    [0.0, 0.408, 0.727, 0.896, 0.968, 0.992]
    """
    below = sum((_exactly(d, k, n) for d in range(min(t, k + 1))), Fraction(0))
    return float(1 - below)


def _exactly(d: int, k: int, n: int) -> Fraction:
    terms = ((-1) ** (d - j) * comb(d, j) * (n - k + j) ** n for j in range(d + 1))
    return Fraction(comb(k, d) * sum(terms), n**n)


@dataclass(frozen=True, slots=True)
class EdgeStability:
    """``critical`` are the participants without any one of whom the edge falls below the threshold (k = t)."""

    edge: str
    k: int
    n: int
    critical: tuple[str, ...]
    bootstrap: float


def stability(model: Model) -> list[EdgeStability]:
    """Stability of every edge that reaches the threshold."""
    t, kind = model.params.min_participants, model.params.evidence
    found = []
    for edge in model.edges.values():
        support = edge.support[kind]
        if support.k >= t:
            critical = support.affirm if support.k == t else ()
            found.append(
                EdgeStability(edge.id, support.k, model.n, critical, bootstrap_stability(support.k, model.n, t))
            )
    return found


@dataclass(frozen=True, slots=True)
class SweepRow:
    """What a threshold leaves: edges, declared ones among them, coverage and precision."""

    threshold: int
    edges: int
    matched: int
    coverage: float | None
    precision: float | None


def sweep(model: Model) -> list[SweepRow]:
    """Every threshold from 1 to n: a table, not a chosen point."""
    supports = [(edge.support[model.params.evidence].k, edge.declared is not None) for edge in model.edges.values()]
    declared = sum(1 for _, is_declared in supports if is_declared)
    return [_row(t, supports, declared) for t in range(1, model.n + 1)]


def _row(t: int, supports: Iterable[tuple[int, bool]], declared: int) -> SweepRow:
    reached = [is_declared for k, is_declared in supports if k >= t]
    matched = sum(reached)
    return SweepRow(
        t, len(reached), matched, matched / declared if declared else None, matched / len(reached) if reached else None
    )
