"""A plain reading of Word files: all text nodes that Word shows, in the order of the file.

Not shown is what was deleted or moved away (tracked changes), hidden, or stands there a second time for other programs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from postil_formats.texts.containers import Archive
from postil_formats.texts.documents.docx_symbols import symbol
from postil_formats.texts.recognised import ReadOptions
from postil_formats.texts.second_reading.plain import Part

if TYPE_CHECKING:
    from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_R, _P, _T, _PPR, _RPR, _DEL, _MOVED, _TR, _TC, _SYM, _RUBY = (
    f"{_W}{name}" for name in ("r", "p", "t", "pPr", "rPr", "del", "moveFrom", "tr", "tc", "sym", "ruby")
)
_EITHER = f"{_MC}AlternateContent"
_HIDDEN, _RAISED = (f"{_W}vanish", f"{_W}webHidden"), (f"{_W}vertAlign", f"{_W}position")
_PARTS = r"word/(?:document|header|footer|footnotes|endnotes|comments)\d*\.xml"
_SHOWN = {**{f"{_W}{name}": "\n" for name in ("tab", "ptab", "br", "cr")}, f"{_W}noBreakHyphen": "-"}
_GONE = {f"{_W}{name}" for name in ("del", "moveFrom", "pPr", "tblPr", "tblGrid", "sectPr", "sdtPr", "rubyPr")}
_OFF = ("0", "false", "off", "none")


def word(data: bytes, name: str, options: ReadOptions) -> Sequence[Part]:
    """The text of the body, of notes and comments, and of heads and feet (a text that comes back counts once)."""
    archive = Archive(data, name)
    parts = [part for part in archive.names if re.match(_PARTS, part)]
    found: dict[str, Part] = {}
    for part in sorted(parts, key=lambda part: (not part.startswith("word/document"), part)):
        aids: list[str] = []
        text = "".join(_shown(archive.xml(part), aids))
        margin = part.startswith(("word/header", "word/footer"))
        found.setdefault(" ".join(text.split()) if margin else part, Part(text))
        found.update({f"{part} {number}": Part(aid) for number, aid in enumerate(aids)})
    return list(found.values())


def _shown(element: etree._Element, aids: list[str]) -> Iterator[str]:
    """The text under an element; reading aids (ruby) go to ``aids``."""
    for child in element:
        tag = child.tag
        if tag == _R:
            yield from _run(child, aids)
        elif tag == _P:
            yield from _shown(child, aids)
            yield "" if _joins(child) else "\n"
        elif tag == _MATH:
            yield child.text or ""
        elif tag == _EITHER:
            yield from _once(child, aids)
        elif tag in _GONE or not isinstance(tag, str) or _deleted(child):
            continue
        else:
            yield from _shown(child, aids)


def _joins(paragraph: etree._Element) -> bool:
    """Whether the end of a paragraph was deleted, or moved away."""
    marks = (mark for part in paragraph if part.tag == _PPR for mark in part if mark.tag == _RPR)
    return any(ending.tag in (_DEL, _MOVED) for ending in next(marks, ()))


def _deleted(element: etree._Element) -> bool:
    """A row or a cell that was deleted."""
    if element.tag == _TR:
        return element.find(f"{_W}trPr/{_W}del") is not None
    return element.tag == _TC and element.find(f"{_W}tcPr/{_W}cellDel") is not None


def _once(element: etree._Element, aids: list[str]) -> Iterator[str]:
    """The first of several ways to show the same that has any text."""
    for option in element:
        text = "".join(_shown_in_run(option, aids)) or "".join(_shown(option, aids))
        if text.strip():
            yield text
            return


def _run(element: etree._Element, aids: list[str]) -> Iterator[str]:
    """The text of a run; raised text (numbers of notes) is a word of its own."""
    raised = False
    for mark in next((part for part in element if part.tag == _RPR), ()):
        if mark.tag in _HIDDEN and mark.get(f"{_W}val", "").lower() not in _OFF:
            return
        raised = raised or mark.tag in _RAISED
    text = "".join(_shown_in_run(element, aids))
    yield f" {text} " if raised else text


def _shown_in_run(element: etree._Element, aids: list[str]) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if tag == _T:
            yield (child.text or "").replace("\xad", "")
        elif tag in _SHOWN:
            yield _SHOWN[tag]
        elif tag == _RPR or not isinstance(tag, str):
            continue
        elif tag == _SYM or tag.endswith("}symEx"):
            values = {str(key).rpartition("}")[2]: str(value) for key, value in child.attrib.items()}
            yield symbol(values.get("font", ""), values.get("char", ""))
        elif tag == _RUBY:
            aids.append("".join(t.text or "" for t in child.iterfind(f"{_W}rt//{_W}t")))
            base = child.find(f"{_W}rubyBase")
            yield from _shown(base, aids) if base is not None else ()
        elif tag == _EITHER:
            yield from _once(child, aids)
        elif len(child):
            yield from _boxes(child, aids)


def _boxes(element: etree._Element, aids: list[str]) -> Iterator[str]:
    """The text boxes of a drawing, as lines of their own at the place of the drawing."""
    for box in element.iter(f"{_W}txbxContent"):
        yield "\n"
        yield from _shown(box, aids)
