"""Undo that survives a restart: an append-only log of what each record was before and after, outside the study.

An undo is a new write. It is refused when one of its records is no longer what the change made of it, so that nobody
else's work is lost. The log lies in the user's state folder, by study and coder, and belongs to this user alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from postil_base.clock import utc_now
from postil_base.files import disk
from postil_base.files.atomic import write_bytes
from postil_base.problem import PostilError
from postil_study.files.file_cache import GONE, Stamp, stamp_of
from postil_study.files.settings import SETTINGS_FILE
from postil_study.files.state_folder import state_folder
from postil_study.layers.file import encode_state
from postil_study.layers.lines import read_state
from postil_study.layers.store import LayerStore, SavedLayer
from postil_study.layers.values import Deleted, State, changes_between, states, with_states
from postil_study.text.values import Layer

Changes = Mapping[str, tuple[State | None, State | None]]
Act = Literal["do", "undo", "redo", "drop"]

MOST_BYTES = 8_000_000  # of a log; the older half of a longer one is dropped when it is read


@dataclass(frozen=True, slots=True)
class RecordStep:
    """One change of one layer, as it was carried out last: each record's state before and after."""

    number: int
    transcript: str
    changes: Changes
    said: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo (or redo) did: the step as it was carried out now, and what is on disk."""

    step: RecordStep
    saved: SavedLayer


class _LogLine(msgspec.Struct, omit_defaults=True):
    n: int
    act: Act
    transcript: str
    root: str
    states: dict[str, tuple[dict[str, Any] | None, dict[str, Any] | None]] = {}
    said: str = ""
    at: str = ""


_LINE = msgspec.json.Decoder(_LogLine)


def log_path(study_id: str, root: Path, coder: str) -> Path:
    """Where the log of a coder in a study lies."""
    return state_folder("undo", study_id, root) / f"{coder}.jsonl"


class UndoLog:
    """What one coder did in one study, and what of it can be undone or done again, transcript by transcript."""

    def __init__(self, root: Path, study_id: str, coder: str, path: Path | None = None) -> None:
        self.coder = coder
        self.path = path or log_path(study_id, root, coder)
        self._root = str(root.resolve())
        self._stamp: Stamp = GONE
        self._number = 0
        self._done: dict[str, list[RecordStep]] = {}
        self._undone: dict[str, list[RecordStep]] = {}

    def record(self, before: Layer, after: Layer, said: str, at: str) -> RecordStep | None:
        """Note a change that was saved; None if nothing changed."""
        changes = changes_between(before, after)
        return self.note("do", after.header.transcript, changes, said, at) if changes else None

    def note(self, act: Act, transcript: str, changes: Changes, said: str, at: str) -> RecordStep:
        """Note what was carried out: a new change, or the undoing or redoing of the last one."""
        self._read()
        step = RecordStep(self._number + 1, transcript, dict(changes), said, at)
        self._append(act, step)
        self._take(act, step)
        return step

    def undoable(self, transcript: str) -> RecordStep | None:
        """The step that `undo` would take back."""
        self._read()
        steps = self._done.get(transcript)
        return steps[-1] if steps else None

    def redoable(self, transcript: str) -> RecordStep | None:
        """The step that `redo` would do again."""
        self._read()
        steps = self._undone.get(transcript)
        return steps[-1] if steps else None

    def undo(self, store: LayerStore, transcript: str) -> Undone | None:
        """Take the last step in a transcript back; None if there is none."""
        step = self.undoable(transcript)
        return self._carry_out(store, "undo", step) if step else None

    def redo(self, store: LayerStore, transcript: str) -> Undone | None:
        """Do again what was undone last; None if there is nothing."""
        step = self.redoable(transcript)
        return self._carry_out(store, "redo", step) if step else None

    def drop(self, transcript: str) -> RecordStep | None:
        """Give the last step up, so that those before it can be undone; for when it was refused."""
        step = self.undoable(transcript)
        return self.note("drop", transcript, {}, step.said, step.at) if step else None

    def _carry_out(self, store: LayerStore, act: Act, step: RecordStep) -> Undone:
        """Bring the records back into the states the step found them in, as a write of its own."""
        layer = store.read(self.coder, step.transcript)
        if layer is None:
            raise PostilError(
                f"{self.coder} has no layer of {step.transcript} any more, so nothing can be undone in it."
            )
        known = states(layer)
        for id_, (_, left) in step.changes.items():
            if not same_words(known.get(id_), left):
                message = f"record {id_} was changed since “{step.said}”; to {act} that would lose the newer change."
                raise PostilError(message)
        now = utc_now(store.clock)
        back = {id_: _stamped(found, id_, now) for id_, (found, _) in step.changes.items()}
        saved = store.save(layer, with_states(layer, back))
        changes = {id_: (known.get(id_), state) for id_, state in back.items()}
        return Undone(self.note(act, step.transcript, changes, step.said, now), saved)

    def _take(self, act: Act, step: RecordStep) -> None:
        """Keep account: what is undone waits to be done again, until something new is done."""
        self._number = max(self._number, step.number)
        done = self._done.setdefault(step.transcript, [])
        undone = self._undone.setdefault(step.transcript, [])
        if act == "do":
            done.append(step)
            undone.clear()
        elif act == "undo" and done:
            done.pop()
            undone.append(step)
        elif act == "drop" and done:
            done.pop()
        elif act == "redo" and undone:
            undone.pop()
            done.append(step)

    def _read(self) -> None:
        """Read the log if another program wrote to it since."""
        if stamp_of(self.path) == self._stamp:
            return
        self._done, self._undone, self._number = {}, {}, 0
        for act, step in self._steps(self._bytes()):
            self._take(act, step)
        self._stamp = stamp_of(self.path)

    def _bytes(self) -> bytes:
        try:
            data = self.path.read_bytes()
        except OSError:
            return b""
        if len(data) > MOST_BYTES:
            data = data[data.find(b"\n", len(data) // 2) + 1 :]
            write_bytes(self.path, data)
        return data

    def _steps(self, data: bytes) -> list[tuple[Act, RecordStep]]:
        """The steps of this study's folder; half a line that a crash left is left out."""
        found = []
        for raw in data.split(b"\n"):
            try:
                line = _LINE.decode(raw)
                changes = {id_: (_state(a), _state(b)) for id_, (a, b) in line.states.items()}
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                continue
            if self._is_ours(line.root):
                found.append((line.act, RecordStep(line.n, line.transcript, changes, line.said, line.at)))
        return found

    def _is_ours(self, root: str) -> bool:
        """Copies of a study share its id. What was done in another copy is not undone here; a moved study is ours."""
        return root == self._root or not (Path(root) / SETTINGS_FILE).exists()

    def _append(self, act: Act, step: RecordStep) -> None:
        encoded = {id_: (_raw(a), _raw(b)) for id_, (a, b) in step.changes.items()}
        line = {"n": step.number, "act": act, "transcript": step.transcript, "root": self._root, "states": encoded}
        data = msgspec.json.encode({**line, "said": step.said, "at": step.at}) + b"\n"
        try:
            disk.make_folders(self.path.parent, 0o700)
            disk.append(self.path, data, 0o600, sync=False)  # quotes: for this user's eyes
        except OSError as error:
            raise PostilError(f"{self.path} cannot be written, so undo would not work: {error.strerror}.") from error
        self._stamp = stamp_of(self.path)


def same_words(one: State | None, other: State | None) -> bool:
    """Whether two states of a record are the same but for the time; deleted and never there are the same."""
    if one is None or isinstance(one, Deleted) or other is None or isinstance(other, Deleted):
        return (one is None or isinstance(one, Deleted)) and (other is None or isinstance(other, Deleted))
    return msgspec.structs.replace(one, at="") == msgspec.structs.replace(other, at="")


def _stamped(state: State | None, id_: str, now: str) -> State:
    """The state as a new write: its time is now, so that it is the newest when branches are merged."""
    if state is None or isinstance(state, Deleted):
        return Deleted(id_, now)
    return msgspec.structs.replace(state, at=now)


def _raw(state: State | None) -> msgspec.Raw | None:
    return None if state is None else msgspec.Raw(encode_state(state))


def _state(value: dict[str, Any] | None) -> State | None:
    return None if value is None else read_state(value)
