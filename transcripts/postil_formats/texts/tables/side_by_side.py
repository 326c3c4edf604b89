"""Tables with a column for each speaker: ``Interviewer | Participant``, each row a question and its answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from postil_base.problem import PostilError
from postil_formats.texts.labels.looks import like_name
from postil_formats.texts.tables.columns import Rows, cell, role
from postil_study.text.vocabulary import words

_REACH = 15  # a heading stands within so many rows
_ASKING = words(
    """interviewer interviewerin interviewers moderator moderatorin facilitator researcher host i m q iv int interview
    befragerin befrager fragende forscher forscherin intervieweur intervieweuse enquêteur enquêtrice entrevistador
    entrevistadora intervistatore intervistatrice chercheur investigador pesquisador interviewleider intervjuare
    聞き手 インタビュアー 采访者 面试官 면접관 интервьюер מראיין המראיין المحاور"""
)
_ANSWERING = words(
    """participant participants interviewee interviewees respondent respondents guest expert informant subject
    proband befragte befragter befragten interviewpartner interviewpartnerin interviewte gesprächspartner
    teilnehmer teilnehmerin participante entrevistado entrevistada encuestado encuestada informante interviewé
    interviewée répondant répondante enquêté enquêtée intervistato intervistata rispondente geïnterviewde
    deelnemer respondenten deltagare informanten patient student teacher p b ip tn r speaker sprecher locuteur
    hablante 回答者 受访者 受訪者 참가자 респондент участник מרואיין משתתף المشارك"""
)
_TALK = 3.0  # words a cell, on average, in the column that says most


def voices(rows: Rows, name: str) -> tuple[int, tuple[int, ...]] | None:
    """The heading row and the columns of the speakers, from left to right; None when the table is none of this kind.

    What can be read in two ways is refused with both: several people of whom none asks, and answers to the left of
    their questions.
    """
    wide = (n for n, row in enumerate(rows[:_REACH]) if sum(bool(text.strip()) for text in row) > 1)
    number = next(wide, None)
    if number is None:
        return None
    heading, data = rows[number], [row for row in rows[number + 1 :] if list(row) != list(rows[number])]
    people = _people(heading)
    again = any(cell(row, column) == cell(heading, column) for row in data for column in people)
    if len(people) < 2 or again or not _talk(data, people):
        return None
    return _in_order(data, heading, people, number, name)


def _people(row: Sequence[str]) -> list[int]:
    """The columns headed by somebody: roles and numbers of people, and names beside one who asks."""
    heads = [" ".join(text.split()).rstrip(":：") for text in row]
    people = [column for column, head in enumerate(heads) if asks(head) or _stem(head) in _ANSWERING]
    rest = [column for column, head in enumerate(heads) if head and column not in people]
    known = {role(heads[column]) for column in rest}
    if known & {"text", "speaker", "answer", "respondent"}:
        return []
    if any(asks(heads[column]) for column in people):
        people += [column for column in rest if not role(heads[column]) and _named(heads[column])]
    return sorted(people)


def asks(head: str) -> bool:
    """Whether a column is called after the one who asks, or after the questions."""
    return _stem(head) in _ASKING or role(head) == "question"


def _stem(head: str) -> str:
    return re.sub(r"[\s_#]*\d{1,3}$|\s*\([^)]*\)$", "", head.casefold().rstrip(":："))


def _named(head: str) -> bool:
    return like_name(head) and head[0].isupper() and head[-1].isalnum() and len(head.split()) <= 3


def _talk(data: Rows, people: Sequence[int]) -> bool:
    """Whether those columns hold talk, and not who was there: sentences, more than one row of them."""
    columns = [[text for row in data if (text := cell(row, column))] for column in people]
    means = [sum(map(_words, texts)) / len(texts) if texts else 0.0 for texts in columns]
    asked = any(text.endswith(("?", "？", "؟")) for texts in columns for text in texts)
    return len(data) > 1 and (asked or max(means) >= _TALK) and sum(1 for mean in means if mean >= 1) > 1


def _words(text: str) -> int:
    return len(text.split()) + len(re.findall(r"[\u3040-\u9fff\uac00-\ud7af]{2}", text))


def _in_order(
    data: Rows, heading: Sequence[str], people: Sequence[int], number: int, name: str
) -> tuple[int, tuple[int, ...]]:
    asking = [column for column in people if asks(cell(heading, column))]
    both = [row for row in data if sum(bool(cell(row, column)) for column in people) > 1]
    listed = ", ".join(repr(cell(heading, column)) for column in people)
    if not asking and both:
        raise PostilError(
            f"{name}: the columns {listed} hold what several people say, side by side. If they talk with each other, "
            "row by row and from left to right, give the column of the one who asks the heading 'Interviewer'; if "
            "each column is an interview of its own, save each with its questions as a file and import those."
        )
    several = len(people) > 2 and any(role(cell(heading, column)) == "question" for column in asking)
    if several and max(sum(bool(cell(row, column)) for column in people) for row in data) > 2:
        raise PostilError(
            f"{name}: the columns {listed} hold questions and what several people answered. If they sat together, give "
            "the column of questions the heading 'Interviewer'; if each column is an interview of its own, save each "
            "with the questions as a file and import those."
        )
    if asking and both and people[0] not in asking:
        raise PostilError(
            f"{name}: the columns {listed} hold what several people say, side by side, and the answers stand to the "
            f"left of {cell(heading, asking[0])!r}. If each row is a question and its answer, move that column to the "
            "left; if what is on the left was said first, put each turn into a row of its own."
        )
    return number, tuple(people)
