"""Putting codes on words and taking them off; how a code was meant; borders; undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, get_args

from postil_base.ids import suggest_name
from postil_base.problem import PostilError
from postil_study.text.values import CodeUse, Mode, Segment
from postil_tui.code.session.labels import MODE_KEYS, MODE_WORDS, MODE_WORDS_SHORT, described
from postil_tui.code.session.line_edit import LineEdit
from postil_tui.code.session.pick import NewCode, Pick
from postil_tui.code.session.prompts import Ask, Choice, Choose, PromptStage
from postil_tui.code.session.record import RecordChange

if TYPE_CHECKING:
    from postil_tui.code.screen import CodeScreen


class CodingPart:
    """Codes on words."""

    def __init__(self, screen: CodeScreen) -> None:
        self._screen = screen

    # --- putting codes on ----------------------------------------------------------------------------------------

    def do_again(self) -> None:
        """Code with the code used last."""
        last = self._screen.workspace.slots.last
        if last is None:
            self._screen.say("no code used yet: c chooses one, or makes a new one", "warn")
        else:
            self.apply(last)

    def do_slot(self) -> None:
        """Code with the quick slot whose digit was pressed."""
        code = self._screen.workspace.slots.code(int(self._screen.key))
        if code is None:
            self._screen.say(f"slot {self._screen.key} is empty: c chooses a code, and it gets a slot", "warn")
        else:
            self.apply(code)

    def apply(self, code: str) -> None:
        """Put a code on the selection, or on the sentence under the cursor."""
        screen = self._screen
        span = screen.page.selection.target(screen.page.units)
        change = screen.session.code(code, span)
        screen.workspace.slots.use(code)
        if screen.page.selection.active:
            screen.page.selection.settled = True
            screen.page.selection.free = False
        screen.moved(quiet=True)
        screen.show_slots()
        if change is None:
            screen.say(f"{code} is on these words already")
        else:
            hidden = screen.page.hidden_turns(span)
            over = f"over {hidden} turn{'' if hidden == 1 else 's'} out of sight, " if hidden else ""
            screen.say(f"● {change.said} → {over}{screen.place_of(span)}", "warn" if hidden else "good")

    def do_pick(self) -> None:
        """Choose a code by name."""
        self._screen.open_pick(self._pick("code " + self._screen.target_words(), self.apply))

    def pick_at(self, cell: tuple[int, int]) -> None:
        """Choose a code at a cell of the screen, the codes of the slots first, in their order."""
        pick = self._pick("code " + self._screen.target_words(), self.apply)
        slots = [code for code in self._screen.workspace.slots.codes if code]
        pick.recent = [*slots, *(code for code in pick.recent if code not in slots)]
        pick.find()
        self._screen.open_pick(pick, cell)

    def do_pick_with_memo(self) -> None:
        """Choose a code, then write why."""

        def apply_and_write(code: str) -> None:
            self.apply(code)
            self._screen.reading.memo_on(self._newest_segment(code))

        self._screen.open_pick(self._pick("code and memo " + self._screen.target_words(), apply_and_write))

    def _newest_segment(self, code: str) -> str:
        start, end = self._screen.session.trimmed(self._screen.page.selection.target(self._screen.page.units))
        over = self._screen.session.records.index.over(start, end)
        return next((segment.id for segment in reversed(over) if code in segment.code_ids), "")

    def _pick(self, title: str, act: Callable[[str], None]) -> Pick:
        screen = self._screen

        def create(new: NewCode) -> None:
            screen.make_code(new, act)

        return Pick(
            title,
            screen.workspace.codebook,
            act,
            create=create,
            recent=screen.workspace.slots.recent,
            counts=screen.workspace.counts(),
            present=frozenset(self._codes_on_target()),
            pin=screen.toggle_pin,
        )

    def _codes_on_target(self) -> list[str]:
        start, end = self._screen.session.trimmed(self._screen.page.selection.target(self._screen.page.units))
        same = self._screen.session.records.index.exactly(start, end)
        return [code for segment in same for code in segment.code_ids]

    def do_in_vivo(self) -> None:
        """A new code in the speaker's own words: the selection is offered as its name."""
        screen = self._screen
        start, end = screen.session.trimmed(screen.page.selection.target(screen.page.units))
        words = " ".join(screen.page.transcript.text[start:end].split())[:60]
        line = LineEdit()
        line.set(words)
        screen.ask(Ask("in vivo:", self._make_in_vivo, line, note="⏎ makes the code"))

    def _make_in_vivo(self, words: str) -> None:
        made = suggest_name(words)
        if not made:
            raise PostilError("a code needs at least one letter or digit in its name")
        if made in self._screen.workspace.codebook.codes:
            self.apply(made)
            return
        self._screen.make_code(NewCode(made, words), self.apply, origin="in-vivo")

    def do_whole(self) -> None:
        """Code the whole transcript."""
        screen = self._screen
        present = frozenset(code for segment in screen.session.records.whole() for code in segment.code_ids)

        def apply(code: str) -> None:
            there = next((segment for segment in screen.session.records.whole() if code in segment.code_ids), None)
            if there is not None:
                screen.session.remove_code(there.id, code)
                screen.say(f"○ {code} taken off the whole transcript", "good")
                return
            screen.session.code_whole(code)
            screen.workspace.slots.use(code)
            screen.show_slots()
            screen.say(f"● {code} on the whole transcript", "good")

        pick = self._pick("code the whole transcript, or take off what has ✓", apply)
        pick.present = present
        screen.open_pick(pick)

    # --- what is here ----------------------------------------------------------------------------------------------

    def with_one(self, question: str, act: Callable[[Segment, str], None]) -> None:
        """Do something with the code here; ask which if there are several, or if it is one of the whole transcript."""
        uses = _uses(self._screen.page.segments_here())
        of_all = _uses(self._screen.page.records.whole()) if not uses else []
        if len(uses) == 1:
            act(*uses[0])
        elif uses or of_all:
            question = question if uses else f"{question} (whole transcript)"
            self._screen.ask(Choose(question, [_choice(n, use, act) for n, use in enumerate((uses or of_all)[:9], 1)]))
        else:
            self._screen.say("no code here: s and a digit, or c, puts one on", "warn")

    def with_segment(self, question: str, act: Callable[[Segment], None], whole: bool = True) -> None:
        """Do something with the segment here; ask which if there are several. ``whole``: or one of the transcript."""
        segments = self._screen.page.segments_here()
        of_all = self._screen.page.records.whole() if whole and not segments else []
        if len(segments) == 1:
            act(segments[0])
        elif segments or of_all:
            question = question if segments else f"{question} (whole transcript)"
            choices = [
                Choice(str(n), "+".join(s.code_ids), lambda s=s: act(s), s.code_ids[0] if s.codes else "")  # type: ignore[misc]
                for n, s in enumerate((segments or of_all)[:9], 1)
            ]
            self._screen.ask(Choose(question, choices))
        else:
            self._screen.say("no coded segment here", "warn")

    # --- changing --------------------------------------------------------------------------------------------------

    def do_remove(self) -> None:
        """Remove a code here; asks only if there are several."""

        def remove(segment: Segment, code: str) -> None:
            hanging = len(self._screen.session.records.touching(segment.id)) if len(segment.codes) == 1 else 0
            change = self._screen.session.remove_code(segment.id, code)
            more = f", with {hanging} relation{'s' if hanging > 1 else ''}" if hanging else ""
            self._screen.say(f"○ {change.said}{more}", "good")

        self.with_one("remove", remove)

    def do_mode(self) -> None:
        """Say how a code was meant."""
        self.with_one("how was it meant:", self._ask_mode)

    def _ask_mode(self, segment: Segment, code: str) -> None:
        use = next((use for use in segment.uses if use.code == code), CodeUse(code))
        choices = [
            Choice(
                MODE_KEYS[mode],
                MODE_WORDS[mode],
                self._setter(segment, code, mode),
                short=MODE_WORDS_SHORT.get(mode, ""),
            )
            for mode in get_args(Mode)
        ]
        word = "sure after all" if segment.unsure else "unsure"
        choices.append(Choice("u", word, lambda: self._unsure(segment), short=word.split()[0]))
        self._screen.ask(Choose(f"{code} is {MODE_WORDS[use.mode]}:", choices, short=f"{code}:"))

    def _setter(self, segment: Segment, code: str, mode: Mode) -> Callable[[], None]:
        def set_mode() -> None:
            self._screen.session.set_mode(segment.id, code, mode)
            self._screen.say(f"● {code}: {MODE_WORDS[mode]}", "good")

        return set_mode

    def _unsure(self, segment: Segment) -> None:
        change = self._screen.session.set_unsure(segment.id, not segment.unsure)
        self._screen.say(f"● {change.said}", "good")

    def do_borders(self) -> None:
        """Change the borders of a segment: the selection takes its place, motions move it, enter keeps."""
        self.with_segment("borders of", self._begin_borders, whole=False)

    def _begin_borders(self, segment: Segment) -> None:
        screen = self._screen
        selection = screen.page.selection
        selection.select((segment.start or 0, segment.end or 0))
        selection.free = True
        screen.moved()

        def keep() -> None:
            span = selection.span
            screen.end_prompt()
            if span is not None:
                self.keep_borders(segment, span)

        def leave() -> None:
            selection.clear()
            screen.moved()

        question = "borders: motions move the end, o the other end, ⏎ keeps, esc leaves"
        screen.ask(PromptStage(question, {"enter": keep}, leave))

    def keep_borders(self, segment: Segment, span: tuple[int, int]) -> None:
        """Give a segment other borders."""
        screen = self._screen
        screen.session.set_borders(segment.id, span)
        screen.page.selection.clear()
        screen.moved(quiet=True)
        what = described(segment, screen.session.codebook)
        screen.say(f"● borders of {what} changed: {screen.place_of(screen.session.trimmed(span))}", "good")

    # --- undo ------------------------------------------------------------------------------------------------------

    def do_undo(self) -> None:
        """Take the last action back."""
        from postil_tui.code.session.new_codes import forget_code

        change = self._screen.session.undo()
        gone = forget_code(self._screen.workspace, change) if change is not None else ""
        self._went(change, "nothing to undo", f", and the new code {gone}" if gone else "")
        if gone:
            self._screen.app.codebook_changed()

    def do_redo(self) -> None:
        """Do again what was taken back."""
        from postil_tui.code.session.new_codes import bring_code

        came = bring_code(self._screen.workspace, self._screen.session.redoable)
        if came:
            self._screen.app.codebook_changed()
        self._went(self._screen.session.redo(), "nothing to redo", f", with the code {came}" if came else "")

    def _went(self, change: RecordChange | None, nothing: str, more: str = "") -> None:
        if change is None:
            self._screen.say(nothing)
            return
        spans = change.spans()
        if spans:
            self._screen.page.selection.clear()
            self._screen.page.selection.cursor = self._screen.page.layout.clamp(spans[0][0])
            self._screen.moved(quiet=True)
        sign = {"undo": "↶ undone:", "redo": "↷ done again:"}.get(change.act, "●")
        self._screen.say(f"{sign} {change.said}{more}", "good")


def _uses(segments: Iterable[Segment]) -> list[tuple[Segment, str]]:
    return [(segment, code) for segment in segments for code in segment.code_ids]


def _choice(number: int, use: tuple[Segment, str], act: Callable[[Segment, str], None]) -> Choice:
    segment, code = use
    return Choice(str(number), code, lambda: act(segment, code), code)
