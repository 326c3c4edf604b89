"""Between a session and its layer's file: states of records go to disk, what others wrote comes back."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from postil_base.clock import Clock
from postil_base.files.journal import was_left_by_postil
from postil_base.files.text import sha256_bytes
from postil_base.files.witness import is_ours
from postil_base.problem import ChangedUnderneathError
from postil_study.files.codings import layer_path
from postil_study.layers.values import changes_between, make_layer, with_header, with_states
from postil_study.layers.vanished import vanished, with_tombstones_of
from postil_study.study import Study
from postil_study.text.values import Layer, LayerHeader, Transcript
from postil_tui.code.session.layer_writer import States

if TYPE_CHECKING:
    from postil_study.layers.file import LayerFile
    from postil_study.layers.store import LayerStore
    from postil_tui.code.session.encoded import EncodedLayer

Stamp = tuple[int, int, int]


class LayerSync:
    """One layer's file. Used by the saver's thread and by the app, one at a time.

    A change of segments writes the lines it has at hand, if the disk still holds what was written last. Everything else
    goes through `LayerStore`, which merges.
    """

    def __init__(self, study: Study, coder: str, transcript: Transcript, clock: Clock) -> None:
        self._root = study.root
        self._study = study
        self._clock = clock
        self.path = layer_path(coder, transcript.id)
        self._file = study.root / self.path
        self._lock = Lock()
        self._stamp = self._stamp_now()  # before reading: what changes meanwhile is news then
        self._layer: Layer = study.layer(coder, transcript.id) or _started(study, coder, transcript.id)
        self._late: States = {}  # on disk, but not yet in ``_layer``
        self._encoded: EncodedLayer | None = None
        self._sha = ""

    @property
    def layer(self) -> Layer:
        """The layer as it is on disk."""
        with self._lock:
            return self._up_to_date()

    def _up_to_date(self) -> Layer:
        if self._late:
            self._layer = with_states(self._layer, self._late)
            self._late = {}
        return self._layer

    def use(self, study: Study, accept: bool = False) -> States:
        """Go on with a study that was read anew (codes may have other names); returns what is different in it.

        What vanished from the file stays, unless somebody said that it may be gone (``accept``).
        """
        with self._lock:
            before = self._up_to_date()
            self._study = study
            self._encoded = None
            stamp = self._stamp_now()
            there = self._file_now()
            if not accept and self._is_torn(before, there):
                return {}
            self._stamp = stamp
            if there is not None:
                self._layer = with_tombstones_of(there.layer, before)
            elif accept:
                self._layer = make_layer(before.header, path=before.path)
            return {id_: state for id_, (_, state) in changes_between(before, self._layer).items()}

    def prepare(self) -> None:
        """Have the lines at hand before the first key; takes a moment with a large layer."""
        with self._lock:
            self._encode()

    @property
    def _store(self) -> LayerStore:
        from postil_study.layers.store import LayerStore

        return LayerStore(self._root, self._study.codebook, self._clock)

    def _encode(self) -> None:
        from postil_tui.code.session.encoded import EncodedLayer

        try:
            data = self._file.read_bytes()
        except OSError:
            self._encoded = None
            return
        if self._stamp_now() == self._stamp:
            self._sha = sha256_bytes(data)
            self._encoded = EncodedLayer.of(data, self._up_to_date())

    def write(self, states: States) -> States:
        """Write states of records; returns what others had changed meanwhile and is now merged."""
        with self._lock:
            if self._encoded is None and self._stamp[1]:
                self._encode()
            if self._write_lines(states):
                return {}
            self._encoded = None
            outside = self._save(with_states(self._up_to_date(), states))
            self._encode()
            return outside

    def _write_lines(self, states: States) -> bool:
        if self._encoded is None or (self._root / ".postil" / "journal.json").exists():
            return False
        data = self._encoded.changed(states)
        if data is None:
            return False
        from postil_base.files.atomic import write_bytes
        from postil_base.files.lock import study_lock

        try:
            with study_lock(self._root):
                self._sha = write_bytes(self._file, data, expect=self._sha, root=self._root)
                self._stamp = self._stamp_now()
        except ChangedUnderneathError:
            return False
        self._late.update(states)
        return True

    def _save(self, after: Layer) -> States:
        before = self._up_to_date()
        from postil_base.files.lock import study_lock

        with study_lock(self._root):  # nobody writes between our writing and the look at the file
            saved = self._store.save(before, after, keep_both=True)
            self._stamp = self._stamp_now()
        self._layer = saved.layer
        if not saved.merged:
            return {}
        return {id_: theirs for id_, (_, theirs) in changes_between(after, saved.layer).items()}

    def set_done(self, date: str) -> LayerHeader:
        """Write into the header that the layer is finished, or open again."""
        with self._lock:
            self._encoded = None
            self._save(with_header(self._up_to_date(), done=date))
            return self._layer.header

    @property
    def busy(self) -> bool:
        """Whether the saver's thread is at the file; what changed outside shows when it is not."""
        return self._lock.locked()

    def outside(self) -> States:
        """What others wrote since the file was read; {} at the price of one stat when nothing happened."""
        if self._lock.locked() or self._stamp_now() == self._stamp:
            return {}
        with self._lock:
            if self._stamp_now() == self._stamp:
                return {}
            before, stamp = self._up_to_date(), self._stamp_now()
            there = self._file_now()
            self._encoded = None
            if there is None or self._is_torn(before, there):
                return {}  # the copy in memory stays, until the file is whole again or somebody decides
            self._stamp = stamp
            self._layer = replace(with_tombstones_of(there.layer, before), path=before.path)
            return {id_: theirs for id_, (_, theirs) in changes_between(before, self._layer).items()}

    def _file_now(self) -> LayerFile | None:
        return self._store.read_file(self._layer.header.coder, self._layer.header.transcript)

    def _is_torn(self, before: Layer, there: LayerFile | None) -> bool:
        if not vanished(before, before, there):
            return False
        return not is_ours(self._file) and not was_left_by_postil(self._root, self.path)

    def _stamp_now(self) -> Stamp:
        try:
            stat = self._file.stat()
        except OSError:
            return (0, 0, 0)
        return (stat.st_mtime_ns, stat.st_size, stat.st_ino)


def _started(study: Study, coder: str, transcript_id: str) -> Layer:
    from postil_study.layers.store import start_layer

    return start_layer(study, coder, transcript_id)
