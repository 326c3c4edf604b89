"""The app in a real pseudo-terminal: from a key's byte to the first byte of the answer, and from start to text.

Prints the table of keys for Postil at a size, with a bare ``TextArea`` beside it. Run: python benchmarks/app.py [words]
"""

from __future__ import annotations

import fcntl
import os
import pty
import random
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from pathlib import Path

WIDTH, HEIGHT = 150, 42
WORDS = (  # noqa: SIM905  a word a line would be no help to read
    "time she interview did conversation made professional very to little said who model weights because we really "
    "tried another one organisation nobody knew whether “really” reliable—so café data downloaded nurse’s checked"
).split()


def make_text(words: int, rng: random.Random) -> str:
    """An interview of about so many words, question and answer in turn."""
    parts: list[str] = []
    made = turn = 0
    while made < words:
        size = rng.randint(8, 16) if turn % 2 == 0 else rng.randint(40, 120)
        said: list[str] = []
        while len(said) < size:
            sentence = [rng.choice(WORDS) for _ in range(rng.randint(6, 18))]
            said += [sentence[0].capitalize(), *sentence[1:-1], sentence[-1] + "."]
        made += len(said)
        parts.append(f"{'Interviewer' if turn % 2 == 0 else 'P01'}:\n{' '.join(said)}\n")
        turn += 1
    return "\n".join(parts)


def make_study(root: Path, words: int, segments: int) -> None:
    """A study with one long transcript and one full layer."""
    rng = random.Random(1)
    text = make_text(words, rng)
    codes = [f"code-{n:02d}" for n in range(40)]
    (root / "codebook").mkdir()
    (root / "transcripts").mkdir()
    (root / "codings" / "ana").mkdir(parents=True)
    (root / "study.yaml").write_text(
        "postil: 1\nid: bench\ntitle: Bench\ncodebook: codebook/codes.yaml\ncoders: {ana: {name: Ana}}\n"
        "participants: {P01: {}}\n"
    )
    book = "".join(f"  {code}: {{label: {code}, definition: what {code} means}}\n" for code in codes)
    (root / "codebook" / "codes.yaml").write_text(f"title: Bench\nversion: 1.0.0\ncodes:\n{book}")
    (root / "transcripts" / "T1.txt").write_text(text)
    (root / "transcripts" / "transcripts.yaml").write_text(
        "T1:\n  speakers: {Interviewer: {role: interviewer}, P01: {role: participant, participant: P01}}\n"
    )
    _write_layer(root / "codings" / "ana" / "T1.jsonl", text, codes, segments, rng)


def _write_layer(path: Path, text: str, codes: list[str], count: int, rng: random.Random) -> None:
    import json

    spaces = [i for i, letter in enumerate(text) if letter == " "]
    picked = sorted(rng.sample(range(len(spaces) - 30), count))
    lines = [json.dumps({"postil": 1, "kind": "coder", "coder": "ana", "transcript": "T1", "codebook": "1.0.0"})]
    for number, at in enumerate(picked):
        start, end = spaces[at] + 1, spaces[at + rng.randint(3, 25)]
        quote = text[start:end].strip()
        end = start + len(quote)
        record = {"id": f"s{number:09d}", "start": start, "end": end, "codes": [rng.choice(codes)], "quote": quote}
        lines.append(json.dumps({**record, "at": "2026-01-01T00:00:00Z"}, ensure_ascii=False))
    path.write_text("\n".join(lines) + "\n")


class Terminal:
    """A program in a pseudo-terminal."""

    def __init__(self, argv: list[str], env: dict[str, str]) -> None:
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))  # before it looks
            os.execvpe(argv[0], argv, env)
        self.seen = b""

    def read(self, timeout: float) -> bytes:
        ready, _, _ = select.select([self.fd], [], [], timeout)
        if not ready:
            return b""
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            return b""
        self.seen = (self.seen + data)[-200_000:]
        return data

    def until(self, word: bytes, timeout: float = 20.0) -> float:
        """Seconds from the start until a word was on the screen."""
        end = time.perf_counter() + timeout
        while word not in self.seen and time.perf_counter() < end:
            self.read(0.05)
        if word not in self.seen:
            raise SystemExit(f"{word!r} did not appear; last output: {self.seen[-400:]!r}")
        return time.perf_counter() - self.started

    def settle(self, quiet: float = 0.09) -> None:
        while self.read(quiet):
            pass

    def key(self, keys: str) -> float:
        """Milliseconds from writing a key to the first byte of the answer."""
        self.settle()
        began = time.perf_counter()
        os.write(self.fd, keys.encode())
        answered = self.read(2.0)
        took = (time.perf_counter() - began) * 1000
        return took if answered else float("nan")

    def end(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


SERIES: list[tuple[str, list[str], list[str]]] = [
    # name, keys measured in turn, keys pressed before each (not measured)
    ("move by word", ["w"], []),
    ("sentence on", [")"], []),
    ("select sentence", ["s"], ["\x1b", ")"]),
    ("extend by sentence", ["s"], []),
    ("extend by turn (may scroll)", ["t"], []),
    ("apply a code", ["1"], ["\x1b", ")"]),
    ("line down", ["j"], []),
    ("PageDown", ["\x1b[6~"], []),
    ("first / last line", ["G", "gg"], []),
]


def measure(terminal: Terminal, keys: list[str], before: list[str], rounds: int) -> list[float]:
    times: list[float] = []
    for number in range(rounds):
        for key in before:
            terminal.key(key)
            if key == "\x1b":
                time.sleep(0.12)  # a lone escape is recognised by waiting
        terminal.settle()
        key = keys[number % len(keys)]
        if len(key) == 2 and key[0] == "g":
            terminal.key(key[0])
            key = key[1]
        times.append(terminal.key(key))
    return [t for t in times if t == t]


def environment(folder: Path) -> dict[str, str]:
    env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    env |= {"XDG_STATE_HOME": str(folder / "state"), "XDG_CONFIG_HOME": str(folder / "config")}
    env.pop("NO_COLOR", None)
    return env


def show(name: str, times: list[float]) -> None:
    times.sort()
    p90 = times[min(int(len(times) * 0.9), len(times) - 1)]
    print(f"{name:<32}{statistics.median(times):>8.1f}{p90:>8.1f}{max(times):>8.1f}{len(times):>6}")


BARE = (
    "from textual.app import App\nfrom textual.widgets import Static\nclass A(App):\n  def compose(self):\n"
    "    yield Static('READY')\nA().run()"
)
AREA = (
    "import sys\nfrom textual.app import App\nfrom textual.widgets import TextArea\nclass A(App):\n"
    "  def compose(self):\n"
    "    yield TextArea(open(sys.argv[1]).read(), soft_wrap=True)\nA().run()"
)


def starts(argv: list[str], word: bytes, env: dict[str, str], rounds: int = 5) -> list[float]:
    times = []
    for _ in range(rounds):
        terminal = Terminal(argv, env)
        times.append(terminal.until(word) * 1000)
        terminal.end()
    return times


def program(root: Path, transcript: str | None) -> list[str]:
    start = f"run_app(Path({str(root)!r}), {transcript!r}, 'ana')"
    return [sys.executable, "-c", f"from pathlib import Path\nfrom postil_tui.launch import run_app\n{start}"]


def opening(root: Path, env: dict[str, str], rounds: int = 5) -> list[float]:
    """Milliseconds from enter on the list to the words on the screen."""
    times = []
    for _ in range(rounds):
        terminal = Terminal(program(root, None), env)
        terminal.until(b"segments")
        terminal.settle(1.2)
        terminal.seen = b""
        began = time.perf_counter()
        os.write(terminal.fd, b"\r")
        terminal.until(b"Interviewer")
        times.append((time.perf_counter() - began) * 1000)
        terminal.end()
    return times


def on_disk(terminal: Terminal, layer: Path, rounds: int) -> list[float]:
    """Milliseconds from a coding's key to the layer's file being another one."""
    times = []
    for _ in range(rounds):
        terminal.key(")")
        terminal.settle(0.2)
        before = layer.stat().st_ino
        began = time.perf_counter()
        os.write(terminal.fd, b"1")
        while layer.stat().st_ino == before and time.perf_counter() - began < 2:
            terminal.read(0.001)
        times.append((time.perf_counter() - began) * 1000)
    return times


def start_table(root: Path, env: dict[str, str]) -> None:
    print(f"{'process start to text':<32}{'median':>8}{'min':>8}")
    bare = starts([sys.executable, "-c", BARE], b"READY", env)
    mine = starts(program(root, "T1"), b"Interviewer", env)
    inside = opening(root, env)
    for label, times in (("bare Textual app", bare), ("Postil", mine), ("opening inside the app", inside)):
        print(f"{label:<32}{statistics.median(times):>8.0f}{min(times):>8.0f}")
    print(f"ratio of medians {statistics.median(mine) / statistics.median(bare):.2f}")


def key_table(root: Path, env: dict[str, str], rounds: int) -> None:
    terminal = Terminal(program(root, "T1"), env)
    terminal.until(b"Interviewer")
    terminal.settle(0.8)
    for key in ("c", "code-07", "\r"):
        terminal.key(key)
    print(f"\n{'key to first byte':<32}{'median':>8}{'p90':>8}{'max':>8}{'n':>6}")
    for label, keys, before in SERIES:
        show(label, measure(terminal, keys, before, rounds))
    show("coding on disk (after its key)", on_disk(terminal, root / "codings" / "ana" / "T1.jsonl", rounds))
    terminal.end()


def text_area_table(root: Path, env: dict[str, str], rounds: int) -> None:
    area = Terminal([sys.executable, "-c", AREA, str(root / "transcripts" / "T1.txt")], env)
    area.until(b"Interviewer", 60)
    area.settle(0.5)
    for label, key in (("down", "\x1b[B"), ("right", "\x1b[C"), ("PageDown", "\x1b[6~")):
        show(f"TextArea: {label}", measure(area, [key], [], rounds))
    area.end()


def main() -> None:
    words = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 30
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root = folder / "study"
        root.mkdir()
        make_study(root, words, words // 10)
        env = environment(folder)
        print(f"{words:,} words, {words // 10:,} segments, {WIDTH} x {HEIGHT}; milliseconds")
        start_table(root, env)
        key_table(root, env, rounds)
        text_area_table(root, env, min(rounds, 20))


if __name__ == "__main__":
    main()
