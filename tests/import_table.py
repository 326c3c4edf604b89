"""The table of docs/interchange.md that shows what is read: made from the layouts and shapes that the tests read.

Run ``python -m tests.import_table`` after adding a layout; a test says when that is due.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.postil_formats.texts.labels import test_clock_signs as signs
from tests.postil_formats.texts.labels import test_finding as labels
from tests.postil_formats.texts.labels import test_signs as marks
from tests.postil_formats.texts.plain import test_web_page as pages
from tests.postil_formats.texts.recordings import test_cues as cues
from tests.postil_formats.texts.recordings import test_json as shapes

PAGE = Path(__file__).resolve().parents[1] / "docs" / "interchange.md"
BEGIN, END = "<!-- made by tests/import_table.py: begin -->\n", "<!-- made by tests/import_table.py: end -->\n"
VALUES = {"name": "Dana", "clock": "61:05", "until": "61:09", "words": "How?", "n": "1"}


def examples(layouts: Iterable[str]) -> str:
    """Layouts as they look in a file; ⏎ is the end of a line."""
    shown = (layout.format(**VALUES).strip().replace("\t", "⇥").replace("\n", "⏎") for layout in layouts)
    return " · ".join(f"`` {one} ``" for one in dict.fromkeys(shown)).replace("|", "\\|")


def table() -> str:
    """The rows."""
    clocked = [*labels.CLOCKED.values(), *labels.RANGES]
    written = [f"{{name}} {clocks[1]}\n{{words}}" for clocks in labels.WRITTEN_OUT.values()]
    other = [f"[{clocks[-1]}] {{name}}: {{words}}" for clocks, _ in signs.SIGNS.values()]
    short = [*labels.SHORT, *marks.SIGNED]
    names = ", ".join(f"`{name}`".replace("|", "\\|") for pair in labels.NAMES for name in pair)
    rows = [
        ("clocks (txt, md, docx, odt, rtf, pdf, html)", examples([*clocked, *written])),
        ("clocks in other signs, which have to run on", examples(other)),
        ("labels without a clock (the same formats)", examples(short)),
        ("display names (any format)", names),
        ("subtitles (vtt, srt, sbv)", examples(cues.INSIDE)),
        ("identifiers of cues (vtt, srt)", examples(cues.IDENTIFIERS)),
        ("web pages (html)", examples(pages.PAGES)),
        ("JSON", ", ".join(shapes.SHAPES)),
    ]
    return "\n".join(
        ["| where | layouts that are read |", "|---|---|", *(f"| {where} | {what} |" for where, what in rows), ""]
    )


def with_table(page: str) -> str:
    """The page with the table of today."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}{table()}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
