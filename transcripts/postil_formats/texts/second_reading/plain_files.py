"""Plain readings of text files: the text itself, without the mark-up of Markdown that no eye sees."""

from __future__ import annotations

import re
from collections.abc import Sequence

from postil_formats.texts.decoding import decode
from postil_formats.texts.recognised import ReadOptions
from postil_formats.texts.second_reading.plain import Part

_LINK = re.compile(r"!?\[((?:[^\[\]\\]|\\.)*)\]\([^()\s]*(?:\s\"[^\"]*\")?\)")


def text(data: bytes, name: str, options: ReadOptions) -> Sequence[Part]:
    """The whole text; subtitles and Rich Text under a wrong name are read as what they are."""
    content = decode(data, name, options.encoding).text
    if content.lstrip().startswith("{\\rtf"):
        from postil_formats.texts.second_reading.plain_documents import rich_text

        return rich_text(data, name, options)
    if content.startswith("WEBVTT") or any("-->" in line for line in content.lstrip().split("\n")[1:2]):
        from postil_formats.texts.second_reading.plain_cues import in_text

        return in_text(content)
    return [Part(content)]


def markdown(data: bytes, name: str, options: ReadOptions) -> Sequence[Part]:
    """The text without the addresses of its links."""
    return [Part(_LINK.sub(r"\1", decode(data, name, options.encoding).text))]
