"""The relations of a sample's layers as typed edges between codes."""

from __future__ import annotations

from postil_model.agreement.relations import Edge
from postil_model.agreement_study import Sample
from postil_transcripts.types import Layer, Relation

TYPES = ("leads-to", "goes-back-to", "influences", "excludes")


def sample_edges(sample: Sample) -> list[dict[str, frozenset[Edge] | None]]:
    """By transcript and coder: the edges drawn, None where the coder did not finish the transcript.

    A relation counts nowhere if a segment it joins has several codes and it does not say which, if its words are gone,
    or if it is denied; guard, cue and memo are no part of an edge. An edge counts once a transcript.
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
    if relation.mode != "affirm" or relation.unanchored:
        return None
    source = _code(layer, relation.source, relation.source_code)
    target = _code(layer, relation.target, relation.target_code)
    return (source, relation.type, target) if source and target else None


def _code(layer: Layer, segment: str, named: str) -> str:
    if named:
        return named
    codes = layer.by_id[segment].code_ids if segment in layer.by_id else ()
    return codes[0] if len(codes) == 1 else ""
