"""Pseudonyms in a project of another program, before anything of it is planned or written.

Every text, title, memo and value changes; passages move with the words they stand on. Names of coders stay, as they do
in `postil pseudonymise`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeVar

from postil_formats.projects.outgoing.own_files import INDEX, is_ours, restore
from postil_formats.projects.refi import values as v
from postil_formats.texts.labels.finding import like_role
from postil_formats.texts.roles import NOBODY
from postil_study.privacy.pseudonyms.edits import Edits
from postil_study.privacy.pseudonyms.found import NameSeen, names_seen
from postil_study.privacy.pseudonyms.matching import Names
from postil_study.privacy.pseudonyms.pseudonymise import plan_pseudonyms
from postil_study.text.turns import RawTurn

if TYPE_CHECKING:
    from postil_formats.projects.incoming.plan import ProjectPlan

T = TypeVar("T", v.RefiCode, v.CodeSet, v.Variable)
MOST = 40  # characters of a case's name that can be a person's


def seen_in_project(project: v.Project, plan: ProjectPlan | None) -> tuple[NameSeen, ...]:
    """What may tell who is meant in the texts that would come in, in labels and in the names of cases."""
    new = {text.source.guid for text in plan.new_texts} if plan is not None else {s.guid for s in project.sources}
    texts = [source.text for source in project.sources if source.text and source.guid in new]
    labels = dict.fromkeys(_labels(plan)) | dict.fromkeys(case.name for case in project.cases if _is_person(case.name))
    return names_seen([RawTurn("", text) for text in texts], labels) if texts else ()


def _labels(plan: ProjectPlan | None) -> Iterable[str]:
    """Labels of the new texts that are no role and no participant of the study."""
    for text in plan.new_texts if plan is not None else ():
        yield from (label for label in text.transcript.info.speakers if _is_person(label))


def _is_person(name: str) -> bool:
    """Whether a label is more than a role or an id such as P07."""
    spelled = name.isalpha() or " " in name.strip()
    return bool(name) and spelled and len(name) <= MOST and not like_role(name) and name.lower() not in NOBODY


def with_pseudonyms(project: v.Project, names: Names) -> v.Project:
    """The project without the names of a mapping."""
    if not names:
        return project
    text = names.text
    edits = {source.guid: names.edits(source.text) for source in project.sources if source.text is not None}
    owner = {note: source.guid for source in project.sources for note in source.notes}
    return replace(
        project,
        name=names.slug(text(project.name)),
        description=text(project.description),
        codes=tuple(_described(code, names) for code in project.codes),
        sets=tuple(_described(group, names) for group in project.sets),
        variables=tuple(_described(variable, names) for variable in project.variables),
        cases=tuple(_case(case, names) for case in project.cases),
        sources=tuple(_source(source, names, edits.get(source.guid)) for source in project.sources),
        notes=tuple(_note(note, names, edits.get(owner.get(note.guid, ""))) for note in project.notes),
        links=tuple(replace(link, name=text(link.name)) for link in project.links),
        graphs=tuple(_graph(graph, names) for graph in project.graphs),
        remarks=tuple(
            replace(remark, item=text(remark.item), message=text(remark.message)) for remark in project.remarks
        ),
        own_files=_own_files(project, names),
    )


def _described(thing: T, names: Names) -> T:
    return replace(thing, name=names.text(thing.name), description=names.text(thing.description))


def _values(values: Iterable[v.Value], names: Names) -> tuple[v.Value, ...]:
    return tuple(replace(x, value=names.text(x.value)) if isinstance(x.value, str) else x for x in values)


def _case(case: v.Case, names: Names) -> v.Case:
    """A case is a participant, whose id changes as ids do: a rule for the very name first."""
    rule = next((rule for rule in names.rules if rule.name == case.name.strip()), None)
    name = rule.pseudonym if rule is not None else names.slug(case.name)
    return replace(case, name=name, description=names.text(case.description), values=_values(case.values, names))


def _source(source: v.RefiSource, names: Names, edits: Edits | None) -> v.RefiSource:
    moved = source.selections if edits is None else tuple(_selection(s, names, edits) for s in source.selections)
    return replace(
        source,
        name=names.slug(source.name),
        path=names.slug(source.path),
        text=edits.apply(source.text or "") if edits is not None else source.text,
        description=names.text(source.description),
        selections=moved,
        values=_values(source.values, names),
    )


def _selection(selection: v.RefiSelection, names: Names, edits: Edits) -> v.RefiSelection:
    span = edits.span(*selection.span) if selection.span is not None else None
    return replace(selection, span=span, name=names.text(selection.name), description=names.text(selection.description))


def _note(note: v.RefiNote, names: Names, edits: Edits | None) -> v.RefiNote:
    passages = tuple(edits.span(*span) for span in note.passages) if edits is not None else note.passages
    return replace(
        note,
        name=names.text(note.name),
        text=names.text(note.text),
        description=names.text(note.description),
        passages=passages,
    )


def _graph(graph: v.Graph, names: Names) -> v.Graph:
    return replace(
        graph,
        name=names.text(graph.name),
        vertices=tuple(replace(vertex, name=names.text(vertex.name)) for vertex in graph.vertices),
        edges=tuple(replace(edge, name=names.text(edge.name)) for edge in graph.edges),
    )


def _own_files(project: v.Project, names: Names) -> Mapping[str, bytes]:
    """The files of a study of ours, replaced as a study is; those of another state are not taken along at all."""
    if not is_ours(project):
        return {}
    with TemporaryDirectory() as folder:
        root = Path(folder) / "study"
        restore(project.own_files, root)
        changed = plan_pseudonyms(root, names).files
    files = {path: data for path, data in project.own_files.items() if path == INDEX or path not in changed}
    return files | {path: data for path, data in changed.items() if data is not None}
