"""One entry of a JSON transcript: its words, its speaker, its times, under whatever keys programs use for them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from postil_formats.texts.labels.times import seconds_to_ms, to_ms

TEXT_KEYS = (
    *("text", "transcript", "sentence", "raw_text", "display_text", "display", "utterance", "content", "caption"),
    *("spokentext", "spoken_text"),
    *("line", "body", "phrase", "punctuated_word", "word", "value", "speech", "said", "message", "transcription"),
)
INNER_KEYS = ("words", "elements", "items", "tokens", "sentences", "monologue")
SPEAKER_KEYS = (
    *("speaker_name", "speakername", "speakerdesignation", "speaker", "speaker_label", "speakerlabel", "speakertag"),
    *("speaker_tag", "speaker_id", "speakerid", "speakerdisplayname", "speaker_display_name", "username", "user_name"),
    *("participant", "participant_name", "who", "voice", "actor", "role", "users"),
)
CHANNEL_KEYS = ("channel", "channel_tag", "channeltag", "channel_id")
_NAME_KEYS = (
    *("name", "label", "displayname", "display_name", "speaker_name", "username", "user_name", "title", "id", "key"),
)
_LISTED = ("speakers", "speaker_names", "speaker_map", "speaker_mapping", "speakermap", "participants")
_DEEP = 4  # keys that may lead to a list of speakers
_STARTS = (
    "start",
    "start_time",
    "starttime",
    "begin",
    "begin_time",
    "from",
    "ts",
    "timestamp",
    "time",
    "start_ts",
    "startoffset",
)
_ENDS = ("end", "end_time", "endtime", "stop", "to", "end_ts", "end_timestamp", "until", "endoffset")
_IN_MS = ("start_ms", "startms", "offset_milliseconds", "offsetmilliseconds", "begin_ms", "data_start", "starttimems")
_ENDS_IN_MS = ("end_ms", "endms", "data_end", "endtimems", "finish_ms")
TICKS_PER_MS = 10_000


@dataclass(slots=True)
class JsonEntry:
    """A segment as the file has it; times are numbers in a unit that only the whole file tells, or milliseconds."""

    text: str
    speaker: str = ""
    start: float | None = None
    end: float | None = None
    in_ms: bool = False
    words: list[tuple[str, str]] = field(default_factory=list)  # each with its speaker, empty when it has none


def lowered(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The entry with its keys in lower case; the first of two that differ only in case wins."""
    made: dict[str, Any] = {}
    for key, value in entry.items():
        made.setdefault(str(key).lower(), value)
    return made


def read_entry(
    entry: Mapping[str, Any], names: Mapping[str, str], text_key: str = "", speaker_key: str = ""
) -> JsonEntry:
    """Read an entry; ``names`` are those of speakers that entries give by a number or an id."""
    low = lowered(entry)
    inner: list[Any] = next((low[key] for key in INNER_KEYS if isinstance(low.get(key), list)), [])
    parts = [lowered(part) for part in inner if isinstance(part, dict)]
    words = [(_own_text(part), speaker_of(part, names)) for part in parts]
    text = str(low.get(text_key.lower()) or "") if text_key else _own_text(low)
    made = JsonEntry(text or joined([word for word, _ in words]), speaker_of(low, names, speaker_key))
    made.words = [(word, who) for word, who in words if word.strip()]
    made.start, made.end, made.in_ms = _times(low)
    if made.start is None and parts:
        made.start, _, made.in_ms = _times(parts[0])
        made.end = _times(parts[-1])[1]
    return made


def _own_text(low: Mapping[str, Any]) -> str:
    """The words an entry holds itself, or in the first of its alternatives."""
    for key in TEXT_KEYS:
        if isinstance(low.get(key), str):
            return str(low[key])
    if isinstance(low.get("words"), str):
        return str(low["words"])
    for key in ("alternatives", "nbest"):
        if isinstance(low.get(key), list) and low[key] and isinstance(low[key][0], dict):
            return _own_text(lowered(low[key][0]))
    return ""


def speaker_of(low: Mapping[str, Any], names: Mapping[str, str], key: str = "") -> str:
    """The label of an entry's speaker; a number becomes ``Speaker 1``, unless the file names it."""
    for name in (key.lower(),) if key else SPEAKER_KEYS:
        label = _label(low.get(name), names, counted=not key or name in (*SPEAKER_KEYS, *CHANNEL_KEYS))
        if label:
            return label
    alternatives = low.get("alternatives")
    if not key and isinstance(alternatives, list) and alternatives and isinstance(alternatives[0], dict):
        return _label(lowered(alternatives[0]).get("speaker"), names)
    return ""


def _label(value: Any, names: Mapping[str, str], *, counted: bool = True) -> str:
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, dict):
        low = lowered(value)
        return next((label for name in _NAME_KEYS if (label := _label(low.get(name), names))), "")
    if isinstance(value, list):
        return ", ".join(label for one in value if (label := _label(one, names)))
    text = " ".join(str(int(value) if isinstance(value, float) and value.is_integer() else value).split())
    if text in names:
        return names[text]
    return f"Speaker {text}" if counted and re.fullmatch(r"\d{1,6}", text) else text.rstrip(":").strip()


def names_in(content: Any) -> dict[str, str]:
    """Names of speakers that a file lists apart: ``"speakers": [{"id": 0, "name": "Dana"}]``, or an object of them."""
    found: dict[str, str] = {}
    level = [content]
    for _ in range(_DEEP):
        level = [value for value in level if isinstance(value, dict)]
        for value in level:
            for key, listed in value.items():
                if str(key).lower() in _LISTED:
                    found = {**_listed(listed), **found}
        level = [inner for value in level for inner in value.values()]
    return found


def _listed(listed: Any) -> dict[str, str]:
    if isinstance(listed, dict):
        return {str(key): label for key, value in listed.items() if (label := _label(value, {}))}
    found = {}
    for entry in listed if isinstance(listed, list) else ():
        low = lowered(entry) if isinstance(entry, dict) else {}
        key = next((low[name] for name in ("id", "key", "speaker", "speaker_id", "spkid") if name in low), None)
        name = next(
            (low[n] for n in ("name", "label", "display_name", "speaker_name") if isinstance(low.get(n), str)), ""
        )
        if key is not None and str(name).strip():
            found[str(key)] = " ".join(str(name).split())
    return found


def _times(low: Mapping[str, Any]) -> tuple[float | None, float | None, bool]:
    """Start and end as numbers, and whether they are certainly milliseconds."""
    offsets, pair = low.get("offsets"), low.get("timestamp")
    if isinstance(offsets, dict):
        return _number(offsets.get("from")), _number(offsets.get("to")), True
    if isinstance(pair, list) and len(pair) == 2:
        return _number(pair[0]), _number(pair[1]), False
    if "offsetinticks" in low:
        start, length = _number(low["offsetinticks"]), _number(low.get("durationinticks"))
        ms = start / TICKS_PER_MS if start is not None else None
        return ms, ms + length / TICKS_PER_MS if ms is not None and length is not None else None, True
    start = next((low[key] for key in _IN_MS if key in low), None)
    if start is not None:
        end, length = (
            next((low[key] for key in _ENDS_IN_MS if key in low), None),
            _number(low.get("durationmilliseconds")),
        )
        first = _number(start)
        return first, _number(end) if end is not None else _sum(first, length), True
    start, end = (next((low[key] for key in keys if key in low), None) for keys in (_STARTS, _ENDS))
    written = [clock_ms(value) for value in (start, end)]
    if written[0] is not None:
        return written[0], written[1], True
    return (
        _number(start),
        _number(end) if end is not None else _sum(_number(start), _number(low.get("duration"))),
        False,
    )


def _sum(one: float | None, other: float | None) -> float | None:
    return one + other if one is not None and other is not None else None


def clock_ms(value: Any) -> float | None:
    """Milliseconds of a time that says its unit: ``00:02``, ``1.200s``, ``PT1.2S``."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    if ":" in text:
        return to_ms(text)
    match = re.fullmatch(r"(?:PT)?(?:(\d+)H)?(?:(\d+)M)?(\d+(?:\.\d+)?)[sS]", text)
    if match is None:
        return None
    return seconds_to_ms((int(match[1] or 0) * 60 + int(match[2] or 0)) * 60 + float(match[3]))


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number < 10**12 else None


def joined(words: Sequence[str]) -> str:
    """Words as a text: with blanks between, unless blanks are among them, and none before a sign of punctuation."""
    if any(word and not word.strip() for word in words):
        return "".join(words)
    made = ""
    for word in map(str.strip, words):
        made += word if not made or re.match(r"[.,;:!?…%)\]»”’。，、？！]", word) else f" {word}"
    return made


def milliseconds(entries: Sequence[JsonEntry]) -> float:
    """What a unit of the entries' times is in milliseconds: 1, or 1000 for seconds.

    Fractions are seconds. Of whole numbers, the unit counts in which people say about 2.5 words a second: between the
    two readings lies a factor of a thousand.
    """
    timed = [entry for entry in entries if entry.start is not None and not entry.in_ms]
    numbers = [number for entry in timed for number in (entry.start, entry.end) if number is not None]
    if not numbers or any(not number.is_integer() for number in map(float, numbers)):
        return 1000.0
    spoken = sum(entry.end - entry.start for entry in timed if entry.end is not None and entry.start is not None)
    length = spoken or max(numbers) - min(numbers)
    words = sum(len(entry.text.split()) for entry in timed)
    return 1.0 if length > 0 and words / length < 0.08 else 1000.0
