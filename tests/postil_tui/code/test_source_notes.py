"""Notes that came with a source: read beside one's own codings, in full, and in the list of memos."""

from __future__ import annotations

from pathlib import Path

import msgspec

from postil_formats.texts.plan import plan_import
from postil_formats.texts.writing import apply_import
from postil_study.layers.store import LayerStore, start_layer
from postil_study.layers.values import add_segment
from postil_study.study import open_study
from postil_study.text.values import Segment
from postil_tui.code.screen import CodeScreen
from postil_tui.memos.screen import MemosScreen
from postil_tui.shell.app import PostilApp
from postil_tui.shell.config import Config
from postil_tui.shell.screens.card import NoteScreen
from tests.docx_maker import docx, para, run
from tests.postil_formats.texts.documents.test_docx import comments, end, mark, start
from tests.postil_tui.codebook.test_codebook import settle
from tests.tui_study import coding, make_study, type_keys

LONG = "advice from peers, which we should compare with what the others say of it in their second answers"


def study_with_notes(root: Path, folder: Path) -> Path:
    """A study with a transcript I03 that has a comment on words, one at a point and one on nothing."""
    make_study(root)
    data = docx(
        para("Interviewer: How did you pick it?"),
        para("P01: We asked ", start(0), run("a colleague"), end(0), mark(0), " first."),
        para("Interviewer: And then?"),
        para("P01: Then prices.", mark(1)),
        parts=comments((0, "Ana", LONG), (1, "Ben", "price"), (7, "Cleo", "about all of it")),
    )
    (folder / "I03.docx").write_bytes(data)
    plan = plan_import(open_study(root), [folder / "I03.docx"])
    assert not plan.failures
    apply_import(root, plan)
    return root


def margin(screen: CodeScreen) -> str:
    """All that stands in the margin."""
    rows = range(screen.page.layout.rows)
    return " ".join(piece.text for row in rows for piece in screen.page.margin_row(row).label)


async def test_notes_stand_beside_the_codings(tmp_path: Path) -> None:
    root = study_with_notes(tmp_path / "study", tmp_path)
    async with coding(root, transcript="I03") as (pilot, screen):
        await type_keys(pilot, "}s")
        await pilot.press("c")
        await type_keys(pilot, "trust<enter>")
        await settle(pilot)
        assert "trust" in margin(screen)
        await type_keys(pilot, "gs")
        assert "trust" in margin(screen), "one's own codings stay"
        assert "✎ Ana: advice from peers" in margin(screen) and "Ben: price" in margin(screen)
        assert "no code" not in margin(screen)
        assert "2 notes of word-comments beside the codings" in screen.said and "1 on the whole" in screen.said
        note = next(s for s in screen.page.index.segments.values() if "advice" in s.memo)
        assert note.id in screen.page.whose, "so that it is drawn dashed"
        assert screen.page.transcript.text[note.start : note.end] == "a colleague"
        await type_keys(pilot, "gs")
        assert "advice" not in margin(screen) and "trust" in margin(screen)


async def test_the_note_here_is_read_in_full(tmp_path: Path) -> None:
    root = study_with_notes(tmp_path / "study", tmp_path)
    async with coding(root, transcript="I03", size=(80, 24)) as (pilot, screen):
        await type_keys(pilot, "gs")
        screen.page.put_cursor(screen.page.transcript.text.index("colleague"))
        screen.page.moved()
        status = "".join(text for text, _ in screen.status_idle())
        assert "✎ Ana (2026-11-30): advice from peers" in status
        await type_keys(pilot, "m")
        panel = pilot.app.screen
        assert isinstance(panel, NoteScreen)
        words = " ".join("".join(text for text, _ in line).strip() for line in panel.lines())
        assert "in their second answers" in words and "“a colleague”" in words
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, CodeScreen)
        assert screen.session.records.segments == {}, "reading a note codes nothing"


async def test_a_filter_leaves_the_notes_and_everything_again_does_too(tmp_path: Path) -> None:
    root = study_with_notes(tmp_path / "study", tmp_path)
    async with coding(root, transcript="I03") as (pilot, screen):
        await type_keys(pilot, "gs")
        await type_keys(pilot, "fp")
        assert "advice" in margin(screen)
        await type_keys(pilot, "fe")
        assert "advice" in margin(screen)


async def test_notes_are_listed_among_the_memos_and_stay_as_they_are(tmp_path: Path) -> None:
    root = study_with_notes(tmp_path / "study", tmp_path)
    layer = root / "codings" / "word-comments" / "I03.jsonl"
    before = layer.read_bytes()
    app = PostilApp(root, None, "ana", Config())
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await type_keys(pilot, "ge")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MemosScreen)
        assert {(note.kind, note.author, note.title) for note in screen.notes} == {
            ("note", "word-comments", f"Ana (2026-11-30): {LONG}"),
            ("note", "word-comments", "Ben (2026-11-30): price"),
            ("note", "word-comments", "Cleo (2026-11-30): about all of it"),
        }
        await type_keys(pilot, "<enter>")
        assert "came with the source" in screen.said
        await type_keys(pilot, "x")
        assert "stays as it is" in screen.said
    assert layer.read_bytes() == before


async def test_a_note_of_ones_own_without_a_code_shows_its_words(tmp_path: Path) -> None:
    root = study_with_notes(tmp_path / "study", tmp_path)
    layer = start_layer(open_study(root), "ana", "I03")
    quoted = Segment("note1", 33, 36, quote="How", memo="Ben (2026-02-03): from another program")
    start_at = open_study(root).transcripts["I03"].text.index("How")
    quoted = msgspec.structs.replace(quoted, start=start_at, end=start_at + 3)
    LayerStore(root, open_study(root).codebook).save(layer, add_segment(layer, quoted))
    async with coding(root, transcript="I03") as (pilot, screen):
        assert "Ben: from another program" in margin(screen) and "no code" not in margin(screen)
        screen.page.put_cursor(start_at)
        screen.page.moved()
        assert "note: Ben (2026-02-03): from another program" in "".join(text for text, _ in screen.status_idle())
        await type_keys(pilot, "gs")
        assert "Ben: from another program" in margin(screen), "one's own stay"
