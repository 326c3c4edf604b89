"""Plain readings of documents: all their text nodes in order, a word's end at each paragraph, break and tab.

Word files have a module of their own (`plain_word`).
"""

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

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


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
