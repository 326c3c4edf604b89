"""The parts of a Word file as plain values: paragraphs with their runs, tables, comments, notes at a point.

Tracked insertions are kept, deletions and hidden text are left out and counted; no property is interpreted further
than needed, since programs write colours and sizes that the standard does not know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from postil_base.problem import PostilError
from postil_formats.texts.containers import Archive
from postil_formats.texts.recognised import TakenOff

if TYPE_CHECKING:
    from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"


class TextRun(NamedTuple):
    """A stretch of text in one format."""

    text: str
    raised: bool = False
    shaded: bool = False
    bold: bool = False
    color: str = ""


class Aside(NamedTuple):
    """What hangs at a place in a paragraph without being its words: a comment's mark, a footnote, a text box."""

    offset: int
    kind: str  # comment, footnote, endnote, text box
    content: str  # the id of what is described elsewhere, or the words themselves


@dataclass(slots=True)
class Paragraph:
    """A paragraph: its runs, what kind it is, and where comments begin and end in its text.

    ``joins`` says that its end was deleted (tracked changes), so that the next paragraph goes on in it.
    """

    runs: list[TextRun] = field(default_factory=list)
    heading: bool = False
    listed: bool = False
    joins: bool = False
    comment_starts: dict[str, int] = field(default_factory=dict)
    comment_ends: dict[str, int] = field(default_factory=dict)
    asides: list[Aside] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The paragraph's text, line breaks and tabs included."""
        return "".join(run.text for run in self.runs)

    def join(self, following: Paragraph) -> None:
        """Go on with the paragraph that follows, whose properties hold for both, as in Word."""
        length = len(self.text)
        self.runs += following.runs
        self.heading, self.listed, self.joins = following.heading, following.listed, following.joins
        self.comment_starts.update({key: length + at for key, at in following.comment_starts.items()})
        self.comment_ends.update({key: length + at for key, at in following.comment_ends.items()})
        self.asides += [aside._replace(offset=length + aside.offset) for aside in following.asides]


class Comment(NamedTuple):
    """A comment of Word."""

    author: str
    date: str
    text: str


Table = list[list[list[Paragraph]]]
"""Rows of cells of paragraphs; those of a table inside a cell follow one another."""


@dataclass(slots=True)
class WordFile:
    """What a Word file (or an OpenDocument or Rich Text one) holds, tables at their place among the paragraphs."""

    blocks: list[Paragraph | Table] = field(default_factory=list)
    comments: Mapping[str, Comment] = field(default_factory=dict)
    notes: Mapping[tuple[str, str], str] = field(default_factory=dict)  # (footnote or endnote, id) → its words
    counted: Counter[str] = field(default_factory=Counter)  # what was left out without its words
    taken: list[TakenOff] = field(default_factory=list)
    kind: str = "Word"
    comment_layer: str = "word-comments"

    @property
    def paragraphs(self) -> list[Paragraph]:
        """All paragraphs in order, those of tables cell by cell."""
        return [paragraph for block in self.blocks for paragraph in _flat(block)]

    @property
    def outside_tables(self) -> list[Paragraph]:
        """The paragraphs that stand in no table."""
        return [block for block in self.blocks if isinstance(block, Paragraph)]

    @property
    def tables(self) -> list[Table]:
        """The tables in order."""
        return [block for block in self.blocks if not isinstance(block, Paragraph)]


def cell_text(cell: list[Paragraph]) -> str:
    """The text of a cell: its paragraphs with a line feed between them."""
    return "\n".join(paragraph.text for paragraph in cell)


def _flat(block: Paragraph | Table) -> list[Paragraph]:
    if isinstance(block, Paragraph):
        return [block]
    return [paragraph for row in block for cell in row for paragraph in cell]


def open_word(data: bytes, name: str) -> WordFile:
    """Read a .docx file."""
    from postil_formats.texts.documents.docx_body import BodyReader

    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise PostilError(f"{name} is in Word's old .doc format (or locked by a password). Save it as .docx.")
    archive = Archive(data, name)
    main = main_part(archive)
    if main not in archive:
        raise PostilError(f"{name} is not a Word document (it has no word/document.xml).")
    root = archive.xml(main)
    _refuse_strict(root, name)
    _refuse_embedded(root, archive)
    others = dict(archive.targets(main).values())
    file = WordFile(comments=_comments(archive, others), notes=_notes(archive, others))
    body = root.find(f"{W}body")
    if body is not None:
        BodyReader(file).blocks(body, file.blocks)
    file.taken += _page_margins(archive)
    return file


def main_part(archive: Archive) -> str:
    """The part with the text: some programs call it word/document2.xml."""
    links = (part for kind, part in archive.targets("").values() if kind == "officeDocument" and part in archive)
    return next(links, "word/document.xml")


def _refuse_strict(root: etree._Element, name: str) -> None:
    if isinstance(root.tag, str) and root.tag.startswith(_STRICT):
        raise PostilError(f"{name} is in the “Strict Open XML” format. Save it as a usual Word document (.docx).")


def _refuse_embedded(root: etree._Element, archive: Archive) -> None:
    """Text that only Word can fetch from another file would be missing in silence."""
    inside = next(root.iter(f"{W}altChunk", f"{W}subDoc"), None)
    if inside is None:
        return
    chunk = inside.tag == f"{W}altChunk"
    what = "an embedded document (altChunk)" if chunk else "a part of a master document (subDoc)"
    raise PostilError(
        f"{archive.name} keeps text in {what}, which only Word reads. "
        "Open the file in Word, save it as .docx again, and import that."
    )


def _words(element: etree._Element) -> str:
    """The words of a comment, a note or a margin: those of its paragraphs."""
    from postil_formats.texts.documents.docx_body import BodyReader

    file = WordFile()
    BodyReader(file).blocks(element, file.blocks)
    return "\n".join(line for p in file.paragraphs if (line := p.text.strip()))


def _comments(archive: Archive, others: Mapping[str, str]) -> dict[str, Comment]:
    root = archive.xml_if_there(others.get("comments", "word/comments.xml"))
    found = root.iter(f"{W}comment") if root is not None else ()
    return {
        element.get(f"{W}id", ""): Comment(
            element.get(f"{W}author", ""), element.get(f"{W}date", ""), _words(element).strip()
        )
        for element in found
    }


def _notes(archive: Archive, others: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """The words of footnotes and endnotes that have any."""
    notes = {}
    for kind in ("footnote", "endnote"):
        root = archive.xml_if_there(others.get(f"{kind}s", f"word/{kind}s.xml"))
        for element in root.iter(f"{W}{kind}") if root is not None else ():
            text = _words(element)
            if text:
                notes[kind, element.get(f"{W}id", "")] = text
    return notes


def _page_margins(archive: Archive) -> list[TakenOff]:
    """The heads and feet of the pages, each text once."""
    found: dict[TakenOff, None] = {}
    for part in sorted(archive.names):
        for kind in ("header", "footer"):
            if part.startswith(f"word/{kind}") and part.endswith(".xml"):
                text = _words(archive.xml(part))
                if text:
                    found[TakenOff(f"page {kind}", text)] = None
    return list(found)
