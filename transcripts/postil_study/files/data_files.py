"""The data files of a study: the tables its findings are computed from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from postil_codebook.values import Finding
from postil_study.files.settings import is_inside

READERS = (".csv", ".tsv", ".json", ".ndjson", ".jsonl", ".parquet", ".xlsx", ".sqlite", ".sqlite3", ".db")


def data_of(compute: Mapping[str, Any]) -> dict[str, str]:
    """The data files that one ``compute:`` names, by the names of their tables.

    >>> data_of({"data": "data/models.csv"}), data_of({"data": ["a/x.csv", "a/y.csv"]})
    ({'data': 'data/models.csv'}, {'x': 'a/x.csv', 'y': 'a/y.csv'})
    >>> data_of({"data": {"models": "data/m.parquet"}})
    {'models': 'data/m.parquet'}
    """
    data = compute.get("data") or compute.get("file")
    if isinstance(data, dict):
        return {str(name): str(path) for name, path in data.items()}
    if isinstance(data, list):
        return {PurePosixPath(str(path)).stem: str(path) for path in data}
    return {"data": str(data)} if data else {}


def data_files(findings: Iterable[Finding]) -> list[str]:
    """The files inside the study from which findings are computed, in the order they are named."""
    asked = (finding.extra.get("compute") for finding in findings)
    named = (path for compute in asked if isinstance(compute, dict) for path in data_of(compute).values())
    return [name for name in dict.fromkeys(named) if is_inside(name) and name.lower().endswith(READERS)]
