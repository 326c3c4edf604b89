"""Memos as the app works with them: found by what they are about, written by the one who codes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from postil_base.clock import Clock
from postil_study.files.memos import Memo, load_memos, new_memo, save_memo


class MemoBook:
    """The folder ``memos/`` of a study."""

    def __init__(self, root: Path, clock: Clock) -> None:
        self._root = root
        self._clock = clock

    def all(self) -> list[Memo]:
        """All memos, newest first."""
        return sorted(load_memos(self._root)[0], key=lambda memo: (memo.date, memo.path), reverse=True)

    def about(self, subject: str, author: str) -> Memo | None:
        """This author's memo about something; None if there is none yet."""
        return next((memo for memo in self.all() if memo.about == (subject,) and memo.author == author), None)

    def keep(self, memo: Memo | None, subject: str, author: str, body: str) -> Memo | None:
        """Write a memo: a new one, or one that was there. None when there is nothing to write."""
        if memo is None:
            return new_memo(self._root, (subject,), author, body, clock=self._clock) if body.strip() else None
        if body.strip() == memo.body.strip():
            return None
        return save_memo(self._root, replace(memo, body=body.strip() + "\n"))

    def delete(self, memo: Memo) -> None:
        """Take a memo's file away, unless it changed since it was read."""
        from postil_base.files.journal import write_many

        write_many(self._root, {memo.path: None}, {memo.path: memo.sha256})

    def write(self, name: str, text: str) -> str:
        """Write a file of memos into ``exports/``; returns its path."""
        from postil_study.files.outputs import EXPORTS, write_output

        path = f"{EXPORTS}/{name}"
        write_output(self._root / path, text, self._root)
        return path
