"""The list of relations below the text: walk through it, look at the words, change or remove what is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rich.style import Style

from postil_study.text.values import Relation
from postil_tui.code.parts.list_below import ListBelow
from postil_tui.code.session.labels import RELATION_KEYS, RELATION_MODE_KEYS, RELATION_MODES, RELATION_WORDS
from postil_tui.code.session.line_edit import LineEdit
from postil_tui.code.session.prompts import Ask, Choice, Choose, PromptStage
from postil_tui.code.session.relation_list import RelationEntry, entries
from postil_tui.text.cells import cells, fitted
from postil_tui.widgets.rows import Line

if TYPE_CHECKING:
    from postil_tui.code.screen import CodeScreen


class ListingPart(ListBelow):
    """Relations, one a row; the text shows the one that is highlighted, with its cue words."""

    HINT = "⏎ go  o end  t type  f from  g to  ' if  w cue  d meant  m memo  x remove  esc"

    def __init__(self, screen: CodeScreen) -> None:
        super().__init__(screen)
        self._entries: list[RelationEntry] = []
        self._at_target = False

    def do_relations(self) -> None:
        """List the relations of this transcript, beginning at the one under the cursor."""
        records = self._screen.session.records
        if not records.relations:
            self._screen.say("no relations yet: r on a coded segment begins one", "warn")
            return
        here = {one.id for segment in self._screen.page.segments_here() for one in records.touching(segment.id)}
        self._entries = entries(self._screen.page.transcript, records)
        self._open(next((n for n, entry in enumerate(self._entries) if entry.id in here), 0))

    def close(self) -> None:
        """Hide the list, and the cue words with it."""
        self._screen.page.cues = ()
        super().close()

    def refresh(self) -> None:
        """Show the relations as they are now, if the list is open."""
        if self._stage is None:
            return
        self._entries = entries(self._screen.page.transcript, self._screen.session.records)
        ink = self._screen.bar_ink
        self._rows.show(len(self._entries), self._line, ink.plain, self._header(), [("  no relations left", ink.quiet)])

    def _count(self) -> int:
        return len(self._entries)

    # --- keys --------------------------------------------------------------------------------------------------------

    def _own_keys(self) -> Mapping[str, Callable[[], None]]:
        return {
            "enter": self.close,
            "o": self._other_end,
            "t": self._ask_type,
            "f": lambda: self._ask_code("source"),
            "g": lambda: self._ask_code("target"),
            "'": self._ask_condition,
            "w": self._ask_cue,
            "d": self._ask_mode,
            "m": self._write_memo,
            "x": self._remove,
        }

    def _move(self, by: int) -> None:
        self._at_target = False
        super()._move(by)

    def _other_end(self) -> None:
        self._at_target = not self._at_target
        self._look()

    def _look(self) -> None:
        """Show the words of the highlighted relation."""
        relation = self._relation()
        screen = self._screen
        if relation is None:
            return
        end = relation.target if self._at_target else relation.source
        segment = screen.session.records.segments.get(end)
        screen.page.cues = (relation.cue,) if relation.cue else ()
        if segment is not None and segment.start is not None and segment.end is not None:
            screen.page.selection.select((segment.start, segment.end), cursor_at_end=False)
            screen.page.selection.settled = True
        screen.moved(jump=True, quiet=True)
        self.refresh()

    def _relation(self) -> Relation | None:
        if not self._entries:
            return None
        entry = self._entries[min(self._rows.index, len(self._entries) - 1)]
        return self._screen.session.records.relations.get(entry.id)

    # --- changing ----------------------------------------------------------------------------------------------------

    def _set(self, relation: Relation, said: str, **fields: object) -> None:
        self._screen.session.set_relation(relation.id, said, **fields)
        self._screen.say(f"● {said}", "good")
        self._back()
        self._look()

    def _ask_type(self) -> None:
        relation = self._relation()
        if relation is not None:
            choices = [
                Choice(RELATION_KEYS[kind], words, self._setter(relation, words, type=kind))
                for kind, words in RELATION_WORDS.items()
            ]
            self._screen.ask(Choose("type of the relation:", choices, left=self._back))

    def _setter(self, relation: Relation, said: str, **fields: object) -> Callable[[], None]:
        return lambda: self._set(relation, said, **fields)

    def _ask_code(self, end: str) -> None:
        """Which code of the segment at one end is meant."""
        relation = self._relation()
        if relation is None:
            return
        segment = self._screen.session.records.segments.get(getattr(relation, end))
        ids = segment.code_ids if segment else ()
        word = "from" if end == "source" else "to"
        if len(ids) < 2 and getattr(relation, f"{end}_code") in ids:
            self._screen.say(f"the segment it goes {word} has this one code only", "warn")
            return
        choices = [
            Choice(str(n), code, self._setter(relation, f"{word} {code}", **{f"{end}_code": code}), code)
            for n, code in enumerate(ids[:9], 1)
        ]
        self._screen.ask(Choose(f"{word} which code:", choices, left=self._back))

    def _ask_condition(self) -> None:
        relation = self._relation()
        if relation is not None:
            line = LineEdit()
            line.set(relation.guard)
            self._screen.ask(Ask("if:", lambda text: self._condition(relation, text), line, left=self._back))

    def _condition(self, relation: Relation, text: str) -> None:
        guard = " ".join(text.split())
        self._set(relation, f"condition: {guard}" if guard else "no condition", guard=guard)

    def _ask_cue(self) -> None:
        """Let the words that say so be picked in the text."""
        relation = self._relation()
        if relation is None:
            return
        screen = self._screen
        screen.page.selection.clear()
        screen.moved(quiet=True)

        def keep() -> None:
            span = screen.page.selection.span
            cue = screen.session.trimmed(span) if span else None
            said = f"stated: “{screen.short_quote(cue)}”" if cue else "inferred: no cue words"
            self._set(relation, said, cue=cue, unanchored=False)

        question = "cue words: select what says so, ⏎ (alone: inferred)   esc leaves"
        screen.ask(PromptStage(question, {"enter": keep}, self._back))

    def _ask_mode(self) -> None:
        relation = self._relation()
        if relation is not None:
            choices = [
                Choice(RELATION_MODE_KEYS[mode], words, self._setter(relation, words, mode=mode))
                for mode, words in RELATION_MODES.items()
            ]
            self._screen.ask(Choose("how was it meant:", choices, left=self._back))

    def _write_memo(self) -> None:
        relation = self._relation()
        if relation is None:
            return

        def keep(text: str) -> None:
            if text.strip() != relation.memo:
                self._set(relation, "memo written" if text.strip() else "memo removed", memo=text.strip())
            else:
                self._back()

        self._screen.open_memo("memo on the relation · ctrl+s or esc keeps it", relation.memo, keep)

    def _remove(self) -> None:
        relation = self._relation()
        if relation is not None:
            change = self._screen.session.remove_relation(relation.id)
            self._screen.say(f"○ {change.said}   u undo", "good")
            self.refresh()
            self._look()

    # --- painting ----------------------------------------------------------------------------------------------------

    def _header(self) -> Line:
        ink = self._screen.bar_ink
        count = len(self._entries)
        stated = sum(entry.stated for entry in self._entries)
        said = self._screen.said
        return [
            (f" {count} relation{'' if count == 1 else 's'}, {stated} of them stated ", ink.strong),
            (f"  {said}" if said else "", ink.style(ink.paper.good)),
        ]

    def _line(self, row: int, chosen: bool, width: int) -> Line:
        ink = self._screen.bar_ink
        entry = self._entries[row]
        room = min(max((width - 32) // 4, 12), 26)
        relation = self._screen.session.records.relations.get(entry.id)
        memo = "✎" if relation is not None and relation.memo else " "
        conditions = max((cells(one.condition) for one in self._entries), default=0)
        condition = f"[{entry.condition}]" if entry.condition else ""
        parts: list[tuple[str, Style]] = [
            (" ▸" if chosen else "  ", ink.accent),
            (f"{entry.turn or '·':>4} ", ink.faint),
            (fitted(entry.source, room), self._style(entry.source, chosen)),
            (f" {fitted(entry.sign, 16)}", ink.plain),
            (fitted(entry.target, room), self._style(entry.target, chosen)),
            (fitted(f" {condition}", min(conditions, 14) + 3) if conditions else "", ink.plain),
            (f" {memo}", ink.faint),
        ]
        used = sum(cells(text) for text, _ in parts)
        return [*parts, (f" {fitted(entry.said, max(width - used - 2, 0))}", ink.quiet if entry.stated else ink.faint)]

    def _style(self, code: str, chosen: bool) -> Style:
        return self._screen.bar_ink.code(code, chosen)
