"""Times in labels: the form of a pattern that knows digits alone finds what the whole one finds."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from postil_formats.texts.labels.clock_lines import INSIDE
from postil_formats.texts.labels.shapes import BARE, FALLBACKS, SHAPES
from postil_formats.texts.labels.stacks import CLOCK_LINE
from postil_formats.texts.labels.times import TIME, TimedPattern

TIMED = [p for p in (*SHAPES.values(), *FALLBACKS.values(), BARE, CLOCK_LINE, INSIDE) if isinstance(p, TimedPattern)]
PIECES = (
    *(
        "1 hour 2 minutes",
        "2 Stunden, 5 Minuten und 3 Sekunden",
        "1h 2m",
        "3m5s",
        "5 minutes",
        "2 or 3 models",
        "12.5s",
    ),
    *("1 時間 2 分", "2 мин 3", "1 hora y 3 min.", "4 MINUTES 5 SECONDS", "0:12", "1:02:03", "12:05 PM", "٣ 分٤ 秒"),
    *(
        "Dana Smith",
        "P07",
        "I",
        " ",
        "  ",
        "\t",
        "\n",
        ":",
        "：",
        "[",
        "]",
        "(",
        ")",
        "-",
        " to ",
        " - ",
        "|",
        "We said so.",
    ),
    *("1", "20", "ſ", "s", "min", "hours", ",", " and ", "#", ">", "→", "「", "12.5s"),
)
texts = st.lists(st.sampled_from(PIECES), max_size=9).map("".join) | st.text(max_size=30)


def found(match: re.Match[str] | None) -> object:
    return None if match is None else (match.span(), match.groupdict())


@given(texts, st.integers(0, 5), st.integers(0, 60))
@example("Dana (1 minute 2 seconds): We took it.", 0, 60)
@example("[1 hour 2 minutes] Dana", 0, 60)
@example("Dana 3 minutes 4 secondsight", 0, 20)
def test_times_in_words_are_found_as_by_the_whole_pattern(text: str, start: int, end: int) -> None:
    for pattern in TIMED:
        whole = re.compile(pattern.pattern, pattern.flags)
        assert found(pattern.match(text, start)) == found(whole.match(text, start))
        assert found(pattern.search(text, start)) == found(whole.search(text, start))
        assert found(pattern.fullmatch(text)) == found(whole.fullmatch(text))
        ours, theirs = pattern.finditer(text, start, end), whole.finditer(text, start, end)
        assert [*map(found, ours)] == [*map(found, theirs)]


def test_every_such_pattern_has_a_time_in_it() -> None:
    assert len(TIMED) > 8
    assert all(TIME in pattern.pattern for pattern in TIMED)
