"""Clocks and labels as transcription programs and people write them; every layout with the words it must give."""

from __future__ import annotations

import pytest

from postil_formats.texts.readers import ReadOptions, Recognised, read_source
from postil_formats.texts.second_reading import compare

DANA, OTIS = "Dana Smith", "Otis Brown"
SAID = [
    (DANA, "How did you pick the supplier?"),
    (OTIS, "We asked a colleague first."),
    (DANA, "And was that fine?"),
    (OTIS, "Not really."),
]
CLOCKS = ("58:10", "59:40", "61:05", "102:05")
MS = [3_490_000, 3_580_000, 3_665_000, 6_125_000]


def read(text: str, told: tuple[str, ...] = (), name: str = "a.txt") -> Recognised:
    """Read a text, and hold it against the second reading: nothing may be missing, added or look like a label."""
    options = ReadOptions(labels=told)
    made = read_source(text.encode(), name, options)
    assert compare(text.encode(), name, made, options).all == ()
    return made


def said(made: Recognised) -> list[tuple[str, str]]:
    return [(turn.label, turn.text) for turn in made.turns]


def starts(made: Recognised) -> list[int | None]:
    return [turn.start_ms for turn in made.turns]


CLOCKED = {
    "name (clock)": "{name} ({clock})\n{words}\n\n",
    "name clock": "{name}  {clock}\n{words}\n\n",
    "name: (clock)": "{name}: ({clock})\n{words}\n\n",
    "name (clock):": "{name} ({clock}):\n{words}\n\n",
    "name | clock": "{name} | {clock}\n{words}\n\n",
    "name, clock": "{name}, {clock}\n{words}\n\n",
    "name - [clock]": "{name} - [{clock}]\n{words}\n\n",
    "[clock] name:": "[{clock}] {name}: {words}\n",
    "clock name:": "{clock} {name}: {words}\n",
    "clock - name:": "{clock} - {name}: {words}\n\n",
    "(clock) name:": "({clock}) {name}: {words}\n\n",
    "name [clock]: words": "{name} [{clock}]: {words}\n\n",
    "name [clock] words": "{name} [{clock}] {words}\n\n",
    "name: [clock] words": "{name}: [{clock}] {words}\n\n",
    "[clock] - name": "[{clock}] - {name}\n{words}\n\n",
    "clock above name:": "{clock}\n{name}: {words}\n\n",
    "[clock] above name:": "[{clock}]\n{name}:\n{words}\n\n",
    "clock above name": "{clock}\n{name}\n{words}\n\n",
    "clock below name": "{name}\n{clock}\n{words}\n\n",
    "[name] [clock]": "[{name}] [{clock}] {words}\n",
    "[clock] [name]:": "[{clock}] [{name}]: {words}\n",
    "[name] clock, below": "[{name}] {clock}\n{words}\n\n",
    "<clock> name:": "<{clock}> {name}: {words}\n",
    "name words (clock)": "{name}: {words} ({clock})\n",
}


def written(layout: str, clocks: tuple[str, ...] = CLOCKS, names: dict[str, str] | None = None) -> str:
    names = names or {}
    return "".join(
        layout.format(name=names.get(name, name), clock=clock, words=words)
        for (name, words), clock in zip(SAID, clocks, strict=True)
    )


@pytest.mark.parametrize("layout", CLOCKED)
@pytest.mark.parametrize("hours", [False, True])
def test_clocks_run_on_past_an_hour(layout: str, hours: bool) -> None:
    clocks = ("00:58:10", "00:59:40", "01:01:05", "01:42:05") if hours else CLOCKS
    made = read(written(CLOCKED[layout], clocks))
    assert said(made) == SAID
    assert starts(made) == ([None] * 4 if layout == "name words (clock)" else MS)


RANGES = [
    "[{name}] [{clock} - {until}] {words}\n",
    "[{clock} --> {until}] [{name}]: {words}\n",
    "[{name}] [{clock} --> {until}]: {words}\n",
    "[{clock} -> {until}] {name}: {words}\n",
    "{name} ({clock} – {until})\n{words}\n\n",
    "{name} {clock}-{until}\n{words}\n\n",
    "{clock} --> {until}\n{name}: {words}\n\n",
    "{name} [{clock} - {until}]: {words}\n\n",
]


@pytest.mark.parametrize("layout", RANGES)
def test_ranges_of_clocks(layout: str) -> None:
    clocks = ("00:58:10.000", "00:59:40.000", "01:01:05.000", "01:42:05.000")
    text = "".join(
        layout.format(name=name, clock=clock, until=clock.replace(":10.", ":12."), words=words)
        for (name, words), clock in zip(SAID, clocks, strict=True)
    )
    made = read(text)
    assert said(made) == SAID
    assert starts(made) == MS


WRITTEN_OUT = {
    "en": ("0 minutes 3 seconds", "1 minute 2 seconds", "59 minutes 9 seconds", "1 hour 0 minutes 5 seconds"),
    "de": ("0 Minuten 3 Sekunden", "1 Minute 2 Sekunden", "59 Minuten 9 Sekunden", "1 Stunde 0 Minuten 5 Sekunden"),
    "fr": ("0 minutes 3 secondes", "1 minute 2 secondes", "59 minutes 9 secondes", "1 heure 0 minutes 5 secondes"),
    "nl": ("0 minuten 3 seconden", "1 minuut 2 seconden", "59 minuten 9 seconden", "1 uur 0 minuten 5 seconden"),
    "sv": ("0 minuter 3 sekunder", "1 minut 2 sekunder", "59 minuter 9 sekunder", "1 timme 0 minuter 5 sekunder"),
    "pl": ("0 minut 3 sekundy", "1 minuta 2 sekundy", "59 minut 9 sekund", "1 godzina 0 minut 5 sekund"),
    "ja": ("0 分 3 秒", "1 分 2 秒", "59 分 9 秒", "1 時間 0 分 5 秒"),
    "zh": ("0分3秒", "1分2秒", "59分9秒", "1小时0分5秒"),
    "short": ("0m 3s", "1m 2s", "59m 9s", "1h 0m 5s"),
}


@pytest.mark.parametrize("language", WRITTEN_OUT)
@pytest.mark.parametrize("layout", ["{name} {clock}\n{words}\n\n", "{name}\n{clock}\n{words}\n\n"])
def test_clocks_written_out(language: str, layout: str) -> None:
    made = read(written(layout, WRITTEN_OUT[language]))
    assert said(made) == SAID
    assert starts(made) == [3_000, 62_000, 3_549_000, 3_605_000]


def test_the_recap_of_teams_says_everything_twice() -> None:
    digits = ("0:03", "1:02", "59:09", "1:00:05")
    text = "".join(
        f"{name}\n{clock}\n{digit}\n{name} {clock}\n{words}\nOne more line.\n"
        for (name, words), clock, digit in zip(SAID, WRITTEN_OUT["en"], digits, strict=True)
    )
    made = read(text)
    assert said(made) == [(name, f"{words}\nOne more line.") for name, words in SAID]
    assert starts(made) == [3_000, 62_000, 3_549_000, 3_605_000]


def test_the_recap_of_teams_with_initials_for_pictures() -> None:
    text = "".join(
        f"{name[0]}{name.split()[1][0]}\n{name}\n{clock}\n{name} {clock}\n{words}\n"
        for (name, words), clock in zip(SAID, WRITTEN_OUT["en"], strict=True)
    )
    assert said(read(text)) == SAID


def test_halves_of_the_day_and_frames() -> None:
    assert said(read(written("{name}  {clock}\n{words}\n\n", ("9:58 AM", "11:59 AM", "12:01 PM", "1:05 PM")))) == SAID
    assert said(read(written("[{clock}] {name}: {words}\n", tuple(f"00:0{n}:02:15" for n in range(4))))) == SAID


class TestClocksAmongTheWords:
    def test_alone_on_a_line_inside_a_turn(self) -> None:
        made = read("I: Why?\n\nB: We asked.\n\n[00:05:00]\n\nAnd then.\n\nI: So?\n\nB: Yes.\n\n[00:10:00]\n")
        assert said(made)[1] == ("B", "We asked.\nAnd then.")

    def test_in_front_of_a_paragraph_that_goes_on(self) -> None:
        made = read("[00:01] I: Why?\n[00:04] B: We asked.\n[61:05] And then.\n[62:00] I: So?\n[62:30] And?\n")
        assert said(made) == [("I", "Why?"), ("B", "We asked.\nAnd then."), ("I", "So?\nAnd?")]

    @pytest.mark.parametrize(
        "words",
        ["So, 10:30 we met.", "At 9:15 or 10:30.", "10:30 we met.", "Note: we did.", "Ratio 3:2, then 61:05 left."],
    )
    def test_words_that_look_like_a_clock_or_a_label_stay(self, words: str) -> None:
        made = read(f"I: When?\n\nB: Well.\n{words}\n\nI: And?\n\nB: {words}\n")
        assert said(made) == [("I", "When?"), ("B", f"Well.\n{words}"), ("I", "And?"), ("B", words)]

    def test_answers_that_are_clocks_do_not_run_on_and_stay(self) -> None:
        text = "Interviewer:\nWhen?\n\nP07:\n10:30\n\nInterviewer:\nAnd on Sundays?\n\nP07:\n9:15\n"
        made = read_source(text.encode(), "a.txt")
        assert said(made)[1::2] == [("P07", "10:30"), ("P07", "9:15")]

    def test_lines_of_whisper_have_no_clock_in_them(self) -> None:
        made = read("[00:00:02.000 --> 00:00:05.000]  How did you?\n[00:59:06.000 --> 00:59:09.000]  We asked.\n")
        assert [(turn.text, turn.start_ms, turn.end_ms) for turn in made.turns] == [
            ("How did you?", 2_000, 5_000),
            ("We asked.", 3_546_000, 3_549_000),
        ]

    def test_lines_of_youtube_are_paragraphs(self) -> None:
        made = read("0:03\nhow did you\n0:05\npick it?\n61:05\nWe asked\n61:08\na colleague.\n")
        assert [(turn.text, turn.start_ms) for turn in made.turns] == [
            ("how did you pick it?", 3_000),
            ("We asked a colleague.", 3_665_000),
        ]


NAMES = [
    ("Dana Smith (she/her) | Univ. of Somewhere", "Otis Brown"),
    ("dana's iPad #2", "otis.brown@example.org"),
    ("Smith, Dana (Dept. of Purchasing / Procurement, Building 7)", "+49 170 ***1234"),
    ("Dana Smith / Acme", "Galaxy S21"),
    ("DANA SMITH - Chair", "Otis (Guest)"),
    ("Dana 🙂 Smith", "Otis B. @ Home"),
    ("Dana Smith [External]", "Otis <otis@example.org>"),
    ("#2 iPad", "Otis: Buyer".replace(":", " /")),
    ("Dr. Dana von der Smith-Brown", "O'Brian"),
]


@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize("layout", ["{name}: {words}\n\n", "{name}:\n{words}\n\n", "{name} ({clock})\n{words}\n\n"])
def test_any_display_name_is_a_label(names: tuple[str, str], layout: str) -> None:
    shown = dict(zip((DANA, OTIS), names, strict=True))
    assert said(read(written(layout, names=shown))) == [(shown[name], words) for name, words in SAID]


SHORT = [
    "({name}) {words}\n",
    "{name} | {words}\n",
    "{name}  {words}\n",
    "({name})\n{words}\n\n",
    "{name}; {words}\n",
    "{name}. {words}\n",
    "{name}) {words}\n",
    "<{name}> {words}\n",
    "[{name}] {words}\n",
    "{name} - {words}\n",
    "{name}\t{words}\n",
    ">> {name}: {words}\n",
]


@pytest.mark.parametrize("layout", SHORT)
def test_short_labels(layout: str) -> None:
    made = read(written(layout, names={DANA: "I", OTIS: "B"}))
    assert said(made) == [("I" if name == DANA else "B", words) for name, words in SAID]


def test_a_semicolon_is_a_slip_for_a_colon() -> None:
    made = read("I: Why?\nB: We asked; then we bought.\nI; And?\nB: So; yes.\n")
    assert said(made) == [("I", "Why?"), ("B", "We asked; then we bought."), ("I", "And?"), ("B", "So; yes.")]


@pytest.mark.parametrize("sign", [".", ":", ")", ""])
def test_counted_questions_and_answers(sign: str) -> None:
    made = read(f"Q1{sign} Why?\nA1{sign} We asked.\nQ2{sign} And?\nA2{sign} So.\nQ3{sign} Fine?\nA3{sign} No.\n")
    assert said(made) == [("Q", "Why?"), ("A", "We asked."), ("Q", "And?"), ("A", "So."), ("Q", "Fine?"), ("A", "No.")]


def test_counted_participants_are_people() -> None:
    made = read("Q1: Why?\nP1: We asked.\nP2: So.\nQ1: And?\nP1: Yes.\nP2: No.\n")
    assert [label for label, _ in said(made)] == ["Q1", "P1", "P2", "Q1", "P1", "P2"]


def test_sounds_in_brackets_are_nobody() -> None:
    made = read("(laughs) So it was.\n(pause) We asked.\n(laughs) Yes.\n(pause) Right.\n(laughs)\n")
    assert [label for label, _ in said(made)] == [""]


class TestToldLabels:
    TEXT = "Kim says hello here\nDana: Why?\nOtis: We asked.\nKim – and I agree.\nDana: So?\nOtis: Yes.\n"

    def test_a_label_that_was_not_found_is_one_when_it_is_named(self) -> None:
        assert said(read(self.TEXT, ("Kim",)))[2:4] == [("Kim", "and I agree."), ("Dana", "So?")]

    @pytest.mark.parametrize(
        "line", ["Kim: so", "Kim (02:03): so", "(Kim) so", "[Kim] so", "Kim; so", "Kim\nso", "Kim\tso", ">> Kim: so"]
    )
    def test_however_it_is_written(self, line: str) -> None:
        made = read(f"We asked.\nAnd then.\n{line}\n", ("Kim",))
        assert said(made)[-1] == ("Kim", "so")

    def test_a_text_without_any(self) -> None:
        made = read("dana hello there\notis we asked\ndana and\n", ("dana", "otis"))
        assert said(made) == [("dana", "hello there"), ("otis", "we asked"), ("dana", "and")]


class TestTheFirstSpeaker:
    def test_of_a_narrative_interview(self) -> None:
        made = read("Interviewer: Please tell me your story.\n\nP07: Well.\n\nP07: And then.\n\nP07: In the end.\n")
        assert said(made)[0] == ("Interviewer", "Please tell me your story.")
        assert made.header == ()

    @pytest.mark.parametrize("label", ["Moderator", "Facilitator", "Dr. Berg", "Anna Berg", "I"])
    def test_of_a_focus_group(self, label: str) -> None:
        made = read(f"{label}: Welcome, let us begin.\n\nBen: We asked.\n\nClara: So.\n\nBen: Yes.\n\nClara: Right.\n")
        assert said(made)[0] == (label, "Welcome, let us begin.")

    def test_below_a_title_and_on_a_line_of_its_own(self) -> None:
        made = read("Group 1\n\nModerator:\nWelcome all.\n\nBen:\nYes.\n\nClara:\nSo.\n\nBen:\nNo.\n\nClara:\nOh.\n")
        assert said(made)[0] == ("Moderator", "Welcome all.")
        assert made.header == ("Group 1",)

    @pytest.mark.parametrize(
        "head",
        [
            "Interviewer: Dana Smith\n\n",
            "Interviewer: Dana Smith\nParticipant: P07\n\n",
            "Interview: P07 with Dana\n\n",
            "Date: 12 May 2026\nPlace: Berlin\n\n",
            "Transcript: Otis Brown and others\n\n",
        ],
    )
    def test_a_header_is_none(self, head: str) -> None:
        made = read(f"{head}DS: Why?\n\nOB: We asked.\n\nDS: So?\n\nOB: Yes.\n")
        assert said(made)[0] == ("DS", "Why?")
        assert made.header == tuple(head.strip().split("\n"))


class TestFurtherLayouts:
    def test_clocks_in_square_brackets_run_through_the_words(self) -> None:
        made = read(
            "Dana: hi [00:00:02] there\nOtis: well [01:02:03] we did\nDana: so [inaudible 01:03:00]\nOtis: yes\n"
        )
        assert [words for _, words in said(made)] == ["hi there", "well we did", "so [inaudible 01:03:00]", "yes"]

    def test_clocks_in_round_brackets_stay_and_are_named(self) -> None:
        text = "Dana: hi (0:02) there\nOtis: well (1:02) we did\nDana: so\nOtis: yes\n"
        made = read_source(text.encode(), "a.txt")
        assert said(made)[0] == ("Dana", "hi (0:02) there")
        (told,) = compare(text.encode(), "a.txt", made, ReadOptions()).labels
        assert told == "2 clocks in brackets stand among the words ('(0:02)', '(1:02)', …)"

    def test_clocks_without_brackets_in_front_of_the_words(self) -> None:
        for layout in ("{name} {clock} {words}\n", "{name}:\t{clock}\t{words}\n"):
            assert said(read(written(layout))) == SAID
            assert starts(read(written(layout))) == MS

    def test_an_answer_that_is_a_clock_stays_with_a_colon_in_front(self) -> None:
        made = read("Dana: When?\nOtis: 10:30 or so.\nDana: Why?\nOtis: 9:15 was full.\n")
        assert [words for _, words in said(made)][1::2] == ["10:30 or so.", "9:15 was full."]

    def test_names_in_capitals_alone_on_a_line(self) -> None:
        assert said(read(written("{name}\n{words}\n\n", names={DANA: "DANA", OTIS: "OTIS"})))[0] == (
            "DANA",
            "How did you pick the supplier?",
        )

    def test_bold_labels_in_a_text_file(self) -> None:
        assert said(read(written("**{name}:** {words}\n\n"))) == SAID
        assert said(read(written("**{name}**: {words}\n\n"))) == SAID

    def test_a_question_inside_an_answer_is_no_speaker(self) -> None:
        made = read("Interviewer: Why?\nP07: Well.\nQuestion: is it? I said.\nInterviewer: Ok.\nP07: Yes.\n")
        assert said(made)[1] == ("P07", "Well.\nQuestion: is it? I said.")

    @pytest.mark.parametrize("words", ["We asked. Otis: so.", "We asked.\nOtis. So we did."])
    def test_a_known_label_among_the_words_is_a_warning(self, words: str) -> None:
        text = f"Dana: Why?\nOtis: Well.\nDana: Hm. {words}\nOtis: Yes.\n"
        made = read_source(text.encode(), "a.txt")
        assert any(
            "a label stands among the words" in told
            for told in compare(text.encode(), "a.txt", made, ReadOptions()).labels
        )


def test_a_time_of_the_day_is_an_answer_below_a_label() -> None:
    text = "".join(f"{name}:\n{words}\n\n" for name, words in zip("IBIBIB", WHEN, strict=True)).encode()
    made = read_source(text, "a.txt")
    assert said(made) == list(zip("IBIBIB", WHEN, strict=True))
    assert "hold only a clock" in str(compare(text, "a.txt", made, ReadOptions()).labels)


WHEN = ("When did you meet?", "10:30", "And when did you leave?", "11:45", "Then?", "12:00")


@pytest.mark.parametrize("stamp", ["#{clock}-0#", "#{clock}#", "#0:{clock}-5#"])
def test_stamps_of_f4_without_hours(stamp: str) -> None:
    clocks = ("00:10", "00:40", "01:05", "02:05") if stamp.startswith("#0") else CLOCKS
    text = "".join(
        f"{name}: {words} {stamp.format(clock=clock)}\n" for (name, words), clock in zip(SAID, clocks, strict=True)
    )
    assert said(read(text)) == SAID


RECAPS = {
    "de": ("0 Minuten 3 Sekunden", "1 Minute 2 Sekunden", "59 Minuten 9 Sekunden", "1 Stunde 0 Minuten 5 Sekunden"),
    "fr": ("0 minutes 3 secondes", "1 minute 2 secondes", "59 minutes 9 secondes", "1 heure 0 minutes 5 secondes"),
    "ja": ("0 分 3 秒", "1 分 2 秒", "59 分 9 秒", "1 時間 0 分 5 秒"),
    "en": ("0 minutes 3 seconds", "1 minute 2 seconds", "59 minutes 9 seconds", "1 hour 0 minutes 5 seconds"),
}


@pytest.mark.parametrize("language", RECAPS)
def test_the_recap_of_teams_past_an_hour(language: str) -> None:
    digits = ("0:03", "1:02", "59:09", "1:00:05")
    text = "".join(
        f"{name}\n{clock}\n{short}\n{name} {clock}\n{words}\n"
        for (name, words), clock, short in zip(SAID, RECAPS[language], digits, strict=True)
    )
    assert said(read(text)) == SAID


@pytest.mark.parametrize(
    "layout", ["{name}（{clock}）：{words}", "【{name}】{words}", "{name}\u3000{words}", "【{name}】 {words}"]
)
def test_signs_of_chinese_and_japanese(layout: str) -> None:
    turns = [("田中", "どうして？"), ("佐藤", "同僚に聞きました。"), ("田中", "そう？"), ("佐藤", "いいえ。")]
    lines = [
        layout.format(name=name, words=words, clock=clock) for (name, words), clock in zip(turns, CLOCKS, strict=True)
    ]
    assert said(read("\n".join(lines) + "\n")) == turns


def test_a_letter_that_labels_in_the_middle_of_a_line_is_told() -> None:
    text = b"I: How?\nB: We asked. I: Fine?\nB: No.\nI: Sure?\nB: Plan B: yes.\n"
    made = read_source(text, "a.txt")
    (told,) = compare(text, "a.txt", made, ReadOptions()).labels
    assert "1 place" in told and "'I:'" in told
