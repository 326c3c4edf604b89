"""Paths as a person types, pastes or drops them, and how one goes on."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from pathlib import Path


def paths_said(text: str) -> list[Path]:
    """The paths a person typed, pasted or dropped: one as it is, or several, quoted as a shell would have them.

    >>> [path.as_posix() for path in paths_said("'/a/b c.txt' /d/e\\\\ f.txt")]
    ['/a/b c.txt', '/d/e f.txt']
    """
    whole = Path(text.strip()).expanduser()
    if not text.strip() or whole.exists():
        return [whole] if text.strip() else []
    try:
        parts = shlex.split(text)
    except ValueError:
        opened = _open_quote(text)
        unclosed = Path(text[opened + 1 :]).expanduser() if opened >= 0 else whole
        return [*(paths_said(text[:opened]) if opened > 0 else []), unclosed] if unclosed.exists() else [whole]
    return [Path(part.removeprefix("file://")).expanduser() for part in parts]


def completed(text: str, known: Callable[[Path], bool]) -> tuple[str, list[str]]:
    """What is typed of a path, as far as there is only one way to go on, and the names there are if there are more.

    Capitals do not matter; inside quotation marks the path within them is completed, and a whole file closes them.
    """
    opened = _open_quote(text)
    before, typed = text[: opened + 1], text[opened + 1 :]
    done, names = _completed(typed, known)
    whole = len(names) == 1 and not names[0].endswith("/")
    return before + done + (before[-1:] if whole else ""), names


def _completed(text: str, known: Callable[[Path], bool]) -> tuple[str, list[str]]:
    folder, _, stem = text.rpartition("/")
    asked = f"{folder}/" if folder or text.startswith("/") else ""
    place = _spelt(Path(asked or ".").expanduser())
    try:
        inside = sorted(path for path in place.iterdir() if _goes_on(path, stem) and known(path))
    except OSError:
        return text, []
    names = [f"{path.name}/" if path.is_dir() else path.name for path in inside]
    if not names:
        return text, []
    if any(name.startswith(stem) for name in names) and len(names) > 1:
        same = [name for name in names if name.startswith(stem)]
        names = same if len(same) > 1 else names
    common = _common(names)
    real = asked if Path(asked or ".").expanduser().is_dir() else f"{place.as_posix().rstrip('/')}/"
    return real + (common if len(common) >= len(stem) else stem), names


def _goes_on(path: Path, stem: str) -> bool:
    shows = not path.name.startswith(".") or stem.startswith(".")
    return shows and path.name.casefold().startswith(stem.casefold())


def _spelt(folder: Path) -> Path:
    """A folder as it is spelt on disk, where its capitals were typed otherwise."""
    if folder.is_dir():
        return folder
    here = Path(folder.anchor or ".")
    for part in folder.parts[1 if folder.anchor else 0 :]:
        try:
            same = [path.name for path in here.iterdir() if path.name.casefold() == part.casefold()]
        except OSError:
            return folder
        here = here / (part if part in same or not same else sorted(same)[0])
    return here


def _common(names: Sequence[str]) -> str:
    """What all names begin with, whatever their capitals, as the first one spells it."""
    shortest = min(len(name) for name in names)
    length = next((i for i in range(shortest) if len({name[i].casefold() for name in names}) > 1), shortest)
    return names[0][:length]


def _open_quote(text: str) -> int:
    """Where a quotation mark stands that is not closed yet, at the start or behind a space; -1 if there is none."""
    opened, mark = -1, ""
    for at, character in enumerate(text):
        if mark and character == mark:
            opened, mark = -1, ""
        elif not mark and character in "'\"" and (at == 0 or text[at - 1] == " "):
            opened, mark = at, character
    return opened
