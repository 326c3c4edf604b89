"""Changing the codebook with all that hangs on it, and taking the change back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from postil_base.journal import write_many
from postil_base.text_files import sha256_bytes
from postil_transcripts.surgery import SurgeryPlan


class Surgeon:
    """Carries plans out and keeps what was there before, file by file."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._before: list[tuple[str, Mapping[str, bytes | None], Mapping[str, str]]] = []

    def carry_out(self, plan: SurgeryPlan) -> str:
        """Write a plan; returns what was done."""
        before = {path: self._bytes(path) for path in plan.changes}
        plan.apply()
        after = {path: sha256_bytes(self._bytes(path) or b"") for path in plan.changes}
        self._before.append((plan.what, before, after))
        return plan.what

    def undo(self) -> str | None:
        """Put back what the last plan changed, unless somebody changed it since; None if there is nothing."""
        if not self._before:
            return None
        what, before, after = self._before[-1]
        write_many(self._root, dict(before), after)
        self._before.pop()
        return what

    def _bytes(self, path: str) -> bytes | None:
        try:
            return (self._root / path).read_bytes()
        except FileNotFoundError:
            return None


def preview(plan: SurgeryPlan) -> str:
    """What a plan touches, in one line."""
    parts = [f"{segments} segments of {coder}" for coder, (_, segments, _, _) in plan.by_coder.items() if segments]
    emptied = sum(numbers[3] for numbers in plan.by_coder.values())
    parts += [f"{emptied} segments left without a code"] if emptied else []
    parts += [f"{count} places in {path}" for path, count in plan.references.items() if count]
    touched = ", ".join(parts) or "nothing else"
    word = "to be looked at again" if plan.recode else "touches"
    return f"{plan.what} ({word}: {touched})" if not plan.recode else f"{plan.what} ({touched} {word})"
