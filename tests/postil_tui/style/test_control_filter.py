"""Nothing that a widget paints reaches the terminal as a control character."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.color import Color

from postil_tui.style.control_filter import OnlyText

BLACK = Color(0, 0, 0)


@given(st.lists(st.text(max_size=20), max_size=5))
def test_no_control_character_is_left(texts: list[str]) -> None:
    filtered = OnlyText().apply([Segment(text) for text in texts], BLACK)
    assert len(filtered) == len(texts)
    left = {unicodedata.category(sign) for segment in filtered for sign in segment.text}
    assert left.isdisjoint({"Cc", "Zl", "Zp"})


def test_an_escape_sequence_is_shown_and_its_style_stays() -> None:
    style = Style(bold=True)
    (one,) = OnlyText().apply([Segment("a\x1b[2Jb", style)], BLACK)
    assert "\x1b" not in one.text and one.text[0] == "a" and one.text[-1] == "b" and one.style is style


@pytest.mark.parametrize("steers", ["\x1b[31m", "\r", "\n", "\x07", "\x9b2J", "\u202e", "\u2066", "\u2028", "\x7f"])
def test_what_steers_a_terminal_or_turns_words_around_is_shown_as_a_sign(steers: str) -> None:
    (one,) = OnlyText().apply([Segment(f"a{steers}b")], BLACK)
    assert steers[0] not in one.text and len(one.text) == len(steers) + 2


def test_what_textual_sends_to_the_terminal_itself_stays() -> None:
    own = Segment("\x1b[H", None, [(ControlType.HOME,)])
    assert OnlyText().apply([own], BLACK) == [own]
