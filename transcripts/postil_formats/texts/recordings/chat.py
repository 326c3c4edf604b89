"""CHAT (.cha), the format of CHILDES and TalkBank: main tiers as turns, dependent tiers named as not read.

The CHAT manual (MacWhinney), chapters "File Format" and "Main Tier": header lines start with ``@``, a main tier with
``*CODE:`` and a tab, a dependent tier with ``%xyz:``; a line that starts with a tab continues the one above; between
two marks (hexadecimal 15) stand the milliseconds of a stretch of the recording.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from postil_base.problem import PostilError
from postil_formats.texts.decoding import decode
from postil_formats.texts.labels.times import ordered
from postil_formats.texts.recognised import ReadOptions, Recognised, TakenOff
from postil_formats.texts.recordings.cue_turns import Cue, turns_of

_TIER = re.compile(r"([*%@][^:\t\n]{1,40})(?::[ \t]*(.*))?$")
_BULLET = re.compile(r"[\x15•](?:%(?:snd|mov):\"[^\"]*\"_)?(\d{1,10})_(\d{1,10})[\x15•]?")


def read(data: bytes, name: str, options: ReadOptions) -> Recognised:
    """Read a CHAT file."""
    decoded = decode(data, name, options.encoding)
    tiers = list(_tiers(decoded.text.split("\n")))
    if not any(code.startswith("*") for code, _ in tiers):
        raise PostilError(f"{name} is no CHAT transcript: no line starts with *CODE: (main tier).")
    first = next(n for n, (code, _) in enumerate(tiers) if code.startswith("*"))
    spoken = [(code, text) for code, text in tiers if code.startswith("*")]
    turns, taken = turns_of([_cue(code, text) for code, text in spoken])
    marks = [TakenOff("clock", mark[0].strip("\x15•")) for _, text in spoken for mark in _BULLET.finditer(text)]
    others = [(code, text) for code, text in tiers[first:] if not code.startswith("*")]
    left_out = sorted({code for code, text in others if code.startswith("%") and text})
    told = (f"dependent tiers were not read: {', '.join(left_out)}",) if left_out else ()
    return Recognised(
        layout="CHAT main tiers",
        turns=turns,
        header=tuple(f"{code}: {text}" if text else code for code, text in tiers[:first]),
        warnings=(*decoded.warnings, *told),
        encoding=decoded.encoding,
        details={"utterances": sum(1 for code, _ in tiers if code.startswith("*"))},
        taken=(*taken, *marks, *(TakenOff(_kind(code), f"{code}: {text}") for code, text in others)),
    )


def _kind(code: str) -> str:
    return f"dependent tier {code}" if code.startswith("%") else f"header {code}"


def _tiers(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Code and content of each tier, with the lines that continue it."""
    code, parts = "", [""]
    for line in lines:
        match = _TIER.match(line) if line[:1] in "*%@" and line else None
        if match is None:
            parts.append(line.strip())
            continue
        if code:
            yield code, " ".join(filter(None, parts))
        code, parts = match[1].strip(), [(match[2] or "").strip()]
    if code:
        yield code, " ".join(filter(None, parts))


def _cue(code: str, text: str) -> Cue:
    """A main tier: its words without the marks of the recording, which are its times."""
    marks = list(_BULLET.finditer(text))
    words = " ".join(_BULLET.sub(" ", text).replace("\x15", " ").split())
    start, end = (int(marks[0][1]), int(marks[-1][2])) if marks else (None, None)
    label = code.lstrip("*").strip()
    return Cue(label, words, *ordered(start, end), taken=(("label", label),))
