"""What the commands share: finding the study, plain tables, JSON, messages, exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_cli.failures import DATA_SAYS_NO as DATA_SAYS_NO
from postil_cli.failures import DONE as DONE
from postil_cli.failures import WRONG_USAGE as WRONG_USAGE
from postil_cli.failures import say as say

if TYPE_CHECKING:
    from postil_study.study import Study

_TELL_THEMSELVES = frozenset(("check", "merge"))  # commands that list what cannot be read
_ROOT = "postil_cli.study_root"  # the key under which click's context keeps the folder of the study
Function = TypeVar("Function", bound=Callable[..., Any])


def study_option(function: Function) -> Function:
    """Add ``--study DIR``; without it the study is searched upwards from the working directory."""
    option = click.option(
        "--study",
        "-C",
        "study_folder",
        type=click.Path(path_type=Path),
        default=None,
        metavar="DIR",
        help="The study's folder (default: the one you are in).",
    )
    return option(function)


def json_option(function: Function) -> Function:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout.")(function)


def study_root(folder: Path | None) -> Path:
    """The folder of the study meant; ends the command when there is none."""
    from postil_study.study import find_study

    start = folder or Path.cwd()
    root = find_study(start)
    if root is None:
        raise PostilError(
            f"there is no study in {start} (no study.yaml there or above). "
            "Go to a study's folder, name one with --study DIR, or make one: postil new DIR, postil demo."
        )
    return root


def open_study_here(folder: Path | None) -> Study:
    """Open the study meant by ``--study`` or by the working directory."""
    from postil_study.study import open_study

    study = open_study(study_root(folder))
    context = click.get_current_context(silent=True)
    if context is not None:
        context.meta[_ROOT] = study.root
        if context.info_name not in _TELL_THEMSELVES:
            context.call_on_close(lambda: _say_unread(study))
    if study.read_only:
        say(f"postil: {study.read_only}")
    _say_doubts(study)
    return study


def _say_unread(study: Study) -> None:
    """What could not be read in the layers that a command went through is in none of its numbers and words."""
    unread = study.unread()
    if unread:
        first = unread[0].place
        say(
            f"warning: {counted(len(unread), 'error')} in layers of codings, first in {first.path}:{first.line or 1}. "
            "Records that cannot be read count nowhere and are not told; see postil check."
        )


def _say_doubts(study: Study) -> None:
    """What is written of consent and cannot be read counts as no; whoever makes anything of the study is told."""
    settings = study.settings
    if settings.people_unread or any(person.doubt for person in settings.participants.values()):
        from postil_study.privacy.consent.purposes import doubts

        for doubt in doubts(study):
            say(f"warning: consent: {doubt}")


def say_consent(study: Study, told: Iterable[str] | None = None, screen: bool = False) -> None:
    """Say whose words an output withholds, and whose it tells though nobody wrote down whether they may be told.

    ``told`` are the participants whom it is about; None is everybody. ``screen``: the team's own, which shows all.
    """
    from postil_study.privacy.consent.purposes import warnings

    for warning in warnings(study, told, screen):
        say(f"warning: {warning}")


def opened_root() -> Path | None:
    """The folder of the study this command has opened; None before, and where none is opened."""
    context = click.get_current_context(silent=True)
    root: Path | None = context.meta.get(_ROOT) if context is not None else None
    return root


def fail(message: str, code: int = DATA_SAYS_NO) -> NoReturn:
    """End the command with a message on stderr."""
    say(f"postil: {message}")
    raise SystemExit(code)


def out_json(value: Any) -> None:
    """Print ``value`` as JSON on stdout: stable order as given, UTF-8, one final newline."""
    from postil_base.quoting.terminal import json_safe

    click.echo(json_safe(json_text(value)))


def json_text(value: Any, allow_nan: bool = True) -> str:
    """``value`` as JSON indented by two: the text of ``json.dumps``, sooner, as long answers are laid out in C."""
    import msgspec

    try:
        return msgspec.json.format(json.dumps(value, ensure_ascii=False, allow_nan=False), indent=2)
    except (ValueError, RecursionError, msgspec.MsgspecError):
        return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=allow_nan)


def write_stdout(data: bytes) -> None:
    """Write bytes to stdout as they are (pictures, spreadsheets)."""
    if sys.stdout.isatty():
        sys.stdout.write(data.decode("utf-8", "replace"))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> str:
    """Lay out a plain text table. ``right`` names the columns that are set flush right.

    >>> print(table(["code", "n"], [["find-ptm", "12"], ["trust", "3"]], right=[1]))
    code       n
    find-ptm  12
    trust      3
    """
    from postil_base.quoting.terminal import terminal

    lines = [[terminal(str(cell)) for cell in row] for row in [headers, *rows]]
    widths = [max(_width(line[i]) for line in lines) for i in range(len(headers))]
    flush = set(right)

    def laid(line: list[str]) -> str:
        cells = [
            " " * (widths[i] - _width(cell)) + cell if i in flush else cell + " " * (widths[i] - _width(cell))
            for i, cell in enumerate(line)
        ]
        return "  ".join(cells).rstrip()

    return "\n".join(laid(line) for line in lines)


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
