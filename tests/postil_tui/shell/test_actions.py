"""Every action of the code screen by every one of its keys: what it does, and what it says."""

from __future__ import annotations

from pathlib import Path

from postil_tui.code.screen import CodeScreen
from postil_tui.shell.actions import ACTIONS
from postil_tui.shell.screens.card import CardScreen
from postil_tui.widgets.bars import Bar
from tests.tui_study import TEXT, codes, coding, make_study, type_keys

LONG = TEXT + "".join(f"\nInterviewer:\nQuestion {n}?\n\nP01:\nAnswer {n} to it. And more.\n" for n in range(40))
KEYS = {action.id: action.keys for action in ACTIONS if action.context == "code"}

# action: the words at the cursor before and after
MOVES = {
    "word_on": ("How did", "did you"),
    "word_back": ("did you", "How did"),
    "char_on": ("How did", "ow did"),
    "char_back": ("ow did", "How did"),
    "sentence_on": ("We looked", "First the"),
    "sentence_back": ("First the", "We looked"),
    "turn_on": ("We looked", "And then?"),
    "turn_back": ("And then?", "We looked"),
    "line_down": ("Later we", "And then?"),
    "line_up": ("And then?", "Later we"),
    "first": ("And then?", "How did"),
    "last": ("How did", "."),
    "segment_on": ("How did", "We looked"),
    "segment_back": ("And then?", "It was poor"),
    "find_next": ("How did", "We looked"),  # without a search: the next segment
    "find_back": ("And then?", "It was poor"),
}
# action: what is selected after its key, from "We looked" on
SELECTS = {
    "select_sentence": "We looked at the hub.",
    "select_turn": LONG[LONG.index("We looked") : LONG.index("\n\nInterviewer:\nAnd then")],
    "select_exchange": LONG[LONG.index("How did") : LONG.index("\n\nInterviewer:\nAnd then")],
    "select_clause": "We looked at the hub.",
    "grow": "We",
    "free": "W",
    "extend_right": "W",
    "extend_word_right": "We",
}
SAYS = {
    "again": "evaluate added →",
    "pick": "",  # asks
    "in_vivo": "",
    "pick_with_memo": "",
    "mode": "",
    "remove": "trust removed",
    "borders": "",
    "memo": "",
    "relate": "",
    "whole": "",
    "undo": "undone: evaluate",
    "redo": "done again: evaluate",
    "done": "",
    "find": "",
    "filter": "",
    "notes": "no notes came with",
    "copy": "copied",
    "copy_to_file": "written to",
    "reload": "nothing changed outside",
    "relations": "no relations yet",
    "next_transcript": "",
    "previous_transcript": "",
}
ELSEWHERE = {
    *("slot", "unselect_sentence", "unselect_turn", "shrink", "other_end", "clear", "extend_left", "extend_down"),
    *("extend_up", "extend_word_left", "page_down", "page_up", "half_down", "half_up", "memo_transcript", "card"),
}
LISTS = {"stray"}  # tested with the lists they open


def test_no_action_is_left_out() -> None:
    assert set(KEYS) == (MOVES.keys() | SELECTS.keys() | SAYS.keys() | ELSEWHERE | LISTS)


def chord(key: str) -> str:
    """A key of the registry as `type_keys` takes it."""
    return "".join(f"<{part}>" for part in key.split(" "))


def put(screen: CodeScreen, words: str) -> None:
    screen.page.selection.clear()
    screen.page.put_cursor(screen.page.transcript.text.index(words))
    screen.moved(quiet=True)


def at(screen: CodeScreen) -> str:
    return screen.page.transcript.text[screen.page.selection.cursor :]


def selected(screen: CodeScreen) -> str:
    span = screen.page.selection.span
    return screen.page.transcript.text[slice(*span)] if span else ""


async def test_moving(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path, LONG)) as (pilot, screen):
        for words in ("We looked at the hub.", "It was poor, so we went back to the hub."):
            start = LONG.index(words)
            screen.session.code("trust", (start, start + len(words)))
        for action, (before, after) in MOVES.items():
            for key in KEYS[action]:
                put(screen, before)
                await type_keys(pilot, chord(key))
                assert at(screen).startswith(after), (action, key)
        put(screen, "How did")
        await type_keys(pilot, "[")
        assert screen.said == "no coded segment further up"
        await type_keys(pilot, "G]")
        assert screen.said == "no coded segment further down"


async def test_moving_by_pages(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path, LONG)) as (pilot, screen):
        height = screen.view.size.height
        for action, rows in {"page_down": height - 2, "half_down": height // 2}.items():
            for key in KEYS[action]:
                put(screen, "Then we took")
                screen.view.set_top(0)
                await type_keys(pilot, chord(key))
                assert screen.view.top == rows, (action, key)
        for action, rows in {"page_up": height - 2, "half_up": height // 2}.items():
            for key in KEYS[action]:
                screen.view.set_top(80)
                screen.page.put_cursor(screen.page.layout.row_span(90)[0])
                await type_keys(pilot, chord(key))
                assert screen.view.top == 80 - rows, (action, key)


async def test_selecting(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path, LONG)) as (pilot, screen):
        for action, expected in SELECTS.items():
            for key in KEYS[action]:
                put(screen, "We looked")
                await type_keys(pilot, chord(key))
                assert selected(screen) == expected, (action, key)
        for keys, expected in {
            "ssS": "We looked at the hub.",
            "ttT": SELECTS["select_turn"],
            "s-": "We",
            "s<ctrl+down>": "We",
            "vww": "We looked",
            "vwwwb": "We looked",
            "vwwoll": " looked",  # the first end two characters on
            "v<escape>": "",
            "<shift+right><shift+right><shift+left>": "W",
            "<ctrl+shift+right><ctrl+shift+right><ctrl+shift+left>": "We l",
        }.items():
            put(screen, "We looked")
            await type_keys(pilot, keys)
            assert selected(screen) == expected, keys
        put(screen, "We looked")
        await type_keys(pilot, "<shift+down>")
        down = selected(screen)
        assert down.startswith("We looked") and "\n" not in down[:60] and len(down) > 60
        await type_keys(pilot, "<shift+up>")
        assert selected(screen) == "W"


async def test_coding_and_looking(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path, LONG)) as (pilot, screen):
        for code in ("trust", "evaluate"):
            screen.workspace.slots.use(code)
        sentence = "We looked at the hub."
        for action, said in SAYS.items():
            for key in KEYS[action]:
                fresh(screen, action, sentence)
                await type_keys(pilot, chord(key))
                assert said in screen.said, (action, key, screen.said)
                assert said or screen.prompt is not None or action in QUIET, (action, key)
                await type_keys(pilot, "<escape>")
                assert screen.prompt is None or action == "borders", (action, key)
        put(screen, "Question 3?")
        for number in "12":
            await type_keys(pilot, number)
        assert codes(screen)[-1] == ("Question 3?", ("trust", "evaluate")) and "evaluate added" in screen.said
        await type_keys(pilot, "3")
        assert screen.said.startswith("slot 3 is empty")


QUIET = {"memo", "next_transcript", "previous_transcript"}


def fresh(screen: CodeScreen, action: str, sentence: str) -> None:
    """One segment with `trust`, the cursor on it; for undo and redo what they take back or do again."""
    records = screen.session.records
    for relation in list(records.relations):
        screen.session.remove_relation(relation)
    for segment in list(records.segments):
        screen.session.remove_segment(segment)
    start = LONG.index(sentence)
    screen.session.code("trust", (start, start + len(sentence)))
    if action in ("undo", "redo"):
        screen.session.code("evaluate", (start, start + len(sentence)))
    if action == "redo":
        screen.session.undo()
    screen.workspace.slots.use("evaluate")
    put(screen, sentence)
    screen.say("")


async def test_the_card_and_the_memo_of_the_transcript(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    async with coding(root) as (pilot, screen):
        await type_keys(pilot, "K")
        assert "no code here" in screen.said
        await type_keys(pilot, "sctru<enter>K")
        card = screen.app.screen
        assert isinstance(card, CardScreen)
        assert "believing the maker" in "".join(text for line in card.lines() for text, _ in line)
        await type_keys(pilot, "<escape>M")
        await pilot.pause()
        await type_keys(pilot, "ok<ctrl+s>")
        assert "kept in memos/" in screen.said and len(list((root / "memos").glob("*.md"))) == 1


async def test_one_transcript_after_the_other_and_letters_to_jump_to(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        await type_keys(pilot, "gp")
        assert screen.said == "this is the first transcript"
        await type_keys(pilot, "gn")
        assert screen.page.transcript.id == "I02" and "I02" in screen.query_one("#title", Bar).text
        await type_keys(pilot, "gn")
        assert screen.said == "this is the last transcript"
        await type_keys(pilot, "<ctrl+o>")
        assert set(screen.page.labels.values()) == set("asdfg")  # a letter beside each turn in sight
        await type_keys(pilot, "d")
        assert at(screen).startswith("And then?") and not screen.page.labels
        await type_keys(pilot, "<ctrl+o><escape>")
        assert at(screen).startswith("And then?") and not screen.page.labels
