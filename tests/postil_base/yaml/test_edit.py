from __future__ import annotations

import random
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postil_base.problem import PostilError
from postil_base.yaml.edit import append_item, delete_entry, insert_entry, move_entry, rename_key, set_value
from postil_base.yaml.places import load_yaml
from postil_base.yaml.splices import as_data
from postil_base.yaml.write import Value, render_flow, render_value

BOOK = """\
# head
title: Book   # the title
codes:
  # -- one
  one:
    label: One  # shown
    definition: |
      First line.

      Second line.
    children:
      two: {label: Two, examples: ["a, b"]}   # in braces
      three:
        label: 'Three'

        # inside three
        memo: >-
          folded
          text

  # about four, which comes next
  four:
    label: Four
# foot
groups: {g: {codes: [one, two], exclusive: true}}
"""


def test_a_value_is_replaced_in_its_place() -> None:
    assert set_value(BOOK, ["title"], "New: title") == BOOK.replace("Book   #", "'New: title'   #", 1)
    changed = set_value(BOOK, ["codes", "one", "children", "two", "label"], "No")
    assert changed == BOOK.replace("label: Two", "label: 'No'")


def test_a_new_entry_goes_after_the_comment_of_the_last_one() -> None:
    changed = insert_entry(BOOK, ["codes"], "five", {"label": "Five"})
    assert changed == BOOK.replace("    label: Four\n", "    label: Four\n  five:\n    label: Five\n")
    changed = insert_entry(BOOK, ["codes"], "five", {"label": "Five"}, after="one")
    assert "          text\n  five:\n    label: Five\n\n  # about four" in changed


def test_between_braces_entries_stay_between_braces() -> None:
    changed = insert_entry(BOOK, ["groups"], "h", {"codes": ["four"]})
    assert changed.endswith("groups: {g: {codes: [one, two], exclusive: true}, h: {codes: [four]}}\n")
    changed = append_item(BOOK, ["groups", "g", "codes"], "a, b")
    assert changed.endswith("codes: [one, two, 'a, b'], exclusive: true}}\n")
    assert delete_entry(BOOK, ["groups", "g", "codes", 0]).endswith("codes: [two], exclusive: true}}\n")
    assert delete_entry(BOOK, ["groups", "g", "codes", 1]).endswith("codes: [one], exclusive: true}}\n")
    assert delete_entry(BOOK, ["groups", "g"]).endswith("groups: {}\n")


def test_deleting_takes_what_is_inside_and_leaves_the_neighbours_comments() -> None:
    changed = delete_entry(BOOK, ["codes", "one", "children", "three"])
    gone = BOOK[BOOK.index("      three:") : BOOK.index("\n  # about four")]
    assert changed == BOOK.replace(gone, "")
    assert "# about four" in delete_entry(BOOK, ["codes", "four"])


def test_the_last_child_leaves_an_empty_mapping_and_it_can_be_filled_again() -> None:
    one = delete_entry(BOOK, ["codes", "one", "children", "three"])
    none = delete_entry(one, ["codes", "one", "children", "two"])
    assert "    children: {}\n" in none
    again = insert_entry(none, ["codes", "one", "children"], "new", {"label": "New"})
    assert "    children:\n      new:\n        label: New\n" in again


def test_moving_keeps_comments_styles_and_the_rest() -> None:
    changed = move_entry(BOOK, ["codes", "one", "children", "three"], ["codes"])
    assert (
        "  three:\n    label: 'Three'\n\n    # inside three\n    memo: >-\n      folded\n      text\n# foot" in changed
    )
    back = move_entry(changed, ["codes", "three"], ["codes", "one", "children"])
    assert back == BOOK
    with pytest.raises(PostilError, match="below itself"):
        move_entry(BOOK, ["codes", "one"], ["codes", "one", "children"])


def test_renaming_keeps_the_place() -> None:
    assert rename_key(BOOK, ["codes", "one"], "no") == BOOK.replace("  one:\n", "  'no':\n")
    with pytest.raises(PostilError, match="is there already"):
        rename_key(BOOK, ["codes", "one"], "four")


def test_line_ends_byte_order_mark_and_a_missing_last_line_end_stay() -> None:
    crlf = "\ufeff" + BOOK.replace("\n", "\r\n")
    changed = insert_entry(crlf, ["codes"], "five", {"definition": "one\ntwo"})
    assert changed.startswith("\ufeff# head\r\n")
    assert changed.count("\n") == changed.count("\r\n") == BOOK.count("\n") + 4
    assert insert_entry("a:\n  b: 1", ["a"], "c", 2) == "a:\n  b: 1\n  c: 2"
    assert delete_entry("a:\n  b: 1\n  c: 2", ["a", "c"]) == "a:\n  b: 1"
    assert delete_entry("a: 1\r\nb: 2\r\n", ["b"]) == "a: 1\r\n"


@pytest.mark.parametrize(
    ("text", "where", "value", "expected"),
    [
        ("a:\n", ["a"], "x", "a: x\n"),
        ("a:  # why\nb: 1\n", ["a"], "x", "a: x  # why\nb: 1\n"),
        ("a: x\n", ["a"], "one\ntwo", "a: |-\n  one\n  two\n"),
        ("a: x  # why\nb: 1\n", ["a"], "one\ntwo\n", "a: |  # why\n  one\n  two\nb: 1\n"),
        ("a: |\n  one\n  two\n\nb: 1\n", ["a"], "x", "a: x\n\nb: 1\n"),
        ("a:\n  - x\n  - y\nb: 1\n", ["a"], ["z"], "a: [z]\nb: 1\n"),
        ("a: [x]\n", ["a"], [], "a: []\n"),
        ("a: {b: x}\n", ["a", "b"], "one\ntwo", 'a: {b: "one\\ntwo"}\n'),
        ("- {id: a}\n- id: b\n  n: 1\n", [1, "n"], 2, "- {id: a}\n- id: b\n  n: 2\n"),
        ("a: true\n", ["a"], False, "a: false\n"),
        ("a: 'x'\n", ["a"], None, "a: null\n"),
        ("", ["a"], "x", "a: x\n"),
        ("# only a comment\n", ["a"], "x", "# only a comment\na: x\n"),
    ],
)
def test_values_of_every_kind(text: str, where: list[str | int], value: Value, expected: str) -> None:
    if text.strip() and not text.startswith("#"):
        assert set_value(text, where, value) == expected
    else:
        assert insert_entry(text, where[:-1], str(where[-1]), value) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a: &x {n: 1}\nb: *x\n",
        "? a\n: {n: 1}\nb: 2\n",
    ],
)
def test_what_cannot_be_changed_safely_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(PostilError, match=r"book.yaml:1:\d+: this cannot be changed safely"):
        if "&" in text:
            set_value(text, ["a", "n"], 2, path="book.yaml")
        else:
            delete_entry(text, ["a"], path="book.yaml")


def test_a_text_with_problems_is_not_touched() -> None:
    with pytest.raises(PostilError, match=r"x\.yaml:2:1: 'a' is here twice"):
        set_value("a: 1\na: 2\n", ["a"], 3, path="x.yaml")
    with pytest.raises(PostilError, match="is not YAML"):
        set_value("a: [\n", ["a"], 3, path="x.yaml")


ODD = ["no", "12:30", "1.0", "1e5", "- x", "a: b", "# c", " lead", "trail ", "'q'", '"', "null", "~", "", "y", "é"]
ODD += ["one\ntwo", "one\n\n two\n", "\nfirst", "end\n\n", "tab\there", "{a}", "[", "*x", "&x", "!t", "%", "@", "`"]
ODD += ["a\u2028b", "😀", "---", "...", "? a", "| x", "> x", "<<", "=", "a\ufeffb", "\ufeff", "\u0085"]
ODD += ["word " * 30 + "end", "# " + "- a: 'b' " * 20 + ".", "long" * 60, "two  blanks " * 12 + "."]
texts = st.one_of(st.sampled_from(ODD), st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30))


@given(texts)
def test_every_text_reads_back_as_itself(text: str) -> None:
    for written in (f"k: {render_flow(text)}", f"k: [{render_flow(text)}]", f"k:{render_value(text, 2)}\nz: 1"):
        root, problems = load_yaml(written, "x")
        assert [p for p in problems if p.rule != "control-character"] == []
        data = as_data(root)["k"]
        assert (data[0] if isinstance(data, list) else data) == text


KEYS = ["a", "b", "c", "d", "no", "x.y", "1"]
data_values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(texts.filter(lambda t: not any(c in t for c in "\u202a\u202b\u202c\u202d\u202e")), st.integers(-9, 9)),
    lambda inner: st.one_of(st.dictionaries(st.sampled_from(KEYS), inner, max_size=4), st.lists(inner, max_size=3)),
    max_leaves=12,
)
books = st.dictionaries(st.sampled_from(KEYS), data_values, min_size=1, max_size=4)


class Typist:
    """Writes data as a person would: in either style, with comments and blank lines strewn between."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.comments = 0

    def write(self, data: dict[str, Any]) -> str:
        return self.block(data, 0).lstrip("\n") + self.random.choice(["", "\n", "\n\n", f"\n{self.comment()}\n"])

    def comment(self) -> str:
        self.comments += 1
        return f"# comment {self.comments}."

    def between(self, indent: int) -> str:
        return self.random.choice(
            ["", "", "", "\n", f"\n{' ' * indent}{self.comment()}", f"\n\n{' ' * indent}{self.comment()}"]
        )

    def after(self) -> str:
        return self.random.choice(["", "", "", f"  {self.comment()}"])

    def block(self, data: Any, indent: int) -> str:
        if isinstance(data, dict) and data:
            return "".join(
                f"{self.between(indent)}\n{' ' * indent}{render_flow(key)}:{self.value(value, indent)}"
                for key, value in data.items()
            )
        return "".join(f"{self.between(indent)}\n{' ' * indent}-{self.value(item, indent)}" for item in data)

    def value(self, data: Any, indent: int) -> str:
        if isinstance(data, str):
            if "\n" in data:
                return render_value(data, indent + 2)
            return f" {render_flow(data)}{self.after()}"
        if not isinstance(data, (dict, list)) or not data or self.random.random() < 0.3:
            return f" {render_flow(data)}{self.after()}"
        return self.after() + self.block(data, indent + self.random.choice([2, 2, 4]))


def changes(data: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The places of everything in the data."""
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    found = []
    for key, value in pairs:
        found += [(*at, key), *changes(value, (*at, key))]
    return found


def kept(before: str, after: str) -> bool:
    """Whether the comments of ``after`` are comments of ``before``, in this order."""
    rest = iter(re.findall(r"# comment \d+\.", before))
    return all(comment in rest for comment in re.findall(r"# comment \d+\.", after))


@given(books, st.integers(0, 10**6), st.sampled_from(["\n", "\r\n"]), texts, st.data())
@settings(max_examples=150, deadline=None)
def test_any_change_of_any_text(data: dict[str, Any], seed: int, newline: str, value: str, draw: st.DataObject) -> None:
    typist = Typist(seed)
    text = typist.write(data).replace("\n", newline)
    assert load_yaml(text, "x.yaml")[1] == []
    where = draw.draw(st.sampled_from(changes(data)))
    change = draw.draw(st.sampled_from(["set", "insert", "delete", "rename", "append"]))
    new_value: Value = draw.draw(st.sampled_from([value, [value, "x"], {"k": value}, 5, True, None, [], {}]))
    target = _inside(data, where)
    try:
        if change == "set":
            after = set_value(text, where, new_value)
        elif change == "insert" and isinstance(target, dict):
            after = insert_entry(text, where, "new", new_value)
        elif change == "rename" and isinstance(where[-1], str):
            after = rename_key(text, where, "new")
        elif change == "append" and isinstance(target, list):
            after = append_item(text, where, value)
        else:
            after = delete_entry(text, where)
    except PostilError as error:
        if "has no place" in str(error):  # a direction mark in the new text: rightly refused
            return
        raise
    assert load_yaml(after, "x.yaml")[1] == []
    if (change == "rename" and isinstance(where[-1], str)) or (change == "insert" and isinstance(target, dict)):
        assert after.count("# comment") == text.count("# comment")
    assert kept(text, after)
    if newline == "\r\n" and text.count("\n") > 0:
        assert after.count("\n") == after.count("\r\n")


def _inside(data: Any, where: tuple[str | int, ...]) -> Any:
    for key in where:
        data = data[key]
    return data


@given(books, st.integers(0, 10**6), st.data())
@settings(max_examples=100, deadline=None)
def test_any_move_of_any_text(data: dict[str, Any], seed: int, draw: st.DataObject) -> None:
    text = Typist(seed).write(data)
    places = changes(data)
    where = draw.draw(st.sampled_from(places))
    maps = [(), *(place for place in places if isinstance(_inside(data, place), dict))]
    to = draw.draw(st.sampled_from(maps))
    if not isinstance(where[-1], str) or to[: len(where)] == where or where[-1] in _inside(data, to):
        return
    try:
        after = move_entry(text, where, to)
    except PostilError as error:
        assert "between braces" in str(error) or "touched more" in str(error)
        return
    moved = as_data(load_yaml(after, "")[0])
    before = as_data(load_yaml(text, "")[0])
    assert _inside(moved, (*to, where[-1])) == _inside(before, where)
    assert after.count("# comment") == text.count("# comment")


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "~\n"])
def test_a_value_is_set_in_a_file_that_says_nothing_yet(text: str) -> None:
    changed = set_value(text, ["trust"], {"summary": "Trusts names."})
    assert changed.endswith("trust:\n  summary: Trusts names.\n")
    assert text.startswith("#") <= changed.startswith("#")
