"""What screens about a list share: the keys that go up and down in it."""

from __future__ import annotations

from postil_tui.shell.screens.base import PostilScreen
from postil_tui.widgets.rows import Rows


class ListScreen(PostilScreen):
    """A screen with lists, one of which the keys move in."""

    @property
    def rows(self) -> Rows:
        """The list."""
        raise NotImplementedError

    @property
    def moving(self) -> Rows:
        """The list the keys move in, where there are several."""
        return self.rows

    def do_down(self) -> None:
        """Down."""
        self.moving.move(1)

    def do_up(self) -> None:
        """Up."""
        self.moving.move(-1)

    def do_page_down(self) -> None:
        """A page down."""
        self.moving.move(self.moving.room)

    def do_page_up(self) -> None:
        """A page up."""
        self.moving.move(-self.moving.room)
