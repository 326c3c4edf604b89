"""All mutants."""

from __future__ import annotations

from tests.mutants.of_coding import CODING

MUTANTS = (*CODING,)
