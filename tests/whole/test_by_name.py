"""What is imported by a name in a string is there: no tool sees such a name, and nobody would miss a file that moved.

Four tables do it: the screens, the readers of transcripts and their plain second ones, the commands. Programs that are
started by a module's name are here too.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import click
import pytest

import postil_tui
from postil_cli.catalogue import COMMANDS
from postil_cli.main import cli
from postil_formats.texts.readers import FORMATS, reader_of
from postil_formats.texts.second_reading.plain import READERS
from postil_tui.shell.actions import ACTIONS
from postil_tui.shell.screens.base import PostilScreen
from postil_tui.shell.screens.places import _PLACES, WAYS, make_place
from postil_tui.shell.workspace import Workspace
from tests.tui_study import make_study

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("codebook", "transcripts", "model", "tui")


def sources() -> dict[str, str]:
    """Every module of the product by its dotted name."""
    found = {}
    for room in ROOMS:
        for file in sorted((ROOT / room).glob("postil_*/**/*.py")):
            parts = file.relative_to(ROOT / room).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file.read_text("utf-8")
    return found


def test_these_are_all_the_tables() -> None:
    """A new one belongs into this file."""
    by_name = re.compile(r"\b(import_module|__import__|find_spec)\(|\bimportlib\.import_module\b")
    assert {name for name, text in sources().items() if by_name.search(text)} == {
        "postil_tui.shell.screens.places",
        "postil_formats.texts.readers",
        "postil_formats.texts.second_reading.plain",
        "postil_cli.main",
    }


@pytest.mark.parametrize("name", list(_PLACES))
def test_every_screen_is_made(name: str, tmp_path: Path) -> None:
    screen = make_place(name, Workspace(make_study(tmp_path / "study")))
    assert type(screen).__name__ == _PLACES[name][1]


def test_every_way_is_an_action_and_leads_to_a_screen() -> None:
    assert set(WAYS.values()) <= set(_PLACES)
    assert set(WAYS) <= {action.id for action in ACTIONS}


def test_every_screen_one_can_go_to_is_in_the_table() -> None:
    """All but what others build on, and the one that is there before there is a study."""
    found = set()
    for module in pkgutil.walk_packages(postil_tui.__path__, "postil_tui."):
        here = importlib.import_module(module.name)
        for kind in vars(here).values():
            if isinstance(kind, type) and issubclass(kind, PostilScreen) and kind.__module__ == here.__name__:
                found.add((module.name.removeprefix("postil_tui."), kind.__name__))
    assert set(_PLACES.values()) <= found
    assert {kind for _, kind in found - set(_PLACES.values())} == {
        "PostilScreen",
        "CodeParts",
        "ListScreen",
        "WelcomeScreen",
    }


@pytest.mark.parametrize("suffix", list(FORMATS))
def test_every_reader_is_there(suffix: str) -> None:
    reader = reader_of(suffix)
    assert callable(reader) and reader.__module__ == f"postil_formats.texts.{FORMATS[suffix][0]}"


@pytest.mark.parametrize("suffix", list(READERS))
def test_every_plain_reader_is_there(suffix: str) -> None:
    module, function = READERS[suffix]
    reader = getattr(importlib.import_module(f"postil_formats.texts.second_reading.{module}"), function)
    assert callable(reader) and suffix in FORMATS


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_is_there_with_those_below_it(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert isinstance(command, click.Command)
    below = command.commands.values() if isinstance(command, click.Group) else ()
    for each in (command, *below):
        assert each.get_help(click.Context(each))
        assert each.callback is not None


def test_every_program_started_by_its_name_is_a_module() -> None:
    modules = sources()
    started = {name for text in modules.values() for name in re.findall(r'"-m", "(postil_[\w.]+)"', text)}
    assert started == {"postil_cli.entry", "postil_model.findings.query.child"}
    assert all('if __name__ == "__main__":' in modules[name] for name in started)


def test_the_console_script_is_there() -> None:
    script = re.search(r'^postil = "([\w.]+):(\w+)"$', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert script is not None
    assert callable(getattr(importlib.import_module(script[1]), script[2]))
