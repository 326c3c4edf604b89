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

    def __init__(self, desk: CodeScreen) -> None:
        self._desk = desk

    def do_relate(self) -> None:
        """Begin a relation at the code under the cursor."""
        self._desk.coding.with_one("relation from", self._begin)

    def _begin(self, segment: Segment, code: str) -> None:
        desk = self._desk
        draft = Draft(segment.id, code)
        desk.page.selection.clear()
        desk.moved(quiet=True)

        def target() -> None:
            desk.coding.with_one(f"{code} to", lambda other, to: self._ask_type(draft, other, to))

        desk.ask(
            PromptStage(f"tab to the other segment, then ⏎   esc leaves   relation from {code}", {"enter": target})
        )

    def _ask_type(self, draft: Draft, segment: Segment, code: str) -> None:
        if draft.source == segment.id and draft.code == code:
            self._desk.say("a code leads nowhere by leading to itself: go to another segment or code, then ⏎", "warn")
            return
        choices = [
            Choice(RELATION_KEYS[kind], RELATION_WORDS[kind], lambda kind=kind: self._make(draft, segment, code, kind))  # type: ignore[misc]
            for kind in get_args(RelationType)
        ]
        self._desk.ask(Choose(f"{draft.code} … {code}:", choices))

    def _make(self, draft: Draft, segment: Segment, code: str, kind: RelationType) -> None:
        ends = (draft.source, draft.code, segment.id, code, kind)
        for one in self._desk.session.records.leaving(draft.source):
            if (one.source, one.source_code, one.target, one.target_code, one.type) == ends:
                self._refine(one.id, f"{draft.code} {RELATION_WORDS[kind]} {code} is there already:")
                return
        change = self._desk.session.relate(draft.source, draft.code, segment.id, code, kind)
        relation = next(iter(change.states))
        self._refine(relation, f"● {draft.code} {RELATION_WORDS[kind]} {code}")

    def _refine(self, relation: str, made: str) -> None:
        """Offer cue and guard; the relation is saved already, without them it is an inferred one."""
        desk = self._desk

        def cue() -> None:
            span = desk.page.selection.span
            if span is None:
                desk.end_prompt()
                stated = desk.session.records.relations[relation].cue is not None
                desk.say(f"{made}  ({'stated' if stated else 'inferred: no cue words'})", "good")
                return
            start, end = desk.session.trimmed(span)
            desk.session.set_relation(relation, "cue words set", cue=(start, end))
            desk.page.selection.clear()
            desk.moved(quiet=True)
            desk.say(f"{made}  stated: “{desk.short_quote((start, end))}”", "good")
            self._refine(relation, made)

        def guard() -> None:
            desk.ask(Ask("if:", lambda text: self._set_guard(relation, made, text)))

        cue_known = desk.session.records.relations[relation].cue is not None
        ask = "⏎ done" if cue_known else "select the words that say so, ⏎ (alone: inferred)"
        desk.ask(PromptStage(f"{ask}   ' if   {made}", {"enter": cue, "'": guard}))

    def _set_guard(self, relation: str, made: str, guard: str) -> None:
        self._desk.session.set_relation(relation, "condition set", guard=" ".join(guard.split()))
        self._refine(relation, f"{made} [{guard.strip()}]" if guard.strip() else made)
