"""Walks a Rich Text file once: paragraphs, tables, comments, notes, as the values Word files become.

Control words after Microsoft's Rich Text Format Specification 1.9.1: deleted text (``\\deleted``), text moved away
(``\\mvf``) and hidden text (``\\v``) are left out and counted; a paragraph whose end was deleted goes on in the next.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from postil_formats.texts.documents import rtf_tokens as rtf
from postil_formats.texts.documents.docx_parts import Aside, Comment, Paragraph, Table, TextRun, WordFile
from postil_formats.texts.documents.docx_symbols import symbol
from postil_formats.texts.recognised import TakenOff
from postil_study.text.vocabulary import words

_SKIPPED = words(
    """colortbl info pict objdata nonshppict shprslt xe tc rxe upr operator title
    nonesttables"""
)
_CAPTURED = words("atrfstart atrfend atnid atnauthor atnref atndate fonttbl stylesheet fldinst listtext pntext")
_FLOWS = {
    "annotation": "comment",
    "footnote": "footnote",
    "shptxt": "text box",
    "dptxbxtext": "text box",
    **{f"header{side}": "page header" for side in ("", "l", "r", "f")},
    **{f"footer{side}": "page footer" for side in ("", "l", "r", "f")},
}
_RUBY = re.compile(
    r"\s*EQ\b.*?\\o\s*(?:\\a[lrcd]\s*)?\(\s*\\s\s*\\up\s*\d*\s*\((?P<aid>[^()]*)\)\s*[,;](?P<base>.*)\)\s*", re.S
)
_STARRED = frozenset({"fldinst", "annotation", "atrfstart", "atrfend", "atnid", "atnauthor", "atnref", "atndate", "ud"})


@dataclass(slots=True)
class _Group:
    """What holds within braces: where the text goes, and how its characters are."""

    into: str = "text"  # text, skip, or what is captured
    flow: bool = False  # whether the group has a flow of text of its own
    deleted: bool = False
    hidden: bool = False
    bold: bool = False
    raised: bool = False
    shaded: bool = False
    font: int = -1
    unicode_skip: int = 1


@dataclass(slots=True)
class _Flow:
    """A flow of paragraphs: the body, a comment, a note, a box."""

    kind: str = ""
    blocks: list[Paragraph | Table] = field(default_factory=list)
    paragraph: Paragraph = field(default_factory=Paragraph)
    length: int = 0
    cell: list[Paragraph] = field(default_factory=list)
    row: list[list[Paragraph]] = field(default_factory=list)
    rows: Table = field(default_factory=list)
    in_table: bool = False
    captured: dict[str, str] = field(default_factory=dict)

    def end_paragraph(self, *, joins: bool = False) -> None:
        """End the paragraph; one whose end was deleted goes on."""
        if joins:
            return
        if self.in_table:
            self.cell.append(self.paragraph)
        else:
            self.end_table()
            self.blocks.append(self.paragraph)
        before = self.paragraph
        self.paragraph, self.length = Paragraph(heading=before.heading, listed=before.listed), 0

    def end_cell(self) -> None:
        """End a cell of a table."""
        self.in_table = True
        self.end_paragraph()
        self.row.append(self.cell)
        self.cell = []

    def end_row(self) -> None:
        """End a row of a table."""
        if self.row:
            self.rows.append(self.row)
        self.row = []

    def end_table(self) -> None:
        """Put the table that is open to the blocks."""
        if self.cell:
            self.row.append(self.cell)
            self.cell = []
        self.end_row()
        if self.rows:
            self.blocks.append(self.rows)
        self.rows = []

    def finish(self) -> None:
        """Put what is left to the blocks."""
        if self.paragraph.runs or self.paragraph.asides or self.paragraph.comment_ends:
            self.end_paragraph()
        self.end_table()


class RtfReader:
    """Reads the tokens of a file into a document; ``page`` is its code page, which an explicit encoding replaces."""

    def __init__(self, file: WordFile, page: str, *, forced: bool = False) -> None:
        self.file, self.page, self.forced = file, page, forced
        self.comments: dict[str, Comment] = {}
        self.notes: dict[tuple[str, str], str] = {}
        file.comments, file.notes = self.comments, self.notes
        self.fonts: dict[int, rtf.Font] = {}
        self.headings: set[int] = set()
        self.groups: list[_Group] = []
        self.flows = [_Flow()]
        self.bytes = bytearray()
        self.to_skip = 0
        self.starred = False
        self.table_entry = 0

    def read(self, text: str) -> None:
        """Read a file decoded as latin-1."""
        for token in rtf.tokens(text):
            if not (token.text and token.sign in ("", "'")):
                self._flush()
            if token.brace == "{":
                self._open()
            elif token.brace:
                self._close()
                if not self.groups:
                    break
            elif token.text:
                self._bytes(token.text)
            elif token.word:
                self._word(token.word, token.number)
            elif token.sign:
                self._sign(token.sign)
        self._flush()
        while len(self.flows) > 1:
            self._end_flow()
        self.flows[0].finish()
        self.file.blocks += self.flows[0].blocks

    @property
    def group(self) -> _Group:
        """The innermost group."""
        if not self.groups:
            self.groups.append(_Group())
        return self.groups[-1]

    def _open(self) -> None:
        inner = replace(self.group, flow=False) if self.groups else _Group()
        if inner.into in ("atrfstart", "atrfend"):
            inner.into = "skip"
        self.groups.append(inner)
        self.to_skip = 0

    def _close(self) -> None:
        self.to_skip, self.starred = 0, False
        if self.groups:
            group = self.groups.pop()
            outer = self.groups[-1].into if self.groups else "text"
            if group.into in ("atrfstart", "atrfend") and group.into != outer:
                self._mark(group.into)
            elif group.into == "fldinst" and group.into != outer:
                self._field()
            elif group.into in ("listtext", "pntext") and group.into != outer:
                number = self.flows[-1].captured.pop(group.into, "").strip()
                self.file.taken += [TakenOff("list number", number)] if number else []
            if group.flow:
                self._end_flow()

    def _mark(self, which: str) -> None:
        flow = self.flows[-1]
        key = flow.captured.pop(which, "").strip()
        marks = flow.paragraph.comment_starts if which == "atrfstart" else flow.paragraph.comment_ends
        marks[key] = flow.length

    def _field(self) -> None:
        """Word keeps words with a reading aid above them in the instruction of a field."""
        match = _RUBY.fullmatch(self.flows[-1].captured.pop("fldinst", ""))
        if match is not None:
            self._add(match["base"])
            self.file.taken.append(TakenOff("reading aid (ruby)", match["aid"]))

    def _bytes(self, text: str) -> None:
        skipped = min(self.to_skip, len(text))
        self.to_skip -= skipped
        self.bytes += text[skipped:].encode("latin-1", "replace")

    def _flush(self) -> None:
        """Decode the bytes collected, by the font they stand in."""
        if not self.bytes:
            return
        data, self.bytes = bytes(self.bytes), bytearray()
        font = self.fonts.get(self.group.font)
        if font is not None and font.charset == rtf.SYMBOLS and self.group.into == "text":
            self._add("".join(symbol(font.name, f"{0xF000 + byte:X}") if byte > 32 else chr(byte) for byte in data))
            return
        page = self.page if self.forced or self.group.into != "text" else rtf.page_of(font, self.page)
        try:
            self._add(data.decode(page, "replace"))
        except LookupError:
            self._add(data.decode("cp1252", "replace"))

    def _add(self, text: str) -> None:
        """Add decoded text where the group says."""
        group, flow = self.group, self.flows[-1]
        if group.into in ("fonttbl", "stylesheet"):
            self._entry(group.into, text)
        elif group.into != "text":
            if group.into != "skip":
                flow.captured[group.into] = flow.captured.get(group.into, "") + text
        elif group.deleted or group.hidden:
            what = "deleted text (tracked changes)" if group.deleted else "hidden text"
            self.file.counted[what] += bool(text.strip())
        elif text:
            run = TextRun(text.replace("\xad", ""), group.raised, group.shaded, group.bold)
            flow.paragraph.runs.append(run)
            flow.length += len(run.text)

    def _entry(self, table: str, text: str) -> None:
        """A name in the table of fonts or styles."""
        name = text.strip().rstrip(";").strip()
        if table == "fonttbl" and name:
            known = self.fonts.get(self.table_entry, rtf.Font())
            self.fonts[self.table_entry] = known._replace(name=known.name or name)
        elif table == "stylesheet" and name.lower().startswith(("heading", "überschrift", "title", "titel", "titre")):
            self.headings.add(self.table_entry)

    def _sign(self, sign: str) -> None:
        if self.to_skip:
            self.to_skip -= 1
        elif sign == "*":
            self.starred = True
        elif sign in "\r\n":
            self._word("par", None)
        elif sign in rtf.SIGNS:
            self._add(rtf.SIGNS[sign])

    def _word(self, word: str, number: int | None) -> None:
        starred, self.starred = self.starred, False
        if word == "u":
            self._unicode(number or 0)
            return
        if self.to_skip:
            self.to_skip -= 1
            return
        group = self.group
        if group.into in ("fonttbl", "stylesheet"):
            self._table_word(word, number)
        elif word in _FLOWS and (group.into == "text" or word in ("shptxt", "dptxbxtext")):
            self._begin_flow(_FLOWS[word])
        elif word in _CAPTURED and group.into == "text":
            group.into = word
        elif word == "ud":
            group.into = "text"
        elif word in _SKIPPED or (starred and word not in _STARRED):
            self.file.counted["pictures"] += word == "pict" and group.into == "text"
            self.file.counted["formulas"] += word == "moMath" and group.into == "text"
            group.into = "skip"
        elif group.into == "text":
            self._in_text(word, number)
        elif word == "uc":
            group.unicode_skip = max(number or 0, 0)

    def _table_word(self, word: str, number: int | None) -> None:
        if word in ("f", "s") and number is not None:
            self.table_entry = number
            if word == "f":
                self.fonts[number] = rtf.Font()
        elif word == "fcharset" and number is not None:
            self.fonts[self.table_entry] = self.fonts.get(self.table_entry, rtf.Font())._replace(charset=number)
        elif word in ("cs", "ts", "ds"):
            self.table_entry = -1  # styles of characters and tables are no headings

    def _unicode(self, number: int) -> None:
        if self.group.into != "skip":
            code, font = number & 0xFFFF, self.fonts.get(self.group.font)
            private = 0xF020 <= code <= 0xF0FF and font is not None and font.charset == rtf.SYMBOLS
            self._add(symbol(font.name, f"{code:X}") if private and font is not None else chr(code))
        self.to_skip = self.group.unicode_skip

    def _in_text(self, word: str, number: int | None) -> None:
        flow, group = self.flows[-1], self.group
        if word in ("par", "sect", "nestcell"):
            flow.end_paragraph(joins=(group.deleted or group.hidden) and word == "par")
        elif word == "cell":
            flow.end_cell()
        elif word == "row":
            flow.end_row()
        elif word in rtf.CHARACTERS:
            self._add(rtf.CHARACTERS[word])
        elif word == "pard":
            flow.in_table = False
            flow.paragraph.heading = flow.paragraph.listed = False
        elif word == "intbl":
            flow.in_table = True
        elif word in ("s", "outlinelevel", "ls"):
            flow.paragraph.heading |= word == "outlinelevel" or (word == "s" and number in self.headings)
            flow.paragraph.listed |= word == "ls"
        elif word == "ftnalt" and flow.kind == "footnote":
            flow.kind = "endnote"
        else:
            self._of_characters(group, word, number)

    def _of_characters(self, group: _Group, word: str, number: int | None) -> None:
        on = number != 0
        if word == "plain":
            group.deleted = group.hidden = group.bold = group.raised = group.shaded = False
        elif word in ("deleted", "mvf"):
            group.deleted = on
        elif word == "v":
            group.hidden = on
        elif word == "b":
            group.bold = on
        elif word in ("super", "up", "nosupersub"):
            group.raised = on and word != "nosupersub"
        elif word in ("highlight", "chcbpat", "cb"):
            group.shaded = bool(number)
        elif word == "f" and number is not None:
            group.font = number
        elif word == "uc":
            group.unicode_skip = max(number or 0, 0)

    def _begin_flow(self, kind: str) -> None:
        group = self.group
        font, skip = group.font, group.unicode_skip
        self.groups[-1] = _Group(flow=True, font=font, unicode_skip=skip, deleted=group.deleted)
        self.flows.append(_Flow(kind))

    def _end_flow(self) -> None:
        """Give what a flow held its place in the one around it."""
        inner, outer = self.flows.pop(), self.flows[-1]
        inner.finish()
        file = WordFile(blocks=inner.blocks)
        text = "\n".join(line for paragraph in file.paragraphs if (line := rtf.whole(paragraph.text).strip()))
        if inner.kind == "comment":
            key = inner.captured.get("atnref", "").strip() or f"#{len(self.comments)}"
            author, date = outer.captured.pop("atnauthor", ""), rtf.date_of(inner.captured.get("atndate", ""))
            self.comments[key] = Comment((author or outer.captured.get("atnid", "")).strip(), date, text)
            outer.captured.pop("atnid", None)
            outer.paragraph.asides.append(Aside(outer.length, "comment", key))
        elif inner.kind.startswith("page"):
            self.file.taken += [TakenOff(inner.kind, text)] if text else []
        elif text and inner.kind == "text box":
            outer.paragraph.asides.append(Aside(outer.length, "text box", text))
        elif text:
            self.notes[inner.kind, str(len(self.notes))] = text
            outer.paragraph.asides.append(Aside(outer.length, inner.kind, str(len(self.notes) - 1)))
