"""Plain readings of JSON: the strings under keys that hold speech, and any other string of four words or more.

Programs write the same words several times (the whole text, the segments, the words one by one). Strings that lie
under the same keys are one reading of the speech; the longest is what has to be stored, another counts only if it has
other words.
"""

from __future__ import annotations

import json as json_module
from collections.abc import Iterator, Sequence
from typing import Any

from postil_transcripts.importers.decoding import decode
from postil_transcripts.importers.recognised import Options
from postil_transcripts.second_reading.plain import Part
from postil_transcripts.second_reading.words import gaps, words_of

_WORDS = """text transcript sentence raw_text display display_text utterance content caption line body phrase word value
    punctuated_word speech said message transcription spokentext spoken_text words"""
SPEECH = frozenset(word for word in _WORDS.split() if word)
_SPEAKERS = ("speaker_name", "speakerName", "speakerDesignation", "speaker", "speaker_label")
_FEW = 4  # words of a string under another key
_SAME = 0.02  # share of words that another reading may have beyond the first

Reading = list[tuple[str, str]]


def json(data: bytes, name: str, options: Options) -> Sequence[Part]:
    """The longest reading, and what other strings have beyond it."""
    readings: dict[str, Reading] = {}
    for path, text, speaker in _strings(json_module.loads(decode(data, name, options.encoding).text), "", "", "", 0):
        readings.setdefault(path, []).append((text, speaker))
    words = {path: words_of("\n".join(text for text, _ in reading)) for path, reading in readings.items()}
    if not words:
        return []
    speech = [path for path in words if path.rpartition(".")[2].lower() in SPEECH] or list(words)
    most = max(len(words[path]) for path in speech)
    near = [path for path in speech if len(words[path]) >= 0.9 * most]
    first = max(near, key=lambda path: (any(who for _, who in readings[path]), len(words[path])))
    others = [path for path in readings if path != first and not _again(words[path], words[first])]
    return [Part(text, speaker) for path in (first, *others) for text, speaker in readings[path]]


def _again(words: Sequence[str], first: Sequence[str]) -> bool:
    """Whether words are those of the first reading once more, in their order."""
    missing = sum(gap.end - gap.start for gap in gaps(words, first))
    return missing <= _SAME * len(words)


def _strings(value: Any, path: str, key: str, speaker: str, depth: int) -> Iterator[tuple[str, str, str]]:
    if depth > 100:
        return
    if isinstance(value, dict):
        who = _speaker(value) or speaker
        for name, inner in value.items():
            yield from _strings(inner, f"{path}.{name}", str(name), who, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner, path, key, speaker, depth + 1)
    elif isinstance(value, str) and (key.lower() in SPEECH or len(value.split()) >= _FEW):
        yield path, value, "" if speaker == "?" else speaker


def _speaker(entry: dict[str, Any]) -> str:
    """The name beside the words; ``?`` when parts of the entry name other people."""
    who = next((entry[key] for key in _SPEAKERS if isinstance(entry.get(key), str)), "")
    inner = [part for value in entry.values() if isinstance(value, list) for part in value if isinstance(part, dict)]
    others = {part[key] for part in inner for key in _SPEAKERS if isinstance(part.get(key), str)}
    return "?" if who and others - {who} else str(who)
