"""Times as transcripts write them, to milliseconds."""

from __future__ import annotations

import re

TIME = r"(?:\d{1,3}:)?[0-5]?\d:[0-5]\d(?:[.,]\d{1,3}|-\d(?=#))?"

_PARTS = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):([0-5]?\d)(?:[.,-](\d{1,3}))?")


def to_ms(text: str | None) -> int | None:
    """Milliseconds of ``m:ss``, ``mm:ss.mmm`` or ``h:mm:ss,mmm``; None when it is no time.

    >>> to_ms("1:02:15"), to_ms("0:03"), to_ms("00:00:04,200"), to_ms("00:00:04-2"), to_ms("soon"), to_ms(None)
    (3735000, 3000, 4200, 4200, None, None)
    """
    match = _PARTS.fullmatch(text.strip()) if text else None
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups()
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))


def seconds_to_ms(value: object) -> int | None:
    """Milliseconds of a number of seconds; None for what is no sensible number.

    >>> seconds_to_ms(0.031), seconds_to_ms("12.9"), seconds_to_ms(None), seconds_to_ms(-1), seconds_to_ms(float("nan"))
    (31, 12900, None, None, None)
    """
    try:
        seconds = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return round(seconds * 1000) if 0 <= seconds < 1_000_000 else None


def ordered(start: int | None, end: int | None) -> tuple[int | None, int | None]:
    """A start and an end that can stand on a label line: no end without a start, none before it."""
    if start is None or (end is not None and end < start):
        return start, None
    return start, end
