"""Clocks in other signs than a colon: ``00.58.10``, ``58'10``, ``58 min``, ``3 seconds``, digits of other scripts.

They are told by where they stand and by running on, as a recording does; dates, prices and pauses do neither. What is
found is written as ``58:10`` with leading zeros in the very room it has, for the readers of labels and clocks: every
other character keeps its place, and what is stored or listed is taken from the line as it was.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from postil_formats.texts.labels.lines import SourceLine
from postil_formats.texts.labels.looks import is_date, like_name
from postil_formats.texts.labels.times import DIGITS, WRITTEN_OUT, has_times_in_words, run_on, to_ms

_FRACTION = r"(?:[.,]\d{1,3})?"
_PRIME = r"['’′´`]"
_MINUTES = r"min(?:\.|s|utes?|uten|utos?|uti|uter|uty?)?|minuut|mn|мин(?:ут[аы]?)?\.?|分钟|分鐘|分|분|دقيقة|دقائق"
_SECONDS = (
    r"sec(?:\.|s|onds?|ondes?|onden|ondi)?|sek(?:\.|unden?|und(?:er|y|a)?)?|segundos?|сек(?:унд[аы]?)?\.?|秒|초|"
    r"ثانية|ثوان"
)


_LONGEST = 600  # minutes of a recording

MARK = re.compile(r"¤\s?<(\d{1,9})>")  # Transana's time codes: milliseconds, anywhere in the words


class _Spelling(NamedTuple):
    """A way of writing clocks, and how many of them have to run on."""

    pattern: str
    least: int
    units: bool = False  # a number and what it counts, as pauses and answers have it, too
    apart: bool = False  # without brackets only alone, behind a name, or before a label with a colon


_DOTS = _Spelling(
    rf"(?:\d{{1,2}}\.[0-5]\d\.[0-5]\d|\d{{1,2}}-[0-5]\d-[0-5]\d|\d{{1,2}}_[0-5]\d_[0-5]\d){_FRACTION}(?![\d._-]*\d)", 2
)
_PRIMES = _Spelling(rf"(?:\d{{1,2}}\s?[hH]\s?)?\d{{1,3}}{_PRIME}\s?[0-5]\d(?:{_PRIME}{{2}}|[\"”″])?(?!\w)", 2)
_LETTERS = _Spelling(r"(?:\d{1,2}\s?[hH]\s?)?\d{1,3}\s?(?:mn|min|m)\s?[0-5]?\d(?!\w)", 2)
_SHORT = _Spelling(r"\d{1,5}\.\d\d(?![\d.]*\d)", 3, apart=True)  # 58.10; 58.75 are seconds
_AROUND = r"(?:(?i:TC|time(?:code)?|min\.?|minute|zeit|uhr|ab|bei|at|um)\s?:?\s?|@\s?|\bt\s?=\s?)"
_BEHIND = r"(?:\s?(?i:min\.?|mins|minuten|minutes|uhr|hr?s?|std\.?)(?!\w))"
_COLON = r"\d{1,3}:[0-5]\d(?::[0-5]\d)?(?:[.,]\d{1,3})?"
_WORDED = _Spelling(
    rf"(?:\b|(?=@)){_AROUND}{_COLON}{_BEHIND}?|{_COLON}{_BEHIND}", 2
)  # TC 00:58:10, 58:10 min, 10:05 Uhr
_COUNTED = re.compile(rf"\d{{1,4}}\s?(?i:{_MINUTES}|{_SECONDS})(?![^\W\d_])")
_UNITS = _Spelling(rf"(?:{_COUNTED.pattern}|{WRITTEN_OUT})", 2, units=True)
_SPELLINGS = (_DOTS, _WORDED, _PRIMES, _LETTERS, _SHORT, _UNITS)

_COLONS = str.maketrans("∶﹕꞉", ":::")  # ratio, small colon, modifier letter colon
_FOREIGN = re.compile(r"(?:\d{1,4}\s?[:：]\s?)?\d{1,4}\s?[:：]\s?\d{2}(?!\d)")
_LIKELY = re.compile(rf"\d\s?(?:[.'’′´`hH_-]|:\d|(?i:{_MINUTES}|{_SECONDS}|m|uhr|std)(?![^\W\d_]))")
_PARTS = re.compile(r"(?:(\d{1,2})\D{1,3})?(\d{1,3})\D{1,3}(\d{1,2})(?:[.,](\d{1,3}))?\D*")
_OPEN, _CLOSE = r"[\[(<{#（【［]\s?", r"\s?[\])>}#）】］]"


class _Found(NamedTuple):
    """A clock in a line: where it stands, and its milliseconds."""

    start: int
    end: int
    ms: int


def with_plain_clocks(lines: Sequence[SourceLine]) -> Sequence[SourceLine]:
    """The lines with every clock that has other signs written as ``58:10``, character for character in its place."""
    plain = [_in_own_digits(line) for line in (_without_marks(lines) if marked(lines) else lines)]
    likely = [number for number, line in enumerate(plain) if _LIKELY.search(line.text)]
    for spelling in _SPELLINGS:
        some = [number for number in likely if _may_have(spelling, plain[number].text)]
        found = dict(_clocks(spelling, plain, some)) if len(some) >= spelling.least else {}
        if spelling is _SHORT:
            found = _decimals(plain, found)
        if _runs(spelling, found, plain):
            for number, clocks in found.items():
                plain[number] = plain[number]._replace(text=_rewritten(plain[number].text, clocks))
    return plain


def _decimals(lines: Sequence[SourceLine], found: dict[int, list[_Found]]) -> dict[int, list[_Found]]:
    """Clocks such as 58.10; as seconds with two decimals if one of them can be no minutes and seconds."""
    texts = {clock: lines[n].text[clock.start : clock.end] for n, clocks in found.items() for clock in clocks}
    halves = [tuple(map(int, text.split("."))) for text in texts.values()]
    if all(minutes < _LONGEST and seconds < 60 for minutes, seconds in halves):
        return found
    return {n: [one._replace(ms=round(float(texts[one]) * 1000)) for one in clocks] for n, clocks in found.items()}


def minutes_with_a_point(lines: Sequence[SourceLine], plain: Sequence[SourceLine]) -> str:
    """A clock such as 58.10 that was read as minutes and seconds; empty when there is none."""
    changed = ((a.text, b.text) for a, b in zip(lines, plain, strict=True) if a.text != b.text)
    found = ((re.search(r"(?<![\d.])\d{1,3}\.[0-5]\d(?![\d.])", a), a, b) for a, b in changed)
    return next((match[0] for match, a, b in found if match is not None and match[0] not in b), "")


def _may_have(spelling: _Spelling, text: str) -> bool:
    """Whether a line may have clocks of a spelling; times in words make a pattern large, and few texts have any."""
    if spelling.units:
        return _COUNTED.search(text) is not None or has_times_in_words(text)
    return re.search(spelling.pattern, text) is not None


def marked(lines: Sequence[SourceLine]) -> bool:
    """Whether the text has Transana's time codes."""
    return sum(1 for line in lines if "¤" in line.text for _ in MARK.finditer(line.text)) > 1


def _without_marks(lines: Sequence[SourceLine]) -> Iterator[SourceLine]:
    """Lines with room where time codes stand; the one before the first word says when the line begins."""
    for line in lines:
        front = MARK.match(line.text.lstrip()) if "¤" in line.text else None
        times = (int(front[1]), None) if front is not None else line.clock
        yield line._replace(text=MARK.sub(lambda mark: " " * len(mark[0]), line.text), clock=times)


def _in_own_digits(line: SourceLine) -> SourceLine:
    """A line whose clocks in Arabic, Indic or wide digits have those of ASCII, and whose colons are one."""
    if line.text.isascii():
        return line
    line = line._replace(text=line.text.translate(_COLONS))
    if not _FOREIGN.search(line.text):
        return line

    def plain(match: re.Match[str]) -> str:
        return "".join(
            ":" if sign == "：" else str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in match[0]
        )

    return line._replace(text=_FOREIGN.sub(plain, line.text))


def _clocks(
    spelling: _Spelling, lines: Sequence[SourceLine], likely: Sequence[int]
) -> Iterator[tuple[int, list[_Found]]]:
    """The clocks of each line that may have one, in the places where clocks stand."""
    clock = spelling.pattern
    ranged = rf"(?P<one>{clock})(?:\s*(?:-{{1,2}}>|[-–—→]|bis|to)\s*(?P<two>{clock}))?"
    bracketed = re.compile(rf"{_OPEN}{ranged}{_CLOSE}")
    bare = [
        re.compile(rf"(?P<before>)\s*{ranged}:?\s*$"),
        re.compile(rf"(?P<before>[^\d\s].{{0,79}}?)\s*[\s|,–—-]\s*{ranged}:?\s*$"),
        re.compile(rf"(?P<before>)\s*{ranged}(?=\s+(?P<after>\S.*))"),
    ]
    for number in likely:
        line = lines[number]
        found = [m for m in bracketed.finditer(line.text) if not spelling.units or _beside_label(line.text, m)]
        if not found:
            matches = (pattern.match(line.text) for pattern in bare)
            found = [m for m in matches if m is not None and _stands_apart(m, spelling)][:1]
        times = [_found(match, part) for match in found for part in ("one", "two") if match[part]]
        if times and None not in times:
            yield number, [time for time in times if time is not None]


def _beside_label(text: str, match: re.Match[str]) -> bool:
    """Whether a clock in brackets stands before the words or alone: behind them ``(3 sec)`` is a pause."""
    before, after = text[: match.start()].strip(), text[match.end() :].strip()
    if not before or not after:
        return not before or like_name(before)
    return len(before) <= 80 and (before.endswith((":", "：")) or like_name(before))


def _stands_apart(match: re.Match[str], spelling: _Spelling) -> bool:
    """Whether a clock without brackets is alone, behind a name, or before a label."""
    groups = match.groupdict()
    before, after = groups["before"].strip(" |,–—-"), groups.get("after")
    if before:
        return like_name(before.rstrip(":：")) and not is_date(before)
    if after is None or not (spelling.units or spelling.apart):
        return True
    label = re.match(r"[-–—|]?\s*([^:：\n]{1,80})[:：](?=\s)", after)
    return label is not None and like_name(label[1])


def _found(match: re.Match[str], part: str) -> _Found | None:
    text = match[part]
    worded = re.search(_COLON, text)
    if worded is not None:
        hours = worded[0].count(":") == 1 and re.search(r"(?i:uhr|\bh|\dh|std)", text) is not None
        ms = to_ms(worded[0] + (":00" if hours else ""))
        return None if ms is None else _Found(*match.span(part), ms)
    if re.fullmatch(_SHORT.pattern, text):
        minutes, seconds = map(int, text.split("."))
        return _Found(*match.span(part), (minutes * 60 + seconds) * 1000)
    parts = _PARTS.fullmatch(text)
    if parts is not None and not re.search(r"[^\W\d_]{3}", text):
        above, middle, last, fraction = parts.groups()
        whole = (int(above or 0) * 60 + int(middle)) * 60 + int(last)
        ms = whole * 1000 + int((fraction or "0").ljust(3, "0"))
    elif (single := re.fullmatch(rf"(\d{{1,4}})\s?(?i:(?P<m>{_MINUTES})|(?P<s>{_SECONDS}))", text)) is not None:
        ms = int(single[1]) * (60_000 if single["m"] else 1_000)
    else:
        ms = to_ms(text)
    return None if ms is None else _Found(*match.span(part), ms)


def _runs(spelling: _Spelling, found: dict[int, list[_Found]], lines: Sequence[SourceLine]) -> bool:
    """Whether what was found are the clocks of a recording: several, which run on, and no dates."""
    every = [clocks[0].ms for clocks in found.values()]
    firsts = [ms for before, ms in zip([None, *every], every, strict=False) if ms != before]  # Teams says each twice
    if len(firsts) < spelling.least or not run_on(firsts):
        return False
    if spelling is _DOTS:
        texts = [lines[n].text[c.start : c.end] for n, clocks in found.items() for c in clocks]
        return not all(_may_be_date(text) for text in texts)
    return not spelling.units or _beside_names(found, lines)


def _may_be_date(text: str) -> bool:
    day, month, _ = (int(part) for part in re.findall(r"\d+", text)[:3])
    return 1 <= day <= 31 and 1 <= month <= 12


def _beside_names(found: dict[int, list[_Found]], lines: Sequence[SourceLine]) -> bool:
    """Whether nearly all lines that hold nothing else have a name above or below them: others are short answers."""
    filled = [n for n, line in enumerate(lines) if line.text.strip()]
    place = {n: at for at, n in enumerate(filled)}
    alone = [n for n, clocks in found.items() if _is_alone(lines[n].text, clocks)]
    named = [n for n in alone if any(_names(lines[m].text) for m in _around(filled, place[n]))]
    return len(named) >= 0.8 * len(alone)


def _around(filled: Sequence[int], at: int) -> Sequence[int]:
    return [*filled[max(at - 1, 0) : at], *filled[at + 1 : at + 2]]


def _is_alone(text: str, clocks: Sequence[_Found]) -> bool:
    return not re.search(r"\w", text[: clocks[0].start] + text[clocks[-1].end :])


def _names(text: str) -> bool:
    label, _, _ = text.partition(":")
    return like_name(label.strip()) and not label.strip().endswith((".", "?", "!", ","))


def _rewritten(text: str, clocks: Sequence[_Found]) -> str:
    for clock in clocks:
        room = clock.end - clock.start
        written = _in_room(clock.ms, room) or _in_room(clock.ms // 1000 * 1000, room)
        if written and re.fullmatch(DIGITS, written):
            text = text[: clock.start] + written + text[clock.end :]
    return text


def _in_room(ms: int, room: int) -> str:
    """A time as ``mm:ss`` or ``h:mm:ss`` of so many characters; nothing when it has no room.

    >>> _in_room(3_490_000, 6), _in_room(3_000, 9), _in_room(3_665_000, 8), _in_room(3_665_500, 10), _in_room(9_000, 2)
    ('058:10', '000:00:03', '01:01:05', '01:01:05.5', '')
    """
    seconds, rest = divmod(ms, 1000)
    fraction = f".{rest:03d}".rstrip("0") if rest else ""
    left = room - len(fraction)
    minutes = f"{seconds // 60:0{max(left - 3, 1)}d}:{seconds % 60:02d}"
    if left <= 7:
        return minutes + fraction if len(minutes) == left else ""
    first = min(left - 6, 4)
    hours = f"{seconds // 3600:0{first}d}:{seconds // 60 % 60:0{left - 4 - first}d}:{seconds % 60:02d}"
    return hours + fraction if len(hours) == left and left <= 12 else ""
