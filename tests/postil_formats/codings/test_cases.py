"""The cases of codings and codebooks that failed when they were first tried, read from the files by the commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from postil_cli.running import run
from postil_study.study import Study, open_study
from tests.shared_data import SHARED, needs_shared

CASES = SHARED / "cases"
FIRST, LIST = "We asked a colleague first.", "Then we looked at the price list of three of them."
BOSS = "In the end the boss decided, as always."

pytestmark = needs_shared


@pytest.fixture
def root(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert run(["new", str(tmp_path / "study"), "--coder", "ana"]) == 0
    return tmp_path / "study"


def taken(root: Path, source: Path, codings: Path, *more: str) -> Study:
    assert run(["import", str(source), "-y", "-C", str(root)]) == 0
    assert run(["import-codings", str(codings), "--add-codes", "-C", str(root), *more]) == 0
    study = open_study(root)
    assert [problem for problem in study.problems() if problem.severity == "error"] == []
    return study


def found(study: Study) -> set[tuple[str, str, str]]:
    """Every coding as coder, words, path of the code below `imported`."""
    path = study.codebook.code_path
    return {
        (layer.header.coder, segment.quote, path(code).removeprefix("imported/"))
        for layer in study.layers("coder")
        for segment in layer.segments
        for code in segment.code_ids
    }


@pytest.mark.parametrize(
    ("file", "more", "expected"),
    [
        (
            "taguette_all_tags.csv",
            ("--coder", "ana"),
            {
                ("ana", FIRST, "advice-from-peers"),
                ("ana", LIST, "price"),
                ("ana", LIST, "process/comparison"),
                ("ana", f"price list of three of them.\n{BOSS}", "hierarchy"),
            },
        ),
        (
            "maxqda_coded_segments.xlsx",
            (),
            {
                ("ana", FIRST, "selection/advice-from-peers"),
                ("ana", LIST, "selection/price"),
                ("ben", BOSS, "power/hierarchy"),
            },
        ),
        (
            "atlasti_quotations.xlsx",
            (),
            {("ana", FIRST, "selection/advice"), ("ana", FIRST, "people"), ("ben", LIST, "selection/price")},
        ),
        (
            "wide_zero_one.csv",
            (),
            {("ana", FIRST, "advice"), ("ana", LIST, "advice"), ("ana", LIST, "price"), ("ana", BOSS, "hierarchy")},
        ),
        (
            "handmade_codes.csv",
            ("--commas", "separate"),
            {
                ("ana", FIRST, "advice"),
                ("ana", "We asked a colleague first. Then we looked at the price list", "advice"),
                ("ana", "We asked a colleague first. Then we looked at the price list", "price"),
                ("ana", "Not really. Nobody asked us", "dissent"),
                ("ben", "Nobody asked us; we were told", "dissent"),
                ("ben", "Nobody asked us; we were told", "power"),
            },
        ),
    ],
)
def test_tables(root: Path, file: str, more: tuple[str, ...], expected: set[tuple[str, str, str]]) -> None:
    folder = CASES / "codings"
    assert found(taken(root, folder / "P07 interview.txt", folder / file, *more)) == expected


def test_a_comma_is_asked_about(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = CASES / "codings"
    assert run(["import", str(folder / "P07 interview.txt"), "-y", "-C", str(root)]) == 0
    assert run(["import-codings", str(folder / "handmade_codes.csv"), "--add-codes", "-C", str(root)]) == 1
    assert "is 'dissent, power' one code, or several" in capsys.readouterr().err
    assert found(open_study(root)) == set()


@pytest.mark.parametrize(
    ("case", "more", "expected"),
    [
        (
            "w1_comments_as_codes",
            (),
            {
                ("ana", FIRST, "advice-from-peers"),
                ("ana", "Then we looked at the price list.", "price"),
                ("ana", "Then we looked at the price list.", "comparison"),
                ("ana", "In the end the boss decided.", "hierarchy"),
                ("ben", "Then we looked at the price list. In the end the boss decided.", "price"),
                ("ben", "Then we looked at the price list. In the end the boss decided.", "hierarchy"),
                ("ben", "Not really.", "dissent"),
            },
        ),
        (
            "u6_margin_codes",
            ("--coder", "ana"),
            {
                ("ana", FIRST, "advice-from-peers"),
                ("ana", "Then we looked at the price list. In the end the boss decided.", "price"),
                ("ana", "Then we looked at the price list. In the end the boss decided.", "hierarchy"),
            },
        ),
        (
            "u6c_text_codes",
            ("--coder", "ana"),
            {
                ("ana", FIRST, "advice-from-peers"),
                ("ana", "Then the price list. The boss decided.", "price"),
                ("ana", "Then the price list. The boss decided.", "hierarchy"),
                ("ana", "Not really.", "dissent"),
            },
        ),
    ],
)
def test_word_files(root: Path, case: str, more: tuple[str, ...], expected: set[tuple[str, str, str]]) -> None:
    file = CASES / "import" / case / "P07.docx"
    study = taken(root, file, file, "--done", *more)
    assert found(study) == expected
    assert all(layer.header.done for layer in study.layers("coder"))


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (
            "codebook_book.xlsx",
            {
                "price": ("The price counts", "when money", "not time", ("the price list",)),
                "price/discount": ("less", "", "", ()),
                "hierarchy": ("The boss", "", "", ("the boss decided",)),
            },
        ),
        (
            "codebook_nvivo.docx",
            {
                "selection": ("How it was chosen", "", "", ()),
                "price": ("The price counts", "", "", ()),
                "hierarchy": ("The boss", "", "", ()),
            },
        ),
        (
            "codebook_taguette.csv",
            {
                "selection": ("How it was chosen", "", "", ()),
                "selection/price": ("The price counts", "", "", ()),
                "hierarchy": ("The boss", "", "", ()),
            },
        ),
    ],
)
def test_codebooks(root: Path, file: str, expected: dict[str, tuple[str, str, str, tuple[str, ...]]]) -> None:
    assert run(["import-codebook", str(CASES / "codings" / file), "-C", str(root)]) == 0
    book = open_study(root).codebook
    assert {
        book.code_path(c.id): (c.definition, c.include, c.exclude, c.examples) for c in book.codes.values()
    } == expected
