"""Codebooks of two branches merged: operations on the tree are carried over, fields merged one by one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postil_base.problem import PostilError, has_errors
from postil_codebook.changes import edit
from postil_codebook.changes.merge import merge_codebooks
from postil_codebook.changes.operations import operations
from postil_codebook.load import load_codebook
from postil_codebook.values import Codebook

PATH = "codebook/codebook.yaml"
BASE = """\
# our book
title: Book
codes:
  selection:   # a heading
    label: Selection
    codable: false
    children:
      popularity:
        label: Popularity
        definition: Downloads and stars.
      issues:
        label: Issues   # the tracker
  trust:
    label: Trust
    definition: Trust in somebody.
groups:
  one-of: {codes: [popularity, issues], exclusive: true}
"""
Change = Callable[[str], str]


def rename(old: str, new: str) -> Change:
    return lambda text: edit.rename_code(text, PATH, old, new)


def merge(source: str, target: str) -> Change:
    return lambda text: edit.merge_codes(text, PATH, [source], target)


def move(code: str, parent: str | None) -> Change:
    return lambda text: edit.move_code(text, PATH, code, parent)


def delete(code: str) -> Change:
    return lambda text: edit.delete_code(text, PATH, code)


def add(code: str, parent: str | None = None, **fields: str) -> Change:
    return lambda text: edit.add_code(text, PATH, code, fields or {"label": code.upper()}, parent)


def define(code: str, words: str) -> Change:
    return lambda text: edit.set_field(text, PATH, code, "definition", words)


def merged(mine: list[Change], theirs: list[Change]) -> tuple[str, Codebook, list[str]]:
    texts = []
    for changes in (mine, theirs):
        text = BASE
        for change in changes:
            text = change(text)
        texts.append(text)
    result, conflicts = merge_codebooks(BASE, texts[0], texts[1], PATH)
    book, problems = load_codebook(result, PATH)
    assert not has_errors(problems)
    return result, book, [str(conflict) for conflict in conflicts]


@pytest.mark.parametrize("swap", [False, True], ids=["theirs", "mine"])
@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([rename("popularity", "fame")], [define("popularity", "Stars.")], {"fame": ("selection", "Stars.")}),
        (
            [rename("popularity", "fame"), define("fame", "Stars.")],
            [add("size", "selection")],
            {"fame": ("selection", "Stars."), "size": ("selection", "")},
        ),
        (
            [merge("issues", "popularity")],
            [define("trust", "Belief.")],
            {"popularity": ("selection", "Downloads and stars."), "trust": (None, "Belief.")},
        ),
        ([move("trust", "selection")], [define("trust", "Belief.")], {"trust": ("selection", "Belief.")}),
        ([delete("issues")], [rename("popularity", "fame")], {"fame": ("selection", "Downloads and stars.")}),
        ([add("size", "selection")], [add("age", "selection")], {"size": ("selection", ""), "age": ("selection", "")}),
        ([add("context"), move("trust", "context")], [define("trust", "Belief.")], {"trust": ("context", "Belief.")}),
        ([rename("popularity", "fame")], [merge("popularity", "trust")], {}),
        (
            [rename("selection", "choice")],
            [add("size", "selection"), move("trust", "selection")],
            {"size": ("choice", ""), "trust": ("choice", "Trust in somebody.")},
        ),
        ([delete("issues"), delete("popularity")], [define("trust", "Belief.")], {"trust": (None, "Belief.")}),
    ],
)
def test_what_can_be_merged_is(
    one: list[Change], other: list[Change], expected: dict[str, tuple[str | None, str]], swap: bool
) -> None:
    text, book, conflicts = merged(other, one) if swap else merged(one, other)
    if expected:
        assert conflicts == []
    for code, (parent, definition) in expected.items():
        assert (book.codes[code].parent, book.codes[code].definition) == (parent, definition)
    assert text.startswith("# our book\n")
    assert all(book.resolve(name) for group in book.groups.values() for name in group.codes)


def test_two_names_for_one_code_keep_ours_and_lead_there_from_theirs() -> None:
    _, book, conflicts = merged([rename("popularity", "fame")], [rename("popularity", "renown")])
    assert "fame" in book.codes and book.resolve("renown") == "fame" == book.resolve("popularity")
    assert len(conflicts) == 1 and "renown" in conflicts[0]


def test_a_definition_both_changed_stays_ours_and_is_named() -> None:
    _, book, conflicts = merged([define("trust", "A.")], [define("trust", "B.")])
    assert book.codes["trust"].definition == "A."
    assert conflicts == ["codes/trust/definition: mine is “A.”, theirs is “B.”; mine stands"]


@pytest.mark.parametrize("swap", [False, True])
def test_a_code_deleted_here_and_changed_there_stays(swap: bool) -> None:
    one, other = [delete("trust")], [define("trust", "Belief.")]
    _, book, conflicts = merged(other, one) if swap else merged(one, other)
    assert book.codes["trust"].definition == "Belief."
    assert len(conflicts) == 1 and "it stays" in conflicts[0]


def test_a_code_both_made_is_one_code() -> None:
    _, book, conflicts = merged([add("size", "selection", label="Size")], [add("size", None, label="Size")])
    assert book.codes["size"].parent == "selection" and len(conflicts) == 1


def test_comments_stay() -> None:
    text, _, _ = merged([define("trust", "Belief.")], [rename("issues", "tracker")])
    assert "selection:   # a heading" in text and "label: Issues   # the tracker" in text


def test_operations_are_found() -> None:
    text = rename("popularity", "fame")(merge("issues", "popularity")(move("trust", "selection")(BASE)))
    books = [load_codebook(one, PATH)[0] for one in (BASE, text)]
    assert [(o.kind, o.code, o.target) for o in operations(*books)] == [
        ("rename", "popularity", "fame"),
        ("merge", "issues", "fame"),
        ("move", "trust", "selection"),
    ]


NAMES = ["selection", "popularity", "issues", "trust", "a", "b", "c"]
name = st.sampled_from(NAMES)
parents = st.one_of(st.none(), name)
change = st.one_of(
    st.builds(rename, name, name),
    st.builds(merge, name, name),
    st.builds(move, name, parents),
    st.builds(delete, name),
    st.builds(add, name, parents),
    st.builds(define, name, st.sampled_from(["X.", "Y.", "Z."])),
)


def changed(changes: list[Change]) -> str:
    text = BASE
    for one in changes:
        try:
            text = one(text)
        except PostilError:
            continue
    return text


@settings(deadline=None)
@given(st.lists(change, max_size=4), st.lists(change, max_size=4))
def test_any_two_histories_merge_into_a_book_that_reads(mine: list[Change], theirs: list[Change]) -> None:
    """And no code is lost but those one side deleted; the others are there or lead somewhere."""
    ours, other = changed(mine), changed(theirs)
    try:
        result, _ = merge_codebooks(BASE, ours, other, PATH)
    except PostilError as error:
        assert "cannot be merged" in str(error)
        return
    book, problems = load_codebook(result, PATH)
    assert not has_errors(problems), result
    sides = [load_codebook(text, PATH)[0] for text in (BASE, ours, other)]
    for code in {*sides[1].codes, *sides[2].codes}:
        deleted = any(code in sides[0].codes and side.resolve(code) is None for side in sides[1:])
        assert deleted or book.resolve(code), (code, result)


def test_a_code_renamed_on_both_sides_is_one_code_even_where_nothing_can_be_done_again() -> None:
    from postil_codebook.changes.merge_union import union_of

    base = "codes:\n  a: {label: A}\n  b: {label: B}\n"
    mine = "codes:\n  x: {label: A, formerly: [a]}\n  b: {label: B, definition: Mine.}\n"
    theirs = "codes:\n  y: {label: A, formerly: [a]}\n  b: {label: Bee, children: {c: {label: C}}}\n"
    merged, conflicts = union_of(base, mine, theirs, "codebook.yaml")
    book, problems = load_codebook(merged, "codebook.yaml")
    assert not has_errors(problems)
    assert list(book.codes) == ["x", "b", "c"]
    assert [book.resolve(name) for name in ("a", "x", "y")] == ["x", "x", "x"]
    assert (book.codes["b"].label, book.codes["b"].definition) == ("Bee", "Mine.")
    assert not conflicts


def test_a_book_that_does_not_read_is_not_joined() -> None:
    marked = "codes:\n<<<<<<< HEAD\n  a: {}\n=======\n  b: {}\n>>>>>>> theirs\n"
    with pytest.raises(PostilError, match="their side"):
        merge_codebooks("codes: {}\n", "codes:\n  a: {}\n", marked, "codebook.yaml")
