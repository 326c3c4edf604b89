"""A picture as PDF or PNG: its SVG, drawn by Typst with the shipped font embedded, so that text in a PDF stays text.

Typst lives in one wheel without system libraries. Fonts of the machine are read only for characters that the shipped
font does not hold. There is no document in reach of what is drawn: it comes in as a value.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Literal
from unicodedata import category

from postil_base.problem import PostilError
from postil_model.drawing.picture import Group, Outline, Picture, Words, parts
from postil_model.drawing.svg import svg
from postil_model.drawing.text import FONTS, in_font

PNG_DPI, PAGE_DPI = 170, 300  # of a picture as large as it is, and of one that was made smaller for a page
PIXELS, PIXELS_WIDE = 12e6, 16_000  # of a PNG
_PAGE = b"""#let given = json(bytes(sys.inputs.given))
#set document(title: given.title, date: none)
#set page(width: given.width * 1pt, height: given.height * 1pt, margin: 0pt)
#image(bytes(given.svg), format: "svg", width: 100%, height: 100%, alt: given.title)
#for (url, x, y, width, height) in given.links {
  place(top + left, dx: x * 1pt, dy: y * 1pt, link(url, block(width: width * 1pt, height: height * 1pt)))
}
"""


class NotInstalledError(PostilError):
    """What draws PDF and PNG is not installed; SVG and TikZ are written without it."""


def rasterised(picture: Picture, kind: Literal["pdf", "png"]) -> bytes:
    """The picture as one page of PDF, with links, or as PNG; the same picture gives the same bytes.

    Raises:
        NotInstalledError: Typst is not installed.
        PostilError: Typst cannot draw the picture.
    """
    foreign = any(isinstance(part, Words) and not in_font(part.text) for part in parts(picture.shapes))
    return _drawn(picture, kind, foreign)


def without_glyph(text: str) -> str:
    """The characters of a text for which no font here has a glyph: a PDF or PNG shows boxes in their place.

    >>> without_glyph("plain words")
    ''
    """
    foreign = [char for char in dict.fromkeys(text) if not in_font(char) and category(char)[0] not in "MCZ"]
    if not foreign:
        return ""
    from pypdf import PdfReader

    probe = tuple(Words(10, 20 * place + 10, char, 10, "#000000") for place, char in enumerate(foreign))
    pdf = _drawn(Picture("", 20, 20 * len(foreign), probe), "pdf", foreign=True)
    page = PdfReader(BytesIO(pdf)).pages[0]
    if "\0" not in page.extract_text():  # the glyph for what is missing has no text
        return ""
    shown = set(page.extract_text())
    return "".join(char for char in foreign if char not in shown)


def _drawn(picture: Picture, kind: Literal["pdf", "png"], foreign: bool) -> bytes:
    try:
        import typst
    except ImportError as error:
        raise NotInstalledError(
            f"{kind.upper()} is drawn by the package typst, which is not installed. Install it with "
            "`pip install typst`, or ask for --format svg or tikz, which need nothing"
        ) from error
    fonts = typst.Fonts(include_system_fonts=foreign, include_embedded_fonts=False, font_paths=[str(FONTS)])
    wide, high = picture.width * picture.scale, picture.height * picture.scale
    given = {
        "title": picture.title or " ",
        "width": wide,
        "height": high,
        "svg": svg(picture),
        "links": list(_links(picture)),
    }
    compiler = typst.Compiler(_PAGE, font_paths=fonts, sys_inputs={"given": json.dumps(given)})
    try:
        made = compiler.compile(format=kind, ppi=png_dpi(wide, high, PNG_DPI if picture.scale == 1 else PAGE_DPI))
    except RuntimeError as error:
        raise PostilError(f"the {kind.upper()} could not be drawn: {error}. Ask for --format svg") from error
    if not isinstance(made, bytes):
        raise PostilError(f"the {kind.upper()} came out as several pages; ask for --format svg")
    return made


def png_dpi(width: float, height: float, most: int = PNG_DPI) -> int:
    """The resolution for a picture of so many points: a large one must neither take seconds nor be cut off.

    >>> png_dpi(1700, 600), png_dpi(7000, 2000)
    (170, 66)
    """
    return int(min(most, 72 * (PIXELS / (width * height)) ** 0.5, 72 * PIXELS_WIDE / width))


def _links(picture: Picture) -> Iterator[tuple[str, float, float, float, float]]:
    """What leads elsewhere when it is pointed at: the box of a node, the label of an arrow."""
    for group in picture.shapes:
        if isinstance(group, Group) and group.url:
            boxes = [part.area for part in group.parts if isinstance(part, Outline)][:1]
            for left, top, right, bottom in boxes or [p.area for p in group.parts if isinstance(p, Words)]:
                area = (left, top, right - left, bottom - top)
                x, y, wide, high = (side * picture.scale for side in area)
                yield group.url, x, y, wide, high
