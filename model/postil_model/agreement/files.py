"""Agreement as files: CSV, XLSX, Markdown, LaTeX with booktabs, HTML. Every cell is made safe for where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from postil_base.numbers import decimals
from postil_base.quoting.pages import as_html, page
from postil_formats.tables import files as tables
from postil_formats.tables import latex as latex
from postil_formats.tables.files import TEMPLATES, Cell, Delimiter, Table, to_markdown, to_xlsx
from postil_formats.tables.latex import Style
from postil_model.agreement.definitions import label_of
from postil_model.agreement.methods_paragraph import methods_paragraph
from postil_model.agreement.result import StudyAgreement
from postil_model.agreement.tables import (
    UNIT_NAMES,
    all_tables,
    codes_table,
    definitions_table,
    headline_table,
    other_table,
    pairs_table,
    run_lines,
    transcripts_table,
    unitizing_table,
)

LONG = 35  # rows that still fit on a page


def view(result: StudyAgreement, by: str) -> Table:
    """The table of one view on the headline's unit; categories are codes rolled up before."""
    unit = result.headline.unit
    if by == "pair":
        return pairs_table(result, unit)
    return transcripts_table(result, unit) if by == "transcript" else codes_table(result, unit)


def headline_sentence(result: StudyAgreement) -> str:
    """What the headline is, whether it was declared, and why."""
    headline = result.headline
    if headline.none:
        return f"The study declares that it reports no agreement: {headline.none} This measure was asked for by name."
    what = f"{label_of(headline.measure)} on {UNIT_NAMES[headline.unit]}"
    if headline.departs:
        return f"Supplement, not the declared headline ({'; '.join(headline.departs)}): {what}."
    if not headline.declared:
        return f"{what}: nothing is declared in study.yaml (agreement:), so this is a supplement."
    return f"Headline, declared in study.yaml: {what}. Reason: {headline.reason or 'none given'}"


def to_csv(table: Table, delimiter: Delimiter = ",") -> str:
    """CSV with numbers at full precision, LF at line ends."""
    return tables.to_csv(table, delimiter, exact=True)


def printed(table: Table, digits: int = 3) -> Table:
    """The table with its numbers as text: three digits after the point, thousands apart.

    >>> printed(Table(("a",), ((0.5,), (1234,), (None,)))).rows
    (('0.500',), ('1,234',), ('',))
    """
    return replace(table, rows=tuple(tuple(printed_cell(cell, digits) for cell in row) for row in table.rows))


def printed_cell(cell: Cell, digits: int = 3) -> str:
    """One cell as it is read."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return decimals(cell, digits)
    return f"{cell:,}" if isinstance(cell, int) else cell


def workbook(result: StudyAgreement, more: Sequence[Table] = ()) -> bytes:
    """A workbook: one sheet a view with typed cells, and a sheet of definitions."""
    *views, definitions = all_tables(result)
    return to_xlsx([*views, *more, definitions])


def markdown(result: StudyAgreement, by: str, more: Sequence[Table] = ()) -> str:
    """Run, headline, the view asked for, what is not per code, and the methods paragraph."""
    tables = [headline_table(result), view(result, by), unitizing_table(result), other_table(result), *more]
    parts = ["# Agreement", "", *(f"- {line}" for line in run_lines(result)), "", headline_sentence(result), ""]
    for table in tables:
        parts += [f"## {table.title}", "", to_markdown(printed(table))]
    return "\n".join([*parts, "## Methods", "", _escaped(methods_paragraph(result))])


def _escaped(text: str) -> str:
    """A blank to fill in is no emphasis."""
    return text.replace("____", r"\_\_\_\_").replace("\nReferences\n", "\nReferences:\n\n").replace(".\n", ".\n\n")


def latex_tables(result: StudyAgreement, by: str, more: Sequence[Table] = (), label: str = "") -> str:
    """The headline, then the view asked for; what was compared and the methods paragraph stand in comments."""
    name = label or "agreement"
    headline = result.headline
    caption = f"Agreement per code: {label_of(headline.measure)}, {UNIT_NAMES[headline.unit]}"
    told = (headline_sentence(result), *run_lines(result))
    tables = [headline_table(result), _narrow(view(result, by)), *more]
    styles = [
        Style(caption, name, told, 2),
        Style("All measures on the same unit (supplement)", f"{name}-supplement", (), 2),
        *(Style(table.title, f"{name}-{number}", (), 2) for number, table in enumerate(more, 3)),
    ]
    methods = "\n".join(f"% {line}" for line in methods_paragraph(result).splitlines())
    return f"{latex.latex_tables(tables, styles)}\n{methods}\n"


_NOT_IN_PRINT = ("label", "segments ", "share ", "1 - D_o", "alpha SE", "alpha 95%", "kappa SE", "kappa 95%")


def _narrow(table: Table) -> Table:
    """The columns that a printed page has room for; CSV and XLSX have all of them."""
    wide = (*_NOT_IN_PRINT, *(f"{name} " for name in UNIT_NAMES.values()))
    keep = [i for i, header in enumerate(table.headers) if not header.startswith(wide)]
    rows = tuple(tuple(row[i] for i in keep) for row in table.rows)
    return replace(table, headers=tuple(table.headers[i] for i in keep), rows=rows)


def web_page(result: StudyAgreement, more: Sequence[Table] = ()) -> str:
    """One page without anything from the network: run, headline, plot, every view, methods."""
    from postil_model.agreement.plot import plot_picture
    from postil_model.drawing.svg import element

    views = [headline_table(result), *more, *all_tables(result)[1:-1], definitions_table(result)]
    return page(
        "agreement.html",
        Path(__file__).resolve().parent,
        TEMPLATES,
        title="Agreement",
        run=run_lines(result),
        headline=headline_sentence(result),
        picture=as_html(element(plot_picture(result))),
        tables=[printed(view) for view in views],
        methods=[part for part in methods_paragraph(result).splitlines() if part],
    )
