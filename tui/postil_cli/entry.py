"""The thin door: version and help at once, everything else through click.

``postil --help`` and ``postil --version`` are asked often and by machines; importing click for them would take
several times as long as Python itself takes to start. ``help.txt`` is generated from click's own text and a test
holds the two together.
"""

from __future__ import annotations

import sys

from postil_base.version import __version__


def main() -> int:
    """Run ``postil`` with the arguments of the process."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        sys.stdout.write(f"postil {__version__}\n")
        return 0
    if arguments in (["--help"], ["-h"]):
        with open(f"{__file__[:-8]}help.txt", encoding="utf-8") as file:  # noqa: PTH123  pathlib costs 5 ms here
            sys.stdout.write(file.read())
        return 0
    return _run(arguments)


def _run(arguments: list[str]) -> int:
    import gc

    # what is imported and read stays; looking through it again and again costs a tenth
    gc.set_threshold(20_000, 20, 20)
    from postil_cli.shortcut import app_call

    call = app_call(arguments)
    if call is not None:
        from pathlib import Path

        from postil_cli.failures import guarded
        from postil_cli.opening import open_app

        folder = Path(call.study) if call.study else None
        return guarded(lambda: open_app(folder, call.transcript, call.coder))
    from postil_cli.running import run

    gc.set_threshold(100_000, 20, 20)  # a command ends soon; in the app, whose keys must not wait, the heap stays small
    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
