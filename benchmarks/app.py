"""The app in a real pseudo-terminal, a bare Textual app and a bare ``TextArea`` beside it in the same run.

    python benchmarks/app.py [--sizes 6000,100000,1000000] [--rounds 40] [--starts 11] [--day 10000]

It prints what a person waits for: process start to text, key to the first byte of the answer, a coding on disk,
resize, memory; and whether memory and keys stay as they are over a long day. The budgets hold for 100,000 words with
10,000 segments. The machine's load stands in the first line: figures of a busy machine say little, their ratio to the
bare app more.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.app_study import make_study
from benchmarks.app_terminal import ESCAPE, HEIGHT, WIDTH, Terminal, environment

BUDGET_SIZE = 100_000  # words, with a tenth as many segments
PAGE_DOWN = "\x1b[6~"


class Series(NamedTuple):
    """Keys measured in turn, keys pressed before each (not measured), budgets of median and p90 in milliseconds."""

    name: str
    keys: Sequence[str]
    before: Sequence[str] = ()
    median: float = 8
    p90: float = 16
    again: Sequence[str] = ("gg",)  # from the end of the text to where there is room for more


SCROLLS = 50
NOT_MEASURED = 0.5  # seconds to wait for the answer to a key that may change nothing
SERIES = (
    Series("move by word", ["w"]),
    Series("sentence on", [")"], [], 8, SCROLLS),
    Series("select sentence", ["s"], [ESCAPE, ")"]),
    Series("extend by sentence", ["s"], [ESCAPE, ")", "s"]),
    Series("select turn", ["t"], [ESCAPE, "}"]),
    Series("extend by turn, scrolling", ["t"], [], 16, SCROLLS),
    Series("apply a code", ["1"], [ESCAPE, ")"]),
    Series("line up / down", ["k", "j"]),
    Series("line down, scrolling", ["j"], [], 16, SCROLLS, ["gg", "j" * HEIGHT]),
    Series("PageDown", [PAGE_DOWN], [], 16, SCROLLS),
    Series("first / last line", ["G", "gg"], [], 16, SCROLLS),
)
BARE = """
from textual.app import App
from textual.widgets import Input
class Bare(App):
    def compose(self):
        yield Input("READY")
Bare().run()
"""
AREA = """
import sys
from textual.app import App
from textual.widgets import TextArea
class Area(App):
    def compose(self):
        yield TextArea(open(sys.argv[1], encoding="utf-8").read(), soft_wrap=True)
Area().run()
"""


def program(root: Path, *arguments: str) -> list[str]:
    """The command line of the app as a person starts it."""
    call = ["postil", "code", *arguments, "--coder", "ana", "--study", str(root)]
    return [sys.executable, "-c", f"import sys; sys.argv = {call}\nfrom postil_cli.entry import main\nmain()"]


def p90(times: Sequence[float]) -> float:
    """The value that nine of ten do not exceed."""
    return sorted(times)[min(int(len(times) * 0.9), len(times) - 1)]


def show(name: str, times: Sequence[float], budget: tuple[float, float] | None = None) -> None:
    """One line of the table; with budgets, whether they are kept. No times: no key was answered."""
    if not times:
        print(f"{name:<34}  not answered{'   MISSED' if budget else ''}", flush=True)
        return
    median, high = statistics.median(times), p90(times)
    verdict = ""
    if budget:
        kept = median < budget[0] and high < budget[1]
        verdict = f"   {'kept' if kept else 'MISSED'} ({budget[0]:g}, {budget[1]:g})"
    print(f"{name:<34}{median:>8.1f}{high:>8.1f}{max(times):>8.1f}{len(times):>5}{verdict}", flush=True)


def press(terminal: Terminal, keys: str, patience: float = 2.0) -> float:
    """Press a key, or the second of two after the first was answered; milliseconds to the answer."""
    if keys == "gg":
        terminal.key("g", patience)
        keys = "g"
    return terminal.key(keys, patience)


def measure(terminal: Terminal, series: Series, rounds: int) -> list[float]:
    """Milliseconds of each round. At the end of the text nothing answers: go on from where there is room."""
    press(terminal, ESCAPE, NOT_MEASURED)
    times: list[float] = []
    for number in range(rounds):
        for going_back in ((), (ESCAPE, *series.again)):
            for key in (*going_back, *series.before):
                press(terminal, key, NOT_MEASURED)
            took = press(terminal, series.keys[number % len(series.keys)])
            if took == took:
                times.append(took)
                break
    return times


def start_table(root: Path, env: dict[str, str], rounds: int, is_measure: bool) -> None:
    """Process start to text beside a bare Textual app, in turn; and opening from the list."""
    bare: list[float] = []
    mine: list[float] = []
    for _ in range(rounds + 1):  # the first round fills the cache of byte code
        for times, argv, word in ((bare, [sys.executable, "-c", BARE], b"READY"), (mine, program(root, "T1"), b"P01")):
            terminal = Terminal(argv, env)
            times.append(terminal.until(word) * 1000)
            terminal.end()
    show("bare Textual app: start to text", bare[1:])
    show("start to text", mine[1:])
    ratio = statistics.median(mine[1:]) / statistics.median(bare[1:])
    verdict = f"   {'kept' if ratio <= 1.6 else 'MISSED'} (1.6)" if is_measure else ""
    print(f"{'  times a bare Textual app':<34}{ratio:>8.2f}{verdict}")
    inside = opening(root, env, max(rounds // 2, min(rounds, 3)))
    show("open it inside the app", inside, (150, 200) if is_measure else None)


def opening(root: Path, env: dict[str, str], rounds: int) -> list[float]:
    """Milliseconds from enter on the list of transcripts to the words on the screen."""
    times = []
    for _ in range(rounds):
        terminal = Terminal(program(root), env)
        terminal.until(b"segments")
        terminal.settle(1.2)
        terminal.seen = b""
        began = time.perf_counter()
        terminal.write("\r")
        terminal.until(b"Interviewer")
        times.append((time.perf_counter() - began) * 1000)
        terminal.end()
    return times


def on_disk(terminal: Terminal, layer: Path, rounds: int) -> list[float]:
    """Milliseconds from a coding's key to the layer's file being another one."""
    times = []
    terminal.key(ESCAPE)
    press(terminal, "gg")  # the series coded further down
    for _ in range(rounds):
        terminal.key(")")
        terminal.settle(0.2)
        before = layer.stat().st_ino
        began = time.perf_counter()
        terminal.write("1")
        while layer.stat().st_ino == before and time.perf_counter() - began < 2:
            terminal.read(0.001)
        times.append((time.perf_counter() - began) * 1000)
    return times


def ready(root: Path, env: dict[str, str]) -> Terminal:
    """The app on the transcript, with a code in the first slot."""
    terminal = Terminal(program(root, "T1"), env)
    terminal.until(b"P01")
    terminal.settle(1.2)
    terminal.key("c")
    for key in ("c", "o", "d", "e", "-", "0", "7", "\r"):
        terminal.key(key)
    return terminal


def key_table(root: Path, env: dict[str, str], rounds: int, is_measure: bool) -> None:
    """Every series, saving, resizing, memory."""
    terminal = ready(root, env)
    for series in SERIES:
        show(series.name, measure(terminal, series, rounds), (series.median, series.p90) if is_measure else None)
    times = on_disk(terminal, root / "codings" / "ana" / "T1.jsonl", rounds)
    show("a coding on disk, after its key", times, (50, 75) if is_measure else None)
    sizes = [terminal.resize(*size) for size in ((120, 36), (WIDTH, HEIGHT), (90, 30), (WIDTH, HEIGHT))]
    show("resize: first output", [first for first, _ in sizes])
    show("resize: settled", [settled for _, settled in sizes])
    print(f"{'memory, MB':<34}{terminal.memory():>8.0f}")
    terminal.end()


def peer_table(root: Path, env: dict[str, str], rounds: int) -> None:
    """What Textual itself takes: a letter in a bare app, and the same text in its own editor."""
    bare = Terminal([sys.executable, "-c", BARE], env)
    bare.until(b"READY")
    bare.settle(0.3)
    show("bare Textual app: a letter", [bare.key("x") for _ in range(rounds)])
    bare.end()
    area = Terminal([sys.executable, "-c", AREA, str(root / "transcripts" / "T1.txt")], env)
    area.until(b"Interviewer", 90)
    area.settle(0.5)
    for label, key in (("down", "\x1b[B"), ("right", "\x1b[C"), ("PageDown", PAGE_DOWN)):
        show(f"TextArea: {label}", [area.key(key) for _ in range(rounds)])
    print(f"{'TextArea: memory, MB':<34}{area.memory():>8.0f}")
    area.end()


DAY = (")", "s", "1", "u", "w", "j", ".", "x", "}", "s", "1", "{", "+", "-", "k")  # what is coded is taken out again


def long_day(root: Path, env: dict[str, str], actions: int, rounds: int) -> None:
    """Memory and the time of a key, when the day begins and after thousands of actions."""
    terminal = ready(root, env)
    code = Series("apply a code", ["1"], [ESCAPE, ")"])
    done = 0
    for goal in (actions // 10, actions // 2, actions):
        while done < goal:
            terminal.write(DAY[done % len(DAY)])
            done += 1
            if done % 5 == 0:
                terminal.settle(0.004)
        terminal.settle(1.0)
        show(f"after {done:,} actions: word on", measure(terminal, Series("", ["w"]), rounds))
        show(f"after {done:,} actions: apply a code", measure(terminal, code, rounds))
        print(f"{f'after {done:,} actions: memory, MB':<34}{terminal.memory():>8.1f}", flush=True)
    terminal.end()


def one_size(words: int, rounds: int, starts: int, day: int) -> None:
    """All tables for one length of transcript."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root = make_study(folder / "study", words, words // 10)
        env = environment(folder)
        print(f"\n{words:,} words, {words // 10:,} segments, {WIDTH} x {HEIGHT}, load {os.getloadavg()[0]:.1f}")
        print(f"{'milliseconds':<34}{'median':>8}{'p90':>8}{'max':>8}{'n':>5}")
        is_measure = words == BUDGET_SIZE
        start_table(root, env, starts if words <= BUDGET_SIZE else min(starts, 3), is_measure)
        key_table(root, env, rounds, is_measure)
        if words <= BUDGET_SIZE:
            peer_table(root, env, min(rounds, 20))
        if day and is_measure:
            long_day(root, env, day, min(rounds, 20))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="6000,100000,1000000", help="words, with commas")
    parser.add_argument("--rounds", type=int, default=40, help="how often each key is pressed")
    parser.add_argument(
        "--starts", type=int, default=11, help="how often the app is started; 3 times at most above 100,000"
    )
    parser.add_argument("--day", type=int, default=0, help="actions of a long day at 100,000 words, 0 for none")
    options = parser.parse_args(arguments)
    for words in options.sizes.split(","):
        one_size(int(words), options.rounds, options.starts, options.day)


if __name__ == "__main__":
    main()
