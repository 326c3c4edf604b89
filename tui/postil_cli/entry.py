"""The thin door: version and help at once, everything else through click.

``postil --help`` and ``postil --version`` are asked often and by machines; importing click for them would take
several times as long as Python itself takes to start. ``help.txt`` is generated from click's own text and a test
holds the two together.
"""

from __future__ import annotations

import sys
from typing import NoReturn

from postil_base.version import __version__


def main() -> int:
    """Run ``postil`` with the arguments of the process."""
    try:
        return _main()
    except KeyboardInterrupt:  # while the program was loading: nothing was begun
        from postil_cli.failures import interrupted

        return interrupted()


def _main() -> int:
    _open_streams()
    arguments = sys.argv[1:]
    if isinstance(sys.stdout, _Closed) and arguments[:1] in (["--version"], ["--help"], ["-h"]):
        return 1
    if arguments == ["--version"]:
        sys.stdout.write(f"postil {__version__}\n")
        return 0
    if arguments in (["--help"], ["-h"]):
        with open(f"{__file__[:-8]}help.txt", encoding="utf-8") as file:  # noqa: PTH123  pathlib costs 5 ms here
            sys.stdout.write(file.read())
        return 0
    return _run(arguments)


class _Closed:
    """Stands for a standard output that was closed before the program began: writing to it is refused in a sentence."""

    encoding, errors, closed = "utf-8", "strict", False

    def write(self, text: str | bytes) -> int:
        if text:
            self._refuse()
        return 0

    def flush(self) -> None:
        """Nothing waits."""

    def isatty(self) -> bool:
        return False

    @property
    def buffer(self) -> _Closed:
        return self

    def fileno(self) -> int:
        self._refuse()

    def _refuse(self) -> NoReturn:
        from postil_base.problem import PostilError

        raise PostilError("standard output is closed, so the answer went nowhere. Write it into a file with --out.")


def _open_streams() -> None:
    """Python has None for a stream that is closed; messages then go nowhere, and answers are refused."""
    if sys.stderr is None:
        sys.stderr = open("/dev/null" if sys.platform != "win32" else "NUL", "w")  # noqa: PTH123, SIM115
    if sys.stdout is None:
        sys.stdout = _Closed()


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
