"""One writer at a time in a study: an operating system lock, given back even when the process is killed."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from postil_base.files import disk
from postil_base.formats import refuse_newer
from postil_base.problem import PostilError

PRIVATE_FOLDER = ".postil"


@dataclass
class _Held:
    """The lock of one study within this process: its threads take turns, and one thread may enter again."""

    turn: threading.RLock = field(default_factory=threading.RLock)
    depth: int = 0
    handle: int = -1


_HELD: dict[Path, _Held] = {}
_TABLE = threading.Lock()


@contextmanager
def study_lock(root: Path, timeout: float = 10.0) -> Iterator[None]:
    """Hold the study's lock (``.postil/lock``), also again in the same thread; refused where the format is newer."""
    refuse_newer(root)
    real = root.resolve()
    with _TABLE:
        held = _HELD.setdefault(real, _Held())
    if not held.turn.acquire(timeout=timeout):
        raise _busy(real, "another part of this program")
    try:
        if held.depth == 0:
            held.handle = _take(real, timeout)
        held.depth += 1
        try:
            yield
        finally:
            held.depth -= 1
            if held.depth == 0:
                _give_back(held.handle)
    finally:
        held.turn.release()


def private_folder(root: Path) -> Path:
    """``.postil`` in the study, made when it is not there; a link to somewhere else is refused."""
    folder = root / PRIVATE_FOLDER
    if folder.is_symlink():
        raise PostilError(f"{folder} is a link; Postil's own folder must lie in the study. Remove the link.")
    if not root.is_dir():
        raise PostilError(f"{root} is not there any more. Was the study moved, or a drive taken away?")
    try:
        disk.make_folders(folder)
    except OSError as error:
        raise PostilError(f"{folder} could not be made: {error.strerror or error}. Is the study read-only?") from error
    return folder


def was_left_by_a_crash(root: Path) -> bool:
    """Whether whoever held the lock last ended without giving it back. Cheap: one stat when all is well."""
    import fcntl

    path = root / PRIVATE_FOLDER / "lock"
    try:
        if not path.stat().st_size:
            return False
        handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # somebody is at work
        return False
    finally:
        os.close(handle)
    return True


def _take(root: Path, timeout: float) -> int:
    import fcntl

    path = private_folder(root) / "lock"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise PostilError(f"{path} could not be opened: {error.strerror or error}.") from error
    end = time.monotonic() + timeout
    try:
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _sign(handle)
                return handle
            if time.monotonic() >= end:
                raise _busy(root, _holder(handle))
            time.sleep(0.01)
    except OSError as error:
        os.close(handle)
        raise PostilError(f"{path} cannot be locked on this file system: {error.strerror or error}.") from error
    except BaseException:
        os.close(handle)
        raise


def _give_back(handle: int) -> None:
    """An empty lock file says that nobody ended in the middle of writing."""
    with suppress(OSError):
        os.ftruncate(handle, 0)
    os.close(handle)


def _sign(handle: int) -> None:
    """Leave the process number for the message of whoever waits in vain, and for who comes after a crash."""
    with suppress(OSError):
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode("ascii"), 0)


def _holder(handle: int) -> str:
    digits = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
    return f"process {digits}" if digits.isdigit() else "another process"


def _busy(root: Path, who: str) -> PostilError:
    return PostilError(
        f"the study in {root} is being written by {who}. Wait until it is done, or close it, and do this again."
    )
