"""Tables with a respondent in each row: to read them as one conversation would merge people, so they are refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_formats.texts.labels.finding import like_role
from postil_formats.texts.labels.times import to_ms
from postil_formats.texts.tables.columns import Rows, cell, key, role
from postil_study.text.vocabulary import RESPONDENT_COLUMNS, ROLES, words

_HEADINGS_OF_QUALTRICS = 3
_CODERS = words("coder coders rater annotator codierer kodierer codiererin kodiererin coded_by")
_QUESTION_WORDS = 4


def refuse_survey(rows: Rows, names: Sequence[str], heading: int | None, name: str) -> None:
    """Refuse a table whose rows are respondents, with what to do instead.

    ``heading`` is the row that names columns in known words, if one does; ``names`` are its cells.
    """
    if any('"importid"' in text.lower() for row in rows[:5] for text in row):
        raise _refusal(rows[_HEADINGS_OF_QUALTRICS:], rows[1] if len(rows) > 1 else [], name, "Qualtrics survey")
    if heading is None:
        if rows and _like_headings(rows):
            raise _refusal(rows[1:], rows[0], name, "survey")
        return
    if "code" in [role(text) for text in names] and any(key(text) in _CODERS for text in names):
        raise PostilError(f"{name} is a table of codings, no transcript; postil import-codings takes it in.")
    data = [row for row in rows[heading + 1 :] if list(row) != list(rows[heading])]
    roles = [role(text) for text in names]
    people = [c for c, text in enumerate(names) if key(text) in RESPONDENT_COLUMNS]
    if _true_speaker(names, roles):
        return
    asked = [c for c, text in enumerate(names) if _is_question(text)]
    alone = any(_each_another(data, c) and not any(cell(row, c).lower() in ROLES for row in data) for c in people)
    if asked or alone or ("question" in roles and any(_in_blocks(data, c) for c in people)):
        raise _refusal(data, names, name, "survey")


def _true_speaker(names: Sequence[str], roles: Sequence[str]) -> bool:
    """A column that is called after speaking, not after a person."""
    return any(
        what == "speaker" and key(text) not in RESPONDENT_COLUMNS for text, what in zip(names, roles, strict=True)
    )


def _is_question(text: str) -> bool:
    return text.strip().endswith(("?", "？", "؟")) or len(text.split()) > _QUESTION_WORDS


def _each_another(data: Rows, column: int) -> bool:
    values = [text for row in data if (text := cell(row, column))]
    return len(values) > 1 and len(set(values)) == len(values)


def _in_blocks(data: Rows, column: int) -> bool:
    """Whether people follow one another and none comes back, as answers do that are listed one below the other."""
    values = [text for row in data if (text := cell(row, column))]
    changes = 1 + sum(1 for a, b in pairwise(values) if a != b)
    return len(set(values)) > 1 and changes == len(set(values))


def _like_headings(rows: Rows) -> bool:
    """Whether the first row, which names no column in known words, names columns all the same: its cells are questions
    or single words, none of them is a time, a number or a person, and none comes back below."""
    first, data = [text.strip() for text in rows[0]], rows[1:]
    filled = [text for text in first if text]
    if len(filled) < 2 or not data or any(to_ms(text) is not None or re.fullmatch(r"[\d.,]+", text) for text in filled):
        return False
    if not any(text.isalpha() for row in data for words in row for text in words.split()):
        return False
    if any(text and any(cell(row, column) == text for row in data) for column, text in enumerate(first)):
        return False
    if any(text and _numbers_only(data, column) for column, text in enumerate(first)):
        return True
    if any(like_role(text) for text in filled if not _is_question(text)):
        return False
    asked = [text for text in filled if text.endswith(("?", "？", "؟"))]
    others = (text for text in filled if text not in asked)
    plain = all(len(text.split()) <= 4 and not text.endswith((".", "!", "…", "。")) for text in others)
    return plain and (len(filled) > 2 or not asked or _each_another(data, 0))


def _numbers_only(data: Rows, column: int) -> bool:
    """Whether nothing but numbers and dates stands below."""
    values = [text for row in data if (text := cell(row, column))]
    return len(values) > 1 and all(re.fullmatch(r"[\d.,:/ -]+", text) for text in values)


def _refusal(data: Rows, names: Sequence[str], name: str, what: str) -> PostilError:
    asked = [" ".join(text.split()) for column, text in enumerate(names) if _open(data, column)]
    open_ = f" Columns of free text: {', '.join(repr(text[:60]) for text in asked if text)}." if any(asked) else ""
    people = sum(1 for row in data if any(text.strip() for text in row))
    return PostilError(
        f"{name} looks like a {what} with a respondent in each row "
        f"({counted(people, 'row')}); as one transcript it would merge "
        f"{people} people.{open_} To code such answers, save one file for each respondent (the question as "
        "“Interviewer: …”, the answer as “P01: …”) and import those. If the rows are turns of one conversation, say "
        "which column names the speaker and which holds the words: --speaker-key COLUMN --text COLUMN "
        "(a heading or a number)."
    )


def _open(data: Rows, column: int) -> bool:
    """Whether a column holds sentences."""
    values = [text for row in data if (text := cell(row, column))]
    words = sum(1 for text in values for word in text.split() if word[0].isalpha() or not word[0].isascii())
    return bool(values) and words >= 2 * len(values)
