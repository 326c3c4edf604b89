"""Problems in a person's data, as values with a place; failures of an action, as exceptions with a message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: path relative to the study (POSIX), line and column counted from 1; 0 is unknown."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Render as ``path:line:column``, leaving out what is unknown."""
        if not self.line:
            return self.path
        return f"{self.path}:{self.line}:{self.column}" if self.column else f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in the study, with what to do about it in the message.

    ``rule`` is a stable hyphenated name of the check (``unknown-code``), for tests and for ``--json``.
    """

    place: Place
    message: str
    rule: str
    severity: Severity = "error"

    def __str__(self) -> str:
        """Render as ``file:line:column: message``; warnings say that they are one."""
        word = "" if self.severity == "error" else "warning: "
        return f"{self.place}: {word}{self.message}"


def has_errors(problems: Iterable[Problem]) -> bool:
    """Tell whether any of the problems is an error."""
    return any(problem.severity == "error" for problem in problems)


def by_place(problems: Iterable[Problem]) -> list[Problem]:
    """Sort by file, line, column and message, duplicates removed, so that output is stable."""
    unique = {(p.place.path, p.place.line, p.place.column, p.message): p for p in problems}
    return [unique[key] for key in sorted(unique)]


class PostilError(Exception):
    """An action that failed. The message says what is wrong and what to do next; front ends show it as it is."""


class ChangedUnderneathError(PostilError):
    """A file on disk is no longer the one that was read, and both changes cannot stand together."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that was not carried (``lost``), or not exactly as it stood, and why."""

    item: str
    message: str
    lost: bool = True

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.item}: {self.message}"
