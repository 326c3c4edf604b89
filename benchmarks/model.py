"""The decision model in one run: evidence and graph, comparison, figure, matrix, co-occurrence; pm4py beside us.

The data is made: participants with segments of 40 codes in 30 answers each (benchmarks/large_study.py). pm4py is AGPL
and stays out of the dependencies: put it into an environment of its own and name its Python with ``--pm4py PYTHON``;
without it its rows are left out. The log for `discover_dfg` is one event a segment, one case a participant.

    python benchmarks/model.py [--participants 1000] [--segments 500] [--pair 2000] [--pm4py PYTHON] [--rounds 3]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.large_study import make_study
from postil_model.decision.model import Params, build
from postil_model.decision.of_study import study_frame, study_interviews, study_process
from postil_model.evidence import gather
from postil_model.evidence.hints import follow_counts
from postil_study.study import Study, open_study

HERE = Path(__file__).resolve().parents[1]
PEER = """
import sys, time
began = time.perf_counter()
import pandas, pm4py
loaded = time.perf_counter()
frame = pandas.read_csv(sys.argv[1], dtype={"case:concept:name": str})
frame["time:timestamp"] = pandas.to_datetime(frame["time:timestamp"], unit="s", utc=True)
seconds = []
for _ in range(int(sys.argv[2])):
    start = time.perf_counter()
    graph, _, _ = pm4py.discover_dfg(frame)
    seconds.append(time.perf_counter() - start)
print(loaded - began, sorted(seconds)[len(seconds) // 2], len(graph))
"""


def median(work: Callable[[], object], rounds: int) -> float:
    """Median seconds of some runs, until the result is there."""
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        made = work()
        seconds.append(time.perf_counter() - start)
        del made  # giving the memory back is no part of the work
    return statistics.median(seconds)


def row(what: str, seconds: float, promise: str = "") -> None:
    print(f"{what:<66} {seconds * 1000:>9.0f} ms  {promise}")


def evidence_and_graph(study: Study) -> Callable[[], object]:
    """The evidence table and the model, from loaded layers."""
    from postil_codebook.decision_process.node_codes import map_codes

    process = study_process(study)
    mapping = map_codes(process, study.codebook)
    interviews, _ = study_interviews(study)

    def run() -> object:
        frame = study_frame(study, process, mapping)
        evidence = gather(interviews, frame, study.settings.participants)
        return build(process, study.codebook, evidence, frame.edges, Params())

    return run


def command(*arguments: str) -> Callable[[], object]:
    """A whole process, start-up and loading included."""
    program = [sys.executable, "-c", "from postil_cli.entry import main; main()", *arguments]
    return lambda: subprocess.run(program, check=True, capture_output=True)


def log_of(study: Study) -> list[tuple[str, int, str]]:
    """The event log: participant, moment, node; in order of talk."""
    process = study_process(study)
    node_of = {code: node.id for node in process.nodes for code in node.codes}
    interviews, _ = study_interviews(study)
    return [
        (interview.transcript.participants[0], place, node_of[segment.code_ids[0]])
        for interview in interviews
        for place, segment in enumerate(interview.layers[0].segments)
    ]


def beside_pm4py(study: Study, python: str, rounds: int, folder: Path) -> None:
    """Directly-follows counts of the same log, with and without imports."""
    log = log_of(study)
    cases, nodes = [event[0] for event in log], [event[2] for event in log]
    ours = median(lambda: follow_counts(cases, nodes), rounds)
    imports = _import_seconds("from postil_model.evidence.hints import follow_counts; import numpy")
    row(f"follows, {len(log):,} events, Postil", ours, f"+ {imports:.2f} s imports")
    if not python:
        print("pm4py: left out (name an interpreter that has it with --pm4py PYTHON)")
        return
    file = folder / "log.csv"
    lines = (f"{case},{moment},{node}" for case, moment, node in log)
    file.write_text("\n".join(["case:concept:name,time:timestamp,concept:name", *lines]))
    done = subprocess.run([python, "-c", PEER, str(file), str(rounds)], capture_output=True, text=True, check=True)
    theirs_imports, theirs, edges = done.stdout.split()[-3:]
    assert int(edges) == len(follow_counts(cases, nodes)), "both must find the same edges"
    row(f"follows, {len(log):,} events, pm4py discover_dfg", float(theirs), f"+ {float(theirs_imports):.2f} s imports")
    whole = (float(theirs) + float(theirs_imports)) / (ours + imports)
    print(f"times faster: {float(theirs) / ours:.1f} without imports, {whole:.1f} with imports (promised 3 and 5)")


def _import_seconds(statement: str) -> float:
    code = f"import time; t = time.perf_counter(); {statement}; print(time.perf_counter() - t)"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def small_study(rounds: int) -> None:
    """The twelve illustrative interviews: build, compare, draw."""
    from postil_model.decision.comparison.references import compare_study, load_reference
    from postil_model.decision.figure import figure_of
    from postil_model.decision.of_study import build_model
    from postil_model.drawing.pictures import draw

    study = open_study(HERE)
    build_model(study)  # loads texts and layers
    params = Params(2)

    def build_and_compare() -> object:
        build_model(study, params)
        return compare_study(study, load_reference(study, None, params), params)

    row("build + compare, 12 interviews, after imports", median(build_and_compare, rounds), "promised 200")
    figure = figure_of(build_model(study, params), study.findings)
    for name in ("svg", "pdf", "png"):
        row(f"figure, {name}", median(partial(draw, figure, [name]), rounds), "promised 1000")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run everything and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--participants", type=int, default=1000)
    parser.add_argument("--segments", type=int, default=500)
    parser.add_argument("--pair", type=int, default=2000, help="segments of each of two coders in twelve interviews")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pm4py", default="")
    asked = parser.parse_args(arguments)
    small_study(asked.rounds)
    with tempfile.TemporaryDirectory() as folder:
        root = make_study(Path(folder) / "big", asked.participants, asked.segments, relations=20)
        size = f"{asked.participants:,} x {asked.segments}"
        start = time.perf_counter()
        study = open_study(root)
        study_interviews(study)
        row(f"loading {size}", time.perf_counter() - start)
        row(f"evidence + graph, {size}", median(evidence_and_graph(study), asked.rounds), "promised 1500")
        beside_pm4py(study, asked.pm4py, asked.rounds, Path(folder))
        row(f"postil matrix, {size}, whole process", median(command("matrix", "-C", str(root)), 2), "promised 3000")
        pair = make_study(Path(folder) / "pair", 12, asked.pair, coders=("ana", "ben"))
        whole = command("cooccurrence", "-C", str(pair), "--coders", "ana,ben")
        row(
            f"postil cooccurrence, 12 x {asked.pair:,} x 2 coders, whole process",
            median(whole, asked.rounds),
            "promised 595",
        )


if __name__ == "__main__":
    main()
