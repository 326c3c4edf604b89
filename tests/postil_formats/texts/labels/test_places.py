"""Words with a colon that begin a line in a turn are no speakers; the labels of speakers are found all the same."""

from __future__ import annotations

import pytest

from postil_formats.texts.readers import ReadOptions, Recognised, read_source
from postil_formats.texts.second_reading import compare
from tests.docx_maker import docx, para

WITHIN = {
    "reported speech": "She said: no.\nHe said: yes.\nShe said: no, really.\nHe said: yes, again.",
    "reported speech in German": "Er sagte: nein.\nSie sagte: ja.\nEr sagte: doch.",
    "items with numbers": "Three things.\n1. Price: it matters.\n2. Advice: from peers.\n3) Time: none.",
    "items with dashes": "Three things.\n- Price: it matters.\n- Advice: from peers.\n- Price: again.",
    "steps": "Like this.\nStep 1: define.\nStep 2: compare.\nStep 3: buy.",
    "steps in German": "So.\nSchritt 1: suchen.\nSchritt 2: kaufen.",
    "parts of a story": "Then.\nPart 1: Beginning.\nPart 2: End.",
    "a dialogue told": "Boss: buy it.\nMe: no.\nBoss: buy it now.\nMe: okay.",
    "a ranking": "Price: high.\nTime: low.\nAdvice: none.",
    "capitals": "WE: ALL OF US.\nTHEY: THE OTHERS.",
    "data": '{"a": 1}\nkey: value\nkey: value2',
    "the letter of a label": "So.\nI; well I mean we.\nB; that is the letter.",
}


def said(data: bytes, name: str, told: tuple[str, ...] = ()) -> tuple[list[tuple[str, str]], Recognised]:
    options = ReadOptions(labels=told)
    made = read_source(data, name, options)
    found = compare(data, name, made, options)
    assert (found.missing, found.added, found.speakers) == ((), (), ())
    return [(turn.label, turn.text) for turn in made.turns], made


def talk(answer: str) -> list[tuple[str, str]]:
    return [
        ("I", "How was it?"),
        ("B", answer),
        ("I", "And then?"),
        ("B", "It was over."),
        ("I", "Thanks."),
        ("B", "Bye."),
    ]


@pytest.mark.parametrize("answer", WITHIN.values(), ids=WITHIN)
def test_lines_inside_a_paragraph_are_words(answer: str) -> None:
    text = "\n\n".join(f"{label}: {words}" for label, words in talk(answer))
    assert said(text.encode(), "a.txt")[0] == talk(answer)


@pytest.mark.parametrize(
    "kind", [kind for kind in WITHIN if kind.startswith(("reported", "items with n", "steps", "p"))]
)
def test_paragraphs_that_count_or_report_are_words(kind: str) -> None:
    paragraphs = [para(line) for label, words in talk(WITHIN[kind]) for line in f"{label}: {words}".split("\n")]
    assert said(docx(*paragraphs), "a.docx")[0] == talk(WITHIN[kind])


def test_what_was_left_among_the_words_is_said() -> None:
    text = "\n\n".join(f"{label}: {words}" for label, words in talk("Well.\nClara: no!")).encode()
    turns, made = said(text, "a.txt")
    assert turns == talk("Well.\nClara: no!")
    assert [warning for warning in made.warnings if "'Clara:'" in warning and "--speaker" in warning]
    assert ("Clara", "no!") in said(text, "a.txt", ("Clara",))[0]


@pytest.mark.parametrize(
    "layout", ["({n}) {label}", "{n}. {label}", "{n}) {label}", "({n}){label}", "[{n}] {label}", "#{n} {label}",
               "{label} ({n})", "{label} #{n}", "• {label}", "* {label}"]
)  # fmt: skip
def test_numbers_of_turns_are_no_part_of_the_label(layout: str) -> None:
    turns = talk("Fine.")
    numbered = [f"{layout.format(n=n, label=label)}: {words}\n" for n, (label, words) in enumerate(turns, 1)]
    assert said("".join(numbered).encode(), "a.txt")[0] == turns


def test_counted_devices_and_participants_are_people() -> None:
    turns = [("iPad #2", "Why?"), ("iPad #3", "Price."), ("iPad #2", "And?"), ("iPad #3", "Advice.")]
    people = [("Moderator", "Who?"), ("Guest (1)", "Me."), ("Guest (2)", "And me."), ("Guest (3)", "Me."), *turns[:0]]
    people += [("Moderator", "Thanks.")]
    for some in (turns, people):
        assert said("".join(f"{label}: {words}\n\n" for label, words in some).encode(), "a.txt")[0] == some


@pytest.mark.parametrize(
    "layout", ["{clock}\t{label}\t{words}", "{clock} | {label} | {words}", "[{clock}];{label};{words}",
               "{label} | {clock} | {words}", "{label}\t{clock}\t{words}"]
)  # fmt: skip
def test_columns_in_a_text(layout: str) -> None:
    turns = [("Dana", "Why?"), ("Otis", "Price; and advice."), ("Dana", "And?"), ("Otis", "No | yes.")]
    text = "\n".join(
        layout.format(clock=f"6{n}:05", label=label, words=words) for n, (label, words) in enumerate(turns)
    )
    assert said(text.encode(), "a.txt")[0] == turns


PAIRED = {
    "a question and its answer are a paragraph": "I: Why?\nB: Price.\n\nI: And?\nB: Advice.\n\nI: Bye.\nB: Bye.\n",
    "several answer": "Mod 1: Why?\nAnna: Price.\nBen: No.\n\nMod 2: And?\nAnna: Advice.\n\nMod 1: Who?\nBen: Me.\n\n"
    "Mod 2: Bye.\nBen: Bye.\n",
    "no blank lines": "I: Why?\nB: Price.\nC: No.\nI: And?\nB: Advice.\nC: Yes.\n",
    "blank lines between parts": "I: Why?\nB: Price.\nI: And?\n\nB: Advice.\nI: Who?\nB: Me.\nC: No.\n",
}


@pytest.mark.parametrize("text", PAIRED.values(), ids=PAIRED)
def test_speakers_within_paragraphs_stay_speakers(text: str) -> None:
    lines = [line.partition(": ") for line in text.split("\n") if line]
    assert said(text.encode(), "a.txt")[0] == [(label, words) for label, _, words in lines]


def test_people_quoted_in_paragraphs_of_their_own_are_told() -> None:
    paragraphs = [
        para(line) for label, words in talk(WITHIN["a dialogue told"]) for line in f"{label}: {words}".split("\n")
    ]
    _, made = said(docx(*paragraphs), "a.docx")
    assert [warning for warning in made.warnings if "'Me'" in warning and "look whether it is a speaker" in warning]
    friends = [("Anna", "Hi."), ("Ben", "Hi."), ("Clara", "Hi.")] * 4
    _, made = said("\n".join(f"{label}: {words}" for label, words in friends).encode(), "a.txt")
    assert made.warnings == ()


def test_lines_of_a_paragraph_of_word_are_words() -> None:
    assert said(docx(*(para(f"{label}: {words}") for label, words in talk(WITHIN["a dialogue told"]))), "a.docx")[
        0
    ] == (talk(WITHIN["a dialogue told"]))


def test_items_of_a_list_are_words_though_they_come_back() -> None:
    items = "Price: it matters.\nAdvice: from peers.\nPrice: again."
    paragraphs = [para(f"{label}: {words}") for label, words in talk("Well.")]
    paragraphs[2:2] = [para(item, listed=True) for item in items.split("\n")]
    assert said(docx(*paragraphs), "a.docx")[0] == talk(f"Well.\n{items}")
    numbered = [para(f"{label}: {words}", listed=True) for label, words in talk("Well.")]
    assert said(docx(*numbered), "a.docx")[0] == talk("Well.")


def test_a_third_voice_in_the_second_line_of_a_cue_is_a_speaker() -> None:
    cues = ["- Dana: Why?", "- Otis: Price.\n- Clara: No.", "- Dana: And?", "- Otis: Yes.", "- Dana: So?\n- Clara: Hm."]
    text = "\n".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{cue}\n" for n, cue in enumerate(cues, 1))
    want = ["Dana", "Otis", "Clara", "Dana", "Otis", "Dana", "Clara"]
    assert [label for label, _ in said(text.encode(), "a.srt")[0]] == want
