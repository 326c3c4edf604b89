"""The commands that compute from the model, on the illustrative study.

Every number was counted apart from the program: from the lines of ``codings/`` (`Raw` does it again here), with the
claims of ``codebook/process.yaml`` applied by hand, and with the formulas of the methods page.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

from postil_base.problem import PostilError
from postil_cli.main import cli
from postil_model.decision.guide_order import kendall_tau
from tests.shared_data import SHARED, needs_shared

ROOT = Path(__file__).resolve().parents[3]
PEOPLE = [f"E{number:02}" for number in range(1, 13)]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments, "-C", str(ROOT)], catch_exceptions=False, standalone_mode=False)


def data(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json").stdout)


def rows(*arguments: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(run(*arguments, "--format", "csv").stdout)))


class Raw:
    """The coding of record, read straight from its lines."""

    def __init__(self) -> None:
        self.manifest = yaml.safe_load((ROOT / "transcripts/transcripts.yaml").read_text(encoding="utf-8"))
        self.segments: dict[tuple[str, str], int] = Counter()  # code, participant → segments
        self.pairs: Counter[frozenset[str]] = Counter()
        for name in self.manifest:
            layer = [record for record in self.layer(name) if "codes" in record]
            for record in layer:
                for person in self.speakers(name, record):
                    self.segments.update((code, person) for code in self.codes(record))
            self.pairs.update(self.meetings([record for record in layer if "start" in record]))

    @staticmethod
    def layer(name: str) -> list[dict[str, Any]]:
        for coder in ("consensus", "ana", "ben"):
            file = ROOT / f"codings/{coder}/{name}.jsonl"
            if file.exists():
                header, *records = map(json.loads, file.read_text(encoding="utf-8").splitlines())
                if "done" in header:
                    return records
        return []

    @staticmethod
    def codes(record: dict[str, Any]) -> list[str]:
        return [code if isinstance(code, str) else code["code"] for code in record["codes"]]

    def speakers(self, name: str, record: dict[str, Any]) -> set[str]:
        text = (ROOT / f"transcripts/{name}.txt").read_text(encoding="utf-8")
        labels = "|".join(map(re.escape, self.manifest[name]["speakers"]))
        heads = list(re.finditer(rf"^({labels})(?: \[[^\]]*\])?:\n", text, re.MULTILINE))
        ends = [*(head.start() for head in heads[1:]), len(text)]
        start, end = record.get("start", 0), record.get("end", len(text))
        spoken = {h[1] for h, stop in zip(heads, ends, strict=True) if start < stop and end > h.end()}
        people = (self.manifest[name]["speakers"][label].get("participant") for label in spoken)
        return {person for person in people if person}

    def meetings(self, layer: list[dict[str, Any]]) -> Iterator[frozenset[str]]:
        """Every pair of segments, the slow way."""
        for place, one in enumerate(layer):
            codes = self.codes(one)
            yield from (frozenset((a, b)) for i, a in enumerate(codes) for b in codes[i + 1 :])
            for other in layer[place + 1 :]:
                if one["start"] < other["end"] and other["start"] < one["end"]:
                    yield from (frozenset((a, b)) for a in codes for b in self.codes(other) if a != b)


@pytest.fixture(scope="module")
def raw() -> Raw:
    return Raw()


# compare

LIST_FORM = """\
schema: ptm-study/reference-model
id: published
title: Written by others
stages: [{id: model_selection, label: Model Selection, order: 2}, {id: late, label: Late, order: 3}]
nodes:
  - id: sources
    label: Sources
    kind: activity
    stage: model_selection
    items: [{id: model_registries, label: Model registries}]
  - {id: find_ptm, label: Find a PTM, kind: activity, stage: model_selection}
  - {id: adapt, label: Adapt, kind: activity, stage: late}
  - {id: evaluate, label: Evaluate, kind: decision, stage: late}
  - {id: audit, label: Audit, kind: activity, stage: late}
edges:
  - {id: R1, source: sources, target: find_ptm, kind: flow}
  - {id: R2, source: find_ptm, target: adapt, kind: flow}
  - {id: R3, source: adapt, target: evaluate, kind: flow}
  - {id: R4, source: evaluate, target: sources, kind: back, guard: poor}
  - {id: R5, source: evaluate, target: audit, kind: flow}
layout: {main_line: [sources, find_ptm, adapt, evaluate]}
"""


def test_compare_with_the_declared_process() -> None:
    found = data("compare")
    edges = found["edges"]
    assert [row["id"] for row in edges["weak"]] == ["E11"]
    assert [row["id"] for row in edges["missing"]] == ["E01"]
    assert {row["id"]: row["k"] for row in edges["matched"]} == {
        "E02": 4, "E03": 5, "E04": 3, "E05": 8, "E06": 7, "E07": 9, "E08": 6, "E09": 11, "E10": 9, "E12": 4, "E13": 9,
    }  # fmt: skip
    assert sorted(row["k"] for row in edges["unexpected"]) == [2, 2, 2, 3, 3, 5, 7]
    ratios = found["ratios"]["edges"]
    assert (ratios["matched"], ratios["reference"], ratios["found"]) == (11, 13, 18)
    assert ratios["weighted_precision"] == pytest.approx(75 / 99)
    fit = {person["participant"]: person for person in found["participants"]}
    assert fit["E10"]["strict"] == 1 and fit["E10"]["edges"] == 7
    assert fit["E06"]["strict"] == pytest.approx(6 / 9)


def test_compare_with_a_published_list_of_nodes_and_edges(tmp_path: Path) -> None:
    file = tmp_path / "published.yaml"
    file.write_text(LIST_FORM, encoding="utf-8")
    found = data("compare", str(file), "--map", "reuse_techniques=adapt")
    status = {row["id"]: (word, row["k"]) for word in ("matched", "weak", "missing") for row in found["edges"][word]}
    assert status == {
        "R1": ("matched", 8), "R2": ("matched", 6), "R3": ("matched", 11), "R4": ("weak", 1), "R5": ("missing", 0),
    }  # fmt: skip
    assert [row["id"] for row in found["nodes"]["missing"]] == ["audit"]
    assert [(row["id"], row["k"]) for row in found["items"]["matched"]] == [("sources.model_registries", 12)]
    without = data("compare", str(file))
    assert {row["id"] for row in without["edges"]["missing"]} == {"R2", "R3", "R5"}
    with pytest.raises(PostilError, match="OURS=THEIRS"):
        run("compare", str(file), "--map", "reuse_techniques")


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        ("coverage>=0.84", 0),  # 11/13 = 0.846
        ("coverage>=0.85", 1),
        ("edges.precision<0.62", 0),  # 11/18 = 0.611
        ("items.coverage >= 0.9", 1),  # 10/12
        ("nodes.coverage>=1", 0),
        ("weighted_precision>0.75", 0),
    ],
)
def test_a_claim_decides_the_exit_code(claim: str, status: int) -> None:
    result = run("compare", "--assert", claim)
    assert (result.return_value or 0) == status
    assert ("does not hold" in result.stderr) == bool(status)


def test_a_comparison_is_a_figure_too(tmp_path: Path) -> None:
    run("compare", "--out", str(tmp_path / "c.svg"))
    svg = (tmp_path / "c.svg").read_text(encoding="utf-8")
    assert "Edges matched 11 of 13, unexpected 7." in " ".join(re.sub(r"<[^>]+>", " ", svg).split())
    run("compare", "--out", str(tmp_path / "c.png"))
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")
    run("compare", "--out", str(tmp_path / "c.dot"))
    assert "digraph" in (tmp_path / "c.dot").read_text(encoding="utf-8")


@pytest.mark.parametrize(("page", "wide", "high"), [("a4", 509, 742), ("slide", 900, 480), ("column", 241, 640)])
def test_a_figure_fits_its_page_and_small_letters_are_told(page: str, wide: int, high: int) -> None:
    found = run("model", "--page", page, "--format", "svg")
    size = re.search(r'width="(\d+)pt" height="(\d+)pt"', found.stdout)
    assert size and int(size[1]) <= wide and int(size[2]) <= high
    assert int(size[1]) == wide or int(size[2]) == high
    assert ("points high" in found.stderr) == (page == "column")


def test_a_page_goes_with_a_figure_only() -> None:
    for more in (["--json"], ["--format", "mermaid"], ["--format", "dot", "--engine", "dot"], []):
        with pytest.raises(PostilError, match="--page lays out a figure: it goes with --format svg, pdf"):
            run("model", "--page", "a4", *more)


# saturation, matrix, co-occurrence


def test_saturation_of_codes_in_order_and_over_all_orders(raw: Raw) -> None:
    found = data("saturation")
    sets = [{code for code, person in raw.segments if person == name} for name in PEOPLE]
    assert found["ordered"] == [len(set().union(*sets[: place + 1])) for place in range(12)]
    shares = [sum(code in own for own in sets) for code in set().union(*sets)]
    assert found["expected"][0] == pytest.approx(sum(shares) / 12, abs=1e-6)
    once, twice = shares.count(1), shares.count(2)
    assert (found["singles"], found["doubles"]) == (once, twice) and twice
    seen = 11 * once / (11 * once + 2 * twice)  # of those that occur once, Chao and Jost 2012
    assert found["coverage"] == pytest.approx(1 - once / sum(shares) * seen)
    assert found["chao2"] == pytest.approx(len(shares) + 11 / 12 * once**2 / (2 * twice))


def test_saturation_of_edges_and_of_some_participants_in_an_order_of_ones_own() -> None:
    assert data("saturation", "--of", "edges")["ordered"] == [9, 16, 17, 18, 20, 22, 22, 22, 22, 22, 22, 22]
    turned = data("saturation", "--participants", "E12,E02,E01")
    assert turned["participants"] == ["E12", "E02", "E01"]
    assert turned["ordered"][-1] == 40 == data("saturation", "--participants", "E01,E02,E12")["ordered"][-1]


def test_matrix_counts_segments_by_who_speaks(raw: Raw) -> None:
    table = {row["code"].rsplit("/", 1)[-1]: row for row in rows("matrix")}
    for code, row in table.items():
        assert [int(row[person]) for person in PEOPLE] == [raw.segments[code, person] for person in PEOPLE], code
    assert [int(table["own-compute"][person]) for person in PEOPLE] == [0, 2, 1, 2, 1, 3, 0, 1, 0, 1, 1, 1]
    assert table["own-compute"]["participants"] == "9 of 12"


def test_matrix_by_an_attribute() -> None:
    table = {row["code"]: row for row in rows("matrix", "--by", "org_size")}
    own = table["assessment/own-compute"]
    assert (own["org_size: large"], own["org_size: medium"], own["org_size: small"]) == ("2 of 3", "3 of 4", "4 of 5")
    with pytest.raises(PostilError, match=r"there are: .*dl_skill.*org_size"):
        run("matrix", "--by", "height")


def test_the_framework_matrix_as_workbook_and_page(tmp_path: Path) -> None:
    run("matrix", "--framework", "--out", str(tmp_path / "f.xlsx"))
    sheets = load_workbook(tmp_path / "f.xlsx")
    texts = [str(cell) for sheet in sheets for line in sheet.iter_rows(values_only=True) for cell in line if cell]
    assert any("No meeting about it." in text for text in texts)
    assert all(any(person in text for text in texts) for person in PEOPLE)
    run("matrix", "--framework", "--out", str(tmp_path / "f.html"))
    page = (tmp_path / "f.html").read_text(encoding="utf-8")
    assert "Borrowed judgement" in page and "No meeting about it." in page and "://" not in page
    withheld = "excluded as a reason"  # E10's words: counted, not quoted
    assert withheld not in page and not any(withheld in text for text in texts)


def test_cooccurrence_is_what_looking_at_every_pair_gives(raw: Raw) -> None:
    found = {frozenset(pair["codes"]): pair["count"] for pair in data("cooccurrence")["pairs"]}
    assert found == dict(raw.pairs)
    assert found[frozenset({"dataset-details", "missing-attributes"})] == 6
    top = rows("cooccurrence", "--top", "1")
    assert top[0]["segment pairs"] == "6" and top[0]["c"] == "0.1765"  # 6 / (n1 + n2 - 6), 6 / 34
    only = data("cooccurrence", "dataset-details", "missing-attributes")
    assert sum(only["totals"].values()) - 6 == pytest.approx(34)


def test_cooccurrence_in_turns_and_an_unknown_code() -> None:
    turns = rows("cooccurrence", "--mode", "turn", "--top", "1")[0]
    assert (turns["code"], turns["code "], turns["turns"]) == ("transfer-learning", "evaluate", "17")
    with pytest.raises(PostilError, match="there is no code 'nope'"):
        run("cooccurrence", "nope")


# joint display, quotes


def test_joint_sets_counts_beside_facts() -> None:
    text = run("joint", "--interval", "--fit", "silence").stdout
    assert "■■■■■■■□■■■■ 11/12" in text
    assert "0.209% (132/63,182) [0.18, 0.25]%, no sampling error: a census" in text
    found = {row["finding"]: row for row in data("joint")}
    assert (found["bert-dependants"]["k"], found["bert-dependants"]["participants"]) == (
        5,
        ["E02", "E03", "E07", "E09", "E11"],
    )
    assert any("open conflict" in warning for warning in found["bert-dependants"]["warnings"])
    table = {row["measured"].split(":")[0]: row for row in rows("joint")}
    assert table["Organizations on the registry that are verified"]["k/n"] == "12 of 12"


def test_joint_quotes_nobody_who_did_not_consent() -> None:
    people = {quote["participant"] for row in data("joint") for quote in row["quotes"]}
    assert people and "E10" not in people
    assert "no words that may be quoted" in run("joint", "--participants", "E10").stdout


def test_quotes_of_an_edge_and_withheld_words() -> None:
    edge = data("quotes", "own_compute->reuse_decision")
    assert {said["participant"] for said in edge if said["mode"] == "affirm" and said["kind"] == "stated"} == {
        "E02", "E03", "E04", "E05", "E06", "E08", "E11",
    }  # fmt: skip
    result = run("quotes", "popularity", "--participants", "E10")
    assert "[words withheld: no consent to be quoted]" in result.stdout and "excluded as" not in result.stdout
    assert result.stderr == "1 quote of 1 participant\n"
    assert "excluded as" in run("quotes", "popularity", "--participants", "E10", "--all").stdout


def test_quotes_with_the_question_and_what_stands_around() -> None:
    table = rows("quotes", "evaluate", "--context", "30", "--participants", "E01")
    assert table and all(row["asked"] and row["transcript"] == "I01" for row in table)
    assert any(row["before"] or row["after"] for row in table)
    assert not any(row["before"] or row["after"] for row in rows("quotes", "evaluate", "--participants", "E01"))
    text = run("quotes", "evaluate", "--participants", "E01").stdout
    assert "  asked: " in text
    silent = rows("quotes", "popularity", "--context", "30", "--participants", "E10")
    assert silent and not any(row["before"] or row["after"] for row in silent)


@pytest.mark.parametrize("kind", ["text", "table", "csv", "md", "json"])
def test_passages_in_every_format_with_place_and_context(kind: str) -> None:
    shown = run("search", '"popular"', "transcript:I01", "--format", kind, "--context", "20").stdout
    assert "I01" in shown and "popular" in shown
    if kind == "table":
        assert shown.splitlines()[0].split() == ["where", "speaker", "words", "codes"] and "[popular]" in shown
    if kind == "csv":
        assert {"before", "after", "start", "end", "asked"} <= set(next(csv.reader(io.StringIO(shown))))


def test_an_unknown_name_is_met_with_the_nearest() -> None:
    with pytest.raises(PostilError, match=r"called 'popularityy'. Did you mean popularity\?"):
        run("quotes", "popularityy")


# ask


def test_paths_and_who_tells_the_whole() -> None:
    found = data("ask", "paths", "sources", "deployment")["rows"]
    assert [(row["way"], row["steps"], row["k"], row["who"]) for row in found] == [
        ("sources → find_ptm → evaluate → deployment", 3, 3, "E03, E06, E09"),
        ("sources → find_ptm → reuse_techniques → evaluate → deployment", 4, 6, "E11"),
    ]
    assert len(data("ask", "paths", "sources", "deployment", "-t", "4")["rows"]) == 1
    assert len(data("ask", "paths", "sources", "deployment", "--longest", "3")["rows"]) == 1


def test_loops_and_threads() -> None:
    ways = {row["way"]: row["who"] for row in data("ask", "loops")["rows"]}
    assert ways["find_ptm → reuse_techniques → evaluate → find_ptm"] == "E01, E05, E11"
    assert ways["find_ptm → evaluate → deployment → find_ptm"] == ""  # on the map, in nobody's head
    assert len(ways) == 9  # of 10: there are two guards between the techniques and their evaluation
    told = {row["participant"]: row["longest thread"] for row in data("ask", "threads")["rows"]}
    assert told["E09"] == "ml_task → reuse_decision → sources → find_ptm → evaluate → deployment"


def test_support_sets_the_cut_beside_the_people() -> None:
    cut, told = data("ask", "support", "ml_task", "deployment")["rows"]
    assert (cut["number"], cut["which"]) == (4, "ml_task → reuse_decision")
    assert (told["number"], told["which"]) == (1, "E09")


def test_must_and_whatif() -> None:
    found = data("ask", "must", "sources", "deployment")
    assert [row["node"] for row in found["rows"]] == ["find_ptm", "evaluate"]
    assert found["notes"] == ["a whole way is told by 4: E03, E06, E09, E11"]
    lost = data("ask", "whatif", "evaluate", "--from", "sources")["rows"]
    gone = {row["which"]: row["told by"] for row in lost if row[""] == "no longer reached"}
    assert gone == {"deployment": "4: E03, E06, E09, E11", "publish": "2: E06, E09"}
    person = data("ask", "whatif", "participant:E01")["rows"]
    assert {row["which"] for row in person} == {"deployment:evaluate:goes-back-to", "deployment:publish:leads-to"}


def test_whatif_asks_which_of_two_things_is_meant() -> None:
    with pytest.raises(PostilError, match="write edge:E09 or participant:E09"):
        run("ask", "whatif", "E09")
    with pytest.raises(PostilError, match="no node, edge, participant, guard or code 'nope'"):
        run("ask", "whatif", "nope")


def test_negative_cases_come_from_the_denials() -> None:
    found = data("ask", "negative")
    assert found["notes"] == []  # deny was used
    denied = {(row["object"], row["participant"]) for row in found["rows"] if row["why"] == "denied"}
    assert {("E06", "E03"), ("E06", "E10"), ("E06", "E11"), ("E11", "E01"), ("E12", "E04")} <= denied
    turned = {(row["object"], row["participant"]) for row in found["rows"] if "direction" in row["why"]}
    # find → evaluate stands beside the declared way back evaluate → find: that contradicts nothing
    assert turned == {("find_ptm:sources:leads-to", "E02")}
    outcomes = {(row["why"], row["participant"]) for row in found["rows"] if row["why"].startswith("opposite")}
    assert outcomes >= {("opposite outcomes (poor)", "E05"), ("opposite outcomes (good)", "E05")}
    assert not any("excluded as a reason" in row["quote"] for row in found["rows"])


def test_subgroups_side_by_side_with_one_test() -> None:
    found = data("ask", "subgroups", "org_size", "small")
    assert found["groups"] == [["E01", "E04", "E05", "E11", "E12"], ["E02", "E03", "E06", "E07", "E08", "E09", "E10"]]
    edges = {edge["edge"]: edge for edge in found["edges"]}
    assert (edges["E05"]["first"], len(edges["E05"]["second"])) == (["E04", "E11"], 6)
    assert edges["E05"]["difference"] == pytest.approx([-0.457, -0.763, 0.066], abs=0.001)  # Newcombe: 2/5, 6/7
    assert (found["relabellings"], found["exact"]) == (792, True)
    assert 0 < found["p"] <= 1
    text = run("ask", "subgroups", "org_size", "small").stdout
    assert text.count("p = ") == 1 and "exact over 792 relabellings" in text


def test_small_groups_get_counts_only() -> None:
    found = data("ask", "subgroups", "dl_skill", "beginner")
    assert found["p"] is None and all(edge["difference"] is None for edge in found["edges"])
    with pytest.raises(PostilError, match="values here: beginner, expert, intermediate"):
        run("ask", "subgroups", "dl_skill", "wizard")


def test_stability_names_critical_participants() -> None:
    found = {row["edge"]: row for row in data("ask", "stability")["rows"]}
    assert found["deployment:publish:leads-to"]["critical participants"] == "E01, E08"
    assert found["deployment:publish:leads-to"]["bootstrap"] == 0.408
    assert (found["E02"]["critical participants"], found["E02"]["bootstrap"]) == ("", 0.896)


def test_the_sweep_over_thresholds() -> None:
    found = data("ask", "sweep")["rows"]
    assert [row["edges"] for row in found] == [22, 18, 15, 12, 10, 8, 7, 5, 4, 1, 1, 0]
    assert found[1]["coverage"] == pytest.approx(11 / 13) and found[11]["precision"] is None


def test_order_over_whole_interviews_is_reported_as_guide_order() -> None:
    found = data("ask", "follows")
    assert "order of talk is not order of work" in found["notes"][0]
    assert "guide order: Kendall's tau" in found["notes"][1]
    assert found["rows"][0]["participants"] <= 12


@needs_shared
def test_real_annotations_follow_the_guide() -> None:
    """Annotations in the order of the talk, themes in the order of the matrix: tau is at least 0.94 for everybody."""
    expected = json.loads((SHARED / "ptm-study/expected.json").read_text(encoding="utf-8"))
    placed: dict[int, dict[int, int]] = {}
    for bullet in expected["memo_bullets"]:
        if bullet.get("annotation") is not None and bullet.get("start") is not None:
            themes = placed.setdefault(bullet["participant"], {})
            column = column_index_from_string(bullet["cell"].rstrip("0123456789"))
            themes[bullet["start"]] = min(column, themes.get(bullet["start"], column))
    taus = {person: kendall_tau(list(themes), list(themes.values())) for person, themes in placed.items()}
    assert len(taus) == 8 and all(tau is not None and tau >= 0.94 for tau in taus.values())


QUESTIONS = [
    ["compare"], ["saturation"], ["cooccurrence"], ["matrix"], ["matrix", "--framework"], ["joint"],
    ["quotes", "popularity"], ["ask", "loops"], ["ask", "negative"], ["ask", "subgroups", "org_size", "small"],
]  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_every_answer_in_every_format(tmp_path: Path, question: list[str]) -> None:
    files = {ending: tmp_path / f"a.{ending}" for ending in ("csv", "json", "xlsx", "tex", "html", "md")}
    for file in files.values():
        assert not run(*question, "--out", str(file)).return_value
    assert len(list(csv.reader(files["csv"].open(encoding="utf-8")))) > 2
    assert json.loads(files["json"].read_text(encoding="utf-8"))
    assert load_workbook(files["xlsx"]).worksheets[0].max_row > 2
    assert "\\begin{tabular}" in files["tex"].read_text(encoding="utf-8")
    assert "<table" in files["html"].read_text(encoding="utf-8")
    assert "| --- |" in files["md"].read_text(encoding="utf-8")
