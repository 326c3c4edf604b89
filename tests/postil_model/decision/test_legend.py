"""The legend explains every mark that is painted, and no other; the marks are found in the painted shapes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st

from postil_cli.main import cli
from postil_model.decision.comparison.files import comparison_figure
from postil_model.decision.comparison.references import compare_study, load_reference
from postil_model.decision.figure import figure_of
from postil_model.decision.legend import Mark, legend, words_of
from postil_model.decision.model import Params
from postil_model.decision.of_study import build_model
from postil_model.decision.stage_figure import stage_figure
from postil_model.drawing.boxes import MOST_CELLS
from postil_model.drawing.figure import BLACK, BLUE, EMPTY, GREY, ORANGE, PURPLE, SLATE, Figure, FigureNote, Tone
from postil_model.drawing.picture import Group, Outline, Part, Stroke, Words
from postil_model.drawing.pictures import laid_out
from postil_model.drawing.shapes import shapes
from postil_study.study import open_study
from tests.model_figures import innovation_decision, large, other_scripts
from tests.model_study import shopping

ROOT = Path(__file__).resolve().parents[3]
SAID: dict[Mark, str] = {
    mark: f"«{mark}»"
    for mark in (
        "squares", "bar", "item counts", "counts", "black", "grey", "orange", "orange box", "blue",
        "dashed arrow", "dashed box", "diamond", "ring", "italics", "denied", "purple", "conflict",
        "hollow", "broken", "asked", "hint",
    )
}  # fmt: skip


def painted(figure: Figure) -> set[str]:
    """The marks in the painted shapes, found without asking the figure what it holds."""
    return {mark for group in shapes(laid_out(figure)) if isinstance(group, Group) for mark in _in(group)}


def _in(group: Group) -> Iterator[str]:
    kind = group.classes.partition(" ")[0]
    if kind == "edge" and any(part.color == SLATE for part in group.parts if isinstance(part, Stroke)):
        yield "hint"
        return
    for part in group.parts if kind in ("node", "edge", "finding") else ():
        color = part.line or part.fill if isinstance(part, Outline) else part.color
        yield from {BLACK: ["black"], GREY: ["grey"], PURPLE: ["purple"]}.get(color, [])
        if color == ORANGE and not _is_cell(part):
            yield "orange" if kind == "edge" else "orange box"
        if isinstance(part, Stroke) and color == BLUE:
            yield "blue"
        if _is_cell(part):
            yield "strip"
        if isinstance(part, Stroke):
            yield from {"dashed": ["dashed arrow"], "broken": ["broken"]}.get(part.dash, [])
            yield from ["dashed arrow", "broken"] if part.dash == "broken dashes" else []
            yield from {"circle": ["ring"], "hollow": ["hollow"]}.get(part.head, [])
        elif isinstance(part, Outline):
            yield from [*(["dashed box"] if part.dash else []), *(["diamond"] if part.form == "diamond" else [])]
        elif part.style == "italic":
            yield "italics"
        elif "[conflict]" in part.text and kind == "finding":
            yield "conflict"
        elif "(−" in part.text:
            yield "denied"
        if isinstance(part, Words) and kind == "edge" and "/" in part.text:
            yield "counts"
        if isinstance(part, Words) and kind == "edge" and "°" in part.text:
            yield "asked"


def _is_cell(part: Part) -> bool:
    """A filled cell of a strip, or a piece of a bar."""
    return isinstance(part, Outline) and not part.line and part.fill in (BLUE, EMPTY, ORANGE)


def told(figure: Figure) -> set[str]:
    """The marks the legend explains, those that only words would show left out."""
    text = legend(figure, SAID)
    strip = {"strip"} if SAID["squares"] in text or SAID["bar"] in text else set()
    return {mark for mark, said in SAID.items() if said in text} - {"squares", "bar", "item counts"} | strip


def varied(seed: int, people: int) -> Figure:
    """A figure of many marks: tones, denials, conflicts and emphasis by the seed."""
    figure = large(seed, 2 + seed % 3, 3 + seed % 3, seed % 7, people)
    tones: tuple[Tone, ...] = ("plain", "missing", "unexpected")
    if seed % 11 == 0:  # where nobody relates anything, hints alone
        hints = tuple(replace(edge, tone="hint", kind="influence", declared=False) for edge in figure.edges)
        return replace(figure, edges=hints)
    nodes = tuple(
        replace(
            node, tone=tones[(seed + place) % 3 if seed % 4 else 0],
            items=tuple(replace(item, emphasis=seed % 5 == 0) for item in node.items),
        )
        for place, node in enumerate(figure.nodes)
    )  # fmt: skip
    edges = tuple(
        replace(
            edge, denied=(seed + place) % 9 == 0, one_reader=(seed + place) % 5 == 0, fragile=(seed + place) % 4 == 0,
            only_asked=seed % 8 == 0, tone="other" if (seed * place) % 11 == 1 else edge.tone,
            count=f"{edge.count}°" if seed % 8 == 0 else edge.count,
        )
        for place, edge in enumerate(figure.edges)
    )  # fmt: skip
    notes = (FigureNote(nodes[0].id, ("a fact [conflict]",)),) if seed % 3 == 0 else figure.notes[: seed % 2]
    return replace(figure, nodes=nodes, edges=edges, notes=notes)


@given(st.integers(0, 10_000), st.sampled_from([2, 9, 40]))
@settings(max_examples=60, deadline=None)
@example(33, 40)  # nothing grey but an item in a diamond, which has the diamond's colour
def test_every_mark_that_is_painted_is_explained_and_no_other(seed: int, people: int) -> None:
    figure = varied(seed, people)
    assert told(figure) == painted(figure)


@pytest.mark.parametrize("make", [innovation_decision, other_scripts, lambda: Figure("x", nodes=large().nodes[:3])])
def test_it_holds_for_figures_made_by_hand(make: object) -> None:
    figure = make()  # type: ignore[operator]
    assert told(figure) == painted(figure)


@pytest.mark.parametrize("evidence", ["stated", "inferred", "order", "cooccur"])
@pytest.mark.parametrize("threshold", [1, 2, 5])
def test_it_holds_for_a_whole_study_and_its_comparison(evidence: str, threshold: int) -> None:
    study = open_study(ROOT)
    params = Params(threshold, evidence)  # type: ignore[arg-type]
    model = build_model(study, params)
    said = words_of(model)
    assert set(said) == set(SAID), "every mark has its sentence"
    for figure in (figure_of(model, study.findings), stage_figure(model)):
        assert told(figure) == painted(figure)
        assert figure.caption[0] == legend(figure, said)
    compared = comparison_figure(compare_study(study, load_reference(study, None, params), params))
    text = " ".join(compared.caption)
    for color in ("Black", "Grey", "Orange", "Diamond", "Squares"):
        assert text.count(f"{color}: ") <= 1, "one legend"
    assert "Black: in the reference" in text and "Black: declared" not in text


@pytest.mark.parametrize("people", [MOST_CELLS, MOST_CELLS + 1])
def test_a_strip_is_squares_until_it_is_a_bar(people: int) -> None:
    figure = large(1, n=people)
    mark: Mark = "bar" if people > MOST_CELLS else "squares"
    assert SAID[mark] in legend(figure, SAID)


@pytest.mark.parametrize("command", ["model", "compare"])
def test_no_caption_leaves_the_lines_below_the_figure_out(tmp_path: Path, command: str) -> None:
    root = shopping(tmp_path / "s").root
    pictures = []
    for name, more in (("with", []), ("without", ["--no-caption"])):
        out = tmp_path / f"{name}.svg"
        arguments = [command, "-C", str(root), "-t", "1", "--out", str(out), *more]
        assert not CliRunner().invoke(cli, arguments, standalone_mode=False).exception
        pictures.append(out.read_text(encoding="utf-8"))
    with_it, without = pictures
    assert 'class="caption"' in with_it and 'class="caption"' not in without
    assert "Diamond: decision." in with_it and "Diamond" not in without
    assert "<metadata>" in without, "what it was made of is still in the file"
