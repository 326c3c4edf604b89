"""The data files of a study: the tables its findings are computed from."""

from __future__ import annotations

from collections.abc import Iterable

from postil_codebook.values import Finding
from postil_study.files.settings import is_inside

READERS = (".csv", ".tsv", ".json", ".xlsx")


def data_files(findings: Iterable[Finding]) -> list[str]:
    """The files inside the study from which findings are computed, in the order they are named."""
    asked = (finding.extra.get("compute") for finding in findings)
    names = dict.fromkeys(str(compute.get("file") or "") for compute in asked if isinstance(compute, dict))
    return [name for name in names if name and is_inside(name) and name.lower().endswith(READERS)]
