"""Plain readings of WebVTT and SubRip: the payload of each cue, with the voice that the format names."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from postil_formats.texts.decoding import decode
from postil_formats.texts.recognised import ReadOptions
from postil_formats.texts.second_reading.plain import Part

_ARROW = re.compile(r"[\d:., \t]*-->[\d:., \t]*(?:[ \t].*)?")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+([^<>]*)>")
_MARKUP = re.compile(r"</?(?:v|c|b|i|u|ruby|rt|lang|font|\d[\d:.]*)(?:[\s.][^<>]*)?/?>|\{\\[^{}\n]*\}", re.I)
_WEBEX = re.compile(r'\d+[ \t]+"([^\n]+)"[ \t]*(?:\(\d+\))?')


@dataclass(slots=True)
class _Block:
    """The lines below a line of times, and who the line above it names."""

    speaker: str = ""
    lines: list[str] = field(default_factory=list)


def cues(data: bytes, name: str, options: ReadOptions) -> Sequence[Part]:
    """What stands below each line of times, and above the first."""
    return in_text(decode(data, name, options.encoding).text)


def sbv(data: bytes, name: str, options: ReadOptions) -> Sequence[Part]:
    """The same, where a comma stands between the times."""
    return in_text(re.sub(r"(?m)^([\d:.]+),([\d:.]+)$", r"\1 --> \2", decode(data, name, options.encoding).text))


def in_text(content: str) -> Sequence[Part]:
    """The payloads in a text."""
    return [part for block in _blocks(content.removeprefix("WEBVTT")) for part in _voices(block)]


def _blocks(content: str) -> list[_Block]:
    blocks = [_Block()]
    style = False
    for line in content.split("\n"):
        above = blocks[-1].lines
        if _ARROW.fullmatch(line):
            blocks.append(_Block(_named(above)))
        elif not line.strip():
            style = False
            above.append("")
        elif (not above or not above[-1]) and re.match(r"(STYLE|REGION)\b", line):
            style = True
        elif not style:
            above.append(re.sub(r"\ANOTE\b", "", line) if not above or not above[-1] else line)
    return blocks


def _named(lines: list[str]) -> str:
    """Take what identifies the next cue off the lines of this one; returns whom it names."""
    if not lines or not lines[-1].strip():
        return ""
    above = lines[-1].strip()
    named = _WEBEX.fullmatch(above)
    if named or above.isdigit() or len(lines) < 2 or not lines[-2].strip():
        lines.pop()
    return named[1].strip() if named else ""


def _voices(block: _Block) -> Iterator[Part]:
    """The payload, cut at its voice tags."""
    payload = "\n".join(block.lines)
    tags = list(_VOICE.finditer(payload))
    yield Part(_seen(payload[: tags[0].start()] if tags else payload), block.speaker)
    for number, tag in enumerate(tags):
        end = tags[number + 1].start() if number + 1 < len(tags) else None
        yield Part(_seen(payload[tag.end() : end]), html.unescape(tag[1]).strip().lstrip("/").strip())


def _seen(payload: str) -> str:
    return html.unescape(_MARKUP.sub("", payload))
