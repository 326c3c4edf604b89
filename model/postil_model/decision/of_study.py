"""From an opened study to evidence and model: the coding of record alone, unless a union of coders is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from postil_base.problem import PostilError
from postil_codebook.values import Process
from postil_model.decision.model import RECORD, Model, Params, build, discovered
from postil_model.evidence import CodingContext, EdgeBook, Evidence, Interview, gather
from postil_model.evidence.guide import make_guide
from postil_study.privacy.consent.purposes import not_quoted
from postil_study.text.values import Layer

if TYPE_CHECKING:
    from postil_codebook.decision_process.node_codes import ProcessMap
    from postil_study.study import Study


def study_process(study: Study) -> Process:
    """The declared process, or one made of the used codes where the study declares none."""
    if study.process is not None and study.process.nodes:
        return study.process
    used = {code for layer in study.layers() for segment in layer.segments for code in segment.code_ids}
    return discovered(study.codebook, used)


def study_evidence(
    study: Study, coders: Sequence[str] = (), process: Process | None = None
) -> tuple[Evidence, EdgeBook]:
    """The evidence table of the coding of record, or of the union of the finished layers of ``coders``."""
    from postil_codebook.decision_process.node_codes import map_codes

    process = process or study_process(study)
    mapping = map_codes(process, study.codebook)
    frame = study_frame(study, process, mapping)
    interviews, missing = study_interviews(study, coders)
    refused = not_quoted(study)
    interviews = _without_words(interviews, study, refused) if refused else interviews
    evidence = gather(interviews, frame, order=study.settings.participants, missing=missing)
    extra = _strings(process.evidence.get("order_questions", ()))
    questions = evidence.order_questions | frozenset(extra)
    return replace(evidence, order_questions=questions, withheld=refused), frame.edges


def _without_words(interviews: Sequence[Interview], study: Study, refused: frozenset[str]) -> list[Interview]:
    """The interviews, memos without what people who must not be quoted said: memos go wherever evidence goes."""
    from postil_study.privacy.consent.copied_words import free_words

    told = free_words(study, refused).text
    return [replace(each, layers=tuple(_told(layer, told) for layer in each.layers)) for each in interviews]


def _told(layer: Layer, told: Callable[[str], str]) -> Layer:
    changed = msgspec.structs.replace
    segments = tuple(changed(each, memo=told(each.memo)) if each.memo else each for each in layer.segments)
    relations = tuple(changed(each, memo=told(each.memo)) if each.memo else each for each in layer.relations)
    return replace(layer, segments=segments, relations=relations)


def study_frame(study: Study, process: Process, mapping: ProcessMap) -> CodingContext:
    """What the codings of a study are read against."""
    guide = make_guide(study.settings.guide, study.codebook, mapping.node_of, mapping.item_of)
    nodes = tuple(node.id for node in process.nodes)
    return CodingContext(mapping.node_of, mapping.item_of, EdgeBook(process), guide, nodes, mapping.unmapped)


def study_interviews(study: Study, coders: Sequence[str] = ()) -> tuple[list[Interview], list[str]]:
    """Transcripts with the layers that count, and those that have none yet."""
    unknown = [coder for coder in coders if coder not in study.coders]
    if unknown:
        raise PostilError(f"there is no coder {unknown[0]!r} here; the study has {', '.join(study.coders) or 'none'}")
    interviews: list[Interview] = []
    missing: list[str] = []
    for name in study.transcripts:
        layers = _layers(study, name, coders)
        if layers:
            interviews.append(Interview(study.transcripts[name], tuple(layers), study.guide_layer(name)))
        else:
            missing.append(name)
    return interviews, missing


def _layers(study: Study, transcript: str, coders: Iterable[str]) -> list[Layer]:
    if not coders:
        record = study.record_layer(transcript)
        return [record] if record else []
    found = (study.layer(coder, transcript) for coder in coders)
    return [layer for layer in found if layer is not None and layer.header.done]


def build_model(
    study: Study, params: Params | None = None, coders: Sequence[str] = (), process: Process | None = None
) -> Model:
    """The decision model of a study. Without ``params`` what ``study.yaml`` says counts."""
    process = process or study_process(study)
    evidence, edges = study_evidence(study, coders, process)
    params = params or Params(min_participants=study.settings.analysis.min_participants)
    rule = str(process.evidence.get("coder_rule", "any"))
    params = replace(params, coder_rule=rule, layers=f"union of {', '.join(coders)}" if coders else RECORD)
    _check_names(evidence, process, params)
    return build(process, study.codebook, evidence, edges, params)


def _check_names(evidence: Evidence, process: Process, params: Params) -> None:
    """Filters that name nothing are mistakes, not empty results."""
    stages = {stage.id for stage in process.stages} | {node.stage for node in process.nodes}
    for what, asked, known in (
        ("participant with a finished coding", params.participants, evidence.participants),
        ("stage", params.stages, sorted(stages)),
    ):
        for name in asked:
            if name not in known:
                raise PostilError(f"there is no {what} called {name!r}; there are: {', '.join(known) or 'none yet'}")


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, (list, tuple)) else (str(value),)
