"""Writing a project or a codebook in the order the schema wants: UTF-8 without a mark, LF, upper case GUIDs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from postil_formats.projects.refi import values as v
from postil_formats.projects.refi.markup import one_form
from postil_formats.projects.refi.positions import PositionRule, Ruler
from postil_formats.projects.refi.schema import CODEBOOK_NAMESPACE, PROJECT_NAMESPACE

if TYPE_CHECKING:
    from lxml import etree

_SCHEMA = {
    PROJECT_NAMESPACE: "http://schema.qdasoftware.org/versions/Project/v1.0/Project.xsd",
    CODEBOOK_NAMESPACE: "http://schema.qdasoftware.org/versions/Codebook/v1.0/Codebook.xsd",
}
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML 1.0 cannot hold
_ELEMENTS: Mapping[str, str] = {
    "Text": "TextValue",
    "Boolean": "BooleanValue",
    "Integer": "IntegerValue",
    "Float": "FloatValue",
    "Date": "DateValue",
    "DateTime": "DateTimeValue",
}


class _RefiWriter:
    def __init__(self, namespace: str, utf16: bool = False) -> None:
        from lxml import etree

        self._etree = etree
        self._namespace = namespace
        self._rule = PositionRule(utf16=utf16)
        self.types: dict[str, str] = {}

    def root(self, tag: str, /, **attributes: str) -> etree._Element:
        spaces: dict[str | None, str] = {None: self._namespace, "xsi": _XSI}
        root = self._etree.Element(f"{{{self._namespace}}}{tag}", nsmap=spaces)  # type: ignore[arg-type]
        root.set(f"{{{_XSI}}}schemaLocation", f"{self._namespace} {_SCHEMA[self._namespace]}")
        self._set(root, attributes)
        return root

    def add(self, parent: etree._Element, tag: str, text: str | None = None, /, **attributes: str) -> etree._Element:
        element = self._etree.SubElement(parent, f"{{{self._namespace}}}{tag}")
        self._set(element, attributes)
        if text is not None:
            element.text = xml_text(text)
        return element

    def _set(self, element: etree._Element, attributes: Mapping[str, str]) -> None:
        for key, value in attributes.items():
            if value:
                element.set(key, xml_text(value))

    def refs(self, parent: etree._Element, name: str, targets: Iterable[str]) -> None:
        for target in targets:
            self.add(parent, name, targetGUID=target)

    def described(self, parent: etree._Element, description: str) -> None:
        if description:
            self.add(parent, "Description", description)

    def group(self, parent: etree._Element, name: str, items: Iterable[object], each: Callable[..., None]) -> None:
        """A list of things below one element, which is left out when there is none."""
        found = list(items)
        if found:
            holder = self.add(parent, name)
            for item in found:
                each(holder, item)

    # the parts of a project, in the order of the schema

    def user(self, parent: etree._Element, user: v.User) -> None:
        self.add(parent, "User", guid=user.guid, name=user.name, id=user.id)

    def codes(self, parent: etree._Element, codes: Iterable[v.RefiCode], *, notes: bool) -> None:
        made: dict[str, etree._Element] = {}
        for code in codes:  # parents stand before their children
            above = made.get(code.parent or "", parent)
            codable = "true" if code.codable else "false"
            element = self.add(above, "Code", guid=code.guid, isCodable=codable, color=code.color)
            element.set("name", xml_text(code.name))
            self.described(element, code.description)
            if notes:
                self.refs(element, "NoteRef", code.notes)
            made[code.guid] = element

    def variable(self, parent: etree._Element, variable: v.Variable) -> None:
        self.types[variable.guid] = variable.type
        element = self.add(parent, "Variable", guid=variable.guid, name=variable.name, typeOfVariable=variable.type)
        self.described(element, variable.description)

    def values(self, parent: etree._Element, values: Iterable[v.Value]) -> None:
        for value in values:
            element = self.add(parent, "VariableValue")
            self.add(element, "VariableRef", targetGUID=value.variable)
            self.add(element, _ELEMENTS[self.types.get(value.variable, "Text")], _said(value.value))

    def case(self, parent: etree._Element, case: v.Case) -> None:
        element = self.add(parent, "Case", guid=case.guid, name=case.name)
        self.described(element, case.description)
        self.refs(element, "CodeRef", case.codes)
        self.values(element, case.values)
        self.refs(element, "SourceRef", case.sources)
        self.refs(element, "SelectionRef", case.selections)

    def source(self, parent: etree._Element, source: v.RefiSource) -> None:
        element = self.add(
            parent,
            "TextSource",
            guid=source.guid,
            name=source.name,
            plainTextPath=f"internal://{source.guid}.txt",
            creatingUser=source.user,
            creationDateTime=source.created,
        )
        self.described(element, source.description)
        ruler = Ruler(source.text or "", self._rule)
        for selection in source.selections:
            self.selection(element, selection, ruler)
        for coding in source.codings:
            self.coding(element, coding)
        self.refs(element, "NoteRef", source.notes)
        self.values(element, source.values)

    def selection(self, parent: etree._Element, selection: v.RefiSelection, ruler: Ruler) -> None:
        start, end = selection.span or (selection.start, selection.end)
        element = self.add(
            parent,
            "PlainTextSelection",
            guid=selection.guid,
            name=selection.name,
            startPosition=str(ruler.count(start)),
            endPosition=str(ruler.count(end)),
            creatingUser=selection.user,
            creationDateTime=selection.created,
            modifyingUser=selection.user if selection.modified else "",
            modifiedDateTime=selection.modified,
        )
        self.described(element, selection.description)
        for coding in selection.codings:
            self.coding(element, coding)
        self.refs(element, "NoteRef", selection.notes)

    def coding(self, parent: etree._Element, coding: v.RefiCoding) -> None:
        element = self.add(
            parent, "Coding", guid=coding.guid, creatingUser=coding.user, creationDateTime=coding.created
        )
        self.add(element, "CodeRef", targetGUID=coding.code)
        self.refs(element, "NoteRef", coding.notes)

    def note(self, parent: etree._Element, note: v.RefiNote) -> None:
        element = self.add(
            parent,
            "Note",
            guid=note.guid,
            name=note.name,
            plainTextPath=f"internal://{note.guid}.txt",
            creatingUser=note.user,
            creationDateTime=note.created,
        )
        self.described(element, note.description)

    def link(self, parent: etree._Element, link: v.Link) -> None:
        element = self.add(
            parent,
            "Link",
            guid=link.guid,
            name=link.name,
            direction=link.direction,
            color=link.color,
            originGUID=link.origin,
            targetGUID=link.target,
        )
        self.refs(element, "NoteRef", link.notes)

    def set(self, parent: etree._Element, found: v.CodeSet) -> None:
        element = self.add(parent, "Set", guid=found.guid)
        element.set("name", xml_text(found.name))
        self.described(element, found.description)
        for code in found.codes:
            key = "guid" if self._namespace == CODEBOOK_NAMESPACE else "targetGUID"
            self.add(element, "MemberCode", **{key: code})
        self.refs(element, "MemberSource", found.sources)
        self.refs(element, "MemberNote", found.notes)

    def graph(self, parent: etree._Element, graph: v.Graph) -> None:
        element = self.add(parent, "Graph", guid=graph.guid, name=graph.name)
        for vertex in graph.vertices:
            x, y, right, bottom = (str(number) for number in vertex.box)
            self.add(
                element,
                "Vertex",
                guid=vertex.guid,
                representedGUID=vertex.represents,
                name=vertex.name,
                firstX=x,
                firstY=y,
                secondX=right,
                secondY=bottom,
                shape=vertex.shape,
                color=vertex.color,
            )
        for edge in graph.edges:
            self.add(
                element,
                "Edge",
                guid=edge.guid,
                name=edge.name,
                sourceVertex=edge.source,
                targetVertex=edge.target,
                color=edge.color,
                direction=edge.direction,
                lineStyle=edge.line,
            )

    def bytes(self, root: etree._Element) -> bytes:
        self._etree.indent(root, space=" ") if len(root) else None
        body = self._etree.tostring(root, encoding="unicode")
        return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'.encode()


def xml_text(text: str) -> str:
    """A text as XML can hold it: other control characters become U+FFFD."""
    return _FORBIDDEN.sub("\ufffd", text)


def is_xml_text(text: str) -> bool:
    """Whether XML can hold a text as it is."""
    return _FORBIDDEN.search(text) is None


def _said(value: v.Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, float) and "e" in repr(value) else str(value)


def project_xml(project: v.Project, *, utf16: bool = False) -> bytes:
    """The XML of a project; positions in code points, or in UTF-16 code units as NVivo counts them."""
    w = _RefiWriter(PROJECT_NAMESPACE, utf16)
    root = w.root("Project", name=project.name or "Untitled", origin=project.origin)
    if project.user:
        root.set("creatingUserGUID", one_form(project.user))
    w.group(root, "Users", project.users, w.user)
    if project.codes:
        w.codes(w.add(w.add(root, "CodeBook"), "Codes"), project.codes, notes=True)
    w.group(root, "Variables", project.variables, w.variable)
    w.group(root, "Cases", project.cases, w.case)
    w.group(root, "Sources", project.sources, w.source)
    w.group(root, "Notes", project.notes, w.note)
    w.group(root, "Links", project.links, w.link)
    w.group(root, "Sets", project.sets, w.set)
    w.group(root, "Graphs", project.graphs, w.graph)
    w.described(root, project.description)
    w.refs(root, "NoteRef", project.note_refs)
    return w.bytes(root)


def codebook_xml(codes: Iterable[v.RefiCode], sets: Iterable[v.CodeSet], origin: str) -> bytes:
    """The XML of a codebook (.qdc); sets only when there are some, since an empty list is not allowed."""
    w = _RefiWriter(CODEBOOK_NAMESPACE)
    root = w.root("CodeBook", origin=origin)
    w.codes(w.add(root, "Codes"), codes, notes=False)
    w.group(root, "Sets", sets, w.set)
    return w.bytes(root)


def project_zip(project: v.Project, *, utf16: bool = False, own_files: Mapping[str, bytes] | None = None) -> bytes:
    """The .qdpx: the same project gives the same bytes. ``own_files`` go into a folder that others leave alone."""
    import io
    import zipfile

    from postil_formats.projects.refi.archive import OWN_FOLDER

    parts: dict[str, bytes] = {"project.qde": project_xml(project, utf16=utf16)}
    for source in project.sources:
        parts[f"sources/{source.guid}.txt"] = (source.text or "").encode("utf-8", "replace")
    for note in project.notes:
        parts[f"sources/{note.guid}.txt"] = note.text.encode("utf-8", "replace")
    parts.update((OWN_FOLDER + path, data) for path, data in sorted((own_files or {}).items()))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
