"""Rich Text Format (.rtf): paragraphs, tables, comments and notes."""

from __future__ import annotations

import re

from postil_base.problem import PostilError
from postil_formats.texts.decoding import check_size
from postil_formats.texts.documents.docx_parts import Paragraph, TextRun, WordFile
from postil_formats.texts.documents.rtf_body import RtfReader
from postil_formats.texts.documents.rtf_tokens import code_page, whole
from postil_formats.texts.documents.word import read_document
from postil_formats.texts.recognised import ReadOptions, Recognised

MAX_DEPTH = 400


def read(data: bytes, name: str, options: ReadOptions) -> Recognised:
    """Read an .rtf file; its own code pages hold unless ``options`` name another."""
    check_size(data, name)
    if not data.lstrip().startswith(b"{\\rtf"):
        raise PostilError(f"{name} is not Rich Text (it does not start with {{\\rtf). Save it as .rtf or .docx again.")
    text = data.decode("latin-1")
    _check_depth(text, name)
    file = WordFile(kind="Rich Text", comment_layer="comments")
    RtfReader(file, options.encoding or code_page(data), forced=bool(options.encoding)).read(text)
    for paragraph in file.paragraphs:
        _put_together(paragraph)
    return read_document(file, name, options)


def _put_together(paragraph: Paragraph) -> None:
    """Characters that come in two halves are one; marks behind them move with them."""
    text = paragraph.text
    if not re.search("[\ud800-\udfff]", text):
        return
    for marks in (paragraph.comment_starts, paragraph.comment_ends):
        marks.update({key: len(whole(text[:at])) for key, at in marks.items()})
    paragraph.asides = [aside._replace(offset=len(whole(text[: aside.offset]))) for aside in paragraph.asides]
    paragraph.runs = [TextRun(whole(text))]


def _check_depth(text: str, name: str) -> None:
    depth = deepest = 0
    for brace in re.findall(r"(?<!\\)[{}]", text):
        depth += 1 if brace == "{" else -1
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise PostilError(f"{name} nests its groups {deepest} deep; no word processor writes that. Nothing was read.")
