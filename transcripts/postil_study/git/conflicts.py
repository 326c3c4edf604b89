"""Entries of YAML files that a merge could not settle, kept in Postil's own folder until somebody has decided.

The files themselves always read, with our side's value; what theirs was stands here.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from postil_base.files.atomic import write_bytes
from postil_base.files.lock import private_folder
from postil_base.yaml.merge import YamlConflict

FILE = ".postil/conflicts.json"


class OpenConflict(msgspec.Struct, frozen=True):
    """One entry to decide on."""

    path: str
    where: tuple[str, ...]
    mine: Any
    theirs: Any

    @property
    def said(self) -> str:
        """In words."""
        return str(YamlConflict(self.where, self.mine, self.theirs))


def read_conflicts(root: Path) -> list[OpenConflict]:
    """What waits for a decision."""
    try:
        return msgspec.json.decode((root / FILE).read_bytes(), type=list[OpenConflict])
    except (OSError, msgspec.MsgspecError):
        return []


def note_conflicts(root: Path, path: str, conflicts: Iterable[YamlConflict]) -> None:
    """Note what a merge of one file left open, in the place of what it left before."""
    others = [conflict for conflict in read_conflicts(root) if conflict.path != path]
    new = [OpenConflict(path, conflict.where, conflict.mine, conflict.theirs) for conflict in conflicts]
    write_conflicts(root, [*others, *new])


def write_conflicts(root: Path, conflicts: list[OpenConflict]) -> None:
    """Keep the list; an empty one leaves no file."""
    file = root / FILE
    if conflicts:
        private_folder(root)
        write_bytes(file, msgspec.json.format(msgspec.json.encode(conflicts), indent=1) + b"\n")
    else:
        file.unlink(missing_ok=True)
