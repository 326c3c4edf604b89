"""A relation supports an edge only if both its passages are affirmed, or if it says itself that it is affirmed."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from postil_cli.main import cli
from postil_model.counts.saturation import model_sets
from postil_model.decision.candidates import candidates
from postil_model.decision.comparison.references import compare_study
from postil_model.decision.document import model_json
from postil_model.decision.figure import figure_of
from postil_model.decision.lost_support import lost_support
from postil_model.decision.model import Model, Params
from postil_model.decision.negative import negative_cases
from postil_model.decision.of_study import build_model
from postil_model.decision.questions.lines import ask
from postil_study.study import Study, open_study
from tests.model_study import Talk, talk, write_study
from tests.shared_data import SHARED, needs_shared

MODES = ("affirm", "deny", "hypothetical", "wish", "reported")
STEPS = (
    ("task", "search", "leads-to", ""),
    ("search", "choose", "leads-to", ""),
    ("choose", "buy", "leads-to", "good"),
    ("choose", "search", "goes-back-to", "poor"),
    ("buy", "task", "influences", ""),
)
EDGES = ("E1", "E2", "E3", "E4", "buy:task:influences")


def use(code: str, mode: str) -> Any:
    return code if mode == "affirm" else {"code": code, "mode": mode}


def one_relation(root: Path, ends: tuple[str, str], **relation: Any) -> Study:
    """One participant, who goes from task to search."""
    said = talk("T1", "P1", "And?", "There was no licence, so we went on.")
    said.code("a", "There was no licence", use("task", ends[0])).code("b", "we went on", use("search", ends[1]))
    kind = relation.pop("type", "leads-to")
    return write_study(root, [said.relate("r", "a", "b", kind, relation.pop("cue", "so"), **relation)])


def support(study: Study, edge: str = "E1") -> dict[str, Any]:
    found = model_json(build_model(study, Params(1)))
    return next(one for one in found["edges"] if one["id"] == edge)


@pytest.mark.parametrize("mode", MODES[1:])
@pytest.mark.parametrize("which", [0, 1])
def test_a_passage_that_is_not_affirmed_takes_the_support_and_is_told(tmp_path: Path, mode: str, which: int) -> None:
    ends = (mode, "affirm") if which == 0 else ("affirm", mode)
    study = one_relation(tmp_path, ends)
    found = support(study)
    assert (found["k"], found["n"], found[mode]) == (0, 1, ["P1"])
    (listed,) = [one for one in candidates(build_model(study)) if one.hint == "unclear"]
    assert (listed.source, listed.target, listed.participant) == ("task", "search", "P1")
    assert "not affirmed" in listed.why and "mode affirm" in listed.why


@pytest.mark.parametrize("mode", MODES[1:])
def test_a_relation_that_says_it_is_affirmed_counts_whatever_its_passages_are(tmp_path: Path, mode: str) -> None:
    study = one_relation(tmp_path, (mode, mode), mode="affirm")
    assert support(study)["k"] == 1 and mode not in support(study)
    assert not [one for one in candidates(build_model(study)) if one.hint == "unclear"]


def test_a_mode_of_its_own_is_no_question_to_the_coders(tmp_path: Path) -> None:
    study = one_relation(tmp_path, ("affirm", "affirm"), mode="hypothetical")
    assert support(study)["k"] == 0 and support(study)["hypothetical"] == ["P1"]
    assert not [one for one in candidates(build_model(study)) if one.hint == "unclear"]


def test_excluding_what_is_denied_is_a_denial_and_excluding_in_thought_is_none(tmp_path: Path) -> None:
    denied = support(one_relation(tmp_path / "a", ("affirm", "deny"), type="excludes"))
    assert (denied["k"], denied["deny"]) == (0, ["P1"])
    thought = support(one_relation(tmp_path / "b", ("affirm", "hypothetical"), type="excludes"))
    assert "deny" not in thought and thought["hypothetical"] == ["P1"]


@pytest.mark.parametrize(("ends", "own", "denied"), [("deny", "", 0), ("affirm", "deny", 1), ("deny", "deny", 1)])
def test_the_figure_counts_as_denials_only_what_denies_the_arrow_itself(
    tmp_path: Path, ends: str, own: str, denied: int
) -> None:
    study = one_relation(tmp_path, (ends, "affirm"), **({"mode": own} if own else {}))
    figure = figure_of(build_model(study))
    (edge,) = [one for one in figure.edges if one.id == "E1"]
    assert edge.denied == denied
    assert ("denied by d" in " ".join(map(str, figure.caption))) == bool(denied)
    assert ("join a denied passage: P1" in edge.tooltip) == (not denied)
    assert support(study).get("deny_of_end") == (None if denied else ["P1"])
    said = CliRunner().invoke(cli, ["model", "-C", str(study.root)], catch_exceptions=False).stdout
    assert ("(−1)" in said) == bool(denied) and ("join a denied passage 1" in said) == (not denied)


def test_a_denied_passage_is_not_called_a_denial_of_the_arrow(tmp_path: Path) -> None:
    cases = {case.object: case.why for case in negative_cases(build_model(one_relation(tmp_path, ("affirm", "deny"))))}
    assert cases == {"search": "denied", "E1": "one of its passages is denied"}


def test_upgrade_says_which_arrows_lose_support(tmp_path: Path) -> None:
    study = one_relation(tmp_path, ("affirm", "wish"))
    (lost,) = lost_support(study)
    assert (lost.edge, lost.kind, lost.before, lost.after, lost.n) == ("E1", "stated", 1, 0, 1)
    said = CliRunner().invoke(cli, ["upgrade", "-C", str(tmp_path)])
    assert said.exit_code == 0 and "task → search [leads-to]: 1/1 before, 0/1 now (stated)" in said.stderr
    affirmed = one_relation(tmp_path / "b", ("affirm", "wish"), mode="affirm")
    assert lost_support(affirmed) == []
    assert "Arrows" not in CliRunner().invoke(cli, ["upgrade", "-C", str(tmp_path / "b")]).stderr


def test_a_mode_that_is_written_stays_written(tmp_path: Path) -> None:
    """`mode: affirm` used to be the default, and left out when the layer was written."""
    from postil_study.layers.file import encode_layer

    layer = one_relation(tmp_path, ("deny", "affirm"), mode="affirm").layer("ana", "T1")
    assert layer is not None and b'"mode":"affirm"' in encode_layer(layer)


# --- a property: every output says the same, which is a plain count of the files -------------------------------------

RELATION = st.tuples(
    st.integers(0, len(STEPS) - 1),
    st.sampled_from(MODES),
    st.sampled_from(MODES),
    st.sampled_from(("", *MODES)),
    st.booleans(),
)


@given(st.lists(st.lists(RELATION, max_size=5), min_size=1, max_size=4), st.integers(1, 2))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_every_output_counts_the_same_supporters(people: list[list[Any]], threshold: int) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        study = write_study(root, [_told(f"P{number}", said) for number, said in enumerate(people)])
        expected = _counted(root)
        model = build_model(study, Params(threshold))
        assert {name: set(edge.support["stated"].affirm) for name, edge in model.edges.items()} == {
            name: expected.get(name, set()) for name in model.edges
        }
        assert set(expected) <= set(model.edges)
        assert _of_figure(model) == _of_json(model) == _of_comparison(study, threshold, model)
        assert _of_figure(model) == {name: len(expected.get(name, ())) for name in model.shown_edges}
        of_sets = {(person, edge) for person, edges in model_sets(model, "edges").items() for edge in edges}
        assert of_sets == {(person, edge) for edge, people_ in expected.items() for person in people_}
        told = {row[0]: row[3] for row in ask(model, "stability").rows}
        assert told == {
            name: ", ".join(sorted(people_)) for name, people_ in expected.items() if len(people_) >= threshold
        }


def _told(person: str, said: list[Any]) -> Talk:
    interview = talk(
        f"T{person}", person, "And?", " ".join(f"this{n} so{n} that{n}." for n in range(len(said))) or "No."
    )
    for n, (step, one, other, mode, stated) in enumerate(said):
        source, target, kind, guard = STEPS[step]
        interview.code(f"{person}a{n}", f"this{n}", use(source, one)).code(
            f"{person}b{n}", f"that{n}", use(target, other)
        )
        more = {key: text for key, text in (("guard", guard), ("mode", mode)) if text}
        interview.relate(f"{person}r{n}", f"{person}a{n}", f"{person}b{n}", kind, f"so{n}" if stated else "", **more)
    return interview


def _counted(root: Path) -> dict[str, set[str]]:
    """Who supports which edge, from the lines of the files alone."""
    found: dict[str, set[str]] = {}
    for path in sorted((root / "codings" / "ana").iterdir()):
        records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][1:]
        codes = {record["id"]: record["codes"][0] for record in records if "codes" in record}
        for record in records:
            if "from" not in record or "cue" not in record:
                continue
            ends = [codes[record["from"]], codes[record["to"]]]
            affirmed = all(isinstance(end, str) for end in ends)
            if record.get("mode") == "affirm" or ("mode" not in record and affirmed):
                names = [end if isinstance(end, str) else end["code"] for end in ends]
                key = (*names, record["type"], record.get("guard", ""))
                found.setdefault(EDGES[STEPS.index(key)], set()).add(path.stem.removeprefix("T"))
    return found


def _of_figure(model: Model) -> dict[str, int]:
    drawn = {edge.id: (edge.k, edge.count) for edge in figure_of(model).edges}
    assert all(count == f"{k}/{model.n}" for k, count in drawn.values())
    return {name: k for name, (k, _) in drawn.items()}


def _of_json(model: Model) -> dict[str, int]:
    return {edge["id"]: edge["k"] for edge in model_json(model)["edges"]}


def _of_comparison(study: Study, threshold: int, model: Model) -> dict[str, int]:
    assert study.process is not None
    found = compare_study(study, study.process, Params(threshold))
    kept = {row.id: row.support.k for row in found.rows if row.what == "edge"}
    assert set(kept) == set(model.shown_edges)
    return kept


# --- the case from the field ------------------------------------------------------------------------------------------


@needs_shared
def test_relations_in_thought_and_of_others_are_not_stated_support() -> None:
    study = open_study(SHARED / "cases" / "studies" / "o_hyp")
    found = model_json(build_model(study))
    assert [(edge["k"], edge["n"]) for edge in found["edges"]] == [(0, 4)] * 5
    assert all(edge["hypothetical"] == ["P1", "P2", "P3"] and edge["reported"] == ["P4"] for edge in found["edges"])
    assert len([one for one in found["candidates"] if one["hint"] == "unclear"]) == 20
    assert {(lost.before, lost.after) for lost in lost_support(study)} == {(4, 0)}
