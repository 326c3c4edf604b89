"""Plain readings of documents: all their text nodes in order, a word's end at each paragraph, break and tab."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from postil_transcripts.importers.containers import Archive, parse_xml
from postil_transcripts.importers.recognised import Options
from postil_transcripts.second_reading.plain import Part

if TYPE_CHECKING:
    from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_T, _RAISED, _POSITION = f"{_W}t", f"{_W}vertAlign", f"{_W}position"
_ENDS = (f"{_W}p", f"{_W}br", f"{_W}tab", f"{_W}cr")
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def word(data: bytes, name: str, options: Options) -> Sequence[Part]:
    """The text runs of the body (not deleted ones, which have a name of their own)."""
    return [Part("".join(_runs(Archive(data, name).xml("word/document.xml"))))]


def _runs(root: etree._Element) -> Iterator[str]:
    """Text runs; raised ones (numbers of notes) are words of their own."""
    raised = False
    for element in root.iter(_T, _RAISED, _POSITION, f"{_W}r", *_ENDS):
        tag = element.tag
        if tag == _T:
            yield f" {element.text or ''} " if raised else element.text or ""
        elif tag in (_RAISED, _POSITION):
            raised = True
        elif tag == f"{_W}r":
            raised = False
        else:
            yield "\n"


def open_document(data: bytes, name: str, options: Options) -> Sequence[Part]:
    """The text of the paragraphs and headings."""
    root = Archive(data, name).xml("content.xml")
    paragraphs = root.iter(f"{_TEXT}p", f"{_TEXT}h")
    outer = (p for p in paragraphs if not any(above.tag in (f"{_TEXT}p", f"{_TEXT}h") for above in p.iterancestors()))
    return [Part("".join(_inner(paragraph))) for paragraph in outer]


def _inner(element: etree._Element) -> Iterator[str]:
    for node in element.iter():
        if node is not element and isinstance(node.tag, str) and node.tag.startswith(_TEXT):
            yield " " if node.tag.rpartition("}")[2] in ("s", "tab", "line-break", "p", "note") else ""
        yield node.text or "" if isinstance(node.tag, str) else ""
        yield node.tail or "" if node is not element else ""


def rich_text(data: bytes, name: str, options: Options) -> Sequence[Part]:
    """The text that is left when the mark-up is off."""
    from striprtf.striprtf import rtf_to_text

    page = re.search(rb"\\ansicpg(\d{3,5})", data[:2000])
    encoding = options.encoding or (f"cp{page[1].decode()}" if page else "cp1252")
    return [Part(str(rtf_to_text(data.decode("latin-1"), encoding=encoding, errors="replace")))]  # type: ignore[no-untyped-call]


def pdf(data: bytes, name: str, options: Options) -> Sequence[Part]:
    """The text of all pages."""
    from pypdf import PdfReader

    return [Part(page.extract_text() or "") for page in PdfReader(io.BytesIO(data)).pages]


def elan(data: bytes, name: str, options: Options) -> Sequence[Part]:
    """All annotations, tier by tier."""
    values = parse_xml(data, name).iter("ANNOTATION_VALUE")
    return [Part(" ".join(str(text) for text in value.itertext())) for value in values]
