"""From a figure to files: choose the engine, draw, and fall back when Graphviz fails or takes too long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from postil_base.problem import PostilError
from postil_model.drawing.columns import main_line
from postil_model.drawing.figure import Figure
from postil_model.drawing.flow_dot import flow_dot
from postil_model.drawing.paper import lay_out
from postil_model.drawing.paper_dot import paper_dot
from postil_model.drawing.plain_svg import plain_svg
from postil_model.drawing.render import PNG_DPI, SECONDS, NoEngineError, render
from postil_model.drawing.tikz import tikz

Engine = Literal["auto", "paper", "dot"]
_NOTHING = "there is nothing to draw: no node is left. Declare a process (process.yaml) or widen --stages"
PIXELS, PIXELS_WIDE = 12e6, 16_000  # of a PNG


@dataclass(frozen=True, slots=True)
class Pictures:
    """The files by format, the engine that made them, and what the person should know."""

    files: dict[str, bytes]
    engine: Engine
    remark: str = ""


def chosen_engine(figure: Figure, engine: Engine = "auto") -> Engine:
    """``paper`` where there is a main line, declared or plain from the declared steps, else ``dot``."""
    if engine != "auto":
        return engine
    return "paper" if len(main_line(figure)) > 2 else "dot"


def dot_text(figure: Figure, engine: Engine = "auto") -> str:
    """The figure as DOT."""
    return _dot(figure, chosen_engine(figure, engine))[0]


def _dot(figure: Figure, engine: Engine) -> tuple[str, int]:
    """DOT, and the resolution of a PNG of it."""
    if not figure.nodes:
        raise PostilError(_NOTHING)
    if engine == "dot":
        return flow_dot(figure), PNG_DPI
    drawing = lay_out(figure)
    return paper_dot(drawing), png_dpi(drawing.layout.right, drawing.layout.bottom)


def png_dpi(width: float, height: float) -> int:
    """The resolution for a picture of so many points: a large one must neither take seconds nor be cut off.

    >>> png_dpi(1700, 600), png_dpi(7000, 2000)
    (170, 66)
    """
    return int(min(PNG_DPI, 72 * (PIXELS / (width * height)) ** 0.5, 72 * PIXELS_WIDE / width))


def tikz_text(figure: Figure) -> str:
    """The figure as TikZ; it is laid out by ourselves, with a derived main line where none is declared."""
    if not figure.nodes:
        raise PostilError(_NOTHING)
    return tikz(lay_out(_with_line(figure)))


def draw(figure: Figure, formats: Sequence[str], engine: Engine = "auto", seconds: float = SECONDS) -> Pictures:
    """Draw the figure. If Graphviz cannot lay it out in time, our own layout takes over with a derived main line.

    SVG needs no Graphviz at all: where none draws, it is written by ourselves.
    """
    chosen = chosen_engine(figure, engine)
    prog = "nop2" if chosen == "paper" else "dot"
    dot, dpi = _dot(figure, chosen)
    try:
        return Pictures(render(dot, formats, prog, seconds, figure.title, dpi), chosen)
    except PostilError as error:
        if chosen == "dot" and not isinstance(error, NoEngineError):
            return _with_our_layout(figure, formats, seconds, error)
        return _by_ourselves(figure, formats, error)


def _with_our_layout(figure: Figure, formats: Sequence[str], seconds: float, error: PostilError) -> Pictures:
    dot, dpi = _dot(_with_line(figure), "paper")
    try:
        files = render(dot, formats, "nop2", seconds, figure.title, dpi)
    except PostilError as again:
        return _by_ourselves(figure, formats, again)
    return Pictures(files, "paper", f"{error}; drawn with our own layout instead")


def _by_ourselves(figure: Figure, formats: Sequence[str], error: PostilError) -> Pictures:
    """The last way: SVG without Graphviz."""
    if set(formats) != {"svg"}:
        raise type(error)(f"{error}. --format svg and tikz are drawn without Graphviz") from error
    svg = plain_svg(lay_out(_with_line(figure)))
    return Pictures({"svg": svg.encode("utf-8")}, "paper", f"{error}; written without Graphviz instead")


def _with_line(figure: Figure) -> Figure:
    return replace(figure, main_line=tuple(main_line(figure)))
