"""From looks to terminal styles, in the colours of the theme and within what the terminal can show."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

import msgspec
from rich.style import Style

from postil_tui.style.colours import ColorTheme, blend, mean
from postil_tui.text.paint import Look

Depth = Literal["true", "few", "none"]  # 16 million colours; 256 or 16; no colour at all


class StyleSheet:
    """The styles of one screen."""

    def __init__(self, paper: ColorTheme, colours: Mapping[str, str], depth: Depth = "true") -> None:
        self.paper = paper
        self.colours = colours
        self.depth = depth
        self.plain = self.style(paper.ink)
        self.quiet = self.style(paper.quiet)
        self.faint = self.style(paper.faint)
        self.line = self.style(paper.line if depth == "true" else paper.faint)
        self.strong = self.style(paper.ink, bold=True)
        self.accent = self.style(paper.accent, bold=True)
        self.jump = self.style(paper.accent, bold=True, reverse=True)
        self.ground = self.style(paper.ink)
        self.run = lru_cache(maxsize=4096)(self._run)
        self.code = lru_cache(maxsize=1024)(self._code)

    def style(
        self,
        colour: str,
        background: str | None = None,
        bold: bool = False,
        underline: bool = False,
        italic: bool = False,
        reverse: bool = False,
    ) -> Style:
        """A style on the screen's paper; without colours only the marks stay, and what is quiet is dim."""
        known = self.depth != "none"
        return Style(
            color=colour if known else None,
            bgcolor=(background or self.paper.paper) if known else None,
            bold=bold,
            underline=underline,
            italic=italic,
            reverse=reverse,
            dim=not known and colour in (self.paper.quiet, self.paper.faint),
        )

    def on_bar(self) -> StyleSheet:
        """The same ink on the ground of a bar."""
        if self.depth != "true":
            return self
        return StyleSheet(msgspec.structs.replace(self.paper, paper=self.paper.panel), self.colours, self.depth)

    def on_raised(self) -> StyleSheet:
        """The same ink on the ground of what is being worked on."""
        if self.depth != "true":
            return self
        return StyleSheet(msgspec.structs.replace(self.paper, paper=self.paper.raised), self.colours, self.depth)

    def colour_of(self, code: str) -> str:
        """The colour of a code; codes the codebook does not know are faint."""
        return self.colours.get(code, self.paper.faint)

    def _code(self, code: str, strong: bool = False) -> Style:
        """The style of a code's label and bracket."""
        return self.style(self.colour_of(code) if code else self.paper.faint, bold=strong)

    def _run(self, look: Look) -> Style:
        """The style of a run of words."""
        if self.depth != "true":
            return self._run_without_tints(look)
        paper = self.paper
        ink = paper.quiet if look.quiet else paper.ink
        if look.cursor:
            return Style(color=paper.paper, bgcolor=paper.accent)
        background = self._background(look)
        return Style(
            color=ink if not look.selected else paper.ink,
            bgcolor=background,
            underline=look.layers > 1 or look.cue or look.hit,
            bold=look.hit or look.cue,
            italic=look.cue,
        )

    def _background(self, look: Look) -> str:
        paper = self.paper
        ground = paper.target if look.target else paper.paper
        if look.codes:
            share = min((0.17 if paper.dark else 0.16) + 0.08 * (look.layers - 1) + (0.10 if look.focused else 0), 0.6)
            ground = blend(ground, mean([self.colour_of(code) for code in look.codes]), share)
        if look.hit:
            ground = blend(ground, paper.warn, 0.35)
        if look.selected:
            ground = blend(ground, paper.selection, 0.55 if look.settled else 0.85)
        return ground

    def _run_without_tints(self, look: Look) -> Style:
        """Fewer colours than a tint needs: underline says coded, reverse says selected."""
        return self.style(
            self.paper.quiet if look.quiet else self.paper.ink,
            underline=bool(look.codes) or look.cue,
            bold=look.layers > 1 or look.hit or look.cursor,
            italic=look.cue,
            reverse=look.selected != look.cursor or look.hit,
        )
