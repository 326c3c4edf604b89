"""A project of another program as plain values. Positions are code points in the text with line feeds, end exclusive.

References are GUIDs in one form (upper case, no braces); what a file lacks is empty. Everything that could not be
carried is a `Remark`, item by item.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from postil_base.problem import Remark

Span = tuple[int, int]
SourceKind = Literal["text", "pdf", "picture", "audio", "video"]
Scalar = str | int | float | bool


@dataclass(frozen=True, slots=True)
class User:
    """A person of the project."""

    guid: str
    name: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class RefiCode:
    """A code; ``parent`` is the GUID of the code above, None at the top."""

    guid: str
    name: str
    parent: str | None = None
    description: str = ""
    color: str = ""
    codable: bool = True
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefiCoding:
    """A code put on a selection (or a whole source) by somebody; ``code`` is empty when the reference leads nowhere."""

    guid: str
    code: str
    user: str = ""
    created: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefiSelection:
    """A passage. ``start`` and ``end`` are as the file counts; ``span`` is where it stands, None if nowhere."""

    guid: str
    start: int
    end: int
    name: str = ""
    description: str = ""
    user: str = ""
    created: str = ""
    modified: str = ""
    codings: tuple[RefiCoding, ...] = ()
    notes: tuple[str, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a variable."""

    variable: str
    value: Scalar


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable: Text, Boolean, Integer, Float, Date, DateTime."""

    guid: str
    name: str
    type: str = "Text"
    description: str = ""


@dataclass(frozen=True)
class RefiSource:
    """A document. ``text`` is None when there is none to be had; ``positions`` says how they were counted and why."""

    guid: str
    name: str
    kind: SourceKind = "text"
    text: str | None = None
    path: str = ""
    description: str = ""
    user: str = ""
    created: str = ""
    selections: tuple[RefiSelection, ...] = ()
    codings: tuple[RefiCoding, ...] = ()
    notes: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    rule: str = ""  # "code points", "UTF-16, CRLF counts 2" …
    evidence: str = ""
    on_areas: tuple[RefiCoding, ...] = ()  # of areas of a page, stretches of time: counted, not carried


@dataclass(frozen=True, slots=True)
class Case:
    """A case (a participant, mostly); MAXQDA and Quirkos leave the name out for what they know of a document."""

    guid: str
    name: str = ""
    description: str = ""
    codes: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    sources: tuple[str, ...] = ()
    selections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefiNote:
    """A memo. QualCoder's annotations are notes with a passage of the source that refers to them (``passages``)."""

    guid: str
    name: str = ""
    text: str = ""
    description: str = ""
    user: str = ""
    created: str = ""
    passages: tuple[Span, ...] = ()
    codings: tuple[RefiCoding, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A link between two things of the project."""

    guid: str
    origin: str
    target: str
    name: str = ""
    direction: str = ""
    color: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeSet:
    """A set of codes, sources and notes."""

    guid: str
    name: str
    description: str = ""
    codes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vertex:
    """A node of a drawn graph."""

    guid: str
    name: str = ""
    represents: str = ""
    box: tuple[int, int, int, int] = (0, 0, 0, 0)
    shape: str = ""
    color: str = ""


@dataclass(frozen=True, slots=True)
class RefiEdge:
    """An edge of a drawn graph."""

    guid: str
    source: str
    target: str
    name: str = ""
    direction: str = ""
    line: str = ""
    color: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """A drawn graph."""

    guid: str
    name: str = ""
    vertices: tuple[Vertex, ...] = ()
    edges: tuple[RefiEdge, ...] = ()


@dataclass(frozen=True)
class Project:
    """Everything that was read of a project, and what was not."""

    name: str = ""
    origin: str = ""
    user: str = ""
    created: str = ""
    description: str = ""
    users: tuple[User, ...] = ()
    codes: tuple[RefiCode, ...] = ()
    variables: tuple[Variable, ...] = ()
    cases: tuple[Case, ...] = ()
    sources: tuple[RefiSource, ...] = ()
    notes: tuple[RefiNote, ...] = ()
    note_refs: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    sets: tuple[CodeSet, ...] = ()
    graphs: tuple[Graph, ...] = ()
    remarks: tuple[Remark, ...] = ()
    schema_problems: tuple[str, ...] = ()
    namespace: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)  # elements of the file by their local name
    own_files: Mapping[str, bytes] = field(default_factory=dict, repr=False)  # the study's files, if it is ours
    xml_sha256: str = ""  # of the project's XML, to tell whether somebody changed it beside those files

    @cached_property
    def code_of(self) -> Mapping[str, RefiCode]:
        """Codes by GUID."""
        return {code.guid: code for code in self.codes}

    @cached_property
    def user_of(self) -> Mapping[str, User]:
        """Users by GUID."""
        return {user.guid: user for user in self.users}

    @cached_property
    def note_of(self) -> Mapping[str, RefiNote]:
        """Notes by GUID."""
        return {note.guid: note for note in self.notes}

    def code_path(self, guid: str) -> tuple[str, ...]:
        """Names from the top down to a code; a cycle ends the path."""
        names: list[str] = []
        seen: set[str] = set()
        at: str | None = guid
        while at is not None and at in self.code_of and at not in seen:
            seen.add(at)
            names.append(self.code_of[at].name)
            at = self.code_of[at].parent
        return tuple(reversed(names))

    def coder_name(self, user: str) -> str:
        """The name of a user; one who is not among the users goes by the GUID, nobody by nothing."""
        found = self.user_of.get(user)
        return (found.name or found.id or found.guid) if found is not None else user

    def codings(self) -> Iterator[tuple[RefiSource, RefiSelection | None, RefiCoding]]:
        """All codings of sources, with the passage each stands on (None: the whole source)."""
        for source in self.sources:
            for selection in source.selections:
                for coding in selection.codings:
                    yield source, selection, coding
            for coding in source.codings:
                yield source, None, coding

    def codings_by_user(self) -> Counter[str]:
        """How many codings each person made, by name."""
        on_words = [coding for _, _, coding in self.codings()]
        on_areas = [coding for source in self.sources for coding in source.on_areas]
        return Counter(self.coder_name(coding.user) for coding in (*on_words, *on_areas))
