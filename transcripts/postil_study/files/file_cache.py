"""Files read once and read again when they changed on disk: one stat and one read each."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Generic, TypeVar

from postil_base.files.text import MAX_TEXT, MB, unix_lines, why_not
from postil_base.files.witness import GONE as GONE
from postil_base.files.witness import Stamp as Stamp
from postil_base.files.witness import stamp_of as stamp_of
from postil_base.problem import Place, Problem

T = TypeVar("T")


def names_in(folder: Path) -> list[str]:
    """Names in a folder, sorted, hidden ones left out; none if the folder is not there."""
    try:
        return sorted(name for name in os.listdir(folder) if not name.startswith("."))  # noqa: PTH208
    except OSError:
        return []


def read_study_text(root: Path, path: str) -> tuple[str, list[Problem]]:
    """The text of a file of the study, or nothing and a problem that names the place."""
    try:
        reason = why_not(root / path)
        if reason:
            return "", [Problem(Place(path), f"the file cannot be read: {reason}.", "unreadable-file")]
        return unix_lines((root / path).read_bytes().decode("utf-8")), []
    except OSError as error:
        return "", [Problem(Place(path), f"the file cannot be read: {error.strerror or error}.", "unreadable-file")]
    except UnicodeDecodeError as error:
        message = f"byte {error.start} is not UTF-8; save the file as UTF-8 in your editor."
        return "", [Problem(Place(path, error.object.count(b"\n", 0, error.start) + 1), message, "not-utf-8")]


def read_folder(
    root: Path, folder: str, ending: str, load: Callable[[str, str], tuple[T, list[Problem]]]
) -> tuple[dict[str, T], list[Problem]]:
    """All files of one kind in a folder, by name without ending; those that cannot be read are problems."""
    found: dict[str, T] = {}
    problems: list[Problem] = []
    for name in names_in(root / folder):
        if name.endswith(ending):
            path = f"{folder}/{name}"
            text, unreadable = read_study_text(root, path)
            problems += unreadable
            if not unreadable:
                found[name.removesuffix(ending)], more = load(text, path)
                problems += more
    return found, problems


def _content(full: str) -> bytes:
    """The bytes of a file. Opened without waiting, since nobody may ever write to a pipe that lies there."""
    with open(full, "rb", buffering=0, opener=_at_once) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is no file")
        if status.st_size > MAX_TEXT:
            raise OSError(errno.EFBIG, f"it has {status.st_size // MB} MB; up to {MAX_TEXT // MB} MB are read")
        return file.readall()


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


class FileCache(Generic[T]):
    """Values read from files of the study, by path relative to it."""

    def __init__(self, root: Path, read: Callable[[str, bytes], T]) -> None:
        self._root = str(root)
        self._read = read
        self._held: dict[str, tuple[Stamp, T]] = {}

    def get(self, path: str) -> T:
        """The value of a file, read when it is asked for first. Raises OSError when it cannot be read."""
        held = self._held.get(path)
        if held is not None:
            return held[1]
        full = f"{self._root}/{path}"
        stamp = stamp_of(full)  # before reading: a change in between is then seen by the next `changed`
        value = self._read(path, _content(full))
        self._held[path] = (stamp, value)
        return value

    def passing(self, path: str) -> T:
        """The value of a file that is looked at once: one that is not held yet is read, and forgotten."""
        held = self._held.get(path)
        return held[1] if held is not None else self._read(path, _content(f"{self._root}/{path}"))

    def held(self) -> Mapping[str, tuple[Stamp, T]]:
        """The values read so far, by path, with the state of the file they were read from."""
        return dict(self._held)

    def changed(self) -> Iterable[str]:
        """Forget the files that changed since they were read, and name them."""
        gone = [path for path, (stamp, _) in self._held.items() if stamp_of(f"{self._root}/{path}") != stamp]
        for path in gone:
            del self._held[path]
        return gone


class Listing:
    """The files of one kind in a folder, by name without ending; read once and again when the folder changed."""

    def __init__(self, folder: Path, path: str, ending: str, is_id: Callable[[str], bool]) -> None:
        self.folder = folder
        self.path = path
        self._ending = ending
        self._is_id = is_id
        self._stamp: Stamp = GONE
        self._ids: dict[str, None] | None = None

    def ids(self) -> Mapping[str, None]:
        """The names without ending, sorted; names that cannot be ids are left out (the check names them)."""
        if self._ids is None:
            self._stamp = stamp_of(self.folder)
            named = (name for name in names_in(self.folder) if name.endswith(self._ending))
            stems = (name.removesuffix(self._ending) for name in named)
            self._ids = dict.fromkeys(stem for stem in stems if self._is_id(stem))
        return self._ids

    def changed(self) -> bool:
        """Whether files came or went since they were listed; they are then listed anew."""
        if self._ids is None or stamp_of(self.folder)[0] == self._stamp[0]:
            return False
        before, self._ids = self._ids, None
        return list(self.ids()) != list(before)
