"""Participants as cases with variables, the framework matrix among them; facts of transcripts as source variables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from postil_model.consent import Consent
from postil_model.exchange.identity import Identity
from postil_model.exchange.outgoing_codings import CodingsOut
from postil_transcripts.charts import Cell, load_charts
from postil_transcripts.refi.values import Case, Scalar, Value, Variable
from postil_transcripts.study import Study
from postil_transcripts.types import Participant, Transcript

CHART = "Chart: "
CONSENT = "consent: "
_OF_TEXT = {"date": "Transcript date", "lang": "Language", "guide_version": "Guide version"}


class Cases:
    """Cases and variables of a study."""

    def __init__(
        self, study: Study, identity: Identity, codings: CodingsOut, texts: Sequence[Transcript], consent: Consent
    ) -> None:
        self.study, self.identity, self.codings, self.texts = study, identity, codings, texts
        self._variables: dict[str, Variable] = {}
        people = [p for p in self._people() if consent.shares_person(p.id)]
        cells = load_charts(study.root)[0]
        self._types = _types(people)
        self.cases = tuple(self._case(person, [cell for cell in cells if cell.row == person.id]) for person in people)
        self._of_text = {text.id: tuple(self._text_values(text)) for text in texts}
        self.variables = tuple(self._variables.values())

    def of_transcript(self, transcript: str) -> tuple[Value, ...]:
        """What is known of a transcript itself."""
        return self._of_text.get(transcript, ())

    def _people(self) -> Iterable[Participant]:
        known = self.study.settings.participants
        speaking = dict.fromkeys(person for text in self.texts for person in text.participants)
        return [*known.values(), *(Participant(id_) for id_ in speaking if id_ not in known)]

    def _case(self, person: Participant, cells: Sequence[Cell]) -> Case:
        texts = [text for text in self.texts if person.id in text.participants]
        values = [self._value(key, value) for key, value in person.attributes.items() if value is not None]
        for name, answer in (("quote", person.consent_quote), ("share", person.consent_share)):
            values += [self._named(CONSENT + name, answer, "Boolean")] if answer is not None else []
        values += [self._named(CHART + self._column(cell), cell.summary, "Text") for cell in cells if cell.summary]
        return Case(
            self.identity.of("participant", person.id),
            person.id,
            values=tuple(values),
            sources=tuple(self.identity.transcript(text.id) for text in texts),
            selections=tuple(guid for text in texts if len(text.participants) > 1 for guid in self._said(person, text)),
        )

    def _said(self, person: Participant, text: Transcript) -> Iterable[str]:
        """Passages in a person's own words, where several people speak in one transcript."""
        for selection in self.codings.selections(text.id):
            turns = text.turns_over(selection.start, selection.end)
            if person.id in {text.speaker(turn).participant for turn in turns}:
                yield selection.guid

    def _column(self, cell: Cell) -> str:
        themes = {theme.id: theme.label or theme.id for theme in self.study.themes}
        return themes.get(cell.column, cell.column)

    def _text_values(self, text: Transcript) -> Iterable[Value]:
        for key, name in _OF_TEXT.items():
            if value := getattr(text.info, key):
                yield self._named(name, value, "Text")
        if text.info.pilot:
            yield self._named("Pilot", True, "Boolean")

    def _value(self, key: str, value: Any) -> Value:
        return self._named(key, _scalar(value), self._types[key])

    def _named(self, name: str, value: Scalar, kind: str) -> Value:
        guid = self.identity.of("variable", name)
        self._variables.setdefault(guid, Variable(guid, name, kind))
        return Value(guid, str(value) if kind == "Text" else value)


def _types(people: Iterable[Participant]) -> dict[str, str]:
    """The type of each attribute: the narrowest that holds all its values."""
    found: dict[str, set[str]] = {}
    for person in people:
        for key, value in person.attributes.items():
            if value is not None:
                found.setdefault(key, set()).add(_type(value))
    return {key: kinds.pop() if len(kinds) == 1 else _wider(kinds) for key, kinds in found.items()}


def _type(value: Any) -> str:
    if isinstance(value, bool):
        return "Boolean"
    if isinstance(value, int):
        return "Integer"
    return "Float" if isinstance(value, float) and abs(value) < 1e300 else "Text"


def _wider(kinds: set[str]) -> str:
    return "Float" if kinds == {"Integer", "Float"} else "Text"


def _scalar(value: Any) -> Scalar:
    """A value as one scalar: lists are joined."""
    if isinstance(value, (list, tuple)):
        return "; ".join(str(item) for item in value)
    return value if isinstance(value, (str, int, float, bool)) else str(value)
