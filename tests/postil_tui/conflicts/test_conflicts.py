"""What two people want differently, decided in the app: keys in, layers out."""

from __future__ import annotations

from pathlib import Path

import msgspec
from textual.pilot import Pilot

from postil_base.yaml.merge import YamlConflict
from postil_study.git.conflicts import note_conflicts
from postil_study.git.deciding import decisions
from postil_study.history import codebook_changes
from postil_study.layers.record_merge import as_version
from postil_study.layers.store import LayerStore, start_layer
from postil_study.layers.values import add_relation, add_segment
from postil_study.new import write_git_files
from postil_study.study import open_study
from postil_study.text.values import Layer, Relation, Segment
from postil_tui.conflicts.screen import ConflictsScreen
from postil_tui.widgets.rows import Rows
from tests.git.clones import commit, git, needs_git
from tests.postil_tui.team.test_team import at, type_and_settle
from tests.tui_study import TEXT, make_study

QUOTE = "We looked at the hub."


def conflicting(tmp_path: Path) -> Path:
    """Ana's coding was changed on both sides of a merge, and so was a definition."""
    root = make_study(tmp_path)
    study = open_study(root)
    start = TEXT.index(QUOTE)
    mine = Segment(
        "aaaaaaaaaa", start, start + len(QUOTE), ("find-ptm",), QUOTE, memo="mine", at="2026-05-02T00:00:00Z"
    )
    theirs = msgspec.structs.replace(mine, codes=("popularity",), memo="theirs", at="2026-05-03T00:00:00Z")
    before = start_layer(study, "ana", "I01")
    both = add_segment(add_segment(before, mine), as_version(theirs, {mine.id}))  # type: ignore[arg-type]
    LayerStore(root, study.codebook).save(before, both)
    clash = YamlConflict(("codes", "trust", "definition"), "believing the maker", "relying on the maker")
    note_conflicts(root, "codebook/codes.yaml", [clash])
    return root


def layer(root: Path) -> Layer:
    return start_layer(open_study(root), "ana", "I01")


def shown(pilot: Pilot[int], name: str) -> str:
    rows = pilot.app.screen.query_one(name, Rows)
    return "\n".join(rows.render_line(y).text.rstrip() for y in range(rows.size.height))


async def test_both_versions_stand_side_by_side(tmp_path: Path) -> None:
    async with at(conflicting(tmp_path), "gk") as (pilot, app):
        assert isinstance(app.screen, ConflictsScreen)
        assert QUOTE in shown(pilot, "#open") and "codes/trust/definition" in shown(pilot, "#open")
        lines = [line.split() for line in shown(pilot, "#versions").splitlines()]
        assert ["●", "codes", "find-ptm", "│", "popularity"] in lines
        assert ["●", "memo", "mine", "│", "theirs"] in lines
        await type_and_settle(pilot, "j")
        assert "believing the maker" in shown(pilot, "#versions") and "relying on" in shown(pilot, "#versions")


async def test_theirs_is_taken_and_given_back(tmp_path: Path) -> None:
    root = conflicting(tmp_path)
    async with at(root, "gk") as (pilot, _):
        await type_and_settle(pilot, "2")
        assert [segment.memo for segment in layer(root).segments] == ["theirs"]
        assert QUOTE not in shown(pilot, "#open")
        await type_and_settle(pilot, "u")
        assert {segment.memo for segment in layer(root).segments} == {"mine", "theirs"}
        assert QUOTE in shown(pilot, "#open")
        await type_and_settle(pilot, "3")
        assert {segment.memo for segment in layer(root).segments} == {"mine", "theirs"}
        assert not [decision for decision in decisions(open_study(root)) if decision.versions]


async def test_a_definition_is_decided_too(tmp_path: Path) -> None:
    root = conflicting(tmp_path)
    async with at(root, "gk") as (pilot, _):
        await type_and_settle(pilot, "1", "2")
        assert open_study(root).codebook.codes["trust"].definition == "relying on the maker"
        assert "Nothing is to be decided" in shown(pilot, "#open")
        assert [segment.memo for segment in layer(root).segments] == ["mine"]


@needs_git
async def test_what_a_merge_lost_is_brought_back_by_a_key(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    write_git_files(root)
    git(root, "init", "-q", "-b", "main")
    commit(root, "start")
    git(root, "checkout", "-q", "-b", "theirs")
    before = start_layer(open_study(root), "ana", "I01")
    start = TEXT.index(QUOTE)
    theirs = Segment("tttttttttt", start, start + len(QUOTE), ("trust",), QUOTE, at="2026-05-02T00:00:00Z")
    LayerStore(root).save(before, add_segment(before, theirs))
    commit(root, "theirs")
    git(root, "checkout", "-q", "main")
    git(root, "commit", "-q", "--allow-empty", "-m", "mine")
    git(root, "merge", "-q", "-s", "ours", "--no-edit", "theirs")
    async with at(root, "gk") as (pilot, _):
        assert "1 lost in a merge" in shown(pilot, "#open")
        assert "given up" in shown(pilot, "#versions") and f"trust: {QUOTE}" in shown(pilot, "#versions")
        await type_and_settle(pilot, "2")
        assert [segment.id for segment in layer(root).segments] == ["tttttttttt"]
        await type_and_settle(pilot, "u")
        assert not layer(root).segments and "1 lost in a merge" in shown(pilot, "#open")
        await type_and_settle(pilot, "1")
        assert "tttttttttt" in layer(root).deleted and not list(decisions(open_study(root)))


async def test_a_deleted_code_that_codings_carry_and_a_relation_without_its_code_are_decided(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    codebook_changes.delete_code(root, "evaluate").apply()
    before = start_layer(open_study(root), "ana", "I01")
    start = TEXT.index(QUOTE)
    segment = Segment("aaaaaaaaaa", start, start + len(QUOTE), ("trust", "evaluate"), QUOTE, at="2026-05-02T00:00:00Z")
    relation = Relation("rrrrrrrrrr", segment.id, segment.id, "leads-to", "trust", "popularity", at=segment.at)
    LayerStore(root).save(before, add_relation(add_segment(before, segment), relation))
    async with at(root, "gk") as (pilot, _):
        assert "was deleted, and codings carry it" in shown(pilot, "#open")
        assert "a relation without its code" in shown(pilot, "#open")
        await type_and_settle(pilot, "1")
        assert layer(root).by_id["aaaaaaaaaa"].code_ids == ("trust",)
        await type_and_settle(pilot, "2")
        assert layer(root).by_id["aaaaaaaaaa"].code_ids == ("trust", "popularity")
        assert "Nothing is to be decided" in shown(pilot, "#open")
