"""What an action is: its id, where it works, its keys, its words."""

from __future__ import annotations

from typing import Literal

import msgspec

Context = Literal[
    "everywhere",
    "code",
    "home",
    "codebook",
    "compare",
    "overview",
    "search",
    "team",
    "recode",
    "conflicts",
    "memos",
    "themes",
    "matrix",
    "guide",
    "model",
    "evidence",
    "import",
]


class Action(msgspec.Struct, frozen=True):
    """One thing to do. ``hint`` is the word for the bottom row; actions without one are in the help alone."""

    id: str
    context: Context
    group: str
    title: str
    keys: tuple[str, ...]
    hint: str = ""
    listed: bool = True  # in the command palette


def group(context: Context, name: str, *rows: tuple[str, str, str] | tuple[str, str, str, str]) -> list[Action]:
    """Actions of one context and group from rows of id, keys (two spaces between), title and hint."""
    return [Action(r[0], context, name, r[2], tuple(r[1].split("  ")), r[3] if len(r) > 3 else "") for r in rows]
