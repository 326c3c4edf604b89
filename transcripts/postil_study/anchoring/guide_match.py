"""Which question of the guide an interviewer's turn asks: a proposal, by the words both use. A person confirms it.

A question is its own wording and the labels of what it names. A turn is matched where enough of the question's telling
words (rare in the study's questions) are in it; what is not matched is a follow-up to the question before it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from postil_codebook.values import Codebook
from postil_study.text.values import GuideQuestion, Transcript, Turn

THRESHOLD = 0.16  # below that a likeness is chance
SKIPPED = 0.04  # for each question of the guide that is left out
BACK = 0.35  # for going back in the guide
LEARNED = 0.7  # how much an example counts beside the guide's own wording
SHORTEST = 3  # telling words of an example; "And then?" teaches nothing
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_ENDINGS = ("ational", "ations", "ation", "ability", "ingly", "ings", "ing", "ities", "ity", "ies", "ness", "ment",
            "able", "ed", "es", "ly", "s", "e", "y")  # fmt: skip
_GRAMMAR = """
a about after again all also am an and any are as at be because been before being but by can could did do does doing
don't for from get got had has have having he her here him his how i if in into is it it's its just know let's like me
more most much my no not now of off on one or other our out over please really said say see she so some such take tell
than that that's the their them then there these they thing things think this those to too up us very was way we well
were what when where which while who why will with would yes you your
"""
_COMMON = frozenset(_GRAMMAR.split())


@dataclass(frozen=True, slots=True)
class Match:
    """An interviewer's turn and the question it seems to ask; ``score`` is between 0 and 1."""

    turn: int
    question: str
    score: float


def stem(word: str) -> str:
    """The word without what grammar adds to it; rough, the same for both sides.

    >>> stem("models"), stem("looked"), stem("explainability"), stem("popularity")
    ('model', 'look', 'explain', 'popular')
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def telling(text: str) -> list[str]:
    """Stems of the words that say what a question is about.

    >>> telling("Did robustness play a part in it?")
    ['robust', 'play', 'part']
    """
    words = (word.casefold().replace("’", "'") for word in _WORD.findall(text))
    return [stem(word) for word in words if word not in _COMMON]


class Matcher:
    """The questions of a guide, ready to be recognised.

    Args:
        questions: the guide, in the order it is asked.
        codebook: for the labels of what questions name.
        asked: interviewers' turns of the study; what is said in many of them tells little.
        examples: turns that were confirmed for a question; from them the matcher learns how it is really asked.
    """

    def __init__(
        self,
        questions: Sequence[GuideQuestion],
        codebook: Codebook,
        asked: Iterable[str] = (),
        examples: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.order = [question.id for question in questions]
        self._wording = {question.id: _words(_text(question, codebook)) for question in questions}
        learned = {id_: map(_words, texts) for id_, texts in (examples or {}).items()}
        self._learned = {id_: [words for words in found if len(words) >= SHORTEST] for id_, found in learned.items()}
        documents = [*self._wording.values(), *map(_words, asked)]
        seen = Counter(word for words in documents for word in words)
        self._weight = {word: log((1 + len(documents)) / count) for word, count in seen.items()}
        self._rare = log(1 + len(documents))

    def scores(self, text: str) -> list[float]:
        """How much a turn sounds like each question, between 0 and 1."""
        said = _words(text)
        return [max(self._cosine(said, self._wording[id_]), self._like_examples(said, id_)) for id_ in self.order]

    def _like_examples(self, said: frozenset[str], question: str) -> float:
        return LEARNED * max((self._cosine(said, words) for words in self._learned.get(question, ())), default=0.0)

    def _cosine(self, said: frozenset[str], words: frozenset[str]) -> float:
        common = self._length(said & words)
        return common / sqrt(self._length(said) * self._length(words)) if common else 0.0

    def _length(self, words: Iterable[str]) -> float:
        return sum(self._weight.get(word, self._rare) ** 2 for word in words)

    def matches(self, transcript: Transcript) -> list[Match]:
        """The interviewer's turns in which a new question of the guide is recognised.

        The whole interview is looked at together: the best path through the guide, on which going back costs.
        """
        turns = [t for t in transcript.turns[:-1] if transcript.speaker(t).role == "interviewer"]
        scores = [self.scores(transcript.text[turn.start : turn.end]) for turn in turns]
        path = _best_path(scores, len(self.order))
        found: list[Match] = []
        for turn, question, row in zip(turns, path, scores, strict=True):
            if question is not None:
                found.append(Match(turn.index, self.order[question], round(min(row[question], 1.0), 3)))
        return found


def _best_path(scores: Sequence[Sequence[float]], questions: int) -> list[int | None]:
    """For each turn the question it starts, or None where it only follows up."""
    best: dict[int, tuple[float, list[int | None]]] = {-1: (0.0, [])}
    for row in scores:
        step = {here: (gain, [*path, None]) for here, (gain, path) in best.items()}
        for question in range(questions):
            if row[question] <= 0:
                continue
            for here, (gain, path) in best.items():
                if here == question:
                    continue
                total = gain + row[question] - _cost(here, question)
                if question not in step or total > step[question][0]:
                    step[question] = (total, [*path, question])
        best = step
    return max(best.values(), key=lambda found: found[0])[1]


def _cost(here: int, question: int) -> float:
    """What it takes to believe in a question after another: more when the guide would have to be left."""
    if question > here:
        return THRESHOLD + SKIPPED * (question - here - 1)
    return THRESHOLD + BACK


def _words(text: str) -> frozenset[str]:
    return frozenset(telling(text))


def _text(question: GuideQuestion, codebook: Codebook) -> str:
    return f"{question.ask} {question.id.replace('_', ' ').replace('-', ' ')} {_names(question, codebook)}"


def _names(question: GuideQuestion, codebook: Codebook) -> str:
    """What the question names, in words: the codes' labels, else their ids."""
    found: list[str] = []
    for name in question.names:
        code = codebook.codes.get(codebook.resolve(name) or "")
        found.append(f"{code.label if code else ''} {name.replace('-', ' ').replace('_', ' ').replace('/', ' ')}")
    return " ".join(found)


def answer_after(transcript: Transcript, turn: int, until: int | None = None) -> tuple[int, int] | None:
    """The passage that answers an interviewer's turn: from the next answer to the last one before turn ``until``."""
    end = len(transcript.turns) if until is None else until
    answers: list[Turn] = [
        one
        for one in transcript.turns[turn + 1 : end]
        if transcript.speaker(one).role == "participant" and one.end > one.start
    ]
    return (answers[0].start, answers[-1].end) if answers else None


def question_turn(transcript: Transcript, start: int) -> int | None:
    """The index of the interviewer's turn that a passage starting at ``start`` answers; None if nobody asked."""
    here = transcript.turn_at(start)
    before = transcript.turns[: here.index if here else 0]
    return next((turn.index for turn in reversed(before) if transcript.speaker(turn).role == "interviewer"), None)
