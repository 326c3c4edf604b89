"""From lines of text to turns: what the text formats (txt, md, rtf, odt, pdf, docx) have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from postil_base.plural import counted
from postil_formats.texts.labels.clock_lines import INSIDE, Clocks, find_clocks
from postil_formats.texts.labels.clock_signs import MARK, marked, minutes_with_a_point, with_plain_clocks
from postil_formats.texts.labels.finding import LabelHit, Labelling, find_labels, like_name, like_role
from postil_formats.texts.labels.heads import doubtful_heads
from postil_formats.texts.labels.lines import SourceLine, SourceMap, TurnBuilder
from postil_formats.texts.labels.shapes import DAY_LINE, TIMING
from postil_formats.texts.labels.times import ordered, to_ms
from postil_formats.texts.recognised import Recognised, SourceNote, SourceSection
from postil_study.text.turns import RawTurn

_FOOTER = re.compile(
    r"(transcribed (by|with) .{0,80}|.{0,60} (started|stopped) transcription\.?|transcript(ion)? (ends?|ended)\.?|"
    r"[\[(]?end of (the )?(transcript|transcription|recording|interview|audio)\.?[\])]?\.?|"
    r"(transcription|transcript|meeting|recording) ended after .{1,40}|"
    r"this (editable )?transcript was (computer|automatically|machine)[- ]generated.{0,200}|"
    r"([^\W\d_]{1,4}[ '’])?(transk?ri[pb]|trascri|transcri)[^:\n]{0,60}\s\d{1,3}:\d\d:\d\d[^:\n]{0,12}|"
    r"文字起こし.{0,40}\d{1,3}:\d\d:\d\d.{0,20}|この.{0,20}(文字起こし|トランスクリプト).{0,120}|"
    r"(dieses?|cette|este|esta|questa|questo|deze|dit|det|den) ([^\W\d_]+ ){0,2}(transk?ri[pb]|trascri|transcri)\w* "
    r".{0,40}(computer|ordinateur|ordenador|computador|maschinell|automati|automá|ia\b|ki\b).{0,200}|"
    r"[\[(]?(recording|audio|transcript) ends?\.?[\])]?\.?|.{0,40}https?://(www\.)?(otter\.ai|"
    r"rev\.com|trint\.com|sonix\.ai|temi\.com|descript\.com)\S*)",
    re.I,
)
SYSTEM = re.compile(
    r"(this meeting is being recorded\.?|recording (started|stopped)\.?|.{0,60} started transcription)", re.I
)
_HYPHEN = re.compile(r"[^\W\d_]-\s*$")
STAMP = re.compile(r"#((?:\d{1,2}:)?\d{1,4}:\d{2}(?:-\d)?)#")
OVERLAP = re.compile(r"(?<![:\w])//\s?[^\s/:\n][^/:\n]{0,59}:(?=\s)")
_STRANGERS = 4
_MANY = 8  # labels in a text, from which on it is strange that one comes back at one place alone
_NO_LABELS = "no speaker labels were recognised: the whole text is one turn"


@dataclass(frozen=True)
class Spoken:
    """Turns found in lines, and what was not speech."""

    recognised: Recognised
    map: SourceMap


def read_lines(
    lines: Sequence[SourceLine], layout: str, *, extra: Recognised | None = None, told: Sequence[str] = ()
) -> Spoken:
    """Recognise labels in ``lines`` and put the turns together.

    ``extra`` brings what the format found itself; ``told`` are labels that the person says the text has.
    """
    plain = with_plain_clocks(lines)
    labelling = find_labels(plain, told)
    last = _body_end(lines)
    hits = {hit.line: hit for hit in labelling.hits if hit.line < last}
    clocks = find_clocks(plain, hits)
    start = _above(plain, min(hits, default=_unlabelled_start(lines)), hits, clocks)
    filling = _Filling(lines, plain, labelling, hits, clocks)
    filling.fill(range(start, last))
    turns, source_map = filling.builder.finish()
    footer = [*filling.removed, *(line.text.strip() for line in lines[last:])]
    sections = [replace(section, turn=filling.builder.place(section.turn)) for section in filling.sections]
    recognised = Recognised(
        layout="f4 text with time stamps" if filling.stamped else f"{layout}: {describe(labelling)}",
        turns=turns,
        header=_kept([*(extra.header if extra else ()), *_header(labelling, lines[:start])]),
        footer=_kept(footer),
        sections=tuple(sections),
        warnings=(
            *(extra.warnings if extra else ()),
            *_warnings(labelling, hits, lines, start),
            *_overlaps(turns),
            *_points(lines, plain),
        ),
        encoding=extra.encoding if extra else "",
        taken=filling.builder.taken,
    )
    return Spoken(recognised, source_map)


def describe(labelling: Labelling) -> str:
    """The layout in words."""
    if not labelling.hits:
        return "text without speakers"
    place = "on its own line" if labelling.own_line else "before the words"
    return {
        "colon": f"speaker label {place}",
        "time after name": "speaker and time on a line of their own",
        "time before name": "time and speaker on a line of their own",
        "time above name": "a time, then the speaker, on lines of their own",
        "bracket": "speaker in brackets",
        "name": "speaker alone on a line",
    }.get(labelling.shape, "speaker before the words, without a colon")


def _kept(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(line for line in lines if line)


def _body_end(lines: Sequence[SourceLine]) -> int:
    """Where the lines of advertisement and system talk at the end begin."""
    end = len(lines)
    while end and (not lines[end - 1].text.strip() or _FOOTER.fullmatch(lines[end - 1].text.strip())):
        end -= 1
    return end


def _above(lines: Sequence[SourceLine], first: int, hits: dict[int, LabelHit], clocks: Clocks) -> int:
    """The first line of the talk: a clock, or the name once more, above the first label belongs to it."""
    start = first
    for number in range(first - 1, -1, -1):
        text = lines[number].text.strip()
        coded = not text and lines[number].clock[0] is not None
        if coded or number in clocks.alone or (first in hits and text == hits[first].label):
            start = number
        elif text:
            break
    return start


def _unlabelled_start(lines: Sequence[SourceLine]) -> int:
    return 0 if not lines or not lines[0].heading else 1


def _header(labelling: Labelling, lines: Sequence[SourceLine]) -> list[str]:
    """The lines above the first turn; a time that belongs to it is none of them."""
    above = [line.text.strip() for line in lines]
    return [line for line in above if labelling.shape != "time above name" or not TIMING.fullmatch(line)]


class _Filling:
    """Puts lines into turns, one after the other."""

    def __init__(
        self,
        lines: Sequence[SourceLine],
        plain: Sequence[SourceLine],
        labelling: Labelling,
        hits: dict[int, LabelHit],
        clocks: Clocks,
    ) -> None:
        self.lines, self.plain, self.hits, self.clocks = lines, plain, hits, clocks
        self.closing = labelling.closing
        self.labels = {hit.label for hit in hits.values()}
        self.cues = labelling.shape == "time above name"  # cues of one speaker are one turn, label lines never are
        self.builder = TurnBuilder(lines)
        self.sections: list[SourceSection] = []
        self.removed: list[str] = []
        self.stamped = sum(len(STAMP.findall(line.text)) for line in lines if "#" in line.text) >= 2
        self.marked = marked(lines)
        days = sum(1 for number in hits if DAY_LINE.match(lines[number].text.strip()))
        self.chat = days > 1  # whose notices have the day, too
        self.before: int | None = 0  # the last time stamp of the turn before
        self.clock: tuple[int | None, int | None] = (None, None)  # of the line above, for the label below it

    def fill(self, body: range) -> None:
        """Go through the lines of the body."""
        for number in body:
            line, hit = self.lines[number], self.hits.get(number)
            if hit is not None:
                self._start(number, hit)
            elif number in self.clocks.alone and not self.cues:
                self._take_clock(line.text, self.clocks.alone[number])
            elif line.heading:
                self.sections.append(SourceSection(line.text.strip(), len(self.builder)))
            elif self.cues and TIMING.fullmatch(line.text):
                self.builder.takes_off("clock", line.text)
            elif self._named_again(number):
                self.builder.takes_off("label", line.text)
            elif SYSTEM.fullmatch(line.text.strip()) or (self.chat and DAY_LINE.match(line.text.strip())):
                self.removed.append(line.text.strip())
            elif line.text.strip() and not self.plain[number].text.strip():
                self._take_clock(line.text, self.plain[number].clock)
            elif line.text.strip():
                self._go_on(number)

    joined = False  # whether the next line goes on with the sentence of the cue before

    def _go_on(self, number: int) -> None:
        """A line of the turn that runs."""
        if not len(self.builder):
            self.builder.turn("", *self.clock)
        elif self.lines[number].clock[1] is not None:
            self.builder.ends(self.lines[number].clock[1])
        start, _ = self.clocks.front.get(number, (0, None))
        self.builder.takes_off("clock", self.lines[number].text[:start])
        self._add(number, start, self._joint(number))
        self.joined, self.clock = False, (None, None)

    def _take_clock(self, text: str, times: tuple[int | None, int | None]) -> None:
        """A clock alone on a line: the time of the label above it that has no words yet, or of the one below."""
        self.builder.takes_off("clock", text)
        self.clock = times
        if self.builder.is_open:
            self.builder.starts(*times)
            self.clock = (None, None)

    def _named_again(self, number: int) -> bool:
        """Whether a line only says who speaks below, above the line that does so with the clock."""
        text = self.lines[number].text.strip()
        if text not in self.labels and not (text.isupper() and len(text) <= 4):
            return False
        hit = next((self.hits[n] for n in range(number + 1, number + 7) if n in self.hits), None)
        between = range(number + 1, hit.line) if hit is not None else ()
        apart = [n for n in between if self._speaks_at(n) and self.lines[n].text.strip() != getattr(hit, "label", "")]
        return hit is not None and not apart and text in (hit.label, _initials(hit.label))

    def _speaks_at(self, number: int) -> bool:
        text = self.lines[number].text.strip() if number < len(self.lines) else "."
        return bool(text) and number not in self.clocks.alone

    def _joint(self, number: int) -> str:
        """What stands between a line and the one before: nothing within a compound word that a line's end cut."""
        line = self.lines[number]
        if not (line.wrapped or self.joined):
            return "\n"
        cut = number and _HYPHEN.search(self.lines[number - 1].text) and line.text.lstrip()[:1].islower()
        return "" if cut else " "

    def _start(self, number: int, hit: LabelHit) -> None:
        if self.cues and len(self.builder) and self.builder.label == hit.label:
            self.builder.ends(hit.end_ms)
            self.builder.takes_off("label", self.lines[number].text)
            self.joined = True
            return
        known = ((hit.start_ms, hit.end_ms), self.clock, self.plain[number].clock)
        start, end = next((times for times in known if times[0] is not None), (None, None))
        start = self.before if self.stamped and start is None else start
        self.builder.turn(hit.label, *ordered(start, end))
        self.builder.takes_off("label", self.lines[number].text[: hit.text_start])
        self.before, self.joined, self.clock = None, False, (None, None)
        self._add(number, hit.text_start, " ")

    def _add(self, number: int, start: int, joint: str) -> None:
        """Add a line; f4 writes the time at the end of a turn: it ends there, and the next one starts there."""
        text, plain = self.lines[number].text, self.plain[number].text
        for stamp in STAMP.finditer(text, start) if self.stamped else ():
            self.builder.add(number, start, stamp.start(), joint=joint)
            self.builder.takes_off("clock", stamp[0])
            start, joint = stamp.end(), " "
            self.before = to_ms(stamp[1])
            self.builder.ends(self.before)
        end = max(self.clocks.behind.get(number, self.closing.get(number, len(text))), start)
        inside = [*INSIDE.finditer(plain, start, end)] if self.clocks.inside else []
        inside += [*MARK.finditer(text, start, end)] if self.marked else []
        for clock in sorted(inside, key=lambda match: match.start()):
            self.builder.add(number, start, clock.start(), joint=joint)
            self.builder.takes_off("clock", text[clock.start() : clock.end()])
            if clock.re is MARK and self.builder.is_open:
                self.builder.starts(int(clock[1]), None)
            start, joint = clock.end(), " "
        self.builder.add(number, start, end, joint=joint)
        self.builder.takes_off("clock", text[end:])


def _initials(label: str) -> str:
    """The letters that Teams shows instead of a picture, above the name."""
    words = [word for word in label.split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else [])).upper()


def _warnings(labelling: Labelling, hits: dict[int, LabelHit], lines: Sequence[SourceLine], start: int) -> list[str]:
    if not hits:
        return [_NO_LABELS]
    doubtful = [label for label in labelling.doubtful if not like_role(label)]
    once = [f"the label {label!r} occurs once; look whether it is a speaker" for label in doubtful]
    once += [*_bursts(list(hits.values())), *doubtful_heads(lines, start, sorted(hits.values()))]
    known = {hit.label for hit in hits.values()}
    if len(known) == len(hits) >= _STRANGERS:
        once.append("each label occurs only once: check that clocks or numbers are not part of the labels")
    sign = ":" if labelling.shape == "colon" else ""
    words = [repr(f"{label}{sign}") for label in labelling.words if label not in known and like_name(label.title())]
    if words:
        some = f"{', '.join(words[:4])}{', …' if len(words) > 4 else ''}"
        once.append(f"taken for words, not for speakers, at the start of lines: {some} (--speaker names a speaker)")
    before = sum(1 for line in lines[:start] if line.text.strip())
    if before > 12:
        once.append(f"taken for a header and not stored: {counted(before, 'line')} before the first label")
    return once


def _points(lines: Sequence[SourceLine], plain: Sequence[SourceLine]) -> Iterator[str]:
    example = minutes_with_a_point(lines, plain)
    if example:
        yield f"clocks such as {example!r} were read as minutes and seconds"


def _overlaps(turns: Sequence[RawTurn]) -> Iterator[str]:
    """noScribe writes what somebody says meanwhile into the turn that runs: ``We asked //S00: mhm// a man.``"""
    found = [match[0] for turn in turns if "//" in turn.text for match in OVERLAP.finditer(turn.text)]
    if found:
        stand = "stands" if len(found) == 1 else "stand"
        yield f"{counted(len(found), 'overlap')} of other speakers {stand} inside turns ({found[0]} … //)"


def _bursts(hits: Sequence[LabelHit]) -> Iterator[str]:
    """Labels that come back at one place alone may be people whom somebody quotes."""
    places: dict[str, list[int]] = {}
    for number, hit in enumerate(sorted(hits)):
        if hit.start_ms is None and not like_role(hit.label):
            places.setdefault(hit.label, []).append(number)
    for label, at in places.items() if len(hits) >= _MANY else ():
        if 1 < len(at) < 4 and at[-1] - at[0] <= 2 * len(at):
            yield f"the label {label!r} occurs at one place alone ({len(at)} times); look whether it is a speaker"


def with_notes(spoken: Spoken, notes: Sequence[SourceNote], *warnings: str) -> Recognised:
    """The recognised text with notes added."""
    base = spoken.recognised
    return replace(base, notes=(*base.notes, *notes), warnings=(*base.warnings, *warnings))
