"""``postil demo``: the illustrative study laid down, and the main job run on it."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import click

from postil_base.problem import PostilError
from postil_cli.common import DATA_SAYS_NO, say
from postil_cli.opening import on_a_terminal, open_app
from postil_study import illustrative

TEXT_FORMATS = ("dot", "mermaid")
PICTURE_FORMATS = ("svg", "pdf", "png")
ENDINGS = {"mermaid": "mmd"}
WHAT = {
    "agreement.csv": "agreement per code",
    "agreement.xlsx": "agreement, one sheet a view",
    "decision-model.dot": "the diagram for Graphviz",
    "decision-model.mmd": "the diagram for Mermaid",
    "decision-model.pdf": "the decision diagram, for papers",
    "decision-model.png": "the decision diagram, as a picture",
    "decision-model.svg": "the decision diagram, with tooltips",
    "evidence.csv": "every piece of evidence behind it",
    "report.html": "all of it in one page: click an edge and read the words",
}


@click.command("demo")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path("postil-demo"))
@click.option("--app/--no-app", "app", default=None, help="Open the app at the end (default: when on a terminal).")
def command(folder: Path, app: bool | None) -> int:
    """Lay down the illustrative study in DIR and run the main job on it.

    Checks the study, prints how far the coders agree, and writes agreement, decision diagram and evidence into
    DIR/exports. Then the app opens, when there is a terminal.
    """
    lay_down(folder)
    if _run_main_job(folder):
        return DATA_SAYS_NO
    if app or (app is None and on_a_terminal()):
        return open_app(folder)
    say(f"\nTo code in the app:  cd {folder} && postil")
    return 0


def lay_down(folder: Path) -> None:
    """Copy the study into ``folder``, and say so."""
    if illustrative.lay_down(folder):
        say(f"The illustrative study (twelve invented interviews) is in {folder}.")
    else:
        say(f"The illustrative study is already in {folder}; it is kept as it is.")


def _run_main_job(folder: Path) -> int:
    """Check, agreement, model, report: the commands a person would type, so that the demo shows what they do."""
    exports = folder / "exports"
    exports.mkdir(exist_ok=True)
    at = ["--study", str(folder)]
    if _shown("check", *at) or _shown("agreement", *at):
        return DATA_SAYS_NO
    for kind in ("csv", "xlsx"):
        _quiet("agreement", *at, "--format", kind, "--out", str(exports / f"agreement.{kind}"))
    for kind in TEXT_FORMATS:
        _figure(kind, folder)
    _pictures(folder)
    _quiet("model", *at, "--evidence-table", "--out", str(exports / "evidence.csv"))
    _quiet("report", *at, "--out", str(exports / "report.html"))
    click.echo("\nWritten:")
    for file in sorted(exports.iterdir()):
        click.echo(f"  {file}  {file.stat().st_size / 1024:,.0f} kB  {WHAT.get(file.name, '')}".rstrip())
    return 0


def _figure(kind: str, folder: Path) -> None:
    file = folder / "exports" / f"decision-model.{ENDINGS.get(kind, kind)}"
    _quiet("model", "--study", str(folder), "--format", kind, "--out", str(file))


def _pictures(folder: Path) -> None:
    """Where nothing draws PDF and PNG, SVG, DOT and Mermaid are there and a sentence says what is missing."""
    from postil_model.drawing.rasterise import NotInstalledError

    try:
        for kind in PICTURE_FORMATS:
            _figure(kind, folder)
    except NotInstalledError as error:
        say(f"\nNo PDF and PNG: {error}.")


def _shown(*arguments: str) -> int:
    click.echo(f"\n$ postil {' '.join(arguments)}")
    from postil_cli.main import cli

    result = cli.main(list(arguments), prog_name="postil", standalone_mode=False)
    return result if isinstance(result, int) else 0


def _quiet(*arguments: str) -> None:
    """Run a command whose talk is of no interest here; what it cannot do is still an error."""
    from postil_cli.main import cli

    talk = io.StringIO()
    with contextlib.redirect_stderr(talk):
        result = cli.main(list(arguments), prog_name="postil", standalone_mode=False)
    if result:
        raise PostilError(talk.getvalue().strip())
