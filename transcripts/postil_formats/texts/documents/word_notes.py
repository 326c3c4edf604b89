"""What hangs on places of a Word file (comments, footnotes, text boxes) as notes on the words of the turns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from postil_formats.texts.documents.docx_parts import Paragraph, WordFile
from postil_formats.texts.labels.speech import Spoken
from postil_formats.texts.recognised import SourceNote, SourceSpot

Place = tuple[int, int]  # line and offset of the source
Stretch = tuple[Place, Place]
Spots = tuple[SourceSpot, SourceSpot]

_LAYERS = {"footnote": "footnotes", "endnote": "endnotes", "text box": "text-boxes"}


@dataclass
class NotePlaces:
    """Where comments begin, end and are marked, and where other notes hang; with the paragraph each stands in."""

    starts: dict[str, tuple[Place, Stretch]] = field(default_factory=dict)
    ends: dict[str, tuple[Place, Stretch]] = field(default_factory=dict)
    points: dict[str, Stretch] = field(default_factory=dict)
    others: list[tuple[str, str, Stretch]] = field(default_factory=list)

    def add(self, paragraph: Paragraph, place: Callable[[int], Place], whole: Stretch) -> None:
        """Take over the marks of a paragraph; ``place`` tells where an offset of it lies in the lines."""
        self.starts.update({key: (place(at), whole) for key, at in paragraph.comment_starts.items()})
        self.ends.update({key: (place(at), whole) for key, at in paragraph.comment_ends.items()})
        for aside in paragraph.asides:
            if aside.kind == "comment":
                self.points.setdefault(aside.content, whole)
            else:
                self.others.append((aside.kind, aside.content, whole))


def word_notes(
    file: WordFile, places: NotePlaces, spoken: Spoken, lines: Sequence[str]
) -> tuple[list[SourceNote], list[str]]:
    """The notes on the words they were made on, or on their paragraph when they mark none; and what found no words."""
    anchor = _Anchor(spoken, lines)
    notes: list[SourceNote] = []
    lost: list[str] = []
    for key, comment in file.comments.items():
        spots = anchor.comment(places, key)
        if spots is None:
            who = comment.author or "somebody"
            lost.append(f"a comment of {who} is on no words of a turn; it is kept for the whole transcript")
        first, last = spots or (None, None)
        notes.append(SourceNote(comment.text, first, last, None, comment.author, comment.date, file.comment_layer))
    for kind, text, whole in _others(file, places):
        spots = anchor.paragraph(whole)
        if spots is None:
            lost.append(f"a {kind} is on no words of a turn; it is kept for the whole transcript")
        first, last = spots or (None, None)
        notes.append(SourceNote(text, first, last, source=_LAYERS[kind]))
    return notes, lost


def _others(file: WordFile, places: NotePlaces) -> Iterator[tuple[str, str, Stretch | None]]:
    """Footnotes, endnotes and text boxes with their words, also those that are marked nowhere in the text."""
    left = dict(file.notes)
    for kind, content, whole in places.others:
        text = content if kind == "text box" else left.pop((kind, content), "")
        if text:
            yield kind, text, whole
    for (kind, _), text in left.items():
        yield kind, text, None


def _is_label(line: str, label: str) -> bool:
    """Whether a line is the label, with nothing but a time and signs around it."""
    before, found, after = " ".join(line.split()).partition(label)
    return bool(found) and not any(character.isalpha() for character in before + after)


class _Anchor:
    def __init__(self, spoken: Spoken, lines: Sequence[str]) -> None:
        self.map, self.turns, self.lines = spoken.map, spoken.recognised.turns, lines

    def comment(self, places: NotePlaces, key: str) -> Spots | None:
        """The words between a comment's marks; else those of the paragraph it is marked in."""
        start, end = places.starts.get(key), places.ends.get(key)
        if start is not None and end is not None:
            spots = self.map.span(start[0], end[0])
            if spots is not None and self._words(*spots).strip():
                return spots
        whole = [mark[1] for mark in (start, end) if mark is not None]
        whole += [places.points[key]] if key in places.points else []
        return next((spots for stretch in whole if (spots := self.paragraph(stretch)) is not None), None)

    def _words(self, first: SourceSpot, last: SourceSpot) -> str:
        if first.turn != last.turn:
            return self.turns[first.turn].text[first.offset :] or self.turns[last.turn].text[: last.offset]
        return self.turns[first.turn].text[first.offset : last.offset]

    def paragraph(self, whole: Stretch | None) -> Spots | None:
        """The words of a paragraph; those of the turn when the paragraph is but its label."""
        if whole is None:
            return None
        spots = self.map.span(*whole)
        if spots is not None:
            return spots
        following = self.map.start(*whole[0])
        if following is None or following.offset:
            return None
        turn = self.turns[following.turn]
        line = whole[0][0]
        labelled = turn.label and line < len(self.lines) and _is_label(self.lines[line], turn.label)
        return (SourceSpot(following.turn, 0), SourceSpot(following.turn, len(turn.text))) if labelled else None
