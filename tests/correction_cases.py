"""Corrected transcripts with a known truth: every character of the old text is followed through the edits.

A case is an interview, segments in it, and the edits a person makes afterwards. Where a segment's words are in the new
text is not looked for but known, because each letter keeps the number of the place it came from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

Span = tuple[int, int]

_SAYINGS = (
    "Yes.", "Mhm.", "Right, exactly.", "I don't know.", "You know, it depends.", "That's a good question.",
    "And then we just tried it.", "It was fine.", "We looked at the downloads first.", "No, not really.",
)  # fmt: skip
_WORDS = (  # noqa: SIM905  a word a line would be no help to read
    "we the model a and then it was really trained on data weights licence paper because nobody knew how large team "
    "our first second looked downloaded checked reused café naïve benchmark numbers issue stars pipeline Über people"
).split()
_NAMES = ("Miriam", "Jonas", "Acme Robotics", "Lisbon", "Dr Vale")


@dataclass
class Edited:
    """A text under correction: letters, and where in the old text each came from (-1: new)."""

    letters: list[str]
    origins: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, text: str) -> Edited:
        """The text before the first edit."""
        return cls(list(text), list(range(len(text))))

    @property
    def text(self) -> str:
        """The text as it is now."""
        return "".join(self.letters)

    def put(self, start: int, end: int, new: str) -> None:
        """Replace letters by new ones; those that are the same at either end stay what they are."""
        while start < end and new and self.letters[start] == new[0]:
            start, new = start + 1, new[1:]
        while start < end and new and self.letters[end - 1] == new[-1]:
            end, new = end - 1, new[:-1]
        self.letters[start:end] = new
        self.origins[start:end] = [-1] * len(new)


@dataclass(frozen=True)
class Truth:
    """What became of a segment's words.

    ``span`` from the first to the last of its letters, ``outer`` with what was put in beside them in the same line,
    ``kept`` of its letters are there, ``whole`` if all are and nothing is between them.
    """

    span: Span | None
    outer: Span | None
    whole: bool
    kept: float

    def is_at(self, place: Span | None) -> bool:
        """Whether a place is the right one: to the letter, or nearly so where letters were changed."""
        if place is None or self.span is None or self.outer is None:
            return False
        if self.whole:
            return place == self.span
        return max(_overlap(place, self.span), _overlap(place, self.outer)) > 0.8


@dataclass(frozen=True)
class Case:
    """One interview, its segments, and the interview after the edits."""

    old: str
    new: str
    spans: tuple[Span, ...]
    truths: tuple[Truth, ...]
    edits: tuple[str, ...]


def make_case(rng: Random, old: str = "") -> Case:
    """A case by chance; about a given text, or about one made up."""
    old = old or interview(rng)
    spans = tuple(_segment(rng, old) for _ in range(rng.choice((3, 6, 12, 40))))
    edited = Edited.of(old)
    edits = []
    for _ in range(rng.randint(1, 8)):
        edit = rng.choice(EDITS)
        edits.append(edit.__name__)
        edit(rng, edited)
    return Case(old, edited.text, spans, truths_of(edited, spans), tuple(edits))


def truths_of(edited: Edited, spans: Sequence[Span]) -> tuple[Truth, ...]:
    """Where the letters of each span are now."""
    now = {origin: place for place, origin in enumerate(edited.origins) if origin >= 0}
    return tuple(_truth(edited, now, span) for span in spans)


def _truth(edited: Edited, now: dict[int, int], span: Span) -> Truth:
    places = [now[at] for at in range(*span) if at in now]
    if not places:
        return Truth(None, None, False, 0.0)
    start, end = min(places), max(places) + 1
    size = span[1] - span[0]
    whole = len(places) == size == end - start
    return Truth((start, end), _with_new(edited, (start, end)), whole, len(places) / size)


def _with_new(edited: Edited, span: Span) -> Span:
    start, end = span
    while start and edited.origins[start - 1] < 0 and edited.letters[start - 1] != "\n":
        start -= 1
    while end < len(edited.letters) and edited.origins[end] < 0 and edited.letters[end] != "\n":
        end += 1
    return start, end


def _overlap(one: Span, other: Span) -> float:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared / (max(one[1], other[1]) - min(one[0], other[0]))


def interview(rng: Random) -> str:
    """Question and answer; people repeat themselves, within a turn and from turn to turn."""
    turns = []
    for number in range(rng.randint(4, 24)):
        label = "E01" if number % 2 else "Interviewer"
        paragraphs = ["\n".join(_paragraph(rng) for _ in range(rng.choice((1, 1, 1, 2))))]
        turns.append(f"{label}:\n" + "\n".join(paragraphs) + "\n")
    return "\n".join(turns)


def _paragraph(rng: Random) -> str:
    return " ".join(_sentence(rng) for _ in range(rng.randint(1, 6)))


def _sentence(rng: Random) -> str:
    if rng.random() < 0.35:
        return rng.choice(_SAYINGS)
    words = rng.choices(_WORDS, k=rng.randint(3, 16))
    if rng.random() < 0.2:
        words.insert(rng.randrange(len(words)), rng.choice(_NAMES))
    return " ".join(words).capitalize() + rng.choice((".", ".", "?", " …", ","))


def _segment(rng: Random, text: str) -> Span:
    """What a coder marks: from a word on, some words long, sometimes over the end of a turn, never to a bare label."""
    while True:
        start = rng.randrange(len(text))
        while start and text[start - 1].isalnum():
            start -= 1
        wanted = rng.choice((4, 12, 30, 60, 60, 120, 120, 300))
        end = min(len(text), start + wanted)
        while end < len(text) and text[end].isalnum():
            end += 1
        line = text[text.rfind("\n", 0, end) + 1 : end].rstrip(":\n")
        if line and f"\n{line}:\n" in f"\n{text}":
            end -= len(line) + 1
        passage = text[start:end]
        start += len(passage) - len(passage.lstrip())
        end -= len(passage) - len(passage.rstrip())
        if end - start > 2:
            return start, end


# --- what people do to a transcript ----------------------------------------------------------------------------------


def _word(rng: Random, edited: Edited) -> Span:
    """A word somewhere."""
    text = edited.text
    at = rng.randrange(len(text))
    while at < len(text) and not text[at].isalnum():
        at += 1
    start = end = min(at, len(text) - 1)
    while start and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return start, end


def typos_mended(rng: Random, edited: Edited) -> None:
    """A few letters swapped, added, left out, or another."""
    for _ in range(rng.randint(1, 6)):
        start, end = _word(rng, edited)
        at = rng.randrange(start, max(end, start + 1))
        kind = rng.randrange(4)
        if kind == 0:
            edited.put(at, at + 1, rng.choice("abcdefghijklmnop"))
        elif kind == 1:
            edited.put(at, at, rng.choice("abcdefghijklmnop"))
        elif kind == 2 and end - start > 2:
            edited.put(at, at + 1, "")
        elif at + 1 < end:
            edited.put(at, at + 2, edited.letters[at + 1] + edited.letters[at])


def words_removed(rng: Random, edited: Edited) -> None:
    """Some words in a row."""
    start, end = _word(rng, edited)
    for _ in range(rng.randint(0, 12)):
        while end < len(edited.letters) and edited.letters[end] != " " and edited.letters[end] != "\n":
            end += 1
        if end < len(edited.letters) and edited.letters[end] == " ":
            end += 1
    edited.put(start, end, "")


def words_put_in(rng: Random, edited: Edited) -> None:
    """What was not heard the first time, or a repetition."""
    start, _ = _word(rng, edited)
    edited.put(start, start, rng.choice(("[laughs] ", "you know, ", _sentence(rng) + " ", "really ")))


def paragraph_put_in(rng: Random, edited: Edited) -> None:
    """A turn or paragraph between others; sometimes one that stands elsewhere already."""
    text = edited.text
    breaks = [at + 1 for at, letter in enumerate(text) if letter == "\n"] or [len(text)]
    copied = text[(start := rng.choice([0, *breaks])) : start + rng.randint(20, 200)].split("\n\n")[0].strip()
    new = rng.choice((_paragraph(rng), f"Interviewer:\n{_paragraph(rng)}\n", copied or "Yes."))
    at = rng.choice(breaks)
    edited.put(at, at, new + "\n")


def speakers_relabelled(rng: Random, edited: Edited) -> None:
    """One speaker is called otherwise throughout."""
    old = rng.choice(_labels(edited))
    new = rng.choice(("P7", "Researcher (second)", "I", "Participant 01"))
    _everywhere(edited, f"{old}:\n", f"{new}:\n")


def one_turn_relabelled(rng: Random, edited: Edited) -> None:
    """The transcriber had mistaken who spoke."""
    one, other = rng.choices(_labels(edited), k=2)
    places = [found.start() for found in re.finditer(f"^{re.escape(one)}:$", edited.text, re.MULTILINE)]
    at = rng.choice(places)
    edited.put(at, at + len(one), other)


def _labels(edited: Edited) -> list[str]:
    return sorted(set(re.findall(r"^(\S.{0,30}):$", edited.text, re.MULTILINE)))


def pseudonyms_put_in(rng: Random, edited: Edited) -> None:
    """A name gets another one throughout."""
    names = sorted(set(re.findall(r"(?<=[a-z,] )[A-Z]\w{3,}", edited.text))) or [_NAMES[0]]
    _everywhere(
        edited, rng.choice((*_NAMES, rng.choice(names))), rng.choice(("[name]", "P", "[a company in robotics]"))
    )


def paragraph_removed(rng: Random, edited: Edited) -> None:
    """Off the record, so it goes."""
    start, _ = _word(rng, edited)
    text = edited.text
    begin = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", start)
    if stop - begin < len(text) // 2:
        edited.put(begin, stop + 1, "")


def marks_changed(rng: Random, edited: Edited) -> None:
    """Straight quotation marks, dashes, three dots for one."""
    old, new = rng.choice(((" …", "..."), ("'", "’"), ("?", "."), (",", " –")))
    _everywhere(edited, old, new)


def turn_split(rng: Random, edited: Edited) -> None:
    """Two people spoke where one was noted."""
    _, end = _word(rng, edited)
    edited.put(end, end, "\n\nInterviewer:\nMhm.\n\nE01:\n")


def _everywhere(edited: Edited, old: str, new: str) -> None:
    at = edited.text.find(old)
    while at >= 0:
        edited.put(at, at + len(old), new)
        at = edited.text.find(old, at + len(new))


EDITS: tuple[Callable[[Random, Edited], None], ...] = (
    typos_mended,
    typos_mended,
    words_removed,
    words_put_in,
    paragraph_put_in,
    speakers_relabelled,
    one_turn_relabelled,
    pseudonyms_put_in,
    paragraph_removed,
    marks_changed,
    turn_split,
)
