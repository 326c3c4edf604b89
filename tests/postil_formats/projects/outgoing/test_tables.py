"""What goes out as a table comes back: segments and relations as CSV and XLSX give the very same records."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postil_base.quoting.csv import csv_cell, csv_text
from postil_cli.running import run
from postil_formats.codings.plan import plan_codings
from postil_formats.codings.sources.rows import CodingsTable, read_codings
from postil_formats.codings.writing import apply_codings
from postil_formats.projects.outgoing.passed import Passed
from postil_formats.projects.outgoing.project import ExportWishes
from postil_formats.projects.outgoing.tables import StudyTables
from postil_formats.tables.files import Table, csv_file, to_csv, to_xlsx
from postil_study.layers.file import encode_layer
from postil_study.layers.values import make_layer
from postil_study.study import Study, open_study
from postil_study.text.values import CodeUse, Layer, LayerHeader, Relation, Segment
from tests.postil_formats.projects.test_exchange import layers, studies
from tests.transcripts_support import TEXT, small_study

ROOT = Path(__file__).resolve().parents[4]
AT = "2026-01-01T00:00:00Z"
Way = Callable[[list[Table]], list[CodingsTable]]


def by_csv(tables: list[Table]) -> list[CodingsTable]:
    return [read_codings(to_csv(table).encode("utf-8-sig"), f"{table.title}.csv") for table in tables]


def by_semicolons(tables: list[Table]) -> list[CodingsTable]:
    return [read_codings(csv_file(table, ";"), f"{table.title}.csv") for table in tables]


def by_xlsx(tables: list[Table]) -> list[CodingsTable]:
    return [read_codings(to_xlsx(tables), "study.xlsx")]


def bare(layer: Layer) -> tuple[LayerHeader, tuple[Segment, ...], tuple[Relation, ...]]:
    return replace(layer.header, text_sha256="", extra={}), layer.segments, layer.relations


def back(study: Study, folder: Path, way: Way) -> Study:
    made = StudyTables(study, ExportWishes(everything=True))
    root = small_study(folder)
    shutil.rmtree(root / "codings")
    plan = plan_codings(open_study(root), way([made.segments(), made.relations()]))
    assert plan.problems == ()
    apply_codings(open_study(root), plan)
    return open_study(root)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(studies())
def test_any_study(tmp_path_factory: pytest.TempPathFactory, made: dict[str, str]) -> None:
    folder = tmp_path_factory.mktemp("back")
    study = open_study(small_study(folder / "a", made))
    expected = [bare(layer) for layer in study.layers() if layer.segments]
    for name, way in (("csv", by_csv), ("xlsx", by_xlsx)):
        assert [bare(layer) for layer in back(study, folder / name, way).layers()] == expected


def full_layer() -> Layer:
    start = TEXT.index("downloads")
    segments = (
        Segment("w111111111", codes=("trust",), memo="of the whole", at=AT),
        Segment(
            "a111111111", start, start + 9, ("popularity", CodeUse("trust", "wish")), "downloads", "=1+1", True, AT
        ),
        Segment("b111111111", 3, 7, (), "gone now", " - kept ", False, AT, "2026-02-02", True, {"x-own": [1, "é"]}),
        Segment("c111111111", start, start + 9, ("issues",), "downloads", "'=so", False, AT),
    )
    link = Relation(
        *("r111111111", "a111111111", "c111111111", "excludes", "trust", "issues", "+ poor", (start, start + 9), "m"),
        mode="deny",
        at=AT,
        extra={"x-why": "so"},
    )
    header = LayerHeader("consensus", "I01", "consensus", "", "0.9", "", "2026-03-03")
    return make_layer(header, segments, (link,))


@pytest.mark.parametrize("way", [by_csv, by_semicolons, by_xlsx])
def test_everything_a_record_can_hold(tmp_path: Path, way: Way) -> None:
    layer = full_layer()
    source = make_layer(LayerHeader("nvivo", "I01", "source", "", ""), [Segment("s111111111", memo="n", at=AT)], ())
    nothing = make_layer(LayerHeader("ana", "I01", "coder", "", "1.0.0", "", "2026-04-04"), (), ())
    files = {f"codings/{one.header.coder}/I01.jsonl": encode_layer(one).decode() for one in (layer, source, nothing)}
    found = {
        one.header.coder: bare(one)
        for one in back(open_study(small_study(tmp_path / "a", files)), tmp_path / "b", way).layers()
    }
    assert found == {one.header.coder: bare(one) for one in (layer, source, nothing)}


def test_the_illustrative_study_comes_back_from_its_tables() -> None:
    study = open_study(ROOT)
    made = StudyTables(study, ExportWishes(everything=True))
    tables = by_csv([made.segments(), made.relations(), made.guide()])
    plan = plan_codings(study, tables)
    assert (plan.problems, plan.added) == ((), 0), "all of it is there already, under the same ids"
    assert plan.placed == len(made.segments().rows) + len(made.guide().rows)


def test_the_whole_folder_of_codings_comes_back_byte_for_byte(tmp_path: Path) -> None:
    for part in ("codebook", "transcripts", "rounds"):
        shutil.copytree(ROOT / part, tmp_path / "s" / part, ignore=shutil.ignore_patterns("postil_*"))
    shutil.copy(ROOT / "study.yaml", tmp_path / "s" / "study.yaml")
    made = StudyTables(open_study(ROOT), ExportWishes(everything=True))
    study = open_study(tmp_path / "s")
    apply_codings(study, plan_codings(study, by_csv([made.segments(), made.relations(), made.guide()])))

    def layers(root: Path) -> dict[str, bytes]:
        return {p.relative_to(root).as_posix(): p.read_bytes() for p in (root / "codings").rglob("*.jsonl")}

    assert layers(tmp_path / "s") == layers(ROOT)


def test_a_cell_longer_than_a_spreadsheet_holds_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layer = make_layer(
        LayerHeader("ana", "I01"), [Segment("a111111111", 3, 7, ("trust",), TEXT[3:7], "m" * 33_000, at=AT)], ()
    )
    root = small_study(tmp_path / "s", {"codings/ana/I01.jsonl": encode_layer(layer).decode()})
    assert run(["export", "xlsx", "--out", str(tmp_path / "x.xlsx"), "-C", str(root)]) == 0
    assert "1 cell is longer" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "'tis", "-0.5", "'-0.5", "@x", "\tx", "＝1", "plain", "'"])
def test_cells_come_back_as_they_were(text: str) -> None:
    assert csv_text(csv_cell(text)) == text
    assert not csv_cell(text).startswith(("=", "@", "\t", "＝"))


def test_other_programs_columns_of_these_names_do_no_harm() -> None:
    text = "interview,coder,quote,code,kind,extra,mode,done\nI01,ana, words ,trust,first,{no,Deny,soon\n"
    table = read_codings(text.encode(), "x.csv")
    row = table.segments[0]
    assert (row.quote, row.codes, row.extra, row.layer.ours) == ("words", (("trust", "deny"),), {}, False)
    assert table.warnings == ("columns not used: 'kind', 'extra', 'done'",)


def test_json_and_html_carry_the_context(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = small_study(tmp_path / "s", {"codings/consensus/I01.jsonl": encode_layer(full_layer()).decode()})
    assert run(["export", "json", "--table", "segments", "--everything", "-C", str(root)]) == 0
    records = json.loads(capsys.readouterr().out)["segments"]
    (one,) = [r for r in records if r["segment"] == "c111111111"]
    assert one["before"].endswith("looked at the") and one["after"].startswith("first.")
    for kind in ("html", "md"):
        assert run(["export", kind, "--table", "segments", "--everything", "-C", str(root)]) == 0
        assert "looked at the" in capsys.readouterr().out


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(studies(), st.sampled_from(["", "quote: false, share: true", "quote: true, share: false"]))
def test_tables_written_while_they_are_made_are_those_made_at_once(
    tmp_path_factory: pytest.TempPathFactory, made: dict[str, str], consent: str
) -> None:
    root = small_study(tmp_path_factory.mktemp("stream") / "a", made)
    file = root / "study.yaml"
    if consent:
        file.write_text(file.read_text("utf-8").replace("quote: true, share: true", consent), "utf-8")
    whole = StudyTables(open_study(root)).all()
    study = open_study(root)
    streamed = StudyTables(study)
    for name, table in whole.items():
        headers, rows = streamed.stream(name)
        assert (tuple(headers), tuple(rows)) == (table.headers, table.rows)
        assert (tuple(streamed.stream(name)[1]), StudyTables(study).stream(name)[0]) == (table.rows, headers)
    assert not study.held_layers(), "each layer is forgotten when its rows are written"
    assert run(["export", "csv", "--out", str(root / "exports"), "-C", str(root)]) == 0
    for name, table in whole.items():
        assert (root / "exports" / f"{name}.csv").read_bytes() == to_csv(table).encode("utf-8-sig")


@settings(max_examples=50, deadline=None)
@given(st.lists(layers("ana"), max_size=4))
def test_what_is_noted_of_layers_that_pass_by_is_what_they_hold(made: list[Layer]) -> None:
    """Counted a second way, over all layers at once."""
    texts = ("I01", "I02", "I01", "I03")
    all_layers = [replace(one, header=replace(one.header, transcript=texts[n])) for n, one in enumerate(made)]
    asked = {segment.id for one in all_layers[1:] for segment in one.segments} | {"nowhere"}
    passed = Passed(asked)
    for one in all_layers:
        passed.note(one)
    uses = {(n, s.id, use.code) for n, one in enumerate(all_layers) for s in one.segments for use in s.uses}
    for code in {"trust", "unknown", *(code for _, _, code in uses)}:
        assert passed.segments.get(code, 0) == len([1 for _, _, used in uses if used == code])
        assert passed.transcripts(code) == len({texts[n] for n, _, used in uses if used == code})
    assert passed.there == asked & {s.id for one in all_layers for s in one.segments}
    assert [r for one in passed.related for r in one.relations] == [r for one in all_layers for r in one.relations]
    for noted, full in zip(passed.related, [one for one in all_layers if one.relations], strict=True):
        assert all(noted.by_id.get(r.source) == full.by_id.get(r.source) for r in noted.relations)


def test_a_table_that_cannot_be_finished_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    root = small_study(tmp_path / "s")
    out = tmp_path / "out"
    assert run(["export", "csv", "--out", str(out), "-C", str(root)]) == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    (root / "transcripts" / "I01.txt").unlink()
    (root / "transcripts" / "I01.txt").mkdir()
    assert run(["export", "csv", "--out", str(out), "-C", str(root)]) != 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
