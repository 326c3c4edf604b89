"""JSON Lines, under their own suffix and under .json: a value a line, an utterance each."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from postil_base.problem import PostilError
from postil_formats.texts.readers import ReadOptions, read_source
from postil_formats.texts.second_reading import compare

SAID = [("A", "How did you pick it?"), ("B", "We asked."), ("A", "And was it fine?"), ("B", "Not really.")]
ENTRIES: dict[str, Callable[[int, str, str], dict[str, Any]]] = {
    "speaker and text": lambda n, who, words: {"speaker": who, "text": words, "start": 3 * n, "end": 3 * n + 2},
    "words with speakers": lambda n, who, words: {
        "words": [{"word": word, "speaker": who, "start": 3 * n + i / 5} for i, word in enumerate(words.split())]
    },
    "objects": lambda n, who, words: {"speaker": {"name": who}, "text": words},
    "other keys beside": lambda n, who, words: {"id": n, "speaker": who, "text": words, "confidence": 0.9},
}


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("suffix", ["json", "jsonl", "ndjson"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
def test_a_line_is_an_utterance(entry: str, suffix: str, end: str) -> None:
    lines = [json.dumps(ENTRIES[entry](n, who, words)) for n, (who, words) in enumerate(SAID)]
    data = (end.join(lines) + end).encode()
    made = read_source(data, f"a.{suffix}")
    assert [(turn.label, turn.text) for turn in made.turns] == SAID
    assert compare(data, f"a.{suffix}", made, ReadOptions()).all == ()


def test_a_broken_line_is_named_with_its_number() -> None:
    with pytest.raises(PostilError, match=r"a\.jsonl, line 2"):
        read_source(b'{"speaker": "A", "text": "How did"}\n{"speaker": "B", "text": \n', "a.jsonl")


def test_what_is_no_json_at_all_is_still_refused() -> None:
    with pytest.raises(PostilError, match="not sound JSON"):
        read_source(b"Dana: How?\nOtis: Well.\n", "a.json")
