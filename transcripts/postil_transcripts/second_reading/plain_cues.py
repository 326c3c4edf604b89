"""Plain readings of WebVTT and SubRip: the payload of each cue, with the voice that the format names."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from postil_transcripts.importers.decoding import decode
from postil_transcripts.importers.recognised import Options
from postil_transcripts.second_reading.plain import Part

_ARROW = re.compile(r"^[ \t]*[\d:.,]+[ \t]*-->[ \t]*[\d:.,]+.*$", re.M)
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+([^<>]*)>")
_MARKUP = re.compile(r"</?(?:v|c|b|i|u|ruby|rt|lang|font|\d[\d:.]*)(?:[\s.][^<>]*)?/?>|\{\\[^{}\n]*\}", re.I)
_IDENTIFIER = re.compile(r'\d+[ \t]+"([^"\n]+)"[ \t]*(?:\(\d+\))?')


def cues(data: bytes, name: str, options: Options) -> Sequence[Part]:
    """What stands below each line of times, up to a blank line."""
    return in_text(decode(data, name, options.encoding).text)


def in_text(content: str) -> Sequence[Part]:
    """The payloads in a text."""
    return list(_parts(content))


def _parts(content: str) -> Iterator[Part]:
    places = list(_ARROW.finditer(content))
    yield Part(_without_signature(content[: places[0].start()] if places else content))
    for place, following in zip(places, [*places[1:], None], strict=False):
        above = content[: place.start()].rstrip("\n").rpartition("\n")[2].strip()
        named = _IDENTIFIER.fullmatch(above)
        payload = content[place.end() : following.start() if following else None]
        yield from _voices(_without_next_identifier(payload, following is None), named[1] if named else "")


def _without_signature(head: str) -> str:
    """The file's head: its title and remarks, without the mark that makes it WebVTT and the first cue's number."""
    lines = head.removeprefix("WEBVTT").rstrip("\n").split("\n")
    if lines and (lines[-1].strip().isdigit() or _IDENTIFIER.fullmatch(lines[-1].strip())):
        lines.pop()
    return "\n".join(line for line in lines if not re.match(r"(NOTE|STYLE|REGION)\b|::cue|[{}]", line))


def _without_next_identifier(payload: str, last: bool) -> str:
    """The payload without the number of the next cue, and what identifies it."""
    if last:
        return payload
    lines = payload.rstrip("\n").split("\n")
    below = lines[-1].strip()
    if below.isdigit() or _IDENTIFIER.fullmatch(below) or (len(lines) > 2 and not lines[-2].strip()):
        lines.pop()
    return "\n".join(lines)


def _voices(payload: str, speaker: str) -> Iterator[Part]:
    """The payload, cut at its voice tags."""
    tags = list(_VOICE.finditer(payload))
    yield Part(_seen(payload[: tags[0].start()] if tags else payload), speaker)
    for tag, following in zip(tags, [*tags[1:], None], strict=False):
        words = payload[tag.end() : following.start() if following else None]
        yield Part(_seen(words), html.unescape(tag[1]).strip().lstrip("/").strip())


def _seen(payload: str) -> str:
    return html.unescape(_MARKUP.sub("", payload)).replace("NOTE\n", "\n")
