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
from postil_model.drawing.render import SECONDS, NoEngineError, render

Engine = Literal["auto", "paper", "dot"]


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
    if not figure.nodes:
        raise PostilError(
            "there is nothing to draw: no node is left. Declare a process (process.yaml) or widen --stages"
        )
    return paper_dot(lay_out(figure)) if chosen_engine(figure, engine) == "paper" else flow_dot(figure)


def draw(figure: Figure, formats: Sequence[str], engine: Engine = "auto", seconds: float = SECONDS) -> Pictures:
    """Draw the figure. If Graphviz cannot lay it out in time, our own layout takes over with a derived main line."""
    chosen = chosen_engine(figure, engine)
    try:
        prog = "nop2" if chosen == "paper" else "dot"
        return Pictures(render(dot_text(figure, chosen), formats, prog, seconds, figure.title), chosen)
    except NoEngineError:
        raise
    except PostilError as error:
        if chosen == "paper":
            raise
        own = replace(figure, main_line=tuple(main_line(figure)))
        files = render(dot_text(own, "paper"), formats, "nop2", seconds, figure.title)
        return Pictures(files, "paper", f"{error}; drawn with our own layout instead")
