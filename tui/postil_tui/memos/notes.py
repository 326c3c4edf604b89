"""What was thought along the way, wherever it is kept, as one list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from postil_study.files.memos import Memo, load_memos
from postil_study.study import Study
from postil_study.text.values import Layer, Relation, Segment

KINDS = ("study", "transcript", "participant", "segment", "relation", "note", "code", "theme", "node", "edge", "other")


class NotePlace(msgspec.Struct, frozen=True):
    """The record a memo belongs to, and where its words are; ``coder`` is the layer."""

    coder: str
    transcript: str
    record: str
    start: int | None = None
    end: int | None = None


class Note(msgspec.Struct, frozen=True):
    """A memo. ``memo`` is its file; ``place`` the segment or relation it is kept in; else it is in a YAML file."""

    about: tuple[str, ...]
    author: str
    date: str
    title: str
    body: str
    type: str = ""
    memo: Memo | None = None
    place: NotePlace | None = None
    codes: str = ""  # of the record it is kept in

    @property
    def kind(self) -> str:
        """The kind of thing it is about."""
        kind = self.about[0].partition(":")[0] if self.about else "other"
        return kind if kind in KINDS else "other"

    @property
    def subject(self) -> str:
        """What it is about, as a person reads it: a segment by its place."""
        if self.place is not None:
            return f"{self.place.transcript} {self.codes or self.kind}"
        return ", ".join(self.about)


def notes(study: Study, hidden: Mapping[tuple[str, str], str]) -> list[Note]:
    """All memos that are not hidden by a blind round, newest first, with the notes that came with sources."""
    authors = {coder for coder, _ in hidden}
    found = [_of_file(memo) for memo in load_memos(study.root)[0] if memo.author not in authors]
    for layer in study.layers():
        header = layer.header
        if header.kind == "source":
            found += _of_source(layer)
        elif (header.coder, header.transcript) not in hidden:
            found += _of_layer(layer)
    found += [_plain(f"code:{code.id}", code.memo) for code in study.codebook.codes.values() if code.memo.strip()]
    found += [_plain(f"theme:{theme.id}", theme.memo) for theme in study.themes if theme.memo.strip()]
    found.sort(key=lambda note: (note.place.transcript, note.place.start or 0) if note.place else ("", 0))
    return sorted(found, key=lambda note: note.date, reverse=True)


def _of_file(memo: Memo) -> Note:
    return Note(memo.about, memo.author, memo.date, memo.title, memo.body, memo.type, memo)


def _of_layer(layer: Layer) -> Iterator[Note]:
    header = layer.header
    places = {segment.id: (segment.start, segment.end) for segment in layer.segments}
    for segment in layer.segments:
        if segment.memo.strip():
            place = NotePlace(header.coder, header.transcript, segment.id, segment.start, segment.end)
            yield _of_record(segment, place, f"segment:{segment.id}", ", ".join(segment.code_ids))
    for relation in layer.relations:
        if relation.memo.strip():
            place = NotePlace(header.coder, header.transcript, relation.id, *places.get(relation.source, (None, None)))
            codes = " → ".join(filter(None, [relation.source_code, relation.target_code]))
            yield _of_record(relation, place, f"relation:{relation.id}", codes)


def _of_source(layer: Layer) -> Iterator[Note]:
    """Notes that came with a source: nobody's memo here, to be read only."""
    header = layer.header
    for segment in layer.segments:
        if segment.memo.strip():
            place = NotePlace(header.coder, header.transcript, segment.id, segment.start, segment.end)
            yield _of_record(segment, place, f"note:{segment.id}", "")


def _of_record(record: Segment | Relation, place: NotePlace, about: str, codes: str) -> Note:
    return Note((about,), place.coder, record.at[:10], title_of(record.memo), record.memo, place=place, codes=codes)


def _plain(about: str, text: str) -> Note:
    return Note((about,), "", "", title_of(text), text)


def title_of(text: str) -> str:
    """The first line of a text, without the signs of a heading."""
    return next((line.strip().lstrip("#").strip() for line in text.splitlines() if line.strip()), "")[:120]


def fits(note: Note, words: str, kind: str = "") -> bool:
    """Whether a memo is of a kind ("" for any) and holds all of some words, wherever."""
    if kind and note.kind != kind:
        return False
    place = f"{note.place.coder} {note.place.transcript} {note.codes}" if note.place else ""
    text = " ".join([*note.about, note.author, note.date, note.type, note.body, place]).casefold()
    return all(word in text for word in words.casefold().split())


def unknown(study: Study, subject: str) -> str:
    """What is wrong with a subject somebody typed; "" if there is such a thing in the study."""
    kind, _, name = subject.partition(":")
    known: dict[str, list[str]] = {
        "code": [*study.codebook.codes],
        "transcript": [*study.transcripts],
        "participant": [*study.settings.participants],
        "theme": [theme.id for theme in study.themes],
        "round": [*study.rounds],
        "node": [node.id for node in study.process.nodes] if study.process else [],
        "finding": [finding.id for finding in study.findings],
    }
    if subject == "study" or kind in ("edge", "segment", "coder"):
        return ""
    if kind not in known:
        return f"a memo is about the study, or about {', '.join(f'{one}:ID' for one in known)}"
    return "" if name in known[kind] else f"there is no {kind} {name!r} in this study"
