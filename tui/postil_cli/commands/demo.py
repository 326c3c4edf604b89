"""``postil demo``: the illustrative study laid down, and the main job run on it."""

from __future__ import annotations

import contextlib
import io
import shutil
from pathlib import Path

import click

from postil_base.problem import PostilError
from postil_cli.common import DATA_SAYS_NO, say
from postil_cli.opening import on_a_terminal, open_app

PARTS = ("study.yaml", "codebook", "transcripts", "codings", "memos", "charts", "rounds")
KINDS = {".yaml", ".txt", ".jsonl", ".md"}
FIGURE_FORMATS = ("svg", "pdf", "png", "dot", "mermaid")
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


def study_source() -> Path:
    """Where the illustrative study lies: inside the wheel, or at the root of a checkout."""
    here = Path(__file__).resolve().parents[1]
    for folder in (here / "demo_study", here.parents[1]):
        if (folder / "study.yaml").is_file():
            return folder
    raise PostilError("this installation came without the illustrative study; install Postil again from its wheel.")


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
    """Copy the study into ``folder``. A demo already there is kept as it is: someone may have coded in it."""
    source = study_source()
    if (folder / "study.yaml").is_file():
        if _study_id(folder) != _study_id(source):
            raise PostilError(f"{folder} holds another study; name an empty folder: postil demo DIR.")
        say(f"The illustrative study is already in {folder}; it is kept as it is.")
        return
    if folder.exists() and any(folder.iterdir()):
        raise PostilError(f"{folder} is not empty; name an empty or new folder: postil demo DIR.")
    for part in PARTS:
        for file in sorted(_files_of(source / part)):
            target = folder / file.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    _make_ready_for_git(folder)
    say(f"The illustrative study (twelve invented interviews) is in {folder}.")


def _files_of(part: Path) -> list[Path]:
    if part.is_file():
        return [part]
    return [f for f in part.rglob("*") if f.is_file() and f.suffix in KINDS and not _is_code(f)]


def _is_code(file: Path) -> bool:
    """In a checkout the packages lie beside the data."""
    return any(name.startswith("postil_") for name in file.parts[-4:-1])


def _make_ready_for_git(folder: Path) -> None:
    from postil_transcripts.new_study import write_git_files

    write_git_files(folder)


def _study_id(folder: Path) -> str:
    from postil_transcripts.study import open_study

    return open_study(folder).settings.id


def _run_main_job(folder: Path) -> int:
    """Check, agreement, model, report: the commands a person would type, so that the demo shows what they do."""
    exports = folder / "exports"
    exports.mkdir(exist_ok=True)
    at = ["--study", str(folder)]
    if _shown("check", *at) or _shown("agreement", *at):
        return DATA_SAYS_NO
    for kind in ("csv", "xlsx"):
        _quiet("agreement", *at, "--format", kind, "--out", str(exports / f"agreement.{kind}"))
    for kind in FIGURE_FORMATS:
        _quiet("model", *at, "--format", kind, "--out", str(exports / f"decision-model.{ENDINGS.get(kind, kind)}"))
    _quiet("model", *at, "--evidence-table", "--out", str(exports / "evidence.csv"))
    _quiet("report", *at, "--out", str(exports / "report.html"))
    click.echo("\nWritten:")
    for file in sorted(exports.iterdir()):
        click.echo(f"  {file}  {file.stat().st_size / 1024:,.0f} kB  {WHAT.get(file.name, '')}".rstrip())
    return 0


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
