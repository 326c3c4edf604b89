"""Saving layers: compared with the disk, merged record by record, and on disk when `LayerStore.save` returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from postil_base.clock import Clock, system_clock, utc_now
from postil_base.files.atomic import ABSENT, write_bytes
from postil_base.files.journal import recover
from postil_base.files.lock import study_lock
from postil_base.files.text import sha256_bytes
from postil_base.ids import is_name
from postil_base.problem import ChangedUnderneathError, PostilError
from postil_codebook.values import Codebook
from postil_study.files.codings import GUIDE_FOLDER, layer_path, with_current_codes
from postil_study.files.manifest import bad_id, is_transcript_id
from postil_study.files.settings import CONSENSUS
from postil_study.layers.file import LayerFile, encode_layer, read_layer_file
from postil_study.layers.record_merge import as_version
from postil_study.layers.values import (
    Conflict,
    Deleted,
    State,
    changes_between,
    from_states,
    merge_layers,
    states,
    with_states,
)
from postil_study.layers.vanished import HEADER, vanished, with_tombstones_of
from postil_study.rounds.plan import SUMS_FILE, Round
from postil_study.text.values import Layer, LayerHeader, LayerKind

if TYPE_CHECKING:
    from postil_study.study import Study


class LayerConflictError(ChangedUnderneathError):
    """Somebody else changed the same records; ``conflicts`` says which, nothing was written."""

    def __init__(self, path: str, conflicts: tuple[Conflict, ...]) -> None:
        self.conflicts = conflicts
        ids = ", ".join(conflict.id for conflict in conflicts[:5])
        more = f" and {len(conflicts) - 5} more" if len(conflicts) > 5 else ""
        super().__init__(
            f"{path}: {ids}{more} was changed by somebody else since it was read; nothing was written. "
            "Look at their version, then save again, or keep both."
        )


class VanishedError(ChangedUnderneathError):
    """Records that were read are not in the file any more, and nobody deleted them there; nothing was written."""

    def __init__(self, path: str, count: int) -> None:
        what = f"{count} codings" if count > 1 else "1 coding" if count else "its header"
        super().__init__(
            f"{path}: {what} vanished from the file or went back to an older version, and nobody did that in Postil; "
            "nothing was written. Bring the file back, or say in the app what is to be done."
        )


@dataclass(frozen=True, slots=True)
class SavedLayer:
    """What is on disk now: the layer (with what others added, if ``merged``) and the fingerprint of its file."""

    layer: Layer
    sha256: str
    merged: bool = False


class LayerStore:
    """Reads and writes the layers of one study. Safe to use from a worker: one writer at a time holds the lock."""

    def __init__(self, root: Path, codebook: Codebook | None = None, clock: Clock = system_clock) -> None:
        self.root = root
        self.codebook = codebook or Codebook()
        self.clock = clock

    def read(self, coder: str, transcript: str) -> Layer | None:
        """The layer on disk, codes resolved; None if there is none."""
        file = self.read_file(coder, transcript)
        return None if file is None else file.layer

    def read_file(self, coder: str, transcript: str) -> LayerFile | None:
        """The same with the file's lines."""
        path = layer_path(coder, transcript)
        data = self._bytes(path)
        return None if data is None else self._file(data, path)

    def save(self, before: Layer, after: Layer, keep_both: bool = False) -> SavedLayer:
        """Write ``after``, which grew from ``before`` (what was read, or what the last save returned).

        Records that somebody else changed or added meanwhile are taken over. Where both changed the same record,
        `LayerConflictError` is raised and nothing written; with ``keep_both`` theirs stays as a record of its own.
        Records that are gone from the file without having been deleted are a `VanishedError`.
        """
        path = self._path_of(after.header)
        with study_lock(self.root):
            recover(self.root)
            return self._save(path, before, self._with_tombstones(before, after), keep_both)

    def planned(self, empty: Layer, change: Callable[[Layer], Layer]) -> tuple[bytes, str]:
        """What a layer's file would hold after a change, and the fingerprint it has now; for changes of many files.

        ``empty`` is the layer to begin with where there is none.
        """
        path = self._path_of(empty.header)
        data = self._bytes(path)
        if data is None:
            return encode_layer(change(empty)), ABSENT
        file = self._readable(data, path)
        return encode_layer(change(file.layer), file), sha256_bytes(data)

    def _save(self, path: str, before: Layer, after: Layer, keep_both: bool) -> SavedLayer:
        data = self._bytes(path)
        if data is None:
            self._check_new(path, before)
            return self._write(path, after, None, b"")
        file = self._readable(data, path)
        if file.layer.header == before.header and not changes_between(before, file.layer):
            return self._write(path, after, file, data)
        if gone := vanished(after, before, file):
            raise VanishedError(path, sum(id_ != HEADER for id_ in gone))
        there = with_tombstones_of(file.layer, before)
        return replace(self._write(path, _merged(path, before, after, there, keep_both), file, data), merged=True)

    def _check_new(self, path: str, before: Layer) -> None:
        if before.segments or before.relations:
            raise ChangedUnderneathError(
                f"{path} is not there any more; nothing was written. If it should be, bring it back (the app asks, or "
                f"git checkout -- {path}) and save again."
            )

    def _write(self, path: str, layer: Layer, previous: LayerFile | None, data: bytes) -> SavedLayer:
        layer = replace(layer, path=path)
        encoded = encode_layer(layer, previous)
        if encoded != data:
            expect = sha256_bytes(data) if previous else ABSENT
            write_bytes(self.root / path, encoded, expect=expect, root=self.root)
        return SavedLayer(layer, sha256_bytes(encoded))

    def _readable(self, data: bytes, path: str) -> LayerFile:
        file = self._file(data, path)
        if any(problem.rule == "format-version" for problem in file.problems):
            raise PostilError(f"{path} was written by a newer Postil; update Postil to change it.")
        return file

    def _file(self, data: bytes, path: str) -> LayerFile:
        file = read_layer_file(data, path)
        if path.startswith(f"codings/{GUIDE_FOLDER}/"):
            return file
        return replace(file, layer=with_current_codes(file.layer, self.codebook))

    def _bytes(self, path: str) -> bytes | None:
        try:
            return (self.root / path).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise PostilError(f"{path} cannot be read: {error.strerror or error}.") from error

    def _path_of(self, header: LayerHeader) -> str:
        if (self.root / SUMS_FILE).exists():
            raise PostilError(f"{self.root} is the frozen copy of a round; code in the study itself.")
        if header.coder != GUIDE_FOLDER and not is_name(header.coder):
            raise PostilError(f"{header.coder!r} cannot be a coder's id; use a-z, 0-9, `.` and `-`.")
        if not is_transcript_id(header.transcript):
            raise PostilError(f"{bad_id(header.transcript)}.")
        return layer_path(header.coder, header.transcript)

    def _with_tombstones(self, before: Layer, after: Layer) -> Layer:
        """A record that is simply gone leaves its id all the same."""
        gone = states(before).keys() - states(after).keys()
        now = utc_now(self.clock)
        return with_states(after, {id_: Deleted(id_, now) for id_ in gone}) if gone else after


def _merged(path: str, before: Layer, after: Layer, theirs: Layer, keep_both: bool) -> Layer:
    merged, conflicts = merge_layers(before, after, theirs)
    if conflicts and not keep_both:
        raise LayerConflictError(path, conflicts)
    return with_states(merged, _both(conflicts, states(merged))) if conflicts else merged


def _both(conflicts: tuple[Conflict, ...], merged: Mapping[str, State]) -> dict[str, State | None]:
    """Of records that both sides changed: mine under its id, theirs beside it under an id of its own."""
    kept: dict[str, State | None] = {}
    for conflict in conflicts:
        mine, theirs = conflict.mine, conflict.theirs
        if isinstance(mine, str) or isinstance(theirs, str):
            continue
        alive = [state for state in (mine, theirs) if state is not None and not isinstance(state, Deleted)]
        for state in alive[:1]:
            kept[conflict.id] = state
        for state in alive[1:]:
            second = as_version(state, {*merged, *kept})
            kept[second.id] = second
    return kept


def empty_layer(header: LayerHeader) -> Layer:
    """A layer in which nothing is coded yet."""
    return from_states(header, (), layer_path(header.coder, header.transcript))


def start_layer(study: Study, coder: str, transcript: str) -> Layer:
    """A coder's layer of a transcript, or an empty one that says what text and codebook it starts from."""
    found = study.layer(coder, transcript)
    if found is not None:
        return found
    text = study.transcripts.get(transcript)
    if text is None:
        raise PostilError(
            f"there is no transcript {transcript!r} in this study; see `postil check`, or import it first."
        )
    round_id = next(
        (r.id for r in study.rounds.values() if r.state == "started" and _assigned(r, coder, transcript)), ""
    )
    kind: LayerKind = "consensus" if coder == CONSENSUS else "guide" if coder == GUIDE_FOLDER else "coder"
    return empty_layer(LayerHeader(coder, transcript, kind, text.text_sha256, study.codebook.version, round_id))


def _assigned(plan: Round, coder: str, transcript: str) -> bool:
    return transcript in plan.assignments.get(coder, ())
