"""Pseudonyms before an import writes its first byte: everything that was recognised, with its notes on their words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from postil_formats.texts.recognised import Recognised, SourceNote, SourceSection, SourceSpot
from postil_study.privacy.pseudonyms.edits import Edits
from postil_study.privacy.pseudonyms.found import NameSeen
from postil_study.privacy.pseudonyms.matching import Names, PseudonymRule


def names_replaced(recognised: Recognised, names: Names) -> tuple[NameSeen, ...]:
    """The names of a mapping that stand in labels and words, how often, and what will stand for them."""
    counts: Counter[PseudonymRule] = Counter()
    for turn in recognised.turns:
        counts.update(rule for _, rule in names.find(turn.text))
    labels = {turn.label for turn in recognised.turns}
    counts.update(rule for label in labels for _, rule in names.find(label))
    found = [NameSeen(rule.name, rule.kind or "name", count, rule.pseudonym) for rule, count in counts.items()]
    return tuple(sorted(found, key=lambda one: (-one.count, one.text)))


def with_pseudonyms(recognised: Recognised, names: Names) -> Recognised:
    """What was recognised, without the names."""
    edits = [names.edits(turn.text) for turn in recognised.turns]
    turns = tuple(
        turn._replace(label=names.text(turn.label), text=edit.apply(turn.text))
        for turn, edit in zip(recognised.turns, edits, strict=True)
    )
    return Recognised(
        recognised.layout,
        turns,
        _all(recognised.header, names),
        _all(recognised.footer, names),
        tuple(_note(note, edits, names) for note in recognised.notes),
        tuple(_section(section, names) for section in recognised.sections),
        _all(recognised.unanswered, names),
        _all(recognised.warnings, names),
        recognised.encoding,
        _details(recognised.details, names),
        tuple(item._replace(text=names.text(item.text)) for item in recognised.taken),
    )


def _all(lines: Sequence[str], names: Names) -> tuple[str, ...]:
    return tuple(names.text(line) for line in lines)


def _section(section: SourceSection, names: Names) -> SourceSection:
    return replace(section, title=names.text(section.title), script=_all(section.script, names))


def _note(note: SourceNote, edits: Sequence[Edits], names: Names) -> SourceNote:
    start, end = note.start, note.end
    if start is not None and end is not None:
        start = SourceSpot(start.turn, edits[start.turn].start(start.offset))
        end = SourceSpot(end.turn, edits[end.turn].end(end.offset))
    return replace(note, text=names.text(note.text), start=start, end=end, author=names.text(note.author))


def _details(details: Mapping[str, Any], names: Names) -> dict[str, Any]:
    return {key: names.text(value) if isinstance(value, str) else value for key, value in details.items()}
