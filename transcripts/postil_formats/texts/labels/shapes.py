"""The shapes in which a line can name its speaker, and the lines that have them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from postil_base.late import LatePattern
from postil_formats.texts.labels.lines import SourceLine
from postil_formats.texts.labels.times import DIGITS, TIME, TO, TimedPattern, to_ms

REACH = 200  # a label, with its clocks, stands within so many characters
# Display names of meeting programs hold nearly anything: "Dana Smith (she/her) | Univ. of Somewhere", "dana's iPad #2".
_ASIDE = r"\[[^\[\]:：\d\n][^\[\]:：\n]{0,39}\]|<[^<>:：\n]{1,60}>"  # "Dana [External]", "Dana <dana@example.org>"
_LABEL = rf"(?P<label>[^\s:：\[\]{{}}<>=*|/](?:[^:：\[\]{{}}<>=「『\t\n]|{_ASIDE}){{0,99}}?)"
_INNER = r"(?<=[^\W\d_]):(?=[^\W\d_])"  # "Otis A:B Corp", where a clock says that it is a name
_NAME = _LABEL.replace(_ASIDE, f"{_ASIDE}|{_INNER}")
_IN = r"[^\[\]:：\n]"
_OPEN, _CLOSE = r"[\[(<{#（【［]\s?", r"\s?[\])>}#）】］]"


def _clock(start: str, until: str = "") -> str:
    """A clock or a range of two, in brackets or without."""
    rest = rf"(?:{TO}(?P<{until}>{DIGITS}))?" if until else ""
    return rf"(?:{_OPEN})?(?P<{start}>{TIME}){rest}(?:{_CLOSE})?"


def _bracketed(start: str, until: str) -> str:
    return rf"{_OPEN}(?P<{start}>{TIME})(?:{TO}(?P<{until}>{DIGITS}))?{_CLOSE}"


_JOINT = r"\s+(?:[-–—|•·,]\s*)?"
_DATE = r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?\s+)"  # chats name the day, too: "[02.03.26, 10:00:03] Dana: How?"
_DAY = rf"(?:{_OPEN})?{_DATE}(?P<day>{TIME}|\d{{1,2}}:\d\d)(?:{_CLOSE})?"
DAY_LINE = TimedPattern(_DAY)
SHAPES = {
    "colon": TimedPattern(
        rf"(?:(?:>>+|[-–—•·*▪‣◦])\s*)?(?:(?:{_DAY}|{_clock('first', 'first_until')}){_JOINT})?{_LABEL}"
        rf"\s*(?:{_bracketed('second', 'until')}|(?<=\s)(?P<bare>{TIME}))?"
        rf"\s*(?::(?![\d/\\])|：)(?:\s*{_bracketed('third', 'third_until')}(?=\s|$))?"
    ),
    "time after name": TimedPattern(rf"{_NAME}(?P<gap>\s+)(?:[-–—|•·]\s*)?{_clock('second', 'until')}\s*$"),
    "time before name": TimedPattern(rf"{_clock('first', 'until')}{_JOINT}{_NAME}\s*$"),
    "bracket": TimedPattern(
        rf"(?:{_clock('first', 'first_until')}\s+)?"
        rf"[\[【［](?P<label>[^\]\[:\d\s【】［］](?:(?![【】［］]){_IN}|{_INNER}){{0,79}})[\]】］]"
        rf"(?:\s*{_bracketed('second', 'until')}|\s+(?P<bare>{TIME})\s*$)?:?(?:(?=\s|$)|(?<=[】］]))"
    ),
    "time within": TimedPattern(rf"{_NAME}\s+{_bracketed('second', 'until')}(?:\s*[-–—])?(?=\s+\S)"),
}
BARE = TimedPattern(rf"\s+(?P<start>{TIME})(?=\s+\S)")
# Layouts that would find speakers in any text; they are tried only where those above find none.
_CELL = r"(?P<label>[^\W_][^\t\n|;]{0,59}?)"
FALLBACKS = {
    "corner": TimedPattern(
        rf"(?:{_clock('clock')}\s*)?(?P<label>[^\s「」『』、。:：]{{1,20}})\s*(?P<sign>[「『])(?=\S)"
    ),
    "clock, name": TimedPattern(rf"{_clock('clock')}\s*(?P<sign>[\t|;])\s*{_CELL}\s*(?P=sign)(?=\s*\S)"),
    "name, clock": TimedPattern(rf"{_CELL}\s*(?P<sign>[\t|;])\s*{_clock('clock')}\s*(?P=sign)(?=\s*\S)"),
    "clock": LatePattern(rf"(?P<label>[^\W\d_][^:\t\n\d]{{0,59}}?)\s+(?P<clock>{DIGITS})(?=\s+\S)"),
    "point": LatePattern(r"(?P<label>[A-Z]{1,2}\d{0,3})[.)](?=\s)"),
    "tab": LatePattern(r"(?P<label>[^\W_][^:\t\n]{0,29})\t(?=\s*\S)"),
    "gap": LatePattern(r"(?P<label>[^\W_][^:\t\n]{0,29}?)(?: {2,}|\u3000+)(?=\S)"),
    "counted": LatePattern(r"(?P<label>[QAFR]\d{1,3})\s+(?=\S)"),
    "dash": LatePattern(r"(?P<label>[^\W_][\w .]{0,29}?)\s+[-–—]\s(?=\s*\S)"),
    "angle": LatePattern(r"[<{«‹](?P<label>[^<>{}«»‹›:\n]{1,40})[>}»›]:?(?=\s)"),
    "initials": LatePattern(r"(?P<label>[A-Z][A-Z\d]{0,4})(?:\.?[-–—]|[/~,])\s+(?=\S)"),
    "wide round": LatePattern(r"（(?P<label>[^（）():：\d\n][^（）():：\n]{0,39})）[:：]?(?=\s|\S)"),
    "round": LatePattern(r"\((?P<label>[^():\d\n](?:[^():\n]|\([^():\n]{0,40}\)){0,79})\):?(?=\s|$)"),
    "semicolon": LatePattern(r"(?P<label>[^\W_][\w .'’-]{0,29});(?=\s|$)"),
    "arrow": TimedPattern(
        rf"(?:{_clock('clock')}\s+)?(?P<label>[^\W_](?:[\w .,'’()-]{{0,39}}?[\w.)])?)\s*(?:[-=]{{0,2}}>|[→⇒➔➜»›]|==?)"
        r"(?=\s|\w|$)"
    ),
    "pipe": LatePattern(r"(?P<label>[^\W_][^:|\t\n]{0,39}?)\s*\|\s+(?=\S)"),
    "clock, number": TimedPattern(
        rf"(?:{_clock('clock')}\s+)?"
        r"(?P<label>(?i:speaker|sprecher(?:in)?|spk|spkr|locuteur|hablante)[ _]?\d{1,2})\s+(?=\w|[\"“„«¿¡'‘(\[…])"
    ),
    "name": LatePattern(r"(?P<label>[^\W_](?:[\w .'’-]{0,38}[\w)])?)\s*$"),
}
TIMING = LatePattern(r"\s*(?P<first>{0})\s*-->\s*(?P<until>{0})\s*".format(r"\d{1,3}:\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?"))
OF_DIRECTION = "\ufeff\u200b\u2060\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
IN_FRONT = frozenset({"colon", "bracket", "time within"})  # shapes with words behind them in the line

_STARTS = ("third", "second", "bare", "first", "day")
_ENDS = ("third_until", "until", "first_until")
# without one of these in it no line has the shape
_NEEDED = {
    "colon": re.compile("[:：]"),
    "bracket": re.compile(r"[\[【［]"),
    "time after name": re.compile("[:0-9]"),
    "time before name": re.compile("[:0-9]"),
    "time within": re.compile(":"),
}


class LabelHit(NamedTuple):
    """A line that starts a turn: its label, its times, and where the words begin in the line."""

    line: int
    label: str
    text_start: int
    start_ms: int | None = None
    end_ms: int | None = None


def plain_label(label: str) -> str:
    """A label in one line, without the marks that only tell a direction of writing."""
    return " ".join(label.split()).strip(OF_DIRECTION + " ")


def hits_of(shape: str, lines: Sequence[SourceLine]) -> Iterable[LabelHit]:
    """The lines that have a shape, whatever their label says."""
    pattern, needed, inline = SHAPES[shape], _NEEDED[shape], shape in IN_FRONT
    for number, line in enumerate(lines):
        text = line.text
        if (not inline and len(text) > REACH) or needed.search(text) is None:
            continue
        match = pattern.match(text[:REACH] if inline else text, len(text) - len(text.lstrip()))
        hit = _hit(number, text, match) if match is not None else None
        if hit is not None:
            yield hit


def _hit(number: int, text: str, match: re.Match[str]) -> LabelHit | None:
    groups = match.groupdict()
    label = plain_label(groups["label"]).rstrip(" ,")
    start = next((groups[key] for key in _STARTS if groups.get(key)), None)
    until = next((groups[key] for key in _ENDS if groups.get(key)), None)
    end = match.end()
    while text[end : end + 1] and text[end] in OF_DIRECTION:
        end += 1
    return LabelHit(number, label, end, to_ms(start), to_ms(until)) if label else None
