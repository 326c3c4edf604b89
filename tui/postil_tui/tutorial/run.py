"""Running the tutorial on a copy of the illustrative study; afterwards nothing of it is left."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from postil_study.files.settings import SETTINGS_FILE
from postil_study.history.undo import log_path
from postil_study.illustrative import lay_down
from postil_tui.shell.config import Config
from postil_tui.tutorial.app import CODER, TutorialApp


@contextmanager
def tutorial_study() -> Iterator[Path]:
    """A copy of the illustrative study under an id of its own, so that the demo's places and undo stay untouched."""
    with TemporaryDirectory(prefix="postil-tutorial-") as folder:
        root = Path(folder) / "study"
        lay_down(root)
        settings = root / SETTINGS_FILE
        text = settings.read_text("utf-8")
        study_id = Path(folder).name
        settings.write_text(re.sub(r"(?m)^id:.*$", f"id: {study_id}", text, count=1), "utf-8")
        try:
            yield root
        finally:
            shutil.rmtree(log_path(study_id, root, CODER).parent, ignore_errors=True)


def run_tutorial(config: Config | None = None, theme: str = "") -> None:
    """Run it until the person leaves."""
    with tutorial_study() as root:
        TutorialApp(root, config, theme).run()
