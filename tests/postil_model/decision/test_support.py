"""Who supports an object: rules of several coders, and what counts beside an affirmation."""

from __future__ import annotations

from pathlib import Path

import pytest

from postil_model.decision.of_study import study_evidence
from postil_model.decision.support import SupportCounter, coders_needed, not_asked
from postil_model.evidence.edges import EdgeBook
from postil_model.evidence.hints import order_rows
from postil_model.evidence.rows import Evidence, EvidenceRow
from postil_model.evidence.sums import Sum
from postil_study.text.values import Mode
from tests.model_study import Talk, talk, write_study

PEOPLE = ("P1", "P2", "P3")


def row(who: str, mode: Mode = "affirm", coder: str = "ana", segment: str = "") -> EvidenceRow:
    return EvidenceRow(
        "n", "node", "stated", who, (segment or f"{who}{coder}{mode}",), "c", "", mode, coder, "T", 0, ((0, 1),)
    )


def test_what_somebody_wished_or_supposed_or_reported_counts_only_where_nothing_firmer_was_said() -> None:
    rows = [row("P1"), row("P1", "wish"), row("P2", "deny"), row("P2", "hypothetical"), row("P2", "reported")]
    support = SupportCounter(PEOPLE).support([*rows, row("P3", "wish"), row("P3", "reported")])
    assert (support.affirm, support.deny) == (("P1",), ("P2",))
    assert (support.wish, support.hypothetical, support.reported) == (("P3",), (), ("P3",))


def test_who_both_affirms_and_denies_is_counted_in_both_and_named() -> None:
    support = SupportCounter(PEOPLE).support([row("P1"), row("P1", "deny"), row("P2")])
    assert (support.affirm, support.deny, support.mixed, str(support)) == (("P1", "P2"), ("P1",), ("P1",), "2/3")


def test_nobody_is_not_asked_who_spoke_of_it_unasked() -> None:
    support = SupportCounter(PEOPLE).support([row("P1"), row("P2", "wish")], frozenset({"P1", "P2", "P3", "stranger"}))
    assert (support.not_asked, support.silent) == (("P3",), ())
    assert SupportCounter(PEOPLE).support([], frozenset({"P2"})).silent == ("P1", "P3")


def test_a_segment_of_two_speakers_is_one_segment_and_two_quotes() -> None:
    support = SupportCounter(PEOPLE).support([row("P1", segment="s"), row("P2", segment="s"), row("P1", segment="t")])
    assert (support.segments, support.quotes, dict(support.mentions)) == (2, 3, {"P1": 2, "P2": 1})


def test_participants_who_are_filtered_out_count_nowhere() -> None:
    support = SupportCounter(("P1",), everybody=False).support([row("P1"), row("P2"), row("P3", "deny", "ben")])
    assert (support.affirm, support.deny, support.segments, support.coders) == (("P1",), (), 1, ("ana",))
    assert SupportCounter(("P1",), everybody=False).whole(Sum()) is None, "sums know no filter"


def asked(**of: frozenset[str]) -> Evidence:
    return Evidence(rows=[], asked=of, names={"n": frozenset({"price", "cost"})})


def test_not_asked_is_who_got_none_of_the_questions_that_name_it() -> None:
    evidence = asked(P1=frozenset({"cost", "other"}), P2=frozenset({"other"}), P3=frozenset())
    assert not_asked(evidence, "n") == {"P2", "P3"}
    assert not_asked(evidence, "unnamed") == frozenset(), "it may come up at any time"


@pytest.mark.parametrize("count, majority", [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3)])
def test_a_majority_is_more_than_half_of_who_coded(count: int, majority: int) -> None:
    coders = frozenset(f"c{number}" for number in range(count))
    evidence = Evidence(rows=[], coders_of={"P1": coders})
    assert coders_needed(evidence, "majority") == {"P1": majority}
    assert coders_needed(evidence, "all") == {"P1": count}
    assert coders_needed(evidence, "any") == {}


def test_one_coder_who_says_it_twice_is_no_majority() -> None:
    counter = SupportCounter(PEOPLE, needed={"P1": 2, "P2": 2})
    twice = [row("P1", segment="s"), row("P1", segment="t")]
    agreed = [row("P2"), row("P2", coder="ben"), row("P2", "deny")]
    support = counter.support([*twice, *agreed])
    assert (support.affirm, support.deny) == (("P2",), ()), "of a denial both must be convinced, too"


def test_an_excludes_that_fits_several_declared_edges_denies_none_of_them(tmp_path: Path) -> None:
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
    one = talk("T1", "P1", "?", "I chose and never bought").code("a", "I chose", "choose").code("b", "bought", "buy")
    one.relate("r", "a", "b", "excludes", "never")
    evidence, _ = study_evidence(write_study(tmp_path, [one], process=process))
    edges = [(row.object, row.mode) for row in evidence.rows if row.what == "edge"]
    assert edges == [("choose:buy:excludes", "deny")]


@pytest.mark.parametrize("second, ordered", [("then search", True), (" then search", False), ("task then", False)])
def test_passages_that_touch_are_in_order_and_those_that_overlap_are_not(
    tmp_path: Path, second: str, ordered: bool
) -> None:
    one = talk("T1", "P1", "?", "first the task then search").code("a", "first the task ", "task")
    one.code("b", second, "search")
    evidence, _ = study_evidence(write_study(tmp_path, [one]))
    book = EdgeBook(None)
    found = [book.keys[row.object][:2] for row in order_rows(evidence, book)]
    assert found == ([("task", "search")] if ordered else [])


def test_a_relation_is_evidence_for_who_speaks_at_both_its_ends_alone(tmp_path: Path) -> None:
    turns = [("X", "I searched"), ("Y", "so I bought")]
    both = Talk("T", turns, {"X": "P1", "Y": "P2"}).code("a", "I searched", "search").code("b", "I bought", "buy")
    both.relate("r", "a", "b", "leads-to", "so")
    evidence, _ = study_evidence(write_study(tmp_path, [both]))
    assert [item.reason for item in evidence.unclear] == ["participant"]
    assert not [row for row in evidence.rows if row.what == "edge"]


def test_words_that_were_not_found_again_are_no_evidence_but_counted(tmp_path: Path) -> None:
    one = talk("T1", "P1", "?", "I searched and bought").code("a", "I searched", "search", unanchored=True)
    one.code("b", "bought", "buy").relate("r", "a", "b", "leads-to", "and")
    evidence, _ = study_evidence(write_study(tmp_path, [one]))
    assert ([row.object for row in evidence.rows], evidence.unanchored) == (["buy"], 1)
    assert [item.reason for item in evidence.unclear] == ["unanchored"]
