"""No cell of an imported matrix vanishes, whatever its column is called; every file format has it whole."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from postil_cli.main import cli
from postil_formats.codings.matrix.plan import plan_matrix
from postil_formats.codings.matrix.table import read_matrix
from postil_model.counts.framework import framework
from postil_study.check.study import check_study
from postil_study.study import open_study
from tests.postil_formats.codings.matrix.test_plan import study_in

# an id, a label, a path's last part, a question of the guide, names that differ in case only, a name of nothing
COLUMNS = (
    "popularity",
    "Popularity",
    "trust",
    "TRUST",
    "selection",
    "Selection",
    "choice",
    "How did you choose it?",
    "Any",
)
LONG = "A sentence that goes on and on, and is not cut, " * 6


def imported(root: Path, columns: list[str], times: int = 1) -> None:
    """A matrix of two rows; each cell names its row and column."""
    for _ in range(times):
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(["who", *columns])
        writer.writerow(["E01", *(f"cell-{n} of E01 | {LONG}end-{n}" for n in range(len(columns)))])
        study = open_study(root)
        plan_matrix(study, read_matrix(out.getvalue().encode(), "m.csv", lambda row: row == "E01")).apply(study)


@given(st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=9, unique=True), st.integers(1, 2))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_every_cell_is_in_the_matrix(columns: list[str], times: int) -> None:
    with TemporaryDirectory() as folder:
        root = study_in(Path(folder))
        imported(root, columns, times)
        matrix = framework(open_study(root))
        shown = [matrix.cell("E01", theme.id).summary for theme in matrix.themes]
        assert sorted(f"end-{n}" for n in range(len(columns))) == sorted(
            text.rsplit(" ", 1)[-1] for text in shown if text
        )
        assert len({theme.id for theme in matrix.themes}) == len(matrix.themes)
        assert not [p for p in check_study(root) if p.severity == "error"]


@pytest.mark.parametrize("format_", ["json", "md", "latex", "csv", "html", "xlsx"])
def test_cells_are_whole_in_every_format(tmp_path: Path, format_: str) -> None:
    root = study_in(tmp_path)
    imported(root, ["popularity", "Popularity", "Anything else"])
    out = tmp_path / f"out.{format_}"
    words = ["matrix", "--framework", "--format", format_, "--out", str(out), "-C", str(root)]
    assert CliRunner().invoke(cli, words, catch_exceptions=False).exit_code == 0
    if format_ == "xlsx":
        sheet = load_workbook(out)["framework"]
        text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    else:
        text = out.read_text(encoding="utf-8")
    assert text.count("is not cut,") == 18
    assert all(f"cell-{n} of E01" in text and f"end-{n}" in text for n in range(3))
    if format_ == "json":
        (row,) = [row for row in json.loads(text) if row["participant"] == "E01"]
        assert len(row) == 4  # the participant, and three columns


def test_the_terminal_is_short_and_words_without_consent_are_nowhere(tmp_path: Path) -> None:
    root = study_in(tmp_path)
    imported(root, ["trust"])
    shown = CliRunner().invoke(cli, ["matrix", "--framework", "-C", str(root)], catch_exceptions=False)
    assert "cell-0" in shown.stdout and "end-0" not in shown.stdout


def test_a_code_with_the_name_of_a_theme_is_renamed_alone(tmp_path: Path) -> None:
    root = study_in(tmp_path)
    imported(root, ["trust"])
    words = ["codebook", "rename", "trust", "belief", "--yes", "-C", str(root)]
    assert CliRunner().invoke(cli, words, catch_exceptions=False).exit_code == 0
    matrix = framework(open_study(root))
    (theme,) = [theme for theme in matrix.themes if matrix.cell("E01", theme.id).summary]
    assert (theme.id, theme.codes) == ("trust", ("belief",))
