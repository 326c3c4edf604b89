"""The click group. Each command's module is imported when the command is called."""

from __future__ import annotations

from importlib import import_module

import click

from postil_base.version import __version__
from postil_cli.catalogue import COMMANDS, PROGRAM_HELP

CONTEXT = {"help_option_names": ["-h", "--help"], "terminal_width": 96, "max_content_width": 96}


class LazyGroup(click.Group):
    """A group that knows its commands by name and loads one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the catalogue, which is the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module and return its ``command``."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"postil_cli.commands.{COMMANDS[cmd_name][0]}")
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown name ends with the nearest known one."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            from difflib import get_close_matches

            near = get_close_matches(name, COMMANDS, n=1)
            hint = f"Did you mean {near[0]}? " if near else ""
            ctx.fail(f"there is no command {name!r}. {hint}postil --help lists them.")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the catalogue, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings=CONTEXT, help=PROGRAM_HELP)
@click.version_option(__version__, prog_name="postil", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Open the app when no command is named."""
    if ctx.invoked_subcommand is None:
        from postil_cli.opening import open_app

        raise SystemExit(open_app())
