"""Checks of rounds, charts and memos: what they refer to must be there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial

from postil_base.problem import Place, Problem, Severity
from postil_base.yaml.fields import nearest
from postil_study.files.charts import ChartCell, load_charts
from postil_study.files.memos import KINDS, Memo, load_memos
from postil_study.rounds.frozen import check_copy
from postil_study.rounds.plan import Round
from postil_study.study import Study
from postil_study.text.values import Layer

_MOST_TO_COMPARE = 5_000  # a hint is not worth seconds


def check_rounds(study: Study) -> Iterator[Problem]:
    """Coders and transcripts that are not there; copies that are missing or were changed."""
    for plan in study.rounds.values():
        for coder, transcripts in plan.assignments.items():
            yield from _unknown(coder, study.coders, plan.places[coder], "coder")
            for transcript in transcripts:
                place = plan.places[f"{coder}/{transcript}"]
                yield from _unknown(transcript, study.transcripts, place, "transcript")
        yield from _copy(study, plan)


def _copy(study: Study, plan: Round) -> Iterator[Problem]:
    if plan.is_frozen:
        yield from check_copy(study.root, plan)


def check_charts(study: Study) -> Iterator[Problem]:
    """Cells of participants, themes and segments that are not there, and segments of somebody else."""
    cells, problems = load_charts(study.root)
    yield from problems
    if not cells:
        return
    columns = {*(theme.id for theme in study.themes), *(question.id for question in study.settings.guide)}
    segments = _segments(study)
    for row in {cell.row: cell for cell in cells}.values():
        place = Place(row.place.path)
        yield from _unknown(row.row, study.settings.participants, place, "participant")
    for cell in cells:
        if cell.column not in columns and study.codebook.resolve(cell.column) is None:
            yield from _unknown(cell.column, [*columns, *study.codebook.codes], cell.place, "theme or code")
        yield from _cell_segments(study, cell, segments)


def _cell_segments(study: Study, cell: ChartCell, segments: Mapping[str, Layer]) -> Iterator[Problem]:
    for id_ in cell.segments:
        layer = segments.get(id_)
        if layer is None:
            yield from _unknown(id_, (), cell.segment_places[id_], "segment")
        elif cell.row in study.settings.participants and not _speaks(study, layer, cell.row):
            message = f"segment {id_} lies in {layer.header.transcript}, in which {cell.row} does not speak."
            yield Problem(cell.segment_places[id_], message, "segment-of-another", "warning")


def _speaks(study: Study, layer: Layer, participant: str) -> bool:
    info = study.infos.get(layer.header.transcript)
    return info is not None and any(speaker.participant == participant for speaker in info.speakers.values())


def check_memos(study: Study) -> Iterator[Problem]:
    """Memos without front matter, and memos about things that are not there."""
    memos, problems = load_memos(study.root)
    yield from problems
    for memo in memos:
        for about in memo.about:
            yield from _about(study, memo, about)


def _about(study: Study, memo: Memo, about: str) -> Iterator[Problem]:
    kind, _, id_ = about.partition(":")
    place = memo.places.get(about, Place(memo.path, 1))
    if kind not in KINDS:
        message = f"about {about!r}: say of what kind it is, such as code:{about}; kinds are {', '.join(KINDS)}."
        yield Problem(place, message, "memo-about", "warning")
    elif kind == "code":
        if study.codebook.resolve(id_) is None:
            yield from _unknown(id_, study.codebook.codes, place, kind, "warning")
    elif kind == "edge" and _is_between_nodes(study, id_):
        return
    elif kind in _KNOWN:
        yield from _unknown(id_, _KNOWN[kind](study), place, kind, "warning")


def _is_between_nodes(study: Study, id_: str) -> bool:
    """Whether an id is that of an edge nobody declared: source, target, type and guard with colons between them."""
    parts, nodes = id_.split(":"), _of_process(study, "nodes")
    return len(parts) >= 3 and parts[0] in nodes and parts[1] in nodes


def _segments(study: Study) -> dict[str, Layer]:
    """The layer of each segment of the study."""
    return {segment.id: layer for layer in study.layers() for segment in layer.segments}


def _of_process(study: Study, part: str) -> Collection[str]:
    return [item.id for item in getattr(study.process, part, ())]


_KNOWN: Mapping[str, Callable[[Study], Collection[str]]] = {
    "transcript": lambda study: study.transcripts,
    "segment": _segments,
    "participant": lambda study: study.settings.participants,
    "coder": lambda study: study.coders,
    "node": partial(_of_process, part="nodes"),
    "edge": partial(_of_process, part="edges"),
    "theme": lambda study: [theme.id for theme in study.themes],
    "finding": lambda study: [finding.id for finding in study.findings],
    "round": lambda study: study.rounds,
}


def _unknown(
    id_: str, known: Collection[str], place: Place, kind: str, severity: Severity = "error"
) -> Iterator[Problem]:
    if id_ not in known:
        hint = nearest(id_, list(known)) if len(known) < _MOST_TO_COMPARE else ""
        message = f"there is no {kind} {id_[:60]!r} in this study{hint or '.'}"
        yield Problem(place, message, f"unknown-{kind.split()[0]}", severity)
