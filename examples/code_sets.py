"""Codes of each participant, as the artifact's saturation notebook lists them, and what follows from them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CodeSets = dict[str, list[str]]
_LISTED = re.compile(r"P(\d+)_(?:sel|att|cha)")


@dataclass(frozen=True)
class Challenge:
    """One row of Table III: what is printed, and who has the code in the code sets given."""

    name: str
    code: str
    printed: int
    of: int
    found: tuple[str, ...]
    given: int

    @property
    def verdict(self) -> str:
        """Whether the printed count holds; with some of the participants only, whether it still can."""
        missing, short = self.of - self.given, self.printed - len(self.found)
        if not missing:
            return "agrees" if not short else f"differs: {len(self.found)} in the code sets"
        if not short:
            return f"holds if none of the {missing} not given has it"
        if 0 < short <= missing:
            return f"possible: {short} more among the {missing} not given"
        return f"differs whatever the {missing} not given hold"


def read_code_sets(path: Path) -> CodeSets:
    """Code sets from the artifact's notebook (.ipynb) or from a YAML file in the form of ptm_reuse/code_sets.yaml."""
    text = path.read_text(encoding="utf-8")
    return from_notebook(text) if path.suffix == ".ipynb" else from_yaml(text)


def from_notebook(text: str) -> CodeSets:
    """The lists ``P1_sel``, ``P1_att``, ``P1_cha``, … of a notebook, read and never run.

    >>> cell = {"cell_type": "code", "source": ["P1_sel = ['cost']\\n", "P1_cha = ['cost', 'search']"]}
    >>> from_notebook(json.dumps({"cells": [cell]}))
    {'P01': ['cost', 'search']}
    """
    found: dict[int, dict[str, None]] = {}
    for cell in json.loads(text)["cells"]:
        if cell["cell_type"] == "code":
            for number, codes in _lists("".join(cell["source"])):
                found.setdefault(number, {}).update(dict.fromkeys(codes))
    return {f"P{number:02}": list(found[number]) for number in sorted(found)}


def _lists(source: str) -> Iterable[tuple[int, list[str]]]:
    try:
        statements = ast.parse(source).body
    except SyntaxError:  # a cell with notebook magic holds no code sets
        return
    for statement in statements:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            continue
        if name := _LISTED.fullmatch(statement.targets[0].id):
            yield int(name[1]), ast.literal_eval(statement.value)


def from_yaml(text: str) -> CodeSets:
    """Groups of codes by participant. A name that stands in two groups is one code.

    >>> from_yaml("P01: {selection: [latency, cost], attributes: [latency]}")
    {'P01': ['latency', 'cost']}
    """
    listed: Mapping[str, Mapping[str, list[str]]] = yaml.safe_load(text)
    return {p: list(dict.fromkeys(code for codes in groups.values() for code in codes)) for p, groups in listed.items()}


def table_three(sets: CodeSets, published: Mapping[str, Any]) -> list[Challenge]:
    """Each challenge of Table III with the participants who have its code."""
    return [
        Challenge(
            name=row["name"],
            code=row["code"],
            printed=row["printed"],
            of=published["participants"],
            found=tuple(p for p, codes in sets.items() if row["name"] in codes),
            given=len(sets),
        )
        for row in published["challenges"]
    ]
