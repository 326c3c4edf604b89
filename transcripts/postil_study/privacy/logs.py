"""What the user's own folders still hold of a study: the undo logs of this user, and where reading stopped."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from postil_base.files.atomic import write_bytes
from postil_study.files.kept_copies import drop_copies
from postil_study.files.settings import SETTINGS_FILE
from postil_study.history.steps import StepLog
from postil_study.history.undo import log_path


def undo_logs(study_id: str, root: Path) -> list[Path]:
    """The undo logs of a study, whoever coded."""
    folder = log_path(study_id, root, "x").parent
    return sorted(folder.glob("*.jsonl")) if folder.is_dir() else []


def own_lines(log: Path, root: Path) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """Lines of this copy of the study, or of one that is not there any more; half lines count as ours."""
    for line in log.read_bytes().split(b"\n"):
        if line and _is_ours(value := _value(line), root):
            yield line, value


def drop_lines(study_id: str, root: Path, goes: Callable[[dict[str, Any]], bool]) -> int:
    """Take lines of this study out of the undo logs, and all steps of many files; returns how many.

    What is undone cannot bring names back.
    """
    # whole files, with everybody's words in them
    dropped = StepLog(root, study_id).forget() + drop_copies(study_id, root)
    for log in undo_logs(study_id, root):
        gone = {line for line, value in own_lines(log, root) if goes(value)}
        if gone:
            kept = [line for line in log.read_bytes().split(b"\n") if line and line not in gone]
            dropped += len(gone)
            if kept:
                write_bytes(log, b"\n".join(kept) + b"\n")
            else:
                log.unlink(missing_ok=True)
    return dropped


def _value(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _is_ours(value: dict[str, Any], root: Path) -> bool:
    other = value.get("root")
    return not isinstance(other, str) or other == str(root.resolve()) or not (Path(other) / SETTINGS_FILE).exists()
