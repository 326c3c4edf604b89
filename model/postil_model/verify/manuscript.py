"""Manuscripts as text with places: LaTeX, Markdown, Word, plain text.

Mark-up is taken off so that words can be compared; line numbers are those of the file (of paragraphs, in Word).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from postil_base.files.text import MB, decode, unix_lines
from postil_base.problem import PostilError
from postil_formats.texts.containers import Archive
from postil_model.verify.marks import curly

MAX_BYTES = 8 * MB  # of a plain text: a book has one
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
QUOTED = ("“", "”")


@dataclass(frozen=True)
class Manuscript:
    """The words of a paper; quotations stand between “ and ”."""

    name: str
    text: str
    by_paragraph: bool = False

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def line(self, offset: int) -> int:
        """Line (or paragraph of a Word file) of an offset, counted from 1."""
        return bisect_right(self._line_starts, offset)


def read_manuscript(data: bytes, name: str) -> Manuscript:
    """Read a paper from its bytes; the ending of ``name`` tells the format.

    Raises:
        PostilError: the file is no text, or a Word file that cannot be opened.
    """
    ending = name.lower().rsplit(".", 1)[-1]
    if ending == "docx":
        return Manuscript(name, curly(straight_to_curly(_word_text(data, name))), by_paragraph=True)
    if len(data) > MAX_BYTES:
        raise PostilError(f"{name} has {len(data) // MB} MB; a manuscript has up to {MAX_BYTES // MB}. Is it the text?")
    if b"\0" in data:
        raise PostilError(f"{name} is no text (it holds zero bytes). Known are .tex, .md, .txt and .docx.")
    text = unix_lines(decode(data, name))
    if ending in ("tex", "ltx"):
        return Manuscript(name, curly(from_latex(text)))
    return Manuscript(name, curly(from_markdown(text)))


COMMAND_WITH_WORDS = re.compile(
    r"\\(?:emph|textit|textbf|textsc|texttt|text|underline|mbox|textrm|textsf|say|footnote|myquote)\s*\{"
)
REFERRING = r"cite[a-z]*|ref|label|cref|Cref|autoref|url|input|include|pageref"
DROPPED = re.compile(rf"\\(?:{REFERRING})\*?(?:\[[^\]]*\])*\{{[^{{}}]*\}}")
HEADING = re.compile(r"(\\(?:part|chapter|(?:sub)*section|paragraph)\*?\{[^{}]*)\}")
LATEX_SIGNS = {
    r"\item": "•",
    r"\ldots": "…",
    r"\dots": "…",
    r"\%": "%",
    r"\&": "&",
    r"\_": "_",
    r"\#": "#",
    r"\$": "$",
    "~": " ",
}


LATEX_MARKS = {  # in this order: babel's shorthands, commands, ligatures, single marks around words
    r"\"`|\\glqq\b(?:\{\})? ?": "„",
    r"\"'|\\grqq\b(?:\{\})? ?": "“",
    "``": "“",
    "''": "”",
    '<<|"<': "«",
    '>>|">': "»",
    r"(?<![\w`])`(?=\S)((?:[^`']|(?<=\w)'(?=\w))+)'(?!\w)": r"‘\1’",
    "---": "—",
    "--": "–",
}


def from_latex(text: str) -> str:
    r"""Words of a LaTeX source, line by line as they stood; ``quotes'', \enquote{} and quote environments become “ ”.

    >>> from_latex("P3 said ``it was \\emph{fine}'' \\cite{x}. % no\n")
    'P3 said “it was fine” . \n'
    """
    text = re.sub(r"(?<!\\)%[^\n]*", "", text)
    text = DROPPED.sub("", text)
    text = re.sub(r"\\(?:begin)\{(?:quote|quotation|displayquote)\}", "“", text)
    text = re.sub(r"\\(?:end)\{(?:quote|quotation|displayquote)\}", "”", text)
    text = HEADING.sub(r"\1.}", text)  # no full stop is printed after a heading, yet the next line is no part of it
    text = _unwrapped(text)
    for sign, plain in LATEX_SIGNS.items():
        text = text.replace(sign, plain)
    for written, mark in LATEX_MARKS.items():
        text = re.sub(written, mark, text)
    text = re.sub(r"\\[a-zA-Z]+\*?", "", text)
    return straight_to_curly(re.sub(r"[{}]", "", text))


def _unwrapped(text: str) -> str:
    """Take commands off their words, from the inside out; those that quote leave quotation marks."""
    credit = r"(?:\[(?P<credit>[^\[\]{}]*)\])?(?:\[[^\[\]{}]*\])*"
    quoting = re.compile(
        rf"\\(?:enquote|(?:text|block)quote|say|myquote|(?:foreign|hyphen)(?:text|block)?quote\*?\{{[^{{}}]*\}}|"
        rf"(?:text|block)cquote(?:\[[^\[\]]*\])*\{{[^{{}}]*\}})\*?{credit}\{{(?P<words>[^{{}}]*)\}}"
    )
    wrapping = re.compile(COMMAND_WITH_WORDS.pattern + r"([^{}]*)\}")
    for _ in range(8):
        changed = wrapping.sub(r"\1", quoting.sub(_quoted, text))
        if changed == text:
            return text
        text = changed
    return text


def _quoted(match: re.Match[str]) -> str:
    """The words between marks, and who they are credited to as it is printed: behind them, in parentheses."""
    return f"“{match['words']}”" + (f" ({match['credit']})" if match["credit"] else "")


def from_markdown(text: str) -> str:
    """Words of a Markdown or plain text; block quotes become quotations.

    >>> from_markdown('> It was fine.\\n> Really.\\n\\nP3 said *"no"*.\\n')
    '“It was fine.\\nReally.”\\n\\nP3 said “no”.\\n'
    """
    text = re.sub(r"`([^`\n]*)`", r"\1", text)
    text = re.sub(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)", "", text)
    lines: list[str] = []
    inside = False
    for line in text.split("\n"):
        quoted = line.startswith(">")
        body = line.lstrip("> ") if quoted else line
        if quoted and not inside:
            body = "“" + body
        if inside and not quoted:
            lines[-1] += "”"
        inside = quoted
        lines.append(body.replace('"', "") if quoted else body)
    if inside:
        lines[-1] += "”"
    return straight_to_curly("\n".join(lines))


def straight_to_curly(text: str) -> str:
    """Straight double quotes to “ and ”, paragraph by paragraph, so that one left open cannot swallow the rest."""
    return "\n\n".join(_curly(paragraph) for paragraph in text.split("\n\n"))


def _curly(paragraph: str) -> str:
    marks = iter(range(paragraph.count('"')))
    return re.sub('"', lambda _: QUOTED[next(marks) % 2], paragraph)


def _word_text(data: bytes, name: str) -> str:
    root = Archive(data, name).xml("word/document.xml")
    return "\n".join("".join(t.text or "" for t in paragraph.iter(f"{W}t")) for paragraph in root.iter(f"{W}p"))
