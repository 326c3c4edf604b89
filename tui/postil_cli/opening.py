"""Opening the app from the command line, or saying how when there is no terminal."""

from __future__ import annotations

import sys
from pathlib import Path

from postil_cli.failures import WRONG_USAGE, say


def on_a_terminal() -> bool:
    """Whether a person sits at both ends: keys come in and the screen is seen."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def open_app(folder: Path | None = None, transcript: str | None = None, coder: str | None = None) -> int:
    """Run the app on the study of ``folder`` (or of the working directory) and return its exit code."""
    if not on_a_terminal():
        say("postil: the app needs a terminal, and this is none. Run `postil` in one; `postil --help` lists the rest.")
        return WRONG_USAGE
    from postil_study.study import find_study
    from postil_tui.shell.launch import run_app

    return run_app(find_study(folder or Path.cwd()), transcript, coder)
