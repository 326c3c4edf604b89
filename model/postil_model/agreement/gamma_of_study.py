"""Gamma, gamma-cat and gamma-k of a study, over all codes, transcript by transcript; only when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from postil_formats.tables.files import Cell, Table
from postil_model.agreement.document import estimate_json, plain
from postil_model.agreement.measures.gamma import Gamma, gamma
from postil_model.agreement.measures.gamma_samplers import SamplerName
from postil_model.agreement.measures.gamma_units import Dissimilarity
from postil_model.agreement.measures.spans import SpanTable
from postil_model.agreement.sample import Sample
from postil_model.agreement.tables import remarks, value


def study_gamma(sample: Sample, sampler: SamplerName = "shuffle", samples: int = 30, seed: int = 1) -> dict[str, Gamma]:
    """Gamma of each transcript that all compared coders finished."""
    table = sample.characters
    return {
        document: gamma(_units(table, number), Dissimilarity(), sampler, samples, seed)
        for number, document in enumerate(table.documents)
        if table.present[number].all()
    }


def _units(table: SpanTable, document: int) -> Mapping[str, list[tuple[float, float, str]]]:
    rows = table.document == document
    units: dict[str, list[tuple[float, float, str]]] = {coder: [] for coder in table.coders}
    columns = (
        table.coder[rows].tolist(),
        table.start[rows].tolist(),
        table.end[rows].tolist(),
        table.code[rows].tolist(),
    )
    for coder, start, end, code in zip(*columns, strict=True):
        units[table.coders[coder]].append((start, end, table.codes[code]))
    return units


def gamma_table(found: Mapping[str, Gamma]) -> Table:
    """One row a transcript, with all that must be said beside gamma."""
    headers = (
        "transcript",
        "gamma",
        "gamma-cat",
        "observed disorder",
        "expected disorder",
        "sampler",
        "samples",
        "seed",
    )
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            value(of.gamma),
            value(of.gamma_cat),
            of.observed,
            of.expected,
            of.sampler,
            of.samples,
            of.seed,
            f"{of.dissimilarity.alpha:g}, {of.dissimilarity.beta:g}, {of.dissimilarity.empty:g}",
            remarks([of.gamma]),
        )
        for name, of in found.items()
    ]
    return Table((*headers, "alpha, beta, delta", "remarks"), tuple(rows), "Gamma (supplement)")


def gamma_json(found: Mapping[str, Gamma]) -> dict[str, Any]:
    """Per transcript: the family, its disorders and its parameters."""
    return {
        name: {
            "gamma": estimate_json(of.gamma),
            "gamma_cat": estimate_json(of.gamma_cat),
            "gamma_k": plain(of.gamma_k),
            "observed_disorder": of.observed,
            "expected_disorder": of.expected,
            "sampler": of.sampler,
            "samples": of.samples,
            "seed": of.seed,
            "alpha": of.dissimilarity.alpha,
            "beta": of.dissimilarity.beta,
            "delta_empty": of.dissimilarity.empty,
        }
        for name, of in found.items()
    }
