"""``postil verify`` on the illustrative study, which is the checkout itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from postil_cli.main import cli

ROOT = Path(__file__).resolve().parents[3]

PAPER = """# Results

E01 said "the downloads are what you have". "The two on top, those I took", said E02.

> I know one shouldn't […] the downloads are what you have.

(E1)

"We never once looked at any of the numbers printed there" (E05).
"""


def run(paper: Path, *options: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli, ["verify", str(paper), "--study", str(ROOT), *options])
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    file = tmp_path / "paper.md"
    file.write_text(PAPER, encoding="utf-8")
    return file


def test_says_whose_words_each_quotation_is(paper: Path) -> None:
    _, out, _ = run(paper, "--json")
    got = [(q["line"], q["verdict"], q["person"]) for q in json.loads(out)["quotations"]]
    assert got == [(3, "verbatim", "E01"), (3, "other speaker", "E01"), (5, "shortened", "E01"), (9, "not found", "")]


def test_lists_only_what_is_not_in_order_and_counts_on_stderr(paper: Path) -> None:
    _, out, err = run(paper)
    assert [line.split(": ")[1] for line in out.splitlines()] == ["other speaker", "not found"]
    assert "4 quotations: 1 verbatim, 1 other speaker, 1 shortened, 1 not found" in err
    assert "0 counts" in err


@pytest.mark.parametrize(
    ("text", "code"), [('E01: "the downloads are what you have"', 0), ('"we never ever did so"', 1)]
)
def test_exit_code(tmp_path: Path, text: str, code: int) -> None:
    file = tmp_path / "p.md"
    file.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(cli, ["verify", str(file), "--study", str(ROOT)], standalone_mode=False)
    assert result.return_value == code
