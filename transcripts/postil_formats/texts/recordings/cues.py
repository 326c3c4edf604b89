"""WebVTT and SubRip: cues to turns. Cues of one speaker merge; a cue without a name continues the turn before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_formats.texts.decoding import decode
from postil_formats.texts.labels.times import ordered, to_ms
from postil_formats.texts.recognised import ReadOptions, Recognised, TakenOff
from postil_formats.texts.recordings.cue_speakers import name_speakers
from postil_formats.texts.recordings.cue_turns import Cue, merge_cues, turns_of

_TIME = r"(?:\d{1,4}:)?\d{1,4}:\d{2}(?:[.,]\d{1,3})?"
_TIMING = re.compile(rf"\s*({_TIME})\s*-->\s*({_TIME})(?:\s.*)?")
_TAGS = re.compile(r"<(?!v[\s.])[^<>]{1,200}>")
_DAMAGED = re.compile(r"[\d:., \t]*-->[\d:., \t]*")  # a line of times that is cut or misspelt
_SBV = re.compile(rf"^({_TIME}),({_TIME})[ \t]*$", re.M)  # YouTube's own form of SubRip
_OVERLAP = re.compile(r"//\s?([^\W\d][\w .-]{0,29}):")
_MARKER_ONLY = re.compile(r"[\[(*♪][^\n]{0,60}[\])*♪]\.?")


def read(data: bytes, name: str, options: ReadOptions) -> Recognised:
    """Read a .vtt or .srt file."""
    decoded = decode(data, name, options.encoding)
    text = _SBV.sub(r"\1 --> \2", decoded.text) if name.lower().endswith(".sbv") else decoded.text
    blocks = re.split(r"\n(?:[ \t]*\n)+", text.strip("\n"))
    header = [] if "-->" in blocks[0] else blocks.pop(0).splitlines()
    raw, remarks, broken = _cues(blocks)
    if not raw:
        raise PostilError(f"{name} holds no cues (00:00:01.000 --> 00:00:02.000); it is no VTT or SRT file.")
    raw, again = _unrolled(raw)
    rolling = [f"rolling captions show {counted(len(again), 'line')} twice: kept once"] if again else []
    hard_spaces = sum(cue.text.count("\xa0") for cue in raw)
    cues, layout = name_speakers(raw, options.labels)
    lead, cues = _leading_markers(cues)
    overlaps = [label.strip() for cue in cues for label in _OVERLAP.findall(cue.text)]
    turns, taken = turns_of(cues)
    return Recognised(
        layout=f"{'WebVTT' if decoded.text.startswith('WEBVTT') else 'SubRip'}: {layout}",
        turns=turns,
        header=tuple(line for line in [_title(header), *remarks, *lead] if line),
        warnings=(
            *decoded.warnings,
            *rolling,
            *_warnings(overlaps, broken, cues, hard_spaces),
            *_unnamed(cues, layout),
        ),
        encoding=decoded.encoding,
        details=_details(raw, overlaps),
        taken=(*taken, *(TakenOff("line shown twice", text) for text in again)),
    )


def _title(header: Sequence[str]) -> str:
    return "\n".join(header).removeprefix("WEBVTT").strip(" \n-")


def _details(raw: Sequence[Cue], overlaps: Sequence[str]) -> dict[str, object]:
    details: dict[str, object] = {"cues": len(raw)}
    if overlaps:
        details |= {"inline_overlaps": len(overlaps), "overlap_speakers": dict(Counter(overlaps))}
    return details


def _cues(blocks: Iterable[str]) -> tuple[list[Cue], list[str], int]:
    """Cues with their raw text, remarks (NOTE blocks), and how many cues end before they start.

    A block without times below a cue is the rest of its text: some programs write blank lines into it.
    """
    cues: list[Cue] = []
    remarks: list[str] = []
    broken = 0
    for block in blocks:
        lines = block.split("\n")
        timing = next((i for i, line in enumerate(lines[:2]) if _TIMING.fullmatch(line)), None)
        if timing is not None:
            for cue in _in_block(lines, timing):
                broken += cue.end_ms is None
                cues.append(cue)
        elif lines[0].startswith(("STYLE", "REGION")):
            continue
        elif damaged := [line for line in lines[:2] if _DAMAGED.fullmatch(line)]:
            words = "\n".join(lines[lines.index(damaged[0]) + 1 :]).strip()
            cues.append(Cue("", words, None, None))
            broken += 1
        elif cues and not lines[0].startswith("NOTE") and not block.strip().isdigit():
            cues[-1] = replace(cues[-1], text=f"{cues[-1].text}\n{block.strip()}".strip())
        else:
            remarks += _remark(lines)
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
        above = lines[place - 1].strip() if place and place - 1 not in places else ""
        words = "\n".join(body).strip()
        yield Cue("", words, *ordered(to_ms(match[1]), to_ms(match[2])), identifier=above)


def _unrolled(raw: list[Cue]) -> tuple[list[Cue], list[str]]:
    """Captions that roll up show each line again above the next one; each line is kept once. The others come last."""
    lines = [[_TAGS.sub("", line).strip() for line in cue.text.split("\n")] for cue in raw]  # voices stay
    again = {i for i in range(1, len(raw)) if lines[i][0] and lines[i][0] == lines[i - 1][-1]}
    grows = any(len(lines[i]) > 1 for i in again)  # else somebody says the same again
    if len(again) < 2 or len(again) < 0.4 * len(raw) or not grows:
        return raw, []
    left = [cue.text.partition("\n")[2] if i in again else cue.text for i, cue in enumerate(raw)]
    kept = [replace(cue, text=text) for cue, text in zip(raw, left, strict=True) if text.strip()]
    return kept, [lines[i][0] for i in sorted(again)]


def _remark(lines: Sequence[str]) -> list[str]:
    text = " ".join(lines).strip()
    return [text.removeprefix("NOTE").strip()] if text.startswith("NOTE") else [text]


def _leading_markers(cues: list[Cue]) -> tuple[list[str], list[Cue]]:
    """Pauses and music before anybody speaks are no turn."""
    lead = 0
    while lead < len(cues) - 1 and not cues[lead].label and _MARKER_ONLY.fullmatch(cues[lead].text):
        lead += 1
    return [cue.text for cue in cues[:lead]], cues[lead:]


def _warnings(overlaps: Sequence[str], broken: int, cues: Sequence[Cue], hard_spaces: int) -> list[str]:
    warnings = []
    if hard_spaces:
        warnings.append(f"{hard_spaces} non-breaking space{'s' if hard_spaces > 1 else ''} became plain spaces")
    if overlaps:
        warnings.append(f"{len(overlaps)} overlaps of other speakers stand inside turns (//S02: … //)")
    if broken:
        warnings.append(f"{broken} cue{'s' if broken > 1 else ''} had no sound times or ended before they started")
    if not any(cue.label for cue in cues):
        warnings.append("no cue names a speaker: the text was cut into paragraphs at pauses")
    return warnings


def _unnamed(cues: Sequence[Cue], layout: str) -> Iterator[str]:
    """Cues without a speaker between two speakers, where the format names one for each cue."""
    if layout not in ("voice tags", "speaker in the cue's identifier"):
        return
    spoken = [cue for cue in cues if cue.text]
    following = [next((c.label for c in spoken[n:] if c.label), "") for n in range(len(spoken))]
    before = ""
    lost = []
    for cue, after in zip(spoken, following, strict=True):
        if not cue.label and before != after:
            lost.append(cue.text)
        before = cue.label or before
    if lost:
        some = f"{len(lost)} cue{'s' if len(lost) > 1 else ''} between two speakers name"
        yield f"{some}{'' if len(lost) > 1 else 's'} nobody ({lost[0][:60]!r}); the words go on with the turn before"


__all__ = ["Cue", "merge_cues", "read"]
