"""JSON of transcription programs: Whisper and WhisperX, AssemblyAI, Deepgram, Fireflies, DOTE, Sonix, Rev and others.

All of them are lists of entries with words, times and, when speakers were told apart, who speaks; `json_shapes` finds
the list and `json_entries` reads an entry. An unknown file is read by ``--text KEY --speaker-key KEY``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_formats.texts.decoding import decode
from postil_formats.texts.labels.times import ordered
from postil_formats.texts.recognised import ReadOptions, Recognised, TakenOff
from postil_formats.texts.recordings.cue_turns import Cue, merge_cues
from postil_formats.texts.recordings.json_entries import SPEAKER_KEYS, TEXT_KEYS, JsonEntry, joined, milliseconds
from postil_formats.texts.recordings.json_shapes import MAX_DEPTH, find_transcript
from postil_study.text.turns import RawTurn

_FEW = 4  # words that a string has at least to be listed when it is not used


def read(data: bytes, name: str, options: ReadOptions) -> Recognised:
    """Read a JSON transcript."""
    decoded = decode(data, name, options.encoding)
    content = _content(decoded.text, name)
    found = find_transcript(content, name, options.text, options.speaker_key)
    cues = [_writable(cue) for cue in _cues(found.entries)]
    if not cues:
        raise PostilError(f"{name} holds no segment with words; nothing to import.")
    named = any(cue.label for cue in cues)
    halves = any("\ufffd" in cue.label + cue.text for cue in cues)
    told = ("characters that are not whole became \ufffd",) if halves else ()
    nobody = tuple(_nobodys(cues)) if named else ("no segment names a speaker",)
    turns = _turns(cues) if named else merge_cues(cues)
    return Recognised(
        layout=("Whisper JSON" if found.path == "segments" else f"JSON ({found.path or 'list'})")
        + (" with speakers" if named else ""),
        turns=turns,
        warnings=(*decoded.warnings, *told, *nobody),
        encoding=decoded.encoding,
        details={"segments": len(cues), "language": _language(content)},
        taken=tuple(_unused(content, turns)),
    )


def _content(text: str, name: str) -> Any:
    """What a file holds; several values one after the other (JSON Lines) are a list."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        lines = [line for line in text.split("\n") if line.strip()]
        sound = sum(1 for line in lines[:2] if _is_sound(line))
        if len(lines) < 2 or not sound:
            raise PostilError(f"{name} is not sound JSON: {error}.") from error
    values = []
    for number, line in enumerate(text.split("\n"), 1):
        try:
            values += [json.loads(line)] if line.strip() else []
        except (ValueError, RecursionError) as error:
            raise PostilError(f"{name}, line {number}: no sound JSON ({error}), but other lines are.") from error
    return values


def _is_sound(line: str) -> bool:
    try:
        return isinstance(json.loads(line), (dict, list))
    except (ValueError, RecursionError):
        return False


def _language(content: Any) -> str:
    for place in (content, content.get("result") if isinstance(content, dict) else None):
        language = place.get("language") if isinstance(place, dict) else None
        if isinstance(language, str):
            return language
    return ""


def _cues(entries: Sequence[JsonEntry]) -> list[Cue]:
    """Entries as cues; one in which several people speak is cut between their words."""
    unit = milliseconds(entries)
    cues: list[Cue] = []
    for entry in entries:
        scale = 1.0 if entry.in_ms else unit
        times = (round(time * scale) if time is not None else None for time in (entry.start, entry.end))
        start, end = ordered(*times)
        for label, text in _voices(entry):
            plain = " ".join(text.replace("\x00", "").split("\n")).strip()
            if plain:
                cues.append(Cue(label, plain, start, end))
    return _closed(cues)


def _voices(entry: JsonEntry) -> list[tuple[str, str]]:
    """Who says what in an entry: its words tell, if they have speakers of their own."""
    if not any(who for _, who in entry.words):
        return [(entry.speaker, entry.text)]
    said: list[tuple[str, str]] = []
    last = next(who for _, who in entry.words if who)
    for word, who in entry.words:
        last = who or last
        said.append((word, last))
    parts: list[tuple[str, str]] = []
    at = start = 0
    for number, (word, who) in enumerate(said):
        place = entry.text.find(word.strip(), at)
        if place < 0:  # the words are not those of the text: they are what has speakers
            return _by_words(said)
        if number and who != said[number - 1][1]:
            parts.append((said[number - 1][1], entry.text[start:place]))
            start = place
        at = place + len(word.strip())
    return [*parts, (last, entry.text[start:])]


def _by_words(said: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    runs: list[tuple[str, list[str]]] = []
    for word, who in said:
        if not runs or runs[-1][0] != who:
            runs.append((who, []))
        runs[-1][1].append(word)
    return [(who, joined(words)) for who, words in runs]


def _closed(cues: list[Cue]) -> list[Cue]:
    """A segment without a speaker between two of one person is that person's."""
    for number, cue in enumerate(cues[1:-1], 1):
        before = cues[number - 1].label
        after = next((c.label for c in cues[number + 1 :] if c.label), "")
        if not cue.label and before and before == after:
            cues[number] = Cue(before, cue.text, cue.start_ms, cue.end_ms)
    return cues


def _nobodys(cues: Sequence[Cue]) -> Iterator[str]:
    lost = [cue for cue in cues if not cue.label]
    if lost:
        count = len(lost)
        some = f"{count} segment{'' if count == 1 else 's'} name{'s' if count == 1 else ''} no speaker"
        words = sum(len(cue.text.split()) for cue in lost)
        yield f"{some} ({counted(words, 'word')}, {lost[0].text[:60]!r}); stored under nobody's name"


def _writable(cue: Cue) -> Cue:
    """Halves of a character, which JSON can hold and no text file can, become the sign for what cannot be read."""
    label, text = (part.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for part in (cue.label, cue.text))
    return Cue(label, text, cue.start_ms, cue.end_ms)


def _turns(cues: Sequence[Cue]) -> tuple[RawTurn, ...]:
    """Segments of one speaker merge; a segment without one is nobody's (music, noise), not the last speaker's."""
    turns: list[RawTurn] = []
    for cue in cues:
        if turns and turns[-1].label == cue.label:
            last = turns[-1]
            turns[-1] = RawTurn(last.label, f"{last.text} {cue.text}", *ordered(last.start_ms, cue.end_ms))
        else:
            turns.append(RawTurn(cue.label, cue.text, cue.start_ms, cue.end_ms))
    return tuple(turns)


def _unused(content: Any, turns: Sequence[RawTurn]) -> Iterator[TakenOff]:
    """Strings that are speech by their key, or long, and not the words of the turns once more: summaries, titles."""
    stored = Counter(word for turn in turns for word in turn.text.split())
    by_path: dict[str, list[str]] = {}
    for path, key, text in _strings(content, "", "", 0):
        if key.lower() in TEXT_KEYS or len(text.split()) >= _FEW:
            by_path.setdefault(path, []).append(text)
    for path, texts in by_path.items():
        words = Counter(word for text in texts for word in text.split())
        if sum((words - stored).values()) > 0.02 * sum(words.values()):
            kind = "label" if path.rpartition(".")[2].lower() in SPEAKER_KEYS else f"key {path}, not used"
            yield from (TakenOff(kind, text) for text in texts)


def _strings(value: Any, path: str, key: str, depth: int) -> Iterator[tuple[str, str, str]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _strings(inner, f"{path}.{name}" if path else str(name), str(name), depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner, path, key, depth + 1)
    elif isinstance(value, str) and value.strip():
        yield path, key, value
