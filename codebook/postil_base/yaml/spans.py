"""Where the parts of a YAML text begin and end, in whole lines and with the comments that belong to them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from postil_base.files.text import BOM
from postil_base.problem import PostilError
from postil_base.yaml.places import YamlMap, YamlNode, YamlScalar, YamlSeq, load_yaml

_NEWLINE = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Parsed:
    """A YAML text without its byte order mark, its tree, and how it is laid out."""

    text: str
    root: YamlNode | None
    path: str
    bom: str = ""

    @property
    def newline(self) -> str:
        """The line end new lines get."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def line_start(self, offset: int) -> int:
        """Where the line of ``offset`` starts."""
        return max(self.text.rfind("\n", 0, offset), self.text.rfind("\r", 0, offset)) + 1

    def line_end(self, offset: int) -> int:
        """Where the line of ``offset`` ends, before its line end."""
        found = _NEWLINE.search(self.text, offset)
        return found.start() if found else len(self.text)

    def next_line(self, offset: int) -> int:
        """Where the line after that of ``offset`` starts."""
        found = _NEWLINE.search(self.text, offset)
        return found.end() if found else len(self.text)

    def column(self, offset: int) -> int:
        """Characters before ``offset`` in its line."""
        return offset - self.line_start(offset)

    def starts_its_line(self, offset: int) -> bool:
        """Whether nothing but blanks stands before ``offset``."""
        return not self.text[self.line_start(offset) : offset].strip(" \t")

    def last(self, node: YamlNode) -> int:
        """The end of what a node says: without the blank lines and comments the parser counts in."""
        if node.alias:
            return node.end
        if isinstance(node, YamlScalar):
            return self._scalar_end(node)
        if node.flow or not len(node):
            return node.end
        if isinstance(node, YamlSeq):
            return self.last(node.items[-1])
        key, value = node.entries[-1]
        return max(key.end, self.last(value))

    def _scalar_end(self, node: YamlScalar) -> int:
        if node.style not in ("|", ">"):
            return node.end
        header = self.text[node.start : self.line_end(node.start)].split("#")[0]
        written = self.text[node.start : node.end]
        if "+" in header:
            return node.end - len(written) + len(written.removesuffix("\n").removesuffix("\r"))
        return node.start + len(written.rstrip(" \t\r\n"))

    def entry_end(self, column: int, last: int) -> int:
        """The end of the last line of an entry at ``column``: its trailing comment, and comments indented below it."""
        end = self.line_end(last)
        line = self.next_line(end)
        while line < len(self.text):
            stop = self.line_end(line)
            words = self.text[line:stop].lstrip(" ")
            if words.startswith("#") and stop - line - len(words) > column:
                end = stop
            elif words.strip():
                break
            line = self.next_line(stop)
        return end

    def step(self) -> int:
        """By how much nested lines are indented in this file; two where nothing tells."""
        waiting: list[tuple[int, YamlNode]] = [(0, self.root)] if self.root is not None else []
        while waiting:
            column, node = waiting.pop(0)
            if not isinstance(node, YamlMap) or node.flow:
                continue
            own = self.column(node.start)
            if own > column:
                return own - column
            waiting += [(own, value) for _, value in node]
        return 2


def parse(text: str, path: str) -> Parsed:
    """Parse a text that is to be changed; one with problems is refused, since a change could make it worse."""
    body = text.removeprefix(BOM)
    root, problems = load_yaml(body, path)
    if problems:
        raise PostilError(f"{problems[0]} Nothing was changed; mend that first.")
    return Parsed(body, root, path, text[: len(text) - len(body)])
