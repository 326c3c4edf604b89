"""Memos and findings as notes, hung on what they are about where the standard has a nail for it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from postil_base.numbers import significant
from postil_base.problem import Remark
from postil_codebook.values import Finding
from postil_formats.projects.coding_marks import MARK_NAME
from postil_formats.projects.identity import Identity
from postil_formats.projects.outgoing.codings import ON_WHOLE, CodingsOut
from postil_formats.projects.refi.values import Link, Project, RefiNote
from postil_study.files.memos import Memo, load_memos
from postil_study.study import Study

_HUNG = ("code", "transcript", "segment", "study", "theme")
ABOUT, TYPE, DATE = "about: ", "type: ", "date: "
FINDING = "Finding "
NO_DATE = "none"
ON_TEXT = "Written in Postil on this text:"  # at the head of the description of a source
_OWN_NAMES = (MARK_NAME, ON_WHOLE, FINDING)  # by which our import knows what is no memo
_EARLIEST = "1970-01-01T00:00:00Z"


@dataclass
class MemosOut:
    """Memos as notes, and which note hangs where."""

    notes: list[RefiNote] = field(default_factory=list)
    refs: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    by_guid: dict[str, list[str]] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    authors: set[str] = field(default_factory=set)

    def refs_of(self, kind: str, name: str) -> tuple[str, ...]:
        """Notes on a thing."""
        return tuple(self.refs.get((kind, name), ()))

    def refs_of_guid(self, guid: str) -> tuple[str, ...]:
        """Notes on a passage."""
        return tuple(self.by_guid.get(guid, ()))


def memos_out(study: Study, identity: Identity, codings: CodingsOut, transcripts: set[str]) -> MemosOut:
    """All memos; one about a transcript that stays here stays, too."""
    out = MemosOut()
    for memo in load_memos(study.root)[0]:
        if _stays(memo, study, codings, transcripts):
            out.remarks.append(Remark(memo.path, "it is about what stays here"))
        else:
            _hang(out, memo, identity, codings)
    return out


def _stays(memo: Memo, study: Study, codings: CodingsOut, transcripts: set[str]) -> bool:
    for kind, name in _about(memo):
        if kind == "transcript" and name in study.transcripts and name not in transcripts:
            return True
        if kind == "segment" and codings.identity.segment(name) not in codings.placed:
            return codings.consent.withheld
        if kind == "participant" and not codings.consent.shares_person(name):
            return True
    return False


def _about(memo: Memo) -> Iterator[tuple[str, str]]:
    for reference in memo.about:
        kind, _, name = reference.partition(":")
        yield kind, name


def _hang(out: MemosOut, memo: Memo, identity: Identity, codings: CodingsOut) -> None:
    guid = identity.of("note", memo.path)
    user = identity.coder(memo.author) if memo.author else ""
    out.authors |= {memo.author} - {""}
    said = [f"{ABOUT}{', '.join(memo.about)}"] if memo.about else []
    said += [f"{TYPE}{memo.type}"] if memo.type else []
    created = f"{memo.date}T00:00:00Z" if re.fullmatch(r"\d{4}-\d\d-\d\d", memo.date) else ""
    said += [] if created else [f"{DATE}{memo.date or NO_DATE}"]
    title = f"Memo: {memo.title}" if memo.title.startswith(_OWN_NAMES) else memo.title
    out.notes.append(RefiNote(guid, title, memo.body, "; ".join(said), user, created))
    for kind, name in _about(memo):
        if kind == "segment":
            passage = identity.segment(name)
            out.by_guid.setdefault(codings.selection_of.get(passage, passage), []).append(guid)
        elif kind in _HUNG:
            out.refs.setdefault((kind, name), []).append(guid)
    homeless = [reference for reference in memo.about if reference.partition(":")[0] not in _HUNG]
    if homeless:
        message = f"a note cannot hang on {', '.join(homeless)}; its description says what it is about"
        out.remarks.append(Remark(memo.path, message, lost=False))


@dataclass(frozen=True)
class FindingsOut:
    """Findings as notes with links to their codes."""

    notes: tuple[RefiNote, ...] = ()
    links: tuple[Link, ...] = ()


def findings_out(study: Study, identity: Identity) -> FindingsOut:
    """Measured facts: a note each, linked with the codes they are about."""
    notes, links = [], []
    book = study.codebook
    for finding in study.findings:
        guid = identity.of("finding", finding.id)
        notes.append(RefiNote(guid, f"{FINDING}{finding.id}", _finding_text(finding)))
        for name in finding.links.get("code", ()):
            code = book.resolve(name)
            if code is not None:
                link = identity.of("finding-link", finding.id, code)
                links.append(Link(link, guid, identity.code(book.codes[code]), "is about", "OneWay"))
    return FindingsOut(tuple(notes), tuple(links))


def _finding_text(finding: Finding) -> str:
    figures = [f"{name}: {significant(value, 12)}" for name, value in _figures(finding) if value is not None]
    links = [f"{kind}: {', '.join(names)}" for kind, names in finding.links.items()]
    parts: Sequence[str] = [finding.statement, "; ".join(figures) + (f" {finding.unit}" if finding.unit else "")]
    extra = [f"Source: {finding.source}"] if finding.source else []
    extra += [f"Linked with {'; '.join(links)}"] if links else []
    extra += [f"Conflict: {finding.conflict}"] if finding.conflict else []
    extra += [finding.reading] if finding.reading else []
    return "\n".join(part for part in (*parts, *extra) if part.strip()) + "\n"


def _figures(finding: Finding) -> tuple[tuple[str, float | None], ...]:
    return ("value", finding.value), ("numerator", finding.numerator), ("denominator", finding.denominator)


def named_and_dated(project: Project) -> Project:
    """The project with a name of its own and a date on each note, without either of which QualCoder's import stops.

    A note without a date gets the latest one in the project; its description says that it has none.
    """
    times = [note.created for note in project.notes]
    for source in project.sources:
        times += [source.created, *(selection.created for selection in source.selections)]
    latest = max((time for time in times if time), default=_EARLIEST)
    names = _apart(note.name or "Note" for note in project.notes)
    notes = tuple(
        replace(note, name=name) if note.created else replace(_undated(note), name=name, created=latest)
        for note, name in zip(project.notes, names, strict=True)
    )
    return replace(project, notes=notes)


def _undated(note: RefiNote) -> RefiNote:
    if re.search(rf"(?:^|; ){DATE}[^;]*$", note.description):
        return note
    return replace(note, description="; ".join(part for part in (note.description, f"{DATE}{NO_DATE}") if part))


@dataclass(frozen=True)
class NoteFacts:
    """What the description of a note of ours says of it."""

    about: tuple[str, ...] = ()
    type: str = ""
    date: str | None = None  # None: the note's own date is right


_FACTS = re.compile(
    rf"(?:{ABOUT}(?P<about>.*?))?(?:(?:^|; ){TYPE}(?P<type>.*?))?(?:(?:^|; ){DATE}(?P<date>[^;]*))?", re.DOTALL
)


def note_facts(description: str) -> NoteFacts:
    """The facts back out of the description of one of our notes.

    >>> note_facts("about: code:a, study; type: open; date: none")
    NoteFacts(about=('code:a', 'study'), type='open', date='')
    """
    match = _FACTS.fullmatch(description)
    if match is None:
        return NoteFacts()
    about = tuple(match["about"].split(", ")) if match["about"] else ()
    date = match["date"]
    return NoteFacts(about, match["type"] or "", "" if date == NO_DATE else date)


def _apart(names: Iterable[str]) -> Iterator[str]:
    """Names with a number behind those that were there already; capitals do not tell names apart."""
    seen: set[str] = set()
    counts: Counter[str] = Counter()
    for name in names:
        made, key = name, name.casefold()
        while made.casefold() in seen:
            counts[key] += 1
            made = f"{name} ({counts[key] + 1})"
        seen.add(made.casefold())
        yield made
