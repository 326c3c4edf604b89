"""A disk whose power can be cut: the system calls of `postil_base.files.disk` recorded, and what might be left of them.

What a file system may do with calls that were not followed by a fsync is taken at its worst: each rename, creation
and removal is there or not, whatever the others are; of written bytes there are all, some, none, or zeros.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from postil_base.files import disk

Tree = dict[str, bytes]
FOLDER = -1


@dataclass(frozen=True)
class Call:
    """One system call that changes something, or makes it last."""

    name: str  # create, write, sync, sync-folder, rename, remove, mkdir, rmdir
    path: str = ""
    other: str = ""
    file: int = 0  # the file's number, whatever its name
    data: bytes = b""


@dataclass
class Recorder:
    """Stands in for ``os`` in `postil_base.files.disk`: does what it is asked to, and keeps account."""

    calls: list[Call] = field(default_factory=list)
    fail: Callable[[int], OSError | None] = lambda number: None
    _files: dict[str, int] = field(default_factory=dict)
    _handles: dict[int, tuple[str, int]] = field(default_factory=dict)
    _next: int = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def number(self, path: str) -> int:
        """The number of the file of that name."""
        if path not in self._files:
            self._files[path] = self._next
            self._next += 1
        return self._files[path]

    def _note(self, call: Call) -> None:
        error = self.fail(len(self.calls))
        self.calls.append(call)
        if error is not None:
            raise error

    def open(self, path: Path, flags: int, mode: int = 0o777) -> int:
        there = Path(path).exists()
        if flags & os.O_CREAT and not there:
            self._files.pop(str(path), None)
            self._note(Call("create", str(path), file=self.number(str(path))))
        handle = os.open(path, flags, mode)
        self._handles[handle] = (str(path), self.number(str(path)))
        return handle

    def close(self, handle: int) -> None:
        self._handles.pop(handle, None)
        os.close(handle)

    def write(self, handle: int, data: bytes) -> int:
        path, file = self._handles[handle]
        self._note(Call("write", path, file=file, data=bytes(data)))
        return os.write(handle, data)

    def fsync(self, handle: int) -> None:
        path, file = self._handles[handle]
        self._note(Call("sync-folder" if Path(path).is_dir() else "sync", path, file=file))

    def replace(self, old: Path, new: Path) -> None:
        self._note(Call("rename", str(old), str(new), self.number(str(old))))
        old.replace(new)
        self._files[str(new)] = self._files.pop(str(old))

    def unlink(self, path: Path | str) -> None:
        if not Path(path).exists():
            Path(path).unlink()
        self._note(Call("remove", str(path), file=self.number(str(path))))
        Path(path).unlink()
        self._files.pop(str(path), None)

    def mkdir(self, path: Path, mode: int = 0o777) -> None:
        self._note(Call("mkdir", str(path), file=FOLDER))
        path.mkdir(mode)

    def rmdir(self, path: Path) -> None:
        self._note(Call("rmdir", str(path), file=FOLDER))
        path.rmdir()


@contextmanager
def recording(recorder: Recorder) -> Iterator[Recorder]:
    """Have `postil_base.files.disk` write through the recorder."""
    before = vars(disk)["os"]
    vars(disk)["os"] = recorder
    try:
        yield recorder
    finally:
        vars(disk)["os"] = before


def tree_of(base: Path, hidden: bool = True) -> Tree:
    """All files below a folder, by path relative to it."""
    found = {path.relative_to(base).as_posix(): path for path in sorted(base.rglob("*")) if path.is_file()}
    return {
        name: path.read_bytes()
        for name, path in found.items()
        if hidden or not any(part.startswith(".") for part in name.split("/"))
    }


class Cut:
    """What may be on the disk when the power goes after the first ``count`` calls."""

    def __init__(self, base: Path, before: Tree, recorder: Recorder, count: int) -> None:
        self.base = base
        self.calls = recorder.calls[:count]
        self.before = before
        self._last_sync: dict[str, int] = {}
        for index, call in enumerate(self.calls):
            if call.name in ("sync", "sync-folder"):
                self._last_sync[call.path if call.name == "sync-folder" else f"#{call.file}"] = index

    def killed(self) -> Tree:
        """The process was killed: every call made so far has happened."""
        return self._left(lambda _: True, lambda _, data: data)

    def without_power(self, rng: Random) -> Tree:
        """The machine lost its power: only what was synchronised is sure."""
        return self._left(lambda sure: sure or rng.random() < 0.5, lambda sure, data: _some_of(sure, data, rng))

    def _left(self, happens: Callable[[bool], bool], content: Callable[[bytes, bytes], bytes]) -> Tree:
        names: dict[str, int] = {}
        files: dict[int, bytes] = {}
        folders: set[str] = {str(self.base)}
        for number, (path, data) in enumerate(self.before.items(), 1_000_000):
            names[str(self.base / path)], files[number] = number, data
            folders.update(str(parent) for parent in (self.base / path).parents)
        known = dict(names)  # as the program saw it
        numbers: dict[int, int] = {}  # of the recorder → ours
        for index, call in enumerate(self.calls):
            if call.name in ("create", "rename", "remove", "mkdir", "rmdir"):
                if call.name == "create":
                    numbers[call.file] = call.file
                elif call.file not in numbers:
                    numbers[call.file] = known.get(call.path, call.file)
                self._apply(
                    call, numbers.get(call.file, call.file), names, folders, happens(self._is_sure(index, call))
                )
        for file in {call.file for call in self.calls if call.name == "write"}:
            number = numbers.get(file, file)
            files[number] = content(*self._written(file, files.get(number, b"")))
        base = f"{self.base}{os.sep}"
        return {path.removeprefix(base): files.get(number, b"") for path, number in sorted(names.items())}

    def _is_sure(self, index: int, call: Call) -> bool:
        places = [str(Path(path).parent) for path in (call.path, call.other) if path]
        return all(self._last_sync.get(place, -1) > index for place in places)

    @staticmethod
    def _apply(call: Call, number: int, names: dict[str, int], folders: set[str], happens: bool) -> None:
        goal = call.other or call.path
        if not happens or str(Path(goal).parent) not in folders:
            return
        if call.name == "mkdir":
            folders.add(call.path)
        elif call.name == "rmdir":
            folders.discard(call.path)
        else:
            if call.name != "create" and names.get(call.path) == number:
                del names[call.path]
            if call.name != "remove":
                names[goal] = number

    def _written(self, file: int, before: bytes) -> tuple[bytes, bytes]:
        """Of one file: what is surely there, and what would be if all of it were."""
        sure = whole = before
        for index, call in enumerate(self.calls):
            if call.name == "write" and call.file == file:
                whole += call.data
                if index < self._last_sync.get(f"#{file}", -1):
                    sure = whole
        return sure, whole


def _some_of(sure: bytes, whole: bytes, rng: Random) -> bytes:
    if sure == whole:
        return whole
    cut = rng.randint(len(sure), len(whole))
    return rng.choice([sure, whole[:cut], whole, sure + bytes(len(whole) - len(sure)), whole[:cut] + bytes(3)])


def lay_down(tree: Tree, base: Path) -> None:
    """Write a tree to a folder."""
    for name, data in tree.items():
        path = base / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
