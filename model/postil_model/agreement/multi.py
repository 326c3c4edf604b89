"""Agreement of two or more coders on units, missing ratings allowed, with Gwet's standard errors.

Notation (all sums over units run over ``times``, so a row may stand for many units): ``r_ik`` coders who put unit i in
category k, ``r_i`` their number, ``n`` units with r_i >= 1, ``n'`` units with r_i >= 2, ``q`` declared categories,
``w_kl`` weight of two ratings k and l (1 if equal, 0 if not, unless a scale is given), ``r*_ik = sum_l w_kl r_il``.

    a_i = sum_k r_ik (r*_ik - 1) / (r_i (r_i - 1)),   p_a = sum_{r_i>=2} a_i / n'

Every coefficient but percent agreement is ``(p_a - p_e) / (1 - p_e)`` with an expected agreement p_e of its own.
Standard errors: Gwet's linearisation (Gwet 2008; Handbook of Inter-Rater Reliability 2014, ch. 5), with

    k_i  = (n/n') (a_i - p_e [r_i>=2]) / (1 - p_e)
    k_i* = k_i - 2 (1 - k) (p_ei - p_e) / (1 - p_e),   Var = sum (k_i* - k)^2 / (n (n-1))

and Student's t with n-1 degrees of freedom, the upper end cut at 1. Undefined: no unit with two ratings; p_e = 1.
"""

from __future__ import annotations

import numpy as np

from postil_model.agreement.estimate import Estimate, beyond_chance, student_interval, undefined
from postil_model.agreement.ratings import MISSING, Floats, Ratings

NO_PAIRS = "no unit was rated by two coders"
ONE_CATEGORY = "only one category was used, so chance alone would agree always"
ONE_DECLARED = "only one category is declared, so chance alone would agree always"
ONE_UNIT = "no standard error: a single unit has no spread"


def percent_agreement(ratings: Ratings, weights: Floats | None = None) -> Estimate:
    """Mean over units with two or more ratings of the share of agreeing pairs of coders: Gwet's p_a.

    Not chance corrected. The other convention is ``agreement_krippendorff``. Undefined if no unit has two ratings.
    """
    parts = _Parts(ratings, weights)
    if not parts.pairable:
        return undefined(NO_PAIRS)
    return _with_error(Estimate(parts.p_a), parts, 0.0, np.zeros(len(parts.times)))


def fleiss_kappa(ratings: Ratings, weights: Floats | None = None) -> Estimate:
    """Fleiss' kappa (1971) in Gwet's form for missing values; weighted with ``weights``.

    pi_k = (1/n) sum_i r_ik/r_i over units with r_i >= 1; p_e = sum_kl w_kl pi_k pi_l.
    Undefined if no unit has two ratings or only one category was used.
    """
    parts = _Parts(ratings, weights)
    toward = (parts.weights + parts.weights.T) @ parts.pi / 2
    return _coefficient(parts, float(parts.pi @ parts.weights @ parts.pi), parts.shares @ toward, ONE_CATEGORY)


def gwet_ac1(ratings: Ratings, weights: Floats | None = None) -> Estimate:
    """Gwet's AC1 (2008); with ``weights`` AC2.

    p_e = T_w/(q(q-1)) sum_k pi_k (1 - pi_k), T_w = sum_kl w_kl (q without weights); q counts declared categories.
    Undefined if no unit has two ratings or fewer than two categories are declared.
    """
    parts = _Parts(ratings, weights)
    if parts.q < 2:
        return undefined(NO_PAIRS if not parts.pairable else ONE_DECLARED)
    scale = parts.weights.sum() / (parts.q * (parts.q - 1))
    expected = float(scale * (parts.pi * (1 - parts.pi)).sum())
    return _coefficient(parts, expected, scale * (parts.shares @ (1 - parts.pi)), ONE_CATEGORY)


def brennan_prediger(ratings: Ratings, weights: Floats | None = None) -> Estimate:
    """Brennan-Prediger (1981), also S of Bennett and Randolph's free-marginal kappa: p_e = T_w / q^2.

    q counts declared categories, so an unused one changes the answer. Undefined if q < 2 or no unit has two ratings.
    """
    parts = _Parts(ratings, weights)
    expected = float(parts.weights.sum() / parts.q**2) if parts.q else 1.0
    return _coefficient(parts, expected, np.full(len(parts.times), expected), ONE_DECLARED)


def conger_kappa(ratings: Ratings, weights: Floats | None = None) -> Estimate:
    """Conger's kappa (1980): each coder's own margins; equals Cohen's for two coders and complete data.

    p_gk = share of coder g's ratings in k; p_e = (1/(R(R-1))) sum_{g != h} sum_kl w_kl p_gk p_hl, which without
    weights is sum_k (p_k^2 - s_k^2/R) with the mean and variance of p_gk over coders.
    Undefined if no unit has two ratings, a coder rated nothing, or all rated all in one category.
    """
    parts = _Parts(ratings, weights)
    if not parts.pairable:
        return undefined(NO_PAIRS)
    rated = parts.values != MISSING
    n_g = parts.times @ rated
    if not n_g.all():
        return undefined(f"coder {ratings.coders[int(np.argmin(n_g))]} rated no unit")
    p = np.array([parts.times @ (parts.values == k) for k in range(parts.q)]).T / n_g[:, None]
    coders = len(n_g)
    p_all = p.sum(axis=0)
    between = np.outer(p_all, p_all) - p.T @ p
    expected = float((parts.weights * between).sum() / (coders * (coders - 1)))
    return _coefficient(parts, expected, _conger_parts(parts, p, n_g, rated), ONE_CATEGORY)


def _conger_parts(
    parts: _Parts, p: Floats, n_g: Floats, rated: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
) -> Floats:
    """p_ei of Conger: (1/(R(R-1))) sum_g sum_k L_gik (R p_k - p_gk), L as in Gwet 2014."""
    coders = len(n_g)
    others = (p.sum(axis=0) - p) @ parts.weights  # row g: sum_k w_kl (R p_k - p_gk)
    gain = np.zeros(len(parts.times))
    for g in range(coders):
        given = np.where(rated[:, g], others[g][parts.values[:, g]], 0.0)
        surplus = (rated[:, g] - n_g[g] / parts.n) * (p[g] @ others[g])
        gain += parts.n / n_g[g] * (given - surplus)
    return np.asarray(gain / (coders * (coders - 1)))


def agreement_krippendorff(ratings: Ratings) -> Estimate:
    """1 - D_o of Krippendorff's alpha: pairable ratings, each weighted alike, that agree.

    A = sum_i sum_k r_ik (r_ik - 1)/(r_i - 1) / sum_i r_i over units with r_i >= 2. It differs from percent agreement
    once ratings are missing. Undefined if no unit has two ratings. It has no standard error of its own.
    """
    parts = _Parts(ratings, None)
    if not parts.pairable:
        return undefined(NO_PAIRS)
    weight = parts.times * parts.raters
    return Estimate(float(weight @ parts.agreeing / weight[parts.paired].sum()))


def fleiss_kappa_category(ratings: Ratings) -> dict[str, Estimate]:
    """Fleiss' kappa of each category against the rest (Fleiss 1971, eq. 10), by category.

    1 - sum_i x_i (R - x_i) / (n R (R-1) p (1-p)), complete data only. Undefined with missing ratings, and for a
    category nobody used or that all used always.
    """
    parts = _Parts(ratings, None)
    names = [str(category) for category in ratings.categories]
    if not parts.pairable or not ratings.complete:
        reason = NO_PAIRS if not parts.pairable else "kappa by category is defined for complete ratings only"
        return dict.fromkeys(names, undefined(reason))
    coders = ratings.values.shape[1]
    p = parts.times @ parts.counts / (parts.n * coders)
    split = parts.times @ (parts.counts * (coders - parts.counts))
    found: dict[str, Estimate] = {}
    for k, name in enumerate(names):
        room = parts.n * coders * (coders - 1) * p[k] * (1 - p[k])
        reason = "nobody used this category" if p[k] == 0 else "every rating is of this category"
        found[name] = undefined(reason) if room <= 0 else Estimate(float(1 - split[k] / room))
    return found


class _Parts:
    """What the coefficients share, computed once: rated units only."""

    def __init__(self, ratings: Ratings, weights: Floats | None) -> None:
        keep = (ratings.raters > 0) & (ratings.times > 0)
        self.q = ratings.q
        self.weights = np.eye(self.q) if weights is None else weights
        self.values, self.times = ratings.values[keep], ratings.times[keep]
        self.counts, self.raters = ratings.counts[keep], ratings.raters[keep]
        self.n = float(self.times.sum())
        self.shares = self.counts / self.raters[:, None]
        self.pi = self.times @ self.shares / self.n if self.n else np.zeros(self.q)
        self.paired = self.raters >= 2
        self.n_pairable = float(self.times[self.paired].sum())
        self.pairable = self.n_pairable > 0
        self.agreeing = self._agreeing()
        self.p_a = float(self.times @ self.agreeing / self.n_pairable) if self.pairable else 0.0

    def _agreeing(self) -> Floats:
        """a_i, 0 for units with a single rating."""
        weighted = self.counts @ self.weights.T
        pairs = (self.counts * (weighted - 1)).sum(axis=1)
        possible = self.raters * (self.raters - 1)
        return np.asarray(np.divide(pairs, possible, out=np.zeros_like(pairs), where=self.paired))


def _coefficient(parts: _Parts, expected: float, expected_of_unit: Floats, one_category: str) -> Estimate:
    if not parts.pairable:
        return undefined(NO_PAIRS)
    estimate = beyond_chance(parts.p_a, expected, one_category)
    return estimate if estimate.value is None else _with_error(estimate, parts, expected, expected_of_unit)


def _with_error(estimate: Estimate, parts: _Parts, expected: float, expected_of_unit: Floats) -> Estimate:
    value = estimate.value
    assert value is not None
    if parts.n <= 1:
        return estimate.noted(ONE_UNIT)
    k = parts.n / parts.n_pairable * (parts.agreeing - expected * parts.paired) / (1 - expected)
    if expected_of_unit.any():
        k = k - 2 * (1 - value) * (expected_of_unit - expected) / (1 - expected)
    se = float(np.sqrt(parts.times @ (k - value) ** 2 / (parts.n * (parts.n - 1))))
    return Estimate(value, se, student_interval(value, se, parts.n - 1), notes=estimate.notes)
