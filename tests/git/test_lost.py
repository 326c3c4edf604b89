"""What a merge lost or decided unseen: codings of the side not taken, ids of deleted codes, codes in two books."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from postil_base.problem import PostilError
from postil_codebook.retired import retired_as
from postil_study.check.study import check_study
from postil_study.git.deciding import decisions, settle
from postil_study.history import codebook_changes
from postil_study.layers.store import LayerStore
from postil_study.layers.values import add_relation
from postil_study.study import open_study
from postil_study.text.values import Relation
from tests.git.clones import (
    FIRST,
    SECOND,
    WITHOUT_DRIVERS,
    change,
    code,
    commit,
    correct,
    git,
    layer,
    merge_codes,
    needs_git,
    on_branch,
    postil,
    problems,
    remove,
    rename,
    run_git,
    team_study,
    words_are_where_they_should,
)

pytestmark = needs_git
THEIRS = "tttttttttt"


def rules(root: Path) -> list[str]:
    return [problem.rule for problem in check_study(root)]


def branches(root: Path, mine: Callable[[Path], None], theirs: Callable[[Path], None]) -> None:
    on_branch(root, "theirs")
    theirs(root)
    commit(root, "theirs")
    on_branch(root, "main")
    mine(root)
    commit(root, "mine")


def code_mine(root: Path) -> None:
    code(root, "ana", "mmmmmmmmmm", 43, 50, "trust")


def code_theirs(root: Path) -> None:
    code(root, "ana", THEIRS, 44, 50, "issues")


def take_ours(root: Path) -> None:
    run_git(root, *WITHOUT_DRIVERS, "merge", "-q", "theirs")
    git(root, "checkout", "--ours", "--", "codings")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "merged, ours taken")


def strategy_ours(root: Path) -> None:
    git(root, "merge", "-q", "-s", "ours", "--no-edit", "theirs")


def prefer_ours(root: Path) -> None:
    git(root, "merge", "-q", "-X", "ours", "--no-edit", "theirs")


def take_theirs(root: Path) -> None:
    """The other way round: mine is lost."""
    run_git(root, *WITHOUT_DRIVERS, "merge", "-q", "theirs")
    git(root, "checkout", "--theirs", "--", "codings")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "merged, theirs taken")


WAYS = {way.__name__: way for way in (take_ours, strategy_ours, prefer_ours, take_theirs)}


@pytest.mark.parametrize("later", [0, 3])
@pytest.mark.parametrize("way", WAYS)
def test_codings_of_the_side_not_taken_are_found_and_brought_back(tmp_path: Path, way: str, later: int) -> None:
    """Also when work went on since; nothing is lost by then either."""
    root = team_study(tmp_path, drivers=False)
    branches(root, code_mine, code_theirs)
    WAYS[way](root)
    lost = "mmmmmmmmmm" if way == "take_theirs" else THEIRS
    assert lost not in layer(root).by_id
    for number in range(later):
        code(root, "ben", f"later{number:05}", 43, 50, "trust")
        commit(root)
    assert "lost-in-merge" in rules(root)
    told = postil(root, "merge")
    assert told.returncode == 1 and "1 coding of ana in I01 got lost in a merge" in told.stdout
    done = postil(root, "merge", "codings/ana/I01.jsonl", "--take", "theirs")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {"mmmmmmmmmm", THEIRS, FIRST, SECOND} <= set(layer(root).by_id)
    assert problems(root) == [] and words_are_where_they_should(root)
    commit(root)
    assert "lost-in-merge" not in rules(root) and "nothing is left" in postil(root, "merge").stderr.lower()


def test_lost_codings_are_given_up_for_good(tmp_path: Path) -> None:
    root = team_study(tmp_path, drivers=False)
    branches(root, code_mine, code_theirs)
    strategy_ours(root)
    assert postil(root, "merge", "--take", "mine").returncode == 0
    assert THEIRS in layer(root).deleted
    commit(root)
    assert "lost-in-merge" not in rules(root)


def test_a_whole_layer_is_brought_back(tmp_path: Path) -> None:
    root = team_study(tmp_path, drivers=False)
    branches(root, code_mine, lambda root: code(root, "ben", "bbbbbbben1", 43, 50, "issues"))
    strategy_ours(root)
    assert not (root / "codings/ben/I01.jsonl").exists()
    settle(root, [], "theirs")
    assert set(layer(root, "ben").by_id) == {"bbbbbbben1"} and problems(root) == []


def test_lost_codings_come_back_onto_the_corrected_text_and_with_the_new_name_of_their_code(tmp_path: Path) -> None:
    root = team_study(tmp_path, drivers=False)
    branches(root, code_mine, code_theirs)
    strategy_ours(root)
    correct(root, "How did you choose it?", "So: how did you choose it in the end?")
    rename(root, "issues", "tracker")
    commit(root)
    settle(root, [], "theirs")
    assert layer(root).by_id[THEIRS].code_ids == ("tracker",)
    assert words_are_where_they_should(root) and problems(root) == []


def test_what_somebody_deleted_or_took_out_is_not_lost(tmp_path: Path) -> None:
    root = team_study(tmp_path)
    branches(root, lambda root: remove(root, FIRST), lambda root: change(root, SECOND, memo="theirs"))
    git(root, "merge", "-q", "--no-edit", "theirs")
    assert "lost-in-merge" not in rules(root)
    strategy_ours(root)
    git(root, "rm", "-q", "-r", "codings", "transcripts/I01.txt")
    commit(root)
    assert "lost-in-merge" not in rules(root), "the text is gone, and its codings with it"


def test_a_merge_not_committed_yet_is_looked_at_too(tmp_path: Path) -> None:
    root = team_study(tmp_path, drivers=False)
    branches(root, code_mine, code_theirs)
    run_git(root, *WITHOUT_DRIVERS, "merge", "-q", "theirs")
    git(root, "checkout", "--ours", "--", "codings")
    git(root, "add", "-A")
    assert "lost-in-merge" in rules(root)
    assert "the one not committed yet" in postil(root, "merge").stdout


def test_without_git_there_is_nothing_to_look_into(tmp_path: Path) -> None:
    root = team_study(tmp_path)
    (root / ".git").rename(root / ".elsewhere")
    assert "lost-in-merge" not in rules(root)


# --- deleted codes keep their ids -----------------------------------------------------------------------------------


def delete(root: Path, code_: str) -> None:
    codebook_changes.delete_code(root, code_).apply()


def define(root: Path, code_: str, words: str) -> None:
    codebook_changes.set_field(root, code_, "definition", words).apply()


def add_again(root: Path, code_: str, words: str) -> None:
    codebook_changes.add_code(root, code_, {"definition": words}, again=True).apply()


def test_the_id_of_a_deleted_code_is_asked_about(tmp_path: Path) -> None:
    root = team_study(tmp_path)
    delete(root, "issues")
    was = retired_as(open_study(root).codebook, "issues")
    assert was is not None and was.deleted
    refused = postil(root, "codebook", "add", "issues", "--yes")
    assert refused.returncode != 0
    assert "the same code again" in refused.stderr and "choose another id" in refused.stderr
    with pytest.raises(PostilError, match="was the id of a code that was deleted"):
        rename(root, "trust", "issues")
    done = postil(root, "codebook", "add", "issues", "--again", "--yes")
    assert done.returncode == 0, done.stderr
    assert problems(root) == [] and open_study(root).codebook.codes["issues"].changed


def test_a_former_id_of_a_deleted_code_is_reserved_too(tmp_path: Path) -> None:
    root = team_study(tmp_path)
    rename(root, "issues", "tracker")
    delete(root, "tracker")
    assert "postil codebook add tracker --again" in postil(root, "codebook", "add", "issues", "--yes").stderr


@pytest.mark.parametrize("choice", ["mine", "theirs"])
@pytest.mark.parametrize("drivers", [True, False])
def test_a_deleted_id_that_was_given_away_is_asked_about_when_it_is_merged(
    tmp_path: Path, drivers: bool, choice: str
) -> None:
    """The other branch's codings would take the new meaning."""
    root = team_study(tmp_path, drivers)

    def give_away(root: Path) -> None:
        delete(root, "issues")
        add_again(root, "issues", "Something else.")

    branches(root, give_away, code_theirs)
    run_git(root, *(() if drivers else WITHOUT_DRIVERS), "merge", "-q", "--no-edit", "theirs")
    told = postil(root, "merge")
    assert told.returncode == 1
    assert "and added again on" in told.stdout and "1 coding carries it from before: ana (1)" in told.stdout
    done = postil(root, "merge", "issues", "--take", choice)
    assert done.returncode == 0, done.stdout + done.stderr
    assert layer(root).by_id[THEIRS].code_ids == (("issues",) if choice == "theirs" else ())
    assert "stale-code" not in rules(root) and problems(root) == []


@pytest.mark.parametrize("choice", ["mine", "theirs"])
@pytest.mark.parametrize("drivers", [True, False])
def test_codings_with_a_code_deleted_on_the_other_branch_are_decided(
    tmp_path: Path, drivers: bool, choice: str
) -> None:
    root = team_study(tmp_path, drivers)
    branches(root, lambda root: delete(root, "issues"), code_theirs)
    run_git(root, *(() if drivers else WITHOUT_DRIVERS), "merge", "-q", "--no-edit", "theirs")
    told = postil(root, "merge").stdout
    assert "the code issues was deleted on " in told and "carr" in told
    done = postil(root, "merge", "issues", "--take", choice)
    assert done.returncode == 0, done.stdout + done.stderr
    assert problems(root) == [] and THEIRS in layer(root).by_id
    assert ("issues" in open_study(root).codebook.codes) == (choice == "theirs")
    assert layer(root).by_id[THEIRS].code_ids == (("issues",) if choice == "theirs" else ())


def test_both_delete_and_both_keep_the_id(tmp_path: Path) -> None:
    root = team_study(tmp_path)

    def other(root: Path) -> None:
        delete(root, "issues")
        codebook_changes.add_code(root, "new", {"definition": "n"}).apply()
        delete(root, "new")

    branches(root, lambda root: delete(root, "issues"), other)
    git(root, "merge", "-q", "--no-edit", "theirs")
    book = open_study(root).codebook
    assert set(book.retired) == {"issues", "new"} and problems(root) == []
    assert not list(decisions(open_study(root)))


# --- without the driver: what the driver asks is asked -------------------------------------------------------------

Work = Callable[[Path], None]


def renamed(to: str) -> Work:
    return lambda root: rename(root, "issues", to)


def merged(into: str) -> Work:
    return lambda root: merge_codes(root, "issues", into)


def deleted(root: Path) -> None:
    delete(root, "issues")


AGAINST: dict[str, tuple[Work, Work]] = {
    "rename against merge": (renamed("tracker"), merged("trust")),
    "merge against rename": (merged("trust"), renamed("tracker")),
    "delete against merge": (deleted, merged("trust")),
    "merge against delete": (merged("trust"), deleted),
    "delete against rename": (deleted, renamed("tracker")),
    "rename against delete": (renamed("tracker"), deleted),
    "delete against define": (deleted, lambda root: define(root, "issues", "Anew.")),
    "rename twice": (renamed("tracker"), renamed("tickets")),
    "merge twice": (merged("trust"), merged("popularity")),
}


@pytest.mark.parametrize("name", AGAINST)
def test_without_the_driver_the_same_is_asked(tmp_path: Path, name: str) -> None:
    mine, theirs = AGAINST[name]
    said = []
    for drivers in (True, False):
        root = team_study(tmp_path / str(drivers), drivers)
        branches(root, mine, theirs)
        done = run_git(root, *(() if drivers else WITHOUT_DRIVERS), "merge", "-q", "--no-edit", "theirs")
        if not drivers:  # committed as it is, as a platform would
            git(root, "add", "-A")
            assert not done.returncode or run_git(root, "commit", "-qm", "merged").returncode == 0
        told = postil(root, "merge")
        assert told.returncode == 1, told.stdout + told.stderr
        assert "duplicate-code" not in rules(root)
        said.append({(d.path, d.said) for d in decisions(open_study(root)) if d.entry is not None})
        book = open_study(root).codebook
        assert len([code_ for code_ in book.codes.values() if "issues" in (code_.id, *code_.formerly)]) <= 1
    assert said[0] == said[1] != set()


# --- relations ------------------------------------------------------------------------------------------------------


def relate(root: Path) -> None:
    before = layer(root)
    relation = Relation("rrrrrrrrrr", FIRST, SECOND, "leads-to", source_code="trust", target_code="issues")
    LayerStore(root, open_study(root).codebook).save(before, add_relation(before, relation))


def with_both_codes(root: Path) -> Path:
    """A study in which the first segment carries two codes, on both branches."""
    change(root, FIRST, codes=("popularity", "trust"))
    commit(root)
    git(root, "branch", "-f", "theirs")
    return root


@pytest.mark.parametrize("drivers", [True, False])
@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_a_relation_whose_code_was_taken_off_on_the_other_side_is_decided(
    tmp_path: Path, drivers: bool, choice: str
) -> None:
    root = with_both_codes(team_study(tmp_path, drivers))
    branches(root, lambda root: change(root, FIRST, "2026-05-03T00:00:00Z", codes=("popularity",)), relate)
    run_git(root, *(() if drivers else WITHOUT_DRIVERS), "merge", "-q", "--no-edit", "theirs")
    git(root, "add", "-A")
    run_git(root, "commit", "-qm", "merged")
    assert "relation-code" in rules(root)
    told = postil(root, "merge")
    assert (
        told.returncode == 1 and "relation rrrrrrrrrr (trust leads-to issues): trust is not on segment" in told.stdout
    )
    assert postil(root, "merge", "rrrrrrrrrr", "--take", choice).returncode == 0
    assert "relation-code" not in rules(root) and problems(root) == []
    assert ("rrrrrrrrrr" in [r.id for r in layer(root).relations]) == (choice == "theirs")
    assert ("trust" in layer(root).by_id[FIRST].code_ids) == (choice == "theirs")


@pytest.mark.parametrize("drivers", [True, False])
def test_a_relation_goes_with_a_segment_deleted_on_the_other_side_and_that_is_said(
    tmp_path: Path, drivers: bool
) -> None:
    root = with_both_codes(team_study(tmp_path, drivers))
    branches(root, lambda root: remove(root, SECOND), relate)
    run_git(root, *(() if drivers else WITHOUT_DRIVERS), "merge", "-q", "--no-edit", "theirs")
    git(root, "add", "-A")
    run_git(root, "commit", "-qm", "merged")
    assert "relation-end" in rules(root)
    assert "went with a segment that was deleted on the other side" in postil(root, "merge").stdout
    assert "relation-end" not in rules(root) and "rrrrrrrrrr" in layer(root).deleted


def rebased(root: Path) -> None:
    """My work anew on top of theirs; it does not fit, and the commit is skipped."""
    assert run_git(root, *WITHOUT_DRIVERS, "rebase", "theirs").returncode
    git(root, "rebase", "--skip")


def squashed(root: Path) -> None:
    """My branch as one commit on theirs, in which their side of each conflict stays; then the branch is deleted."""
    git(root, "checkout", "-q", "theirs")
    run_git(root, *WITHOUT_DRIVERS, "merge", "--squash", "main")
    git(root, "checkout", "-q", "HEAD", "--", "codings")
    git(root, "commit", "-q", "--allow-empty", "-m", "squashed")
    git(root, "branch", "-D", "main")


def thrown_back(root: Path) -> None:
    git(root, "reset", "-q", "--hard", "HEAD~1")


@pytest.mark.parametrize("how", [rebased, squashed, thrown_back])
@pytest.mark.parametrize("answer", ["theirs", "mine"])
def test_work_of_this_clone_that_no_branch_has_any_more_is_found(
    tmp_path: Path, how: Callable[[Path], None], answer: Literal["theirs", "mine"]
) -> None:
    root = team_study(tmp_path / "s")
    branches(root, code_mine, lambda root: code(root, "ana", THEIRS, 52, 55, "trust"))
    how(root)
    assert "mmmmmmmmmm" not in layer(root).by_id
    told = [problem for problem in check_study(root) if problem.rule == "left-behind"]
    assert [problem.severity for problem in told] == ["warning"]
    assert "1 coding of ana in I01 got lost in a rebase, a squash merge or a reset" in told[0].message
    settle(root, [], answer)
    assert ("mmmmmmmmmm" in layer(root).by_id) is (answer == "theirs")
    assert (THEIRS in layer(root).by_id) is (how is not thrown_back)
    assert "left-behind" not in rules(root) and not list(decisions(open_study(root)))


def test_nothing_is_said_of_what_is_on_another_branch_was_amended_deleted_or_stashed(tmp_path: Path) -> None:
    root = team_study(tmp_path / "s")
    branches(root, code_mine, lambda root: code(root, "ana", THEIRS, 52, 55, "trust"))
    assert rules(root) == rules(team_study(tmp_path / "other")), "theirs is on its branch"
    remove(root, "mmmmmmmmmm")
    git(root, "commit", "-q", "-a", "--amend", "-m", "without")
    code(root, "ana", "ssssssssss", 52, 55, "trust")
    git(root, "stash", "-q")
    assert "left-behind" not in rules(root)
