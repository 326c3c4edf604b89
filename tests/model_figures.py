"""Figures for the drawing tests, and what is wrong with a drawing: overlaps and lines through boxes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations, pairwise

from postil_codebook.values import EdgeKind, NodeKind
from postil_model.drawing.figure import Figure, FigureEdge, FigureItem, FigureNode, FigureNote
from postil_model.drawing.labels import SIZE
from postil_model.drawing.paper import Drawing
from postil_model.drawing.room import Area
from postil_model.drawing.text import block

CHINESE = "选择一个合适的预训练模型并评估其可重复性与来源信息是否可靠"
ARABIC = "اختيار نموذج مدرب مسبقا من السجل وتقييم مصدره وقابليته للتكرار"
SIXTY = "A label of exactly sixty characters, as was asked for in fig"
NASTY = '<>&"{}|\\N \\G \\L and a trailing \\'


def node(name: str, label: str, kind: NodeKind, stage: str, strip: str = "", **more: object) -> FigureNode:
    return FigureNode(name, label, kind, stage, tuple(char == "1" for char in strip), **more)  # type: ignore[arg-type]


def edge(
    source: str, target: str, kind: EdgeKind = "flow", k: int = 2, n: int = 8, guard: str = "", label: str = "",
    declared: bool = True,
) -> FigureEdge:  # fmt: skip
    tone = "unexpected" if not declared else "plain" if k else "missing"
    name = f"{source}-{target}-{kind}-{guard}"
    return FigureEdge(name, source, target, kind, guard, label, f"{k}/{n}", k, n, tone, declared)  # type: ignore[arg-type]


def innovation_decision() -> Figure:
    """Another published decision process: Rogers, Diffusion of Innovations, 5th ed. 2003, figure 5-1."""
    stages = ("Knowledge", "Persuasion", "Decision", "Implementation", "Confirmation")
    nodes = (
        node("conditions", "Prior conditions", "factor", "Knowledge", "11110000", items=(
            FigureItem("Previous practice", 4), FigureItem("Felt needs / problems", 3), FigureItem("Innovativeness", 0),
            FigureItem("Norms of the social system", 1),
        )),
        node("unit", "Characteristics of the decision-making unit", "factor", "Knowledge", "10000001", items=(
            FigureItem("Socio-economic", 1), FigureItem("Personality", 1), FigureItem("Communication behaviour", 0),
        )),
        node("know", "Knowledge", "activity", "Knowledge", "11111111"),
        node("attitude", "Persuasion", "activity", "Persuasion", "11111100"),
        node("perceived", "Perceived characteristics of the innovation", "factor", "Persuasion", "11110000", items=(
            FigureItem("Relative advantage", 2), FigureItem("Compatibility", 2), FigureItem("Complexity", 2),
            FigureItem("Trialability", 2), FigureItem("Observability", 2),
        )),
        node("decide", "Adopt?", "decision", "Decision", "11111111"),
        node("rejection", "Rejection", "terminal", "Decision", "00000110"),
        node("use", "Implementation", "activity", "Implementation", "11111000"),
        node("reinvent", "Re-invention", "activity", "Implementation", "00001000", tone="unexpected"),
        node("confirm", "Reinforced?", "decision", "Confirmation", "11100000"),
        node("go_on", "Continued adoption", "terminal", "Confirmation", "11100000"),
        node("stop", "Discontinuance", "terminal", "Confirmation", "00000000", tone="missing"),
        node("later", "Later adoption", "terminal", "Confirmation", "00000010"),
    )  # fmt: skip
    edges = (
        edge("conditions", "know", "influence", 4),
        edge("unit", "know", "influence", 1),
        edge("know", "attitude", k=6),
        edge("perceived", "attitude", "influence", 4),
        edge("attitude", "decide", k=5),
        edge("decide", "use", "branch", 5, guard="adoption"),
        edge("decide", "rejection", "branch", 2, guard="rejection"),
        edge("use", "confirm", k=3),
        edge("confirm", "go_on", "branch", 3, guard="yes"),
        edge("confirm", "stop", "branch", 0, guard="no"),
        edge("rejection", "later", k=1),
        edge("confirm", "know", "back", 1, guard="conflicting messages"),
        edge("know", "use", k=3, declared=False),
        edge("use", "reinvent", k=2, declared=False),
        edge("reinvent", "attitude", "back", 2, declared=False),
        edge("conditions", "decide", "influence", 3, declared=False),
    )
    return Figure(
        "The innovation-decision process",
        tuple((stage, stage) for stage in stages),
        nodes,
        edges,
        ("know", "attitude", "decide", "use", "confirm", "go_on"),
        (FigureNote("perceived", ("49 to 87% of the variance in the rate of adoption",)),),
        ("Rogers 2003, figure 5-1; the counts are invented.",),
    )


def large(seed: int = 4, stages: int = 6, per_stage: int = 5, extra: int = 9, n: int = 16) -> Figure:
    """Thirty nodes in six stages, with factors, side steps, loops and unexpected edges."""
    rng = random.Random(seed)
    nodes: list[FigureNode] = []
    edges: list[FigureEdge] = []
    line: list[str] = []
    hanging: list[tuple[str, str]] = []
    for stage in range(stages):
        names = [f"s{stage}n{place}" for place in range(per_stage)]
        steps = names[: rng.randint(1, min(3, per_stage))]
        line += steps
        for name in names:
            kind: NodeKind = rng.choice(("activity", "decision", "technique")) if name in steps else rng.choice(_SIDE)
            strip = "".join(rng.choice("01") for _ in range(n))
            items = tuple(FigureItem(f"Item {i}", i) for i in range(rng.choice((0, 0, 0, 2, 4))))
            nodes.append(
                node(name, " ".join(rng.choices(_WORDS, k=rng.randint(1, 4))), kind, f"s{stage}", strip, items=items)
            )
            if name not in steps:
                hanging.append((name, rng.choice(steps)))
    for first, second in pairwise(line):
        edges.append(edge(first, second, "flow", rng.randint(0, n), n, rng.choice(("", "", "yes", "if it is allowed"))))
    for name, step in hanging:
        pair = (name, step) if rng.random() < 0.6 else (step, name)
        edges.append(edge(*pair, "influence" if pair[0] == name else "branch", rng.randint(0, n), n))
    for _ in range(3 if len(line) > 1 else 0):
        high, low = sorted(rng.sample(range(len(line)), 2), reverse=True)
        edges.append(
            edge(line[high], line[low], "back", rng.randint(0, n), n, rng.choice(("poor", "no", "not allowed")))
        )
    known = {(e.source, e.target) for e in edges}
    names = [item.id for item in nodes]
    pairs = [(a, b) for a in names for b in names if a != b and (a, b) not in known]
    for source, target in rng.sample(pairs, min(extra, len(pairs))):
        way: EdgeKind = rng.choice(("flow", "influence", "back"))
        edges.append(edge(source, target, way, rng.randint(2, n), n, declared=False))
    notes = tuple(
        FigureNote(name, ("12.5% of 4,000 packages", "a second fact of some length (1/3)")) for name in names[::7]
    )
    titles = tuple((f"s{stage}", f"Stage number {stage + 1}") for stage in range(stages))
    return Figure("Large", titles, tuple(nodes), tuple(edges), tuple(line), notes, ("Drawn from a seed.",))


_SIDE: tuple[NodeKind, ...] = ("factor", "factor", "terminal", "activity")
_WORDS = ("choose", "model", "registry", "evaluate", "licence", "requirements", "a", "of", "reproducibility")


def other_scripts() -> Figure:
    """Labels in Chinese and Arabic, of sixty characters, and full of what DOT, HTML and XML treat as their own."""
    nodes = (
        node("x0", CHINESE, "task", "a", "101"),
        node("x1", ARABIC, "activity", "a", "111"),
        node("x2", SIXTY, "decision", "a", "101"),
        node("x3", NASTY, "technique", "b", "100", items=(
            FigureItem(CHINESE[:12], 2), FigureItem('a & b < "c"', 0), FigureItem(ARABIC[:30], 1, True),
        )),
        node("x4", "[inaudible 00:05:26] node", "factor", "b", "010"),
        node("x5", "<laughs>", "terminal", "b", "001"),
    )  # fmt: skip
    edges = (
        edge("x0", "x1", "flow", 2, 3, NASTY, CHINESE[:14]),
        edge("x1", "x2", "flow", 3, 3, "", SIXTY),
        edge("x2", "x3", "branch", 1, 3, ARABIC[:20]),
        edge("x4", "x3", "influence", 0, 3),
        edge("x2", "x5", "branch", 1, 3, SIXTY),
        edge("x3", "x0", "back", 1, 3, CHINESE[:9]),
    )
    notes = (FigureNote("x2", (CHINESE + " 3/7", NASTY), NASTY),)
    stages = (("a", CHINESE[:9]), ("b", ARABIC))
    return Figure(
        NASTY + CHINESE, stages, nodes, edges, ("x0", "x1", "x2", "x3"), notes, (ARABIC + CHINESE,), {"x": NASTY}
    )


def faults(drawing: Drawing) -> list[str]:
    """Everything that is wrong to look at."""
    return [*_boxes(drawing), *_lines_through_boxes(drawing), *_shared_lines(drawing), *_texts(drawing)]


def _areas(drawing: Drawing) -> dict[str, Area]:
    return {name: Area(s.left, s.top, s.right, s.bottom) for name, s in drawing.layout.spots.items()}


def _boxes(drawing: Drawing) -> Iterator[str]:
    for (one, first), (other, second) in combinations(_areas(drawing).items(), 2):
        if first.overlap(second) > 0.01:
            yield f"{one} and {other} overlap"
    for name, area in _areas(drawing).items():
        if area.left < 0 or area.right > drawing.layout.right or area.bottom > drawing.layout.bottom or area.top < 0:
            yield f"{name} stands outside of the picture"


def _segments(drawing: Drawing) -> Iterator[tuple[FigureEdge, Area]]:
    for route in drawing.layout.routes:
        for (x1, y1), (x2, y2) in pairwise(route.points):
            yield route.edge, Area(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))


def _lines_through_boxes(drawing: Drawing) -> Iterator[str]:
    for line, area in _segments(drawing):
        if area.right - area.left > 0.05 and area.bottom - area.top > 0.05:
            yield f"{line.id} is slanted"
        for name, spot in drawing.layout.spots.items():
            # a diamond's corners are free; a port lies on the rim of its own box
            shrink = 0.75 if not spot.diamond else 0
            box = Area(spot.left + shrink, spot.top + shrink, spot.right - shrink, spot.bottom - shrink)
            if spot.diamond:
                hit = _through_diamond(area, spot.x, spot.y, spot.box.width / 2 - 1, spot.box.height / 2 - 1)
            else:
                hit = (
                    area.left < box.right and box.left < area.right and area.top < box.bottom and box.top < area.bottom
                )
            if hit:
                yield f"{line.id} runs through {name}"


def _through_diamond(area: Area, x: float, y: float, wide: float, high: float) -> bool:
    nearest_x, nearest_y = min(max(x, area.left), area.right), min(max(y, area.top), area.bottom)
    return abs(nearest_x - x) / wide + abs(nearest_y - y) / high < 0.985


def _shared_lines(drawing: Drawing) -> Iterator[str]:
    """Two edges on one line cannot be told apart; only the edges of one bus may share theirs."""
    bus = {route.edge.id: route.bus for route in drawing.layout.routes}
    for (one, first), (other, second) in combinations(_segments(drawing), 2):
        if one.id == other.id or (bus[one.id] and bus[one.id] == bus[other.id]):
            continue
        upright = first.right - first.left < 0.05 and second.right - second.left < 0.05
        level = first.bottom - first.top < 0.05 and second.bottom - second.top < 0.05
        if (
            upright
            and abs(first.left - second.left) < 2
            and _common(first.top, first.bottom, second.top, second.bottom) > 2
        ):
            yield f"{one.id} and {other.id} share an upright line"
        if (
            level
            and abs(first.top - second.top) < 2
            and _common(first.left, first.right, second.left, second.right) > 2
        ):
            yield f"{one.id} and {other.id} share a level line"


def _common(a: float, b: float, c: float, d: float) -> float:
    return min(b, d) - max(a, c)


def _texts(drawing: Drawing) -> Iterator[str]:
    texts = []
    for label in drawing.labels:
        wide, high = block(list(label.lines), SIZE)
        texts.append((label, Area(label.x - wide / 2, label.y - high / 2, label.x + wide / 2, label.y + high / 2)))
    for (one, first), (other, second) in combinations(texts, 2):
        if first.overlap(second) > 1:
            yield f"texts of {one.edge} and {other.edge} overlap"
    for label, area in texts:
        for name, spot in drawing.layout.spots.items():
            if not spot.diamond and area.overlap(Area(spot.left, spot.top, spot.right, spot.bottom)) > 1:
                yield f"text of {label.edge} lies on {name}"
        for line, segment in _segments(drawing):
            inner = Area(area.left + 1, area.top + 1, area.right - 1, area.bottom - 1)
            if (
                inner.left < segment.right
                and segment.left < inner.right
                and inner.top < segment.bottom
                and segment.top < inner.bottom
            ):
                yield f"text of {label.edge} lies on the line of {line.id}"
