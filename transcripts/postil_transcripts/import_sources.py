"""Which files of what was named are transcripts to import."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from postil_transcripts.importers import FORMATS


def find_sources(paths: Iterable[Path], root: Path) -> tuple[list[Path], list[Path]]:
    """Files to import and files that are none: folders are searched, hidden files and the study's own are left out."""
    files: list[Path] = []
    skipped: list[Path] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        for file in sorted(path.rglob("*")):
            if file.is_file() and not _hidden(file, path) and not _own(file, root):
                (files if _may_be_transcript(file) else skipped).append(file)
    return list(dict.fromkeys(files)), skipped


def _may_be_transcript(file: Path) -> bool:
    """Known formats, but not the papers that lie in every folder of files; named one by one these are read, too."""
    return file.suffix.lower() in FORMATS and file.stem.lower() not in ("readme", "license", "licence", "changelog")


def _hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in file.relative_to(folder).parts)


def _own(file: Path, root: Path) -> bool:
    """Whether a file is part of the study itself."""
    real, home = file.resolve(), root.resolve()
    return real.is_relative_to(home) and real.relative_to(home).parts[0] in (
        "transcripts",
        "codings",
        "codebook",
        "rounds",
    )
