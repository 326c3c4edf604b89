"""Agreement of two coders on the units that both rated: Cohen, Scott, weighted kappa; Light's mean over pairs.

p_kl is the share of units put in k by the first and in l by the second coder, p_k+ and p_+l the margins.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from postil_model.agreement.measures.estimate import Estimate, beyond_chance, normal_interval, undefined
from postil_model.agreement.measures.kernels import kernel_of
from postil_model.agreement.measures.multi import NO_PAIRS, ONE_CATEGORY, Weights, fleiss_kappa
from postil_model.agreement.measures.ratings import Ratings


def cohen_kappa(ratings: Ratings, weights: Weights = None) -> Estimate:
    """Cohen's kappa (1960), or weighted kappa (1968), of two coders: p_e = sum_kl w_kl p_k+ p_+l.

    Standard error: asymptotic, Fleiss, Cohen & Everitt 1969; interval by the normal distribution, upper end cut at 1.
    Undefined if no unit was rated by both, or if chance alone would agree always (both used one and the same category).
    """
    if ratings.values.shape[1] != 2:
        raise ValueError("Cohen's kappa is of two coders")
    both = ratings.pair(0, 1)
    n = float(both.times.sum())
    if not n:
        return undefined(NO_PAIRS)
    kernel = kernel_of(weights, ratings.q)
    (one, other), p = both.values.T, both.times / n  # p: share of all units that a row stands for
    rows, columns = (np.bincount(k, weights=p, minlength=ratings.q).astype(float) for k in (one, other))
    toward_rows, toward_columns = kernel.times(rows), kernel.times(columns)
    w = kernel.at(one, other)
    observed, expected = float(p @ w), float(rows @ toward_columns)
    estimate = beyond_chance(observed, expected, ONE_CATEGORY)
    if estimate.value is None:
        return estimate
    kappa = estimate.value
    w_bar = toward_columns[one] + toward_rows[other]
    spread = p @ (w - w_bar * (1 - kappa)) ** 2 - (kappa - expected * (1 - kappa)) ** 2
    se = float(np.sqrt(max(spread, 0.0) / n) / (1 - expected))
    return Estimate(kappa, se, normal_interval(kappa, se))


def scott_pi(ratings: Ratings, weights: Weights = None) -> Estimate:
    """Scott's pi (1955) of two coders: p_e = sum_k ((p_k+ + p_+k)/2)^2, on the units rated by both.

    It is Fleiss' kappa of these units, whose standard error (Gwet's) it takes. Undefined as Cohen's kappa is, but also
    never when the two used different categories.
    """
    if ratings.values.shape[1] != 2:
        raise ValueError("Scott's pi is of two coders")
    return fleiss_kappa(ratings.pair(0, 1), weights)


def pairwise(ratings: Ratings) -> dict[tuple[str, str], Ratings]:
    """The ratings of every pair of coders, in the order of the coders."""
    names = ratings.coders
    return {(names[i], names[j]): ratings.pair(i, j) for i, j in combinations(range(len(names)), 2)}


def light_kappa(ratings: Ratings, weights: Weights = None) -> Estimate:
    """Light's kappa (1971): the mean of Cohen's kappas of all pairs of coders; undefined if one of them is.

    It has no standard error of its own.
    """
    kappas = {pair: cohen_kappa(of_pair, weights) for pair, of_pair in pairwise(ratings).items()}
    for (first, second), kappa in kappas.items():
        if kappa.undefined is not None:
            return undefined(f"Cohen's kappa of {first} and {second} is undefined: {kappa.undefined}")
    return Estimate(float(np.mean([kappa.value for kappa in kappas.values()])))
