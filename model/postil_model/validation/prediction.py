"""Does a model predict people it was not made of? (docs/methods.md, "Prediction")

With E_p what participant p states and S_t(Q) what at least t people of a set Q state:

    recalled(t)  = sum over p of |E_p and S_t(P - p)|     recall    = recalled / sum |E_p|
    predicted(t) = sum over p of |S_t(P - p)|             precision = recalled / predicted

Leave-one-out prediction: Stone 1974, JRSS B 36:111. Null, for each person left out: |E_p| objects drawn without
replacement from all that anybody states, p included, the others as they are; see `draws`. Since what is predicted
stays as it is, the p of recall is that of precision. Two-sided, with Holm's correction (1979) over the thresholds.

That null takes the people left out for independent of each other, which they are not: the same statements predict and
are predicted. So beside it stands `redraws`, which draws everybody anew; a verdict needs both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from postil_model.counts.proportions import holm
from postil_model.validation.draws import Draw, hits, mean
from postil_model.validation.incidence import Bools

MOST_THRESHOLDS = 12
ALPHA = 0.05
Verdict = Literal["better", "worse", "chance", "undefined"]


@dataclass(frozen=True, slots=True)
class Predicted:
    """What a prediction recalls: ``expected`` under the null, ``p_single`` at this threshold, ``p`` corrected.

    ``p`` is two-sided; None where every draw gives the same, so that nothing can differ from chance. ``p_all`` is that
    of precision with everybody drawn anew, corrected as well; None where that was not asked for.
    """

    t: int
    recalled: int
    of: int
    predicted: int
    expected: float
    p_single: float | None
    p: float | None
    p_all: float | None = None

    @property
    def recall(self) -> float | None:
        """Share of what was stated that was predicted."""
        return self.recalled / self.of if self.of else None

    @property
    def precision(self) -> float | None:
        """Share of what was predicted that was stated."""
        return self.recalled / self.predicted if self.predicted else None

    @property
    def null(self) -> float | None:
        """Expected recall under the null."""
        return self.expected / self.of if self.of else None

    @property
    def lift(self) -> float | None:
        """Recalled, as a multiple of what is expected."""
        return self.recalled / self.expected if self.expected else None

    @property
    def verdict(self) -> Verdict:
        """Whether it predicts better than chance, worse, or as chance does, under each null that was tried."""
        if self.p is None:
            return "undefined"
        if self.p >= ALPHA or (self.p_all is not None and self.p_all >= ALPHA):
            return "chance"
        return "better" if self.recalled > self.expected else "worse"


def thresholds_up_to(most: int) -> list[int]:
    """1 to ``most``; of more than twelve the first six, and as many spread over the rest.

    >>> thresholds_up_to(3), thresholds_up_to(100)
    ([1, 2, 3], [1, 2, 3, 4, 5, 6, 22, 37, 53, 69, 84, 100])
    """
    if most <= MOST_THRESHOLDS:
        return list(range(1, max(most, 1) + 1))
    half = MOST_THRESHOLDS // 2
    return [*range(1, half + 1), *sorted({round(float(x)) for x in np.linspace(half, most, half + 1)[1:]})]


def leave_one_out(stated: Bools, thresholds: Sequence[int] = ()) -> list[Predicted]:
    """Each row of ``stated`` (participants x objects) predicted from all others.

    Without ``thresholds`` up to one below the most people behind an object: above that nothing can be recalled.
    """
    stated = stated[:, stated.any(axis=0)]
    counts = stated.sum(axis=0)
    others = counts[None, :] - stated
    thresholds = thresholds or thresholds_up_to(int(counts.max(initial=0)) - 1)
    found = [_predicted(t, stated, others >= t, stated.shape[1]) for t in thresholds]
    return corrected(found)


def fit_and_test(fit: Bools, test: Bools, thresholds: Sequence[int] = ()) -> list[Predicted]:
    """What at least t rows of ``fit`` state, held against each row of ``test``; both have the same columns."""
    used = fit.any(axis=0) | test.any(axis=0)
    fit, test = fit[:, used], test[:, used]
    counts = fit.sum(axis=0)
    thresholds = thresholds or thresholds_up_to(int(counts.max(initial=0)))
    shape = (len(test), 1)
    found = [_predicted(t, test, np.tile(counts >= t, shape), int(used.sum())) for t in thresholds]
    return corrected(found)


def declared_as_predictor(stated: Bools, declared: Bools, also: int = 0) -> Predicted:
    """A declared model as predictor of everybody: ``declared[e]`` for each column of ``stated``.

    ``also``: how many declared objects nobody states; they are predictions, too, for each person.
    """
    used = stated.any(axis=0)
    also += int(declared[~used].sum())
    guess = np.tile(declared[used], (len(stated), 1))
    found = _predicted(0, stated[:, used], guess, int(used.sum()))
    return replace(found, predicted=found.predicted + also * len(stated))


def _predicted(t: int, stated: Bools, guessed: Bools, whole: int) -> Predicted:
    said, marked = stated.sum(axis=1), guessed.sum(axis=1)
    recalled = int((stated & guessed).sum())
    draws = [Draw(int(n), int(k), whole) for n, k in zip(said, marked, strict=True)]
    possible = hits(draws)
    p = possible.two_sided(recalled) if len(possible.chances) > 1 else None
    return Predicted(t, recalled, int(said.sum()), int(marked.sum()), mean(draws), p, p)


def corrected(found: Sequence[Predicted]) -> list[Predicted]:
    """With Holm's correction over the thresholds that could be tested."""
    singles = [each.p_single for each in found if each.p_single is not None]
    adjusted = iter(holm(singles))
    return [each if each.p_single is None else replace(each, p=next(adjusted)) for each in found]
