"""All disagreements of two coders in the study, the code on which they agree least first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from postil_tui.compare.differences import KIND_WORDS, CodingDifference
from postil_tui.compare.relations import in_words
from postil_tui.text.cells import cells, fitted, shown

SHOWN = (8, 40)  # characters of a quote, at least and at most


class Listed(msgspec.Struct, frozen=True):
    """A disagreement with where it stands: its transcript, and its number among those of the transcript."""

    transcript: str
    index: int
    code: str
    difference: CodingDifference


def worst_first(found: Mapping[str, Sequence[CodingDifference]], agreed: Mapping[str, int]) -> list[Listed]:
    """Order disagreements by the share of passages on which the two do not agree on the code at all.

    Other borders count as agreement on the code here; ties by number, code and place.

    Args:
        found: the differences by transcript, in the order of the study.
        agreed: how often both used a code alike.
    """
    listed = [
        Listed(transcript, index, code_of(difference), difference)
        for transcript, differences in found.items()
        for index, difference in enumerate(differences)
    ]
    times = Counter(one.code for one in listed)
    apart = Counter(one.code for one in listed if one.difference.kind not in ("borders", "mode", "relation"))
    order = {transcript: place for place, transcript in enumerate(found)}

    def badness(one: Listed) -> tuple[float, int, str, int, int]:
        share = apart[one.code] / (times[one.code] + agreed.get(one.code, 0))
        return (-share, -times[one.code], one.code, order[one.transcript], one.index)

    return sorted(listed, key=badness)


def code_of(difference: CodingDifference) -> str:
    """The code it is about, or the type of a relation: A's where A coded something."""
    drawn = difference.relation_a or difference.relation_b
    if drawn is not None:
        return drawn.relation.type
    item = difference.a or difference.b
    return item[1] if item else ""


def side_by_side(difference: CodingDifference, width: int) -> str:
    """What both marked, beside each other in ``width`` columns; a dash where one marked nothing."""
    size = min(max((width - 3) // 2, SHOWN[0] + 2), SHOWN[1] + 2)
    if difference.is_relation:
        drawn = (difference.relation_a, difference.relation_b)
        halves = [shown(in_words(one)) if one else "–" for one in drawn]
    else:
        halves = [_quoted(item[0].quote, size - 2) if item else "–" for item in (difference.a, difference.b)]
    return f"{fitted(halves[0], size)} │ {fitted(halves[1], size)}"


def kind_in_words(difference: CodingDifference) -> str:
    """What kind of disagreement it is."""
    return KIND_WORDS[difference.kind]


def _quoted(text: str, size: int) -> str:
    text = " ".join(shown(text).split())
    return f"“{text if cells(text) <= size else fitted(text, size).rstrip()}”"
