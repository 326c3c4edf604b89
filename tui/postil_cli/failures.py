"""What a person reads when something fails: one sentence and an exit code, never a traceback. Click-free on purpose."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from postil_base.problem import PostilError

DONE, DATA_SAYS_NO, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


def say(message: str) -> None:
    """Talk to the person: stderr, so that stdout stays data."""
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


class Guarded:
    """An output to which nothing is sent but text: words of other people never move a cursor or set a title.

    It stands in for ``sys.stdout`` and ``sys.stderr``. A pipe may end in a terminal, too; only bytes go as they are.
    """

    def __init__(self, stream: TextIO) -> None:
        self.raw = stream

    def write(self, text: str) -> int:
        """Show text, its control characters as signs."""
        from postil_base.quoting.terminal import on_screen, without_controls

        if not isinstance(text, str):
            raise TypeError("text is wanted; bytes go to the buffer")
        return self.raw.write(on_screen(text) if self.raw.isatty() else without_controls(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.raw, name)


@contextmanager
def guarded_terminal() -> Iterator[None]:
    """Guard stdout and stderr."""
    before: tuple[Any, Any] = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (stream and Guarded(stream) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def guarded(act: Callable[[], int]) -> int:
    """Do something and return its exit code; what fails says so, and a terminal gets nothing but text."""
    with guarded_terminal():
        return _answered(act)


def _answered(act: Callable[[], int]) -> int:
    try:
        return act()
    except KeyboardInterrupt:
        return interrupted()
    except BrokenPipeError:
        return _reader_left()
    except PostilError as error:
        say(f"postil: {error}")
    except OSError as error:
        say(f"postil: {_disk_trouble(error)}")
    except Exception as error:
        say(f"postil: {_unexpected(error)}")
    return DATA_SAYS_NO


def stopped() -> int:
    """The person stopped it."""
    say("postil: stopped; nothing more was written.")
    return INTERRUPTED


def interrupted() -> int:
    """The same by Ctrl+C, of which terminals show a sign: the sentence begins a line."""
    sys.stderr.write("\n")
    return stopped()


def _reader_left() -> int:
    """The program we were piped into has ended; that is its right. Keep Python from complaining at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def _disk_trouble(error: OSError) -> str:
    from postil_base.quoting.terminal import terminal

    name = f"{error.filename}: " if error.filename else ""
    return terminal(f"{name}{error.strerror or error}. Check that the file is there and may be read and written.")


def _unexpected(error: Exception) -> str:
    """Keep the details in a file, and tell in one sentence where."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="postil-error-", suffix=".txt", delete=False, encoding="utf-8") as f:
        traceback.print_exception(error, file=f)
    return (
        f"something went wrong that Postil did not expect ({type(error).__name__}). "
        f"Nothing half-done was left in the study. The details are in {f.name}; please send them to the makers."
    )
