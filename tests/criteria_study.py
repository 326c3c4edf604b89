"""A study in which people decide between two ways by what they affirm and deny."""

from __future__ import annotations

from pathlib import Path

from postil_study.study import Study
from tests.model_study import PROCESS, talk, write_study

# participant → way (b: buy, s: search again, x: both, n: none), price, colour: + affirms, - denies, . says nothing
CASES = {
    "P1": "b+.", "P2": "b+-", "P3": "b++", "P4": "s-.", "P5": "s-+", "P6": "b.+", "P7": "s.-", "P8": "b-+", "P9": "s+.",
}  # fmt: skip
CRITERIA = "criteria: {cheap: {label: Cheap, codes: [price], speaks_for: good}, nice: {label: Nice, codes: [colour]}}"
PLAIN = "stage: before, codes: [choose]}"
WITH_CRITERIA = PROCESS.replace(PLAIN, f"stage: before, codes: [choose],\n     {CRITERIA}}}")
SETTINGS = "analysis: {record: [ana], min_participants: 1}\n"


def deciding(root: Path, cases: dict[str, str] = CASES, process: str = WITH_CRITERIA) -> Study:
    """Write it and open it."""
    talks = []
    for number, (person, signs) in enumerate(cases.items()):
        one = talk(f"T{number}", person, "?", "price, colour, choice, then bought or looked")
        one.code(f"c{number}", "choice", "choose").code(f"b{number}", "bought", "buy")
        one.code(f"l{number}", "looked", "search")
        for code, sign in (("price", signs[1]), ("colour", signs[2])):
            if sign != ".":
                one.code(f"{code}{number}", code, code if sign == "+" else {"code": code, "mode": "deny"})
        if signs[0] in "bx":
            one.relate(f"r{number}", f"c{number}", f"b{number}", "leads-to", "then", guard="good")
        if signs[0] in "sx":
            one.relate(f"s{number}", f"c{number}", f"l{number}", "goes-back-to", "then", guard="poor")
        talks.append(one)
    return write_study(root, talks, process=process, settings=SETTINGS)
