"""Draws docs/pictures/rooms.svg from the imports: packages as bands, each room with those beside it that it uses.

Run it with ``make docs``. A room may use everything in the bands below its own, so these arrows are not drawn.
"""

from __future__ import annotations

import ast
import textwrap
from collections import defaultdict
from html import escape
from pathlib import Path

import networkx

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "pictures" / "rooms.svg"
# package: the folder it lies in, what it is for, its tint; from the top down
PACKAGES = {
    "postil_cli": ("tui", "the command line", "#f3ecf7"),
    "postil_tui": ("tui", "the app: shows, and turns keys into actions", "#f3ecf7"),
    "postil_model": ("model", "everything that is computed", "#fbf3e4"),
    "postil_formats": ("transcripts", "all importing and exporting", "#e9f5ec"),
    "postil_study": ("transcripts", "a study on disk: what is kept and how it changes", "#e9f5ec"),
    "postil_codebook": ("codebook", "codebook, declared process, findings, themes", "#e8f0fa"),
    "postil_base": ("codebook", "safe files, YAML with places, quoting", "#e8f0fa"),
}
WIDTH, MARGIN, GAP, BOX, PER_ROW = 1240, 20, 12, 185, 6
INK, QUIET = "#1f2430", "#5c6370"


def modules() -> dict[str, Path]:
    """Every module of the product by its dotted name, the packages' own aside."""
    found = {}
    for package, (top, _, _) in PACKAGES.items():
        for file in sorted((ROOT / top / package).rglob("*.py")):
            if file.name != "__init__.py":
                found[".".join(file.relative_to(ROOT / top).with_suffix("").parts)] = file
    return found


def room_of(module: str) -> str:
    """The room of a module: its package and the folder below; modules beside the folders are a room, too."""
    parts = module.split(".")
    return ".".join(parts[:2]) if len(parts) > 2 else f"{parts[0]}."


def uses() -> networkx.DiGraph[str]:
    """The rooms, an edge for each pair of which one imports from the other, ``modules`` as their number."""
    known = modules()
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    counts: dict[str, int] = defaultdict(int)
    for name in known:
        counts[room_of(name)] += 1
    graph.add_nodes_from((room, {"modules": count}) for room, count in counts.items())
    for name, file in known.items():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                named = [f"{node.module}.{one.name}" for one in node.names]
                targets = {one if one in known else node.module for one in named} & known.keys()
                graph.add_edges_from((room_of(name), room_of(one)) for one in targets if room_of(one) != room_of(name))
    return graph


def floors(graph: networkx.DiGraph[str], package: str) -> list[str]:
    """The rooms of a package, those that others stand on first."""
    rooms = [room for room in graph if room.split(".")[0] == package]
    knots = networkx.condensation(graph.subgraph(rooms))
    order = list(networkx.lexicographical_topological_sort(knots, key=lambda knot: min(knots.nodes[knot]["members"])))
    return [room for knot in reversed(order) for room in sorted(knots.nodes[knot]["members"])]


def drawing() -> str:
    """The picture as SVG."""
    graph = uses()
    parts: list[str] = []
    y = MARGIN
    for package, (top, words, tint) in PACKAGES.items():
        rooms = floors(graph, package)
        beside = {
            room: sorted(_name(other) for other in graph[room] if other.split(".")[0] == package) for room in rooms
        }
        lines = {room: textwrap.wrap(", ".join(names), 27) for room, names in beside.items()}
        rows = [rooms[at : at + PER_ROW] for at in range(0, len(rooms), PER_ROW)]
        heights = [32 + 14 * max(len(lines[room]) for room in row) for row in rows]
        height = 40 + sum(heights) + GAP * len(rows)
        parts.append(
            f'<rect x="{MARGIN}" y="{y}" width="{WIDTH - 2 * MARGIN}" height="{height}" rx="10" fill="{tint}"/>'
        )
        parts.append(_text(MARGIN + 14, y + 25, f"{top}/{package}", 16, INK, bold=True))
        parts.append(_text(MARGIN + 280, y + 25, words, 13, QUIET))
        at = y + 40
        for row, tall in zip(rows, heights, strict=True):
            for number, room in enumerate(row):
                parts += _box(
                    MARGIN + 14 + number * (BOX + GAP), at, tall, graph.nodes[room]["modules"], room, lines[room]
                )
            at += tall + GAP
        y += height + GAP
    size = f'width="{WIDTH}" height="{y + 8}" viewBox="0 0 {WIDTH} {y + 8}"'
    ground = f'<rect width="{WIDTH}" height="{y + 8}" fill="white"/>'
    font = 'font-family="Helvetica, Arial, Liberation Sans, sans-serif"'
    body = "\n".join([ground, *parts])
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {font}>\n{body}\n</svg>\n'


def _name(room: str) -> str:
    return room.split(".")[1] or "the package"


def _box(x: float, y: float, height: float, count: int, room: str, lines: list[str]) -> list[str]:
    made = [f'<rect x="{x}" y="{y}" width="{BOX}" height="{height}" rx="6" fill="white" stroke="#c9ced6"/>']
    made.append(_text(x + 10, y + 19, _name(room), 13.5, INK, bold=True))
    made.append(_text(x + BOX - 10, y + 19, str(count), 11.5, QUIET, anchor="end"))
    for number, line in enumerate(lines):
        made.append(_text(x + 10, y + 37 + 14 * number, ("   " if number else "→ ") + line, 11.5, QUIET))
    return made


def _text(x: float, y: float, words: str, size: float, colour: str, bold: bool = False, anchor: str = "start") -> str:
    look = f'font-size="{size:g}" fill="{colour}" text-anchor="{anchor}"' + (' font-weight="bold"' if bold else "")
    return f'<text x="{x:g}" y="{y:g}" {look} xml:space="preserve">{escape(words)}</text>'


if __name__ == "__main__":
    PICTURE.write_text(drawing(), encoding="utf-8")
