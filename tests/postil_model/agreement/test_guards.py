"""Two coders agree on a relation only if they agree on its guard; without guards is shown beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from postil_model.agreement.result import study_agreement
from postil_model.agreement.tables import other_table
from postil_study.study import open_study
from tests.model_study import talk, write_study
from tests.shared_data import SHARED, needs_shared

CASE = SHARED / "cases" / "studies" / "rel_oppguard"


def plain(root: Path, guards: bool) -> float | None:
    """2|A and B|/(|A|+|B|) from the lines of the files."""
    sides = []
    for coder in ("ana", "ben"):
        edges = set()
        for path in sorted((root / "codings" / coder).iterdir()):
            for line in path.read_text(encoding="utf-8").splitlines()[1:]:
                r = json.loads(line)
                if "from" in r:
                    guard = " ".join(r.get("guard", "").lower().split()) if guards else ""
                    edges.add((path.stem, r["from_code"], r["type"], r["to_code"], guard))
        sides.append(edges)
    total = len(sides[0]) + len(sides[1])
    return 2 * len(sides[0] & sides[1]) / total if total else None


@needs_shared
def test_swapped_guards_are_no_agreement() -> None:
    found = study_agreement(open_study(CASE)).relations
    assert found["all"]["ana|ben"].value == plain(CASE, True) == 0
    assert found["all, without guard"]["ana|ben"].value == plain(CASE, False) == 1
    assert found["leads-to"]["ana|ben"].value == 0


@pytest.mark.parametrize(
    ("mine", "theirs", "value"),
    [
        (("good", "poor"), ("poor", "good"), 0),
        (("good", "poor"), (" GOOD ", "poor"), 1),
        (("good", "poor"), ("", "poor"), 0.5),
    ],
)
def test_guards_are_compared_as_edges_are(
    tmp_path: Path, mine: tuple[str, str], theirs: tuple[str, str], value: float
) -> None:
    talks = []
    for coder, guards in (("ana", mine), ("ben", theirs)):
        one = talk("T1", "P1", "And?", "We chose it and then bought it or looked again.", coder=coder)
        for name, words, code in (("c", "chose it", "choose"), ("b", "bought it", "buy"), ("s", "looked", "search")):
            one.code(f"{coder}{name}", words, code)
        for number, end in enumerate(("b", "s")):
            ends = {"from_code": "choose", "to_code": "buy" if end == "b" else "search"}
            more = {"guard": guards[number]} if guards[number] else {}
            one.relate(f"{coder}r{end}", f"{coder}c", f"{coder}{end}", "leads-to", **ends, **more)
        talks.append(one)
    study = write_study(tmp_path, talks)
    result = study_agreement(study)
    assert result.relations["all"]["ana|ben"].value == value == plain(tmp_path, True)
    assert result.relations["all, without guard"]["ana|ben"].value == 1
    labels = [row[0] for row in other_table(result).rows]
    assert "Specific agreement on relations, all, without guard" in labels
