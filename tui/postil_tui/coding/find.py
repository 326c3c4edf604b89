"""Finding in a text: plain words fold case; a regular expression is taken as it is."""

from __future__ import annotations

import re

from postil_base.problem import PostilError

MOST = 5000


def hits(text: str, query: str, regex: bool) -> tuple[tuple[int, int], ...]:
    """Where the query stands; matches of nothing are left out.

    >>> hits("A model, Models", "model", regex=False), hits("a1 b22", "[0-9]+", regex=True)
    (((2, 7), (9, 14)), ((1, 2), (4, 6)))
    """
    if not query:
        return ()
    try:
        pattern = re.compile(query if regex else re.escape(query).replace("\\ ", r"\s+"), re.IGNORECASE)
    except re.error as error:
        raise PostilError(f"this is no regular expression: {error}") from error
    found: list[tuple[int, int]] = []
    for match in pattern.finditer(text):
        if match.end() > match.start():
            found.append(match.span())
        if len(found) >= MOST:
            break
    return tuple(found)
