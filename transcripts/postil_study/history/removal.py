"""Taking a transcript out of a study, with everybody's codings of it: one step, which can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from postil_base.files.journal import write_many
from postil_base.files.text import read_bytes, sha256_bytes
from postil_base.problem import PostilError
from postil_base.yaml.edit import delete_entry
from postil_study.files.charts import load_charts
from postil_study.files.codings import GUIDE_FOLDER, CodingsFolder, layer_path
from postil_study.files.manifest import MANIFEST_FILE
from postil_study.files.memos import load_memos
from postil_study.files.texts import transcript_path
from postil_study.layers.values import records
from postil_study.study import Study, open_study


@dataclass(frozen=True)
class RemovalPlan:
    """What goes, and what is left to look at. Nothing is written before `apply`."""

    root: Path
    transcript: str
    codings: Mapping[str, int]  # coder → records
    left: tuple[str, ...]  # what still speaks of it, in words
    changes: Mapping[str, str | None] = field(repr=False, default_factory=dict)
    expect: Mapping[str, str] = field(repr=False, default_factory=dict)

    @property
    def what(self) -> str:
        """The step, in words."""
        return f"remove transcript {self.transcript}"

    def apply(self) -> None:
        """Take all of it out, or nothing; refused if a file changed since."""
        write_many(self.root, self.changes, self.expect)


def plan_removal(root: Path, transcript: str) -> RemovalPlan:
    """Plan to take a transcript out. One that a round holds stays: its agreement would be of something else."""
    study = open_study(root)
    path = transcript_path(transcript)
    if transcript not in study.transcripts:
        raise PostilError(f"there is no transcript {transcript!r} in this study.")
    for plan in study.rounds.values():
        if transcript in plan.transcripts and not plan.is_frozen:
            raise PostilError(f"{transcript} is assigned in round {plan.id}; take it off there first (postil assign).")
    codings = _codings(study, transcript)
    changes: dict[str, str | None] = dict.fromkeys([path, *(layer_path(coder, transcript) for coder in codings)])
    expect = {name: sha256_bytes(read_bytes(root / name)) for name in changes}
    manifest = read_bytes(root / MANIFEST_FILE)
    if transcript in study.infos:
        changes[MANIFEST_FILE] = delete_entry(manifest.decode("utf-8"), [transcript], path=MANIFEST_FILE)
        expect[MANIFEST_FILE] = sha256_bytes(manifest)
    return RemovalPlan(root, transcript, codings, tuple(_left(study, transcript, codings)), changes, expect)


def _codings(study: Study, transcript: str) -> dict[str, int]:
    folder = CodingsFolder(study.root, lambda: study.codebook)
    coders = [coder for coder in folder.folders() if transcript in folder.transcripts_of(coder)]
    layers = {coder: study.guide_layer(transcript) if coder == GUIDE_FOLDER else study.layer(coder, transcript)
              for coder in coders}  # fmt: skip
    return {coder: len(list(records(layer))) if layer is not None else 0 for coder, layer in layers.items()}


def _left(study: Study, transcript: str, codings: Mapping[str, int]) -> list[str]:
    """Cells that rest on its segments, memos about it: somebody's words, which are left for a person to settle."""
    layers = [study.layer(coder, transcript) for coder in codings if coder != GUIDE_FOLDER]
    gone = {segment.id for layer in layers if layer is not None for segment in layer.segments}
    cells = [cell for cell in load_charts(study.root)[0] if gone.intersection(cell.segments)]
    found = [f"charts/{cell.row}.yaml: the cell {cell.column} rests on passages of {transcript}" for cell in cells]
    about = f"transcript:{transcript}"
    return found + [f"{memo.path}: is about {transcript}" for memo in load_memos(study.root)[0] if about in memo.about]
