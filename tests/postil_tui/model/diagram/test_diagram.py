"""The decision model in characters: golden drawings, what must hold for any process, and walking."""

from __future__ import annotations

import pytest

from postil_model.drawing.figure import Figure, FigureItem, FigureNote
from postil_tui.model.diagram.drawing import DiagramDrawing, draw
from postil_tui.model.diagram.lanes import Lane, share_out
from postil_tui.model.diagram.walk import Focus, first, next_box, onto, step
from tests.model_figures import edge, innovation_decision, large, node, other_scripts

STAGES = (("a", "Look"), ("b", "Try"), ("c", "Use"))
NODES = (
    node("need", "Need", "task", "a", "1111"),
    node("good", "Good enough?", "decision", "b", "1101"),
    node("hub", "Hub", "source", "a", "0110", items=(FigureItem("Registry", 2), FigureItem("Papers", 0))),
    node("stars", "Stars", "factor", "a", "0000", tone="missing"),
    node("ship", "Ship it", "terminal", "c", "1100"),
    node("share", "Share", "activity", "c", "1000", tone="unexpected"),
)
EDGES = (
    edge("need", "hub", k=3, n=4),
    edge("stars", "hub", "influence", k=0, n=4),
    edge("hub", "good", k=2, n=4),
    edge("good", "ship", "branch", k=1, n=4, guard="yes"),
    edge("good", "hub", "back", k=2, n=4, guard="no"),
    edge("ship", "need", "back", k=1, n=4, declared=False),
    edge("ship", "share", k=1, n=4, declared=False),
)
FIGURE = Figure(
    title="Try out", stages=STAGES, nodes=NODES, edges=EDGES, main_line=("need", "hub", "good", "ship"),
    notes=(FigureNote("hub", ("one", "two")),),
)  # fmt: skip

COLUMNS = """\
Look                                       Try                                     Use

                                    ╭───────────────── ✱ 1/4 ───────────────────╮
╭────────────────────────╮          │      ╱────────────────────────╲           │  ╭────────────────────────╮
│ Need                   │◀─────────╯ ┏━━━▶│ Good enough?           │           ╰──┤ Ship it                │
│ ■■■■                   │            ┃ ┏━━┤ ■■□■                   ├─ yes 1/4 ───▶│ ■■□□                   │
╰──┬─────────────── 4/4 ─╯            ┃ ┃  ╲────────────────── 3/4 ─╱              ╰──┬─────────────── 2/4 ─╯
   ┃ 3/4                              ┃ ┃                                             │ ✱ 1/4
   ▼                                  ┃ ┃                                             ▼
┌────────────────────────┐            ┃ ┃                                          ┌────────────────────────┐
│ Hub                    │            ┃ ┃                                          │ ✱ Share                │
│ Registry             2 ├━ 2/4 ━━━━━━┛ ┃                                          │ ■□□□                   │
│ Papers               0 │◀ no 2/4 ━━━━━┛                                          └────────────────── 1/4 ─┘
│ □■■□                   │
│ ≡ 2 measured           │
└────────────────── 2/4 ─┘
   △ 0/4
   ┊
╭┈┈┴┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈╮
┊ Stars                  ┊
┊ □□□□                   ┊
╰┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈ 0/4 ┈╯
"""
BELOW = """\
                                               Look
             ╭────────────────────────────────────╮
╭───────────▶│ Need                               │
│            │ ■■■■                               │
│            ╰──┬─────────────────────────── 4/4 ─╯
│               ┃ 3/4
│               ▼
│            ┌────────────────────────────────────┐
│            │ Hub                                │
│            │ Registry                         2 │
│ ┏━━━━━━━━━▶│ Papers                           0 ├━ 2/4 ━┓
│ ┃          │ □■■□                               │       ┃
│ ┃          │ ≡ 2 measured                       │       ┃
│ ┃          └────────────────────────────── 2/4 ─┘       ┃
│ ┃             △ 0/4                                     ┃
│ ┃             ┊                                         ┃
│ ┃          ╭┈┈┴┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈╮       ┃
│ ┃          ┊ Stars                              ┊       ┃
│ ┃          ┊ □□□□                               ┊       ┃
│ ┃          ╰┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈ 0/4 ┈╯       ┃
│ ┃                                                       ┃
│ ┃                                             Try       ┃
│ ┃          ╱────────────────────────────────────╲       ┃
│ ┗━ no 2/4 ━┤ Good enough?                       │◀━━━━━━┛
│            │ ■■□■                               │
│            ╲──┬─────────────────────────── 3/4 ─╱
│               │ yes 1/4
│               ▼                               Use
│            ╭────────────────────────────────────╮
╰──── ✱ 1/4 ─┤ Ship it                            │
             │ ■■□□                               │
             ╰──┬─────────────────────────── 2/4 ─╯
                │ ✱ 1/4
                ▼
             ┌────────────────────────────────────┐
             │ ✱ Share                            │
             │ ■□□□                               │
             └────────────────────────────── 1/4 ─┘
"""


def test_stages_as_columns() -> None:
    drawing = draw(FIGURE, 110)
    assert drawing.columns
    assert drawing.canvas.text() == COLUMNS


def test_stage_below_stage_where_the_width_does_not_do() -> None:
    drawing = draw(FIGURE, 60)
    assert not drawing.columns and drawing.width <= 60
    assert drawing.canvas.text() == BELOW


def test_columns_may_be_asked_for_and_then_are_scrolled() -> None:
    drawing = draw(FIGURE, 40, columns=True)
    assert drawing.columns and drawing.width > 40


@pytest.mark.parametrize("width", [60, 80, 120, 160, 220])
@pytest.mark.parametrize(
    "figure", [FIGURE, innovation_decision(), large(), other_scripts()], ids=lambda f: f.title[:10]
)
def test_nothing_lies_on_anything_else(figure: Figure, width: int) -> None:
    for columns in (True, False):
        drawing = draw(figure, width, columns)
        _boxes_are_whole(drawing)
        _labels_are_whole(drawing)
        assert set(drawing.boxes) == {n.id for n in figure.nodes}
        assert set(drawing.labels) == {e.id for e in figure.edges}


def _boxes_are_whole(drawing: DiagramDrawing) -> None:
    """But for the places where arrows leave, a box's cells are its own."""
    for name, box in drawing.boxes.items():
        for y in range(box.y + 1, box.y + box.height - 1):
            for x in range(box.x + 1, box.x + box.width - 1):
                assert drawing.canvas.at(x, y) == name


def _labels_are_whole(drawing: DiagramDrawing) -> None:
    for name, label in drawing.labels.items():
        owners = {drawing.canvas.at(x, label.y) for x in range(label.x, label.x + label.width)}
        assert owners == {name}, name


def test_same_figure_same_drawing() -> None:
    assert draw(FIGURE, 100).canvas.text() == draw(FIGURE, 100).canvas.text()


def test_a_figure_without_nodes_is_blank() -> None:
    drawing = draw(Figure(), 80)
    assert drawing.canvas.text() == "\n" and first(drawing) is None


def test_wide_characters_are_not_cut_in_two() -> None:
    drawing = draw(other_scripts(), 84)
    rows = ["".join(run.text for run in drawing.canvas.runs(y)) for y in range(drawing.height)]
    y = next(y for y, row in enumerate(rows) if "│ 选择一个" in row)
    x = next(x for x in range(drawing.width) if drawing.canvas.look(x, y) == "title" and drawing.canvas.at(x, y))
    cut = "".join(run.text for run in drawing.canvas.runs(y, x + 1, 4))
    assert cut.startswith(" ")


def test_lanes_that_overlap_get_tracks_of_their_own() -> None:
    lanes = [Lane(0, 9, ((0, "left"), (9, "left"))), Lane(2, 5, ((2, "left"), (5, "left"))), Lane(20, 25, ())]
    assert share_out(lanes) == 2
    assert lanes[1].track == 0 and lanes[0].track == 1  # the short one inside, so that nothing crosses


def test_lines_of_one_row_never_meet() -> None:
    going, coming = Lane(5, 9, ((5, "left"), (9, "right"))), Lane(2, 5, ((2, "left"), (5, "right")))
    share_out([going, coming])
    assert going.track < coming.track


def test_walking_along_arrows() -> None:
    drawing = draw(FIGURE, 110)
    here = first(drawing)
    assert here == Focus("need")
    here = step(drawing, here, "bottom")
    assert here == Focus("need-hub-flow-", "need", "bottom")
    here = step(drawing, here, "bottom")
    assert here == Focus("hub")
    here = step(drawing, here, "right")
    assert here.entered_from == "hub" and here.on_arrow
    there = step(drawing, step(drawing, here, "bottom"), "top")
    assert there == here  # up and down choose among the arrows of one side
    assert step(drawing, here, "left") == Focus("hub")
    assert step(drawing, here, "right") == Focus("good")


def test_without_an_arrow_one_goes_to_the_nearest_box() -> None:
    drawing = draw(FIGURE, 60)
    names = list(drawing.boxes)
    assert [next_box(drawing, Focus(names[0]), 1).at, next_box(drawing, Focus(names[0]), -1).at] == [
        names[1],
        names[-1],
    ]
    lonely = Figure(nodes=(node("x", "X", "activity", ""), node("y", "Y", "activity", "")))
    drawing = draw(lonely, 60)
    assert step(drawing, Focus("x"), "bottom") == Focus("y")
    assert step(drawing, Focus("x"), "left") == Focus("x")


def test_every_arrow_can_be_reached_by_keys() -> None:
    drawing = draw(FIGURE, 110)
    seen: set[str] = set()
    todo = [Focus("need")]
    done: set[Focus] = set()
    while todo:
        here = todo.pop()
        if here in done:
            continue
        done.add(here)
        seen.add(here.at)
        todo += [step(drawing, here, way) for way in ("left", "right", "top", "bottom")]
        todo.append(next_box(drawing, here, 1))
    assert seen == {*drawing.boxes, *drawing.labels}


def test_a_click_lands_on_box_or_arrow() -> None:
    drawing = draw(FIGURE, 110)
    assert onto(drawing, "hub") == Focus("hub")
    assert onto(drawing, "good-ship-branch-yes") == Focus("good-ship-branch-yes", "good", "right")
    assert onto(drawing, "no such thing") is None
