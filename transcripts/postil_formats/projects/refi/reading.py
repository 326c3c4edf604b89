"""What all parts of the reader share: the package, the remarks, texts and who made what."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from postil_base.problem import PostilError, Remark
from postil_formats.projects.refi.archive import Package
from postil_formats.projects.refi.markup import child, get, guid, local, text_of

if TYPE_CHECKING:
    from lxml import etree


class RefiReading:
    """One file being read."""

    def __init__(self, package: Package | None, name: str) -> None:
        self.package, self.name = package, name
        self.remarks: list[Remark] = []
        self.codes: set[str] = set()
        self.origin = ""
        self.used: set[str] = set()
        self._guids: Counter[str] = Counter()

    def remark(self, item: str, message: str, *, lost: bool = True) -> None:
        """Note what was not carried, or not as it stood."""
        self.remarks.append(Remark(item, message, lost))

    def own_guid(self, element: etree._Element, what: str) -> str:
        """The GUID of an element. One that was there before gets a number, so that both stay."""
        found = guid(element, "guid") or f"NO-GUID-{what}"
        self._guids[found] += 1
        if self._guids[found] == 1:
            return found
        if not found.startswith("NO-GUID"):
            self.remark(
                what, f"the GUID {found} is there more than once; references to it lead to the first", lost=False
            )
        return f"{found}#{self._guids[found]}"

    def raw_text(self, element: etree._Element, what: str) -> str | None:
        """The text of a source or note with its line ends; None when there is none to be had."""
        if child(element, "PlainTextContent") is not None:
            # XML readers turn CRLF into LF, while the program may have counted both
            return text_of(element, "PlainTextContent").replace("\n", "\r\n")
        path = text_path(element)
        if not path:
            return self._formatted(element, what)
        part = self._part(path, what)
        if part is None or self.package is None:
            return self._formatted(element, what)
        return self._decoded(self.package.read(part), what)

    def _part(self, path: str, what: str) -> str | None:
        """The part of the package where a text is, if it is in the package at all."""
        part = self.package.find(path) if self.package is not None else None
        if part is None and self.package is not None and _lies_outside(path):
            part = self.package.find_inside(path)
            if part is not None:
                self.remark(what, f"its text is said to lie at {path}; read from {part} of the file", lost=False)
        if part is None:
            self.remark(what, self._why_missing(path))
            return None
        self.used.add(part)
        return part

    def _formatted(self, element: etree._Element, what: str) -> str | None:
        """The words of a Word copy, where there is no plain text beside it."""
        path = get(element, "richTextPath")
        part = self.package.find(path) or self.package.find_inside(path) if path and self.package is not None else None
        if part is None or self.package is None or not part.lower().endswith(".docx"):
            return None
        from postil_formats.texts.documents.docx_parts import open_word

        self.used.add(part)
        self.remark(
            what, f"it has no plain text; its words are read from {part}, look whether passages fit", lost=False
        )
        words = open_word(self.package.read(part), f"{self.name} ({part})").paragraphs
        return "\r\n".join(paragraph.text.replace("\n", "\r\n") for paragraph in words)

    def _why_missing(self, path: str) -> str:
        if _lies_outside(path):
            return f"its text lies outside the project file ({path}) and is not fetched from there"
        return f"its text {path} is not in the project file"

    def _decoded(self, data: bytes, what: str) -> str | None:
        for mark, codec in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
            if data.startswith(mark):
                return self._strict(data, codec, what)
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            self.remark(what, "its text is not UTF-8; read as Windows-1252: look at the accents", lost=False)
            text = data.decode("cp1252", "replace")
        return self._sound(text, what)

    def _strict(self, data: bytes, codec: str, what: str) -> str | None:
        try:
            return self._sound(data.decode(codec), what)
        except UnicodeDecodeError as error:
            raise PostilError(f"{self.name}: the text of {what} is damaged ({error}). Nothing was read.") from error

    def _sound(self, text: str, what: str) -> str | None:
        if "\0" in text:
            self.remark(what, "its text holds zero bytes, so it is no text")
            return None
        return text


def text_path(element: etree._Element) -> str:
    """Where a text is said to be; older files name it by the attributes of other sources."""
    path = get(element, "plainTextPath")
    if not path and local(element) == "TextSource":
        path = get(element, "path", "currentPath")
    return path


def _lies_outside(path: str) -> bool:
    return path.lower().startswith(("relative:", "absolute:", "file:")) or path.startswith("/")


def label(text: str, otherwise: str) -> str:
    """A name to call something by in a message: one line, not too long."""
    line = " ".join(text.split()) or otherwise
    return line if len(line) <= 60 else f"{line[:59]}…"
