"""Everything of a project but its sources: people, codes, cases, notes, links, sets, graphs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from postil_base.files.text import unix_lines
from postil_formats.projects.refi.markup import children, colour, get, guid, refs, text_of, truth, whole
from postil_formats.projects.refi.read_values import read_values
from postil_formats.projects.refi.reading import RefiReading, label
from postil_formats.projects.refi.values import (
    Case,
    CodeSet,
    Graph,
    Link,
    RefiCode,
    RefiCoding,
    RefiEdge,
    RefiNote,
    Span,
    User,
    Vertex,
)

if TYPE_CHECKING:
    from lxml import etree


def read_users(reading: RefiReading, parent: etree._Element | None) -> tuple[User, ...]:
    """All people of the project."""
    return tuple(
        User(reading.own_guid(user, f"user {get(user, 'name')}"), get(user, "name").strip(), get(user, "id").strip())
        for user in children(parent, "User")
    )


def read_codes(reading: RefiReading, book: etree._Element | None) -> tuple[RefiCode, ...]:
    """All codes, parents before their children; written without recursion, since nesting has no limit."""
    found: list[RefiCode] = []
    stack: list[tuple[etree._Element, str | None]] = []
    stack += [(element, None) for element in _top(book)]
    stack.reverse()
    while stack:
        element, parent = stack.pop()
        code = _code(reading, element, parent)
        found.append(code)
        stack += [(below, code.guid) for below in children(element, "Code")][::-1]
    reading.codes = {code.guid for code in found}
    return tuple(found)


def _top(book: etree._Element | None) -> Iterator[etree._Element]:
    for codes in children(book, "Codes"):
        yield from children(codes, "Code")
    yield from children(book, "Code")


def _code(reading: RefiReading, element: etree._Element, parent: str | None) -> RefiCode:
    name = get(element, "name")
    what = f"code {label(name, 'without a name')}"
    written = get(element, "color")
    color = colour(written)
    if written and not color:
        reading.remark(what, f"its colour {written[:40]!r} is none", lost=True)
    description = text_of(element, "Description") or get(element, "description")
    codable = truth(get(element, "isCodable"), True)
    return RefiCode(
        reading.own_guid(element, what), name, parent, description, color, codable, refs(element, "NoteRef")
    )


def read_cases(reading: RefiReading, parent: etree._Element | None) -> tuple[Case, ...]:
    """All cases."""
    return tuple(
        Case(
            reading.own_guid(case, f"case {get(case, 'name')}"),
            get(case, "name").strip(),
            text_of(case, "Description"),
            refs(case, "CodeRef"),
            read_values(case),
            refs(case, "SourceRef"),
            refs(case, "SelectionRef"),
        )
        for case in children(parent, "Case")
    )


def read_notes(reading: RefiReading, parent: etree._Element | None) -> tuple[RefiNote, ...]:
    """All notes. A text beside an empty description is the note; a description alone is the note, too."""
    return tuple(_note(reading, element) for element in children(parent, "Note"))


def _note(reading: RefiReading, element: etree._Element) -> RefiNote:
    name = get(element, "name").strip()
    what = f"note {label(name, guid(element, 'guid'))}"
    raw = reading.raw_text(element, what)
    description = text_of(element, "Description")
    return RefiNote(
        reading.own_guid(element, what),
        name,
        unix_lines(raw) if raw is not None else "",
        description,
        guid(element, "creatingUser"),
        get(element, "creationDateTime"),
        tuple(_passages(element)),
        tuple(_note_codings(reading, element, what)),
    )


def _passages(element: etree._Element) -> Iterator[Span]:
    for selection in children(element, "PlainTextSelection"):
        start, end = whole(get(selection, "startPosition")), whole(get(selection, "endPosition"))
        if start is not None and end is not None:
            yield start, end


def _note_codings(reading: RefiReading, element: etree._Element, what: str) -> Iterator[RefiCoding]:
    """Codings of a memo: nothing that a participant said, so they are not carried."""
    inside = [element, *children(element, "PlainTextSelection")]
    for holder in inside:
        for coding in children(holder, "Coding"):
            code = (refs(coding, "CodeRef") or ("",))[0]
            reading.remark(f"coding of {what}", "codes on memos are not carried: nobody said the words")
            yield RefiCoding(guid(coding, "guid"), code if code in reading.codes else "")


def read_links(reading: RefiReading, parent: etree._Element | None) -> tuple[Link, ...]:
    """All links."""
    return tuple(
        Link(
            reading.own_guid(link, f"link {get(link, 'name')}"),
            guid(link, "originGUID"),
            guid(link, "targetGUID"),
            get(link, "name"),
            get(link, "direction"),
            colour(get(link, "color")),
            refs(link, "NoteRef"),
        )
        for link in children(parent, "Link")
    )


def read_sets(reading: RefiReading, parent: etree._Element | None) -> tuple[CodeSet, ...]:
    """All sets; a set in a set stands beside it, with both names."""
    found: list[CodeSet] = []
    waiting = [(group, "") for group in children(parent, "Set")][::-1]
    while waiting:
        group, above = waiting.pop()
        name = get(group, "name").strip()
        full = f"{above}::{name}" if above else name
        if above:
            reading.remark(
                f"set {label(name, 'without a name')}", f"a set in the set {above}; both are sets here", lost=False
            )
        found.append(
            CodeSet(
                reading.own_guid(group, f"set {name}"),
                full,
                text_of(group, "Description") or get(group, "description"),
                refs(group, "MemberCode"),
                refs(group, "MemberSource"),
                refs(group, "MemberNote"),
            )
        )
        waiting += [(inner, full) for inner in children(group, "Set")][::-1]
    return tuple(found)


def read_graphs(reading: RefiReading, parent: etree._Element | None) -> tuple[Graph, ...]:
    """All drawn graphs."""
    return tuple(
        Graph(
            reading.own_guid(graph, f"graph {get(graph, 'name')}"),
            get(graph, "name"),
            tuple(_vertex(vertex) for vertex in children(graph, "Vertex")),
            tuple(_edge(edge) for edge in children(graph, "Edge")),
        )
        for graph in children(parent, "Graph")
    )


def _vertex(vertex: etree._Element) -> Vertex:
    x, y, right, bottom = (whole(get(vertex, key)) or 0 for key in ("firstX", "firstY", "secondX", "secondY"))
    return Vertex(
        guid(vertex, "guid"),
        get(vertex, "name"),
        guid(vertex, "representedGUID"),
        (x, y, right, bottom),
        get(vertex, "shape"),
        colour(get(vertex, "color")),
    )


def _edge(edge: etree._Element) -> RefiEdge:
    return RefiEdge(
        guid(edge, "guid"),
        guid(edge, "sourceVertex"),
        guid(edge, "targetVertex"),
        get(edge, "name"),
        get(edge, "direction"),
        get(edge, "lineStyle"),
        colour(get(edge, "color")),
    )
