"""Names become pseudonyms in the whole study in one transaction; what was is kept beside the mapping alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from postil_base.clock import Clock, system_clock, utc_now
from postil_base.files.journal import Progress, write_many
from postil_base.files.text import decode, read_bytes, sha256_bytes
from postil_base.problem import PostilError
from postil_study.files.kept_copies import read_copies
from postil_study.layers.unsaved import find_unsaved
from postil_study.privacy.logs import drop_lines
from postil_study.privacy.pseudonyms.folder import Folder, FolderChanges
from postil_study.privacy.pseudonyms.matching import Names
from postil_study.privacy.pseudonyms.restore import add_step
from postil_study.rounds.frozen import copy_folder
from postil_study.rounds.plan import SUMS_FILE, round_path
from postil_study.rounds.steps import with_new_sums
from postil_study.study import open_study


@dataclass(frozen=True)
class PseudonymPlan:
    """What pseudonyms would change. Nothing is written before `apply`."""

    root: Path
    study_id: str
    files: Mapping[str, bytes | None] = field(repr=False)
    expect: Mapping[str, str] = field(repr=False)
    moved: Mapping[str, str] = field(repr=False)  # new path → old path
    texts: FolderChanges = field(repr=False, default_factory=FolderChanges)
    found: Mapping[str, int] = field(default_factory=dict)  # replaced in the transcripts, by name
    at: str = ""

    @property
    def renamed(self) -> Mapping[str, str]:
        """Files that get another name: old → new."""
        return {old: new for new, old in self.moved.items() if new != old}

    def apply(self, mapping: Path, progress: Progress | None = None) -> int:
        """Write all of it or nothing, and clean the undo logs; returns how many steps can be undone no more."""
        if not self.files:
            return 0
        add_step(mapping, self.root, self.files, self.moved, self.texts.texts, self.at)
        write_many(self.root, self.files, self.expect, progress)
        return drop_lines(self.study_id, self.root, lambda _: True)


def plan_pseudonyms(root: Path, names: Names, clock: Clock = system_clock) -> PseudonymPlan:
    """Work out what replacing all names of a mapping changes: texts, labels, layers, notes, copies of rounds."""
    if not names:
        raise PostilError("the mapping holds no names, so there is nothing to replace.")
    study = open_study(root)
    if any(find_unsaved(study.settings.id, root)) or read_copies(study.settings.id, root):
        raise PostilError(
            "codings that could not be saved, or that vanished, wait outside the study; open it in the app so that "
            "they come in, then do this again. Nothing was written."
        )
    whole = Folder(study, names)
    made = whole.changes()
    files, expect, moved = dict(made.files), dict(made.expect), dict(made.moved)
    for round_id in study.rounds:
        if (root / copy_folder(round_id) / SUMS_FILE).is_file():
            for path, new, sha, old in _copy(whole, round_id):
                files[path], expect[path] = new, sha
                moved |= {path: old} if new is not None else {}
    found: dict[str, int] = {}
    for text in made.texts:
        for edit in text.edits.edits:
            name = " ".join(text.old[edit.start : edit.end].split())
            found[name] = found.get(name, 0) + 1
    return PseudonymPlan(root, study.settings.id, files, expect, moved, made, found, utc_now(clock))


def _copy(whole: Folder, round_id: str) -> Iterator[tuple[str, bytes | None, str, str]]:
    """The frozen copy of a round, with its checksums; nothing but this and a withdrawal touches it.

    Gives path, new content, fingerprint now, old path.
    """
    root, folder = whole.root, copy_folder(round_id)
    made = Folder(open_study(root / folder), whole.names).changes()
    plan = round_path(round_id)
    for path, content in (with_new_sums(root, round_id, made.files) if made.files else {}).items():
        inner = path.removeprefix(f"{folder}/")
        new = content.encode("utf-8") if isinstance(content, str) else content
        if path == plan and new is not None:  # it has new checksums, and may hold names itself
            new = whole.yaml(decode(new, plan), plan).encode("utf-8")
        sha = made.expect[inner] if inner in made.expect else sha256_bytes(read_bytes(root / path))
        yield path, new, sha, f"{folder}/{made.moved[inner]}" if inner in made.moved else path
