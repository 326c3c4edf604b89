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
from secrets import token_hex

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
_PACKS = "packs"
_SIDES = ("before", "after")


class Step(msgspec.Struct, frozen=True):
    """One change: what it was, and each file's fingerprint before and after ("" for a file that is not there)."""

    what: str
    at: str
    root: str
    files: dict[str, tuple[str, str]]
    pack: str = ""  # under which name the contents are kept
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
        names = list(paths)
        pack = token_hex(8)
        before = self._contents(names)
        self._keep(f"{pack}-before", before)
        act()
        after = self._contents(names)
        files = {path: (_fingerprint(before[path]), _fingerprint(after[path])) for path in names}
        step = Step(what, utc_now(self._clock), self._here, files, pack)
        if before == after:
            self._sweep(self._read())
            return step
        with suppress(OSError, PostilError):  # it is done; that it cannot be taken back does not make it fail
            self._keep(f"{pack}-after", after)
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
        turned = {path: (after, before) for path, (before, after) in step.files.items()} if step else {}
        return self._go(step, turned, "before") if step else None

    def redo(self) -> Step | None:
        """Do again what was taken back last; None if there is nothing."""
        step = self.last_undone
        return self._go(step, step.files, "after") if step else None

    def _go(self, step: Step, files: Mapping[str, tuple[str, str]], goal: str) -> Step:
        changed = {path: pair for path, pair in files.items() if pair[0] != pair[1]}
        kept = self._kept(f"{step.pack}-{goal}")
        contents = {path: kept.get(path) for path in changed}
        if any(_fingerprint(contents[path]) != wanted for path, (_, wanted) in changed.items()):
            raise PostilError(f"{self._folder} no longer holds what the files were before. Nothing was done.")
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

    def _contents(self, paths: Iterable[str]) -> dict[str, bytes | None]:
        found: dict[str, bytes | None] = {}
        for path in paths:
            try:
                found[path] = (self._root / path).read_bytes()
            except FileNotFoundError:
                found[path] = None
        return found

    def _pack(self, name: str) -> Path:
        return self._folder / _PACKS / f"{name}.z"

    def _keep(self, name: str, contents: Mapping[str, bytes | None]) -> None:
        """All files in one, so that thousands of layers cost one wait for the disk and not thousands."""
        try:
            disk.make_folders(self._folder, 0o700)  # quotes: for this user's eyes
            disk.make_folders(self._folder / _PACKS, 0o700)
            write_bytes(self._pack(name), zlib.compress(msgspec.msgpack.encode(contents), 1))
        except OSError as error:
            why = f"{self._folder} cannot be written, so this could not be taken back: {error.strerror}."
            raise PostilError(f"{why} Nothing was done.") from error

    def _kept(self, name: str) -> dict[str, bytes | None]:
        try:
            data = zlib.decompress(self._pack(name).read_bytes())
            return msgspec.msgpack.decode(data, type=dict[str, bytes | None])
        except (OSError, zlib.error, msgspec.MsgspecError):
            return {}

    def _is_ours(self, step: Step) -> bool:
        return step.root == self._here or not (Path(step.root) / SETTINGS_FILE).exists()

    def _read(self) -> list[Step]:
        try:
            return msgspec.json.decode((self._folder / _LIST).read_bytes(), type=list[Step])
        except (OSError, msgspec.MsgspecError):
            return []

    def _write(self, steps: list[Step]) -> None:
        kept = steps[-MOST_STEPS:]
        while len(kept) > 1 and sum(map(self._size, kept)) > MOST_BYTES:
            kept = kept[1:]
        disk.make_folders(self._folder, 0o700)
        write_bytes(self._folder / _LIST, msgspec.json.encode(kept))
        self._sweep(kept)

    def _size(self, step: Step) -> int:
        packs = (self._pack(f"{step.pack}-{side}") for side in _SIDES)
        return sum(pack.stat().st_size for pack in packs if pack.exists())

    def _sweep(self, steps: Iterable[Step]) -> None:
        """Take away what belongs to no step any more."""
        wanted = {self._pack(f"{step.pack}-{side}") for step in steps for side in _SIDES}
        folder = self._folder / _PACKS
        for pack in folder.iterdir() if folder.is_dir() else ():
            if pack not in wanted:
                disk.remove(pack)

    def forget(self) -> int:
        """Keep no step of this copy any more (somebody's words are to be nowhere); returns how many there were."""
        steps = self._read()
        left = [step for step in steps if not self._is_ours(step)]
        if len(left) < len(steps):
            self._write(left)
        return len(steps) - len(left)


def _fingerprint(data: bytes | None) -> str:
    return ABSENT if data is None else sha256_bytes(data)
