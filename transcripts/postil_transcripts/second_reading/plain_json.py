"""Plain readings of JSON: the strings under keys that hold speech, and any other string of four words or more."""

from __future__ import annotations

import json as json_module
from collections.abc import Iterator, Sequence
from typing import Any

from postil_transcripts.importers.decoding import decode
from postil_transcripts.importers.recognised import Options
from postil_transcripts.second_reading.plain import Part
from postil_transcripts.second_reading.words import words_of

SPEECH = frozenset({"text", "transcript", "sentence", "word", "punctuated_word", "value", "content", "display"})
SPEAKER = frozenset({"speaker", "speaker_name", "speakername", "speakerdesignation", "speaker_label"})
_LONG = 4


def json(data: bytes, name: str, options: Options) -> Sequence[Part]:
    """The longest list of entries with speech, in order."""
    return list(_parts(json_module.loads(decode(data, name, options.encoding).text), ""))


def _parts(value: Any, key: str) -> Iterator[Part]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _parts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _parts(inner, key)
    elif isinstance(value, str) and (key.lower() in SPEECH or len(words_of(value)) >= _LONG):
        yield Part(value)
