"""Which files of what was named are transcripts to import."""

from __future__ import annotations

import stat
from collections.abc import Iterable
from pathlib import Path

from postil_base.files.text import read_bytes
from postil_base.problem import PostilError
from postil_formats.texts.decoding import MAX_BYTES
from postil_formats.texts.readers import FORMATS


def read_file(path: Path) -> bytes:
    """The bytes of a file somebody named; what is no file, or larger than any transcript, is refused unread."""
    try:
        status = path.stat()
    except OSError as error:
        raise PostilError(f"{path} could not be read: {error.strerror or error}.") from error
    if not stat.S_ISREG(status.st_mode):
        raise PostilError(f"{path} is no file that can be read.")
    if status.st_size > MAX_BYTES:
        raise PostilError(f"{path} has {status.st_size // 1_000_000} MB; files of up to 64 MB can be imported.")
    return read_bytes(path)


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
