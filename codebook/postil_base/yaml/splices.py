"""Which characters of a YAML text a change replaces: the geometry behind `yaml_edit`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from postil_base.problem import PostilError
from postil_base.yaml.places import YamlMap, YamlNode, YamlSeq, plain
from postil_base.yaml.spans import Parsed
from postil_base.yaml.write import Value, render_entry, render_flow, render_value

_COMMENT = re.compile(r"(^|\s)#")
Keys: TypeAlias = Sequence[str | int]
Splice: TypeAlias = tuple[int, int, str]


def as_data(node: YamlNode | None) -> Any:
    """The node as data of texts: mappings, lists, text, None for null; what changes are compared by."""
    if isinstance(node, YamlMap):
        return {key.text: as_data(value) for key, value in node}
    if isinstance(node, YamlSeq):
        return [as_data(item) for item in node]
    return None if node is None or node.is_null else node.text


def node_at(parsed: Parsed, where: Keys) -> YamlNode | None:
    """The node at ``where``; None when the last key is not there."""
    node = parsed.root
    for depth, key in enumerate(where):
        if isinstance(node, YamlMap) and isinstance(key, str):
            node = node.get(key)
        elif isinstance(node, YamlSeq) and isinstance(key, int) and key < len(node):
            node = node.items[key]
        else:
            node = None
        if node is None and depth < len(where) - 1:
            raise PostilError(f"{parsed.path}: there is no {'/'.join(map(str, where[: depth + 1]))}.")
    return node


def index_of(parsed: Parsed, parent: YamlMap | YamlSeq, key: str | int) -> int:
    """The position of an entry by its key, or of an item by its number."""
    if isinstance(parent, YamlMap) and str(key) in parent:
        return parent.keys().index(str(key))
    if isinstance(parent, YamlSeq) and isinstance(key, int) and 0 <= key < len(parent):
        return key
    raise refused(parsed, parent, f"there is no {key!r}")


def key_start(parsed: Parsed, where: Keys) -> int:
    """Where the key (or the dash) of the node at ``where`` starts."""
    parent = node_at(parsed, where[:-1])
    if isinstance(parent, YamlMap):
        key = parent.key(str(where[-1]))
        return key.start if key is not None else parent.start
    return parent.start if parent is not None else 0


def in_flow(parsed: Parsed, where: Keys) -> bool:
    """Whether something above the node is written between braces or brackets."""
    above = [node_at(parsed, where[:depth]) for depth in range(len(where))]
    return any(isinstance(node, (YamlMap, YamlSeq)) and node.flow for node in above)


def refused(parsed: Parsed, node: YamlNode | None, why: str) -> PostilError:
    """The error of a change that is not made, naming the line."""
    where = str(node.place) if node is not None else parsed.path
    return PostilError(f"{where}: this cannot be changed safely ({why.rstrip('.')}). Change the file by hand.")


def entry_after(parsed: Parsed, node: YamlMap, position: int, key: str, value: Value) -> Splice:
    """A new entry after the one at ``position``, in the style of the mapping."""
    name, before = node.entries[position]
    last = max(name.end, parsed.last(before))
    if node.flow:
        return last, last, f", {render_flow(key)}: {render_flow(value)}"
    column = parsed.column(node.start)
    end = parsed.entry_end(column, last)
    in_flow = isinstance(value, Mapping) and _siblings_flow(node)
    entry = f"{render_flow(key)}: {render_flow(value)}" if in_flow else render_entry(key, value, column, parsed.step())
    return end, end, "\n" + " " * column + entry


def _siblings_flow(node: YamlMap) -> bool:
    """Whether the mappings in here are written in braces, as the new one then is too."""
    kinds = [value.flow for _, value in node if isinstance(value, YamlMap) and len(value)]
    return bool(kinds) and all(kinds)


def first_entry(parsed: Parsed, where: Keys, node: YamlNode | None, key: str, value: Value) -> list[Splice]:
    """The first entry of a mapping that is empty, null, or the whole of an empty file."""
    if isinstance(node, YamlMap) and in_flow(parsed, where):
        return [(node.start, node.end, "{" + f"{render_flow(key)}: {render_flow(value)}" + "}")]
    step = parsed.step()
    column = parsed.column(key_start(parsed, where)) + step if where else 0
    return opened(parsed, where, node, render_value({key: value}, column, step))


def opened(parsed: Parsed, where: Keys, node: YamlNode | None, lines: str) -> list[Splice]:
    """Put lines below a key whose value was nothing; what was written for nothing goes, a comment beside it stays."""
    if not where:
        start = node.start if node is not None else len(parsed.text)
        end = node.end if node is not None else start
        body = lines.removeprefix("\n") + ("" if parsed.text[end:] else "\n")
        return [(start, end, body if parsed.text[:start].endswith("\n") or not start else f"\n{body}")]
    if node is None:
        raise PostilError(f"{parsed.path}: there is no {'/'.join(map(str, where))} to put it in.")
    end = parsed.line_end(node.end)
    start = node.start
    while start < node.end and parsed.text[start - 1] in " \t":
        start -= 1
    return [(start, node.end, ""), (end, end, lines)]


def replaced(parsed: Parsed, where: Keys, old: YamlNode | None, value: Value) -> list[Splice]:
    """Give the node at ``where`` another value; a comment beside the old one stays."""
    if old is None:
        raise PostilError(f"{parsed.path}: there is no {'/'.join(map(str, where))} to change.")
    last = parsed.last(old)
    if in_flow(parsed, where):
        tight = parsed.text[old.start - 1 : old.start] == ":"
        return [(old.start, last, (" " if tight else "") + render_flow(value))]
    colon = _colon(parsed, where, old)
    if colon is not None and parsed.text[colon : old.start].strip():
        return _below_a_comment(parsed, colon, old, value)
    first, _, rest = _rendered(parsed, where, old, value).partition("\n")
    start = old.start if colon is None else colon
    if colon is None and first and parsed.text[start - 1] in " \t":
        first = first.removeprefix(" ")
    while not first and parsed.text[start - 1] in " \t":
        start -= 1
    end = parsed.line_end(last)
    return [(start, last, first), (end, end, f"\n{rest}")] if rest else [(start, last, first)]


def _colon(parsed: Parsed, where: Keys, old: YamlNode) -> int | None:
    """Right after the colon of the key, when the value stands on a line below it."""
    parent = node_at(parsed, where[:-1])
    key = parent.key(str(where[-1])) if isinstance(parent, YamlMap) else None
    if key is None or not parsed.starts_its_line(old.start):
        return None
    return parsed.text.find(":", key.end) + 1


def _below_a_comment(parsed: Parsed, colon: int, old: YamlNode, value: Value) -> list[Splice]:
    """The old value stands below its key, with comments between: one line goes to the key, more lines stay below."""
    last = parsed.last(old)
    if isinstance(value, (Mapping, list, tuple)) and value and isinstance(old, (YamlMap, YamlSeq)) and not old.flow:
        lines = render_value(value, parsed.column(old.start), parsed.step())
        if lines.startswith("\n"):
            return [(old.start, last, lines.lstrip())]
    first = parsed.line_start(old.start) - len(parsed.newline)
    return [(colon, colon, f" {render_flow(value)}"), (first, last, "")]


def _rendered(parsed: Parsed, where: Keys, old: YamlNode, value: Value) -> str:
    """The value as it stands after its key: lists and mappings in the style of the old one."""
    if isinstance(old, (YamlSeq, YamlMap)) and len(old) and old.flow and not isinstance(value, str):
        return f" {render_flow(value)}"
    block = isinstance(old, (YamlSeq, YamlMap)) and not old.flow
    column = parsed.column(old.start) if block else parsed.column(key_start(parsed, where)) + parsed.step()
    return render_value(value, column, parsed.step())


def without(parsed: Parsed, where: Keys, parent: YamlMap | YamlSeq, index: int) -> list[Splice]:
    """Take the entry or item at ``index`` out."""
    if len(parent) == 1 and not parent.flow:
        return _emptied(parsed, where, parent)
    spans = _spans(parsed, parent)
    if parent.flow:
        return _without_in_flow(parsed, spans, index)
    start, last = spans[index]
    column = parsed.column(start)
    end = parsed.entry_end(column, last)
    if parsed.starts_its_line(start):
        first, stop = parsed.line_start(start), parsed.next_line(end)
        if stop == len(parsed.text) and stop == end and first:  # the last line has no line end; keep it so
            return [(first - len(parsed.newline), stop, "")]
        return [(first, stop, "")]
    following = spans[index + 1][0]
    return [(start, last if parsed.text[last:following].strip() else following, "")]


def _spans(parsed: Parsed, parent: YamlMap | YamlSeq) -> list[tuple[int, int]]:
    if isinstance(parent, YamlMap):
        return [(key.start, max(key.end, parsed.last(value))) for key, value in parent]
    if parent.flow:
        return [(item.start, parsed.last(item)) for item in parent]
    return [(_dash(parsed, parent, index), parsed.last(item)) for index, item in enumerate(parent)]


def _dash(parsed: Parsed, parent: YamlSeq, index: int) -> int:
    """Where the dash of an item of a block list stands: all are in one column."""
    if index == 0:
        return parent.start
    column = parsed.column(parent.start)
    line = parsed.next_line(parsed.last(parent.items[index - 1]))
    while line <= parent.items[index].start:
        if parsed.text[line : line + column + 1] == " " * column + "-":
            return line + column
        line = parsed.next_line(line)
    raise refused(parsed, parent.items[index], "the list is written in an unusual way")


def _without_in_flow(parsed: Parsed, spans: list[tuple[int, int]], index: int) -> list[Splice]:
    """Take out the item and the comma after it, or for the last one the comma before it."""
    start, last = spans[index]
    if index + 1 < len(spans):
        comma = parsed.text.find(",", last)
        stop = comma + 1
        while parsed.text[stop : stop + 1] in (" ", "\t"):
            stop += 1
        return [(start, stop, "")]
    if index == 0:
        return [(start, last, "")]
    comma = parsed.text.find(",", spans[index - 1][1])
    if not parsed.text[comma + 1 : start].strip():
        return [(comma, last, "")]
    return [(comma, comma + 1, ""), (start, last, "")]


def _emptied(parsed: Parsed, where: Keys, parent: YamlMap | YamlSeq) -> list[Splice]:
    """The only entry goes: ``{}`` or ``[]`` is left after the key, or at the top of the file."""
    empty = "{}" if isinstance(parent, YamlMap) else "[]"
    start, last = _spans(parsed, parent)[0]
    end = parsed.entry_end(parsed.column(start), last)
    if not parsed.starts_its_line(start):
        return [(start, last, empty)]
    above = node_at(parsed, where[:-1]) if where else None
    key = above.key(str(where[-1])) if isinstance(above, YamlMap) else None
    if key is None:
        return [(start, end, empty)]
    colon = parsed.text.find(":", key.end) + 1
    first = parsed.line_start(start)
    stop = parsed.next_line(end)
    if stop == end:
        first -= len(parsed.newline)
    return [(colon, colon, f" {empty}"), (first, stop, "")]


@dataclass(frozen=True)
class Cut:
    """An entry taken out of a text: its key, its data, and the characters it was written in."""

    key: str
    data: Any
    value: Any
    column: int
    flow: bool
    raw: tuple[str, ...]

    def lines(self, column: int) -> str:
        """The entry as it stands at another column; its first line is not indented."""
        shift = column - self.column
        return "\n".join([self.raw[0], *(_shifted(line, shift) for line in self.raw[1:])])

    def in_braces(self) -> str:
        """The entry on one line."""
        if self.flow and len(self.raw) == 1:
            return self.raw[0]
        return f"{render_flow(self.key)}: {render_flow(self.value)}"

    @property
    def has_comments(self) -> bool:
        """Whether something in it may be a comment, which one line would lose."""
        return any(_COMMENT.search(line) for line in self.raw)


def cut_out(parsed: Parsed, where: Keys) -> Cut:
    """Take the entry at ``where`` out, with the comments inside it."""
    parent = node_at(parsed, where[:-1])
    if not isinstance(parent, YamlMap) or (key := parent.key(str(where[-1]))) is None:
        raise PostilError(f"{parsed.path}: there is no {where[-1]!r} to move.")
    value = parent[key.text]
    column = parsed.column(key.start)
    end = max(key.end, parsed.last(value))
    if not parent.flow and parsed.starts_its_line(key.start):
        end = parsed.entry_end(column, end)
    raw = tuple(parsed.text[key.start : end].splitlines())
    return Cut(key.text, as_data(value), plain(value), column, parent.flow, raw)


def moved_in(parsed: Parsed, to: Keys, node: YamlNode | None, cut: Cut) -> list[Splice]:
    """Put what was cut out at the end of the mapping at ``to``."""
    filled = isinstance(node, YamlMap) and bool(node.entries)
    if in_flow(parsed, to) or (filled and isinstance(node, YamlMap) and node.flow):
        if cut.has_comments:
            raise refused(parsed, node, "its comments have no place between braces")
        if isinstance(node, YamlMap) and filled:
            last = parsed.last(node.entries[-1][1])
            return [(last, last, f", {cut.in_braces()}")]
        return [] if node is None else [(node.start, node.end, "{" + cut.in_braces() + "}")]
    if isinstance(node, YamlMap) and filled:
        column = parsed.column(node.start)
        end = parsed.entry_end(column, parsed.last(node))
        return [(end, end, "\n" + " " * column + cut.lines(column))]
    column = parsed.column(key_start(parsed, to)) + parsed.step() if to else 0
    return opened(parsed, to, node, "\n" + " " * column + cut.lines(column))


def _shifted(line: str, shift: int) -> str:
    if not line.strip():
        return line
    blanks = len(line) - len(line.lstrip(" "))
    return " " * max(blanks + shift, 0) + line[blanks:]
