"""Reports of coded passages as texts: NVivo's references by code, Taguette's page of highlights, QualCoder's report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import PurePath, PureWindowsPath

from postil_base.problem import PostilError
from postil_formats.codings.sources.rows import CodingRow, CodingsTable

_SOURCE = re.compile(
    r"<?(?:(?:Files|Internals|Externals|Dateien|Interne|Archivos)\\+)?(.+?)>?\s*-\s*§\s*\d+\s+"
    r"(?:references? coded|Referenz(?:en)?(?: codiert)?|Verweise? codiert|referencias? codificadas?)\b.*",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"(?:Reference|Referenz|Verweis|Referencia)s? (\d+(?:-\d+)?)\s*[-:–].*", re.IGNORECASE)
_CODE = re.compile(r"(?:Name|Code|Node|Knoten|Nodo)\s*[:\t]\s*(\S.*)", re.IGNORECASE)
_LONG = 500  # characters; no line of the report's own is longer
_RULE = re.compile(r"[_\-=]{3,}")


def has_references(lines: Sequence[str]) -> bool:
    """Whether a text is NVivo's list of what a code was put on."""
    first = [line.strip() for line in lines[:200] if len(line) < _LONG]
    return any(map(_SOURCE.fullmatch, first)) and any(map(_REFERENCE.fullmatch, first))


def read_references(lines: Sequence[str], name: str, coder: str) -> CodingsTable:
    """NVivo's references by code: the code is named in the text, or by the file."""
    if not coder:
        raise PostilError(f"{name}: NVivo's references do not say who coded; say whose codings they are with --coder.")
    code, document = PurePath(name).stem, ""
    rows: list[CodingRow] = []
    words: list[str] | None = None
    named = False

    def close() -> None:
        if words is not None and any(words):
            quote = "\n".join(line for line in words if line)
            rows.append(CodingRow(len(rows) + 1, coder, document, quote=quote, codes=((code, ""),), program="NVivo"))

    for line in (line.strip() for line in lines):
        source = _SOURCE.fullmatch(line) if len(line) < _LONG else None
        new_code = _CODE.fullmatch(line) if words is None else None
        if source is not None:
            close()
            words, document = None, _document(source[1])
        elif _REFERENCE.fullmatch(line):
            close()
            words = []
        elif new_code is not None:
            code, named = new_code[1].strip(), True
        elif words is not None and not _RULE.fullmatch(line):
            words.append(line)
    close()
    told = () if named else (f"no code is named in the text; the file's name is taken: {code!r}",)
    return CodingsTable(name, tuple(rows), (), ("read as NVivo's references by code", *told))


_SUMMARY = re.compile(r"number of coding references|coded by initials", re.IGNORECASE)
_FOLDER = re.compile(r"(Files|Internals|Externals|Memos|Nodes|Codes|Cases|Dateien)\\+(\S.*)", re.IGNORECASE)
_TAKEN_BY = re.compile(r"(\d{1,5})\s+([^\W\d_]{1,5})\s+\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b.*")
_HEADS = frozenset(("document", "code", "node", "case", "file", "pdf", "memo", "codes", "nodes", "documents"))
_FIGURES = re.compile(r"(?:(?:yes|no)\s+)?(?:\S+\s+)?0[.,]\d+\s+\d+", re.IGNORECASE)


def has_summary(lines: Sequence[str]) -> bool:
    """Whether a text is NVivo's report "Coding Summary" by code or by file."""
    first = [line for line in lines[:200] if len(line) < _LONG]
    return any(map(_SUMMARY.search, first)) and any(_TAKEN_BY.fullmatch(line.strip()) for line in lines)


def read_summary(lines: Sequence[str], name: str, coder: str) -> CodingsTable:
    """NVivo's report: code and file in either order, then each passage below its number, initials and date."""
    code = document = who = ""
    rows: list[CodingRow] = []
    words: list[str] | None = None

    def close() -> None:
        if words is not None and any(words) and code:
            quote = "\n".join(line for line in words if line)
            rows.append(
                CodingRow(len(rows) + 1, coder or who, document, quote=quote, codes=((code, ""),), program="NVivo")
            )

    for line in (" ".join(line.split()) for line in lines):
        folder, taken = _FOLDER.fullmatch(line), _TAKEN_BY.fullmatch(line)
        if folder is not None or taken is not None or line.casefold() in _HEADS or _SUMMARY.search(line):
            close()
            words = [] if taken is not None else None
        if taken is not None:
            who = taken[2]
        elif folder is not None and folder[1].casefold() in ("nodes", "codes", "cases"):
            code = line
        elif folder is not None:
            document = _document(folder[2])
        elif words is not None and line.casefold() not in _HEADS and not _FIGURES.fullmatch(line):
            words.append(line)
    close()
    if not rows:
        raise PostilError(f"{name} looks like NVivo's coding summary, but no code with its passages could be told.")
    return CodingsTable(name, tuple(rows), (), ("read as NVivo's coding summary",))


def _document(text: str) -> str:
    """The source's name without NVivo's folders."""
    return PureWindowsPath(text.strip().strip("<>")).name


class _Highlights(HTMLParser):
    """The paragraphs of a page, and where a rule ends a highlight."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[list[str]] = [[]]
        self.text = ""
        self.title = ""
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Paragraphs end lines, rules end highlights."""
        if tag in ("p", "div", "li", "br", "tr", "h1", "h2", "h3"):
            self.flush()
        if tag == "hr":
            self.flush()
            self.parts.append([])
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        """What a heading said is the title."""
        if tag == "h1":
            self.title, self.text = " ".join(self.text.split()), ""
        if tag in ("p", "div", "li", "tr"):
            self.flush()
        if tag in ("style", "title"):
            self._inside = ""

    def handle_data(self, data: str) -> None:
        """Text, but for style and title."""
        if self._inside not in ("style", "title", "script"):
            self.text += data

    def flush(self) -> None:
        """End a line."""
        line = " ".join(self.text.split())
        if line:
            self.parts[-1].append(line)
        self.text = ""


_DETAILS = re.compile(
    r"(?:Document|Dokument|Documento)\s*:\s*(.+?)\s+(?:Tags|Schlagworte|Etiquetas|Étiquettes)\s*:\s*(.+)"
)


def read_taguette_page(text: str, name: str, coder: str) -> CodingsTable:
    """Taguette's highlights as it writes them into a page: the words, then document and tags."""
    page = _Highlights()
    page.feed(text)
    page.flush()
    rows = tuple(_highlighted(page.parts, coder))
    if not rows:
        raise PostilError(f"{name} is no page of highlights as Taguette writes it; nothing to import.")
    if not coder:
        raise PostilError(f"{name}: Taguette's highlights do not say who coded; say whose they are with --coder.")
    return CodingsTable(name, rows, (), ("read as Taguette's highlights",))


def _highlighted(parts: Sequence[Sequence[str]], coder: str) -> Iterator[CodingRow]:
    for number, lines in enumerate(parts, 1):
        details = _DETAILS.fullmatch(lines[-1]) if lines else None
        if details is not None and lines[:-1]:
            tags = tuple((tag.strip(), "") for tag in details[2].split(", ") if tag.strip())
            yield CodingRow(number, coder, details[1], quote="\n".join(lines[:-1]), codes=tags, program="Taguette")


def read_code_columns(rows: Sequence[Sequence[str]], coder: str) -> tuple[CodingRow, ...]:
    """QualCoder's report as a table: a column a code, in each cell the words and on its last line the file.

    Empty when the cells are not of that form.
    """
    codes = [cell.strip() for cell in rows[0]] if rows else []
    cells = [(n, c, cell.strip()) for n, row in enumerate(rows[1:], 2) for c, cell in enumerate(row) if cell.strip()]
    if not cells or any("\n" not in cell or c >= len(codes) or not codes[c] for _, c, cell in cells):
        return ()
    files = {cell.rsplit("\n", 1)[1].strip() for _, _, cell in cells}
    if any(len(file) > 80 or len(file.split()) > 8 for file in files):
        return ()
    made = []
    for number, column, cell in cells:
        words, file = cell.rsplit("\n", 1)
        file = re.sub(r" fid:\d+$", "", file.strip())
        made.append(CodingRow(number, coder, file, quote=words, codes=((codes[column], ""),), whole=True))
    return tuple(made)
