"""What stands beside the words: the question, figures in the title, the quote that is copied, signs in ASCII."""

from __future__ import annotations

import re
import stat
from html import unescape
from pathlib import Path

import pytest
from rich.segment import Segment as Cell
from textual import events

from postil_study.study import open_study
from postil_study.text.turns import parse_turns
from postil_study.text.values import Speaker, Transcript, TranscriptInfo
from postil_tui.code.session.quoting import quote_with_source
from postil_tui.shell.clipboard import MOST, put
from postil_tui.shell.config import Config
from postil_tui.style.ascii_signs import TABLE, plain_signs
from postil_tui.text.cells import cells
from postil_tui.text.question import question
from postil_tui.widgets.bars import Bar
from tests.tui_study import STUDY, coding, make_study, type_keys

ASKED = "I:\nSo, how did you choose it?\n\nP:\nWe looked.\n\n"
TALK = f"{ASKED}I:\nOh.\n\nP:\nAnd then we measured.\n\nI:\nTell me more.\n\nP:\nNo.\n"


def talk(text: str = TALK) -> Transcript:
    info = TranscriptInfo("T", {"I": Speaker("interviewer"), "P": Speaker("participant", "P01")})
    return Transcript("T", text, parse_turns(text, {"I", "P"}), info, "sha")


def test_the_question_is_the_one_that_asks() -> None:
    transcript = talk()
    turns = transcript.turns
    assert question(transcript, turns[1]) == question(transcript, turns[3]) == "So, how did you choose it?"
    assert question(transcript, turns[0]) == "" and question(transcript, None) == ""
    short = talk("I:\nTell me.\n\nP:\nNo.\n")
    assert question(short, short.turns[1]) == "Tell me."
    assert question(transcript, turns[1], room=12) == "… choose it?"


def test_a_quote_carries_its_question_and_its_source() -> None:
    transcript = talk()
    start = transcript.text.index("And then")
    assert quote_with_source(transcript, (start, start + 8)) == (
        "I: So, how did you choose it?\n“And then” (P, T, turn 4)"
    )
    assert quote_with_source(transcript, (3, 5)) == "“So” (I, T, turn 1)"


# --- the clipboard --------------------------------------------------------------------------------


def program(folder: Path, name: str, body: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_the_way_to_the_clipboard_is_told(tmp_path: Path) -> None:
    sent: list[str] = []
    assert put("déjà", sent.append, {"PATH": str(tmp_path)}) == "sent to the terminal (OSC 52)" and sent == ["déjà"]
    program(tmp_path, "wl-copy", f"/bin/cat > {tmp_path}/got")
    desktop = {"PATH": str(tmp_path), "WAYLAND_DISPLAY": "wayland-0"}
    assert put("déjà vu", sent.append, {"PATH": str(tmp_path)}).startswith("sent")  # no desktop to copy to
    assert put("déjà vu", sent.append, desktop) == "by wl-copy"
    assert (tmp_path / "got").read_text("utf-8") == "déjà vu"
    program(tmp_path, "wl-copy", "exit 1")
    assert put("x", sent.append, desktop).startswith("sent")
    sent.clear()
    assert put("x" * (MOST + 1), sent.append, desktop) == "" and not sent


async def test_copying_says_how_and_a_file_is_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("WAYLAND_DISPLAY", "DISPLAY"):
        monkeypatch.delenv(variable, raising=False)
    root = make_study(tmp_path)
    async with coding(root) as (pilot, screen):
        await type_keys(pilot, "}sy")
        assert "OSC 52" in screen.said and "Y writes it" in screen.said
        copied = screen.app.clipboard
        assert copied.startswith("Interviewer: How did you choose it? Take your time.\n“We looked at the hub.”")
        await type_keys(pilot, "Y")
        assert "exports/copied-quotes.md (1 quote there)" in screen.said
        await type_keys(pilot, "sY")
        assert "2 quotes" in screen.said
        screen.app.copy = lambda text: ""  # type: ignore[method-assign]
        await type_keys(pilot, "y")
        assert "too long" in screen.said and "Y writes" in screen.said
    written = (root / "exports" / "copied-quotes.md").read_text("utf-8")
    assert written.count("“We looked at the hub.") == 2 and written.count("---") == 1 and "turn 2" in written


async def test_who_did_not_agree_is_not_written_out(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    (root / "study.yaml").write_text(STUDY.replace("P01: {}", "P01: {consent: {quote: false}}"), "utf-8")
    async with coding(root) as (pilot, screen):
        await type_keys(pilot, "}sY")
        assert "did not agree" in screen.said and not (root / "exports").exists()
        await type_keys(pilot, "y")
        assert "did not agree" in screen.said


# --- title and status -------------------------------------------------------------------------------


async def test_the_title_tells_share_words_and_the_question_out_of_sight(tmp_path: Path) -> None:
    answer = "".join(f"Sentence {n} of a long answer. " for n in range(120))
    root = make_study(tmp_path, f"Interviewer:\nWhy that one?\n\nP01 [0:01:05]:\n{answer}\n")
    async with coding(root) as (pilot, screen):
        screen.workspace.slots.use("trust")
        await type_keys(pilot, "}")
        title = screen.query_one("#title", Bar)
        assert "Why that one?" not in title.text  # it is in sight
        screen.say("")
        assert "turn 2/2 0:01:05" in screen.query_one("#status", Bar).text
        await type_keys(pilot, "G")
        await pilot.pause(0.1)
        assert "↑ Why that one?" in title.text
        await type_keys(pilot, "t1")
        screen._changed_at = 0.0
        screen._measure()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert "723 words" in title.text and "100% coded" in title.text and "1 segment " in title.text


# --- signs -----------------------------------------------------------------------------------------


def test_signs_have_a_width_of_one_and_so_do_their_stand_ins() -> None:
    for sign in map(chr, TABLE):
        assert cells(sign) == 1, sign
    assert all(isinstance(plain, str) and len(plain) == 1 and plain.isascii() for plain in TABLE.values())


async def test_ascii_in_the_settings_leaves_no_sign_but_the_words(tmp_path: Path) -> None:
    root = make_study(tmp_path, "Interviewer:\nWhy “that” one?\n\nP01:\nWe looked — twice. And again, naïvely.\n")
    async with coding(root, config=Config(ascii=True)) as (pilot, screen):
        screen.workspace.slots.use("trust")
        await type_keys(pilot, "}t1m")
        await pilot.pause()
        await type_keys(pilot, "hm<ctrl+s>")
        seen = unescape(re.sub("<[^>]*>", "", screen.app.export_screenshot())).replace("\xa0", " ")
        words = set("“”—ï")
        assert {sign for sign in seen if not sign.isascii()} <= words
        assert "We looked — twice" in seen and "----- trust &" in seen
        assert [Cell(plain_signs("│ ok"))] == [Cell("| ok")]


async def test_times_stand_below_the_speaker_also_of_a_short_turn(tmp_path: Path) -> None:
    talk_with_times = f"P01 [0:00:07]:\nNo.\n\nP01 [1:02:03]:\n{'word ' * 60}\n"
    async with coding(make_study(tmp_path, talk_with_times)) as (pilot, screen):
        rows = ["".join(cell.text for cell in screen.view.render_line(y)) for y in range(4)]
        assert "No." in rows[0] and "0:00:07" in rows[1] and "1:02:03" in rows[3]
        await pilot.resize_terminal(80, 24)  # no room beside the words: the status line tells it
        await pilot.pause()
        screen.say("")
        assert "turn 1/2 0:00:07" in screen.query_one("#status", Bar).text


async def test_every_answer_and_the_cursor_are_in_sight_on_a_narrow_screen(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path), size=(80, 24)) as (pilot, screen):
        await type_keys(pilot, "scdoc<enter>d")
        bar = screen.query_one("#status", Bar)
        line = "".join(cell.text for cell in bar.render_line(0))
        assert all(f" {key} " in line for key in ("a", "d", "h", "w", "r", "u", "esc")) and "leave" in line
        await type_keys(pilot, "<escape>/" + "what is looked for is long ".replace(" ", "<space>") * 4 + "zebra")
        line = "".join(cell.text for cell in bar.render_line(0))
        assert "zebra" in line and "find: …" in line and cells(line) == 80


async def test_what_is_typed_before_the_editor_is_there_goes_into_the_memo(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        for key in ["s", "C", *"tru", "enter", *"x.1", "enter", "u", "u", "backspace", "ctrl+s"]:  # without a breath
            screen.view.post_message(events.Key(key, key if len(key) == 1 else None))
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        (segment,) = screen.session.records.segments.values()
        assert segment.code_ids == ("trust",) and segment.memo == "x.1\nu" and screen.prompt is None


async def test_a_memo_being_written_is_kept_when_the_app_is_left_or_another_text_opened(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    async with coding(root) as (pilot, screen):
        await type_keys(pilot, "sctru<enter>m")
        await pilot.pause()
        await type_keys(pilot, "half a")
        screen.app.open_transcript("I02")
        screen.app.open_transcript("I01")
        (segment,) = screen.session.records.segments.values()
        assert segment.memo == "half a"
        await type_keys(pilot, "s<escape>m")
        await pilot.pause()
        await type_keys(pilot, " thought<ctrl+q>")
    layer = open_study(root).layer("ana", "I01")
    assert layer is not None and layer.segments[0].memo == "half a thought"


async def test_all_slots_are_in_sight_whatever_the_width(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        for number in range(9):
            screen.workspace.slots.use(f"a-code-with-a-long-name-{number}")
        for width in (80, 120, 160):
            await pilot.resize_terminal(width, 30)
            await pilot.pause()
            bar = "".join(cell.text for cell in screen.query_one("#slots", Bar).render_line(0))
            assert cells(bar) == width and all(f" {number} a-" in bar for number in range(1, 10)) and " . a-" in bar
