"""The steps of the tutorial: what to do, and how one sees that it was done. No screen in here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from postil_tui.shell.actions import Context, KeyMap
from postil_tui.text.pieces import Piece

_KEY = re.compile(r"\{(\w+)(?::(\w+))?\}")


@dataclass(frozen=True)
class Seen:
    """What can be seen of the app at one moment."""

    place: str = ""
    turn: int = 0
    selected: int = 0  # characters
    coded: int = 0  # characters, those with two codes twice
    memos: int = 0
    relations: int = 0
    asking: bool = False
    found: int = 0  # quotes on the screen of quotes
    drawn: bool = False  # the model
    on_arrow: bool = False


Done = Callable[[Seen, Seen], bool]  # before the step, and now


@dataclass(frozen=True)
class TutorialStep:
    """One thing to do. In ``text``, ``{action}`` is an action's key, ``{context:action}`` one of another screen."""

    id: str
    title: str
    text: str
    done: Done
    context: Context = "code"


def _never(before: Seen, now: Seen) -> bool:
    return False


STEPS: tuple[TutorialStep, ...] = (
    TutorialStep(
        "read",
        "Reading",
        "An interview: who speaks at the left, the words, and a margin for your notes. {turn_on} goes to the next "
        "turn, {turn_back} back; {line_down} and {line_up} or the arrows go line by line. Go to what E01 says.",
        lambda before, now: now.turn >= max(before.turn + 1, 3),
    ),
    TutorialStep(
        "select",
        "Selecting",
        "{select_sentence} selects the sentence under the cursor, {select_sentence} again adds the next one, "
        "{select_turn} takes the whole turn. Select a sentence.",
        lambda before, now: now.selected > 0,
    ),
    TutorialStep(
        "code",
        "Coding",
        "{pick} opens the codes. Type a few letters, pop for popularity, and ⏎ puts the code on the words. "
        "It is on disk at once.",
        lambda before, now: now.coded > before.coded,
    ),
    TutorialStep(
        "again",
        "The same again",
        "{sentence_on} goes to the next sentence, and {again} puts the last code on it: nothing has to be selected "
        "first. The digits do the same for the codes in the row below the text.",
        lambda before, now: now.coded > before.coded,
    ),
    TutorialStep(
        "undo",
        "Undo",
        "{undo} takes the last thing back, and {redo} does it again. Take the second coding back.",
        lambda before, now: now.coded < before.coded,
    ),
    TutorialStep(
        "memo",
        "A memo",
        "{segment_back} goes to the words you coded. {memo} opens a memo on them: write why they matter; "
        "ctrl+s keeps it.",
        lambda before, now: now.memos > before.memos,
    ),
    TutorialStep(
        "relation",
        "A relation",
        "Decisions hang together. Code one more sentence: {sentence_on} {pick} eval ⏎. Then {relate} begins a relation "
        "there, {segment_back} goes to the first segment, ⏎ takes it, and b says: goes back to.",
        lambda before, now: now.relations > before.relations,
    ),
    TutorialStep(
        "cue",
        "The words that say so",
        "Did the speaker say it, or is it you who sees it? Move to the words that say so, {free} and {word_on} select "
        "them, ⏎ makes the relation stated. ⏎ without words leaves it inferred, and esc leaves it as it is.",
        lambda before, now: not now.asking,
    ),
    TutorialStep(
        "quotes",
        "Finding quotes",
        "Two coders have coded these interviews before you. {quotes} shows what lies under the code you are at; "
        "{quotes} there chooses another one, {search:edit_query} asks more: find-ptm AND popularity.",
        lambda before, now: now.place == "search" and now.found > 0,
    ),
    TutorialStep(
        "model",
        "The decision model",
        "{model} draws what all of it adds up to: steps, choices and what influences them, with k of n participants.",
        lambda before, now: now.place == "model" and now.drawn,
    ),
    TutorialStep(
        "walk",
        "Walking through it",
        "The arrow keys go from a box onto an arrow, and on to the next box; {next_node} takes the next box. "
        "Stand on an arrow.",
        lambda before, now: now.on_arrow,
        "model",
    ),
    TutorialStep(
        "behind",
        "What is behind it",
        "{open_quotes} opens the quotes behind box or arrow: who says it, what was asked, and the words that say so.",
        lambda before, now: now.place == "evidence",
        "model",
    ),
    TutorialStep(
        "there",
        "Back to the words",
        "{jump_to} goes to the very place in the transcript. That is the promise: every number leads to words "
        "somebody said.",
        lambda before, now: now.place == "code",
        "evidence",
    ),
    TutorialStep(
        "end",
        "That was it",
        "{help} shows the keys of where you are, {commands} finds everything by name. {quit} leaves; nothing of this "
        "is kept. Your own study begins with postil new and postil import.",
        _never,
    ),
)


@dataclass
class Course:
    """Where one is in the tutorial."""

    steps: tuple[TutorialStep, ...] = STEPS
    at: int = 0
    before: Seen = field(default_factory=Seen)

    @property
    def step(self) -> TutorialStep:
        """The step to do."""
        return self.steps[self.at]

    def look(self, now: Seen) -> bool:
        """Go on if the step was done; tells whether it was."""
        if not self.step.done(self.before, now):
            return False
        self.go_on(now)
        return True

    def go_on(self, now: Seen) -> None:
        """The next step, whether this one was done or not."""
        self.at = min(self.at + 1, len(self.steps) - 1)
        self.before = now


def worded(step: TutorialStep, own: Mapping[str, Iterable[str]]) -> list[Piece]:
    """The text of a step with the keys as this person has them."""
    pieces: list[Piece] = []
    at = 0
    for match in _KEY.finditer(step.text):
        pieces.append((step.text[at : match.start()], ""))
        pieces.append((_key(match, step.context, own), "key"))
        at = match.end()
    return [*pieces, (step.text[at:], "")]


def _key(match: re.Match[str], context: Context, own: Mapping[str, Iterable[str]]) -> str:
    first, second = match.groups()
    keys = KeyMap(first if second else context, own)  # type: ignore[arg-type]
    return keys.key(second or first) or "?"
