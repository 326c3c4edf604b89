"""Plain text (.txt): any labels, line numbers in the margin, hard wraps, f4 time stamps, Otter, Rev, noScribe."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from postil_formats.texts.decoding import decode
from postil_formats.texts.labels.clock_lines import find_clocks
from postil_formats.texts.labels.clock_signs import with_plain_clocks
from postil_formats.texts.labels.lines import SourceLine
from postil_formats.texts.labels.looks import like_name
from postil_formats.texts.labels.speech import read_lines
from postil_formats.texts.labels.times import TIME, TimedPattern, ordered
from postil_formats.texts.plain.markdown import pipe_table, with_line_ends
from postil_formats.texts.recognised import ReadOptions, Recognised, TakenOff
from postil_formats.texts.recordings.cue_turns import Cue, turns_of

_FEW_TABS = 2
_MARGIN = re.compile(r"[ \t]*[\[#(]?(\d{1,5})(?:[\])]?[.:]?(?:[ \t]+|$))")
_SUBTITLES = re.compile(r"\s*\d{1,4}[ \t]*\n[ \t]*\d{1,2}:\d{2}:\d{2}[.,]\d{1,3}\s*-->")
# Labels in bold (``**Name:**``, ``__Name__ words``, ``*Name*``) or as headings (``### Name``).
_MARKDOWN = re.compile(
    r"^[ \t]*(?:(?P<bold>\*\*\*|\*\*|\*|___|__|_)(?=[^\s*_])(?P<label>[^*_\n]{1,80}?):?(?P=bold)(?=\s|:|$)|"
    r"#{1,6}[ \t]+(?P<heading>[^\n#]{1,80}?)[ \t:#]*$)",
    re.M,
)
_CLOCK_LAST = TimedPattern(rf"{TIME}[\])>}}]?$")
_SENTENCE_END = (".", "?", "!", "…", ":", ")", '"', "”", "»", "。", "？", "！")


def read(data: bytes, name: str, options: ReadOptions) -> Recognised:
    """Read a text file."""
    decoded = decode(data, name, options.encoding)
    decoded = replace(decoded, text=with_line_ends(decoded.text))
    if decoded.text.lstrip().startswith("{\\rtf"):
        from postil_formats.texts.documents.rich_text import read as read_rich_text

        return read_rich_text(data, name, options)
    if decoded.text.startswith("WEBVTT") or _SUBTITLES.match(decoded.text):
        from postil_formats.texts.recordings.cues import read as read_cues

        return read_cues(data, name, options)
    if _in_markdown(decoded.text) or pipe_table(decoded.text):
        from postil_formats.texts.plain.markdown import read as read_markdown

        return read_markdown(data, name, options)
    if _is_table(decoded.text):
        from postil_formats.texts.tables.rows import read_rows

        rows = [line.split("\t") for line in decoded.text.split("\n") if line.strip()]
        table = read_rows(rows, name, "text in columns", options)
        return replace(table, encoding=decoded.encoding, warnings=(*decoded.warnings, *table.warnings))
    recognised = read_text_lines(decoded.text, "text", options.labels)
    return replace(recognised, encoding=decoded.encoding, warnings=(*decoded.warnings, *recognised.warnings))


def _in_markdown(text: str) -> bool:
    """Whether labels are marked as Markdown marks bold or headings: names that come back, or labels with a colon."""
    found = list(_MARKDOWN.finditer(text)) if "*" in text or "__" in text or "#" in text or "_" in text else []
    labels = Counter((match["label"] or match["heading"] or "").strip() for match in found)
    again = [label for label, count in labels.items() if count > 1 and like_name(label) and not label.islower()]
    colons = sum(1 for match in found if match["label"] and ":" in text[match.start() : match.end() + 1])
    return len(again) > 1 or colons >= 2


def _is_table(text: str) -> bool:
    """Whether every line has as many tabs, more than part a clock, a label and the words: ELAN writes such texts."""
    tabs = Counter(line.count("\t") for line in text.split("\n") if line.strip()) if "\t" in text else Counter[int]()
    return len(tabs) == 1 and min(tabs) > _FEW_TABS and tabs.total() > 1


def read_text_lines(text: str, layout: str, told: Sequence[str] = ()) -> Recognised:
    """Recognise speakers and turns in lines of plain text."""
    lines, numbers = without_margin([line.rstrip() for line in text.split("\n")])
    marked = mark_wraps(lines, certain=bool(numbers))
    recognised = read_lines(marked, layout, told=told).recognised
    if list(recognised.labels) == [""]:
        recognised = _in_cues(marked, recognised)
    if not numbers:
        return recognised
    warnings = (*recognised.warnings, "line numbers in the margin were taken off")
    return replace(recognised, warnings=warnings, taken=(*recognised.taken, *margin_taken(numbers)))


def _in_cues(lines: Sequence[SourceLine], whole: Recognised) -> Recognised:
    """A text without speakers whose lines have clocks (Whisper, YouTube): paragraphs at pauses, with their times."""
    clocks = find_clocks(with_plain_clocks(lines), {})
    aside = {*whole.header, *whole.footer}
    filled = [n for n, line in enumerate(lines) if line.text.strip() and line.text.strip() not in aside]
    talk = [number for number in filled if number not in clocks.alone]
    if len(clocks.front) < 0.8 * len(talk) and len(clocks.alone) < 0.3 * len(talk):
        return whole
    cues: list[Cue] = []
    above: list[tuple[str, str]] = []
    times: tuple[int | None, int | None] = (None, None)
    for number in filled:
        text = lines[number].text
        if number in clocks.alone:
            above.append(("clock", text.strip()))
            times = clocks.alone[number]
            continue
        start, own = clocks.front.get(number, (0, times))
        above += [("clock", text[:start].strip())] if start else []
        cues.append(Cue("", text[start:].strip(), *ordered(*own), taken=tuple(above)))
        above, times = [], (None, None)
    turns, taken = turns_of([*cues, Cue("", "", None, None, tuple(above))])
    return replace(whole, layout=f"{whole.layout} with clocks", turns=turns, taken=taken)


def margin_taken(numbers: Sequence[str]) -> tuple[TakenOff, ...]:
    """Numbers of the margin as what was taken off."""
    return tuple(TakenOff("line number", number) for number in numbers)


def without_margin(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Take numbers off the margin when they count the lines (or paragraphs) one by one; returns them, too."""
    numbers = [(index, match) for index, line in enumerate(lines) if (match := _MARGIN.match(line))]
    values = [int(match[1]) for _, match in numbers]
    steps = sum(1 for a, b in pairwise(values) if b == a + 1)
    filled = sum(1 for line in lines if line.strip())
    counts = len(values) >= 3 and values[0] <= 2 and steps == len(values) - 1
    if not counts or (len(values) < 0.6 * filled and len(values) < 12):
        return list(lines), []
    cut = {index: match.end() for index, match in numbers}
    return [line[cut.get(index, 0) :] for index, line in enumerate(lines)], [match[1] for _, match in numbers]


def mark_wraps(lines: Sequence[str], *, certain: bool = False) -> list[SourceLine]:
    """Tell lines that continue a sentence from lines that are paragraphs."""
    wrapped = certain or _looks_wrapped([line.text for line in with_plain_clocks([SourceLine(text) for text in lines])])
    marked: list[SourceLine] = []
    for index, text in enumerate(lines):
        above = index > 0 and bool(lines[index - 1].strip())
        marked.append(SourceLine(text, glued=above, wrapped=wrapped and above and bool(text.strip())))
    return marked


def _looks_wrapped(lines: Sequence[str]) -> bool:
    """Hard wraps: lines of about the same length below 120 characters, after which sentences go on."""
    longest = max((len(line) for line in lines), default=0)
    if not 40 <= longest <= 120:
        return False
    filled = [(a, b.strip()) for a, b in pairwise(lines) if a.strip() and b.strip()]
    pairs = [(a, b) for a, b in filled if not _CLOCK_LAST.search(a)]  # no words go on below a label with its clock
    open_ended = [b for a, b in pairs if len(a) >= 0.65 * longest and not a.endswith(_SENTENCE_END)]
    return len(open_ended) >= 3 and sum(1 for b in open_ended if b[0].islower()) >= 0.3 * len(open_ended)
