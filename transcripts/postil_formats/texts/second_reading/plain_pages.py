"""Plain readings of web pages and of CHAT: what a browser shows of a page, the lines of a text."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser

from postil_formats.texts.decoding import decode, page_encoding
from postil_formats.texts.recognised import ReadOptions
from postil_formats.texts.second_reading.plain import Part
from postil_study.text.vocabulary import words

_UNSEEN = words("script style head noscript template svg math object iframe audio video canvas")
_WITHIN_A_WORD = words(
    "a abbr b bdi bdo big code del dfn em font i ins kbd mark q s small span strong sub sup tt u wbr"
)


def html(data: bytes, name: str, options: ReadOptions) -> Sequence[Part]:
    """The text of the page; an element ends a word unless it may stand within one."""
    text = decode(data, name, options.encoding or page_encoding(data)).text
    shown = _Shown()
    shown.feed(text)
    shown.close()
    return [Part("".join(shown.parts))]


class _Shown(HTMLParser):
    """Collects text that is shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen: list[str] = []
        self.ends: list[str] = []  # elements that name a speaker, and end a word

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        if tag in _UNSEEN:
            self.unseen.append(tag)
        speaker = any(key == "class" and value and ("speaker" in value or "time" in value) for key, value in attrs)
        self.ends.append(tag if speaker else "")
        self.parts.append(" " if speaker or tag not in _WITHIN_A_WORD else "")

    def handle_endtag(self, tag: str) -> None:
        """An element ends; a head that nobody closes ends with the body's start."""
        if tag in self.unseen:
            del self.unseen[self.unseen.index(tag) :]
        speaker = tag in self.ends
        self.ends = [] if speaker else self.ends
        self.parts.append("" if tag in _WITHIN_A_WORD and not speaker else " ")

    def handle_data(self, data: str) -> None:
        """Text between elements."""
        if not self.unseen:
            self.parts.append(data)


def chat(data: bytes, name: str, options: ReadOptions) -> Sequence[Part]:
    """The whole text."""
    return [Part(decode(data, name, options.encoding).text)]
