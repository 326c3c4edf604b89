"""``postil new``: an empty study with a commented codebook."""

from __future__ import annotations

from pathlib import Path

import click

from postil_cli.common import say


@click.command("new")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--title", default=None, help="The study's title (default: the folder's name).")
@click.option("--coder", "coders", multiple=True, metavar="ID", help="A coder's id, for example ana; may be repeated.")
def command(folder: Path, title: str | None, coders: tuple[str, ...]) -> None:
    """Make an empty study with a commented codebook, ready for git."""
    from postil_study.new import create_study

    written = create_study(folder, title or folder.resolve().name, coders)
    for path in written:
        click.echo(path)
    say(
        f"A study is in {folder}. Next: cd {folder}, describe your codes in codebook/codebook.yaml, "
        "then postil import FILE… and postil code --coder YOU."
    )
