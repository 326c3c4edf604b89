"""Web pages and CHAT, recaps of meeting programs, names that are only bold."""

from __future__ import annotations

import pytest

from postil_base.problem import PostilError
from postil_formats.texts.readers import ReadOptions, Recognised, read_source
from postil_formats.texts.second_reading import compare
from tests.docx_maker import docx, para

SAID = [
    ("Dana Smith", "How did you pick it?"),
    ("Otis Brown", "We asked a colleague."),
    ("Dana Smith", "Fine?"),
    ("Otis Brown", "Not really."),
]


def read(content: str | bytes, name: str, encoding: str = "utf-8") -> Recognised:
    data = content.encode(encoding) if isinstance(content, str) else content
    made = read_source(data, name)
    assert compare(data, name, made, ReadOptions()).all == ()
    return made


def said(made: Recognised) -> list[tuple[str, str]]:
    return [(turn.label, turn.text) for turn in made.turns]


PAGES = [
    "<p><strong>{name}:</strong> {words}</p>",
    "<p><b>{name}</b> {words}</p>",
    "<p><b>{name}</b><br>{words}</p>",
    "<p>{name}: {words}<br></p>",
    "<div class='speaker'>{name}</div><div class='text'>{words}</div>",
    "<p><span class='speaker-name'>{name}</span><span>{words}</span></p>",
    "<cite>{name}:</cite><time>61:05</time><p>{words}</p>",
    "<h3>{name}</h3><p>{words}</p>",
    "<dl><dt><b>{name}</b></dt><dd>{words}</dd></dl>",
    "<p>[00:01:02] {name}: {words}</p>",
    "<p>{name} <time>1:02</time></p><p>{words}</p>",
    "<tr><td>{name}</td><td>{words}</td></tr>",
    "<tr><td>{name}</td><td>00:01</td><td><p>{words}</p></td></tr>",
]


@pytest.mark.parametrize("layout", PAGES)
def test_web_pages(layout: str) -> None:
    body = "\n".join(layout.format(name=name, words=words) for name, words in SAID)
    body = f"<table>{body}</table>" if layout.startswith("<tr") else body
    head = "<!DOCTYPE html><html><head><title>Talk</title><style>p {}</style></head><body><nav>Home and more</nav>"
    page = f"{head}{body}<script>var x = 'no words';</script><footer>Imprint</footer></body>"
    made = read(page, "a.html")
    assert said(made) == SAID
    assert {item.text for item in made.taken} >= {"Home and more", "Imprint"}


class TestNoScribe:
    def page(self, *paragraphs: str) -> str:
        body = "".join(
            f"<p>{paragraph}</p>" for paragraph in ("noScribe 0.6", "Audio source: /x/talk.mp3", *paragraphs)
        )
        return (
            f'<html><head><meta charset="UTF-8"><meta name="audio_source" content="x"></head><body>{body}</body></html>'
        )

    def test_segments_of_a_turn_with_its_times(self) -> None:
        made = read(
            self.page(
                '<a name="ts_0_4000_S00">S00: How did </a><a name="ts_4000_8000_S00">you pick it?</a>',
                '<a name="ts_3665000_3670000_S01">S01: We asked //S00: mhm// a </a>'
                '<a name="ts_3670000_3680000_S01">man.</a>',
            ),
            "a.html",
        )
        assert [(t.label, t.text, t.start_ms, t.end_ms) for t in made.turns] == [
            ("S00", "How did you pick it?", 0, 8_000),
            ("S01", "We asked //S00: mhm// a man.", 3_665_000, 3_680_000),
        ]

    def test_clocks_in_the_words_and_names_given_later(self) -> None:
        made = read(
            self.page(
                '<a name="ts_0_4000_S00">Dana: <span style="color: #78909C">[00:00:00]</span> How?</a>',
                '<a name="ts_5000_8000_S01">Otis: <span>[00:00:05]</span> We asked.</a>',
                '<a name="ts_9000_9900_S00">Dana: <span>[00:00:09]</span> Fine?</a>',
            ),
            "a.html",
        )
        assert said(made) == [("Dana", "How?"), ("Otis", "We asked."), ("Dana", "Fine?")]
        assert [turn.start_ms for turn in made.turns] == [0, 5_000, 9_000]


def test_a_page_in_another_encoding_says_so_itself() -> None:
    page = '<html><head><meta charset="windows-1252"></head><body><p>I: Wie?</p><p>B: Größe.</p><p>I: So?</p></body>'
    made = read(page, "a.htm", "cp1252")
    assert said(made)[1] == ("B", "Größe.")
    assert made.encoding == "windows-1252"


def test_what_no_eye_sees_is_listed() -> None:
    made = read("<p>I: Why?</p><p>B: We<span style='display:none'> secretly</span> asked.</p><p>I: So?</p>", "a.html")
    assert said(made)[1] == ("B", "We asked.")
    assert ("hidden text", "secretly") in [(item.kind, item.text) for item in made.taken]


@pytest.mark.parametrize("page", ["<html></html>", "<html><body><script>x</script></body></html>"])
def test_a_page_without_words(page: str) -> None:
    with pytest.raises(PostilError, match="holds no words"):
        read_source(page.encode(), "a.html")


def test_a_page_that_nests_without_end() -> None:
    with pytest.raises(PostilError, match=r"nests deeper|no web page"):
        read_source(("<div>" * 5_000 + "x").encode(), "a.html")


CHAT = """@UTF8
@Begin
@Languages:\teng
@Participants:\tINV Dana Investigator, PAR Otis Participant
@Media:\ttalk, audio
*INV:\thow did you pick it ? \x150_2500\x15
%mor:\tadv|how v|do pro|you v|pick pro|it ?
*PAR:\twe asked &-um a colleague
\tfirst . \x152600_5200\x15
*PAR:\tthen <the boss> [//] she decided . \x155200_8000\x15
%com:\tlaughs
@Comment:\tphone rings
*INV:\tfine ? \x153665000_3666000\x15
@End
"""


class TestChat:
    def test_main_tiers_are_turns(self) -> None:
        made = read(CHAT, "a.cha")
        assert [(t.label, t.text, t.start_ms, t.end_ms) for t in made.turns] == [
            ("INV", "how did you pick it ?", 0, 2_500),
            ("PAR", "we asked &-um a colleague first . then <the boss> [//] she decided .", 2_600, 8_000),
            ("INV", "fine ?", 3_665_000, 3_666_000),
        ]
        assert made.header[:2] == ("@UTF8", "@Begin")

    def test_dependent_tiers_are_named_and_listed(self) -> None:
        made = read(CHAT, "a.cha")
        assert made.warnings == ("dependent tiers were not read: %com, %mor",)
        assert ("dependent tier %com", "%com: laughs") in [(item.kind, item.text) for item in made.taken]
        assert ("header @Comment", "@Comment: phone rings") in [(item.kind, item.text) for item in made.taken]

    def test_no_main_tier(self) -> None:
        with pytest.raises(PostilError, match="no line starts with"):
            read_source(b"@Begin\nhello\n@End\n", "a.cha")


def bold(name: str, words: str) -> str:
    return f"<w:p><w:r><w:rPr><w:b/></w:rPr><w:t xml:space='preserve'>{name}</w:t></w:r>{words}</w:p>"


def run(text: str) -> str:
    return f"<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>"


class TestBoldNames:
    def test_in_front_of_the_words(self) -> None:
        made = read(docx(*(bold(name, run(f" {words}")) for name, words in SAID)), "a.docx")
        assert said(made) == SAID

    def test_above_the_words(self) -> None:
        made = read(docx(*(part for name, words in SAID for part in (bold(name, ""), para(words)))), "a.docx")
        assert said(made) == SAID

    def test_in_markdown(self) -> None:
        made = read("".join(f"**{name}** {words}\n\n" for name, words in SAID), "a.md")
        assert said(made) == SAID

    def test_bold_words_within_the_talk_are_no_names(self) -> None:
        lines = ("I: Why?", "B: So.", "I: And?", "B: Yes.")
        made = read(docx(*(para(line) for line in lines), bold("Never", run(" again, I said."))), "a.docx")
        assert said(made)[-1] == ("B", "Yes.\nNever again, I said.")


MEET = [
    "Supplier interview (2026-03-02) - Transcript",
    "Attendees",
    "Dana Smith, Otis Brown",
    "Transcript",
    "00:00:00",
    "Dana Smith: How did you pick it?\nOtis Brown: We asked a colleague.",
    "01:05:00",
    "Dana Smith: Fine?\nOtis Brown: Not really.",
    "Meeting ended after 01:07:12 👋",
    "This editable transcript was computer generated and might contain errors. People can also change the text.",
]


@pytest.mark.parametrize("suffix", ["docx", "txt"])
def test_google_meet(suffix: str) -> None:
    made = read(docx(*map(para, MEET)) if suffix == "docx" else "\n\n".join(MEET), f"a.{suffix}")
    assert said(made) == SAID
    assert made.header == tuple(MEET[:4])
    assert made.footer == tuple(MEET[-2:])
    assert [turn.start_ms for turn in made.turns] == [0, None, 3_900_000, None]


ENDS = {
    "de": ("Die Transkription endete nach 01:07:12", "Dieses bearbeitbare Transkript wurde maschinell erstellt."),
    "fr": (
        "La transcription s'est terminée après 01:07:12",
        "Cette transcription modifiable a été générée par ordinateur.",
    ),
    "es": (
        "La transcripción finalizó después de 01:07:12",
        "Esta transcripción editable se ha generado por ordenador.",
    ),
    "it": ("Trascrizione terminata dopo 01:07:12", "Questa trascrizione modificabile è stata generata dal computer."),
    "pt": ("A transcrição terminou após 01:07:12", "Esta transcrição editável foi gerada por computador."),
    "nl": ("Transcriptie beëindigd na 01:07:12", "Dit bewerkbare transcript is door een computer gegenereerd."),
    "ja": ("文字起こしは 01:07:12 に終了しました", "この編集可能な文字起こしはコンピュータで生成されたものです。"),
}


@pytest.mark.parametrize("ends", ENDS.values(), ids=ENDS)
def test_google_meet_ends_in_other_languages(ends: tuple[str, str]) -> None:
    made = read(docx(*map(para, (*MEET[4:-2], *ends))), "a.docx")
    assert (said(made), made.footer) == (SAID, ends)


@pytest.mark.parametrize(
    "last", ["The transcription of it was done at 10:30", "This transcript I read on the computer"]
)
def test_a_last_line_about_transcripts_is_talk(last: str) -> None:
    made = read(f"I: Why?\nB: Price.\nI: And?\nB: Well.\n{last}\n", "a.txt")
    assert said(made)[-1] == ("B", f"Well.\n{last}")


def test_a_summary_above_the_transcript_is_nobodys_talk() -> None:
    notes = [
        "📝 Notes",
        "Summary",
        "They spoke about it.",
        "Supplier: Otis said that they asked.",
        "Price: Dana asked why.",
    ]
    made = read(docx(*map(para, (*notes, "📖 Transcript", *MEET[4:]))), "a.docx")
    assert said(made) == SAID
    assert made.header == (*notes, "📖 Transcript")


@pytest.mark.parametrize("when", ["time", "timestamp", "entry-time", "tc_timecode", "ts timestamp small"])
def test_clocks_that_a_page_marks_are_no_part_of_the_first_word(when: str) -> None:
    turns = "".join(
        f'<div class="turn"><span class="speaker">{name}</span><span class="{when}">61:0{n}</span>'
        f'<span class="text">{words}</span></div>'
        for n, (name, words) in enumerate(SAID)
    )
    assert said(read(f"<html><body>{turns}</body></html>", "a.html")) == SAID


def test_deleted_text_of_a_page_stays_out_and_is_listed() -> None:
    (who, words), *rest = SAID
    lines = [(who, f"<ins>{words}</ins> <del>Never said.</del>"), *rest]
    made = read("".join(f"<p>{name}: {text}</p>" for name, text in lines), "a.html")
    assert said(made) == SAID
    assert [(item.kind, item.text) for item in made.taken if item.kind != "label"] == [("deleted text", "Never said.")]
