"""The process that draws: ``python -m postil_model.drawing.child PROG DPI FORMAT…``, DOT on stdin, files on stdout.

pygraphviz holds the interpreter while it draws, writes to file descriptor 2 and can crash with the library; none of
that may reach the program, so drawing lives here. Answer: for each format its length on a line, then the bytes.
"""

from __future__ import annotations

import sys

CAIRO = {"png": "png:cairo", "pdf": "pdf:cairo", "svg": "svg"}


def main(arguments: list[str]) -> int:
    """Draw stdin in every format asked for."""
    import pygraphviz

    prog, dpi, *formats = arguments
    graph = pygraphviz.AGraph(string=sys.stdin.buffer.read().decode("utf-8"))
    for name in formats:
        graph.graph_attr["dpi"] = dpi if name == "png" else "72"
        data = graph.draw(format=CAIRO.get(name, name), prog=prog)
        content = data if isinstance(data, bytes) else str(data).encode("utf-8")
        sys.stdout.buffer.write(f"{len(content)}\n".encode("ascii") + content)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
