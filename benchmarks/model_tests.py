"""The tests of a model on 1,000 participants x 300 edges: each is promised in under 2 s.

The data is made: every edge has a share of its own, as in studies with a few common and many rare edges.

    python benchmarks/model_tests.py [--participants 1000] [--edges 300]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from postil_model.validation.certainty import Counted, Told, certainties
from postil_model.validation.prediction import leave_one_out
from postil_model.validation.redraws import redrawn
from postil_model.validation.rules import fit_rules
from postil_model.validation.two_models import two_models


def row(what: str, work: Callable[[], object], promise: str = "promised: 2 s") -> None:
    """Print how long a piece of work takes."""
    start = time.perf_counter()
    work()
    print(f"{what:<60} {time.perf_counter() - start:>6.2f} s  {promise}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the data and run each test once."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--participants", type=int, default=1000)
    parser.add_argument("--edges", type=int, default=300)
    asked = parser.parse_args(arguments)
    rng = np.random.default_rng(0)
    stated = rng.random((asked.participants, asked.edges)) < rng.random(asked.edges) * 0.3
    people = [f"P{number}" for number in range(asked.participants)]
    keys = [(f"a{number}", f"b{number}", "leads-to", "") for number in range(asked.edges)]
    half = asked.participants // 2
    told = [Told("ana", people[p], f"T{p}", f"e{e}", keys[e][:3]) for p, e in zip(*np.nonzero(stated), strict=True)]
    twice = [*told, *(each._replace(coder="ben") for each in told[: len(told) // 4])]
    finished = {f"T{p}": frozenset(("ana", "ben") if p < half // 2 else ("ana",)) for p in range(asked.participants)}
    by_edge: dict[str, list[Told]] = {}
    for each in told:
        by_edge.setdefault(each.edge, []).append(each)
    edges = [
        Counted(name, own[0].ends, len(people), list(dict.fromkeys(each.participant for each in own)), own)
        for name, own in by_edge.items()
    ]
    print(f"{asked.participants} participants, {asked.edges} edges, {len(told)} statements")
    row("prediction: leave one out, both nulls", lambda: redrawn(stated, leave_one_out(stated)))
    row("certainty of every edge, two coders", lambda: certainties(edges, twice, finished, 2))
    sides = (stated[:half], stated[half:])
    row(
        "two groups: 9,999 relabellings",
        lambda: two_models(keys, ("a", "b"), (people[:half], people[half:]), sides, (2, 2)),
    )
    same = (stated, rng.permutation(stated))
    row("two models of the same people", lambda: two_models(keys, ("a", "b"), (people, people), same, (2, 2), True))
    for n, criteria in ((40, 10), (100, 6)):
        known, silent = rng.random((n, criteria)) < 0.5, rng.random((n, criteria)) < 0.4
        ways = rng.integers(0, 2, n).tolist()
        work = partial(fit_rules, known & ~silent, ~known & ~silent, ways)
        row(f"rules: {n} participants, {criteria} criteria, the worst case", work, "")


if __name__ == "__main__":
    main()
