"""JSON Schemas of the files people write by hand, made from the readers of these files (`postil_base.yaml.schema`).

Editors with a YAML language server complete and check while typing, from a first line such as
``# yaml-language-server: $schema=../schemas/codebook.schema.json``. The schemas lie in the study: no network is needed.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable
from pathlib import Path

from postil_base.files.atomic import ABSENT
from postil_base.files.journal import write_many
from postil_base.files.text import read_raw_text, sha256_text
from postil_base.problem import PostilError
from postil_base.yaml.schema import Schema, schema_of
from postil_codebook.decision_process.read import load_process
from postil_codebook.findings import load_findings
from postil_codebook.load import load_codebook
from postil_codebook.themes import load_themes
from postil_study.files.manifest import MANIFEST_FILE, load_manifest
from postil_study.files.settings import SETTINGS_FILE, load_settings
from postil_study.schemas.words import SAMPLES, TITLES, WORDS
from postil_study.study import Study

FOLDER = "schemas"
NAMES = tuple(TITLES)
MARK = "# yaml-language-server: $schema="


def schema(name: str) -> Schema:
    """The schema of ``study``, ``codebook``, ``process``, ``findings``, ``themes`` or ``transcripts``."""
    if name not in NAMES:
        raise PostilError(f"there is no schema {name!r}; known are {', '.join(NAMES)}.")
    return schema_of(_reader(name), SAMPLES[name], TITLES[name], WORDS[name], by_id=name == "transcripts")


def schema_text(name: str) -> str:
    """The schema as the text of its file."""
    return json.dumps(schema(name), ensure_ascii=False, indent=1) + "\n"


def schema_file(name: str) -> str:
    """The name of its file."""
    return f"{name}.schema.json"


def _reader(name: str) -> Callable[[str], object]:
    readers: dict[str, Callable[[str, str], object]] = {
        "study": load_settings,
        "codebook": load_codebook,
        "process": load_process,
        "findings": load_findings,
        "themes": load_themes,
        "transcripts": load_manifest,
    }
    return lambda text: readers[name](text, f"{name}.yaml")


def described_files(study: Study) -> dict[str, str]:
    """The files of a study that have a schema: path → name of the schema."""
    said = study.settings
    paths = {
        "study": SETTINGS_FILE,
        "codebook": said.codebook,
        "process": said.process,
        "findings": said.findings,
        "themes": said.themes,
        "transcripts": MANIFEST_FILE,
    }
    return {path: name for name, path in paths.items() if path and (study.root / path).is_file()}


def add_schemas(study: Study) -> list[str]:
    """Put the schemas into the study and name them in the first line of its files; returns the paths written."""
    changes: dict[str, str | bytes | None] = {f"{FOLDER}/{schema_file(name)}": schema_text(name) for name in NAMES}
    expect = {path: _sha(study.root / path) for path in changes}
    for path, name in described_files(study).items():
        text = read_raw_text(study.root / path)
        marked = with_mark(text, posixpath.relpath(f"{FOLDER}/{schema_file(name)}", posixpath.dirname(path) or "."))
        if marked != text:
            changes[path], expect[path] = marked, sha256_text(text)
    changes = {path: text for path, text in changes.items() if not _holds(study.root / path, text)}
    if changes:
        write_many(study.root, changes, {path: expect[path] for path in changes})
    return list(changes)


def with_mark(text: str, schema: str) -> str:
    """A file's text with the line that names its schema; one that is there already is brought up to date.

    >>> with_mark("title: x\\n", "a.json")
    '# yaml-language-server: $schema=a.json\\ntitle: x\\n'
    """
    line = f"{MARK}{schema}"
    lines = text.split("\n")
    for number, old in enumerate(lines[:10]):
        if old.startswith(MARK):
            lines[number] = line + ("\r" if old.endswith("\r") else "")
            return "\n".join(lines)
    end = "\r\n" if "\r\n" in text else "\n"
    return f"{line}{end}{text}"


def _sha(path: Path) -> str:
    return sha256_text(read_raw_text(path)) if path.exists() else ABSENT


def _holds(path: Path, text: str | bytes | None) -> bool:
    return isinstance(text, str) and path.exists() and read_raw_text(path) == text
