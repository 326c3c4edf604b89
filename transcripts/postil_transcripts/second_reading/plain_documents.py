"""Plain readings of documents: all their text nodes in order, a word's end at each paragraph, break and tab.

Word files have a module of their own (`plain_word`).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from postil_transcripts.importers.containers import Archive, parse_xml
from postil_transcripts.importers.odt_body import read_styles
from postil_transcripts.importers.recognised import Options
from postil_transcripts.second_reading.plain import Part

if TYPE_CHECKING:
    from lxml import etree

_RTF = re.compile(r"\\([a-z]+)(-?\d*) ?|\\.|[{}]|[^\\{}]+", re.S)
_RUBY_IN_RTF = re.compile(
    r"\{\\\*\\fldinst\s*\{?\s*EQ[^{}]*?\\\\up\s*\d*\s*\(([^()]*)\)\s*[,;]([^{}]*)\)\s*\}?\}", re.S
)  # words with a reading aid above them, as Word writes them
_FIELD_IN_RTF = re.compile(r"\{\\\*\\fldinst(?:[^{}]|\{[^{}]*\})*\}")
_APART = ("annotation", "note", "frame", "custom-shape", "hidden-text", "hidden-paragraph", "number")
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def open_document(data: bytes, name: str, options: Options) -> Sequence[Part]:
    """The text of all paragraphs and headings that are shown; what hangs in one (comments, notes) stands by itself."""
    archive = Archive(data, name)
    content, styles = archive.xml("content.xml"), archive.xml_if_there("styles.xml")
    hidden = read_styles(content, styles).hidden
    parts = [Part(_inner(paragraph, hidden)) for paragraph in _paragraphs(content)]
    margins: Iterator[etree._Element] = _paragraphs(styles) if styles is not None else iter(())
    return [*parts, *dict.fromkeys(Part(_inner(paragraph, hidden)) for paragraph in margins)]


def _paragraphs(root: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs, those inside others included, except what was deleted with tracked changes."""
    for element in root.iter(f"{_TEXT}p", f"{_TEXT}h"):
        if not any(above.tag == f"{_TEXT}tracked-changes" for above in element.iterancestors()):
            yield element


def _inner(element: etree._Element, hidden: frozenset[str]) -> str:
    """The text of a paragraph without what has paragraphs of its own; a reading aid (ruby) comes last."""
    if element.get(f"{_TEXT}style-name", "") in hidden:
        return ""
    text, aids = [element.text or ""], []
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        name = tag.rpartition("}")[2]
        if name == "ruby":
            base = child.find(f"{_TEXT}ruby-base")
            text.append(_inner(base, hidden) if base is not None else "")
            aids.append(child.findtext(f"{_TEXT}ruby-text", ""))
        elif name in ("s", "tab", "line-break"):
            text.append(" ")
        elif tag and name not in _APART:
            text.append(_inner(child, hidden))
        text.append(child.tail or "")
    return " ".join(["".join(text).replace("\xad", ""), *aids])


def rich_text(data: bytes, name: str, options: Options) -> Sequence[Part]:
    """The text that is left when the mark-up is off, and with it deleted and hidden text."""
    from striprtf.striprtf import rtf_to_text

    page = re.search(rb"\\ansicpg(\d{3,5})", data[:2000])
    encoding = options.encoding or (f"cp{page[1].decode()}" if page else "cp1252")
    text = _FIELD_IN_RTF.sub("", _RUBY_IN_RTF.sub(r"{\2 \1}", "".join(_kept_rtf(data.decode("latin-1")))))
    return [Part(str(rtf_to_text(text, encoding=encoding, errors="replace")))]  # type: ignore[no-untyped-call]


def _kept_rtf(text: str) -> Iterator[str]:
    """The tokens of Rich Text without what is deleted, moved away or hidden, ends of paragraphs included."""
    gone = [False]
    for match in _RTF.finditer(text):
        token, word = match[0], match[1] or ""
        if token == "{":
            gone.append(gone[-1])
        elif token == "}" and len(gone) > 1:
            gone.pop()
        elif word in ("deleted", "mvf", "v", "plain"):
            gone[-1] = word != "plain" and match[2] != "0"
        elif gone[-1] and (word == "par" or not word):
            continue
        yield token


def pdf(data: bytes, name: str, options: Options) -> Sequence[Part]:
    """The text of all pages."""
    from pypdf import PdfReader

    return [Part(page.extract_text() or "") for page in PdfReader(io.BytesIO(data)).pages]


def elan(data: bytes, name: str, options: Options) -> Sequence[Part]:
    """All annotations, tier by tier."""
    values = parse_xml(data, name).iter("ANNOTATION_VALUE")
    return [Part(" ".join(str(text) for text in value.itertext())) for value in values]
