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
from typing import Literal

import msgspec

from postil_base.clock import Clock, system_clock, utc_now
from postil_base.files import disk
from postil_base.files.atomic import ABSENT, write_bytes
from postil_base.files.journal import JOURNAL, recover, write_many
from postil_base.files.lock import study_lock
from postil_base.files.text import sha256_bytes
from postil_base.problem import ChangedUnderneathError, PostilError
from postil_study.files.file_cache import read_study_text
from postil_study.files.settings import SETTINGS_FILE, load_settings
from postil_study.files.state_folder import state_folder
from postil_study.history.merging_back import merged, renamed, used_elsewhere

MOST_STEPS = 30
MOST_BYTES = 200_000_000  # of what is kept; the oldest steps go first
WITH_A_CODING = " while coding"  # how the name of a step ends that made a code for a coding
_LIST = "steps.json"
_PACKS = "packs"
_SIDES = ("before", "after")
Begun = Literal["", "do", "undo", "redo"]


class FilesStep(msgspec.Struct, frozen=True):
    """One change: what it was, and each file's fingerprint before and after ("" for a file that is not there)."""

    what: str
    at: str
    root: str
    files: dict[str, tuple[str, str]]
    pack: str = ""  # under which name the contents are kept
    undone: bool = False
    begun: Begun = ""  # noted before the first file is touched; whoever reads the list next sees how it ended

    @property
    def changed(self) -> dict[str, tuple[str, str]]:
        """The files that are not the same before and after."""
        return {path: pair for path, pair in self.files.items() if pair[0] != pair[1]}


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

    def carry_out(self, what: str, changes: Mapping[str, str | bytes | None], write: Callable[[], object]) -> FilesStep:
        """Let ``write`` make files what ``changes`` says; what was undone cannot be done again then.

        The step is on disk before the first file is touched, and knows what was planned: what somebody else writes
        meanwhile is no part of it. If it cannot be kept, nothing is done.
        """
        planned = {path: data.encode("utf-8") if isinstance(data, str) else data for path, data in changes.items()}
        with study_lock(self._root):
            recover(self._root)
            before = self._contents(planned)
            step = self._step(what, before, planned)
            if not step.changed:
                write()
                return step
            known = self._settled()
            self._keep_all(step, before, planned, known)
            try:
                write()
            except Exception:
                self._withdraw(step)
                raise
            done = msgspec.structs.replace(step, begun="")
            with suppress(OSError, PostilError):  # it is on disk as begun, and is seen to be done
                self._write([*self._without_undone(known), done])
            return done

    def watch(self, what: str, paths: Iterable[str], act: Callable[[], object]) -> FilesStep:
        """Do something of which nobody can say beforehand what it makes of these files, and note what it made."""
        names = list(paths)
        before = self._contents(names)
        step = self._step(what, before, before)
        self._keep_all(step, before, before, None)
        act()
        after = self._contents(names)
        step = msgspec.structs.replace(self._step(what, before, after), pack=step.pack, begun="")
        with study_lock(self._root):
            known = self._settled()
            if not step.changed:
                self._sweep(known)
                return step
            try:
                self._keep_all(step, before, after, self._without_undone(known))
            except PostilError as error:
                said = str(error).replace("Nothing was done.", "It is done all the same.")
                raise PostilError(said) from error
        return step

    def note(self, what: str, before: Mapping[str, bytes | None]) -> FilesStep:
        """Note a change that somebody else made already, from what the files were before: it can be taken back."""
        with study_lock(self._root):
            after = self._contents(before)
            step = msgspec.structs.replace(self._step(what, before, after), begun="")
            if step.changed:
                self._keep_all(step, before, after, self._without_undone(self._settled()))
            return step

    def _step(self, what: str, before: Mapping[str, bytes | None], after: Mapping[str, bytes | None]) -> FilesStep:
        files = {path: (_fingerprint(before[path]), _fingerprint(after[path])) for path in before}
        return FilesStep(what, utc_now(self._clock), self._here, files, token_hex(8), begun="do")

    def _keep_all(
        self,
        step: FilesStep,
        before: Mapping[str, bytes | None],
        after: Mapping[str, bytes | None],
        known: list[FilesStep] | None,
    ) -> None:
        """Both sides and, with ``known``, the list: all that is needed to take the step back, or nothing is done."""
        try:
            self._keep(f"{step.pack}-before", before)
            self._keep(f"{step.pack}-after", after)
            if known is not None:
                self._write([*known, step])
        except (OSError, PostilError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error).removesuffix(" Nothing was changed.")
            raise PostilError(f"“{step.what}” could not be taken back: {why} Nothing was done.") from error

    def _without_undone(self, known: Iterable[FilesStep]) -> list[FilesStep]:
        return [one for one in known if not (one.undone and self._is_ours(one))]

    def _withdraw(self, step: FilesStep) -> None:
        """What failed is no step, unless its journal is still there: then the next open finishes it."""
        if not (self._root / ".postil" / JOURNAL).exists():
            with suppress(OSError, PostilError):
                self._write([one for one in self._read() if one.pack != step.pack])

    def _settled(self) -> list[FilesStep]:
        """The steps as they ended, also those in the middle of which a program was killed. We hold the lock."""
        known = self._read()
        if not any(step.begun and self._is_ours(step) for step in known):
            return known
        ended = [self._ended(step) if self._is_ours(step) else step for step in known]
        kept = [step for step in ended if step is not None]
        self._write(kept)
        return kept

    def _ended(self, step: FilesStep) -> FilesStep | None:
        """How a step that was begun ended, by what its files are now; None for one that never came to be."""
        if not step.begun:
            return step
        now = {path: _fingerprint(data) for path, data in self._contents(step.changed).items()}
        untouched = all(now[path] == before for path, (before, _) in step.changed.items())
        if step.begun == "do" and untouched:
            return None
        return msgspec.structs.replace(step, begun="", undone=untouched if step.begun != "do" else False)

    def _current(self) -> list[FilesStep]:
        """The steps as they ended; in a study that cannot be locked as they stand."""
        if any(step.begun and self._is_ours(step) for step in self._read()):
            with suppress(PostilError, OSError), study_lock(self._root):
                recover(self._root)
                return self._settled()
        return self._read()

    @property
    def steps(self) -> list[FilesStep]:
        """All steps of this copy of the study, oldest first."""
        return [step for step in self._current() if self._is_ours(step)]

    @property
    def last(self) -> FilesStep | None:
        """The step that `undo` would take back.

        A code made while coding goes with the coding it was made for: as long as it is in use, its step is passed over.
        """
        open_ = (step for step in reversed(self._current()) if self._is_ours(step) and not step.undone)
        return next((step for step in open_ if not self._is_of_a_coding(step)), None)

    def _is_of_a_coding(self, step: FilesStep) -> bool:
        if not step.what.endswith(WITH_A_CODING):
            return False
        before, after = (self._kept(f"{step.pack}-{side}") for side in _SIDES)
        return bool(used_elsewhere(self._root, before, after))

    @property
    def last_undone(self) -> FilesStep | None:
        """The step that `redo` would do again: of those taken back, the one that was done first."""
        return next((step for step in self._current() if self._is_ours(step) and step.undone), None)

    def undo(self) -> FilesStep | None:
        """Take the last step back; None if there is none."""
        step = self.last
        turned = {path: (after, before) for path, (before, after) in step.files.items()} if step else {}
        return self._go(step, turned, "before") if step else None

    def redo(self) -> FilesStep | None:
        """Do again what was taken back last; None if there is nothing."""
        step = self.last_undone
        return self._go(step, step.files, "after") if step else None

    def _go(self, step: FilesStep, files: Mapping[str, tuple[str, str]], goal: str) -> FilesStep:
        changed = {path: pair for path, pair in files.items() if pair[0] != pair[1]}
        kept = self._kept(f"{step.pack}-{goal}")
        contents = {path: kept.get(path) for path in changed}
        if any(_fingerprint(contents[path]) != wanted for path, (_, wanted) in changed.items()):
            raise PostilError(f"{self._folder} no longer holds what the files were before. Nothing was done.")
        with study_lock(self._root):
            begun = msgspec.structs.replace(step, begun="redo" if step.undone else "undo")
            self._write([begun if one == step else one for one in self._read()])
            other = "before" if goal == "after" else "after"
            made = {path: data for path, data in self._kept(f"{step.pack}-{other}").items() if path in contents}
            try:
                if code := used_elsewhere(self._root, contents, made):
                    raise ChangedUnderneathError(f"the code {code} is in use since.")
                write_many(self._root, contents, {path: now for path, (now, _) in changed.items()})
            except ChangedUnderneathError as error:
                self._merge(step, begun, contents, made, error)
                return step
            self._settled()
        return step

    def _merge(
        self,
        step: FilesStep,
        begun: FilesStep,
        contents: Mapping[str, bytes | None],
        made: Mapping[str, bytes | None],
        error: ChangedUnderneathError,
    ) -> None:
        """Take a step back beside what was changed since, or say why that cannot be."""
        from postil_study.history.codebook_changes import rename_code

        try:
            if (pair := renamed(self._root, contents, made)) is not None:
                rename_code(self._root, *pair).apply()
            elif used_elsewhere(self._root, contents, made):
                raise error
            else:
                now = self._contents(contents)
                files = merged(self._root, contents, made)
                write_many(self._root, files, {path: _fingerprint(now[path]) for path in files})
        except PostilError as why:
            self._settled()
            raise ChangedUnderneathError(
                f"“{step.what}” cannot be taken back any more: {why} What is newer stays."
            ) from error
        ended = msgspec.structs.replace(step, begun="", undone=not step.undone)
        self._write([ended if one == begun else one for one in self._read()])

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
        disk.make_folders(self._folder, 0o700)  # quotes: for this user's eyes
        disk.make_folders(self._folder / _PACKS, 0o700)
        write_bytes(self._pack(name), zlib.compress(msgspec.msgpack.encode(contents), 1))

    def _kept(self, name: str) -> dict[str, bytes | None]:
        try:
            data = zlib.decompress(self._pack(name).read_bytes())
            return msgspec.msgpack.decode(data, type=dict[str, bytes | None])
        except (OSError, zlib.error, msgspec.MsgspecError):
            return {}

    def _is_ours(self, step: FilesStep) -> bool:
        return step.root == self._here or not (Path(step.root) / SETTINGS_FILE).exists()

    def _read(self) -> list[FilesStep]:
        try:
            return msgspec.json.decode((self._folder / _LIST).read_bytes(), type=list[FilesStep])
        except (OSError, msgspec.MsgspecError):
            return []

    def _write(self, steps: list[FilesStep]) -> None:
        kept = steps[-MOST_STEPS:]
        while len(kept) > 1 and sum(map(self._size, kept)) > MOST_BYTES:
            kept = kept[1:]
        disk.make_folders(self._folder, 0o700)
        write_bytes(self._folder / _LIST, msgspec.json.encode(kept))
        self._sweep(kept)

    def _size(self, step: FilesStep) -> int:
        packs = (self._pack(f"{step.pack}-{side}") for side in _SIDES)
        return sum(pack.stat().st_size for pack in packs if pack.exists())

    def _sweep(self, steps: Iterable[FilesStep]) -> None:
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
        else:
            self._sweep(left)  # packs that an interrupted change left behind belong to no step
        return len(steps) - len(left)


def _fingerprint(data: bytes | None) -> str:
    return ABSENT if data is None else sha256_bytes(data)
