"""The app as a whole: who codes, what is on disk, coming back, the mouse, and trouble."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from postil_base.problem import PostilError
from postil_study.study import open_study
from postil_tui.code.screen import CodeScreen
from postil_tui.home.screen import HomeScreen
from postil_tui.shell.actions import ACTIONS, KeyMap, actions_of, conflicts
from postil_tui.shell.app import PostilApp
from postil_tui.shell.config import Config, load_config, read_config
from postil_tui.shell.screens.base import PostilScreen
from postil_tui.shell.screens.error import ErrorScreen
from postil_tui.shell.screens.help import HelpScreen
from postil_tui.shell.screens.small import SmallScreen
from postil_tui.shell.screens.welcome import WelcomeScreen
from postil_tui.shell.screens.who import WhoScreen
from postil_tui.widgets.bars import Bar
from tests.tui_study import codes, coding, make_study, type_keys

FIRST = "How did you choose it?"


def layer_lines(root: Path, coder: str = "ana", transcript: str = "I01") -> list[dict[str, object]]:
    return [
        json.loads(line) for line in (root / "codings" / coder / f"{transcript}.jsonl").read_text("utf-8").splitlines()
    ]


async def test_the_coder_is_asked_for_and_never_the_first_of_the_file(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    app = PostilApp(root, config=Config())
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, WhoScreen) and app.workspace is not None and app.workspace.coder == ""
        await pilot.press("2")
        await pilot.pause()
        assert app.workspace.coder == "ben" and isinstance(app.screen, HomeScreen)
        assert "ben" in app.screen.query_one("#title", Bar).text
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, CodeScreen) and "coder ben" in app.screen.query_one("#title", Bar).text
        await pilot.press("q")
    again = PostilApp(root, config=Config())
    async with again.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        assert again.workspace is not None and again.workspace.coder == "ben"
    assert not list((root / "codings").rglob("*.jsonl"))  # looking writes nothing


async def test_leaving_the_question_leaves_the_app(tmp_path: Path) -> None:
    app = PostilApp(make_study(tmp_path), config=Config())
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
    assert app.return_code == 0


async def test_a_new_coder_can_be_named(tmp_path: Path) -> None:
    app = PostilApp(make_study(tmp_path), config=Config())
    async with app.run_test() as pilot:
        await pilot.pause()
        await type_keys(pilot, "Jack K<enter>")
        assert app.workspace is not None and app.workspace.coder == "jack-k"


async def test_every_action_is_on_disk_and_survives_a_restart(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    async with coding(root) as (pilot, screen):
        await type_keys(pilot, "sctru<enter>")
        assert screen.workspace.flush()
        lines = layer_lines(root)
        assert lines[0]["coder"] == "ana" and lines[1]["codes"] == ["trust"] and lines[1]["quote"] == FIRST
        await pilot.pause()
        assert "● saved" in screen.query_one("#title", Bar).text
        await type_keys(pilot, "}}).q")
    async with coding(root) as (pilot, screen):
        assert [code for _, code in codes(screen)] == [("trust",), ("trust",)]
        assert screen.workspace.slots.code(1) == "trust"  # the slots are where they were
        await type_keys(pilot, "uu")  # undo reaches back before the restart
        assert codes(screen) == []
        await type_keys(pilot, "<ctrl+r>")
        assert codes(screen) == [(FIRST, ("trust",))]
        screen.workspace.flush()
    layer = open_study(root).layer("ana", "I01")
    assert layer is not None and len(layer.segments) == 1 and len(layer.deleted) == 1


async def test_the_place_is_kept_for_each_coder_and_transcript(tmp_path: Path) -> None:
    root = make_study(tmp_path, "".join(f"P01:\nSentence {n} of a long talk. And more of it.\n\n" for n in range(80)))
    async with coding(root) as (pilot, screen):
        await type_keys(pilot, "<pagedown><pagedown>jj")
        place, top = screen.page.selection.cursor, screen.view.top
        assert place > 0 and top > 0
        await type_keys(pilot, "q")
    async with coding(root) as (_, screen):
        assert (screen.page.selection.cursor, screen.view.top) == (place, top)
    async with coding(root, coder="ben") as (_, screen):
        assert screen.page.selection.cursor == screen.page.blocks[0].start


async def test_resize_keeps_the_words_on_top(tmp_path: Path) -> None:
    root = make_study(tmp_path, "".join(f"P01:\n{'Word ' * 60}{n}.\n\n" for n in range(40)))
    async with coding(root) as (pilot, screen):
        await type_keys(pilot, "<pagedown><pagedown>")
        top = screen.page.layout.row_span(screen.view.top)[0]
        for size in [(80, 24), (160, 45), (120, 36)]:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert screen.page.geometry.width == size[0]
            shown = screen.page.layout.row_span(screen.view.top)
            assert shown[0] <= top < shown[1] or abs(shown[0] - top) < 400


async def test_done_asks_and_is_written(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    async with coding(root) as (pilot, screen):
        await type_keys(pilot, "Dn")
        assert not (root / "codings" / "ana").exists()
        await type_keys(pilot, "y")
        assert layer_lines(root)[0]["done"]
        await type_keys(pilot, "sctru<enter>")
        screen.workspace.flush()
        assert layer_lines(root)[0]["done"] and len(layer_lines(root)) == 2
        await type_keys(pilot, "Dy")
        assert "done" not in layer_lines(root)[0]


async def test_what_others_wrote_meanwhile_is_taken_over(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    async with coding(root) as (pilot, screen):
        await type_keys(pilot, "sctru<enter>")
        screen.workspace.flush()
        path = root / "codings" / "ana" / "I01.jsonl"
        record = (
            '{"id":"zzzzzzzzzz","start":13,"end":16,"codes":["evaluate"],"quote":"How","at":"2026-01-01T00:00:00Z"}\n'
        )
        path.write_text(path.read_text("utf-8") + record, "utf-8")
        await type_keys(pilot, ")1")
        screen.workspace.flush()
        await pilot.pause()
        assert {code for _, codes_ in codes(screen) for code in codes_} == {"trust", "evaluate"}
        assert len(codes(screen)) == 3
        path.write_text(path.read_text("utf-8").replace('"evaluate"', '"popularity"'), "utf-8")
        screen.look_outside()
        assert {code for _, codes_ in codes(screen) for code in codes_} == {"trust", "popularity"}


async def test_what_cannot_be_saved_is_kept_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_study(tmp_path)
    async with coding(root) as (pilot, screen):
        from postil_study.layers.store import LayerStore

        def full(*_: object, **__: object) -> object:
            raise PostilError("no space left on the disk")

        with monkeypatch.context() as broken:
            broken.setattr(LayerStore, "save", full)
            await type_keys(pilot, "sctru<enter>")
            assert not screen.workspace.flush()
            await pilot.pause()
            assert "not saved" in screen.said and "✗ not saved" in screen.query_one("#title", Bar).text
            assert screen.said.index("R tries again") < screen.said.index("no space left")  # the way out is in sight
        await type_keys(pilot, "R")
        assert "writing again: 1 record" in screen.said
        assert screen.workspace.flush()
        await pilot.pause()
        assert layer_lines(root)[1]["codes"] == ["trust"] and "● saved" in screen.query_one("#title", Bar).text


async def test_notes_of_the_source_are_shown_on_request_only(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    (root / "codings" / "nvivo").mkdir()
    (root / "codings" / "nvivo" / "I01.jsonl").write_text(
        '{"postil":1,"kind":"source","coder":"nvivo","transcript":"I01"}\n'
        '{"id":"aaaaaaaaaa","start":13,"end":35,"codes":[],"quote":"How did you choose it?","memo":"1: how"}\n',
        "utf-8",
    )
    async with coding(root) as (pilot, screen):
        assert not screen.page.whose
        await type_keys(pilot, "gs")
        assert screen.page.whose == {"aaaaaaaaaa": "nvivo"} and "1 note of nvivo beside the codings" in screen.said
        assert screen.page.records is screen.session.records and not screen.page.records.segments
        await type_keys(pilot, "gs")
        assert not screen.page.whose and screen.page.records is screen.session.records
        assert screen.workspace.coders == ["ana", "ben"]  # nobody codes under the source's name
        with pytest.raises(PostilError, match="nobody codes"):
            screen.workspace.work_as("nvivo")


# --- mouse ----------------------------------------------------------------------------------------


async def test_mouse(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        text = screen.page.transcript.text
        column = screen.page.geometry.text_at

        def selected() -> str:
            span = screen.page.selection.span
            return text[slice(*span)] if span else ""

        await pilot.click("#view", offset=(column + 5, 0))
        assert text[screen.page.selection.cursor :].startswith("id you") and not selected()
        await pilot.click("#view", offset=(column + 9, 0), times=2)
        assert selected() == "you"
        await pilot.click("#view", offset=(column + 9, 0), times=3)
        assert selected() == FIRST
        await pilot.click("#view", offset=(column - 6, 2))
        assert selected().startswith("We looked") and selected().endswith("back to the hub.")
        await pilot.mouse_down("#view", offset=(column + 4, 0))
        await pilot.hover("#view", offset=(column + 10, 0))
        await pilot.mouse_up("#view", offset=(column + 10, 0))
        await pilot.pause()
        assert selected() == "did you"
        screen.workspace.slots.use("trust")
        await pilot.press("1")
        await pilot.press("G")
        await pilot.click("#view", offset=(screen.page.geometry.label_at + 2, 0))
        assert selected() == "did you"
        assert codes(screen) == [("did you", ("trust",))]


async def test_the_wheel_scrolls_without_moving_the_cursor(tmp_path: Path) -> None:
    root = make_study(tmp_path, "".join(f"P01:\nSentence {n}.\n\n" for n in range(80)))
    async with coding(root) as (pilot, screen):
        from textual import events

        before = screen.page.selection.cursor
        view = screen.view
        view.post_message(events.MouseScrollDown(view, 5, 5, 0, 1, 0, False, False, False))
        await pilot.pause()
        assert view.top == 3 and screen.page.selection.cursor == before


# --- keys, help, settings -------------------------------------------------------------------------


def test_no_key_means_two_things_in_one_place() -> None:
    for context in {action.context for action in ACTIONS if action.context != "everywhere"}:
        taken: dict[str, str] = {}
        for action in (a for a in ACTIONS if a.context == context):
            for key in action.keys:
                assert key not in taken, f"{key} in {context}: {taken.get(key)} and {action.id}"
                taken[key] = action.id
        starts = {key.split(" ")[0] for action in actions_of(context) for key in action.keys if " " in key}
        assert starts.isdisjoint(taken), f"{context}: a key begins a sequence and means something alone"


async def test_every_action_is_carried_out_somewhere(tmp_path: Path) -> None:
    app = PostilApp(make_study(tmp_path), coder="ana", config=Config())
    async with app.run_test() as pilot:
        await pilot.pause()
        for context in sorted({action.context for action in ACTIONS if action.context != "everywhere"}):
            app.go(context)
            await pilot.pause()
            screen = app.screen
            assert isinstance(screen, PostilScreen) and context == screen.CONTEXT
            missing = [action.id for action in actions_of(context) if not screen.can(action)]
            assert not missing, f"{context}: {missing}"


async def test_help_lists_the_keys_of_where_you_are(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        await pilot.press("f1")
        await pilot.pause()
        help_ = screen.app.screen
        assert isinstance(help_, HelpScreen)
        lines = ("".join(text for text, _ in line) for line in help_.lines())
        shown = " ".join(" ".join(lines).split())  # what is too long goes on below
        for action in actions_of("code"):
            assert action.title in shown
        await pilot.press("escape")
        assert screen.app.screen is screen


async def test_commands_by_name(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        await type_keys(pilot, "<ctrl+p>select the turn<enter>")
        assert screen.page.selection.span == screen.page.units.turn(screen.page.selection.cursor)


async def test_own_keys_from_the_settings(tmp_path: Path) -> None:
    config = read_config({"keys": {"select_sentence": "a", "again": ["comma", "z"]}}, "config.toml")
    async with coding(make_study(tmp_path), config=config) as (pilot, screen):
        screen.workspace.slots.use("trust")
        await type_keys(pilot, "az")
        assert codes(screen) == [(FIRST, ("trust",))]
        await type_keys(pilot, "us")
        assert screen.page.selection.span is None


def test_settings_with_mistakes_are_said(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    assert load_config(path) == Config()
    path.write_text('theme = "pink"\ncolour = 1\n[keys]\nselect_sentense = "a"\nundo = "k"\nredo = "k"\n', "utf-8")
    problems = " ".join(load_config(path).problems)
    for said in ("pink", "colour", "select_sentense", "'k' means both"):
        assert said in problems
    path.write_text("theme = [", "utf-8")
    assert "not used" in load_config(path).problems[0]
    assert conflicts({"undo": ("x9",)}) == []


async def test_own_keys_win_over_those_of_the_place(tmp_path: Path) -> None:
    config = read_config({"keys": {"undo": "x", "remove": ["u", "delete"]}}, "config.toml")
    assert config.problems == ()
    async with coding(make_study(tmp_path), config=config) as (pilot, screen):
        screen.workspace.slots.use("trust")
        await type_keys(pilot, ".x")
        assert codes(screen) == []
        await type_keys(pilot, ".u")
        assert codes(screen) == [] and "removed" in screen.said


def test_an_action_that_lost_its_key_is_named() -> None:
    (said,) = conflicts({"in_vivo": ("p",)})
    assert said == "'p' is now 'in_vivo', so 'select_clause' (code) has no key; give it one"


async def test_own_colours_by_theme(tmp_path: Path) -> None:
    config = read_config({"theme": "postil-light", "colours": {"postil-light": {"accent": "#112233"}}}, "config.toml")
    async with coding(make_study(tmp_path), config=config) as (pilot, screen):
        app = screen.app
        assert app.theme == "postil-light" and app.papers["postil-light"].accent == "#112233"
        assert app.get_theme("postil-light").primary == "#112233"  # type: ignore[union-attr]
        assert app.papers["postil-dark"].accent != "#112233"
        await pilot.pause()
    wrong = {"postil-dark": {"accent": "red", "glow": "#112233"}, "pink": {}}
    said = " ".join(read_config({"colours": wrong}, "config.toml").problems)
    assert "'red' is no colour such as" in said and "known are paper, panel" in said and "[colours.postil-dark]" in said


@pytest.mark.parametrize(
    ("typed", "where"),
    [("open transcript I02", "code"), ("quotes of eval", "search"), ("what P01 says", "search"),
     ("query liked", "search"), ("framework", "matrix"), ("looked at again", "recode")],
)  # fmt: skip
async def test_the_palette_knows_the_names_of_the_study(tmp_path: Path, typed: str, where: str) -> None:
    root = make_study(tmp_path)
    (root / "queries.yaml").write_text("liked: '\"hub\"'\n", "utf-8")
    async with coding(root) as (pilot, _):
        await type_keys(pilot, f"<ctrl+p>{typed}<enter>")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert getattr(pilot.app.screen, "CONTEXT", "") == where


async def test_the_palette_changes_the_coder(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        await type_keys(pilot, "<ctrl+p>work as ben<enter>")
        assert screen.workspace.coder == "ben" and screen.session.coder == "ben"


@pytest.mark.parametrize(("line", "then"), [("try the illustrative study", ("demo",)), ("a new study", ())])
async def test_the_ways_of_the_welcome_are_there_for_the_mouse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, then: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    app = PostilApp(None, config=Config())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        rows = app.screen.query_one("Rows")
        y = next(y for y in range(rows.size.height) if line in rows.render_line(y).text)
        await pilot.click("Rows", offset=(20, y))
        await pilot.pause()
        assert app.then == then
        if not then:
            await type_keys(pilot, "A study<enter>")
            assert (tmp_path / "study.yaml").is_file()


def test_no_key_leads_to_two_places() -> None:
    keys = [key for action in ACTIONS if action.context == "everywhere" for key in action.keys]
    assert sorted(set(keys)) == sorted(keys)


def test_sequences_of_keys() -> None:
    keys = KeyMap("code")
    assert keys.press("g") == "" and keys.pending == "g" and keys.press("g") == "first"
    assert keys.press("g") == "" and keys.press("!") == "" and keys.pending == ""
    assert keys.press("s") == "select_sentence" and keys.press("ctrl+j") is None


async def test_theme(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        assert screen.ink.paper.dark
        await pilot.press("f9")
        await pilot.pause()
        assert not screen.ink.paper.dark and screen.app.theme == "postil-light"


# --- trouble --------------------------------------------------------------------------------------


async def test_outside_a_study_there_is_a_welcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = PostilApp(None, config=Config())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, WelcomeScreen)
        await type_keys(pilot, "nMy study<enter>")
        await pilot.pause()
        assert (tmp_path / "study.yaml").is_file()
        assert isinstance(app.screen, WhoScreen)


async def test_a_terminal_that_is_too_small_says_so(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        await pilot.resize_terminal(50, 12)
        await pilot.pause()
        assert isinstance(pilot.app.screen, SmallScreen)
        await pilot.resize_terminal(120, 36)
        await pilot.pause()
        assert screen.app.screen is screen
        screen.workspace.slots.use("trust")
        await pilot.press("1")
        assert codes(screen) == [(FIRST, ("trust",))]


async def test_an_unexpected_error_has_a_way_out(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        screen.app.trouble(RuntimeError("boom [bold]"))
        await pilot.pause()
        error = screen.app.screen
        assert isinstance(error, ErrorScreen)
        words = " ".join("".join(text for text, _ in line) for line in error.lines())
        assert "RuntimeError" in words and "saved" in words and "leave" in words
        await pilot.press("enter")
        await pilot.pause()
        screen.workspace.slots.use("trust")
        await pilot.press("1")
        assert codes(screen) == [(FIRST, ("trust",))]


async def test_a_transcript_that_is_not_there_is_said(tmp_path: Path) -> None:
    app = PostilApp(make_study(tmp_path), "I99", "ana", Config())
    async with app.run_test() as pilot:
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen) and "I99" in app.screen.said


async def test_a_turn_can_be_named(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path), transcript="I02:3") as (_, screen):
        assert screen.page.transcript.id == "I02"
        assert screen.page.selection.cursor == screen.page.transcript.turns[2].start


async def test_an_empty_study_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text("postil: 1\ntitle: Empty\n", "utf-8")
    app = PostilApp(tmp_path, coder="ana", config=Config())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        assert "i takes them in" in "".join(text for text, _ in app.screen.rows.empty)
        for key in ("enter", "D", "f3", "f4", "f5", "f6"):
            await pilot.press(key)
            await pilot.pause()


async def test_text_with_brackets_is_no_markup(tmp_path: Path) -> None:
    root = make_study(tmp_path, "P01:\nWe [red]said[/red] so. [link=x]And[/link] \\[more].\n")
    async with coding(root) as (pilot, screen):
        await type_keys(pilot, "sctru<enter>")
        row = "".join(cell.text for cell in screen.view.render_line(0))
        assert "We [red]said[/red] so. [link=x]And[/link] \\[more]." in row
        assert codes(screen)[0][0] == "We [red]said[/red] so."
