"""Who coded what when: day by day from the layers themselves, and commit by commit from git."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from postil_study.git.changes import StudyDifferences
from postil_study.git.layer_words import WordedChange
from postil_study.git.repo import Commit, Repo
from postil_study.layers.values import records
from postil_study.study import Study

_WORDS = {
    "coded": "coded",
    "recoded": "changed",
    "removed": "removed",
    "related": "relations",
    "text": "all brought onto a corrected text",
}
_MANY = 6  # things of one kind that are told one by one
_NEW = " is new"


@dataclass(frozen=True, slots=True)
class Day:
    """How many records of one layer were last edited on one day."""

    date: str
    coder: str
    transcript: str
    records: int


def days(study: Study) -> list[Day]:
    """What the layers say themselves, newest day first."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for layer in study.layers():
        for record in records(layer):
            if record.at:
                counts[record.at[:10], layer.header.coder, layer.header.transcript] += 1
    found = sorted(counts.items(), key=lambda item: item[0][1:])
    found.sort(key=lambda item: item[0][0], reverse=True)
    return [Day(*where, count) for where, count in found]


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One commit with what it changed in the study."""

    commit: Commit
    changes: tuple[WordedChange, ...]

    def summary(self) -> list[str]:
        """One line a coder and transcript, then the codebook and the rest."""
        counts: dict[tuple[str, str], Counter[str]] = {}
        done: dict[tuple[str, str], str] = {}
        for change in self.changes:
            if change.kind == "done":
                done[change.who, change.transcript] = change.said
            if change.who:
                counts.setdefault((change.who, change.transcript), Counter())[_WORDS.get(change.kind, "")] += 1
        lines = []
        for (who, transcript), found in counts.items():
            said = [_counted(count, word) for word, count in found.items() if word]
            last = [done[who, transcript]] if (who, transcript) in done else []
            lines.append(f"{who} in {transcript}: {', '.join([*said, *last])}")
        return [*lines, *self._rest()]

    def _rest(self) -> list[str]:
        """Codebook and files; many new ones of a kind, as in a first commit, are counted."""
        rest = [change for change in self.changes if not change.who]
        new = Counter(change.kind for change in rest if _NEW in change.said)
        lines = [change.said for change in rest if _NEW not in change.said or new[change.kind] <= _MANY]
        return [*lines, *(f"{count} {_PLURAL[kind]} are new" for kind, count in new.items() if count > _MANY)]


_PLURAL = {"code": "codes", "text": "transcripts", "settings": "settings", "file": "files"}


def _counted(count: int, word: str) -> str:
    if word == _WORDS["text"]:
        return word
    return f"{count} relation" if (count, word) == (1, "relations") else f"{count} {word}"


def entries(repo: Repo, limit: int, since: str = "", coder: str = "", transcript: str = "") -> Iterator[LogEntry]:
    """Commits that changed the study, newest first; of a merge nothing is told, its sides have their own commits."""
    paths = [f":(glob)codings/{coder or '*'}/{transcript or '*'}.jsonl"] if coder or transcript else ["."]
    for commit in repo.commits(paths, limit, since):
        changes = () if commit.merge else StudyDifferences(repo, commit.parent or None, commit.id)
        wanted = tuple(
            change
            for change in changes
            if (not coder or change.who == coder) and (not transcript or change.transcript == transcript)
        )
        yield LogEntry(commit, wanted)
