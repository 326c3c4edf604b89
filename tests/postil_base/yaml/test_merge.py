"""Two versions of a YAML file merged entry by entry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postil_base.problem import PostilError
from postil_base.yaml.merge import merge_yaml
from postil_base.yaml.places import load_yaml
from postil_base.yaml.splices import as_data
from postil_base.yaml.write import render_value

BASE = """\
# the study
coders: {ana: {name: Ana}}  # who codes
participants:
  E01: {size: small}   # first
  E02: {size: large}
guide:
  - {id: choice, ask: "How?"}
  - {id: why, ask: "Why?"}
record: [ana]
"""


def merged(mine: str, theirs: str) -> tuple[str, list[str]]:
    text, conflicts = merge_yaml(BASE, mine, theirs, "study.yaml")
    return text, [str(conflict) for conflict in conflicts]


def test_changes_at_different_places_are_spliced_in() -> None:
    mine = BASE.replace("size: small", "size: tiny").replace("record: [ana]", "record: [ana, ben]")
    theirs = BASE.replace("coders: {ana: {name: Ana}}", "coders: {ana: {name: Ana}, cem: {name: Cem}}")
    theirs = theirs.replace("  E02: {size: large}\n", "  E02: {size: large}\n  E03: {size: mid}\n")
    theirs = theirs.replace("record: [ana]", "record: [ana, cem]").replace('"Why?"', '"Why so?"')
    text, conflicts = merged(mine, theirs)
    assert conflicts == []
    assert (
        text
        == """\
# the study
coders: {ana: {name: Ana}, cem: {name: Cem}}  # who codes
participants:
  E01: {size: tiny}   # first
  E02: {size: large}
  E03: {size: mid}
guide:
  - {id: choice, ask: "How?"}
  - {id: why, ask: 'Why so?'}
record: [ana, ben, cem]
"""
    )


def test_what_both_changed_stays_mine_and_is_named() -> None:
    mine, theirs = BASE.replace("small", "tiny"), BASE.replace("small", "huge")
    assert merged(mine, theirs) == (mine, ["participants/E01/size: mine is “tiny”, theirs is “huge”; mine stands"])


def test_what_one_removed_and_the_other_changed_stays() -> None:
    gone = BASE.replace("  E01: {size: small}   # first\n", "")
    changed = BASE.replace("small", "tiny")
    assert merged(changed, gone) == (changed, ["participants/E01 was removed by theirs and changed by mine; it stays"])
    text, conflicts = merged(gone, changed)
    assert "E01" in text and conflicts == ["participants/E01 was removed by mine and changed by theirs; it stays"]


def test_items_with_ids_are_added_changed_and_removed() -> None:
    mine = BASE.replace('  - {id: why, ask: "Why?"}\n', '  - {id: when, ask: "When?"}\n  - {id: why, ask: "Why?"}\n')
    theirs = BASE.replace('  - {id: choice, ask: "How?"}\n', "").replace('ask: "Why?"', 'ask: "Why not?"')
    text, conflicts = merged(mine, theirs)
    assert conflicts == []
    assert text.count("id:") == 2 and "Why not?" in text and "When?" in text


def test_a_side_that_cannot_be_read_is_named() -> None:
    with pytest.raises(PostilError, match="their side"):
        merged(BASE, "a: [")


keys = st.sampled_from("abcd")
values: st.SearchStrategy[object] = st.recursive(
    st.one_of(st.sampled_from(["x", "y", "12", "no"]), st.lists(st.sampled_from("pqr"), unique=True, max_size=3)),
    lambda inner: st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)
files = st.dictionaries(keys, values, min_size=1, max_size=4)


def as_text(data: object) -> str:
    return render_value(data, 0).lstrip("\n") + "\n"  # type: ignore[arg-type]


@given(files, files, files)
def test_any_three_files_merge_to_a_file_that_reads(base: object, mine: object, theirs: object) -> None:
    text, _ = merge_yaml(as_text(base), as_text(mine), as_text(theirs), "x.yaml")
    assert load_yaml(text, "x.yaml")[1] == []


@given(files, files)
def test_one_side_unchanged_gives_the_other(base: object, changed: object) -> None:
    one, conflicts = merge_yaml(as_text(base), as_text(base), as_text(changed), "x.yaml")
    assert conflicts == ()
    assert as_data(load_yaml(one, "x.yaml")[0]) == as_data(load_yaml(as_text(changed), "x.yaml")[0])
    other, conflicts = merge_yaml(as_text(base), as_text(changed), as_text(base), "x.yaml")
    assert (other, conflicts) == (as_text(changed), ())
