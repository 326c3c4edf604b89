"""Which column of a table is what: by its heading, by what stands in it, or by what the person said.

A heading counts as a whole; parts of it count only where they can mean nothing else (``speaker_id``), so that a
question such as "What would you change?" names no column of words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from postil_base.problem import PostilError
from postil_formats.texts.labels.finding import find_labels, like_role
from postil_formats.texts.labels.lines import SourceLine
from postil_formats.texts.labels.times import to_ms
from postil_formats.texts.recognised import ReadOptions
from postil_study.text import vocabulary as known

Rows = Sequence[Sequence[str]]

_REACH = 15  # a heading stands within so many rows
_REMARKS = frozenset({"annotation", "annotations"})  # the words in ELAN's tables, remarks in others
_LONG = 60  # characters that no heading has, unless it is a question
_ROLES = (
    ("translation", known.TRANSLATION_PARTS),
    ("end", known.END_COLUMNS),
    ("start", known.START_COLUMNS),
    ("speaker", known.SPEAKER_COLUMNS),
    ("text", known.TEXT_COLUMNS),
    ("question", known.QUESTION_COLUMNS),
    ("answer", known.ANSWER_COLUMNS),
    ("note", known.NOTE_COLUMNS),
    ("code", known.CODE_COLUMNS),
    ("respondent", known.RESPONDENT_COLUMNS),
    ("count", known.COUNT_COLUMNS),
    ("attribute", known.ATTRIBUTE_COLUMNS),
)
_PARTS = (
    ("translation", known.TRANSLATION_PARTS),
    ("end", frozenset({"end", "ende"})),
    ("start", frozenset({"start", "begin", "timestamp", "timecode", "anfang"})),
    ("speaker", frozenset({"speaker", "sprecher", "sprecherin"})),
    ("count", frozenset({"id", "nr", "no", "number", "#"})),
    ("text", frozenset({"text", "utterance", "transcript", "transcription", "transkript", "verbatim"})),
    ("note", frozenset({"notes", "comments", "memo"})),
    ("code", frozenset({"codes", "code", "tags"})),
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is what, and the row the data begins on."""

    text: int
    speaker: int | None
    start: int | None
    end: int | None
    first_row: int
    titles: int = 0  # so many rows at the top are titles
    question: int | None = None  # asked in the same row that holds the answer as its text
    names: Sequence[str] = ()
    notes: Sequence[int] = field(default=())  # kept as notes on the words of their row
    voices: Sequence[int] = field(default=())  # a column each for what a speaker says, whom its heading names

    @property
    def used(self) -> set[int]:
        """The columns that something is read from."""
        own = {self.text, self.speaker, self.start, self.end, self.question, *self.notes, *self.voices}
        return {column for column in own if column is not None}

    def name(self, column: int) -> str:
        """What a column is called."""
        named = column < len(self.names) and self.names[column].strip()
        return " ".join(self.names[column].split()) if named else f"column {column + 1}"


def cell(row: Sequence[str], column: int | None) -> str:
    """A cell without white space around it; nothing where the row is shorter."""
    return row[column].strip() if column is not None and column < len(row) else ""


def key(name: str) -> str:
    """A heading as it is compared: small letters, one underscore between words."""
    return re.sub(r"[\s_-]+", "_", re.sub(r"[()\[\]]", " ", name).strip().lower()).strip("_:.")


def role(name: str) -> str:
    """What a heading says its column is; empty when it says nothing known.

    >>> role("Speaker"), role("English translation"), role("start_time (s)"), role("What would you change?")
    ('speaker', 'translation', 'start', '')
    """
    plain = key(name)
    for what, names in _ROLES:
        if plain in names:
            return what
    parts = set(plain.split("_"))
    if len(parts) > 4 or plain.endswith(("?", "？")):
        return ""
    return next((what for what, names in _PARTS if parts & names), "")


def find_heading(rows: Rows) -> int | None:
    """The row that names the columns, among the first ones (a title may stand above); None when there is none."""
    alone = all(len(row) == 1 for row in rows)
    for number, row in enumerate(rows[:_REACH]):
        filled = [text for text in row if text.strip()]
        if not filled or any(len(text) > _LONG and not text.strip().endswith("?") for text in filled):
            continue
        roles = [role(text) for text in row]
        if _names_columns(roles, filled, alone=alone) and not _comes_back(rows, number, roles):
            return number
    return None


def _names_columns(roles: Sequence[str], filled: Sequence[str], *, alone: bool) -> bool:
    if len(filled) < 2:
        return alone and "text" in roles
    has = set(roles)
    pair = "question" in has and "answer" in has
    return pair or bool({"text", "speaker"} & has) or len(has - {""}) >= 2


def _comes_back(rows: Rows, number: int, roles: Sequence[str]) -> bool:
    """Whether what would be the heading of the speakers is one of them: a person may be called Person."""
    column = roles.index("speaker") if "speaker" in roles else None
    if column is None or "text" in roles:
        return False
    heading = [text.strip().lower() for text in rows[number]]
    below = [row for row in rows[number + 1 :] if [text.strip().lower() for text in row] != heading]
    return any(cell(row, column).lower() == heading[column] for row in below)


def find_columns(rows: Rows, name: str, options: ReadOptions) -> Columns:
    """Which column is what; what can be read in two ways is refused with both readings."""
    from postil_formats.texts.tables.side_by_side import voices
    from postil_formats.texts.tables.surveys import refuse_survey

    beside = None if options.text or options.speaker_key else voices(rows, name)
    if beside is not None:
        return _ColumnFinder(rows, name, options, beside[0]).beside(beside[1])
    heading = find_heading(rows)
    if heading is None and (options.text or options.speaker_key) and _names_wanted(rows, options):
        heading = 0
    finder = _ColumnFinder(rows, name, options, heading)
    if not options.speaker_key:
        refuse_survey(rows, finder.names, heading, name)
    return finder.find()


def _names_wanted(rows: Rows, options: ReadOptions) -> bool:
    """Whether the first row holds what the person calls the columns."""
    names = {key(text) for text in rows[0]} if rows else set()
    return any(key(wanted) in names for wanted in (options.text, options.speaker_key) if wanted)


class _ColumnFinder:
    def __init__(self, rows: Rows, name: str, options: ReadOptions, heading: int | None) -> None:
        self.rows, self.file, self.options, self.heading = rows, name, options, heading
        self.width = max((len(row) for row in rows), default=0)
        self.names = list(rows[heading]) if heading is not None else []
        self.titles = heading if heading is not None else _untitled(rows)
        self.first = heading + 1 if heading is not None else self.titles
        self.data = rows[self.first :]
        self.roles = [role(text) for text in self.names] + [""] * (self.width - len(self.names))

    def find(self) -> Columns:
        start, end = self._times()
        taken = {start, end}
        speaker = self._wanted(self.options.speaker_key, "--speaker-key")
        if speaker is None:
            speaker = self._speaker(taken)
        question = self._only("question") if speaker is None and self._only("answer") is not None else None
        text = self._wanted(self.options.text, "--text")
        if text is None and question is not None:
            text = self._only("answer")
        if text is None:
            text = self._text({*taken, speaker})
        if self.heading is None and not self._sure(text, speaker):
            raise self._unknown()
        if self.heading is not None and speaker is None and question is None and not self._one_voice(text, start):
            raise self._nobody(text)
        if self.heading is None and speaker is None:
            self.first = self.titles = 0  # what stands above the first label is no title of a table
        used = {text, speaker, start, end, question}
        notes = [c for c in range(self.width) if c not in used and self._worth_a_note(c)]
        return Columns(text, speaker, start, end, self.first, self.titles, question, tuple(self.names), notes)

    def beside(self, voices: Sequence[int]) -> Columns:
        """The columns of a table with one for each speaker."""
        start, end = self._times()
        used = {start, end, *voices}
        notes = [c for c in range(self.width) if c not in used and self._worth_a_note(c)]
        names = tuple(self.names)
        return Columns(voices[0], None, start, end, self.first, self.titles, None, names, notes, tuple(voices))

    def _one_voice(self, text: int, start: int | None) -> bool:
        """Whether rows without a speaker are one text: in time, numbered, with labels in the words, or nothing else."""
        told = ("count", "code", "note", "translation", "text", "end")
        rest = [c for c in range(self.width) if c not in (text, start) and any(self._cells(c))]
        return start is not None or self._labelled(text) or all(self.roles[c] in told for c in rest)

    def _nobody(self, text: int) -> PostilError:
        return PostilError(
            f"{self.file}: the words are in {self._title(text)}, but no column is known to name the speaker, so "
            "the rows may be the turns of one conversation or the answers of several people. Say --speaker-key COLUMN "
            f"for the first (columns are {self._listed()}); for the second, save one file for each person and import "
            "those."
        )

    def _sure(self, text: int, speaker: int | None) -> bool:
        """Whether a table without headings is a conversation: labels in its words, or a speaker who says more."""
        if speaker is None:
            return self._labelled(text)
        said, named = (sum(map(len, self._cells(column))) for column in (text, speaker))
        return bool(self.options.speaker_key) or self._of_roles(speaker) or said > named

    def _cells(self, column: int) -> list[str]:
        return [cell(row, column) for row in self.data]

    def _only(self, what: str) -> int | None:
        return self.roles.index(what) if what in self.roles else None

    def _wanted(self, said: str, option: str) -> int | None:
        """The column the person named: by its heading, or by its number."""
        if not said:
            return None
        names = [key(text) for text in self.names]
        found = [column for column, text in enumerate(names) if text == key(said)]
        if len(found) == 1:
            return found[0]
        if not found and said.isascii() and said.isdigit() and 1 <= int(said[:6]) <= self.width:
            return int(said[:6]) - 1
        several = "several columns are" if found else "no column is"
        raise PostilError(f"{self.file}: {option}: {several} called {said!r}. Columns are {self._listed()}.")

    def _listed(self) -> str:
        titles = (text.strip() for text in self.names)
        return ", ".join(repr(text) if text else str(at) for at, text in enumerate(titles, 1)) or f"1 to {self.width}"

    def _times(self) -> tuple[int | None, int | None]:
        """Columns of times: by their headings when times stand in them, else by what stands in them."""
        starts = [c for c, what in enumerate(self.roles) if what == "start" and self._like_times(c)]
        ends = [c for c, what in enumerate(self.roles) if what == "end" and self._like_times(c)]
        if self.heading is None:
            starts = [c for c in range(self.width) if _is_time(self._cells(c))]
            ends = starts[1:]
        return next(iter(starts), None), next(iter(ends), None)

    def _like_times(self, column: int) -> bool:
        values = [text for text in self._cells(column) if text]
        timed = [text for text in values if to_ms(text) is not None or re.fullmatch(r"\d{1,12}(?:[.,]\d+)?", text)]
        return 2 * len(timed) > len(values)

    def _speaker(self, taken: set[int | None]) -> int | None:
        named = [c for c, what in enumerate(self.roles) if what == "speaker"]
        named.sort(key=lambda c: _unlike_a_name(key(self.names[c])))
        named += [c for c, what in enumerate(self.roles) if what == "respondent"] if self.heading is not None else []
        if named:
            return named[0]
        taken = {*taken, *(c for c, what in enumerate(self.roles) if what == "attribute")}
        roles = [c for c in range(self.width) if c not in taken and self._of_roles(c)]
        if roles or self.heading is not None:
            return next(iter(roles), None)
        free = [c for c in range(self.width) if c not in taken and not self.roles[c]]
        if sum(self._labelled(c) for c in free) == 1:
            return None
        wordiest = max(free, key=lambda c: (self._count(c), sum(map(len, self._cells(c)))), default=None)
        return next((c for c in free if c != wordiest and _speaks(self._cells(c))), None)

    def _of_roles(self, column: int) -> bool:
        """A column of roles and numbers of people, whatever its heading."""
        values = {text for text in self._cells(column) if text}
        lettered = all(any(map(str.isalpha, text)) for text in values)  # times and numbers are nobody
        return 1 < len(values) < len(self.data) and lettered and all(like_role(text) for text in values)

    def _count(self, column: int) -> int:
        return sum(len(text.split()) for text in self._cells(column))

    def _text(self, taken: set[int | None]) -> int:
        named = [c for c, what in enumerate(self.roles) if what == "text" and c not in taken and self._count(c)]
        named = [c for c in named if key(self.names[c]) not in _REMARKS] or named  # beside the words they are notes
        if not named:
            free = [c for c in range(self.width) if c not in taken and self.roles[c] not in ("note", "code", "count")]
            named = [c for c in free if self.roles[c] != "translation" and self._wordy(c)]
            if not named:
                free = free or [c for c in range(self.width) if c not in taken and self.roles[c] == "note"]
                named = sorted(free, key=self._count)[-1:] if free else []
        if not named or not any(character.isalpha() for text in self._cells(named[0]) for character in text):
            raise self._unknown()
        if len(named) > 1 and self.heading is None:
            labelled = [column for column in named if self._labelled(column)]
            named = labelled if len(labelled) == 1 else named
        if len(named) > 1:
            raise self._ask(named)
        return named[0]

    def _wordy(self, column: int) -> bool:
        """Several words a cell in half of the rows, or as much text as that in a script without spaces."""
        values = [text for text in self._cells(column) if text]
        rich = sum(len(text.split()) + len(re.findall(r"[\u3040-\u9fff]{2}", text)) for text in values)
        return 2 * len(values) >= len(self.data) and rich >= 1.5 * len(values) and not _is_time(values)

    def _worth_a_note(self, column: int) -> bool:
        return self.roles[column] in ("note", "translation", "text") or (not self.roles[column] and self._wordy(column))

    def _labelled(self, text: int) -> bool:
        filled = [SourceLine(part) for part in self._cells(text) if part]
        hits = find_labels(filled, self.options.labels).hits
        spoken = sum(1 for hit in hits if filled[hit.line].text[hit.text_start :].strip())  # else they name a speaker
        return spoken * 2 > len(filled)

    def _unknown(self) -> PostilError:
        return PostilError(
            f"{self.file}: no column of words was recognised. Name the columns in the first row (speaker, text, start, "
            f"end), or say --text COLUMN and --speaker-key COLUMN; columns are {self._listed()}."
        )

    def _ask(self, columns: Sequence[int]) -> PostilError:
        shown = [(self._title(c), next((text for text in self._cells(c) if text), "")[:40]) for c in columns]
        listed = "; ".join(f"{title} ({sample!r} …)" for title, sample in shown)
        return PostilError(
            f"{self.file}: several columns hold words: {listed}. "
            f"Say which one was spoken, for example --text {shown[0][0]}; the others are kept as notes."
        )

    def _title(self, column: int) -> str:
        named = column < len(self.names) and self.names[column].strip()
        return repr(self.names[column].strip()) if named else str(column + 1)


def _unlike_a_name(heading: str) -> tuple[bool, bool, bool]:
    """How little a heading of speakers is one of their names: whose interview it is, a tier, a number."""
    return heading in known.RESPONDENT_COLUMNS, heading.startswith("tier"), "id" in heading.split("_")


def _untitled(rows: Rows) -> int:
    """The first row that fills more than one cell."""
    return next((i for i, row in enumerate(rows) if sum(bool(text.strip()) for text in row) > 1), 0)


def _speaks(column: Sequence[str]) -> bool:
    values = [text for text in column if text]
    short = all(len(text) <= 60 and "\n" not in text for text in values)
    sentences = any(len(text.split()) > 1 and text.endswith((".", "?", "!", "…")) and text != "..." for text in values)
    if sentences:
        return False
    lettered = 2 * sum(any(character.isalpha() for character in text) for text in values) > len(values)
    counts = Counter(values)
    again = sum(count for count in counts.values() if count > 1)  # most people speak more than once
    return bool(values) and short and lettered and not _is_time(column) and (len(counts) < 3 or 2 * again > len(values))


def _is_time(column: Sequence[str]) -> bool:
    values = [text for text in column if text]
    return bool(values) and all(to_ms(text) is not None for text in values)
