"""The peers of benchmarks/agreement.py that live in another environment: prints seconds and values as JSON."""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np


def statsmodels(path: str) -> dict[str, Any]:
    fleiss_kappa = import_module("statsmodels.stats.inter_rater").fleiss_kappa
    codes = np.load(path)
    begin = time.perf_counter()
    values = []
    for name in codes.files:
        matrix = codes[name]
        ones = matrix.sum(axis=0, dtype=np.int64)
        values.append(float(fleiss_kappa(np.stack([len(matrix) - ones, ones], axis=1))))
    return {"seconds": time.perf_counter() - begin, "values": values}


def irrcac(path: str) -> dict[str, Any]:
    pandas, make = import_module("pandas"), import_module("irrCAC.raw").CAC
    codes = np.load(path)
    values = []
    frames = [pandas.DataFrame(codes[name].T) for name in codes.files[:2]]
    begin = time.perf_counter()
    for frame in frames:
        cac = make(frame, categories=[0, 1])
        for measure in (cac.fleiss, cac.krippendorff, cac.bp, cac.conger):
            measure()
        values.append(float(cac.gwet()["est"]["coefficient_value"]))
    return {"seconds": (time.perf_counter() - begin) * 10, "values": [round(value, 5) for value in values]}


def pygamma(path: str) -> dict[str, Any]:
    solvers, segment = import_module("cvxpy").installed_solvers(), import_module("pyannote.core").Segment
    peer = import_module("pygamma_agreement")
    given = json.loads(Path(path).read_text())
    continuum = peer.Continuum()
    for coder, spans in given["spans"].items():
        for start, end, code in spans:
            continuum.add(coder, segment(start, end), code)
    d = peer.CombinedCategoricalDissimilarity(alpha=3, beta=1, delta_empty=1)
    small = peer.Continuum()
    for coder in ("a", "b"):
        small.add(coder, segment(0, 5), "x")
    small.compute_gamma(d, n_samples=2, sampler=peer.ShuffleContinuumSampler())  # compiles
    begin = time.perf_counter()
    found = continuum.compute_gamma(d, n_samples=given["samples"], sampler=peer.ShuffleContinuumSampler())
    value = float(found.gamma)
    solver = "CBC" if "CBC" in solvers else "GLPK"
    seconds = time.perf_counter() - begin
    return {"seconds": seconds, "values": [value], "observed": float(found.observed_disorder), "solver": solver}


PEERS: dict[str, Callable[[str], dict[str, Any]]] = {"statsmodels": statsmodels, "irrcac": irrcac, "pygamma": pygamma}

if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    print()
    print(json.dumps(PEERS[sys.argv[1]](sys.argv[2])))
