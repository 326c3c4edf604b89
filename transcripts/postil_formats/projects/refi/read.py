"""Reading a .qdpx, a .qdc or a bare .qde.

>>> code = '<Code guid="{5215cc69-b628-4e02-afb9-9beeaee55808}" name="Trust" isCodable="true"/>'
>>> book = f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>{code}</Codes></CodeBook>'.encode()
>>> project = read_refi(book, "book.qdc")
>>> [code.name for code in project.codes], project.schema_problems
(['Trust'], ())
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from postil_base.files.text import sha256_bytes
from postil_base.problem import PostilError
from postil_formats.projects.refi import read_parts as parts
from postil_formats.projects.refi.archive import OWN_FOLDER, Package
from postil_formats.projects.refi.markup import child, get, guid, local, refs, text_of
from postil_formats.projects.refi.read_sources import read_sources
from postil_formats.projects.refi.read_values import read_variables
from postil_formats.projects.refi.reading import RefiReading
from postil_formats.projects.refi.schema import CODEBOOK_NAMESPACE, PROJECT_NAMESPACE, schema_problems
from postil_formats.projects.refi.values import Project
from postil_formats.texts.containers import parse_xml

if TYPE_CHECKING:
    from lxml import etree

_FORMATTED = (".docx", ".rtf", ".html", ".htm")
_JUNK = ("thumbs.db", ".ds_store", "desktop.ini", ".root")


def read_refi(data: bytes | Path, name: str) -> Project:
    """Read a project or codebook. What cannot be carried is in `Project.remarks`; only other files are refused.

    A package may be given by its path, so that recordings in it need not be read.
    """
    if isinstance(data, bytes) and not data.startswith(b"PK"):
        return _read(parse_xml(data, name), RefiReading(None, name))
    package = Package(data, name)
    xml = package.read(package.project)
    project = _read(parse_xml(xml, f"{name} ({package.project})"), RefiReading(package, name))
    return replace(project, xml_sha256=sha256_bytes(xml))


def _read(root: etree._Element, reading: RefiReading) -> Project:
    kind = local(root)
    if kind not in ("Project", "CodeBook"):
        raise PostilError(
            f"{reading.name} is no REFI-QDA file: its first element is {kind!r}, not Project or CodeBook."
        )
    reading.origin = get(root, "origin")
    book = root if kind == "CodeBook" else child(root, "CodeBook")
    users = parts.read_users(reading, child(root, "Users"))
    codes = parts.read_codes(reading, book)
    sources = read_sources(reading, child(root, "Sources"))
    notes = parts.read_notes(reading, child(root, "Notes"))
    project = Project(
        name=get(root, "name"),
        origin=reading.origin,
        user=guid(root, "creatingUserGUID"),
        created=get(root, "creationDateTime"),
        description=text_of(root, "Description"),
        users=users,
        codes=codes,
        variables=read_variables(reading, child(root, "Variables")),
        cases=parts.read_cases(reading, child(root, "Cases")),
        sources=sources,
        notes=notes,
        note_refs=refs(root, "NoteRef"),
        links=parts.read_links(reading, child(root, "Links")),
        sets=parts.read_sets(reading, child(root, "Sets") if kind == "Project" else child(book, "Sets")),
        graphs=parts.read_graphs(reading, child(root, "Graphs")),
        schema_problems=schema_problems(root),
        namespace=str(root.tag)[1:].partition("}")[0] if str(root.tag).startswith("{") else "",
        counts=Counter(local(element) for element in root.iter("*")),
        own_files=_own_files(reading),
    )
    _unused(reading)
    return _finished(project, reading)


def _finished(project: Project, reading: RefiReading) -> Project:
    known = {PROJECT_NAMESPACE, CODEBOOK_NAMESPACE}
    if project.namespace not in known:
        reading.remark(
            "namespace", f"{project.namespace or 'none'} is not the standard's; read all the same", lost=False
        )
    return replace(project, remarks=tuple(reading.remarks))


def _own_files(reading: RefiReading) -> Mapping[str, bytes]:
    if reading.package is None:
        return {}
    return {part.removeprefix(OWN_FOLDER): reading.package.read(part) for part in reading.package.own_parts}


def _unused(reading: RefiReading) -> None:
    """Parts of the file that nothing refers to, or whose kind is not carried."""
    package = reading.package
    if package is None:
        return
    used = reading.used | {package.project, *package.own_parts}
    used |= {found for path in reading.used if (found := package.find(path)) is not None}
    strange = [part for part in package.parts if part not in used and not _is_junk(part)]
    if strange:
        listed = ", ".join(strange[:5]) + (f" and {len(strange) - 5} more" if len(strange) > 5 else "")
        reading.remark(f"parts of {reading.name}", f"not used: {listed}")
    rich = {package.find(path) or path for path in reading.used if path.lower().endswith(_FORMATTED)}
    if rich:
        reading.remark("formatted copies", f"{len(rich)} texts have a formatted copy; the formatting is not carried")


def _is_junk(part: str) -> bool:
    last = part.rsplit("/", 1)[-1].lower()
    return part.endswith("/") or part.startswith("__MACOSX/") or last in _JUNK
