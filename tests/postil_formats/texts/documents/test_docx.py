"""Word files: content controls, ruby, tracked changes, comments wherever they stand, notes at a point."""

from __future__ import annotations

import io
import zipfile

import pytest

from postil_base.problem import PostilError
from postil_formats.texts.readers import ReadOptions, Recognised, read_source
from postil_formats.texts.recognised import SourceNote
from tests.docx_maker import NS, docx, para, run

COMMENT = (
    '<w:comment w:id="{0}" w:author="{1}" w:date="2026-11-30T10:00:00Z">'
    "<w:p><w:r><w:t>{2}</w:t></w:r></w:p></w:comment>"
)
BASE = (para("Interviewer: How did you pick it?"), para("P07: We asked a colleague."), para("Interviewer: Fine?"))


def comments(*made: tuple[int, str, str]) -> dict[str, str | bytes]:
    body = "".join(COMMENT.format(*comment) for comment in made)
    return {"word/comments.xml": f'<w:comments xmlns:w="{NS}">{body}</w:comments>'}


def read(*blocks: str, options: ReadOptions | None = None, **parts: str) -> Recognised:
    more = {f"word/{name.replace('_', '.')}": text for name, text in parts.items()}
    return read_source(docx(*blocks, parts=more), "P07.docx", options)


def commented(*blocks: str, made: tuple[tuple[int, str, str], ...] = ((0, "Ana", "why"),)) -> Recognised:
    return read_source(docx(*blocks, parts=comments(*made)), "P07.docx")


def said(made: Recognised) -> list[tuple[str, str]]:
    return [(turn.label, turn.text) for turn in made.turns]


def words_of(made: Recognised, note: SourceNote) -> str:
    if note.start is None or note.end is None:
        return "(whole transcript)"
    texts = [turn.text for turn in made.turns[note.start.turn : note.end.turn + 1]]
    texts[-1] = texts[-1][: note.end.offset]
    texts[0] = texts[0][note.start.offset :]
    return "|".join(texts)


def on(made: Recognised) -> list[tuple[str, str]]:
    return [(note.text, words_of(made, note)) for note in made.notes]


def start(number: int = 0) -> str:
    return f'<w:commentRangeStart w:id="{number}"/>'


def end(number: int = 0) -> str:
    return f'<w:commentRangeEnd w:id="{number}"/>'


def mark(number: int = 0) -> str:
    return f'<w:r><w:commentReference w:id="{number}"/></w:r>'


def held(*inner: str) -> str:
    return f"<w:sdt><w:sdtPr/><w:sdtContent>{''.join(inner)}</w:sdtContent></w:sdt>"


def cell(*blocks: str, span: int = 1, properties: str = "") -> str:
    inner = "".join(block if block.startswith("<w:") else para(block) for block in blocks)
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{properties}</w:tcPr>{inner}</w:tc>'


def row(*cells: str, properties: str = "") -> str:
    inner = "".join(text if text.startswith("<w:") else cell(text) for text in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


ROWS = (row("Interviewer", "How did you pick it?"), row("P07", "We asked."), row("Interviewer", "And then?"))
FOUR = [("Interviewer", "How did you pick it?"), ("P07", "We asked."), ("Interviewer", "And then?"), ("P07", "Prices.")]


class TestContentControls:
    @pytest.mark.parametrize(
        "blocks",
        [
            (table(*ROWS, held(row("P07", "Prices."))),),
            (table(*ROWS, row("P07", held(cell("Prices.")))),),
            (table(*ROWS, row("P07", cell(held(para("Prices."))))),),
            (table(*ROWS, row("P07", cell(para(held(run("Prices.")))))),),
            (held(table(*ROWS, held(held(row(held(cell("P07")), held(cell("Prices."))))))),),
            (table(*ROWS, f"<w:customXml>{row('P07', 'Prices.')}</w:customXml>"),),
        ],
        ids=["row", "cell", "paragraph", "run", "nested", "custom"],
    )
    def test_in_a_table(self, blocks: tuple[str, ...]) -> None:
        assert said(read(*blocks)) == FOUR

    @pytest.mark.parametrize("wrap", [held, lambda *inner: f"<w:customXml>{''.join(inner)}</w:customXml>"])
    def test_in_the_body(self, wrap: object) -> None:
        made = read(BASE[0], wrap(BASE[1], wrap(BASE[2])), para("P07: ", wrap(run("Not "), wrap(run("really.")))))  # type: ignore[operator]
        assert [text for _, text in said(made)] == [
            "How did you pick it?",
            "We asked a colleague.",
            "Fine?",
            "Not really.",
        ]


class TestCharacters:
    def test_ruby_and_symbols(self) -> None:
        ruby = (
            "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>どうりょう</w:t></w:r></w:rt>"
            "<w:rubyBase><w:r><w:t>同僚</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        )
        arrow = '<w:r><w:sym w:font="Wingdings" w:char="F0E0"/></w:r>'
        made = read(BASE[0], para("P07: まず", ruby, "に", arrow, "値段"), BASE[2])
        assert made.turns[1].text == "まず同僚に→値段"
        assert [(item.kind, item.text) for item in made.taken if "ruby" in item.kind] == [
            ("reading aid (ruby)", "どうりょう")
        ]

    def test_an_emoji_comes_in_two_ways_and_is_kept_once(self) -> None:
        mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
        emoji = (
            f'<w:r><mc:AlternateContent xmlns:mc="{mc}"><mc:Choice Requires="w16se"><w16se:symEx '
            'xmlns:w16se="http://schemas.microsoft.com/office/word/2015/wordml/symex" '
            'w16se:font="Segoe UI Emoji" w16se:char="1F60A"/></mc:Choice>'
            "<mc:Fallback><w:t>😊</w:t></mc:Fallback></mc:AlternateContent></w:r>"
        )
        assert read(BASE[0], para("P07: Fine", emoji), BASE[2]).turns[1].text == "Fine😊"

    def test_hyphens_tabs_breaks_and_hard_spaces(self) -> None:
        inner = (
            "<w:r><w:t>well</w:t><w:noBreakHyphen/><w:t>known col</w:t><w:softHyphen/><w:t>league a\u00adbove</w:t>"
            '<w:tab/><w:t>one\u00a0two</w:t><w:br/><w:t>three</w:t><w:ptab w:alignment="left"/><w:t>four</w:t></w:r>'
        )
        made = read(BASE[0], f"<w:p>{run('P07: ')}{inner}</w:p>", BASE[2])
        assert made.turns[1].text == "well\u2011known colleague above\tone\u00a0two\nthree\tfour"

    def test_fields_give_their_result(self) -> None:
        field = (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "x"</w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>the list</w:t></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
            '<w:fldSimple w:instr="DATE"><w:r><w:t> today</w:t></w:r></w:fldSimple>'
        )
        assert read(BASE[0], f"<w:p>{run('P07: See ')}{field}</w:p>", BASE[2]).turns[1].text == "See the list today"

    def test_a_formula_is_words(self) -> None:
        m = "http://schemas.openxmlformats.org/officeDocument/2006/math"
        formula = f'<m:oMath xmlns:m="{m}"><m:r><m:t>x=2</m:t></m:r></m:oMath>'
        assert read(BASE[0], f"<w:p>{run('P07: So ')}{formula}</w:p>", BASE[2]).turns[1].text == "So x=2"


DELETED = '<w:pPr><w:rPr><w:del w:id="9" w:author="Ana"/></w:rPr></w:pPr>'
MOVED = '<w:pPr><w:rPr><w:moveFrom w:id="9" w:author="Ana"/></w:rPr></w:pPr>'


class TestTrackedChanges:
    def test_a_deleted_paragraph_mark_joins(self) -> None:
        made = read(BASE[0], f"<w:p>{DELETED}{run('P07: We asked a colle')}</w:p>", para("ague."), BASE[2])
        assert made.turns[1].text == "We asked a colleague."

    def test_three_paragraphs_join_and_comments_move_along(self) -> None:
        made = commented(
            BASE[0],
            f"<w:p>{DELETED}{run('P07: We as')}</w:p>",
            f"<w:p>{DELETED}{run('ked ')}{start()}{run('a col')}</w:p>",
            para(run("league"), end(), run(" first."), mark()),
            BASE[2],
        )
        assert made.turns[1].text == "We asked a colleague first."
        assert on(made) == [("why", "a colleague")]

    def test_a_paragraph_deleted_whole_leaves_nothing(self) -> None:
        gone = f"<w:p>{DELETED}<w:del><w:r><w:delText>SECRET</w:delText></w:r></w:del></w:p>"
        assert said(read(BASE[0], gone, *BASE[1:])) == said(read(*BASE))

    def test_a_moved_paragraph_stands_in_its_new_place(self) -> None:
        old = f"<w:p>{MOVED}<w:moveFrom><w:r><w:t>P07: We asked a colleague.</w:t></w:r></w:moveFrom></w:p>"
        new = f"<w:p><w:moveTo>{run('P07: We asked a colleague.')}</w:moveTo></w:p>"
        assert said(read(old, BASE[0], new, BASE[2])) == said(read(*BASE))

    def test_a_deleted_row_and_a_deleted_cell(self) -> None:
        gone = row("P07", "SECRET words here.", properties='<w:del w:id="1"/>')
        cut = row("P07", cell("SECRET", properties='<w:cellDel w:id="2"/>'), "Prices.")
        made = read(table(*ROWS, gone, cut))
        assert said(made) == FOUR
        assert any("deleted text" in warning for warning in made.warnings)

    def test_inserted_paragraphs_and_rows_stay(self) -> None:
        inserted = (
            "<w:p><w:pPr><w:rPr><w:ins w:id='3'/></w:rPr></w:pPr>" + f"<w:ins>{run('P07: Prices.')}</w:ins></w:p>"
        )
        assert read(*BASE, inserted).turns[-1].text == "Prices."
        assert said(read(table(*ROWS, row("P07", "Prices.", properties="<w:ins w:id='4'/>")))) == FOUR


class TestComments:
    def test_marks_between_paragraphs(self) -> None:
        made = commented(BASE[0], start(), BASE[1], para("Then prices."), end(), para("Interviewer: Fine?", mark()))
        assert on(made) == [("why", "We asked a colleague.\nThen prices.")]
        assert (made.notes[0].author, made.notes[0].date[:10]) == ("Ana", "2026-11-30")

    def test_marks_between_rows_and_cells(self) -> None:
        rows = (ROWS[0], start() + ROWS[1], ROWS[2] + end(), row("P07", "Prices."))
        assert on(commented(table(*rows))) == [("why", "We asked.|And then?")]
        inside = cell(start() + para("Prices.") + end())
        assert on(commented(table(*ROWS, row("P07", inside)))) == [("why", "Prices.")]

    def test_on_some_words_of_a_cell(self) -> None:
        inner = para(run("We asked "), start(), run("the other"), end(), run(" one."), mark())
        made = commented(table(*ROWS, row("P07", cell("Prices.", inner))))
        assert on(made) == [("why", "the other")]

    @pytest.mark.parametrize("column", [0, 1])
    def test_in_a_cell_without_words_it_is_on_its_row(self, column: int) -> None:
        texts = ["00:00:09", "P07", "Prices."]
        texts[column] = cell(para(start(), run(texts[column]), end(), mark()))
        rows = [row("00:00:01", "I", "How?"), row("00:00:03", "P07", "So."), row("00:00:05", "I", "And?"), row(*texts)]
        assert on(commented(table(*rows))) == [("why", "Prices.")]

    @pytest.mark.parametrize(
        "inner",
        [
            f"{run('We asked a colleague.')}{mark()}",
            f"{run('We asked')}{start()}{end()}{mark()}{run(' a colleague.')}",
            f"{run('We asked')}{start()}{run(' ')}{end()}{mark()}{run('a colleague.')}",
            f"{run('We asked')}{end()}{mark()}{run(' a colleague.')}",
            f"{run('We asked')}<w:del>{start()}<w:r><w:delText>x</w:delText></w:r>{end()}{mark()}</w:del>"
            f"{run(' a colleague.')}",
        ],
        ids=["point", "nothing between", "a space", "end only", "deleted words"],
    )
    def test_no_words_marked_means_the_paragraph(self, inner: str) -> None:
        made = commented(BASE[0], f"<w:p>{run('P07: ')}{inner}</w:p>", para("Second paragraph."), BASE[2])
        assert on(made) == [("why", "We asked a colleague.")]

    def test_on_a_label_it_is_on_the_turn(self) -> None:
        made = commented(
            para("Interviewer:"),
            para("How?"),
            para(start(), run("P07:"), end(), mark()),
            para("We asked."),
            para("Prices."),
            para("Interviewer:"),
            para("Fine?"),
            para("P07:"),
            para("Yes."),
        )
        assert on(made) == [("why", "We asked.\nPrices.")]

    def test_on_the_title_it_is_on_the_whole_and_told(self) -> None:
        made = commented(para("Interview with P07", mark()), para(""), *BASE)
        assert on(made) == [("why", "(whole transcript)")]
        assert any("whole transcript" in warning for warning in made.warnings)

    def test_overlapping_and_nested(self) -> None:
        inner = (
            f"{start(0)}{run('We ')}{start(1)}{run('asked ')}{end(0)}{start(2)}{run('them')}{end(2)}{run('.')}{end(1)}"
        )
        made = commented(
            BASE[0], f"<w:p>{run('P07: ')}{inner}</w:p>", BASE[2], made=((0, "A", "a"), (1, "B", "b"), (2, "A", "c"))
        )
        assert on(made) == [("a", "We asked "), ("b", "asked them."), ("c", "them")]

    def test_behind_the_anchor_of_an_annotation(self) -> None:
        from tests.docx_maker import anchor, note_list, shaded

        made = commented(
            BASE[0],
            para("P07: ", shaded("We asked"), anchor("12"), run(" a "), start(), run("colleague"), end(), run(".")),
            BASE[2],
            note_list({12: ["n"]}),
        )
        assert ("why", "colleague") in on(made)


class TestNotesAtAPoint:
    NOTE = (
        '<w:footnotes xmlns:w="{0}"><w:footnote w:id="-1"><w:p/></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:t>Laughs.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )

    def test_a_footnote_is_a_note_on_its_paragraph(self) -> None:
        inner = f"{run('P07: We asked.')}<w:r><w:footnoteReference w:id='2'/></w:r>"
        made = read(BASE[0], f"<w:p>{inner}</w:p>", BASE[2], footnotes_xml=self.NOTE.format(NS))
        assert made.turns[1].text == "We asked."
        assert [(note.source, note.text, words_of(made, note)) for note in made.notes] == [
            ("footnotes", "Laughs.", "We asked.")
        ]

    def test_a_text_box_is_a_note_and_doubled_by_no_fallback(self) -> None:
        mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
        box = f"<w:txbxContent>{para('Aside')}{para('of two lines')}</w:txbxContent>"
        drawn = (
            f'<w:r><mc:AlternateContent xmlns:mc="{mc}"><mc:Choice Requires="wps">'
            f"<w:drawing>{box}</w:drawing></mc:Choice>"
            f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        )
        made = read(BASE[0], f"<w:p>{run('P07: We asked.')}{drawn}</w:p>", BASE[2])
        assert [(n.source, n.text, words_of(made, n)) for n in made.notes] == [
            ("text-boxes", "Aside\nof two lines", "We asked.")
        ]
        in_cell = read(table(*ROWS, row("P07", cell(f"<w:p>{run('Prices.')}{drawn}</w:p>"))))
        assert said(in_cell) == FOUR
        assert on(in_cell) == [("Aside\nof two lines", "Prices.")]

    def test_words_in_boxes_only(self) -> None:
        box = f"<w:p><w:r><w:pict><w:txbxContent>{para('P07: All of it.')}</w:txbxContent></w:pict></w:r></w:p>"
        with pytest.raises(PostilError, match="text boxes"):
            read(box)

    def test_heads_and_feet_of_pages_are_listed(self) -> None:
        head = f'<w:hdr xmlns:w="{NS}">{para("Confidential")}</w:hdr>'
        made = read(*BASE, header1_xml=head, header2_xml=head)
        assert [(item.kind, item.text) for item in made.taken if "page" in item.kind] == [
            ("page header", "Confidential")
        ]


class TestTables:
    def test_a_frame_around_the_table_is_taken_off(self) -> None:
        framed = table(row(cell(table(*ROWS, row("P07", "Prices.")))))
        assert said(read(framed)) == FOUR

    def test_a_table_in_a_cell_stays_with_its_speaker(self) -> None:
        made = read(table(*ROWS, row("P07", cell("Prices:", table(row("a", "one"), row("b", "two"))))))
        assert made.turns[-1] == ("P07", "Prices:\na\none\nb\ntwo", None, None)

    def test_a_title_across_all_columns(self) -> None:
        made = read(table(row(cell("Interview of May", span=2)), *ROWS, row("P07", "Prices.")))
        assert said(made) == FOUR
        assert made.header == ("Interview of May",)

    def test_particulars_in_a_table_of_their_own(self) -> None:
        about = table(row("Date", "12 May 2026"), row("Place", "Bonn"), row("Participant", "P07"))
        made = read(about, table(*ROWS, row("P07", "Prices.")), para("End."))
        assert said(made) == FOUR
        assert made.header == ("Date 12 May 2026", "Place Bonn", "Participant P07")
        assert made.footer == ("End.",)

    def test_a_heading_on_each_page(self) -> None:
        heading = row("Speaker", "Transcript")
        made = read(table(heading, *ROWS), table(heading, row("P07", "Prices.")))
        assert said(made) == FOUR

    def test_the_column_of_codes_is_named(self) -> None:
        rows = [row("Speaker", "Transcript", "Codes"), *(r[:-7] + cell("price") + "</w:tr>" for r in ROWS)]
        made = read(table(*rows, row("P07", "Prices.", "")))
        assert said(made) == FOUR
        assert any("'Codes' was not read (3 cells" in warning for warning in made.warnings)

    def test_words_with_labels_beside_a_column_of_codes(self) -> None:
        lines = ["I: How?", "P07: We asked a colleague.", "I: And then?", "P07: Then the price list."]
        codes = ["", "advice from peers", "", "price; hierarchy"]
        made = read(table(*(row(*pair) for pair in zip(lines, codes, strict=True))))
        assert said(made) == [tuple(line.split(": ")) for line in lines]
        assert ("advice from peers", "We asked a colleague.") in on(made)


def test_text_that_only_word_can_fetch_is_refused() -> None:
    buffer = io.BytesIO(docx(para("Above."), '<w:altChunk r:id="h1" xmlns:r="r"/>'))
    assert zipfile.is_zipfile(buffer)
    with pytest.raises(PostilError, match=r"altChunk.*Open the file in Word, save it as \.docx"):
        read_source(buffer.getvalue(), "P07.docx")
    with pytest.raises(PostilError, match="master document"):
        read(*BASE, '<w:p><w:subDoc r:id="h1" xmlns:r="r"/></w:p>')


def renamed(data: bytes, names: dict[str, str], more: dict[str, str]) -> bytes:
    """A Word file with parts of other names, as some programs write them, and parts that say so."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for part in old.namelist():
            new.writestr(names.get(part, part), old.read(part))
        for part, text in more.items():
            new.writestr(part, text)
    return buffer.getvalue()


def test_parts_are_found_by_what_points_to_them() -> None:
    link = '<Relationship Id="{}" Type="http://x/{}" Target="{}"/>'
    links = '<Relationships xmlns="r">{}</Relationships>'
    data = docx(
        BASE[0], para("P07: ", start(), run("We asked."), end(), mark()), BASE[2], parts=comments((0, "Ana", "why"))
    )
    made = read_source(
        renamed(
            data,
            {"word/document.xml": "word/document2.xml", "word/comments.xml": "word/comments2.xml"},
            {
                "_rels/.rels": links.format(link.format("r1", "officeDocument", "/word/document2.xml")),
                "word/_rels/document2.xml.rels": links.format(link.format("r1", "comments", "comments2.xml")),
            },
        ),
        "P07.docx",
    )
    assert on(made) == [("why", "We asked.")]


def test_a_comment_from_a_paragraph_into_a_table_and_on_a_table() -> None:
    rows = [*ROWS, row("P07", "Prices.")]
    made = commented(para(start(), run("Title")), table(*rows[:1], rows[1] + end(), *rows[2:]))
    assert on(made) == [("why", "How did you pick it?|We asked.")]
    made = commented(start() + table(*rows) + end(), para(mark()))
    assert on(made) == [("why", "How did you pick it?|We asked.|And then?|Prices.")]
