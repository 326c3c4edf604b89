"""Evidence: whose words, which node, stated or inferred, and what does not count."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from postil_model.decision.model import Model, Params
from postil_model.decision.of_study import build_model, study_evidence
from postil_model.decision.support import SupportCounter
from postil_model.evidence import EdgeBook, Evidence
from postil_model.evidence.hints import cooccur_rows, order_rows
from tests.model_study import Talk, shopping, talk, write_study


@pytest.fixture
def model(tmp_path: Path) -> Model:
    return build_model(shopping(tmp_path))


def rows(evidence: Evidence, object_: str) -> list[tuple[str, str, str]]:
    return [(row.participant, row.kind, row.mode) for row in evidence.by_object.get(object_, [])]


def test_n_counts_participants_with_a_finished_coding_and_not_transcripts(model: Model) -> None:
    assert model.participants == ("P1", "P2", "P3", "P4")


def test_a_relation_with_a_cue_is_stated_and_one_without_is_inferred(model: Model) -> None:
    assert rows(model.evidence, "E1") == [("P1", "stated", "affirm"), ("P2", "stated", "affirm")]
    assert rows(model.evidence, "E2") == [("P1", "inferred", "affirm")]
    assert model.edges["E2"].support["stated"].k == 0
    assert model.edges["E2"].support["inferred"].affirm == ("P1",)


def test_a_cue_in_the_interviewers_words_does_not_make_a_relation_stated(tmp_path: Path) -> None:
    one = talk("T1", "P1", "So then you bought it?", "I searched. Yes I bought it.")
    one.code("a", "I searched", "search").code("b", "I bought it", "buy")
    one.relate("r", "a", "b", "leads-to", "So then")
    evidence, _ = study_evidence(write_study(tmp_path, [one]))
    assert [row.kind for row in evidence.rows if row.what == "edge"] == ["inferred"]


def test_interviewer_words_are_never_evidence(model: Model) -> None:
    said = [row for row in model.evidence.by_object["attributes"] if (row.code, row.mode) == ("price", "affirm")]
    assert [row.segments for row in said] == [("s5",)]
    assert model.evidence.outside == 1


def test_a_segment_over_several_turns_counts_for_each_participant_with_their_own_words(model: Model) -> None:
    quotes = {row.participant: model.evidence.quote(row) for row in model.evidence.rows if row.segments == ("w1",)}
    assert quotes == {"P3": "We looked in shops", "P4": "and bought it there."}


def test_a_relation_counts_only_for_who_speaks_in_both_segments(model: Model) -> None:
    edge = next(edge for edge in model.edges.values() if edge.key[:3] == ("search", "buy", "leads-to"))
    assert edge.support["stated"].affirm == ("P2", "P4")


def test_a_segment_without_place_codes_everybody_in_the_transcript(tmp_path: Path) -> None:
    both = Talk("T", [("X", "hello"), ("Y", "hi")], {"X": "P1", "Y": "P2"}).code("a", "", "task")
    evidence, _ = study_evidence(write_study(tmp_path, [both]))
    assert [(row.participant, row.start) for row in evidence.rows] == [("P1", None), ("P2", None)]
    assert evidence.quote(evidence.rows[0]) == ""


def test_edges_are_told_apart_by_type_and_guard(tmp_path: Path) -> None:
    """Keyed by the pair alone the back edge would get the supporter of the other one."""
    one = talk("T1", "P1", "?", "it was good so I looked further").code("a", "it was good", "choose")
    one.code("b", "I looked further", "search").relate("r", "a", "b", "leads-to", "so", guard="Good")
    two = talk("T2", "P2", "?", "it was bad so I looked again").code("c", "it was bad", "choose")
    two.code("d", "I looked again", "search").relate("s", "c", "d", "goes-back-to", "so")
    model = build_model(write_study(tmp_path, [one, two]), Params(min_participants=1))
    assert model.edges["E4"].support["stated"].affirm == ("P2",)  # without a guard the only fitting edge is meant
    assert model.edges["choose:search:leads-to:good"].support["stated"].affirm == ("P1",)


def test_a_relation_that_fits_several_declared_edges_is_listed_and_counts_nowhere(tmp_path: Path) -> None:
    process = """
id: p
stages: [s]
nodes:
  - {id: choose, label: C, kind: decision, stage: s, codes: [choose]}
  - {id: buy, label: B, kind: terminal, stage: s, codes: [buy]}
edges:
  - {id: Y, source: choose, target: buy, kind: branch, guard: cheap}
  - {id: N, source: choose, target: buy, kind: branch, guard: urgent}
"""
    one = talk("T1", "P1", "?", "I chose and then bought").code("a", "I chose", "choose").code("b", "bought", "buy")
    one.relate("r", "a", "b", "leads-to", "and then")
    evidence, _ = study_evidence(write_study(tmp_path, [one], process=process))
    assert not [row for row in evidence.rows if row.what == "edge"]
    assert [(item.relation, item.reason) for item in evidence.unclear] == [("r", "guard")]


def test_a_relation_between_segments_of_several_codes_must_say_which(tmp_path: Path) -> None:
    one = talk("T1", "P1", "?", "I searched, then bought").code("a", "I searched", "search", "task")
    one.code("b", "bought", "buy").relate("r", "a", "b", "leads-to", "then")
    evidence, _ = study_evidence(write_study(tmp_path, [one]))
    assert [item.reason for item in evidence.unclear] == ["code"]
    assert not [row for row in evidence.rows if row.what == "edge"]


def test_excludes_is_a_denial_of_the_declared_edge(tmp_path: Path) -> None:
    one = talk("T1", "P1", "?", "Price never decided it").code("a", "Price", "price").code("b", "decided", "choose")
    one.relate("r", "a", "b", "excludes", "never")
    model = build_model(write_study(tmp_path, [one]))
    support = model.edges["E5"].support["stated"]
    assert (support.affirm, support.deny) == ((), ("P1",))


def test_modes_silence_and_not_asked_are_kept_apart(model: Model) -> None:
    items = model.nodes["attributes"].items
    assert items["price"].affirm == ("P1",)
    assert items["price"].hypothetical == ("P3",)
    # P2 was never asked about the price, and the marks say so; P4's interview is not marked: silent, not "not asked"
    assert items["price"].not_asked == ("P2",)
    assert items["price"].silent == ("P4",)
    assert (items["colour"].deny, items["colour"].affirm, items["colour"].not_asked) == (("P1",), (), ())


def test_prompted_means_that_the_question_named_the_topic(model: Model) -> None:
    elicited = {(row.segments[0], row.code): row.elicited for row in model.evidence.rows if row.what == "node"}
    assert elicited["s5", "price"] == "prompted"
    assert elicited["s5", "choose"] == "spontaneous"
    assert elicited["w3", "price"] == "unknown"


def test_codes_no_node_claims_are_listed(model: Model) -> None:
    assert model.evidence.unclaimed == ("stray",)
    assert model.evidence.unmapped == {"stray": 1}


def test_only_finished_layers_count_and_the_record_goes_by_the_declared_order(tmp_path: Path) -> None:
    ana = talk("T1", "P1", "?", "I searched", done=False).code("a", "I searched", "search")
    ben = talk("T1", "P1", "?", "I searched", coder="ben").code("b", "I searched", "task")
    open_ = talk("T2", "P2", "?", "I searched", done=False).code("c", "I searched", "search")
    study = write_study(tmp_path, [ana, ben, open_], settings="analysis: {record: [ana, ben]}\n")
    evidence, _ = study_evidence(study)
    assert [row.segments for row in evidence.rows] == [("b",)]
    assert (evidence.participants, evidence.missing) == (("P1",), ("T2",))


def test_order_counts_inside_an_answer_only_and_overlapping_segments_have_none(tmp_path: Path) -> None:
    one = talk("T1", "P1", "?", "first the task then search", "?", "and buy at last")
    one.code("a", "the task", "task").code("b", "task then search", "search").code("c", "search", "choose")
    one.code("d", "buy", "buy")
    evidence, _ = study_evidence(write_study(tmp_path, [one]))
    book = EdgeBook(None)
    assert [book.keys[row.object][:2] for row in order_rows(evidence, book)] == []  # a/b and b/c overlap
    pairs = {frozenset(book.keys[row.object][:2]) for row in cooccur_rows(evidence, book)}
    assert pairs == {frozenset(p) for p in (("task", "search"), ("task", "choose"), ("search", "choose"))}


def test_order_over_a_whole_answer_where_the_question_asks_for_order(model: Model) -> None:
    book = EdgeBook(None)
    found = [(row.participant, *book.keys[row.object][:2], row.kind) for row in order_rows(model.evidence, book)]
    assert ("P1", "task", "search", "order") in found
    assert ("P2", "search", "buy", "order") in found


def test_kinds_are_never_added_up(tmp_path: Path) -> None:
    study = shopping(tmp_path)
    stated, hinted = (build_model(study, Params(1, kind)) for kind in ("stated", "order"))
    assert stated.edges["E1"].support["order"].k == 0
    assert hinted.edges["E1"].support["order"].affirm == ("P1", "P2")
    assert hinted.edges["E1"].support["stated"].affirm == ("P1", "P2")
    assert hinted.support(hinted.edges["E2"]).affirm == ("P1",)  # the hint, not the inferred relation


def test_a_union_of_coders_has_to_be_asked_for_and_says_so(tmp_path: Path) -> None:
    ana = talk("T1", "P1", "?", "I searched").code("a", "I searched", "search")
    ben = talk("T1", "P1", "?", "I searched", coder="ben").code("b", "I searched", "task")
    study = write_study(tmp_path, [ana, ben], settings="analysis: {record: [ana, ben]}\n")
    assert [n for n, node in build_model(study).nodes.items() if node.support.k] == ["search"]
    union = build_model(study, coders=("ana", "ben"))
    assert [n for n, node in union.nodes.items() if node.support.k] == ["task", "search"]
    assert any("union of ana, ben" in word for word in union.params.filters())


def some_interview(rng: random.Random, number: int) -> Talk:
    """Three participants in turn; segments of several codes in any mode, over turns, on everything, on the question."""
    turns = [("Q", "why so"), ("A", "one two three"), ("B", "four five six"), ("C", "seven eight nine")]
    made = Talk(f"T{number}", turns, {"Q": "", "A": "P1", "B": "P2", "C": f"P{3 + number}"})
    codes = ["task", "search", "price", "colour", "buy", "stray"]
    modes = ["affirm", "affirm", "deny", "wish"] if number else ["affirm"]
    for each in range(12):
        start = rng.randrange(1, len(made.text) - 12)
        uses = [{"code": code, "mode": rng.choice(modes)} for code in rng.sample(codes, rng.choice([1, 1, 2, 3]))]
        made.code(
            f"t{number}.{each}", rng.choice(["", *[made.text[start : start + rng.choice([4, 9, 40])]] * 5]), *uses
        )
    return made


@pytest.mark.parametrize("seed", range(5))
def test_what_is_summed_up_while_reading_is_what_the_rows_say(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    model = build_model(write_study(tmp_path, [some_interview(rng, number) for number in range(4)]))
    counter = SupportCounter(model.participants)
    for node in model.nodes.values():
        rows_of_node = model.evidence.by_object.get(node.node.id, [])
        assert node.support == counter.support(rows_of_node)
        for name, support in node.items.items():
            assert support == counter.support([row for row in rows_of_node if row.item == name])
