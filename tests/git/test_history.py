"""Random work of four coders on three branches, merged now and then: nothing is lost, held to a simple oracle."""

from __future__ import annotations

import random
import shutil
import tempfile
from pathlib import Path
from shutil import which
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from postil_base.problem import PostilError
from postil_study.anchoring.correction import plan_reanchor
from postil_study.check.study import check_study
from postil_study.git.deciding import Choice, decisions, mark_settled, settle
from postil_study.git.drivers import set_up
from postil_study.git.mending import apply_mends, find_mends, follow_texts
from postil_study.history import codebook_changes
from postil_study.layers.store import LayerStore, start_layer
from postil_study.layers.values import add_relation, add_segment, remove_relation, remove_segment, update_segment
from postil_study.new import write_git_files
from postil_study.rounds.steps import plan_freeze, start_round
from postil_study.study import Study, open_study
from postil_study.text.values import Layer, Relation, Segment
from tests.git.clones import WITHOUT_DRIVERS, git, problems, run_git
from tests.git.oracle import Known, first_id, lost
from tests.transcripts_support import write_files

CODERS = ("ana", "ben", "cem", "dia")
BRANCHES = ("main", "left", "right")
TRANSCRIPTS = ("I01", "I02")
SENTENCES = [f"Sentence {n} says that {'very ' * (n % 3)}much about model {n * 7}." for n in range(40)]
TEXT = "".join(f"E01:\nFiller {n}.\n\n{sentence}\n\n" for n, sentence in enumerate(SENTENCES))
MANIFEST = "".join(f"{id_}:\n  speakers:\n    E01: {{role: participant, participant: E01}}\n" for id_ in TRANSCRIPTS)
FILES = {
    "study.yaml": "postil: 1\nid: team-1\ntitle: Team\ncodebook: codebook/codebook.yaml\n"
    f"coders: {{{', '.join(f'{coder}: {{}}' for coder in CODERS)}}}\nparticipants: {{E01: {{}}}}\n",
    "transcripts/transcripts.yaml": MANIFEST,
    **{f"transcripts/{id_}.txt": TEXT for id_ in TRANSCRIPTS},
    "codebook/codebook.yaml": "title: Book\nversion: 1.0.0\ncodes:\n  alpha: {label: A}\n  beta: {label: B}\n"
    "  gamma:\n    label: C\n    children:\n      delta: {label: D}\n",
}
OFTEN = ("code", "code", "code", "write_memo", "write_memo", "merge")
KINDS = (
    *OFTEN,
    *("remove", "rename_code", "merge_codes", "move_code", "add_code", "correct", "web_merge", "decide", "freeze"),
    *("put_on", "put_on", "take_off", "relate", "relate", "relate"),
)


class Team(RuleBasedStateMachine):
    """Four people, three branches, one oracle a branch."""

    @initialize()
    def begin(self) -> None:
        self.base = Path(tempfile.mkdtemp(prefix="postil-team-"))
        main = self.base / "main"
        main.mkdir()
        write_files(main, FILES)
        write_git_files(main)
        git(main, "init", "-q", "-b", "main")
        self.known = {branch: Known(book={"alpha", "beta", "gamma", "delta"}) for branch in BRANCHES}
        self.acts = self.count = self.clock = 0
        self._commit("main")
        set_up(main)
        for branch in BRANCHES[1:]:
            git(main, "worktree", "add", "-q", "-b", branch, str(self.base / branch))

    def teardown(self) -> None:
        if hasattr(self, "base"):
            try:
                for branch in BRANCHES[1:]:
                    self._merge("main", branch)
                assert problems(self.base / "main") == []
            finally:
                shutil.rmtree(self.base, ignore_errors=True)

    @rule(
        kind=st.sampled_from(KINDS),
        branch=st.sampled_from(BRANCHES),
        coder=st.sampled_from(CODERS),
        pick=st.integers(0, 10_000),
    )
    def act(self, kind: str, branch: str, coder: str, pick: int) -> None:
        """One thing somebody does."""
        self.acts += 1
        if kind in ("code", "write_memo", "remove", "put_on", "take_off", "relate"):
            getattr(self, kind)(branch, coder, pick)
        else:
            getattr(self, kind)(branch, pick)

    @invariant()
    def every_branch_reads(self) -> None:
        if self.acts % 20 == 19:
            for branch in BRANCHES:
                assert problems(self.base / branch) == []

    # --- what people do ----------------------------------------------------------------------------------------------

    def _study(self, branch: str) -> Study:
        return open_study(self.base / branch)

    def _layer(self, branch: str, coder: str, pick: int) -> tuple[Study, Layer]:
        study = self._study(branch)
        return study, start_layer(study, coder, TRANSCRIPTS[pick // 3 % 2])

    def _now(self) -> str:
        self.clock += 1
        return f"2026-05-01T{self.clock // 3600 % 24:02}:{self.clock // 60 % 60:02}:{self.clock % 60:02}Z"

    def _save(self, study: Study, before: Layer, after: Layer) -> None:
        LayerStore(study.root, study.codebook).save(before, after)

    def code(self, branch: str, coder: str, pick: int) -> None:
        study, layer = self._layer(branch, coder, pick)
        sentence = SENTENCES[pick % len(SENTENCES)]
        start = study.transcripts[layer.header.transcript].text.index(sentence)
        codes = list(study.codebook.codes)
        code = codes[pick % len(codes)]
        self.count += 1
        id_ = f"{coder}{self.count:06}"
        segment = Segment(id_, start, start + len(sentence), (code,), sentence, at=self._now())
        self._save(study, layer, add_segment(layer, segment))
        self.known[branch].made.add(id_)
        self.known[branch].codes[id_] = code

    def write_memo(self, branch: str, coder: str, pick: int) -> None:
        study, layer = self._layer(branch, coder, pick)
        if not layer.segments:
            return
        found = layer.segments[pick % len(layer.segments)]
        known, memo = self.known[branch], f"memo {self._now()}"
        known.replaced |= {found.memo} - {""}
        known.memos.setdefault(first_id(found), set()).add(memo)
        changed = msgspec.structs.replace(found, memo=memo, at=self._now())
        self._save(study, layer, update_segment(layer, changed))

    def remove(self, branch: str, coder: str, pick: int) -> None:
        study, layer = self._layer(branch, coder, pick)
        if layer.segments:
            found = layer.segments[pick % len(layer.segments)]
            self._save(study, layer, remove_segment(layer, found.id, self._now()))
            self.known[branch].gone.add(first_id(found))

    def put_on(self, branch: str, coder: str, pick: int) -> None:
        """A second code on a segment, for relations to name."""
        study, layer = self._layer(branch, coder, pick)
        if layer.segments:
            found, code = layer.segments[pick % len(layer.segments)], self._code(branch, pick // 5)
            if code not in found.code_ids:
                changed = msgspec.structs.replace(found, codes=(*found.codes, code), at=self._now())
                self._save(study, layer, update_segment(layer, changed))
                self.known[branch].others.setdefault(first_id(found), set()).add(code)

    def take_off(self, branch: str, coder: str, pick: int) -> None:
        """A second code comes off again, with its relations, as in the app."""
        study, layer = self._layer(branch, coder, pick)
        many = [segment for segment in layer.segments if len(segment.codes) > 1]
        if many:
            found = many[pick % len(many)]
            gone = found.code_ids[-1]
            changed = msgspec.structs.replace(found, codes=found.codes[:-1], at=self._now())
            after = update_segment(layer, changed)
            for relation in layer.relations:
                if (found.id, gone) in (
                    (relation.source, relation.source_code),
                    (relation.target, relation.target_code),
                ):
                    after = remove_relation(after, relation.id, self._now())
            self._save(study, layer, after)

    def relate(self, branch: str, coder: str, pick: int) -> None:
        """The last codes of two segments, so that taking one off concerns the relation."""
        study, layer = self._layer(branch, coder, pick)
        if len(layer.segments) > 1:
            one, other = (layer.segments[number % len(layer.segments)] for number in (pick, pick // 3))
            if one.codes and other.codes:
                self.count += 1
                codes, now = (one.code_ids[-1], other.code_ids[-1]), self._now()
                relation = Relation(f"r{coder}{self.count:05}", one.id, other.id, "leads-to", *codes, at=now)
                self._save(study, layer, add_relation(layer, relation))

    def rename_code(self, branch: str, pick: int) -> None:
        self._became(branch, self._code(branch, pick), f"code-{pick}-{self.clock}", codebook_changes.rename_code)

    def merge_codes(self, branch: str, pick: int) -> None:
        if len(self._study(branch).codebook.codes) > 2:
            one, other = self._code(branch, pick), self._code(branch, pick // 7)
            self._became(branch, one, other, lambda root, a, b: codebook_changes.merge_codes(root, [a], b))

    def _code(self, branch: str, pick: int) -> str:
        codes = list(self._study(branch).codebook.codes)
        return codes[pick % len(codes)]

    def _became(self, branch: str, old: str, new: str, plan: Any) -> None:
        self.clock += 1
        try:
            plan(self.base / branch, old, new).apply()
        except PostilError:  # a code merged into itself, or into one below it
            return
        self.known[branch].book.add(new)
        self.known[branch].became.add((old, new))

    def move_code(self, branch: str, pick: int) -> None:
        code, parent = self._code(branch, pick), self._code(branch, pick // 7) if pick % 3 else None
        try:
            codebook_changes.move_code(self.base / branch, code, parent).apply()
        except PostilError:  # below itself
            return

    def add_code(self, branch: str, pick: int) -> None:
        self.clock += 1
        name = f"new-{self.clock}"
        parent = self._code(branch, pick) if pick % 2 else None
        codebook_changes.add_code(self.base / branch, name, {"label": name}, parent).apply()
        self.known[branch].book.add(name)

    def correct(self, branch: str, pick: int) -> None:
        """Words before a sentence are corrected, and all codings follow."""
        transcript, number = TRANSCRIPTS[pick % 2], pick // 2 % len(SENTENCES)
        path = self.base / branch / f"transcripts/{transcript}.txt"
        text = path.read_text("utf-8")
        start = text.index(f"Filler {number}.")
        self.clock += 1
        path.write_text(f"{text[:start]}So, {'well ' * (self.clock % 4)}{text[start:]}", "utf-8")
        plan_reanchor(self.base / branch, transcript, text).apply()

    def freeze(self, branch: str, pick: int) -> None:
        """A round whose copy must never change again."""
        if len(self.known[branch].frozen) > 20:
            return
        root, round_id = self.base / branch, f"R{self.clock}-{branch}"
        self.clock += 1
        start_round(root, round_id, "reliability", {coder: [TRANSCRIPTS[pick % 2]] for coder in CODERS[:2]})
        plan_freeze(root, round_id).apply()
        copies = [file for file in (root / "rounds" / round_id).rglob("*") if file.is_file()]
        self.known[branch].frozen |= {file.relative_to(root).as_posix(): file.read_bytes() for file in copies}

    def decide(self, branch: str, pick: int) -> None:
        """Somebody decides which of two versions of a record stays."""
        found = [decision for decision in decisions(self._study(branch)) if decision.versions is not None]
        if not found:
            return
        decision = found[pick % len(found)]
        choices: tuple[Choice, ...] = ("mine", "theirs", "both")
        choice = choices[pick % 3]
        assert decision.versions is not None
        settle(self.base / branch, [decision.name], choice)
        dropped = {"mine": {decision.versions[1].memo}, "theirs": {decision.versions[0].memo}, "both": set[str]()}
        self.known[branch].replaced |= dropped[choice] - {""}

    # --- merging -----------------------------------------------------------------------------------------------------

    def merge(self, branch: str, pick: int) -> None:
        self._merge(branch, self._other(branch, pick))

    def web_merge(self, branch: str, pick: int) -> None:
        """A merge line by line, as a platform does it; what it left in disorder, `check` must have found."""
        self._merge(branch, self._other(branch, pick), *WITHOUT_DRIVERS)

    def _other(self, branch: str, pick: int) -> str:
        return [other for other in BRANCHES if other != branch][pick % 2]

    def _merge(self, into: str, other: str, *options: str) -> None:
        for branch in (into, other):
            self._commit(branch)
        for branch in (into, other):  # names a book got as a merge left them, with the conflict listed
            book = self._study(branch).codebook
            self.known[branch].became |= {(name, code.id) for code in book.codes.values() for name in code.formerly}
        root = self.base / into
        done = run_git(root, *options, "merge", "-q", "--no-edit", other, clock=self.clock)
        assert done.returncode in (0, 1), done.stderr
        self._tidy(root)
        self._commit(into)
        self.known[into].take_in(self.known[other])
        self._check(into)

    def _tidy(self, root: Path) -> None:
        """What `postil merge` does; of texts both corrected in one place, ours is taken."""
        found = check_study(root)
        mends = find_mends(root)
        assert found or not mends, f"check does not find what merge mends: {mends}"
        apply_mends(root, mends)
        found_out = [decision for decision in decisions(open_study(root)) if decision.versions is None]
        texts = [decision.name for decision in found_out if decision.hanging is None]
        if texts:
            settle(root, texts, "mine")
        sides: tuple[Choice, Choice] = ("mine", "theirs")
        for number, decision in enumerate(found_out):
            if decision.hanging is not None:
                settle(root, [decision.name], sides[number % 2])
        for decision in decisions(open_study(root)):
            assert decision.lost is None, f"nothing is lost in a merge nobody settled by one side: {decision.said}"
        assert found or not follow_texts(root), "check does not find codings that are off"
        follow_texts(root)
        mark_settled(root)
        left = problems(root)
        assert not left, "\n".join(left)

    def _commit(self, branch: str) -> None:
        root = self.base / branch
        self.clock += 1
        run_git(root, "add", "-A")
        run_git(root, "commit", "-qm", "work", clock=self.clock)  # nothing to commit is no matter
        assert git(root, "status", "--porcelain") == ""

    def _check(self, branch: str) -> None:
        study, known = self._study(branch), self.known[branch]
        layers = list(study.layers())
        alive = [segment for layer in layers for segment in layer.segments]
        texts = {s.id: study.transcripts[layer.header.transcript].text for layer in layers for s in layer.segments}
        wrong = lost(known, alive, texts, study.codebook)
        assert not wrong, "\n".join(wrong)
        for path, data in known.frozen.items():
            assert (study.root / path).read_bytes() == data, f"{path} is not as it was frozen"


def play(steps: int, seed: int) -> None:
    """One history; hypothesis, which begins with the simplest ones, is asked for others beside this."""
    rng, team = random.Random(seed), Team()
    team.begin()
    for _ in range(steps):
        team.act(rng.choice(KINDS), rng.choice(BRANCHES), rng.choice(CODERS), rng.randrange(10_000))
        team.every_branch_reads()
    team.teardown()


@pytest.mark.skipif(which("git") is None, reason="git is not installed")
def test_a_short_history_of_a_team_loses_nothing() -> None:
    play(40, 7)


@pytest.mark.prove
@pytest.mark.skipif(which("git") is None, reason="git is not installed")
@pytest.mark.parametrize("seed", range(1, 21))
def test_two_hundred_operations_of_a_team_lose_nothing(seed: int) -> None:
    play(200, seed)


@pytest.mark.prove
@pytest.mark.skipif(which("git") is None, reason="git is not installed")
def test_histories_hypothesis_thinks_of_lose_nothing() -> None:
    wanted = settings(
        max_examples=4,
        stateful_step_count=200,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=True,
    )
    run_state_machine_as_test(Team, settings=wanted)
