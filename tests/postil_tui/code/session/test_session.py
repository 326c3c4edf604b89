"""What each action of a coder does to the records of the layer, and that undo brings back all of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import pytest

from postil_base.problem import PostilError
from postil_codebook.load import load_codebook
from postil_study.layers.file import encode_layer, read_layer_file
from postil_study.layers.values import Deleted, State, make_layer, states, with_states
from postil_study.text.turns import RawTurn, format_transcript, parse_turns
from postil_study.text.values import CodeUse, LayerHeader, Relation, Segment, Speaker, Transcript, TranscriptInfo
from postil_tui.code.session.encoded import EncodedLayer
from postil_tui.code.session.record import RecordChange
from postil_tui.code.session.session import Session
from tests.model_study import CODEBOOK

TEXT = format_transcript([RawTurn("A", "First we looked at the hub, and then we bought the small one at last.")])
INFO = TranscriptInfo("T", {"A": Speaker("participant", "P1")})
TRANSCRIPT = Transcript("T", TEXT, parse_turns(TEXT, {"A"}), INFO, "")
BOOK = load_codebook(CODEBOOK, "codes.yaml")[0]
THEN, NOW = "2026-01-01T00:00:00Z", "2026-05-01T12:00:00Z"


def span(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def segment(id_: str, words: str, *codes: str | CodeUse) -> Segment:
    start, end = span(words)
    return Segment(id_, start, end, codes, words, at=THEN)


def session(*records: Segment | Relation, deleted: tuple[str, ...] = ()) -> Session:
    segments = [record for record in records if isinstance(record, Segment)]
    relations = [record for record in records if isinstance(record, Relation)]
    layer = make_layer(LayerHeader("ana", "T"), segments, relations, dict.fromkeys(deleted, THEN))
    return Session(TRANSCRIPT, BOOK, layer, lambda: datetime(2026, 5, 1, 12, tzinfo=UTC))


def coded(at_work: Session) -> list[tuple[str, tuple[str, ...]]]:
    """The words a segment covers by its place and by what it quotes, which must be the same, and its codes."""
    found = []
    for each in at_work.records.in_order():
        assert each.quote == TEXT[each.start : each.end]
        found.append((each.quote, each.code_ids))
    return found


@pytest.mark.parametrize(
    ("selected", "wider"),
    [
        ("the hub, and then", "looked at the hub, and then"),
        ("First we looked at", "First we looked at the hub"),
        ("we looked at the hub, and", "we looked at the hub, and"),
    ],
)
def test_a_segment_is_widened_and_keeps_the_words_it_had(selected: str, wider: str) -> None:
    at_work = session(segment("s", "looked at the hub", "search"))
    change = at_work.code("search", span(selected))
    assert change is not None and list(change.states) == ["s"]
    assert coded(at_work) == [(wider, ("search",))]


def test_a_code_that_covers_a_part_of_the_selection_is_not_taken_for_the_whole() -> None:
    at_work = session(segment("s", "looked at the hub", "search", "task"))
    assert at_work.code("search", span("at the hub, and then")) is not None
    assert coded(at_work) == [("looked at the hub", ("search", "task")), ("at the hub, and then", ("search",))]
    assert at_work.code("search", span("the hub, and")) is None


def test_a_code_more_on_the_same_words_leaves_the_others_there() -> None:
    at_work = session(segment("s", "the hub", CodeUse("search", "deny")))
    at_work.code("buy", span("the hub"), "wish")
    assert at_work.records.segments["s"].codes == (CodeUse("search", "deny"), CodeUse("buy", "wish"))


def test_a_new_segment_says_how_it_was_meant() -> None:
    at_work = session()
    at_work.code("buy", span("the small one"), "deny")
    (made,) = at_work.records.segments.values()
    assert made.codes == (CodeUse("buy", "deny"),)


def test_many_passages_are_coded_as_one_action_except_those_that_carry_it() -> None:
    at_work = session(segment("s", "the hub", "buy"))
    count, change = at_work.code_all("buy", [span("the hub"), span("the small one"), span("at last")])
    assert count == 2 and change is not None and len(change.states) == 2
    assert [words for words, _ in coded(at_work)] == ["the hub", "the small one", "at last"]
    at_work.undo()
    assert coded(at_work) == [("the hub", ("buy",))]


def test_the_relations_of_a_code_go_with_it_and_no_others() -> None:
    one, other = segment("s", "the hub", "search", CodeUse("task", "wish")), segment("t", "bought", "buy")
    about_search = Relation("r1", "s", "t", "leads-to", "search", "buy", at=THEN)
    into_search = Relation("r2", "t", "s", "influences", "buy", "search", at=THEN)
    about_task = Relation("r3", "s", "t", "leads-to", "task", "buy", at=THEN)
    at_work = session(one, other, about_search, into_search, about_task)
    at_work.remove_code("s", "search")
    assert at_work.records.segments["s"].codes == (CodeUse("task", "wish"),), "the other code keeps its mode"
    assert list(at_work.records.relations) == ["r3"]
    assert at_work.records.deleted == {"r1": Deleted("r1", NOW), "r2": Deleted("r2", NOW)}
    at_work.undo()
    assert sorted(at_work.records.relations) == ["r1", "r2", "r3"]
    assert at_work.records.segments["s"].codes == one.codes


def test_a_code_stays_while_a_relation_does_not_say_which_code_it_is_about() -> None:
    unclear = Relation("r", "s", "t", "leads-to", "", "buy", at=THEN)
    at_work = session(segment("s", "the hub", "search", "task"), segment("t", "bought", "buy"), unclear)
    with pytest.raises(PostilError, match="search or task"):
        at_work.remove_code("s", "search")
    assert at_work.records.segments["s"].code_ids == ("search", "task")


def test_with_its_last_code_a_segment_goes_and_its_relations_in_both_directions() -> None:
    from_it = Relation("r1", "s", "t", "leads-to", "search", "buy", at=THEN)
    to_it = Relation("r2", "t", "s", "influences", "buy", "search", at=THEN)
    at_work = session(segment("s", "the hub", "search"), segment("t", "bought", "buy"), from_it, to_it)
    at_work.remove_code("s", "search")
    assert (list(at_work.records.segments), list(at_work.records.relations)) == (["t"], [])
    assert sorted(at_work.records.deleted) == ["r1", "r2", "s"], "each leaves its id"


def test_a_mode_is_that_of_one_code() -> None:
    at_work = session(segment("s", "the hub", "search", "task"))
    at_work.set_mode("s", "task", "wish")
    assert at_work.records.segments["s"].codes == ("search", CodeUse("task", "wish"))


def test_new_borders_anchor_a_segment_again_with_the_words_between_them() -> None:
    lost = msgspec.structs.replace(segment("s", "the hub", "search"), quote="the old words", unanchored=True)
    at_work = session(lost)
    at_work.set_borders("s", span(" the small one "))
    assert coded(at_work) == [("the small one", ("search",))]
    assert not at_work.records.segments["s"].unanchored
    with pytest.raises(PostilError, match="at least one character"):
        at_work.set_borders("s", span(" "))


ACTIONS: list[Callable[[Session], object]] = [
    lambda s: s.code("search", span("bought the small")),
    lambda s: s.code("buy", span("the hub")),
    lambda s: s.code("task", span("First we"), "deny"),
    lambda s: s.code_whole("task"),
    lambda s: s.remove_code("s", "task"),
    lambda s: s.remove_segment("s"),
    lambda s: s.set_mode("s", "task", "wish"),
    lambda s: s.set_unsure("s", True),
    lambda s: s.set_memo("s", "why"),
    lambda s: s.set_borders("s", span("looked at the")),
    lambda s: s.relate("t", "search", "s", "search", "influences"),
    lambda s: s.set_relation("r", "guard", guard="poor"),
    lambda s: s.remove_relation("r"),
]


@pytest.mark.parametrize("number", range(len(ACTIONS)))
def test_each_action_is_told_to_be_saved_and_undone_and_done_again_whole(number: int) -> None:
    relation = Relation("r", "s", "t", "leads-to", "task", "search", at=THEN)
    at_work = session(segment("s", "the hub", "search", "task"), segment("t", "bought", "search"), relation)
    on_disk: dict[str, State | None] = {}
    at_work.listeners.append(lambda change: on_disk.update({id_: after for id_, (_, after) in change.states.items()}))

    def known() -> dict[str, State | None]:
        ids = {*at_work.records.segments, *at_work.records.relations, *at_work.records.deleted}
        return {id_: at_work.records.state(id_) for id_ in ids}

    def alive(all_of_it: dict[str, State | None]) -> dict[str, State]:
        found = {id_: s for id_, s in all_of_it.items() if s is not None and not isinstance(s, Deleted)}
        return {id_: msgspec.structs.replace(state, at="") for id_, state in found.items()}

    before = known()
    ACTIONS[number](at_work)
    done = known()
    assert alive(done) != alive(before)
    assert {**before, **on_disk} == done, "what is told is what changed"
    at_work.undo()
    assert alive(known()) == alive(before)
    assert {**before, **on_disk} == known()
    changed = [id_ for id_ in known() if id_ in on_disk]
    times = [getattr(at_work.records.state(id_), "at", "") for id_ in changed]
    assert times == [NOW] * len(changed), "what is undone is newer than what a colleague has"
    at_work.redo()
    assert alive(known()) == alive(done)
    assert {**before, **on_disk} == known()


def test_undo_does_not_write_over_what_was_changed_since() -> None:
    at_work = session(segment("s", "the hub", "search"))
    at_work.set_memo("s", "mine")
    at_work.take_over({"s": msgspec.structs.replace(segment("s", "the hub", "search"), memo="a colleague's")})
    with pytest.raises(PostilError, match="was changed since"):
        at_work.undo()
    assert at_work.records.segments["s"].memo == "a colleague's"


def test_after_a_new_action_what_was_undone_cannot_be_put_over_it() -> None:
    at_work = session(segment("s", "the hub", "search"), segment("t", "bought", "buy"))
    at_work.remove_segment("t")
    at_work.undo()
    at_work.set_memo("s", "new")
    assert at_work.redo() is None
    assert sorted(at_work.records.segments) == ["s", "t"]


def test_what_may_not_be_changed_stays_and_nobody_is_told() -> None:
    at_work = session(segment("s", "the hub", "search"))
    told: list[RecordChange] = []
    at_work.listeners.append(told.append)
    at_work.read_only = "the round is frozen"
    with pytest.raises(PostilError, match="the round is frozen"):
        at_work.remove_segment("s")
    assert (list(at_work.records.segments), told) == (["s"], [])


def test_what_comes_from_outside_is_no_step_of_ones_own() -> None:
    at_work = session(segment("s", "the hub", "search"))
    at_work.take_over({"t": segment("t", "bought", "buy"), "s": Deleted("s", NOW)})
    assert coded(at_work) == [("bought", ("buy",))]
    assert at_work.undo() is None


def test_a_record_that_comes_back_is_not_deleted_any_more() -> None:
    at_work = session(deleted=("s",))
    at_work.records.put("s", segment("s", "the hub", "search"))
    assert at_work.records.deleted == {}
    at_work.records.put("s", Deleted("s", NOW))
    assert (at_work.records.state("s"), at_work.records.segments) == (Deleted("s", NOW), {})


@pytest.mark.parametrize(
    "changes",
    [
        {"s": segment("s", "the hub", "task")},
        {"s": segment("s", "we bought", "search")},
        {"s": Deleted("s", NOW)},
        {"gone": segment("gone", "the hub", "search")},
        {"new": segment("new", "First we looked", "search"), "t": Deleted("t", NOW)},
        {"s": Deleted("s", NOW), "gone": segment("gone", "the hub", "search")},
    ],
)
def test_the_lines_at_hand_are_those_that_the_whole_layer_has(changes: dict[str, State]) -> None:
    held = [segment("s", "the hub", "search"), segment("t", "bought", "buy"), segment("u", "the hub, and", "buy")]
    layer = make_layer(LayerHeader("ana", "T"), held, [Relation("r", "u", "u", "leads-to")], {"gone": THEN, "z": THEN})
    encoded = EncodedLayer.of(encode_layer(layer), layer)
    assert encoded is not None
    for id_, state in changes.items():
        layer = with_states(layer, {id_: state})
        data = encoded.changed({id_: state})
        assert data == encode_layer(layer)
    assert data is not None and states(read_layer_file(data, "x").layer) == states(layer)


def test_a_slow_clock_makes_no_edit_an_older_version() -> None:
    later = "2026-05-02T00:00:00Z"  # of a colleague whose clock is ahead of ours
    one = msgspec.structs.replace(segment("a", "the hub", "trust"), at=later)
    at_work = session(one)
    assert at_work.set_memo("a", "why").states["a"][1].at == later  # type: ignore[union-attr]
    undone = at_work.undo()
    assert undone is not None and undone.states["a"][1].at == later  # type: ignore[union-attr]
    removed = at_work.remove_segment("a").states["a"][1]
    assert isinstance(removed, Deleted) and removed.at == later
