"""A list below the text that has the keys while it is open: going up and down in it shows the words in the text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from postil_tui.code.session.prompts import PromptStage

if TYPE_CHECKING:
    from postil_tui.code.screen import CodeScreen
    from postil_tui.widgets.rows import Rows


class ListBelow:
    """What the lists have in common; each says what is in it and what its keys do."""

    HINT = ""

    def __init__(self, screen: CodeScreen) -> None:
        self._screen = screen
        self._stage: PromptStage | None = None

    @property
    def _rows(self) -> Rows:
        return self._screen.listing_rows

    def _own_keys(self) -> Mapping[str, Callable[[], None]]:
        """Keys to what they do; ``x`` removes."""
        raise NotImplementedError

    def _count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def _look(self) -> None:
        """Show the words of the highlighted row in the text."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Show the list as it is now, if it is open."""
        raise NotImplementedError

    def _open(self, row: int) -> None:
        self._rows.display = True
        self._rows.index = row
        self._screen.say("")
        self._back()
        self._look()

    def close(self) -> None:
        """Hide the list; the cursor stays where it is."""
        self._stage = None
        self._screen.end_prompt()
        self._rows.display = False
        self._screen.moved()

    def go_to(self, row: int) -> None:
        """Highlight a row that was clicked."""
        if self._stage is not None:
            self._rows.index = min(row, max(self._count() - 1, 0))
            self._look()

    def _back(self) -> None:
        """The list has the keys (again)."""
        keys: dict[str, Callable[[], None]] = {
            "down": lambda: self._move(1),
            "up": lambda: self._move(-1),
            "u": self._screen.coding.do_undo,
            "ctrl+r": self._screen.coding.do_redo,
            **self._own_keys(),
        }
        keys |= {"j": keys["down"], "k": keys["up"], "n": keys["down"], "N": keys["up"], "delete": keys["x"]}
        self._stage = PromptStage(self.HINT, keys, self.close, closed=True)
        self.refresh()
        self._screen.ask(self._stage)

    def _move(self, by: int) -> None:
        self._rows.move(by)
        self._look()
