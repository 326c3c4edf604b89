"""Codes made while coding: a step of their own, taken back with the coding they were made for.

Only such a step is taken back so: a code added in the codebook's screen was meant to be there, used or not.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from postil_base.clock import Clock
from postil_base.problem import PostilError
from postil_study.history.codebook_changes import add_code
from postil_study.history.steps import WITH_A_CODING, StepLog
from postil_study.layers.values import State
from postil_study.text.values import Segment
from postil_tui.code.session.pick import NewCode
from postil_tui.code.session.record import RecordChange

if TYPE_CHECKING:
    from postil_tui.shell.workspace import Workspace


def _what(code: str) -> str:
    return f"add {code}{WITH_A_CODING}"


def make_code(root: Path, study_id: str, new: NewCode, origin: str, clock: Clock) -> None:
    """Put a code into the codebook."""
    plan = add_code(root, new.id, {"label": new.label or new.id, "origin": origin}, new.parent or None)
    StepLog(root, study_id, clock).carry_out(_what(new.id), plan.changes, plan.apply)


def forget_code(workspace: Workspace, change: RecordChange) -> str:
    """Take the step back that made the code of a coding that was taken back; returns the code, "" if it stays."""
    log = StepLog(workspace.root, workspace.study.settings.id, workspace.clock)
    last = next((step for step in reversed(log.steps) if not step.undone), None)  # its coding is still on disk
    before, after = (_codes(states) for states in zip(*change.states.values(), strict=True))
    code = next((code for code in before - after if last is not None and last.what == _what(code)), "")
    if not code or not workspace.flush():
        return ""
    workspace.study.refresh()
    if any(code in segment.code_ids for layer in workspace.study.layers() for segment in layer.segments):
        return ""
    try:
        log.undo()
    except PostilError:  # the codebook is newer: the code stays, and is no trouble
        return ""
    workspace.reopen()
    return code


def bring_code(workspace: Workspace, change: RecordChange | None) -> str:
    """Do the step again that makes the code of a coding that is to be done again; returns the code."""
    log = StepLog(workspace.root, workspace.study.settings.id, workspace.clock)
    wanted = _codes(before for before, _ in change.states.values()) if change is not None else set()
    step = log.last_undone if wanted - workspace.codebook.codes.keys() else None
    code = next((code for code in wanted if step is not None and step.what == _what(code)), "")
    if code:
        log.redo()
        workspace.reopen()
    return code


def _codes(states: Iterable[State | None]) -> set[str]:
    return {code for state in states if isinstance(state, Segment) for code in state.code_ids}
