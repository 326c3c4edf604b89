"""Who coded what when: day by day from the layers themselves, and commit by commit from git."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from postil_transcripts.git.changes import Differences
from postil_transcripts.git.layer_words import Change
from postil_transcripts.git.repo import Commit, Repo
from postil_transcripts.layers import records
from postil_transcripts.study import Study

_WORDS = {
    "coded": "coded",
    "recoded": "changed",
    "removed": "removed",
    "related": "relations",
    "done": "finished or opened",
    "text": "brought onto a corrected text",
}


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
class Entry:
    """One commit with what it changed in the study."""

    commit: Commit
    changes: tuple[Change, ...]

    def summary(self) -> list[str]:
        """One line a coder and transcript, then the codebook and the rest."""
        counts: dict[tuple[str, str], Counter[str]] = {}
        for change in self.changes:
            if change.who:
                counts.setdefault((change.who, change.transcript), Counter())[_WORDS[change.kind]] += 1
        lines = [
            f"{who} in {transcript}: {', '.join(f'{count} {word}' for word, count in found.items())}"
            for (who, transcript), found in counts.items()
        ]
        return [*lines, *(change.said for change in self.changes if not change.who)]


def entries(repo: Repo, limit: int, since: str = "", coder: str = "", transcript: str = "") -> Iterator[Entry]:
    """Commits that changed the study, newest first; of a merge nothing is told, its sides have their own commits."""
    paths = [f":(glob)codings/{coder or '*'}/{transcript or '*'}.jsonl"] if coder or transcript else ["."]
    for commit in repo.commits(paths, limit, since):
        changes = () if commit.merge else Differences(repo, commit.parent or None, commit.id)
        wanted = tuple(
            change
            for change in changes
            if (not coder or change.who == coder) and (not transcript or change.transcript == transcript)
        )
        yield Entry(commit, wanted)
