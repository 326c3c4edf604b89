"""The one way files are written: a temporary beside the file, fsync, rename. A crash leaves the old file or the new."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import Final

from postil_base.files import disk
from postil_base.files.lock import study_lock
from postil_base.files.text import BOM, sha256_bytes, unix_lines
from postil_base.files.witness import may_write, wrote
from postil_base.formats import refuse_newer
from postil_base.problem import ChangedUnderneathError, PostilError

ABSENT: Final = ""  # as `expect`: the file must not exist


def write_text(path: Path, text: str, *, expect: str | None = None, root: Path | None = None) -> str:
    """Write ``text`` as UTF-8 with the line ends it has; see `write_bytes`."""
    return write_bytes(path, text.encode("utf-8"), expect=expect, root=root)


def write_bytes(path: Path, data: bytes, *, expect: str | None = None, root: Path | None = None) -> str:
    """Replace the file's content in one step; return the fingerprint of what is on disk now.

    ``expect`` is the sha256 of what was read (`ABSENT`: the file must not be there, None: whatever is there); if the
    disk holds something else, `ChangedUnderneathError` is raised and nothing is written. With ``root``, the study's
    folder, comparing and replacing is one step for everybody who writes there, and a path that leads out of it, by
    ``..`` or by a link, is refused; so is a study of a newer format. Permissions stay, and a link stays a link.
    """
    if root is not None:
        inside(root, path)
        may_write(root, path)
        if expect is None:  # otherwise the lock asks
            refuse_newer(root)
    with study_lock(root) if root is not None and expect is not None else nullcontext():
        check_expected(path, expect)
        write_pieces(path, [data])
    return sha256_bytes(data)


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """Replace the file's content in one step by what is made piece by piece; nothing is changed if a piece fails."""
    try:
        _replace(path.resolve(), pieces)
    except OSError as error:
        reason = error.strerror or str(error)
        raise PostilError(f"{path} could not be written: {reason}. Nothing was changed.") from error


def _replace(target: Path, data: Iterable[bytes]) -> None:
    """Write a temporary beside ``target`` and put it in its place; both are on disk on return."""
    disk.make_folders(target.parent)
    temporary = disk.temporary_beside(target)
    disk.write_new(temporary, data, like=target)
    try:
        disk.rename(temporary, target)
    except BaseException:
        disk.remove(temporary)
        raise
    wrote(target)
    try:
        disk.sync_folder(target.parent)
    except OSError as error:
        message = f"{target} was written, but the disk says that it may not last: {error.strerror or error}."
        raise PostilError(f"{message} Save it once more.") from error


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
