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
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import graphviz
import pypdf
import pytest

from postil_base.problem import PostilError
from postil_model.decision.exports import mermaid
from postil_model.drawing.boxes import node_box
from postil_model.drawing.columns import derived_line
from postil_model.drawing.figure import Figure, FigureNote
from postil_model.drawing.make_widths import table_text
from postil_model.drawing.paper import known_ends, lay_out
from postil_model.drawing.picture import Picture, Words, parts
from postil_model.drawing.pictures import boxes_for, digraph, dot_text, draw, tikz_text
from postil_model.drawing.rasterise import PNG_DPI, png_dpi, without_glyph
from postil_model.drawing.shapes import picture, shapes
from postil_model.drawing.svg import svg
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

PORT = Path(sys.executable).with_name("graphviz-pure")
needs_port = pytest.mark.skipif(not PORT.is_file(), reason="the port of Graphviz is not installed here")

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
    svg = draw(drawing.figure, ["svg"])["svg"].decode()
    assert svg.count('fill="#0072B2"') + svg.count('fill="#C1440E"') >= sum(n.k for n in drawing.figure.nodes)


def test_svg_is_well_formed_with_ids_classes_and_tooltips() -> None:
    svg = draw(innovation_decision(), ["svg"])["svg"].decode()
    root = ElementTree.fromstring(svg)
    groups = {g.get("id"): g.get("class", "") for g in root.iter("{http://www.w3.org/2000/svg}g")}
    assert "decision" in groups["node-decide"]
    assert "k5" in groups["edge-decide-use-branch-adoption"]
    titles = {t.text for t in root.iter("{http://www.w3.org/2000/svg}title")}
    assert {n.tooltip or n.label for n in innovation_decision().nodes} <= titles
    assert root.get("aria-label") == "The innovation-decision process"
    assert 'font-family="Liberation Sans,Arial' in svg


def test_labels_of_any_script_and_any_characters_reach_the_picture_as_they_are() -> None:
    svg = draw(other_scripts(), ["svg"])["svg"].decode()
    text = " ".join("".join(t.itertext()) for t in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"))
    squeezed = re.sub(r"\s", "", text.replace("\xa0", ""))
    for label in (CHINESE, ARABIC, SIXTY, NASTY, "<laughs>", "[inaudible 00:05:26] node"):
        assert re.sub(r"\s", "", label) in squeezed, label


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_figure_gives_the_same_bytes(name: str) -> None:
    assert dot_text(FIGURES[name]()) == dot_text(FIGURES[name]())
    assert mermaid(FIGURES[name]()) == mermaid(FIGURES[name]())
    one, two = (draw(FIGURES[name](), ["svg", "png", "pdf"]) for _ in range(2))
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


def test_png_has_ink_and_a_useful_size() -> None:
    png = draw(innovation_decision(), ["png"])["png"]
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


@pytest.mark.parametrize("name", ["innovation-decision", "thirty nodes in six stages"])
def test_a_pdf_holds_its_words_as_text_in_the_shipped_font_and_no_picture(name: str) -> None:
    figure = FIGURES[name]()
    page = pypdf.PdfReader(io.BytesIO(draw(figure, ["pdf"])["pdf"])).pages[0]
    found = re.sub(r"\s", "", page.extract_text())
    for shape in parts(shapes(lay_out(figure))):
        assert not isinstance(shape, Words) or re.sub(r"\s", "", shape.text) in found
    assert {font.split("+")[1] for font in _fonts(page)} <= {"LiberationSans", "LiberationSans-Bold"}
    assert not page.images
    wide, high = picture(lay_out(figure)).width, picture(lay_out(figure)).height
    assert abs(float(page.mediabox.width) - wide) < 1 and abs(float(page.mediabox.height) - high) < 1


def _fonts(thing: Any) -> Iterator[str]:
    """Names of the embedded fonts of a page and of the forms in it."""
    resources = thing["/Resources"]
    for font in resources.get("/Font", {}).values():
        assert "/FontFile2" in font["/DescendantFonts"][0]["/FontDescriptor"]
        yield str(font["/BaseFont"])
    for form in resources.get("/XObject", {}).values():
        if form.get_object()["/Subtype"] == "/Form":
            yield from _fonts(form.get_object())


def test_boxes_and_labels_of_a_pdf_lead_where_the_figure_says() -> None:
    figure = innovation_decision()
    nodes = tuple(replace(one, url=f"report.html#node-{one.id}") for one in figure.nodes)
    edges = tuple(replace(one, url=f"report.html#{one.id}") for one in figure.edges)
    page = pypdf.PdfReader(io.BytesIO(draw(replace(figure, nodes=nodes, edges=edges), ["pdf"])["pdf"])).pages[0]
    links = {str(note.get_object()["/A"]["/URI"]) for note in page["/Annots"]}  # type: ignore[attr-defined]
    assert links == {one.url for one in nodes} | {one.url for one in edges}


def test_characters_that_no_font_here_has_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import typst

    fonts = typst.Fonts
    monkeypatch.setattr(typst, "Fonts", lambda **given: fonts(**(given | {"include_system_fonts": False})))
    assert boxes_for(innovation_decision()) == ""
    assert without_glyph(f"Trust {CHINESE} é") == "".join(dict.fromkeys(CHINESE))
    told = boxes_for(other_scripts())
    assert told.startswith(f"no font here has {without_glyph(CHINESE)[0]}") and "--format svg" in told


@pytest.mark.parametrize(
    ("label", "emoji"),
    [
        ("\U0001f680\U0001f525 Deploy \U0001f469\u200d\U0001f469\u200d\U0001f467 now \u2705",
         ["\U0001f680\U0001f525", "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\u2705"]),
        ("\u2764\ufe0f or \u2764 \u9078", ["\u2764\ufe0f"]),
        ("\U0001f1e9\U0001f1ea 1\ufe0f\u20e3 \U0001f44d\U0001f3fd",
         ["\U0001f1e9\U0001f1ea", "1\ufe0f\u20e3", "\U0001f44d\U0001f3fd"]),
        ("\u00a9 2026 \u9078\u62e9 \u2192 5 & <b>", []),
    ],
)  # fmt: skip
def test_emoji_are_drawn_with_a_font_of_emoji_and_nothing_else_is(label: str, emoji: list[str]) -> None:
    root = ElementTree.fromstring(svg(Picture("x", 100, 20, (Words(0, 10, label, 11, "#1A1A1A"),))))
    (text,) = root.iter("{http://www.w3.org/2000/svg}text")
    assert "".join(text.itertext()) == label
    assert [span.text for span in text] == emoji


def test_without_typst_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    assert draw(innovation_decision(), ["svg"])
    with pytest.raises(PostilError, match=r"pip install typst.*--format svg"):
        draw(innovation_decision(), ["pdf"])


def test_graphviz_lays_out_by_itself_only_when_asked_and_says_when_it_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PostilError, match="package graphviz, or leave --engine out"):
        draw(innovation_decision(), ["svg"], engine="dot")
    assert "pos=" in dot_text(innovation_decision()) and "pos=" not in dot_text(innovation_decision(), "dot")


@needs_port
@pytest.mark.parametrize("name", FIGURES)
def test_graphviz_draws_our_dot_as_it_is_laid_out(name: str) -> None:
    """``dot`` reads the positions itself; ids, words and tooltips come out as they went in."""
    figure = FIGURES[name]()
    for engine in ("paper", "dot"):
        made = _ported(dot_text(figure, engine))
        groups = {g.get("id", "") for g in made.iter("{http://www.w3.org/2000/svg}g")}
        assert {f"node-{one.id}" for one in figure.nodes} | {f"edge-{e.id}" for e in known_ends(figure).edges} <= groups
    wide, high = (float(made.get(side, "0").removesuffix("pt")) for side in ("width", "height"))
    placed = _ported(dot_text(figure))
    ours = picture(lay_out(figure))
    assert abs(float(placed.get("width", "0").removesuffix("pt")) - ours.width) < 40
    assert wide and high
    text = re.sub(r"\s", "", "".join(placed.itertext()).replace("\xa0", ""))
    for one in figure.nodes:
        assert one.listed or re.sub(r"\s", "", one.label) in text


def _ported(dot: str) -> ElementTree.Element:
    done = subprocess.run([str(PORT), "-Tsvg"], input=dot.encode(), capture_output=True, timeout=60, check=True)
    return ElementTree.fromstring(done.stdout)


def test_a_figure_without_a_main_line_is_laid_out_by_us() -> None:
    loose = Figure("Loose", nodes=tuple(node(f"n{i}", f"Node {i}", "activity", "", "10") for i in range(4)),
                   edges=(edge("n0", "n1", declared=False), edge("n2", "n3", "influence", declared=False)),
                   notes=(FigureNote("n0", ("a fact",)),))  # fmt: skip
    assert "a fact" in draw(loose, ["svg"])["svg"].decode()


def test_the_graph_is_one_of_the_package_graphviz() -> None:
    graph = digraph(innovation_decision())
    assert isinstance(graph, graphviz.Digraph)
    assert graph.source == dot_text(innovation_decision())


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


FIGURES_OF_OUR_OWN = {"innovation-decision": innovation_decision, "large": large, "other scripts": other_scripts}


@pytest.mark.parametrize("name", FIGURES_OF_OUR_OWN)
def test_a_picture_without_graphviz_holds_every_box_line_and_word(name: str) -> None:
    figure = FIGURES_OF_OUR_OWN[name]()
    drawing = lay_out(figure)
    root = ElementTree.fromstring(svg(picture(drawing)))
    ids = {element.get("id", "") for element in root.iter() if element.get("id")}
    assert {f"edge-{edge.id}" for edge in known_ends(figure).edges} <= ids
    assert {f"node-{one.id}" for one in figure.nodes} <= ids
    said = [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]
    for one in figure.nodes:
        for line in wrap(one.label, 92 if one.kind == "decision" else 118, 11):
            assert one.listed or line in said
    assert len(said) == len([shape for shape in parts(shapes(drawing)) if isinstance(shape, Words)])


@pytest.mark.parametrize("name", FIGURES_OF_OUR_OWN)
def test_tikz_has_the_same_shapes_and_no_command_of_a_label(name: str) -> None:
    figure = FIGURES_OF_OUR_OWN[name]()
    text = tikz_text(figure)
    found = [*parts(shapes(lay_out(figure)))]
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
