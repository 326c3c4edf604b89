"""Running a command so that no traceback reaches a person."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from postil_cli.failures import DATA_SAYS_NO, WRONG_USAGE, guarded, stopped
from postil_cli.main import cli


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code: 0 done, 1 the check or the data says no, 2 wrong usage."""
    return guarded(lambda: _run(arguments))


def _run(arguments: Sequence[str]) -> int:
    try:
        result = cli.main(list(arguments), prog_name="postil", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        error.show()
        return WRONG_USAGE if isinstance(error, click.UsageError) else DATA_SAYS_NO
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.Abort:
        return stopped()
