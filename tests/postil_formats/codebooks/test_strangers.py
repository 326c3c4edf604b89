"""Codebooks from other hands: no code lost, and each below the code it stands below."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from postil_formats.codebooks.documents import read_markdown
from postil_formats.codebooks.entries import BookRead
from postil_formats.codebooks.tables import read_book_rows

TREE = {"Selection": "", "Price": "Selection", "Low": "Price", "Boss": ""}


def tree(read: BookRead) -> dict[str, str]:
    """Labels with the label of the code above."""
    codes = {code.id: code for code in read.book.codes.values()}
    return {c.label: codes[c.parent].label if c.parent else "" for c in codes.values()}


def table(*rows: Sequence[str]) -> BookRead:
    return read_book_rows(rows, "x.csv")


TABLES: dict[str, tuple[Sequence[str], ...]] = {
    "a cell further to the right": (
        ("Code", "", "", "Definition"),
        ("Selection", "", "", "d"),
        ("", "Price", "", "d"),
        ("", "", "Low", "d"),
        ("Boss", "", "", "d"),
    ),
    "numbers in a column": (
        ("Nr.", "Code", "Definition"),
        ("1", "Selection", "d"),
        ("1.1", "Price", "d"),
        ("1.1.1", "Low", "d"),
        ("2", "Boss", "d"),
    ),
    "paths of parents": (
        ("Parent code", "Code", "Code memo"),
        ("", "Selection", "d"),
        ("Selection", "Price", "d"),
        ("Selection > Price", "Low", "d"),
        ("", "Boss", "d"),
    ),
    "German levels": (
        ("Hauptkategorie", "Subkategorie", "Subsubkategorie", "Definition"),
        ("Selection", "", "", "d"),
        ("", "Price", "", "d"),
        ("", "", "Low", "d"),
        ("Boss", "", "", "d"),
    ),
    "Spanish": (
        ("Código padre", "Código", "Definición"),
        ("", "Selection", "d"),
        ("Selection", "Price", "d"),
        ("Price", "Low", "d"),
        ("", "Boss", "d"),
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_trees_in_tables(name: str) -> None:
    read = table(*TABLES[name])
    assert tree(read) == TREE
    assert all(code.definition == "d" for code in read.book.codes.values())


def test_a_title_above_a_list_is_no_code() -> None:
    read = read_markdown("# Codebook\n\n- Selection: d\n  - Price: d\n    - Low\n- Boss\n", "x.md")
    assert tree(read) == TREE


def test_a_parent_that_may_have_been_merged_away_is_told() -> None:
    read = table(("Theme", "Code", "Definition"), ("Selection", "Price", "d"), ("", "Advice", "d"))
    assert any("no parent is given, so at the top: 'Advice' (row 3)" in line for line in read.warnings)


def test_numbers_that_only_count_rows_make_no_tree() -> None:
    read = table(("Nr", "Code", "Definition"), ("1", "Price", "d"), ("2", "Boss", "d"))
    assert tree(read) == {"Price": "", "Boss": ""}
