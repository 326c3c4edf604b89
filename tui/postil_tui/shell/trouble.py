"""When something goes wrong that nobody expected: a report in a file, and one sentence for the person."""

from __future__ import annotations

import tempfile
import traceback
from pathlib import Path


def write_report(error: BaseException) -> Path | None:
    """Keep the details of an error in a file; None if even that cannot be done."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="postil-error-", suffix=".txt", delete=False, encoding="utf-8"
        ) as file:
            traceback.print_exception(error, file=file)
            return Path(file.name)
    except OSError:
        return None


def sentence(error: BaseException, report: Path | None) -> str:
    """What happened, for a person."""
    where = f" The details are in {report}; please send them to the makers." if report else ""
    return (
        f"Something went wrong that Postil did not expect ({type(error).__name__}). "
        f"What you coded is saved as you go, so nothing is lost.{where}"
    )
