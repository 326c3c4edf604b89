"""Labels with other signs than a colon, names that have a colon, labels that occur once, and lines above the talk."""

from __future__ import annotations

import pytest

from postil_formats.texts.readers import ReadOptions, Recognised, read_source
from postil_formats.texts.second_reading import compare
from tests.postil_formats.texts.labels.test_finding import SAID, read, said, starts, written

SIGNED = ["{name} = {words}\n", "{name} -> {words}\n", "{name} > {words}\n", "{name}「{words}」\n"]
CORNERS = [
    ("田中", "どのように選びましたか。"),
    ("佐藤", "同僚に聞きました。"),
    ("田中", "それはよかったですか。"),
    ("佐藤", "あまり。"),
]
PEOPLE = [("Dana", "How?"), ("Otis", "We asked."), ("Dana", "And was it fine?"), ("Otis", "Not really.")]
WITH_KIM = [*PEOPLE, ("Kim", "I was there once."), ("Dana", "Ah."), ("Otis", "We signed then.")]


def all_told(text: str, name: str = "a.txt", told: tuple[str, ...] = ()) -> tuple[Recognised, tuple[str, ...]]:
    """What was read, and every sentence about it."""
    options = ReadOptions(labels=told)
    made = read_source(text.encode(), name, options)
    return made, (*made.warnings, *compare(text.encode(), name, made, options).all)


@pytest.mark.parametrize("sign", ["=", "==", "->", "-->", "=>", ">", "→", "⇒", "»"])
@pytest.mark.parametrize("spaces", [" ", ""])
@pytest.mark.parametrize("below", [False, True])
@pytest.mark.parametrize(
    "names", [{}, {"Dana Smith": "I", "Otis Brown": "P"}, {"Dana Smith": "Kim, Dr.", "Otis Brown": "B (Guest)"}]
)
def test_arrows_and_equals_signs(sign: str, spaces: str, below: bool, names: dict[str, str]) -> None:
    end = "\n" if below else spaces
    made = read(written(f"{{name}}{spaces}{sign}{end}{{words}}\n\n", names=names))
    assert said(made) == [(names.get(name, name), words) for name, words in SAID]


def test_an_arrow_behind_a_clock() -> None:
    made = read(written("[{clock}] {name} -> {words}\n"))
    assert said(made) == SAID
    assert starts(made) == [3_490_000, 3_580_000, 3_665_000, 6_125_000]


def test_quoted_lines_name_nobody() -> None:
    made, sentences = all_told("> How did you pick it?\n> We asked.\nThat was all.\n> And then?\n")
    assert [turn.label for turn in made.turns] == [""]
    assert any("no speaker labels" in sentence for sentence in sentences)


@pytest.mark.parametrize(
    "layout", ["{name}「{words}」\n", "{name}「{words}」\n\n", "{name}『{words}』\n", "{name}　「{words}」\n"]
)
@pytest.mark.parametrize("extra", ["", "\nそれから、もう一つ。"])
def test_names_before_corner_brackets(layout: str, extra: str) -> None:
    text = "".join(layout.format(name=name, words=words + extra) for name, words in CORNERS)
    made = read(text)
    assert said(made) == [(name, words + extra) for name, words in CORNERS]


def test_corner_brackets_with_clocks() -> None:
    clocks = ("00:03", "00:12", "00:40", "01:02")
    text = "".join(f"[{clock}] {name}「{words}」\n" for clock, (name, words) in zip(clocks, CORNERS, strict=True))
    made = read(text)
    assert said(made) == CORNERS
    assert starts(made) == [3_000, 12_000, 40_000, 62_000]


def test_a_story_with_corner_brackets_is_no_talk() -> None:
    text = "".join(f"{name}「{words}」と言った。\n" for name, words in CORNERS)
    made, sentences = all_told(text)
    assert [turn.label for turn in made.turns] == [""]
    assert any("no speaker labels" in sentence for sentence in sentences)


CERTAIN = [
    "{n}\t{w}\n",
    "{n} | {w}\n",
    "{n} -> {w}\n",
    "{n}「{w}」\n",
    "<{n}> {w}\n",
    "0:01\t{n}\t{w}\n",
    "0:01 | {n} | {w}\n",
]
LOOSE = ["{n} - {w}\n", "{n}  {w}\n", "({n}) {w}\n", "{n}; {w}\n"]


@pytest.mark.parametrize("layout", CERTAIN)
def test_who_speaks_once_is_somebody(layout: str) -> None:
    made, sentences = all_told("".join(layout.format(n=name, w=words) for name, words in WITH_KIM))
    assert said(made) == WITH_KIM
    assert any("'Kim' occurs once" in sentence for sentence in sentences)


@pytest.mark.parametrize("layout", LOOSE)
def test_who_speaks_once_in_a_text_of_such_lines_is_somebody(layout: str) -> None:
    made, sentences = all_told("".join(layout.format(n=name, w=words) for name, words in WITH_KIM))
    assert said(made) == WITH_KIM
    assert any("'Kim' occurs once" in sentence for sentence in sentences)


@pytest.mark.parametrize("layout", LOOSE)
def test_a_label_that_may_be_a_word_is_told_when_it_stays_one(layout: str) -> None:
    more = "\nAnd so it went on.\nFor a while.\nAnd on."
    text = "".join(layout.format(n=name, w=words + (more if words == "Ah." else "")) for name, words in WITH_KIM)
    made, sentences = all_told(text)
    assert "Kim" in said(made)[3][1]
    assert any("taken for words" in sentence and "'Kim'" in sentence for sentence in sentences)
    assert said(read_source(text.encode(), "a.txt", ReadOptions(labels=("Kim",))))[4][0] == "Kim"


COLONS = {
    "Dana Smith": "Dana",
    "Otis Brown": "Otis A:B Corp",
}
COLON_LAYOUTS = [
    "[{clock}] {name}: {words}\n",
    "{name} {clock}\n{words}\n\n",
    "{name} ({clock}): {words}\n",
    "{clock} {name}\n{words}\n\n",
    "{clock} {name}: {words}\n",
    "{name}: [{clock}] {words}\n",
    "[{name}] [{clock}] {words}\n",
    "{name} [{clock}] {words}\n",
    "{name}\n{clock}\n{words}\n\n",
    "[{clock}] [{name}]: {words}\n",
]


@pytest.mark.parametrize("layout", COLON_LAYOUTS)
@pytest.mark.parametrize("name", ["Otis A:B Corp", "otis:work", "B:Labs (Otis)"])
def test_names_with_a_colon_beside_clocks(layout: str, name: str) -> None:
    names = {"Dana Smith": "Dana", "Otis Brown": name}
    made = read(written(layout, names=names))
    assert said(made) == [(names[label], words) for label, words in SAID]
    assert starts(made) == [3_490_000, 3_580_000, 3_665_000, 6_125_000]


@pytest.mark.parametrize("layout", ["{name}: {words}\n", "{name}:\n{words}\n\n"])
def test_names_with_a_colon_that_come_back(layout: str) -> None:
    made = read(written(layout, names=COLONS))
    assert said(made) == [(COLONS[label], words) for label, words in SAID]


def test_words_behind_a_colon_without_a_space_stay_words() -> None:
    text = "Dana:How? I mean: why?\nOtis:We asked: nobody.\nDana:And: fine?\nOtis:Yes.\n"
    made = read_source(text.encode(), "a.txt")
    assert said(made)[0] == ("Dana", "How? I mean: why?")
    assert said(made)[1] == ("Otis", "We asked: nobody.")


TALK = "Interviewer: And then?\nP07: We signed.\nInterviewer: Good.\nP07: Yes.\n"


@pytest.mark.parametrize(
    "head", ["Dana: Go ahead\n", "Dana: Go ahead\n\n", "Ms. Kim: you may start\n\n", "Kim: so this is it\n"]
)
def test_a_few_words_above_the_talk_are_a_turn(head: str) -> None:
    made, sentences = all_told(head + TALK)
    label, _, words = head.strip().partition(": ")
    assert said(made)[0] == (label, words)
    assert any("occurs once" in sentence for sentence in sentences)


@pytest.mark.parametrize(
    "head", ["Dana: Hello\n", "Dana: Mhm\n\n", "Kim: Hello\nLee: Hi\n", "Dana: (laughs)\n", "Sex: female\n\n"]
)
def test_a_line_that_may_be_a_turn_and_became_a_header_is_told(head: str) -> None:
    made, sentences = all_told(head + TALK)
    for line in head.split("\n"):
        if line:
            assert line in made.header
            assert any("read as a header" in sentence and line in sentence for sentence in sentences)
    label = head.partition(":")[0]
    again = read_source((head + TALK).encode(), "a.txt", ReadOptions(labels=(label,)))
    assert said(again)[0][0] == label


@pytest.mark.parametrize("head", ["Interviewer: Dana Smith\n", "Interviewer: Dana\n\n", "Interviewer: Dr. Kim\n\n"])
def test_who_somebody_is_is_no_turn(head: str) -> None:
    made, sentences = all_told(head + TALK)
    assert said(made)[0] == ("Interviewer", "And then?")
    assert any("read as a header" in sentence for sentence in sentences)


@pytest.mark.parametrize("head", ["P07: Dana Smith\n", "P07: Dana\n\n"])
def test_a_first_turn_that_is_only_a_name_is_told(head: str) -> None:
    made, sentences = all_told(head + TALK)
    assert said(made)[0] == ("P07", head.strip()[5:])
    assert any("first turn is only a name" in sentence for sentence in sentences)


@pytest.mark.parametrize(
    "head", ["Date: 1 May\nCompany: small\n\n", "Interviewer: Dana\nParticipant: P07\n\n", "Participant: P07\n\n"]
)
def test_plain_headers_need_no_word(head: str) -> None:
    made, sentences = all_told(head + TALK)
    assert said(made)[0] == ("Interviewer", "And then?")
    assert sentences == ()


@pytest.mark.parametrize("mark", ["*", "**", "***", "_", "__", "___"])
@pytest.mark.parametrize(
    "layout",
    ["{m}{n}{m} {w}\n", "{m}{n}{m}\n{w}\n\n", "{m}{n}{m}: {w}\n", "{m}{n}:{m} {w}\n\n", "{m}{n}:{m}\n{w}\n"],
)
@pytest.mark.parametrize("suffix", ["txt", "md"])
def test_labels_in_bold_or_italics(mark: str, layout: str, suffix: str) -> None:
    text = "".join(layout.format(n=name, w=words, m=mark) for name, words in SAID)
    assert said(read(text, name=f"a.{suffix}")) == SAID


@pytest.mark.parametrize("mark", ["#", "##", "###", "####"])
@pytest.mark.parametrize("layout", ["{m} {n}\n{w}\n", "{m} {n}\n\n{w}\n\n", "{m} {n}:\n{w}\n\n"])
@pytest.mark.parametrize("suffix", ["txt", "md"])
def test_labels_as_headings(mark: str, layout: str, suffix: str) -> None:
    text = "".join(layout.format(n=name, w=words, m=mark) for name, words in SAID)
    assert said(read(text, name=f"a.{suffix}")) == SAID


def test_starred_sounds_in_a_text_keep_their_stars() -> None:
    text = "Dana: *laughs* How?\nOtis: *sighs* We.\n*laughs*\nDana: a\n*sighs* b\nOtis: c\n*laughs* d\n*sighs* e\n"
    made = read_source(text.encode(), "a.txt")
    assert said(made)[1] == ("Otis", "*sighs* We.\n*laughs*")


TRANSANA = {
    "before the label": ("¤<{c}>{n}: {w}\n", [0, 4200, 9000, 12000]),
    "before the words": ("{n}: ¤<{c}>{w}\n", [0, 4200, 9000, 12000]),
    "alone": ("¤<{c}>\n{n}: {w}\n", [0, 4200, 9000, 12000]),
    "below the label": ("{n}:\n¤<{c}>{w}\n", [0, 4200, 9000, 12000]),
    "among the words": ("{n}: Well, ¤<{c}>{w}\n", [None] * 4),
}


@pytest.mark.parametrize("where", TRANSANA)
def test_time_codes_of_transana(where: str) -> None:
    layout, times = TRANSANA[where]
    codes = (0, 4200, 9000, 12000)
    made = read("".join(layout.format(n=n, w=w, c=c) for (n, w), c in zip(SAID, codes, strict=True)))
    before = "Well, " if "Well" in layout else ""
    assert [(label, words.replace("\n", " ")) for label, words in said(made)] == [(n, before + w) for n, w in SAID]
    assert starts(made) == times
