"""``postil schema``: JSON Schemas of the files people write, for editors that complete and check while typing."""

from __future__ import annotations

from pathlib import Path

import click

from postil_cli.common import open_study_here, say, study_option
from postil_cli.output.writing import check_early, deliver, deliver_files


@click.command("schema")
@click.argument("name", metavar="[NAME]", required=False)
@click.option("--add", is_flag=True, help="Put the schemas into the study and name them in its files.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    callback=check_early,
    help="The file to write, or without NAME the folder.",
)
@study_option
def command(name: str | None, add: bool, out: Path | None, study_folder: Path | None) -> None:
    """JSON Schemas of study.yaml, codebook, process, findings, themes and transcripts.yaml.

    With them an editor with a YAML language server (VS Code, Neovim, Emacs, JetBrains) completes keys, shows what they
    mean and underlines what is wrong while you type. --add puts them into the study's folder schemas/ and a line
    `# yaml-language-server: $schema=…` at the top of its files, which works offline and for everybody who clones it.
    They say what `postil check` says of the form of a file; only check knows whether names lead somewhere.
    """
    from postil_study.schemas.made import NAMES, add_schemas, schema_file, schema_text

    if add:
        written = add_schemas(open_study_here(study_folder))
        say("\n".join(f"Written: {path}" for path in written) or "The schemas are there already, and up to date.")
    elif name:
        deliver(schema_text(name), out)
    elif out is not None:
        deliver_files({out / schema_file(each): schema_text(each).encode("utf-8") for each in NAMES})
    else:
        click.echo("\n".join(NAMES))
