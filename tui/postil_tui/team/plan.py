"""Rounds, assignments and progress, as this coder may see them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from postil_study.rounds.plan import Round
from postil_study.study import Study
from postil_tui.shell.transcript_figures import coded_share


class TeamCell(msgspec.Struct, frozen=True):
    """One coder and one transcript in a round."""

    assigned: bool = False
    begun: bool = False
    share: float = 0.0  # of the participants' words that carries a code
    segments: int = 0
    done: str = ""
    hidden: bool = False  # a blind round hides it: nothing else is known then


class Team(msgspec.Struct, frozen=True):
    """One round (or the study as a whole, without one) as a table of transcripts by coders."""

    round: Round | None
    coders: tuple[str, ...]
    transcripts: tuple[str, ...]
    cells: Mapping[tuple[str, str], TeamCell]  # by coder and transcript
    to_look_at: Mapping[str, int]  # coder → segments whose code changed its meaning

    def cell(self, coder: str, transcript: str) -> TeamCell:
        """What is known of one coder and one transcript."""
        return self.cells.get((coder, transcript), TeamCell())

    def finished(self, coder: str) -> tuple[int, int]:
        """How many of the coder's transcripts are finished; those assigned, or all without a round."""
        mine = [
            self.cell(coder, one) for one in self.transcripts if self.round is None or self._is_assigned(coder, one)
        ]
        return sum(bool(cell.done) for cell in mine), len(mine)

    def is_hidden(self, coder: str) -> bool:
        """Whether anything of the coder is hidden."""
        return any(cell.hidden for (who, _), cell in self.cells.items() if who == coder)

    def missing(self) -> list[tuple[str, str]]:
        """Coder and transcript of what is assigned and not finished, as far as one may know."""
        return [key for key, cell in self.cells.items() if cell.assigned and not cell.done and not cell.hidden]

    def _is_assigned(self, coder: str, transcript: str) -> bool:
        return self.cell(coder, transcript).assigned


def team(study: Study, coders: list[str], round_id: str, hidden: Mapping[tuple[str, str], str]) -> Team:
    """The table of a round (of the whole study, with ""), without what is hidden from the one who asks."""
    plan = study.rounds.get(round_id)
    named = [*coders, *(who for who in (plan.assignments if plan else ()) if who not in coders)]
    cells = {
        (coder, transcript): _cell(study, plan, coder, transcript, (coder, transcript) in hidden)
        for coder in named
        for transcript in study.transcripts
    }
    known = {key: cell for key, cell in cells.items() if cell != TeamCell()}
    return Team(plan, tuple(named), tuple(study.transcripts), known, _to_look_at(study, hidden))


def _cell(study: Study, plan: Round | None, coder: str, transcript: str, hidden: bool) -> TeamCell:
    assigned = plan is not None and transcript in plan.assignments.get(coder, ())
    if hidden:
        return TeamCell(assigned, hidden=True)
    layer = study.layer(coder, transcript)
    if layer is None:
        return TeamCell(assigned)
    share = coded_share(study.transcripts[transcript], layer.segments)
    return TeamCell(assigned, True, share, len(layer.segments), layer.header.done)


def _to_look_at(study: Study, hidden: Mapping[tuple[str, str], str]) -> dict[str, int]:
    from postil_study.rounds.recode import recode_queue

    found: dict[str, int] = {}
    for stale in recode_queue(study):
        if (stale.coder, stale.transcript) not in hidden:
            found[stale.coder] = found.get(stale.coder, 0) + 1
    return found


def rounds_of(study: Study, coder: str, transcript: str) -> list[str]:
    """The rounds under way in which a coder codes a transcript."""
    under_way = (plan for plan in study.rounds.values() if not plan.is_frozen)
    return [plan.id for plan in under_way if transcript in plan.assignments.get(coder, ())]


def latest_round(study: Study) -> str:
    """The round to show first: the last one that is not frozen yet, else the last; "" without any."""
    under_way = [plan.id for plan in study.rounds.values() if not plan.is_frozen]
    return next(reversed(under_way or list(study.rounds)), "")
