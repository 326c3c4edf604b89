"""Clocks in other signs than a colon: points, primes, units alone, digits of other scripts."""

from __future__ import annotations

import pytest

from postil_formats.texts.readers import Recognised, read_source
from postil_formats.texts.recognised import ReadOptions
from postil_formats.texts.second_reading import compare
from tests.postil_formats.texts.labels.test_finding import SAID, read, said, starts, written

LAYOUTS = {
    "[clock] name:": "[{clock}] {name}: {words}\n",
    "name (clock)": "{name} ({clock})\n{words}\n\n",
    "name clock": "{name} {clock}\n{words}\n\n",
    "name [clock]:": "{name} [{clock}]: {words}\n",
    "name: [clock]": "{name}: [{clock}] {words}\n",
    "clock above": "{clock}\n{name}: {words}\n\n",
    "clock name:": "{clock} {name}: {words}\n",
    "clock below": "{name}\n{clock}\n{words}\n\n",
}
MS = [3_490_000, 3_580_000, 3_665_000, 6_125_000]
FULL_MINUTES = [3_480_000, 3_540_000, 3_660_000, 6_120_000]
SECONDS = [3_000, 12_000, 40_000, 55_000]
SIGNS = {
    "points": (("00.58.10", "00.59.40", "01.01.05", "01.42.05"), MS),
    "points past an hour": (("58'10", "59'40", "61'05", "102'05"), MS),
    "typographic primes": (("58’10”", "59’40”", "1h01’05”", "1h42’05”"), MS),
    "true primes": (("58′10″", "59′40″", "61′05″", "102′05″"), MS),
    "letters": (("0h58m10", "0h59m40", "1h01m05", "1h42m05"), MS),
    "minutes": (("58 min", "59 min", "61 min", "102 min"), FULL_MINUTES),
    "minutes in full": (("58 minutes", "59 minutes", "61 minutes", "102 minutes"), FULL_MINUTES),
    "minutes in German": (("58 Min.", "59 Min.", "61 Min.", "102 Min."), FULL_MINUTES),
    "seconds": (("3 seconds", "12 seconds", "40 seconds", "55 seconds"), SECONDS),
    "seconds in German": (("3 Sekunden", "12 Sekunden", "40 Sekunden", "55 Sekunden"), SECONDS),
    "seconds, then minutes": (
        ("3 seconds", "12 seconds", "1 minute", "1 minute 2 seconds"),
        [3000, 12000, 60000, 62000],
    ),
    "Arabic-Indic": (("٥٨:١٠", "٥٩:٤٠", "٦١:٠٥", "١٠٢:٠٥"), MS),
    "Persian": (("۵۸:۱۰", "۵۹:۴۰", "۶۱:۰۵", "۱۰۲:۰۵"), MS),
    "wide": (("５８：１０", "５９：４０", "６１：０５", "１０２：０５"), MS),
    "points without hours": (("58.10", "59.40", "61.05", "102.05"), MS),
    "seconds with decimals": (("3.25", "58.75", "610.50", "3490.50"), [3_000, 58_000, 610_000, 3_490_500]),
    "hyphens": (("00-58-10", "00-59-40", "01-01-05", "01-42-05"), MS),
    "low lines": (("00_58_10", "00_59_40", "01_01_05", "01_42_05"), MS),
    "minutes behind": (("58:10 min", "59:40 min", "61:05 min", "102:05 min"), MS),
    "minutes before": (("Min. 58:10", "Min. 59:40", "Min. 61:05", "Min. 102:05"), MS),
    "a sign before": (("@58:10", "@59:40", "@61:05", "@102:05"), MS),
    "time code": (("TC 00:58:10", "TC 00:59:40", "TC 01:01:05", "TC 01:42:05"), MS),
    "Devanagari with hours": (("००:५८:१०", "००:५९:४०", "०१:०१:०५", "०१:४२:०५"), MS),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("signs", SIGNS)
def test_clocks_in_other_signs_are_clocks(layout: str, signs: str) -> None:
    clocks, times = SIGNS[signs]
    made = read(written(LAYOUTS[layout], clocks))
    assert said(made) == SAID
    assert starts(made) == times


@pytest.mark.parametrize("signs", ["seconds", "seconds, then minutes", "seconds in German"])
@pytest.mark.parametrize(
    "layout",
    [
        "{name}\n{clock}\n{name} {clock}\n{words}\nOne more line.\n",
        "{name}\n{clock}\n0:03\n{name} {clock}\n{words}\nOne more line.\n",
        "DS\n{name}\n{clock}\n{words}\nOne more line.\n",
    ],
)
def test_a_short_recap_of_teams_has_seconds_alone(signs: str, layout: str) -> None:
    clocks, times = SIGNS[signs]
    digits = [f"{ms // 60_000}:{ms // 1000 % 60:02d}" for ms in times]
    text = "".join(
        layout.replace("0:03", digit)
        .replace("DS", f"{name[0]}{name.split()[1][0]}")
        .format(name=name, clock=clock, words=words)
        for (name, words), clock, digit in zip(SAID, clocks, digits, strict=True)
    )
    made = read(text)
    assert said(made) == [(name, f"{words}\nOne more line.") for name, words in SAID]
    assert starts(made) == times


def test_points_are_told_when_they_part_minutes_from_seconds() -> None:
    text = written("[{clock}] {name}: {words}\n", SIGNS["points without hours"][0])
    made = read_source(text.encode(), "a.txt")
    assert "clocks such as '58.10' were read as minutes and seconds" in made.warnings


def test_hours_of_the_day_with_a_word() -> None:
    made = read(written("[{clock}] {name}: {words}\n", ("10:05 Uhr", "10:06 Uhr", "10:41 Uhr", "11:02 Uhr")))
    assert said(made) == SAID
    assert starts(made) == [36_300_000, 36_360_000, 38_460_000, 39_720_000]


def test_labels_that_all_differ_are_told() -> None:
    made, _ = told("".join(f"{n}s Dana {n}: Well, {n}.\n" for n in (3, 14, 15, 92)))
    assert any("each label occurs only once" in sentence for sentence in made.warnings)


@pytest.mark.parametrize("layout", ["{n}: [{c}] {w}\n", "{n}: {w} ({c})\n"])
def test_seconds_at_the_ends_of_turns_are_told_when_they_run_on(layout: str) -> None:
    rows = zip(SAID, ("3s", "58s", "610s", "3490s"), strict=True)
    _, warnings = told("".join(layout.format(n=name, w=words, c=clock) for (name, words), clock in rows))
    assert any("clocks in brackets" in sentence for sentence in warnings)


def test_pauses_are_not_told() -> None:
    _, warnings = told("A: Well (3s)\nB: Yes (2s)\nA: So (5s)\nB: No. (1s)\n")
    assert not any("clocks" in sentence for sentence in warnings)


def told(text: str) -> tuple[Recognised, tuple[str, ...]]:
    made = read_source(text.encode(), "a.txt")
    return made, compare(text.encode(), "a.txt", made, ReadOptions()).all


@pytest.mark.parametrize(
    "words",
    [
        "It took (3 sec) a while, then (5 sec) more, then (9 sec) again.",
        "We met on 12.05.26 and then on 13.06.26.",
        "Version 1.10, then 1.20 and 1.30.",
        "It is 58' long, 6'02 tall, and 5'10.",
        "5 minutes",
        "(3 seconds)",
        "12.05.26",
    ],
)
def test_what_is_no_clock_stays_in_the_words(words: str) -> None:
    made, _ = told(f"Dana: How?\nOtis: {words}\nDana: And?\nOtis:\n{words}\nDana: So?\nOtis: {words}\n")
    assert [turn.text for turn in made.turns if turn.label == "Otis"] == [words] * 3


def test_short_answers_below_each_other_are_no_clocks() -> None:
    made, _ = told("Dana: How long did it take?\nOtis:\n5 minutes\nDana: And then?\nOtis:\n10 minutes\nDana: Ah.\n")
    assert said(made)[1] == ("Otis", "5 minutes")
    assert said(made)[3] == ("Otis", "10 minutes")


@pytest.mark.parametrize("clocks", [("[58 min]", "[59 min]"), ("(00.58.10)", "(00.12.10)"), ("[5'10]", "[3'10]")])
def test_clocks_that_stay_among_the_words_are_told(clocks: tuple[str, str]) -> None:
    one, two = clocks
    _, warnings = told(f"Dana: How was {one} it?\nOtis: Fine.\nDana: And then {two} you left?\nOtis: Yes.\n")
    assert any("clocks in brackets stand among the words" in sentence for sentence in warnings)


def test_what_is_taken_off_is_listed_as_it_was_written() -> None:
    made = read(written("[{clock}] {name}: {words}\n", SIGNS["Arabic-Indic"][0]))
    assert [item.text for item in made.taken][:1] == ["[٥٨:١٠] Dana Smith:"]
