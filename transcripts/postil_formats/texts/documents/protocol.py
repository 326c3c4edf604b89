"""A filled-in interview protocol: a question, and below it ``Answer: …`` in the same or the next paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from postil_formats.texts.documents.docx_parts import TextRun
from postil_formats.texts.labels.lines import SourceLine, TurnBuilder
from postil_formats.texts.labels.speech import Spoken
from postil_formats.texts.recognised import Recognised, SourceSection

INTERVIEWER, PARTICIPANT = "Interviewer", "Participant"
MIN_ANSWERS = 3

_ANSWER = re.compile(r"\s*(answer|response|antwort|réponse|respuesta|risposta|resposta|antwoord)\s*:", re.I)


class ProtocolLine(NamedTuple):
    """What the reader of a protocol has to know of a line beyond its words."""

    paragraph: int
    listed: bool
    color: str  # of its last run


def line_color(runs: Sequence[TextRun]) -> str:
    """The colour in which a paragraph ends, which is that of the answer."""
    return next((run.color for run in reversed(runs) if run.text.strip()), "")


def is_protocol(lines: Sequence[SourceLine]) -> bool:
    """Several answers, each with a question above it that is no answer itself."""
    answers = [index for index, line in enumerate(lines) if _ANSWER.match(line.text)]
    asked = [i for i in answers if i and lines[i - 1].text.strip() and not _ANSWER.match(lines[i - 1].text)]
    return len(asked) >= MIN_ANSWERS and len(asked) >= 0.8 * len(answers)


def read_protocol(lines: Sequence[SourceLine], about: Sequence[ProtocolLine]) -> Spoken:
    """Make two turns of each answered question; keep headings, script and unanswered questions apart."""
    reader = _Protocol(lines, about)
    reader.read()
    turns, source_map = reader.builder.finish()
    recognised = Recognised(
        layout="filled-in protocol: question and answer",
        turns=turns,
        sections=tuple(reader.sections),
        unanswered=tuple(reader.unanswered),
        footer=tuple(reader.closing),
        warnings=tuple(reader.warnings()),
        taken=reader.builder.taken,
    )
    return Spoken(recognised, source_map)


class _Protocol:
    def __init__(self, lines: Sequence[SourceLine], about: Sequence[ProtocolLine]) -> None:
        self.lines, self.about = lines, about
        self.builder = TurnBuilder(lines)
        self.sections: list[SourceSection] = []
        self.unanswered: list[str] = []
        self.closing: list[str] = []
        self.groups = self._groups()
        self.answer_color = ""
        self.first, self.last = self._bounds()

    def _groups(self) -> list[list[int]]:
        """Line numbers by paragraph; an answer in a paragraph of its own joins the question's."""
        groups: list[list[int]] = []
        for number, line in enumerate(self.lines):
            same = groups and self.about[groups[-1][-1]].paragraph == self.about[number].paragraph
            if same or (groups and _ANSWER.match(line.text) and self.lines[groups[-1][-1]].text.strip()):
                groups[-1].append(number)
            else:
                groups.append([number])
        return groups

    def _answer(self, group: Sequence[int]) -> int | None:
        return next((number for number in group[1:] if _ANSWER.match(self.lines[number].text)), None)

    def _bounds(self) -> tuple[int, int]:
        """The group after the heading above the first answer, and the group of the last answer."""
        answered = [place for place, group in enumerate(self.groups) if self._answer(group) is not None]
        first = answered[0]
        while first and not self._heading(self.groups[first - 1]):
            first -= 1
        return first, answered[-1]

    def _heading(self, group: Sequence[int]) -> bool:
        return self.lines[group[0]].heading and bool(self.lines[group[0]].text.strip())

    def read(self) -> None:
        for place, group in enumerate(self.groups):
            text = " ".join(self.lines[number].text.strip() for number in group).strip()
            answer = self._answer(group)
            if answer is not None:
                self._pair(group, answer)
            elif self._heading(group):
                self.sections.append(SourceSection(text, len(self.builder)))
            elif text:
                self._other(place, group, text)

    def _pair(self, group: Sequence[int], answer: int) -> None:
        self.builder.turn(INTERVIEWER)
        for number in group[: group.index(answer)]:
            self.builder.add(number)
        match = _ANSWER.match(self.lines[answer].text)
        self.builder.turn(PARTICIPANT)
        self.builder.takes_off("label", match[0] if match else "")
        self.builder.add(answer, match.end() if match else 0)
        for number in group[group.index(answer) + 1 :]:
            self.builder.add(number)
        self.answer_color = self.about[answer].color

    def _other(self, place: int, group: Sequence[int], text: str) -> None:
        about = self.about[group[0]]
        if about.listed and place >= self.first:
            self.unanswered.append(text)
        elif self.answer_color and about.color == self.answer_color and not about.listed and len(self.builder):
            for number in group:
                self.builder.add(number)
        elif place > self.last:
            self.closing.append(text)
        elif self.sections:
            self.sections[-1] = replace(self.sections[-1], script=(*self.sections[-1].script, text))
        else:
            self.sections.append(SourceSection("", len(self.builder), (text,)))

    def warnings(self) -> list[str]:
        """What a person should know: the questions that nobody answered are not turns."""
        count = len(self.unanswered)
        return [f"{count} question{'s' if count > 1 else ''} without an answer"] if count else []
