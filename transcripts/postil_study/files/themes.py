"""Writing themes: one change of ``codebook/themes.yaml`` at a time, taken back only while the file stands so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from postil_base.files.atomic import ABSENT
from postil_base.files.journal import write_many
from postil_base.files.lock import study_lock
from postil_base.files.text import read_raw_text, sha256_text
from postil_base.problem import ChangedUnderneathError, PostilError
from postil_base.yaml.edit import set_value
from postil_study.files.settings import SETTINGS_FILE, Settings

THEMES_FILE = "codebook/themes.yaml"

Edit = Callable[[str, str], str]  # text and path to the new text


@dataclass(frozen=True, slots=True)
class ThemesChange:
    """What one action did to the file: its text before (None: it was not there) and after."""

    path: str
    before: str | None
    after: str
    said: str


def change_themes(root: Path, settings: Settings, edit: Edit, said: str) -> ThemesChange:
    """Change the themes' text and write it; a study without themes gets the file and the line in ``study.yaml``."""
    path = settings.themes or THEMES_FILE
    with study_lock(root):
        before = _text(root, path)
        after = edit(before or "", path)
        if after != before:
            _write(root, path, before, after, declare=not settings.themes)
    return ThemesChange(path, before, after, said)


def take_back_themes(root: Path, change: ThemesChange) -> None:
    """Undo a change, if the file still is as the change left it."""
    with study_lock(root):
        if _text(root, change.path) != change.after:
            raise ChangedUnderneathError(
                f"{change.path} was changed since; “{change.said}” stays, so that the newer change is not lost."
            )
        _write(root, change.path, change.after, change.before if change.before is not None else "themes: []\n", False)


def _write(root: Path, path: str, before: str | None, after: str, declare: bool) -> None:
    changes: dict[str, str | bytes | None] = {path: after}
    expect = {path: ABSENT if before is None else sha256_text(before)}
    if declare:
        settings = read_raw_text(root / SETTINGS_FILE)
        changes[SETTINGS_FILE] = set_value(settings, ["themes"], path, path=SETTINGS_FILE)
        expect[SETTINGS_FILE] = sha256_text(settings)
    write_many(root, changes, expect)


def _text(root: Path, path: str) -> str | None:
    if not (root / path).exists():
        return None
    if not (root / path).is_file():
        raise PostilError(f"{path} is no file; name the themes' file in study.yaml (themes: {THEMES_FILE}).")
    return read_raw_text(root / path)
