"""Where what was stored and a plain reading of the source differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import PurePath
from typing import NamedTuple

from postil_formats.texts.recognised import ReadOptions, Recognised
from postil_formats.texts.second_reading.accounts import NO_TURN, Account, Pool, account_of, stored_alone
from postil_formats.texts.second_reading.inside import like_labels
from postil_formats.texts.second_reading.plain import Part, plain_parts
from postil_formats.texts.second_reading.words import Gap, gaps, words_of
from postil_study.text.turns import clean_label

_SHIFT = 40  # words by which a missing stretch may slide along words that repeat
_QUOTED = 12  # words of a stretch that a message quotes
_SHOWN = 5  # differences of a kind that are quoted


class Differences(NamedTuple):
    """What the second reading found, as sentences; all empty is how it should be."""

    missing: tuple[str, ...] = ()  # words of the source that are neither stored nor listed as taken off
    added: tuple[str, ...] = ()  # stored words that the source does not have
    speakers: tuple[str, ...] = ()  # words stored under somebody else than the source names
    labels: tuple[str, ...] = ()  # what looks like a label or a clock inside a turn

    @property
    def all(self) -> tuple[str, ...]:
        """Every sentence."""
        return (*self.missing, *self.added, *self.speakers, *self.labels)


class _Source(NamedTuple):
    words: list[str]
    speakers: list[str]  # of each word, as the source names them; empty where it names none


def compare(data: bytes, name: str, recognised: Recognised, options: ReadOptions) -> Differences:
    """Compare what was recognised in a file with a plain reading of it; a format without one has label lines only."""
    labels = like_labels(recognised.turns)
    try:
        parts = plain_parts(data, PurePath(name).suffix.lower(), name, options)
    except (Exception, RecursionError) as error:  # libraries let every kind of error through on damaged files
        unread = f"the file could not be read a second time ({str(error)[:200] or type(error).__name__})"
        return Differences((unread,), labels=labels)
    if parts is None:
        return Differences(labels=labels)
    source, account = _flat(parts), account_of(recognised)
    if source.words == account.words and not any(source.speakers):
        return Differences(labels=labels)
    first = _compared(source, account, recognised)
    if not first.all:
        return Differences(labels=labels)
    # a remark that stood elsewhere than the importer lists it can pull words out of their place
    second = _compared(source, stored_alone(recognised), recognised)
    return min(first, second, key=lambda found: len(found.all))._replace(labels=labels)


def _compared(source: _Source, account: Account, recognised: Recognised) -> Differences:
    found = list(gaps(source.words, account.words))
    missing = list(_unexplained(found, source.words, account))
    return Differences(
        tuple(_told_missing(missing, source.words)),
        tuple(_told_added(found, source.words, account)),
        tuple(_wrong_speakers(found, source, account, recognised)),
    )


def _flat(parts: Sequence[Part]) -> _Source:
    words: list[str] = []
    speakers: list[str] = []
    for part in parts:
        more = words_of(part.text)
        words += more
        speakers += [part.speaker] * len(more)
    return _Source(words, speakers)


def _unexplained(found: Sequence[Gap], words: Sequence[str], account: Account) -> Iterator[tuple[int, int]]:
    """Stretches of the source that are missing, without those that were taken off somewhere else than was thought."""
    unplaced = [n for gap in found for n in range(gap.other_start, gap.other_end) if account.owners[n] != NO_TURN]
    pieces = [[account.words[n] for n in some] for _, some in groupby(unplaced, lambda n: account.owners[n])]
    pool = Pool([*pieces, *account.elsewhere])
    for gap in found:
        if gap.end > gap.start and not any(pool.take(words[a:b]) for a, b in _slid(gap, words)):
            yield gap.start, gap.end


def _slid(gap: Gap, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """A missing stretch, and where else it can lie: "a b [a b] c" is "[a b] a b c" as well."""
    yield gap.start, gap.end
    for step in (-1, 1):
        start, end = gap.start, gap.end
        for _ in range(_SHIFT):
            one, other = (start - 1, end - 1) if step < 0 else (start, end)
            if one < 0 or other >= len(words) or words[one] != words[other]:
                break
            start, end = start + step, end + step
            yield start, end


def _quote(words: Sequence[str]) -> str:
    return f"“{' '.join(words[:_QUOTED])}{' …' if len(words) > _QUOTED else ''}”"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _told_missing(missing: Sequence[tuple[int, int]], words: Sequence[str]) -> Iterator[str]:
    for start, end in missing[:_SHOWN]:
        before = f" (after {_quote(words[max(0, start - 5) : start])})" if start else ""
        yield f"{_count(end - start, 'word')} of the file not stored: {_quote(words[start:end])}{before}"
    if len(missing) > _SHOWN:
        rest = sum(end - start for start, end in missing[_SHOWN:])
        yield f"{_count(rest, 'more word')} of the file not stored, at {_count(len(missing) - _SHOWN, 'place')}"


def _told_added(found: Sequence[Gap], words: Sequence[str], account: Account) -> Iterator[str]:
    added = [[n for n in range(g.other_start, g.other_end) if account.turns[n] != NO_TURN] for g in found]
    added = [some for some in added if some]
    for some in added[:_SHOWN]:
        quoted = _quote([account.words[n] for n in some])
        yield f"{_count(len(some), 'word')} in turn {account.turns[some[0]] + 1} not found in the file there: {quoted}"
    if len(added) > _SHOWN:
        rest = sum(map(len, added[_SHOWN:]))
        yield f"{_count(rest, 'more stored word')} not found in the file, at {_count(len(added) - _SHOWN, 'place')}"


def _wrong_speakers(found: Sequence[Gap], source: _Source, account: Account, recognised: Recognised) -> Iterator[str]:
    """Equal words whose speaker the source names otherwise."""
    if not any(source.speakers):
        return
    labels = [_folded(turn.label) for turn in recognised.turns]
    wrong: dict[tuple[int, str], list[str]] = {}
    for i, j in _pairs(found, len(source.words)):
        speaker, turn = source.speakers[i], account.turns[j]
        if speaker and turn != NO_TURN and _folded(speaker) != labels[turn]:
            wrong.setdefault((turn, speaker), []).append(source.words[i])
    for (turn, speaker), words in list(wrong.items())[:_SHOWN]:
        label = recognised.turns[turn].label
        yield f"turn {turn + 1} of {label or 'nobody'}: {_quote(words)} is {speaker}'s in the file"
    if len(wrong) > _SHOWN:
        yield f"{_count(len(wrong) - _SHOWN, 'more turn')} with words that are somebody else's in the file"


def _folded(label: str) -> str:
    return clean_label(label).casefold()


def _pairs(found: Sequence[Gap], size: int) -> Iterator[tuple[int, int]]:
    """Places of equal words in both sequences."""
    i = j = 0
    for gap in [*found, Gap(size, size, 0, 0)]:
        while i < gap.start:
            yield i, j
            i, j = i + 1, j + 1
        i, j = gap.end, gap.other_end
