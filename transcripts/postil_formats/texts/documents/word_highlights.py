"""Highlighted words of a Word file by colour, and the legend that says what each colour means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postil_formats.texts.containers import Archive
from postil_formats.texts.documents.docx_parts import W

if TYPE_CHECKING:
    from lxml import etree

_HEX = {
    "FFFF00": "yellow", "00FF00": "green", "00FFFF": "cyan", "FF00FF": "magenta", "0000FF": "blue", "FF0000": "red",
    "000080": "darkblue", "008080": "darkcyan", "008000": "darkgreen", "800080": "darkmagenta", "800000": "darkred",
    "808000": "darkyellow", "808080": "darkgray", "C0C0C0": "lightgray",
}  # fmt: skip
_NONE = frozenset(("", "AUTO", "FFFFFF", "NONE", "CLEAR"))
_GONE = frozenset((f"{W}del", f"{W}moveFrom"))
_LEGEND = re.compile(
    r"(?:legend|legende|key|colou?rs?|colou?r (?:key|codes?)|farben|farbcodes?|codes?|leyenda)\s*:?", re.I
)
_MEANS = re.compile(r"\s*(.{0,30}?)\s*(?:=|:|–|—|->|→|\s-\s)\s*(\S.{0,80})")
_LONG = 8  # words; more than that is no name of a code


@dataclass(frozen=True, slots=True)
class Highlight:
    """Words in one colour, with what stands before them in their paragraph."""

    color: str
    text: str
    before: str


@dataclass(frozen=True, slots=True)
class _LegendLine:
    text: str
    marks: tuple[Highlight, ...]


def highlights(data: bytes, name: str) -> tuple[tuple[Highlight, ...], dict[str, str]]:
    """The highlighted stretches, and colour → code as the legend of the file has it.

    A legend is a list below a heading such as "Legend" or "Key", lines such as "yellow = price" whose words are
    highlighted, or a table of such lines.
    """
    archive = Archive(data, name)
    lines = [_line(p) for p in archive.xml("word/document.xml").iter(f"{W}p")]
    legend: dict[str, str] = {}
    found: list[Highlight] = []
    below = False
    for line in lines:
        entry = _entry(line, below)
        if entry is not None:
            legend.setdefault(*entry)
            continue
        if line.text.strip():
            below = _LEGEND.fullmatch(line.text.strip()) is not None
        found += (mark for mark in line.marks if mark.text.strip())
    return tuple(found), legend


def _line(paragraph: etree._Element) -> _LegendLine:
    text = ""
    marks: list[Highlight] = []
    for run in paragraph.iter(f"{W}r"):
        if any(above.tag in _GONE for above in run.iterancestors()):
            continue
        words, color = "".join(_texts(run)), _color(run)
        if color and words:
            last = marks[-1] if marks else None
            if last is not None and last.color == color and text == last.before + last.text:
                marks[-1] = Highlight(color, last.text + words, last.before)
            else:
                marks.append(Highlight(color, words, text))
        text += words
    return _LegendLine(text, tuple(marks))


def _texts(run: etree._Element) -> Iterator[str]:
    for child in run:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in (f"{W}tab", f"{W}br", f"{W}cr"):
            yield " "


def _color(run: etree._Element) -> str:
    properties = run.find(f"{W}rPr")
    if properties is None:
        return ""
    mark, shade = properties.find(f"{W}highlight"), properties.find(f"{W}shd")
    value = (mark.get(f"{W}val") or "") if mark is not None else ""
    if value and value.lower() != "none":
        return value.lower()
    fill = (shade.get(f"{W}fill") or "").lstrip("#").upper() if shade is not None else ""
    return "" if fill in _NONE else _HEX.get(fill, f"#{fill.lower()}")


def _entry(line: _LegendLine, below: bool) -> tuple[str, str] | None:
    """Colour and code of a line of the legend."""
    colors = {mark.color for mark in line.marks}
    if len(colors) != 1 or len(line.text.split()) > _LONG:
        return None
    color = next(iter(colors))
    marked = " ".join(mark.text.strip() for mark in line.marks)
    means = _MEANS.fullmatch(line.text)
    names_color = means is not None and means[1].strip().casefold() in (color, marked.casefold(), "")
    if means is not None and names_color and (below or "=" in line.text or _is_color(means[1], color)):
        return color, means[2].strip()
    return (color, marked) if below and marked == line.text.strip() else None


def _is_color(text: str, color: str) -> bool:
    return text.strip().casefold().replace(" ", "") in (color, *_SAID.get(color, ()))


_SAID: Mapping[str, tuple[str, ...]] = {
    "yellow": ("gelb", "amarillo", "jaune"), "green": ("grün", "verde", "vert", "brightgreen"),
    "cyan": ("türkis", "turquoise", "blue", "lightblue", "blau"), "magenta": ("pink", "rosa", "rose"),
    "blue": ("blau", "azul", "bleu"), "red": ("rot", "rojo", "rouge"), "lightgray": ("grey", "gray", "grau"),
}  # fmt: skip
