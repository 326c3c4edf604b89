"""What the schemas of the standard (project 1.0, codebook 1.0) allow, as facts to hold a file against.

No file is refused for not keeping to it: programs themselves do not. What differs is reported, and what we write is
tested to differ in nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from postil_formats.projects.refi.markup import is_guid, local

if TYPE_CHECKING:
    from lxml import etree

PROJECT_NAMESPACE = "urn:QDA-XML:project:1.0"
CODEBOOK_NAMESPACE = "urn:QDA-XML:codebook:1.0"
MANY = 20

_WHO = "creatingUser creationDateTime"
_WHO_ALL = f"{_WHO} modifyingUser modifiedDateTime"
_PATHS = f"guid! name path currentPath {_WHO_ALL}"
_BOX = "firstX! firstY! secondX! secondY!"
_TAIL = "Coding* NoteRef* VariableValue*"
_SELECTION = "Description? Coding* NoteRef*"

# element (or type of several) → attributes, children in their order; ! needed, ? at most once, * any, + at least once
_PROJECT: Mapping[str, tuple[str, str]] = {
    "Project": (
        "name! origin creatingUserGUID creationDateTime modifyingUserGUID modifiedDateTime basePath",
        "Users? CodeBook? Variables? Cases? Sources? Notes? Links? Sets? Graphs? Description? NoteRef*",
    ),
    "Users": ("", "User+"),
    "User": ("guid! name id", ""),
    "CodeBook": ("", "Codes!"),
    "Codes": ("", "Code+"),
    "Code": ("guid! name! isCodable! color", "Description? NoteRef* Code*"),
    "Cases": ("", "Case+"),
    "Case": ("guid! name", "Description? CodeRef* VariableValue* SourceRef* SelectionRef*"),
    "Variables": ("", "Variable+"),
    "Variable": ("guid! name! typeOfVariable!", "Description?"),
    "VariableValue": ("", "VariableRef! TextValue|BooleanValue|IntegerValue|FloatValue|DateValue|DateTimeValue?"),
    "Sets": ("", "Set+"),
    "Set": ("guid! name!", "Description? MemberCode* MemberSource* MemberNote*"),
    "Sources": ("", "TextSource|PictureSource|PDFSource|AudioSource|VideoSource+"),
    "TextSource": (
        f"guid! name richTextPath plainTextPath {_WHO_ALL}",
        f"Description? PlainTextContent? PlainTextSelection* {_TAIL}",
    ),
    "PlainTextSelection": (f"guid! name startPosition! endPosition! {_WHO_ALL}", _SELECTION),
    "PictureSource": (_PATHS, f"Description? TextDescription? PictureSelection* {_TAIL}"),
    "PictureSelection": (f"guid! name {_BOX} {_WHO_ALL}", _SELECTION),
    "PDFSource": (_PATHS, f"Description? PDFSelection* Representation? {_TAIL}"),
    "PDFSelection": (f"guid! name page! {_BOX} {_WHO_ALL}", "Description? Representation? Coding* NoteRef*"),
    "AudioSource": (_PATHS, f"Description? Transcript* AudioSelection* {_TAIL}"),
    "AudioSelection": (f"guid! name begin! end! {_WHO_ALL}", _SELECTION),
    "VideoSource": (_PATHS, f"Description? Transcript* VideoSelection* {_TAIL}"),
    "VideoSelection": (f"guid! name begin! end! {_WHO_ALL}", _SELECTION),
    "Transcript": (
        f"guid! name richTextPath plainTextPath {_WHO_ALL}",
        "Description? PlainTextContent? SyncPoint* TranscriptSelection* NoteRef*",
    ),
    "TranscriptSelection": (f"guid! name fromSyncPoint toSyncPoint {_WHO_ALL}", _SELECTION),
    "SyncPoint": ("guid! timeStamp position", ""),
    "Coding": (f"guid! {_WHO}", "CodeRef! NoteRef*"),
    "Graphs": ("", "Graph+"),
    "Graph": ("guid! name", "Vertex* Edge*"),
    "Vertex": ("guid! representedGUID name firstX! firstY! secondX secondY shape color", ""),
    "Edge": ("guid! representedGUID name sourceVertex! targetVertex! color direction lineStyle", ""),
    "Notes": ("", "Note+"),
    "Links": ("", "Link+"),
    "Link": ("guid! name direction color originGUID targetGUID", "NoteRef*"),
    **dict.fromkeys(
        ("NoteRef", "CodeRef", "SourceRef", "SelectionRef", "VariableRef", "MemberCode", "MemberSource", "MemberNote"),
        ("targetGUID!", ""),
    ),
    **dict.fromkeys(
        ("Description", "PlainTextContent", "TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue"),
        ("", ""),
    ),
    "DateTimeValue": ("", ""),
}
for _same in ("Note", "Representation", "TextDescription"):
    _PROJECT = {**_PROJECT, _same: _PROJECT["TextSource"]}
_CODEBOOK: Mapping[str, tuple[str, str]] = {
    "CodeBook": ("origin", "Codes! Sets?"),
    "Codes": ("", "Code+"),
    "Code": ("guid! name! isCodable! color", "Description? Code*"),
    "Sets": ("", "Set+"),
    "Set": ("guid! name!", "Description? MemberCode*"),
    "MemberCode": ("guid!", ""),
    "Description": ("", ""),
}
_ONE_OF = {
    "direction": "Associative OneWay Bidirectional",
    "lineStyle": "dotted dashed solid",
    "typeOfVariable": "Text Boolean Integer Float Date DateTime",
    "shape": "Person Oval Rectangle RoundedRectangle Star LeftTriangle RightTriangle UpTriangle DownTriangle Note",
}
_INTEGERS = frozenset(
    "startPosition endPosition firstX firstY secondX secondY page begin end timeStamp position".split()  # noqa: SIM905
)
_INTEGER = re.compile(r"\s*[+-]?\d+\s*")
_TIME = re.compile(r"\s*-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?\s*")
_COLOUR = re.compile(r"\s*#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})\s*")


@dataclass(frozen=True)
class _Kind:
    """What one element may have."""

    attributes: frozenset[str]
    needed: tuple[str, ...]
    order: tuple[tuple[frozenset[str], str], ...]


def _kinds(facts: Mapping[str, tuple[str, str]]) -> Mapping[str, _Kind]:
    made = {}
    for name, (attributes, content) in facts.items():
        words = attributes.split()
        order = tuple((frozenset(part[:-1].split("|")), part[-1]) for part in content.split())
        needed = tuple(word[:-1] for word in words if word.endswith("!"))
        made[name] = _Kind(frozenset(word.rstrip("!") for word in words), needed, order)
    return made


_KINDS = {PROJECT_NAMESPACE: _kinds(_PROJECT), CODEBOOK_NAMESPACE: _kinds(_CODEBOOK)}


def schema_problems(root: etree._Element) -> tuple[str, ...]:
    """How a file differs from the schema: each kind of difference once, with the line of the first and how often."""
    found: dict[str, tuple[int, int]] = {}
    for line, message in _walk(root):
        first, count = found.get(message, (line, 0))
        found[message] = (first, count + 1)
    said = [
        f"line {line}: {message}" + (f" ({count} times)" if count > 1 else "")
        for message, (line, count) in found.items()
    ]
    return (*said[:MANY], *([f"and {len(said) - MANY} more kinds of differences"] if len(said) > MANY else ()))


def _walk(root: etree._Element) -> Iterator[tuple[int, str]]:
    namespace = CODEBOOK_NAMESPACE if local(root) == "CodeBook" else PROJECT_NAMESPACE
    kinds = _KINDS[namespace]
    for element in root.iter("*"):
        line = _line(element)
        tag = str(element.tag)
        name = local(element)
        kind = kinds.get(name)
        if not tag.startswith(f"{{{namespace}}}"):
            yield line, f"the namespace is {tag[1:].partition('}')[0] if tag[0] == '{' else 'none'}, not {namespace}"
        if kind is None:
            yield line, f"the element {name} is not in the standard"
            continue
        for message in (*_attributes(element, name, kind), *_content(element, name, kind)):
            yield line, message


def _line(element: etree._Element) -> int:
    line: Any = element.sourceline
    return int(line or 0)


def _attributes(element: etree._Element, name: str, kind: _Kind) -> Iterator[str]:
    have = element.attrib
    for needed in kind.needed:
        if needed not in have:
            yield f"{name} has no {needed}"
    for key, value in have.items():
        attribute = str(key)
        if attribute.startswith("{"):
            continue
        if attribute not in kind.attributes:
            yield f"{name} may have no attribute {attribute}"
        elif not _fits(attribute, str(value)):
            yield f"{attribute} of {name} is no {_type_of(attribute)}"


def _type_of(attribute: str) -> str:
    if attribute in _ONE_OF:
        return f"word of {', '.join(_ONE_OF[attribute].split())}"
    if attribute in _INTEGERS:
        return "whole number"
    if attribute.endswith("DateTime"):
        return "time (2026-11-02T10:20:30Z)"
    return {"color": "colour (#RRGGBB)", "isCodable": "true or false"}.get(attribute, "GUID")


def _fits(attribute: str, value: str) -> bool:
    if attribute in _ONE_OF:
        return value.strip() in _ONE_OF[attribute].split()
    if attribute in _INTEGERS:
        return _INTEGER.fullmatch(value) is not None
    if attribute.endswith("DateTime"):
        return _TIME.fullmatch(value) is not None
    if attribute == "color":
        return _COLOUR.fullmatch(value) is not None
    if attribute == "isCodable":
        return value.strip() in ("true", "false", "0", "1")
    if attribute == "guid" or attribute.endswith(("GUID", "User", "Vertex", "SyncPoint")):
        return is_guid(value.strip())
    return True


def _content(element: etree._Element, name: str, kind: _Kind) -> Iterator[str]:
    """Children that may not be there, or not in this order, or not so often; and those that lack."""
    place, seen = 0, [0] * len(kind.order)
    for child in element.iterchildren("*"):
        inner = local(child)
        at = next((i for i, (names, _) in enumerate(kind.order) if inner in names), None)
        if at is None:
            yield f"{inner} may not stand in {name}"
            continue
        if at < place:
            yield f"{inner} stands too late in {name}"
        place = max(place, at)
        seen[at] += 1
        if seen[at] == 2 and kind.order[at][1] in "!?":
            yield f"{name} has more than one {inner}"
    for count, (names, times) in zip(seen, kind.order, strict=True):
        if not count and times in "!+":
            yield f"{name} has no {' or '.join(sorted(names))}"
