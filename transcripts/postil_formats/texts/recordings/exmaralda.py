"""EXMARaLDA (.exb, basic transcription): transcription tiers as speakers, their events as turns in the order of time.

The format (Schmidt and Wörner, EXMARaLDA): a common timeline of points (``tli``), a table of speakers, and tiers of the
types t (transcription), a (annotation) and d (description), whose events lie between two points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from postil_base.problem import PostilError
from postil_formats.texts.containers import parse_xml
from postil_formats.texts.decoding import check_size
from postil_formats.texts.labels.times import ordered, seconds_to_ms
from postil_formats.texts.recognised import ReadOptions, Recognised, TakenOff
from postil_formats.texts.recordings.cue_turns import Cue, turns_of

if TYPE_CHECKING:
    from lxml import etree


def read(data: bytes, name: str, options: ReadOptions) -> Recognised:
    """Read a basic transcription. Tiers that annotate or describe are left out and named."""
    check_size(data, name)
    root = parse_xml(data, name)
    if root.tag != "basic-transcription":
        raise PostilError(f"{name} is no basic transcription of EXMARaLDA (its root is {root.tag!r}); save it as .exb.")
    points = {point.get("id", ""): (n, seconds_to_ms(point.get("time"))) for n, point in enumerate(root.iter("tli"))}
    speakers = {one.get("id", ""): _speaker(one) for one in root.iter("speaker")}
    spoken = [tier for tier in root.iter("tier") if tier.get("type") == "t"]
    others = [tier for tier in root.iter("tier") if tier.get("type") != "t" and _text(tier)]
    found = [pair for tier in spoken for pair in _cues(tier, points, speakers)]
    cues = [cue for _, cue in sorted(found, key=lambda pair: pair[0])]
    if not cues:
        raise PostilError(f"{name} holds no event with words in a transcription tier; nothing to import.")
    turns, taken = turns_of(cues)
    left_out = ", ".join(map(_name, others))
    return Recognised(
        layout="EXMARaLDA tiers",
        turns=turns,
        warnings=(f"tiers that annotate or describe were not read: {left_out}",) if others else (),
        details={"tiers": {_name(tier): sum(1 for _ in tier.iter("event")) for tier in spoken}},
        taken=(*taken, *(TakenOff(f"tier {_name(tier)}", text) for tier in others for text in _events(tier))),
    )


def _speaker(speaker: etree._Element) -> str:
    return " ".join((speaker.findtext("abbreviation") or speaker.get("id") or "").split())


def _name(tier: etree._Element) -> str:
    return str(tier.get("display-name") or tier.get("category") or tier.get("id") or "")


def _text(tier: etree._Element) -> str:
    return " ".join(_events(tier))


def _events(tier: etree._Element) -> list[str]:
    texts = (" ".join("".join(map(str, event.itertext())).split()) for event in tier.iter("event"))
    return [text for text in texts if text]


def _cues(
    tier: etree._Element, points: dict[str, tuple[int, int | None]], speakers: dict[str, str]
) -> Iterator[tuple[int, Cue]]:
    """The events of a tier, each with the number of the point it begins at; one that ends within a word is no end."""
    label = speakers.get(tier.get("speaker", ""), "") or _name(tier)
    open_: tuple[int, str, Cue] | None = None  # where it begins, where it ends, and what was said
    for event in tier.iter("event"):
        text = "".join(map(str, event.itertext()))
        start, end = (points.get(event.get(side, ""), (len(points), None)) for side in ("start", "end"))
        if open_ is not None and (open_[1] != event.get("start") or open_[2].text[-1:].isspace()):
            yield open_[0], _plain(open_[2])
            open_ = None
        if open_ is None:
            open_ = (start[0], event.get("end", ""), Cue(label, text, *ordered(start[1], end[1])))
        else:
            said = open_[2]
            cue = replace(said, text=said.text + text, end_ms=ordered(said.start_ms, end[1])[1])
            open_ = (open_[0], event.get("end", ""), cue)
    if open_ is not None:
        yield open_[0], _plain(open_[2])


def _plain(cue: Cue) -> Cue:
    return replace(cue, text=" ".join(cue.text.split()))
