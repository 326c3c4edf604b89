"""Bytes of a text file to text: a mark at the start, UTF-8, UTF-16 without a mark, at last Windows-1252."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from postil_base.files.text import unix_lines
from postil_base.problem import PostilError

MAX_BYTES = 64 * 1024 * 1024

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHERS = ("gb18030", "shift_jis", "euc-kr", "big5", "windows-1251", "windows-1253", "windows-1255", "windows-1256")
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{2,40})", re.I)
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


def page_encoding(data: bytes) -> str:
    """The encoding that a web page declares for itself, if the page can be read in it; empty otherwise."""
    declared = _CHARSET.search(data[:4096])
    if declared is None or data.startswith(tuple(mark for mark, _ in _MARKS)):
        return ""
    name = declared[1].decode()
    try:
        return name if isinstance(codecs.decode(data, name), str) else ""
    except (LookupError, ValueError):
        return ""


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
    if half < 2 or 0 not in sample:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.1 * half:
        return "utf-16-be"
    return "" if len(data) % 2 or _is_utf8(sample) else _other_scripts_utf16(sample)


def _is_utf8(sample: bytes) -> bool:
    """Whether it is UTF-8 with a stray zero; Cyrillic in UTF-16 would pass for it, were it not for the controls."""
    try:
        text = sample[: sample.rfind(b"\n") + 1 or None].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return sum(1 for c in text if c < " " and c not in "\t\n\r\x00") <= 0.05 * len(text)


def _other_scripts_utf16(sample: bytes) -> str:
    """In Hebrew, Arabic or Chinese zeros stand beside spaces and line ends only: the order that makes sense wins."""
    sense = {codec: _sense(sample.decode(codec, "replace")) for codec in ("utf-16-le", "utf-16-be")}
    best = max(sense, key=lambda codec: sense[codec])
    return best if sense[best] > 0.95 else ""


def _sense(text: str) -> float:
    """The share of characters that a text has, nothing when there is no space and no line end among them."""
    if not any(space in text for space in " \n\u3000"):
        return 0.0
    strange = sum(1 for c in text if c not in "\n\r\t" and unicodedata.category(c) in ("Cc", "Cn", "Co", "Cs"))
    plain = sum(1 for c in text if c.isspace() or c in "。，：:.,")
    rare = sum(1 for c in text if c in "\u0a00\u2000\u0d00\ufffd")
    return (1 - strange / len(text)) if plain > rare else 0.0


def _windows(data: bytes, name: str, error: UnicodeDecodeError) -> Decoded:
    _refuse_broken_utf8(data, name, error)
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as worse:
        raise PostilError(
            f"{name}: byte {worse.start} (0x{data[worse.start]:02x}) fits neither UTF-8 nor Windows-1252. "
            f"Save the file as UTF-8, or say its encoding with --encoding{_offers(data)}."
        ) from worse
    if _gibberish(text):
        raise PostilError(
            f"{name} is not UTF-8, and reads as gibberish in Windows-1252 ({_sample(text)!r}). "
            f"Say its encoding with --encoding{_offers(data)}."
        )
    return Decoded(
        _checked(text, name),
        "windows-1252",
        (f"not UTF-8; read as Windows-1252: look at the accents ({_sample(text)})",),
    )


def _gibberish(text: str) -> bool:
    """No language written in Windows-1252 has an accent on every third letter."""
    letters = [c for c in text[:50_000] if c.isalpha()]
    foreign = sum(1 for c in letters if c > "\x7f")
    return foreign > 8 and foreign > 0.3 * len(letters)


def _offers(data: bytes) -> str:
    """What the file would say in encodings it may be in, for the person to choose."""
    offers = list(_readable(data))[:5]
    return ": " + ", ".join(f"{codec} ({_sample(text)!r})" for codec, text in offers) if offers else ""


def _readable(data: bytes) -> Iterator[tuple[str, str]]:
    for codec in _OTHERS:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        letters = [c for c in text[:50_000] if c > "\x7f"]
        if sum(1 for c in letters if c.isalpha() or unicodedata.category(c)[0] == "P") > 0.9 * len(letters):
            yield codec, text


def _sample(text: str) -> str:
    """The first words that are not plain ASCII."""
    words = [word for word in text.split() if any(c > "\x7f" for c in word)]
    return " ".join(words)[:24]


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
