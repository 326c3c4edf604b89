"""The terminal is too small: say so, and how large it has to be."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.widgets import Static

from postil_tui.text.geometry import MIN_HEIGHT, MIN_WIDTH


class SmallScreen(ModalScreen[None]):
    """Stays until the terminal is large enough."""

    DEFAULT_CSS = """
    SmallScreen { align: center middle; background: $background; }
    SmallScreen Static { width: auto; height: auto; text-align: center; }
    """

    def compose(self) -> ComposeResult:
        """One sentence."""
        yield Static(f"Postil needs {MIN_WIDTH} x {MIN_HEIGHT}.\nMake the window larger,\nor q to leave.", markup=False)

    async def key_q(self) -> None:
        """Leave."""
        await self.app.action_quit()
