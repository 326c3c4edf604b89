"""Putting text on the clipboard: by a program of the desktop where there is one, and by the terminal (OSC 52).

No terminal says whether it took the text, so the person is told which way it went.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

MOST = 70_000  # bytes; terminals drop longer OSC 52 sequences without a word
_PATIENCE = 2.0  # seconds

# program with its arguments, and the variable without which it reaches no desktop
_PROGRAMS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("wl-copy",), "WAYLAND_DISPLAY"),
    (("xclip", "-selection", "clipboard"), "DISPLAY"),
    (("xsel", "--clipboard", "--input"), "DISPLAY"),
)


def put(text: str, send: Callable[[str], None], env: Mapping[str, str] | None = None) -> str:
    """Put text on the clipboard; ``send`` hands it to the terminal. Returns which way it went, "" for none."""
    program = _by_program(text, os.environ if env is None else env)
    if len(text.encode()) > MOST:
        return program
    send(text)
    return program or "sent to the terminal (OSC 52)"


def _by_program(text: str, env: Mapping[str, str]) -> str:
    for argv in _programs(env):
        try:
            done = subprocess.run(
                argv, input=text.encode(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=_PATIENCE
            )
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0:
            return f"by {Path(argv[0]).name}"
    return ""


def _programs(env: Mapping[str, str]) -> list[tuple[str, ...]]:
    path = env.get("PATH")
    known = [(("pbcopy",), "")] if sys.platform == "darwin" else list(_PROGRAMS)
    there = [(shutil.which(argv[0], path=path), argv) for argv, needs in known if not needs or env.get(needs)]
    return [(found, *argv[1:]) for found, argv in there if found]
