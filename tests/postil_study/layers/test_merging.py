"""Two versions of one record: what only one side changed is taken, what both changed is kept twice, nothing is lost."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from postil_study.layers.file import encode_layer, read_layer_file
from postil_study.layers.merge import merge_layer_data
from postil_study.layers.record_merge import as_version, merged_record, version_of
from postil_study.layers.values import Deleted, make_layer, merge_layers, newest, with_states
from postil_study.text.values import CodeUse, Layer, LayerHeader, Segment

HEADER = LayerHeader("ana", "I01", text_sha256="one")
BEFORE, EARLY, LATE = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"
BASE = Segment("s", 0, 9, ("trust", CodeUse("issues", "wish")), "the words", at=BEFORE)


def changed(at: str, **fields: Any) -> Segment:
    return msgspec.structs.replace(BASE, at=at, **fields)


def both_ways(mine: Segment, theirs: Segment) -> Segment | None:
    """What comes of two versions, which must not depend on who merges."""
    one, other = merged_record(BASE, mine, theirs), merged_record(BASE, theirs, mine)
    assert one == other
    return one


def test_codes_put_on_and_taken_off_by_both_sides_are_merged_with_their_modes() -> None:
    mine = changed(EARLY, codes=("trust", CodeUse("issues", "wish"), CodeUse("price", "deny")))
    theirs = changed(LATE, codes=(CodeUse("issues", "wish"), "search"))
    merged = both_ways(mine, theirs)
    assert merged is not None
    assert merged.codes == (CodeUse("issues", "wish"), CodeUse("price", "deny"), "search")
    assert merged.at == LATE


def test_a_code_whose_mode_both_changed_is_a_conflict_and_of_one_side_is_none() -> None:
    mine = changed(EARLY, codes=("trust", CodeUse("issues", "deny")))
    theirs = changed(LATE, codes=("trust", "issues"))
    assert both_ways(mine, theirs) is None
    other_code = changed(LATE, codes=(CodeUse("trust", "reported"), CodeUse("issues", "wish")))
    merged = both_ways(mine, other_code)
    assert merged is not None and merged.codes == (CodeUse("trust", "reported"), CodeUse("issues", "deny"))


def test_borders_go_together_with_the_words_between_them() -> None:
    longer, shorter = changed(EARLY, end=12, quote="the words too"), changed(LATE, start=4, quote="words")
    assert both_ways(longer, shorter) is None
    bare = msgspec.structs.replace(BASE, quote="")
    sides = [msgspec.structs.replace(bare, end=12), msgspec.structs.replace(bare, start=4)]
    assert merged_record(bare, *sides) is None, "nobody chose these borders"
    merged = both_ways(longer, changed(LATE, memo="why"))
    assert merged is not None and (merged.end, merged.quote, merged.memo) == (12, "the words too", "why")


def test_keys_that_only_the_other_side_knows_stay() -> None:
    mine, theirs = changed(EARLY, extra={"x-mine": 1}), changed(LATE, extra={"x-theirs": 2})
    merged = both_ways(mine, theirs)
    assert merged is not None and merged.extra == {"x-mine": 1, "x-theirs": 2}


def test_a_second_version_says_of_what_and_takes_nobodys_id() -> None:
    second = as_version(BASE, {"s", "s.2"})
    assert (second.id, version_of(second)) == ("s.3", "s")
    third = as_version(second, {"s", "s.2", "s.3"})
    assert (third.id, version_of(third)) == ("s.4", "s")


def layer(*records: Segment, deleted: dict[str, str] | None = None) -> Layer:
    return make_layer(HEADER, records, (), deleted)


@pytest.mark.parametrize("swapped", [False, True])
def test_a_renamed_code_does_not_bring_back_what_a_colleague_deleted(swapped: bool) -> None:
    renamed = msgspec.structs.replace(
        BASE, codes=("trusting", CodeUse("issues", "wish"))
    )  # nobody edited it: same time
    sides = [layer(renamed), with_states(layer(BASE), {"s": Deleted("s", BEFORE)})]
    merged, conflicts = merge_layers(layer(BASE), *(sides[::-1] if swapped else sides))
    assert (merged.segments, merged.deleted, conflicts) == ((), {"s": BEFORE}, ())


def test_of_equally_old_states_the_one_that_is_alive_stands() -> None:
    assert newest(Deleted("s", BEFORE), BASE) == BASE == newest(BASE, Deleted("s", BEFORE))
    assert newest(Deleted("s", LATE), BASE) == Deleted("s", LATE)


def merged_files(base: Layer, mine: bytes, theirs: bytes, **texts: str) -> Layer:
    made = merge_layer_data(encode_layer(base), mine, theirs, "codings/ana/I01.jsonl", texts.get)
    return read_layer_file(made.data, "codings/ana/I01.jsonl").layer


def test_what_git_merges_holds_both_versions_of_a_conflict() -> None:
    mine, theirs = changed(EARLY, memo="mine"), changed(LATE, memo="theirs")
    merged = merged_files(layer(BASE), encode_layer(layer(mine)), encode_layer(layer(theirs)))
    assert [(s.id, s.memo) for s in merged.segments] == [("s", "mine"), ("s.2", "theirs")]


def test_a_version_from_before_the_common_one_does_not_win_in_silence() -> None:
    base = layer(changed(LATE, memo="a thought"))
    merged = merged_files(base, encode_layer(base), encode_layer(layer(changed(EARLY, memo=""))))
    assert sorted(s.memo for s in merged.segments) == ["", "a thought"]


def test_lines_that_cannot_be_read_come_along_from_both_sides() -> None:
    mine, theirs = encode_layer(layer(BASE)) + b"{mine\n", encode_layer(layer(BASE)) + b"{theirs\n"
    data = merge_layer_data(encode_layer(layer(BASE)), mine, theirs, "codings/ana/I01.jsonl", lambda sha: None).data
    assert b"\n{mine\n" in data and b"\n{theirs\n" in data


@pytest.mark.parametrize("swapped", [False, True])
def test_codings_made_on_the_old_text_stand_on_their_words_in_the_corrected_one(swapped: bool) -> None:
    old, new = "He took the words of somebody.", "Well, yes. He took the words of somebody."
    words = Segment("s", 8, 17, ("trust",), "the words", at=BEFORE)
    added = Segment("t", 21, 29, ("issues",), "somebody", at=EARLY)
    corrected = make_layer(
        LayerHeader("ana", "I01", text_sha256="two"), [msgspec.structs.replace(words, start=19, end=28)]
    )
    sides = [encode_layer(layer(words, added)), encode_layer(corrected)]
    merged = merged_files(layer(words), *(sides[::-1] if swapped else sides), one=old, two=new)
    assert merged.header.text_sha256 != "one"
    assert [(s.id, new[s.start : s.end]) for s in merged.segments] == [("s", "the words"), ("t", "somebody")]
