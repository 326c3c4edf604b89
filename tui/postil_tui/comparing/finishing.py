"""Is a consensus finished? What two coders have not settled, or have alike and is not in it, is said before."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import msgspec

from postil_transcripts.types import Layer
from postil_tui.comparing.differences import Compared
from postil_tui.comparing.settling import is_settled, settled_ids


class Unsettled(msgspec.Struct, frozen=True):
    """What is open between two coders: disagreements on codes, on relations, and what agrees and is not taken over."""

    pair: tuple[str, str]
    codes: int
    relations: int
    agreed: int

    def __str__(self) -> str:
        parts = ((self.codes, "disagreement"), (self.relations, "relation"), (self.agreed, "agreeing passage"))
        said = ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in parts if count)
        return f"{said} of {self.pair[0]} and {self.pair[1]}"


def unsettled(layers: Sequence[Layer], consensus: Layer | None) -> list[Unsettled]:
    """What a consensus of these coders' layers leaves open, by pair; pairs with nothing open are left out.

    Where pairs were settled, the others are not asked for: of three coders two may have been compared.
    """
    done = settled_ids([*consensus.segments, *consensus.relations]) if consensus else set()
    found, begun = [], []
    for first, second in combinations(layers, 2):
        compared = Compared(first, second)
        rest = [one for one in compared.differences if not is_settled(one, done)]
        agreed = sum(not done.issuperset({f"{s.id}:{code}" for s, code in pair}) for pair in compared.agreed)
        relations = sum(one.is_relation for one in rest)
        of_pair = Unsettled((first.header.coder, second.header.coder), len(rest) - relations, relations, agreed)
        found.append(of_pair)
        whole = len(compared.differences) + len(compared.agreed)
        if len(rest) + agreed < whole:
            begun.append(of_pair)
    return [one for one in begun or found if one.codes or one.relations or one.agreed]


def question(transcript: str, left: Sequence[Unsettled]) -> str:
    """What is asked before a consensus is called finished; empty if nothing is open."""
    return (
        f"not settled in {transcript}: {'; '.join(map(str, left))}. Finish the consensus all the same?" if left else ""
    )
