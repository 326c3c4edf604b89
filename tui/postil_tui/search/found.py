"""What a query found: passages in their place, and which of them a person marked. Values; no screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from postil_model.search.corpus import Corpus
from postil_model.search.evaluate import search
from postil_model.search.hits import Hit
from postil_model.search.passages import Passage, corpus_of, passage
from postil_transcripts.blind import hidden_layers
from postil_transcripts.study import Study

CONTEXT = 160  # characters of context, more than a row of a wide screen takes


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
        hit = self.hits[index]
        found = {
            (code, layer.header.coder): None
            for layer in self.corpus.layers_of(hit.transcript)
            for segment in layer.segments
            if segment.start is not None and segment.start < hit.end and hit.start < (segment.end or 0)
            for code in segment.code_ids
        }
        return list(found)

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
    return Found(query, corpus, search(query, corpus), rounds)


def corpus_for(study: Study, coder: str) -> tuple[Corpus, tuple[str, ...]]:
    """What this coder may search, and the rounds that hide something."""
    hidden: Mapping[tuple[str, str], str] = hidden_layers(study.rounds.values(), coder)
    return corpus_of(study, hidden=hidden), tuple(sorted(set(hidden.values())))
