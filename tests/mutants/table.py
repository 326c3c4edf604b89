"""All mutants."""

from __future__ import annotations

from tests.mutants.of_coding import CODING
from tests.mutants.of_merging import MERGING
from tests.mutants.of_model import MODEL
from tests.mutants.of_words import WORDS

MUTANTS = (*CODING, *MERGING, *MODEL, *WORDS)
