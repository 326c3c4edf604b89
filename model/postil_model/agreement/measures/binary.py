"""Closed forms of the measures of one code (applied or not), over whole arrays of sums at once.

Two categories are declared (applied, not applied), so q = 2. Inside this module an undefined answer is NaN in an array;
``Estimate`` values with the reason are made of it by ``resample`` before anything leaves the package. Formulas are
those of ``multi``, ``alpha`` and ``pairs``, written as 1 - disagreement/room: the room is what chance leaves, 1 - p_e.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations

import numpy as np

from postil_model.agreement.measures import tallies as t
from postil_model.agreement.measures.ratings import Floats
from postil_model.agreement.measures.tallies import Tallies

Parts = tuple[Floats, Floats]
Closed = Callable[[Tallies], Floats]
ClosedPair = Callable[[Floats], Floats]


def _divided(numerator: Floats, denominator: Floats) -> Floats:
    good = denominator > 0
    return np.asarray(np.divide(numerator, denominator, out=np.full(np.shape(denominator), np.nan), where=good))


def _beyond(parts: Parts) -> Floats:
    """1 - disagreement / room, NaN without room."""
    return np.asarray(1 - _divided(*parts))


def _apart(sums: Tallies) -> Floats:
    """1 - p_a."""
    return np.asarray(1 - _divided(sums.sums[..., t.AGREEING], sums.sums[..., t.N_PAIRABLE]))


def _share(sums: Tallies) -> Floats:
    return _divided(sums.sums[..., t.SHARE], sums.sums[..., t.N])


def percent_agreement(sums: Tallies) -> Parts:
    """p_a: share of agreeing pairs of coders, mean over units with two or more coders."""
    apart = _apart(sums)
    return apart, np.ones_like(apart)


def agreement_krippendorff(sums: Tallies) -> Parts:
    """1 - D_o = 1 - 2 o_10 / N."""
    apart = _divided(2 * sums.sums[..., t.CROSSING], sums.sums[..., t.RATINGS])
    return apart, np.ones_like(apart)


def krippendorff_alpha(sums: Tallies) -> Parts:
    """1 - D_o / D_e, D_o = 2 o_10 / N, D_e = 2 n_1 n_0 / (N (N-1))."""
    total, ones = sums.sums[..., t.RATINGS], sums.sums[..., t.ONES]
    apart = _divided(2 * sums.sums[..., t.CROSSING], total)
    return apart, _divided(2 * ones * (total - ones), total * (total - 1))


def fleiss_kappa(sums: Tallies) -> Parts:
    """1 - (1 - p_a) / (2 pi (1 - pi))."""
    pi = _share(sums)
    return _apart(sums), 2 * pi * (1 - pi)


def gwet_ac1(sums: Tallies) -> Parts:
    """1 - (1 - p_a) / (1 - 2 pi (1 - pi))."""
    pi = _share(sums)
    return _apart(sums), 1 - 2 * pi * (1 - pi)


def brennan_prediger(sums: Tallies) -> Parts:
    """1 - (1 - p_a) / (1/2)."""
    apart = _apart(sums)
    return apart, np.full_like(apart, 0.5)


def conger_kappa(sums: Tallies) -> Parts:
    """1 - (1 - p_a) / (1 - p_e), p_e the mean over pairs of coders of the agreement of their margins."""
    p = _divided(sums.coded, sums.seen)
    coders = p.shape[-1]
    total = p.sum(axis=-1)
    # sum over ordered pairs g != h of p_g (1 - p_h)
    crossing = total * coders - total - (total**2 - (p**2).sum(axis=-1))
    return _apart(sums), 2 * crossing / (coders * (coders - 1))


PARTS: Mapping[str, Callable[[Tallies], Parts]] = {
    "percent_agreement": percent_agreement,
    "agreement_krippendorff": agreement_krippendorff,
    "krippendorff_alpha": krippendorff_alpha,
    "fleiss_kappa": fleiss_kappa,
    "conger_kappa": conger_kappa,
    "gwet_ac1": gwet_ac1,
    "brennan_prediger": brennan_prediger,
}


def light_kappa(sums: Tallies) -> Floats:
    """Mean of Cohen's kappas of all pairs, undefined if one is."""
    kappas = [cohen_kappa(sums.pair_counts(number)) for number in range(len(sums.pairs))]
    return np.asarray(np.mean(np.stack(kappas), axis=0))


def closed(name: str) -> Closed:
    """A measure as a function of sums."""
    return light_kappa if name == "light_kappa" else lambda sums: _beyond(PARTS[name](sums))


MULTI: Mapping[str, Closed] = {name: closed(name) for name in (*PARTS, "light_kappa")}


def pooled_over_codes(name: str) -> Closed:
    """A measure of all codes together: 1 - mean disagreement / mean room, as de Vries et al. (2008) pool kappa.

    Codes are the last axis. A code nobody applied adds no disagreement and no room, so it changes nothing but for
    measures whose room does not depend on use (percent agreement, Brennan-Prediger, AC1).
    """

    def pooled(sums: Tallies) -> Floats:
        apart, room = PARTS[name](sums)
        return _beyond((np.asarray(apart.mean(axis=-1)), np.asarray(room.mean(axis=-1))))

    return pooled


def pair_agreement(counts: Floats) -> Floats:
    """p_o = (n11 + n00) / n."""
    return _divided(counts[..., 0] + counts[..., 3], counts.sum(axis=-1))


def cohen_kappa(counts: Floats) -> Floats:
    """1 - n (n10 + n01) / (r1 c0 + r0 c1), r and c the row and column sums."""
    n11, n10, n01, n00 = np.moveaxis(counts, -1, 0)
    room = (n11 + n10) * (n10 + n00) + (n01 + n00) * (n11 + n01)
    return np.asarray(1 - _divided((n10 + n01) * counts.sum(axis=-1), room))


def scott_pi(counts: Floats) -> Floats:
    """1 - 2 n (n10 + n01) / (n_1 n_0), n_1 and n_0 the ratings of both coders together."""
    ones, zeros = _ones_zeros(counts)
    return np.asarray(1 - _divided(2 * counts.sum(axis=-1) * (counts[..., 1] + counts[..., 2]), ones * zeros))


def pair_alpha(counts: Floats) -> Floats:
    """Krippendorff's alpha of the two: 1 - (2n - 1) (n10 + n01) / (n_1 n_0)."""
    ones, zeros = _ones_zeros(counts)
    return np.asarray(1 - _divided((2 * counts.sum(axis=-1) - 1) * (counts[..., 1] + counts[..., 2]), ones * zeros))


def pair_ac1(counts: Floats) -> Floats:
    """Gwet's AC1 of the two."""
    ones, _ = _ones_zeros(counts)
    n = counts.sum(axis=-1)
    pi = _divided(ones, 2 * n)
    return np.asarray(1 - _divided(1 - pair_agreement(counts), 1 - 2 * pi * (1 - pi)))


def pair_brennan_prediger(counts: Floats) -> Floats:
    """2 p_o - 1."""
    return np.asarray(2 * pair_agreement(counts) - 1)


def jaccard(counts: Floats) -> Floats:
    """n11 / (n11 + n10 + n01): of what either coded, the share both did."""
    return _divided(counts[..., 0], counts[..., :3].sum(axis=-1))


def dice(counts: Floats) -> Floats:
    """2 n11 / (2 n11 + n10 + n01)."""
    return _divided(2 * counts[..., 0], counts[..., :3].sum(axis=-1) + counts[..., 0])


def _ones_zeros(counts: Floats) -> tuple[Floats, Floats]:
    n11, n10, n01, n00 = np.moveaxis(counts, -1, 0)
    return 2 * n11 + n10 + n01, 2 * n00 + n10 + n01


PAIR: Mapping[str, ClosedPair] = {
    "percent_agreement": pair_agreement,
    "cohen_kappa": cohen_kappa,
    "scott_pi": scott_pi,
    "krippendorff_alpha": pair_alpha,
    "gwet_ac1": pair_ac1,
    "brennan_prediger": pair_brennan_prediger,
    "jaccard": jaccard,
    "dice": dice,
}


def pooled_kappa(counts: Floats) -> Floats:
    """Pooled kappa over codes (de Vries et al. 2008): (mean p_o - mean p_e) / (1 - mean p_e).

    ``counts`` is [..., code, 4]; all codes have the same text. Undefined if no code was used by either (or all always).
    """
    n = counts.sum(axis=-1)
    n11, n10, n01, n00 = np.moveaxis(counts, -1, 0)
    room = (n11 + n10) * (n10 + n00) + (n01 + n00) * (n11 + n01)
    disagreement = _divided(n10 + n01, n).mean(axis=-1)
    return np.asarray(1 - _divided(disagreement, _divided(room, n**2).mean(axis=-1)))


def pair_names(coders: tuple[str, ...]) -> list[str]:
    """The pairs' names, ``a|b``, in the order of the coders."""
    return [f"{a}|{b}" for a, b in combinations(coders, 2)]
