"""What a picture shows, as values: engines and writers read nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from postil_codebook.values import EdgeKind, NodeKind

Tone = Literal["plain", "missing", "unexpected", "other", "hint"]  # black, grey, orange, blue, slate

BLACK, GREY, ORANGE, PURPLE, BLUE, SLATE = "#1A1A1A", "#8A8A8A", "#C1440E", "#8E3B8E", "#0072B2", "#5B6C8F"
EMPTY, RULE, BANDS, NOTE_FILL = "#D9DBE0", "#B9BCC4", ("#F4F5F9", "#EAEDF2"), "#FAF2FA"
COLOR: dict[Tone, str] = {"plain": BLACK, "missing": GREY, "unexpected": ORANGE, "other": BLUE, "hint": SLATE}


@dataclass(frozen=True, slots=True)
class FigureItem:
    """A row inside a node; without a count where nothing was counted."""

    label: str
    count: int | None = None
    emphasis: bool = False


@dataclass(frozen=True, slots=True)
class FigureNode:
    """A node as it is drawn. ``strip`` has one cell a participant, filled where the participant supports the node."""

    id: str
    label: str
    kind: NodeKind
    stage: str = ""
    strip: tuple[bool, ...] = ()
    items: tuple[FigureItem, ...] = ()
    tone: Tone = "plain"
    tooltip: str = ""
    listed: bool = False  # the items say it all: no title above them
    url: str = ""

    @property
    def k(self) -> int:
        """Number of filled cells."""
        return sum(self.strip)


@dataclass(frozen=True, slots=True)
class FigureEdge:
    """An edge as it is drawn; ``count`` is the text on it (``8/12``), empty where nothing was counted."""

    id: str
    source: str
    target: str
    kind: EdgeKind
    guard: str = ""
    label: str = ""
    count: str = ""
    k: int = 0
    n: int = 0
    tone: Tone = "plain"
    declared: bool = True
    denied: int = 0
    directed: bool = True
    tooltip: str = ""
    status: str = "declared"
    url: str = ""
    one_reader: bool = False  # no second coder has it
    fragile: bool = False  # a single participant decides over it
    only_asked: bool = False  # said only when asked


@dataclass(frozen=True, slots=True)
class FigureNote:
    """Measured facts beside a node."""

    node: str
    texts: tuple[str, ...]
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A whole picture."""

    title: str = ""
    stages: tuple[tuple[str, str], ...] = ()  # id, label
    nodes: tuple[FigureNode, ...] = ()
    edges: tuple[FigureEdge, ...] = ()
    main_line: tuple[str, ...] = ()
    notes: tuple[FigureNote, ...] = ()
    caption: tuple[str, ...] = ()
    manifest: Mapping[str, str] = field(default_factory=dict)


def made_of(figure: Figure) -> tuple[str, ...]:
    """What the picture was made of, a line each."""
    return tuple(f"{key}: {' '.join(value.split())}" for key, value in figure.manifest.items())
