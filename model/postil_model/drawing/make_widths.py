"""Write ``fonts/widths.json``: the advance widths of the shipped fonts, so that no layout depends on a machine's fonts.

Run ``python -m postil_model.drawing.make_widths`` after exchanging a font file; a test compares table and fonts.
Format: per style a list of runs ``[first code point, [widths…]]`` in 1/1000 em, for the characters in `WANTED`.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from pathlib import Path

FONTS = Path(__file__).resolve().parents[1] / "fonts"
STYLES = {"regular": "LiberationSans-Regular", "bold": "LiberationSans-Bold", "italic": "LiberationSans-Italic"}
# Latin, Greek, Cyrillic, Hebrew, phonetic and punctuation: what the font holds and people write; boxes are for others
WANTED = ((0x20, 0x5FF), (0x1E00, 0x1FFF), (0x2000, 0x22FF))


def tables(data: bytes) -> dict[str, bytes]:
    """The tables of a TrueType file by name (OpenType specification, "Table Directory")."""
    (count,) = struct.unpack_from(">H", data, 4)
    found = {}
    for index in range(count):
        tag, _, offset, length = struct.unpack_from(">4sLLL", data, 12 + 16 * index)
        found[tag.decode("ascii")] = data[offset : offset + length]
    return found


def glyphs(cmap: bytes) -> dict[int, int]:
    """Code point → glyph index, from the format 4 subtable for Windows Unicode (3, 1)."""
    (count,) = struct.unpack_from(">H", cmap, 2)
    records = [struct.unpack_from(">HHL", cmap, 4 + 8 * i) for i in range(count)]
    base = next(offset for platform, encoding, offset in records if (platform, encoding) == (3, 1))
    (double,) = struct.unpack_from(">H", cmap, base + 6)
    found = {}
    for index in range(double // 2):
        end = _uint16(cmap, base + 14 + 2 * index)
        start = _uint16(cmap, base + 16 + double + 2 * index)
        delta = _uint16(cmap, base + 16 + 2 * double + 2 * index)
        place = base + 16 + 3 * double + 2 * index
        shift = _uint16(cmap, place)
        for code in range(start, end + 1):
            glyph = code if shift == 0 else _uint16(cmap, place + shift + 2 * (code - start))
            if code != 0xFFFF and (shift == 0 or glyph):
                found[code] = (glyph + delta) & 0xFFFF
    return {code: glyph for code, glyph in found.items() if glyph}


def advances(data: bytes) -> dict[int, int]:
    """Code point → advance width in 1/1000 em, rounded."""
    table = tables(data)
    em = _uint16(table["head"], 18)
    long_metrics = _uint16(table["hhea"], 34)
    return {
        code: round(1000 * _uint16(table["hmtx"], 4 * min(glyph, long_metrics - 1)) / em)
        for code, glyph in glyphs(table["cmap"]).items()
    }


def runs(widths: dict[int, int]) -> Iterator[tuple[int, list[int]]]:
    """Consecutive wanted code points with their widths."""
    run: list[int] = []
    first = 0
    for low, high in WANTED:
        for code in range(low, high + 2):
            if code <= high and code in widths:
                first, run = (first, run) if run else (code, [])
                run.append(widths[code])
            elif run:
                yield first, run
                run = []


def table_text() -> str:
    """The content of ``widths.json``."""
    styles = {style: list(runs(advances((FONTS / f"{name}.ttf").read_bytes()))) for style, name in STYLES.items()}
    lines = [f'"{style}":{json.dumps(found, separators=(",", ":"))}' for style, found in styles.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _uint16(data: bytes, offset: int) -> int:
    return int.from_bytes(data[offset : offset + 2], "big")


if __name__ == "__main__":
    (FONTS / "widths.json").write_text(table_text(), encoding="utf-8", newline="\n")
