"""The known answers of agreement, and those of spans as studies on disk, through files, codebook and turns.

`known_answers/agreement.json` says in its schema what each field means, and for every case where it is from: a
publication, another program's own tests, or values from a seed that other programs were asked about.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from postil_study.study import Study
from tests.model_study import Talk, write_study

BANK = Path(__file__).resolve().parent / "known_answers" / "agreement.json"
CASES: list[dict[str, Any]] = json.loads(BANK.read_text(encoding="utf-8"))["cases"]
LABEL = "P1"
OFFSET = len(f"{LABEL}:\n")


def of_kind(*kinds: str, expecting: str = "") -> pytest.MarkDecorator:
    """The test once for each known answer of these kinds, or for those that expect a value of that name."""
    chosen = [case for case in CASES if case["kind"] in kinds and (not expecting or expecting in case["expected"])]
    return pytest.mark.parametrize("case", chosen, ids=[f"{c['id']} ({c['source'][:60]})" for c in chosen])


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def case_study(case: Mapping[str, Any], root: Path, settings: str = "") -> Study:
    """A study in which one participant says ``L`` characters a transcript, coded as the case says."""
    coders = list(dict.fromkeys(name for doc in case["docs"] for name in doc["coders"]))
    talks = []
    for number, doc in enumerate(case["docs"]):
        words = ("abcdefgh " * (doc["L"] // 9 + 1))[: doc["L"]].rstrip() or "a"
        words = words + "x" * (doc["L"] - len(words))
        for coder in coders:
            spans = doc["coders"].get(coder)
            if spans is None:
                continue
            talk = Talk(slug(doc["id"]), [(LABEL, words)], {LABEL: f"E{number}"}, coder=slug(coder))
            for place, (start, end, code) in enumerate(spans):
                talk.segments.append(
                    {
                        "id": f"s{number}{slug(coder)}{place}",
                        "start": start + OFFSET,
                        "end": end + OFFSET,
                        "codes": [slug(code)],
                    }
                )
            talks.append(talk)
    book = "title: T\nversion: 1.0.0\ncodes:\n" + "".join(
        f"  {slug(code)}: {{label: '{code}'}}\n" for code in case["codes"]
    )
    return write_study(root, talks, codebook=book, process="", settings=settings)


def units_csv(case: Mapping[str, Any]) -> str:
    """The case's units as a file of given units."""
    rows = [
        f"{slug(doc['id'])},{start + OFFSET},{end + OFFSET}"
        for doc, pieces in zip(case["docs"], case["units"], strict=True)
        for start, end in pieces
    ]
    return "transcript,start,end\n" + "\n".join(rows) + "\n"
