"""What a query found: passages in their place, and which of them a person marked. Values; no screen."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from postil_model.search.corpus import Corpus
from postil_model.search.evaluate import search
from postil_model.search.hits import Hit
from postil_model.search.passages import Passage, corpus_of, passage
from postil_study.rounds.blind import hidden_layers
from postil_study.study import Study
from postil_study.text.values import Layer

CONTEXT = 160  # characters of context, more than a row of a wide screen takes


class CodingIndex:
    """The codings of one transcript by place."""

    def __init__(self, layers: Iterable[Layer]) -> None:
        self._spans = sorted(
            (segment.start, segment.end, layer.header.coder, segment.code_ids)
            for layer in layers
            for segment in layer.segments
            if segment.start is not None and segment.end is not None
        )
        self._starts = [span[0] for span in self._spans]
        self._longest = max((span[1] - span[0] for span in self._spans), default=0)

    def over(self, start: int, end: int) -> list[tuple[str, tuple[str, ...]]]:
        """Coder and codes of what shares a character with ``start``:``end``."""
        first = bisect_left(self._starts, start - self._longest)
        last = bisect_left(self._starts, end)
        return [(coder, codes) for _, stop, coder, codes in self._spans[first:last] if stop > start]


@dataclass
class Found:
    """The passages of one query. ``rounds`` are blind rounds on account of which layers were left out."""

    query: str
    corpus: Corpus
    hits: Sequence[Hit]
    rounds: tuple[str, ...] = ()
    marked: set[int] = field(default_factory=set)
    coded: set[int] = field(default_factory=set)
    _passages: dict[int, Passage] = field(default_factory=dict)
    _codes: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    _indexes: dict[str, CodingIndex] = field(default_factory=dict)

    @property
    def places(self) -> int:
        """In how many transcripts."""
        return len({hit.transcript for hit in self.hits})

    def passage(self, index: int) -> Passage:
        """A hit with its surroundings; worked out when it is first seen."""
        if index not in self._passages:
            self._passages[index] = passage(self.hits[index], self.corpus, CONTEXT)
        return self._passages[index]

    def passages(self, context: int = 0) -> list[Passage]:
        """The chosen hits for a file."""
        return [passage(self.hits[index], self.corpus, context) for index in self.chosen()]

    def toggle(self, index: int) -> None:
        """Mark a hit, or no longer."""
        self.marked ^= {index}

    def toggle_all(self) -> None:
        """Mark all; if all are marked, none."""
        everything = set(range(len(self.hits)))
        self.marked = set() if self.marked == everything else everything

    def chosen(self) -> list[int]:
        """The marked hits; without any mark all of them."""
        return sorted(self.marked) if self.marked else list(range(len(self.hits)))

    def codes_at(self, index: int) -> list[tuple[str, str]]:
        """Code and coder of every coding that touches a hit."""
        if index not in self._codes:
            hit = self.hits[index]
            over = self._index(hit.transcript).over(hit.start, hit.end)
            self._codes[index] = list(dict.fromkeys((c, coder) for coder, codes in over for c in codes))
        return self._codes[index]

    def _index(self, transcript: str) -> CodingIndex:
        if transcript not in self._indexes:
            self._indexes[transcript] = CodingIndex(self.corpus.layers_of(transcript))
        return self._indexes[transcript]

    def use(self, corpus: Corpus) -> None:
        """Go on with the codings of now; the hits stay."""
        self.corpus = corpus
        self._codes.clear()
        self._indexes.clear()

    def next_transcript(self, index: int, step: int) -> int:
        """The first hit of the next transcript, or of the one before."""
        here = self.hits[index].transcript
        order = list(dict.fromkeys(hit.transcript for hit in self.hits))
        place = order.index(here) + step
        if place >= len(order):
            return len(self.hits) - 1
        wanted = order[max(place, 0)]
        return next(number for number, hit in enumerate(self.hits) if hit.transcript == wanted)


def find(study: Study, coder: str, query: str) -> Found:
    """Ask a study. In a blind round the layers of the others are not searched."""
    corpus, rounds = corpus_for(study, coder)
    return Found(query, corpus, search(query, corpus, seconds=2.0), rounds)


def corpus_for(study: Study, coder: str) -> tuple[Corpus, tuple[str, ...]]:
    """What this coder may search, and the rounds that hide something."""
    hidden: Mapping[tuple[str, str], str] = hidden_layers(study.rounds.values(), coder)
    return corpus_of(study, hidden=hidden), tuple(sorted(set(hidden.values())))
