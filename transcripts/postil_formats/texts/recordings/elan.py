"""ELAN (.eaf): tiers as speakers, annotations as turns in the order of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from postil_base.problem import PostilError
from postil_formats.texts.containers import parse_xml
from postil_formats.texts.decoding import check_size
from postil_formats.texts.labels.times import ordered
from postil_formats.texts.recognised import ReadOptions, Recognised, TakenOff
from postil_formats.texts.recordings.cues import Cue, merge_cues

if TYPE_CHECKING:
    from lxml import etree

_KINDS = ("ALIGNABLE_ANNOTATION", "REF_ANNOTATION")


def read(data: bytes, name: str, options: ReadOptions) -> Recognised:
    """Read an ELAN file. Tiers that depend on another one (translation, glosses) are left out and named."""
    check_size(data, name)
    root = parse_xml(data, name)
    if root.tag != "ANNOTATION_DOCUMENT":
        raise PostilError(f"{name} is not an ELAN file (its root is {root.tag!r}).")
    slots = _slots(root)
    places = _aligned(root)
    roots = [tier for tier in root.iter("TIER") if not tier.get("PARENT_REF")]
    tiers = [_with_words(tier, root) for tier in roots]
    read_from = {_name(tier) for tier in tiers}
    left_out = [_name(tier) for tier in root.iter("TIER") if _name(tier) not in read_from and _words(tier)]
    found = [cue for top, tier in zip(roots, tiers, strict=True) for cue in _cues(top, tier, slots, places)]
    cues = [cue for _, cue in sorted(found, key=lambda pair: pair[0])]
    if not cues:
        raise PostilError(f"{name} holds no annotation with words; nothing to import.")
    return Recognised(
        layout="ELAN tiers",
        turns=merge_cues(cues),
        warnings=tuple(_warnings(cues, left_out, [_name(t) for t in tiers if t.get("PARENT_REF")])),
        details={"tiers": {_name(tier): len(_spoken(tier)) for tier in tiers}},
        taken=tuple(
            TakenOff(f"tier {_name(tier)}", " ".join((annotation.findtext("ANNOTATION_VALUE") or "").split()))
            for tier in root.iter("TIER")
            if _name(tier) not in read_from
            for annotation in _spoken(tier)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place in time: its number in the order of the file, the last known time before it, its own time."""

    number: int
    after: int
    ms: int | None


def _slots(root: etree._Element) -> dict[str, _Slot]:
    """The time slots; one may lack its value, and then its neighbours tell where it belongs."""
    slots: dict[str, _Slot] = {}
    last = 0
    for number, slot in enumerate(root.iter("TIME_SLOT")):
        ms = _number(slot.get("TIME_VALUE"))
        last = ms if ms is not None else last
        slots[slot.get("TIME_SLOT_ID", "")] = _Slot(number, last, ms)
    return slots


def _aligned(root: etree._Element) -> dict[str, etree._Element]:
    """Annotations by id, to follow one that hangs on another to its times."""
    return {a.get("ANNOTATION_ID", ""): a for kind in _KINDS for a in root.iter(kind)}


def _name(tier: etree._Element) -> str:
    return str(tier.get("TIER_ID") or "")


def _spoken(tier: etree._Element) -> list[etree._Element]:
    annotations = [annotation for kind in _KINDS for annotation in tier.iter(kind)]
    return [annotation for annotation in annotations if (annotation.findtext("ANNOTATION_VALUE") or "").strip()]


def _words(tier: etree._Element) -> int:
    return sum(len((annotation.findtext("ANNOTATION_VALUE") or "").split()) for annotation in _spoken(tier))


def _with_words(tier: etree._Element, root: etree._Element) -> etree._Element:
    """The tier itself, or the first that hangs on it with twice its words: some keep only numbers above them."""
    below = [child for child in root.iter("TIER") if child.get("PARENT_REF") == _name(tier) and _name(tier)]
    own = _words(tier)
    return next((child for child in below if _words(child) > 2 * own and _words(child) > len(_spoken(tier))), tier)


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 12 else None


_Order = tuple[bool, int, int]


def _cues(
    top: etree._Element, tier: etree._Element, slots: dict[str, _Slot], places: dict[str, etree._Element]
) -> Iterator[tuple[_Order, Cue]]:
    """The annotations of a tier, each with its place in the order of time; the speaker is that of its top tier."""
    label = " ".join((top.get("PARTICIPANT") or tier.get("PARTICIPANT") or top.get("TIER_ID") or "").split())
    for annotation in _spoken(tier):
        text = " ".join((annotation.findtext("ANNOTATION_VALUE") or "").split())
        timed = _timed(annotation, places)
        start, end = (slots.get(timed.get(f"TIME_SLOT_REF{n}", "")) for n in (1, 2))
        order = (start is None, start.after if start else 0, start.number if start else 0)
        yield order, Cue(label, text, *ordered(start.ms if start else None, end.ms if end else None))


def _timed(annotation: etree._Element, places: dict[str, etree._Element]) -> etree._Element:
    """The annotation that has the times: itself, or the one it hangs on."""
    for _ in range(len(places)):
        above = places.get(annotation.get("ANNOTATION_REF", ""))
        if above is None:
            break
        annotation = above
    return annotation


def _warnings(cues: list[Cue], left_out: list[str], below: list[str]) -> Iterator[str]:
    if below:
        yield f"the words were read from tiers that hang on others: {', '.join(below)}"
    if left_out:
        yield f"other tiers of the same speech were left out: {', '.join(left_out)}"
    overlaps = sum(
        1
        for a, b in pairwise(cues)
        if a.label != b.label and a.end_ms is not None and b.start_ms is not None and b.start_ms < a.end_ms
    )
    if overlaps:
        yield f"{overlaps} annotations overlap with another speaker's; turns follow each other by their start"
    untimed = sum(1 for cue in cues if cue.start_ms is None)
    if untimed:
        yield f"{untimed} annotations have no start time; they stand where their neighbours tell"
