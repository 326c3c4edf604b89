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

from itertools import combinations

import numpy as np

from postil_model.agreement.measures.estimate import Estimate, beyond_chance, student_interval, undefined
from postil_model.agreement.measures.kernels import Kernel, kernel_of
from postil_model.agreement.measures.ratings import MISSING, Floats, Ints, Ratings, category_counts

Weights = Kernel | Floats | None  # None: 1 for equal categories, 0 for others

NO_PAIRS = "no unit was rated by two coders"
ONE_CATEGORY = "only one category was used, so chance alone would agree always"
ONE_DECLARED = "only one category is declared, so chance alone would agree always"
ONE_UNIT = "no standard error: a single unit with two ratings has no spread"


def percent_agreement(ratings: Ratings, weights: Weights = None) -> Estimate:
    """Mean over units with two or more ratings of the share of agreeing pairs of coders: Gwet's p_a.

    Not chance corrected. The other convention is ``agreement_krippendorff``. Undefined if no unit has two ratings.
    """
    parts = _Parts(ratings, weights)
    if not parts.pairable:
        return undefined(NO_PAIRS)
    return _with_error(Estimate(parts.p_a), parts, 0.0, np.zeros(len(parts.times)))


def fleiss_kappa(ratings: Ratings, weights: Weights = None) -> Estimate:
    """Fleiss' kappa (1971) in Gwet's form for missing values; weighted with ``weights``.

    pi_k = (1/n) sum_i r_ik/r_i over units with r_i >= 1; p_e = sum_kl w_kl pi_k pi_l.
    Undefined if no unit has two ratings or only one category was used.
    """
    parts = _Parts(ratings, weights)
    toward = parts.weights.times(parts.pi)
    return _coefficient(parts, float(parts.pi @ toward), parts.mean_of(toward), ONE_CATEGORY)


def gwet_ac1(ratings: Ratings, weights: Weights = None) -> Estimate:
    """Gwet's AC1 (2008); with ``weights`` AC2.

    p_e = T_w/(q(q-1)) sum_k pi_k (1 - pi_k), T_w = sum_kl w_kl (q without weights); q counts declared categories.
    Undefined if no unit has two ratings or fewer than two categories are declared.
    """
    parts = _Parts(ratings, weights)
    if parts.q < 2:
        return undefined(NO_PAIRS if not parts.pairable else ONE_DECLARED)
    scale = parts.weights.total / (parts.q * (parts.q - 1))
    expected = float(scale * (parts.pi * (1 - parts.pi)).sum())
    return _coefficient(parts, expected, scale * parts.mean_of(1 - parts.pi), ONE_CATEGORY)


def brennan_prediger(ratings: Ratings, weights: Weights = None) -> Estimate:
    """Brennan-Prediger (1981), also S of Bennett and Randolph's free-marginal kappa: p_e = T_w / q^2.

    q counts declared categories, so an unused one changes the answer. Undefined if q < 2 or no unit has two ratings.
    """
    parts = _Parts(ratings, weights)
    expected = float(parts.weights.total / parts.q**2) if parts.q else 1.0
    return _coefficient(parts, expected, np.full(len(parts.times), expected), ONE_DECLARED)


def conger_kappa(ratings: Ratings, weights: Weights = None) -> Estimate:
    """Conger's kappa (1980): each coder's own margins; equals Cohen's for two coders and complete data.

    p_gk = share of coder g's ratings in k; p_e = (1/(R(R-1))) sum_{g != h} sum_kl w_kl p_gk p_hl, which without
    weights is sum_k (p_k^2 - s_k^2/R) with the mean and variance of p_gk over coders.
    Undefined if no unit has two ratings, a coder rated nothing, or all rated all in one category.
    """
    parts = _Parts(ratings, weights)
    if not parts.pairable:
        return undefined(NO_PAIRS)
    n_g = parts.times @ parts.rated
    if not n_g.all():
        return undefined(f"coder {ratings.coders[int(np.argmin(n_g))]} rated no unit")
    p = np.array([parts.shares_of(g) for g in range(len(n_g))]) / n_g[:, None]
    coders = len(n_g)
    others = parts.weights.times(p.sum(axis=0) - p)  # row g: sum_l w_kl (R p_l - p_gl)
    expected = float((p * others).sum() / (coders * (coders - 1)))
    return _coefficient(parts, expected, _conger_parts(parts, p, n_g, others), ONE_CATEGORY)


def _conger_parts(parts: _Parts, p: Floats, n_g: Floats, others: Floats) -> Floats:
    """p_ei of Conger: (1/(R(R-1))) sum_g sum_k L_gik (R p_k - p_gk), L as in Gwet 2014."""
    coders = len(n_g)
    gain = np.zeros(len(parts.times))
    for g in range(coders):
        given = np.where(parts.rated[:, g], others[g][parts.values[:, g]], 0.0)
        surplus = (parts.rated[:, g] - n_g[g] / parts.n) * (p[g] @ others[g])
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
    counts = ratings.counts[parts.kept]
    p = parts.times @ counts / (parts.n * coders)
    split = parts.times @ (counts * (coders - counts))
    found: dict[str, Estimate] = {}
    for k, name in enumerate(names):
        room = parts.n * coders * (coders - 1) * p[k] * (1 - p[k])
        reason = "nobody used this category" if p[k] == 0 else "every rating is of this category"
        found[name] = undefined(reason) if room <= 0 else Estimate(float(1 - split[k] / room))
    return found


class _Parts:
    """What the coefficients share, computed once: rated units only."""

    def __init__(self, ratings: Ratings, weights: Weights) -> None:
        self.kept = (ratings.raters > 0) & (ratings.times > 0)
        self.q = ratings.q
        self.weights = kernel_of(weights, self.q)
        self.values, self.times = ratings.values[self.kept], ratings.times[self.kept]
        self.raters = ratings.raters[self.kept]
        self.rated = self.values != MISSING
        self.n = float(self.times.sum())
        each = np.repeat((self.times / self.raters)[:, None], self.values.shape[1], axis=1)[self.rated]
        pi = np.bincount(self.values[self.rated], weights=each, minlength=self.q)
        self.pi = pi / self.n if self.n else np.zeros(self.q)
        self.paired = self.raters >= 2
        self.n_pairable = float(self.times[self.paired].sum())
        self.pairable = self.n_pairable > 0
        pairs = agreeing_pairs(self.values, self.weights)
        possible = self.raters * (self.raters - 1) / 2
        self.agreeing = np.asarray(np.divide(pairs, possible, out=np.zeros_like(pairs), where=self.paired))
        self.p_a = float(self.times @ self.agreeing / self.n_pairable) if self.pairable else 0.0

    def mean_of(self, of_category: Floats) -> Floats:
        """sum_k r_ik f_k / r_i of each unit, f by category."""
        if not self.q:
            return np.zeros(len(self.times))
        return np.asarray(np.where(self.rated, of_category[self.values], 0.0).sum(axis=1) / self.raters)

    def shares_of(self, coder: int) -> Floats:
        """Units that a coder put in each category."""
        rated = self.rated[:, coder]
        return np.bincount(self.values[rated, coder], weights=self.times[rated], minlength=self.q).astype(float)


_FEW = 64  # categories: below it a count by category is cheaper than a walk through pairs of coders


def agreeing_pairs(values: Ints, kernel: Kernel) -> Floats:
    """sum over pairs of coders g < h who both rated unit i of K[value_ig, value_ih], by unit i.

    ``values`` [units, coders] holds indices of categories, ``MISSING`` where there is none.
    """
    units, coders = values.shape
    if kernel.size <= _FEW or coders > kernel.size:
        counts = category_counts(values, kernel.size)
        own = kernel.at(np.arange(kernel.size), np.arange(kernel.size))
        return np.asarray((counts * (kernel.times(counts) - own)).sum(axis=1) / 2)
    found = np.zeros(units)
    for g, h in combinations(range(coders), 2):
        both = (values[:, g] != MISSING) & (values[:, h] != MISSING)
        found[both] += kernel.at(values[both, g], values[both, h])
    return found


def _coefficient(parts: _Parts, expected: float, expected_of_unit: Floats, one_category: str) -> Estimate:
    if not parts.pairable:
        return undefined(NO_PAIRS)
    estimate = beyond_chance(parts.p_a, expected, one_category)
    return estimate if estimate.value is None else _with_error(estimate, parts, expected, expected_of_unit)


def _with_error(estimate: Estimate, parts: _Parts, expected: float, expected_of_unit: Floats) -> Estimate:
    value = estimate.value
    assert value is not None
    if parts.n_pairable <= 1:
        return estimate.noted(ONE_UNIT)
    k = parts.n / parts.n_pairable * (parts.agreeing - expected * parts.paired) / (1 - expected)
    if expected_of_unit.any():
        k = k - 2 * (1 - value) * (expected_of_unit - expected) / (1 - expected)
    se = float(np.sqrt(parts.times @ (k - value) ** 2 / (parts.n * (parts.n - 1))))
    return Estimate(value, se, student_interval(value, se, parts.n - 1), notes=estimate.notes)
