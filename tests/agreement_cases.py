"""Known-answer cases of spans as studies on disk: what is measured goes through files, codebook and turns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from postil_transcripts.study import Study
from tests.model_study import Talk, write_study

LABEL = "P1"
OFFSET = len(f"{LABEL}:\n")


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
