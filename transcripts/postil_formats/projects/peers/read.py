"""One door for projects of other programs: what a file is, its content says, not its name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from postil_base.files.text import read_bytes
from postil_base.problem import PostilError, Remark
from postil_formats.projects.peers.database import MAGIC, TAGUETTE_ID, Database, opened
from postil_formats.projects.refi.values import Project

ENDINGS = (".qdpx", ".qdc", ".qde", ".sqlite3", ".sqlite", ".db", ".qda")
_QUALCODER = "data.qda"
LARGEST = 512 * 1024 * 1024


def is_project(path: Path) -> bool:
    """Whether a path is for this door: a project's file, or a project's folder."""
    if path.is_dir():
        from postil_formats.projects.peers.qc import is_qc

        return (path / _QUALCODER).is_file() or is_qc(path)
    return path.suffix.lower() in ENDINGS


def read_project(path: Path, project: str = "") -> Project:
    """Read a project. ``project`` chooses one of several in a database."""
    if path.is_dir() or path.name == "settings.yaml":
        return _read_folder(path if path.is_dir() else path.parent)
    if _is_package(path):
        from postil_formats.projects.refi.read import read_refi

        return read_refi(path, path.name)
    if path.is_file() and path.stat().st_size > LARGEST:
        raise PostilError(f"{path.name} has {path.stat().st_size >> 20} MB; projects of up to 512 MB are read.")
    data = read_bytes(path)
    if data.startswith(MAGIC):
        return _with_log(path, _named(_read_database(data, path, project), path))
    from postil_formats.projects.refi.read import read_refi

    return read_refi(data, path.name)


def _is_package(path: Path) -> bool:
    """Whether a file is an archive; recordings can make it larger than what is read into memory."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return file.read(2) == b"PK"
    except OSError:
        return False


def _read_folder(folder: Path) -> Project:
    if (folder / _QUALCODER).is_file():
        return read_project(folder / _QUALCODER)
    from postil_formats.projects.peers.qc import is_qc, read_qc

    if is_qc(folder):
        return read_qc(folder)
    raise PostilError(f"{folder} is no project: neither QualCoder's data.qda nor qc's settings.yaml is in it.")


def _read_database(data: bytes, path: Path, project: str) -> Project:
    with opened(data, path.name) as database:
        return _of_program(database, path, project)


def _of_program(database: Database, path: Path, project: str) -> Project:
    if database.application == TAGUETTE_ID or {"highlights", "highlight_tags", "documents"} <= database.tables:
        from postil_formats.projects.peers.taguette import read_taguette

        return read_taguette(database, project)
    if {"code_text", "code_name", "source"} <= database.tables:
        from postil_formats.projects.peers.qualcoder import read_qualcoder

        return read_qualcoder(database)
    if {"coded_line", "document"} <= database.tables:
        from postil_formats.projects.peers.qc import read_qc

        return read_qc(path.parent)
    raise PostilError(f"{path.name} is a database, but neither of Taguette nor of QualCoder nor of qc.")


def _named(project: Project, path: Path) -> Project:
    """QualCoder's project is called like its folder."""
    name = path.resolve().parent.name if path.name == _QUALCODER else path.stem
    return project if project.name else replace(project, name=name.removesuffix(".qda"))


def _with_log(path: Path, project: Project) -> Project:
    """A write-ahead log beside the file holds the last changes, which are not in it yet."""
    log = path.with_name(path.name + "-wal")
    if not log.is_file() or not log.stat().st_size:
        return project
    message = "the last changes are still in its -wal file; close the program that has it open, then import again"
    return replace(project, remarks=(*project.remarks, Remark(path.name, message)))
