"""The ZIP of a project: which part is the project, and where a source's text is. Nothing is unpacked to disk."""

from __future__ import annotations

from functools import cached_property

from postil_base.problem import PostilError
from postil_transcripts.importers.containers import Archive

MAX_TEXT = 128 * 1024 * 1024  # of all texts together
OWN_FOLDER = "postil/"


class Package:
    """A .qdpx in memory."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._archive = Archive(data, name)
        self._read = 0

    @cached_property
    def project(self) -> str:
        """The part that holds the project: the one ``.qde`` at the root, whatever it is called."""
        found = [part for part in self._archive.names if "/" not in part and part.lower().endswith(".qde")]
        exact = [part for part in found if part.lower() == "project.qde"]
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
        wanted = (rest or path).replace("\\", "/").lstrip("/")
        for candidate in (f"sources/{wanted}", wanted):
            found = candidate if candidate in self._parts else self._by_lower.get(candidate.lower())
            if found is not None and not found.endswith("/") and not self._archive.is_link(found):
                return found
        return None

    @cached_property
    def _parts(self) -> frozenset[str]:
        return frozenset(self._archive.names)

    @cached_property
    def _by_lower(self) -> dict[str, str]:
        return {part.lower(): part for part in reversed(self._archive.names)}

    @cached_property
    def own_parts(self) -> list[str]:
        """The study's own files, if the project was written by Postil."""
        return [part for part in self._archive.names if part.startswith(OWN_FOLDER) and not part.endswith("/")]

    @property
    def parts(self) -> list[str]:
        """All parts."""
        return self._archive.names
