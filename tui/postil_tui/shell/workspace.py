"""The study as the app works on it: who codes, which sessions are open, what has been saved. No screen in here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from postil_base.clock import Clock, system_clock
from postil_base.ids import is_name, suggest_name
from postil_base.problem import PostilError
from postil_codebook.values import Codebook
from postil_study.files.settings import CONSENSUS
from postil_study.layers.holdings import Holdings
from postil_study.study import Study, open_study
from postil_study.text.values import Layer, Segment, Transcript
from postil_tui.code.session.layer_sync import LayerSync
from postil_tui.code.session.layer_writer import LayerWriter, States, Written
from postil_tui.code.session.record import Act, RecordChange
from postil_tui.code.session.session import Session
from postil_tui.code.session.slots import Slots
from postil_tui.shell.state import Remembered, load_state, state_file

if TYPE_CHECKING:
    from postil_study.anchoring.reanchor import Move
    from postil_study.history.undo import UndoLog
    from postil_tui.code.session.pick import NewCode
    from postil_tui.compare.finishing import Unsettled
    from postil_tui.shell.transcript_figures import Figures

_LATE = 3.0  # seconds after which a disk is called slow

Tell = Callable[[Session, Written], None]


class OpenTranscript(msgspec.Struct):
    """A session with what saves it."""

    session: Session
    link: LayerSync
    saver: LayerWriter


class Workspace:
    """One study, one person at work."""

    def __init__(self, root: Path, clock: Clock = system_clock) -> None:
        self.root = root
        self.clock = clock
        self.study: Study = open_study(root)
        self.remembered: Remembered = load_state(state_file(self.study.settings.id, root))
        self.coder = ""
        self.slots = Slots()
        self._open: dict[tuple[str, str], OpenTranscript] = {}
        self._counts: Counter[str] | None = None
        self._logs: dict[str, UndoLog] = {}
        self.holdings = Holdings(root, lambda: self.study, self._in_hand, clock)
        self.looks: dict[tuple[str, str], dict[str, Move]] = {}  # by coder and transcript: unsure since a correction

    def _in_hand(self) -> dict[str, Layer]:
        return {opened.link.path: opened.link.layer for opened in list(self._open.values())}

    @property
    def codebook(self) -> Codebook:
        """The codebook as it is now."""
        return self.study.codebook

    @property
    def coders(self) -> list[str]:
        """People who may code: those of ``study.yaml``, and whoever has a layer that came from no source."""
        named = self.study.settings.coders
        return [coder for coder in self.study.coders if coder in named or not self.is_source(coder)]

    def check_coder(self, coder: str) -> None:
        """Refuse a name that nobody can code under."""
        if not is_name(coder):
            hint = suggest_name(coder)
            raise PostilError(f"{coder!r} cannot be a coder's id; use a-z, 0-9, `.` and `-`{hint and f': {hint}'}")
        if coder not in self.study.settings.coders and self.is_source(coder):  # who is named there codes
            raise PostilError(f"{coder} holds notes that came with the source; nobody codes under that name")

    def is_source(self, coder: str) -> bool:
        """Whether a folder of codings holds notes that came with the source: nobody codes under its name."""
        layers = (self.study.layer(coder, transcript_id) for transcript_id in self.study.transcripts)
        first = next((layer for layer in layers if layer is not None), None)
        return first is not None and first.header.kind == "source"

    def work_as(self, coder: str) -> None:
        """Work under a name from now on."""
        self.check_coder(coder)
        self.keep_slots()
        self.coder = coder
        self.remembered.coder = coder
        self.slots = Slots.from_data(self.remembered.slots.get(coder))
        self.slots.keep(self.codebook.resolve)
        self._counts = None

    def keep_slots(self) -> None:
        """Note the quick slots for the next time."""
        if self.coder:
            self.remembered.slots[self.coder] = self.slots.as_data()

    # --- sessions ----------------------------------------------------------------------------------------------------

    def session(self, transcript_id: str, tell: Tell | None = None, coder: str = "") -> Session:
        """The session of the coder (or of the consensus) on a transcript; opened once, then kept."""
        coder = coder or self.coder
        if not coder:
            raise PostilError("nobody is at work yet; say who codes first")
        key = (coder, transcript_id)
        if key not in self._open:
            self._open[key] = self._opened(coder, transcript_id, tell)
        return self._open[key].session

    def _opened(self, coder: str, transcript_id: str, tell: Tell | None) -> OpenTranscript:
        transcript = self.transcript(transcript_id)
        link = LayerSync(self.study, coder, transcript, self.clock)
        session = Session(transcript, self.codebook, link.layer, self.clock)
        session.read_only = self.study.read_only

        def told(saved: Written) -> None:
            if tell:
                tell(session, saved)

        def prepare() -> None:
            link.prepare()
            self._log(coder).undoable(transcript_id)

        saver = LayerWriter(link.write, told, prepare, lambda waiting: self._keep(session, waiting))
        saver.warm_up()
        session.older = lambda act: self._older(saver, self._log(coder), act, transcript_id)
        session.listeners.append(lambda change: saver.put(_after(change), self._noter(session, change)))
        session.listeners.append(self._count)
        return OpenTranscript(session, link, saver)

    def _keep(self, session: Session, waiting: States) -> str:
        """Keep what cannot be written outside the study, until it can; says where."""
        from postil_study.layers.unsaved import drop_unsaved, keep_unsaved

        study_id = self.study.settings.id
        if not waiting:
            drop_unsaved(study_id, self.root, session.header)
            return ""
        return str(keep_unsaved(study_id, self.root, session.header, waiting) or "")

    def take_in_unsaved(self) -> list[str]:
        """What could not be saved at an earlier time goes into the study now; says what."""
        from postil_study.layers.unsaved import take_in_all

        if self.study.read_only:
            return []
        return take_in_all(self.study)

    def _log(self, coder: str) -> UndoLog:
        if coder not in self._logs:
            from postil_study.history.undo import UndoLog

            self._logs[coder] = UndoLog(self.root, self.study.settings.id, coder)
        return self._logs[coder]

    def _noter(self, session: Session, change: RecordChange) -> Callable[[], None] | None:
        """Notes a change in the log of undo, so that it can be undone tomorrow."""
        act = change.act
        if act == "outside":
            return None
        noted = act
        return lambda: _note(self._log(session.coder), noted, session, change)

    @staticmethod
    def _older(saver: LayerWriter, log: UndoLog, act: Act, transcript_id: str) -> RecordChange | None:
        """A step of an earlier day that can be undone, or done again."""
        saver.flush()
        step = log.undoable(transcript_id) if act == "undo" else log.redoable(transcript_id)
        return RecordChange(step.changes, step.said) if step else None

    def transcript(self, transcript_id: str) -> Transcript:
        """A transcript by id."""
        found = self.study.transcripts.get(transcript_id)
        if found is None:
            raise PostilError(f"there is no transcript {transcript_id!r} in this study; F2 lists them")
        return found

    def set_done(self, session: Session, date: str) -> None:
        """Mark a session's layer as finished on a date, or as open again with ""; a consensus has what agrees then."""
        if date and session.coder == CONSENSUS:
            from postil_tui.compare.finishing import take_over

            take_over(session, self._shown_layers(session.transcript.id))
        opened = self._of(session)
        opened.saver.flush()
        session.header = opened.link.set_done(date)

    def done_question(self, transcript_id: str, coder: str) -> str:
        """What is asked before a transcript is called finished: of a consensus, what is not settled yet."""
        from postil_tui.compare.finishing import question

        open_ones = question(transcript_id, self.still_open(transcript_id)) if coder == CONSENSUS else ""
        return open_ones or f"finished with {transcript_id} as {coder}?"

    def still_open(self, transcript_id: str) -> list[Unsettled]:
        """What a consensus of those whose work may be seen leaves open once it is called finished."""
        from postil_tui.compare.finishing import still_open

        return still_open(self._shown_layers(transcript_id), self.layer_now(CONSENSUS, transcript_id))

    def _shown_layers(self, transcript_id: str) -> list[Layer]:
        layers = (self.layer_now(layer.header.coder, transcript_id) for layer in self.study.coder_layers(transcript_id))
        return [one for one in layers if one and (one.header.coder, transcript_id) not in self.hidden()]

    def _of(self, session: Session) -> OpenTranscript:
        return self._open[(session.coder, session.transcript.id)]

    def status(self, session: Session) -> str:
        """ "saved", "saving" or "failed"."""
        return self._of(session).saver.status

    def changed_outside(self, session: Session) -> States:
        """What others wrote into the session's layer since it was read, ready to be taken over.

        While something of our own is not on disk yet there is nothing: saving merges both, and says so.
        """
        opened = self._of(session)
        return opened.link.outside() if opened.saver.status == "saved" else {}

    def is_busy(self, session: Session) -> bool:
        """Whether what changed outside cannot be told at the moment, and must be asked for again."""
        opened = self._of(session)
        return opened.link.busy or opened.saver.status == "saving"

    def watched(self) -> list[str]:
        """Paths to look at to know whether anything changed on disk."""
        open_layers = [opened.link.path for opened in list(self._open.values())]
        texts = [opened.session.transcript.path for opened in list(self._open.values())]
        return [*self.study.watched(), *open_layers, *filter(None, texts)]

    def changed_texts(self) -> list[str]:
        """Transcripts that are open and whose text on disk is no longer the one shown."""
        found = set() if self.study.read_only else {transcript_id for _, transcript_id in self._open}
        texts = self.study.transcripts
        return [id_ for id_ in found if id_ in texts and texts[id_].text_sha256 != self._text_of(id_).text_sha256]

    def _text_of(self, transcript_id: str) -> Transcript:
        return next(opened.session.transcript for (_, id_), opened in self._open.items() if id_ == transcript_id)

    def is_on_another_text(self, transcript_id: str) -> bool:
        """Whether this coder's layer was made on a text that was corrected since, while nobody looked."""
        opened = (self.coder, transcript_id) in self._open
        if opened or self.study.read_only or transcript_id not in self.study.transcripts:
            return False
        layer = self.study.layer(self.coder, transcript_id)
        sha = layer.header.text_sha256 if layer else ""
        return bool(sha) and sha != self.study.transcripts[transcript_id].text_sha256

    def follow_text(self, transcript_id: str) -> tuple[int, int]:
        """Let all codings follow a text that was corrected, and open it anew.

        Returns how many records are to be looked at, and how many found no words any more.
        """
        from postil_study.anchoring.correction import plan_reanchor

        old = next((one.session.transcript.text for (_, id_), one in self._open.items() if id_ == transcript_id), None)
        for key in [key for key in self._open if key[1] == transcript_id]:
            if not self._open[key].saver.close():
                raise PostilError(f"{transcript_id}: its text was changed outside, but not everything is saved yet")
            del self._open[key]
        plan = plan_reanchor(self.root, transcript_id, old, self.clock)
        plan.apply()
        self.study.refresh()
        self._counts = None
        for coder, report in plan.reports.items():
            self.looks[coder, transcript_id] = {move.id: move for move in report.warnings if move.new}
        lost = sum(report.counts.get("lost", 0) for report in plan.reports.values())
        return plan.needs_a_look, lost

    def try_again(self) -> None:
        """Write again what could not be written."""
        for opened in self._open.values():
            if opened.saver.status == "failed":
                opened.saver.try_again()

    def waiting(self) -> tuple[int, str]:
        """How many records are not on disk, and where they are kept meanwhile."""
        savers = [opened.saver for opened in self._open.values() if opened.saver.waiting]
        return sum(saver.waiting for saver in savers), next((saver.kept for saver in savers if saver.kept), "")

    def slow(self) -> int:
        """How many records wait for a disk that has not answered for seconds; they are kept outside meanwhile."""
        late = [opened.saver for opened in self._open.values() if opened.saver.busy_for() > _LATE]
        for saver in late:
            if not saver.is_kept_whole:
                saver.keep_safe()
        return sum(saver.waiting for saver in late)

    def flush(self) -> bool:
        """Wait until everything is on disk."""
        written = [opened.saver.flush() for opened in self._open.values()]
        return all(written)

    def close(self) -> bool:
        """Write everything and remember where we were; tells whether all is on disk."""
        written = [opened.saver.close() for opened in self._open.values()]
        self.keep_slots()
        self.remembered.save()
        self.holdings.close()
        return all(written)

    # --- counts ------------------------------------------------------------------------------------------------------

    def counts(self) -> Mapping[str, int]:
        """How many segments of this coder carry each code."""
        if self._counts is None:
            self._counts = Counter()
            for transcript_id in self.study.transcripts:
                for segment in self._segments(transcript_id):
                    self._counts.update(segment.code_ids)
        return self._counts

    def _segments(self, transcript_id: str) -> list[Segment]:
        opened = self._open.get((self.coder, transcript_id))
        if opened:
            return list(opened.session.records.segments.values())
        layer = self.study.layer(self.coder, transcript_id)
        return list(layer.segments) if layer else []

    def _count(self, change: RecordChange) -> None:
        if self._counts is None:
            return
        for before, after in change.states.values():
            if isinstance(before, Segment):
                self._counts.subtract(before.code_ids)
            if isinstance(after, Segment):
                self._counts.update(after.code_ids)

    def layer_now(self, coder: str, transcript_id: str) -> Layer | None:
        """A layer as it is at this moment, with what is not on disk yet."""
        opened = self._open.get((coder, transcript_id))
        if opened:
            opened.saver.flush(timeout=2.0)
            return opened.link.layer
        return self.study.layer(coder, transcript_id)

    def figures(self, transcript: Transcript) -> Figures:
        """What this coder has done with a transcript so far."""
        from postil_tui.shell.transcript_figures import figures

        return figures(transcript, self.layer_now(self.coder, transcript.id))

    def source_layers(self, transcript_id: str) -> list[Layer]:
        """Notes that came with the source."""
        found = (self.study.layer(coder, transcript_id) for coder in self.study.coders)
        return [layer for layer in found if layer is not None and layer.header.kind == "source"]

    def add_code(self, new: NewCode, origin: str) -> None:
        """Make a code in the codebook's file, as a step of its own; everything else in it stays as it is."""
        from postil_tui.code.session.new_codes import make_code

        make_code(self.root, self.study.settings.id, new, origin, self.clock)
        self.reopen()

    def hidden(self) -> Mapping[tuple[str, str], str]:
        """Layers of others (coder, transcript) that a blind round hides from this coder."""
        from postil_study.rounds.blind import hidden_layers

        return hidden_layers(self.study.rounds.values(), self.coder)

    def blind(self) -> bool:
        """Whether a blind round is on: then nothing may tell of the others."""
        return any(plan.blind and plan.state == "started" for plan in self.study.rounds.values())

    def decide(self, put_back: bool) -> int:
        """What vanished from files comes back, or is given up; returns how many files."""
        count = self.holdings.put_back() if put_back else self.holdings.accept()
        self.reopen(accept=not put_back)
        return count

    def reopen(self, accept: bool = False) -> None:
        """Read the study's files anew (after the codebook changed); sessions go on with the new codebook.

        ``accept``: what vanished from a layer is gone from its session, too.
        """
        if any(loss.layer is None for loss in self.holdings.lost):
            return  # the copy in memory stays until somebody has decided
        if not accept:
            self.flush()
        self.study = open_study(self.root)
        for opened in self._open.values():
            opened.session.codebook = self.study.codebook
            changed = opened.link.use(self.study, accept)
            if changed:
                opened.session.take_over(changed)
        self.slots.keep(self.codebook.resolve)
        self._counts = None


def _after(change: RecordChange) -> States:
    return {id_: after for id_, (_, after) in change.states.items()}


def _note(log: UndoLog, act: Literal["do", "undo", "redo"], session: Session, change: RecordChange) -> None:
    log.note(act, session.transcript.id, change.states, change.said, session.now())
