"""What a coding says beyond its code: its mode, and that the coder was unsure.

REFI-QDA has no place for either. A note hangs on the coding, and the first lines of the passage's description say the
same, since most programs show a description and few a note on a coding.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

MARKS = {
    "deny": "The speaker denies this.",
    "hypothetical": "The speaker says it of a case that is not so.",
    "wish": "The speaker would like it to be so.",
    "reported": "The speaker says it of other people.",
    "unsure": "The coder was not sure of this passage.",
}
MARK_NAME = "Postil: "
_LINE = re.compile(rf"\[{MARK_NAME}(?P<mark>{'|'.join(MARKS)})\](?: (?P<said>.*))?")


def mark_line(mark: str, code: str = "") -> str:
    """A mark as a line of a description.

    >>> mark_line("deny", "Price")
    '[Postil: deny] Price: The speaker denies this.'
    """
    name = _one_line(code)
    return f"[{MARK_NAME}{mark}] {name}: {MARKS[mark]}" if name else f"[{MARK_NAME}{mark}] {MARKS[mark]}"


def described(lines: Iterable[str], memo: str) -> str:
    """A description: the lines of marks, and the memo below them."""
    head = "\n".join(lines)
    return f"{head}\n\n{memo}" if head and memo else head or memo


def without_marks(description: str, count: int) -> str:
    """The memo in a description of ours that starts with up to ``count`` lines of marks."""
    lines = description.split("\n")
    while count and lines and _LINE.fullmatch(lines[0]):
        lines, count = lines[1:], count - 1
    rest = "\n".join(lines)
    return rest if rest == description else rest.removeprefix("\n")


def marks_in(description: str, codes: Collection[str]) -> tuple[tuple[tuple[str, str], ...], str]:
    """Marks that stand at the head of a description, each with the name of its code, and the memo below them.

    Lines about a name that is none of ``codes`` are words of the memo.

    >>> marks_in("[Postil: deny] Price: The speaker denies this.\\n\\nHe hesitates.", ["Price"])
    ((('deny', 'Price'),), 'He hesitates.')
    """
    names = {_one_line(code) for code in codes}
    found: list[tuple[str, str]] = []
    lines = description.strip().split("\n")
    for line in lines:
        match = _LINE.fullmatch(line.strip())
        if match is None:
            break
        said = (match["said"] or "").removesuffix(MARKS[match["mark"]]).rstrip().removesuffix(":")
        if said not in names and not (match["mark"] == "unsure" and not said):
            break
        found.append((match["mark"], said))
    return tuple(found), "\n".join(lines[len(found) :]).strip() if found else description


def _one_line(name: str) -> str:
    return " ".join(name.split())
