"""Blind rounds: whose layers a coder does not get to see until the round is revealed.

Blindness is a courtesy among people who share a folder; front ends ask here before they show, count or search.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from postil_study.files.settings import CONSENSUS
from postil_study.rounds.plan import Round

Owner = tuple[str, str]  # coder and transcript


def hidden_layers(rounds: Iterable[Round], coder: str) -> Mapping[Owner, str]:
    """The layers that ``coder`` must not see, each with the round that hides it.

    Hidden are the layers of the others in a blind round that is not revealed yet, and the consensus on its transcripts,
    which tells what the others coded. Somebody who has no part in a round sees all of it; an unknown coder (an empty
    name) might be anybody and sees none of it.

    >>> plan = Round("R1", blind=True, state="started", assignments={"ana": ("I01",), "ben": ("I01",)})
    >>> dict(hidden_layers([plan], "ana"))
    {('ben', 'I01'): 'R1', ('consensus', 'I01'): 'R1'}
    >>> dict(hidden_layers([plan], "eve")), len(hidden_layers([plan], ""))
    ({}, 3)
    """
    found: dict[Owner, str] = {}
    for plan in rounds:
        if plan.blind and plan.state != "revealed" and (not coder or coder in plan.assignments):
            others = ((other, ids) for other, ids in plan.assignments.items() if other != coder)
            found.update({(other, transcript): plan.id for other, ids in others for transcript in ids})
            found.update({(CONSENSUS, transcript): plan.id for transcript in plan.transcripts})
    return found
