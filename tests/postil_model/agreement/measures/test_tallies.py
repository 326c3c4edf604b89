"""The sums of many coders, added up piece by piece, are those of all their patterns."""

from __future__ import annotations

import random

import numpy as np

from postil_model.agreement.measures.spans import Document, Span, from_documents
from postil_model.agreement.measures.sweep import DENSE_CODERS, pattern_lengths
from postil_model.agreement.measures.tallies import tallies, tallies_of

CODERS = [f"c{number}" for number in range(DENSE_CODERS + 3)]
CODES = ["x", "y", "z"]


def _document(rng: random.Random, name: str) -> Document:
    spans: dict[str, list[Span] | None] = {}
    for coder in CODERS:
        starts = [rng.randrange(80) for _ in range(rng.randrange(6))]
        spans[coder] = [(a, a + rng.randrange(1, 20), rng.choice(CODES)) for a in starts]
        if rng.random() < 0.3:
            spans[coder] = None
    return Document(name, 100, spans)


def test_sums_of_many_coders_are_those_of_their_patterns() -> None:
    rng = random.Random(7)
    lonely = Document("lonely", 50, {"c0": [(0, 9, "x")]})
    nobody = Document("nobody", 50, {})
    table = from_documents([*(_document(rng, f"d{n}") for n in range(30)), lonely, nobody], CODERS, CODES)
    expected = tallies_of(pattern_lengths(table), table)
    np.testing.assert_allclose(tallies(table).sums, expected.sums, rtol=1e-12, atol=1e-9)
