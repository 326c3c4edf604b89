"""Agreement beside its peers, in one run: medians and ratios, loading apart, on generated codings.

The data: 20 codes with Zipf weights, overlapping spans, 500 base spans a document; every coder keeps 80% of them with
shifted ends. 12 documents, 600,000 characters, 4 coders; ten times as much with 2 coders; the same spans on a text ten
times as long, to show that the length of the text does not matter.

``krippendorff`` and ``scikit-learn`` are development dependencies. statsmodels, irrCAC and pygamma-agreement pin other
packages: put them into an environment of their own and name its Python with ``--peers PYTHON``; what is not there is
skipped with a line.

    python benchmarks/agreement.py [--peers PYTHON] [--rounds 5] [--documents 12] [--spans 500] [--samples 30]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from postil_model.agreement.measures import binary
from postil_model.agreement.measures.gamma import gamma
from postil_model.agreement.measures.gamma_units import Dissimilarity
from postil_model.agreement.measures.resample import bootstrap, jackknife
from postil_model.agreement.measures.spans import Document, SpanTable, from_documents
from postil_model.agreement.measures.sweep import pattern_lengths
from postil_model.agreement.measures.tallies import Tallies, tallies
from postil_model.agreement.measures.unitizing import unitizing_per_code

CODES = [f"c{i:02}" for i in range(20)]
Spans = list[tuple[int, int, str]]
HERE = Path(__file__).resolve().parent


class Size(NamedTuple):
    """How large the codings are: documents, base spans in each, rounds, samples of gamma."""

    documents: int
    spans: int
    rounds: int
    samples: int

    def documents_for(self, coders: int, times: int = 1, stretch: int = 1) -> list[Document]:
        """A document has a hundred characters for each base span."""
        names, length = [f"r{g}" for g in range(coders)], 100 * self.spans
        return documents(self.documents * times, length, names, coders, stretch, self.spans)


def documents(count: int, length: int, coders: Sequence[str], seed: int, stretch: int, base: int) -> list[Document]:
    """Documents coded as the docstring says; ``stretch`` multiplies all positions."""
    random = np.random.default_rng(seed)
    weights = 1 / np.arange(1, len(CODES) + 1)
    weights /= weights.sum()
    found = []
    for number in range(count):
        start = random.integers(0, length - 200, base)
        size = random.integers(20, 200, base)
        code = random.choice(len(CODES), base, p=weights)
        spans = {coder: _seen(start, size, code, length, random, stretch) for coder in coders}
        found.append(Document(f"d{number}", length * stretch, spans))
    return found


def _seen(start: Any, size: Any, code: Any, length: int, random: np.random.Generator, stretch: int) -> Spans:
    keep = np.flatnonzero(random.random(len(start)) < 0.8)
    low = np.clip(start[keep] + random.integers(-15, 16, len(keep)), 0, length - 1)
    high = np.clip(low + np.maximum(5, size[keep] + random.integers(-15, 16, len(keep))), low + 1, length)
    rows = zip((low * stretch).tolist(), (high * stretch).tolist(), code[keep].tolist(), strict=True)
    return [(a, b, CODES[c]) for a, b, c in rows]


def timed(work: Callable[[], Any], rounds: int) -> tuple[float, Any]:
    """Median seconds of several runs, and the answer of the last one."""
    seconds, answer = [], None
    for _ in range(rounds):
        begin = time.perf_counter()
        answer = work()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds), answer


def interleaved(ours: Callable[[], Any], theirs: Callable[[], Any], rounds: int) -> tuple[float, float, Any]:
    """Medians of both, run in turns, so that a busy machine treats them alike; and their last answer."""
    mine, seconds, answer = [], [], None
    for _ in range(rounds):
        mine.append(timed(ours, 7)[0])
        once, answer = timed(theirs, 1)
        seconds.append(once)
        mine.append(timed(ours, 7)[0])
    return statistics.median(mine), statistics.median(seconds), answer


def everything(table: SpanTable) -> dict[str, NDArray[np.float64]]:
    """All character-level measures of all codes and pairs: values of eight multi-coder and eight pair measures."""
    sums = tallies(table).pooled()
    found = {name: measure(sums) for name, measure in binary.MULTI.items()}
    for number, pair in enumerate(binary.pair_names(table.coders)):
        counts = sums.pair_counts(number)
        found |= {f"{pair}:{name}": measure(counts) for name, measure in binary.PAIR.items()}
        found[f"{pair}:pooled_kappa"] = binary.pooled_kappa(counts)
    return found


def matrices(docs: Sequence[Document], coders: Sequence[str]) -> dict[str, NDArray[np.int8]]:
    """What the peers need: per code a coder x character matrix of 0 and 1."""
    offsets = np.concatenate([[0], np.cumsum([d.length for d in docs])])
    found = {code: np.zeros((len(coders), int(offsets[-1])), dtype=np.int8) for code in CODES}
    for doc, offset in zip(docs, offsets, strict=False):
        for g, coder in enumerate(coders):
            for start, end, code in doc.spans[coder] or ():
                found[code][g, offset + start : offset + end] = 1
    return found


def krippendorff_alphas(made: dict[str, NDArray[np.int8]]) -> list[float]:
    import krippendorff

    return [krippendorff.alpha(made[c], level_of_measurement="nominal", value_domain=[0, 1]) for c in CODES]


def sklearn_kappas(made: dict[str, NDArray[np.int8]]) -> list[list[float]]:
    from sklearn.metrics import cohen_kappa_score

    coders = len(next(iter(made.values())))
    pairs = [(i, j) for i in range(coders) for j in range(i + 1, coders)]
    return [[cohen_kappa_score(made[c][i], made[c][j]) for c in CODES] for i, j in pairs]


def line(what: str, seconds: float, ours: float | None = None, more: str = "") -> None:
    ratio = f"{seconds / ours:10,.0f}x" if ours else " " * 11
    print(f"{what:66} {1000 * seconds:12,.2f} ms {ratio}  {more}".rstrip())


def size_of(coders: int, size: Size, peers: str, slow: int, times: int = 1) -> float:
    """One size of data: ours, then every peer on the same spans. Returns our median."""
    names = [f"r{g}" for g in range(coders)]
    docs = size.documents_for(coders, times)
    total = sum(d.length for d in docs)
    loading, table = timed(lambda: from_documents(docs, names, CODES), size.rounds)
    print(f"\n{coders} coders, {len(docs)} documents, {total:,} characters, {len(table.start):,} spans")
    line("  loading: lists of spans into arrays", loading)
    found = everything(table)
    begin = time.perf_counter()
    made = matrices(docs, names)
    making = time.perf_counter() - begin
    ours, seconds, alphas = interleaved(lambda: everything(table), lambda: krippendorff_alphas(made), slow)
    line("  Postil: all 20 codes, all pairs, 8 + 8 measures, pooled kappa", ours)
    line("  spans into 0/1 matrices (what the peers read)", making, ours)
    worst = float(np.abs(np.array(alphas) - found["krippendorff_alpha"]).max())
    line("  krippendorff: alpha alone, 20 codes", seconds, ours, f"largest difference {worst:.1e}")
    assert worst < 1e-9
    seconds, kappas = timed(lambda: sklearn_kappas(made), 1)
    got = [found[f"{pair}:cohen_kappa"] for pair in binary.pair_names(table.coders)]
    worst = float(np.abs(np.array(kappas) - np.array(got)).max())
    line(
        f"  scikit-learn: Cohen's kappa, 20 codes x {len(kappas)} pairs",
        seconds,
        ours,
        f"largest difference {worst:.1e}",
    )
    assert worst < 1e-9
    if times == 1:
        foreign(made, found, ours, peers)
    return ours


def foreign(made: dict[str, NDArray[np.int8]], found: dict[str, Any], ours: float, peers: str) -> None:
    """statsmodels and irrCAC in the environment named with --peers."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "codes.npz"
        np.savez(path, **made)  # type: ignore[arg-type]  # numpy's stubs take the names for options
        for name, measure, label in (
            ("statsmodels", "fleiss_kappa", "statsmodels: Fleiss' kappa, 20 codes (counting included)"),
            ("irrcac", "gwet_ac1", "irrCAC: five coefficients, 2 codes, times 10"),
        ):
            answer = ask(peers, name, str(path))
            if answer is None:
                continue
            worst = float(np.abs(np.array(answer["values"]) - found[measure][: len(answer["values"])]).max())
            line(f"  {label}", answer["seconds"], ours, f"largest difference {worst:.1e}")


def ask(peers: str, name: str, argument: str) -> dict[str, Any] | None:
    """One peer's time and values, from a Python of its own; None, with a line, if it is not there."""
    command = [peers, str(HERE / "agreement_peers.py"), name, argument]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise SystemExit(f"--peers {peers}: {error.strerror}") from None
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] or ["no answer"]
        print(f"  {name}: skipped ({reason[0]}); name a Python that has it with --peers PYTHON")
        return None
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def text_length(size: Size) -> None:
    """The same spans on texts of three lengths."""
    print(f"\nlength of the text (4 coders, {size.documents} documents, the same number of spans)")
    names = [f"r{g}" for g in range(4)]
    for stretch in (1, 10, 100):
        table = from_documents(size.documents_for(4, stretch=stretch), names, CODES)
        seconds, _ = timed(lambda t=table: everything(t), 4 * size.rounds + 1)  # type: ignore[misc]
        line(f"  {int(table.lengths.sum()):,} characters", seconds)


def resampling(size: Size) -> None:
    """Intervals over documents for all codes, unitizing, memory."""
    names = [f"r{g}" for g in range(4)]
    for times in (1, 10):
        table = from_documents(size.documents_for(4, times), names, CODES)
        sums = tallies(table)
        print(f"\nintervals, all 20 codes, 4 coders, {len(table.lengths)} documents")
        alpha = binary.MULTI["krippendorff_alpha"]
        seconds, _ = timed(lambda s=sums, t=table, a=alpha: bootstrap(s, t.several, a, 1000), size.rounds)  # type: ignore[misc]
        line("  1,000 document bootstraps of alpha", seconds)
        seconds, _ = timed(lambda s=sums, t=table: jackknives(s, t), size.rounds)  # type: ignore[misc]
        line("  jackknife of all eight multi-coder measures", seconds)
        seconds, _ = timed(lambda t=table: unitizing_per_code(t), size.rounds)  # type: ignore[misc]
        line("  unitizing family of every code", seconds)
        tracemalloc.start()
        pattern_lengths(table)
        everything(table)
        print(f"  peak memory of the sweep {tracemalloc.get_traced_memory()[1] / 1e6:.1f} MB")
        tracemalloc.stop()


def jackknives(sums: Tallies, table: SpanTable) -> list[Any]:
    return [jackknife(sums, table.several, measure) for measure in binary.MULTI.values()]


def gamma_beside(peers: str, size: Size) -> None:
    """Gamma of two coders with about 800 units together and with about 800 each, the same number of samples."""
    rounds, samples = min(size.rounds, 3), size.samples
    for base in (size.spans, 2 * size.spans):
        docs = documents(1, 100 * base, ["a", "b"], seed=3, stretch=1, base=base)
        spans = {coder: sorted(set(docs[0].spans[coder] or [])) for coder in ("a", "b")}
        count = " + ".join(str(len(s)) for s in spans.values())
        print(f"\ngamma, two coders, {count} units, {samples} samples")
        seconds, answer = timed(lambda s=spans: gamma(s, Dissimilarity(3, 1, 1), "shuffle", samples), rounds)  # type: ignore[misc]
        line("  Postil: exact alignment, shuffle sampler", seconds, more=f"gamma {answer.gamma.value:.4f}")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "gamma.json"
            path.write_text(json.dumps({"spans": spans, "samples": samples}))
            theirs = ask(peers, "pygamma", str(path))
            if theirs is not None:
                apart = abs(theirs["observed"] - answer.observed)
                more = f"gamma {theirs['values'][0]:.4f}, observed disorder apart {apart:.1e}"
                line(f"  pygamma-agreement ({theirs['solver']})", theirs["seconds"], seconds, more)


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--peers", default=sys.executable, metavar="PYTHON", help="a Python with the other peers")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--documents", type=int, default=12)
    parser.add_argument("--spans", type=int, default=500, help="base spans of a document")
    parser.add_argument("--samples", type=int, default=30, help="of gamma")
    parser.add_argument("--quick", action="store_true", help="without ten times as many documents")
    arguments = parser.parse_args(given)
    size = Size(arguments.documents, arguments.spans, arguments.rounds, arguments.samples)
    print(f"Python {sys.version.split()[0]}, numpy {np.__version__}; medians; ratio: peer / Postil")
    size_of(4, size, arguments.peers, 3)
    size_of(2, size, arguments.peers, 3)
    if not arguments.quick:
        size_of(2, size, arguments.peers, 1, times=10)
    text_length(size)
    resampling(size)
    gamma_beside(arguments.peers, size)


if __name__ == "__main__":
    main()
