"""All mutants."""

from __future__ import annotations

from tests.mutants.of_coding import CODING
from tests.mutants.of_merging import MERGING

MUTANTS = (*CODING, *MERGING)
