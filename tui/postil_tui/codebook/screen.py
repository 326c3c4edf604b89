"""The codebook: the tree of codes with counts, and what the highlighted one means."""

from __future__ import annotations

from collections import Counter

from rich.style import Style
from textual import on
from textual.app import ComposeResult

from postil_base.plural import counted
from postil_codebook.values import Code
from postil_tui.shell.code_counts import by_coder, told_apart
from postil_tui.shell.screens.base import PostilScreen
from postil_tui.shell.workspace import Workspace
from postil_tui.text.cells import cells, fitted, shown
from postil_tui.text.fold import folded
from postil_tui.widgets.bars import Bar
from postil_tui.widgets.memo_pane import MemoPane
from postil_tui.widgets.picker import Picker
from postil_tui.widgets.rows import Line, Rows
from postil_tui.widgets.split import Split


class CodebookScreen(PostilScreen):
    """Codes at the left, the card of one at the right (below, on a narrow screen)."""

    CONTEXT = "codebook"
    AUTO_FOCUS = "#tree"
    DEFAULT_CSS = """
    CodebookScreen { layers: base over; }
    CodebookScreen #card { background: $panel; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.codes: list[Code] = []
        self.counts: dict[str, Counter[str]] = {}
        self.mine_only = False
        from postil_tui.codebook.editing import Editing

        self.editing = Editing(self)

    def code_here(self) -> str:
        """The highlighted code."""
        return self.code.id if self.code else ""

    def open_picker(self) -> Picker | None:
        """The picker."""
        return self.query_one(Picker)

    def parts(self) -> list[object]:
        """Editing is a part of its own."""
        return [self.editing]

    def compose(self) -> ComposeResult:
        """Title, tree and card, status."""
        yield Bar("title")
        yield Split(Rows("tree"), Rows("card", fixed=True), beside_from=96, share=0.4)
        yield MemoPane()
        yield Bar("status")
        yield Picker(self.ink)

    @property
    def rows(self) -> Rows:
        """The tree of codes."""
        return self.query_one("#tree", Rows)

    @property
    def code(self) -> Code | None:
        """The highlighted code."""
        return self.codes[self.rows.index] if self.rows.index < len(self.codes) else None

    def on_screen_resume(self) -> None:
        """Count anew."""
        self.repaint()
        self.count_anew()

    def count_anew(self) -> None:
        """Count in a thread; what was said stays readable meanwhile."""
        self.later(self._count, self._counted, "" if self.said else "counting…", reads=True)

    def _count(self) -> dict[str, Counter[str]]:
        self.workspace.flush()
        layers = list(self.workspace.study.layers("coder"))
        hidden = self.workspace.hidden()
        return by_coder(layer for layer in layers if (layer.header.coder, layer.header.transcript) not in hidden)

    def _counted(self, counts: dict[str, Counter[str]]) -> None:
        self.counts = counts
        if self.workspace.hidden() and not self.said:
            self.say("a blind round is on: only your own counts are shown")
        self.repaint()

    def coder_changed(self) -> None:
        """Counts are made anew."""
        self.counts = {}
        if self.is_running:
            self.repaint()

    def codebook_changed(self) -> None:
        """Other codes."""
        if self.app.screen is self:
            self.repaint()

    def repaint(self) -> None:
        """Paint anew."""
        book, bar, ink = self.workspace.codebook, self.bar_ink, self.ink
        self.codes = list(book.codes.values())
        codable = sum(code.codable for code in self.codes)
        left = [(" Codebook ", bar.accent), (f" {shown(book.title)} {shown(book.version)}", bar.strong)]
        right = [(f"  {counted(codable, 'code')}, {counted(len(self.codes) - codable, 'heading')}  coder ", bar.faint)]
        right.append((f"{self.workspace.coder} ", bar.strong))
        self.query_one("#title", Bar).set(left, right, bar.plain)
        empty: Line = [("   No codes yet: a adds one; or code a transcript with s, then c and a name", ink.quiet)]
        self.rows.show(len(self.codes), self._line, ink.plain, self._header(), empty)
        self._show_card()
        self.show_status()

    def on_resize(self) -> None:
        """The card stands below on a narrow screen."""
        self.call_after_refresh(self.repaint)

    def _coders(self) -> list[str]:
        return sorted(self.counts)[:6]

    def _column(self) -> int:
        """Cells of a coder's column: the longest name, where there is room for it."""
        longest = max((len(coder) for coder in self._coders()), default=5) + 2
        room = max(self.rows.size.width - 46, 0) // max(len(self._coders()), 1)
        return max(min(longest, room, 14), 7)

    def _header(self) -> Line:
        size = self._column()
        names = told_apart([shown(coder) for coder in self._coders()], size - 1)
        coders = "".join(f"{name:>{size}}" for name in names)
        width = self.rows.size.width
        return [(fitted("  code", max(width - len(coders) - 1, 0)), self.ink.faint), (coders + " ", self.ink.faint)]

    def _line(self, row: int, chosen: bool, width: int) -> Line:
        ink, code = self.ink, self.codes[row]
        paper = ink.paper
        ground = paper.raised if chosen and ink.depth == "true" else paper.paper
        reverse = chosen and ink.depth != "true"

        def style(colour: str, bold: bool = False) -> Style:
            return ink.style(paper.ink if reverse else colour, ground, bold=bold, reverse=reverse)

        depth = len(self.workspace.codebook.ancestors(code.id))
        sign = "■" if code.codable else "▾"
        head = "▌ " if chosen else "  "
        name_colour = paper.ink if code.codable else paper.quiet
        line = [(head + "  " * depth, style(paper.accent)), (f"{sign} ", style(ink.colour_of(code.id)))]
        line += [(shown(code.id), style(name_colour, bold=not code.codable or chosen))]
        label = f"  {shown(code.label)}" if _plain(code.label) not in ("", _plain(code.id)) else ""
        size = self._column()
        counts = "".join(f"{self._count_of(coder, code):>{size}}" for coder in self._coders()) + " "
        used = sum(cells(text) for text, _ in line)
        room = max(width - used - len(counts), 0)
        return [*line, (fitted(label, room), style(paper.faint)), (counts, style(paper.quiet))]

    def _count_of(self, coder: str, code: Code) -> str:
        """How many segments carry the code; of a heading, how many carry a code below it."""
        count = self.counts[coder][code.id]
        if not code.codable:
            count = sum(self.counts[coder][below] for below in self.workspace.codebook.subtree(code.id))
        return str(count or "·")

    def _show_card(self) -> None:
        lines = self._card()
        ground = self.ink.style(self.ink.paper.ink, self.ink.paper.panel)
        self.query_one("#card", Rows).show(len(lines), lambda row, chosen, width: lines[row], ground)

    def _card(self) -> list[Line]:
        code, paper = self.code, self.ink.paper
        if code is None:
            return []
        width = max(self.query_one("#card").size.width - 4, 20)

        def style(colour: str, bold: bool = False) -> Style:
            return self.ink.style(colour, paper.panel, bold=bold)

        path = shown(self.workspace.codebook.code_path(code.id))
        lines: list[Line] = [[]] if self.query_one(Split).beside else []
        lines.append([("  " + path, style(self.ink.colour_of(code.id), True))])
        lines += [[("  " + shown(code.label), style(paper.ink, True))]] if _plain(code.label) != _plain(code.id) else []
        parts = [
            ("", code.definition or "no definition yet: d writes one"),
            ("use it", code.include),
            ("not", code.exclude),
        ]
        parts += [("example", example) for example in code.examples] + [("memo", code.memo)]
        parts += [("origin", code.origin), ("formerly", ", ".join(code.formerly))]
        for head, text in parts:
            if text.strip():
                lines.append([])
                lines += [[("  " + head, style(paper.accent))]] if head else []
                lines += [
                    [("  " + line, style(paper.ink if head in ("", "use it", "not") else paper.quiet))]
                    for line in folded(shown(" ".join(text.split())), width)
                ]
        return lines

    @on(Rows.Moved)
    def _moved(self) -> None:
        self._show_card()

    # --- actions -----------------------------------------------------------------------------------------------------

    def do_down(self) -> None:
        """Down."""
        self.rows.move(1)

    def do_up(self) -> None:
        """Up."""
        self.rows.move(-1)

    @on(Rows.Opened)
    def do_code_quotes(self) -> None:
        """The quotes of the code."""
        if self.code is not None:
            self.app.show_quotes(self.code.id if self.code.codable else f"{self.code.id}/*")


def _plain(name: str) -> str:
    return name.strip().lower().replace("-", " ").replace("_", " ")
