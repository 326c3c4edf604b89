"""The text on the screen as values: rows cover the text, no two brackets share a cell, changed rows are repainted."""

from __future__ import annotations

import random
import unicodedata
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich._palettes import STANDARD_PALETTE
from rich.cells import get_character_cell_size

from postil_codebook.values import Code, Codebook
from postil_study.layers.values import make_layer
from postil_study.text.turns import RawTurn, format_transcript, parse_turns
from postil_study.text.values import LayerHeader, Segment, Speaker, Transcript, TranscriptInfo
from postil_tui.code.session.labels import label_lines
from postil_tui.code.session.record import Records
from postil_tui.code.session.session import Session
from postil_tui.style.colours import DARK, HUES, LIGHT, ColorTheme, code_colours, contrast, in_sixteen, paper_in_sixteen
from postil_tui.style.row_painter import RowPainter
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import ONE_CELL, cells, fitted, graphemes, shown
from postil_tui.text.geometry import geometry
from postil_tui.text.lanes import Lanes
from postil_tui.text.layout import Block, TextLayout
from postil_tui.text.margin import MarginPiece
from postil_tui.text.motion import Unit
from postil_tui.text.page import TextPage
from postil_tui.text.paint import Look
from postil_tui.text.sight import Sight
from postil_tui.text.spans import SpanIndex

NARROW = ["one", "two", "modèle", "“three”", "four-five"]
WORDS = [*NARROW, "模型", "データ。", "👩‍👩‍👧", "e\u0301te\u0301", "a" * 30, "x\ty", "\x1b[31m", "\u202eabc"]


def made(seed: int, turns: int = 8, wide: bool = True) -> Transcript:
    """An interview of random words."""
    rng = random.Random(seed)
    words = WORDS if wide else NARROW
    raw = [
        RawTurn("I" if n % 2 == 0 else "P", " ".join(rng.choice(words) for _ in range(rng.randint(1, 60))) + ".")
        for n in range(turns)
    ]
    text = format_transcript(raw)
    info = TranscriptInfo("T", {"I": Speaker("interviewer"), "P": Speaker("participant", "P")})
    return Transcript("T", text, parse_turns(text, {"I", "P"}), info, "sha")


def layer_of(transcript: Transcript, seed: int, count: int) -> Records:
    rng = random.Random(seed)
    segments = []
    for number in range(count):
        turn = rng.choice(transcript.turns)
        start = rng.randint(turn.start, max(turn.end - 1, turn.start))
        end = min(start + rng.randint(1, 160), len(transcript.text))
        segments.append(Segment(f"s{number:03d}", start, end, (f"code-{number % 7}",), transcript.text[start:end]))
    return Records(make_layer(LayerHeader("ana", "T"), segments))


def page_of(transcript: Transcript, records: Records, width: int = 120) -> TextPage:
    def lines(segment_id: str) -> list[list[MarginPiece]]:
        segment = page.segment(segment_id)
        assert segment is not None
        return label_lines(segment, [(r, r.target_code) for r in records.leaving(segment_id)])

    page = TextPage(transcript, records, lines, width)
    return page


@given(st.integers(0, 10_000), st.sampled_from([10, 20, 57, 80]))
@settings(max_examples=60, deadline=None)
def test_rows_cover_every_turn_and_none_is_too_wide(seed: int, width: int) -> None:
    transcript = made(seed)
    blocks = [Block(turn.start, turn.end, turn.index) for turn in transcript.turns]
    layout = TextLayout(transcript.text, blocks, width)
    for index, block in enumerate(blocks):
        rows = layout.rows_of_block(index)
        spans = [layout.row_span(row) for row in rows[:-1]]
        assert spans[0][0] == block.start and spans[-1][1] == block.end
        assert all(a[1] == b[0] for a, b in pairwise(spans))
        assert layout.is_gap(rows[-1])
        for start, end in spans:
            words = layout.text[start:end].rstrip(" \n")
            assert cells(words) <= width
            borders = {a for a, _, _ in graphemes(layout.text[block.start : block.end])}
            assert start - block.start in borders  # no character a person sees is torn apart


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_offset_and_cell_lead_to_each_other(seed: int) -> None:
    transcript = made(seed)
    layout = TextLayout(transcript.text, [Block(t.start, t.end, t.index) for t in transcript.turns], 40)
    for turn in transcript.turns:
        for start, _, size in graphemes(layout.text[turn.start : turn.end]):
            if size:
                offset = turn.start + start
                row = layout.row_of(offset)
                assert layout.offset_at(row, layout.column_of(row, offset)) == layout.clamp(offset)


def test_resize_keeps_what_is_selected() -> None:
    transcript = made(3)
    page = page_of(transcript, layer_of(transcript, 3, 12))
    page.put_cursor(transcript.turns[4].start + 20)
    page.selection.add_unit("sentence", page.units)
    before = page.selection.span, page.selection.cursor
    page.set_width(80)
    page.moved()
    assert (page.selection.span, page.selection.cursor) == before


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_brackets_of_one_lane_share_no_row(seed: int) -> None:
    transcript = made(seed, wide=False)
    records = layer_of(transcript, seed, 40)
    page = page_of(transcript, records)
    lanes = page.lanes
    for lane in range(lanes.count):
        taken = sorted(lanes.rows[id_] for id_, number in lanes.lane.items() if number == lane)
        assert all(a[1] < b[0] for a, b in pairwise(taken))
    again = Lanes(page.layout, SpanIndex(records.segments.values()), lanes.count)
    assert again.lane == lanes.lane


def test_a_new_segment_moves_no_bracket_and_takes_a_free_lane() -> None:
    transcript = made(5, wide=False)
    records = layer_of(transcript, 5, 20)
    page = page_of(transcript, records)
    before = dict(page.lanes.lane)
    new = Segment("new", transcript.turns[2].start, transcript.turns[2].end, ("code-1",))
    records.put("new", new)
    page.lanes.add(new)
    assert {id_: lane for id_, lane in page.lanes.lane.items() if id_ != "new"} == before
    if "new" in page.lanes.lane:
        first, last = page.lanes.rows["new"]
        same = [page.lanes.rows[id_] for id_, lane in before.items() if lane == page.lanes.lane["new"]]
        assert all(last < a or b < first for a, b in same)


def test_every_label_is_shown_or_counted() -> None:
    transcript = made(7, turns=4, wide=False)
    records = layer_of(transcript, 7, 30)
    page = page_of(transcript, records)
    for block in range(len(page.blocks)):
        rows = page.layout.rows_of_block(block)
        starting = [id_ for id_, (first, _) in page.lanes.rows.items() if first in rows]
        seen = {piece.segment for row in rows for piece in page.margin_row(row).label if piece.segment}
        counted = [piece.text for row in rows for piece in page.margin_row(row).label if piece.text.startswith(" +")]
        assert len(seen) == len(starting) or counted


def painted(page: TextPage) -> list[list[tuple[str, object]]]:
    painter = RowPainter(page, StyleSheet(DARK, {}, "true"))
    return [[(cell.text, cell.style) for cell in painter.row(row)] for row in range(page.layout.rows)]


MOVES = [
    "relate",
    "cue",
    "word",
    "sentence",
    "turn",
    "back",
    "select",
    "turns",
    "take",
    "free",
    "clear",
    "code",
    "remove",
    "undo",
    "memo",
]


@pytest.mark.parametrize("seed", range(12))
def test_rows_reported_as_changed_are_all_that_look_different(seed: int) -> None:
    """The viewer repaints only what `TextPage` reports: a missed row would stay stale on the screen."""
    transcript = made(seed, turns=6, wide=seed % 2 == 0)
    rng = random.Random(seed)
    layer = make_layer(LayerHeader("ana", "T"), layer_of(transcript, seed, 10).segments.values())
    book = Codebook(codes={f"code-{n}": Code(f"code-{n}", "") for n in range(7)})
    session = Session(transcript, book, layer)
    page = page_of(transcript, session.records, rng.choice([70, 120, 150]))
    if seed % 3 == 0:
        others = layer_of(transcript, seed + 100, 6).segments.values()
        other = tuple(msgspec.structs.replace(segment, id=f"o{segment.id}") for segment in others)
        codes = frozenset({"code-1", "code-2", "code-3"}) if seed % 2 else None
        assert page.look_at(Sight("participants", codes, others={"ben": other}))
    seen = painted(page)
    changed: set[int] = set()
    session.listeners.append(lambda change: changed.update(page.changed(change)))
    for _ in range(60):
        changed.clear()
        step(page, session, rng.choice(MOVES), rng)
        changed.update(page.moved())
        now = painted(page)
        different = {row for row, (a, b) in enumerate(zip(seen, now, strict=True)) if a != b}
        assert different <= changed
        seen = now


def step(page: TextPage, session: Session, move: str, rng: random.Random) -> None:
    selection, units = page.selection, page.units
    if move in ("word", "sentence", "turn"):
        page.put_cursor(units.next_start(move, selection.cursor))  # type: ignore[arg-type]
    elif move == "back":
        page.put_cursor(units.previous_start("turn", selection.cursor))
    elif move == "select":
        selection.add_unit("sentence", units)
    elif move == "turns":
        selection.add_unit("turn", units)
    elif move == "take":
        selection.take_back("sentence", units)
    elif move == "free":
        selection.start_free(units)
    elif move == "clear":
        selection.clear()
    elif move == "code":
        session.code(f"code-{rng.randint(0, 6)}", selection.target(units))
        selection.settled = selection.active
    elif move == "undo":
        session.undo()
    elif session.records.segments:
        segment = rng.choice(sorted(session.records.segments))
        relations = sorted(session.records.relations)
        if move == "relate":
            goal = session.records.segments[rng.choice(sorted(session.records.segments))]
            source = session.records.segments[segment]
            session.relate(source.id, source.code_ids[0], goal.id, goal.code_ids[0], "leads-to")
        elif move == "cue":
            cue = rng.choice([None, units.at("word", selection.cursor)])
            if relations:
                session.set_relation(rng.choice(relations), "cue", cue=cue)
        elif move == "remove":
            session.remove_segment(segment)
        else:
            session.set_memo(segment, rng.choice(["", "because"]))


@pytest.mark.parametrize("width", [60, 80, 99, 100, 120, 139, 140, 160, 220])
def test_rows_are_painted_at_exactly_the_width(width: int) -> None:
    transcript = made(11)
    page = page_of(transcript, layer_of(transcript, 11, 25), width)
    painter = RowPainter(page, StyleSheet(DARK, {}, "true"))
    for row in range(page.layout.rows):
        assert sum(cells(cell.text) for cell in painter.row(row)) == width - 1
    columns = geometry(width, 11, 100)
    assert columns.label_at + columns.label <= width - 1 and columns.text <= 88


def test_interviewer_is_quieter_and_the_overlap_is_told_apart_without_colour() -> None:
    transcript = made(2, wide=False)
    turn = transcript.turns[1]
    segments = [Segment("a", turn.start, turn.end, ("code-1",)), Segment("b", turn.start, turn.start + 5, ("code-2",))]
    records = Records(make_layer(LayerHeader("ana", "T"), segments))
    page = page_of(transcript, records)
    plain = StyleSheet(DARK, {}, "none")
    runs = page.runs(page.layout.row_of(turn.start))
    styles = {look.layers: plain.run(look) for _, _, look in runs}
    assert styles[2] != styles[1] and styles[1].underline
    assert page.role_of_row(0) == "interviewer"
    dark = StyleSheet(DARK, {}, "true")
    assert dark.run(page.runs(0)[-1][2]).color != dark.run(runs[-1][2]).color


def test_characters_taken_as_one_cell_are_one_cell() -> None:
    assert all(get_character_cell_size(character) == 1 for character in ONE_CELL)


def test_nothing_that_steers_a_terminal_is_shown() -> None:
    text = "a\x1b[31m\x07\u202e\u2066b\r\x85"
    assert len(shown(text)) == len(text)
    assert all(character.isprintable() for character in shown(text))
    assert fitted("模型模型", 5) == "模型…"


@pytest.mark.parametrize("paper", [DARK, LIGHT], ids=["dark", "light"])
def test_colours_can_be_read(paper: ColorTheme) -> None:
    column = 0 if paper.dark else 1
    ground = paper.paper
    assert all(contrast(hue[column], ground) >= 4.5 for hue in HUES.values())
    assert contrast(paper.ink, ground) >= 7 and contrast(paper.quiet, ground) >= 4.5
    book = Codebook(codes={name: Code(name, "", color=name) for name in ("#111111", "#fefefe", "red", "no colour")})
    colours = code_colours(book, paper)
    assert all(contrast(colour, ground) >= 3 for colour in colours.values())


@pytest.mark.parametrize("paper", [DARK, LIGHT], ids=["dark", "light"])
def test_sixteen_colours_keep_codes_apart_and_can_be_read(paper: ColorTheme) -> None:
    poor = paper_in_sixteen(paper)
    palette = {f"#{r:02x}{g:02x}{b:02x}" for r, g, b in STANDARD_PALETTE._colors}
    shades = {in_sixteen(hue[0 if paper.dark else 1], paper.dark) for hue in HUES.values()}
    assert shades <= palette and len(shades) >= 4
    assert all(contrast(shade, poor.paper) >= 2.8 for shade in shades)
    assert {poor.ink, poor.quiet, poor.faint, poor.accent, poor.good, poor.warn, poor.bad} <= palette
    assert contrast(poor.ink, poor.paper) > contrast(poor.quiet, poor.paper) > 7 - 3 * (not paper.dark)


def test_the_interviewer_is_quieter_without_any_colour() -> None:
    ink = StyleSheet(DARK, {}, "none")
    assert ink.run(Look(quiet=True)).dim and not ink.run(Look()).dim and ink.faint.dim and ink.run(Look()).color is None


@pytest.mark.parametrize("seed", range(6))
def test_free_selection_takes_whole_units_whichever_way_it_goes(seed: int) -> None:
    transcript = made(seed, turns=4)
    page = page_of(transcript, layer_of(transcript, seed, 0))
    rng = random.Random(seed)
    unit: Unit = rng.choice(["word", "sentence", "turn"])
    page.put_cursor(page.units.at(unit, rng.randrange(len(transcript.text)))[0])
    page.selection.start_free(page.units)
    anchor = page.selection.cursor
    for _ in range(40):
        step = page.units.free_on if rng.random() < 0.55 else page.units.free_back
        before = page.selection.cursor
        page.put_cursor(step(unit, before, anchor))
        assert page.selection.span is not None
        low, high = page.selection.span
        assert low <= anchor < high
        assert page.units.at(unit, low)[0] == low
        if page.selection.cursor > anchor:  # what is no word by itself, as an emoji, is taken in as a character
            assert high in (page.units.at(unit, page.selection.cursor)[1], page.units.at("char", high - 1)[1])


# what people type: letters with marks, Arabic and Hebrew, Indic and Thai, emoji in sequences, wide and no width at all
SCRIPTS = [
    *("مرحبا", "שָׁלוֹם", "क्षि", "กำลัง", "한국어", "ｗｉｄｅ", "ﷺ", "z̷̗͐a̵l̸g̶o̷"),
    *("👍🏽", "🇩🇪🇫🇷", "1️⃣", "👩🏽‍💻", "❤️", "☺", "\u200b", "\u200d", "\ufeff", "e\u0301\u0302\u0303", "\U000e0041"),
]
ALPHABET = st.one_of(
    st.sampled_from(SCRIPTS),
    st.sampled_from([" ", " ", " ", "\n", "word", "“quoted”", "模型"]),
    st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"),
)


@given(st.lists(ALPHABET, min_size=1, max_size=120), st.sampled_from([60, 80, 100, 120, 160]), st.integers(0, 1000))
@settings(max_examples=80, deadline=None)
def test_no_character_breaks_a_line(parts: list[str], width: int, seed: int) -> None:
    text = format_transcript([RawTurn("I", "why?"), RawTurn("P", "a" + "".join(parts))])
    info = TranscriptInfo("T", {"I": Speaker("interviewer"), "P": Speaker("participant", "P")})
    transcript = Transcript("T", text, parse_turns(text, {"I", "P"}), info, "sha")
    page = page_of(transcript, layer_of(transcript, seed, 6), width)
    page.put_cursor(seed % len(text))
    page.selection.start_free(page.units)
    page.put_cursor(page.layout.step(page.selection.cursor, 1))
    page.moved()
    painter = RowPainter(page, StyleSheet(DARK, {}, "true"))
    for row in range(page.layout.rows):
        line = [cell.text for cell in painter.row(row)]
        assert sum(map(cells, line)) == width - 1  # what is painted piece by piece
        assert cells("".join(line)) == width - 1  # is what a terminal puts side by side
        assert not {"Cc", "Zl", "Zp"} & set(map(unicodedata.category, "".join(line)))  # nothing that steers a terminal
    rows = (page.layout.text[slice(*page.layout.row_span(row))] for row in range(page.layout.rows))
    said = (page.layout.text[turn.start : turn.end] for turn in transcript.turns)
    assert "".join(rows).replace("\n", "") == "".join(said).replace("\n", "")
