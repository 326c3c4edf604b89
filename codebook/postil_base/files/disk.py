"""The only system calls by which Postil changes files, in the order that survives a power failure.

Everything above writes through these few functions, so that a test can cut the power between any two of them. What
they return from is on disk: content is synchronised before a name points to it, and a new name (or folder) is
synchronised in the folder that holds it.
"""

# System calls stand here by their own names, so that what happens when is plain to see.

from __future__ import annotations

import errno
import os
import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

TEMPORARY: Final = re.compile(r"\.postil-(\d+)-[0-9a-f]{12}\.tmp")  # the number is that of the process


def write_new(path: Path, data: bytes | Iterable[bytes], like: Path | None = None, mode: int = 0o666) -> None:
    """Make a file that must not exist yet; its bytes are on disk on return, its name is not before `sync_folder`.

    With ``like`` it gets the permissions of that file, if there is one. What cannot be written whole, or whose next
    piece cannot be made, is removed.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        try:
            if like is not None:
                _keep_mode(like, handle)
            for piece in (data,) if isinstance(data, bytes) else data:
                _write_all(handle, piece)
            os.fsync(handle)
        finally:
            os.close(handle)
    except BaseException:
        with suppress(OSError):
            os.unlink(path)
        raise


def append(path: Path, data: bytes, mode: int = 0o666, sync: bool = True) -> None:
    """Add a line to the end of a file, made when it is not there; on disk on return unless ``sync`` is False."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, mode)
    try:
        size = os.fstat(handle).st_size
        if size and os.pread(handle, 1, size - 1) != b"\n":
            data = b"\n" + data  # half a line that a crash left must not swallow the next one
        _write_all(handle, data)
        if sync:
            os.fsync(handle)
    finally:
        os.close(handle)
    if sync and not size:
        sync_folder(path.parent)


def _write_all(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _keep_mode(like: Path, handle: int) -> None:
    with suppress(FileNotFoundError):
        os.fchmod(handle, os.stat(like).st_mode & 0o7777)


def rename(old: Path, new: Path) -> None:
    """Put a file in the place of another, in one step."""
    os.replace(old, new)


def remove(path: Path) -> None:
    """Take a file away; one that is not there is no matter."""
    with suppress(FileNotFoundError):
        os.unlink(path)


def remove_folder(folder: Path) -> None:
    """Take away a folder of files of our own; what cannot be removed stays for the next time."""
    with suppress(OSError):
        for name in os.listdir(folder):
            with suppress(OSError):
                os.unlink(folder / name)
        os.rmdir(folder)


def missing_folders(folder: Path) -> list[Path]:
    """What `make_folders` would make, the uppermost first."""
    missing = []
    while not os.path.isdir(folder):
        missing.append(folder)
        folder = folder.parent
    return missing[::-1]


def make_folders(folder: Path, mode: int = 0o777) -> None:
    """Make a folder and those above it that are not there; on return they survive a power failure."""
    for made in missing_folders(folder):
        with suppress(FileExistsError):
            os.mkdir(made, mode)
        sync_folder(made.parent)


def remove_empty_folder(folder: Path) -> None:
    """Take a folder away, if it is there and nothing is in it."""
    with suppress(OSError):
        os.rmdir(folder)


def sync_folder(folder: Path) -> None:
    """Make what was renamed, made and removed in ``folder`` last through a power failure, where the system can.

    Not every file system lets folders be synchronised; one that can and fails says so.
    """
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        if error.errno in (errno.EIO, errno.ENOSPC, errno.EDQUOT):
            raise


def temporary_beside(target: Path) -> Path:
    """A name for a temporary file in the folder of ``target``."""
    return target.parent / f".postil-{os.getpid()}-{secrets.token_hex(6)}.tmp"


def sweep(root: Path) -> list[Path]:
    """Remove temporaries that a crash left anywhere below ``root``; those of a process still alive are its own."""
    gone = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if _is_left_over(name):
                with suppress(OSError):
                    os.unlink(os.path.join(folder, name))
                    gone.append(Path(folder, name))
    return gone


def _is_left_over(name: str) -> bool:
    found = TEMPORARY.fullmatch(name)
    return found is not None and not _is_alive(int(found[1]))


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # somebody else's
        return True
    return True
