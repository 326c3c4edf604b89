"""A quote as it goes into a text: the question it answers, the words, who said them and where."""

from __future__ import annotations

from pathlib import Path

from postil_study.text.values import Transcript
from postil_tui.text.question import question, question_turn

FILE = "exports/copied-quotes.md"


def quote_with_source(transcript: Transcript, span: tuple[int, int]) -> str:
    """The question with who asked it, then the words with their source."""
    turn = transcript.turn_at(span[0])
    who = turn.label if turn else "?"
    number = turn.index + 1 if turn else 0
    quote = f"“{transcript.text[slice(*span)]}” ({who}, {transcript.id}, turn {number})"
    asked = question_turn(transcript, turn)
    return f"{asked.label}: {question(transcript, turn)}\n{quote}" if asked else quote


def append_quote(root: Path, transcript: Transcript, span: tuple[int, int]) -> tuple[str, int]:
    """Write the quote behind those already in the file; returns the file's path and how many there are now."""
    from postil_study.files.outputs import write_output

    path = root / FILE
    before = path.read_text("utf-8").rstrip("\n").split(_RULE) if path.exists() else []
    quotes = [*before, quote_with_source(transcript, span).replace("\n", "\n\n")]
    write_output(path, _RULE.join(quotes) + "\n", root)
    return FILE, len(quotes)


_RULE = "\n\n---\n\n"
