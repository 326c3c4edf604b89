"""Figures of one transcript for the lists: words, share coded, finished or not."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

import msgspec

from postil_study.text.units import words
from postil_study.text.values import Layer, Segment, Transcript


class Figures(msgspec.Struct, frozen=True):
    """What a coder has done with a transcript. ``share`` is of the participants' characters."""

    words: int
    segments: int
    relations: int
    share: float
    done: str


@lru_cache(maxsize=4096)
def word_count(sha: str, text_of: _Text) -> int:
    """Words said, labels left out; kept by the text's fingerprint."""
    return sum(len(words(text_of.text, start, end)) for start, end in text_of.spans)


class _Text:
    """A text that is equal to every other, so that the fingerprint alone is the key of the cache."""

    def __init__(self, text: str, spans: list[tuple[int, int]]) -> None:
        self.text, self.spans = text, spans

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Text)

    def __hash__(self) -> int:
        return 0


def figures(transcript: Transcript, layer: Layer | None) -> Figures:
    """Figures of a transcript and one coder's layer of it."""
    if layer is None:
        return measured(transcript, ())
    found = measured(transcript, layer.segments)
    return msgspec.structs.replace(found, relations=len(layer.relations), done=layer.header.done)


def measured(transcript: Transcript, segments: Collection[Segment]) -> Figures:
    """Words of a transcript, and what of it these segments cover."""
    spans = [(turn.start, turn.end) for turn in transcript.turns]
    count = word_count(transcript.text_sha256, _Text(transcript.text, spans))
    return Figures(count, len(segments), 0, coded_share(transcript, segments), "")


def coded_share(transcript: Transcript, segments: Iterable[Segment]) -> float:
    """The share of the participants' characters that carry a code."""
    said = [(t.start, t.end) for t in transcript.turns if transcript.speaker(t).role == "participant"]
    total = sum(end - start for start, end in said)
    coded = sorted((s.start, s.end) for s in segments if s.start is not None and s.end is not None and not s.unanchored)
    return _overlap(said, _merged(coded)) / total if total else 0.0


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _overlap(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> int:
    total = i = j = 0
    while i < len(one) and j < len(other):
        total += max(0, min(one[i][1], other[j][1]) - max(one[i][0], other[j][0]))
        if one[i][1] <= other[j][1]:
            i += 1
        else:
            j += 1
    return total
