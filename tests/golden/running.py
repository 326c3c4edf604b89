"""Running command lines in process, in a world of their own: what they say, how they end, and which files they leave.

Time stands still, no name of a temporary folder and no random id reaches a recording.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import re
import secrets
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from hashlib import sha256
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any
from unittest.mock import patch

from postil_base.ids import ALPHABET
from tests.golden.showing import LINES, Viewer

NOW = "2031-03-05T06:07:08+00:00"
WIDTH = "100"
MANY = 120  # lines of changed files in all, so that a study laid down anew is no book
# Set in the world; what a person has set otherwise (colours, another editor, git's own settings) is out of it.
FOLDERS = {
    "HOME": "home",
    "XDG_STATE_HOME": "home/state",
    "XDG_CONFIG_HOME": "home/config",
    "XDG_DATA_HOME": "home/data",
    "XDG_CACHE_HOME": "home/cache",
    "TMPDIR": "tmp",
    "GIT_CONFIG_GLOBAL": "home/none",
}
PLAIN = {
    "COLUMNS": WIDTH,
    "TZ": "UTC",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ana",
    "GIT_AUTHOR_EMAIL": "ana@example.org",
    "GIT_COMMITTER_NAME": "Ana",
    "GIT_COMMITTER_EMAIL": "ana@example.org",
    "GIT_AUTHOR_DATE": NOW,
    "GIT_COMMITTER_DATE": NOW,
}
UNSET = ("FORCE_COLOR", "NO_COLOR", "CLICOLOR_FORCE", "LINES", "VISUAL", "EDITOR", "GIT_DIR", "GIT_WORK_TREE")
# Not what a command is asked for: caches, git's own files, locks, and stamps of files as this disk has them.
PASSED_OVER = re.compile(r"(home/cache|[^/]+/\.git)/|.*\.lock$|.*/\.postil/last-change\.json$")
MASKS = (
    (re.compile(r"(?i)(\bpostil(?:\W{1,4}| version ))\d+\.\d+\.\d+\b"), r"\1‹version›"),
    (re.compile(r"(home/state/postil/steps/)[0-9a-f]{16}(?=/)"), r"\1‹study›"),  # named by its place when it has no id
)


@dataclass(frozen=True)
class Run:
    """Command lines, typed one after the other in one world; ``!name`` is an act of the harness between them."""

    name: str
    steps: tuple[str, ...]
    fill: Callable[[Path], None]
    acts: dict[str, Callable[[Path], None]]


class _Still(datetime):
    """A clock that stands."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> _Still:
        return cls.fromisoformat(NOW).astimezone(tz)


class _Draws:
    """Random bytes that are the same in every run, and the ids that were made of them."""

    def __init__(self) -> None:
        self.made: list[bytes] = []
        self.seen: dict[str, str] = {}

    def __call__(self, size: int | None = None) -> bytes:
        drawn = sha256(f"golden {len(self.made)}".encode()).digest()[: size or 32]
        self.made.append(drawn)
        return drawn

    def masked(self, text: str) -> str:
        """Ids by their place in the order in which they appear, so that one more draw elsewhere changes nothing."""
        ids = {"".join(ALPHABET[byte & 31] for byte in drawn) for drawn in self.made if len(drawn) >= 10}
        ids |= {drawn.hex() for drawn in self.made}
        return re.sub(
            r"(?<![a-z0-9])[a-z0-9]{6,64}(?![a-z0-9])",
            lambda m: self.seen.setdefault(m[0], f"‹id {len(self.seen) + 1}›") if m[0] in ids else m[0],
            text,
        )


def recording(run: Run, cut: bool = True) -> str:
    """All that there is to see of a run: command lines, exit codes, both streams, and every file that changed."""
    with _world() as world:
        run.fill(world)
        draws, commits = _Draws(), set[str]()
        viewer = Viewer(lambda text: _masked(text, world, draws, commits), cut)
        before, lines = _files(world), list[str]()
        with _stillness(world, draws):
            for number, step in enumerate(run.steps):
                told = _taken(step, run, world)
                commits |= _commits(world)
                lines += [line for name, data in told for line in (viewer.show(name, data) if data else [name])]
                if step.startswith("!") and not number:
                    before = _files(world)  # the state from which the commands start
        return "\n".join([*lines, *_changes(before, _files(world), viewer)]) + "\n"


def _masked(text: str, world: Path, draws: _Draws, commits: set[str]) -> str:
    text = draws.masked(text)
    for pattern, instead in (*MASKS, (re.compile(rf"(/private)?[\w/.-]*/{world.name}\b"), "‹here›")):
        text = pattern.sub(instead, text)
    return re.sub(r"\b[0-9a-f]{7,40}\b", lambda m: "‹commit›" if m[0] in commits else m[0], text)


@contextlib.contextmanager
def _world() -> Iterator[Path]:
    """A folder whose path has always the same length, so that no line breaks elsewhere."""
    folder = Path(tempfile.mkdtemp(prefix="golden-"))
    was = Path.cwd()
    for name in ("home", "tmp", "out"):
        (folder / name).mkdir()
    os.chdir(folder)
    try:
        yield folder
    finally:
        os.chdir(was)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _stillness(world: Path, draws: _Draws) -> Iterator[None]:
    environment = {**PLAIN, **{name: str(world / place) for name, place in FOLDERS.items()}}
    with (
        patch.dict(os.environ, environment),
        patch.object(tempfile, "tempdir", str(world / "tmp")),
        patch.object(secrets, "token_bytes", draws),
        patch("postil_base.clock.datetime", _Still),
        patch("postil_model.decision.model_id.__version__", "0.0.0"),
    ):
        for name in UNSET:
            os.environ.pop(name, None)
        yield


def _taken(step: str, run: Run, world: Path) -> list[tuple[str, bytes]]:
    """Lines, and streams with what is in them."""
    if step.startswith("!"):
        run.acts[step[1:]](world)
        return [(f"({step[1:]})", b"")]
    code, out, err = typed(shlex.split(step))
    return [
        (f"$ postil {step}", b""),
        (f"exit code {code}", b""),
        *((n, d) for n, d in (("stdout", out), ("stderr", err)) if d),
    ]


def typed(arguments: Sequence[str]) -> tuple[int, bytes, bytes]:
    """The exit code and both streams of ``postil`` called with these arguments, nobody sitting at a terminal."""
    (door,) = entry_points(group="console_scripts", name="postil")
    main: Callable[[], Any] = door.load()
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    thresholds = gc.get_threshold()
    with (
        patch.object(sys, "argv", ["postil", *arguments]),
        patch.object(sys, "stdin", io.StringIO("")),
        patch.object(sys, "stdout", out),
        patch.object(sys, "stderr", err),
    ):
        try:
            code = main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else bool(ended.code)
        finally:
            gc.set_threshold(*thresholds)
    streams = []
    for stream in (out, err):
        stream.flush()
        buffer = stream.buffer
        assert isinstance(buffer, io.BytesIO)
        streams.append(buffer.getvalue())
    return int(code or 0), streams[0], streams[1]


def _files(world: Path) -> dict[str, bytes]:
    found = (path for path in sorted(world.rglob("*")) if path.is_file())
    named = ((path.relative_to(world).as_posix(), path) for path in found)
    return {name: path.read_bytes() for name, path in named if not PASSED_OVER.match(name)}


def _changes(before: dict[str, bytes], after: dict[str, bytes], viewer: Viewer) -> list[str]:
    """New files as they are, changed ones as a difference, and the names of those that are gone."""
    lines: list[str] = []
    changed = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    most = min(LINES, max(MANY // max(len(changed), 1), 2))
    for name in changed:
        if name not in after:
            lines.append(f"gone: {viewer.mask(name)}")
        elif name not in before:
            lines += _told("new", viewer.show(name, after[name], most), viewer)
        else:
            lines += _told("changed", viewer.difference(name, before[name], after[name], most), viewer)
    return lines or ["no file changed"]


def _told(what: str, shown: list[str], viewer: Viewer) -> list[str]:
    return [f"{what}: {viewer.mask(shown[0])}", *shown[1:]]


def _commits(world: Path) -> set[str]:
    """The names of all commits in the study's own repository, whole and cut off."""
    heads = world / "study" / ".git"
    if not heads.is_dir():
        return set()
    listed = subprocess.run(
        ["git", "log", "--all", "--reflog", "--format=%H"], cwd=world / "study", capture_output=True, text=True
    ).stdout.split()
    return {name[:length] for name in listed for length in range(7, 41)}
