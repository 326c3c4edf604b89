"""The framework matrix: participants by themes. A cell is one's own summary; the quotes it can rest on lie beside it.

Quotes come from the coding of record. Where a transcript has none yet, from the layer of the person at work, so that
charting can begin before coding ends; `Framework.open` names those transcripts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from postil_codebook.values import Codebook, Theme
from postil_model.search.passages import asked
from postil_study.files.charts import ChartCell, load_charts
from postil_study.privacy.consent.copied_words import FreeWords, passages_of
from postil_study.privacy.consent.purposes import not_quoted
from postil_study.study import Study
from postil_study.text.values import Layer, Transcript

Owner = tuple[str, str]  # coder and transcript


@dataclass(frozen=True, slots=True)
class Quote:
    """A coded segment as it is charted: its words, whose they are, what was asked."""

    segment: str
    transcript: str
    start: int
    end: int
    text: str
    codes: tuple[str, ...]
    coder: str
    participants: tuple[str, ...]
    turn: int
    asked: str = ""


@dataclass(frozen=True)
class Framework:
    """Rows, columns, cells and quotes of the matrix."""

    participants: tuple[str, ...]
    themes: tuple[Theme, ...]
    codes: Mapping[str, frozenset[str]]  # theme → codes, with everything below them
    cells: Mapping[tuple[str, str], ChartCell] = field(default_factory=dict)
    quotes: Sequence[Quote] = ()
    open: tuple[str, ...] = ()  # transcripts without a coding of record
    withheld: frozenset[str] = frozenset()  # participants who gave no consent to be quoted

    passages: tuple[str, ...] = ()  # what they said

    @cached_property
    def _free(self) -> FreeWords:
        return FreeWords(self.passages)

    def told(self, participant: str, theme: str) -> str:
        """A summary as it may be written out: words of people who must not be quoted are withheld."""
        return self._free.text(self.cell(participant, theme).summary)

    def told_theme(self, theme: Theme) -> Theme:
        """A theme as it may be written out."""
        return self._free.theme(theme)

    def cell(self, participant: str, theme: str) -> ChartCell:
        """A cell; an empty one where nothing is written yet."""
        return self.cells.get((participant, theme)) or ChartCell(participant, theme)

    def quotes_of(self, participant: str = "", theme: str = "", code: str = "") -> list[Quote]:
        """The quotes of a participant and a theme (or one code), in the order of talk; empty names do not restrict."""
        wanted = frozenset([code]) if code else self.codes.get(theme) if theme else None
        return [
            quote
            for quote in self.quotes
            if (not participant or participant in quote.participants)
            and (wanted is None or not wanted.isdisjoint(quote.codes))
        ]


def framework(study: Study, coder: str = "", hidden: Collection[Owner] = ()) -> Framework:
    """The matrix of a study, with what ``coder`` may see of it."""
    refused = not_quoted(study)
    layers, left_open = charted_layers(study, coder, hidden)
    quotes = [quote for layer in layers for quote in layer_quotes(study.transcripts[layer.header.transcript], layer)]
    cells, _ = load_charts(study.root)
    themes = (*study.themes, *_other_columns(study, cells))
    speaking = (name for info in study.infos.values() for name in _speakers(info.speakers.values()))
    return Framework(
        tuple(dict.fromkeys([*study.settings.participants, *speaking])),
        themes,
        {theme.id: theme_codes(theme, study.codebook) for theme in themes},
        {(cell.row, cell.column): cell for cell in cells},
        quotes,
        tuple(left_open),
        refused,
        passages_of(study, refused),
    )


def _other_columns(study: Study, cells: Iterable[ChartCell]) -> Iterator[Theme]:
    """Codes and questions of the guide that cells are written on: they are columns, too, after the themes."""
    themes = {theme.id for theme in study.themes}
    questions = {question.id: question.ask or question.id for question in study.settings.guide}
    for name in dict.fromkeys(cell.column for cell in cells if cell.column not in themes):
        code = "" if name in questions else study.codebook.resolve(name) or ""
        label = study.codebook.codes[code].label if code else questions.get(name, name)
        yield Theme(name, label, codes=(code,) if code else ())


def _speakers(speakers: Iterable[object]) -> list[str]:
    names = (getattr(speaker, "participant", None) for speaker in speakers)
    return [name for name in names if name]


def theme_codes(theme: Theme, codebook: Codebook) -> frozenset[str]:
    """The codes of a theme, with everything below them."""
    known = (codebook.resolve(code) for code in theme.codes)
    return frozenset(below for code in known if code for below in codebook.subtree(code))


def charted_layers(study: Study, coder: str, hidden: Collection[Owner] = ()) -> tuple[list[Layer], list[str]]:
    """Per transcript the coding of record, else the layer of ``coder``; and the transcripts without one of record."""
    found: list[Layer] = []
    left_open: list[str] = []
    for name in study.transcripts:
        layer = study.record_layer(name)
        if layer is None or (layer.header.coder, name) in hidden:
            left_open.append(name)
            layer = study.layer(coder, name) if coder else None
        if layer is not None:
            found.append(layer)
    return found, left_open


def layer_quotes(transcript: Transcript, layer: Layer) -> list[Quote]:
    """The quotes of a layer: segments in which a participant speaks."""
    found: list[Quote] = []
    for segment in layer.segments:
        if segment.start is None or segment.end is None or segment.unanchored:
            continue
        turns = list(transcript.turns_over(segment.start, segment.end))
        speakers = [transcript.speaker(turn) for turn in turns]
        people = tuple(dict.fromkeys(s.participant for s in speakers if s.role == "participant" and s.participant))
        if people:
            found.append(
                Quote(
                    segment=segment.id,
                    transcript=transcript.id,
                    start=segment.start,
                    end=segment.end,
                    text=transcript.text[segment.start : segment.end],
                    codes=segment.code_ids,
                    coder=layer.header.coder,
                    participants=people,
                    turn=turns[0].index + 1,
                    asked=asked(transcript, turns[0]),
                )
            )
    return found
