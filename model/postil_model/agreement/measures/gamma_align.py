"""The best alignment of the coders' units, exactly: an assignment for two coders, an integer programme for more.

A unitary alignment takes one unit or none of each coder; its disorder is the sum of d over pairs of coders divided by
their number; an alignment holds each unit once. The problem falls apart into groups of units that could meet at all, so
each group is solved by itself.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from postil_model.agreement.measures.gamma_units import Alignment, Dissimilarity, GammaUnits
from postil_model.agreement.measures.ratings import Floats, Ints

NONE = -1

# Several alignments may have the least disorder, and gamma-cat depends on which is taken. The rule: the one with the
# fewest unitary alignments (pair what can be paired). A cost this small on each of them decides between equals only.
TIE = 1e-9


def best_alignment(coders: list[GammaUnits], d: Dissimilarity) -> Alignment:
    """The alignment with the least disorder (one of them, where several are equally good)."""
    return _align_two(coders[0], coders[1], d) if len(coders) == 2 else _align_many(coders, d)


def disorder(alignment: Alignment, coders: list[GammaUnits], d: Dissimilarity) -> float:
    """Sum of the unitary disorders over the mean number of units of a coder."""
    units = sum(len(units) for units in coders)
    return float(_costs(alignment, coders, d).sum() / (units / len(coders)))


def _costs(alignment: Alignment, coders: list[GammaUnits], d: Dissimilarity) -> Floats:
    """The disorder of each unitary alignment."""
    total = np.zeros(len(alignment))
    pairs = list(combinations(range(len(coders)), 2))
    for i, j in pairs:
        a, b = alignment[:, i], alignment[:, j]
        both = (a != NONE) & (b != NONE)
        total[~both] += d.empty
        total[both] += _paired(coders[i], coders[j], a[both], b[both], d)
    return np.asarray(total / len(pairs))


def _paired(one: GammaUnits, other: GammaUnits, a: Ints, b: Ints, d: Dissimilarity) -> Floats:
    apart = np.abs(one.start[a] - other.start[b]) + np.abs(one.end[a] - other.end[b])
    lengths = one.end[a] - one.start[a] + other.end[b] - other.start[b]
    differs = one.category[a] != other.category[b]
    return np.asarray((d.alpha * (apart / lengths) ** 2 + d.beta * differs) * d.empty)


def _align_two(a: GammaUnits, b: GammaUnits, d: Dissimilarity) -> Alignment:
    """Pair two units where that is cheaper than leaving both alone (2 D), by an assignment in each group."""
    from scipy.optimize import linear_sum_assignment

    gain = np.minimum(d.combined(a, b) - (2 + TIE) * d.empty, 0.0)
    pairs = []
    for rows, columns in _groups(gain < 0):
        i, j = linear_sum_assignment(gain[np.ix_(rows, columns)])
        kept = gain[rows[i], columns[j]] < 0
        pairs.append(np.stack([rows[i][kept], columns[j][kept]], axis=1))
    met = np.concatenate(pairs) if pairs else np.empty((0, 2), dtype=np.int64)
    alone = [np.setdiff1d(np.arange(len(units)), met[:, g]) for g, units in enumerate((a, b))]
    return np.concatenate([met, _singles(alone)])


def _groups(edges: NDArray[np.bool_]) -> list[tuple[Ints, Ints]]:
    """Connected groups of rows and columns of a 0/1 matrix, without those that meet nothing."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    rows, columns = np.nonzero(edges)
    if not len(rows):
        return []
    n = edges.shape[0]
    size = n + edges.shape[1]
    graph = coo_array((np.ones(len(rows)), (rows, columns + n)), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    met = np.zeros(size, dtype=bool)
    met[rows] = met[columns + n] = True
    members = np.flatnonzero(met)
    members = members[np.argsort(label[members], kind="stable")]
    parts = np.split(members, np.flatnonzero(np.diff(label[members])) + 1)
    return [(part[part < n], part[part >= n] - n) for part in parts]


def _singles(units: list[Ints]) -> Alignment:
    """A unitary alignment for each of the units (numbers, by coder), with nobody else in it."""
    rows = np.full((sum(map(len, units)), len(units)), NONE, dtype=np.int64)
    first = 0
    for coder, numbers in enumerate(units):
        rows[first : first + len(numbers), coder] = numbers
        first += len(numbers)
    return rows


def _align_many(coders: list[GammaUnits], d: Dissimilarity) -> Alignment:
    """Choose among all unitary alignments that are not dominated, each unit once, by an integer programme (HiGHS)."""
    sizes = [len(units) for units in coders]
    candidates = np.concatenate([_candidates(coders, d), _singles([np.arange(size) for size in sizes])])
    costs = _costs(candidates, coders, d)
    chosen = [rows[_least(candidates[rows], costs[rows], sizes)] for rows in _blocks(candidates, sizes)]
    return np.asarray(candidates[np.concatenate(chosen)]) if chosen else candidates


def _candidates(coders: list[GammaUnits], d: Dissimilarity) -> Alignment:
    """Unitary alignments of two or more units that are not dominated.

    One is dominated if a unit would cost less alone: taking unit u out of k changes the cost by
    D + [(k-1) D - sum_v d(u,v)] / C, C pairs of coders, so sum_v d(u,v) may be (k-1) D + C D at most. The bound with
    the largest k still possible prunes while coders are added one by one.
    """
    n = len(coders)
    pairs = n * (n - 1) // 2
    between = {(i, j): d.combined(coders[i], coders[j]) for i, j in combinations(range(n), 2)}
    rows = np.full((1, n), NONE, dtype=np.int64)
    load = np.zeros((1, n))  # sum of d(u, v) of each unit with the others of its row
    for g in range(n):
        grown, loads = [rows], [load]
        for unit in range(len(coders[g])):
            cost = np.zeros((len(rows), n))
            for i in range(g):
                real = rows[:, i] != NONE
                cost[real, i] = between[i, g][rows[real, i], unit]
            new_load = load + cost
            new_load[:, g] = cost.sum(axis=1)
            most = (rows[:, :g] != NONE).sum(axis=1) + n - g - 1
            keep = (new_load <= ((most + pairs) * d.empty)[:, None] + 1e-9).all(axis=1)
            new_rows = rows[keep].copy()
            new_rows[:, g] = unit
            grown.append(new_rows)
            loads.append(new_load[keep])
        rows, load = np.concatenate(grown), np.concatenate(loads)
    several = (rows != NONE).sum(axis=1)
    final = (load <= ((several - 1 + pairs) * d.empty)[:, None] + 1e-9).all(axis=1)
    return np.asarray(rows[(several >= 2) & final])


def _blocks(candidates: Alignment, sizes: list[int]) -> list[Ints]:
    """Numbers of the candidates in each connected group of units."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    offset = np.concatenate([[0], np.cumsum(sizes)])
    number, coder = np.nonzero(candidates != NONE)
    if not len(number):
        return []
    unit = candidates[number, coder] + offset[coder]
    size = len(candidates) + int(offset[-1])
    graph = coo_array((np.ones(len(number)), (number, unit + len(candidates))), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    of_candidate = label[: len(candidates)]
    order = np.argsort(of_candidate, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(of_candidate[order])) + 1)


def _least(candidates: Alignment, costs: Floats, sizes: list[int]) -> Ints:
    """Numbers of the chosen candidates of one group."""
    if len(candidates) == 1:
        return np.zeros(1, dtype=np.int64)
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    number, coder = np.nonzero(candidates != NONE)
    unit = candidates[number, coder] + np.concatenate([[0], np.cumsum(sizes)])[coder]
    _, row = np.unique(unit, return_inverse=True)
    cover = csr_array((np.ones(len(number)), (row, number)), shape=(int(row.max()) + 1, len(candidates)))
    found = milp(
        costs + 1000 * TIE * costs.max(),  # HiGHS does not see differences below 1e-7
        integrality=np.ones(len(costs), dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(cover, 1, 1),
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:
        raise ValueError(f"the best alignment was not found: {found.message}")
    return np.flatnonzero(found.x > 0.5)
