"""WebVTT and SubRip: cues to turns. Cues of one speaker merge; a cue without a name continues the turn before."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from postil_base.problem import PostilError
from postil_transcripts.importers.decoding import decode
from postil_transcripts.importers.label_lines import find_labels, like_name
from postil_transcripts.importers.lines import Line
from postil_transcripts.importers.recognised import Options, Recognised
from postil_transcripts.importers.times import ordered, to_ms
from postil_transcripts.turns import RawTurn

_TIMING = re.compile(
    r"\s*((?:\d{1,4}:)?\d{1,2}:\d{2}[.,]\d{1,3})\s*-->\s*((?:\d{1,4}:)?\d{1,2}:\d{2}[.,]\d{1,3})(?:\s.*)?"
)
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?\s{1,9}([^<>]{0,200})>")
_TAG = re.compile(r"</?(?:[bicuv]|ruby|rt|lang|font|\d{1,4}:[\d:.]{2,12})(?:[\s.][^>]{0,200})?/?>", re.I)
_OVERLAP = re.compile(r"//\s?([^\W\d][\w .-]{0,29}):")
_BRACKET = re.compile(r"\[([^\]\[:\d][^\]\[:]{0,39})\]:?\s*")
_ASS = re.compile(r"\{\\[^{}\n]{1,80}\}")  # how subtitle programs place a line: {\an8}
_MARKER_ONLY = re.compile(r"[\[(*♪][^\n]{0,60}[\])*♪]\.?")
_TWO_VOICES = re.compile(r"[-–—]\s?\S.*\n[-–—]\s?\S")
LONG_TURN, LONG_PAUSE_MS = 400, 2_000


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue: its speaker (empty when it names none), its words and its times."""

    label: str
    text: str
    start_ms: int | None
    end_ms: int | None


def read(data: bytes, name: str, options: Options) -> Recognised:
    """Read a .vtt or .srt file."""
    decoded = decode(data, name, options.encoding)
    blocks = re.split(r"\n(?:[ \t]*\n)+", decoded.text.strip("\n"))
    header = [] if "-->" in blocks[0] else blocks.pop(0).splitlines()
    raw, remarks, broken = _cues(blocks)
    if not raw:
        raise PostilError(f"{name} holds no cues (00:00:01.000 --> 00:00:02.000); it is no VTT or SRT file.")
    raw, rolling = _unrolled(raw)
    hard_spaces = sum(cue.text.count("\xa0") for cue in raw)
    cues, layout = _name_speakers(raw)
    lead, cues = _leading_markers(cues)
    overlaps = [label.strip() for cue in cues for label in _OVERLAP.findall(cue.text)]
    return Recognised(
        layout=f"{'WebVTT' if decoded.text.startswith('WEBVTT') else 'SubRip'}: {layout}",
        turns=merge_cues(cues),
        header=tuple(line for line in [_title(header), *remarks, *lead] if line),
        warnings=(*decoded.warnings, *rolling, *_warnings(overlaps, broken, cues, hard_spaces)),
        encoding=decoded.encoding,
        details=_details(raw, overlaps),
    )


def _title(header: Sequence[str]) -> str:
    return "\n".join(header).removeprefix("WEBVTT").strip(" \n-")


def _details(raw: Sequence[Cue], overlaps: Sequence[str]) -> dict[str, object]:
    details: dict[str, object] = {"cues": len(raw)}
    if overlaps:
        details |= {"inline_overlaps": len(overlaps), "overlap_speakers": dict(Counter(overlaps))}
    return details


def _cues(blocks: Iterable[str]) -> tuple[list[Cue], list[str], int]:
    """Cues with their raw text, remarks (NOTE blocks), and how many cues end before they start."""
    cues: list[Cue] = []
    remarks: list[str] = []
    broken = 0
    for block in blocks:
        lines = block.split("\n")
        timing = next((i for i, line in enumerate(lines[:2]) if _TIMING.fullmatch(line)), None)
        if timing is None:
            remarks += [] if lines[0].startswith(("STYLE", "REGION")) else _remark(lines)
            continue
        for cue in _in_block(lines, timing):
            broken += cue.end_ms is None
            cues.append(cue)
    return cues, remarks, broken


def _in_block(lines: Sequence[str], timing: int) -> Iterable[Cue]:
    """The cue of a block; several when a file lacks the blank lines between."""
    places = [i for i, line in enumerate(lines) if i >= timing and _TIMING.fullmatch(line)]
    for place, following in zip(places, [*places[1:], len(lines)], strict=True):
        match = _TIMING.fullmatch(lines[place])
        assert match is not None
        body = list(lines[place + 1 : following])
        if following < len(lines) and body and body[-1].strip().isdigit():
            body.pop()
        yield Cue("", "\n".join(body).strip(), *ordered(to_ms(match[1]), to_ms(match[2])))


def _unrolled(raw: list[Cue]) -> tuple[list[Cue], list[str]]:
    """Captions that roll up show each line again above the next one; each line is kept once."""
    lines = [[_TAG.sub("", line).strip() for line in cue.text.split("\n")] for cue in raw]
    again = {i for i in range(1, len(raw)) if lines[i][0] and lines[i][0] == lines[i - 1][-1]}
    if len(again) < 2 or len(again) < 0.4 * len(raw):
        return raw, []
    left = [cue.text.partition("\n")[2] if i in again else cue.text for i, cue in enumerate(raw)]
    kept = [Cue(cue.label, text, cue.start_ms, cue.end_ms) for cue, text in zip(raw, left, strict=True) if text.strip()]
    return kept, [f"{len(again)} lines that rolling captions show twice were kept once"]


def _remark(lines: Sequence[str]) -> list[str]:
    text = " ".join(lines).strip()
    return [text.removeprefix("NOTE").strip()] if text.startswith("NOTE") else [text]


def _name_speakers(raw: Sequence[Cue]) -> tuple[list[Cue], str]:
    """Find out once for the file how cues name their speakers."""
    if sum(1 for cue in raw if _VOICE.search(cue.text)) * 2 >= len(raw):
        return [part for cue in raw for part in _voices(cue)], "voice tags"
    cleaned = [Cue("", clean(cue.text), cue.start_ms, cue.end_ms) for cue in raw]
    labelling = find_labels([Line(cue.text.split("\n")[0]) for cue in cleaned])
    hits = {hit.line: hit for hit in labelling.hits if labelling.shape in ("colon", "bracket")}
    bracketed = _bracketed(cleaned)
    if len(bracketed) > len(hits):
        return bracketed_cues(cleaned, bracketed), "speaker in brackets"
    named = [
        Cue(hits[i].label, cue.text[hits[i].text_start :].strip(), cue.start_ms, cue.end_ms) if i in hits else cue
        for i, cue in enumerate(cleaned)
    ]
    return named, "speaker before the words" if hits else "no speakers"


def _bracketed(cues: Sequence[Cue]) -> dict[int, re.Match[str]]:
    """Cues that start with ``[Name]`` followed by words."""
    found = {i: match for i, cue in enumerate(cues) if (match := _BRACKET.match(cue.text)) and like_name(match[1])}
    return {i: match for i, match in found.items() if cues[i].text[match.end() :].strip()}


def bracketed_cues(cues: Sequence[Cue], found: dict[int, re.Match[str]]) -> list[Cue]:
    """Cues with the name in brackets taken off."""
    return [
        Cue(found[i][1].strip(), cue.text[found[i].end() :].strip(), cue.start_ms, cue.end_ms) if i in found else cue
        for i, cue in enumerate(cues)
    ]


def _voices(cue: Cue) -> list[Cue]:
    """The parts of a cue, one for each voice tag in it."""
    tags = list(_VOICE.finditer(cue.text))
    if not tags:
        return [Cue("", clean(cue.text), cue.start_ms, cue.end_ms)]
    parts = []
    for tag, following in zip(tags, [*tags[1:], None], strict=True):
        text = cue.text[tag.end() : following.start() if following else None]
        label = html.unescape(tag[1]).strip().lstrip("/").strip()
        parts.append(Cue(label, clean(text), cue.start_ms, cue.end_ms))
    return [part for part in parts if part.text]


def clean(text: str) -> str:
    """Take mark-up off, resolve entities, make hard spaces plain; two voices in a cue keep their lines."""
    plain = html.unescape(_TAG.sub("", _ASS.sub("", text))).replace("\xa0", " ").strip()
    plain = re.sub(r"^>>+\s*", "", plain)
    if _TWO_VOICES.match(plain):
        return "\n".join(line.strip() for line in plain.split("\n"))
    return " ".join(line.strip(" \t") for line in plain.split("\n")).strip()


def _leading_markers(cues: list[Cue]) -> tuple[list[str], list[Cue]]:
    """Pauses and music before anybody speaks are no turn."""
    lead = 0
    while lead < len(cues) - 1 and not cues[lead].label and _MARKER_ONLY.fullmatch(cues[lead].text):
        lead += 1
    return [cue.text for cue in cues[:lead]], cues[lead:]


def merge_cues(cues: Sequence[Cue]) -> tuple[RawTurn, ...]:
    """Turns from cues, in their order."""
    named = any(cue.label for cue in cues)
    turns: list[RawTurn] = []
    for cue in cues:
        if not cue.text:
            continue
        if turns and _continues(turns[-1], cue, named):
            last = turns[-1]
            end = cue.end_ms if cue.end_ms is not None else last.end_ms
            turns[-1] = RawTurn(last.label, f"{last.text} {cue.text}", *ordered(last.start_ms, end))
        else:
            turns.append(RawTurn(cue.label, cue.text, cue.start_ms, cue.end_ms))
    return tuple(turns)


def _continues(last: RawTurn, cue: Cue, named: bool) -> bool:
    if _TWO_VOICES.match(cue.text) or _TWO_VOICES.match(last.text):
        return False
    if named:
        return cue.label in ("", last.label)
    return not _paragraph_ends(last, cue)


def _paragraph_ends(last: RawTurn, cue: Cue) -> bool:
    """Without speakers a turn is a paragraph: it ends with a sentence, when it is long or a pause follows."""
    if not last.text.endswith((".", "?", "!", "…", "。", "？", "！")):
        return False
    pause = (cue.start_ms or 0) - (last.end_ms or 0) >= LONG_PAUSE_MS
    return pause or len(last.text) >= LONG_TURN


def _warnings(overlaps: Sequence[str], broken: int, cues: Sequence[Cue], hard_spaces: int) -> list[str]:
    warnings = []
    if hard_spaces:
        warnings.append(f"{hard_spaces} non-breaking space{'s' if hard_spaces > 1 else ''} became plain spaces")
    if overlaps:
        warnings.append(f"{len(overlaps)} overlaps of other speakers stand inside turns (//S02: … //)")
    if broken:
        warnings.append(f"{broken} cue{'s' if broken > 1 else ''} ended before they started; the end was left out")
    if not any(cue.label for cue in cues):
        warnings.append("no cue names a speaker: the text was cut into paragraphs at pauses")
    return warnings
