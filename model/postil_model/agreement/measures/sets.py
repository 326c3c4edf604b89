"""Units rated with sets of labels: alpha with Jaccard and MASI distances, and with equality of sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from postil_model.agreement.measures.alpha import krippendorff_alpha
from postil_model.agreement.measures.estimate import Estimate
from postil_model.agreement.measures.multi import percent_agreement
from postil_model.agreement.measures.ratings import Ratings, from_items
from postil_model.agreement.measures.scales import set_distances

Measure = Callable[[Ratings], Estimate]


def from_set_items(items: Sequence[Sequence[Iterable[str] | None]], coders: Sequence[str] = ()) -> Ratings:
    """Ratings whose categories are the label sets that occur; None is missing, an empty set is a rating.

    >>> [sorted(labels) for labels in from_set_items([[["b", "a"], []]]).categories]
    [[], ['a', 'b']]
    """
    frozen: list[list[frozenset[str] | None]] = [
        [None if labels is None else frozenset(labels) for labels in row] for row in items
    ]
    used = {labels for row in frozen for labels in row if labels is not None}
    categories = sorted(used, key=lambda labels: (len(labels), sorted(labels)))
    return from_items(frozen, categories, coders)


def set_measures(ratings: Ratings) -> dict[str, Estimate]:
    """Percent agreement on equal sets and alpha with three distances: equality, Jaccard, MASI.

    The distances enter alpha as they are, not squared (Passonneau 2006). Undefined as alpha is.
    """
    return {name: measure(ratings) for name, measure in measures_of_sets(ratings).items()}


def measures_of_sets(ratings: Ratings) -> dict[str, Measure]:
    """The measures of label sets by name, each to be called with these ratings or a resample of them."""
    sets = [frozenset(str(label) for label in labels) for labels in _as_sets(ratings)]
    jaccard, masi = set_distances(sets, "jaccard"), set_distances(sets, "masi")
    return {
        "percent_agreement": percent_agreement,
        "krippendorff_alpha_setequality": krippendorff_alpha,
        "alpha_jaccard": lambda r: krippendorff_alpha(r, jaccard),
        "alpha_masi": lambda r: krippendorff_alpha(r, masi),
    }


def _as_sets(ratings: Ratings) -> list[frozenset[object]]:
    if not all(isinstance(category, frozenset) for category in ratings.categories):
        raise ValueError("these ratings are not label sets; make them with from_set_items")
    return [category for category in ratings.categories if isinstance(category, frozenset)]
