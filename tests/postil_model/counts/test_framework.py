"""The framework matrix: quotes by participant and theme, cells on disk, files."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from postil_base.problem import PostilError
from postil_formats.tables.files import to_csv
from postil_model.counts.framework import Framework, framework
from postil_model.counts.framework_files import as_html, as_table, write_framework
from postil_study.files.charts import ChartCell, load_chart, save_cell
from postil_study.study import open_study
from tests.transcripts_support import LAYER, STUDY, small_study

THEMES = """\
themes:
  - {id: crowd, label: "The crowd <decides>", definition: Because others did., codes: [selection]}
  - {id: trust, label: Trust, codes: [trust]}
"""
CHART = """\
# in our words
crowd:
  summary: >-
    Sorts by downloads.
  segments: [aaaaaaaaaa]  # the first
"""


def study_at(root: Path, **files: str) -> Path:
    more = {path.replace("__", "/"): text for path, text in files.items()}
    settings = STUDY.replace("codebook: codebook", "themes: codebook/themes.yaml\ncodebook: codebook")
    return small_study(root, {"study.yaml": settings, "codebook/themes.yaml": THEMES, **more})


def matrix_of(root: Path, coder: str = "ana") -> Framework:
    return framework(open_study(root), coder)


def test_a_theme_takes_everything_below_its_codes(tmp_path: Path) -> None:
    matrix = matrix_of(study_at(tmp_path))
    assert [q.segment for q in matrix.quotes_of("E01", "crowd")] == ["aaaaaaaaaa", "bbbbbbbbbb"]
    assert [q.segment for q in matrix.quotes_of("E01", "trust")] == ["bbbbbbbbbb"]
    assert matrix.quotes_of("E02", "crowd") == []
    assert [q.segment for q in matrix.quotes_of(code="popularity")] == ["aaaaaaaaaa"]
    assert matrix.quotes[0].asked == "How did you choose it?"


def test_without_a_coding_of_record_ones_own_layer_is_charted(tmp_path: Path) -> None:
    root = study_at(tmp_path)
    assert matrix_of(root).open == ("I01",) and len(matrix_of(root).quotes) == 2
    assert matrix_of(root, "ben").quotes == []
    done = LAYER.replace('"text_sha256"', '"done":"2026-01-02","text_sha256"', 1)
    (root / "codings/ana/I01.jsonl").write_text(done, "utf-8")
    assert matrix_of(root, "ben").open == () and len(matrix_of(root, "ben").quotes) == 2


def test_cells_are_written_one_by_one_and_comments_stay(tmp_path: Path) -> None:
    root = study_at(tmp_path, **{"charts__E01.yaml": CHART})
    save_cell(root, ChartCell("E01", "trust", "Trusts nobody: not yet.", ("bbbbbbbbbb",)))
    text = (root / "charts/E01.yaml").read_text("utf-8")
    assert text.startswith(CHART)
    save_cell(root, ChartCell("E01", "crowd", "Sorts by downloads.", ("aaaaaaaaaa", "bbbbbbbbbb")))
    text = (root / "charts/E01.yaml").read_text("utf-8")
    assert "segments: [aaaaaaaaaa, bbbbbbbbbb]  # the first" in text and ">-" in text
    save_cell(root, ChartCell("E01", "trust"))
    cells, problems = load_chart((root / "charts/E01.yaml").read_text("utf-8"), "charts/E01.yaml")
    assert [cell.column for cell in cells] == ["crowd"] and problems == []


def test_the_first_cell_makes_the_file(tmp_path: Path) -> None:
    root = study_at(tmp_path)
    save_cell(root, ChartCell("E01", "trust", "Two\n\nparagraphs.", ("bbbbbbbbbb",)))
    assert matrix_of(root).cell("E01", "trust").summary == "Two\n\nparagraphs."
    save_cell(root, ChartCell("E02", "trust"))
    assert not (root / "charts/E02.yaml").exists()
    with pytest.raises(PostilError):
        save_cell(root, ChartCell("../E01", "trust", "x"))


def test_files_tell_summaries_and_the_words_below_them(tmp_path: Path) -> None:
    root = study_at(tmp_path, **{"charts__E01.yaml": CHART})
    matrix = matrix_of(root)
    assert list(csv.reader(io.StringIO(to_csv(as_table(matrix))))) == [
        ["participant", "The crowd <decides>", "Trust"],
        ["E01", "Sorts by downloads.", ""],
    ]
    page = as_html(matrix, "A & B")
    assert "The crowd &lt;decides&gt;" in page and "<title>A &amp; B</title>" in page
    assert "“I looked at the downloads first.”" in page and "1 quote</td>" in page


def test_words_without_consent_stay_in_the_study(tmp_path: Path) -> None:
    root = study_at(tmp_path, **{"charts__E01.yaml": CHART})
    settings = (root / "study.yaml").read_text("utf-8").replace("quote: true", "quote: false")
    (root / "study.yaml").write_text(settings, "utf-8")
    page = as_html(matrix_of(root), "x")
    assert "I looked at" not in page and "words withheld" in page and "Sorts by downloads." in page


def test_the_workbook_has_the_matrix_and_its_quotes(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    root = study_at(tmp_path, **{"charts__E01.yaml": CHART})
    path = write_framework(root, matrix_of(root), "=A study", "xlsx")
    book = load_workbook(root / path)
    assert (book["framework"]["A1"].value, book["framework"]["A1"].data_type) == ("=A study", "s")
    assert book["framework"]["B2"].value == "Sorts by downloads."
    assert book["quotes"]["C2"].value == "“I looked at the downloads first.”"
