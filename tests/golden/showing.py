"""Files as lines that a person reads in a difference: texts, tables, archives, pages and pictures."""

from __future__ import annotations

import difflib
import io
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath

LINES = 60  # so many lines of a text are shown, the rest as pieces, so that the piece that changed is named
INSIDE = 10  # so many of a file inside an archive
WIDE = 240  # characters of a line
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\ufeff]")


@dataclass(frozen=True)
class Viewer:
    """How files are looked at: what is different in every run is masked, and long ones are cut unless all is wanted.

    Each file is a heading (its name, and its kind when it is no plain text) and its content, a bar before each line.
    """

    mask: Callable[[str], str] = str
    cut: bool = True

    def show(self, name: str, data: bytes, most: int = LINES) -> list[str]:
        """What is in a file."""
        what, lines = self._content(name, data)
        return [f"{name}{what}", *(f"| {line}" for line in self._shortened(lines, most))]

    def difference(self, name: str, before: bytes, after: bytes, most: int = LINES) -> list[str]:
        """What changed in a file, line by line; two lines on either side."""
        _, old = self._content(name, before)
        what, new = self._content(name, after)
        found = list(difflib.unified_diff(old, new, n=2, lineterm=""))[2:]
        if not found:
            found = [f"the bytes alone: {_sum(before)} -> {_sum(after)}"]
        return [f"{name}{what}", *(f"| {line}" for line in self._shortened(found, most))]

    def _content(self, name: str, data: bytes) -> tuple[str, list[str]]:
        """The kind of file, when it is not plain text, and its lines."""
        archive = data.startswith(b"PK\x03\x04")
        reader = READERS.get(PurePosixPath(name).suffix) if archive else None
        reader = reader or next((read for start, read in STARTS.items() if data.startswith(start)), None)
        if archive and reader is None:
            what, lines = " (an archive)", self._members(data)
        else:
            what, lines = (reader or _text)(data)
        return what, [self.mask(line) for line in lines]

    def _members(self, data: bytes) -> list[str]:
        """Each member of an archive, texts with their first lines; times and packing are left out."""
        lines = []
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                what, inside = self._content(member.filename, archive.read(member))
                lines += [f"[{member.filename}{what}]", *self._shortened(inside, INSIDE)]
        return lines

    def _shortened(self, lines: list[str], most: int) -> list[str]:
        """The first lines; the rest as check sums of pieces, with the numbers of their lines."""
        if not self.cut:
            return lines
        narrow = [line if len(line) <= WIDE + 40 else _narrow(line) for line in lines[: most + most // 4]]
        if len(lines) <= most + most // 4:
            return narrow
        size = -(-(len(lines) - most) // max(most // 2, 1))
        pieces = [(start, lines[start : start + size]) for start in range(most, len(lines), size)]
        sums = [f"[lines {at + 1} to {at + len(piece)}: {_sum(chr(10).join(piece).encode())}]" for at, piece in pieces]
        return [*narrow[:most], f"[{len(lines)} lines in all]", *sums]


def _text(data: bytes) -> tuple[str, list[str]]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return f" ({len(data)} bytes, {_sum(data)})", []
    notes = []
    if text.startswith("\ufeff"):
        notes, text = ["begins with U+FEFF"], text[1:]
    if "\r\n" in text and "\n" not in text.replace("\r\n", ""):
        notes, text = [*notes, "CRLF"], text.replace("\r\n", "\n")
    if text and not text.endswith("\n"):
        notes.append("no line end at the end")
    lines = text.removesuffix("\n").split("\n") if text else []
    return f" ({', '.join(notes)})" if notes else "", [CONTROL.sub(lambda m: f"\\u{ord(m[0]):04x}", x) for x in lines]


def _narrow(line: str) -> str:
    return f"{line[:WIDE]} [{len(line)} characters, {_sum(line.encode())}]"


def _sum(data: bytes) -> str:
    return sha256(data).hexdigest()[:12]


def _sheets(data: bytes) -> tuple[str, list[str]]:
    from openpyxl import load_workbook

    lines = []
    for sheet in load_workbook(io.BytesIO(data)).worksheets:
        lines.append(
            f"[{sheet.title}: {sheet.dimensions}, frozen {sheet.freeze_panes}, filter {sheet.auto_filter.ref}]"
        )
        for row in sheet.iter_rows():
            lines.append("\t".join(_cell(cell.value, cell.number_format) for cell in row))
    return " (a workbook)", lines


def _cell(value: object, form: str) -> str:
    """Numbers with their format; texts that look like one in quotation marks, so that they are told apart."""
    if value is None:
        return ""
    if isinstance(value, str):
        text = CONTROL.sub(lambda m: f"\\u{ord(m[0]):04x}", value.replace("\n", "⏎"))
        return repr(text) if re.fullmatch(r"|[-+=].*|['\d].*|True|False", text) else text
    return f"{value!r}" if form == "General" else f"{value!r} as {form}"


def _document(data: bytes) -> tuple[str, list[str]]:
    """The paragraphs of a Word file as text, each cell of a table a paragraph."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = sorted(archive.namelist())
        xml = archive.read("word/document.xml").decode("utf-8")
    paragraphs = re.findall(r"<w:p[ >].*?</w:p>", xml, re.DOTALL)
    style = re.compile(r'<w:pStyle w:val="([^"]*)"')
    lines = []
    for paragraph in paragraphs:
        named = style.search(paragraph)
        text = re.sub(r"<[^>]*>", "", paragraph)
        lines.append(f"{named[1]}: {text}" if named else text)
    return f" (a document: {', '.join(members)})", lines


def _pages(data: bytes) -> tuple[str, list[str]]:
    from pypdf import PdfReader

    lines = []
    for number, page in enumerate(PdfReader(io.BytesIO(data)).pages, 1):
        box = page.mediabox
        lines.append(f"[page {number}: {float(box.width):.0f} x {float(box.height):.0f} points]")
        lines += page.extract_text().splitlines()
    return " (pages)", lines


def _picture(data: bytes) -> tuple[str, list[str]]:
    from PIL import Image

    with Image.open(io.BytesIO(data)) as picture:
        pixels = picture.convert("RGB")
        return f" (a picture of {picture.width} x {picture.height}, pixels {_sum(pixels.tobytes())})", []


def _parquet(data: bytes) -> tuple[str, list[str]]:
    from pyarrow import parquet

    table = parquet.read_table(io.BytesIO(data))
    head = ", ".join(f"{field.name}: {field.type}" for field in table.schema)
    return " (a parquet table)", [head, *(str(list(row.values())) for row in table.to_pylist())]


def _packed(data: bytes) -> tuple[str, list[str]]:
    """What Postil keeps to take a step back, packed by zlib, whose bytes differ between its versions."""
    try:
        text = zlib.decompress(data)
    except zlib.error:
        return _text(data)
    what, lines = _text(text)
    return f" (packed{what})", lines


READERS: dict[str, Callable[[bytes], tuple[str, list[str]]]] = {
    ".xlsx": _sheets,
    ".docx": _document,
}
STARTS: dict[bytes, Callable[[bytes], tuple[str, list[str]]]] = {
    b"%PDF-": _pages,
    b"\x89PNG": _picture,
    b"PAR1": _parquet,
    b"\x78": _packed,
}
