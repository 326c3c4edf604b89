"""Writing an import: text, manifest entry, notes and participants of a file in one transaction, or none of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from postil_base.atomic import ABSENT
from postil_base.journal import write_many
from postil_base.problem import PostilError
from postil_base.text_files import read_raw_text, sha256_text
from postil_base.yaml_edit import insert_entry
from postil_transcripts.codings_folder import layer_path
from postil_transcripts.importing import Failure, FilePlan, ImportPlan, Progress
from postil_transcripts.layer_file import encode_layer
from postil_transcripts.manifest import MANIFEST_FILE, add_transcript
from postil_transcripts.settings import SETTINGS_FILE
from postil_transcripts.transcript_folder import transcript_path


def apply_import(
    root: Path, plan: ImportPlan, progress: Progress | None = None
) -> tuple[list[FilePlan], list[Failure]]:
    """Write the plan file by file; returns what was written and what failed. A failure stops only its own file."""
    written: list[FilePlan] = []
    failures: list[Failure] = []
    for number, file in enumerate(plan.files, 1):
        try:
            write_file(root, file)
            written.append(file)
        except PostilError as error:
            failures.append(Failure(file.source, str(error)))
        if progress is not None:
            progress(number, len(plan.files), file.source.name)
    return written, failures


def write_file(root: Path, file: FilePlan) -> None:
    """Write one file of a plan. The files that grow are read now, so that a colleague's change in between stays."""
    text_path = transcript_path(file.id)
    changes: dict[str, str | bytes | None] = {text_path: file.transcript.text}
    expect = {text_path: ABSENT}
    manifest, expect[MANIFEST_FILE] = _read(root, MANIFEST_FILE)
    changes[MANIFEST_FILE] = add_transcript(manifest, file.info)
    if file.new_participants:
        settings, expect[SETTINGS_FILE] = _read(root, SETTINGS_FILE)
        changes[SETTINGS_FILE] = with_participants(settings, file.new_participants)
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


def with_participants(settings: str, participants: Sequence[str]) -> str:
    """``study.yaml`` with participants added whom it does not know yet."""
    from postil_transcripts.settings import load_settings

    known = load_settings(settings)[0].participants
    for participant in participants:
        if participant not in known:
            settings = insert_entry(settings, ["participants"], participant, {}, path=SETTINGS_FILE)
    return settings
