"""Copies of what vanished from a study's files, kept in the user's state folder until somebody has decided."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from postil_base.files import disk
from postil_base.files.atomic import write_bytes
from postil_base.problem import PostilError
from postil_study.files.settings import SETTINGS_FILE
from postil_study.files.state_folder import state_folder

KIND = "vanished"
_FILE = "copies.msgpack"


class _Copies(msgspec.Struct):
    root: str
    files: dict[str, bytes]


def copies_path(study_id: str, root: Path) -> Path:
    """Where they are kept."""
    return state_folder(KIND, study_id, root) / _FILE


def keep_copies(study_id: str, root: Path, files: Mapping[str, bytes]) -> None:
    """Keep these in the place of what was kept before; none leaves no file."""
    path = copies_path(study_id, root)
    if not files:
        if read_copies(study_id, root):
            disk.remove(path)
        return
    with suppress(OSError, PostilError):  # the copy in memory is there all the same
        disk.make_folders(path.parent, 0o700)
        write_bytes(path, msgspec.msgpack.encode(_Copies(str(root.resolve()), dict(files))))
        path.chmod(0o600)


def read_copies(study_id: str, root: Path) -> dict[str, bytes]:
    """What was kept of the study in this folder, or of one in a folder that is gone, by path."""
    try:
        found = msgspec.msgpack.decode(copies_path(study_id, root).read_bytes(), type=_Copies)
    except (OSError, msgspec.MsgspecError):
        return {}
    ours = found.root == str(root.resolve()) or not (Path(found.root) / SETTINGS_FILE).exists()
    return found.files if ours else {}


def drop_copies(study_id: str, root: Path) -> int:
    """Keep nothing any more (somebody's words are to be nowhere); returns how many files there were."""
    count = len(read_copies(study_id, root))
    disk.remove(copies_path(study_id, root))
    return count
