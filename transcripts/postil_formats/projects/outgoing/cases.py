"""Participants as cases with variables, the framework matrix among them; facts of transcripts as source variables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from postil_base.problem import Remark
from postil_formats.projects.identity import Identity
from postil_formats.projects.outgoing.codings import CodingsOut
from postil_formats.projects.refi.guids import GUID_KEY
from postil_formats.projects.refi.values import Case, Scalar, Value, Variable
from postil_study.files.charts import ChartCell, load_charts
from postil_study.privacy.consent.purposes import Consent
from postil_study.study import Study
from postil_study.text.values import Participant, Transcript, TranscriptInfo

CHART = "Chart: "
CONSENT = "consent: "
VARIABLES_KEY, GROUPS_KEY = "x-variables", "x-groups"  # what a text came in with from another program
_CARRIED = frozenset((VARIABLES_KEY, GROUPS_KEY, GUID_KEY))
_OF_TEXT = {"date": "Transcript date", "lang": "Language", "guide_version": "Guide version", "pilot": "Pilot"}
OWN_FACT = "Postil: "  # the description of a variable that holds a fact of ours: ``Postil: lang``


class Cases:
    """Cases and variables of a study."""

    def __init__(
        self, study: Study, identity: Identity, codings: CodingsOut, texts: Sequence[Transcript], consent: Consent
    ) -> None:
        self.study, self.identity, self.codings, self.texts = study, identity, codings, texts
        self._variables: dict[str, Variable] = {}
        self.remarks: list[Remark] = []
        people = [p for p in self._people() if consent.shares_person(p.id)]
        cells = load_charts(study.root)[0]
        carried = [text.info.extra.get(VARIABLES_KEY) for text in texts]
        self._carried = [found if isinstance(found, Mapping) else {} for found in carried]
        self._types = _types([*(person.attributes for person in people), *self._carried])
        themes = {theme.id: theme.label or theme.id for theme in study.themes}
        counts = Counter(themes.values())
        self._themes = {id_: f"{name} ({id_})" if counts[name] > 1 else name for id_, name in themes.items()}
        self.cases = tuple(self._case(person, [cell for cell in cells if cell.row == person.id]) for person in people)
        self._of_text = {
            text.id: self._once(text.id, self._text_values(text, found))
            for text, found in zip(texts, self._carried, strict=True)
        }
        self.variables = tuple(self._variables.values())

    def of_transcript(self, transcript: str) -> tuple[Value, ...]:
        """What is known of a transcript itself."""
        return self._of_text.get(transcript, ())

    def _people(self) -> Iterable[Participant]:
        known = self.study.settings.participants
        speaking = dict.fromkeys(person for text in self.texts for person in text.participants)
        return [*known.values(), *(Participant(id_) for id_ in speaking if id_ not in known)]

    def _case(self, person: Participant, cells: Sequence[ChartCell]) -> Case:
        texts = [text for text in self.texts if person.id in text.participants]
        values = [self._value(key, value) for key, value in person.attributes.items() if value is not None]
        for name, answer in (("quote", person.consent_quote), ("share", person.consent_share)):
            values += [self._named(CONSENT + name, answer, "Boolean")] if answer is not None else []
        values += [self._named(CHART + self._column(cell), cell.summary, "Text") for cell in cells if cell.summary]
        return Case(
            self.identity.of("participant", person.id),
            person.id,
            values=self._once(person.id, values),
            sources=tuple(self.identity.transcript(text.id) for text in texts),
            selections=tuple(guid for text in texts if len(text.participants) > 1 for guid in self._said(person, text)),
        )

    def _said(self, person: Participant, text: Transcript) -> Iterable[str]:
        """Passages in a person's own words, where several people speak in one transcript."""
        for selection in self.codings.selections(text.id):
            turns = text.turns_over(selection.start, selection.end)
            if person.id in {text.speaker(turn).participant for turn in turns}:
                yield selection.guid

    def _column(self, cell: ChartCell) -> str:
        return self._themes.get(cell.column, cell.column)

    def _once(self, of: str, values: Iterable[Value]) -> tuple[Value, ...]:
        """One value of a variable: QualCoder's import stops at a second one."""
        found: dict[str, Value] = {}
        for value in values:
            if found.setdefault(value.variable, value) is not value:
                name = self._variables[value.variable].name
                message = f"{value.value!r} is a second value of the variable {name!r}, which holds one"
                self.remarks.append(Remark(of, message))
        return tuple(found.values())

    def _text_values(self, text: Transcript, carried: Mapping[str, Any]) -> Iterable[Value]:
        for key, value in carried.items():
            if value is not None:
                yield self._value(key, value)
        for key, name in _OF_TEXT.items():
            if value := getattr(text.info, key):
                free = f"{name} (Postil)" if name in self._types else name
                yield self._named(free, value, "Boolean" if key == "pilot" else "Text", OWN_FACT + key)

    def _value(self, key: str, value: Any) -> Value:
        return self._named(key, _scalar(value), self._types[key])

    def _named(self, name: str, value: Scalar, kind: str, description: str = "") -> Value:
        guid = self.identity.of("variable", name)
        self._variables.setdefault(guid, Variable(guid, name, kind, description))
        return Value(guid, str(value) if kind == "Text" else value)


def listed(value: object) -> Sequence[Any]:
    """A value as a list; nothing is an empty one."""
    return () if value is None else value if isinstance(value, (list, tuple)) else (value,)


def own_keys(info: TranscriptInfo) -> list[str]:
    """Keys of somebody's own of a transcript that have no place in a project."""
    return [key for key in info.extra if key not in _CARRIED]


def _types(known: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The type of each variable: the narrowest that holds all its values."""
    found: dict[str, set[str]] = {}
    for values in known:
        for key, value in values.items():
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
