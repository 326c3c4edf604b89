"""Planning what a project of another program brings into a study; nothing is written before `incoming_write`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from postil_base.clock import Clock, system_clock, utc_now
from postil_base.plural import subject
from postil_base.problem import Remark
from postil_codebook.values import Code, CodeGroup, Theme
from postil_formats.projects.identity import Identity
from postil_formats.projects.incoming.clean import Cleaner
from postil_formats.projects.incoming.codes import CodesIn
from postil_formats.projects.incoming.layers import LayersIn
from postil_formats.projects.incoming.memos import MemosIn
from postil_formats.projects.incoming.own import OwnLayers
from postil_formats.projects.incoming.people import Attributes, CodersIn, PeopleIn
from postil_formats.projects.incoming.texts import TextIn, TextsIn
from postil_formats.projects.outgoing.cases import GROUPS_KEY, OWN_FACT, VARIABLES_KEY
from postil_formats.projects.refi.values import Project
from postil_study.files.charts import ChartCell, load_charts
from postil_study.files.memos import Memo, load_memos
from postil_study.study import Study
from postil_study.text.values import Layer

OURS = "Postil"


@dataclass(frozen=True)
class ProjectPlan:
    """What an import of a project will do."""

    project: Project
    codes: tuple[Code, ...]  # new in the codebook
    matched_codes: int
    groups: tuple[CodeGroup, ...]
    texts: tuple[TextIn, ...]
    layers: tuple[tuple[Layer, Layer], ...]  # before and after
    coders: Mapping[str, str]  # new: id → name
    participants: Mapping[str, Attributes]  # attributes to add, by participant
    consent: Mapping[str, Mapping[str, bool]]
    memos: tuple[Memo, ...]
    themes: tuple[Theme, ...]
    cells: tuple[ChartCell, ...]  # of the framework matrix
    placed: int  # passages that have their words
    already: int  # of which the study had already
    remarks: tuple[Remark, ...]

    @property
    def new_texts(self) -> tuple[TextIn, ...]:
        """Sources that become transcripts."""
        return tuple(text for text in self.texts if text.is_new)


def plan_project(
    study: Study, project: Project, coder: str = "", done: str = "", clock: Clock = system_clock
) -> ProjectPlan:
    """Work out where everything of a project belongs. ``coder`` is whose the codings are that say nobody."""
    now = utc_now(clock)
    cleaner = Cleaner()
    project = cleaner.project(project)
    ours = project.origin.startswith(OURS)
    identity = Identity(study)
    codes = CodesIn(study.codebook, identity, ours)
    codes.take(project)
    people = PeopleIn(study, project, ours)
    people.take()
    texts = TextsIn(study, identity, people.of_source, frozenset(people.attributes) | _participants(study), now)
    texts.take(project.sources, _facts(project, people))
    themes = codes.themes(project.sets, study.themes)
    coders = CodersIn(study, project, identity, coder)
    layers = LayersIn(study, project, identity, codes.ids, coders, texts.texts, now, done)
    layers.take()
    findings = frozenset(finding.id for finding in study.findings)
    memos = MemosIn(project, codes.ids, texts.texts, layers, coders, findings, ours, now[:10])
    memos.take()
    known = frozenset([*study.codebook.codes, *(code.id for code in codes.new)])
    own = OwnLayers(study, project, codes.ids, texts.texts, _coders_of(project, coders), known)
    plans = own.merged(layers.layers(memos.relations))
    remarks = (
        *project.remarks,
        *cleaner.remarks,
        *codes.remarks,
        *people.remarks,
        *texts.remarks,
        *coders.remarks,
        *layers.remarks,
        *memos.remarks,
        *own.remarks,
    )
    remarks += tuple(coders.idle())
    return ProjectPlan(
        project,
        tuple(codes.new),
        len(codes.ids) - len(codes.new),
        tuple(codes.groups(project.sets)),
        tuple(texts.texts.values()),
        tuple(plans),
        coders.new,
        _attributes(study, people, texts),
        people.consent,
        tuple(_new_memos(study, memos.memos)),
        tuple(themes),
        tuple(_new_cells(study, people, themes)),
        layers.placed,
        layers.already,
        (*remarks, *_of_sets(project)),
    )


def _coders_of(project: Project, coders: CodersIn) -> dict[str, str]:
    """The coders of a project of ours by their ids there, as far as they coded."""
    used = {coding.user for _, _, coding in project.codings()}
    return {user.id: coders.id_of(user.guid) for user in project.users if user.id and user.guid in used}


def _participants(study: Study) -> frozenset[str]:
    return frozenset(study.settings.participants)


def _facts(project: Project, people: PeopleIn) -> dict[str, dict[str, Any]]:
    """What is known of each source beyond its words, as keys of its own in transcripts.yaml."""
    facts: dict[str, dict[str, Any]] = {}
    for source in project.sources:
        values = {**people.values(source.values)}
        own = people.own_facts(source.values)
        if values:
            facts.setdefault(source.guid, {})[VARIABLES_KEY] = values
        if own:
            facts.setdefault(source.guid, {})[OWN_FACT] = own
    for found in project.sets:
        for source_guid in found.sources:
            facts.setdefault(source_guid, {}).setdefault(GROUPS_KEY, []).append(found.name)
    return facts


def _attributes(study: Study, people: PeopleIn, texts: TextsIn) -> dict[str, Attributes]:
    """Attributes by participant that the study does not have: of cases, and of documents with one participant."""
    found = {id_: dict(values) for id_, values in people.attributes.items()}
    for guid, values in people.nameless.items():
        text = texts.texts.get(guid)
        speaking = text.transcript.participants if text is not None else ()
        if len(speaking) == 1:
            found.setdefault(speaking[0], {}).update(values)
    for text in texts.texts.values():
        for person in text.transcript.participants if text.is_new else ():
            found.setdefault(person, {})
    new: dict[str, Attributes] = {}
    for id_, values in found.items():
        known = study.settings.participants.get(id_)
        missing = {key: value for key, value in values.items() if known is None or key not in known.attributes}
        if known is None or missing:
            new[id_] = missing
    return new


def _new_memos(study: Study, memos: list[Memo]) -> list[Memo]:
    """Memos the study does not have."""
    have = {memo.body.strip() for memo in load_memos(study.root)[0]}
    return [memo for memo in memos if memo.body.strip() not in have]


def _new_cells(study: Study, people: PeopleIn, themes: list[Theme]) -> Iterator[ChartCell]:
    """Cells the charts of the study do not have."""
    have = {(cell.row, cell.column) for cell in load_charts(study.root)[0]}
    columns = {theme.label: theme.id for theme in (*study.themes, *themes)}
    for person, cells in people.charts.items():
        for label, summary in cells.items():
            column = columns.get(label, label)
            if (person, column) not in have:
                yield ChartCell(person, column, str(summary))


def _of_sets(project: Project) -> list[Remark]:
    return [
        Remark(f"set {found.name}", f"{subject(len(found.notes), 'note', 'is')} in it; memos have no sets here")
        for found in project.sets
        if found.notes
    ]
