"""Readers of transcripts, one module a format. `read_source` picks one by the file's name and reads bytes to values.

Nothing here touches the study. A reader is a function of bytes, a name for messages and `ReadOptions`; the only
exception that comes out is `PostilError`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import PurePath

from postil_base.problem import PostilError
from postil_formats.texts.recognised import ReadOptions, Recognised

Reader = Callable[[bytes, str, ReadOptions], Recognised]

# suffix → (module, function)
FORMATS = {
    ".docx": ("documents.word", "read"),
    ".docm": ("documents.word", "read"),
    ".txt": ("plain.plain_text", "read"),
    ".text": ("plain.plain_text", "read"),
    ".md": ("plain.markdown", "read"),
    ".markdown": ("plain.markdown", "read"),
    ".vtt": ("recordings.cues", "read"),
    ".srt": ("recordings.cues", "read"),
    ".sbv": ("recordings.cues", "read"),
    ".rtf": ("documents.rich_text", "read"),
    ".odt": ("documents.open_document", "read"),
    ".pdf": ("plain.pdf", "read"),
    ".json": ("recordings.whisper_json", "read"),
    ".jsonl": ("recordings.whisper_json", "read"),
    ".ndjson": ("recordings.whisper_json", "read"),
    ".ods": ("tables.sheets_ods", "read"),
    ".csv": ("tables.sheets", "read_csv"),
    ".tsv": ("tables.sheets", "read_csv"),
    ".xlsx": ("tables.sheets", "read_xlsx"),
    ".eaf": ("recordings.elan", "read"),
    ".exb": ("recordings.exmaralda", "read"),
    ".html": ("plain.web_page", "read"),
    ".htm": ("plain.web_page", "read"),
    ".cha": ("recordings.chat", "read"),
}
_OTHERS = {
    ".doc": "Word's old format; save it as .docx",
    ".xls": "Excel's old format; save it as .xlsx or .csv",
    ".pages": "a Pages file; export it as .docx",
    ".mhtml": "a web archive; save it as .html or .docx",
    ".qdpx": "a REFI project; its codings come with postil import-codings",
    ".qda": "a QualCoder project; export it as REFI (.qdpx)",
    ".mx24": "a MAXQDA project; export it as REFI (.qdpx), or its documents as .docx",
    ".mx22": "a MAXQDA project; export it as REFI (.qdpx), or its documents as .docx",
    ".nvp": "an NVivo project; export it as REFI (.qdpx)",
    ".nvpx": "an NVivo project; export it as REFI (.qdpx)",
    ".atlproj": "an ATLAS.ti project; export it as REFI (.qdpx)",
    ".exs": "a segmented transcription of EXMARaLDA; save it as a basic transcription (.exb)",
    ".textgrid": "a TextGrid of Praat; import it into ELAN and save it as .eaf",
    ".trs": "a transcription of Transcriber; import it into ELAN and save it as .eaf",
    ".otr": "a file of oTranscribe; export it as .txt or .md",
    ".ttml": "subtitles as TTML; convert them to .vtt or .srt",
    ".ass": "subtitles of SubStation; convert them to .srt",
    ".zip": "a packed folder; unpack it and name the folder",
    ".mp3": "a recording; Postil imports transcripts",
    ".wav": "a recording; Postil imports transcripts",
    ".mp4": "a recording; Postil imports transcripts",
    ".m4a": "a recording; Postil imports transcripts",
}


_WITH_KEYS = (
    ".csv",
    ".tsv",
    ".xlsx",
    ".ods",
    ".docx",
    ".docm",
    ".odt",
    ".rtf",
    ".json",
    ".jsonl",
    ".ndjson",
    ".html",
    ".htm",
)


def read_source(data: bytes, name: str, options: ReadOptions | None = None) -> Recognised:
    """Read a source file by the suffix of its name."""
    suffix = PurePath(name).suffix.lower()
    if not data.strip():
        raise PostilError(f"{name} is empty; nothing to import.")
    if suffix not in FORMATS:
        raise PostilError(f"{name}: {_why_not(suffix)}. Known are {', '.join(FORMATS)}.")
    read = reader_of(suffix)(data, name, options or ReadOptions())
    if not read.turns:
        raise PostilError(f"{name} holds no words; nothing to import.")
    if (options and (options.text or options.speaker_key)) and suffix not in _WITH_KEYS:
        return replace(read, warnings=(*read.warnings, "--text and --speaker-key name columns; this file has none"))
    return read


def reader_of(suffix: str) -> Reader:
    """The reader of a suffix, imported when asked for."""
    module, function = FORMATS[suffix]
    reader: Reader = getattr(import_module(f"postil_formats.texts.{module}"), function)
    return reader


def _why_not(suffix: str) -> str:
    return _OTHERS.get(suffix, f"transcripts cannot be read from {suffix or 'a file without a suffix'}")


__all__ = ["FORMATS", "ReadOptions", "Reader", "Recognised", "read_source", "reader_of"]
