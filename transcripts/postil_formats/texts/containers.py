"""Opening what strangers made: ZIP parts with limits, XML without entities. Nothing is ever unpacked to disk."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from postil_base.problem import PostilError

if TYPE_CHECKING:
    from lxml import etree

MAX_PART = 64 * 1024 * 1024
MAX_MEMBERS = 10_000
MAX_DEPTH = 256
_CHUNK = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, KeyError)
# of one file that is read several times: its XML parts by their bytes
_PARSED: ContextVar[dict[bytes, etree._Element] | None] = ContextVar("_PARSED", default=None)


@contextmanager
def parsed_once() -> Iterator[None]:
    """Within it every XML part is parsed once, however many readers ask for it; none of them changes the elements."""
    before = _PARSED.set({})
    try:
        yield
    finally:
        _PARSED.reset(before)


class Archive:
    """A ZIP file in memory, or on disk where recordings may make it large, read part by part within limits."""

    def __init__(self, data: bytes | Path, name: str) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(data if isinstance(data, Path) else BytesIO(data))
            self._names = self._zip.namelist()
        except _BROKEN as error:
            raise PostilError(f"{name} is damaged or not what its name says: {error}.") from error
        if len(self._names) > MAX_MEMBERS:
            raise PostilError(f"{name} holds {len(self._names)} parts; no document has that many. Nothing was read.")
        doubled = {part for part in self._names if self._names.count(part) > 1} if len(self._names) < 500 else set()
        if doubled:
            raise PostilError(f"{name} holds the part {sorted(doubled)[0]!r} twice; save it again with its program.")

    @property
    def names(self) -> list[str]:
        """The names of the parts."""
        return list(self._names)

    def __contains__(self, part: str) -> bool:
        return part in self._names

    def is_link(self, part: str) -> bool:
        """Whether a part is a symbolic link, whose content would be taken for a text."""
        return (self._zip.getinfo(part).external_attr >> 16) & 0o170000 == 0o120000

    def read(self, part: str) -> bytes:
        """The bytes of a part; too large or damaged parts are refused."""
        if part not in self._names:
            raise PostilError(f"{self.name} has no part {part!r}; it is not the kind of file its name says.")
        try:
            with self._zip.open(part) as stream:
                data = stream.read(MAX_PART + 1)
        except _BROKEN as error:
            raise PostilError(f"{self.name} is damaged: its part {part!r} cannot be read ({error}).") from error
        if len(data) > MAX_PART:
            raise PostilError(f"{self.name}: its part {part!r} unpacks to more than 64 MB. Nothing was read.")
        return data

    def xml(self, part: str) -> etree._Element:
        """The root of an XML part."""
        return parse_xml(self.read(part), f"{self.name} ({part})")

    def targets(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part of an Office file points to (``""``: the file itself), by id: kind of link, and other part."""
        folder, file = posixpath.split(part)
        root = self.xml_if_there(posixpath.join(folder, "_rels", f"{file}.rels"))
        found = {}
        for link in root if root is not None else ():
            if isinstance(link.tag, str) and link.get("TargetMode") != "External":
                target = link.get("Target", "")
                place = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                found[link.get("Id", "")] = (link.get("Type", "").rpartition("/")[2], place)
        return found

    def xml_if_there(self, part: str) -> etree._Element | None:
        """The root of an XML part that a document may lack."""
        return self.xml(part) if part in self else None


def parse_xml(data: bytes, name: str) -> etree._Element:
    """Parse XML; a document type is refused, since entities can pull in files or swallow words silently."""
    parsed = _PARSED.get()
    if parsed is None:
        return _parse(data, name)
    if data not in parsed:
        parsed[data] = _parse(data, name)
    return parsed[data]


def _parse(data: bytes, name: str) -> etree._Element:
    from lxml import etree

    # nothing here asks for elements by their ids, and a table of them takes as long as the parsing itself
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, collect_ids=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise PostilError(f"{name} is not sound XML: {_first_line(error)}.") from error
    tree: Any = root.getroottree()
    if tree.docinfo.internalDTD is not None:
        raise PostilError(f"{name} declares a document type (DOCTYPE); such files are refused. Save it again.")
    return root


def check_xml(data: bytes, name: str) -> None:
    """Refuse XML that `parse_xml` would refuse, without building its tree: for parts another reader will parse."""
    from lxml import etree

    parser = etree.XMLParser(target=_Depth(name), resolve_entities=False, no_network=True, huge_tree=False)
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
        parser.close()
    except (etree.XMLSyntaxError, ValueError) as error:
        raise PostilError(f"{name} is not sound XML: {_first_line(error)}.") from error


class _Depth:
    """Counts how deep elements nest, and sees a document type."""

    def __init__(self, name: str) -> None:
        self.name, self.depth = name, 0

    def start(self, tag: str | bytes, attrib: Any) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise PostilError(f"{self.name} is not sound XML: it nests deeper than {MAX_DEPTH}.")

    def end(self, tag: str | bytes) -> None:
        self.depth -= 1

    def data(self, data: str | bytes) -> None:
        """Words are of no interest here."""

    def comment(self, text: str | bytes) -> None:
        """Nor are comments."""

    def doctype(self, *about: Any) -> None:
        raise PostilError(f"{self.name} declares a document type (DOCTYPE); such files are refused. Save it again.")

    def close(self) -> None:
        """Nothing was built."""


def _first_line(error: Exception) -> str:
    return str(error).split("\n")[0].rstrip(".")
