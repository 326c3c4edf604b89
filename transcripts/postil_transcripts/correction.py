"""When the text of a transcript was corrected: its layers follow, and the manifest notes the text, in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from postil_base.clock import Clock, system_clock, utc_now
from postil_base.journal import write_many
from postil_base.problem import PostilError
from postil_base.text_files import decode, read_bytes, sha256_bytes
from postil_base.yaml_edit import set_value
from postil_transcripts.codings_folder import CodingsFolder, layer_path
from postil_transcripts.layer_file import encode_layer, read_layer_file
from postil_transcripts.manifest import MANIFEST_FILE
from postil_transcripts.reanchor import Report, reanchor
from postil_transcripts.study import Study


@dataclass(frozen=True)
class CorrectionPlan:
    """What following a corrected text would write: per layer file what became of its records."""

    root: Path
    transcripts: tuple[str, ...] = ()
    reports: Mapping[str, Report] = field(default_factory=dict)  # path of the layer → report
    changes: Mapping[str, str | bytes] = field(default_factory=dict)
    expect: Mapping[str, str] = field(default_factory=dict)

    def apply(self) -> None:
        """Write all layers and the manifest, or nothing."""
        write_many(self.root, dict(self.changes), dict(self.expect))


def plan_correction(study: Study, transcripts: Sequence[str] = (), clock: Clock = system_clock) -> CorrectionPlan:
    """Re-anchor every layer made on another text than the one that is there now.

    Args:
        study: the opened study.
        transcripts: those to look at; all when empty.
        clock: tells when the records were moved.

    Raises:
        PostilError: a transcript is unknown, or a layer has lines that cannot be read.
    """
    chosen = list(transcripts or study.transcripts)
    for name in chosen:
        if name not in study.transcripts:
            raise PostilError(f"there is no transcript {name!r} here; `postil check` lists what there is.")
    plan = _Plan(study, utc_now(clock))
    for name in chosen:
        plan.add(name)
    return plan.done()


class _Plan:
    def __init__(self, study: Study, at: str) -> None:
        self.study, self.at = study, at
        self.changes: dict[str, str | bytes] = {}
        self.expect: dict[str, str] = {}
        self.reports: dict[str, Report] = {}
        self.corrected: list[str] = []
        self.folder = CodingsFolder(study.root, lambda: study.codebook)

    def add(self, name: str) -> None:
        transcript = self.study.transcripts[name]
        for coder in self.folder.folders():
            if name in self.folder.transcripts_of(coder):
                self._layer(layer_path(coder, name), transcript.text, transcript.text_sha256)
        info = self.study.infos.get(name)
        if info is not None and info.text_sha256 != transcript.text_sha256:
            self._note(name, transcript.text_sha256)

    def _layer(self, path: str, text: str, sha256: str) -> None:
        data = read_bytes(self.study.root / path)
        file = read_layer_file(data, path)
        if file.layer.header.text_sha256 == sha256:
            return
        if any(problem.severity == "error" for problem in file.problems):
            raise PostilError(f"{file.problems[0]} Mend this first; nothing was written.")
        layer, report = reanchor(file.layer, None, text, self.at)
        self.reports[path] = report
        self.expect[path] = sha256_bytes(data)
        self.changes[path] = encode_layer(layer, file)

    def _note(self, name: str, sha256: str) -> None:
        if MANIFEST_FILE not in self.changes:
            data = read_bytes(self.study.root / MANIFEST_FILE)
            self.expect[MANIFEST_FILE] = sha256_bytes(data)
            self.changes[MANIFEST_FILE] = decode(data, MANIFEST_FILE)
        before = self.changes[MANIFEST_FILE]
        assert isinstance(before, str)
        self.changes[MANIFEST_FILE] = set_value(before, [name, "text_sha256"], sha256, path=MANIFEST_FILE)
        self.corrected.append(name)

    def done(self) -> CorrectionPlan:
        layers = {path.rsplit("/", 1)[-1].removesuffix(".jsonl") for path in self.reports}
        return CorrectionPlan(
            self.study.root,
            tuple(name for name in self.study.transcripts if name in layers or name in self.corrected),
            self.reports,
            self.changes,
            self.expect,
        )
