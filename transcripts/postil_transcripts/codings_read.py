"""One door for files of codings: rows in CSV and XLSX, brat's ``.ann``, W3C Web Annotations in JSON-LD."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from postil_base.problem import PostilError
from postil_base.text_files import BOM
from postil_transcripts.codings_brat import read_brat
from postil_transcripts.codings_rows import CodingsTable, read_codings
from postil_transcripts.codings_web import read_web
from postil_transcripts.import_sources import read_file
from postil_transcripts.importers.decoding import decode

BRAT, WEB = (".ann",), (".jsonld", ".json")


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


def read_codings_file(
    path: Path, *, coder: str = "", encoding: str = "", columns: Mapping[str, str] | None = None
) -> CodingsTable:
    """Read a file of codings by its ending; ``columns``: what the person said of a table's columns."""
    data, ending = read_file(path), path.suffix.lower()
    if ending in BRAT:
        beside = path.with_suffix(".txt")
        text = _with_line_ends(read_file(beside), beside.name, encoding) if beside.exists() else None
        return read_brat(data, path.name, text, coder=coder, encoding=encoding)
    if ending in WEB:
        return read_web(data, path.name, coder=coder, encoding=encoding)
    return read_codings(data, path.name, coder=coder, encoding=encoding, columns=columns)


def _with_line_ends(data: bytes, name: str, encoding: str) -> str:
    """A text with its line ends as they are, which positions may count."""
    decoded = decode(data, name, encoding)
    return data.decode(decoded.encoding).removeprefix(BOM) if b"\r" in data else decoded.text
