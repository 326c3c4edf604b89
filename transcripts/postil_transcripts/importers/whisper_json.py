"""Whisper and WhisperX JSON: ``segments`` with words, times in seconds and, when diarised, a speaker.

Other programs around the same models name things otherwise: whisper.cpp ``transcription`` with ``offsets`` in
milliseconds, the pipelines of transformers ``chunks`` and ``speakers`` with ``timestamp`` pairs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from postil_base.problem import PostilError
from postil_transcripts.importers.cues import Cue, merge_cues
from postil_transcripts.importers.decoding import decode
from postil_transcripts.importers.recognised import Options, Recognised
from postil_transcripts.importers.times import ordered, seconds_to_ms
from postil_transcripts.turns import RawTurn

_LISTS = ("segments", "utterances", "speakers", "chunks", "transcription")


def read(data: bytes, name: str, options: Options) -> Recognised:
    """Read a JSON transcript."""
    decoded = decode(data, name, options.encoding)
    try:
        content = json.loads(decoded.text)
    except (ValueError, RecursionError) as error:
        raise PostilError(f"{name} is not sound JSON: {error}.") from error
    cues = [_writable(cue) for cue in _cues(_segments(content, name))]
    if not cues:
        raise PostilError(f"{name} holds no segment with words; nothing to import.")
    named = any(cue.label for cue in cues)
    halves = any("\ufffd" in cue.label + cue.text for cue in cues)
    told = ("characters that are not whole became \ufffd",) if halves else ()
    return Recognised(
        layout="Whisper JSON" + (" with speakers" if named else ""),
        turns=_turns(cues) if named else merge_cues(cues),
        warnings=(*decoded.warnings, *told, *(() if named else ("no segment names a speaker",))),
        encoding=decoded.encoding,
        details={"segments": len(cues), "language": _language(content)},
    )


def _segments(content: Any, name: str) -> Sequence[Any]:
    lists = [content.get(key) for key in _LISTS] if isinstance(content, dict) else [content]
    for segments in lists:
        if isinstance(segments, list) and any(isinstance(s, dict) and "text" in s for s in segments):
            return segments
    raise PostilError(f"{name} is no transcript Postil knows: it has no list `segments` of entries with `text`.")


def _language(content: Any) -> str:
    for place in (content, content.get("result") if isinstance(content, dict) else None):
        language = place.get("language") if isinstance(place, dict) else None
        if isinstance(language, str):
            return language
    return ""


def _times(segment: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Start and end in milliseconds, wherever the segment keeps them."""
    offsets, pair = segment.get("offsets"), segment.get("timestamp")
    if isinstance(offsets, dict):
        return ordered(_thousandths(offsets.get("from")), _thousandths(offsets.get("to")))
    if isinstance(pair, list) and len(pair) == 2:
        return ordered(seconds_to_ms(pair[0]), seconds_to_ms(pair[1]))
    return ordered(seconds_to_ms(segment.get("start")), seconds_to_ms(segment.get("end")))


def _thousandths(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else None


def _cues(segments: Sequence[Any]) -> Iterator[Cue]:
    for segment in segments:
        if not isinstance(segment, dict) or not isinstance(segment.get("text"), str):
            continue
        text = " ".join(segment["text"].split("\n")).strip()
        speaker = segment.get("speaker")
        times = _times(segment)
        if text:
            yield Cue(" ".join(speaker.split()) if isinstance(speaker, str) else "", text.replace("\x00", ""), *times)


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
