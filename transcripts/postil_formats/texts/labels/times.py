"""Times as transcripts write them, to milliseconds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise

from postil_base.late import LatePattern

_UNITS = (
    r"hours?|hrs?\.?|h|stunden?|std\.?|heures?|horas?|or[ae]|uur|tim(?:me|mar|er|e)|godzin[ay]?|時間|小时|小時|시간",
    r"minut(?:es?|en?|os?|i|er|ter|a|y)?|minuut|分钟|分鐘|分|분|mins?\.?|m",
    r"se[ck]onde?s?|sekunden?|sekund(?:er|a|y)?|seconden|segundos?|second[oi]|秒|초|secs?\.?|sek\.?|s",
)
_HOURS, _MINUTES, _SECONDS = (rf"(\d{{1,3}})\s?(?i:{unit})(?![^\W\d_])" for unit in _UNITS)
_AND = r"(?:,?\s(?:and\s|und\s|et\s|y\s|e\s)?|,)?"
_HALVES = r"(?:\s?[AaPp]\.?[Mm]\.?(?!\w))?"
# Clocks count on past 59 minutes (102:05), carry frames (00:01:02:15), halves of the day, f4's tenths (-5).
DIGITS = (
    rf"(?:\d{{1,3}}:[0-5]?\d:[0-5]\d[:;]\d{{2}}(?!\d)|"
    rf"(?:\d{{1,4}}:)?\d{{1,4}}:[0-5]\d(?:[.,]\d{{1,3}}|-\d(?=#))?(?![\d:]){_HALVES})"
)
_UNCAUGHT = re.compile(r"\((?!\?)")
# Two units or more: "5 minutes" is an answer, "5 minutes 2 seconds" a clock.
_WRITTEN_OUT = rf"(?:{_HOURS}{_AND}{_MINUTES}(?:{_AND}{_SECONDS})?|{_MINUTES}{_AND}{_SECONDS}|{_HOURS}{_AND}{_SECONDS})"
WRITTEN_OUT = _UNCAUGHT.sub("(?:", _WRITTEN_OUT)
_DECIMAL = r"\d{1,6}\.\d{1,3}\s?s(?!\w)"  # 12.5s
DIGITS = rf"(?:{DIGITS}|{_DECIMAL})"
TIME = rf"(?:{DIGITS}|{WRITTEN_OUT})"
TO = r"\s*(?:-{1,2}>|[-–—→]|\bto\b|\bbis\b)\s*"

# a number and what may begin a unit, twice: nothing else can hold a time in words
_TWO_UNITS = re.compile(r"\d\s?(?:[hmsuotgHMSUOTG]|[^\x00-\x7f]).*?\d\s?(?:[hmsuotgHMSUOTG]|[^\x00-\x7f])", re.DOTALL)
_IN_WORDS = LatePattern(WRITTEN_OUT)

_PARTS = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):([0-5]?\d)(?:[.,-](\d{1,3})|[:;]\d{2})?(?:\s?([AaPp])\.?[Mm]\.?)?")
_SPOKEN = LatePattern(rf"(?:{_HOURS})?{_AND}(?:{_MINUTES})?{_AND}(?:{_SECONDS})?")


class TimedPattern(LatePattern):
    """A pattern with `TIME` in it. Times in words make it ten times as large, and few texts have any: without them
    it matches by a form that knows digits alone.
    """

    @cached_property
    def _in_digits(self) -> re.Pattern[str]:
        return re.compile(self.pattern.replace(TIME, DIGITS), self.flags)

    def _for(self, text: str) -> re.Pattern[str]:
        return self.compiled if has_times_in_words(text) else self._in_digits

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        """The match at a place."""
        return self._for(text).match(text, start)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The match of the whole text."""
        return self._for(text).fullmatch(text)

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        """The first match."""
        return self._for(text).search(text, start)

    def finditer(self, text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """Every match between two places."""
        text = text if end is None else text[:end]
        return self._for(text).finditer(text, start)


@lru_cache(maxsize=1024)
def has_times_in_words(text: str) -> bool:
    """Whether a text has a time such as "1 minute 2 seconds"; several patterns are tried on each line."""
    return _TWO_UNITS.search(text) is not None and _IN_WORDS.search(text) is not None


def to_ms(text: str | None) -> int | None:
    """Milliseconds of ``m:ss``, ``mm:ss.mmm``, ``h:mm:ss,mmm`` or "1 minute 2 seconds"; None when it is no time.

    >>> to_ms("1:02:15"), to_ms("0:03"), to_ms("00:00:04,200"), to_ms("00:00:04-2"), to_ms("soon"), to_ms(None)
    (3735000, 3000, 4200, 4200, None, None)
    >>> to_ms("102:05"), to_ms("120:00.000"), to_ms("1 hour 0 minutes 5 seconds"), to_ms("1:02:03 PM")
    (6125000, 7200000, 3605000, 46923000)
    """
    if not text:
        return None
    match = _PARTS.fullmatch(text.strip())
    if match is None:
        return _spoken_ms(text.strip())
    hours, minutes, seconds, fraction, half = match.groups()
    if half and hours is None and int(minutes) <= 12:
        hours, minutes, seconds = minutes, seconds, "0"  # 10:02 AM
    hour = int(hours or 0)
    if half and hour <= 12:
        hour = hour % 12 + (12 if half in "Pp" else 0)
    whole = (hour * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))


def _spoken_ms(text: str) -> int | None:
    if re.fullmatch(_DECIMAL, text):
        return round(float(text.rstrip("s ")) * 1000)
    match = _SPOKEN.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    hours, minutes, seconds = (int(group or 0) for group in match.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000


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


def run_on(times: Sequence[int | None]) -> bool:
    """Whether times rise, and are not the same again and again.

    >>> run_on([1, 2, 2, 5]), run_on([9, 9, 9, 9]), run_on([9, 3])
    (True, False, False)
    """
    known = [time for time in times if time is not None]
    return mostly_rising(known) and len(set(known)) > len(known) / 2


def mostly_rising(times: list[int]) -> bool:
    """Whether times run on as a recording does, which may begin anew: 10:30 and then 9:00 are no clocks of one.

    >>> mostly_rising([1, 2, 2, 5]), mostly_rising([630000, 540000]), mostly_rising([])
    (True, False, True)
    """
    falls = sum(1 for a, b in pairwise(times) if b < a)
    return falls <= (len(times) - 1) // 4 if times else True
