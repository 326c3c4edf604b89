"""The law for documents and tables: an interview written in a format comes back with the same turns, words and notes.

Hypothesis makes interviews out of label styles, containers, comments and tracked changes; each is written as Word,
OpenDocument and Rich Text, or as rows of a table, read again, and read a second time the plain way.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postil_formats.texts.readers import ReadOptions, Recognised, read_source
from postil_formats.texts.second_reading import compare
from tests.docx_maker import docx, run
from tests.odt_maker import comment as odt_comment
from tests.odt_maker import ods, odt
from tests.postil_formats.texts.documents.test_docx import comments, end, mark, on, said, start

WORDS = [
    "supplier",
    "colleague",
    "price",
    "list",
    "boss",
    "decided",
    "maybe",
    "later",
    "twice",
    "häufig",
    "naïve",
    "同僚",
    "it's",
]
KINDS = ("plain", "plain", "plain", "inserted", "deleted", "moved", "hidden", "commented", "gone comment", "point")
SHOWN = {"plain", "inserted", "commented", "point"}


class Piece(NamedTuple):
    """A word and what happened to it; a comment's number where one hangs on it."""

    kind: str
    word: str
    number: int = 0


class Paragraph(NamedTuple):
    """Pieces, whether the paragraph's end was deleted, and whether it stands in a content control."""

    pieces: tuple[Piece, ...]
    joins: bool
    held: bool

    @property
    def shown(self) -> str:
        """What Word would show."""
        return "".join(f"{piece.word} " for piece in self.pieces if piece.kind in SHOWN)


class Interview(NamedTuple):
    """Turns of two speakers, and how they are laid out."""

    turns: tuple[tuple[str, tuple[Paragraph, ...]], ...]
    layout: str  # inline, own line, table


@st.composite
def interviews(draw: st.DrawFn) -> Interview:
    """Four to seven turns that alternate; every paragraph begins with a word that stays."""
    number = 0
    turns = []
    for index in range(draw(st.integers(4, 7))):
        paragraphs = []
        for _ in range(draw(st.integers(1, 3))):
            pieces = [Piece("plain", draw(st.sampled_from(WORDS)))]
            for kind in draw(st.lists(st.sampled_from(KINDS), max_size=5)):
                commented = kind in ("commented", "gone comment", "point")
                number += commented
                pieces.append(Piece(kind, draw(st.sampled_from(WORDS)), number if commented else 0))
            paragraphs.append(Paragraph(tuple(pieces), draw(st.booleans()), draw(st.booleans())))
        paragraphs[-1] = paragraphs[-1]._replace(joins=False)
        turns.append((("Interviewer", "P07")[index % 2], tuple(paragraphs)))
    return Interview(tuple(turns), draw(st.sampled_from(["inline", "own line", "table"])))


def expected(interview: Interview, *, joins: bool = True) -> list[tuple[str, str]]:
    """The turns as they are to be stored."""
    return [
        (label, "\n".join(line for line, _ in lines(paragraphs, joins=joins))) for label, paragraphs in interview.turns
    ]


def lines(paragraphs: Sequence[Paragraph], *, joins: bool) -> list[tuple[str, list[Piece]]]:
    """The lines of a turn, each with its pieces: paragraphs whose end was deleted go on in the next."""
    made: list[tuple[str, list[Piece]]] = []
    open_ = False
    for paragraph in paragraphs:
        if open_:
            text, pieces = made.pop()
            made.append((text + paragraph.shown, [*pieces, *paragraph.pieces]))
        else:
            made.append((paragraph.shown, list(paragraph.pieces)))
        open_ = joins and paragraph.joins
    return [(text.strip(), pieces) for text, pieces in made]


def expected_notes(interview: Interview, *, joins: bool = True, gone: bool = True) -> set[tuple[str, str]]:
    """Each comment with the words it is to stand on: its own, or its paragraph's."""
    found = set()
    for _, paragraphs in interview.turns:
        for text, pieces in lines(paragraphs, joins=joins):
            for piece in pieces:
                if piece.kind == "commented":
                    found.add((f"note {piece.number}", piece.word))
                elif piece.number and (gone or piece.kind != "gone comment"):
                    found.add((f"note {piece.number}", text))
    return found


def check(data: bytes, name: str, turns: list[tuple[str, str]], notes: set[tuple[str, str]]) -> Recognised:
    made = read_source(data, name)
    assert said(made) == turns
    assert set(on(made)) == notes
    assert compare(data, name, made, ReadOptions()).all == ()
    return made


# --- Word -----------------------------------------------------------------------------------------------------------


def _word_piece(piece: Piece) -> str:
    text = run(f"{piece.word} ")
    deleted = f'<w:del w:id="9"><w:r><w:delText xml:space="preserve">{piece.word} </w:delText></w:r></w:del>'
    marks = (start(piece.number), end(piece.number) + mark(piece.number))
    return {
        "plain": text,
        "inserted": f'<w:ins w:id="8">{text}</w:ins>',
        "deleted": deleted,
        "moved": f'<w:moveFrom w:id="7">{text}</w:moveFrom>',
        "hidden": run(f"{piece.word} ", "<w:vanish/>"),
        "commented": f"{marks[0]}{run(piece.word)}{marks[1]}{run(' ')}",
        "gone comment": f"{marks[0]}{deleted}{marks[1]}",
        "point": f"{text}{mark(piece.number)}",
    }[piece.kind]


def _word_paragraph(paragraph: Paragraph, before: str = "") -> str:
    ending = '<w:pPr><w:rPr><w:del w:id="6"/></w:rPr></w:pPr>' if paragraph.joins else ""
    inner = "".join(map(_word_piece, paragraph.pieces))
    held = f"<w:sdt><w:sdtContent>{inner}</w:sdtContent></w:sdt>" if paragraph.held else inner
    return f"<w:p>{ending}{run(before) if before else ''}{held}</w:p>"


def as_word(interview: Interview) -> bytes:
    body = ""
    for number, (label, paragraphs) in enumerate(interview.turns):
        inline = f"{label}: " if interview.layout == "inline" else ""
        made = [_word_paragraph(p, "" if index else inline) for index, p in enumerate(paragraphs)]
        if interview.layout == "own line":
            body += f"<w:p>{run(f'{label}:')}</w:p>"
        if interview.layout == "table":
            row = f"<w:tr><w:tc><w:p>{run(label)}</w:p></w:tc><w:tc>{''.join(made)}</w:tc></w:tr>"
            body += f"<w:sdt><w:sdtContent>{row}</w:sdtContent></w:sdt>" if number % 2 else row
        else:
            body += "".join(made)
    body = f"<w:tbl>{body}</w:tbl>" if interview.layout == "table" else body
    numbers = [p.number for _, some in interview.turns for one in some for p in one.pieces if p.number]
    return docx(body, parts=comments(*((n, "Ana", f"note {n}") for n in numbers)))


@given(interviews())
@settings(max_examples=80, deadline=None)
def test_word(interview: Interview) -> None:
    check(as_word(interview), "P07.docx", expected(interview), expected_notes(interview))


# --- OpenDocument, where what was deleted stands outside the flow ---------------------------------------------------


def _odt_piece(piece: Piece) -> str:
    number = piece.number
    return {
        "plain": f"{piece.word} ",
        "inserted": f'<text:change-start text:change-id="i"/>{piece.word} <text:change-end text:change-id="i"/>',
        "deleted": '<text:change text:change-id="d"/>',
        "moved": '<text:change text:change-id="d"/>',
        "hidden": f'<text:span text:style-name="H">{piece.word} </text:span>',
        "commented": f"{odt_comment(f'note {number}', name=str(number))}{piece.word}"
        f'<office:annotation-end office:name="{number}"/> ',
        "gone comment": '<text:change text:change-id="d"/>',
        "point": f"{piece.word} {odt_comment(f'note {number}')}",
    }[piece.kind]


def as_odt(interview: Interview) -> bytes:
    gone = [p.word for _, some in interview.turns for one in some for p in one.pieces if p.kind in ("deleted", "moved")]
    regions = "".join(
        f"<text:changed-region><text:deletion><text:p>{word}</text:p></text:deletion></text:changed-region>"
        for word in gone
    )
    body = ""
    for label, paragraphs in interview.turns:
        inline = f"{label}: " if interview.layout == "inline" else ""
        made = [
            f"<text:p>{'' if index else inline}{''.join(map(_odt_piece, p.pieces))}</text:p>"
            for index, p in enumerate(paragraphs)
        ]
        body += f"<text:p>{label}:</text:p>" if interview.layout == "own line" else ""
        if interview.layout == "table":
            cells = (f"<text:p>{label}</text:p>", "".join(made))
            made = [f"<table:table-cell>{cell}</table:table-cell>" for cell in cells]
            body += f"<table:table-row>{''.join(made)}</table:table-row>"
        else:
            body += "".join(made)
    body = f"<table:table>{body}</table:table>" if interview.layout == "table" else body
    return odt(f"<text:tracked-changes>{regions}</text:tracked-changes>", body, hidden="H")


@given(interviews())
@settings(max_examples=60, deadline=None)
def test_open_document(interview: Interview) -> None:
    notes = expected_notes(interview, joins=False, gone=False)
    check(as_odt(interview), "P07.odt", expected(interview, joins=False), notes)


# --- Rich Text ------------------------------------------------------------------------------------------------------


def _rtf_words(text: str) -> str:
    return "".join(c if c.isascii() else rf"\u{ord(c)}?" for c in text)


def _rtf_piece(piece: Piece) -> str:
    word, number = _rtf_words(piece.word), piece.number
    noted = rf"{{\*\atnid A}}{{\*\atnauthor Ana}}\chatn{{\*\annotation{{\*\atnref {number}}}\pard note {number}}}"
    marks = (rf"{{\*\atrfstart {number}}}", rf"{{\*\atrfend {number}}}{noted}")
    return {
        "plain": f"{word} ",
        "inserted": rf"{{\revised\revauth1 {word} }}",
        "deleted": rf"{{\deleted\revauthdel1 {word} }}",
        "moved": rf"{{\mvf\mvauth1 {word} }}",
        "hidden": rf"{{\v {word} }}",
        "commented": f"{marks[0]}{word}{marks[1]} ",
        "gone comment": rf"{marks[0]}{{\deleted {word} }}{marks[1]}",
        "point": f"{word} {noted}",
    }[piece.kind]


def as_rtf(interview: Interview) -> bytes:
    body = ""
    for label, paragraphs in interview.turns:
        inside = r"\pard\intbl " if interview.layout == "table" else r"\pard "
        text = ""
        for index, paragraph in enumerate(paragraphs):
            text += "".join(map(_rtf_piece, paragraph.pieces))
            if index < len(paragraphs) - 1:
                text += r"{\deleted\par }" if paragraph.joins else rf"\par{inside}"
        if interview.layout == "table":
            body += rf"\trowd\pard\intbl {label}\cell{inside}{text}\cell\row "
        elif interview.layout == "own line":
            body += rf"\pard {label}:\par\pard {text}\par "
        else:
            body += rf"\pard {label}: {text}\par "
    return (r"{\rtf1\ansi\ansicpg1252 " + body + r"\pard}").encode("latin-1")


@given(interviews())
@settings(max_examples=60, deadline=None)
def test_rich_text(interview: Interview) -> None:
    check(as_rtf(interview), "P07.rtf", expected(interview), expected_notes(interview))


# --- rows -----------------------------------------------------------------------------------------------------------

HEADINGS = {
    "speaker": ("Speaker", "speaker_name", "Sprecher", "Wer", "話者"),
    "text": ("Text", "Transcript", "Wortlaut", "Utterance", "Original"),
    "start": ("Start", "Time", "Zeit", "start_time"),
    "translation": ("English translation", "Translation", "Übersetzung"),
    "code": ("Codes", "Tags", "Kategorien"),
    "count": ("#", "Nr.", "line"),
}


class Rows(NamedTuple):
    """A table: which column is what, the headings, and the cells."""

    roles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@st.composite
def tables(draw: st.DrawFn) -> Rows:
    """Columns in any order; a speaker and words are always among them."""
    roles = [
        "speaker",
        "text",
        *draw(st.lists(st.sampled_from(["start", "translation", "code", "count"]), unique=True)),
    ]
    roles = draw(st.permutations(roles))
    sentence = st.lists(st.sampled_from(WORDS), min_size=3, max_size=7).map(" ".join)
    rows = [tuple(draw(st.sampled_from(HEADINGS[role])) for role in roles)]
    for number in range(draw(st.integers(3, 8))):
        cells = {
            "speaker": ("Interviewer", "P07")[number % 2],
            "text": draw(sentence),
            "start": f"00:{number:02d}:05",
            "translation": f"in other words {draw(sentence)}",
            "code": draw(st.sampled_from(["", "price", "advice; price"])),
            "count": str(number + 1),
        }
        rows.append(tuple(cells[role] for role in roles))
    return Rows(tuple(roles), tuple(rows))


def as_csv(rows: Rows) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows.rows)
    return out.getvalue().encode()


def as_xlsx(rows: Rows) -> bytes:
    from openpyxl import Workbook

    book, buffer = Workbook(), io.BytesIO()
    for row in rows.rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(buffer)
    return buffer.getvalue()


def as_ods(rows: Rows) -> bytes:
    made = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row in rows.rows
    )
    return ods(f'<table:table table:name="T">{made}</table:table>')


def as_word_table(rows: Rows) -> bytes:
    made = "".join(
        f"<w:tr>{''.join(f'<w:tc><w:p>{run(cell)}</w:p></w:tc>' for cell in row)}</w:tr>" for row in rows.rows
    )
    return docx(f"<w:tbl>{made}</w:tbl>")


@pytest.mark.parametrize(
    ("write", "name"), [(as_csv, "a.csv"), (as_xlsx, "a.xlsx"), (as_ods, "a.ods"), (as_word_table, "a.docx")]
)
@given(rows=tables())
@settings(max_examples=30, deadline=None)
def test_rows(write: object, name: str, rows: Rows) -> None:
    def column(role: str) -> list[str]:
        return [row[rows.roles.index(role)] for row in rows.rows[1:]] if role in rows.roles else []

    data = write(rows)  # type: ignore[operator]
    made = read_source(data, name)
    assert said(made) == list(zip(column("speaker"), column("text"), strict=True))
    if "start" in rows.roles:
        assert [turn.start_ms for turn in made.turns] == [(n * 60 + 5) * 1000 for n in range(len(made.turns))]
    assert on(made) == (list(zip(column("translation"), column("text"), strict=True)) if column("translation") else [])
    unread = " ".join(warning for warning in made.warnings if "was not read" in warning)
    for role in ("code", "count"):
        if any(column(role)):
            assert f"the column {rows.rows[0][rows.roles.index(role)]!r} was not read" in unread
    assert compare(data, name, made, ReadOptions()).all == ()
