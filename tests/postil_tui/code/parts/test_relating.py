"""Relations in the app: drawn with few keys, shown in the margin, listed, changed and removed."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from postil_study.text.values import Relation, Segment
from postil_tui.code.screen import CodeScreen
from postil_tui.code.session.labels import label_lines, relation_text
from postil_tui.code.session.prompts import Choose, PromptStage
from tests.postil_tui.shell.test_app import layer_lines
from tests.tui_study import coding, make_study, type_keys


async def two_codes(pilot: Pilot[int], screen: CodeScreen) -> None:
    """`trust` on the first sentence of P01, `evaluate` and `popularity` on the next, and a relation between them."""
    for code in ("trust", "evaluate", "popularity"):
        screen.workspace.slots.use(code)
    await type_keys(pilot, "}s1s23")
    await type_keys(pilot, "<escape>((r<tab><enter>")  # the target carries two codes: it is asked which
    assert isinstance(screen.prompt, Choose) and "evaluate" in str([c.text for c in screen.prompt.choices])
    await type_keys(pilot, "1l<enter>")


def only(screen: CodeScreen) -> Relation:
    (relation,) = screen.session.records.relations.values()
    return relation


def margin(screen: CodeScreen) -> str:
    rows = range(screen.page.layout.rows)
    return "\n".join("".join(piece.text for piece in screen.page.margin_row(row).label) for row in rows)


def list_rows(screen: CodeScreen) -> list[str]:
    rows = screen.listing_rows
    return ["".join(cell.text for cell in rows.render_line(y)) for y in range(rows.count + 1)]


async def test_a_relation_is_shown_in_the_margin_below_its_code(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        await two_codes(pilot, screen)
        relation = only(screen)
        assert (relation.source_code, relation.target_code, relation.type) == ("trust", "evaluate", "leads-to")
        assert "(→ evaluate)" in margin(screen)  # in brackets: nobody says so in so many words
        assert "→ evaluate" in screen.query_one("#status").text or "trust" in screen.said  # type: ignore[attr-defined]


def test_relations_stand_below_the_code_they_start_at() -> None:
    segment = Segment("s", 0, 5, ("trust", "evaluate"), "words")
    stated = Relation("r", "s", "t", "goes-back-to", "trust", "find-ptm", guard="poor", cue=(1, 3))
    loose = Relation("q", "s", "t", "influences")
    lines = label_lines(segment, [(stated, "find-ptm"), (loose, "x")])
    assert ["".join(piece.text for piece in line) for line in lines] == [
        "trust",
        "↩ find-ptm [poor]",
        "evaluate",
        "(⇢ x)",
    ]
    assert relation_text(Relation("r", "s", "t", "excludes", mode="deny"), "y") == "(✗ ⊘ y)"


async def test_the_list_walks_through_the_relations_and_shows_the_words(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        await type_keys(pilot, "L")
        assert "no relations yet" in screen.said and screen.prompt is None
        await two_codes(pilot, screen)
        text = screen.page.transcript.text
        await type_keys(pilot, "ggL")
        assert isinstance(screen.prompt, PromptStage) and screen.listing_rows.display
        head, row = list_rows(screen)
        assert "1 relation, 0 of them stated" in head
        assert "trust" in row and "→ leads to" in row and "evaluate" in row and "inferred" in row
        span = screen.page.selection.span
        assert span is not None and text[slice(*span)] == "We looked at the hub."
        await type_keys(pilot, "o")
        span = screen.page.selection.span
        assert span is not None and text[slice(*span)].startswith("First the popular")
        await type_keys(pilot, "3s")  # keys that are not the list's do nothing
        assert len(screen.session.records.segments) == 2
        await type_keys(pilot, "<enter>")
        assert screen.prompt is None and not screen.listing_rows.display
        assert text[screen.page.selection.cursor :].startswith("First the popular")


async def test_type_codes_condition_and_meaning_are_changed_in_the_list(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    async with coding(root) as (pilot, screen):
        await two_codes(pilot, screen)
        await type_keys(pilot, "Ltb")
        assert only(screen).type == "goes-back-to" and "goes back to" in screen.said
        await type_keys(pilot, "g2")
        assert only(screen).target_code == "popularity" and "to popularity" in screen.said
        await type_keys(pilot, "f")
        assert "one code only" in screen.said and isinstance(screen.prompt, PromptStage)
        await type_keys(pilot, "'poor<enter>")
        assert only(screen).guard == "poor" and "condition: poor" in screen.said
        await type_keys(pilot, "dd")
        assert only(screen).mode == "deny"
        await type_keys(pilot, "t<escape>")
        assert only(screen).type == "goes-back-to" and isinstance(screen.prompt, PromptStage)  # the list again
        row = list_rows(screen)[1]
        assert "popularity" in row and "[poor]" in row and "denied, inferred" in row
        await type_keys(pilot, "uu")
        assert only(screen).guard == ""
        await type_keys(pilot, "<ctrl+r><escape>")
        assert screen.prompt is None
        assert screen.workspace.flush()
    record = layer_lines(root)[-1]
    assert record["type"] == "goes-back-to" and record["to_code"] == "popularity" and record["guard"] == "poor"


async def test_cue_words_are_picked_in_the_text(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        await two_codes(pilot, screen)
        text = screen.page.transcript.text
        await type_keys(pilot, "Lw")
        assert isinstance(screen.prompt, PromptStage) and "cue words" in screen.prompt.question
        await type_keys(pilot, "wvw<enter>")
        cue = only(screen).cue
        assert cue is not None and text[slice(*cue)] == "looked" and "stated" in screen.said
        assert "stated: “looked”" in list_rows(screen)[1]
        assert screen.page.state.cues == (cue,)  # the words stand out in the text
        await type_keys(pilot, "w<enter>")
        assert only(screen).cue is None and "inferred" in screen.said
        await type_keys(pilot, "u<escape>gg}")
        # the words stand out as soon as the segment is under the cursor
        assert only(screen).cue == cue and screen.page.state.cues == (cue,)
        assert "→ evaluate" in margin(screen) and "(→" not in margin(screen)


async def test_a_relation_is_removed_and_comes_back(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    async with coding(root) as (pilot, screen):
        await two_codes(pilot, screen)
        await type_keys(pilot, "Lx")
        assert not screen.session.records.relations and "relation removed" in screen.said
        assert "→" not in margin(screen)
        await type_keys(pilot, "u")
        assert only(screen).source_code == "trust" and "→" in margin(screen)
        await type_keys(pilot, "x<escape>")
        assert screen.workspace.flush()
    assert layer_lines(root)[-1].keys() == {"id", "deleted"}


async def test_a_memo_on_a_relation(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        await two_codes(pilot, screen)
        await type_keys(pilot, "Lm")
        await pilot.pause()
        await type_keys(pilot, "hm<ctrl+s>")
        assert only(screen).memo == "hm" and isinstance(screen.prompt, PromptStage)
        assert "✎" in list_rows(screen)[1]


async def test_the_same_relation_is_not_made_twice(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        await two_codes(pilot, screen)
        await type_keys(pilot, "gg}r<tab><enter>1l")
        assert len(screen.session.records.relations) == 1
        assert isinstance(screen.prompt, PromptStage) and "there already" in screen.prompt.question


async def test_a_relation_between_denied_passages_can_say_that_it_is_affirmed(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        await two_codes(pilot, screen)
        relation = only(screen)
        session = screen.session
        session.set_mode(relation.source, "trust", "deny")
        await type_keys(pilot, "L")
        assert "supports nothing" in list_rows(screen)[1] and "denied" in list_rows(screen)[1]
        await type_keys(pilot, "da")
        assert only(screen).mode == "affirm" and "supports nothing" not in list_rows(screen)[1]
        await type_keys(pilot, "dp")
        assert only(screen).mode == "" and "supports nothing" in list_rows(screen)[1]
