"""Reading text as Postil stores it: UTF-8, no byte order mark, line feeds only; and its fingerprint."""

from __future__ import annotations

import stat
from hashlib import sha256
from pathlib import Path

from postil_base.problem import PostilError

BOM = "\ufeff"
MB = 1 << 20
MAX_TEXT, MAX_FILE = 64 * MB, 512 * MB  # of what people write, of what programs write


def read_text(path: Path) -> str:
    """Read a UTF-8 file: the byte order mark dropped, CRLF and CR turned into LF, nothing else changed."""
    return unix_lines(read_raw_text(path))


def read_raw_text(path: Path) -> str:
    """Read a UTF-8 file with its line ends and byte order mark as they are, for edits that must keep them."""
    return decode(read_bytes(path, MAX_TEXT), str(path))


def read_bytes(path: Path, limit: int = MAX_FILE) -> bytes:
    """Read a file; a failure names the file and the reason. Pipes, devices and giants are refused unread."""
    try:
        reason = why_not(path, limit)
        if reason:
            raise PostilError(f"{path} could not be read: {reason}.")
        return path.read_bytes()
    except OSError as error:
        raise PostilError(f"{path} could not be read: {error.strerror or error}.") from error


def why_not(path: Path, limit: int = MAX_TEXT) -> str:
    """Why a path that is there should not be read: it is no file (a pipe is waited for without end), or a giant."""
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        return "it is a folder"
    if not stat.S_ISREG(status.st_mode):
        return "it is a pipe or a device, not a file"
    return f"it has {status.st_size // MB} MB; up to {limit // MB} MB are read" if status.st_size > limit else ""


def decode(data: bytes, name: str) -> str:
    """Decode UTF-8; the message of a failure names the file, the line and the byte."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PostilError(
            f"{name}:{line}: byte {error.start} (0x{data[error.start]:02x}) is not UTF-8. "
            "Save the file as UTF-8 in your editor and try again."
        ) from error


def unix_lines(text: str) -> str:
    r"""Drop a byte order mark and turn CRLF and CR into LF.

    >>> unix_lines("\ufeffone\r\ntwo\rthree\n")
    'one\ntwo\nthree\n'
    """
    return text.removeprefix(BOM).replace("\r\n", "\n").replace("\r", "\n")


def sha256_bytes(data: bytes) -> str:
    """The fingerprint of bytes, in hexadecimal."""
    return sha256(data).hexdigest()


def sha256_text(text: str) -> str:
    """The fingerprint of a text as it is stored in UTF-8, in hexadecimal."""
    return sha256_bytes(text.encode("utf-8"))
