"""``study.yaml``: what the study is, who codes, whom it is about, and what counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from postil_base.formats import FORMAT_VERSION
from postil_base.ids import is_name
from postil_base.problem import Place, Problem
from postil_base.yaml.fields import Fields
from postil_base.yaml.places import YamlMap, YamlNode, YamlScalar, load_map, plain
from postil_study.privacy.consent.written import NO, read_consent, unclear_people
from postil_study.rounds.agreement_plan import read_agreement_plan
from postil_study.text.values import AgreementPlan, Analysis, Coder, GuideQuestion, Participant

SETTINGS_FILE = "study.yaml"
CONSENSUS = "consensus"


@dataclass(frozen=True, slots=True)
class Settings:
    """The content of ``study.yaml``; paths are relative to the study, empty where there is no such file."""

    id: str = ""
    title: str = ""
    codebook: str = ""
    process: str = ""
    findings: str = ""
    themes: str = ""
    coders: Mapping[str, Coder] = field(default_factory=dict)
    participants: Mapping[str, Participant] = field(default_factory=dict)
    guide: tuple[GuideQuestion, ...] = ()
    analysis: Analysis = field(default_factory=Analysis)
    agreement: AgreementPlan | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    people_unread: str = "study.yaml cannot be read"  # why the list of participants is not to be relied on; "" if it is
    places: Mapping[str, Place] = field(default_factory=dict)  # of ``codebook``, ``process`` …, and ``record:<name>``
    text: str = field(default="", repr=False)


def load_settings(text: str, path: str = SETTINGS_FILE) -> tuple[Settings, list[Problem]]:
    """Read ``study.yaml``; what cannot be read gets its default and a problem.

    >>> settings, problems = load_settings("postil: 1\\nid: x\\ncodebook: c.yaml\\ncoders: {ana: {name: Ana}}\\n")
    >>> settings.analysis.record, problems
    (('consensus', 'ana'), [])
    """
    root, problems = load_map(text, path)
    reader = _SettingsReader(Fields(root, problems, "", Place(path, 1)), problems)
    return reader.read(text), problems


class _SettingsReader:
    def __init__(self, fields: Fields, problems: list[Problem]) -> None:
        self.fields = fields
        self.problems = problems
        self.places: dict[str, Place] = {}
        self.people_unread = ""

    def read(self, text: str) -> Settings:
        fields = self.fields
        self._check_version()
        coders = self._coders()
        settings = Settings(
            id=fields.text("id"),
            title=fields.text("title"),
            codebook=self._path("codebook"),
            process=self._path("process"),
            findings=self._path("findings"),
            themes=self._path("themes"),
            coders=coders,
            participants=self._participants(),
            people_unread=self.people_unread,
            guide=self._guide(),
            analysis=self._analysis(coders),
            agreement=read_agreement_plan(self.fields, "agreement"),
            extra=fields.close(),
            places=self.places,
            text=text,
        )
        self._check_needed(settings)
        return settings

    def _check_version(self) -> None:
        version = self.fields.whole("postil")
        if version is None:
            message = "`postil: 1`, the version of the format, is missing; postil upgrade adds it"
            self.fields.report(self.fields.place, message, "format-version", "warning")
        elif version != FORMAT_VERSION:
            message = f"the format's version is {version}, known is {FORMAT_VERSION}; update Postil"
            self.fields.report(self.fields.at("postil"), message, "format-version")

    def _check_needed(self, settings: Settings) -> None:
        if not self.fields.text("codebook"):
            message = "the study names no codebook; add `codebook: codebook/codebook.yaml`"
            self.fields.report(self.fields.at("codebook"), message, "missing-codebook")
        if not settings.id:
            message = "the study has no `id:`, so undo and reading places cannot find it again; give it a short name"
            self.fields.report(self.fields.place, message, "missing-id", "warning")

    def _path(self, key: str) -> str:
        found = self.fields.text(key)
        self.places[key] = self.fields.at(key)
        if not found or is_inside(found):
            return found
        self.fields.report(self.places[key], f"{key} must lie inside the study, not at {found!r}", "path-outside")
        return ""

    def _coders(self) -> dict[str, Coder]:
        found: dict[str, Coder] = {}
        for key, value in self.fields.entries("coders"):
            entry = Fields(value if isinstance(value, YamlMap) else None, self.problems, f"coder {key.text}", key.place)
            self._check_name(key, "coder")
            name = value.text if isinstance(value, YamlScalar) and value is not key else entry.text("name")
            entry.close(also=("id", "name"))
            found[key.text] = Coder(key.text, "" if _is_null(value) else name, key.place)
        return found

    def _check_name(self, key: YamlScalar, what: str) -> None:
        if not is_name(key.text):
            message = f"{what} id {key.text!r} must be made of a-z, 0-9, `.` and `-`, starting with a letter or digit"
            self.fields.report(key.place, message, "bad-id")

    def _participants(self) -> dict[str, Participant]:
        found: dict[str, Participant] = {}
        again, self.people_unread = unclear_people(self.fields.map, self.fields.node("participants", "entries"))
        for key, value in self.fields.entries("participants"):
            entry = Fields(value if isinstance(value, YamlMap) else None, self.problems, f"participant {key.text}")
            if key.text.startswith("_") or not key.text.strip():
                self.fields.report(key.place, f"{key.text!r} cannot name a participant", "bad-id")
            quote, share, doubt = read_consent(entry)
            if key.text in again:
                quote, share, doubt = NO._replace(doubt=f"{key.text} is there twice")
            if isinstance(value, YamlScalar) and value is not key and not value.is_null:
                message = f"`{value.text[:40]}` is no list of attributes; if it is about consent, it counts as no"
                entry.report(value.place, message, "yaml-type")
                quote, share, doubt = NO._replace(doubt=value.text[:40])
            found[key.text] = Participant(key.text, _attributes(value), quote, share, key.place, doubt)
        return found

    def _guide(self) -> tuple[GuideQuestion, ...]:
        found = []
        for key, value in self.fields.entries("guide"):
            entry = Fields(value if isinstance(value, YamlMap) else None, self.problems, f"guide {key.text}")
            ask, names, order = entry.text("ask"), entry.texts("names"), entry.flag("order_matters")
            entry.close(also=("id",))
            found.append(GuideQuestion(key.text, ask, names, order, key.place))
        return tuple(found)

    def _analysis(self, coders: Mapping[str, Coder]) -> Analysis:
        fields = self.fields.fields("analysis")
        record = fields.scalars("record")
        self.places.update((f"record:{name.text}", name.place) for name in record)
        threshold = fields.whole("min_participants")
        if threshold is not None and threshold < 1:
            fields.report(fields.at("min_participants"), "min_participants must be at least 1", "bad-value")
            threshold = None
        fields.close()
        doubled = (name for place, name in enumerate(record) if name.text in [one.text for one in record[:place]])
        for name in doubled:
            fields.report(name.place, f"record names {name.text!r} twice; keep the first", "bad-value", "warning")
        names = tuple(dict.fromkeys([name.text for name in record] or [CONSENSUS, *coders]))
        return Analysis(names, threshold if threshold is not None else Analysis().min_participants)


def is_inside(path: str) -> bool:
    """Whether a path of a study's file stays inside the study.

    >>> is_inside("codebook/a.yaml"), is_inside("../a.yaml"), is_inside("/etc/passwd"), is_inside(".postil/a")
    (True, False, False, False)
    """
    pure = PurePosixPath(path)
    outside = pure.is_absolute() or ".." in pure.parts or not pure.parts or "\\" in path or "\0" in path
    return not outside and pure.parts[0].lower() not in (".postil", ".git")


def _attributes(value: YamlNode) -> dict[str, Any]:
    if not isinstance(value, YamlMap):
        return {}
    return {key.text: plain(node) for key, node in value if key.text not in ("consent", "id")}


def _is_null(value: YamlNode) -> bool:
    return isinstance(value, YamlScalar) and value.is_null
