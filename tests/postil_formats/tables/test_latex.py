"""LaTeX tables: whole cells, floats that fit a page of two columns, and two classes that compile them."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from postil_cli.main import cli
from postil_formats.tables.files import Table
from postil_formats.tables.latex import LINES, Style, latex_table, latex_tables

ROOT = Path(__file__).resolve().parents[3]
CLASSES = {"IEEEtran": "conference", "acmart": "sigconf,nonacm"}
COMMANDS = (
    ("agreement",),
    ("agreement", "--rounds"),
    ("joint",),
    ("matrix",),
    ("saturation",),
    ("cooccurrence",),
    ("quotes", "evaluate"),
)


def test_a_table_looks_like_this() -> None:
    table = Table(
        ("code", "alpha", "remarks"), (("a_b", -0.25, "rough"), ("c", 1.0, "")), "Measures", ("of two coders",)
    )
    assert latex_table(table, Style("Agreement", "irr", ("Source: R1, 100% of it",), 2)) == (
        "% Source: R1, 100% of it\n"
        "\\begin{table}[t]\n"
        "\\caption{Agreement}\\label{tab:irr}\n"
        "\\centering\\footnotesize\\setlength{\\tabcolsep}{3pt}\n"
        "\\begin{tabular}{@{}lr@{}}\n"
        "\\toprule\n"
        "code & alpha \\\\\n"
        "\\midrule\n"
        "a\\_b$^{1}$ & $-$0.25 \\\\\n"
        "c & 1.00 \\\\\n"
        "\\bottomrule\n"
        "\\end{tabular}\n"
        "\\par\\smallskip\\raggedright\n"
        "$^{1}$\\,rough.\\\\\n"
        "of two coders.\n"
        "\\end{table}\n"
        "\n"
    )


words = st.text(alphabet="abcdefgh", min_size=1, max_size=9)


@given(st.lists(st.tuples(words, st.lists(words, max_size=90).map(" ".join)), min_size=1, max_size=60))
def test_every_word_of_every_row_is_printed_once_and_in_order(rows: list[tuple[str, str]]) -> None:
    """Long texts are wrapped and long tables cut into floats; neither loses a row or a word."""
    made = latex_table(Table(("who", "words"), tuple(rows), "T"))
    body = [line for line in made.splitlines() if line.endswith(" \\\\") and not line.startswith("who & words")]
    body = body if any(row[1] for row in rows) else [line for line in body if line != "who \\\\"]
    printed = [line.removesuffix(" \\\\").split(" & ") for line in body]
    expected = [[*row] if any(r[1] for r in rows) else [row[0]] for row in rows]
    assert printed == expected
    assert "longtable" not in made


def test_floats_are_alike_in_height_and_have_labels_of_their_own() -> None:
    made = latex_table(Table(("n", "x"), tuple((i, f"row {i}") for i in range(LINES + 2)), "Rows"))
    floats = made.split("\\begin{table}")[1:]
    assert len(floats) == 2 and all(float_.count("row ") > LINES // 3 for float_ in floats)
    assert re.findall(r"\\label\{(.*?)\}", made) == ["tab:rows", "tab:rows-2"]
    assert "Rows (1 of 2)" in made


def test_a_label_is_taken_and_refused_where_it_cannot_be_used() -> None:
    taken = CliRunner().invoke(cli, ["saturation", "--study", str(ROOT), "--format", "latex", "--label", "sat:1"])
    assert "\\label{tab:sat:1}" in taken.output
    refused = CliRunner().invoke(cli, ["saturation", "--study", str(ROOT), "--label", "x"], standalone_mode=False)
    assert "--label names a LaTeX table, and the format is table" in str(refused.exception)


@cache
def documents(name: str) -> str:
    """Why a class cannot be compiled here; "" if it can."""
    if shutil.which("pdflatex") is None:
        return "no LaTeX (pdflatex) on this machine"
    found = subprocess.run(["kpsewhich", f"{name}.cls"], capture_output=True, text=True)
    return "" if found.stdout.strip() else f"no LaTeX class {name} on this machine"


def compiled(folder: Path, name: str, body: str) -> str:
    head = f"\\documentclass[{CLASSES[name]}]{{{name}}}\n\\usepackage{{array,booktabs,graphicx}}\n\\begin{{document}}\n"
    author = "\\author{A}\\affiliation{\\institution{B}\\country{C}}" if name == "acmart" else "\\author{A}"
    (folder / "t.tex").write_text(
        f"{head}\\title{{T}}{author}\\maketitle\n{body}\n\\end{{document}}\n", encoding="utf-8"
    )
    done = subprocess.run(
        ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "t.tex"],
        cwd=folder,
        capture_output=True,
        text=True,
        errors="replace",
    )
    assert done.returncode == 0, done.stdout[-2000:]
    return done.stdout


@pytest.mark.parametrize("name", CLASSES)
def test_two_column_papers_compile_with_every_table(name: str, tmp_path: Path) -> None:
    if documents(name):
        pytest.skip(documents(name))
    parts = []
    for command in COMMANDS:
        made = CliRunner().invoke(cli, [*command, "--study", str(ROOT), "--format", "latex"], catch_exceptions=False)
        parts.append(made.stdout)
    log = compiled(tmp_path, name, "\n\\clearpage\n".join(parts))
    assert "Float too large" not in log
    assert [w for w in re.findall(r"Overfull \\hbox \((\d+)\.", log) if int(w) > 25] == []


@pytest.mark.parametrize("name", CLASSES)
def test_hostile_cells_compile(name: str, tmp_path: Path) -> None:
    if documents(name):
        pytest.skip(documents(name))
    nasty = [
        "\\input{/etc/passwd}",
        "100% & #1 _x^y~",
        "\\\\ $a$ {b} `c'",
        "-1",
        "■□→≥",
        "a -- b --- c",
        "",
        "]",
        "[x]",
        "*",
    ]
    table = Table(tuple(nasty), (tuple(nasty), tuple(reversed(nasty))), nasty[0], (nasty[1],))
    compiled(tmp_path, name, latex_tables([table], [Style(nasty[1], "x", (nasty[2], "a\n\\b"))]))
