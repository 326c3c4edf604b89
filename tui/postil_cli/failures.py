"""What a person reads when something fails: one sentence and an exit code, never a traceback. Click-free on purpose."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from postil_base.problem import PostilError

DONE, DATA_SAYS_NO, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


def say(message: str) -> None:
    """Talk to the person: stderr, so that stdout stays data."""
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


def guarded(act: Callable[[], int]) -> int:
    """Do something and return its exit code; what fails says so."""
    try:
        return act()
    except KeyboardInterrupt:
        return stopped()
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
