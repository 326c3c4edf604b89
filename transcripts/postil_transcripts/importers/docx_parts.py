"""The parts of a Word file as plain values: paragraphs with their runs, tables, comments.

Tracked insertions are kept, deletions and hidden text are left out and counted; no property is interpreted further
than needed, since programs write colours and sizes that the standard does not know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from postil_base.problem import PostilError
from postil_transcripts.importers.containers import Archive

if TYPE_CHECKING:
    from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_INSIDE = {"hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "bdo", "dir"}
_GONE = {"del": "deleted text (tracked changes)", "moveFrom": "moved text (its old place)"}
_PLAIN_SHADES = {"", "AUTO", "FFFFFF", "NONE", "CLEAR"}
_OFF = {"0", "false", "off", "none"}


class Run(NamedTuple):
    """A stretch of text in one format."""

    text: str
    raised: bool = False
    shaded: bool = False
    bold: bool = False
    color: str = ""


@dataclass(slots=True)
class Paragraph:
    """A paragraph: its runs, what kind it is, and where comments begin and end in its text."""

    runs: list[Run] = field(default_factory=list)
    heading: bool = False
    listed: bool = False
    comment_starts: dict[str, int] = field(default_factory=dict)
    comment_ends: dict[str, int] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The paragraph's text, line breaks and tabs included."""
        return "".join(run.text for run in self.runs)


class Comment(NamedTuple):
    """A comment of Word."""

    author: str
    date: str
    text: str


Table = list[list[list[Paragraph]]]
"""Rows of cells of paragraphs."""


@dataclass(slots=True)
class WordFile:
    """What a Word file holds, tables at their place among the paragraphs."""

    blocks: list[Paragraph | Table] = field(default_factory=list)
    comments: Mapping[str, Comment] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def paragraphs(self) -> list[Paragraph]:
        """All paragraphs in order, those of tables cell by cell."""
        return [paragraph for block in self.blocks for paragraph in _flat(block)]

    @property
    def outside_tables(self) -> list[Paragraph]:
        """The paragraphs that stand in no table."""
        return [block for block in self.blocks if isinstance(block, Paragraph)]

    @property
    def rows(self) -> list[list[str]]:
        """The rows of all tables as cell texts."""
        rows = [row for block in self.blocks if not isinstance(block, Paragraph) for row in block]
        return [["\n".join(filter(None, (p.text.strip() for p in cell))) for cell in row] for row in rows]


def _flat(block: Paragraph | Table) -> list[Paragraph]:
    if isinstance(block, Paragraph):
        return [block]
    return [paragraph for row in block for cell in row for paragraph in cell]


def open_word(data: bytes, name: str) -> WordFile:
    """Read a .docx file."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise PostilError(f"{name} is in Word's old .doc format (or locked by a password). Save it as .docx.")
    archive = Archive(data, name)
    if "word/document.xml" not in archive:
        raise PostilError(f"{name} is not a Word document (it has no word/document.xml).")
    root = archive.xml("word/document.xml")
    _refuse_strict(root, name)
    reader = _Reader(WordFile(comments=_comments(archive.xml_if_there("word/comments.xml"))))
    body = root.find(f"{W}body")
    for element in body if body is not None else ():
        reader.block(element)
    for part, what in (("word/footnotes.xml", "footnotes"), ("word/endnotes.xml", "endnotes")):
        reader.count_notes(archive.xml_if_there(part), what)
    return reader.file


def _refuse_strict(root: etree._Element, name: str) -> None:
    if isinstance(root.tag, str) and root.tag.startswith(_STRICT):
        raise PostilError(f"{name} is in the “Strict Open XML” format. Save it as a usual Word document (.docx).")


def _comments(root: etree._Element | None) -> dict[str, Comment]:
    if root is None:
        return {}
    comments = {}
    for element in root.iter(f"{W}comment"):
        paragraphs = ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in element.iter(f"{W}p")]
        text = "\n".join(line for line in paragraphs if line.strip()).strip()
        author, date = element.get(f"{W}author", ""), element.get(f"{W}date", "")
        comments[element.get(f"{W}id", "")] = Comment(author, date, text)
    return comments


class _Reader:
    """Walks the body once."""

    def __init__(self, file: WordFile) -> None:
        self.file = file

    def block(self, element: etree._Element) -> None:
        name = _name(element)
        if name == "p":
            self.file.blocks.append(self.paragraph(element))
        elif name == "tbl":
            self.file.blocks.append([self._row(row) for row in element.findall(f"{W}tr")])
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            for child in element:
                self.block(child)

    def _row(self, row: etree._Element) -> list[list[Paragraph]]:
        return [[self.paragraph(p) for p in cell.iter(f"{W}p")] for cell in row.findall(f"{W}tc")]

    def paragraph(self, element: etree._Element) -> Paragraph:
        made = Paragraph()
        properties = element.find(_PPR)
        if properties is not None:
            style = (_value(properties.find(_PSTYLE)) or "").lower().replace(" ", "")
            made.heading = style == "title" or style.startswith(("heading", "berschrift", "überschrift"))
            made.listed = properties.find(_NUMPR) is not None
        self._inside(element, made, 0)
        return made

    def _inside(self, element: etree._Element, made: Paragraph, length: int) -> int:
        for child in element:
            name = _name(child)
            if name == "r":
                length += self._run(child, made)
            elif name in _INSIDE:
                length = self._inside(child, made, length)
            elif name == "commentRangeStart":
                made.comment_starts[child.get(f"{W}id", "")] = length
            elif name == "commentRangeEnd":
                made.comment_ends[child.get(f"{W}id", "")] = length
            elif name in _GONE:
                self.file.left_out[_GONE[name]] += 1
        return length

    def _run(self, element: etree._Element, made: Paragraph) -> int:
        run = _format(element.find(_RPR))
        text = "".join(self._texts(element))
        if run is None:
            self.file.left_out["hidden text"] += bool(text.strip())
            return 0
        if text:
            made.runs.append(Run(text, *run))
        return len(text)

    def _texts(self, element: etree._Element) -> Iterator[str]:
        for child in element:
            name = _name(child)
            if name == "t":
                yield child.text or ""
            elif name in _CHARACTERS:
                yield _CHARACTERS[name]
            elif name in ("drawing", "pict", "object", "AlternateContent"):
                boxed = any((t.text or "").strip() for t in child.iter(f"{W}t"))
                self.file.left_out["text boxes" if boxed else "pictures"] += 1

    def count_notes(self, root: etree._Element | None, what: str) -> None:
        notes = root.findall("*") if root is not None else []
        self.file.left_out[what] += sum(1 for note in notes if any((t.text or "").strip() for t in note.iter(f"{W}t")))


_VAL, _FILL, _PPR, _RPR, _PSTYLE, _NUMPR = (f"{W}{name}" for name in ("val", "fill", "pPr", "rPr", "pStyle", "numPr"))
_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}


def _name(element: etree._Element) -> str:
    return _local(element.tag) if isinstance(element.tag, str) else ""


@lru_cache(maxsize=512)
def _local(tag: str) -> str:
    """A name without its namespace; asked of every element, and there are few names."""
    return tag.rpartition("}")[2]


def _value(element: etree._Element | None) -> str | None:
    return element.get(_VAL) if element is not None else None


def _format(properties: etree._Element | None) -> tuple[bool, bool, bool, str] | None:
    """Raised, shaded, bold, colour; None for hidden text."""
    if properties is None:
        return False, False, False, ""
    raised = shaded = bold = False
    color = ""
    for element in properties:
        name, value = _name(element), (element.get(_VAL) or "")
        if name in ("vanish", "webHidden") and value.lower() not in _OFF:
            return None
        if name == "position":
            raised = raised or (value.isdigit() and int(value[:6]) > 0)
        elif name == "vertAlign":
            raised = raised or value == "superscript"
        elif name == "shd":
            shaded = (element.get(_FILL) or "").lstrip("#").upper() not in _PLAIN_SHADES
        elif name == "highlight":
            shaded = shaded or value not in ("", "none")
        elif name == "b":
            bold = value.lower() not in _OFF
        elif name == "color":
            color = value.lstrip("#").upper()
    return raised, shaded, bold, "" if color in ("AUTO", "000000") else color
