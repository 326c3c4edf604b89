"""The study's own files inside its .qdpx, so that our own round trip gives back the very same study."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from postil_base.files.atomic import ABSENT
from postil_base.files.journal import write_many
from postil_base.files.text import sha256_bytes
from postil_base.problem import PostilError
from postil_formats.projects.refi.values import Project
from postil_study.files.data_files import READERS, data_files
from postil_study.files.outputs import check_folder
from postil_study.files.settings import SETTINGS_FILE, is_inside
from postil_study.study import Study

INDEX = "index.json"
_FOLDERS = {
    "codebook": (".yaml",),
    "transcripts": (".yaml", ".txt"),
    "codings": (".jsonl",),
    "memos": (".md",),
    "charts": (".yaml",),
    "rounds": (".yaml", ".txt", ".jsonl", ".md"),
}
_FILES = (SETTINGS_FILE, "queries.yaml", ".gitattributes", ".gitignore")


def own_files(study: Study, project_xml: bytes) -> dict[str, bytes]:
    """The files of a study by path, and an index that tells whether the project beside them is still the same."""
    settings = study.settings
    named = [
        *_FILES,
        settings.codebook,
        settings.process,
        settings.findings,
        settings.themes,
        *data_files(study.findings),
    ]
    paths = dict.fromkeys(path for path in named if path and (study.root / path).is_file())
    for folder, endings in _FOLDERS.items():
        for file in sorted((study.root / folder).rglob("*")):
            if file.is_file() and not file.is_symlink() and file.name.endswith(endings):
                paths[file.relative_to(study.root).as_posix()] = None
    files = {path: (study.root / path).read_bytes() for path in paths}
    index = {"postil": 1, "study": settings.id, "project_sha256": sha256_bytes(project_xml)}
    return {**files, INDEX: (json.dumps(index, indent=1) + "\n").encode()}


def is_ours(project: Project) -> bool:
    """Whether a project carries a study's files, and nobody changed the project beside them since."""
    try:
        index = json.loads(project.own_files.get(INDEX, b""))
    except (ValueError, RecursionError):
        return False
    return isinstance(index, dict) and index.get("project_sha256") == project.xml_sha256


def restore(files: Mapping[str, bytes], folder: Path) -> list[str]:
    """Lay the study down in a new folder, byte for byte; returns the paths."""
    check_folder(folder)
    found = {path: data for path, data in files.items() if path != INDEX}
    bad = [path for path in found if not _is_study_file(path)]
    if bad:
        raise PostilError(f"{bad[0]!r} in the file's folder postil/ is no path of a study. Nothing was written.")
    if SETTINGS_FILE not in found:
        raise PostilError("the file's folder postil/ holds no study.yaml. Nothing was written.")
    if folder.exists() and any(folder.iterdir()):
        raise PostilError(f"{folder} is there already and not empty; name a new folder.")
    folder.mkdir(parents=True, exist_ok=True)
    write_many(folder, found, dict.fromkeys(found, ABSENT))
    return list(found)


def _is_study_file(path: str) -> bool:
    pure = PurePosixPath(path)
    return is_inside(path) and (
        path in _FILES or pure.suffix in (".yaml", ".txt", ".jsonl", ".md", ".json", ".sha256", "", *READERS)
    )
