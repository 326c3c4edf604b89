"""Outputs of agreement: CSV, XLSX, Markdown, LaTeX, HTML, plots, methods paragraph, rounds; every cell safe."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from postil_base.problem import PostilError
from postil_cli.commands.agreement import command
from postil_model.agreement.files import latex_tables, workbook
from postil_model.agreement.measures.estimate import Estimate
from postil_model.agreement.methods_paragraph import methods_paragraph
from postil_model.agreement.plot import Line, bar, picture_of
from postil_model.agreement.result import study_agreement
from postil_model.agreement.sample import SampleOptions
from postil_model.agreement.tables import all_tables, codes_table
from postil_model.drawing.svg import svg
from postil_study.rounds.steps import plan_freeze, start_round
from postil_study.study import Study, open_study
from tests.model_study import Talk, put, write_study
from tests.postil_model.agreement.test_sample import PLAN, many, run, talks


def small(root: Path, settings: str = PLAN) -> Study:
    return write_study(root, many(3), settings=settings)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_has_full_precision_and_the_reason_of_what_is_undefined(tmp_path: Path) -> None:
    study = small(tmp_path)
    rows = {row["code"]: row for row in rows_of(run(study, "--format", "csv"))}
    exact = study_agreement(study).units["turn"].codes["buy"].multi["krippendorff_alpha"].value
    assert float(rows["buy"]["alpha"]) == exact
    assert rows["task"]["alpha"] == "undefined"
    assert "nobody applied the code" in rows["task"]["remarks"]
    assert not re.search(r"\bnan\b", str(rows))


@pytest.mark.parametrize("by", ["code", "pair", "transcript", "category"])
def test_views(tmp_path: Path, by: str) -> None:
    rows = rows_of(run(small(tmp_path), "--format", "csv", "--by", by))
    first = {"code": "code", "pair": "coders", "transcript": "transcript", "category": "code"}[by]
    assert {row[first] for row in rows} & {"buy", "ana and ben", "I00"}


def test_the_workbook_has_a_sheet_a_view_with_typed_cells(tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(workbook(study_agreement(small(tmp_path)))))
    assert book.sheetnames == [
        "Headline",
        "Codes, characters",
        "Pairs, characters",
        "Transcripts, characters",
        "Codes, turns",
        "Pairs, turns",
        "Transcripts, turns",
        "By transcript, alpha",
        "Unitizing",
        "Other measures",
        "Confusion ana, ben",
        "Definitions",
    ]
    sheet = book["Codes, turns"]
    head = {cell.value: i for i, cell in enumerate(sheet[1])}
    row = next(r for r in sheet.iter_rows(min_row=2, values_only=True) if r[0] == "buy")
    assert isinstance(row[head["alpha"]], float)
    assert row[head["turns ana"]] == 18
    undefined = next(r for r in sheet.iter_rows(min_row=2, values_only=True) if r[0] == "task")
    assert undefined[head["alpha"]] == "undefined"


def test_nobody_s_text_becomes_a_formula_or_markup(tmp_path: Path) -> None:
    book = "title: T\ncodes:\n  buy: {label: '=cmd|<b>&_$'}\n"
    study = write_study(tmp_path, many(2), codebook=book, process="")
    cells = [c for s in load_workbook(io.BytesIO(workbook(study_agreement(study)))) for r in s.iter_rows() for c in r]
    assert all(cell.data_type != "f" for cell in cells)
    assert "'=cmd" in run(study, "--format", "csv")
    assert r"=cmd\textbar{}\textless{}b\textgreater{}\&\_\$" in run(study, "--format", "latex")
    page = run(study, "--format", "html")
    assert "<b>" not in page
    assert "=cmd|&lt;b&gt;&amp;_$" in page


def test_latex_is_a_booktabs_table_with_the_reasons_as_notes(tmp_path: Path) -> None:
    text = latex_tables(study_agreement(small(tmp_path)), "code")
    assert text.count("\\toprule") == text.count("\\bottomrule") == 2
    assert re.search(r"task\$\^\{\d\}\$ & Task .*& undefined", text)
    assert "nobody applied the code." in text
    for row in re.findall(r"\\midrule\n(.*?)\\bottomrule", text, re.DOTALL):
        assert len({line.replace("\\&", "").count("&") for line in row.strip().splitlines()}) == 1


def test_markdown_and_html_hold_run_headline_and_methods(tmp_path: Path) -> None:
    study = small(tmp_path)
    for text in (run(study, "--format", "md"), run(study, "--format", "html")):
        assert "live, not for reporting" in text
        assert "declared in study.yaml" in text
        assert "Methods" in text
        assert "undefined" in text
    assert "<svg" in text
    assert "://" not in re.sub(r'xmlns(:\w+)?="[^"]*"|<!DOCTYPE[^>]*>|<!--.*?-->', "", text, flags=re.DOTALL)


def test_every_table_has_cells_under_every_head(tmp_path: Path) -> None:
    for table in all_tables(study_agreement(small(tmp_path))):
        assert {len(row) for row in table.rows} == {len(table.headers)}, table.title


def test_a_table_is_a_data_frame(tmp_path: Path) -> None:
    frame = codes_table(study_agreement(small(tmp_path)), "turn").frame()
    assert frame.set_index("code").loc["buy", "turns ben"] == 17


def test_the_plot_draws(tmp_path: Path) -> None:
    svg = run(small(tmp_path), "--format", "svg")
    assert "buy" in svg
    assert "Krippendorff" in svg
    assert "task" not in svg


def test_the_scale_of_a_plot_reaches_below_zero_only_where_it_must() -> None:
    assert ">-0.2<" not in svg(picture_of([Line("a", Estimate(0.5))], "t"))
    assert ">-0.2<" in svg(picture_of([Line("a", Estimate(-0.1))], "t"))


@pytest.mark.parametrize(
    ("estimate", "drawn"),
    [
        (Estimate(1.0, 0.0, (1.0, 1.0)), "··········●"),
        (Estimate(0.2, 0.1, (-0.4, 0.8)), "├─●─────┤··"),
        (Estimate(-0.5), "‹··········"),
        (Estimate(None, undefined="why"), "           "),
    ],
)
def test_bars(estimate: Estimate, drawn: str) -> None:
    assert bar(estimate, 11) == drawn


def test_methods_state_what_is_recorded_and_leave_blanks(tmp_path: Path) -> None:
    text = methods_paragraph(study_agreement(small(tmp_path)))
    assert "Two coders (ana and ben) coded three interview transcripts with version 1.0.0 of the codebook" in text
    assert "[Live layers, not for reporting" in text
    assert "because: answers count." in text
    assert "[How disagreements were settled: ____; no consensus coding settles any of them.]" in text
    assert "Krippendorff, K. (2019)" in text


def frozen(root: Path) -> Study:
    """A study with a training round and a blind reliability round, both frozen, and ben's layer changed since."""
    study = small(root)
    start_round(root, "T1", "training", {"ana": ["I00"], "ben": ["I00"]})
    plan_freeze(root, "T1", lambda: datetime(2026, 3, 1, tzinfo=UTC)).apply()
    assigned = {coder: ["I01", "I02"] for coder in ("ana", "ben")}
    start_round(root, "R1", "reliability", assigned, sampling="drawn by lot", seed=7, blind=True)
    plan_freeze(root, "R1", lambda: datetime(2026, 3, 9, tzinfo=UTC)).apply()
    path = root / "codings/ben/I01.jsonl"
    path.write_text(path.read_text().splitlines(True)[0])
    return open_study(study.root)


def test_reliability_comes_from_the_frozen_copy(tmp_path: Path) -> None:
    study = frozen(tmp_path)
    then, now = study_agreement(study), study_agreement(study, SampleOptions(live=True))
    assert re.fullmatch(r"reliability round R1, frozen \d{4}-\d\d-\d\d", then.sample.source)
    assert then.sample.whole.documents == ("I01", "I02")
    assert then.applied["buy"] == {"ana": 12, "ben": 11}
    assert now.applied["buy"] == {"ana": 18, "ben": 12}
    assert json.loads(run(study, "--json"))["data"]["reportable"] is True


def test_methods_of_a_round(tmp_path: Path) -> None:
    text = methods_paragraph(study_agreement(frozen(tmp_path)))
    assert "This was round R1, a reliability round; how the transcripts were drawn: drawn by lot (seed 7)." in text
    assert "codings" in text and "Coders worked blind" not in text  # coded before it started: test_agreement_evidence
    assert "Live layers" not in text


def test_the_history_names_training_rounds_as_such(tmp_path: Path) -> None:
    study = frozen(tmp_path)
    rows = rows_of(run(study, "--rounds", "--format", "csv"))
    assert [(row["round"], row["purpose"], row["transcripts"]) for row in rows] == [
        ("T1", "training", "1"),
        ("R1", "reliability", "2"),
    ]
    assert "T1 (training)" in run(study, "--rounds", "--format", "svg")
    assert json.loads(run(study, "--rounds", "--json"))[0]["purpose"] == "training"


def test_a_copy_that_was_changed_is_told(tmp_path: Path) -> None:
    study = frozen(tmp_path)
    path = tmp_path / "rounds/R1/codings/ana/I01.jsonl"
    path.chmod(0o644)
    path.write_text(path.read_text().splitlines(True)[0])
    assert "the frozen copy is not what was frozen" in " ".join(study_agreement(study).sample.notes)


def test_what_was_declared_at_the_freezing_counts(tmp_path: Path) -> None:
    frozen(tmp_path)
    text = (tmp_path / "study.yaml").read_text().replace("unit: turn", "unit: char")
    put(tmp_path, "study.yaml", text)
    result = study_agreement(open_study(tmp_path))
    assert result.headline.unit == "turn"
    assert any("declares the agreement differently now" in note for note in result.sample.notes)


def test_a_round_that_is_not_frozen_is_refused_with_the_next_step(tmp_path: Path) -> None:
    study = small(tmp_path)
    start_round(tmp_path, "R1", "reliability", {"ana": ["I00"], "ben": ["I00"]})
    with pytest.raises(PostilError, match="postil round freeze R1"):
        run(open_study(study.root), "--round", "R1")


def test_relations_have_specific_agreement(tmp_path: Path) -> None:
    pair = talks(("ana", "a1", "It was cheap", "price"), ("ben", "b1", "was cheap", "price"))
    for talk, tag in zip(pair, "ab", strict=True):
        talk.code(f"{tag}2", "we took it", "buy")
        talk.relate(f"{tag}3", f"{tag}1", f"{tag}2", "influences")
    pair[0].relate("a4", "a2", "a1", "leads-to")
    pair[0].relate("a5", "a2", "a1", "excludes", mode="deny")
    found = study_agreement(write_study(tmp_path, pair)).relations
    assert found["all"]["ana|ben"].value == pytest.approx(2 / 3)
    assert found["influences"]["ana|ben"].value == 1
    assert found["leads-to"]["ana|ben"].value == 0
    assert found["excludes"]["ana|ben"].undefined == "neither coder drew a relation"


def test_gamma_says_how_it_was_sampled(tmp_path: Path) -> None:
    answer = json.loads(run(small(tmp_path), "--json", "--gamma", "--samples", "5", "--seed", "3"))["gamma"]
    assert set(answer) == {"I00", "I01", "I02"}
    assert {k: answer["I00"][k] for k in ("sampler", "samples", "seed", "alpha")} == {
        "sampler": "shuffle",
        "samples": 5,
        "seed": 3,
        "alpha": 3.0,
    }
    assert answer["I00"]["gamma"]["value"] == 1
    again = json.loads(run(small(tmp_path / "x"), "--json", "--gamma", "--samples", "5", "--seed", "3"))["gamma"]
    assert again == answer


def test_files_are_written_by_their_ending(tmp_path: Path) -> None:
    study = small(tmp_path / "s")
    for name, start in {
        "a.csv": b"\xef\xbb\xbfcode,",
        "a.xlsx": b"PK",
        "a.tex": b"%",
        "a.md": b"# Agree",
        "a.png": b"\x89PNG",
    }.items():
        answer = CliRunner().invoke(command, ["--study", str(study.root), "--out", str(tmp_path / name)])
        assert answer.exit_code == 0, answer.output
        assert (tmp_path / name).read_bytes().startswith(start)


def test_three_coders_have_light_and_pairs(tmp_path: Path) -> None:
    third = [Talk(t.id, t.turns, t.speakers, coder="zoe") for t in many(3) if t.coder == "ana"]
    study = write_study(tmp_path, [*many(3), *third])
    rows = {row["code"]: row for row in rows_of(run(study, "--format", "csv"))}
    assert float(rows["buy"]["kappa (Light)"]) == pytest.approx(0.284, abs=0.01)
    assert {row["coders"] for row in rows_of(run(study, "--format", "csv", "--by", "pair"))} == {
        "ana and ben",
        "ana and zoe",
        "ben and zoe",
    }
