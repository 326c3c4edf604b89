"""The question a passage answers: what the interviewer asked before it."""

from __future__ import annotations

import re

from postil_study.text.values import Transcript, Turn

_MARK = re.compile("[?？؟]")


def question_turn(transcript: Transcript, turn: Turn | None) -> Turn | None:
    """The interviewer's turn that a participant's turn answers; an "Oh." in between is none."""
    if turn is None or transcript.speaker(turn).role != "participant":
        return None
    nearest: Turn | None = None
    for index in range(turn.index - 1, -1, -1):
        earlier = transcript.turns[index]
        if transcript.speaker(earlier).role == "interviewer":
            if _MARK.search(transcript.text, earlier.start, earlier.end):
                return earlier
            nearest = nearest or earlier
    return nearest


def question(transcript: Transcript, turn: Turn | None, room: int = 400) -> str:
    """The words of the question on one line; of a long one the end, where the question mark is."""
    asked = question_turn(transcript, turn)
    text = " ".join(transcript.text[asked.start : asked.end].split()) if asked else ""
    return text if len(text) <= room else f"… {text[-room:].split(' ', 1)[-1]}"
