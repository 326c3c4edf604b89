"""Relations: from a code of one segment to a code of another, with guard and cue words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from postil_study.text.values import RelationType, Segment
from postil_tui.code.session.labels import RELATION_KEYS, RELATION_WORDS
from postil_tui.code.session.prompts import Ask, Choice, Choose, PromptStage

if TYPE_CHECKING:
    from postil_tui.code.screen import CodeScreen


@dataclass
class Draft:
    """A relation that is being drawn: where it starts."""

    source: str
    code: str


class Relating:
    """Drawing relations: r on the source, go to the target, enter, the kind; then cue and guard if there are any."""

    def __init__(self, screen: CodeScreen) -> None:
        self._screen = screen

    def do_relate(self) -> None:
        """Begin a relation at the code under the cursor."""
        self._screen.coding.with_one("relation from", self._begin)

    def _begin(self, segment: Segment, code: str) -> None:
        screen = self._screen
        draft = Draft(segment.id, code)
        screen.page.selection.clear()
        screen.moved(quiet=True)

        def target() -> None:
            screen.coding.with_one(f"{code} to", lambda other, to: self._ask_type(draft, other, to))

        screen.ask(
            PromptStage(f"tab to the other segment, then ⏎   esc leaves   relation from {code}", {"enter": target})
        )

    def _ask_type(self, draft: Draft, segment: Segment, code: str) -> None:
        if draft.source == segment.id and draft.code == code:
            self._screen.say("a code leads nowhere by leading to itself: go to another segment or code, then ⏎", "warn")
            return
        choices = [
            Choice(RELATION_KEYS[kind], RELATION_WORDS[kind], lambda kind=kind: self._make(draft, segment, code, kind))  # type: ignore[misc]
            for kind in get_args(RelationType)
        ]
        self._screen.ask(Choose(f"{draft.code} … {code}:", choices))

    def _make(self, draft: Draft, segment: Segment, code: str, kind: RelationType) -> None:
        ends = (draft.source, draft.code, segment.id, code, kind)
        for one in self._screen.session.records.leaving(draft.source):
            if (one.source, one.source_code, one.target, one.target_code, one.type) == ends:
                self._refine(one.id, f"{draft.code} {RELATION_WORDS[kind]} {code} is there already:")
                return
        change = self._screen.session.relate(draft.source, draft.code, segment.id, code, kind)
        relation = next(iter(change.states))
        self._refine(relation, f"● {draft.code} {RELATION_WORDS[kind]} {code}")

    def _refine(self, relation: str, made: str) -> None:
        """Offer cue and guard; the relation is saved already, without them it is an inferred one."""
        screen = self._screen

        def cue() -> None:
            span = screen.page.selection.span
            if span is None:
                screen.end_prompt()
                stated = screen.session.records.relations[relation].cue is not None
                screen.say(f"{made}  ({'stated' if stated else 'inferred: no cue words'})", "good")
                return
            start, end = screen.session.trimmed(span)
            screen.session.set_relation(relation, "cue words set", cue=(start, end))
            screen.page.selection.clear()
            screen.moved(quiet=True)
            screen.say(f"{made}  stated: “{screen.short_quote((start, end))}”", "good")
            self._refine(relation, made)

        def guard() -> None:
            screen.ask(Ask("if:", lambda text: self._set_guard(relation, made, text)))

        cue_known = screen.session.records.relations[relation].cue is not None
        ask = "⏎ done" if cue_known else "select the words that say so, ⏎ (alone: inferred)"
        screen.ask(PromptStage(f"{ask}   ' if   {made}", {"enter": cue, "'": guard}))

    def _set_guard(self, relation: str, made: str, guard: str) -> None:
        self._screen.session.set_relation(relation, "condition set", guard=" ".join(guard.split()))
        self._refine(relation, f"{made} [{guard.strip()}]" if guard.strip() else made)
