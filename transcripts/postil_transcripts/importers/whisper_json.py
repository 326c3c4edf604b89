"""Whisper and WhisperX JSON: ``segments`` with words, times in seconds and, when diarised, a speaker."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from postil_base.problem import PostilError
from postil_transcripts.importers.cues import Cue, merge_cues
from postil_transcripts.importers.decoding import decode
from postil_transcripts.importers.recognised import Options, Recognised
from postil_transcripts.importers.times import ordered, seconds_to_ms
from postil_transcripts.turns import RawTurn


def read(data: bytes, name: str, options: Options) -> Recognised:
    """Read a JSON transcript."""
    decoded = decode(data, name, options.encoding)
    try:
        content = json.loads(decoded.text)
    except (ValueError, RecursionError) as error:
        raise PostilError(f"{name} is not sound JSON: {error}.") from error
    cues = list(_cues(_segments(content, name)))
    if not cues:
        raise PostilError(f"{name} holds no segment with words; nothing to import.")
    named = any(cue.label for cue in cues)
    return Recognised(
        layout="Whisper JSON" + (" with speakers" if named else ""),
        turns=_turns(cues) if named else merge_cues(cues),
        warnings=decoded.warnings if named else (*decoded.warnings, "no segment names a speaker"),
        encoding=decoded.encoding,
        details={"segments": len(cues), "language": _language(content)},
    )


def _segments(content: Any, name: str) -> Sequence[Any]:
    segments = content.get("segments") if isinstance(content, dict) else content
    if not isinstance(segments, list) or not any(isinstance(s, dict) and "text" in s for s in segments):
        raise PostilError(f"{name} is no transcript Postil knows: it has no list `segments` of entries with `text`.")
    return segments


def _language(content: Any) -> str:
    language = content.get("language") if isinstance(content, dict) else None
    return language if isinstance(language, str) else ""


def _cues(segments: Sequence[Any]) -> Iterator[Cue]:
    for segment in segments:
        if not isinstance(segment, dict) or not isinstance(segment.get("text"), str):
            continue
        text = " ".join(segment["text"].split("\n")).strip()
        speaker = segment.get("speaker")
        times = ordered(seconds_to_ms(segment.get("start")), seconds_to_ms(segment.get("end")))
        if text:
            yield Cue(" ".join(speaker.split()) if isinstance(speaker, str) else "", text.replace("\x00", ""), *times)


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
