"""Web pages (.html): noScribe's files, transcripts of podcasts, texts saved by word processors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from postil_base.problem import PostilError
from postil_formats.texts.containers import MAX_DEPTH
from postil_formats.texts.decoding import decode, page_encoding
from postil_formats.texts.labels.lines import SourceLine
from postil_formats.texts.labels.speech import read_lines
from postil_formats.texts.labels.times import TIME, TimedPattern, ordered
from postil_formats.texts.recognised import ReadOptions, Recognised, TakenOff
from postil_formats.texts.recordings.cue_turns import Cue, turns_of
from postil_study.text.vocabulary import words

if TYPE_CHECKING:
    from lxml import etree

_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")
_INLINE = words(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span strike
    strong sub sup time tt u var wbr ruby rb o:p"""
)
_SILENT = words("script style head noscript template svg math object iframe audio video canvas")
_AROUND = words("nav footer aside button form select menu dialog")  # of the page, not of the talk
_KINDS = {"rt": "reading aid", "rp": "reading aid", "del": "deleted text"}
_HEADINGS = words("h1 h2 h3 h4 h5 h6")
_BOLD = words("b strong")
_NOSCRIBE = re.compile(r"ts_(\d{1,10})_(\d{1,10})_(.{0,80})")
_STAMP = TimedPattern(rf"\[{TIME}\]\s*")
_WHO = re.compile(r"(?:^|[\s_-])(?:speaker|spkr?|author|username|participant)(?:$|[\s_-]|name)", re.I)
_WHEN = re.compile(r"(?:^|[\s_-])time(?:stamp|code)?s?(?:$|[\s_-])|timestamp|timecode", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


def read(data: bytes, name: str, options: ReadOptions) -> Recognised:
    """Read a .html file."""
    decoded = decode(data, name, options.encoding or page_encoding(data))
    body = _body(decoded.text, name)
    page = _WebPage()
    page.block(body, 0)
    page.end_line()
    table = _table(body)
    if table:
        from postil_formats.texts.tables.rows import read_rows

        made = read_rows(table, name, "web page table", options)
        taken = (*made.taken, *page.taken, *(TakenOff("outside the table", text) for text in _outside(body)))
    else:
        made = read_lines(page.lines, "web page", told=(*options.labels, *page.labels)).recognised
        if list(made.labels) == [""] and any(page.cues):
            made = _by_anchors(page, made)
        taken = (*made.taken, *page.taken)
    warnings = (*decoded.warnings, *made.warnings)
    return replace(made, encoding=decoded.encoding, warnings=warnings, taken=taken)


def _by_anchors(page: _WebPage, whole: Recognised) -> Recognised:
    """noScribe's page without labels in the text: its anchors say who speaks and when; a header is above the first."""
    first = next(number for number, cues in enumerate(page.cues) if cues)
    cues = [
        cue
        for number in range(first, len(page.lines))
        for cue in page.cues[number] or [Cue("", page.lines[number].text, None, None)]
    ]
    turns, taken = turns_of(cues)
    named = any(turn.label for turn in turns)
    told = "speakers are taken from the links of the page" if named else "no speaker labels: a turn is a paragraph"
    header = tuple(line.text for line in page.lines[:first])
    layout = f"web page: noScribe, {'speakers' if named else 'paragraphs'} by its links"
    return Recognised(layout, turns, header=header, warnings=(told,), taken=taken, details=whole.details)


def _body(text: str, name: str) -> etree._Element:
    from lxml import etree

    parser = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(_DECLARED.sub("", text), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise PostilError(f"{name} is no web page that can be read: {error}.") from error
    if any("depth" in str(error.message).lower() for error in parser.error_log):
        raise PostilError(f"{name} nests deeper than a transcript does. Save it as .txt or .docx.")
    if root is None:
        raise PostilError(f"{name} holds no words; nothing to import.")
    body = root.find("body")
    return body if body is not None else root


def _tag(element: etree._Element) -> str:
    return element.tag.lower() if isinstance(element.tag, str) else "!"


@dataclass
class _WebPage:
    """The lines of a page, walked once."""

    lines: list[SourceLine] = field(default_factory=list)
    taken: list[TakenOff] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)  # what the page itself marks as a speaker
    text: str = ""
    strong: int = 0
    clock: tuple[int | None, int | None] = (None, None)
    broken: bool = False  # the line above ended with a break
    cues: list[list[Cue]] = field(default_factory=list)  # by line, its stretches between noScribe's anchors
    stretches: list[tuple[int, Cue]] = field(default_factory=list)  # of the line so far: where one begins in the text

    def end_line(self, *, heading: bool = False, glued: bool | None = None) -> None:
        """A line ends here, if it has words; it belongs to the one above if only a break parts them."""
        if glued is None:
            glued, self.broken = self.broken, False
        text = re.sub(r"[ \t\r\n\f]+", " ", self.text)
        lead = len(text) - len(text.lstrip(" "))
        if text.strip():
            strong = max(min(self.strong, len(text)) - lead, 0)
            self.lines.append(SourceLine(text.strip(), glued, heading=heading, strong=strong, clock=self.clock))
            self.cues.append(list(self._stretches()))
        self.text, self.strong, self.clock, self.stretches = "", 0, (None, None), []

    def _stretches(self) -> Iterator[Cue]:
        """The line cut where its anchors begin, with what stands before the first; nothing when it has none."""
        starts = [start for start, _ in self.stretches]
        before = " ".join(self.text[: starts[0]].split()) if starts else ""
        if before:
            yield Cue("", before, None, None)
        for (start, cue), end in zip(self.stretches, [*starts[1:], len(self.text)] if starts else [], strict=True):
            words = " ".join(self.text[start:end].split())
            stamp = _STAMP.match(words)
            if stamp is not None:
                cue, words = replace(cue, taken=(("clock", stamp[0].strip()),)), words[stamp.end() :]
            if words:
                yield replace(cue, text=words)

    def block(self, element: etree._Element, depth: int) -> None:
        """Read an element that begins a line of its own."""
        if depth > MAX_DEPTH:
            raise PostilError(f"the page nests deeper than {MAX_DEPTH}; no transcript does.")
        self.end_line()
        self._inside(element, depth)
        self.end_line(heading=_tag(element) in _HEADINGS)

    def _inside(self, element: etree._Element, depth: int) -> None:
        self._say(element.text)
        for child in element:
            self._child(child, depth + 1)
            self._say(child.tail)

    def _child(self, child: etree._Element, depth: int) -> None:
        tag = _tag(child)
        if tag in _SILENT or tag == "!":
            return
        if tag in _AROUND or tag in _KINDS or _is_hidden(child):
            kind = "hidden text" if _is_hidden(child) else _KINDS.get(tag, f"page's {tag}")
            self.taken.append(TakenOff(kind, _words(child)))
        elif tag == "br":
            self.end_line(glued=self.broken)
            self.broken = bool(self.lines)
        elif tag in _INLINE:
            self._inline(child, tag, depth)
        else:
            self._label(child, tag)
            self.block(child, depth)

    def _label(self, child: etree._Element, tag: str) -> bool:
        """Whether an element is marked as the name of a speaker, which is kept to be looked for."""
        if tag != "cite" and not _WHO.search(child.get("class") or ""):
            return False
        label = " ".join(_words(child).split()).rstrip(" :：")
        if 0 < len(label) <= 80 and label not in self.labels:
            self.labels.append(label)
        return True

    def _inline(self, child: etree._Element, tag: str, depth: int) -> None:
        who = self._label(child, tag)
        when = tag == "time" or (not who and bool(_WHEN.search(child.get("class") or "")))
        if when or who:
            self.end_line()
        self._times(child.get("name") or child.get("id") or "")
        first = not self.text.strip()
        self._inside(child, depth)
        if tag in _BOLD and (first or self.strong == len(self.text)):
            self.strong = len(self.text)
        if when or (who and tag == "cite"):
            self.end_line()
        elif who:
            self.text += " "

    def _times(self, anchor: str) -> None:
        """noScribe's anchors say from when to when a stretch was spoken, and by whom."""
        match = _NOSCRIBE.fullmatch(anchor)
        if match is not None:
            start, _ = self.clock
            self.clock = (int(match[1]) if start is None else start, int(match[2]))
            label = match[3].lstrip("/").strip()  # overlaps are marked //S01
            self.stretches.append((len(self.text), Cue(label, "", *ordered(int(match[1]), int(match[2])))))
            if label and label not in self.labels:
                self.labels.append(label)

    def _say(self, text: str | None) -> None:
        self.text += text or ""


def _is_hidden(element: etree._Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def _words(element: etree._Element) -> str:
    return " ".join("".join(_texts(element)).split())


def _texts(element: etree._Element) -> Iterator[str]:
    if _tag(element) in _SILENT or _tag(element) == "!":
        return
    yield element.text or ""
    for child in element:
        yield "" if _tag(child) in _INLINE else "\n"
        yield from _texts(child)
        yield "" if _tag(child) in _INLINE else "\n"
        yield child.tail or ""


def _table(body: etree._Element) -> list[list[str]]:
    """The rows of the page's tables, when most words stand in rows of two cells or more."""
    rows = [[_words(cell) for cell in row if _tag(cell) in ("td", "th")] for row in body.iter("tr")]
    rows = [row for row in rows if len(row) >= 2]
    inside = sum(len(cell.split()) for row in rows for cell in row)
    return rows if len(rows) >= 2 and 2 * inside > len(_words(body).split()) else []


def _outside(body: etree._Element) -> Iterator[str]:
    """What stands on the page beside its tables, stretch by stretch."""
    for element in body.iter():
        if _tag(element) in _SILENT or _tag(element) in ("table", "!"):
            continue
        inside = any(_tag(above) in ("table", *_SILENT, *_AROUND) for above in (element, *element.iterancestors()))
        around = element.getparent() is not None and any(_tag(above) == "table" for above in element.iterancestors())
        if element.text and element.text.strip() and not inside:
            yield element.text
        if element.tail and element.tail.strip() and not around and element is not body:
            yield element.tail
