"""The card of the tutorial above the screen: the step, what to do, how far one is."""

from __future__ import annotations

from rich.segment import Segment as Cell
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import cells
from postil_tui.text.pieces import Piece, fold_pieces

HEIGHT = 6
_FOOT = "q leaves the tutorial · ctrl+n: next step"


class TutorialCard(Widget):
    """A few lines; it never takes keys."""

    DEFAULT_CSS = f"TutorialCard {{ dock: top; height: {HEIGHT}; width: 1fr; }}"
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._title: list[Piece] = []
        self._text: list[Piece] = []
        self._ink: StyleSheet | None = None

    def tell(self, title: str, number: int, all_: int, text: list[Piece], ink: StyleSheet) -> None:
        """Show a step."""
        dots = "●" * (number - 1) + "◉" + "○" * (all_ - number)
        shown = ([(title, "title"), (f"   {dots}", "dots")], text)
        if shown != (self._title, self._text) or ink is not self._ink:
            self._title, self._text = shown
            self._ink = ink
            self.refresh()

    @property
    def text(self) -> str:
        """What the card says, for tests."""
        return "".join(part for part, _ in (*self._title, (" ", ""), *self._text))

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """All there is."""
        return container.width

    def render_line(self, y: int) -> Strip:
        """A line of the card."""
        width, ink = self.size.width, self._ink
        if ink is None:
            return Strip([Cell(" " * width, Style())], width)
        styles = self._styles(ink)
        lines = [self._title, *fold_pieces(self._text, min(width - 4, 110))]
        line = lines[y] if y < len(lines) and y < HEIGHT - 1 else [(_FOOT, "faint")] if y == HEIGHT - 2 else []
        if y == HEIGHT - 1:
            return Strip([Cell("▔" * width, styles["edge"])], width)
        found = [Cell("  ", styles[""]), *(Cell(text, styles.get(role, styles[""])) for text, role in line)]
        used = sum(cells(cell.text) for cell in found)
        return Strip([*found, Cell(" " * max(width - used, 0), styles[""])], width)

    @staticmethod
    def _styles(ink: StyleSheet) -> dict[str, Style]:
        paper = ink.paper
        ground = paper.raised if ink.depth == "true" else paper.paper
        return {
            "": ink.style(paper.ink, ground),
            "title": ink.style(paper.accent, ground, bold=True),
            "key": ink.style(paper.accent, ground, bold=True),
            "dots": ink.style(paper.faint, ground),
            "faint": ink.style(paper.faint, ground),
            "edge": ink.style(paper.line, ink.paper.paper),
        }
