"""The relations of a sample's layers as typed edges between codes."""

from __future__ import annotations

from postil_model.agreement.measures.relations import Edge
from postil_model.agreement.sample import Sample
from postil_model.evidence.edges import same_guard
from postil_model.evidence.relation_modes import meant, mode_of
from postil_study.text.values import Layer, Relation

TYPES = ("leads-to", "goes-back-to", "influences", "excludes")


def sample_edges(sample: Sample) -> list[dict[str, frozenset[Edge] | None]]:
    """By transcript and coder: the edges drawn, None where the coder did not finish the transcript.

    A relation counts nowhere if a segment it joins has several codes and it does not say which, if its words are gone,
    or if it is not affirmed (see `mode_of`); cue and memo are no part of an edge. An edge counts once a transcript.
    """
    return [
        {
            coder: _edges(layer) if (layer := _done(sample, coder, transcript.id)) else None
            for coder in sample.whole.coders
        }
        for transcript in sample.transcripts
    ]


def _done(sample: Sample, coder: str, transcript: str) -> Layer | None:
    layer = sample.study.layer(coder, transcript)
    return layer if layer is not None and layer.header.done else None


def _edges(layer: Layer) -> frozenset[Edge]:
    found = (edge_of(layer, relation) for relation in layer.relations)
    return frozenset(edge for edge in found if edge is not None)


def edge_of(layer: Layer, relation: Relation) -> Edge | None:
    """The edge between codes that a relation says, None if it does not say which."""
    first, second = layer.by_id.get(relation.source), layer.by_id.get(relation.target)
    if first is None or second is None or relation.unanchored or first.unanchored or second.unanchored:
        return None
    if relation.mode not in ("", "affirm") or mode_of(relation, first, second).of_end:
        return None
    source, target = meant(relation.source_code, first), meant(relation.target_code, second)
    return (source, relation.type, target, same_guard(relation.guard)) if source and target else None
