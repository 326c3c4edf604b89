"""What a code means: its definition, when to use it and when not."""

from __future__ import annotations

from postil_codebook.values import Codebook
from postil_study.text.values import Segment
from postil_tui.shell.screens.panel import PanelScreen
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import shown
from postil_tui.text.fold import folded
from postil_tui.widgets.rows import Line


class CardScreen(PanelScreen[None]):
    """A code's card."""

    def __init__(self, codebook: Codebook, code: str, ink: StyleSheet) -> None:
        super().__init__(ink)
        self.codebook = codebook
        self.code = code

    def lines(self) -> list[Line]:
        """Path, label, definition, include, exclude, examples."""
        code = self.codebook.codes.get(self.code)
        colour = self.ink.colour_of(self.code)
        if code is None:
            return [[(f" {shown(self.code)} is not in the codebook", self.on_panel(self.ink.paper.warn))]]
        path = self.codebook.code_path(code.id)
        found: list[Line] = [
            [(f" ■ {shown(path)}", self.on_panel(colour, bold=True)), (f"  {shown(code.label)}", self.on_panel())]
        ]
        parts = [("", code.definition), ("use it", code.include), ("not", code.exclude)]
        parts += [("example", example) for example in code.examples]
        for head, text in parts:
            if text.strip():
                found += self._part(head, text)
        return found

    def _part(self, head: str, text: str) -> list[Line]:
        width = min(self.WIDTH, self.app.size.width - 4) - 16
        words = folded(shown(" ".join(text.split())), width)
        quiet = self.on_panel(self.ink.paper.faint)
        lines: list[Line] = [[(" ", quiet)]]
        for number, line in enumerate(words):
            lines.append([(f" {head if number == 0 else '':<9}", quiet), (line, self.on_panel())])
        return lines


class NoteScreen(PanelScreen[None]):
    """A note that came with the source, in full."""

    def __init__(self, source: str, note: Segment, ink: StyleSheet) -> None:
        super().__init__(ink)
        self.source, self.note = source, note

    def lines(self) -> list[Line]:
        """Where the note comes from, its words, and the words it stands on."""
        width = min(self.WIDTH, self.app.size.width - 4) - 4
        head = [(f" ✎ {shown(self.source)}", self.on_panel(bold=True)), ("  came with the source", self.on_panel())]
        found: list[Line] = [head, [(" ", self.on_panel())]]
        for paragraph in self.note.memo.split("\n"):
            found += [[(f" {line}", self.on_panel())] for line in folded(shown(paragraph), width)]
        found.append([(" ", self.on_panel())])
        quiet = self.on_panel(self.ink.paper.faint)
        quote = f"“{' '.join(self.note.quote.split())}”"
        return found + [[(f" {line}", quiet)] for line in folded(shown(quote), width)]
