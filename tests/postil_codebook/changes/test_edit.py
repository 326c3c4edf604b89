from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postil_base.problem import PostilError
from postil_codebook.changes.edit import (
    add_code,
    delete_code,
    merge_codes,
    move_code,
    rename_code,
    set_field,
    split_code,
)
from postil_codebook.load import load_codebook
from postil_codebook.values import Codebook

BOOK = """\
# The book
title: Book
version: 1.0.0
codes:
  # stage one
  selection:
    label: Selection
    definition: Everything about choosing.
    codable: false
    children:
      find-ptm:
        label: Find a PTM   # short
        definition: Looking for one.
        exclude: Trying it (use evaluate).
        # see memo 3
        examples: ["a: b"]
      popularity:
        label: Popularity
        definition: Downloads.
        children:
          likes: {label: Likes, definition: Thumbs up.}
  # stage two
  evaluate:
    label: Evaluate
    definition: >-
      Trying
      it.
groups:
  # exclusive ones
  either: {codes: [find-ptm, selection/popularity], exclusive: true}
"""
NOW = "2026-11-02T10:20:30Z"


def loaded(text: str) -> Codebook:
    book, problems = load_codebook(text, "book.yaml")
    assert problems == []
    return book


def test_rename_keeps_the_old_id_and_follows_in_the_groups() -> None:
    changed = rename_code(BOOK, "book.yaml", "popularity", "fame")
    assert changed == (
        BOOK.replace("      popularity:\n", "      fame:\n")
        .replace("        definition: Downloads.\n", "        definition: Downloads.\n        formerly: [popularity]\n")
        .replace("selection/popularity]", "fame]")
    )
    book = loaded(changed)
    assert book.resolve("popularity") == book.resolve("selection/fame") == "fame"
    assert book.groups["either"].codes == ("find-ptm", "fame")


def test_renamed_there_and_back_only_the_other_name_is_a_former_one() -> None:
    there = rename_code(BOOK, "book.yaml", "evaluate", "assess")
    assert loaded(rename_code(there, "book.yaml", "assess", "evaluate")).codes["evaluate"].formerly == ("assess",)


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("find-ptm", "'find-ptm' is there already"),
        ("evaluate", "'evaluate' is there already"),
        ("Fame", "such as 'fame'"),
        ("_x", "such as 'x'"),
        ("a b", "such as 'a-b'"),
        ("", "an id has lower-case letters"),
        ("x" * 300, "an id has lower-case letters"),
        ("\x1b[31m", "an id has lower-case letters"),
    ],
)
def test_ids_that_are_none_or_taken_are_refused(new: str, message: str) -> None:
    with pytest.raises(PostilError, match=re.escape(message)):
        rename_code(BOOK, "book.yaml", "evaluate", new)
    with pytest.raises(PostilError, match=re.escape(message)):
        add_code(BOOK, "book.yaml", new, {"label": "x"})


def test_a_former_id_cannot_be_given_to_another_code() -> None:
    changed = rename_code(BOOK, "book.yaml", "popularity", "fame")
    with pytest.raises(PostilError, match="a former id of 'fame'"):
        add_code(changed, "book.yaml", "popularity", {"label": "x"})


def test_an_unknown_code_is_answered_with_the_nearest() -> None:
    with pytest.raises(PostilError, match="did you mean 'evaluate'"):
        rename_code(BOOK, "book.yaml", "evalute", "x")


def test_add_goes_where_it_is_told_and_reads_back() -> None:
    fields = {"label": "Stars", "definition": "What: the crowd\nsays.", "examples": ["no", "12:30"]}
    changed = add_code(BOOK, "book.yaml", "stars", fields, parent="popularity")
    assert loaded(changed).codes["stars"].definition == "What: the crowd\nsays."
    assert loaded(changed).codes["stars"].parent == "popularity"
    # its only sibling stands between braces, so it does too
    assert "          likes: {label: Likes, definition: Thumbs up.}\n          stars: {label: Stars" in changed
    first = add_code(BOOK, "book.yaml", "trial", {"label": "Trial", "definition": "One."}, parent="evaluate")
    assert first.replace("    children:\n      trial:\n        label: Trial\n        definition: One.\n", "") == BOOK
    beside = add_code(BOOK, "book.yaml", "x", {"definition": "X."}, parent="selection", after="find-ptm")
    assert loaded(beside).children("selection") == ("find-ptm", "x", "popularity")


def test_the_first_code_of_an_empty_book() -> None:
    for text in ("title: T\ncodes: {}  # none yet\n", "title: T\ncodes:\n", "title: T\n", ""):
        changed = add_code(text, "book.yaml", "trust", {"label": "Trust", "definition": "Believing."})
        assert loaded(changed).codes["trust"].definition == "Believing."
    assert "# none yet" in add_code("codes: {}  # none yet\n", "b", "trust", {"definition": "x"})


def test_move_takes_children_and_comments_along_and_paths_follow() -> None:
    changed = move_code(BOOK, "book.yaml", "selection/popularity", "evaluate")
    book = loaded(changed)
    assert book.code_path("likes") == "evaluate/popularity/likes"
    assert book.groups["either"].codes == ("find-ptm", "popularity")
    assert move_code(changed, "book.yaml", "popularity", "selection").count("#") == BOOK.count("#")
    top = move_code(BOOK, "book.yaml", "likes", None)
    assert loaded(top).children("popularity") == ()
    assert "children: {}" not in top
    with pytest.raises(PostilError, match="below itself"):
        move_code(BOOK, "book.yaml", "selection", "likes")
    with pytest.raises(PostilError, match="is there already"):
        move_code(BOOK, "book.yaml", "likes", "popularity")


def test_merge_moves_the_children_and_keeps_ids_and_wording() -> None:
    changed = merge_codes(BOOK, "book.yaml", ["popularity"], "find-ptm")
    book = loaded(changed)
    assert book.codes["find-ptm"].formerly == ("popularity",)
    assert book.codes["find-ptm"].memo == "Merged from popularity (Popularity): Downloads."
    assert book.code_path("likes") == "selection/find-ptm/likes"
    assert book.groups["either"].codes == ("find-ptm",)
    assert "# see memo 3" in changed
    both = loaded(merge_codes(BOOK, "book.yaml", ["likes", "find-ptm"], "evaluate"))
    assert both.codes["evaluate"].formerly == ("likes", "find-ptm")
    assert both.codes["evaluate"].memo.count("Merged from") == 2
    with pytest.raises(PostilError, match="same or below"):
        merge_codes(BOOK, "book.yaml", ["selection"], "likes")
    with pytest.raises(PostilError, match="same or below"):
        merge_codes(BOOK, "book.yaml", ["likes"], "likes")


def test_delete_asks_what_becomes_of_the_children() -> None:
    with pytest.raises(PostilError, match="has codes below it"):
        delete_code(BOOK, "book.yaml", "popularity")
    lifted = loaded(delete_code(BOOK, "book.yaml", "popularity", children="lift"))
    assert lifted.children("selection") == ("find-ptm", "likes")
    gone = loaded(delete_code(BOOK, "book.yaml", "popularity", children="delete"))
    assert set(gone.codes) == {"selection", "find-ptm", "evaluate"}
    assert gone.groups["either"].codes == ("find-ptm",)
    changed = delete_code(BOOK, "book.yaml", "evaluate")
    assert "# stage two" in changed


def test_split_marks_the_code_as_changed() -> None:
    parts = {
        "find-page": {"label": "Find a page", "definition": "A."},
        "find-file": {"label": "File", "definition": "B."},
    }
    changed = split_code(BOOK, "book.yaml", "find-ptm", parts, NOW)
    book = loaded(changed)
    assert book.children("selection") == ("find-ptm", "find-page", "find-file", "popularity")
    assert book.codes["find-ptm"].changed == NOW


def test_fields_are_set_added_and_taken_out() -> None:
    changed = set_field(BOOK, "book.yaml", "find-ptm", "label", "Finding: one")
    assert changed == BOOK.replace("label: Find a PTM   #", "label: 'Finding: one'   #")
    changed = set_field(BOOK, "book.yaml", "find-ptm", "exclude", "Trying it at length.", at=NOW)
    assert loaded(changed).codes["find-ptm"].changed == NOW
    changed = set_field(BOOK, "book.yaml", "popularity", "memo", "one\ntwo")
    assert (
        "        definition: Downloads.\n        memo: |-\n          one\n          two\n        children:" in changed
    )
    assert set_field(BOOK, "book.yaml", "likes", "definition", "") == BOOK.replace(", definition: Thumbs up.", "")
    assert set_field(BOOK, "book.yaml", "evaluate", "label", None) == BOOK.replace("    label: Evaluate\n", "")
    with pytest.raises(PostilError, match="is no field of a code"):
        set_field(BOOK, "book.yaml", "likes", "children", "x")
    with pytest.raises(PostilError, match="is no field of a code"):
        set_field(BOOK, "book.yaml", "likes", "lable", "x")


def test_what_would_be_an_error_is_refused() -> None:
    with pytest.raises(PostilError, match="must be one line"):
        set_field(BOOK, "book.yaml", "likes", "label", "x" * 500)
    with pytest.raises(PostilError, match="U\\+001B does not show"):
        set_field(BOOK, "book.yaml", "likes", "label", "red \x1b[31m")
    with pytest.raises(PostilError, match="origin cannot be 'mine'"):
        set_field(BOOK, "book.yaml", "likes", "origin", "mine")


def test_windows_line_ends_stay() -> None:
    crlf = BOOK.replace("\n", "\r\n")
    for changed in (
        rename_code(crlf, "b", "popularity", "fame"),
        merge_codes(crlf, "b", ["likes"], "evaluate"),
        move_code(crlf, "b", "popularity", None),
        delete_code(crlf, "b", "popularity", "lift"),
        add_code(crlf, "b", "new", {"definition": "a\nb"}),
    ):
        assert changed.count("\n") == changed.count("\r\n") > 25


def test_the_list_form_is_not_changed() -> None:
    with pytest.raises(PostilError, match="import-codebook"):
        rename_code("codes:\n  - {id: a, def: x}\n", "book.yaml", "a", "b")


STEPS = st.tuples(
    st.sampled_from(["add", "add", "add", "rename", "move", "top", "merge", "delete", "lift"]),
    st.integers(0, 99),
    st.integers(0, 99),
)


class Tree:
    """The codes as a plain tree, to compare the edited text with."""

    def __init__(self) -> None:
        self.parent: dict[str, str | None] = {}
        self.made = 0

    def pick(self, number: int) -> str:
        codes = sorted(self.parent)
        return codes[number % len(codes)]

    def new(self) -> str:
        self.made += 1
        return f"c{self.made}"

    def below(self, code: str | None) -> set[str | None]:
        found = {code}
        while more := {c for c, p in self.parent.items() if p in found} - found:
            found |= more
        return found


@given(st.lists(STEPS, min_size=5, max_size=25))
@settings(max_examples=60, deadline=None)
def test_any_series_of_changes_does_what_a_plain_tree_does(steps: list[tuple[str, int, int]]) -> None:
    text = "# head\ncodes: {}  # codes\n# foot\n"
    tree = Tree()
    for step, one, other in steps:
        text = _do(text, tree, step, one, other)
        book, problems = load_codebook(text, "b")
        assert problems == []
        assert {code.id: code.parent for code in book.codes.values()} == tree.parent
        for kept in ("# head", "# codes", "# foot"):
            assert kept in text


def _do(text: str, tree: Tree, step: str, one: int, other: int) -> str:
    if step == "add" or not tree.parent:
        new, parent = tree.new(), tree.pick(other) if tree.parent and other % 3 else None
        tree.parent[new] = parent
        return add_code(text, "b", new, {"label": "A: b", "definition": "x\ny"}, parent=parent)
    code, target = tree.pick(one), None if step == "top" else tree.pick(other)
    if step == "rename":
        new = tree.new()
        tree.parent = {(new if c == code else c): (new if p == code else p) for c, p in tree.parent.items()}
        return rename_code(text, "b", code, new)
    if step in ("move", "top"):
        if target in tree.below(code) or tree.parent[code] == target:
            with pytest.raises(PostilError, match=r"below itself|is there already"):
                move_code(text, "b", code, target)
            return text
        tree.parent[code] = target
        return move_code(text, "b", code, target)
    if step == "merge" and target is not None:
        if target in tree.below(code):
            with pytest.raises(PostilError, match="same or below"):
                merge_codes(text, "b", [code], target)
            return text
        tree.parent = {c: (target if p == code else p) for c, p in tree.parent.items() if c != code}
        return merge_codes(text, "b", [code], target)
    gone, above = ({code} if step == "lift" else tree.below(code)), tree.parent[code]
    tree.parent = {c: (above if p == code else p) for c, p in tree.parent.items() if c not in gone}
    return delete_code(text, "b", code, "lift" if step == "lift" else "delete")
