"""Finding in a text: plain words fold case; a regular expression is taken as it is."""

from __future__ import annotations

import re
from itertools import islice

from postil_base.patterns import compile_pattern

MOST = 5000
SECONDS = 0.3  # a search runs with each key


def hits(text: str, query: str, regex: bool) -> tuple[tuple[int, int], ...]:
    """Where the query stands; matches of nothing are left out.

    >>> hits("A model, Models", "model", regex=False), hits("a1 b22", "[0-9]+", regex=True)
    (((2, 7), (9, 14)), ((1, 2), (4, 6)))
    """
    if not query:
        return ()
    if regex:
        return tuple(islice(compile_pattern(query, seconds=SECONDS).spans(text), MOST))
    plain = re.compile(re.escape(query).replace("\\ ", r"\s+"), re.IGNORECASE)
    found = (match.span() for match in plain.finditer(text) if match.end() > match.start())
    return tuple(islice(found, MOST))
