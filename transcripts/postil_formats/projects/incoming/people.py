"""The people of a project: who coded, and whom it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from postil_base.ids import is_name
from postil_base.plural import counted, subject
from postil_base.problem import Remark
from postil_formats.projects.identity import Identity
from postil_formats.projects.names import fold, free_id, slug
from postil_formats.projects.outgoing.cases import CHART, CONSENT, OWN_FACT
from postil_formats.projects.refi import values as v
from postil_formats.projects.refi.markup import is_guid
from postil_study.files.settings import CONSENSUS
from postil_study.study import Study

UNKNOWN = "unknown"
Attributes = dict[str, v.Scalar]


@dataclass
class CodersIn:
    """Which coder of the study each user of the project is."""

    study: Study
    project: v.Project
    identity: Identity
    fallback: str = ""
    new: dict[str, str] = field(default_factory=dict)  # id → name
    remarks: list[Remark] = field(default_factory=list)
    _ids: dict[str, str] = field(default_factory=dict)

    def id_of(self, user: str) -> str:
        """The coder's id; somebody unknown is called so, unless the person said who it is."""
        if user not in self._ids:
            self._ids[user] = self._find(user)
        return self._ids[user]

    def _find(self, user: str) -> str:
        known = self.study.settings.coders
        if not user:
            return self._nobody()
        found = self.project.user_of.get(user)
        if found is None:
            self.remarks.append(Remark(f"user {user}", "is not among the users of the project", lost=False))
        name = found.name if found is not None else f"user {user[:8]}" if is_guid(user) else user
        by_guid = {self.identity.coder(id_): id_ for id_ in (*known, CONSENSUS)}
        by_name = {fold(coder.name): id_ for id_, coder in known.items() if coder.name}
        own = found.id if found is not None and is_name(found.id) and found.id in known else ""
        there = by_guid.get(user) or own or by_name.get(fold(name)) or (name if name in known else "")
        return there or self._make(found.id if found is not None and is_name(found.id) else slug(name), name)

    def _make(self, wanted: str, name: str) -> str:
        taken = {*self.study.coders, *self.new}
        id_ = free_id(wanted, "", "coder", taken)
        self.new[id_] = name if name != id_ else ""
        return id_

    def idle(self) -> Iterator[Remark]:
        """Users who coded and wrote nothing, and so are nobody here."""
        for user in self.project.users:
            if user.guid not in self._ids:
                yield Remark(f"user {user.name or user.guid}", "coded and wrote nothing that was taken in", lost=False)

    def _nobody(self) -> str:
        id_ = self.fallback or UNKNOWN
        if id_ not in self.study.settings.coders:
            self.new.setdefault(id_, "" if self.fallback else "Coder unknown")
        if not self.fallback:
            self.remarks.append(Remark("coders", "some codings say nobody; --coder says whose they are", lost=False))
        return id_


@dataclass
class PeopleIn:
    """Cases as participants, with what is known of them."""

    study: Study
    project: v.Project
    ours: bool
    of_source: dict[str, list[str]] = field(default_factory=dict)
    attributes: dict[str, Attributes] = field(default_factory=dict)
    consent: dict[str, dict[str, bool]] = field(default_factory=dict)
    nameless: dict[str, Attributes] = field(default_factory=dict)  # by GUID of the only source
    charts: dict[str, Attributes] = field(default_factory=dict)  # our own matrix: participant → theme → summary
    remarks: list[Remark] = field(default_factory=list)
    _names: Mapping[str, str] = field(default_factory=dict)
    _own: Mapping[str, str] = field(default_factory=dict)  # variables of ours: GUID → what they say of a transcript

    def take(self) -> None:
        """Read all cases; those without a name say something of a document."""
        self._names = {variable.guid: variable.name.strip() for variable in self.project.variables}
        self._own = {
            variable.guid: variable.description.removeprefix(OWN_FACT)
            for variable in self.project.variables
            if self.ours and variable.description.startswith(OWN_FACT)
        }
        for variable in self.project.variables:
            if variable.type in ("Date", "DateTime"):
                message = "a date there; a text with the same words here"
                self.remarks.append(Remark(f"variable {variable.name}", message, lost=False))
        for case in self.project.cases:
            if case.name:
                self._named(case)
            elif len(case.sources) == 1:
                self.nameless[case.sources[0]] = self.values(case.values)
            else:
                self.remarks.append(Remark(f"case {case.guid}", "it has no name and is not about one document"))
            self._left(case)
        for variable in self.project.variables:
            if variable.description and not (self.ours and variable.description.startswith(OWN_FACT)):
                name = f"description of variable {variable.name}"
                self.remarks.append(Remark(name, "attributes have none here"))

    def _named(self, case: v.Case) -> None:
        id_ = case.name.lstrip("_").strip() or f"case {case.guid[:8]}"
        for source in case.sources:
            self.of_source.setdefault(source, []).append(id_)
        found = self.attributes.setdefault(id_, {})
        for key, value in self.values(case.values).items():
            if self.ours and key.startswith(CONSENT) and isinstance(value, bool):
                self.consent.setdefault(id_, {})[key.removeprefix(CONSENT)] = value
            else:
                chart = self.ours and key.startswith(CHART)
                (self.charts.setdefault(id_, {}) if chart else found)[key.removeprefix(CHART) if chart else key] = value

    def _left(self, case: v.Case) -> None:
        name = case.name or case.guid
        if case.codes:
            self.remarks.append(Remark(f"case {name}", f"{counted(len(case.codes), 'code')} on the case itself"))
        if case.selections and not self.ours:
            message = (
                f"{subject(len(case.selections), 'passage', 'is')} said to be the case's; here labels say who speaks"
            )
            self.remarks.append(Remark(f"case {name}", message))

    def values(self, values: tuple[v.Value, ...]) -> Attributes:
        """Values by the name of their variable; names that mean something else here get a mark."""
        found: Attributes = {}
        for value in values:
            if value.variable in self._own:
                continue
            name = self._names.get(value.variable, value.variable) or "variable"
            found[f"{name} (variable)" if name in ("consent", "id") else name] = value.value
        return found

    def own_facts(self, values: tuple[v.Value, ...]) -> dict[str, v.Scalar]:
        """What a project of ours says of a transcript: date, language, guide version, pilot."""
        return {self._own[value.variable]: value.value for value in values if value.variable in self._own}

    def unknown(self) -> dict[str, Attributes]:
        """Participants the study does not know."""
        return {id_: found for id_, found in self.attributes.items() if id_ not in self.study.settings.participants}
