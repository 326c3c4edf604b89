"""Random work of four coders on three branches, merged now and then: nothing is lost, held to a simple oracle."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as hypothesis_seed
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from postil_base.problem import PostilError
from postil_transcripts import surgery
from postil_transcripts.git.deciding import decisions, mark_settled, settle
from postil_transcripts.git.drivers import set_up
from postil_transcripts.git.mending import apply_mends, find_mends, follow_texts
from postil_transcripts.layers import add_segment, records, remove_segment, update_segment
from postil_transcripts.new_study import write_git_files
from postil_transcripts.record_merge import version_of
from postil_transcripts.retext import plan_reanchor
from postil_transcripts.store import LayerStore, start_layer
from postil_transcripts.study import Study, open_study
from postil_transcripts.types import Layer, Segment
from tests.git.clones import git, problems, run_git
from tests.transcripts_support import small_study

CODERS = ("ana", "ben", "cem", "dia")
BRANCHES = ("main", "left", "right")
SENTENCES = [f"Sentence {n} says that {'very ' * (n % 3)}much about model {n * 7}." for n in range(40)]
STUDY = "postil: 1\nid: team-1\ntitle: Team\ncodebook: codebook/codebook.yaml\ncoders: {ana: {}, ben: {}, cem: {}, dia: {}}\nparticipants: {E01: {}}\n"  # noqa: E501
MANIFEST = "I01:\n  speakers:\n    E01: {role: participant, participant: E01}\n"
BOOK = "title: Book\nversion: 1.0.0\ncodes:\n  alpha: {label: A}\n  beta: {label: B}\n  gamma:\n    label: C\n    children:\n      delta: {label: D}\n"  # noqa: E501
TEXT = "".join(f"E01:\nFiller {n}.\n\n{sentence}\n\n" for n, sentence in enumerate(SENTENCES))


@dataclass
class Known:
    """What one branch must know: records made there or merged into it."""

    made: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)  # removed by somebody
    memos: dict[str, set[str]] = field(default_factory=dict)  # of each record, all ever written
    replaced: set[str] = field(default_factory=set)  # memos that somebody wrote over
    codes: dict[str, set[str]] = field(default_factory=dict)  # what each record was coded with
    became: set[tuple[str, str]] = field(default_factory=set)  # codes that were renamed to or merged into others
    book: set[str] = field(default_factory=lambda: {"alpha", "beta", "gamma", "delta"})

    def take_in(self, other: Known) -> None:
        self.made |= other.made
        self.gone |= other.gone
        self.replaced |= other.replaced
        self.book |= other.book
        self.became |= other.became
        for mine, theirs in ((self.memos, other.memos), (self.codes, other.codes)):
            for id_, found in theirs.items():
                mine.setdefault(id_, set()).update(found)

    def may_be(self, id_: str) -> set[str]:
        """What a record may be coded with by now: whatever somebody made of its code."""
        found, before = set(self.codes[id_]), -1
        while len(found) > before:
            before = len(found)
            found |= {new for old, new in self.became if old in found}
        return found


KINDS = (
    "code",
    "code",
    "code",
    "write_memo",
    "write_memo",
    "remove",
    "rename_code",
    "merge_codes",
    "add_code",
    "correct",
    "merge",
)
branches = st.sampled_from(BRANCHES)
coders = st.sampled_from(CODERS)
picks = st.integers(0, 10_000)


class Team(RuleBasedStateMachine):
    """Four people, three branches, one oracle a branch."""

    @initialize()
    def begin(self) -> None:
        self.base = Path(tempfile.mkdtemp(prefix="postil-team-"))
        main = self.base / "main"
        main.mkdir()
        small_study(main, {"study.yaml": STUDY, "transcripts/transcripts.yaml": MANIFEST, "transcripts/I01.txt": TEXT,
                           "codebook/codebook.yaml": BOOK})  # fmt: skip
        (main / "codings/ana/I01.jsonl").unlink()
        write_git_files(main)
        git(main, "init", "-q", "-b", "main")
        git(main, "add", "-A")
        git(main, "commit", "-qm", "start")
        set_up(main)
        for branch in BRANCHES[1:]:
            git(main, "worktree", "add", "-q", "-b", branch, str(self.base / branch))
        self.known = {branch: Known() for branch in BRANCHES}
        self.acts = self.count = self.merges = self.clock = 0

    def teardown(self) -> None:
        if hasattr(self, "base"):
            try:
                for branch in ("left", "right"):
                    self._merge("main", branch)
                self._check("main")
                assert problems(self.base / "main") == []
            finally:
                shutil.rmtree(self.base, ignore_errors=True)

    @rule(kind=st.sampled_from(KINDS), branch=branches, coder=coders, pick=picks)
    def act(self, kind: str, branch: str, coder: str, pick: int) -> None:
        """One thing somebody does."""
        self.acts += 1
        if kind in ("code", "write_memo", "remove"):
            getattr(self, kind)(branch, coder, pick)
        else:
            getattr(self, kind)(branch, pick)

    # --- what people do ----------------------------------------------------------------------------------------------

    def _study(self, branch: str) -> Study:
        return open_study(self.base / branch)

    def _layer(self, branch: str, coder: str) -> tuple[Study, Layer]:
        study = self._study(branch)
        return study, start_layer(study, coder, "I01")

    def _now(self) -> str:
        self.clock += 1
        return f"2026-05-01T{self.clock // 3600 % 24:02}:{self.clock // 60 % 60:02}:{self.clock % 60:02}Z"

    def _pick(self, layer: Layer, pick: int) -> Segment | None:
        return layer.segments[pick % len(layer.segments)] if layer.segments else None

    def code(self, branch: str, coder: str, pick: int) -> None:
        study, layer = self._layer(branch, coder)
        text = study.transcripts["I01"].text
        sentence = SENTENCES[pick % len(SENTENCES)]
        start = text.index(sentence)
        codes = list(study.codebook.codes)
        code = codes[pick % len(codes)]
        self.count += 1
        id_ = f"{coder}{self.count:06}"
        segment = Segment(id_, start, start + len(sentence), (code,), sentence, at=self._now())
        LayerStore(study.root, study.codebook).save(layer, add_segment(layer, segment))
        self.known[branch].made.add(id_)
        self.known[branch].codes[id_] = {code}

    def write_memo(self, branch: str, coder: str, pick: int) -> None:
        study, layer = self._layer(branch, coder)
        found = self._pick(layer, pick)
        if found is None:
            return
        known, memo = self.known[branch], f"memo {self._now()}"
        known.replaced |= {found.memo} - {""}
        known.memos.setdefault(version_of(found) or found.id, set()).add(memo)
        changed = msgspec.structs.replace(found, memo=memo, at=self._now())
        LayerStore(study.root, study.codebook).save(layer, update_segment(layer, changed))

    def remove(self, branch: str, coder: str, pick: int) -> None:
        study, layer = self._layer(branch, coder)
        found = self._pick(layer, pick)
        if found is None or pick % 3:
            return
        LayerStore(study.root, study.codebook).save(layer, remove_segment(layer, found.id, self._now()))
        self.known[branch].gone.add(version_of(found) or found.id)

    def rename_code(self, branch: str, pick: int) -> None:
        codes = list(self._study(branch).codebook.codes)
        self._became(branch, codes[pick % len(codes)], f"code-{pick}-{self.clock}", surgery.rename_code)

    def merge_codes(self, branch: str, pick: int) -> None:
        codes = list(self._study(branch).codebook.codes)
        if len(codes) > 2 and pick % 2:
            one, other = codes[pick % len(codes)], codes[(pick // 7) % len(codes)]
            self._became(branch, one, other, lambda root, a, b: surgery.merge_codes(root, [a], b))

    def _became(self, branch: str, old: str, new: str, plan: Any) -> None:
        self.clock += 1
        try:
            plan(self.base / branch, old, new).apply()
        except PostilError:
            return
        self.known[branch].book.add(new)
        self.known[branch].became.add((old, new))

    def add_code(self, branch: str, pick: int) -> None:
        codes = list(self._study(branch).codebook.codes)
        parent = codes[pick % len(codes)] if pick % 2 else None
        self.clock += 1
        name = f"new-{self.clock}"
        surgery.add_code(self.base / branch, name, {"label": name}, parent).apply()
        self.known[branch].book.add(name)

    def correct(self, branch: str, pick: int) -> None:
        path = self.base / branch / "transcripts/I01.txt"
        text = path.read_text("utf-8")
        number = pick % len(SENTENCES)
        start = text.index(f"Filler {number}.")
        self.clock += 1
        path.write_text(f"{text[:start]}So, {'well ' * (self.clock % 4)}{text[start:]}", "utf-8")
        plan_reanchor(self.base / branch, "I01", text).apply()

    def merge(self, branch: str, pick: int) -> None:
        others = [other for other in BRANCHES if other != branch]
        self._merge(branch, others[pick % 2])

    # --- merging -----------------------------------------------------------------------------------------------------

    def _merge(self, into: str, other: str) -> None:
        for branch in (into, other):
            self._commit(branch)
        root = self.base / into
        done = run_git(root, "merge", "-q", "--no-edit", other)
        assert done.returncode in (0, 1), done.stderr
        self.merges += 1
        apply_mends(root, find_mends(root))
        texts = [d.name for d in decisions(open_study(root)) if d.versions is None]
        if texts:
            self._settle(root)
        follow_texts(root)
        mark_settled(root)
        self._commit(into)
        self.known[into].take_in(self.known[other])
        self._check(into)

    def _settle(self, root: Path) -> None:
        names = [decision.name for decision in decisions(open_study(root)) if decision.versions is None]
        settle(root, names, "mine")

    def _commit(self, branch: str) -> None:
        root = self.base / branch
        git(root, "add", "-A")
        run_git(root, "commit", "-qm", "work")  # nothing to commit is no matter
        assert git(root, "status", "--porcelain") == ""

    # --- the oracle --------------------------------------------------------------------------------------------------

    def _check(self, branch: str) -> None:
        study, known = self._study(branch), self.known[branch]
        text, book = study.transcripts["I01"].text, study.codebook
        alive = {record.id: record for layer in study.layers() for record in records(layer)}
        firsts = {version_of(record) or id_ for id_, record in alive.items()}
        assert known.made - known.gone <= firsts, f"lost: {known.made - known.gone - firsts}"
        for id_, record in alive.items():
            assert isinstance(record, Segment) and record.start is not None
            assert text[record.start : record.end] == record.quote, f"{id_} is at a wrong place"
            assert not record.unanchored
            allowed = {book.resolve(code) for code in known.may_be(version_of(record) or id_)}
            assert {book.resolve(code) for code in record.code_ids} <= allowed - {None}, (record, known.codes)
            assert record.codes, f"{id_} lost its code"
        written = {record.memo for record in alive.values()}
        for id_, memos in known.memos.items():
            if id_ in firsts and id_ not in known.gone:
                assert memos - known.replaced <= written, f"a memo of {id_} is lost"
        for code in known.book:
            assert book.resolve(code) is not None, f"code {code} leads nowhere"

    @invariant()
    def every_branch_reads(self) -> None:
        if self.acts % 10 == 9:
            for branch in BRANCHES:
                assert not [line for line in problems(self.base / branch) if "two versions" not in line]


def play(steps: int, times: int, seed: int | None = None) -> None:
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    wanted = settings(
        max_examples=times,
        stateful_step_count=steps,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=seed is None,
    )
    machine = type("SeededTeam", (Team,), {})
    run_state_machine_as_test(hypothesis_seed(seed)(machine) if seed is not None else machine, settings=wanted)


@pytest.mark.skipif(which("git") is None, reason="git is not installed")
def test_a_short_history_of_a_team_loses_nothing() -> None:
    play(24, 1)


@pytest.mark.prove
@pytest.mark.skipif(which("git") is None, reason="git is not installed")
def test_two_hundred_operations_of_a_team_lose_nothing() -> None:
    play(200, 6)
