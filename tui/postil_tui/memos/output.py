"""Memos in one file: Markdown to read, CSV to count."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from postil_study.study import Study
from postil_tui.memos.notes import Note


def as_markdown(study: Study, found: Sequence[Note]) -> str:
    """Each memo below a heading, with what it is about, who wrote it and when; segments with their words."""
    told = _told(study)
    return "\n".join(_part(study, note, told) for note in found)


def _told(study: Study) -> Callable[[str], str]:
    """A memo's words as they may be written out, without what people who must not be quoted said."""
    from postil_study.privacy.consent.copied_words import free_words
    from postil_study.privacy.consent.purposes import not_quoted

    refused = not_quoted(study)
    return free_words(study, refused).text if refused else str


def _part(study: Study, note: Note, told: Callable[[str], str]) -> str:
    who = " · ".join(part for part in (note.author, note.date, note.type) if part)
    about = f"About {note.subject or 'nothing in particular'}{f' ({who})' if who else ''}"
    head = f"## {note.title or 'Without words'}\n\n{about}\n"
    quote = words_of(study, note)
    cited = "\n".join(f"> {line}" for line in quote.splitlines())
    return "\n".join(filter(None, [head, f"{cited}\n" if cited else "", told(note.body.strip()) + "\n"]))


def words_of(study: Study, note: Note) -> str:
    """The words a memo on a segment stands on; "" for other memos, and where consent to quote is denied."""
    from postil_study.privacy.consent.purposes import Consent

    place = note.place
    transcript = study.transcripts.get(place.transcript) if place else None
    if place is None or transcript is None or place.start is None or place.end is None:
        return ""
    if not Consent(study).quotes(transcript, place.start, place.end):
        return "(no consent to quote)"
    return transcript.text[place.start : place.end].strip()


def as_csv(study: Study, found: Sequence[Note]) -> str:
    """One memo a row."""
    from postil_formats.tables.files import Table, to_csv

    told = _told(study)
    headers = ("about", "kind", "author", "date", "type", "transcript", "words", "memo", "file")
    rows = [
        (
            ", ".join(note.about), note.kind, note.author, note.date, note.type,
            note.place.transcript if note.place else "", words_of(study, note), told(note.body.strip()),
            note.memo.path if note.memo else "",
        )
        for note in found
    ]  # fmt: skip
    return to_csv(Table(headers, tuple(rows), "Memos"))
