"""Is a consensus finished? What two coders have not settled, or have alike and is not in it, is said before."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import msgspec

from postil_base.plural import counted
from postil_codebook.values import Codebook
from postil_study.layers.values import State, from_states
from postil_study.text.values import Layer, Transcript
from postil_tui.code.session.session import Session
from postil_tui.compare.differences import ComparedLayers
from postil_tui.compare.settling import is_settled, settled_ids, take_agreed


class Unsettled(msgspec.Struct, frozen=True):
    """What is open between two coders: disagreements on codes, on relations, and what agrees and is not taken over."""

    pair: tuple[str, str]
    codes: int
    relations: int
    agreed: int

    def __str__(self) -> str:
        parts = ((self.codes, "disagreement"), (self.relations, "relation"), (self.agreed, "agreeing passage"))
        said = ", ".join(counted(count, word) for count, word in parts if count)
        return f"{said} of {self.pair[0]} and {self.pair[1]}"


def unsettled(layers: Sequence[Layer], consensus: Layer | None) -> list[Unsettled]:
    """What a consensus of these coders' layers leaves open, by pair; pairs with nothing open are left out.

    Where pairs were settled, the others are not asked for: of three coders two may have been compared.
    """
    return [one for one, _ in _settling(layers, consensus)[0] if one.codes or one.relations or one.agreed]


def still_open(layers: Sequence[Layer], consensus: Layer | None) -> list[Unsettled]:
    """The same without what agrees where finishing takes that over."""
    settling, clear = _settling(layers, consensus)
    left = (msgspec.structs.replace(one, agreed=0) if clear else one for one, _ in settling)
    return [one for one in left if one.codes or one.relations or one.agreed]


def take_over(session: Session, layers: Sequence[Layer]) -> str:
    """Take over what two coders have alike, or the pairs that were compared; in words what came.

    Of more coders of whom no pair was compared nothing is taken over: it would have to be said whose agreement counts.
    """
    settling, clear = _settling(layers, _layer_of(session))
    changes = [take_agreed(session, compared) for _, compared in settling] if clear else []
    return "; ".join(change.said for change in changes if change is not None)


def with_agreed(transcript: Transcript, book: Codebook, layers: Sequence[Layer], consensus: Layer) -> tuple[Layer, str]:
    """A consensus with what agrees in it, and in words what came."""
    session = Session(transcript, book, consensus)
    said = take_over(session, layers)
    return (_layer_of(session, consensus.path) if said else consensus), said


def _layer_of(session: Session, path: str = "") -> Layer:
    records = session.records
    found: list[State] = [*records.segments.values(), *records.relations.values(), *records.deleted.values()]
    return from_states(session.header, found, path)


def _settling(layers: Sequence[Layer], consensus: Layer | None) -> tuple[list[tuple[Unsettled, ComparedLayers]], bool]:
    """The pairs whose comparison was begun, or all where none was; and whether it is clear that these are meant."""
    done = settled_ids([*consensus.segments, *consensus.relations]) if consensus else set()
    found: list[tuple[Unsettled, ComparedLayers]] = []
    begun: list[tuple[Unsettled, ComparedLayers]] = []
    for first, second in combinations(layers, 2):
        compared = ComparedLayers(first, second)
        rest = [one for one in compared.differences if not is_settled(one, done)]
        agreed = sum(not done.issuperset({f"{s.id}:{code}" for s, code in pair}) for pair in compared.agreed)
        relations = sum(one.is_relation for one in rest)
        of_pair = Unsettled((first.header.coder, second.header.coder), len(rest) - relations, relations, agreed)
        found.append((of_pair, compared))
        whole = len(compared.differences) + len(compared.agreed)
        if len(rest) + agreed < whole:
            begun.append((of_pair, compared))
    return begun or found, bool(begun) or len(found) == 1


def question(transcript: str, left: Sequence[Unsettled]) -> str:
    """What is asked before a consensus is called finished; empty if nothing is open."""
    return (
        f"not settled in {transcript}: {'; '.join(map(str, left))}. Finish the consensus all the same?" if left else ""
    )
