"""Changes to the themes' file: what is said changes, every other character stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from postil_base.problem import PostilError
from postil_codebook.changes.themes_edit import add_theme, assign_code, delete_theme, set_theme, take_code, theme_id
from postil_codebook.themes import load_themes
from postil_study.files.themes import change_themes, take_back_themes
from postil_study.study import open_study
from tests.transcripts_support import small_study

LISTED = """\
# what we arrive at
themes:
  - id: trust   # first
    label: Trust goes by name
    definition: >-
      People trust
      names.
    codes: [trust, popularity]
    memo: Against it.

  - id: reading
    label: Reading
    codes:
      - issues   # only these
"""
MAPPED = "themes:\n  trust:\n    label: Trust\n    codes: [trust]\n"
P = "codebook/themes.yaml"


def themes(text: str) -> dict[str, tuple[str, ...]]:
    found, problems = load_themes(text, P)
    assert problems == []
    return {theme.id: theme.codes for theme in found}


@pytest.mark.parametrize("text", [LISTED, MAPPED])
def test_codes_come_and_go(text: str) -> None:
    more = assign_code(text, P, "trust", "issues")
    assert themes(more)["trust"][-1] == "issues"
    assert assign_code(more, P, "trust", "issues") == more
    assert take_code(more, P, "trust", "issues") == text
    with pytest.raises(PostilError, match="is not under"):
        take_code(text, P, "trust", "nothing")


def test_the_last_code_goes_and_another_comes() -> None:
    empty = take_code(LISTED, P, "reading", "issues")
    assert themes(empty)["reading"] == ()
    assert themes(assign_code(empty, P, "reading", "trust"))["reading"] == ("trust",)
    alone = "themes:\n  - {id: a, label: A, codes: trust}\n"
    assert themes(take_code(alone, P, "a", "trust")) == {"a": ()}


@pytest.mark.parametrize("text", [LISTED, MAPPED, "", "# nothing yet\n", "themes: []\n", "themes:\n", "title: x\n"])
def test_a_theme_is_added_worded_and_deleted(text: str) -> None:
    more = add_theme(text, P, "new", "New: one")
    assert list(themes(more))[-1] == "new"
    worded = set_theme(more, P, "new", "definition", "Two lines,\n\nor more.")
    theme = load_themes(worded, P)[0][-1]
    assert (theme.label, theme.definition) == ("New: one", "Two lines,\n\nor more.")
    assert set_theme(worded, P, "new", "definition", "") == more
    assert "new" not in themes(delete_theme(worded, P, "new"))
    for line in (line for line in text.splitlines() if "[]" not in line and line != "themes:"):
        assert line in worded.splitlines()


def test_what_cannot_be_done_is_refused() -> None:
    for wrong in ("trust", "No Name", "_x"):
        with pytest.raises(PostilError):
            add_theme(LISTED, P, wrong, "x")
    with pytest.raises(PostilError, match="no theme 'none'"):
        delete_theme(LISTED, P, "none")
    with pytest.raises(PostilError, match="no field"):
        set_theme(LISTED, P, "trust", "id", "x")
    with pytest.raises(PostilError, match="Mend the file"):
        add_theme("themes: [", P, "x", "x")


def test_ids_are_made_of_labels() -> None:
    assert theme_id(LISTED, P, "Trust") == "trust-2"
    assert theme_id(LISTED, P, "It’s à la carte") == "it-s-la-carte"
    assert theme_id(LISTED, P, "信頼") == ""


def test_a_study_without_themes_gets_the_file_and_the_line(tmp_path: Path) -> None:
    root = small_study(tmp_path)
    settings = open_study(root).settings
    change = change_themes(root, settings, lambda text, path: add_theme(text, path, "trust", "Trust"), "made")
    study = open_study(root)
    assert [theme.id for theme in study.themes] == ["trust"] and study.settings.themes == P
    take_back_themes(root, change)
    assert open_study(root).themes == ()


def test_a_change_is_not_taken_back_over_a_newer_one(tmp_path: Path) -> None:
    root = small_study(tmp_path)
    change = change_themes(root, open_study(root).settings, lambda text, path: add_theme(text, path, "a", "A"), "made")
    (root / P).write_text(LISTED, "utf-8")
    with pytest.raises(PostilError, match="was changed since"):
        take_back_themes(root, change)
    assert (root / P).read_text("utf-8") == LISTED
