"""Two hundred processes drawn from seeds: what people declare and say, with and without stages, lines and counts."""

from __future__ import annotations

import random
from itertools import pairwise

from postil_codebook.values import EdgeKind, NodeKind
from postil_model.drawing.figure import Figure, FigureEdge, FigureItem, FigureNode, FigureNote, Tone

COUNT = 200
_WORDS = [
    *("choose", "model", "registry", "evaluate", "licence", "requirements", "a", "of", "reproducibility", "ask"),
    *("colleagues", "run", "test", "first", "budget", "approve", "hire", "report", "data", "set", "look", "around"),
]
_OTHER = (
    "选择一个合适的模型",
    "评估其可重复性",
    "모형을 고르다",
    "モデルを選ぶ",
    "👩🏽‍🔬 try it",
    "🚀🚀 release",
    "اختيار نموذج",
    "Überprüfung",
)
_GUARDS = ("", "", "", "yes", "no", "good enough", "if it is allowed", "not reproducible at all", "boss says so")
_STEPS: tuple[NodeKind, ...] = ("activity", "activity", "decision", "technique", "task", "source")
_SIDE: tuple[NodeKind, ...] = ("factor", "factor", "terminal", "activity", "decision", "decision")


def process(seed: int) -> Figure:
    """A figure of 2 to about 22 nodes; the same for the same seed, on every machine."""
    return _Maker(seed).figure()


class _Maker:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(f"process {seed}")
        self.n = self.random.choice((2, 4, 6, 9, 16, 28, 40))
        self.stages = self.random.choice((0, 1, 2, 3, 4, 5, 6))
        self.line: list[str] = []
        self.nodes: list[FigureNode] = []
        self.edges: dict[tuple[str, str, EdgeKind, str], FigureEdge] = {}

    def figure(self) -> Figure:
        """Nodes, then declared edges, then what people say beside them."""
        hanging = self._nodes()
        self._declared(hanging)
        self._told()
        notes = tuple(
            FigureNote(node.id, ("12.5% of 4,000 packages", "a second fact (1/3)")[: self.random.randint(1, 2)])
            for node in self.nodes
            if self.random.random() < 0.05
        )
        titles = tuple((f"s{at}", self._label(1, 3)) for at in range(self.stages))
        declared = self.random.random() > 0.15
        line = tuple(self.line) if declared else ()
        return Figure("Random", titles, tuple(self.nodes), tuple(self.edges.values()), line, notes, ("From a seed.",))

    def _nodes(self) -> list[tuple[str, str]]:
        hanging: list[tuple[str, str]] = []
        for stage in range(max(self.stages, 1)):
            steps = [self._node(stage, _STEPS) for _ in range(self.random.randint(1, 2 if self.stages else 7))]
            self.line += steps
            for _ in range(self.random.choice((0, 1, 2, 2, 3))):
                hanging.append((self._node(stage, _SIDE), self.random.choice(steps)))
        return hanging

    def _node(self, stage: int, kinds: tuple[NodeKind, ...]) -> str:
        name = f"n{len(self.nodes)}"
        strip = tuple(self.random.random() < 0.5 for _ in range(self.n))
        items = tuple(
            FigureItem(self._label(1, 3), at, at == 1) for at in range(self.random.choice((0, 0, 0, 0, 2, 5)))
        )
        kind = self.random.choice(kinds)
        self.nodes.append(FigureNode(name, self._label(1, 5), kind, f"s{stage}" if self.stages else "", strip, items))
        return name

    def _label(self, least: int, most: int) -> str:
        if self.random.random() < 0.08:
            return self.random.choice(_OTHER)
        return " ".join(self.random.choices(_WORDS, k=self.random.randint(least, most)))

    def _edge(self, source: str, target: str, kind: EdgeKind, guard: str = "", declared: bool = True) -> None:
        k = self.random.randint(0 if declared else 1, self.n)
        denied = self.random.choice((0, 0, 0, 0, 1))
        label = self._label(1, 6) if declared and self.random.random() < 0.08 else ""
        tone: Tone = "unexpected" if not declared else "plain" if k else "missing"
        key = (source, target, kind, guard)
        count = f"{k}/{self.n}"
        self.edges.setdefault(key, FigureEdge("-".join(key), *key, label, count, k, self.n, tone, declared, denied))

    def _declared(self, hanging: list[tuple[str, str]]) -> None:
        for first, second in pairwise(self.line):
            self._edge(first, second, "flow", self.random.choice(_GUARDS))
        for name, step in hanging:
            if self.random.random() < 0.6:
                self._edge(name, step, "influence")
            else:
                self._edge(step, name, "branch", self.random.choice(_GUARDS))
        if len(self.line) < 2:
            return
        for _ in range(self.random.choice((0, 1, 1, 2, 3, 4))):
            low, high = sorted(self.random.sample(range(len(self.line)), 2))
            self._edge(self.line[high], self.line[low], "back", self.random.choice(_GUARDS))
        for _ in range(self.random.choice((0, 0, 1, 2))):
            low, high = sorted(self.random.sample(range(len(self.line)), 2))
            self._edge(self.line[low], self.line[high], "branch", self.random.choice(_GUARDS))

    def _told(self) -> None:
        names = [node.id for node in self.nodes]
        for _ in range(self.random.choice((0, 2, 5, 8, 11)) if len(names) > 1 else 0):
            source, target = self.random.sample(names, 2)
            kind: EdgeKind = self.random.choice(("flow", "flow", "influence", "back"))
            self._edge(source, target, kind, declared=False)
        if self.random.random() < 0.08:
            name = self.random.choice(names)
            self._edge(name, name, "back", self.random.choice(_GUARDS))
