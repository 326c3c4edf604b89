"""Writes what is generated from the program: docs/commands.md, docs/schemas/ and the text behind ``postil --help``.

Run it with ``make docs``; a test says when it is due.
"""

from __future__ import annotations

from pathlib import Path

import click

from postil_cli import catalogue, main
from postil_study.schemas import made as schemas

ROOT = Path(__file__).resolve().parents[1]
HELP = ROOT / "tui" / "postil_cli" / "help.txt"
COMMANDS = ROOT / "docs" / "commands.md"
SCHEMAS = ROOT / "docs" / "schemas"

HEADER = """# Commands

Generated from the program (`make docs`). stdout is data, stderr is talk. Exit codes: 0 done, 1 the check or the data
says no, 2 wrong usage. Every command that answers knows `--json`.
"""


def help_text(command: click.Command, name: str) -> str:
    """What ``NAME --help`` prints, whatever was asked of the command before: click keeps its help option."""
    if hasattr(command, "_help_option"):
        command._help_option = None
    with click.Context(command, info_name=name, **main.CONTEXT) as context:
        return command.get_help(context) + "\n"


def sections(command: click.Command, name: str) -> str:
    """The section of one command and, below it, those of its sub-commands."""
    text = f"## {name}\n\n```\n{help_text(command, name)}```\n"
    if isinstance(command, click.Group) and command is not main.cli:
        for sub, child in sorted(command.commands.items()):
            text += "\n" + sections(child, f"{name} {sub}")
    return text


def commands_page() -> str:
    """The whole of docs/commands.md."""
    context = click.Context(main.cli, info_name="postil")
    parts = [HEADER, sections(main.cli, "postil")]
    for name in catalogue.COMMANDS:
        command = main.cli.get_command(context, name)
        assert command is not None
        parts.append(sections(command, f"postil {name}"))
    return "\n".join(parts)


if __name__ == "__main__":
    HELP.write_text(help_text(main.cli, "postil"), encoding="utf-8")
    COMMANDS.write_text(commands_page(), encoding="utf-8")
    for name in schemas.NAMES:
        (SCHEMAS / schemas.schema_file(name)).write_text(schemas.schema_text(name), encoding="utf-8")
