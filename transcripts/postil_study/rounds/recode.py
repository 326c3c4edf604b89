"""The recode queue: segments whose code changed its meaning after somebody last looked at them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from postil_codebook.values import Codebook
from postil_study.study import Study
from postil_study.text.values import Segment


class StaleSegment(NamedTuple):
    """A segment to look at again."""

    coder: str
    transcript: str
    segment: Segment
    code: str


def is_stale(segment: Segment, codebook: Codebook, code: str) -> bool:
    """Whether the code changed after the segment was last checked (or edited, if it never was).

    Times are UTC to the second in one form, so that they compare as texts; a date alone counts as its first second.
    """
    known = codebook.codes.get(code)
    return known is not None and bool(known.changed) and known.changed > (segment.checked or segment.at)


def recode_queue(study: Study) -> Iterator[StaleSegment]:
    """Segments to look at again, by code in the order of the book, then by coder and transcript."""
    for code, segments in stale_codes(study).items():
        for stale in segments:
            yield stale._replace(code=code)


def stale_codes(study: Study) -> dict[str, list[StaleSegment]]:
    """The segments to look at again of each code that changed."""
    changed = {code.id for code in study.codebook.codes.values() if code.changed}
    found: dict[str, list[StaleSegment]] = {code: [] for code in study.codebook.codes if code in changed}
    for layer in study.layers() if changed else ():
        if layer.header.kind == "source":
            continue
        for segment in layer.segments:
            for code in changed.intersection(segment.code_ids):
                if is_stale(segment, study.codebook, code):
                    found[code].append(StaleSegment(layer.header.coder, layer.header.transcript, segment, code))
    return {code: segments for code, segments in found.items() if segments}
