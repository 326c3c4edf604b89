"""Starting the app from the command line."""

from __future__ import annotations

import gc
import sys
from pathlib import Path


def run_app(root: Path | None, transcript: str | None = None, coder: str | None = None) -> int:
    """Open the app on a study (or its welcome screen when ``root`` is None) and return the exit code."""
    if "utf" not in (sys.stdout.encoding or "").lower():
        sys.stderr.write(
            "postil: this terminal does not speak UTF-8, so the words could not be shown as they are. "
            "Set the locale (for example LC_ALL=C.UTF-8) and start again.\n"
        )
        return 2
    gc.set_threshold(20_000, 20, 20)  # short collections: a key must not wait for one
    gc.disable()  # nothing of what is imported can be garbage yet; this saves a sixth of the start
    from postil_tui.shell.app import PostilApp

    app = PostilApp(root, transcript, coder)
    code = app.run()
    while app.tutorial_wanted:
        from postil_tui.tutorial.run import run_tutorial

        run_tutorial(app.config, app.theme)
        coder = app.workspace.coder if app.workspace else coder
        app = PostilApp(root, transcript, coder)
        code = app.run()
    if app.last_words:
        sys.stderr.write(f"postil: {app.last_words}\n")
    if app.then:
        import subprocess

        return subprocess.call([sys.executable, "-m", "postil_cli.entry", *app.then])
    return code if isinstance(code, int) else 0
