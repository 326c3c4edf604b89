"""Two widgets beside each other where there is room, below each other where there is not."""

from __future__ import annotations

from textual.containers import Container
from textual.widget import Widget


class Split(Container):
    """The first widget gets what the second leaves."""

    DEFAULT_CSS = """
    Split { height: 1fr; width: 1fr; layout: vertical; }
    Split.-beside { layout: horizontal; }
    """

    def __init__(self, first: Widget, second: Widget, beside_from: int = 130, share: float = 0.42) -> None:
        super().__init__(first, second)
        self._second = second
        self._beside_from = beside_from
        self._share = share
        self._rows = 0

    @property
    def beside(self) -> bool:
        """Whether there is room for both in one row."""
        return self.app.size.width >= self._beside_from

    def first_has(self, rows: int) -> None:
        """The first widget has so many rows: of two below each other it leaves what it does not fill."""
        if rows != self._rows:
            self._rows = rows
            self.place()

    def on_mount(self) -> None:
        """Lay out for the first time."""
        self.place()

    def on_resize(self) -> None:
        """Lay out anew."""
        self.place()

    def place(self) -> None:
        """Give each its place."""
        self.set_class(self.beside, "-beside")
        part = f"{round(self._share * 100)}%"
        free = self.size.height - self._rows if self._rows else 0
        below = str(free) if free > round(self._share * self.size.height) else part
        self._second.styles.width = part if self.beside else "1fr"
        self._second.styles.height = "1fr" if self.beside else below
