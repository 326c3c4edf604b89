"""What an importer says it did with a source, as one sequence of words: stored ones and those it took off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from postil_formats.texts.recognised import Recognised, TakenOff
from postil_formats.texts.second_reading.words import words_of

NO_TURN = -1


@dataclass(slots=True)
class Account:
    """Words in the order the importer says they had; ``turns`` has the turn of a stored word, else `NO_TURN`."""

    words: list[str] = field(default_factory=list)
    turns: list[int] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)  # the number of what was taken off; `NO_TURN` for stored words
    elsewhere: list[list[str]] = field(default_factory=list)  # taken off, at a place the importer does not say

    def stored(self, text: str, turn: int) -> None:
        """Add words of a turn."""
        self._add(words_of(text), turn, NO_TURN)

    def taken(self, text: str, number: int) -> None:
        """Add words that were taken off here."""
        self._add(words_of(text), NO_TURN, number)

    def _add(self, words: Sequence[str], turn: int, owner: int) -> None:
        self.words += words
        self.turns += [turn] * len(words)
        self.owners += [owner] * len(words)


def stored_alone(recognised: Recognised) -> Account:
    """The words of the turns; all that was taken off is looked for wherever words are missing."""
    account = Account()
    for number, turn in enumerate(recognised.turns):
        account.stored(turn.text, number)
    titles = (line for section in recognised.sections for line in (section.title, *section.script))
    taken = (item.text for item in recognised.taken)
    lines = (*recognised.header, *titles, *taken, *recognised.footer, *_notes(recognised), *recognised.unanswered)
    account.elsewhere = [words_of(line) for line in lines]
    return account


def account_of(recognised: Recognised) -> Account:
    """Header, sections, what was taken off, turns and footer, in their order."""
    account = Account()
    numbers = iter(range(10**9))
    for line in recognised.header:
        account.taken(line, next(numbers))
    placed: dict[int, list[TakenOff]] = defaultdict(list)
    for item in recognised.taken:
        if item.turn is None:
            account.elsewhere.append(words_of(item.text))
        else:
            placed[item.turn].append(item)
    titles: dict[int, list[str]] = defaultdict(list)
    for section in recognised.sections:
        titles[section.turn] += (section.title, *section.script)
    for number, turn in enumerate(recognised.turns):
        for title in titles.get(number, ()):
            account.taken(title, next(numbers))
        _turn(account, number, turn.text, placed.get(number, ()), numbers)
    after = len(recognised.turns)
    behind = [item.text for turn in sorted(placed) if turn >= after for item in placed[turn]]
    for line in (*behind, *titles.get(after, ()), *recognised.footer):
        account.taken(line, next(numbers))
    account.elsewhere += [words_of(text) for text in (*_notes(recognised), *recognised.unanswered)]
    return account


def _notes(recognised: Recognised) -> Iterable[str]:
    return (note.text for note in recognised.notes)


def _turn(account: Account, number: int, text: str, items: Sequence[TakenOff], numbers: Iterator[int]) -> None:
    """A turn's words, with what was taken off between them where it stood."""
    done = 0
    for item in sorted(items, key=lambda item: item.offset):
        account.stored(text[done : item.offset], number)
        account.taken(item.text, next(numbers))
        done = max(done, item.offset)
    account.stored(text[done:], number)


class Pool:
    """Words taken off that are still to be found in the source; each explains one missing stretch, once."""

    def __init__(self, items: Iterable[Sequence[str]]) -> None:
        self._items: list[list[str]] = []
        self._places: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for item in items:
            self._put(item)

    def _put(self, item: Sequence[str]) -> None:
        if item:
            self._items.append(list(item))
            for offset, word in enumerate(item):
                self._places[word].add((len(self._items) - 1, offset))

    def take(self, missing: Sequence[str]) -> bool:
        """Explain a stretch as pieces of what was taken off, and use these up; False, and nothing used, if it fails."""
        used: set[tuple[int, int]] = set()
        at = 0
        while at < len(missing):
            item, offset, size = self._longest(missing, at, used)
            if not size:
                return False
            used.update((item, place) for place in range(offset, offset + size))
            at += size
        for item, place in used:
            self._places[self._items[item][place]].discard((item, place))
        return True

    def _longest(self, missing: Sequence[str], at: int, used: set[tuple[int, int]]) -> tuple[int, int, int]:
        """The item, offset and length of the longest free piece with which the rest of a stretch begins."""
        best = (0, 0, 0)
        for item, offset in self._places.get(missing[at], ()):
            words = self._items[item]
            limit = min(len(missing) - at, len(words) - offset)
            size = 0
            while size < limit and words[offset + size] == missing[at + size]:
                place = (item, offset + size)
                if place in used or place not in self._places[words[offset + size]]:
                    break
                size += 1
            if size > best[2] or (size == best[2] and size and (item, offset) < best[:2]):
                best = (item, offset, size)
        return best
