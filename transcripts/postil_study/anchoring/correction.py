"""A corrected transcript: all layers follow its new text in one go, or none of them does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from postil_base.clock import Clock, system_clock, utc_now
from postil_base.files.journal import Progress, write_many
from postil_base.files.text import read_bytes, sha256_bytes
from postil_base.problem import PostilError
from postil_base.yaml.edit import set_value
from postil_study.anchoring.reanchor import Report, reanchor
from postil_study.files.codings import CodingsFolder, layer_path
from postil_study.files.file_cache import read_study_text
from postil_study.files.manifest import MANIFEST_FILE
from postil_study.layers.file import encode_layer, read_layer_file
from postil_study.study import Study, open_study


@dataclass(frozen=True)
class ReanchorPlan:
    """What following the new text would do, per coder. Nothing is written before `apply`."""

    root: Path
    transcript: str
    reports: Mapping[str, Report]
    changes: Mapping[str, str | bytes] = field(repr=False, default_factory=dict)
    expect: Mapping[str, str] = field(repr=False, default_factory=dict)

    @property
    def needs_a_look(self) -> int:
        """How many records a person should look at."""
        return sum(len(report.warnings) for report in self.reports.values())

    def apply(self, progress: Progress | None = None) -> None:
        """Write all layers and the text's new fingerprint, or nothing."""
        write_many(self.root, self.changes, self.expect, progress)


TextOf = Callable[[str], str | None]


def plan_reanchor(
    root: Path,
    transcript: str,
    old_text: str | None = None,
    clock: Clock = system_clock,
    text_of: TextOf | None = None,
) -> ReanchorPlan:
    """Plan how all layers of a transcript follow its text as it is now.

    With ``old_text`` change by change; with ``text_of``, which finds a text by its sha256, each from its own. Without
    either the old texts are looked for in git, and what is not there is found by its quotes alone.
    """
    study = open_study(root)
    found = study.transcripts.get(transcript)
    if found is None:
        raise PostilError(f"there is no transcript {transcript!r} in this study; see postil check.")
    find = text_of or (texts_in_git(root, transcript) if old_text is None else lambda sha: old_text)
    reports: dict[str, Report] = {}
    changes: dict[str, str | bytes] = {}
    expect: dict[str, str] = {found.path: sha256_bytes(read_bytes(root / found.path))}
    folder = CodingsFolder(root, lambda: study.codebook)
    for coder in folder.folders():
        if transcript in folder.transcripts_of(coder):
            path = layer_path(coder, transcript)
            data = read_bytes(root / path)
            file = read_layer_file(data, path)
            old = find(file.layer.header.text_sha256)
            layer, reports[coder] = reanchor(file.layer, old, found.text, utc_now(clock))
            changes[path], expect[path] = encode_layer(layer, file), sha256_bytes(data)
    return ReanchorPlan(root, transcript, reports, {**changes, **_manifest(study, transcript)}, expect)


def texts_in_git(root: Path, transcript: str) -> TextOf:
    """Finds earlier texts of a transcript in git; none where there is no git."""
    from postil_study.git.texts import TextsInGit

    found = TextsInGit(root, transcript)

    def look(sha: str) -> str | None:
        with suppress(PostilError):
            return found(sha)
        return None

    return look


def _manifest(study: Study, transcript: str) -> dict[str, str]:
    info, sha = study.infos.get(transcript), study.transcripts[transcript].text_sha256
    if info is None or not info.text_sha256 or info.text_sha256 == sha:
        return {}
    text, _ = read_study_text(study.root, MANIFEST_FILE)
    return {MANIFEST_FILE: set_value(text, [transcript, "text_sha256"], sha, path=MANIFEST_FILE)}


def corrected(study: Study) -> list[str]:
    """Transcripts whose text is no longer the one that a layer, or the manifest, was made on."""
    folder = CodingsFolder(study.root, lambda: study.codebook)
    found = []
    for name, transcript in study.transcripts.items():
        layers = (folder.layer(coder, name) for coder in folder.folders() if name in folder.transcripts_of(coder))
        noted = [layer.header.text_sha256 for layer in layers if layer is not None]
        info = study.infos.get(name)
        noted += [info.text_sha256] if info is not None else []
        if any(sha and sha != transcript.text_sha256 for sha in noted):
            found.append(name)
    return found
