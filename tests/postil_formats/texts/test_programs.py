"""Texts as programs for meetings, transcription and chats write them: every word with the one who said it."""

from __future__ import annotations

import pytest

from postil_formats.texts.readers import ReadOptions, Recognised, read_source
from postil_formats.texts.second_reading import compare

DANA, OTIS, KIM = "Dana Smith", "Otis Brown", "Kim Lee"
TALK = [
    (DANA, "Thanks for joining. How did you pick the supplier?"),
    (OTIS, "We asked a colleague first, at 10:30 I think."),
    (DANA, "And was that fine?"),
    (OTIS, "Not really: nobody asked us."),
    (KIM, "May I add something here?"),
    (OTIS, "Please do."),
    (DANA, "Then we stop."),
]
CLOCKS = ("0:03", "0:08", "1:01", "1:05", "1:01:01", "1:01:05", "1:42:05")
NUMBER = {DANA: "1", OTIS: "2", KIM: "3"}


def read(text: str, name: str) -> Recognised:
    made = read_source(text.encode(), name)
    assert compare(text.encode(), name, made, ReadOptions()).all == ()
    return made


def said(made: Recognised) -> list[tuple[str, str]]:
    return [(turn.label, turn.text) for turn in made.turns]


def full(clock: str) -> str:
    """A clock with hours in two digits."""
    return ":".join(part.zfill(2) for part in ["0", *clock.split(":")][-3:])


PROGRAMS = {
    "Otter": ("{name}  {clock}\n{words}\n\n", "", "Transcribed by https://otter.ai\n"),
    "Rev": ("{name} ({full}):\n{words}\n\n", "", ""),
    "Descript": ("[{full}] {name}: {words}\n\n", "", ""),
    "Trint": ("[{full}] {name}\n{words}\n\n", "", ""),
    "Sonix": ("[{full}]\n{name}:\n{words}\n\n", "Supplier talk.mp3\n\n", ""),
    "Happy Scribe": ("{full}.200 - {full}.900\n{name}\n{words}\n\n", "", ""),
    "Fathom": ("{clock} - {name}\n  {words}\n\n", "Supplier talk - March 02\nVIEW RECORDING - 102 mins\n\n---\n\n", ""),
    "Fireflies": ("{name} - {clock}\n{words}\n", "", ""),
    "tl;dv": ("[{clock}] {name}: {words}\n", "", ""),
    "Gong": ("{clock} | {name}\n{words}\n\n", "", ""),
    "Krisp": ("{name} | {clock}\n{words}\n", "", ""),
    "Riverside": ("{name} ({clock}.200)\n{words}\n\n", "", ""),
    "InqScribe": ("[{full}.20] {name}: {words}\n", "", ""),
    "Grain": ("{name} ({clock}): {words}\n\n", "", ""),
    "Google recorder": ("{name} · {clock}\n{words}\n\n", "", ""),
    "Zoom captions": ("[{name}] {full}\n{words}\n\n", "", ""),
    "Zoom chat": ("{full}\t From  {name} : {words}\n", "", ""),
    "Zoom chat to all": ("{full} From {name} to Everyone: {words}\n", "", ""),
    "f4": ("{name}: {words} #{full}-2#\n", "", ""),
    "MAXQDA": ("{name}: {words} #{full}#\n\n", "", ""),
    "Webex": ("{name} {full}\n{words}\n", "WEBEX\nSupplier talk-20260302\n", ""),
    "Google Meet": (
        "{name}: {words}\n",
        "Supplier talk - Transcript\nAttendees\nDana Smith, Otis Brown\nTranscript\n",
        "",
    ),
    "Tactiq": ("{full} {name}: {words}\n", "Supplier talk\nhttps://tactiq.io/x\n\n", ""),
    "WhatsApp": ("[02.03.26, {full}] {name}: {words}\n", "", ""),
    "WhatsApp, Android": ("02/03/2026, {full} - {name}: {words}\n", "", ""),
    "Speechmatics": ("SPEAKER: {name}\n{words}\n\n", "", ""),
    "ELAN": ("{name}\t\t{full}.200\t3.2\t{full}.900\t3.9\t0.700\t0.7\t{words}\n", "", ""),
    "quoted names": ('"{name}": {words}\n', "", ""),
    "at signs": ("@{name}: {words}\n", "", ""),
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_texts_of_programs(program: str) -> None:
    layout, head, tail = PROGRAMS[program]
    rows = [
        layout.format(name=name, words=words, clock=clock, full=full(clock))
        for (name, words), clock in zip(TALK, CLOCKS, strict=True)
    ]
    assert said(read(head + "".join(rows) + tail, "a.txt")) == TALK


@pytest.mark.parametrize("label", ["SPEAKER_0{n}", "Speaker {n}", "speaker_{n}", "Sprecher {n}", "spk_{n}"])
@pytest.mark.parametrize("clock", ["[{full}] ", "{full} ", ""])
def test_numbered_speakers_without_a_sign(label: str, clock: str) -> None:
    labels = {name: label.format(n=NUMBER[name]) for name in NUMBER}
    rows = [
        f"{clock.format(full=full(at))}{labels[name]} {words}\n" for (name, words), at in zip(TALK, CLOCKS, strict=True)
    ]
    assert said(read("".join(rows), "a.txt")) == [(labels[name], words) for name, words in TALK]


def test_notices_of_a_chat_are_nobodys_words() -> None:
    rows = [f"[02.03.26, {full(at)}] {name}: {words}\n" for (name, words), at in zip(TALK, CLOCKS, strict=True)]
    rows.insert(2, "[02.03.26, 00:00:30] Dana Smith added Kim Lee\n")
    made = read("".join(rows), "a.txt")
    assert said(made) == TALK
    assert "[02.03.26, 00:00:30] Dana Smith added Kim Lee" in made.footer


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_a_table_in_bars(name: str) -> None:
    head = "| Speaker | Text |\n|:---|---|\n"
    assert said(read(head + "".join(f"| {who} | {words} |\n" for who, words in TALK), name)) == TALK


@pytest.mark.parametrize("end", ["\x0b", "\u2028", "\u2029", "\x85", "\x0c"])
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_lines_that_end_with_other_signs(end: str, name: str) -> None:
    assert said(read("".join(f"{who}: {words}{end}" for who, words in TALK), name)) == TALK


def test_one_such_sign_among_the_words_ends_no_line() -> None:
    made = read("A: How\u2028ever.\nB: Yes.\nA: So.\nB: No.\n", "a.txt")
    assert said(made)[0] == ("A", "How\u2028ever.")


@pytest.mark.parametrize("sign", ["- ", ".- ", "— ", "/ ", "~ ", ", "])
def test_initials_with_a_sign_behind_them(sign: str) -> None:
    talk = [("DS", "How?"), ("OB", "We asked."), ("DS", "And?"), ("OB", "Fine.")]
    assert said(read("".join(f"{who}{sign}{words}\n" for who, words in talk), "a.txt")) == talk


@pytest.mark.parametrize("around", ["{{{n}}} ", "«{n}» ", "\u200b{n}: ", "{n}∶ ", "{n}﹕ "])
def test_other_signs_around_names(around: str) -> None:
    assert said(read("".join(f"{around.format(n=who)}{words}\n" for who, words in TALK), "a.txt")) == TALK


@pytest.mark.parametrize("layout", ["（{n}）{w}\n", "{n}\n{w}\n\n", "{n}　{w}\n", "【{n}】{w}\n", "［{n}］{w}\n"])
def test_roles_in_scripts_without_capitals(layout: str) -> None:
    talk = [("采访者", "你好，怎么选的？"), ("受访者", "先问了同事。"), ("采访者", "然后呢？"), ("受访者", "没有了。")]
    assert said(read("".join(layout.format(n=who, w=words) for who, words in talk), "a.txt")) == talk


def test_a_third_speaker_in_small_letters() -> None:
    short = {DANA: "interviewer", OTIS: "p07", KIM: "kim"}
    talk = [(short[name], words) for name, words in TALK]
    made = read_source("".join(f"{name}: {words}\n" for name, words in talk).encode(), "a.txt")
    assert said(made) == talk
    assert any("occurs once" in sentence for sentence in made.warnings)


def test_a_third_name_of_two_words_in_small_letters_is_told() -> None:
    made = read_source("".join(f"{name.lower()}: {words}\n" for name, words in TALK).encode(), "a.txt")
    assert any("taken for words" in sentence and "'kim lee:'" in sentence for sentence in made.warnings)


@pytest.mark.parametrize("layout", ["{n}: {w}\n", "- {n}: {w}\n", "> {n}: {w}\n", "- **{n}**: {w}\n", "**{n}:** {w}\n"])
def test_who_speaks_once_in_markdown(layout: str) -> None:
    made = read_source("".join(layout.format(n=name, w=words) for name, words in TALK).encode(), "a.md")
    assert said(made) == TALK


def test_a_name_alone_on_a_line_that_occurs_once_is_told() -> None:
    talk = [("Interviewer" if name == DANA else name, words) for name, words in TALK]
    made = read("".join(f"{name}\n{words}\n\n" for name, words in talk), "a.txt")
    assert any("'Kim Lee'" in sentence for sentence in made.warnings) or (KIM, TALK[4][1]) in said(made)


def test_times_that_come_back_are_no_speakers_of_a_table() -> None:
    rows = [
        f"{name}\t{full(at)}\t00:00:02\t00:00:02\t{words}\n" for (name, words), at in zip(TALK, CLOCKS, strict=True)
    ]
    assert said(read("".join(rows), "a.txt")) == TALK


@pytest.mark.parametrize("head", ["Tier,Begin Time,Annotation", "Tier,Start,Annotation", "Speaker,Start,Text"])
def test_tables_of_elan_by_their_headings(head: str) -> None:
    rows = [f'"{name}",{full(at)},"{words}"\n' for (name, words), at in zip(TALK, CLOCKS, strict=True)]
    assert said(read(f"{head}\n{''.join(rows)}", "a.csv")) == TALK


def test_a_tier_beside_a_speaker_and_an_annotation_beside_the_words() -> None:
    rows = [f'v,"{name}","{words}","a remark on it"\n' for name, words in TALK]
    made = read(f"Tier,Speaker,Text,Annotation\n{''.join(rows)}", "a.csv")
    assert said(made) == TALK
    assert {note.text for note in made.notes} == {"a remark on it"}
