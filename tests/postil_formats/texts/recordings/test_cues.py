"""How subtitle files name who speaks, program by program; nobody's words go to somebody else in silence."""

from __future__ import annotations

import pytest

from postil_formats.texts.readers import ReadOptions, Recognised, read_source
from postil_formats.texts.second_reading import compare

DANA, OTIS = "Dana Smith", "Otis Brown"
SAID = [(DANA, "How did you pick it?"), (OTIS, "We asked a colleague."), (DANA, "Fine?"), (OTIS, "Not really.")]


def vtt(*cues: str, minutes: bool = False, ids: tuple[str, ...] = ()) -> str:
    blocks = []
    for number, cue in enumerate(cues):
        minute = 58 + number
        clock = f"{minute}:00.000" if minutes else f"{minute // 60:02}:{minute % 60:02}:00.000"
        until = clock.replace(":00.000", ":05.000")
        above = f"{ids[number]}\n" if ids else ""
        blocks.append(f"{above}{clock} --> {until}\n{cue}")
    return "WEBVTT\n\n" + "\n\n".join(blocks) + "\n"


def read(text: str, name: str = "a.vtt", told: tuple[str, ...] = ()) -> Recognised:
    options = ReadOptions(labels=told)
    made = read_source(text.encode(), name, options)
    assert compare(text.encode(), name, made, options).all == ()
    return made


def said(made: Recognised) -> list[tuple[str, str]]:
    return [(turn.label, turn.text) for turn in made.turns]


INSIDE = [
    "<v {name}>{words}</v>",
    "<v.loud {name}>{words}",
    "{name}: {words}",
    "[{name}] {words}",
    "[{name}]: {words}",
    "({name})\n{words}",
    "({name}) {words}",
    ">> {name}: {words}",
    "&gt;&gt; {name}: {words}",
    "- {name}: {words}",
    "<b>{name}:</b> {words}",
    "{name}:\n{words}",
    "<{name}> {words}",
]


@pytest.mark.parametrize("layout", INSIDE)
@pytest.mark.parametrize("minutes", [False, True])
@pytest.mark.parametrize("suffix", ["vtt", "srt"])
def test_the_speaker_in_the_cue(layout: str, minutes: bool, suffix: str) -> None:
    made = read(vtt(*(layout.format(name=n, words=w) for n, w in SAID), minutes=minutes), f"a.{suffix}")
    assert said(made) == SAID
    assert [turn.start_ms for turn in made.turns] == [60_000 * minute for minute in (58, 59, 60, 61)]


IDENTIFIERS = ['{n} "{name}" (2459385600)', '{n} "{name}"', "{name}", "{n} - {name}", "{n}: {name}", "{n} {name}"]


@pytest.mark.parametrize("layout", IDENTIFIERS)
def test_the_speaker_identifies_the_cue(layout: str) -> None:
    ids = tuple(layout.format(n=n, name=name) for n, (name, _) in enumerate(SAID, 1))
    assert said(read(vtt(*(words for _, words in SAID), ids=ids))) == SAID


def test_roles_as_identifiers() -> None:
    made = read(vtt("How?", "So.", ids=("Speaker 1", "Speaker 2")))
    assert said(made) == [("Speaker 1", "How?"), ("Speaker 2", "So.")]


@pytest.mark.parametrize(
    "ids", [("intro", "middle", "end", "credits"), ("1", "2", "3", "4"), ("Cue 1", "Cue 2", "Cue 3", "Cue 4"),
            tuple(f"6f1a7c0e-52a1-4b1c-8f0e-3a2b9f7d1c55/{n}-0" for n in range(4))],
)  # fmt: skip
def test_other_identifiers_are_nobody(ids: tuple[str, ...]) -> None:
    made = read(vtt(*(words for _, words in SAID), ids=ids))
    assert list(made.labels) == [""]


class TestTwoSpeakersInOneCue:
    @pytest.mark.parametrize("sign", [">> ", "- ", ""])
    def test_on_lines_of_their_own(self, sign: str) -> None:
        made = read(vtt(f"{sign}Dana: How did you\npick it?", f"{sign}Otis: We asked.\n{sign}Dana: Fine?"))
        assert said(made) == [("Dana", "How did you pick it?"), ("Otis", "We asked."), ("Dana", "Fine?")]

    def test_on_one_line_behind_arrows(self) -> None:
        made = read(vtt(">> DANA: How?", ">> OTIS: We asked. >> DANA: Fine?", ">> OTIS: No."))
        assert said(made) == [("DANA", "How?"), ("OTIS", "We asked."), ("DANA", "Fine?"), ("OTIS", "No.")]

    def test_in_voice_tags(self) -> None:
        made = read(vtt("<v Dana>How?</v>\n<v Otis>We asked.</v>", "<v Dana>Fine?"))
        assert said(made) == [("Dana", "How?"), ("Otis", "We asked."), ("Dana", "Fine?")]


class TestChangesWithoutAName:
    def test_arrows_alone_part_the_turns(self) -> None:
        made = read(vtt(">> How did you?", ">> We asked", "a colleague.", ">> Fine?"))
        assert said(made) == [("", "How did you?"), ("", "We asked a colleague."), ("", "Fine?")]

    def test_after_a_name_they_are_not_the_same_person(self) -> None:
        made = read(vtt(">> DANA: How?", ">> We asked.", ">> DANA: Fine?", ">> OTIS: No.", ">> OTIS: Never."))
        assert said(made)[:3] == [("DANA", "How?"), ("", "We asked."), ("DANA", "Fine?")]

    def test_a_cue_without_a_voice_between_two_people_is_named(self) -> None:
        made = read(vtt("<v Dana>How?", "so to speak", "<v Otis>We asked."))
        assert said(made) == [("Dana", "How? so to speak"), ("Otis", "We asked.")]
        assert any("names nobody ('so to speak')" in warning for warning in made.warnings)

    def test_between_cues_of_one_person_it_is_theirs(self) -> None:
        made = read(vtt("<v Dana>How?", "so to speak", "<v Dana>did you", "<v Otis>We asked."))
        assert made.warnings == ()


class TestNoScribe:
    def test_labels_and_clocks_in_cues_of_their_own(self) -> None:
        made = read(vtt("<v S00>S00: ", "<v S00>[00:00:00]", "<v S00>How?", "<v S01>S01: ", "<v S01>We asked."))
        assert said(made) == [("S00", "How?"), ("S01", "We asked.")]
        assert [item.kind for item in made.taken] == ["label", "clock", "label"]

    def test_in_front_of_the_words(self) -> None:
        made = read(vtt("<v S00>S00: [00:58:00] How?", "<v S01>S01: We asked.", "<v S01>[61:02] And so."))
        assert said(made) == [("S00", "How?"), ("S01", "We asked. And so.")]

    def test_a_label_in_a_cue_of_its_own_holds_for_the_next(self) -> None:
        made = read(vtt("Dana:", "How did you?", "Otis:", "We asked.", "Dana:", "Fine?"))
        assert said(made) == [("Dana", "How did you?"), ("Otis", "We asked."), ("Dana", "Fine?")]


def test_youtubes_own_form() -> None:
    made = read("0:58:00.000,0:58:04.000\n(Dana Smith)\nHow?\n\n1:01:00.000,1:01:09.000\n(Otis Brown)\nSo.\n\n"
                "1:02:00.000,1:02:09.000\n(Dana Smith)\nOh?\n", "a.sbv")  # fmt: skip
    assert said(made) == [(DANA, "How?"), (OTIS, "So."), (DANA, "Oh?")]
    assert [turn.start_ms for turn in made.turns] == [3_480_000, 3_660_000, 3_720_000]


def test_blank_lines_in_a_cue_are_part_of_it() -> None:
    made = read(
        vtt("(Dana Smith)\nHow did you\n-\n\n(Otis Brown)\nWe asked", "(Otis Brown)\nfirst.", "(Dana Smith)\nOh?")
    )
    assert said(made) == [(DANA, "How did you"), (OTIS, "We asked first."), (DANA, "Oh?")]


@pytest.mark.parametrize("clock", ["120:00.000", "02:00:00.000", "2:00:00,000", "120:00", "2:00:00"])
def test_two_hours(clock: str) -> None:
    made = read(f"WEBVTT\n\n{clock} --> {clock}\n<v Dana>How?\n")
    assert [turn.start_ms for turn in made.turns] == [7_200_000]


def test_a_label_that_was_named() -> None:
    text = vtt("Dana: How?", "so it says kim. And?", "Otis: We asked.", "kim: I, too.", "Dana: Oh.", "Otis: Yes.")
    made = read(text, told=("kim",))
    assert ("kim", "I, too.") in said(made)


@pytest.mark.parametrize("words", ["Note: it was cheap.", "at 10:30 or so", "I said: no.", "(laughs) Yes.", "a -- b"])
def test_words_stay_words(words: str) -> None:
    made = read(vtt("Dana: How?", f"Otis: {words}", "Dana: Oh?", f"Otis: So.\n{words}"))
    assert said(made)[1::2] == [("Otis", words), ("Otis", f"So. {words}")]


def test_a_name_in_the_wrong_turn_is_found_by_the_second_reading() -> None:
    text = vtt(*(f"<v {name}>{words}" for name, words in SAID)).encode()
    made = read_source(text, "a.vtt")
    swapped = {DANA: OTIS, OTIS: DANA}
    from dataclasses import replace

    wrong = replace(made, turns=tuple(turn._replace(label=swapped[turn.label]) for turn in made.turns))
    found = compare(text, "a.vtt", wrong, ReadOptions())
    assert found.speakers[0] == "turn 1 of Otis Brown: “how did you pick it” is Dana Smith's in the file"


def test_remarks_between_the_cues_are_listed_and_disturb_nothing() -> None:
    text = vtt(*(f"<v {name}>{words}" for name, words in SAID)).replace("WEBVTT\n", "WEBVTT\n\nNOTE Confidence: 0.9\n")
    made = read(text.replace("Fine?", "Fine?\n\nNOTE Confidence: 0.7"))
    assert said(made) == SAID
    assert made.header == ("Confidence: 0.9", "Confidence: 0.7")


def test_a_name_alone_on_the_first_line_of_every_cue() -> None:
    made = read(vtt(*(f"{name}\n{words}" for name, words in SAID[:3])))
    assert said(made) == SAID[:3]


def test_a_known_label_behind_a_sentence_cuts_the_cue() -> None:
    made = read(vtt("DANA: How did you? OTIS: We asked.", "OTIS: So.", "DANA: Ok? OTIS: Yes."))
    assert said(made) == [("DANA", "How did you?"), ("OTIS", "We asked. So."), ("DANA", "Ok?"), ("OTIS", "Yes.")]


@pytest.mark.parametrize("names", [("訪問者", "参加者"), ("Dana", "Otis"), ("دينا", "عمر")])
def test_names_in_brackets_above_the_words_of_every_cue(names: tuple[str, str]) -> None:
    cues = "\n".join(f"00:0{n}.000 --> 00:0{n}.500\n({names[n % 2]})\nwe.\n" for n in range(4))
    made = read_source(f"WEBVTT\n\n{cues}".encode(), "a.vtt")
    assert [(turn.label, turn.text) for turn in made.turns] == [(names[n % 2], "we.") for n in range(4)]


@pytest.mark.parametrize(
    "layout", ["[{clock}] {name}: {words}", "({clock}) {name}: {words}", "[{clock}]\n{name}: {words}"]
)
def test_a_clock_in_front_of_the_label_is_nobodys_word(layout: str) -> None:
    cues = (layout.format(clock=f"00:0{n}", name=name, words=words) for n, (name, words) in enumerate(SAID))
    assert said(read(vtt(*cues))) == SAID


def test_a_time_of_the_day_as_an_answer_stays() -> None:
    assert said(read_source(vtt("Dana: When?", "Otis: 10:30", "Dana: And?", "Otis: At 11.").encode(), "a.vtt"))[1] == (
        "Otis",
        "10:30",
    )


@pytest.mark.parametrize("quotes", ['""', "“”", "''", "()", "[]"])
def test_names_in_any_quotes_identify_cues(quotes: str) -> None:
    names = {DANA: 'Dana "Dee" Smith'} if quotes == '""' else {}
    ids = (f"{n} {quotes[0]}{names.get(name, name)}{quotes[1]} (245)" for n, (name, _) in enumerate(SAID, 1))
    made = read(vtt(*(words for _, words in SAID), ids=tuple(ids)))
    assert said(made) == [(names.get(name, name), words) for name, words in SAID]


def test_remarks_in_brackets_below_names_in_brackets_are_nobody() -> None:
    words = ("we.", "we.", "(really) we.", "(really) we.")
    made = read_source(vtt(*(f"({'PQ'[n % 2]}ia)\n{line}" for n, line in enumerate(words))).encode(), "a.vtt")
    assert said(made) == [(f"{'PQ'[n % 2]}ia", line) for n, line in enumerate(words)]
