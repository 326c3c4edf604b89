"""Who counts: participants with a box to tick, all of one attribute at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual import events

from postil_tui.shell.screens.panel import PanelScreen
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import fitted, shown
from postil_tui.widgets.rows import Line

_HEAD = 2


class PeopleScreen(PanelScreen[tuple[str, ...]]):
    """Space ticks, enter keeps, escape leaves everything as it was."""

    FIXED = False

    def __init__(
        self,
        people: Sequence[str],
        chosen: Sequence[str],
        attributes: Mapping[str, Mapping[str, object]],
        ink: StyleSheet,
    ) -> None:
        super().__init__(ink)
        self.people = list(people)
        self.chosen_ones = set(chosen)
        self.attributes = attributes
        self.values = sorted({pair for name in people for pair in self._pairs(name)})
        self.wanted = ""  # the attribute ticked last
        self._next = 0

    def _pairs(self, name: str) -> list[tuple[str, str]]:
        found = []
        for key, value in self.attributes.get(name, {}).items():
            parts = value if isinstance(value, (list, tuple)) else [value]
            found += [(key, str(part)) for part in parts]
        return found

    def lines(self) -> list[Line]:
        """A line for each participant."""
        paper = self.ink.paper
        plain, quiet = self.on_panel(), self.on_panel(paper.quiet)
        found: list[Line] = [
            [(" Who counts?", self.on_panel(bold=True)), (f"  {self.wanted}", self.on_panel(paper.accent))],
            [(" ", plain)],
        ]
        for name in self.people:
            box = "■" if name in self.chosen_ones else "□"
            about = ", ".join(value for _, value in self._pairs(name))
            found.append(
                [(f"  {box} ", self.on_panel(paper.accent)), (fitted(shown(name), 8), plain), (shown(about), quiet)]
            )
        hint = " space ticks · a all, none · v by attribute · ⏎ counts them · esc leaves"
        return [*found, [(" ", plain)], [(hint, self.on_panel(paper.faint))]]

    def on_mount(self) -> None:
        """The first participant is highlighted."""
        super().on_mount()
        self.rows.go(_HEAD)

    def on_key(self, event: events.Key) -> None:
        """Space is for ticking here."""
        if event.key == "space":
            event.stop()
            event.prevent_default()
            self._tick()
        else:
            super().on_key(event)
            self.rows.go(min(max(self.rows.index, _HEAD), _HEAD + len(self.people) - 1))

    def _tick(self) -> None:
        row = self.rows.index - _HEAD
        if 0 <= row < len(self.people):
            self.chosen_ones ^= {self.people[row]}
            self.wanted = ""
            self.refill()
            self.rows.go(min(self.rows.index + 1, _HEAD + len(self.people) - 1))

    def pressed(self, event: events.Key) -> None:
        """All or none; one attribute after the other."""
        if event.character == "a":
            self.chosen_ones = set() if self.chosen_ones == set(self.people) else set(self.people)
        elif event.character == "v" and self.values:
            wanted = self.values[self._next % len(self.values)]
            self._next += 1
            self.wanted = shown(" = ".join(wanted))
            self.chosen_ones = {name for name in self.people if wanted in self._pairs(name)}
        self.refill()

    def chosen(self, row: int) -> None:
        """Count these; nobody is the same as everybody."""
        kept = tuple(name for name in self.people if name in self.chosen_ones)
        self.dismiss(kept or tuple(self.people))
