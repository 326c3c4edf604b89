"""Notes that came with a source, as layers of kind source: they stand on their words and are nobody's coding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from postil_base.ids import new_id
from postil_formats.texts.readers import Recognised
from postil_formats.texts.recognised import SourceNote, SourceSpot
from postil_study.layers.values import make_layer
from postil_study.text.turns import RawTurn
from postil_study.text.values import Layer, LayerHeader, Segment, Transcript


def note_layers(recognised: Recognised, transcript: Transcript, taken: set[str]) -> tuple[Layer, ...]:
    """A layer for each kind of note; ``taken`` are record ids in use, and grows."""
    notes: dict[str, list[SourceNote]] = {}
    for note in (*recognised.notes, *_protocol_notes(recognised)):
        notes.setdefault(note.source, []).append(note)
    return tuple(
        make_layer(
            LayerHeader(source, transcript.id, "source", transcript.text_sha256),
            [_segment(note, transcript, recognised, taken) for note in some],
        )
        for source, some in notes.items()
    )


def _segment(note: SourceNote, transcript: Transcript, recognised: Recognised, taken: set[str]) -> Segment:
    start = end = None
    if note.start is not None and note.end is not None:
        start, end = (position(transcript, recognised.turns, spot) for spot in (note.start, note.end))
    id_ = new_id(taken)
    taken.add(id_)
    return Segment(
        id_,
        start,
        end,
        quote=transcript.text[start:end] if start is not None else "",
        memo=_memo(note),
        at=transcript.info.imported,
        extra={"x-number": note.number} if note.number is not None else {},
    )


def position(transcript: Transcript, turns: Sequence[RawTurn], spot: SourceSpot) -> int:
    """Where a spot in the turns' words lies in the stored text, which may shield a line with one leading space."""
    turn = transcript.turns[spot.turn]
    stored, raw = transcript.text[turn.start : turn.end], turns[spot.turn].text.strip("\n")
    if len(stored) == len(raw):
        return turn.start + spot.offset
    shift = at = 0
    for line in raw.split("\n"):
        if at > spot.offset:
            break
        shift += not stored.startswith(line, at + shift)
        at += len(line) + 1
    return turn.start + spot.offset + shift


def _memo(note: SourceNote) -> str:
    who = f"{note.author} ({note.date[:10]})" if note.author and note.date else note.author
    text = note.text or "(an empty note)"
    return f"{who}: {text}" if who else text


def _protocol_notes(recognised: Recognised) -> Iterator[SourceNote]:
    """Sections with their script, and questions without an answer, as notes: nothing of the source is lost."""
    if not recognised.unanswered and not recognised.script:
        return
    borders = [section.turn for section in recognised.sections[1:]] + [len(recognised.turns)]
    for section, border in zip(recognised.sections, borders, strict=True):
        text = "\n".join(line for line in (section.title, *section.script) if line)
        if section.turn < border:
            end = SourceSpot(border - 1, len(recognised.turns[border - 1].text))
            yield SourceNote(text, SourceSpot(section.turn, 0), end, source="protocol")
        elif section.script:
            yield SourceNote(text, source="protocol")
    for question in recognised.unanswered:
        yield SourceNote(f"Without an answer: {question}", source="protocol")
