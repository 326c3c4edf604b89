"""Where results go: a file named with ``--out``, else stdout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from postil_base.problem import PostilError
from postil_base.quoting.terminal import without_controls
from postil_cli.common import opened_root, say, write_stdout


def deliver(data: str | bytes, out: Path | None) -> None:
    """Write to the file or to stdout; pictures are not thrown at a terminal."""
    content = without_controls(data).encode("utf-8") if isinstance(data, str) else data
    if out is None:
        write_stdout(content)
    else:
        deliver_files({out: content})


def deliver_files(files: Mapping[Path, bytes]) -> None:
    """Write several files, once all of them may be written."""
    from postil_transcripts.outputs import write_output

    for out in files:
        check_out(out)
    for out, content in files.items():
        write_output(out, content, opened_root())
        say(f"Written: {out}")


def check_out(out: Path) -> None:
    """Refuse to write over a file of a study, or over what the command reads."""
    from postil_transcripts.outputs import check_output

    check_output(out, opened_root())
    context = click.get_current_context(silent=True)
    for path in _read(context) if context is not None else ():
        if out.resolve() == path.resolve() or (out.exists() and path.exists() and out.samefile(path)):
            raise PostilError(f"{out} is what this command reads; write the result into another file.")


def _read(context: click.Context) -> Iterator[Path]:
    """The files that a command was given to read."""
    for param in context.command.params:
        given: Any = context.params.get(param.name or "")
        if isinstance(param.type, click.Path) and param.name != "out":
            yield from (path for path in (given if isinstance(given, tuple) else (given,)) if isinstance(path, Path))


def check_early(_context: click.Context, _param: click.Parameter, out: Path | None) -> Path | None:
    """As the callback of ``--out``: refuse before anything is computed."""
    if out is not None:
        from postil_transcripts.outputs import check_output

        check_output(out)
    return out


def need_file(what: str, out: Path | None) -> None:
    """Refuse to print binary data on a terminal."""
    import sys

    if out is None and sys.stdout.isatty():
        raise PostilError(f"{what} is no text for a terminal; name a file: --out FILE")
