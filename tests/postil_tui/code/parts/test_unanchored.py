"""Segments that a corrected text left behind: listed, placed by hand, given up, or found right."""

from __future__ import annotations

from pathlib import Path

import pytest

from postil_study.layers.store import LayerStore, empty_layer
from postil_study.layers.values import make_layer
from postil_study.study import open_study
from postil_study.text.values import LayerHeader, Relation, Segment
from tests.tui_study import TEXT, codes, coding, make_study, type_keys

GONE, CHANGED, KEPT = (
    "They were well documented.",
    "It was poor, so we went back to the hub.",
    "Then we took the second one.",
)
CORRECTED = TEXT.replace(f" {GONE}", " Very well described, I mean.").replace("It was poor", "It was really poor")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A coded text that was corrected while nobody looked."""
    root = make_study(tmp_path)
    found = [
        Segment(name, TEXT.index(quote), TEXT.index(quote) + len(quote), (code,), quote)
        for name, quote, code in (
            ("gone", GONE, "documentation"),
            ("changed", CHANGED, "evaluate"),
            ("kept", KEPT, "trust"),
        )
    ]
    header = LayerHeader("ana", "I01", text_sha256=open_study(root).transcripts["I01"].text_sha256)
    relation = Relation("r", "gone", "changed", "leads-to", "documentation", "evaluate")
    LayerStore(root).save(empty_layer(header), make_layer(header, found, [relation]))
    (root / "transcripts" / "I01.txt").write_text(CORRECTED, "utf-8")
    return root


async def test_opening_follows_the_correction_and_says_what_is_left(study: Path) -> None:
    async with coding(study) as (pilot, screen):
        assert "1 of them without words: U lists yours" in screen.said
        assert codes(screen)[1:] == [
            ("It was really poor, so we went back to the hub.", ("evaluate",)),
            (KEPT, ("trust",)),
        ]
        await type_keys(pilot, "U")
        rows = screen.listing_rows
        assert (rows.display, rows.count) == (True, 2)
        await type_keys(pilot, "j")
        assert CORRECTED[slice(*screen.page.selection.span or ())] == "It was really poor, so we went back to the hub."
        await type_keys(pilot, "a")
        assert rows.count == 1, "the changed one is right as it is"
        await type_keys(pilot, "a")
        assert "stands on no words" in screen.said and rows.count == 1
        await type_keys(pilot, "<escape>")
        assert not rows.display
    layer = open_study(study).layer("ana", "I01")
    assert layer is not None and layer.by_id["gone"].unanchored, "what nobody decided stays"
    assert layer.header.text_sha256 == open_study(study).transcripts["I01"].text_sha256


async def test_a_segment_is_placed_on_words_that_are_selected(study: Path) -> None:
    async with coding(study) as (pilot, screen):
        screen.page.put_cursor(CORRECTED.index("Very well"))
        await type_keys(pilot, "U<enter>")
        screen.page.put_cursor(CORRECTED.index("Very well"))
        await type_keys(pilot, "s<enter>")
        assert "documentation → “Very well described, I mean.”" in screen.said
        assert ("Very well described, I mean.", ("documentation",)) in codes(screen)
        await type_keys(pilot, "<escape>")
    layer = open_study(study).layer("ana", "I01")
    assert layer is not None
    placed = layer.by_id["gone"]
    assert not placed.unanchored and placed.quote == "Very well described, I mean."
    assert layer.relations, "its relation is still there"


async def test_a_segment_is_given_up_and_that_can_be_undone(study: Path) -> None:
    async with coding(study) as (pilot, screen):
        await type_keys(pilot, "Ux")
        assert "given up" in screen.said and "gone" not in screen.session.records.segments
        assert not screen.session.records.relations, "nothing hangs in the air"
        await type_keys(pilot, "u")
        assert screen.session.records.segments["gone"].unanchored and screen.session.records.relations
        await type_keys(pilot, "x<escape>")
    layer = open_study(study).layer("ana", "I01")
    assert layer is not None and "gone" in layer.deleted


async def test_where_all_is_well_there_is_nothing_to_list(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        await type_keys(pilot, "U")
        assert "every segment stands on its words" in screen.said
