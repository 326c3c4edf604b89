"""What a memo is about, as lines beside it: the words, what a code means, who a participant is."""

from __future__ import annotations

from postil_study.study import Study
from postil_study.text.values import TranscriptInfo
from postil_tui.memos.notes import Note
from postil_tui.search.painting import one_line
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import shown
from postil_tui.text.fold import folded
from postil_tui.widgets.rows import Line


def about_lines(study: Study, note: Note, width: int, ink: StyleSheet) -> list[Line]:
    """The subject of a memo, in a few lines; segments are shown in their place by the screen."""
    lines: list[Line] = []
    for subject in note.about:
        kind, _, name = subject.partition(":")
        heading, texts = _known(study, kind, name)
        if heading:
            lines.append([(f" {shown(heading)}", ink.code(name, True) if kind == "code" else ink.strong)])
        for text in texts:
            lines += [[(f" {line}", ink.quiet)] for line in folded(shown(one_line(text)), max(width - 3, 10))]
    return lines


def _known(study: Study, kind: str, name: str) -> tuple[str, list[str]]:
    if kind == "code" and (code := study.codebook.codes.get(study.codebook.resolve(name) or "")):
        parts = [code.definition, f"use it: {code.include}" if code.include else ""]
        return study.codebook.code_path(code.id), [
            *filter(None, parts),
            *([f"not: {code.exclude}"] if code.exclude else []),
        ]
    if kind == "participant" and name in study.settings.participants:
        attributes = study.settings.participants[name].attributes
        spoken = [id_ for id_, info in study.infos.items() if name in _people(info)]
        told = [f"{key.replace('_', ' ')}: {_value(value)}" for key, value in attributes.items()]
        return name, [" · ".join(told), f"speaks in {', '.join(spoken)}" if spoken else ""]
    if kind == "transcript" and name in study.infos:
        info = study.infos[name]
        return name, [" · ".join(filter(None, [", ".join(_people(info)), info.date, info.source]))]
    if kind == "theme" and (theme := next((one for one in study.themes if one.id == name), None)):
        return theme.label, [theme.definition, f"codes: {', '.join(theme.codes)}"]
    return _of_model(study, kind, name)


def _of_model(study: Study, kind: str, name: str) -> tuple[str, list[str]]:
    process = study.process
    if kind == "node" and process and (node := next((one for one in process.nodes if one.id == name), None)):
        return node.label or node.id, [f"{node.kind} of the decision model"]
    if kind == "edge" and process:
        edge = next((one for one in process.edges if one.id == name), None)
        ends = (edge.source, edge.target) if edge else (*name.split(":"), "")[:2]
        labels = {one.id: one.label or one.id for one in process.nodes}
        return " → ".join(labels.get(end, end) for end in ends), [
            f"{edge.kind} {edge.guard}" if edge else "not declared"
        ]
    if kind == "round" and name in study.rounds:
        return f"round {name}", [f"{study.rounds[name].purpose}, {study.rounds[name].state}"]
    return ("the study", [study.settings.title]) if kind == "study" else ("", [])


def _people(info: TranscriptInfo) -> list[str]:
    return list(dict.fromkeys(one.participant for one in info.speakers.values() if one.participant))


def _value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
