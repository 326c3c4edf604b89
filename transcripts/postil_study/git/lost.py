"""Codings that git lost: alive in a parent of a merge or in a commit left behind, in no layer now, deleted by nobody.

A conflict settled by taking one side (``git checkout --ours``, a button in the web) drops what the other side coded
without a trace in the files. The parents of the merge commit still have it. A rebase, a squash merge or a reset has no
such parents; what was worked on here before is looked for in the commits that it left behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from postil_base.clock import Clock, system_clock, utc_now
from postil_base.files.journal import write_many
from postil_base.files.text import sha256_bytes
from postil_study.files.codings import FOLDER, is_layer_folder
from postil_study.git.head import head_of
from postil_study.git.left_behind import left_behind
from postil_study.git.repo import WORK_TREE, Repo
from postil_study.git.texts import TextsInGit
from postil_study.layers.file import encode_layer, read_layer_file
from postil_study.layers.merge import merge_layer_data
from postil_study.layers.values import Deleted, Record, State, from_states, newest, records, states, with_states
from postil_study.study import Study
from postil_study.text.values import Layer, LayerHeader, Relation

_START = b"\x01"
_ID = re.compile(rb'"id"\s*:\s*"([^"\\]+)"')
_Lost = dict[str, tuple[Record, LayerHeader, str]]  # by id: the record, its layer's header, the merge


@dataclass(frozen=True)
class LostCodings:
    """What one layer lost in merges."""

    path: str
    merges: tuple[str, ...]  # commits, newest first; `WORK_TREE` for one that is not committed yet
    header: LayerHeader = field(repr=False)
    records: tuple[Record, ...] = field(repr=False)
    left_behind: bool = False  # they stand in commits that no branch has any more, not in parents of merges

    @property
    def said(self) -> str:
        """In words."""
        many = len(self.records)
        commits = ", ".join(commit[:7] or "the one not committed yet" for commit in self.merges[:3])
        what, which = ("1 coding", "it is") if many == 1 else (f"{many} codings", "they are")
        if self.left_behind:
            return (
                f"{what} of {self.header.coder} in {self.header.transcript} got lost in a rebase, a squash merge or a "
                f"reset: {which} in a commit that no branch has any more ({commits}), in no layer now, and nobody "
                f"deleted {'it' if many == 1 else 'them'}"
            )
        return (
            f"{what} of {self.header.coder} in {self.header.transcript} got lost in a merge ({commits}): "
            f"{which} in one parent, in no layer now, and nobody deleted {'it' if many == 1 else 'them'}"
        )


def lost_codings(study: Study) -> list[LostCodings]:
    """Everything merges lost, and rebases of work done here, that is still lost; nothing without a repository."""
    repo = Repo(study.root)
    if not head_of(study.root) or not repo.is_there:
        return []
    here, found = _Known(study), dict[str, _Lost]()
    merged = [pair for pair in (*_merging(repo), *_merges(repo)) if here.is_open(pair.path)]
    left = [pair for pair in _abandoned(repo) if here.is_open(pair.path)]
    blobs = _read_blobs(repo, [*merged, *left])
    for pair in merged:
        _compare(pair, blobs, here, found.setdefault(pair.path, {}))
    in_merges = [_of_layer(path, lost) for path, lost in sorted(found.items()) if lost]
    here.add(id_ for lost in found.values() for id_ in lost)
    behind: dict[str, _Lost] = {}
    for pair in left:
        _compare(pair, blobs, here, behind.setdefault(pair.path, {}))
    return [*in_merges, *(_of_layer(path, lost, left_behind=True) for path, lost in sorted(behind.items()) if lost)]


def _of_layer(path: str, lost: _Lost, *, left_behind: bool = False) -> LostCodings:
    header = next(header for _, header, _ in lost.values())
    merges = tuple(dict.fromkeys(commit for _, _, commit in lost.values()))
    return LostCodings(path, merges, header, tuple(record for record, _, _ in lost.values()), left_behind)


@dataclass(frozen=True, slots=True)
class _MergePair:
    """A layer before and after a merge, by git's names of the contents."""

    commit: str
    path: str
    parent: str
    child: str
    child_data: bytes = b""  # of a merge that is not committed yet


class _Known:
    """What the study knows now: ids alive or deleted in any layer, and the texts that are there."""

    def __init__(self, study: Study) -> None:
        layers = [*study.layers(), *study.layers("guide")]
        self._ids = {id_ for layer in layers for id_ in states(layer)}
        self._texts = set(study.transcripts)

    def add(self, ids: Iterable[str]) -> None:
        """Know of these, too: they were found elsewhere."""
        self._ids.update(ids)

    def has(self, id_: str) -> bool:
        """Whether the study knows of a record, or of a version of it that stands beside another."""
        return id_ in self._ids or id_.split(".")[0] in self._ids

    def is_open(self, path: str) -> bool:
        """Whether a layer's text is there; with a text that was taken out its codings went on purpose."""
        parts = Path(path).parts
        is_layer = len(parts) == 3 and parts[0] == FOLDER and path.endswith(".jsonl") and is_layer_folder(parts[1])
        return is_layer and Path(path).stem in self._texts


def _compare(pair: _MergePair, blobs: Mapping[str, bytes], here: _Known, lost: _Lost) -> None:
    """Records of the parent that neither the child nor the study knows; ids first, since nearly always none is."""
    parent = blobs.get(pair.parent, b"")
    child = set(_ID.findall(pair.child_data or blobs.get(pair.child, b"")))
    new = [id_ for id_ in _ID.findall(parent) if id_ not in child and not here.has(id_.decode("utf-8", "replace"))]
    if not new:
        return
    layer = read_layer_file(parent, pair.path).layer
    for record in records(layer):
        if record.id.encode() in child or here.has(record.id):
            continue
        before = lost.get(record.id)
        if before is None or newest(before[0], record) is record:
            lost[record.id] = (record, layer.header, before[2] if before else pair.commit)


def _merges(repo: Repo) -> Iterator[_MergePair]:
    """Each layer in which a merge commit differs from one of its parents, newest first."""
    raw = ("--raw", "--no-abbrev", "--no-renames", "-z", "--relative", f"--format={_START.decode()}%H")
    done = repo.attempt("log", "-m", "--merges", *raw, "HEAD", "--", FOLDER)
    commit, blobs = "", ("", "")
    for part in done.stdout.split(b"\0") if done.returncode == 0 else ():
        token = part.lstrip(b"\n")
        if token.startswith(_START):
            commit, _, rest = token[1:].decode("ascii", "replace").partition("\n")
            token = rest.lstrip("\n").encode()
        if token.startswith(b":"):
            _, _, parent, child, _ = token.decode("ascii", "replace").split(" ")
            blobs = (parent, child)
        elif token and blobs[0].strip("0"):
            yield _MergePair(commit, token.decode("utf-8", "surrogateescape"), *blobs)


def _abandoned(repo: Repo) -> Iterator[_MergePair]:
    """Each layer in which a commit that was left behind differs from today's."""
    for commit in left_behind(repo):
        raw = ("--raw", "--no-abbrev", "--no-renames", "-z", "--relative")
        done = repo.attempt("diff", *raw, commit, "HEAD", "--", FOLDER)
        parts = done.stdout.split(b"\0") if done.returncode == 0 else []
        for about, path in zip(parts[::2], parts[1::2], strict=False):
            _, _, parent, child, _ = about.decode("ascii", "replace").split(" ")
            if parent.strip("0"):
                yield _MergePair(commit, path.decode("utf-8", "surrogateescape"), parent, child)


def _merging(repo: Repo) -> Iterator[_MergePair]:
    """A merge that is not committed yet, as it stands on disk."""
    if repo.attempt("rev-parse", "-q", "--verify", "MERGE_HEAD").returncode:
        return
    for head in ("HEAD", "MERGE_HEAD"):
        for path in repo.changed(head, WORK_TREE):
            if path.startswith(f"{FOLDER}/"):
                blob = repo.attempt("rev-parse", "-q", "--verify", f"{head}:{repo.prefix}{path}").stdout.decode("ascii")
                yield _MergePair(WORK_TREE, path, blob.strip(), "", repo.show(WORK_TREE, path) or b"\n")


def _read_blobs(repo: Repo, pairs: Iterable[_MergePair]) -> dict[str, bytes]:
    """The contents of all blobs, asked for at once."""
    wanted = dict.fromkeys(blob for pair in pairs for blob in (pair.parent, pair.child) if blob.strip("0"))
    if not wanted:
        return {}
    data = repo.attempt("cat-file", "--batch", data="".join(f"{blob}\n" for blob in wanted).encode()).stdout
    found: dict[str, bytes] = {}
    at = 0
    while at < len(data):
        end = data.index(b"\n", at)
        head = data[at:end].decode("ascii", "replace").split(" ")
        at = end + 1
        if len(head) == 3:  # otherwise it is missing: a clone that was made without the whole history
            size = int(head[2])
            found[head[0]] = data[at : at + size]
            at += size + 1
    return found


def bring_back(root: Path, lost: LostCodings) -> None:
    """Put the lost codings into their layer, on the text and beside what is there today."""
    file = root / lost.path
    data = file.read_bytes() if file.exists() else b""
    theirs = encode_layer(from_states(lost.header, lost.records, lost.path))
    if not data:
        write_many(root, {lost.path: theirs})
        return
    there = read_layer_file(data, lost.path)
    header = encode_layer(from_states(lost.header, (), lost.path))
    merged = merge_layer_data(header, data, theirs, lost.path, TextsInGit(root, Path(lost.path).stem))
    new = read_layer_file(merged.data, lost.path).layer
    whole = encode_layer(
        _with_ends(Layer(there.layer.header, new.segments, new.relations, new.deleted, lost.path)), there
    )
    write_many(root, {lost.path: whole}, {lost.path: sha256_bytes(data)})


def _with_ends(layer: Layer) -> Layer:
    """Without relations an end of which was deleted meanwhile: they leave their ids, as with their segment."""
    gone = [r for r in layer.relations if not {r.source, r.target} <= layer.by_id.keys()]
    at = {r.id: max(layer.deleted.get(r.source, ""), layer.deleted.get(r.target, "")) or r.at for r in gone}
    return with_states(layer, {id_: Deleted(id_, when) for id_, when in at.items()})


def give_up(root: Path, lost: LostCodings, clock: Clock = system_clock) -> None:
    """Note in their layer that the lost codings are deleted, so that nobody is asked again."""
    file = root / lost.path
    data = file.read_bytes() if file.exists() else b""
    there = read_layer_file(data, lost.path) if data else None
    layer = there.layer if there else from_states(lost.header, (), lost.path)
    now = utc_now(clock)
    gone: dict[str, State | None] = {record.id: Deleted(record.id, now) for record in lost.records}
    expect = {lost.path: sha256_bytes(data)} if data else {}
    write_many(root, {lost.path: encode_layer(with_states(layer, gone), there)}, expect)


def words(lost: LostCodings, most: int = 5) -> Iterator[str]:
    """The first of the lost codings, in words."""
    for record in lost.records[:most]:
        if isinstance(record, Relation):
            yield f"relation {record.source_code} {record.type} {record.target_code}"
        else:
            yield f"{', '.join(record.code_ids) or 'no code'}: {' '.join(record.quote.split())[:60]}"
    if len(lost.records) > most:
        yield f"and {len(lost.records) - most} more"
