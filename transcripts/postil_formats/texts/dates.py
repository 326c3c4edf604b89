"""Dates of interviews as sources write them: offered to the person, never taken over unasked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

_MONTHS = {
    start: number
    for number, starts in enumerate(
        (
            "jan jän ene gen", "feb fév fev fèb", "mar mär mrt mars", "apr avr abr", "may mai mayo mag mei maj",
            "jun juin giu", "jul juil lug", "aug aoû ago août", "sep set", "oct okt ott out", "nov", "dec dez déc dic",
        ),
        1,
    )
    for start in starts.split()
}  # fmt: skip
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_WORD = r"(?P<month>[^\W\d_]{3,12})\.?"
_DAY = r"(?P<day>\d{1,2})"
_PATTERNS = (
    re.compile(rf"(?<!\d){_YEAR}[-_./](?P<month>\d\d?)[-_./]{_DAY}(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)"),
    re.compile(rf"(?<![\d.]){_DAY}\.\s?(?P<month>\d\d?)\.\s?{_YEAR}(?!\d)"),
    re.compile(
        rf"(?<!\d){_DAY}(?:st|nd|rd|th|\.|º)?(?:\s+(?:de|of))?[\s_-]+{_WORD}(?:\s+(?:de|del))?[,\s_-]+{_YEAR}(?!\d)"
    ),
    re.compile(rf"(?<![^\W_]){_WORD}[\s_-]+{_DAY}(?:st|nd|rd|th)?[,\s_-]+{_YEAR}(?!\d)"),
)
_SLASHED = re.compile(rf"(?<![\d/])(?P<one>\d{{1,2}})[/-](?P<two>\d{{1,2}})[/-]{_YEAR}(?!\d)")
_OF_THE_TALK = re.compile(r"record|interview|date|datum|fecha|data\b|datum|aufgenommen|aufnahme|enregistr|grabad", re.I)


def dates_offered(name: str, lines: Iterable[str]) -> tuple[str, ...]:
    """The dates in the lines above and below a talk, then those in its file's name, as YYYY-MM-DD, each once.

    Lines that speak of a recording or a date come first. Of ``5/12/2026`` nobody knows which is the month: it is
    offered only where one number can be no month.

    >>> dates_offered("Interview-01-20200703.docx", ["Version of 3 June 2020", "Recorded 12 May 2020"])
    ('2020-05-12', '2020-06-03', '2020-07-03')
    """
    ordered = sorted(lines, key=lambda line: _OF_THE_TALK.search(line) is None)
    return tuple(dict.fromkeys(found for text in (*ordered, name) for found in _dates(text[:2000])))


def _dates(text: str) -> Iterator[str]:
    places: list[tuple[int, str]] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            month = match["month"]
            number = int(month) if month.isdigit() else _month(month)
            places += [(match.start(), found) for found in _date(match["year"], number, match["day"])]
    for match in _SLASHED.finditer(text):
        one, two = int(match["one"]), int(match["two"])
        if (one > 12) != (two > 12) or one == two:
            month, day = (two, one) if one > 12 else (one, two)
            places += [(match.start(), found) for found in _date(match["year"], month, str(day))]
    yield from (found for _, found in sorted(places))


def _month(word: str) -> int:
    plain = word.casefold()
    return _MONTHS.get(plain[:4]) or _MONTHS.get(plain[:3]) or 0


def _date(year: str, month: int, day: str) -> Iterator[str]:
    try:
        yield date(int(year), month, int(day)).isoformat()
    except ValueError:
        return
