"""Changing the codebook with all that hangs on it, and taking the change back, today or on another day."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from postil_base.clock import Clock
from postil_study.history.codebook_changes import SurgeryPlan
from postil_study.history.steps import StepLog
from postil_study.study import Study


class Surgeon:
    """Carries plans out; what was there before is kept, so that they can be taken back."""

    def __init__(self, study: Study, clock: Clock) -> None:
        self._log = StepLog(study.root, study.settings.id, clock)

    def carry_out(self, plan: SurgeryPlan) -> str:
        """Write a plan; returns what was done."""
        return self._log.carry_out(plan.what, plan.changes, plan.apply).what

    def edit(self, path: str, command: Sequence[str]) -> bool:
        """Let a program change a file, and wait for it; tells whether it did."""
        step = self._log.watch(f"edit {path}", [path], lambda: subprocess.run(command, check=False))
        return any(before != after for before, after in step.files.values())

    def undo(self) -> str | None:
        """Put back what the last plan changed, unless somebody changed it since; None if there is nothing."""
        step = self._log.undo()
        return step.what if step else None

    def redo(self) -> str | None:
        """Do again what was taken back last; None if there is nothing."""
        step = self._log.redo()
        return step.what if step else None


def touched(plan: SurgeryPlan) -> list[tuple[str, str]]:
    """What a plan touches, line by line; with "warn" what one should think twice about."""
    told: list[tuple[str, str]] = []
    for coder, (transcripts, segments, relations, emptied) in plan.by_coder.items():
        parts = [_count(segments, "segment")] + ([_count(relations, "relation")] if relations else [])
        again = ", to be looked at again" if plan.recode else ""
        told.append((f"{coder}: {' and '.join(parts)} in {_count(transcripts, 'transcript')}{again}", ""))
        if emptied:
            told.append((f"{coder}: {_count(emptied, 'segment')} left without a code", "warn"))
    told += [(f"{path}: {_count(count, 'place')}", "") for path, count in plan.references.items() if count]
    for code, before, after in plan.remapped:
        where = f"counts for {after} now, not for {before}" if after and before else f"counts for {after or 'no node'}"
        told.append((f"{code} {where}{'' if after and before else ' now'}", "warn"))
    told += [(f"a problem afterwards: {problem}", "warn") for problem in plan.problems]
    return told or [("nothing but the codebook itself", "")]


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
