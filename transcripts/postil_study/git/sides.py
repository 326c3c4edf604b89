"""The sides of a merge that went line by line: from git's index, from conflict markers, from the merge's parents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from postil_study.git.repo import Repo

MARKERS = re.compile(rb"^<{7} .*\n", re.MULTILINE)
_CONFLICT = re.compile(
    rb"^<{7}[^\n]*\n(?P<mine>.*?)(?:^\|{7}[^\n]*\n(?P<base>.*?))?^={7}[^\n]*\n(?P<theirs>.*?)^>{7}[^\n]*(?:\n|\Z)",
    re.MULTILINE | re.DOTALL,
)
_MERGES = 20  # the last ones that are looked at


@dataclass(frozen=True, slots=True)
class MergeSides:
    """What both sides came from, ours and theirs."""

    base: bytes
    mine: bytes
    theirs: bytes


def has_markers(data: bytes) -> bool:
    """Whether git's conflict markers stand in a file."""
    return MARKERS.search(data) is not None


def sides_of(repo: Repo, path: str, data: bytes) -> MergeSides | None:
    """The sides of the merge that left a file as it is; None if it cannot be told."""
    if repo.is_there:
        if path in repo.unmerged():
            return MergeSides(repo.stage(path, 1), repo.stage(path, 2), repo.stage(path, 3))
        for found in _parents(repo, path, data):
            return found
    return from_markers(data) if has_markers(data) else None


def _parents(repo: Repo, path: str, data: bytes) -> Iterator[MergeSides]:
    """The sides of a recent merge commit whose result is what is there now."""
    lines = repo.attempt("log", "--merges", "-n", str(_MERGES), "--format=%H %P", "HEAD").stdout.decode("ascii")
    for commit, *parents in (line.split() for line in lines.splitlines()):
        if len(parents) == 2 and repo.show(commit, path) == data:
            base = repo.attempt("merge-base", *parents).stdout.decode("ascii").strip()
            sides = [repo.show(revision, path) or b"" for revision in (base, *parents) if revision]
            if len(sides) == 3:
                yield MergeSides(*sides)


def hunks(data: bytes) -> list[tuple[str, str]]:
    """What both sides want at each place that is marked as a conflict."""
    pairs = ((found["mine"], found["theirs"]) for found in _CONFLICT.finditer(data))
    return [
        (mine.decode("utf-8", "replace").strip(), theirs.decode("utf-8", "replace").strip()) for mine, theirs in pairs
    ]


def from_markers(data: bytes) -> MergeSides:
    """The sides by the markers alone; without the common version in them, ours stands for it."""

    def side(name: str) -> bytes:
        return _CONFLICT.sub(lambda found: found[name] if found[name] is not None else b"", data)

    has_base = any(found["base"] is not None for found in _CONFLICT.finditer(data))
    return MergeSides(side("base") if has_base else _without_conflicts(data), side("mine"), side("theirs"))


def _without_conflicts(data: bytes) -> bytes:
    return _CONFLICT.sub(b"", data)
