"""The other null of a prediction: what each person states is drawn anew, everybody at once.

Held are how many objects each person states, and that every object is stated by somebody: the objects are known from
the statements, so a table with an object nobody states could not have been seen. All such tables are equally likely.
Where empty columns hardly ever come up, rows are drawn outright; else by a Markov chain that moves one statement at a
time (Besag & Clifford 1989, Biometrika 76:633), many chains side by side. With more than 1,500 statements rows are
always drawn outright: without the second condition tables are a little more concentrated, and a model looks worse.

Leave-one-out counts depend on the column sums k alone: an object is predicted for p if k - [p states it] >= t, so
recalled = sum of k over k > t, and predicted = n times the number of k > t, and n - k for each k = t.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from postil_model.validation.draws import Floats
from postil_model.validation.incidence import Bools
from postil_model.validation.prediction import Predicted

Ints = npt.NDArray[np.int_]
DRAWS, FEWER, FEWEST = 999, 199, 99
MOST_CELLS = 20_000_000  # of all tables drawn together
FEW_STATEMENTS, MOST_STATEMENTS = 300, 1_500  # for 999 chains, and for any
SWEEPS = 10  # moves for each statement
RARE = 0.01  # expected empty columns that do not matter


def redrawn(stated: Bools, found: Sequence[Predicted], seed: int = 1) -> tuple[list[Predicted], int]:
    """``found`` with ``p_all``, two-sided and corrected over the thresholds; and how many tables were drawn.

    p of a tail is (b + 1)/(B + 1) (Phipson & Smyth 2010), 1 where all tables drawn are alike. The thresholds are
    corrected by the smallest p of each table drawn (`stepped_down`): they hang together, and Holm's correction, which
    does not know how far, would be too strict.
    """
    stated = stated[:, stated.any(axis=0)]
    if not stated.size:
        return list(found), 0
    rng = np.random.default_rng(seed)
    chained = _is_chained(stated)
    most = FEWER if chained and stated.sum() > FEW_STATEMENTS else DRAWS
    draws = max(FEWEST, min(most, MOST_CELLS // stated.size))
    sums = _chains(rng, stated, draws) if chained else _outright(rng, stated, draws)
    tested = [each for each in found if each.predicted]
    drawn = np.array([precisions(sums, len(stated), each.t) for each in tested]).reshape(len(tested), draws)
    seen = np.array([each.recalled / each.predicted for each in tested])
    adjusted = iter(stepped_down(np.column_stack([seen, drawn])))
    return [replace(each, p_all=next(adjusted)) if each.predicted else each for each in found], draws


def _is_chained(stated: Bools) -> bool:
    empty = stated.shape[1] * float(np.prod(1 - stated.sum(axis=1) / stated.shape[1]))
    small = int(stated.sum()) <= MOST_STATEMENTS and stated.size * FEWEST <= 4 * MOST_CELLS
    return empty > RARE and small


def stepped_down(values: Floats) -> list[float]:
    """Two-sided p of the first column among all columns, by row, corrected over the rows.

    Step-down by the smallest p (Westfall & Young 1993, algorithm 2.8; Ge, Dudoit & Speed 2003, Test 12:1, box 3).

    >>> stepped_down(np.array([[9.0, 1.0, 2.0, 3.0], [1.0, 1.0, 1.0, 1.0]]))
    [0.5, 1.0]
    """
    count = values.shape[1]
    p = np.ones(values.shape)
    for place, row in enumerate(values):
        order = np.sort(row)
        slack = 1e-12  # the same precision, computed twice, is the same
        more = count - np.searchsorted(order, row - slack, side="left")
        less = np.searchsorted(order, row + slack, side="right")
        p[place] = np.minimum(1.0, 2 * np.minimum(more, less) / count)
    found, smallest, highest = np.ones(len(values)), np.ones(count), 0.0
    ranked = np.argsort(p[:, 0], kind="stable")
    for place in ranked[::-1]:
        smallest = np.minimum(smallest, p[place])
        found[place] = (smallest <= p[place, 0] + 1e-12).sum() / count
    for place in ranked:
        highest = max(highest, float(found[place]))
        found[place] = highest
    return [float(each) for each in found]


def precisions(sums: Ints, n: int, t: int) -> Floats:
    """Leave-one-out precision at t of tables with n rows and these column sums (tables x columns); 0 without any.

    >>> precisions(np.array([[3, 1, 2]]), 4, 2).tolist()  # recalled 3; predicted 4 for the first, 2 for the third
    [0.5]
    """
    recalled = np.where(sums > t, sums, 0).sum(axis=1)
    predicted = n * (sums > t).sum(axis=1) + np.where(sums == t, n - sums, 0).sum(axis=1)
    return np.asarray(np.divide(recalled, predicted, out=np.zeros(len(sums)), where=predicted > 0))


def _chains(rng: np.random.Generator, stated: Bools, draws: int) -> Ints:
    """Column sums of tables reached by moving statements, from the observed one on."""
    person, first = np.nonzero(stated)
    objects = stated.shape[1]
    tables = np.tile(stated, (draws, 1, 1))
    at = np.tile(first, (draws, 1))
    sums = np.tile(stated.sum(axis=0), (draws, 1))
    chain = np.arange(draws)
    for _ in range(SWEEPS * len(person)):
        which = rng.integers(len(person), size=draws)
        new, row, old = rng.integers(objects, size=draws), person[which], at[chain, which]
        moved = ~tables[chain, row, new] & (sums[chain, old] > 1)
        c, w, r, o, e = chain[moved], which[moved], row[moved], old[moved], new[moved]
        tables[c, r, o], tables[c, r, e] = False, True
        at[c, w] = e
        sums[c, o] -= 1
        sums[c, e] += 1
    return sums


def _outright(rng: np.random.Generator, stated: Bools, draws: int) -> Ints:
    """Column sums of tables whose rows are drawn without regard to each other."""
    said = stated.sum(axis=1)
    sums = np.zeros((draws, stated.shape[1]), dtype=int)
    last = np.maximum(said - 1, 0)[:, None]
    for number in range(draws):
        marks = rng.random(stated.shape, dtype=np.float32)
        limit = np.take_along_axis(np.sort(marks, axis=1), last, axis=1)
        sums[number] = ((marks <= limit) & (said > 0)[:, None]).sum(axis=0)
    return sums
