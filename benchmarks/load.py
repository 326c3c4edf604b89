"""The load the project promises to bear: 1,000 transcripts, 5 million words, 500,000 segments of 20 coders.

Each row is a process of its own, started cold: seconds by the clock, seconds of processor, and the most memory it had.
The budgets stand beside the figures; a row over its budget is marked and the exit code is 1. On a machine that others
use too the processor's seconds are the ones to trust.

    python benchmarks/load.py [--transcripts 1000] [--coders 20] [--segments 25] [--study DIR]
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.large_study import make_study

TURNS = 125  # of 40 words: 5,000 a transcript
MEGABYTES = 1500


@dataclass(frozen=True)
class Row:
    """What is measured, what it may take (0: as long as it likes), and what does it."""

    name: str
    seconds: float
    act: Callable[[Path], float | None]  # may answer with the seconds that count


def opened(root: Path) -> float | None:
    """From the start of the process to the list of transcripts: all that the app reads before its first picture."""
    from postil_tui.shell.workspace import Workspace

    workspace = Workspace(root)
    workspace.work_as("c01")
    assert len(workspace.study.transcripts) == len(list((root / "transcripts").glob("*.txt")))
    return None


def first_picture(root: Path) -> float | None:
    """From enter to the list on the screen, in a terminal."""
    from benchmarks.app_terminal import Terminal, environment

    call = ["postil", "code", "--coder", "c01", "--study", str(root)]
    start = f"import sys; sys.argv = {call}\nfrom postil_cli.entry import main\nmain()"
    terminal = Terminal([sys.executable, "-c", start], environment(root.parent))
    seconds = terminal.until(b"T0001", timeout=60.0)
    terminal.end()
    return seconds


def coding(root: Path) -> float | None:
    """One coding after another through the app's link to its layer; the median of a hundred counts."""
    from postil_base.clock import system_clock
    from postil_study.study import open_study
    from postil_study.text.values import Segment
    from postil_tui.code.session.layer_sync import LayerSync

    study = open_study(root)
    transcript = study.transcripts["T0001"]
    link = LayerSync(study, "c01", transcript, system_clock)
    link.prepare()
    times = []
    for number in range(100):
        segment = Segment(f"load{number:06}", 10, 40, ("code-01",), transcript.text[10:40], at="2026-01-01T00:00:00Z")
        began = time.perf_counter()
        link.write({segment.id: segment})
        times.append(time.perf_counter() - began)
    return sorted(times)[50]


def command(*arguments: str) -> Callable[[Path], float | None]:
    """A command of the program, its answer thrown away."""

    def act(root: Path) -> float | None:
        from postil_cli.running import run

        sys.argv = ["postil", *arguments]
        code = run([*arguments, "--study", str(root)])
        assert code in (0, 1), code
        return None

    return act


def processor(act: Callable[[Path], float | None]) -> Callable[[Path], float | None]:
    """The same, but the processor's seconds count: what takes long is held up most by others on the machine."""

    def counted(root: Path) -> float | None:
        began = time.process_time()
        act(root)
        return time.process_time() - began

    return counted


def search(query: str) -> Callable[[Path], float | None]:
    """A search as the app does it, the texts read before: the processor's seconds from the question to all hits."""

    def act(root: Path) -> float | None:
        from postil_model.search.evaluate import search as find
        from postil_model.search.passages import corpus_of
        from postil_study.study import open_study

        corpus = corpus_of(open_study(root))
        find('"nothing like it"', corpus)
        began = time.process_time()
        find(query, corpus)
        return time.process_time() - began

    return act


ROWS = (
    Row("study opened", 3.0, opened),
    Row("list on the screen", 3.0, first_picture),
    Row("a coding on disk", 0.020, coding),
    Row("search of words", 1.0, search('"another registry and then"')),
    Row("search of a code and words", 1.0, search('code-03 AND "tried another"')),
    Row("postil search, cold", 0, command("search", '"another registry and then"')),
    Row("postil agreement", 45, processor(command("agreement"))),
    Row("postil agreement --json", 60, processor(command("agreement", "--json"))),
    Row("postil model --json", 0, command("model", "--json")),
    Row("postil saturation", 0, command("saturation")),
    Row("postil check", 0, command("check")),
)


def measured(row: Row, root: Path) -> tuple[float, float, float]:
    """Seconds that count, seconds of processor, megabytes, of one row in a process of its own."""
    reading, writing = os.pipe()
    began = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.close(reading)
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        status = 1
        try:
            counted = row.act(root)
            os.write(writing, str(counted if counted is not None else -1).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    answer = os.read(reading, 100)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - began
    os.close(reading)
    if status:
        raise SystemExit(f"{row.name} failed")
    seconds = float(answer)
    return (seconds if seconds >= 0 else wall), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the study, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--transcripts", type=int, default=1000)
    parser.add_argument("--coders", type=int, default=20)
    parser.add_argument("--segments", type=int, default=25, help="of a coder in a transcript")
    parser.add_argument("--study", type=Path, help="where to make it, or where it is from the last time")
    parser.add_argument("--only", default="", help="rows whose name holds this")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        root = options.study or Path(name) / "study"
        if not (root / "study.yaml").exists():
            coders = [f"c{number:02}" for number in range(1, options.coders + 1)]
            make_study(root, options.transcripts, options.segments, coders, relations=2, turns=TURNS)
        for folder in ("STATE", "CONFIG"):
            os.environ[f"XDG_{folder}_HOME"] = f"{name}/{folder}"
        return table(root, [row for row in ROWS if options.only in row.name])


def table(root: Path, rows: list[Row]) -> int:
    """Measure and print the rows; 1 if one is over its budget."""
    over = False
    print(f"{'':<30}{'seconds':>9}{'budget':>8}{'processor':>11}{'MB':>7}")
    for row in rows:
        seconds, processor, megabytes = measured(row, root)
        bad = (row.seconds and seconds > row.seconds) or megabytes > MEGABYTES
        over = over or bool(bad)
        budget = f"{row.seconds:g}" if row.seconds else ""
        print(f"{row.name:<30}{seconds:>9.3f}{budget:>8}{processor:>11.2f}{megabytes:>7.0f}{'  over' if bad else ''}")
    print(f"memory budget {MEGABYTES} MB; this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
