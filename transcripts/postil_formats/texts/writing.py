"""Writing an import: text, manifest entry, notes and participants of a file together, or none of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from postil_base.files.atomic import ABSENT
from postil_base.files.journal import write_many
from postil_base.files.text import read_raw_text, sha256_text
from postil_base.problem import PostilError
from postil_base.yaml.entries import insert_entries
from postil_base.yaml.write import Value
from postil_formats.texts.plan import Failure, FilePlan, ImportPlan, Progress
from postil_study.files.codings import layer_path
from postil_study.files.manifest import MANIFEST_FILE, info_entry
from postil_study.files.settings import SETTINGS_FILE, load_settings
from postil_study.files.texts import transcript_path
from postil_study.layers.file import encode_layer

AT_ONCE = 100  # files in one transaction: syncing the disk costs more than writing


def apply_import(
    root: Path, plan: ImportPlan, progress: Progress | None = None
) -> tuple[list[FilePlan], list[Failure]]:
    """Write the plan; returns what was written and what failed. Of each file all is written, or nothing."""
    written: list[FilePlan] = []
    failures: list[Failure] = []
    for start in range(0, len(plan.files), AT_ONCE):
        some = plan.files[start : start + AT_ONCE]
        for file, reason in _written(root, some):
            if reason:
                failures.append(Failure(file.source, reason))
            else:
                written.append(file)
        if progress is not None:
            progress(start + len(some), len(plan.files), some[-1].source.name)
    return written, failures


def _written(root: Path, files: Sequence[FilePlan]) -> Iterator[tuple[FilePlan, str]]:
    """Write files together; if that fails, one by one, so that a failure stops only its own file."""
    try:
        write_files(root, files)
    except PostilError as error:
        if len(files) == 1:
            yield files[0], str(error)
            return
        for file in files:
            yield from _written(root, [file])
    else:
        yield from ((file, "") for file in files)


def write_files(root: Path, files: Sequence[FilePlan]) -> None:
    """Write files in one transaction. The files that grow are read now, so that a colleague's change stays."""
    changes: dict[str, str | bytes | None] = {}
    manifest, manifest_sha = _read(root, MANIFEST_FILE)
    expect = {MANIFEST_FILE: manifest_sha}
    entries = {file.id: info_entry(file.info) for file in files}
    changes[MANIFEST_FILE] = insert_entries(manifest, [], entries, path=MANIFEST_FILE)
    participants = [name for file in files for name in file.new_participants]
    if participants:
        settings, expect[SETTINGS_FILE] = _read(root, SETTINGS_FILE)
        changes[SETTINGS_FILE] = with_participants(settings, participants)
    for file in files:
        path = transcript_path(file.id)
        changes[path], expect[path] = file.transcript.text, ABSENT
        for layer in file.layers:
            path = layer_path(layer.header.coder, file.id)
            changes[path], expect[path] = encode_layer(layer), ABSENT
    write_many(root, changes, expect)


def _read(root: Path, path: str) -> tuple[str, str]:
    """A file's text and fingerprint; nothing and `ABSENT` when it is not there."""
    if not (root / path).exists():
        return "", ABSENT
    text = read_raw_text(root / path)
    return text, sha256_text(text)


def with_participants(settings: str, participants: Iterable[str]) -> str:
    """``study.yaml`` with participants added whom it does not know yet."""
    known = load_settings(settings)[0].participants
    new: dict[str, Value] = {name: {} for name in participants if name not in known}
    return insert_entries(settings, ["participants"], new, path=SETTINGS_FILE)
