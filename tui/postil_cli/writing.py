"""Where results go: a file named with ``--out``, else stdout."""

from __future__ import annotations

from pathlib import Path

from postil_base.problem import PostilError
from postil_base.quoting.terminal import without_controls
from postil_cli.common import say, write_stdout


def deliver(data: str | bytes, out: Path | None) -> None:
    """Write to the file or to stdout; pictures are not thrown at a terminal."""
    content = without_controls(data).encode("utf-8") if isinstance(data, str) else data
    if out is None:
        write_stdout(content)
        return
    from postil_base.atomic import write_bytes

    out.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(out, content)
    say(f"Written: {out}")


def need_file(what: str, out: Path | None) -> None:
    """Refuse to print binary data on a terminal."""
    import sys

    if out is None and sys.stdout.isatty():
        raise PostilError(f"{what} is no text for a terminal; name a file: --out FILE")
