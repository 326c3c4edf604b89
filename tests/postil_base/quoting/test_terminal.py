"""What is shown of a text, character by character, whichever way round it is looked for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from postil_base.quoting import terminal as made
from postil_base.quoting.terminal import on_screen, terminal, without_controls

ODD = "aé·\n\r\t \x00\x1b\x7f\x85\x9b\u061c\u200e\u202e\u2028\u2069\ufeff\ufffa\ud800\xa0\xad"
TEXTS = st.text(st.sampled_from(ODD)) | st.text()


@given(TEXTS)
def test_looking_first_changes_nothing(text: str) -> None:
    assert terminal(text) == text.translate(made._SHOWN | dict.fromkeys(made._LINE_ENDS, "⏎"))
    assert on_screen(text) == text.replace("\r\n", "\n").translate(made._ON_SCREEN)
    assert without_controls(text) == "\r\n".join(part.translate(made._CONTROLS) for part in text.split("\r\n"))
