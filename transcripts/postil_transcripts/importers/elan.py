"""ELAN (.eaf): tiers as speakers, annotations as turns in the order of time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from postil_base.problem import PostilError
from postil_transcripts.importers.containers import parse_xml
from postil_transcripts.importers.cues import Cue, merge_cues
from postil_transcripts.importers.decoding import check_size
from postil_transcripts.importers.recognised import Options, Recognised
from postil_transcripts.importers.times import ordered

if TYPE_CHECKING:
    from lxml import etree


def read(data: bytes, name: str, options: Options) -> Recognised:
    """Read an ELAN file. Tiers that depend on another one (translation, glosses) are left out and named."""
    check_size(data, name)
    root = parse_xml(data, name)
    if root.tag != "ANNOTATION_DOCUMENT":
        raise PostilError(f"{name} is not an ELAN file (its root is {root.tag!r}).")
    slots = _slots(root)
    tiers = [tier for tier in root.iter("TIER") if not tier.get("PARENT_REF")]
    dependent = [tier.get("TIER_ID", "") for tier in root.iter("TIER") if tier.get("PARENT_REF")]
    found = (cue for tier in tiers for cue in _cues(tier, slots))
    cues = sorted(found, key=lambda cue: (cue.start_ms is None, cue.start_ms or 0))
    if not cues:
        raise PostilError(f"{name} holds no annotation with words; nothing to import.")
    return Recognised(
        layout="ELAN tiers",
        turns=merge_cues(cues),
        warnings=tuple(_warnings(cues, dependent)),
        details={"tiers": {tier.get("TIER_ID", ""): len(list(_cues(tier, slots))) for tier in tiers}},
    )


def _slots(root: etree._Element) -> dict[str, int | None]:
    """Times by slot; a slot may lack its value."""
    return {slot.get("TIME_SLOT_ID", ""): _number(slot.get("TIME_VALUE")) for slot in root.iter("TIME_SLOT")}


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 12 else None


def _cues(tier: etree._Element, slots: dict[str, int | None]) -> Iterator[Cue]:
    label = " ".join((tier.get("PARTICIPANT") or tier.get("TIER_ID") or "").split())
    for annotation in tier.iter("ALIGNABLE_ANNOTATION"):
        text = " ".join((annotation.findtext("ANNOTATION_VALUE") or "").split())
        start = slots.get(annotation.get("TIME_SLOT_REF1", ""))
        end = slots.get(annotation.get("TIME_SLOT_REF2", ""))
        if text:
            yield Cue(label, text, *ordered(start, end))


def _warnings(cues: list[Cue], dependent: list[str]) -> Iterator[str]:
    if dependent:
        yield f"tiers that depend on another were left out: {', '.join(dependent)}"
    overlaps = sum(
        1
        for a, b in pairwise(cues)
        if a.label != b.label and a.end_ms is not None and b.start_ms is not None and b.start_ms < a.end_ms
    )
    if overlaps:
        yield f"{overlaps} annotations overlap with another speaker's; turns follow each other by their start"
    untimed = sum(1 for cue in cues if cue.start_ms is None)
    if untimed:
        yield f"{untimed} annotations have no start time and were put at the end"
