"""Tables for LaTeX that paste into a paper of two columns: floats of one or two columns, wrapped cells, no long tables.

What is needed of a paper's preamble stands in the first comment: ``booktabs``, ``array``, ``graphicx``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from postil_base.numbers import decimals, plain_decimals
from postil_base.quoting.latex import latex
from postil_formats.tables.files import Cell, Table, whole_number

PREAMBLE = "% needs \\usepackage{array,booktabs,graphicx}"
ONE_COLUMN, TWO_COLUMNS = 50, 108  # letters of \footnotesize that a column and a page of two columns hold
LINES = 46  # of a float that still fits on a page
_NARROW, _SMALLEST = (
    16,
    9,
)  # letters: a column up to the first is not wrapped, no wrapped one is narrower than the second
_GAP = 2


@dataclass(frozen=True, slots=True)
class Style:
    """How a table is printed: caption, label, comments on where it comes from, digits of numbers."""

    caption: str = ""
    label: str = ""
    provenance: tuple[str, ...] = ()
    digits: int | None = None  # None: up to four digits, without zeros at the end


def latex_tables(tables: Sequence[Table], styles: Sequence[Style]) -> str:
    """Several tables, with one comment on the packages above them."""
    parts = [latex_table(table, style) for table, style in zip(tables, styles, strict=True)]
    return "\n".join([PREAMBLE, "", *parts])


def latex_table(table: Table, style: Style | None = None) -> str:
    """One table as one float, or as several that each fit on a page.

    Columns without any content are left out. A column ``remarks`` becomes numbered notes below, where the notes of the
    table stand, too; ``provenance`` stands in comments.
    """
    style = style or Style()
    page = _LatexPage(table, style)
    chunks = list(page.chunks())
    label = style.label or label_of(table.title)
    floats = []
    for number, rows in enumerate(chunks, 1):
        of = f" ({number} of {len(chunks)})" if len(chunks) > 1 else ""
        names = f"\\label{{tab:{label}{f'-{number}' if number > 1 else ''}}}"
        floats.append(page.float_of(rows, f"\\caption{{{latex(style.caption or table.title)}{of}}}{names}"))
    comments = [f"% {line}" for text in style.provenance for line in text.splitlines()]
    return "\n".join([*comments, *floats]) + "\n"


def label_of(title: str) -> str:
    """A label made of a title.

    >>> label_of("Joint display: all")
    'joint-display-all'
    """
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "table"


class _LatexPage:
    """Columns of a table with their widths in letters, and its rows cut into floats."""

    def __init__(self, table: Table, style: Style) -> None:
        self.table, self.style = table, style
        filled = [i for i in range(len(table.headers)) if any(row[i] not in (None, "") for row in table.rows)]
        self.remarks = table.headers.index("remarks") if "remarks" in table.headers else -1
        self.columns = [i for i in filled or range(len(table.headers)) if i != self.remarks]
        self.texts = [[self._text(row[i]) for i in self.columns] for row in table.rows]
        self.numeric = [self._is_numeric(i) for i in self.columns]
        self.natural = [
            max([_longest_word(table.headers[i]), *(len(row[at]) for row in self.texts)])
            for at, i in enumerate(self.columns)
        ]
        self.widths = self._widths()

    def _text(self, cell: Cell) -> str:
        if isinstance(cell, float):
            return plain_decimals(cell) if self.style.digits is None else decimals(cell, self.style.digits)
        return whole_number(cell) if isinstance(cell, int) else str(cell or "")

    def _is_numeric(self, column: int) -> bool:
        cells = [row[column] for row in self.table.rows]
        return any(isinstance(cell, (int, float)) for cell in cells) and all(
            not isinstance(cell, str) or cell in ("", "undefined") for cell in cells
        )

    @property
    def wide(self) -> bool:
        """Whether it takes both columns of the page."""
        return sum(self.natural) + _GAP * len(self.natural) > ONE_COLUMN

    @property
    def shrunk(self) -> bool:
        """Whether it is wider than the page even with every cell wrapped."""
        return sum(self.widths) + _GAP * len(self.widths) > TWO_COLUMNS

    def _widths(self) -> list[int]:
        """Letters each column gets: all it needs if there is room, else a share by the root of what it needs."""
        room = TWO_COLUMNS - _GAP * len(self.natural)
        if sum(self.natural) <= room:
            return self.natural
        wrapped = [at for at, need in enumerate(self.natural) if need > _NARROW and not self.numeric[at]]
        left = room - sum(need for at, need in enumerate(self.natural) if at not in wrapped)
        roots = {at: min(self.natural[at], 400) ** 0.5 for at in wrapped}
        shares = {at: int(left * root / sum(roots.values())) for at, root in roots.items()}
        return [max(shares[at], self._least(at)) if at in shares else need for at, need in enumerate(self.natural)]

    def _least(self, at: int) -> int:
        """A wrapped column is not narrower than its longest word, as long as that is no wider than a narrow column."""
        words = (_longest_word(row[at].replace("/", " ")) for row in self.texts)
        return max(_SMALLEST, min(_NARROW, max(words, default=0)))

    def chunks(self) -> Iterator[list[int]]:
        """Rows, cut so that no float is higher than a page."""
        heights = [
            max(1, *(-(-len(text) // width) for text, width in zip(row, self.widths, strict=True) if width))
            for row in self.texts
        ]
        pages = -(-sum(heights) // LINES) or 1
        target = min(LINES, sum(heights) / pages + max(heights, default=1) / 2)  # alike in height, no orphans
        rows: list[int] = []
        height = 0
        for number, lines in enumerate(heights):
            if rows and height + lines > target:
                yield rows
                rows, height = [], 0
            rows.append(number)
            height += lines
        yield rows

    def float_of(self, rows: Sequence[int], caption: str) -> str:
        """A float with these rows."""
        notes: dict[str, int] = {}
        body = [self._row(number, notes) for number in rows]
        kind = "table*" if self.wide else "table"
        tabular = [
            f"\\begin{{tabular}}{{{self._specification()}}}",
            "\\toprule",
            " & ".join(self._heading(at) for at in range(len(self.columns))) + " \\\\",
            "\\midrule",
            *body,
            "\\bottomrule",
            "\\end{tabular}",
        ]
        if self.shrunk:
            tabular = ["\\resizebox{\\textwidth}{!}{%", *tabular, "}"]
        below = [f"$^{{{number}}}$\\,{_sentence(note)}" for note, number in notes.items()]
        below += [_sentence(note) for note in self.table.notes]
        return "\n".join(
            [
                f"\\begin{{{kind}}}[t]",
                caption,
                "\\centering\\footnotesize\\setlength{\\tabcolsep}{3pt}",
                *tabular,
                *(["\\par\\smallskip\\raggedright", "\\\\\n".join(below)] if below else []),
                f"\\end{{{kind}}}",
                "",
            ]
        )

    def _specification(self) -> str:
        parts = []
        for at, width in enumerate(self.widths):
            if width < self.natural[at]:
                share = width / TWO_COLUMNS
                parts.append(f">{{\\raggedright\\arraybackslash}}p{{{share:.3f}\\textwidth}}")
            else:
                parts.append("r" if self.numeric[at] else "l")
        return "@{}" + "".join(parts) + "@{}"

    def _heading(self, at: int) -> str:
        """A heading; in a narrow column its words stand above each other."""
        words = latex(self.table.headers[self.columns[at]]).split(" ")
        if self.widths[at] < self.natural[at] or len(" ".join(words)) <= self.widths[at] or len(words) == 1:
            return " ".join(words)
        side = "r" if self.numeric[at] else "l"
        return f"\\begin{{tabular}}[b]{{@{{}}{side}@{{}}}}" + "\\\\".join(words) + "\\end{tabular}"

    def _row(self, number: int, notes: dict[str, int]) -> str:
        cells = [self._cell(text, at) for at, text in enumerate(self.texts[number])]
        remark = str(self.table.rows[number][self.remarks] or "") if self.remarks >= 0 else ""
        if remark:
            marks = [str(notes.setdefault(note, len(notes) + 1)) for note in remark.split("; ")]
            filled = next((i for i, cell in enumerate(cells) if cell), 0)
            cells[filled] += f"$^{{{','.join(marks)}}}$"
        return " & ".join(cells) + " \\\\"

    def _cell(self, text: str, at: int) -> str:
        if re.fullmatch(r"-[\d.,]+", text):
            return f"$-${text[1:]}"
        made = latex(text)
        return made.replace("/", "/\\allowbreak{}") if self.widths[at] < self.natural[at] else made


def _longest_word(heading: str) -> int:
    return max((len(word) for word in heading.split()), default=0)


def _sentence(note: str) -> str:
    made = latex(note)
    return made if made.endswith((".", "!", "?")) else f"{made}."
