"""Changes of many files at once that can be taken back as one step, also on a later day.

What each file was before and after lies in the user's state folder, by study. Taking a step back is a new write of
all its files or of none; it is refused when one of them is no longer what the step made of it, so that nothing newer
is lost.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from postil_base import disk
from postil_base.atomic import ABSENT, write_bytes
from postil_base.clock import Clock, system_clock, utc_now
from postil_base.journal import write_many
from postil_base.problem import ChangedUnderneathError, PostilError
from postil_base.text_files import sha256_bytes
from postil_transcripts.file_cache import read_study_text
from postil_transcripts.settings import SETTINGS_FILE, load_settings
from postil_transcripts.state_folder import state_folder

MOST_STEPS = 30
MOST_BYTES = 200_000_000  # of what is kept; the oldest steps go first
_LIST = "steps.json"


class Step(msgspec.Struct, frozen=True):
    """One change: what it was, and each file's fingerprint before and after ("" for a file that is not there)."""

    what: str
    at: str
    root: str
    files: dict[str, tuple[str, str]]
    undone: bool = False


class StepLog:
    """The steps of one user in one study; those of other copies of the study are left alone."""

    def __init__(self, root: Path, study_id: str, clock: Clock = system_clock) -> None:
        self._root = root
        self._here = str(root.resolve())
        self._folder = state_folder("steps", study_id, root)
        self._clock = clock

    @classmethod
    def of(cls, root: Path, clock: Clock = system_clock) -> StepLog:
        """The log of the study in a folder."""
        text, _ = read_study_text(root, SETTINGS_FILE)
        return cls(root, load_settings(text, SETTINGS_FILE)[0].id, clock)

    def carry_out(self, what: str, paths: Iterable[str], act: Callable[[], object]) -> Step:
        """Do something that changes these files, and note it if it did; what was undone cannot be done again then."""
        before = {path: self._bytes(path) for path in paths}
        for data in before.values():
            self._keep(data)
        act()
        after = {path: self._bytes(path) for path in before}
        files = {path: (_fingerprint(before[path]), _fingerprint(after[path])) for path in before}
        step = Step(what, utc_now(self._clock), self._here, files)
        if before == after:
            return step
        with suppress(OSError, PostilError):  # it is done; that it cannot be taken back does not make it fail
            for data in after.values():
                self._keep(data)
            self._write([*(one for one in self._read() if not (one.undone and self._is_ours(one))), step])
        return step

    @property
    def steps(self) -> list[Step]:
        """All steps of this copy of the study, oldest first."""
        return [step for step in self._read() if self._is_ours(step)]

    @property
    def last(self) -> Step | None:
        """The step that `undo` would take back."""
        return next((step for step in reversed(self._read()) if self._is_ours(step) and not step.undone), None)

    @property
    def last_undone(self) -> Step | None:
        """The step that `redo` would do again: of those taken back, the one that was done first."""
        return next((step for step in self._read() if self._is_ours(step) and step.undone), None)

    def undo(self) -> Step | None:
        """Take the last step back; None if there is none."""
        step = self.last
        return self._go(step, {path: (after, before) for path, (before, after) in step.files.items()}) if step else None

    def redo(self) -> Step | None:
        """Do again what was taken back last; None if there is nothing."""
        step = self.last_undone
        return self._go(step, step.files) if step else None

    def _go(self, step: Step, files: Mapping[str, tuple[str, str]]) -> Step:
        changed = {path: pair for path, pair in files.items() if pair[0] != pair[1]}
        contents = {path: self._kept(goal) for path, (_, goal) in changed.items()}
        try:
            write_many(self._root, contents, {path: now for path, (now, _) in changed.items()})
        except ChangedUnderneathError as error:
            raise ChangedUnderneathError(
                f"“{step.what}” cannot be taken back any more: {error} What is newer stays."
            ) from error
        turned = msgspec.structs.replace(step, undone=not step.undone)
        self._write([turned if one == step else one for one in self._read()])
        return step

    # --- what is kept ------------------------------------------------------------------------------------------------

    def _bytes(self, path: str) -> bytes | None:
        try:
            return (self._root / path).read_bytes()
        except FileNotFoundError:
            return None

    def _blob(self, fingerprint: str) -> Path:
        return self._folder / "files" / fingerprint

    def _keep(self, data: bytes | None) -> None:
        if data is None or self._blob(sha256_bytes(data)).exists():
            return
        try:
            disk.make_folders(self._folder, 0o700)  # quotes: for this user's eyes
            disk.make_folders(self._folder / "files", 0o700)
            write_bytes(self._blob(sha256_bytes(data)), zlib.compress(data, 1))
        except OSError as error:
            why = f"{self._folder} cannot be written, so this could not be taken back: {error.strerror}."
            raise PostilError(f"{why} Nothing was done.") from error

    def _kept(self, fingerprint: str) -> bytes | None:
        if fingerprint == ABSENT:
            return None
        try:
            return zlib.decompress(self._blob(fingerprint).read_bytes())
        except (OSError, zlib.error) as error:
            why = f"{self._folder} no longer holds what the files were before."
            raise PostilError(f"{why} Nothing was done.") from error

    def _is_ours(self, step: Step) -> bool:
        return step.root == self._here or not (Path(step.root) / SETTINGS_FILE).exists()

    def _read(self) -> list[Step]:
        try:
            return msgspec.json.decode((self._folder / _LIST).read_bytes(), type=list[Step])
        except (OSError, msgspec.MsgspecError):
            return []

    def _write(self, steps: list[Step]) -> None:
        kept = steps[-MOST_STEPS:]
        while len(kept) > 1 and self._size(kept) > MOST_BYTES:
            kept = kept[1:]
        disk.make_folders(self._folder, 0o700)
        write_bytes(self._folder / _LIST, msgspec.json.encode(kept))
        self._sweep({fingerprint for step in kept for pair in step.files.values() for fingerprint in pair})

    def _size(self, steps: Iterable[Step]) -> int:
        names = {name for step in steps for pair in step.files.values() for name in pair if name}
        return sum(self._blob(name).stat().st_size for name in names if self._blob(name).exists())

    def _sweep(self, wanted: set[str]) -> None:
        folder = self._folder / "files"
        for blob in folder.iterdir() if folder.is_dir() else ():
            if blob.name not in wanted:
                disk.remove(blob)

    def forget(self) -> int:
        """Keep no step of this copy any more (somebody's words are to be nowhere); returns how many there were."""
        steps = self._read()
        left = [step for step in steps if not self._is_ours(step)]
        if len(left) < len(steps):
            self._write(left)
        return len(steps) - len(left)


def _fingerprint(data: bytes | None) -> str:
    return ABSENT if data is None else sha256_bytes(data)
