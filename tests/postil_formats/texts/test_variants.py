"""Other files of the same kinds: what programs write besides the samples at hand, and encodings without a mark."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from postil_base.problem import PostilError
from postil_formats.texts.readers import read_source
from postil_formats.texts.recognised import Recognised
from tests.docx_maker import docx, para

Turns = list[tuple[str, int | None, int | None, str]]
SCRIPTS = {
    "chinese": "采访者：你好，请介绍一下。\n受访者：好的，我是工程师。\n采访者：然后呢？\n受访者：没有了。\n",
    "japanese": "聞き手：どうぞ。\r\nA氏：はい、私はエンジニアです。\r\n聞き手：それで？\r\n",
    "korean": "면접관: 안녕하세요.\n참가자: 네, 저는 엔지니어입니다.\n면접관: 그래서?\n",
    "hebrew": "מראיין: תודה שבאת.\nמשתתף: אני מהנדס.\nמראיין: כן?\nמשתתף: כן.\n",
    "arabic": "المحاور: شكرا لقدومك.\nالمشارك: نعم، أنا مهندس بيانات.\nالمحاور: والآن؟\n",
    "russian": "Интервьюер: Спасибо.\nРеспондент: Да, я инженер.\nИнтервьюер: И?\n",
    "german": "Fragende: Könnten Sie?\nP: Größe, natürlich.\nFragende: Aha?\n",
}


def read(content: str | bytes, name: str = "a.txt", encoding: str = "utf-8") -> Recognised:
    return read_source(content.encode(encoding) if isinstance(content, str) else content, name)


def turns(made: Recognised) -> Turns:
    return [(turn.label, turn.start_ms, turn.end_ms, turn.text) for turn in made.turns]


def said(made: Recognised) -> list[tuple[str, str]]:
    return [(turn.label, turn.text) for turn in made.turns]


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_script_in_every_unicode_encoding(script: str, encoding: str) -> None:
    text = SCRIPTS[script]
    made = read(text, encoding=encoding)
    expected = [tuple(line.replace("：", ":").split(":", 1)) for line in text.replace("\r\n", "\n").strip().split("\n")]
    assert said(made) == [(label, words.strip()) for label, words in expected]
    assert made.encoding == encoding.removesuffix("-sig")


@pytest.mark.parametrize(
    ("script", "encoding"),
    [("russian", "cp1251"), ("hebrew", "cp1255"), ("chinese", "gb18030"), ("japanese", "shift_jis")],
)
def test_another_code_page_is_asked_for_and_shown(script: str, encoding: str) -> None:
    with pytest.raises(PostilError) as told:
        read(SCRIPTS[script], encoding=encoding)
    name = encoding.replace("cp", "windows-")
    assert f"{name} (" in str(told.value)
    assert SCRIPTS[script].split()[0][:5] in str(told.value)


def test_a_stray_zero_is_no_utf16() -> None:
    with pytest.raises(PostilError, match="zero bytes"):
        read("A: Hi\x00 there\nB: yes\x00\nA: ok\n")


def test_marks_of_direction_belong_to_no_label() -> None:
    made = read("\u200fالمحاور:\u200f شكرا.\n\u200fالمشارك:\u200f نعم \u200fأنا.\n\u200fالمحاور:\u200f والآن؟\n")
    assert said(made) == [("المحاور", "شكرا."), ("المشارك", "نعم \u200fأنا."), ("المحاور", "والآن؟")]


OLD_TEAMS = [
    ("0:0:0.0 --> 0:0:4.200", "Dana Smith", "Thanks for joining."),
    ("0:0:4.200 --> 0:0:12.900", "P32 (Guest)", "Sure. I'm a"),
    ("0:0:12.900 --> 0:0:15.0", "P32 (Guest)", "tester."),
    ("0:1:5.100 --> 1:0:17.0", "Dana Smith", "And?"),
]


@pytest.mark.parametrize("word", [True, False])
def test_the_older_layout_of_teams(word: bool) -> None:
    if word:
        made = read(docx(*(para("\n".join(cue)) for cue in OLD_TEAMS)), "a.docx")
    else:
        made = read("\n\n".join("\n".join(cue) for cue in OLD_TEAMS))
    assert turns(made) == [
        ("Dana Smith", 0, 4200, "Thanks for joining."),
        ("P32 (Guest)", 4200, 15000, "Sure. I'm a tester."),
        ("Dana Smith", 65100, 3617000, "And?"),
    ]
    assert made.header == ()


def test_saved_captions_of_zoom() -> None:
    made = read("[Dana S] 10:02:33\nThanks.\n\n[P31] 10:02:40\nSure.\n\n[Dana S] 10:03:01\nAnd?\n")
    assert turns(made)[:2] == [("Dana S", 36153000, None, "Thanks."), ("P31", 36160000, None, "Sure.")]


def test_otter_with_summary() -> None:
    made = read(
        "Interview\nFri, Nov 3, 2023 10:00AM • 45:12\n\nSUMMARY KEYWORDS\nmodel, hub\n\nSPEAKERS\nDana, P31\n\n"
        "Dana  00:02\nSo?\n\nP31  00:07\nSure.\n\nMore.\n\nDana  1:03:09\nMm-hm.\n\nTranscribed by https://otter.ai\n"
    )
    assert turns(made)[1:] == [("P31", 7000, None, "Sure.\nMore."), ("Dana", 3789000, None, "Mm-hm.")]
    assert len(made.header) == 6 and len(made.footer) == 1


class TestF4:
    def test_two_stamps_in_a_turn(self) -> None:
        made = read("I: Wie? #00:00:04-2#\n\nB: Gern. #00:00:12-9#\nUnd so. #00:00:20-0#\n\nI: Aha. #00:00:22-0#\n")
        assert turns(made)[1] == ("B", 4200, 20000, "Gern.\nUnd so.")

    def test_stamps_in_front(self) -> None:
        made = read("#00:00:00-0# I: Wie?\n#00:00:04-2# B: Gern.\n#00:00:12-9# I: Aha.\n")
        assert turns(made) == [("I", 0, None, "Wie?"), ("B", 4200, None, "Gern."), ("I", 12900, None, "Aha.")]

    def test_rich_text(self) -> None:
        text = r"{\rtf1\ansi I: K\'f6nnten Sie? #00:00:04-2#\par\par B: Ja. #00:00:12-9#\par I: So? #00:00:15-0#\par}"
        assert turns(read(text, "a.rtf"))[0] == ("I", 0, 4200, "Könnten Sie?")

    def test_word(self) -> None:
        made = read(
            docx(*map(para, ["I: Wie? #00:00:04-2#", "B: Gern. #00:00:12-9#", "I: So? #00:00:13-0#"])), "a.docx"
        )
        assert turns(made)[1] == ("B", 4200, 12900, "Gern.")


@pytest.mark.parametrize(
    "text",
    [
        "Q. Why?\nA. So. And: yes.\nQ. And?\nA. Bye.\n",
        "Q - Why?\nA - So. And: yes.\nQ - And?\nA – Bye.\n",
        "Q\tWhy?\nA\tSo. And: yes.\nQ\tAnd?\nA\tBye.\n",
        "<Q> Why?\n<A> So. And: yes.\n<Q> And?\n<A> Bye.\n",
        "Q\nWhy?\nA\nSo. And: yes.\nQ\nAnd?\nA\nBye.\n",
    ],
)
def test_speakers_without_a_colon(text: str) -> None:
    assert said(read(text)) == [("Q", "Why?"), ("A", "So. And: yes."), ("Q", "And?"), ("A", "Bye.")]


@pytest.mark.parametrize(
    "text",
    [
        "Right\nI see it that way\nSure\nWe do\nRight\nAnd so\nSure\nEnd\n",
        "Right.\nSo it is.\nMm hm.\nYes.\nRight.\nMm hm.\n",
        "I did. He did.\nWe do - always.\nWe do - never.\nYes\nNo\nYes\nNo\n",
        "- a\n- b\n- a\n- b\n",
    ],
)
def test_text_without_speakers_has_none(text: str) -> None:
    assert len(read(text).turns) == 1


def test_a_small_word_with_a_colon_is_no_speaker() -> None:
    assert [label for label, _ in said(read("Ana: Why?\nBen: So.\nexample: we did.\nAna: Ah.\nBen: So.\n"))] == [
        "Ana",
        "Ben",
        "Ana",
        "Ben",
    ]


class TestCues:
    def test_rolling_captions_are_kept_once(self) -> None:
        made = read(
            "WEBVTT\n\n00:00.000 --> 00:02.000\nthanks<00:00.500><c> for</c>\n\n"
            "00:02.000 --> 00:02.010\nthanks for\n \n\n"
            "00:02.010 --> 00:04.000\nthanks for\njoining<00:02.500><c> us</c>\n\n"
            "00:04.000 --> 00:06.000\njoining us\ntoday\n",
            "a.vtt",
        )
        assert said(made) == [("", "thanks for joining us today")]
        assert any("rolling" in warning for warning in made.warnings)

    def test_marks_of_subtitle_programs(self) -> None:
        made = read(
            "1\n00:00:00,000 --> 00:00:01,000\n>> ANA: {\\an8}Hi.\n\n2\n00:00:01,000 --> 00:00:02,000\n>> BEN: Ho.\n\n"
            "3\n00:00:02,000 --> 00:00:03,000\n>> ANA: Hu.\n",
            "a.srt",
        )
        assert said(made) == [("ANA", "Hi."), ("BEN", "Ho."), ("ANA", "Hu.")]

    def test_pronouns_behind_a_name(self) -> None:
        cues = ["Dana (she/her): Hi.", "Zoë O'Neill-Díaz: Ho.", "Dana (she/her): So?", "iPhone: Hm."]
        made = read(
            "WEBVTT\n\n" + "\n\n".join(f"00:0{n}.000 --> 00:0{n + 1}.000\n{cue}" for n, cue in enumerate(cues)), "a.vtt"
        )
        assert [label for label, _ in said(made)] == ["Dana (she/her)", "Zoë O'Neill-Díaz", "Dana (she/her)", "iPhone"]

    def test_subtitles_saved_as_text(self) -> None:
        made = read("1\n00:00:00,000 --> 00:00:01,000\n[S1]: Hi.\n\n2\n00:00:01,000 --> 00:00:02,000\n[S2]: Ho.\n")
        assert turns(made) == [("S1", 0, 1000, "Hi."), ("S2", 1000, 2000, "Ho.")]


class TestWhisper:
    def test_whisper_cpp(self) -> None:
        made = read(
            json.dumps(
                {
                    "result": {"language": "en"},
                    "transcription": [
                        {"timestamps": {}, "offsets": {"from": 0, "to": 4200}, "text": " Thanks."},
                        {"timestamps": {}, "offsets": {"from": 4200, "to": 7000}, "text": " Sure."},
                    ],
                }
            ),
            "a.json",
        )
        assert turns(made) == [("", 0, 7000, "Thanks. Sure.")]
        assert made.details["language"] == "en"

    def test_transformers(self) -> None:
        speakers = [
            {"speaker": "S0", "timestamp": [0.0, 4.2], "text": " Thanks."},
            {"speaker": "S1", "timestamp": [4.2, None], "text": " Sure."},
        ]
        made = read(json.dumps({"speakers": speakers, "chunks": [], "text": "x"}), "a.json")
        assert turns(made) == [("S0", 0, 4200, "Thanks."), ("S1", 4200, None, "Sure.")]

    def test_table_in_milliseconds(self) -> None:
        made = read("start\tend\ttext\n0\t4200\tThanks for joining.\n4200\t12900\tSure, I am.\n", "a.tsv")
        assert turns(made)[1][1:3] == (4200, 12900)

    def test_whole_seconds_stay_seconds(self) -> None:
        made = read('start,end,speaker,text\n0,4,A,Thanks for joining.\n4,12,B,"Sure, I am."\n', "a.csv")
        assert turns(made)[1][1:3] == (4000, 12000)


class TestRows:
    def test_the_line_excel_writes_for_itself(self) -> None:
        made = read("sep=;\nspeaker;text\nA;Hi, you\nB;Ho\n", "a.csv")
        assert said(made) == [("A", "Hi, you"), ("B", "Ho")] and made.header == ()

    def test_speaker_goes_before_participant(self) -> None:
        made = read("participant,speaker,utterance\nP01,Interviewer,Hi\nP01,P01,Ho\n", "a.csv")
        assert said(made) == [("Interviewer", "Hi"), ("P01", "Ho")]

    def test_words_that_became_a_formula_are_words(self) -> None:
        from openpyxl import Workbook

        book = Workbook()
        assert book.active is not None
        for row in (["speaker", "text"], ["A", "=SUM(1,2) is what I typed"], ["B", "@home"], ["A", "=2+2"]):
            book.active.append(row)
        buffer = io.BytesIO()
        book.save(buffer)
        made = read(buffer.getvalue(), "a.xlsx")
        assert said(made) == [("A", "=SUM(1,2) is what I typed"), ("B", "@home"), ("A", "=2+2")]

    def test_a_title_above_is_no_column(self) -> None:
        made = read("Interview text;;\nTime;Speaker;Text\n00:01;A;Hi\n00:02;B;Ho\n", "a.csv")
        assert turns(made) == [("A", 1000, None, "Hi"), ("B", 2000, None, "Ho")]


class TestMarkdown:
    def test_items_quotations_and_times(self) -> None:
        made = read(
            "- **Ana** (00:03): Why?\n- **P1** (00:07): So.\n\n> quoted: no\n\n- **Ana** (00:12): Ah.\n", "a.md"
        )
        assert turns(made) == [
            ("Ana", 3000, None, "Why?"),
            ("P1", 7000, None, "So.\nquoted: no"),
            ("Ana", 12000, None, "Ah."),
        ]

    @pytest.mark.parametrize("mark", ["## {}", "**{}**"])
    def test_speakers_as_headings(self, mark: str) -> None:
        text = "".join(
            f"{mark.format(name)}\n\n{words}\n\n" for name, words in (("Ana", "Why?"), ("P1", "So."), ("Ana", "Ah."))
        )
        assert said(read(text, "a.md")) == [("Ana", "Why?"), ("P1", "So."), ("Ana", "Ah.")]


def row_rtf(*cells: str) -> str:
    return r"\trowd\cellx1\cellx2 \pard\intbl " + "".join(rf"{cell}\cell " for cell in cells) + r"\row "


def test_a_table_in_rich_text() -> None:
    text = (
        r"{\rtf1\ansi Title\par "
        + row_rtf("Speaker", "Text")
        + row_rtf("Ana", "Why so?")
        + row_rtf("Ben", r"So.\par Yes.")
    )
    made = read(text + r"\pard below\par}", "a.rtf")
    assert said(made) == [("Ana", "Why so?"), ("Ben", "So.\nYes.")]
    assert (made.header, made.footer) == (("Title",), ("below",))


def test_hidden_text_in_rich_text_is_left_out_and_told() -> None:
    made = read(r"{\rtf1\ansi Ana: Why{\v  secret}?{\footnote a note}\par Ben: So.\par Ana: Ah.\par}", "a.rtf")
    assert said(made)[0] == ("Ana", "Why?")
    assert "left out: hidden text (1)" in made.warnings
    assert [(note.source, note.text) for note in made.notes] == [("footnotes", "a note")]


def odt(body: str) -> bytes:
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "text", "table")
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
        )
    return buffer.getvalue()


def test_a_table_in_open_document() -> None:
    def row(*cells: str) -> str:
        made = "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in cells)
        return f"<table:table-row>{made}</table:table-row>"

    table = (
        f"<table:table>{row('Speaker', 'Text')}{row('Ana', 'Why so?')}{row('Ben', 'So<text:tab/>yes.')}</table:table>"
    )
    made = read(odt(f"<text:p>Title</text:p>{table}"), "a.odt")
    assert said(made) == [("Ana", "Why so?"), ("Ben", "So\tyes.")]
    assert made.header == ("Title",)


def eaf(slots: str, *tiers: str) -> str:
    return f"<ANNOTATION_DOCUMENT><TIME_ORDER>{slots}</TIME_ORDER>{''.join(tiers)}</ANNOTATION_DOCUMENT>"


def tier(name: str, *annotations: str, parent: str = "") -> str:
    above = f' PARENT_REF="{parent}"' if parent else ""
    return f'<TIER TIER_ID="{name}"{above}>{"".join(f"<ANNOTATION>{a}</ANNOTATION>" for a in annotations)}</TIER>'


def aligned(id_: str, start: str, end: str, words: str) -> str:
    return (
        f'<ALIGNABLE_ANNOTATION ANNOTATION_ID="{id_}" TIME_SLOT_REF1="{start}" TIME_SLOT_REF2="{end}">'
        f"<ANNOTATION_VALUE>{words}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION>"
    )


def hanging(id_: str, on: str, words: str) -> str:
    return (
        f'<REF_ANNOTATION ANNOTATION_ID="{id_}" ANNOTATION_REF="{on}"><ANNOTATION_VALUE>{words}</ANNOTATION_VALUE>'
        "</REF_ANNOTATION>"
    )


def slots(*times: int | None) -> str:
    return "".join(
        f'<TIME_SLOT TIME_SLOT_ID="t{number}"{f" TIME_VALUE={chr(34)}{ms}{chr(34)}" if ms is not None else ""}/>'
        for number, ms in enumerate(times)
    )


class TestElan:
    def test_an_annotation_without_a_time_stands_where_its_neighbours_tell(self) -> None:
        text = eaf(
            slots(0, 4200, None, None, 8000, 9000),
            tier("Ana", aligned("a1", "t0", "t1", "Why?"), aligned("a3", "t4", "t5", "Ah.")),
            tier("Ben", aligned("a2", "t2", "t3", "So.")),
        )
        assert turns(read(text, "a.eaf")) == [
            ("Ana", 0, 4200, "Why?"),
            ("Ben", None, None, "So."),
            ("Ana", 8000, 9000, "Ah."),
        ]

    def test_words_on_a_tier_below_numbers(self) -> None:
        text = eaf(
            slots(0, 4200, 4200, 9000),
            tier("ref@A", aligned("a1", "t0", "t1", "A.001")),
            tier("tx@A", hanging("r1", "a1", "Why do you?"), parent="ref@A"),
            tier("ref@B", aligned("a2", "t2", "t3", "B.001")),
            tier("tx@B", hanging("r2", "a2", "So it is."), parent="ref@B"),
        )
        made = read(text, "a.eaf")
        assert turns(made) == [("ref@A", 0, 4200, "Why do you?"), ("ref@B", 4200, 9000, "So it is.")]
        assert any("tx@A" in warning for warning in made.warnings)

    def test_a_translation_is_left_out_and_told(self) -> None:
        text = eaf(
            slots(0, 4200),
            tier("A", aligned("a1", "t0", "t1", "Why do you?")),
            tier("A-de", hanging("r1", "a1", "Warum tun Sie das?"), parent="A"),
        )
        made = read(text, "a.eaf")
        assert said(made) == [("A", "Why do you?")]
        assert any("A-de" in warning for warning in made.warnings)


def test_a_compound_word_cut_by_a_line_end_is_one_word() -> None:
    text = (
        "1  Ana: We took a well-known and pre-\n2  trained model from the hub that we\n3  know - and so on.\n"
        "4  Ben: Yes.\n5  Ana: So.\n6  Ben: Ah.\n"
    )
    assert said(read(text))[0] == (
        "Ana",
        "We took a well-known and pre-trained model from the hub that we know - and so on.",
    )
