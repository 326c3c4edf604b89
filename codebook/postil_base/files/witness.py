"""What this program wrote itself, and who is asked before it writes a file it holds in memory.

A program that shows a study for hours has to tell its own writing from what others do to the files, and must not
write over a file of which something has just vanished. Both are known to the process and to nobody else, as its locks.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

Stamp = tuple[int, int, int]
Ask = Callable[[Path], None]  # raises PostilError when the file must not be written now
GONE: Stamp = (0, 0, 0)

_WROTE: dict[str, Stamp] = {}
_ASKED: dict[str, Ask] = {}


def stamp_of(path: Path | str) -> Stamp:
    """What tells one state of a file from another without reading it; `GONE` if there is no such file."""
    try:
        found = os.stat(path)  # noqa: PTH116 (a str saves building a Path for each of thousands of files)
    except OSError:
        return GONE
    return (found.st_mtime_ns, found.st_size, found.st_ino)


def wrote(path: Path) -> None:
    """Note that this program put the file there as it is now, or took it away."""
    _WROTE[str(path)] = stamp_of(path)


def is_ours(path: Path) -> bool:
    """Whether the file is as this program left it."""
    noted = _WROTE.get(str(path.resolve()))
    return noted is not None and noted == stamp_of(path)


def is_there_again(path: Path) -> None:
    """Somebody made a file anew that this program had taken away: if it goes once more, that is not our doing."""
    if _WROTE.get(str(path.resolve())) == GONE:
        del _WROTE[str(path.resolve())]


def ask_before_writing(root: Path, ask: Ask) -> None:
    """Have ``ask`` called with every file of a study before this program writes it."""
    _ASKED[str(root.resolve())] = ask


def ask_no_more(root: Path) -> None:
    """The study is closed."""
    _ASKED.pop(str(root.resolve()), None)


def may_write(root: Path, path: Path) -> None:
    """Raise what whoever holds the study in memory has against writing a file of it."""
    ask = _ASKED.get(str(root.resolve())) if _ASKED else None
    if ask is not None:
        ask(path)
