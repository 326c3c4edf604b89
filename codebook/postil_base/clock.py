"""Time as it is written into records: UTC seconds, from a clock that tests can set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The computer's time, in UTC."""
    return datetime.now(UTC)


def utc_now(clock: Clock = system_clock) -> str:
    """Now, as it stands in records.

    >>> utc_now(lambda: datetime(2026, 11, 2, 10, 20, 30, tzinfo=UTC))
    '2026-11-02T10:20:30Z'
    """
    return clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc_today(clock: Clock = system_clock) -> str:
    """Today's date in UTC.

    >>> utc_today(lambda: datetime(2026, 11, 2, 10, 20, 30, tzinfo=UTC))
    '2026-11-02'
    """
    return utc_now(clock)[:10]


def moment(text: str) -> datetime | None:
    """The moment of a time as records and git write it; a day is its beginning in UTC, nothing readable is None.

    >>> moment("2026-11-02T10:20:30Z") == moment("2026-11-02T11:20:30+01:00"), moment("soon")
    (True, None)
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
