"""A participant withdraws: words, codings, notes, copies and undo go; what others said stays where it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from postil_base.clock import Clock, system_clock, utc_now
from postil_base.files.journal import Progress, write_many
from postil_base.files.text import decode, read_bytes, sha256_bytes, sha256_text
from postil_base.plural import subject
from postil_base.problem import PostilError
from postil_base.yaml.edit import delete_entry, set_value
from postil_base.yaml.fields import nearest
from postil_study.files.charts import FOLDER as CHARTS
from postil_study.files.charts import load_chart, with_cell
from postil_study.files.codings import ENDING, FOLDER
from postil_study.files.manifest import MANIFEST_FILE
from postil_study.files.memos import FOLDER as MEMOS
from postil_study.files.memos import load_memo
from postil_study.files.settings import SETTINGS_FILE
from postil_study.files.texts import transcript_path
from postil_study.layers.file import read_layer_file
from postil_study.layers.unsaved import find_unsaved
from postil_study.layers.values import records
from postil_study.privacy.logs import drop_lines
from postil_study.privacy.pseudonyms.edits import Edit, Edits
from postil_study.privacy.pseudonyms.folder import files_of
from postil_study.privacy.pseudonyms.layer_names import TextChange
from postil_study.privacy.withdrawal.cut import layer_without
from postil_study.rounds.frozen import copy_folder
from postil_study.rounds.plan import SUMS_FILE, load_round, round_path
from postil_study.rounds.steps import with_new_sums
from postil_study.study import Study, open_study
from postil_study.text.values import Transcript

MADE = ("exports", "build")


@dataclass(frozen=True)
class WithdrawalPlan:
    """What a withdrawal takes out. Nothing is written before `apply`."""

    root: Path
    study_id: str
    participant: str
    whole: tuple[str, ...]  # transcripts that go
    shared: tuple[str, ...]  # transcripts in which others speak, too: only this one's turns go
    records: int  # codings that go, of all coders
    memos: tuple[str, ...]  # that go
    look_at: tuple[str, ...]  # memos about other things as well: a person must look
    made: tuple[str, ...]  # exports, to be made again or deleted
    files: Mapping[str, bytes | None] = field(repr=False)
    expect: Mapping[str, str] = field(repr=False)

    def apply(self, progress: Progress | None = None) -> int:
        """Take all of it out, or nothing; returns how many steps of undo went, too."""
        write_many(self.root, self.files, self.expect, progress)
        touched = {*self.whole, *self.shared}
        for waiting in list(find_unsaved(self.study_id, self.root)):
            if waiting.header.transcript in touched:
                waiting.path.unlink(missing_ok=True)
        for kept in ("unfinished", "backup"):  # copies of interrupted changes and of upgrades
            for left in (self.root / ".postil" / kept).rglob("*"):
                if left.is_file() and left.stem in {*touched, self.participant}:
                    left.unlink()
        return drop_lines(self.study_id, self.root, lambda line: line.get("transcript", "") in {*touched, ""})


def plan_withdrawal(root: Path, participant: str, clock: Clock = system_clock) -> WithdrawalPlan:
    """Work out what goes when a participant withdraws."""
    study = open_study(root)
    heard = [t.id for t in study.transcripts.values() if participant in t.participants]
    if participant not in study.settings.participants and not heard:
        hint = nearest(participant, list(study.settings.participants)) or "."
        raise PostilError(f"there is no participant {participant!r} in this study{hint}")
    out = _StudyFolder(study, participant, utc_now(clock))
    out.work_out()
    files, expect = dict(out.files), dict(out.expect)
    for round_id in study.rounds:
        _round(study, round_id, participant, utc_now(clock), out.whole, files, expect)
    made = [f"{name}/{p.relative_to(root / name).as_posix()}" for name in MADE for p in _files(root / name)]
    return WithdrawalPlan(
        root, study.settings.id, participant, tuple(out.whole), tuple(out.shared), len(out.gone), tuple(out.memos),
        tuple(out.look_at), tuple(made), files, expect,
    )  # fmt: skip


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []


class _StudyFolder:
    """What goes from a study, or from the frozen copy of a round."""

    def __init__(self, study: Study, participant: str, at: str) -> None:
        self.study, self.participant, self.at = study, participant, at
        self.files: dict[str, bytes | None] = {}
        self.expect: dict[str, str] = {}
        self.gone: set[str] = set()
        self.memos: list[str] = []
        self.look_at: list[str] = []
        texts = [t for t in study.transcripts.values() if participant in t.participants]
        self.whole = [t.id for t in texts if len(t.participants) == 1]
        self.shared = {t.id: _without(t, participant) for t in texts if len(t.participants) > 1}

    def work_out(self) -> None:
        """Texts and layers first, so that what points to them is known."""
        paths = list(files_of(self.study.root))
        for path in paths:
            if path.startswith(("transcripts/", f"{FOLDER}/")):
                self._text_or_layer(path)
        for path in paths:
            if path.startswith(f"{CHARTS}/") and path.endswith(".yaml"):
                self._chart(path)
            elif path.startswith(f"{MEMOS}/") and path.endswith(".md"):
                self._memo(path)
        self._settings()

    def _put(self, path: str, old: bytes, new: bytes | None) -> None:
        if new != old:
            self.files[path], self.expect[path] = new, sha256_bytes(old)

    def _text_or_layer(self, path: str) -> None:
        data, stem = read_bytes(self.study.root / path), Path(path).stem
        if path == MANIFEST_FILE:
            self._put(path, data, self._manifest(decode(data, path)).encode("utf-8"))
        elif stem in self.whole:
            if path.endswith(ENDING):
                self.gone |= {record.id for record in records(read_layer_file(data, path).layer)}
            self._put(path, data, None)
        elif stem in self.shared and path == transcript_path(stem):
            self._put(path, data, self.shared[stem].new.encode("utf-8"))
        elif stem in self.shared and path.endswith(ENDING):
            new, gone = layer_without(data, path, self.shared[stem], self.at)
            self.gone |= gone
            self._put(path, data, new)

    def _manifest(self, text: str) -> str:
        for id_, info in self.study.infos.items():
            if id_ in self.whole:
                text = delete_entry(text, [id_], path=MANIFEST_FILE)
                continue
            for label in [name for name, s in info.speakers.items() if s.participant == self.participant]:
                text = delete_entry(text, [id_, "speakers", label], path=MANIFEST_FILE)
            if id_ in self.shared and info.text_sha256:
                text = set_value(text, [id_, "text_sha256"], self.shared[id_].new_sha, path=MANIFEST_FILE)
        return text

    def _chart(self, path: str) -> None:
        data = read_bytes(self.study.root / path)
        if Path(path).stem == self.participant:
            self._put(path, data, None)
            return
        text = decode(data, path)
        for cell in load_chart(text, path)[0]:
            left = tuple(id_ for id_ in cell.segments if id_ not in self.gone)
            if left != cell.segments:
                text = with_cell(text, type(cell)(cell.row, cell.column, cell.summary, left))
        self._put(path, data, text.encode("utf-8"))

    def _memo(self, path: str) -> None:
        data = read_bytes(self.study.root / path)
        about = load_memo(decode(data, path), path)[0].about
        of_this = [name for name in about if self._is_gone(name)]
        if about and len(of_this) == len(about):
            self.memos.append(path)
            self._put(path, data, None)
        elif of_this or self.participant in decode(data, path):
            self.look_at.append(path)

    def _is_gone(self, about: str) -> bool:
        kind, _, id_ = about.partition(":")
        gone = {"participant": [self.participant], "transcript": self.whole, "segment": self.gone}
        return id_ in gone.get(kind, ())

    def _settings(self) -> None:
        data = read_bytes(self.study.root / SETTINGS_FILE)
        if self.participant in self.study.settings.participants:
            text = delete_entry(decode(data, SETTINGS_FILE), ["participants", self.participant], path=SETTINGS_FILE)
            self._put(SETTINGS_FILE, data, text.encode("utf-8"))


def _without(transcript: Transcript, participant: str) -> TextChange:
    """A shared transcript without the turns of one participant."""
    text, turns = transcript.text, transcript.turns
    borders = [*(turn.label_start for turn in turns[1:]), len(text)]
    cuts = [
        Edit(turn.label_start, border, "")
        for turn, border in zip(turns, borders, strict=True)
        if transcript.speaker(turn).participant == participant
    ]
    edits = Edits(_with_one_end(text, cuts))
    new = edits.apply(text)
    return TextChange(transcript.id, transcript.id, text, new, transcript.text_sha256, sha256_text(new), edits)


def _with_one_end(text: str, cuts: list[Edit]) -> list[Edit]:
    """Cuts that join; one at the end takes the blank line before it along, so that the text ends as texts do."""
    joined: list[Edit] = []
    for cut in cuts:
        if joined and joined[-1].end == cut.start:
            joined[-1] = Edit(joined[-1].start, cut.end, "")
        else:
            joined.append(cut)
    if joined and joined[-1].end == len(text) and joined[-1].start:
        start = len(text[: joined[-1].start].rstrip("\n"))
        joined[-1] = Edit(start, len(text), "\n")
    return joined


def _round(
    study: Study,
    round_id: str,
    participant: str,
    at: str,
    whole: list[str],
    files: dict[str, bytes | None],
    expect: dict[str, str],
) -> None:
    """The plan of a round, and its frozen copy with new checksums."""
    root, folder, plan = study.root, copy_folder(round_id), round_path(round_id)
    data = read_bytes(root / plan)
    text = decode(data, plan)
    if (root / folder / SUMS_FILE).is_file():
        copy = _StudyFolder(open_study(root / folder), participant, at)
        copy.work_out()
        for path, content in (with_new_sums(root, round_id, copy.files) if copy.files else {}).items():
            files[path] = content.encode("utf-8") if isinstance(content, str) else content
            expect[path] = sha256_bytes(read_bytes(root / path))
        text = decode(files.get(plan) or data, plan)
    new = _unassigned(text, plan, whole)
    if new.encode("utf-8") != data:
        files[plan], expect[plan] = new.encode("utf-8"), sha256_bytes(data)


def _unassigned(text: str, path: str, whole: list[str]) -> str:
    for coder, transcripts in load_round(text, path)[0].assignments.items():
        left = [id_ for id_ in transcripts if id_ not in whole]
        if len(left) < len(transcripts):
            text = set_value(text, ["assignments", coder], left, path=path)
    return text


def history_steps(plan: WithdrawalPlan, outputs: Sequence[str] = ()) -> Iterator[str]:
    """What a person must do outside the study, so that nothing is left of the participant.

    ``outputs`` are files made from the study, and others with words of theirs, that git has (see `history`).
    """
    gone = sorted(path for path, data in plan.files.items() if data is None)
    cut = sorted(
        path
        for path, data in plan.files.items()
        if data is not None and path.startswith(("transcripts/", f"{FOLDER}/"))
    )
    yield "1. Commit this change, and push every branch that others still need; all of them will be written anew."
    yield "2. Take a fresh clone, and in it rewrite the history (https://github.com/newren/git-filter-repo):"
    if gone:
        yield "     git filter-repo --invert-paths \\\n" + " \\\n".join(
            f"       --path {_shell(path)}" for path in gone
        )
    if outputs:
        yield "   Exports and copies that were committed hold their words as well; in the same clone:"
        yield "     git filter-repo --force --invert-paths \\\n" + " \\\n".join(
            f"       --path {_shell(path)}" for path in outputs
        )
        yield "   Those that are still wanted are made again afterwards."
    if cut:
        yield (
            f"   {subject(len(cut), 'file', 'stays')}, with fewer words. "
            "To take their old versions out, too, put the new ones"
        )
        yield "   aside, remove these paths in the same way, and put the files back:"
        yield "\n".join(f"       --path {_shell(path)}" for path in cut)
    yield "3. Force the push (git push --force --all; git push --force --tags), and have everybody clone anew."
    yield "4. Ask the host to drop what it caches (forks, pull requests, releases), and delete artifacts given away."
    yield "5. Delete recordings, consent form, the participant's lines in the mapping of names and in its .before file."


def _shell(path: str) -> str:
    from shlex import quote

    return quote(path)
