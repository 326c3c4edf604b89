"""Memos and findings as notes, hung on what they are about where the standard has a nail for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from postil_codebook.types import Finding
from postil_model.exchange.identity import Identity
from postil_model.exchange.outgoing_codings import CodingsOut
from postil_transcripts.memos import Memo, load_memos
from postil_transcripts.refi.values import Link, Note, Remark
from postil_transcripts.study import Study

_HUNG = ("code", "transcript", "segment", "study", "theme")
ABOUT = "about: "


@dataclass
class MemosOut:
    """Memos as notes, and which note hangs where."""

    notes: list[Note] = field(default_factory=list)
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
            _hang(out, memo, identity)
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


def _hang(out: MemosOut, memo: Memo, identity: Identity) -> None:
    guid = identity.of("note", memo.path)
    user = identity.coder(memo.author) if memo.author else ""
    out.authors |= {memo.author} - {""}
    said = [f"{ABOUT}{', '.join(memo.about)}"] if memo.about else []
    said += [f"type: {memo.type}"] if memo.type else []
    created = f"{memo.date}T00:00:00Z" if re.fullmatch(r"\d{4}-\d\d-\d\d", memo.date) else ""
    out.notes.append(Note(guid, memo.title, memo.body, "; ".join(said), user, created))
    for kind, name in _about(memo):
        if kind == "segment":
            out.by_guid.setdefault(identity.segment(name), []).append(guid)
        elif kind in _HUNG:
            out.refs.setdefault((kind, name), []).append(guid)
    homeless = [reference for reference in memo.about if reference.partition(":")[0] not in _HUNG]
    if homeless:
        message = f"a note cannot hang on {', '.join(homeless)}; its description says what it is about"
        out.remarks.append(Remark(memo.path, message, lost=False))


@dataclass(frozen=True)
class FindingsOut:
    """Findings as notes with links to their codes."""

    notes: tuple[Note, ...] = ()
    links: tuple[Link, ...] = ()


def findings_out(study: Study, identity: Identity) -> FindingsOut:
    """Measured facts: a note each, linked with the codes they are about."""
    notes, links = [], []
    book = study.codebook
    for finding in study.findings:
        guid = identity.of("finding", finding.id)
        notes.append(Note(guid, f"Finding {finding.id}", _finding_text(finding)))
        for name in finding.links.get("code", ()):
            code = book.resolve(name)
            if code is not None:
                link = identity.of("finding-link", finding.id, code)
                links.append(Link(link, guid, identity.code(book.codes[code]), "is about", "OneWay"))
    return FindingsOut(tuple(notes), tuple(links))


def _finding_text(finding: Finding) -> str:
    figures = [f"{name}: {value:g}" for name, value in _figures(finding) if value is not None]
    links = [f"{kind}: {', '.join(names)}" for kind, names in finding.links.items()]
    parts: Sequence[str] = [finding.statement, "; ".join(figures) + (f" {finding.unit}" if finding.unit else "")]
    extra = [f"Source: {finding.source}"] if finding.source else []
    extra += [f"Linked with {'; '.join(links)}"] if links else []
    extra += [f"Conflict: {finding.conflict}"] if finding.conflict else []
    extra += [finding.reading] if finding.reading else []
    return "\n".join(part for part in (*parts, *extra) if part.strip()) + "\n"


def _figures(finding: Finding) -> tuple[tuple[str, float | None], ...]:
    return ("value", finding.value), ("numerator", finding.numerator), ("denominator", finding.denominator)
