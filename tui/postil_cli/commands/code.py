"""``postil code``: the app, opened on a transcript."""

from __future__ import annotations

from pathlib import Path

import click

from postil_cli.common import study_option
from postil_cli.opening import open_app


@click.command("code")
@click.argument("transcript", required=False)
@click.option("--coder", metavar="NAME", help="Who codes (default: your last one in this study, else the app asks).")
@study_option
def command(transcript: str | None, coder: str | None, study_folder: Path | None) -> int:
    """Open the app on TRANSCRIPT, or where you were last; TRANSCRIPT:14 opens it at its 14th turn."""
    return open_app(study_folder, transcript, coder)
