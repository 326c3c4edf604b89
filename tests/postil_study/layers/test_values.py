"""Layers as values, and what happens when two people change one."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from postil_base.problem import PostilError
from postil_study.layers.values import (
    Conflict,
    Deleted,
    add_relation,
    add_segment,
    changes_between,
    from_states,
    make_layer,
    merge_layers,
    newest,
    remove_relation,
    remove_segment,
    states,
    update_segment,
    with_header,
    with_states,
)
from postil_study.text.values import Layer, LayerHeader, Relation, Segment
from tests.transcripts_support import layers, relations, segments

HEADER = LayerHeader("ana", "I01")
A = Segment("a", 0, 5, ("trust",))
B = Segment("b", 3, 9, ("issues",))
R = Relation("r", "a", "b", "leads-to")
BASE = make_layer(HEADER, [A, B], [R])
NOW = "2026-05-01T00:00:00Z"


def test_records_stand_in_order() -> None:
    whole, long, short = Segment("z"), Segment("q", 3, 20), Segment("c", 3, 9)
    layer = make_layer(HEADER, [B, short, long, A, whole], [Relation("y", "b", "a", "influences"), R])
    assert [s.id for s in layer.segments] == ["z", "a", "q", "b", "c"]
    assert [r.id for r in layer.relations] == ["r", "y"], "by the place of their segments"


def test_adding_changing_removing() -> None:
    layer = add_segment(BASE, Segment("c", 1, 2))
    assert [s.id for s in layer.segments] == ["a", "c", "b"]
    layer = update_segment(layer, Segment("c", 8, 9, memo="moved"))
    assert [s.id for s in layer.segments] == ["a", "b", "c"]
    layer = remove_segment(layer, "a", NOW)
    assert layer.deleted == {"a": NOW, "r": NOW}, "the relation that started on it goes along"
    assert layer.relations == ()
    assert add_segment(layer, A).deleted == {"r": NOW}, "a record that is back is not deleted"
    assert remove_relation(BASE, "r", NOW).deleted == {"r": NOW}


def test_what_cannot_be_done_says_why() -> None:
    with pytest.raises(PostilError, match="already in this layer"):
        add_segment(BASE, A)
    with pytest.raises(PostilError, match="not in this layer any more"):
        update_segment(BASE, Segment("x"))
    with pytest.raises(PostilError, match="another kind"):
        update_segment(BASE, Segment("r"))
    with pytest.raises(PostilError, match="needs segment x"):
        add_relation(BASE, Relation("y", "a", "x", "leads-to"))
    with pytest.raises(PostilError, match="not in this layer any more"):
        remove_segment(BASE, "x", NOW)


def test_merging_takes_each_record_from_the_side_that_changed_it() -> None:
    mine = update_segment(BASE, replace_memo(A, "mine"))
    theirs = add_segment(remove_segment(BASE, "b", NOW), Segment("c", 7, 8))
    merged, conflicts = merge_layers(BASE, mine, theirs)
    assert conflicts == ()
    assert [(s.id, s.memo) for s in merged.segments] == [("a", "mine"), ("c", "")]
    assert merged.deleted == {"b": NOW, "r": NOW}


def test_what_both_changed_is_a_conflict_and_the_newer_stands_meanwhile() -> None:
    mine, theirs = replace_memo(A, "mine", "2026-01-02"), replace_memo(A, "theirs", "2026-01-03")
    merged, conflicts = merge_layers(BASE, update_segment(BASE, mine), update_segment(BASE, theirs))
    assert conflicts == (Conflict("a", mine, theirs),)
    assert merged.by_id["a"].memo == "theirs"


def test_a_change_against_a_deletion_is_a_conflict_too() -> None:
    mine = replace_memo(A, "mine", "2026-01-02")
    theirs = with_states(BASE, {"a": Deleted("a", "2026-01-01")})
    merged, conflicts = merge_layers(BASE, update_segment(BASE, mine), theirs)
    assert [c.id for c in conflicts] == ["a"]
    assert merged.by_id["a"] == mine, "the newer of the two"


def test_headers_are_merged_field_by_field() -> None:
    mine, theirs = with_header(BASE, done="2026-05-01"), with_header(BASE, round="R1")
    merged, conflicts = merge_layers(BASE, mine, theirs)
    assert (merged.header.done, merged.header.round, conflicts) == ("2026-05-01", "R1", ())
    done = with_header(BASE, done="2026-05-01")
    merged, conflicts = merge_layers(done, with_header(done, done=""), with_header(done, done="2026-06-01"))
    assert merged.header.done == "", "open beats finished"
    assert [c.id for c in conflicts] == ["header.done"]


def replace_memo(segment: Segment, memo: str, at: str = "") -> Segment:
    return msgspec.structs.replace(segment, memo=memo, at=at)


same_header = st.just(HEADER)


@given(layers(same_header), layers(same_header), layers(same_header))
def test_merging_commutes_where_there_is_no_conflict(base: Layer, mine: Layer, theirs: Layer) -> None:
    one, conflicts = merge_layers(base, mine, theirs)
    other, swapped = merge_layers(base, theirs, mine)
    assert {c.id for c in conflicts} == {c.id for c in swapped}
    assert one == other, "what stands for a conflict does not depend on the side, either"


@given(layers(same_header), layers(same_header))
def test_merging_with_an_unchanged_side_gives_the_other(base: Layer, changed: Layer) -> None:
    assert merge_layers(base, changed, base) == (changed, ())
    assert merge_layers(base, base, changed) == (changed, ())
    assert merge_layers(base, changed, changed) == (changed, ())


@given(layers(same_header), st.lists(st.one_of(segments(), relations()), unique_by=lambda r: r.id, max_size=4),
       st.lists(segments(), unique_by=lambda r: r.id, max_size=4))  # fmt: skip
def test_nothing_that_only_one_side_changed_is_lost(
    base: Layer, mine: list[Segment | Relation], theirs: list[Segment]
) -> None:
    one, other = with_states(base, {r.id: r for r in mine}), with_states(base, {r.id: r for r in theirs})
    merged, conflicts = merge_layers(base, one, other)
    clashing = {conflict.id for conflict in conflicts}
    both = {r.id for r in mine} & {r.id for r in theirs}
    assert clashing <= {r.id for r in mine} & {r.id for r in theirs}
    for record in [*mine, *theirs]:
        if record.id not in both and record != states(base).get(record.id):
            assert states(merged)[record.id] == record


@given(layers(), layers())
def test_states_and_changes_rebuild_a_layer(before: Layer, after: Layer) -> None:
    assert from_states(before.header, states(before).values(), before.path) == before
    changes = changes_between(before, after)
    rebuilt = with_states(before, {id_: new for id_, (_, new) in changes.items()})
    assert states(rebuilt) == states(after)


@given(segments(), segments(), segments())
def test_the_newest_does_not_depend_on_the_order(a: Segment, b: Segment, c: Segment) -> None:
    same = [msgspec.structs.replace(s, id="a") for s in (a, b, c)]
    assert newest(same[0], same[1]) == newest(same[1], same[0])
    assert newest(newest(same[0], same[1]), same[2]) == newest(same[0], newest(same[1], same[2]))
