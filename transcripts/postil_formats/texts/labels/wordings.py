"""Labels that programs put into words of their own: ``From Dana to Everyone:`` (Zoom's chat), ``SPEAKER: S1``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from postil_formats.texts.labels.lines import SourceLine
from postil_formats.texts.labels.looks import like_name
from postil_formats.texts.labels.shapes import LabelHit

_SENDER = re.compile(r"(?:From|Von|De)\s+(?P<who>\S.*?)(?:\s+(?:to|an|à|a|para)\s+\S.*)?", re.IGNORECASE)
_GENERAL = frozenset({"speaker", "sprecher", "speaker id", "speaker name"})
_SIGNS = "\"'“”„‘’«»#@*~"
_FEW = 3


def without_wording(lines: Sequence[SourceLine], hits: Sequence[LabelHit]) -> list[LabelHit]:
    """Hits with the name alone, where every one of several has the same words around it."""
    return _sent(hits) or _called(lines, hits) or _signed(hits) or list(hits)


def _signed(hits: Sequence[LabelHit]) -> list[LabelHit]:
    """Names that all stand in quotation marks, or behind one sign: ``"Dana":``, ``@Dana:``, ``#Dana:``."""
    bare = [hit.label.strip(_SIGNS) for hit in hits]
    around = {hit.label.replace(name, "…", 1) for hit, name in zip(hits, bare, strict=True)}
    if len(hits) < _FEW or around == {"…"} or len(around) != 1 or not all(name and name[0].isalpha() for name in bare):
        return []
    return [hit._replace(label=name) for hit, name in zip(hits, bare, strict=True)]


def _sent(hits: Sequence[LabelHit]) -> list[LabelHit]:
    found = [_SENDER.fullmatch(hit.label) for hit in hits]
    if len(hits) < _FEW or None in found:
        return []
    return [hit._replace(label=match["who"]) for hit, match in zip(hits, found, strict=True) if match is not None]


def _called(lines: Sequence[SourceLine], hits: Sequence[LabelHit]) -> list[LabelHit]:
    """The word "speaker" as a label, and who it is behind it, alone on the line."""
    own = [hit for hit in hits if hit.label.casefold() in _GENERAL]
    names = {hit.line: " ".join(lines[hit.line].text[hit.text_start :].split()) for hit in own}
    if len(own) < _FEW or not all(like_name(name) and len(name) <= 60 for name in names.values()):
        return []
    if len(set(names.values())) > len(own) / 2 + 1:
        return []
    return [
        hit._replace(label=names[hit.line], text_start=len(lines[hit.line].text)) if hit.line in names else hit
        for hit in hits
    ]
