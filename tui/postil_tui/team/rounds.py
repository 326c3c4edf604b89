"""What the keys of the team screen change: assignments, the steps of a round, what is finished."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from postil_base.clock import utc_today
from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_study.rounds.plan import PURPOSES
from postil_tui.code.session.line_edit import LineEdit
from postil_tui.code.session.prompts import Ask, Choice, Choose

if TYPE_CHECKING:
    from postil_study.rounds.steps import FreezePlan
    from postil_tui.team.screen import TeamScreen


class TeamRounds:
    """Assigning, starting, freezing, revealing."""

    def __init__(self, screen: TeamScreen) -> None:
        self._screen = screen

    def _round(self) -> str:
        if not self._screen.round_id:
            raise PostilError("no round is shown here: tab shows another, n starts one")
        return self._screen.round_id

    def _carry_out(self, work: Callable[[], object], said: str) -> None:
        """Write something about the rounds, then show how it stands now."""

        def done(_: object) -> None:
            self._screen.workspace.reopen()
            self._screen.gather("")
            self._screen.say(f"● {said}", "good")

        self._screen.later(work, done, "writing…")

    def do_assign_here(self) -> None:
        """The highlighted coder codes the highlighted transcript in this round, or no longer."""
        from postil_study.rounds.steps import assign, take_off

        screen = self._screen
        round_id, coder, transcript, root = self._round(), screen.coder, screen.transcript, screen.workspace.root
        if screen.team is None or not coder or not transcript:
            return
        if screen.team.cell(coder, transcript).assigned:
            said = f"{coder} no longer codes {transcript} in {round_id}"
            self._carry_out(lambda: take_off(root, round_id, coder, transcript), said)
        else:
            said = f"{coder} codes {transcript} in {round_id}"
            self._carry_out(lambda: assign(root, round_id, coder, [transcript]), said)

    # --- a new round ---------------------------------------------------------------------------------------------

    def do_new_round(self) -> None:
        """Plan and start a round: its name, what for, blind or not, who codes what to begin with."""
        taken = self._screen.workspace.study.rounds
        line = LineEdit()
        line.set(next(name for number in range(1, len(taken) + 2) if (name := f"R{number}") not in taken))
        self._screen.ask(Ask("name of the round:", self._ask_purpose, line, note="⏎ goes on"))

    def _ask_purpose(self, name: str) -> None:
        choices = [Choice(word[0], word, lambda word=word: self._ask_blind(name, word)) for word in PURPOSES]  # type: ignore[misc]
        self._screen.ask(Choose(f"{name.strip()} is for", choices))

    def _ask_blind(self, name: str, purpose: str) -> None:
        choices = [
            Choice("b", "blind: nobody sees the others' codings", lambda: self._ask_who(name, purpose, True)),
            Choice("o", "open", lambda: self._ask_who(name, purpose, False)),
        ]
        self._screen.ask(Choose(f"{name.strip()}:", choices))

    def _ask_who(self, name: str, purpose: str, blind: bool) -> None:
        screen = self._screen
        here, all_ = screen.transcript, [*screen.workspace.study.transcripts]

        def start(transcripts: list[str]) -> Callable[[], None]:
            return lambda: self._start(name.strip(), purpose, blind, transcripts)

        choices = [Choice("a", f"all {counted(len(all_), 'transcript')}", start(all_))]
        choices += [Choice("t", f"only {here}", start([here]))] if here else []
        choices.append(Choice("e", "none yet: space assigns", start([])))
        screen.ask(Choose("everybody codes", choices))

    def _start(self, name: str, purpose: str, blind: bool, transcripts: list[str]) -> None:
        from postil_study.rounds.steps import start_round

        screen = self._screen
        given = dict.fromkeys(screen.workspace.coders, transcripts) if transcripts else {}
        screen.round_id = name
        said = f"round {name} is started; space assigns, f freezes it when everybody has finished"
        self._carry_out(
            lambda: start_round(
                screen.workspace.root, name, purpose, given, blind=blind, clock=screen.workspace.clock
            ),
            said,
        )  # fmt: skip

    # --- freezing and revealing ----------------------------------------------------------------------------------

    def do_freeze(self) -> None:
        """Say what would be copied and what is missing, then copy it."""
        from postil_study.rounds.steps import plan_freeze

        screen, round_id = self._screen, self._round()

        def plan() -> FreezePlan:
            screen.workspace.flush()
            return plan_freeze(screen.workspace.root, round_id, screen.workspace.clock)

        screen.later(plan, self._ask_freeze, "looking what would be copied…")

    def _ask_freeze(self, plan: FreezePlan) -> None:
        missing = [f"{coder} {transcript}" for coder, transcript in plan.missing]
        rest = f"; not finished, so missing: {', '.join(missing[:4])}{' …' if len(missing) > 4 else ''}"
        question = f"freeze {plan.round.id}: copy {counted(len(plan.files), 'file')}{rest if missing else ''}?"
        said = f"round {plan.round.id} is frozen: reliability is computed from rounds/{plan.round.id}/"
        self._screen.ask(Choose(question, [Choice("y", "freeze", lambda: self._carry_out(plan.apply, said))]))

    def do_reveal(self) -> None:
        """End the blindness of a frozen round."""
        from postil_study.rounds.steps import reveal_round

        screen, round_id = self._screen, self._round()
        workspace = screen.workspace

        def reveal() -> None:
            said = f"round {round_id} is revealed; F6 compares the coders"
            self._carry_out(lambda: reveal_round(workspace.root, round_id, workspace.clock), said)

        question = f"reveal {round_id}: everybody sees everybody's codings from now on?"
        screen.ask(Choose(question, [Choice("y", "reveal", reveal)]))

    # --- one's own -----------------------------------------------------------------------------------------------

    def do_mark_done(self) -> None:
        """Mark one's own transcript as finished, or open it again; asks once."""
        screen = self._screen
        workspace, transcript = screen.workspace, screen.transcript
        if not transcript or screen.team is None:
            return
        date = "" if screen.team.cell(workspace.coder, transcript).done else utc_today(workspace.clock)

        def mark() -> None:
            workspace.set_done(workspace.session(transcript), date)
            screen.gather("")
            screen.say(f"{transcript}: {'finished on ' + date if date else 'open again'}", "good")

        question = workspace.done_question(transcript, workspace.coder) if date else f"open {transcript} again?"
        screen.ask(Choose(question, [Choice("y", "yes", mark)]))

    def do_memo_round(self) -> None:
        """Write the memo on the round."""
        self._screen.write_memo(f"round:{self._round()}")
