"""All measures of rated units at once, under the names that every output uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from postil_model.agreement.measures import alpha, multi, pairs
from postil_model.agreement.measures.estimate import Estimate, Interval, in_range
from postil_model.agreement.measures.ratings import Floats, Ratings
from postil_model.agreement.measures.scales import Scale, distancing, weighting

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
    return _estimated(nominal_measures(len(ratings.coders)), ratings)


def nominal_measures(coders: int) -> dict[str, Measure]:
    """The nominal measures of so many coders, by name."""
    return {**NOMINAL, **(OF_TWO if coders == 2 else {"light_kappa": pairs.light_kappa})}


def count_measures() -> dict[str, Measure]:
    """The measures that need to know how many coders chose a category, and not who."""
    return {name: measure for name, measure in NOMINAL.items() if name != "conger_kappa"}


def pair_measures(ratings: Ratings, scale: Scale = "nominal") -> dict[tuple[str, str], dict[str, Estimate]]:
    """Percent agreement, Cohen and Scott of every pair of coders, on the units that both rated; weighted on a scale."""
    if scale == "nominal":
        measures: dict[str, Measure] = {"percent_agreement": multi.percent_agreement, **OF_TWO}
    else:
        w = weighting(scale, scale_values(ratings, scale))
        measures = {
            "percent_agreement": lambda r: multi.percent_agreement(r, w),
            "cohen_kappa": lambda r: pairs.cohen_kappa(r, w),
            "scott_pi": lambda r: pairs.scott_pi(r, w),
        }
    return {pair: _estimated(measures, of_pair) for pair, of_pair in pairs.pairwise(ratings).items()}


def _estimated(measures: Mapping[str, Measure], ratings: Ratings) -> dict[str, Estimate]:
    return {name: measure(ratings) for name, measure in measures.items()}


def scaled_measures(ratings: Ratings, scale: Scale) -> dict[str, Estimate]:
    """The measures of a coded scale: weighted percent agreement, weighted kappas, AC2 and alpha.

    Weights are Gwet's, alpha's distances Krippendorff's (see ``scales``). The categories must be numbers, or words
    declared in ascending order for an ordinal scale.
    """
    return _estimated(measures_of_scale(ratings, scale), ratings)


def measures_of_scale(ratings: Ratings, scale: Scale) -> dict[str, Measure]:
    """The measures of a coded scale by name, each to be called with these ratings or a resample of them."""
    values = scale_values(ratings, scale)
    w = weighting(scale, values)
    found: dict[str, Measure] = {
        "percent_agreement": lambda r: multi.percent_agreement(r, w),
        "krippendorff_alpha": lambda r: alpha.krippendorff_alpha(r, distancing(scale, values, _margins(r))),
        "fleiss_kappa": lambda r: multi.fleiss_kappa(r, w),
        "conger_kappa": lambda r: multi.conger_kappa(r, w),
        "gwet_ac2": lambda r: multi.gwet_ac1(r, w),
        "brennan_prediger": lambda r: multi.brennan_prediger(r, w),
    }
    if len(ratings.coders) == 2:
        return found | {"cohen_kappa": lambda r: pairs.cohen_kappa(r, w), "scott_pi": lambda r: pairs.scott_pi(r, w)}
    return found | {"light_kappa": lambda r: pairs.light_kappa(r, w)}


def scale_values(ratings: Ratings, scale: Scale) -> list[float]:
    """The numbers of the categories; of an ordinal scale their ranks, which words have too."""
    if scale == "ordinal":
        return [float(rank) for rank in range(1, ratings.q + 1)]
    return [float(str(category)) for category in ratings.categories]


def _margins(ratings: Ratings) -> Floats:
    """n_c: pairable ratings in each category."""
    return alpha.value_margins(ratings.values, ratings.times * (ratings.raters >= 2), ratings.q)


REPLICATES = 1000
DEFINED = 0.95  # share of replicates in which a measure must be defined to have an interval
NOT_DEFINED = "no interval: in more than 1 of 20 replicates the measure is undefined"


def bootstrapped(
    ratings: Ratings, measures: Mapping[str, Measure], replicates: int = REPLICATES, seed: int = 1
) -> dict[str, Estimate]:
    """Every measure with the percentile interval over resamples of whole units, drawn with replacement.

    All measures are worked out on the same draws, so their intervals can be compared. Units that were rated alike are
    drawn together (a multinomial draw). ``se`` is the standard deviation over the replicates.
    """
    values, places = np.unique(ratings.values, axis=0, return_inverse=True)
    times = np.bincount(places.ravel(), weights=ratings.times, minlength=len(values)).astype(float)
    alike = Ratings(values, ratings.categories, ratings.coders, times)
    units = int(times.sum())
    random, shares = np.random.default_rng(seed), times / max(units, 1)
    found: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(replicates if units else 0):
        sample = alike.resampled(random.multinomial(units, shares).astype(float))
        for name, measure in measures.items():
            value = measure(sample).value
            if value is not None:
                found[name].append(value)
    return {
        name: _with_percentiles(name, measure(ratings), found[name], replicates) for name, measure in measures.items()
    }


def _with_percentiles(name: str, whole: Estimate, values: Sequence[float], replicates: int) -> Estimate:
    if whole.value is None:
        return whole
    if len(values) < DEFINED * replicates:
        return whole.without_interval(NOT_DEFINED)
    low, high = np.percentile(values, [2.5, 97.5])
    return in_range(name, Estimate(whole.value, float(np.std(values, ddof=1)), (float(low), float(high))))


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
