"""What must still be there, as plain sets: the simple oracle the merged branches of a team are held to."""

from __future__ import annotations

from dataclasses import dataclass, field

from postil_codebook.values import Codebook
from postil_study.layers.record_merge import version_of
from postil_study.text.values import Segment


@dataclass
class Known:
    """What one branch must know: all that was done on it or merged into it."""

    made: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)  # removed by somebody
    memos: dict[str, set[str]] = field(default_factory=dict)  # of each record, all ever written
    replaced: set[str] = field(default_factory=set)  # memos that somebody wrote over, or decided against
    codes: dict[str, str] = field(default_factory=dict)  # what each record was coded with
    others: dict[str, set[str]] = field(default_factory=dict)  # codes that were put on it beside that one
    became: set[tuple[str, str]] = field(default_factory=set)  # codes that were renamed to or merged into others
    book: set[str] = field(default_factory=set)  # codes there ever were
    frozen: dict[str, bytes] = field(default_factory=dict)  # files of frozen copies
    corrected: set[tuple[str, int]] = field(default_factory=set)  # fillers of transcripts that were written over

    def take_in(self, other: Known) -> None:
        """What a merge brings."""
        for mine, theirs in (
            (self.made, other.made),
            (self.gone, other.gone),
            (self.replaced, other.replaced),
            (self.book, other.book),
        ):
            mine |= theirs
        self.became |= other.became
        self.corrected |= other.corrected
        self.codes |= other.codes
        self.frozen |= other.frozen
        for mine_, theirs_ in ((self.memos, other.memos), (self.others, other.others)):
            for id_, found in theirs_.items():
                mine_.setdefault(id_, set()).update(found)

    def may_be(self, id_: str) -> set[str]:
        """What a record may be coded with by now: whatever somebody made of its code."""
        found, before = {self.codes[id_], *self.others.get(id_, ())}, 0
        while len(found) > before:
            before = len(found)
            found |= {new for old, new in self.became if old in found}
        return found


def first_id(record: Segment) -> str:
    """The id the person gave: a second version, also one that was kept for good, has a number behind it."""
    return (version_of(record) or record.id).split(".")[0]


def lost(known: Known, alive: list[Segment], texts: dict[str, str], book: Codebook) -> list[str]:
    """Everything that is not as it must be; nothing if all is well. ``texts`` by the id of a record."""
    ids = {first_id(record) for record in alive}
    found = [f"{id_} is lost" for id_ in known.made - known.gone - ids]
    found += [f"code {code} leads nowhere" for code in known.book if book.resolve(code) is None]
    for record in alive:
        found += _wrong(known, record, texts[record.id], book)
    written = {record.memo for record in alive}
    for id_, memos in known.memos.items():
        if id_ in ids and id_ not in known.gone:
            found += [f"{memo!r} of {id_} is lost" for memo in memos - known.replaced - written]
    return found


def _wrong(known: Known, record: Segment, text: str, book: Codebook) -> list[str]:
    found = []
    if record.unanchored or record.start is None or text[record.start : record.end] != record.quote:
        found.append(f"{record.id} is at a wrong place: {record}")
    allowed = {book.resolve(code) for code in known.may_be(first_id(record))}
    codes = {book.resolve(code) for code in record.code_ids}
    if not codes or not codes <= allowed - {None}:
        found.append(f"{record.id} is coded {record.code_ids}, and was {known.codes[first_id(record)]}: {allowed}")
    return found
