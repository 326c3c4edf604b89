"""Plain readings of JSON: the strings under keys that hold speech, and any other string of four words or more.

Programs write the same words several times (the whole text, the segments, the words one by one). Strings that lie
under the same keys are one reading of the speech; the longest is what has to be stored, another counts only if it has
other words.
"""

from __future__ import annotations

import json as json_module
from collections.abc import Iterator, Sequence
from typing import Any

from postil_formats.texts.decoding import decode
from postil_formats.texts.recognised import ReadOptions
from postil_formats.texts.second_reading.plain import Part
from postil_formats.texts.second_reading.words import gaps, words_of

_WORDS = """text transcript sentence raw_text display display_text utterance content caption line body phrase word value
    punctuated_word speech said message transcription spokentext spoken_text words"""
SPEECH = frozenset(word for word in _WORDS.split() if word)
_LISTED = ("speakers", "speaker_names", "speaker_map", "speaker_mapping", "speakermap", "participants")
_SPEAKERS = ("speaker_name", "speakerName", "speakerDesignation", "speaker", "speaker_label")
_PAUSE = 0.8  # seconds
_FEW = 4  # words of a string under another key
_SAME = 0.02  # share of words that another reading may have beyond the first

Reading = list[tuple[str, str]]


def json(data: bytes, name: str, options: ReadOptions) -> Sequence[Part]:
    """The longest reading, and what other strings have beyond it."""
    readings: dict[str, Reading] = {}
    content = _content(decode(data, name, options.encoding).text)
    channels = _channels(content)
    if channels:
        return [Part(text) for _, text in sorted(channels)]
    names = dict(_names(content, 0))
    for path, text, speaker in _strings(content, "", "", "", 0):
        readings.setdefault(path, []).append((text, names.get(speaker, speaker)))
    words = {path: words_of("\n".join(text for text, _ in reading)) for path, reading in readings.items()}
    if not words:
        return []
    speech = [path for path in words if path.rpartition(".")[2].lower() in SPEECH] or list(words)
    most = max(len(words[path]) for path in speech)
    near = [path for path in speech if len(words[path]) >= 0.9 * most]
    first = max(near, key=lambda path: (any(who for _, who in readings[path]), len(words[path])))
    others = [path for path in readings if path != first and not _again(words[path], words[first])]
    return [Part(text, speaker) for path in (first, *others) for text, speaker in readings[path]]


def _content(text: str) -> Any:
    """The value of a file, or those of its lines."""
    try:
        return json_module.loads(text)
    except ValueError:
        return [json_module.loads(line) for line in text.split("\n") if line.strip()]


def _channels(content: Any) -> list[tuple[float, str]]:
    """Several channels of words without speakers: what is said up to a pause in each, and when it begins."""
    results = content.get("results") if isinstance(content, dict) else None
    channels = results.get("channels") if isinstance(results, dict) else None
    made: list[tuple[float, str]] = []
    try:
        for channel in channels if isinstance(channels, list) and len(channels) > 1 else ():
            last = -1.0
            for word in channel["alternatives"][0]["words"]:
                if word.get("speaker") is not None:
                    return []
                spoken = str(word.get("punctuated_word") or word["word"])
                start, end = float(word["start"]), float(word["end"])
                if last >= 0 and start - last < _PAUSE:
                    made[-1] = (made[-1][0], f"{made[-1][1]} {spoken}")
                else:
                    made.append((start, spoken))
                last = end
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return []
    return made


def _names(value: Any, depth: int) -> Iterator[tuple[str, str]]:
    """Ids of speakers and their names, where a file lists them apart."""
    for key, inner in value.items() if isinstance(value, dict) and depth < 4 else ():
        if str(key).lower() not in _LISTED:
            yield from _names(inner, depth + 1)
            continue
        listed = (
            inner.items()
            if isinstance(inner, dict)
            else [(None, one) for one in (inner if isinstance(inner, list) else ())]
        )
        for number, one in listed:
            known = one if isinstance(one, dict) else {"name": one}
            name = known.get("name") or known.get("label") or known.get("display_name")
            ids = [known[part] for part in ("id", "key", "speaker", "speaker_id") if part in known]
            if isinstance(name, str) and (ids or number is not None):
                yield str(number if number is not None else ids[0]), " ".join(name.split())


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
    if who and others - {who}:
        return "?"
    return f"Speaker {who}" if str(who).isdecimal() else str(who)
