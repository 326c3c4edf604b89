"""Bytes of a text file to text: a mark at the start, UTF-8, UTF-16 without a mark, at last Windows-1252."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from postil_base.problem import PostilError
from postil_base.text_files import unix_lines

MAX_BYTES = 64 * 1024 * 1024

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TEXT_CODECS_ONLY = "is not the name of a text encoding (utf-8, windows-1252, iso-8859-15, mac-roman, …)"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text with line feeds only, how it was encoded, and what there is to say about that."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes, name: str, encoding: str = "") -> Decoded:
    """Decode a text file; refuse what is no text instead of guessing."""
    check_size(data, name)
    if encoding:
        return Decoded(_checked(_strict(data, name, encoding), name), encoding)
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return Decoded(_checked(_strict(data, name, codec), name), codec.removesuffix("-sig"))
    return _without_mark(data, name)


def check_size(data: bytes, name: str) -> None:
    """Refuse files that no transcript can be."""
    if len(data) > MAX_BYTES:
        raise PostilError(f"{name} has {len(data) // 1_000_000} MB; transcripts of up to 64 MB can be imported.")


def _without_mark(data: bytes, name: str) -> Decoded:
    wide = _utf16_without_mark(data)
    if wide:
        return Decoded(_checked(_strict(data, name, wide), name), wide, (f"no byte order mark; read as {wide}",))
    try:
        return Decoded(_checked(data.decode("utf-8"), name), "utf-8")
    except UnicodeDecodeError as error:
        return _windows(data, name, error)


def _utf16_without_mark(data: bytes) -> str:
    """UTF-16 shows as a zero in nearly every second byte, as long as the text is mostly Latin."""
    sample = data[: 4096 - len(data) % 2]
    half = len(sample) // 2
    if half < 2:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 * half and odd < 0.1 * half else ""


def _windows(data: bytes, name: str, error: UnicodeDecodeError) -> Decoded:
    _refuse_broken_utf8(data, name, error)
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as worse:
        raise PostilError(
            f"{name}: byte {worse.start} (0x{data[worse.start]:02x}) fits neither UTF-8 nor Windows-1252. "
            "Save the file as UTF-8, or say its encoding with --encoding."
        ) from worse
    return Decoded(_checked(text, name), "windows-1252", ("not UTF-8; read as Windows-1252: look at the accents",))


def _refuse_broken_utf8(data: bytes, name: str, error: UnicodeDecodeError) -> None:
    """A damaged UTF-8 file would become gibberish in Windows-1252: valid sequences outnumber the broken ones."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = sum(1 for character in text if character > "\x7f") - broken
    if sound > broken:
        line = data.count(b"\n", 0, error.start) + 1
        raise PostilError(
            f"{name}:{line}: byte {error.start} (0x{data[error.start]:02x}) is not UTF-8, though the rest of the file "
            "is. Save the file as UTF-8 again, or say its encoding with --encoding."
        )


def _strict(data: bytes, name: str, encoding: str) -> str:
    try:
        text = codecs.decode(data, encoding)
    except LookupError as error:
        raise PostilError(f"{encoding!r} {_TEXT_CODECS_ONLY}.") from error
    except (ValueError, UnicodeError) as error:
        raise PostilError(f"{name} is not valid {encoding}: {error}. Save the file as UTF-8 and try again.") from error
    if not isinstance(text, str):
        raise PostilError(f"{encoding!r} {_TEXT_CODECS_ONLY}.")
    return text


def _checked(text: str, name: str) -> str:
    if "\x00" in text:
        raise PostilError(f"{name} is not a text file (it holds zero bytes).")
    return unix_lines(text)
