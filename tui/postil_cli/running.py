"""Running a command so that no traceback reaches a person."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from postil_base.problem import PostilError
from postil_cli.common import DATA_SAYS_NO, WRONG_USAGE, say
from postil_cli.main import cli

INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code: 0 done, 1 the check or the data says no, 2 wrong usage."""
    try:
        result = cli.main(list(arguments), prog_name="postil", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        error.show()
        return WRONG_USAGE if isinstance(error, click.UsageError) else DATA_SAYS_NO
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except (click.Abort, KeyboardInterrupt):
        say("postil: stopped; nothing more was written.")
        return INTERRUPTED
    except BrokenPipeError:
        return _reader_left()
    except PostilError as error:
        say(f"postil: {error}")
        return DATA_SAYS_NO
    except OSError as error:
        say(f"postil: {_disk_trouble(error)}")
        return DATA_SAYS_NO
    except Exception as error:
        return _unexpected(error)


def _reader_left() -> int:
    """The program we were piped into has ended; that is its right. Keep Python from complaining at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _disk_trouble(error: OSError) -> str:
    from postil_base.quoting.terminal import terminal

    name = f"{error.filename}: " if error.filename else ""
    return terminal(f"{name}{error.strerror or error}. Check that the file is there and may be read and written.")


def _unexpected(error: Exception) -> int:
    """Keep the details in a file, and tell in one sentence where."""
    with tempfile.NamedTemporaryFile("w", prefix="postil-error-", suffix=".txt", delete=False, encoding="utf-8") as f:
        traceback.print_exception(error, file=f)
    say(
        f"postil: something went wrong that Postil did not expect ({type(error).__name__}). "
        f"Nothing half-done was left in the study. The details are in {Path(f.name)}; please send them to the makers."
    )
    return DATA_SAYS_NO
