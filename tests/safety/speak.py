"""Runs many command lines of ``postil`` in one process, so that all they say goes to the terminal it was started in."""

from __future__ import annotations

import sys
from pathlib import Path

from postil_cli.running import run


def main() -> None:
    for number, line in enumerate(Path(sys.argv[1]).read_text("utf-8").split("\n")):
        run(line.split())
        sys.stdout.write(f"[done: {number}]\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
