"""The documentation says what the program does."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import click
import pytest

from postil_cli import catalogue, main

ROOT = Path(__file__).resolve().parents[2]


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_help_text_is_what_click_prints() -> None:
    made = generator()
    assert made.HELP.read_text(encoding="utf-8") == made.help_text(main.cli, "postil"), "run: make docs"


def test_commands_page_is_fresh() -> None:
    made = generator()
    assert made.COMMANDS.read_text(encoding="utf-8") == made.commands_page(), "run: make docs"


@pytest.mark.parametrize("name", list(catalogue.COMMANDS))
def test_command_is_loaded_and_described(name: str) -> None:
    context = click.Context(main.cli, info_name="postil")
    command = main.cli.get_command(context, name)
    assert command is not None
    assert command.name == name
    assert command.help, "every command says what it does"
    assert all(p.help for p in command.params if isinstance(p, click.Option)), "every option has a line of help"


def test_every_command_module_is_in_the_catalogue() -> None:
    modules = {p.stem for p in (ROOT / "tui" / "postil_cli" / "commands").glob("*.py")} - {"__init__"}
    commands = {module for module, _ in catalogue.COMMANDS.values()}
    helpers = {m for m in modules if m.startswith("_")}
    assert modules - helpers == commands
