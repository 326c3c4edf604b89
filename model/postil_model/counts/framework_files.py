"""The framework matrix as files: a spreadsheet, a page, a table of texts."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from postil_base.plural import counted
from postil_base.quoting.pages import page
from postil_formats.tables.files import Table, csv_file, typed
from postil_model.counts.framework import Framework, Quote
from postil_study.files.outputs import EXPORTS, write_output

Kind = Literal["xlsx", "html", "csv"]
WITHHELD = "words withheld: no consent to be quoted"


def write_framework(root: Path, matrix: Framework, title: str, kind: Kind) -> str:
    """Write the matrix into ``exports/`` and return the file's path in the study."""
    path = f"{EXPORTS}/framework.{kind}"
    if kind == "xlsx":
        data = as_xlsx(matrix, title)
    else:
        data = as_html(matrix, title).encode("utf-8") if kind == "html" else csv_file(as_table(matrix))
    write_output(root / path, data, root)
    return path


def headings(matrix: Framework) -> list[str]:
    """What stands above the columns: labels, with the id where two columns have the same one."""
    themes = [matrix.told_theme(theme) for theme in matrix.themes]
    times = Counter(theme.label for theme in themes)
    return [theme.label if times[theme.label] == 1 else f"{theme.label} ({theme.id})" for theme in themes]


def as_table(matrix: Framework) -> Table:
    """Participants down, themes across, summaries in the cells."""
    rows = tuple(
        (participant, *(matrix.told(participant, theme.id) for theme in matrix.themes))
        for participant in matrix.participants
    )
    return Table(("participant", *headings(matrix)), rows, "framework")


def as_html(matrix: Framework, title: str) -> str:
    """One page; the words a summary rests on open below it."""
    folder = Path(__file__).resolve().parent
    themes = [matrix.told_theme(theme) for theme in matrix.themes]
    return page("framework.html", folder, title=title, themes=themes, rows=list(_rows(matrix)))


def _rows(matrix: Framework) -> Iterator[tuple[str, list[dict[str, object]]]]:
    by_id = _by_id(matrix)
    for participant in matrix.participants:
        yield participant, [_cell(matrix, participant, theme.id, by_id) for theme in matrix.themes]


def _cell(matrix: Framework, participant: str, theme: str, by_id: Mapping[str, Quote]) -> dict[str, object]:
    """What a cell says, and the quotes it rests on; without a summary, how many quotes there are."""
    cell = matrix.cell(participant, theme)
    if not cell.summary:
        count = len(matrix.quotes_of(participant, theme))
        return {"empty": counted(count, "quote") if count else "–"}
    quotes = [by_id[id_] for id_ in cell.segments if id_ in by_id]
    told = [(words_of(matrix, quote), source(quote)) for quote in quotes]
    return {"summary": matrix.told(participant, theme), "quotes": told, "count": counted(len(told), "quote")}


def words_of(matrix: Framework, quote: Quote) -> str:
    """The words, in quotation marks, as far as consent goes: a file may leave the study."""
    return f"[{WITHHELD}]" if not matrix.withheld.isdisjoint(quote.participants) else f"“{quote.text}”"


def source(quote: Quote) -> str:
    """Where a quote stands.

    >>> source(Quote("x", "I01", 0, 2, "no", (), "ana", ("E01",), 7))
    'E01, I01, turn 7'
    """
    return f"{', '.join(quote.participants)}, {quote.transcript}, turn {quote.turn}"


def as_xlsx(matrix: Framework, title: str) -> bytes:
    """A workbook: the matrix, and on a second sheet every quote a cell rests on."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "framework"
    sheet.append([typed(sheet, text) for text in (title, *headings(matrix))])
    for participant in matrix.participants:
        cells = (matrix.told(participant, theme.id) for theme in matrix.themes)
        sheet.append([typed(sheet, text) for text in (participant, *cells)])
    quotes = book.create_sheet("quotes")
    for row in _quote_rows(matrix):
        quotes.append([typed(quotes, value) for value in row])
    for tab, width in ((sheet, 44), (quotes, 28)):
        tab.freeze_panes = "B2"
        for line in tab.iter_rows():
            for cell in line:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.font = Font(bold=cell.row == 1 or cell.column == 1)
        for column in "BCDEFGHIJKLMNOPQRSTUVWXYZ"[: tab.max_column - 1]:
            tab.column_dimensions[column].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _quote_rows(matrix: Framework) -> Iterator[list[str]]:
    yield ["participant", "theme", "quote", "codes", "transcript", "turn", "segment"]
    by_id = _by_id(matrix)
    for (participant, theme), cell in matrix.cells.items():
        for quote in (by_id[id_] for id_ in cell.segments if id_ in by_id):
            codes = "; ".join(quote.codes)
            yield [participant, theme, words_of(matrix, quote), codes, quote.transcript, str(quote.turn), quote.segment]


def _by_id(matrix: Framework) -> Mapping[str, Quote]:
    return {quote.segment: quote for quote in matrix.quotes}
