"""Found passages as text, Markdown, CSV and plain values, for the command line and for files."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from postil_base.ids import suggest_name
from postil_base.plural import counted
from postil_base.quoting.csv import csv_cell
from postil_formats.tables.files import BOM
from postil_model.search.passages import Passage
from postil_study.files.outputs import EXPORTS, write_output
from postil_study.privacy.consent.purposes import WITHHELD, Consent

Kind = Literal["csv", "md"]
COLUMNS = ("transcript", "turn", "speaker", "start", "end", "text", "asked", "codes", "coders", "segments")
IN_FILES = (*COLUMNS[:6], "before", "after", *COLUMNS[6:])  # with what stands around the words


def as_allowed(found: Sequence[Passage], consent: Consent) -> list[Passage]:
    """The passages for whoever gets the file: without the words of participants who did not agree to be quoted."""
    return [one if _may(one, consent) else replace(one, text=WITHHELD, before="", after="") for one in found]


def _may(one: Passage, consent: Consent) -> bool:
    return consent.quotes_in(one.transcript, one.start, one.end)


def as_plain(one: Passage) -> dict[str, object]:
    """The passage as a JSON object."""
    return {name: getattr(one, name) for name in (*IN_FILES, "participants")}


def location(one: Passage) -> str:
    """Where the passage stands and what led there, on one line."""
    codes = f"  {', '.join(one.codes)} ({', '.join(one.coders)})" if one.coders else ""
    return f"{one.transcript} · turn {one.turn} · {one.speaker} · {one.start}-{one.end}{codes}"


def as_markdown(one: Passage) -> str:
    """A block quote with its source below."""
    lines = [f"> {line}" for line in one.text.split("\n")]
    return "\n".join([*lines, f"> — {location(one)}"])


def as_csv(found: Sequence[Passage]) -> str:
    """All passages as a table; words of other people never become formulas."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(IN_FILES)
    for one in found:
        writer.writerow([csv_cell(_joined(getattr(one, name))) for name in IN_FILES])
    return out.getvalue()


def as_page(found: Sequence[Passage], query: str) -> str:
    """All passages as a Markdown document under the query that found them."""
    places = len({one.transcript for one in found})
    fence = "`" * (2 if "`" in query else 1)
    pad = " " if "`" in query else ""
    head = [
        f"# {counted(len(found), 'passage')} in {counted(places, 'transcript')}",
        f"Query: {fence}{pad}{query}{pad}{fence}",
    ]
    return "\n\n".join([*head, *(_with_question(one) for one in found)]) + "\n"


def _with_question(one: Passage) -> str:
    asked = [f"*{' '.join(one.asked.split())}*"] if one.asked else []
    return "\n\n".join([*asked, as_markdown(one)])


def write_passages(
    root: Path, found: Sequence[Passage], query: str, kind: Kind, consent: Consent, name: str = ""
) -> str:
    """Write the passages into ``exports/`` and return the file's path in the study; the query names it."""
    found = as_allowed(found, consent)
    stem = suggest_name(name or query)[:50].strip("-.") or "passages"
    path = f"{EXPORTS}/search-{stem}.{kind}"
    write_output(root / path, BOM + as_csv(found) if kind == "csv" else as_page(found, query), root)
    return path


def _joined(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, tuple) else str(value)
