"""PDF files with text, by way of pypdf: page heads, margin numbers and lines cut by a page end are cleaned up."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from postil_base.problem import PostilError
from postil_formats.texts.decoding import check_size
from postil_formats.texts.labels.speech import read_lines
from postil_formats.texts.plain.plain_text import margin_taken, mark_wraps, without_margin
from postil_formats.texts.recognised import ReadOptions, Recognised, TakenOff

MAX_PAGES = 2_000
_PAGE = re.compile(r"(page\s+|seite\s+)?\d{1,4}(\s*(/|of|von)\s*\d{1,4})?", re.I)


def read(data: bytes, name: str, options: ReadOptions) -> Recognised:
    """Read the text of a .pdf file."""
    check_size(data, name)
    pages = [_page_lines(text) for text in _extract(data, name)]
    if not any(line for page in pages for line in page):
        raise PostilError(f"{name} holds no text (a scan?). Run text recognition over it, or import the original.")
    lines, repeated, margin, cut = _joined(pages)
    numbered, counted = without_margin(lines)
    recognised = read_lines(mark_wraps(numbered, certain=True), "PDF", told=options.labels).recognised
    taken = (*recognised.taken, *(TakenOff("page head, foot or number", line) for line in cut), *margin_taken(counted))
    told = ["a PDF has no paragraphs: check a few turns against the original"]
    told += ["paragraph numbers in the margin were taken off"] if margin or counted else []
    told += [f"lines that a page end printed twice were kept once ({repeated})"] if repeated else []
    return replace(recognised, warnings=(*recognised.warnings, *told), details={"pages": len(pages)}, taken=taken)


def _extract(data: bytes, name: str) -> list[str]:
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise PostilError(f"{name} is locked by a password. Save it without one.")
        if len(reader.pages) > MAX_PAGES:
            raise PostilError(f"{name} has {len(reader.pages)} pages; up to {MAX_PAGES} can be imported.")
        return [page.extract_text() or "" for page in reader.pages]
    except PostilError:
        raise
    except (Exception, RecursionError) as error:  # pypdf lets every kind of error through on damaged files
        raise PostilError(f"{name} is damaged or no PDF: {error or type(error).__name__}.") from error


def _page_lines(text: str) -> list[str]:
    """The lines of a page; a label and its words that stand on one line are one again."""
    lines: list[str] = []
    for raw in text.replace("\r", "\n").replace("\x00", "").split("\n"):
        line = re.sub(r"[ \t\xa0]+", " ", raw).strip()
        if lines and raw.startswith("\t") and re.fullmatch(r"[^:]{1,40}:", lines[-1]):
            lines[-1] = f"{lines[-1]} {line}"
        elif line or not lines or lines[-1]:
            lines.append(line)
    return lines


def _joined(pages: Sequence[Sequence[str]]) -> tuple[list[str], int, bool, list[str]]:
    """One text of all pages, without what pages repeat, which comes last."""
    cut: list[str] = []
    heads = _repeated(pages)
    lines: list[str] = []
    repeated = 0
    margin = False
    for page in pages:
        cut += [line for line in page if line in heads]
        body, counted = _without_counting([line for line in page if line not in heads])
        cut += counted
        margin = margin or bool(counted)
        while body and _PAGE.fullmatch(body[0]):
            cut.append(body.pop(0))
        while body and (_PAGE.fullmatch(body[-1]) or not body[-1]):
            cut.append(body.pop())
        if body and lines and len(body[0]) > 30 and lines[-1].endswith(body[0]):
            cut.append(body.pop(0))
            repeated += 1
        lines += body
    return lines, repeated, margin, cut


def _repeated(pages: Sequence[Sequence[str]]) -> set[str]:
    """First and last lines that most pages share, apart from labels."""
    edges = Counter(line for page in pages for line in {*page[:2], *page[-2:]} if line)
    often = {line for line, count in edges.items() if count > 2 and count > len(pages) / 2 and ":" not in line}
    return often | _numbered(pages)


def _numbered(pages: Sequence[Sequence[str]]) -> set[str]:
    """Page heads and feet that differ in nothing but a number that counts the pages."""
    found: dict[tuple[str, int, int], dict[int, str]] = {}
    for page, lines in enumerate(pages):
        for line in {*lines[:2], *lines[-2:]}:
            digits = re.findall(r"\d+", line)
            for place, number in enumerate(digits):
                key = (re.sub(r"\d+", "#", line), place, int(number[:9]) - page)
                found.setdefault(key, {})[page] = line
    least = max(2, len(pages) / 2)
    return {line for same in found.values() if len(same) >= least for line in same.values()}


def _without_counting(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Numbers printed in the margin come as a run of lines that count on, at the end of the page."""
    end = len(lines)
    while end and re.fullmatch(r"\d{1,5}", lines[end - 1]):
        end -= 1
    numbers = [int(line) for line in lines[end:]]
    steps = all(b == a + 1 for a, b in pairwise(numbers))
    return (list(lines[:end]), list(lines[end:])) if len(numbers) >= 2 and steps else (list(lines), [])
