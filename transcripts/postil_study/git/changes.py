"""What differs between two versions of a study, in words: who coded what, what became of the codes, what else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from postil_base.files.text import unix_lines
from postil_base.plural import counted
from postil_base.yaml.places import load_yaml
from postil_base.yaml.splices import as_data
from postil_codebook.changes.operations import operations
from postil_codebook.load import load_codebook
from postil_codebook.values import Code, Codebook
from postil_study.files.codings import FOLDER as CODINGS
from postil_study.files.codings import with_current_codes
from postil_study.files.settings import SETTINGS_FILE, load_settings
from postil_study.git.layer_words import WordedChange, layer_changes
from postil_study.git.repo import Repo
from postil_study.layers.file import read_layer
from postil_study.text.values import Layer, LayerHeader

_FIELDS = ("label", "definition", "include", "exclude", "examples", "origin", "memo", "codable", "color")
_OPERATIONS = {
    "rename": "{code} was renamed to {target}",
    "merge": "{code} was merged into {target}",
    "add": "{code} is new{under}",
    "move": "{code} was moved to {target}",
    "delete": "{code} was deleted",
}
_BOOKKEEPING = frozenset({"text_sha256", "sums_sha256"})  # what follows from a change that is told itself
_MOST = 20  # entries of one YAML file that are told one by one


class StudyDifferences:
    """What differs between two commits, or a commit and what is on disk; without ``one`` everything is new."""

    def __init__(self, repo: Repo, one: str | None, other: str) -> None:
        self._repo = repo
        self._one, self._other = one, other
        self._books = [self._book(one), self._book(other)]

    def __iter__(self) -> Iterator[WordedChange]:
        paths = self._repo.tree(self._other) if self._one is None else self._repo.changed(self._one, self._other)
        for path in sorted(paths, key=lambda path: (path.startswith(f"{CODINGS}/"), path)):
            if not path.startswith("rounds/") or path.count("/") == 1:  # a frozen copy is no work of its own
                yield from self._of(path)

    def _of(self, path: str) -> Iterator[WordedChange]:
        before, after = self._data(self._one, path), self._data(self._other, path)
        parts = PurePosixPath(path).parts
        if parts[0] == CODINGS and path.endswith(".jsonl") and len(parts) == 3:
            yield from layer_changes(self._layer(before, path), self._layer(after, path), path)
        elif path in (self._books[0].path, self._books[1].path):
            yield from codebook_changes(self._books[0], self._books[1], path)
        elif path.startswith("transcripts/") and path.endswith(".txt"):
            yield _text(before, after, path)
        elif path.endswith(".yaml"):
            yield from _yaml(before, after, path)
        else:
            yield WordedChange(path, "file", f"{path} {_what(before, after)}")

    def _data(self, revision: str | None, path: str) -> bytes | None:
        return None if revision is None else self._repo.show(revision, path)

    def _layer(self, data: bytes | None, path: str) -> Layer:
        """Codes by their later names, so that a rename is no change of every coding."""
        place = PurePosixPath(path)
        if data is None:
            return Layer(LayerHeader(place.parent.name, place.stem), path=path)
        return with_current_codes(read_layer(data, path)[0], self._books[1])

    def _book(self, revision: str | None) -> Codebook:
        settings = self._data(revision, SETTINGS_FILE)
        path = load_settings(_plain(settings))[0].codebook if settings else ""
        data = self._data(revision, path) if path else None
        return load_codebook(_plain(data), path)[0] if data is not None else Codebook(path=path)


def _plain(data: bytes | None) -> str:
    return unix_lines((data or b"").decode("utf-8", "replace"))


def _what(before: bytes | None, after: bytes | None) -> str:
    return "is new" if before is None else "was removed" if after is None else "changed"


def codebook_changes(before: Codebook, after: Codebook, path: str) -> Iterator[WordedChange]:
    """What became of the codes, and in which fields they differ."""
    for done in operations(before, after):
        under = f", below {done.target}" if done.target else ""
        said = _OPERATIONS[done.kind].format(code=done.code, target=done.target or "the top", under=under)
        yield WordedChange(path, "code", f"code {said}")
    for code, old in before.codes.items():
        now = after.codes.get(code) or after.codes.get(after.resolve(code) or "")
        if now is not None and (now.id == code or now.id not in before.codes):
            yield from _fields(old, now, path)


def _fields(old: Code, new: Code, path: str) -> Iterator[WordedChange]:
    for name in _FIELDS:
        was, now = getattr(old, name), getattr(new, name)
        if was != now and not (name == "label" and was == old.id and now == new.id):
            yield WordedChange(path, "code", f"code {new.id}: {name} {_became(was, now)}")


def _became(was: object, now: object) -> str:
    if was in (None, "", ()):
        return f"“{_short(now)}” is new"
    return f"“{_short(was)}” was removed" if now in (None, "", ()) else f"“{_short(was)}” became “{_short(now)}”"


def _short(value: object, most: int = 80) -> str:
    text = " ".join(("; ".join(value) if isinstance(value, tuple) else str(value)).split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _text(before: bytes | None, after: bytes | None, path: str) -> WordedChange:
    name = PurePosixPath(path).stem
    if before is None or after is None:
        return WordedChange(path, "text", f"transcript {name} {_what(before, after)}")
    old, new = Counter(_plain(before).split()), Counter(_plain(after).split())
    gone, came = (old - new).total(), (new - old).total()
    return WordedChange(path, "text", f"transcript {name} was corrected: {counted(gone, 'word')} out, {came} in")


def _yaml(before: bytes | None, after: bytes | None, path: str) -> Iterator[WordedChange]:
    if before is None or after is None:
        yield WordedChange(path, "settings", f"{path} {_what(before, after)}")
        return
    old, new = (as_data(load_yaml(_plain(data), path)[0]) for data in (before, after))
    lines = list(_entries(old, new, ()))
    for where, said in lines[:_MOST]:
        yield WordedChange(path, "settings", f"{path}: {'/'.join(where)} {said}")
    if len(lines) > _MOST:
        yield WordedChange(path, "settings", f"{path}: and {len(lines) - _MOST} more entries")


def _entries(old: object, new: object, where: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if where and where[-1] in _BOOKKEEPING:
        return
    if isinstance(old, list) and isinstance(new, list):
        if _by_id(old) is None or _by_id(new) is None:
            yield from _items(old, new, where)
            return
        old, new = _by_id(old), _by_id(new)
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            if key not in new:
                yield (*where, key), "was removed"
            elif key not in old:
                yield (*where, key), f"is new: {_short(new[key])}"
            else:
                yield from _entries(old[key], new[key], (*where, key))
    elif old != new:
        yield where, _became(old, new)


def _by_id(items: list[object]) -> dict[str, object] | None:
    """A list of things with an id, by it."""
    found: dict[str, object] = {str(item["id"]): item for item in items if isinstance(item, dict) and "id" in item}
    return found if len(found) == len(items) else None


def _items(old: list[object], new: list[object], where: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    gone = [_short(item) for item in old if item not in new]
    came = [_short(item) for item in new if item not in old]
    if gone and came:
        yield where, f"“{', '.join(gone)}” became “{', '.join(came)}”"
    elif gone or came:
        yield where, f"without “{', '.join(gone)}” now" if gone else f"“{', '.join(came)}” is new in it"
    elif old != new:
        yield where, "in another order"
