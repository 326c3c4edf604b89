"""The one way files are written: a temporary beside the file, fsync, rename. A crash leaves the old file or the new."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from postil_base.problem import ChangedUnderneathError, PostilError
from postil_base.text_files import BOM, sha256_bytes, unix_lines

ABSENT: Final = ""  # as `expect`: the file must not exist
TEMPORARY_PREFIX: Final = ".postil-"


def write_text(path: Path, text: str, *, expect: str | None = None, root: Path | None = None) -> str:
    """Write ``text`` as UTF-8 with the line ends it has; see `write_bytes`."""
    return write_bytes(path, text.encode("utf-8"), expect=expect, root=root)


def write_bytes(path: Path, data: bytes, *, expect: str | None = None, root: Path | None = None) -> str:
    """Replace the file's content in one step; return the fingerprint of what is on disk now.

    ``expect`` is the sha256 of what was read (`ABSENT`: the file must not be there, None: whatever is there); if the
    disk holds something else, `ChangedUnderneathError` is raised and nothing is written. With ``root`` a path that
    leads out of that folder, by ``..`` or by a link, is refused. Permissions stay, and a link stays a link.
    """
    if root is not None:
        inside(root, path)
    target = path.resolve()
    check_expected(path, expect)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = write_beside(target, data)
        try:
            temporary.replace(target)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        sync_folder(target.parent)
    except OSError as error:
        raise PostilError(f"{path} could not be written: {error.strerror or error}. Nothing was changed.") from error
    return sha256_bytes(data)


def write_beside(target: Path, data: bytes) -> Path:
    """Write a temporary file beside ``target``, on disk when this returns, with the permissions of ``target``."""
    temporary = target.parent / f"{TEMPORARY_PREFIX}{secrets.token_hex(6)}.tmp"
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            keep_mode(target, temporary)
            os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    return temporary


def keep_mode(old: Path, new: Path) -> None:
    """Give ``new`` the permissions of ``old``, if there is an old file."""
    with suppress(FileNotFoundError):
        new.chmod(old.stat().st_mode & 0o7777)


def fingerprint(path: Path) -> str:
    """The sha256 of the file on disk, `ABSENT` when there is none."""
    try:
        return sha256_bytes(path.read_bytes())
    except FileNotFoundError:
        return ABSENT
    except OSError as error:
        raise PostilError(f"{path} could not be read: {error.strerror or error}.") from error


def check_expected(path: Path, expect: str | None) -> None:
    """Raise `ChangedUnderneathError` unless the disk still holds what was read."""
    if expect is None or fingerprint(path) == expect or (expect and _same_text(path, expect)):
        return
    what = "is there already" if expect == ABSENT else "was changed by somebody else since it was read"
    raise ChangedUnderneathError(f"{path} {what}; nothing was written. Look at it, then do this again.")


def _same_text(path: Path, expect: str) -> bool:
    """Whether the fingerprint is that of the text as it is stored (no byte order mark, line feeds only)."""
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    if "\r" not in text and not text.startswith(BOM):
        return False
    return sha256_bytes(unix_lines(text).encode("utf-8")) == expect


def inside(root: Path, path: Path) -> Path:
    """The real place of ``path``; refused when it is not inside ``root`` or is in a ``.git`` folder."""
    real_root, real = root.resolve(), path.resolve()
    if not real.is_relative_to(real_root) or real == real_root:
        raise PostilError(f"{path} leads out of the study in {root} and is not touched.")
    if ".git" in {part.lower() for part in real.relative_to(real_root).parts}:
        raise PostilError(f"{path} belongs to git and is not touched.")
    return real


def sync_folder(folder: Path) -> None:
    """Make renames in ``folder`` last through a power failure, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
