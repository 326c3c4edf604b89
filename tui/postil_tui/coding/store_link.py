"""Between a session and its layer's file: states of records go to disk, what others wrote comes back."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock

from postil_base.clock import Clock
from postil_transcripts.codings_folder import layer_path
from postil_transcripts.layers import changes_between, with_header, with_states
from postil_transcripts.store import LayerStore, start_layer
from postil_transcripts.study import Study
from postil_transcripts.types import Layer, LayerHeader, Transcript
from postil_tui.coding.saver import States

Stamp = tuple[int, int, int]


class LayerLink:
    """One layer's file. Used by the saver's thread and by the app, one at a time."""

    def __init__(self, study: Study, coder: str, transcript: Transcript, clock: Clock) -> None:
        self._store = LayerStore(study.root, study.codebook, clock)
        self._file = study.root / layer_path(coder, transcript.id)
        self._lock = Lock()
        self.layer: Layer = start_layer(study, coder, transcript.id)
        self._stamp = self._stamp_now()

    def use(self, study: Study) -> None:
        """Go on with a study that was read anew (its codebook may have other names for codes)."""
        self._store = LayerStore(study.root, study.codebook, self._store.clock)

    def write(self, states: States) -> States:
        """Write states of records; returns what others had changed meanwhile and is now merged."""
        with self._lock:
            return self._save(with_states(self.layer, states))

    def _save(self, after: Layer) -> States:
        saved = self._store.save(self.layer, after)
        self.layer = saved.layer
        self._stamp = self._stamp_now()
        if not saved.merged:
            return {}
        return {id_: theirs for id_, (_, theirs) in changes_between(after, saved.layer).items()}

    def set_done(self, date: str) -> LayerHeader:
        """Write into the header that the layer is finished, or open again."""
        with self._lock:
            self._save(with_header(self.layer, done=date))
            return self.layer.header

    def outside(self) -> States:
        """What others wrote since the file was read; {} at the price of one stat when nothing happened."""
        if self._stamp_now() == self._stamp:
            return {}
        with self._lock:
            there = self._store.read(self.layer.header.coder, self.layer.header.transcript)
            self._stamp = self._stamp_now()
            if there is None:
                return {}
            found = {id_: theirs for id_, (_, theirs) in changes_between(self.layer, there).items()}
            self.layer = replace(there, path=self.layer.path)
            return found

    def _stamp_now(self) -> Stamp:
        try:
            stat = self._file.stat()
        except OSError:
            return (0, 0, 0)
        return (stat.st_mtime_ns, stat.st_size, stat.st_ino)
