"""Choosing a code by typing: enter does what its line says, and never takes letters in order for a new name."""

from __future__ import annotations

import pytest

from postil_codebook.load import load_codebook
from postil_tui.code.session.pick import NewCode, Pick

BOOK = """codes:
  report-robustness: {label: Report robustness}
  distrust: {label: Distrust}
  model:
    label: Model
    children:
      trust-maker: {label: Trust in the maker}
"""


def typed(words: str, book: str = BOOK) -> tuple[Pick, list[object]]:
    done: list[object] = []
    pick = Pick("code", load_codebook(book, "b.yaml")[0], done.append, create=done.append)
    for letter in words:
        pick.press(letter, letter)
    return pick, done


@pytest.mark.parametrize(
    ("words", "enter", "does"),
    [
        ("trustworthy", "⏎ new code trustworthy", NewCode("trustworthy", "trustworthy")),
        ("trust", "⏎ trust-maker", "trust-maker"),
        ("rrob", "⏎ new code rrob", NewCode("rrob", "rrob")),  # r…rob stands in order in report-robustness alone
        ("robust", "⏎ report-robustness", "report-robustness"),
        ("report-robustness", "⏎ report-robustness", "report-robustness"),
        ("=trust", "⏎ new code trust", NewCode("trust", "trust")),
    ],
)
def test_enter_does_what_its_line_says(words: str, enter: str, does: object) -> None:
    pick, done = typed(words)
    assert pick.enter == enter
    pick.press("enter", None)
    assert done == [does]


def test_letters_in_order_alone_stand_below_the_new_code() -> None:
    pick, done = typed("trust", "codes:\n  report-robustness: {label: Report robustness}\n")
    assert [pick.code_at(row) for row in range(pick.rows)] == [None, "report-robustness"]
    pick.press("down", None)
    assert pick.enter == "⏎ report-robustness"
    pick.press("enter", None)
    assert done == ["report-robustness"]


def test_every_row_is_one_code_or_the_new_one() -> None:
    for words in ("", "t", "tr", "rr", "mo", "zzz", "model/new"):
        pick, _ = typed(words)
        rows = [pick.code_at(row) for row in range(pick.rows)]
        assert [row for row in rows if row is not None] == pick.found
        assert rows.count(None) == (pick.new is not None)
        assert pick.code_at(pick.rows) is None
