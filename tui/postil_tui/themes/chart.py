"""Charting: the matrix's cells as they are written, each change with its undo."""

from __future__ import annotations

from dataclasses import replace

from postil_base.problem import ChangedUnderneathError
from postil_model.counts.framework import Framework, Quote
from postil_study.files.charts import ChartCell, load_charts, save_cell
from postil_tui.shell.workspace import Workspace


class Chart:
    """The framework matrix at work."""

    def __init__(
        self, workspace: Workspace, matrix: Framework, done: list[tuple[ChartCell, ChartCell]] | None = None
    ) -> None:
        self.workspace = workspace
        self.matrix = matrix
        self.done: list[tuple[ChartCell, ChartCell]] = [] if done is None else done  # before and after, newest last

    def renew(self, matrix: Framework) -> None:
        """Go on with quotes and cells read anew; somebody may be writing a cell meanwhile, in this very chart."""
        self.matrix = matrix

    @property
    def written(self) -> int:
        """Cells that have a summary."""
        themes = {theme.id for theme in self.matrix.themes}
        return sum(bool(cell.summary) and cell.column in themes for cell in self.matrix.cells.values())

    def quotes(self, participant: str, theme: str) -> list[Quote]:
        """What a cell can rest on: first what it rests on, then the rest of what was said under the theme."""
        under = self.matrix.quotes_of(participant, theme)
        rests = set(self.matrix.cell(participant, theme).segments)
        elsewhere = [q for q in self.matrix.quotes if q.segment in rests and q not in under]
        return sorted([*under, *elsewhere], key=lambda quote: (quote.transcript, quote.start))

    def lost(self, participant: str, theme: str) -> int:
        """Segments a cell rests on that are not in the coding of record (or were removed)."""
        known = {quote.segment for quote in self.matrix.quotes}
        return sum(id_ not in known for id_ in self.matrix.cell(participant, theme).segments)

    def word(self, participant: str, theme: str, summary: str) -> None:
        """Write the summary of a cell."""
        clean = "\n\n".join(" ".join(part.split()) for part in summary.split("\n\n")).strip()
        self._write(replace(self.matrix.cell(participant, theme), summary=clean))

    def toggle(self, participant: str, theme: str, segment: str) -> bool:
        """Let a cell rest on a segment, or no longer; tells which."""
        cell = self.matrix.cell(participant, theme)
        there = segment in cell.segments
        left = tuple(id_ for id_ in cell.segments if id_ != segment)
        self._write(replace(cell, segments=left if there else (*cell.segments, segment)))
        return not there

    def empty(self, participant: str, theme: str) -> None:
        """Take a cell out."""
        self._write(ChartCell(participant, theme))

    def undo(self) -> str:
        """Take the last change of a cell back; says which cell, "" if there is none."""
        if not self.done:
            return ""
        before, after = self.done[-1]
        if _words(self._on_disk(after)) != _words(after):
            raise ChangedUnderneathError(
                f"the cell {after.row}, {after.column} was changed since; it stays, so that nothing newer is lost."
            )
        save_cell(self.workspace.root, before)
        self.done.pop()
        self._read()
        return f"{after.row}, {after.column}"

    def _write(self, cell: ChartCell) -> None:
        before = self._on_disk(cell)
        if _words(before) == _words(cell):
            return
        save_cell(self.workspace.root, cell)
        self.done.append((before, cell))
        self._read()

    def _on_disk(self, cell: ChartCell) -> ChartCell:
        cells, _ = load_charts(self.workspace.root)
        found = (one for one in cells if (one.row, one.column) == (cell.row, cell.column))
        return next(found, ChartCell(cell.row, cell.column))

    def _read(self) -> None:
        cells, _ = load_charts(self.workspace.root)
        self.matrix = replace(self.matrix, cells={(cell.row, cell.column): cell for cell in cells})


def _words(cell: ChartCell) -> tuple[str, tuple[str, ...]]:
    return cell.summary, cell.segments
