"""A study held in memory for hours, and what vanishes from its files meanwhile: found, kept in both versions, decided.

`Holdings.look` compares what was read with what is on disk. As long as something is lost and nobody has decided, the
copy in memory stays, the file is not written, and the copy is kept outside the study, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import RLock, get_ident
from typing import TYPE_CHECKING

from postil_base.clock import Clock, system_clock
from postil_base.files.atomic import fingerprint
from postil_base.files.journal import was_left_by_postil, write_many
from postil_base.files.lock import study_lock
from postil_base.files.witness import Stamp, ask_before_writing, ask_no_more, is_ours, is_there_again, stamp_of
from postil_base.plural import counted
from postil_base.problem import ChangedUnderneathError, PostilError
from postil_study.files.codings import FOLDER
from postil_study.files.kept_copies import keep_copies, read_copies
from postil_study.files.texts import transcript_path
from postil_study.git.head import head_of
from postil_study.layers.file import LayerFile, encode_layer, read_layer_file
from postil_study.layers.values import states, with_states
from postil_study.layers.vanished import HEADER, vanished, vanished_entries, words_of
from postil_study.study import Study
from postil_study.text.values import Layer

if TYPE_CHECKING:
    from postil_study.history.steps import StepLog

Held = Callable[[], Mapping[str, Layer]]  # layers somebody works on, by path, as they are in memory
_MOST = 4_000_000  # bytes of a small file that is held
_NEVER: Stamp = (-1, 0, 0)


@dataclass(frozen=True)
class Loss:
    """What vanished from one file."""

    path: str
    gone: tuple[str, ...]  # in words
    stamp: Stamp  # the state of the file in which it is gone
    copy: bytes = field(repr=False)  # the file as it is in memory
    layer: Layer | None = field(repr=False, default=None)
    codings: int = 0  # records among what is gone
    older: int = 0  # those of them of which the file has an older version

    @property
    def said(self) -> str:
        """In one line."""
        if self.codings:
            return f"{self.path}: {self.codings} coding{'s' * (self.codings != 1)}"
        return f"{self.path}: {self.gone[0] if len(self.gone) == 1 else f'{len(self.gone)} entries'}"


class Holdings:
    """What one program has read of one study."""

    def __init__(self, root: Path, study: Callable[[], Study], held: Held, clock: Clock = system_clock) -> None:
        self.root = root
        self._study = study
        self._held = held
        self._clock = clock
        self._layers: dict[str, tuple[Stamp, Layer]] = {}  # as they were when all was well
        self._small: dict[str, tuple[Stamp, bytes]] = {}
        self._of: Study | None = None
        self._lost: dict[str, Loss] = {}
        self._kept: dict[str, Stamp] = {}  # of which losses a copy is outside
        self._copies: dict[str, Layer] = {}  # layers an earlier sitting left undecided
        self._deciding = 0  # the thread that carries a decision out
        self._turn = RLock()
        self.head = head_of(root)  # where HEAD was when all was well
        self.head_now = self.head
        self._take_up()
        ask_before_writing(root, self._may_write)

    def close(self) -> None:
        """Nothing is held any more; what is undecided is kept outside."""
        ask_no_more(self.root)

    @property
    def lost(self) -> list[Loss]:
        """What nobody has decided about yet."""
        return [self._lost[path] for path in sorted(self._lost)]

    def _take_up(self) -> None:
        """What an earlier sitting left undecided is looked at as if it had been read then."""
        for path, data in read_copies(self._study().settings.id, self.root).items():
            if path.startswith(f"{FOLDER}/"):
                self._copies[path] = read_layer_file(data, path).layer
            else:
                self._small[path] = (_NEVER, data)
        self._kept = dict.fromkeys([*self._copies, *self._small], _NEVER)

    # --- looking -----------------------------------------------------------------------------------------------------

    def look(self) -> list[Loss]:
        """See what is gone; cheap when nothing changed: a look at each file held."""
        held = dict(self._held())  # before our turn: whoever saves a layer holds it, and asks us whether it may
        with self._turn:
            if self._deciding or not self.root.is_dir():  # a drive that is away has lost nothing
                return self.lost
            self._read_what_is_new(held)
            found = [self._layer(path, held.get(path)) for path in {*self._layers, *self._copies, *held}]
            found += [self._file(path) for path in list(self._small)]
            self._lost = {loss.path: loss for loss in found if loss is not None}
            self.head_now = head_of(self.root)
            if not self._lost:
                self.head = self.head_now
            self._keep()
            return self.lost

    def _read_what_is_new(self, held: Iterable[str]) -> None:
        """Hold what the study has read since, and the texts that are worked on; what is new needs no comparing."""
        study = self._study()
        for path, pair in study.held_layers().items():
            self._layers.setdefault(path, pair)
        for path in [*study.small_files(), *(transcript_path(Path(layer).stem) for layer in held)]:
            if path not in self._small:
                stamp, data = stamp_of(self.root / path), _bytes(self.root / path)
                if data is not None and len(data) <= _MOST:
                    self._small[path] = (stamp, data)
                    is_there_again(self.root / path)

    def _layer(self, path: str, working: Layer | None) -> Loss | None:
        file, known = self.root / path, self._lost.get(path)
        now, (stamp, was) = stamp_of(file), self._layers.get(path, (_NEVER, None))
        before = self._copies.get(path) or working or was
        if before is None or (now == stamp and known is None and path not in self._copies):
            return None
        if known is not None and known.stamp == now and known.layer is before:
            return known
        data = _bytes(file)
        there = read_layer_file(data, path) if data is not None else None
        gone = () if self._is_postils(path) and path not in self._copies else vanished(before, before, there)
        if gone:
            older = states(there.layer).keys() & set(gone) if there is not None else frozenset()
            words, count = tuple(words_of(before, gone, older)), sum(id_ != HEADER for id_ in gone)
            return Loss(path, words, now, encode_layer(before), before, count, len(older))
        self._copies.pop(path, None)
        self._layers.pop(path, None)
        if there is not None:
            self._layers[path] = (now, there.layer)
            is_there_again(file)
        return None

    def _file(self, path: str) -> Loss | None:
        file = self.root / path
        stamp, before = self._small[path]
        now = stamp_of(file)
        if now == stamp:
            return None
        known = self._lost.get(path)
        if known is not None and known.stamp == now:
            return known
        data = _bytes(file)
        is_book = path == self._study().settings.codebook
        if data is None and path.startswith("transcripts/") and path.endswith(".txt"):
            gone: tuple[str, ...] = ()  # a text taken out is told elsewhere; one that is cut off takes codings along
        else:
            gone = () if self._is_postils(path) else vanished_entries(before, data, path, is_book)
        if gone:
            return Loss(path, gone, now, before)
        if data is None:
            del self._small[path]
        else:
            self._small[path] = (now, data)
        return None

    def _is_postils(self, path: str) -> bool:
        """Whether a Postil left the file so on purpose: this program, or a command (undo, remove, withdraw)."""
        return is_ours(self.root / path) or was_left_by_postil(self.root, path)

    def _keep(self) -> None:
        """A copy outside the study, whatever happens to the program; of a text that is gone none is made."""
        stamps = {path: loss.stamp for path, loss in self._lost.items()}
        if stamps == self._kept:
            return
        copies = {path: loss.copy for path, loss in self._lost.items() if not self._is_withdrawn(loss)}
        keep_copies(self._study().settings.id, self.root, copies)
        self._kept = stamps

    def _is_withdrawn(self, loss: Loss) -> bool:
        """Whether the text is gone with its codings: it was taken out on purpose, and its words are to be nowhere."""
        return loss.layer is not None and not (self.root / f"transcripts/{Path(loss.path).stem}.txt").exists()

    def _may_write(self, path: Path) -> None:
        """A file of which something is lost is not written before somebody has decided. Takes no turn: whoever asks
        holds the lock of the study."""
        if self._deciding == get_ident() or not path.is_relative_to(self.root):
            return
        name = path.relative_to(self.root).as_posix()
        loss = self._file(name) if name in self._small else self._lost.get(name)
        if loss is not None:
            raise ChangedUnderneathError(
                f"{loss.said} {happened([loss])} from outside; "
                "nothing is written there before you have said what stays (R asks)."
            )

    # --- deciding ----------------------------------------------------------------------------------------------------

    def put_back(self) -> int:
        """Bring back what vanished, beside what others wrote since; returns in how many files. One step of undo."""
        lost = self.lost

        def write(log: StepLog, what: str) -> None:
            with study_lock(self.root):
                changes = {loss.path: self._whole(loss) for loss in lost}
                expect = {path: fingerprint(self.root / path) for path in changes}
                log.carry_out(what, changes, lambda: write_many(self.root, changes, expect))

        self._decide(f"put back what vanished from {_files(lost)}", write)
        return len(lost)

    def accept(self) -> int:
        """Take the files as they are now; what was in memory stays a step that `postil undo` brings back."""
        lost = self.lost
        copies = {loss.path: loss.copy for loss in lost if not self._is_withdrawn(loss)}
        self._decide(f"accept what vanished from {_files(lost)}", lambda log, what: log.note(what, copies))
        return len(lost)

    def _decide(self, what: str, act: Callable[[StepLog, str], object]) -> None:
        from postil_study.history.steps import StepLog

        self._deciding = get_ident()
        try:
            act(StepLog.of(self.root, self._clock), what)
            for path in self._lost:
                for known in (self._layers, self._copies, self._small):
                    known.pop(path, None)
            self._lost, self._kept = {}, {}
            keep_copies(self._study().settings.id, self.root, {})
            self.head = self.head_now = head_of(self.root)
        finally:
            self._deciding = 0

    def _whole(self, loss: Loss) -> bytes:
        """The file with what vanished: a layer has what others wrote into it since, too."""
        data = _bytes(self.root / loss.path)
        if loss.layer is None or data is None:
            return loss.copy
        there = read_layer_file(data, loss.path)
        lines = loss.copy.split(b"\n")
        cut = (line for line in there.unread if line.strip(b"\0"))
        unread = tuple(line for line in cut if not any(whole.startswith(line) for whole in lines))
        return encode_layer(_with_both(loss.layer, there), replace(there, unread=unread))


def _with_both(mine: Layer, there: LayerFile) -> Layer:
    """The layer on disk, with what is only in memory, and with what is newer there."""
    known, theirs = states(mine), states(there.layer)
    back = {id_: state for id_, state in known.items() if id_ not in theirs or state.at > theirs[id_].at}
    whole = with_states(there.layer, back)
    return whole if there.headed else replace(whole, header=mine.header)


def _bytes(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise PostilError(f"{file} cannot be read: {error.strerror or error}.") from error


def _files(lost: list[Loss]) -> str:
    return lost[0].path if len(lost) == 1 else f"{len(lost)} files"


def summary(lost: list[Loss]) -> str:
    """What vanished from all files together, in a few words."""
    codings = sum(loss.codings for loss in lost)
    layers = sum(loss.layer is not None for loss in lost)
    parts = [f"{codings} coding{'s' * (codings != 1)} from {layers} layer{'s' * (layers != 1)}"] if layers else []
    return " and ".join([*parts, *_others(lost)])


def happened(lost: list[Loss]) -> str:
    """What became of it: gone, or as it was before its last edit."""
    older = sum(loss.older for loss in lost)
    if not older:
        return "vanished"
    only = all(loss.older == len(loss.gone) for loss in lost)
    return "went back to an older version" if only else "vanished or went back to older versions"


def _others(lost: list[Loss]) -> Iterator[str]:
    others = [loss for loss in lost if loss.layer is None]
    if len(others) > 2:
        yield f"entries from {counted(len(others), 'other file')}"
    else:
        for loss in others:
            what = loss.gone[0] if len(loss.gone) == 1 else f"{len(loss.gone)} entries"
            yield f"{what} of {loss.path}"
