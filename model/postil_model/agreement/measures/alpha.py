"""Krippendorff's alpha, nominal or with any distance, missing ratings allowed.

Coincidences over units with r_i >= 2: o_ck = sum_i r_ic (r_ik - [c=k]) / (r_i - 1), n_c = sum_k o_ck, N = sum n_c.

    alpha = 1 - (N - 1) sum_ck o_ck d_ck / sum_ck n_c n_k d_ck

Sources: Krippendorff 2011, Computing Krippendorff's alpha-reliability; the standard error is the linearisation of Gwet
2014 as irrCAC 1.4 (R) has it, with t of n'-1 degrees of freedom (n' units with two ratings). The KALPHA bootstrap,
which keeps the expected disagreement fixed and is too narrow, is deliberately not offered.
"""

from __future__ import annotations

import numpy as np

from postil_model.agreement.measures.estimate import Estimate, student_interval, undefined
from postil_model.agreement.measures.kernels import Apart, Kernel, Nearness, kernel_of
from postil_model.agreement.measures.multi import NO_PAIRS, ONE_UNIT, agreeing_pairs
from postil_model.agreement.measures.ratings import MISSING, Floats, Ints, Ratings

NO_VARIATION = "all pairable ratings are alike, so there is no disagreement to expect"


def krippendorff_alpha(ratings: Ratings, distance: Kernel | Floats | None = None) -> Estimate:
    """Krippendorff's alpha with its standard error; nominal unless distances over the categories are given.

    Undefined if no unit has two ratings, or if the pairable ratings are all alike (expected disagreement 0).
    """
    kept = (ratings.raters >= 2) & (ratings.times > 0)
    values, raters, times = ratings.values[kept], ratings.raters[kept], ratings.times[kept]
    if not times.sum():
        return undefined(NO_PAIRS)
    apart = Apart(ratings.q) if distance is None else kernel_of(distance, ratings.q)
    margins = value_margins(values, times, ratings.q)
    expected = float(margins @ apart.times(margins))
    if expected <= 0:
        return undefined(NO_VARIATION)
    crossing = 2 * agreeing_pairs(values, apart)  # sum_ck r_ic r_ik d_ck, as d_cc = 0
    observed = float(times @ (crossing / (raters - 1)))
    value = 1 - (float(times @ raters) - 1) * observed / expected
    return _with_error(value, values, raters, times, apart)


def value_margins(values: Ints, times: Floats, size: int) -> Floats:
    """n_c: ratings in each category, a row counted ``times`` times."""
    rated = values != MISSING
    each = np.repeat(times[:, None], values.shape[1], axis=1)[rated]
    return np.bincount(values[rated], weights=each, minlength=size).astype(float)


def _with_error(value: float, values: Ints, raters: Floats, times: Floats, apart: Kernel) -> Estimate:
    """Gwet's standard error with weights 1 - d/max(d); alpha itself does not change with the scale of d."""
    n = float(times.sum())
    if n <= 1:
        return Estimate(value, notes=(ONE_UNIT,))
    weights = Nearness(apart)
    mean_raters = float(times @ raters) / n
    agreeing = 2 * agreeing_pairs(values, weights) / (mean_raters * (raters - 1))
    p_a = float(times @ agreeing) / n
    pi = value_margins(values, times, apart.size) / (n * mean_raters)
    toward = weights.times(pi)
    p_e = float(pi @ toward)
    prime = (p_a - p_e) / (1 - p_e)
    surplus = (raters - mean_raters) / mean_raters
    u = agreeing - p_a * surplus
    v = np.where(values != MISSING, toward[values], 0.0).sum(axis=1) / mean_raters - p_e * surplus
    x = (u - p_e) / (1 - p_e) - 2 * (1 - prime) * (v - p_e) / (1 - p_e)
    se = float(np.sqrt(times @ (x - prime) ** 2 / (n * (n - 1))))
    return Estimate(value, se, student_interval(value, se, n - 1))
