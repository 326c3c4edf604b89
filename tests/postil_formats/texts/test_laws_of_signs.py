"""Interviews with other signs for clocks and labels, read back: same turns, same words, same starts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.postil_formats.texts.test_laws import FEW, LAYOUTS, Spoken, check, hours, interviews, laid_out, past

ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
SIGNS: dict[str, Callable[[int], str]] = {
    "points": lambda seconds: hours(seconds).replace(":", "."),
    "hyphens": lambda seconds: hours(seconds).replace(":", "-"),
    "low lines": lambda seconds: hours(seconds).replace(":", "_"),
    "primes": lambda seconds: past(seconds).replace(":", "'"),
    "Arabic-Indic": lambda seconds: hours(seconds).translate(ARABIC),
    "time code": lambda seconds: f"TC {hours(seconds)}",
    "minutes behind": lambda seconds: f"{past(seconds)} min",
    "letters": lambda seconds: f"{seconds // 3600}h{seconds // 60 % 60:02}m{seconds % 60:02}s",
}


def like_a_date(text: str) -> bool:
    day, month, *_ = (int(part) for part in text.replace("-", ".").replace("_", ".").split("."))
    return 1 <= day <= 31 and 1 <= month <= 12


@pytest.mark.parametrize("signs", SIGNS)
@FEW
@given(talk=interviews(), layout=LAYOUTS)
def test_clocks(signs: str, talk: list[Spoken], layout: str) -> None:
    clock = SIGNS[signs]
    if signs in ("points", "hyphens", "low lines"):
        assume(not all(like_a_date(clock(turn.start)) for turn in talk))
    text = "\n\n".join("\n".join(lines) for lines in laid_out(talk, layout, clock)) + "\n"
    made = check(text.encode(), "a.txt", talk)
    if "clock" in layout:
        assert [turn.start_ms for turn in made.turns] == [turn.start * 1000 for turn in talk]


LABELS = ["{who} -> {text}", "{who} = {text}", "{who} > {text}", "{who} | {text}", "{who}\t{text}", "<{who}> {text}"]


@pytest.mark.parametrize("label", LABELS)
@FEW
@given(talk=interviews())
def test_labels(label: str, talk: list[Spoken]) -> None:
    assume(not any(sign in turn.who for turn in talk for sign in "|@/#"))  # other signs in the names themselves
    one = [Spoken(turn.who, turn.lines[:1], turn.start) for turn in talk]
    text = "\n".join(label.format(who=turn.who, text=turn.lines[0]) for turn in one) + "\n"
    check(text.encode(), "a.txt", one)


@FEW
@given(talk=interviews(), where=st.integers(1, 3), label=st.sampled_from(LABELS))
def test_who_speaks_once(talk: list[Spoken], where: int, label: str) -> None:
    assume(not any(sign in turn.who for turn in talk for sign in "|@/#"))
    one = [Spoken(turn.who, turn.lines[:1], turn.start) for turn in talk]
    one.insert(where, Spoken("Kim", ("May I add something?",), one[where - 1].start))
    text = "\n".join(label.format(who=turn.who, text=turn.lines[0]) for turn in one) + "\n"
    check(text.encode(), "a.txt", one)
