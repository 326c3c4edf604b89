"""The ZIP of a project: which part is the project, and where a source's text is. Nothing is unpacked to disk."""

from __future__ import annotations

import unicodedata
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from postil_base.problem import PostilError
from postil_formats.texts.containers import Archive

MAX_TEXT = 128 * 1024 * 1024  # of all texts together
OWN_FOLDER = "postil/"
_MAC = "__MACOSX/"


class Package:
    """A .qdpx."""

    def __init__(self, data: bytes | Path, name: str) -> None:
        self.name = name
        self._archive = Archive(data, name)
        self._read = 0

    @cached_property
    def project(self) -> str:
        """The part that holds the project: the one ``.qde`` at the root (or in the one folder that was packed)."""
        every = [part for part in self._archive.names if part.lower().endswith(".qde") and not part.startswith(_MAC)]
        found = [part for part in every if "/" not in part] or [part for part in every if part.count("/") == 1]
        exact = [part for part in found if part.lower().rpartition("/")[2] == "project.qde"]
        chosen = exact if len(found) > 1 else found
        if not found:
            raise PostilError(f"{self.name} holds no project (.qde) at its root, so it is no REFI-QDA project.")
        if len(chosen) != 1:
            listed = ", ".join(sorted(found)[:5])
            raise PostilError(f"{self.name} holds several projects ({listed}); which one is meant cannot be told.")
        return chosen[0]

    def read(self, part: str) -> bytes:
        """The bytes of a part; all texts together have a limit."""
        data = self._archive.read(part)
        self._read += len(data)
        if self._read > MAX_TEXT:
            raise PostilError(f"{self.name} unpacks to more than {MAX_TEXT >> 20} MB of text. Nothing was read.")
        return data

    def find(self, path: str) -> str | None:
        """The part a path means: ``internal://NAME``, a bare name, whatever the capitals; None if it is not there."""
        scheme, _, rest = path.partition("://")
        if rest and scheme.lower() != "internal":
            return None
        return self._named(rest or path)

    def find_inside(self, path: str) -> str | None:
        """The part called like the file that a path outside names: some programs pack the text, too."""
        return self._named(path.replace("\\", "/").rstrip("/").rpartition("/")[2])

    def _named(self, name: str) -> str | None:
        wanted = _plain(name).lstrip("/")
        for candidate in dict.fromkeys((f"sources/{wanted}", wanted, unquote(wanted))):
            for found in (candidate if candidate in self._parts else None, self._by_plain.get(_plain(candidate))):
                if found is not None and self._is_text(found):
                    return found
        return self._alone(wanted) or self._alone(_plain(unquote(wanted)))

    def _alone(self, wanted: str) -> str | None:
        """The only part of that name, in whatever folder: a packed folder, ``Source``, another slash."""
        last = wanted.rpartition("/")[2]
        found = [part for part in self._by_last.get(last, ()) if self._is_text(part)]
        return found[0] if last and len(found) == 1 else None

    def _is_text(self, part: str) -> bool:
        return not (part.endswith("/") or part.startswith((OWN_FOLDER, _MAC)) or self._archive.is_link(part))

    @cached_property
    def _parts(self) -> frozenset[str]:
        return frozenset(self._archive.names)

    @cached_property
    def _by_plain(self) -> dict[str, str]:
        return {_plain(part): part for part in reversed(self._archive.names)}

    @cached_property
    def _by_last(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for part in self._archive.names:
            found.setdefault(_plain(part).rpartition("/")[2], []).append(part)
        return found

    @cached_property
    def own_parts(self) -> list[str]:
        """The study's own files, if the project was written by Postil."""
        return [part for part in self._archive.names if part.startswith(OWN_FOLDER) and not part.endswith("/")]

    @property
    def parts(self) -> list[str]:
        """All parts."""
        return self._archive.names


def _plain(path: str) -> str:
    """A path without what systems differ in: slashes, capitals, composed and decomposed letters."""
    return unicodedata.normalize("NFC", path.replace("\\", "/")).lower()
