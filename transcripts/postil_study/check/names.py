"""Checks of names: two that are one on another machine, names Windows refuses, layers git has and the disk has not."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from postil_base.problem import Place, Problem
from postil_study.files.codings import FOLDER
from postil_study.files.manifest import MANIFEST_FILE
from postil_study.files.settings import SETTINGS_FILE
from postil_study.git.head import head_of
from postil_study.git.repo import Repo
from postil_study.study import Study

_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{kind}{number}" for kind in ("com", "lpt") for number in "0123456789¹²³")]
)
_REFUSED = frozenset('<>:"|?*\\')
_MOST = 200_000  # names that are looked at


def check_names(study: Study) -> Iterator[Problem]:
    """Names of files and ids that will not do everywhere the study goes."""
    names = _Names()
    for folder, found in _folders(study.root):
        places = {name: Place(f"{folder}/{name}" if folder else name) for name in found}
        yield from names.check(folder or "the study", places)
    infos = {id_: Place(MANIFEST_FILE) for id_ in study.infos}
    yield from names.check("transcripts", infos)
    yield from names.check("participants", {id_: Place(SETTINGS_FILE) for id_ in study.settings.participants})
    yield from names.check("rounds", {id_: Place(f"rounds/{id_}.yaml") for id_ in study.rounds})


def _folders(root: Path) -> Iterator[tuple[str, list[str]]]:
    """The folders of the study that go from machine to machine, with the names in them."""
    seen = 0
    for top, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found = [*folders, *sorted(name for name in files if not name.startswith("."))]
        seen += len(found)
        if seen > _MOST:
            return
        relative = Path(top).relative_to(root).as_posix()
        yield ("" if relative == "." else relative), found


class _Names:
    """What was said already: an id and the file named for it are one problem."""

    def __init__(self) -> None:
        self._said: set[tuple[str, ...]] = set()

    def check(self, where: str, places: dict[str, Place]) -> Iterator[Problem]:
        """Names that stand side by side."""
        alike: dict[str, list[str]] = {}
        for name in places:
            alike.setdefault(_folded(name), []).append(name)
            if why := why_not_on_windows(name):
                yield from self._once(
                    (where, _stem(name)), places[name], f"{why}; give it another name.", "windows-name"
                )
        for same in alike.values():
            if len(same) > 1:
                key = (where, *sorted(_stem(name) for name in same))
                yield from self._once(key, places[same[1]], _alike(where, same), "same-name")

    def _once(self, key: tuple[str, ...], place: Place, message: str, rule: str) -> Iterator[Problem]:
        if key not in self._said:
            self._said.add(key)
            yield Problem(place, message, rule, "warning")


def _alike(where: str, same: Iterable[str]) -> str:
    listed = " and ".join(_shown(name) for name in same)
    return (
        f"{listed} in {where} differ only in capitals or in how their letters are put together; on macOS and Windows "
        "they are one, and one of them is lost. Give one another name."
    )


def _shown(name: str) -> str:
    """The name; one whose letters are put together of two signs says so, since it looks the same."""
    return f"{name!r}{' (decomposed)' if unicodedata.normalize('NFC', name) != name else ''}"


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _stem(name: str) -> str:
    return name.split(".")[0]


def why_not_on_windows(name: str) -> str:
    """Why Windows refuses a name of a file; "" if it takes it.

    >>> why_not_on_windows("CON.txt"), why_not_on_windows("console.txt")
    ("'CON.txt' cannot be a file on Windows, where 'con' is a device", '')
    """
    if _stem(name).rstrip(" ").casefold() in _DEVICES:
        return f"{name!r} cannot be a file on Windows, where {_stem(name).casefold()!r} is a device"
    odd = sorted({sign for sign in name if sign in _REFUSED or ord(sign) < 32})
    if odd:
        return f"{name!r} cannot be a file on Windows because of {' '.join(map(repr, odd))}"
    if name != name.rstrip(". "):
        return f"{name!r} cannot be a file on Windows, which drops the dot or space at its end"
    return ""


def check_gone(study: Study) -> Iterator[Problem]:
    """Layers that the last commit has and the disk has not, of texts that are there."""
    if not head_of(study.root):
        return
    repo = Repo(study.root)
    listed = ("diff", "--no-ext-diff", "--no-textconv", "--no-renames", "--name-only", "--diff-filter=D", "-z")
    done = repo.attempt(*listed, "--relative", "HEAD", "--", FOLDER)
    for path in done.stdout.decode("utf-8", "surrogateescape").split("\0") if done.returncode == 0 else ():
        if path.endswith(".jsonl") and Path(path).stem in study.transcripts and not (study.root / path).exists():
            message = (
                f"git knows this layer, and it is gone. Bring it back: git checkout HEAD -- {path}. If it is to be "
                "gone, commit that."
            )
            yield Problem(Place(path), message, "layer-gone")
