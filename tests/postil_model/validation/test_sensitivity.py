"""Ignoring parts of an edge's identity, and the sweep over thresholds, kinds and readings: counted again with sets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from postil_base.problem import PostilError
from postil_cli.main import cli
from postil_codebook.decision_process.read import load_process
from postil_model.decision.comparison.references import compare_study
from postil_model.decision.model import Params
from postil_model.decision.of_study import build_model
from postil_model.validation.sensitivity import READINGS, ignoring, parts_of, reduced
from postil_model.validation.sensitivity_files import sweep, sweep_picture
from tests.model_study import shopping, talk, write_study
from tests.real_interviews import HERE, RECORD, real_study, stated_rows
from tests.shared_data import needs_shared

ROOT = Path(__file__).resolve().parents[3]
ALL = ("type", "guard", "direction")


def data(*words: str, study: Path = ROOT) -> Any:
    arguments = [*words, "--json", "-C", str(study)]
    result = CliRunner().invoke(cli, arguments, catch_exceptions=False, standalone_mode=False)
    return json.loads(result.stdout)


def plainly(edges: Sequence[dict[str, Any]], ignored: Sequence[str]) -> list[tuple[set[str], bool]]:
    """People and whether declared, of edges that are alike: pair by pair, without keys."""
    left = [
        (e["source"], e["target"], e["type"], e["guard"], set(e["participants"]), e["status"] != "unexpected")
        for e in edges
    ]

    def alike(one: Any, other: Any) -> bool:
        same = one[:2] == other[:2] or ("direction" in ignored and one[:2] == (other[1], other[0]))
        return bool(same and ("type" in ignored or one[2] == other[2]) and ("guard" in ignored or one[3] == other[3]))

    found: list[list[Any]] = []
    for edge in left:
        home = next((group for group in found if alike(group[0], edge)), None)
        if home is None:
            found.append([edge])
        else:
            home.append(edge)
    return [(set().union(*(e[4] for e in group)), any(e[5] for e in group)) for group in found]


@pytest.mark.parametrize("ignored", READINGS)
def test_the_sweep_of_the_sample_is_a_plain_count(ignored: tuple[str, ...]) -> None:
    edges = data("model", "-t", "1")["edges"]
    groups = plainly(edges, ignored)
    rows = [
        row for row in data("ask", "sweep")["settings"] if row["evidence"] == "stated" and row["ignored"] == [*ignored]
    ]
    assert [row["threshold"] for row in rows] == list(range(1, 13))
    for row in rows:
        reached = [declared for people, declared in groups if len(people) >= row["threshold"]]
        assert (row["edges"], row["declared"]) == (len(reached), sum(reached))
        declared = sum(1 for _, each in groups if each)
        assert row["coverage"] == pytest.approx(sum(reached) / declared)


def test_conclusions_say_what_no_reading_changes() -> None:
    found = data("ask", "sweep")
    edges = {edge["id"]: edge for edge in data("model", "-t", "1")["edges"]}
    for row in found["conclusions"]:
        ks = [each["k"] for each in row["k"]]
        assert ks[0] == edges[row["id"]]["k"]
        assert (row["verdict"] == "holds in every reading") == all(k >= 2 for k in ks)
        assert (row["verdict"] == "fails in every reading") == all(k < 2 for k in ks)
    assert "of 22 edges 18 hold and 2 fail" in found["reading"]["says"]
    assert not any(
        edge["type"] == "excludes" for edge in map(edges.__getitem__, (r["id"] for r in found["conclusions"]))
    )


names = st.sampled_from("abc")
keys = st.tuples(names, names, st.sampled_from(["leads-to", "influences"]), st.sampled_from(["", "poor"]))
parts = st.lists(st.sampled_from(ALL), unique=True)


@given(keys, keys, parts, parts)
@settings(max_examples=200)
def test_ignoring_more_never_tells_more_edges_apart(one: Any, other: Any, few: list[str], more: list[str]) -> None:
    if reduced(one, few) == reduced(other, few):
        assert reduced(one, [*few, *more]) == reduced(other, [*few, *more])
    assert reduced(one, few) == reduced(reduced(one, few), few)


def test_two_types_of_two_people_reach_a_threshold_of_two(tmp_path: Path) -> None:
    talks = []
    for number, type_ in ((1, "leads-to"), (2, "influences"), (3, "leads-to")):
        one = talk(f"T{number}", f"P{number}", "?", "a task then bought").code(f"a{number}", "task", "task")
        one.code(f"b{number}", "bought", "buy").relate(f"r{number}", f"a{number}", f"b{number}", type_, "then")
        talks.append(one)
    talks[2].segments[-1]["from"], talks[2].segments[-1]["to"] = "b3", "a3"
    study = write_study(tmp_path, talks)
    model = build_model(study, Params(2))
    assert [e.id for e in model.shown_edges.values() if model.support(e).k] == []
    by_type = ignoring(model, ("type",))
    (edge,) = [e for e in by_type.shown_edges.values() if by_type.support(e).k]
    assert by_type.support(edge).affirm == ("P1", "P2")
    assert "ignore=type" in by_type.params.filters()
    whole = ignoring(model, ALL)
    (edge,) = [e for e in whole.shown_edges.values() if whole.support(e).k]
    assert whole.support(edge).affirm == ("P1", "P2", "P3") and len(whole.evidence.by_object[edge.id]) == 3
    assert ignoring(model, ()) is model


def test_coders_who_differ_in_the_type_agree_once_it_is_ignored(tmp_path: Path) -> None:
    from postil_model.decision.of_study import study_process
    from tests.model_study import PROCESS

    talks = []
    for coder, type_ in (("ana", "leads-to"), ("ben", "influences")):
        one = talk("T1", "P1", "?", "a task then bought", coder=coder).code(f"{coder}a", "task", "task")
        talks.append(
            one.code(f"{coder}b", "bought", "buy").relate(f"{coder}r", f"{coder}a", f"{coder}b", type_, "then")
        )
    study = write_study(tmp_path, talks, process=PROCESS + "evidence: {coder_rule: all}\n")
    assert study_process(study).evidence["coder_rule"] == "all"
    model = build_model(study, Params(1), coders=("ana", "ben"))
    assert sum(model.support(e).k for e in model.edges.values()) == 0
    assert [w.support(e).k for w in [ignoring(model, ("type",))] for e in w.edges.values() if w.support(e).k] == [1]


def test_a_slip_in_the_parts_is_named() -> None:
    assert parts_of("direction , type") == ("type", "direction")
    with pytest.raises(PostilError, match="knows type, guard, direction, not 'kind'"):
        parts_of("kind")


def test_compare_ignores_what_is_asked_in_tables_and_figure(tmp_path: Path) -> None:
    study = shopping(tmp_path).root
    strict = data("compare", study=study)["ratios"]["edges"]
    loose = data("compare", "--ignore", "guard,type", study=study)
    assert loose["filters"][-1] == "ignore=type,guard"
    assert loose["ratios"]["edges"]["matched"] >= strict["matched"]
    out = tmp_path / "c.svg"
    CliRunner().invoke(cli, ["compare", "--ignore", "type", "--out", str(out), "-C", str(study)])
    assert "Edges that differ in type alone are one" in " ".join(out.read_text(encoding="utf-8").split())


def test_the_picture_has_a_number_for_each_edge_and_reading(tmp_path: Path) -> None:
    model = build_model(shopping(tmp_path), Params(1))
    found = sweep(model)
    texts = [part.text for part in sweep_picture(found, model).shapes if hasattr(part, "text")]
    assert texts.count("holds") == sum(each.verdict(1).startswith("holds") for each in found.conclusions)
    assert sum(text.isdigit() for text in texts) == 5 * len([c for c in found.conclusions if c.declared or c.highest])


def test_the_sweep_of_an_empty_study_says_so(tmp_path: Path) -> None:
    study = write_study(tmp_path, [talk("T1", "P1", "?", "a task", done=False)], process="")
    found = data("ask", "sweep", study=study.root)
    assert found["conclusions"] == [] and found["reading"]["says"].startswith("nothing")
    text = CliRunner().invoke(cli, ["ask", "sweep", "--format", "csv", "-C", str(study.root)]).stdout
    assert next(csv.reader(io.StringIO(text)))[:2] == ["evidence", "threshold"]


@needs_shared
def test_coverage_and_precision_on_real_interviews_as_their_rows_say(tmp_path: Path) -> None:
    text = (HERE / "reference_model.yaml").read_text(encoding="utf-8")
    reference, _ = load_process(text, "reference_model.yaml")
    study = real_study(tmp_path / "real")
    rows = stated_rows(RECORD)
    said = {key for by in rows.values() for own in by.values() for key in own}
    said = {tuple("reuse_techniques" if end == "techniques" else end for end in key) for key in said}  # type: ignore[misc]
    types = {"flow": "leads-to", "branch": "leads-to", "back": "goes-back-to", "influence": "influences"}
    raw = yaml.safe_load(text)["edges"]
    published = {(e["source"], e["target"], types[e["kind"]]) for e in raw}
    assert len(published) == len(raw) == 13
    strict = compare_study(study, reference, Params(1)).ratios["edge"]
    assert (strict.matched, strict.reference, strict.found) == (len(published & said), 13, len(said))
    loose = compare_study(study, reference, Params(1), ignored=("type", "guard")).ratios["edge"]
    ends, theirs = {key[:2] for key in said}, {key[:2] for key in published}
    assert (loose.matched, loose.reference, loose.found) == (len(ends & theirs), len(theirs), len(ends))
