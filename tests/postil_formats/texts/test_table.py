"""The documentation shows the layouts that the tests read, no more and no less."""

from __future__ import annotations

from tests.import_table import BEGIN, END, PAGE, examples, with_table


def test_the_table_is_that_of_today() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert BEGIN in page and END in page
    assert page == with_table(page), "python -m tests.import_table"


def test_a_layout_is_shown_as_it_looks() -> None:
    assert (
        examples(["{name}: ({clock})\n{words}\n\n", "{name}\t{words}"]) == "`` Dana: (61:05)⏎How? `` · `` Dana⇥How? ``"
    )
