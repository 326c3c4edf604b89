"""Rounds: planned, started, frozen into a copy that can be verified, revealed."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import which

import pytest

from postil_base.files.journal import write_many
from postil_base.problem import ChangedUnderneathError, PostilError, by_place
from postil_study.check.study import check_study
from postil_study.files.settings import CONSENSUS
from postil_study.layers.done import mark_done
from postil_study.layers.store import LayerStore
from postil_study.rounds.blind import hidden_layers
from postil_study.rounds.frozen import open_copy
from postil_study.rounds.plan import Round, RoundState, load_round
from postil_study.rounds.steps import assign, is_blind, plan_freeze, reveal_round, start_round, with_new_sums
from postil_study.study import open_study
from tests.transcripts_support import LAYER, small_study


def clock() -> datetime:
    return datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_study(tmp_path)


def started(root: Path) -> None:
    both = {"ana": ["I01"], "ben": ["I01"]}
    start_round(root, "R1", "reliability", both, sampling="all", seed=7, blind=True, clock=clock)


def frozen(root: Path) -> None:
    started(root)
    mark_done(root, "I01", "ana", "2026-05-01")
    plan_freeze(root, "R1", clock).apply()


def test_starting_writes_a_plan_people_can_read(root: Path) -> None:
    started(root)
    assert (root / "rounds/R1.yaml").read_text("utf-8") == (
        "purpose: reliability\ncodebook: 1.0.0\nsampling:\n  rule: all\n  seed: 7\nblind: true\nstate: started\n"
        "started: '2026-05-01T00:00:00Z'\nassignments:\n  ana: [I01]\n  ben: [I01]\n"
    )
    plan = open_study(root).rounds["R1"]
    assert (plan.purpose, plan.sampling, plan.seed, plan.blind, plan.state) == (
        "reliability",
        "all",
        7,
        True,
        "started",
    )
    assert plan.assignments == {"ana": ("I01",), "ben": ("I01",)}
    assert check_study(root) == []
    with pytest.raises(ChangedUnderneathError, match="is there already"):
        started(root)


def test_what_cannot_be_planned(root: Path) -> None:
    for arguments, message in [
        (("a b", "pilot", {}), "cannot name a round"),
        (("R1", "fun", {}), "purpose is one of"),
        (("R1", "pilot", {"eve": ["I01"]}), "no coder 'eve'"),
        (("R1", "pilot", {"ana": ["I02"]}), "no transcript 'I02' in this study; did you mean 'I01'"),
    ]:
        with pytest.raises(PostilError, match=message):
            start_round(root, *arguments)


def test_assigning_keeps_the_comments(root: Path) -> None:
    (root / "rounds").mkdir()
    (root / "rounds/R2.yaml").write_text(
        "# why\npurpose: pilot   # first\nassignments:\n  ana: [I01]\n", encoding="utf-8"
    )
    assert assign(root, "R2", "ben", ["I01", "I01"]).assignments == {"ana": ("I01",), "ben": ("I01",)}
    assert (root / "rounds/R2.yaml").read_text("utf-8").startswith("# why\npurpose: pilot   # first\n")
    (root / "rounds/R3.yaml").write_text("purpose: pilot\n", encoding="utf-8")
    assert assign(root, "R3", "ben", ["I01"]).assignments == {"ben": ("I01",)}
    with pytest.raises(PostilError, match="no round 'R9'"):
        assign(root, "R9", "ben", ["I01"])


def test_freezing_copies_what_counts_and_says_what_is_missing(root: Path) -> None:
    started(root)
    mark_done(root, "I01", "ana", "2026-05-01")
    plan = plan_freeze(root, "R1", clock)
    assert plan.missing == (("ben", "I01"),)
    assert sorted(plan.files) == [
        "codebook/codebook.yaml", "codings/ana/I01.jsonl", "study.yaml", "transcripts/I01.txt",
        "transcripts/transcripts.yaml",
    ]  # fmt: skip
    assert not (root / "rounds/R1").exists(), "a plan writes nothing"
    plan.apply()
    copy = open_copy(root, "R1")
    assert copy.layer("ana", "I01") == open_study(root).layer("ana", "I01")
    assert copy.transcripts["I01"].text == open_study(root).transcripts["I01"].text
    assert open_study(root).rounds["R1"].state == "frozen"
    assert by_place(check_study(root)) == []
    with pytest.raises(PostilError, match="is frozen already"):
        plan_freeze(root, "R1", clock)
    with pytest.raises(PostilError, match="start another round"):
        assign(root, "R1", "ben", ["I01"])


@pytest.mark.skipif(which("sha256sum") is None, reason="sha256sum is not installed")
def test_the_copy_can_be_verified_without_postil(root: Path) -> None:
    frozen(root)
    subprocess.run(["sha256sum", "-c", "SHA256SUMS.txt"], cwd=root / "rounds/R1", check=True, capture_output=True)


def test_coding_goes_on_and_the_copy_stays(root: Path) -> None:
    frozen(root)
    before = (root / "rounds/R1/codings/ana/I01.jsonl").read_bytes()
    (root / "codings/ana/I01.jsonl").write_text(LAYER, encoding="utf-8")
    assert (root / "rounds/R1/codings/ana/I01.jsonl").read_bytes() == before
    copy = open_copy(root, "R1")
    layer = copy.layer("ana", "I01")
    assert layer is not None
    with pytest.raises(PostilError, match="frozen copy"):
        LayerStore(copy.root).save(layer, layer)


@pytest.mark.parametrize(
    ("path", "data", "rule"),
    [
        ("codings/ana/I01.jsonl", LAYER, "frozen-changed"),
        ("transcripts/I01.txt", None, "frozen-missing"),
        ("codings/ben/I01.jsonl", LAYER, "frozen-changed"),
        ("SHA256SUMS.txt", "", "frozen-changed"),
        ("SHA256SUMS.txt", None, "frozen-missing"),
    ],
)
def test_a_copy_that_was_touched_is_noticed(root: Path, path: str, data: str | None, rule: str) -> None:
    frozen(root)
    file = root / "rounds/R1" / path
    if data is None:
        file.unlink()
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(data, encoding="utf-8")
    assert rule in {problem.rule for problem in check_study(root)}


def test_pseudonyms_in_a_copy_bring_its_checksums_along(root: Path) -> None:
    frozen(root)
    write_many(root, with_new_sums(root, "R1", {"transcripts/I01.txt": b"Interviewer:\nnew\n", "study.yaml": None}))
    assert check_study(root) == []


@pytest.mark.parametrize("state", ["planned", "started", "frozen", "revealed"])
def test_a_blind_round_hides_the_others_until_it_is_revealed_and_nothing_of_ones_own(state: RoundState) -> None:
    plan = Round("R1", blind=True, state=state, assignments={"ana": ("I01", "I02"), "ben": ("I01",)})
    hidden = {("ben", "I01"): "R1", (CONSENSUS, "I01"): "R1", (CONSENSUS, "I02"): "R1"} if state != "revealed" else {}
    assert hidden_layers([plan], "ana") == hidden
    assert ("ben", "I01") not in hidden_layers([plan], "ben")
    assert hidden_layers([replace(plan, blind=False)], "ana") == {}


def test_revealing_ends_blindness(root: Path) -> None:
    started(root)
    assert is_blind(open_study(root), "I01")
    with pytest.raises(PostilError, match="freeze it first"):
        reveal_round(root, "R1", clock)
    mark_done(root, "I01", "ana", "2026-05-01")
    plan_freeze(root, "R1", clock).apply()
    assert is_blind(open_study(root), "I01")
    assert reveal_round(root, "R1", clock).revealed == "2026-05-01T00:00:00Z"
    assert not is_blind(open_study(root), "I01")
    with pytest.raises(PostilError, match="already"):
        reveal_round(root, "R1", clock)


def test_a_change_between_plan_and_apply_is_refused(root: Path) -> None:
    started(root)
    plan = plan_freeze(root, "R1", clock)
    mark_done(root, "I01", "ana", "2026-05-01")
    with pytest.raises(ChangedUnderneathError):
        plan.apply()
    assert not (root / "rounds/R1").exists()


def test_reading_a_plan_with_mistakes() -> None:
    plan, problems = load_round("purpose: fun\nstate: half\nassignments: [a]\nseed: x\nfoo: 1\n", "rounds/R1.yaml")
    assert plan.state == "planned"
    assert sorted({problem.rule for problem in problems}) == ["unknown-key", "unknown-value", "yaml-type"]
