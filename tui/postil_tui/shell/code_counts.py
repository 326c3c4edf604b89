"""Counts of codes by coder, for the codebook screen and the overview."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

from postil_codebook.values import Codebook
from postil_study.text.values import Layer


def by_coder(layers: Iterable[Layer]) -> dict[str, Counter[str]]:
    """How many segments carry each code, for each coder."""
    found: dict[str, Counter[str]] = {}
    for layer in layers:
        counter = found.setdefault(layer.header.coder, Counter())
        for segment in layer.segments:
            counter.update(segment.code_ids)
    return found


def told_apart(names: Sequence[str], width: int) -> list[str]:
    """Names in at most ``width`` characters; where their starts are alike, their ends are shown.

    >>> told_apart(["ana", "benjamin"], 6), told_apart(["reader-a", "reader-b"], 6)
    (['ana', 'benja…'], ['…der-a', '…der-b'])
    """
    cut = [name if len(name) <= width else name[: width - 1] + "…" for name in names]
    if len(set(cut)) == len(set(names)):
        return cut
    return [name if len(name) <= width else "…" + name[1 - width :] for name in names]


def lint(book: Codebook, counts: Mapping[str, Counter[str]], alone: str = "") -> list[tuple[str, str]]:
    """What a codebook lacks, as code and remark. ``alone``: in a blind round only this coder's use is looked at."""
    found: list[tuple[str, str]] = []
    for code in book.codes.values():
        if not code.codable:
            continue
        if not code.definition.strip():
            found.append((code.id, "has no definition"))
        users = [coder for coder, counter in counts.items() if counter[code.id]]
        if alone:
            found += [] if alone in users else [(code.id, "is not used by you")]
        elif not users:
            found.append((code.id, "is not used"))
        elif len(users) == 1 and len(counts) > 1:
            found.append((code.id, f"is used by {users[0]} only"))
    return found + [(one, f"is almost named like {other}") for one, other in near_names(list(book.codes))]


def near_names(names: list[str]) -> list[tuple[str, str]]:
    """Pairs of names that are easily taken for each other.

    >>> near_names(["trust", "trusts", "price"])
    [('trust', 'trusts')]
    """
    pairs = []
    for number, one in enumerate(names):
        for other in names[number + 1 :]:
            near = abs(len(one) - len(other)) <= 2 and SequenceMatcher(None, one, other).ratio() > 0.88
            if near:
                pairs.append((one, other))
    return pairs
