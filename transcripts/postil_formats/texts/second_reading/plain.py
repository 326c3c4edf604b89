"""Plain readings of a source: all its words in order, in the simplest way there is, without asking what they mean.

`READERS` names the reader of each format, as `importers.FORMATS` names its importer. A reader takes the bytes, a name
for messages and `ReadOptions`, and returns parts; a part has a speaker only where the format itself names it beside the
words (cues, JSON, columns). Nothing here calls an importer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import NamedTuple

from postil_formats.texts.recognised import ReadOptions


class Part(NamedTuple):
    """Words that stand together in the source, and who says them if the format tells."""

    text: str
    speaker: str = ""


PlainReader = Callable[[bytes, str, ReadOptions], Sequence[Part]]

# suffix → (module, function)
READERS = {
    ".txt": ("plain_files", "text"),
    ".text": ("plain_files", "text"),
    ".md": ("plain_files", "markdown"),
    ".markdown": ("plain_files", "markdown"),
    ".vtt": ("plain_cues", "cues"),
    ".srt": ("plain_cues", "cues"),
    ".sbv": ("plain_cues", "sbv"),
    ".docx": ("plain_word", "word"),
    ".docm": ("plain_word", "word"),
    ".odt": ("plain_documents", "open_document"),
    ".rtf": ("plain_documents", "rich_text"),
    ".csv": ("plain_sheets", "csv"),
    ".tsv": ("plain_sheets", "csv"),
    ".ods": ("plain_sheets", "ods"),
    ".xlsx": ("plain_sheets", "workbook"),
    ".json": ("plain_json", "json"),
    ".jsonl": ("plain_json", "json"),
    ".ndjson": ("plain_json", "json"),
    ".html": ("plain_pages", "html"),
    ".htm": ("plain_pages", "html"),
    ".cha": ("plain_pages", "chat"),
    ".eaf": ("plain_documents", "elan"),
    ".exb": ("plain_documents", "exmaralda"),
    ".pdf": ("plain_documents", "pdf"),
}


def plain_parts(data: bytes, suffix: str, name: str, options: ReadOptions) -> Sequence[Part] | None:
    """The parts of a file; None when the format has no plain reader."""
    if suffix not in READERS:
        return None
    module, function = READERS[suffix]
    reader: PlainReader = getattr(import_module(f"postil_formats.texts.second_reading.{module}"), function)
    return reader(data, name, options)
