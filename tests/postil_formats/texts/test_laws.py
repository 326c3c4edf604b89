"""Interviews written in every format and read back: same turns, same words, and a silent second reading.

Hypothesis builds the talk; label styles, clocks, containers, comments and tracked changes are combined at random.
"""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postil_formats.texts.readers import ReadOptions, Recognised, read_source
from postil_formats.texts.second_reading import compare
from tests.docx_maker import NS, docx
from tests.odt_maker import comment, odt
from tests.odt_maker import p as odt_p


@dataclass(frozen=True)
class Spoken:
    """A turn as somebody said it: speaker, lines, start in seconds."""

    who: str
    lines: tuple[str, ...]
    start: int

    @property
    def words(self) -> str:
        return " ".join(self.lines)


PAIRS = [
    ("Interviewer", "P07"),
    ("I", "B"),
    ("Dana Smith", "Otis Brown"),
    ("SPEAKER_00", "SPEAKER_01"),
    ("Dana Smith (she/her) | Univ. of Somewhere", "dana's iPad #2"),
    ("Dr. Ngozi Okafor", "otis.brown@example.org"),
    ("訪問者", "参加者"),
    ("Интервьюер", "Респондент"),
]
SAID = """we asked a colleague first then the boss decided it was fine no yes because of their price list and I think so
    naïve größer 10 2026 don't well-known (really) “quoted” e.g. 9:15 10:30 наши まず聞いた"""
WORDS = st.sampled_from([word for word in SAID.split() if word])
LINE = st.lists(WORDS, min_size=1, max_size=12).map(lambda words: " ".join(words) + ".")


@st.composite
def interviews(draw: st.DrawFn) -> list[Spoken]:
    """A talk of two who take turns; its clocks run past an hour."""
    pair = draw(st.sampled_from(PAIRS))
    count = draw(st.integers(4, 9))
    at = draw(st.integers(0, 3_500))
    made = []
    for number in range(count):
        lines = tuple(draw(st.lists(LINE, min_size=1, max_size=2)))
        made.append(Spoken(pair[number % 2], lines, at))
        at += draw(st.integers(1, 900))
    return made


def past(seconds: int) -> str:
    return f"{seconds // 60:02}:{seconds % 60:02}"


def hours(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def spoken(seconds: int) -> str:
    return f"{seconds // 60} minute{'' if seconds // 60 == 1 else 's'} {seconds % 60} seconds"


CLOCKS: list[Callable[[int], str]] = [past, hours, lambda seconds: f"{hours(seconds)}.000"]
INLINE = [
    "{who}: {text}",
    "[{clock}] {who}: {text}",
    "{clock} {who}: {text}",
    "{who} ({clock}): {text}",
    "[{who}] [{clock}] {text}",
]
ABOVE = ["{who}:", "{who} ({clock})", "{who}  {clock}", "[{clock}] {who}:", "{clock}\n{who}:", "{who}\n{clock}"]


def laid_out(talk: list[Spoken], layout: str, clock: Callable[[int], str]) -> list[list[str]]:
    """The lines of each turn in a layout; a label on lines of its own has the words below it."""
    made = []
    for turn in talk:
        first, *rest = turn.lines
        head = layout.format(who=turn.who, clock=clock(turn.start), text=first)
        made.append([*head.split("\n"), *([first] if "{text}" not in layout else []), *rest])
    return made


def check(data: bytes, name: str, talk: list[Spoken], *, merged: bool = False) -> Recognised:
    """Read back: the same turns and words, and nothing that the second reading says."""
    made = read_source(data, name)
    joint = " " if merged else "\n"
    assert [(turn.label, turn.text) for turn in made.turns] == [(turn.who, joint.join(turn.lines)) for turn in talk]
    assert compare(data, name, made, ReadOptions()).all == ()
    return made


LAYOUTS = st.sampled_from([*INLINE, *ABOVE])
FEW = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@FEW
@given(interviews(), LAYOUTS, st.sampled_from(CLOCKS), st.sampled_from(["utf-8", "utf-16"]))
def test_plain_text(talk: list[Spoken], layout: str, clock: Callable[[int], str], encoding: str) -> None:
    text = "\n\n".join("\n".join(lines) for lines in laid_out(talk, layout, clock)) + "\n"
    check(text.encode(encoding), "a.txt", talk)


@FEW
@given(interviews(), st.sampled_from(ABOVE[1:3]))
def test_clocks_written_out(talk: list[Spoken], layout: str) -> None:
    text = "\n\n".join("\n".join(lines) for lines in laid_out(talk, layout, spoken)) + "\n"
    check(text.encode(), "a.txt", talk)


def word_run(text: str, *, deleted: bool = False) -> str:
    kind = "delText" if deleted else "t"
    return f'<w:r><w:{kind} xml:space="preserve">{escape(text)}</w:{kind}></w:r>'


@st.composite
def word_paragraphs(draw: st.DrawFn, lines: list[str]) -> tuple[str, int]:
    """Paragraphs with tracked changes and comments strewn in; how many comments there are."""
    made, comments = [], 0
    for line in lines:
        cut = draw(st.integers(0, len(line)))
        parts = [word_run(line[:cut]), word_run(line[cut:])]
        change = draw(st.sampled_from(["none", "inserted", "deleted", "moved", "comment", "control"]))
        if change == "inserted":
            parts[1] = f'<w:ins w:id="1" w:author="Ana">{parts[1]}</w:ins>'
        elif change == "deleted":
            parts.insert(1, f'<w:del w:id="1" w:author="Ana">{word_run("Secret: name ", deleted=True)}</w:del>')
        elif change == "moved":
            parts.insert(1, f'<w:moveFrom w:id="1" w:author="Ana">{word_run("elsewhere ")}</w:moveFrom>')
        elif change == "control":
            parts[1] = f"<w:sdt><w:sdtContent>{parts[1]}</w:sdtContent></w:sdt>"
        elif change == "comment" and line[cut:].strip():
            marks = (f'<w:commentRangeStart w:id="{comments}"/>', f'<w:commentRangeEnd w:id="{comments}"/>')
            parts = [parts[0], marks[0], parts[1], marks[1]]
            comments += 1
        made.append(f"<w:p>{''.join(parts)}</w:p>")
    return "".join(made), comments


def comments_part(count: int) -> dict[str, str | bytes]:
    inner = "".join(
        f'<w:comment w:id="{n}" w:author="Ana"><w:p><w:r><w:t>Code {n}: advice</w:t></w:r></w:p></w:comment>'
        for n in range(count)
    )
    return {"word/comments.xml": f'<w:comments xmlns:w="{NS}">{inner}</w:comments>'}


@FEW
@given(interviews(), LAYOUTS, st.sampled_from(CLOCKS), st.data())
def test_word(talk: list[Spoken], layout: str, clock: Callable[[int], str], data: st.DataObject) -> None:
    lines = [line for turn in laid_out(talk, layout, clock) for line in turn]
    body, comments = data.draw(word_paragraphs(lines))
    made = check(docx(body, parts=comments_part(comments)), "a.docx", talk)
    assert sum(note.source == "word-comments" for note in made.notes) == comments


@FEW
@given(interviews(), st.data())
def test_a_table_in_word(talk: list[Spoken], data: st.DataObject) -> None:
    rows, comments = [], 0
    for turn in talk:
        body, some = data.draw(word_paragraphs(list(turn.lines)))
        for number in reversed(range(some)):
            for mark in ("Start", "End"):
                body = body.replace(f'Range{mark} w:id="{number}"', f'Range{mark} w:id="{number + comments}"')
        comments += some
        cells = "".join(f"<w:tc><w:p>{word_run(cell)}</w:p></w:tc>" for cell in (turn.who, hours(turn.start)))
        row = f"<w:tr>{cells}<w:tc>{body}</w:tc></w:tr>"
        rows.append(data.draw(st.sampled_from([row, f"<w:sdt><w:sdtContent>{row}</w:sdtContent></w:sdt>"])))
    heading = "".join(f"<w:tc><w:p>{word_run(cell)}</w:p></w:tc>" for cell in ("Speaker", "Time", "Text"))
    table = f"<w:tbl><w:tr>{heading}</w:tr>{''.join(rows)}</w:tbl>"
    made = check(docx(table, parts=comments_part(comments)), "a.docx", talk)
    assert [turn.start_ms for turn in made.turns] == [turn.start * 1_000 for turn in talk]
    assert sum(note.start is not None for note in made.notes) == comments


@FEW
@given(interviews(), LAYOUTS, st.sampled_from(CLOCKS), st.booleans())
def test_open_document(talk: list[Spoken], layout: str, clock: Callable[[int], str], remarks: bool) -> None:
    lines = [line for turn in laid_out(talk, layout, clock) for line in turn]
    remark = comment("a remark: really") if remarks else ""
    blocks = [odt_p(escape(line) + (remark if number == 2 else "")) for number, line in enumerate(lines)]
    check(odt(*blocks), "a.odt", talk)


@FEW
@given(interviews(), LAYOUTS, st.sampled_from(CLOCKS))
def test_rich_text(talk: list[Spoken], layout: str, clock: Callable[[int], str]) -> None:
    def coded(text: str) -> str:
        return "".join(c if c < "\x80" and c not in "\\{}" else f"\\u{ord(c)}?" for c in text)

    lines = [line for turn in laid_out(talk, layout, clock) for line in turn]
    check(("{\\rtf1\\ansi " + "".join(f"{coded(line)}\\par\n" for line in lines) + "}").encode(), "a.rtf", talk)


@FEW
@given(interviews(), st.sampled_from(["**{who}:** {text}", "**{who}** ({clock}): {text}", "{who}: {text}"]))
def test_markdown(talk: list[Spoken], layout: str) -> None:
    turns = [
        layout.format(who=turn.who.replace("#", "\\#"), clock=past(turn.start), text="\n\n".join(turn.lines))
        for turn in talk
    ]
    check("\n\n".join(turns).encode(), "a.md", talk)


CUES = ["<v {who}>{text}", "{who}: {text}", "({who})\n{text}", ">> {who}: {text}", "[{who}] {text}", "identifier"]


@FEW
@given(interviews(), st.sampled_from(CUES), st.sampled_from(["vtt", "srt"]), st.booleans())
def test_subtitles(talk: list[Spoken], layout: str, suffix: str, minutes: bool) -> None:
    blocks = []
    for number, turn in enumerate(talk, 1):
        for part, line in enumerate(turn.lines):
            start, end = (f"{(past if minutes else hours)(turn.start)}.{part}{edge}0" for edge in (0, 5))
            named = layout == "identifier"
            label = f'{number} "{turn.who}" (17)' if named else str(number)
            text = line if named else layout.format(who=turn.who, text=line)
            blocks.append(f"{label}\n{start} --> {end}\n{text}")
    content = ("WEBVTT\n\n" if suffix == "vtt" else "") + "\n\n".join(blocks) + "\n"
    made = check(content.encode(), f"a.{suffix}", talk, merged=True)
    assert [turn.start_ms for turn in made.turns] == [turn.start * 1_000 for turn in talk]


@FEW
@given(interviews(), st.sampled_from(["segments", "utterances", "lines"]), st.sampled_from([1, 1000]), st.booleans())
def test_json(talk: list[Spoken], key: str, unit: int, words: bool) -> None:
    def entry(turn: Spoken) -> dict[str, object]:
        length = max(1, len(turn.words.split()) // 2)
        own = [{"word": word, "speaker": turn.who} for word in turn.words.split()]
        times = {"start": turn.start * unit, "end": (turn.start + length) * unit}
        return {"speaker": turn.who, "text": turn.words, **times, "words": own if words else []}

    content = {"text": " ".join(turn.words for turn in talk), key: [entry(turn) for turn in talk]}
    made = check(json.dumps(content).encode(), "a.json", talk, merged=True)
    assert [turn.start_ms for turn in made.turns] == [turn.start * 1_000 for turn in talk]


@FEW
@given(interviews(), st.sampled_from(",;\t"), st.booleans())
def test_tables(talk: list[Spoken], delimiter: str, workbook: bool) -> None:
    rows = [["Speaker", "Start", "Text"], *([turn.who, hours(turn.start), "\n".join(turn.lines)] for turn in talk)]
    if workbook:
        from openpyxl import Workbook

        book = Workbook()
        assert book.active is not None
        for row in rows:
            book.active.append(row)
        binary = io.BytesIO()
        book.save(binary)
        check(binary.getvalue(), "a.xlsx", talk)
        return
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    check(text.getvalue().encode(), "a.csv", talk)


PAGES = ["<p><b>{who}:</b> {text}</p>", "<p>[{clock}] {who}: {text}</p>", "<p>{who}</p><p>{clock}</p><p>{text}</p>"]


@FEW
@given(interviews(), st.sampled_from(PAGES))
def test_web_pages(talk: list[Spoken], layout: str) -> None:
    body = "".join(
        layout.format(who=html.escape(turn.who), clock=past(turn.start), text="<br>".join(map(html.escape, turn.lines)))
        for turn in talk
    )
    check(f"<html><head><meta charset=utf-8></head><body>{body}</body></html>".encode(), "a.html", talk)
