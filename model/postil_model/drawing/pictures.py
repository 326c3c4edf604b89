"""From a figure to files: laid out, then written as SVG, TikZ, DOT, PDF or PNG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from postil_base.problem import PostilError
from postil_model.drawing.boxes import LABEL
from postil_model.drawing.columns import main_line
from postil_model.drawing.figure import Figure
from postil_model.drawing.pages import Page
from postil_model.drawing.paper import Drawing, lay_out
from postil_model.drawing.picture import Picture
from postil_model.drawing.shapes import picture
from postil_model.drawing.svg import svg
from postil_model.drawing.tikz import tikz

if TYPE_CHECKING:
    from graphviz import Digraph

Engine = Literal["auto", "paper", "dot"]
READABLE = 6.0  # points; journals ask for 6 to 8 at least


def laid_out(figure: Figure, page: Page | None = None) -> Drawing:
    """The figure with everything in its place, in rows where a page asks for it.

    It runs along the declared steps where no main line is declared.

    Raises:
        PostilError: no node is left.
    """
    if not figure.nodes:
        raise PostilError(
            "there is nothing to draw: no node is left. Declare a process (process.yaml) or widen --stages"
        )
    return lay_out(replace(figure, main_line=tuple(main_line(figure))), page)


def digraph(figure: Figure, engine: Engine = "auto", page: Page | None = None) -> Digraph:
    """The figure for Graphviz: with our positions, or without any where ``engine`` is ``dot``."""
    from postil_model.drawing.flow_dot import flow_graph
    from postil_model.drawing.paper_dot import paper_graph

    drawing = laid_out(figure, page)
    return flow_graph(figure) if engine == "dot" else paper_graph(drawing)


def dot_text(figure: Figure, engine: Engine = "auto", page: Page | None = None) -> str:
    """The figure as DOT."""
    return str(digraph(figure, engine, page).source)


def tikz_text(figure: Figure, page: Page | None = None) -> str:
    """The figure as TikZ."""
    return tikz(laid_out(figure, page))


def draw(figure: Figure, formats: Sequence[str], engine: Engine = "auto", page: Page | None = None) -> dict[str, bytes]:
    """The figure as ``svg``, ``pdf`` or ``png``, by format; laid out for a page it is no larger than that.

    Raises:
        PostilError: nothing is left to draw, or what draws is not installed.
    """
    if engine == "dot":
        return {kind: _by_graphviz(digraph(figure, "dot"), kind) for kind in formats}
    return files(picture(laid_out(figure, page), page), formats)


def small_letters(figure: Figure, page: Page) -> str:
    """A sentence where the labels of a figure come out too small to be read on a page; empty where they don't."""
    size = LABEL * picture(laid_out(figure, page), page).scale
    if size >= READABLE:
        return ""
    return (
        f"on {page.name} the labels are {size:.1f} points high, below {READABLE:g} they are hard to read: draw fewer "
        "nodes (--stages, --min-participants), a box a stage (--level stages), or a larger page"
    )


def boxes_for(figure: Figure) -> str:
    """A sentence where a PDF or PNG of a figure shows boxes for characters that no font here has; else empty."""
    from postil_model.drawing.rasterise import without_glyph

    labels = [node.label for node in figure.nodes] + [item.label for node in figure.nodes for item in node.items]
    labels += [f"{edge.guard}{edge.label}" for edge in figure.edges] + [label for _, label in figure.stages]
    labels += [text for note in figure.notes for text in note.texts]
    missing = without_glyph("".join((*labels, *figure.caption)))
    if not missing:
        return ""
    named = f"{missing[:12]}{' …' if len(missing) > 12 else ''}"
    return (
        f"no font here has {named}: the picture shows boxes in their place. Install a font of that script, or ask for "
        "--format svg, which each reader's own fonts show"
    )


def files(made: Picture, formats: Sequence[str]) -> dict[str, bytes]:
    """A picture as files, by format."""
    from postil_model.drawing.rasterise import rasterised

    return {
        kind: svg(made).encode("utf-8") if kind == "svg" else rasterised(made, "pdf" if kind == "pdf" else "png")
        for kind in formats
    }


def _by_graphviz(graph: Digraph, kind: str) -> bytes:
    """Graphviz' own layout, by the program of the machine."""
    from graphviz import ExecutableNotFound
    from graphviz.exceptions import CalledProcessError

    try:
        return bytes(graph.pipe(format=kind, quiet=True))
    except ExecutableNotFound as error:
        raise PostilError(
            "--engine dot needs the program dot of Graphviz, which is not installed here. Install your system's "
            "package graphviz, or leave --engine out: Postil lays the figure out by itself"
        ) from error
    except CalledProcessError as error:
        raise PostilError(f"Graphviz could not draw the figure: {error.stderr!r}. Leave --engine dot out") from error
