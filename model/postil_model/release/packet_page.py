"""The member-check sheet as a page: to fill in on the screen, to save as a file that can be sent back, or to print.

The page loads nothing and sends nothing. Its button saves a text in the form of `packet.as_markdown`, which
`packet.read_answer` reads.
"""

from __future__ import annotations

import re
from pathlib import Path

from postil_base.quoting.pages import page
from postil_model.release.packet import INTRODUCTION, NO, REMARK, YES, Sheet, mark_of

HERE = Path(__file__).resolve().parent
_PRINTED = INTRODUCTION.replace("Put an x between the brackets", "Tick a box").replace(
    "and send this back", "save your answers with the button at the end, and send us the file (or print the page)"
)


def as_html(sheet: Sheet) -> str:
    """The sheet as one page."""
    return page(
        "packet.html",
        HERE,
        script=HERE / "packet.js",
        title=f"{sheet.title or 'Our interview'}: what we understood, {sheet.participant}",
        sections=sheet.sections,
        introduction=_PRINTED,
        boxes=(YES, NO),
        remark=REMARK,
        mark=mark_of(sheet.participant),
        file=f"answers-{re.sub(r'[^A-Za-z0-9._-]+', '-', sheet.participant)}.txt",
    )
