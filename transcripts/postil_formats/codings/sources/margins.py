"""Codes in a cell beside a talk that fills one cell of a Word table: line by line, where both have as many lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from postil_base.plural import counted, subject
from postil_base.problem import PostilError
from postil_formats.codings.sources.rows import CodingRow, CodingsTable, split_codes
from postil_formats.texts.documents.docx_parts import Paragraph, WordFile, cell_text
from postil_formats.texts.documents.word_margins import talks_and_margins
from postil_formats.texts.labels.finding import find_labels
from postil_formats.texts.labels.lines import SourceLine


def margin_rows(file: WordFile, name: str, coder: str, told: Sequence[str]) -> CodingsTable | None:
    """The lines of margins as codes of the paragraph beside them; None for a file without such margins.

    Lines that cannot be told to stand beside one paragraph are listed: a printed page shows them side by side, the file
    does not say so.
    """
    rows: list[CodingRow] = []
    warnings: list[str] = []
    for talk, margins in talks_and_margins(file, told):
        for cell in margins:
            written = [paragraph.text.strip() for paragraph in cell]
            if all(not any(map(str.isalpha, text)) for text in written):
                continue  # numbers of lines
            beside = list(_beside(talk, written, told))
            rows += [
                CodingRow(len(rows) + n, coder, name, quote=q, codes=split_codes(c))
                for n, (q, c) in enumerate(beside, 1)
            ]
            if not beside:
                warnings.append(_lost(cell, sum(map(bool, written)), len([p for p in talk if p.text.strip()])))
    if rows and not coder:
        raise PostilError(f"{name}: codes beside the talk do not say who coded; say it with --coder.")
    if not rows and not warnings:
        return None
    if rows:
        warnings.append(f"{subject(len(rows), 'line', 'was')} read as codes of the paragraph beside it")
    return CodingsTable(f"{name}, margin", tuple(rows), (), tuple(warnings))


def _beside(talk: Sequence[Paragraph], written: Sequence[str], told: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The words of each paragraph and what stands beside them; nothing when the lines do not pair up."""
    texts = [paragraph.text for paragraph in talk]
    hits = {hit.line: hit for hit in find_labels([SourceLine(text) for text in texts], told).hits}
    words = [text[hits[n].text_start :].strip() if n in hits else text.strip() for n, text in enumerate(texts)]
    if len(words) == len(written):
        yield from ((quote, codes) for quote, codes in zip(words, written, strict=True) if quote and codes)
    elif len(written) == sum(map(bool, words)):
        yield from ((quote, codes) for quote, codes in zip(filter(None, words), written, strict=True) if codes)


def _lost(cell: Sequence[Paragraph], lines: int, paragraphs: int) -> str:
    some = " ".join(cell_text(list(cell)).split())[:60]
    return (
        f"{counted(lines, 'line')} beside the talk ({some!r}) not read: the cell of the talk has "
        f"{counted(paragraphs, 'paragraph')}, and nothing says which line belongs to which. Give each paragraph a row "
        "of its own, with its codes in the cell beside it"
    )
