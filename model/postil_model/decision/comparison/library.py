"""Published decision processes that come with Postil (``examples/models``), to compare with and to start from."""

from __future__ import annotations

from pathlib import Path

from postil_base.files.text import read_text
from postil_codebook.decision_process.read import load_process
from postil_codebook.values import Process
from postil_formats.tables.files import Table


def library_folder() -> Path | None:
    """Where they lie: inside the wheel, or in a checkout; None if this installation came without them."""
    package = Path(__file__).resolve().parents[2]
    for folder in (package / "models", package.parents[1] / "examples" / "models"):
        if folder.is_dir():
            return folder
    return None


def library() -> dict[str, Path]:
    """Names and files, in order of the alphabet."""
    folder = library_folder()
    return {file.stem: file for file in sorted(folder.glob("*.yaml"))} if folder else {}


def published(name: str) -> Process | None:
    """The process of a name; None if there is none."""
    file = library().get(name)
    return load_process(read_text(file), file.name)[0] if file else None


def library_table() -> Table:
    """What there is: name, title, nodes and edges, source."""
    rows = []
    for name, file in library().items():
        process = load_process(read_text(file), file.name)[0]
        rows.append((name, process.title, len(process.nodes), len(process.edges), process.source))
    return Table(
        ("name", "title", "nodes", "edges", "source"),
        tuple(rows),
        "Published decision processes",
        ("postil compare NAME sets a study beside one; each file says what the evidence of the work is",),
    )
