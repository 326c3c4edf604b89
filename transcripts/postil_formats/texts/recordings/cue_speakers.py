"""Who speaks in the cues of a file: voice tags, what identifies a cue, labels in its lines."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from postil_formats.texts.labels.finding import LabelHit, find_labels, like_name
from postil_formats.texts.labels.lines import SourceLine
from postil_formats.texts.labels.stacks import clock_line
from postil_formats.texts.recordings.cue_turns import TWO_VOICES, Cue
from postil_study.text.vocabulary import ROLES, SOUNDS

_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?\s{1,9}([^<>]{0,200})>")
_TAG = re.compile(r"</?(?:[bicuv]|ruby|rt|lang|font|\d{1,4}:[\d:.]{2,12})(?:[\s.][^>]{0,200})?/?>", re.I)
_ASS = re.compile(r"\{\\[^{}\n]{1,80}\}")  # how subtitle programs place a line: {\an8}
_QUOTED = re.compile(r"""\d{1,6}\s+["“„'‘(\[]([^\n]{1,100}?)["”“'’)\]]\s*(?:\(\d{1,20}\))?""")
_COUNTED = re.compile(r"(?:\d{1,6}\s*[-–:|.]?\s+)?([^\W\d_][^\n<>:/]{0,79})")
_ARROWS = re.compile(r"(?<=[.?!…\"”’)\]♪-])[ \t]+(?=>>)")
_ROUND = re.compile(r"\(([^()]{1,80})\)")
_ARROW = re.compile(r">>+\s*")
_CLOCK = re.compile(r"\[\d{1,3}:[0-5]?\d(?::[0-5]\d)?(?:[.,]\d{1,3})?\]\s*")
_SHAPES = frozenset(
    {"colon", "bracket", "round", "wide round", "angle", "tab", "pipe", "arrow", "semicolon", "name", "told"}
)


def name_speakers(raw: Sequence[Cue], told: Sequence[str] = ()) -> tuple[list[Cue], str]:
    """Find out once for the file how cues name their speakers; cues without mark-up, and the layout in words."""
    if any(_VOICE.search(cue.text) for cue in raw):
        return [part for cue in raw for part in _voices(cue)], "voice tags"
    names = _identified(raw)
    if names:
        known = [replace(cue, label=names.get(n, ""), text=_joined(cue.text)) for n, cue in enumerate(raw)]
        return known, "speaker in the cue's identifier"
    cues, shape = _in_lines(raw, told)
    if not any(cue.label for cue in cues):
        return cues, "no speakers"
    return cues, {"bracket": "speaker in brackets", "round": "speaker in brackets"}.get(
        shape, "speaker before the words"
    )


def _voices(cue: Cue) -> list[Cue]:
    """The parts of a cue, one for each voice tag in it; what stands above the first has no voice."""
    tags = list(_VOICE.finditer(cue.text))
    parts = [_spoken(cue, "", cue.text[: tags[0].start()] if tags else cue.text)]
    for number, tag in enumerate(tags):
        end = tags[number + 1].start() if number + 1 < len(tags) else None
        label = html.unescape(tag[1]).strip().lstrip("/").strip()
        parts.append(_spoken(cue, label, cue.text[tag.end() : end]))
    return [part for part in parts if part.text or part.taken]


def _spoken(cue: Cue, label: str, payload: str) -> Cue:
    """A part under its voice; noScribe's editor writes the name and the clock once more in front of the words."""
    text = _joined(payload)
    taken = []
    again = re.match(rf"{re.escape(label)}\s*[:：]\s*", text) if label else None
    if again:
        taken.append(("label", again[0]))
        text = text[again.end() :]
    clock = _CLOCK.match(text) or clock_line(text)
    if clock:
        taken.append(("clock", clock[0]))
        text = text[clock.end() :]
    return Cue(label, text, cue.start_ms, cue.end_ms, tuple(taken))


def _identified(cues: Sequence[Cue]) -> dict[int, str]:
    """The names in what identifies the cues (Webex: ``1 "Dana Smith" (245)``), by the numbers of the cues.

    An identifier belongs to one cue, so what comes back is a speaker; or all of them are called by a role.
    """
    quoted = {n: match[1].strip() for n, cue in enumerate(cues) if (match := _QUOTED.fullmatch(cue.identifier))}
    if len(quoted) * 2 >= len(cues):
        return quoted
    named = {n: match[1].strip() for n, cue in enumerate(cues) if (match := _COUNTED.fullmatch(cue.identifier))}
    named = {n: label for n, label in named.items() if like_name(label)}
    again = [label for label, count in Counter(named.values()).items() if count > 1]
    roles = all(label.split()[0].lower().rstrip("_0123456789") in ROLES for label in named.values())
    return named if len(named) * 2 >= len(cues) and (again or roles) else {}


def _in_lines(raw: Sequence[Cue], told: Sequence[str]) -> tuple[list[Cue], str]:
    """Labels at the start of a cue's lines; two speakers in a cue are two cues."""
    split = _known_apart([_lines(cue.text) for cue in raw], told)
    lines = [SourceLine(text, glued=n > 0, wrapped=n > 0) for some in split for n, text in enumerate(some)]
    names = _first_lines(split)
    labelling = find_labels(lines, (*told, *names))
    if names:  # other words in brackets are remarks
        known = {*told, *(name.rstrip(":： ") for name in names)}
        kept = tuple(hit for hit in labelling.hits if hit.label in known)
        labelling = replace(labelling, hits=kept)
    first = {sum(map(len, split[:n])) for n in range(len(split))} if labelling.shape == "name" else set()
    usable = labelling.shape in _SHAPES and all(hit.line in first for hit in labelling.hits if first)
    hits = {hit.line: hit for hit in labelling.hits} if usable else {}
    cues: list[Cue] = []
    at = 0
    for cue, some in zip(raw, split, strict=True):
        cues += _cut(cue, some, {n: hits[at + n] for n in range(len(some)) if at + n in hits})
        at += len(some)
    return cues, labelling.shape if hits else "none"


def _first_lines(split: Sequence[Sequence[str]]) -> list[str]:
    """Names that stand alone on the first line of every cue, some of them again and again; perhaps in brackets."""
    names = [bracketed[1] if (bracketed := _ROUND.fullmatch(some[0])) else some[0] for some in split if len(some) > 1]
    names = [name for name in names if like_name(name) and not name.endswith((".", "?", "!"))]
    counts = Counter(names)
    several = len(counts) > 1 and max(counts.values()) > 1 and len(counts) <= len(names) / 2 + 1
    in_brackets = all(some and _ROUND.fullmatch(some[0]) for some in split)
    sounds = any(SOUNDS.intersection(name.lower().split()) for name in counts)
    plain = all(not name[0].islower() if in_brackets else name[0].isupper() for name in counts) and not sounds
    return list(counts) if len(names) == len(split) and several and plain else []


def _known_apart(split: list[list[str]], told: Sequence[str]) -> list[list[str]]:
    """Lines cut where a label that begins other lines stands behind the end of a sentence."""
    lines = [SourceLine(text, glued=n > 0, wrapped=n > 0) for some in split for n, text in enumerate(some)]
    found = find_labels(lines, told)
    if found.shape != "colon":
        return split
    spelt = "|".join(re.escape(label) for label in {hit.label for hit in found.hits})
    border = re.compile(rf"(?<=[.?!…\"”)\]])\s+(?=(?:{spelt}):\s)")
    return [[part for line in some for part in _parts(border, line)] for some in split]


def _parts(border: re.Pattern[str], line: str) -> list[str]:
    """A line cut at a border; a clock in front of the first label stays with it."""
    first, *rest = border.split(line)
    return [line] if len(rest) == 1 and clock_line(first) else [first, *rest]


def _cut(cue: Cue, lines: Sequence[str], hits: dict[int, LabelHit]) -> Iterator[Cue]:
    """A cue, cut where another speaker begins."""
    starts = sorted({0, *hits, *(n for n, line in enumerate(lines) if _ARROW.match(line))})
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        hit, arrow = hits.get(start), _ARROW.match(lines[start]) if start < len(lines) else None
        skip = hit.text_start if hit else arrow.end() if arrow else 0
        words = [lines[start][skip:], *lines[start + 1 : end]] if lines else []
        taken = (("label", lines[start][:skip]),) if hit else ()
        text = "\n".join(words) if not hit else " ".join(words)
        made = text if TWO_VOICES.match(text) else " ".join(part.strip() for part in text.split("\n")).strip()
        if made[:1] in ("[", "(") and hit is None and clock_line(made):
            taken, made = (("clock", made),), ""
        changes = arrow is not None and hit is None
        yield Cue(hit.label if hit else "", made, cue.start_ms, cue.end_ms, taken, changes)


def _lines(payload: str) -> list[str]:
    """The lines of a payload without mark-up; a change of speaker within a line begins another."""
    plain = html.unescape(_TAG.sub("", _ASS.sub("", payload))).replace("\xa0", " ")
    lines = [part.strip() for line in plain.split("\n") for part in _ARROWS.split(line)]
    return [line for line in lines if line and line not in ("-", "–", "—")]


def _joined(payload: str) -> str:
    """A payload as one line; two voices in a cue keep their lines."""
    text = "\n".join(_lines(payload))
    text = _ARROW.sub("", text, count=1) if text.startswith(">>") else text
    return text if TWO_VOICES.match(text) else text.replace("\n", " ")
