"""Two coders on two branches, merged by git with Postil's driver: clean wherever it can be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from postil_study.git.deciding import decisions, settle
from postil_study.layers.merge import merge_layer_data
from postil_study.layers.record_merge import as_version
from postil_study.layers.store import LayerStore
from postil_study.layers.values import add_segment
from postil_study.study import open_study
from tests.git.clones import (
    FIRST,
    SECOND,
    change,
    code,
    commit,
    correct,
    git,
    layer,
    merge,
    merge_codes,
    needs_git,
    on_branch,
    postil,
    problems,
    remove,
    rename,
    team_study,
    words_are_where_they_should,
)

pytestmark = needs_git
Work = Callable[[Path], None]


def both(root: Path, mine: Work, theirs: Work) -> bool:
    on_branch(root, "theirs")
    theirs(root)
    commit(root, "theirs")
    on_branch(root, "main")
    mine(root)
    commit(root, "mine")
    return merge(root)


CLEAN: dict[str, tuple[Work, Work]] = {
    "each codes in a layer of their own": (
        lambda root: code(root, "ana", "mmmmmmmmmm", 5, 9, "trust"),
        lambda root: code(root, "ben", "tttttttttt", 5, 9, "issues"),
    ),
    "both code at the same place of one layer": (
        lambda root: code(root, "ana", "mmmmmmmmmm", 43, 50, "trust"),
        lambda root: code(root, "ana", "tttttttttt", 44, 50, "trust"),
    ),
    "different fields of one record": (
        lambda root: change(root, FIRST, memo="mine"),
        lambda root: change(root, FIRST, codes=("popularity", "trust")),
    ),
    "one renames a code, the other codes with it": (
        lambda root: rename(root, "popularity", "fame"),
        lambda root: code(root, "ana", "tttttttttt", 5, 9, "popularity"),
    ),
    "one merges codes, the other writes a memo on a coding": (
        lambda root: merge_codes(root, "issues", "trust"),
        lambda root: change(root, SECOND, memo="theirs"),
    ),
    "one corrects the text, the other codes": (
        lambda root: correct(root, "How did you choose it?", "Well, how did you choose it in the end?"),
        lambda root: code(root, "ana", "tttttttttt", 75, 79, "trust"),
    ),
    "the other corrects the text, one codes": (
        lambda root: code(root, "ana", "mmmmmmmmmm", 75, 79, "trust"),
        lambda root: correct(root, "How did you choose it?", "Well, how did you choose it in the end?"),
    ),
    "one corrects the text, the other starts a layer": (
        lambda root: correct(root, "How did you choose it?", "So: how did you choose it?"),
        lambda root: code(root, "ben", "tttttttttt", 42, 74, "trust"),
    ),
    "one renames a code, the other defines it anew": (
        lambda root: rename(root, "trust", "belief"),
        lambda root: define(root, "trust", "Belief in somebody."),
    ),
    "one removes a coding, the other renames its code": (
        lambda root: remove(root, SECOND),
        lambda root: rename(root, "issues", "tracker"),
    ),
}


def define(root: Path, code_: str, words: str) -> None:
    from postil_study.history.codebook_changes import set_field

    set_field(root, code_, "definition", words).apply()


@pytest.mark.parametrize("name", CLEAN)
def test_what_can_be_merged_is_merged(tmp_path: Path, name: str) -> None:
    root = team_study(tmp_path)
    mine, theirs = CLEAN[name]
    assert both(root, mine, theirs), "git calls it clean"
    if "starts a layer" in name:  # ben's layer is new, so that git takes it as it is: on the text of before
        done = postil(root, "merge")
        assert "its text was corrected; all codings follow it" in done.stdout
    assert problems(root) == []
    assert words_are_where_they_should(root)
    found = layer(root)
    ids = set(found.by_id) | set(found.deleted)
    assert {FIRST, SECOND} <= ids
    for coder, id_ in (("ana", "mmmmmmmmmm"), ("ben", "tttttttttt"), ("ana", "tttttttttt")):
        if f'"{id_}"' in git(root, "log", "-p", "--all", "--", f"codings/{coder}"):
            assert id_ in layer(root, coder).by_id
    assert postil(root, "merge").returncode == 0


def test_what_both_changed_is_kept_twice_and_decided_with_postil_merge(tmp_path: Path) -> None:
    root = team_study(tmp_path)
    assert not both(
        root, lambda root: change(root, FIRST, memo="mine"), lambda root: change(root, FIRST, memo="theirs")
    )
    assert {segment.memo for segment in layer(root).segments} == {"", "mine", "theirs"}
    told = postil(root, "merge")
    assert told.returncode == 1
    assert "memo: mine “mine”, theirs “theirs”" in told.stdout
    assert f"postil merge {FIRST} --take" in told.stderr
    settled = postil(root, "merge", FIRST, "--take", "theirs")
    assert settled.returncode == 0, settled.stdout + settled.stderr
    assert layer(root).by_id[FIRST].memo == "theirs"
    assert f"{FIRST}.2" in layer(root).deleted
    git(root, "commit", "-qm", "merged")
    assert problems(root) == []


def test_of_three_versions_each_is_decided_by_itself(tmp_path: Path) -> None:
    root = team_study(tmp_path)
    first = layer(root).by_id[FIRST]
    with_three = layer(root)
    for memo in ("two", "three"):
        other = msgspec.structs.replace(first, memo=memo)
        with_three = add_segment(with_three, as_version(other, with_three.by_id))  # type: ignore[arg-type]
    LayerStore(root).save(layer(root), with_three)
    found = [decision.name for decision in decisions(open_study(root))]
    assert found == [f"{FIRST}.2", f"{FIRST}.3"]
    settle(root, [f"{FIRST}.2"], "theirs")
    assert layer(root).by_id[FIRST].memo == "two"
    assert layer(root).by_id[f"{FIRST}.3"].memo == "three", "the third version still waits"
    settle(root, [FIRST], "both")
    assert {segment.memo for segment in layer(root).segments} == {"two", "three", ""}


def test_an_older_version_does_not_win_over_what_was_written_later() -> None:
    head = b'{"postil":1,"kind":"coder","coder":"ana","transcript":"I01","text_sha256":"x"}\n'
    start = '{{"id":"aaaaaaaaaa","start":1,"end":4,"codes":["trust"],"quote":"abc",'
    line = start + '"memo":"{}","at":"2026-05-0{}T00:00:00Z"}}\n'
    new, old = (head + line.format(*pair).encode() for pair in (("new", 2), ("old", 1)))
    merged = merge_layer_data(new, new, old, "codings/ana/I01.jsonl", lambda sha: None)
    assert b'"memo":"new"' in merged.data and b'"memo":"old"' in merged.data
    assert len(merged.conflicts) == 1


@pytest.mark.parametrize(("take", "memos"), [("mine", {"mine", ""}), ("both", {"mine", "theirs", ""})])
def test_mine_and_both_can_be_taken_too(tmp_path: Path, take: str, memos: set[str]) -> None:
    root = team_study(tmp_path)
    both(root, lambda root: change(root, FIRST, memo="mine"), lambda root: change(root, FIRST, memo="theirs"))
    assert postil(root, "merge", "--take", take).returncode == 0
    assert {segment.memo for segment in layer(root).segments} == memos
    assert postil(root, "merge").returncode == 0


def test_a_definition_both_changed_reads_and_is_decided(tmp_path: Path) -> None:
    root = team_study(tmp_path)
    assert not both(root, lambda root: define(root, "trust", "Mine."), lambda root: define(root, "trust", "Theirs."))
    assert open_study(root).codebook.codes["trust"].definition == "Mine."
    assert problems(root) == []
    told = postil(root, "merge")
    assert "codes/trust/definition: mine is “Mine.”, theirs is “Theirs.”" in told.stdout
    assert postil(root, "merge", "--take", "theirs").returncode == 0
    assert open_study(root).codebook.codes["trust"].definition == "Theirs."
    git(root, "commit", "-qm", "merged")


def test_a_code_renamed_twice_keeps_our_name_and_leads_there_from_theirs(tmp_path: Path) -> None:
    root = team_study(tmp_path)
    assert not both(
        root, lambda root: rename(root, "popularity", "fame"), lambda root: rename(root, "popularity", "renown")
    )
    assert problems(root) == []
    book = open_study(root).codebook
    assert book.resolve("renown") == "fame"
    assert layer(root).by_id[FIRST].code_ids == ("fame",)


def test_a_text_both_corrected_in_one_place_waits_for_a_decision(tmp_path: Path) -> None:
    root = team_study(tmp_path)
    assert not both(
        root,
        lambda root: correct(root, "I looked at the downloads", "I looked at all downloads"),
        lambda root: correct(root, "I looked at the downloads", "I looked at their downloads"),
    )
    told = postil(root, "merge")
    assert told.returncode == 1 and "both sides corrected the same words" in told.stdout
    settled = postil(root, "merge", "--take", "theirs")
    assert settled.returncode in (0, 1)
    again = postil(root, "merge")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "their downloads" in open_study(root).transcripts["I01"].text
    assert words_are_where_they_should(root)


def test_texts_both_corrected_in_different_places_are_merged(tmp_path: Path) -> None:
    root = team_study(tmp_path)
    clean = both(
        root,
        lambda root: correct(root, "How did you choose it?", "Well, how did you choose it?"),
        lambda root: correct(root, "Then at the issues.", "Then at the issues, too."),
    )
    assert "Well, how" in open_study(root).transcripts["I01"].text
    done = postil(root, "merge", *([] if clean else ["--take", "mine"]))
    assert "all codings follow it" in done.stdout or words_are_where_they_should(root)
    assert words_are_where_they_should(root)
    assert not any(segment.unanchored for segment in layer(root).segments)


# --- merged by lines, as in the web -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CLEAN)
def test_without_the_driver_postil_merge_mends_it(tmp_path: Path, name: str) -> None:
    """And nothing is lost: what the driver would have made of it is there afterwards."""
    root = team_study(tmp_path, drivers=False)
    mine, theirs = CLEAN[name]
    both(root, mine, theirs)
    postil(root, "merge")
    told = postil(root, "merge")
    assert told.returncode == 0, told.stdout
    assert problems(root) == []
    assert words_are_where_they_should(root)
    found = layer(root)
    assert {FIRST, SECOND} <= set(found.by_id) | set(found.deleted)
    history = git(root, "log", "-p", "--all", "--", "codings/ana")
    for id_ in ("mmmmmmmmmm", "tttttttttt"):
        assert f'"{id_}"' not in history or id_ in found.by_id


def test_conflict_markers_that_were_committed_in_the_web_are_mended(tmp_path: Path) -> None:
    root = team_study(tmp_path, drivers=False)
    both(root, lambda root: change(root, FIRST, memo="mine"), lambda root: change(root, FIRST, memo="theirs"))
    assert "<<<<<<<" in (root / "codings/ana/I01.jsonl").read_text("utf-8")
    commit(root, "committed as it was")
    told = postil(root, "merge")
    assert told.returncode == 1
    assert "<<<<<<<" not in (root / "codings/ana/I01.jsonl").read_text("utf-8")
    assert {segment.memo for segment in layer(root).segments} == {"", "mine", "theirs"}
    assert postil(root, "merge", "--take", "mine").returncode == 0
    assert problems(root) == []


def test_a_codebook_with_markers_is_merged_anew(tmp_path: Path) -> None:
    root = team_study(tmp_path, drivers=False)
    both(root, lambda root: define(root, "trust", "Mine."), lambda root: define(root, "trust", "Theirs."))
    assert "<<<<<<<" in (root / "codebook/codebook.yaml").read_text("utf-8")
    commit(root, "committed as it was")
    told = postil(root, "merge")
    assert told.returncode == 1 and "merged anew, entry by entry" in told.stdout
    assert open_study(root).codebook.codes["trust"].definition == "Mine."
    assert postil(root, "merge", "--take", "theirs").returncode == 0
    assert open_study(root).codebook.codes["trust"].definition == "Theirs."


# --- who did what -----------------------------------------------------------------------------------------------------


def test_log_and_diff_tell_in_words(tmp_path: Path) -> None:
    root = team_study(tmp_path)
    code(root, "ben", "tttttttttt", 42, 74, "trust")
    change(root, FIRST, memo="why")
    commit(root, "a day's work")
    rename(root, "popularity", "fame")
    remove(root, SECOND)
    commit(root, "tidied")
    log = postil(root, "log")
    assert "ben in I01: 1 coded" in log.stdout and "code popularity was renamed to fame" in log.stdout
    assert "tidied" in log.stdout and "ana in I01" in log.stdout
    diff = postil(root, "diff", "HEAD~2", "HEAD")
    assert "ben in I01: trust on “I looked at the downloads first.” (tttttttttt)" in diff.stdout
    assert "memo “why”" in diff.stdout and "removed issues, trust from “Then at the issues.”" in diff.stdout
    assert "popularity became fame" not in diff.stdout, "a rename is told once, not of every coding"
    code(root, "ben", "uuuuuuuuuu", 5, 9, "issues")
    assert "ben in I01: issues" in postil(root, "diff").stdout
    days = postil(root, "log", "--days")
    assert "2026-05-01   ben" in days.stdout
    assert postil(root, "diff", "nowhere").returncode == 1


def test_a_file_of_a_newer_postil_is_left_to_a_person(tmp_path: Path) -> None:
    root = team_study(tmp_path)

    def newer(root: Path) -> None:
        path = root / "codings/ana/I01.jsonl"
        path.write_text(path.read_text("utf-8").replace('"postil":1', '"postil":2'), "utf-8")

    assert not both(root, lambda root: change(root, FIRST, memo="mine"), newer)
    assert layer(root).by_id[FIRST].memo == "mine"


def test_setup_says_what_is_missing(tmp_path: Path) -> None:
    from tests.transcripts_support import small_study

    done = postil(small_study(tmp_path), "git", "setup")
    assert done.returncode == 1 and "not under git yet" in done.stderr
