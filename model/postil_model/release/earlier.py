"""A folder that an earlier release wrote: it alone may be replaced by a new one, and only as it was written."""

from __future__ import annotations

import os
from pathlib import Path

from postil_base.files.text import read_raw_text, sha256_bytes
from postil_base.problem import PostilError
from postil_model.release.readme import CHECKSUMS
from postil_study.files.settings import SETTINGS_FILE, load_settings

MOST = 5


def check_replaceable(folder: Path, study_id: str) -> None:
    """Refuse a folder in which anything stands that a release of this study did not write just so."""
    if not folder.is_dir():
        raise PostilError(f"{folder} is a file, not a folder; name a new folder.")
    found = sorted(_files(folder))
    if not found:
        return
    sums = _sums(folder)
    if sums is None:
        raise PostilError(
            f"{folder} is there already, and no release wrote it (it has no {CHECKSUMS}); name a new or empty folder."
        )
    others = [path for path in found if path != CHECKSUMS and sums.get(path) != _sha(folder / path)]
    if others:
        more = f" and {len(others) - MOST} more" if len(others) > MOST else ""
        raise PostilError(
            f"{folder} holds what the earlier release did not write, or what was changed since: "
            f"{', '.join(others[:MOST])}{more}. Nothing was replaced; move it away or name a new folder."
        )
    if _id(folder) != study_id:
        raise PostilError(f"{folder} holds the release of another study ({_id(folder)}); name a new folder.")


def _files(folder: Path) -> list[str]:
    """All that is no folder, links to folders among it, and folders in which nothing is."""
    found = []
    for place, folders, names in os.walk(folder):
        here = Path(place)
        links = [name for name in folders if (here / name).is_symlink()]
        empty = [here] if not names and not folders and here != folder else []
        found += [path.relative_to(folder).as_posix() for path in [*(here / n for n in [*names, *links]), *empty]]
    return found


def _sums(folder: Path) -> dict[str, str] | None:
    """The checksums an earlier release wrote: path → sha256."""
    try:
        lines = read_raw_text(folder / CHECKSUMS).splitlines()
    except PostilError:
        return None
    return {path: sha for sha, _, path in (line.partition("  ") for line in lines)}


def _sha(path: Path) -> str:
    return sha256_bytes(path.read_bytes()) if path.is_file() and not path.is_symlink() else ""


def _id(folder: Path) -> str:
    return load_settings(read_raw_text(folder / SETTINGS_FILE))[0].id
