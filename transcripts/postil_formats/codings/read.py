"""One door for files of codings: rows, Word files, reports of programs, brat's ``.ann``, W3C Web Annotations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from postil_base.files.text import BOM
from postil_base.problem import PostilError
from postil_formats.codings.sources.brat import read_brat
from postil_formats.codings.sources.reports import (
    has_references,
    has_summary,
    read_references,
    read_summary,
    read_taguette_page,
)
from postil_formats.codings.sources.rows import CodingsTable, read_codings
from postil_formats.codings.sources.web import read_web
from postil_formats.texts.decoding import decode
from postil_formats.texts.sources import read_file
from postil_study.study import Study

BRAT, WEB, WORD, PAGES = (".ann",), (".jsonld", ".json"), (".docx", ".docm"), (".html", ".htm")


def coding_files(paths: Iterable[Path]) -> list[Path]:
    """Files of codings; of a folder brat's and JSON-LD ones. Texts beside an ``.ann`` belong to it."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(f for f in path.rglob("*") if f.suffix.lower() in (*BRAT, ".jsonld") and f.is_file())
            if not inside:
                raise PostilError(f"{path} holds no .ann or .jsonld files.")
            found += inside
        elif path.suffix.lower() != ".txt" or not path.with_suffix(".ann").exists():
            found.append(path)
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class ReadWishes:
    """What the person said of files of codings, and what the study knows."""

    coder: str = ""
    encoding: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)  # heading → key, see `codings_headings`
    colors: Mapping[str, str] = field(default_factory=dict)  # colour of highlights → code
    known: Callable[[str], bool] = lambda name: False  # whether a name is a code of the codebook
    labels: tuple[str, ...] = ()  # who speaks in the transcripts of the study


def speaker_labels(study: Study) -> tuple[str, ...]:
    """The labels of all transcripts, as they were found or given when these were imported."""
    return tuple(dict.fromkeys(label for info in study.infos.values() for label in info.speakers if label))


def read_codings_file(path: Path, wishes: ReadWishes) -> tuple[CodingsTable, ...]:
    """Read a file of codings by its ending, and by what is in it; a Word file may hold several kinds."""
    data, ending = read_file(path), path.suffix.lower()
    coder, encoding = wishes.coder, wishes.encoding
    if ending in WORD:
        from postil_formats.codings.sources.word import read_word

        said = (wishes.columns, wishes.colors, wishes.known)
        return read_word(
            data, path.name, coder=coder, columns=said[0], colors=said[1], known=said[2], labels=wishes.labels
        )
    if wishes.colors:
        raise PostilError(f"--color is for highlights in Word files (.docx); {path.name} is none.")
    if ending in BRAT:
        beside = path.with_suffix(".txt")
        text = _with_line_ends(read_file(beside), beside.name, encoding) if beside.exists() else None
        return (read_brat(data, path.name, text, coder=coder, encoding=encoding),)
    if ending in WEB:
        return (read_web(data, path.name, coder=coder, encoding=encoding),)
    if ending in PAGES:
        return (read_taguette_page(decode(data, path.name, encoding).text, path.name, coder),)
    if ending == ".txt":
        lines = decode(data, path.name, encoding).text.split("\n")
        if has_references(lines) or has_summary(lines):
            read = read_references if has_references(lines) else read_summary
            return (read(lines, path.name, coder),)
    return (read_codings(data, path.name, coder=coder, encoding=encoding, columns=wishes.columns),)


def _with_line_ends(data: bytes, name: str, encoding: str) -> str:
    """A text with its line ends as they are, which positions may count."""
    decoded = decode(data, name, encoding)
    return data.decode(decoded.encoding).removeprefix(BOM) if b"\r" in data else decoded.text
