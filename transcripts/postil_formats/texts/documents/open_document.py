"""OpenDocument text (.odt): paragraphs, headings, tables, comments and notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from postil_base.problem import PostilError
from postil_formats.texts.containers import Archive
from postil_formats.texts.decoding import check_size
from postil_formats.texts.documents.docx_parts import WordFile
from postil_formats.texts.documents.odt_body import OFFICE, STYLE, OdtReader, read_styles
from postil_formats.texts.documents.word import read_document
from postil_formats.texts.recognised import ReadOptions, Recognised, TakenOff

if TYPE_CHECKING:
    from lxml import etree


def read(data: bytes, name: str, options: ReadOptions) -> Recognised:
    """Read an .odt file."""
    check_size(data, name)
    archive = Archive(data, name)
    root, styles = archive.xml("content.xml"), archive.xml_if_there("styles.xml")
    body = root.find(f"{OFFICE}body/{OFFICE}text")
    if body is None:
        raise PostilError(f"{name} is not an OpenDocument text (.odt).")
    file = WordFile(kind="OpenDocument", comment_layer="comments")
    OdtReader(file, read_styles(root, styles)).blocks(body, file.blocks)
    file.taken += dict.fromkeys(_page_margins(styles))
    return read_document(file, name, options)


def paragraph_text(paragraph: etree._Element) -> str:
    """The words of a paragraph, wherever it stands."""
    return OdtReader(WordFile()).paragraph(paragraph).text


def _page_margins(styles: etree._Element | None) -> Iterator[TakenOff]:
    """The heads and feet of the pages."""
    for kind in ("header", "footer"):
        for part in ("", "-left", "-first"):
            for element in styles.iter(f"{STYLE}{kind}{part}") if styles is not None else ():
                inner = WordFile()
                OdtReader(inner).blocks(element, inner.blocks)
                text = "\n".join(line for p in inner.paragraphs if (line := p.text.strip()))
                if text:
                    yield TakenOff(f"page {kind}", text)
