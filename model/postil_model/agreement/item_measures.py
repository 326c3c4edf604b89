"""All measures of rated units at once, under the names that every output uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from postil_model.agreement import alpha, multi, pairs
from postil_model.agreement.estimate import Estimate, Interval
from postil_model.agreement.ratings import Floats, Ratings
from postil_model.agreement.scales import Scale, distancing, weighting

Measure = Callable[[Ratings], Estimate]

NOMINAL: Mapping[str, Measure] = {
    "percent_agreement": multi.percent_agreement,
    "agreement_krippendorff": multi.agreement_krippendorff,
    "krippendorff_alpha": alpha.krippendorff_alpha,
    "fleiss_kappa": multi.fleiss_kappa,
    "conger_kappa": multi.conger_kappa,
    "gwet_ac1": multi.gwet_ac1,
    "brennan_prediger": multi.brennan_prediger,
}
OF_TWO: Mapping[str, Measure] = {"cohen_kappa": pairs.cohen_kappa, "scott_pi": pairs.scott_pi}


def item_measures(ratings: Ratings) -> dict[str, Estimate]:
    """Every nominal measure; Cohen and Scott for two coders, Light for more."""
    found = {name: measure(ratings) for name, measure in NOMINAL.items()}
    if len(ratings.coders) == 2:
        return found | {name: measure(ratings) for name, measure in OF_TWO.items()}
    return found | {"light_kappa": pairs.light_kappa(ratings)}


def pair_measures(ratings: Ratings) -> dict[tuple[str, str], dict[str, Estimate]]:
    """Percent agreement, Cohen and Scott of every pair of coders, on the units that both rated."""
    measures = {"percent_agreement": multi.percent_agreement, **OF_TWO}
    return {
        pair: {name: measure(of_pair) for name, measure in measures.items()}
        for pair, of_pair in pairs.pairwise(ratings).items()
    }


def scaled_measures(ratings: Ratings, scale: Scale) -> dict[str, Estimate]:
    """The measures of a coded scale: weighted percent agreement, weighted kappas, AC2 and alpha.

    Weights are Gwet's, alpha's distances Krippendorff's (see ``scales``). The categories must be numbers; ordinal ones
    must be declared in ascending order.
    """
    values = [float(str(category)) for category in ratings.categories]
    w = weighting(scale, values)
    found = {
        "percent_agreement": multi.percent_agreement(ratings, w),
        "krippendorff_alpha": alpha.krippendorff_alpha(ratings, distancing(scale, values, _margins(ratings))),
        "fleiss_kappa": multi.fleiss_kappa(ratings, w),
        "conger_kappa": multi.conger_kappa(ratings, w),
        "gwet_ac2": multi.gwet_ac1(ratings, w),
        "brennan_prediger": multi.brennan_prediger(ratings, w),
    }
    if len(ratings.coders) == 2:
        return found | {"cohen_kappa": pairs.cohen_kappa(ratings, w), "scott_pi": pairs.scott_pi(ratings, w)}
    return found | {"light_kappa": pairs.light_kappa(ratings, w)}


def _margins(ratings: Ratings) -> Floats:
    """n_c: pairable ratings in each category."""
    return alpha.value_margins(ratings.values, ratings.times * (ratings.raters >= 2), ratings.q)


def bootstrap_items(ratings: Ratings, measure: Measure, replicates: int = 2000, seed: int = 1) -> Interval | None:
    """95% percentile interval of ``measure`` over resamples of whole units; None if none of them is defined.

    Units must be independent of one another for it to mean anything: not characters, and rarely turns of one talk.
    """
    rows = np.repeat(np.arange(len(ratings.times)), ratings.times.astype(int))
    random = np.random.default_rng(seed)
    values = []
    for _ in range(replicates):
        drawn = random.choice(rows, size=len(rows))
        value = measure(ratings.resampled(np.bincount(drawn, minlength=len(ratings.times)).astype(float))).value
        if value is not None:
            values.append(value)
    if not values:
        return None
    low, high = np.percentile(values, [2.5, 97.5])
    return (float(low), float(high))
