"""Comparison, subgroups, stability, queries: golden numbers of the published study and closed forms."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from postil_base.files.text import read_text
from postil_base.problem import PostilError
from postil_cli.main import cli
from postil_codebook.decision_process.read import load_process
from postil_codebook.values import Process
from postil_model.counts.proportions import newcombe, wilson
from postil_model.decision.comparison.compare import Comparison, as_process, merged
from postil_model.decision.comparison.references import compare_study, load_reference
from postil_model.decision.comparison.subgroups import permutation_p, subgroups, values_of
from postil_model.decision.model import Model, Params
from postil_model.decision.negative import negative_cases, never_denied
from postil_model.decision.of_study import build_model, study_process
from postil_model.decision.questions.lines import ask
from postil_model.decision.questions.queries import (
    loops,
    must_pass,
    paths,
    robustness,
    tellers,
    threads,
    what_if_dropped,
)
from postil_model.decision.stability import bootstrap_stability, stability, sweep
from postil_study.study import Study, open_study
from tests.model_study import GUIDE, shopping, talk, write_study
from tests.shared_data import SHARED, needs_shared

REFERENCE = """
id: ref
title: Published
stages: [{id: early, label: Before}, {id: late, label: After}]
nodes:
  - {id: task, label: Task, kind: task, stage: early}
  - {id: look, label: Search, kind: activity, stage: early}
  - {id: buy, label: Buy, kind: terminal, stage: late}
  - {id: rent, label: Rent, kind: terminal, stage: late}
edges:
  - {id: R1, source: task, target: look, kind: flow}
  - {id: R2, source: look, target: buy, kind: branch, guard: found}
  - {id: R3, source: look, target: rent, kind: branch, guard: not found}
  - {id: R4, source: task, target: buy, kind: flow}
"""


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return shopping(tmp_path)


def process(text: str) -> Process:
    found, problems = load_process(text, "reference.yaml")
    assert not [p for p in problems if p.severity == "error"]
    return found


def compared(study: Study, text: str = REFERENCE, t: int = 1) -> Comparison:
    return compare_study(study, process(text), Params(t))


def test_matched_weak_missing_and_unexpected_for_nodes_and_edges(study: Study) -> None:
    found = compared(study, t=2)
    status = {(row.what, row.id): row.status for row in found.rows}
    # Search is "look" in the reference: the labels say so; the relation without guard fits one declared edge only
    assert status["node", "look"] == "matched"
    assert status["node", "rent"] == "missing"
    assert status["edge", "R1"] == "matched"
    assert status["edge", "R2"] == "matched"
    assert status["edge", "R3"] == "missing"
    assert status["edge", "R4"] == "missing"
    assert ("edge", "choose:look:goes-back-to") not in status  # one supporter only: below the threshold
    assert {row.id for row in compared(study, t=1).of("edge", "unexpected")} == {
        "attributes:choose:influences",
        "choose:look:goes-back-to",
    }


def test_coverage_and_precision_are_set_ratios(study: Study) -> None:
    ratios = compared(study, t=1).ratios["edge"]
    assert (ratios.matched, ratios.reference, ratios.found) == (2, 4, 4)
    assert (ratios.coverage, ratios.precision) == (0.5, 0.5)
    assert ratios.weighted_precision == pytest.approx(4 / 6)  # 2 + 2 of 2 + 2 + 1 + 1 statements


def test_fit_per_participant_strict_relaxed_and_by_stage(study: Study) -> None:
    people = {person.participant: person for person in compared(study).people}
    assert (people["P2"].edges, people["P2"].strict) == (2, 1.0)
    assert people["P1"].strict == pytest.approx(1 / 3)
    assert people["P1"].stage == 1.0  # inside "Before", where the reference has an edge too
    assert people["P3"].strict is None  # no edges: n/a, not 0


def test_a_skipped_step_is_no_misfit_in_relaxed_fit(tmp_path: Path) -> None:
    one = talk("T1", "P1", "?", "a task then bought").code("a", "task", "task").code("b", "bought", "buy")
    one.relate("r", "a", "b", "leads-to", "then")
    without = REFERENCE.replace("  - {id: R4, source: task, target: buy, kind: flow}\n", "")
    person = compared(write_study(tmp_path, [one]), without).people[0]
    assert (person.strict, person.relaxed) == (0.0, 1.0)


def test_a_reference_made_from_the_same_interviews_is_traced_not_fitted(study: Study) -> None:
    assert compared(study).word == "fit"
    assert compared(study, REFERENCE.replace("kind: flow}", "kind: flow, origin: derived}")).word == "traceability"


def test_a_name_map_joins_nodes_with_other_ids(study: Study) -> None:
    reference = process(REFERENCE.replace("label: Search", "label: Look around"))
    assert "look" not in {n.id for n in merged(study_process(study), reference).nodes if n.codes}
    joined = merged(study_process(study), reference, {"search": "look"})
    assert next(n for n in joined.nodes if n.id == "look").codes == ("search",)
    assert {n.id for n in joined.nodes if n.origin == "derived"} == {"choose", "attributes"}


def test_another_study_and_another_coder_are_references(tmp_path: Path) -> None:
    shopping(tmp_path / "other")
    ana = talk("T1", "P1", "?", "task then search").code("a", "task", "task").code("b", "search", "search")
    ana.relate("r", "a", "b", "leads-to", "then")
    ben = talk("T1", "P1", "?", "task then search", coder="ben").code("c", "task", "task").code("d", "search", "buy")
    ben.relate("s", "c", "d", "leads-to", "then")
    study = write_study(tmp_path / "own", [ana, ben], settings="analysis: {record: [ana, ben], min_participants: 1}\n")
    params = Params(1)
    other = load_reference(study, tmp_path / "other", params)
    assert {edge.id for edge in other.edges} >= {"E1", "E4", "E5"}
    by_ben = compare_study(study, load_reference(study, None, params, "ben"), params)
    assert [row.id for row in by_ben.of("edge", "unexpected")] == ["task:search:leads-to"]
    assert [row.status for row in by_ben.rows if row.id == "task:buy:leads-to"] == ["missing"]


def test_a_model_compared_with_itself_matches_whole(study: Study) -> None:
    params = Params(1)
    itself = compare_study(study, as_process(build_model(study, params)), params)
    assert {row.status for row in itself.rows if row.what == "edge"} == {"matched"}
    assert itself.ratios["edge"].coverage == itself.ratios["edge"].precision == 1.0


def test_a_reference_that_is_none_says_what_to_do(study: Study, tmp_path: Path) -> None:
    with pytest.raises(PostilError, match="there is no reference"):
        load_reference(study, tmp_path / "nothing.yaml", Params(1))
    (tmp_path / "x.yaml").write_text("nodes: []\n")
    with pytest.raises(PostilError, match="cannot serve as a reference"):
        load_reference(study, tmp_path / "x.yaml", Params(1))


@needs_shared
def test_the_published_figure_has_eleven_nodes_thirteen_edges_and_three_loops() -> None:
    place = SHARED / "ptm-study/reference_model.yaml"
    published, _ = load_process(read_text(place), place.name)
    assert (len(published.nodes), len(published.edges)) == (11, 13)
    import networkx

    flow: networkx.DiGraph[str] = networkx.DiGraph(
        [(e.source, e.target) for e in published.edges if e.kind != "influence"]
    )
    rings = {frozenset(ring) for ring in networkx.simple_cycles(flow)}
    assert rings == {
        frozenset({"evaluate", "reuse_techniques"}),
        frozenset({"evaluate", "find_ptm", "reuse_techniques"}),
        frozenset({"evaluate", "sources", "find_ptm", "reuse_techniques"}),
    }


# -- closed forms


@pytest.mark.parametrize(
    ("t", "k", "value"),
    [(2, 1, 0.0), (2, 2, 0.408), (2, 3, 0.727), (2, 4, 0.896), (2, 5, 0.968), (2, 6, 0.992),
     (1, 1, 0.648), (1, 2, 0.888), (1, 3, 0.968)],
)  # fmt: skip
def test_bootstrap_stability_as_published(t: int, k: int, value: float) -> None:
    assert round(bootstrap_stability(k, 12, t), 3) == value


def test_bootstrap_stability_is_what_a_simulation_gives() -> None:
    rng = random.Random(5)
    draws = [len({x for x in rng.choices(range(12), k=12) if x < 4}) >= 2 for _ in range(4000)]
    assert sum(draws) / 4000 == pytest.approx(bootstrap_stability(4, 12, 2), abs=0.02)


def test_leave_one_out_is_what_recomputing_gives(study: Study) -> None:
    model = build_model(study, Params(2))
    for edge in stability(model):
        for left_out in model.participants:
            rest = tuple(p for p in model.participants if p != left_out)
            again = build_model(study, Params(2, participants=rest))
            assert (again.edges[edge.edge].support["stated"].k >= 2) == (left_out not in edge.critical)


def test_the_sweep_falls_with_the_threshold(study: Study) -> None:
    rows = sweep(build_model(study, Params(1)))
    assert [row.threshold for row in rows] == [1, 2, 3, 4]
    assert all(one.edges >= other.edges for one, other in pairwise(rows))
    assert (rows[0].edges, rows[0].matched, rows[0].coverage) == (4, 3, 3 / 5)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(199, 6243, 2.78, 3.653), (132, 63182, 0.176, 0.248), (2594, 62467, 3.999, 4.312), (526, 3130, 15.536, 18.156),
     (12, 26192, 0.026, 0.08), (10, 12, 55.2, 95.3), (3, 12, 8.9, 53.2), (1, 12, 1.5, 35.4), (2, 199, 0.276, 3.59)],
)  # fmt: skip
def test_wilson_as_published(k: int, n: int, low: float, high: float) -> None:
    bounds = [100 * bound for bound in wilson(k, n)]
    assert bounds == pytest.approx([low, high], abs=0.06)


@needs_shared
def test_every_published_interval_is_recomputed() -> None:
    """The machine-readable claims of figure 7 sum to 2,594 of 62,467, which is 4.15 percent and not below 0.1."""
    import yaml

    data = yaml.safe_load((SHARED / "ptm-study/findings.yaml").read_text())
    for finding in data["quantitative"]:
        if "wilson95" in finding:
            bounds = [100 * bound for bound in wilson(finding["numerator"], finding["denominator"])]
            assert bounds == pytest.approx(finding["wilson95"], abs=0.0006), finding["id"]
    rows = data["figure_7_tasks"]["rows"]
    claims, models = sum(r["claims"] for r in rows), sum(r["models"] for r in rows)
    assert (claims, models, round(100 * claims / models, 2)) == (2594, 62467, 4.15)
    for challenge in data["challenges_table_III"]:
        assert (challenge["printed_participants"] == challenge["code_sets_count"]) == challenge["agrees"]
        assert challenge["agrees"] == (challenge["challenge"] != "security_privacy")


# -- subgroups


def test_the_permutation_test_is_exact_over_792_relabellings() -> None:
    people = [f"P{i}" for i in range(12)]
    supporters = [frozenset(people[:5]), frozenset(people[3:9])]
    p, looked, exact = permutation_p(supporters, people, 5, 1.0, seed=1)
    assert (looked, exact) == (792, True)
    from itertools import combinations

    def statistic(first: set[str]) -> float:
        second = set(people) - first
        return sum(abs(len(s & first) / 5 - len(s & second) / 7) for s in supporters)

    by_hand = [statistic(set(first)) >= 1.0 - 1e-12 for first in combinations(people, 5)]
    assert p == pytest.approx(sum(by_hand) / 792)


def test_newcombe_as_published() -> None:
    assert [round(v, 2) for v in newcombe(2, 5, 6, 7)] == [-0.46, -0.76, 0.07]


def test_small_groups_get_counts_only(tmp_path: Path) -> None:
    people = "participants:\n  P1: {size: small}\n  P2: {size: large}\n  P3: {size: large}\n  P4: {}\n"
    study = shopping(tmp_path, settings=people + GUIDE)
    model = build_model(study, Params(1))
    values = values_of(study.settings.participants, model.participants, "size")
    found = subgroups(model, values, "size", "small")
    assert (found.groups, found.left_out, found.p) == ((("P1",), ("P2", "P3")), ("P4",), None)
    assert next(e for e in found.edges if e.edge == "E1").difference is None


# -- queries: a chain on the map is not a chain in a head


@pytest.fixture
def chain(tmp_path: Path) -> Model:
    """P1 tells task → search, P2 tells search → buy; only P3 tells both. P3 goes back as well."""
    one = talk("T1", "P1", "?", "task then search").code("a", "task", "task").code("b", "search", "search")
    one.relate("r1", "a", "b", "leads-to", "then")
    two = talk("T2", "P2", "?", "search then buy").code("c", "search", "search").code("d", "buy", "buy")
    two.relate("r2", "c", "d", "leads-to", "then")
    three = talk("T3", "P3", "?", "task then search then buy, and back")
    three.code("e", "task", "task").code("f", "search", "search").code("g", "buy", "buy")
    three.relate("r3", "e", "f", "leads-to", "then").relate("r4", "f", "g", "leads-to", "then")
    three.relate("r5", "g", "f", "goes-back-to", "and back")
    return build_model(write_study(tmp_path, [one, two, three]), Params(1))


def test_paths_say_who_tells_the_whole_of_them(chain: Model) -> None:
    (way,) = paths(chain, "task", "buy").chains
    assert (way.nodes, way.weakest, way.people) == (("task", "search", "buy"), 2, ("P3",))
    with pytest.raises(PostilError, match="no node 'bye'"):
        paths(chain, "task", "bye")


def test_flow_and_threads_are_both_reported(chain: Model) -> None:
    found = robustness(chain, "task", "buy")
    assert (found.flow, found.tellers) == (2, ("P3",))
    assert tellers(chain, "search", "buy") == ("P2", "P3")
    assert [t.nodes for t in threads(chain)] == [("task", "search"), ("search", "buy"), ("task", "search", "buy")]


def test_loops_are_found_once_each(chain: Model) -> None:
    (ring,) = loops(chain).chains
    assert (ring.nodes, ring.people) == (("search", "buy", "search"), ("P3",))


def test_must_pass_and_what_if(chain: Model) -> None:
    assert must_pass(chain, "task", "buy") == ("search",)
    assert what_if_dropped(chain, "search", "task").unreachable == ("buy",)
    assert what_if_dropped(chain, "P3", "task").lost_edges == ("buy:search:goes-back-to",)
    with pytest.raises(PostilError, match="no node, edge, participant, guard or code"):
        what_if_dropped(chain, "nothing", "task")


def test_without_a_code_its_relations_are_gone(study: Study) -> None:
    model = build_model(study, Params(1))
    lost = what_if_dropped(model, "code:buy", "task").lost_edges
    rows = {name: model.evidence.by_object.get(name, ()) for name in model.edges}
    assert lost and set(lost) == {
        name
        for name, found in rows.items()
        if model.edges[name].support["stated"].k
        and all("buy" in (row.code, row.target_code) for row in found if row.kind == "stated" and row.mode == "affirm")
    }
    assert what_if_dropped(model, "stray", "task").lost_edges == ()


def test_a_query_that_would_list_thousands_of_paths_stops_and_says_so(tmp_path: Path) -> None:
    codes = "title: B\ncodes:\n" + "".join(f"  c{i}: {{label: C{i}}}\n" for i in range(9))
    one = talk("T1", "P1", "?", " ".join(f"word{i}" for i in range(9)))
    for i in range(9):
        one.code(f"s{i}", f"word{i}", f"c{i}")
    for i in range(9):
        for j in range(9):
            if i != j:
                one.relate(f"r{i}{j}", f"s{i}", f"s{j}", "leads-to", "word0")
    model = build_model(write_study(tmp_path, [one], codebook=codes, process=""), Params(1))
    found = paths(model, "c0", "c8")
    assert (len(found.chains), found.cut_off) == (1000, True)
    assert any("stopped at 1,000" in note for note in ask(model, "paths c0 c8").notes)


def test_negative_cases(study: Study) -> None:
    found = negative_cases(build_model(study, Params(1)))
    assert [(case.why, case.object, case.participant) for case in found] == [("denied", "attributes.colour", "P1")]
    assert not never_denied(build_model(study, Params(1)))


def test_opposite_outcomes_of_one_participant_are_a_negative_case(tmp_path: Path) -> None:
    one = talk("T1", "P1", "?", "chose then bought and chose then bought")
    one.code("a", "chose", "choose").code("b", "bought", "buy")
    one.relate("r", "a", "b", "leads-to", "then", guard="good").relate("s", "a", "b", "leads-to", "then", guard="poor")
    why = {case.why for case in negative_cases(build_model(write_study(tmp_path, [one])))}
    assert why == {"opposite outcomes (good)", "opposite outcomes (poor)"}


# -- the command


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["compare", *arguments], catch_exceptions=False, standalone_mode=False)
    return int(result.return_value or 0), result.stdout


def test_the_command_prints_tables_json_and_a_figure(study: Study, tmp_path: Path) -> None:
    (tmp_path / "ref.yaml").write_text(REFERENCE)
    at = ["--study", str(study.root), "-t", "1"]
    code, text = run(str(tmp_path / "ref.yaml"), *at)
    assert code == 0
    assert "unexpected" in text and "edge fit" in text
    data = json.loads(run(str(tmp_path / "ref.yaml"), *at, "--json")[1])
    assert data["ratios"]["edges"]["coverage"] == 0.5
    assert [row["id"] for row in data["edges"]["missing"]] == ["R3", "R4"]
    run(str(tmp_path / "ref.yaml"), *at, "--out", str(tmp_path / "c.svg"))
    svg = (tmp_path / "c.svg").read_text()
    assert "Compared with Published" in svg
    assert "#C1440E" in svg


def test_claims_decide_about_the_exit_code(study: Study, tmp_path: Path) -> None:
    (tmp_path / "ref.yaml").write_text(REFERENCE)
    at = [str(tmp_path / "ref.yaml"), "--study", str(study.root), "-t", "1"]
    assert run(*at, "--assert", "coverage>=0.5")[0] == 0
    assert run(*at, "--assert", "nodes.coverage >= 0.9")[0] == 1


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed here")
def test_an_older_version_is_a_reference(tmp_path: Path) -> None:
    study = shopping(tmp_path / "study")
    git = ["git", "-C", str(study.root), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "first"]):
        subprocess.run([*git, *words], check=True, capture_output=True)
    then = build_model(study)
    before = {e.id for e in then.edges.values() if e.support["stated"].k >= then.params.min_participants}
    (study.root / "codings/ana/T2.jsonl").unlink()
    now = open_study(study.root)
    found = compare_study(now, load_reference(now, Path("HEAD"), Params(1)), Params(1))
    assert found.title == "this study at HEAD"
    assert before and {row.id for row in found.rows if row.what == "edge" and row.status != "unexpected"} == before
    with pytest.raises(PostilError, match=r"there is no reference elsewhere; name a process file, .* a commit of this"):
        load_reference(now, Path("elsewhere"), Params(1))
