"""The two papers as Textual themes."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from textual.theme import Theme

from postil_tui.style.colours import DARK, LIGHT, ColorTheme

PAPERS: dict[str, ColorTheme] = {paper.name: paper for paper in (DARK, LIGHT)}


def papers(colours: Mapping[str, Mapping[str, str]]) -> dict[str, ColorTheme]:
    """The papers with a person's own colours, by theme and by what they are for.

    >>> papers({"postil-dark": {"accent": "#ff0000"}})["postil-dark"].accent
    '#ff0000'
    """
    return {name: msgspec.structs.replace(paper, **colours.get(name, {})) for name, paper in PAPERS.items()}


def theme_of(paper: ColorTheme) -> Theme:
    """A Textual theme in the colours of a paper."""
    return Theme(
        name=paper.name,
        primary=paper.accent,
        secondary=paper.good,
        accent=paper.accent,
        warning=paper.warn,
        error=paper.bad,
        success=paper.good,
        foreground=paper.ink,
        background=paper.paper,
        surface=paper.paper,
        panel=paper.panel,
        dark=paper.dark,
        variables={
            "input-selection-background": f"{paper.selection} 80%",
            "input-cursor-background": paper.accent,
            "input-cursor-foreground": paper.paper,
            "border": paper.line,
            "border-blurred": paper.line,
        },
    )
