"""What a query runs on: transcripts, layers, codebook, participants, marks of the guide. Plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from postil_codebook.values import Codebook
from postil_model.search.hits import Hit
from postil_study.text.values import Layer, Participant, Transcript, Turn


@dataclass(frozen=True, slots=True)
class GuideMark:
    """A passage that answers a question of the guide."""

    start: int
    end: int
    question: str


class _Meant(dict[str, bool]):
    """Answers kept by code."""

    def __init__(self, codes: frozenset[str], codebook: Codebook) -> None:
        super().__init__(dict.fromkeys(codes, True))
        self._codes, self._codebook = codes, codebook

    def __missing__(self, code: str) -> bool:
        self[code] = found = self._codebook.resolve(code) in self._codes
        return found


@dataclass(frozen=True)
class Corpus:
    """The material of a search; the caller decides which coders' layers it holds."""

    transcripts: Mapping[str, Transcript]
    layers: Sequence[Layer] = ()
    codebook: Codebook = field(default_factory=Codebook)
    participants: Mapping[str, Participant] = field(default_factory=dict)
    guide: Mapping[str, Sequence[GuideMark]] = field(default_factory=dict)

    @cached_property
    def _layers(self) -> Mapping[str, list[Layer]]:
        found: dict[str, list[Layer]] = {}
        for layer in self.layers:
            found.setdefault(layer.header.transcript, []).append(layer)
        return found

    def meant_by(self, codes: frozenset[str]) -> Mapping[str, bool]:
        """Whether a code as it stands in a layer, perhaps under a former name, is one of these; each is asked once."""
        known = self._asked.get(codes)
        if known is None:
            known = self._asked[codes] = _Meant(codes, self.codebook)
        return known

    @cached_property
    def _asked(self) -> dict[frozenset[str], _Meant]:
        return {}

    def layers_of(self, transcript: str) -> list[Layer]:
        """Layers on one transcript."""
        return self._layers.get(transcript, [])

    def turns_of(self, hit: Hit) -> list[Turn]:
        """Turns whose words the hit touches."""
        return list(self.transcripts[hit.transcript].turns_over(hit.start, hit.end))

    def participants_of(self, hit: Hit) -> list[str]:
        """Participants who speak in the hit, in order, each once."""
        return participants_in(self.transcripts[hit.transcript], self.turns_of(hit))

    def roles_of(self, hit: Hit) -> set[str]:
        """Roles of those who speak in the hit."""
        transcript = self.transcripts[hit.transcript]
        return {transcript.speaker(turn).role for turn in self.turns_of(hit)}

    def questions_of(self, hit: Hit) -> list[str]:
        """Questions of the guide which the hit answers, as far as passages are marked."""
        marks = self.guide.get(hit.transcript, ())
        return list(dict.fromkeys(m.question for m in marks if m.start < hit.end and hit.start < m.end))


def participants_in(transcript: Transcript, turns: Iterable[Turn]) -> list[str]:
    """Participants who speak in some turns of a transcript, in order, each once."""
    speakers = (transcript.speaker(turn) for turn in turns)
    return list(dict.fromkeys(s.participant for s in speakers if s.role == "participant" and s.participant))
