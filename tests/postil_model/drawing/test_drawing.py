"""The figure: nothing overlaps, no line runs through a box, and the same input gives the same bytes."""

from __future__ import annotations

import io
import os
import re
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pypdf
import pytest

from postil_base.problem import PostilError
from postil_model.decision.exports import mermaid
from postil_model.drawing import render as render_module
from postil_model.drawing.boxes import node_box
from postil_model.drawing.columns import derived_line
from postil_model.drawing.figure import Figure, FigureNote
from postil_model.drawing.make_widths import table_text
from postil_model.drawing.paper import known_ends, lay_out
from postil_model.drawing.pictures import chosen_engine, dot_text, draw, png_dpi, tikz_text
from postil_model.drawing.plain_svg import plain_svg
from postil_model.drawing.render import PNG_DPI, render
from postil_model.drawing.shapes import Words, shapes
from postil_model.drawing.text import FONTS, in_font, width, wrap
from tests.model_figures import (
    ARABIC,
    CHINESE,
    NASTY,
    SIXTY,
    edge,
    faults,
    innovation_decision,
    large,
    node,
    other_scripts,
)

WITH_LIBRARY = subprocess.run([sys.executable, "-c", "import pygraphviz"], capture_output=True).returncode == 0
needs_pygraphviz = pytest.mark.skipif(not WITH_LIBRARY, reason="pygraphviz cannot be loaded here (it needs glib)")

FIGURES: dict[str, Callable[[], Figure]] = {
    "innovation-decision": innovation_decision,
    "thirty nodes in six stages": large,
    "other scripts": other_scripts,
}


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_overlaps_and_no_line_runs_through_a_box(name: str) -> None:
    assert faults(lay_out(FIGURES[name]())) == []


@pytest.mark.parametrize("seed", range(24))
def test_any_declared_process_comes_out_well(seed: int) -> None:
    figure = large(seed, stages=2 + seed % 5, per_stage=2 + seed % 6, extra=seed % 9, n=(2, 8, 16, 28, 40)[seed % 5])
    assert faults(lay_out(figure)) == []


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(24, 324))
def test_any_declared_process_comes_out_well_at_length(seed: int) -> None:
    figure = large(seed, stages=2 + seed % 5, per_stage=2 + seed % 6, extra=seed % 9, n=(2, 8, 16, 28, 40)[seed % 5])
    assert faults(lay_out(figure)) == []


def test_a_node_nobody_is_tied_to_and_a_process_without_stages_are_drawn() -> None:
    figure = Figure(nodes=(node("a", "A", "task", ""), node("b", "B", "factor", ""), node("c", "C", "activity", "")))
    assert faults(lay_out(figure)) == []
    assert lay_out(replace(figure, edges=(edge("a", "a", "back", guard="again"),), main_line=("a",)))


def test_stages_stand_from_left_to_right_and_the_main_line_is_straight() -> None:
    drawing = lay_out(innovation_decision())
    assert [band.stage for band in drawing.layout.bands] == [stage for stage, _ in drawing.figure.stages]
    spots = drawing.layout.spots
    line = [spots[name] for name in drawing.figure.main_line]
    assert len({round(spot.y, 3) for spot in line}) == 1
    assert all(one.right < other.left for one, other in pairwise(line))
    assert all(band.left < spots[n.id].x < band.right for band in drawing.layout.bands
               for n in drawing.figure.nodes if n.stage == band.stage)  # fmt: skip


def test_back_edges_of_one_guard_share_a_bus_above_and_unexpected_edges_run_below() -> None:
    figure = innovation_decision()
    loops = (edge("confirm", "attitude", "back", 3, guard="conflicting messages"),)
    drawing = lay_out(replace(figure, edges=figure.edges + loops))
    routes = {route.edge.id: route for route in drawing.layout.routes}
    bus = [route for route in routes.values() if route.edge.kind == "back" and route.edge.declared]
    assert len(bus) == 2
    assert len({route.level_y for route in bus}) == 1
    top = min(spot.top for spot in drawing.layout.spots.values())
    assert bus[0].level_y < top
    below = routes["know-use-flow-"]
    assert below.area == "lanes"
    assert below.level_y > max(spot.bottom for spot in drawing.layout.spots.values())
    guards = [label for label in drawing.labels if "Conflicting messages" in label.lines]
    assert len(guards) == 1  # once for the bus


def test_every_counted_edge_carries_its_count_and_every_node_its_strip() -> None:
    drawing = lay_out(innovation_decision())
    written = {label.edge for label in drawing.labels if any("/8" in line for line in label.lines)}
    assert written == {e.id for e in drawing.figure.edges}
    svg = draw(drawing.figure, ["svg"]).files["svg"].decode()
    assert svg.count('fill="#0072b2"') + svg.count('fill="#c1440e"') >= sum(n.k for n in drawing.figure.nodes)


def test_svg_is_well_formed_with_ids_classes_and_tooltips_and_without_the_version_of_graphviz() -> None:
    svg = draw(innovation_decision(), ["svg"]).files["svg"].decode()
    root = ElementTree.fromstring(svg)
    groups = {g.get("id"): g.get("class", "") for g in root.iter("{http://www.w3.org/2000/svg}g")}
    assert "decision" in groups["node-decide"]
    assert "k5" in groups["edge-decide-use-branch-adoption"]
    assert "graphviz" not in svg
    assert root.get("aria-label") == "The innovation-decision process"
    assert 'font-family="Liberation Sans,Arial' in svg


def test_labels_of_any_script_and_any_characters_reach_the_picture_as_they_are() -> None:
    svg = draw(other_scripts(), ["svg"]).files["svg"].decode()
    text = " ".join("".join(t.itertext()) for t in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"))
    squeezed = re.sub(r"\s", "", text.replace("\xa0", ""))
    for label in (CHINESE, ARABIC, SIXTY, NASTY, "<laughs>", "[inaudible 00:05:26] node"):
        assert re.sub(r"\s", "", label) in squeezed, label


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_figure_gives_the_same_bytes(name: str) -> None:
    assert dot_text(FIGURES[name]()) == dot_text(FIGURES[name]())
    assert mermaid(FIGURES[name]()) == mermaid(FIGURES[name]())
    one, two = (draw(FIGURES[name](), ["svg", "png"]).files for _ in range(2))
    assert one == two


def test_dot_does_not_depend_on_the_hash_seed() -> None:
    code = (
        "from tests.model_figures import large; from postil_model.drawing.pictures import dot_text;"
        "import hashlib; print(hashlib.sha256(dot_text(large()).encode()).hexdigest())"
    )
    root = Path(__file__).resolve().parents[3]
    seen = {
        subprocess.run(
            [sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": seed}, cwd=root,
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(seen) == 1


@needs_pygraphviz
def test_the_picture_is_right_on_a_machine_without_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no system font in reach the shipped font draws the text: same bytes as with them."""
    with_fonts = draw(innovation_decision(), ["png", "svg"]).files
    monkeypatch.setattr(render_module, "_SYSTEM_FONTS", ())
    monkeypatch.setenv("HOME", str(tmp_path))
    assert draw(innovation_decision(), ["png", "svg"]).files == with_fonts


@needs_pygraphviz
def test_png_has_ink_and_a_useful_size() -> None:
    png = draw(innovation_decision(), ["png"]).files["png"]
    wide, high = struct.unpack(">II", png[16:24])
    assert wide > 2000 and high > 600
    chunks = b"".join(_chunks(png))
    assert len(set(zlib.decompress(chunks)[: 200 * wide])) > 1


def _chunks(png: bytes) -> list[bytes]:
    at, found = 8, []
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            found.append(png[at + 8 : at + 8 + length])
        at += 12 + length
    return found


@needs_pygraphviz
def test_pdf_embeds_the_shipped_font() -> None:
    pdf = draw(innovation_decision(), ["pdf"]).files["pdf"]
    assert pdf.startswith(b"%PDF")
    assert b"LiberationSans" in pdf


def test_a_drawing_that_takes_too_long_is_stopped_with_a_message() -> None:
    with pytest.raises(PostilError, match=r"more than 0\.001 seconds.*svg and tikz are drawn without Graphviz"):
        draw(innovation_decision(), ["png"], engine="paper", seconds=0.001)
    drawn = draw(innovation_decision(), ["svg"], engine="paper", seconds=0.001)
    assert "written without Graphviz" in drawn.remark
    assert drawn.files["svg"].decode("utf-8") == plain_svg(lay_out(innovation_decision()))


@pytest.mark.skipif(render_module._pure_program() is None, reason="the port of Graphviz is not installed here")
def test_where_one_build_hangs_another_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    run = subprocess.run

    def hanging(command: list[str], **more: Any) -> Any:
        if "postil_model.drawing.child" in command:
            raise subprocess.TimeoutExpired(command, 20)
        return run(command, **more)

    monkeypatch.setattr(subprocess, "run", hanging)
    assert b"<svg" in draw(innovation_decision(), ["svg"], engine="paper").files["svg"]


@needs_pygraphviz
def test_broken_dot_is_reported_in_graphviz_own_words() -> None:
    with pytest.raises(PostilError, match="Graphviz could not draw the figure"):
        render("digraph {", ["svg"])


def test_without_any_engine_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render_module, "_pure_program", lambda: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(PostilError, match="pip install pygraphviz"):
        render_module._with_program("digraph {}", ["svg"], "nop2", 1, {})


def test_dot_lays_out_what_has_no_main_line_and_our_layout_takes_over_when_it_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loose = Figure("Loose", nodes=tuple(node(f"n{i}", f"Node {i}", "activity", "", "10") for i in range(4)),
                   edges=(edge("n0", "n1", declared=False), edge("n2", "n3", "influence", declared=False)),
                   notes=(FigureNote("n0", ("a fact",)),))  # fmt: skip
    assert chosen_engine(loose) == "dot"
    assert chosen_engine(innovation_decision()) == "paper"
    assert draw(loose, ["svg"]).engine == "dot"

    def failing(dot: str, formats: list[str], prog: str, seconds: float, title: str, dpi: int) -> dict[str, bytes]:
        if prog == "dot":
            raise PostilError("drawing took more than 20 seconds and was stopped")
        return render(dot, formats, prog, seconds, title, dpi)

    monkeypatch.setattr("postil_model.drawing.pictures.render", failing)
    drawn = draw(loose, ["svg"])
    assert drawn.engine == "paper"
    assert "our own layout instead" in drawn.remark
    assert drawn.files["svg"]


def test_a_main_line_is_derived_from_the_declared_steps() -> None:
    assert derived_line(replace(innovation_decision(), main_line=())) == [
        "know", "attitude", "decide", "use", "confirm", "go_on",
    ]  # fmt: skip


def test_a_large_png_gets_fewer_pixels_and_is_not_cut_off() -> None:
    assert png_dpi(1500, 500) == PNG_DPI
    for wide, high in ((7000, 2000), (14000, 1900), (60000, 100)):
        dpi = png_dpi(wide, high)
        assert 10 < dpi < PNG_DPI and wide * dpi / 72 <= 16_000 and wide * high * (dpi / 72) ** 2 <= 12e6


def test_nothing_to_draw_is_said() -> None:
    with pytest.raises(PostilError, match="nothing to draw"):
        dot_text(Figure())


def test_the_table_of_widths_is_that_of_the_shipped_fonts() -> None:
    assert (FONTS / "widths.json").read_text(encoding="utf-8") == table_text()
    assert "SIL OPEN FONT LICENSE" in (FONTS / "LICENSE-OFL.txt").read_text(encoding="utf-8")


def test_texts_fit_their_lines() -> None:
    for text in (SIXTY, CHINESE, ARABIC, NASTY, "Donaudampfschifffahrtsgesellschaftskapitän", "a " * 40):
        lines = wrap(text, 80, 11)
        assert all(width(line, 11) <= 80 for line in lines)
        assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    assert in_font("Größe — „Zitat“ …")
    assert not in_font(CHINESE)


def test_above_thirty_participants_a_bar_stands_for_the_strip() -> None:
    assert node_box(node("a", "A", "activity", "", "10" * 15), True).label.count("<TD WIDTH") > 30
    assert node_box(node("a", "A", "activity", "", "10" * 20), True).label.count("<TD WIDTH") < 5


def test_mermaid_escapes_what_it_would_read_as_markup() -> None:
    text = mermaid(other_scripts())
    assert "flowchart LR" in text
    assert "#60;laughs#62;" in text
    assert "subgraph" in text
    assert CHINESE in text


@pytest.mark.skipif(render_module._pure_program() is None, reason="the port of Graphviz is not installed here")
def test_without_any_library_the_port_of_graphviz_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    files = render_module._with_program(
        dot_text(FIGURES["innovation-decision"]()), ["svg", "pdf", "png"], "nop2", 20, {}
    )
    assert b"<svg" in files["svg"] and b'font-family="Liberation Sans"' in files["svg"]
    assert files["png"].startswith(b"\x89PNG") and files["pdf"].startswith(b"%PDF-1.5")
    page = pypdf.PdfReader(io.BytesIO(files["pdf"])).pages[0]
    width = int.from_bytes(files["png"][16:20], "big") * 72 / 170
    assert abs(float(page.mediabox.width) - width) < 2


FIGURES_OF_OUR_OWN = {"innovation-decision": innovation_decision, "large": large, "other scripts": other_scripts}


@pytest.mark.parametrize("name", FIGURES_OF_OUR_OWN)
def test_a_picture_without_graphviz_holds_every_box_line_and_word(name: str) -> None:
    figure = FIGURES_OF_OUR_OWN[name]()
    drawing = lay_out(figure)
    root = ElementTree.fromstring(plain_svg(drawing))
    assert plain_svg(drawing) == plain_svg(lay_out(FIGURES_OF_OUR_OWN[name]()))
    ids = {element.get("id", "") for element in root.iter() if element.get("id")}
    assert {f"edge-{edge.id}" for edge in known_ends(figure).edges} <= ids
    assert {element.get("class") for element in root.iter() if element.get("class")} <= {"node", "edge", "finding"}
    said = [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]
    for one in figure.nodes:
        for line in wrap(one.label, 92 if one.kind == "decision" else 118, 11):
            assert one.listed or line in said
    assert len(said) == len([shape for shape in shapes(drawing) if isinstance(shape, Words)])


@pytest.mark.parametrize("name", FIGURES_OF_OUR_OWN)
def test_tikz_has_the_same_shapes_and_no_command_of_a_label(name: str) -> None:
    figure = FIGURES_OF_OUR_OWN[name]()
    text = tikz_text(figure)
    found = [*shapes(lay_out(figure))]
    assert text.count("\\node[") == sum(isinstance(shape, Words) for shape in found)
    assert text.count("\\path[") == sum(not isinstance(shape, Words) for shape in found)
    assert text.count("{") - text.count("\\{") == text.count("}") - text.count("\\}")
    assert "\\N " not in text and tikz_text(figure) == text


@pytest.mark.prove
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX here")
@pytest.mark.parametrize("name", ["innovation-decision", "nasty"])
def test_latex_sets_the_tikz_picture(name: str, tmp_path: Path) -> None:
    one = node("know", NASTY, "activity", "Knowledge", "10")
    nasty = replace(innovation_decision(), nodes=(one,), notes=(), edges=(), caption=(NASTY,))
    figure = nasty if name == "nasty" else innovation_decision()
    (tmp_path / "figure.tex").write_text(tikz_text(figure), encoding="utf-8")
    head = "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{tikz}\\usetikzlibrary{arrows.meta}"
    body = "\\begin{document}\\input{figure}\\input{figure}\\end{document}"
    (tmp_path / "paper.tex").write_text(head + body, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert b"/Subtype/Image" not in (tmp_path / "paper.pdf").read_bytes()


def test_a_grey_line_does_not_lie_on_a_black_one_of_the_same_bus() -> None:
    figure = innovation_decision()
    back = [edge("confirm", name, "back", k, guard="poor") for name, k in (("know", 3), ("attitude", 0), ("use", 0))]
    drawing = lay_out(replace(figure, edges=(*figure.edges[:5], *back)))
    routes = {route.edge.target: route for route in drawing.layout.routes if route.edge.guard == "poor"}
    assert len(routes["know"].points) == 4  # from the diamond up, along, and down
    for grey in ("attitude", "use"):
        (x1, level), (x2, _) = routes[grey].points
        assert x1 == x2 and level == routes["know"].points[1][1]
