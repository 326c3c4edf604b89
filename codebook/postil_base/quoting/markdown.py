"""Text of other people inside Markdown: shown as it is, never as markup or HTML."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"[\\`*<>\[\]|~$&]|(?<![^\W_])_|_(?![^\W_])")


def markdown_cell(text: str) -> str:
    """A text as a cell of a pipe table. Underscores within words and what no program reads as markup stay as they are.

    >>> print(markdown_cell("<laughs> *so* find_ptm a|b"))
    \\<laughs\\> \\*so\\* find_ptm a\\|b
    """
    return " ".join(_SIGNS.sub(r"\\\g<0>", line) for line in text.splitlines())
