"""What the tables of codes, transcripts and relations want of layers that are read once, one after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from operator import attrgetter

from postil_study.text.values import Layer

_CODES = attrgetter("codes")


@dataclass
class Passed:
    """What is noted of layers while they pass by; the layers themselves may be more than fit in memory."""

    asked: AbstractSet[str] = frozenset()  # segments that somebody wants to know of
    there: set[str] = field(default_factory=set)  # those of them that were in a layer
    segments: dict[str, int] = field(default_factory=dict)  # how many carry each code
    coders: dict[str, list[str]] = field(default_factory=dict)  # whose layers each transcript has
    related: list[Layer] = field(default_factory=list)  # layers with relations, and of segments their sources alone
    _numbers: dict[str, int] = field(default_factory=dict)  # of transcripts
    _bits: dict[str, int] = field(default_factory=dict)  # transcripts of each code, a bit each: sets take far more

    def note(self, layer: Layer) -> None:
        """Note one layer."""
        transcript = layer.header.transcript
        self.coders.setdefault(transcript, []).append(layer.header.coder)
        bit = 1 << self._numbers.setdefault(transcript, len(self._numbers))
        for uses, count in Counter(map(_CODES, layer.segments)).items():
            once = dict.fromkeys(use if isinstance(use, str) else use.code for use in uses)  # whatever their modes
            for code in once:
                self.segments[code] = self.segments.get(code, 0) + count
                self._bits[code] = self._bits.get(code, 0) | bit
        if self.asked:
            self.there |= self.asked & layer.by_id.keys()
        if layer.relations:
            sources = {relation.source for relation in layer.relations}
            needed = tuple(segment for segment in layer.segments if segment.id in sources)
            self.related.append(replace(layer, segments=needed, deleted={}))

    def transcripts(self, code: str) -> int:
        """In how many transcripts a code is used."""
        return self._bits.get(code, 0).bit_count()
