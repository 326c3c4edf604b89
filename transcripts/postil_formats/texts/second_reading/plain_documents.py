"""Plain readings of documents: all their text nodes in order, a word's end at each paragraph, break and tab.

Word files have a module of their own (`plain_word`).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from postil_formats.texts.containers import Archive, parse_xml
from postil_formats.texts.documents.odt_body import read_styles
from postil_formats.texts.recognised import ReadOptions
from postil_formats.texts.second_reading.plain import Part

if TYPE_CHECKING:
    from lxml import etree

_RTF = re.compile(r"\\([a-z]+)(-?\d*) ?|\\.|[{}]|[^\\{}]+", re.S)
_RUBY_IN_RTF = re.compile(
    r"\{\\\*\\fldinst\s*\{?\s*EQ[^{}]*?\\\\up\s*\d*\s*\(([^()]*)\)\s*[,;]([^{}]*)\)\s*\}?\}", re.S
)  # words with a reading aid above them, as Word writes them
_FIELD_IN_RTF = re.compile(r"\{\\\*\\fldinst(?:[^{}]|\{[^{}]*\})*\}")
_APART = ("annotation", "note", "frame", "custom-shape", "hidden-text", "hidden-paragraph", "number")
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def open_document(data: bytes, name: str, options: ReadOptions) -> Sequence[Part]:
    """The text of all paragraphs and headings that are shown; what hangs in one (comments, notes) stands by itself."""
    archive = Archive(data, name)
    content, styles = archive.xml("content.xml"), archive.xml_if_there("styles.xml")
    hidden = read_styles(content, styles).hidden
    parts = [Part(_inner(paragraph, hidden)) for paragraph in _paragraphs(content)]
    margins: Iterator[etree._Element] = _paragraphs(styles) if styles is not None else iter(())
    return [*parts, *dict.fromkeys(Part(_inner(paragraph, hidden)) for paragraph in margins)]


def _paragraphs(root: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs, those inside others included, except what was deleted with tracked changes."""
    for element in root.iter(f"{_TEXT}p", f"{_TEXT}h"):
        if not any(above.tag == f"{_TEXT}tracked-changes" for above in element.iterancestors()):
            yield element


def _inner(element: etree._Element, hidden: frozenset[str]) -> str:
    """The text of a paragraph without what has paragraphs of its own; a reading aid (ruby) comes last."""
    if element.get(f"{_TEXT}style-name", "") in hidden:
        return ""
    text, aids = [element.text or ""], []
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        name = tag.rpartition("}")[2]
        if name == "ruby":
            base = child.find(f"{_TEXT}ruby-base")
            text.append(_inner(base, hidden) if base is not None else "")
            aids.append(child.findtext(f"{_TEXT}ruby-text", ""))
        elif name in ("s", "tab", "line-break"):
            text.append(" ")
        elif tag and name not in _APART:
            text.append(_inner(child, hidden))
        text.append(child.tail or "")
    return " ".join(["".join(text).replace("\xad", ""), *aids])


def rich_text(data: bytes, name: str, options: ReadOptions) -> Sequence[Part]:
    """The text that is left when the mark-up is off, and with it deleted and hidden text."""
    from striprtf.striprtf import rtf_to_text

    page = re.search(rb"\\ansicpg(\d{3,5})", data[:2000])
    encoding = options.encoding or (f"cp{page[1].decode()}" if page else "cp1252")
    text = _FIELD_IN_RTF.sub("", _RUBY_IN_RTF.sub(r"{\2 \1}", "".join(_kept_rtf(data.decode("latin-1")))))
    return [Part(str(rtf_to_text(text, encoding=encoding, errors="replace")).replace("\xad", ""))]  # type: ignore[no-untyped-call]


def _kept_rtf(text: str) -> Iterator[str]:
    """The tokens of Rich Text without what is deleted, moved away or hidden, ends of paragraphs included."""
    gone = [False]
    for match in _RTF.finditer(text):
        token, word = match[0], match[1] or ""
        if token == "\\-":
            continue  # a hyphen that shows only where a line breaks
        if token == "{":
            gone.append(gone[-1])
        elif token == "}" and len(gone) > 1:
            gone.pop()
        elif word in ("deleted", "mvf", "v", "plain"):
            gone[-1] = word != "plain" and match[2] != "0"
        elif gone[-1] and word not in ("cell", "row", "trowd", "pard", "intbl"):
            continue
        yield token


def pdf(data: bytes, name: str, options: ReadOptions) -> Sequence[Part]:
    """The text of all pages."""
    from pypdf import PdfReader

    return [Part(page.extract_text() or "") for page in PdfReader(io.BytesIO(data)).pages]


def elan(data: bytes, name: str, options: ReadOptions) -> Sequence[Part]:
    """All annotations in the order of the time line; those of a tier above stand before those that hang on them."""
    root = parse_xml(data, name)
    timed = list(root.iter("TIME_SLOT"))
    order = sorted(range(len(timed)), key=lambda number: (_time(timed, number), number))
    slots = {timed[number].get("TIME_SLOT_ID", ""): rank for rank, number in enumerate(order)}
    owners = {str(tier.get("TIER_ID")): str(tier.get("PARTICIPANT") or "") for tier in root.iter("TIER")}
    above = {str(tier.get("TIER_ID")): str(tier.get("PARENT_REF") or "") for tier in root.iter("TIER")}
    places: dict[str, tuple[int, int]] = {}
    found: list[tuple[tuple[int, int], Part]] = []
    waiting = [(tier, one[0]) for tier in root.iter("TIER") for one in tier.iter("ANNOTATION") if len(one)]
    for _ in range(len(above) + 1):  # annotations hang on others as deep as tiers do
        waiting = [
            pair for pair in waiting if not _placed(*pair, slots, places, found, _speaker(pair[0], owners, above))
        ]
    found += [((len(slots), 0), Part(_value(annotation))) for _, annotation in waiting]
    return [part for _, part in sorted(found, key=lambda pair: pair[0])]


def exmaralda(data: bytes, name: str, options: ReadOptions) -> Sequence[Part]:
    """All events of transcription tiers by the points they begin at, and those of the other tiers.

    An event without a space at its end goes on in the next of its tier: it may end within a word.
    """
    root = parse_xml(data, name)
    points = {point.get("id", ""): number for number, point in enumerate(root.iter("tli"))}
    names = {one.get("id", ""): str(one.findtext("abbreviation") or "").strip() for one in root.iter("speaker")}
    found: list[tuple[bool, int, str, str]] = []
    for tier in root.iter("tier"):
        aside = tier.get("type") != "t"
        who, end = "" if aside else names.get(tier.get("speaker", ""), ""), ""
        for event in tier.iter("event"):
            text = "".join(map(str, event.itertext()))
            if end and end == event.get("start") and not found[-1][3][-1:].isspace():
                found[-1] = (*found[-1][:3], found[-1][3] + text)
            else:
                found.append((aside, points.get(event.get("start", ""), 0), who, text))
            end = event.get("end", "")
    return [Part(text, who) for _, _, who, text in sorted(found, key=lambda one: one[:2])]


def _time(slots: Sequence[etree._Element], number: int) -> int:
    """The time of a slot; of one without, that of the last before it that has one."""
    values = (slots[n].get("TIME_VALUE") or "" for n in range(number, -1, -1))
    return next((int(value) for value in values if value.isdigit()), 0)


def _placed(
    tier: etree._Element,
    annotation: etree._Element,
    slots: dict[str, int],
    places: dict[str, tuple[int, int]],
    found: list[tuple[tuple[int, int], Part]],
    speaker: str,
) -> bool:
    """Put an annotation at the slot where it begins, or where the one it hangs on does, if that is known by now."""
    upper = places.get(annotation.get("ANNOTATION_REF", ""))
    slot = slots.get(annotation.get("TIME_SLOT_REF1", ""))
    if slot is None and upper is None:
        return False
    place = (upper[0], upper[1] + 1) if upper is not None else (slot or 0, 0)
    places[annotation.get("ANNOTATION_ID", "")] = place
    found.append((place, Part(_value(annotation), speaker if tier.get("PARENT_REF") is None else "")))
    return True


def _speaker(tier: etree._Element, owners: dict[str, str], above: dict[str, str]) -> str:
    name = str(tier.get("TIER_ID"))
    return owners[name] or (name if not above[name] else "")


def _value(annotation: etree._Element) -> str:
    return " ".join(str(text) for text in annotation.itertext())
