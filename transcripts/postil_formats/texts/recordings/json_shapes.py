"""Where the transcript is in a JSON file: known programs by shape, others by the list that holds most speech."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from postil_base.problem import PostilError
from postil_formats.texts.recordings.json_entries import (
    CHANNEL_KEYS,
    JsonEntry,
    joined,
    lowered,
    names_in,
    read_entry,
    speaker_of,
)

_SURE = 0.6  # share of a list's entries that hold words
MAX_DEPTH = 60
_PAUSE = 0.8  # seconds between two stretches of a channel


class JsonTranscript(NamedTuple):
    """The entries of a transcript, and the path of keys they were read from."""

    path: str
    entries: list[JsonEntry]

    @property
    def words(self) -> int:
        """How many words there are."""
        return sum(len(re.findall(r"\w+", entry.text)) for entry in self.entries)

    @property
    def speakers(self) -> bool:
        """Whether anybody is named."""
        return any(entry.speaker or any(who for _, who in entry.words) for entry in self.entries)


_PEOPLE = ("name", "author", "sender", "user", "person")  # of entries that have no key of speakers


def find_transcript(content: Any, name: str, text_key: str = "", speaker_key: str = "") -> JsonTranscript:
    """The entries of a transcript; ``text_key`` and ``speaker_key`` are what the person said the keys are."""
    names = names_in(content)
    known = (
        None
        if text_key or speaker_key
        else _amazon(content) or _channels(content) or _google(content, names) or _timed_paragraphs(content)
    )
    if known is not None:
        return known
    lists = list(lists_in(content))
    tried = (_read(path, some, names, text_key, speaker_key) for path, some in lists)
    found = [one for one in tried if one is not None]
    if not found:
        raise PostilError(_unknown(content, name, text_key))
    if not speaker_key and not any(one.speakers for one in found):
        keys = (key for key in (*CHANNEL_KEYS, *_PEOPLE) if any(_apart(some, key) for _, some in lists))
        key = next(keys, "")
        named = [_read(path, some, names, text_key, key) for path, some in lists if key and _apart(some, key)]
        found = [one for one in named if one is not None] or found
    most = max(one.words for one in found)
    nearly = [one for one in found if one.words >= 0.9 * most]
    best = max(nearly, key=_rank)
    return (
        JsonTranscript(best.path, _runs([(entry, entry.speaker) for entry in best.entries]))
        if _by_words(best)
        else best
    )


def _by_words(one: JsonTranscript) -> bool:
    """Whether the entries are single words."""
    return len(one.entries) > 2 and one.words <= 1.2 * len(one.entries)


def _rank(one: JsonTranscript) -> tuple[bool, bool, int, int]:
    """Speakers before none, sentences before single words, then the list that lies least deep."""
    return one.speakers, not _by_words(one), one.words, -one.path.count(".")


def _read(
    path: str, some: Sequence[Mapping[str, Any]], names: Mapping[str, str], text_key: str, speaker_key: str
) -> JsonTranscript | None:
    if (text_key and not any(text_key.lower() in lowered(entry) for entry in some)) or _last(path) in _NO_SPEECH:
        return None
    entries = [read_entry(entry, names, text_key, speaker_key) for entry in some]
    filled = [entry for entry in entries if entry.text]
    one = JsonTranscript(path, filled)
    timed = any(entry.start is not None for entry in filled)
    sure = text_key or one.speakers or timed or _last(path) in _LISTS
    return one if sure and one.words and len(filled) >= _SURE * len(entries) else None


def _last(path: str) -> str:
    return path.rpartition(".")[2].lower()


_NO_SPEECH = frozenset({"chapters", "entities", "summaries"})
_LISTS = frozenset({"", "segments", "utterances", "chunks", "transcription", "transcript", "sentences", "monologues"})


def lists_in(value: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """All lists of objects with the keys that lead to them; lists inside entries are joined (``segments.words``)."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, dict):
        entries = list(value.values())
        if len(entries) > 1 and all(isinstance(entry, dict) and len(entry) > 1 for entry in entries):
            yield path, entries  # entries under their numbers
        for key, inner in value.items():
            yield from lists_in(inner, f"{path}.{key}" if path else str(key), depth + 1)
    elif isinstance(value, list):
        entries = [entry for entry in value if isinstance(entry, dict)]
        if entries and len(entries) == len(value):
            yield path, entries
        for key in dict.fromkeys(key for entry in entries for key in entry):
            inner = [entry[key] for entry in entries if key in entry]
            merged = [part for some in inner if isinstance(some, list) for part in some]
            below = f"{path}.{key}" if path else str(key)
            yield from lists_in(merged or inner[0], below, depth + 1)


def _amazon(content: Any) -> JsonTranscript | None:
    """AWS Transcribe: words and signs in ``items``, who says them beside, by the time they start."""
    results = content.get("results") if isinstance(content, dict) else None
    items = results.get("items") if isinstance(results, dict) else None
    labels = results.get("speaker_labels") if isinstance(results, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) and "alternatives" in item for item in items):
        return None
    segments = labels.get("segments", []) if isinstance(labels, dict) else []
    said = [word for segment in segments for word in segment.get("items", []) if isinstance(word, dict)]
    by_start = {str(word.get("start_time")): str(word.get("speaker_label", "")) for word in said}
    words = []
    last = ""
    for item in items:
        last = str(item.get("speaker_label") or by_start.get(str(item.get("start_time")), last))
        words.append((item, last))
    return JsonTranscript("results.items", _runs(words)) if words else None


def _apart(some: Sequence[Mapping[str, Any]], key: str) -> bool:
    """Whether entries lie in different channels of the recording: each is one person's microphone."""
    return len({str(low[key]) for entry in some if key in (low := lowered(entry))}) > 1


def _channels(content: Any) -> JsonTranscript | None:
    """Deepgram with a channel for each person and no speakers: stretches of words, by the time they start."""
    results = content.get("results") if isinstance(content, dict) else None
    channels = results.get("channels") if isinstance(results, dict) else None
    if not isinstance(channels, list) or len(channels) < 2 or not all(isinstance(one, dict) for one in channels):
        return None
    said: list[tuple[JsonEntry, str]] = []
    for number, channel in enumerate(channels, 1):
        alternatives: list[Any] = channel.get("alternatives") or [{}]
        first = alternatives[0] if isinstance(alternatives, list) else {}
        words = first.get("words") if isinstance(first, dict) else None
        if not isinstance(words, list) or not all(isinstance(word, dict) for word in words):
            return None
        entries = [read_entry(word, {}) for word in words]
        if any(entry.speaker or entry.start is None for entry in entries):
            return None
        said += [(entry, f"Channel {number}") for entry in _stretches(entries)]
    said.sort(key=lambda pair: pair[0].start or 0)
    return JsonTranscript("results.channels", _runs(said)) if said else None


def _stretches(words: Sequence[JsonEntry]) -> Iterator[JsonEntry]:
    """Words of a channel, joined up to the next pause."""
    current: JsonEntry | None = None
    for word in words:
        if current is not None and (word.start or 0) - (current.end or current.start or 0) < _PAUSE:
            current.text, current.end = joined([current.text, word.text]), word.end
            continue
        if current is not None:
            yield current
        current = word
    if current is not None:
        yield current


def _google(content: Any, names: Mapping[str, str]) -> JsonTranscript | None:
    """Google: each result has its words; with speakers told apart, the last one has all words once more, tagged."""
    results = content.get("results") if isinstance(content, dict) else None
    if not isinstance(results, list) or not all(isinstance(one, dict) for one in results):
        return None
    speechmatics = [one for one in results if one.get("type") in ("word", "punctuation")]
    if speechmatics and len(speechmatics) == len(results):
        return JsonTranscript("results", _runs([(one, speaker_of(lowered(one), names)) for one in results]))
    words = [alternative.get("words") for one in results for alternative in one.get("alternatives", [])[:1]]
    tagged = [w for w in words if isinstance(w, list) and w and all(speaker_of(lowered(word), names) for word in w)]
    if not tagged:
        return None
    last = max(tagged, key=len)
    others = sum(len(w) for w in words if isinstance(w, list) and w is not last)
    chosen = last if len(last) >= others else [word for some in tagged for word in some]
    return JsonTranscript(
        "results.alternatives.words", _runs([(word, speaker_of(lowered(word), names)) for word in chosen])
    )


def _timed_paragraphs(content: Any) -> JsonTranscript | None:
    """The BBC's and others' form: words with times, and paragraphs that say who speaks from when to when."""
    words, paragraphs = (content.get(key) if isinstance(content, dict) else None for key in ("words", "paragraphs"))
    if not (isinstance(words, list) and isinstance(paragraphs, list) and words and paragraphs):
        return None
    if not all(isinstance(one, dict) and "start" in one for one in (*words, *paragraphs)):
        return None
    if any("text" in one or "sentences" in one for one in paragraphs):
        return None
    borders = [(float(one["start"]), speaker_of(lowered(one), {})) for one in paragraphs]
    said = [
        (word, [who for start, who in borders if start <= float(word["start"])] or [borders[0][1]]) for word in words
    ]
    return JsonTranscript("words", _runs([(word, who[-1]) for word, who in said]))


def _runs(words: Sequence[tuple[Mapping[str, Any] | JsonEntry, str]]) -> list[JsonEntry]:
    """Words that follow each other and are one person's, as entries."""
    entries: list[JsonEntry] = []
    texts: list[list[str]] = []
    for word, who in words:
        one = word if isinstance(word, JsonEntry) else read_entry(word, {})
        if not one.text:
            continue
        if not entries or entries[-1].speaker != who:
            entries.append(JsonEntry("", who, one.start, one.end, one.in_ms))
            texts.append([])
        texts[-1].append(one.text)
        entries[-1].end = one.end if one.end is not None else entries[-1].end
    for entry, parts in zip(entries, texts, strict=True):
        entry.text = joined(parts)
    return entries


def _unknown(content: Any, name: str, text_key: str) -> str:
    """Why there is no transcript, with the keys that could hold one."""
    keys: dict[str, int] = {}
    for _, some in lists_in(content):
        for entry in some:
            for key, value in entry.items():
                if isinstance(value, str) and len(value.split()) > 1:
                    keys[str(key)] = keys.get(str(key), 0) + len(value.split())
    likely = sorted(keys, key=lambda key: -keys[key])[:5]
    wanted = f"no entry has the key {text_key!r}" if text_key else "no list of entries with words was recognised"
    offer = f" Keys with words are {', '.join(likely)}: say --text {likely[0]} --speaker-key KEY." if likely else ""
    return f"{name} is no transcript Postil knows: {wanted}.{offer}"
