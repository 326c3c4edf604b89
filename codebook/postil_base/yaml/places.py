"""YAML as a light tree in which everything knows its place; scalars stay text until the schema types them.

Files of other people are hostile until shown otherwise: the parser's events are read one by one with limits on size,
depth and aliases, no tag is obeyed, and whatever is wrong becomes a `Problem`. ``no``, ``12:30`` and ``1.0`` stay text.

>>> root, problems = load_yaml("title: no\\ncodes: [a, b]\\n", "book.yaml")
>>> root["title"].text, root["codes"].place.line, problems
('no', 2, [])
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from math import isfinite
from typing import Any, TypeAlias

import yaml

from postil_base.problem import Place, Problem

MAX_CHARACTERS = 8_000_000
MAX_DEPTH = 60
MAX_REPEATED = 100_000  # nodes that aliases repeat
MAX_PROBLEMS = 100

_INTEGER = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e]")
_LINE_END = re.compile(r"\r\n|\r|\n")
_CORE_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "seq", "map"))
_CONFLICT = re.compile(r"^(<{7}|={7}|>{7})( |$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class YamlScalar:
    """A scalar. ``start`` and ``end`` are offsets into the text; ``style`` is YAML's own mark, empty when plain."""

    text: str
    place: Place
    start: int
    end: int
    style: str = ""
    size: int = 1
    alias: bool = False

    @property
    def is_null(self) -> bool:
        """Nothing was written, or ``null`` without quotes."""
        return not self.style and self.text in _NULL


@dataclass(frozen=True, slots=True)
class YamlSeq:
    """A list."""

    items: tuple[YamlNode, ...]
    place: Place
    start: int
    end: int
    flow: bool = False
    size: int = 1
    alias: bool = False

    def __iter__(self) -> Iterator[YamlNode]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, slots=True)
class YamlMap:
    """A mapping in the order of the file; of a key that is there twice the first counts, ``again`` has the others."""

    entries: tuple[tuple[YamlScalar, YamlNode], ...]
    place: Place
    start: int
    end: int
    flow: bool = False
    size: int = 1
    alias: bool = False
    again: tuple[YamlScalar, ...] = ()

    def __iter__(self) -> Iterator[tuple[YamlScalar, YamlNode]]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, key: str) -> bool:
        return self.get(key) is not None

    def __getitem__(self, key: str) -> YamlNode:
        found = self.get(key)
        if found is None:
            raise KeyError(key)
        return found

    def get(self, key: str) -> YamlNode | None:
        """The value of ``key``, or None."""
        return next((value for name, value in self.entries if name.text == key), None)

    def key(self, key: str) -> YamlScalar | None:
        """The scalar in which ``key`` itself is written, or None."""
        return next((name for name, _ in self.entries if name.text == key), None)

    def keys(self) -> tuple[str, ...]:
        """The keys as text."""
        return tuple(name.text for name, _ in self.entries)


YamlNode: TypeAlias = YamlScalar | YamlSeq | YamlMap


def load_yaml(text: str, path: str) -> tuple[YamlNode | None, list[Problem]]:
    """Parse one YAML document. Without a tree (None) it is empty, or could not be parsed and a problem says why."""
    reader = _NodeReader(text.removeprefix("\ufeff"), path)
    return reader.read(), reader.problems


def load_map(text: str, path: str) -> tuple[YamlMap | None, list[Problem]]:
    """The same for a file that must hold a mapping; an empty file is None without a problem."""
    root, problems = load_yaml(text, path)
    if root is None or isinstance(root, YamlMap):
        return root, problems
    if isinstance(root, YamlScalar) and root.is_null:
        return None, problems
    message = "the file must hold `key: value` lines at the top; see docs/file-formats.md for its form."
    return None, [*problems, Problem(root.place, message, "yaml-type")]


def plain(node: YamlNode | None) -> Any:
    """The node as Python values, for data that has no schema: numbers, true and false, null; all else is text.

    >>> plain(load_yaml("{a: 1, b: [no, 1.5, 'true', true], c: }", "x")[0])
    {'a': 1, 'b': ['no', 1.5, 'true', True], 'c': None}
    """
    if isinstance(node, YamlMap):
        return {key.text: plain(value) for key, value in node}
    if isinstance(node, YamlSeq):
        return [plain(item) for item in node]
    return None if node is None else _plain_scalar(node)


def _plain_scalar(node: YamlScalar) -> Any:
    if node.style:
        return node.text
    if node.is_null:
        return None
    if node.text in _TRUTH:
        return _TRUTH[node.text]
    number = number_of(node.text)
    return node.text if number is None else number


def number_of(text: str) -> int | float | None:
    """The number a text stands for, or None; numbers of more than 300 characters are none.

    >>> number_of("12"), number_of("-.5e3"), number_of("12:30"), number_of("nan")
    (12, -500.0, None, None)
    """
    if len(text) > 300 or not text.isascii() or not _NUMBER.fullmatch(text):
        return None
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if isfinite(float(text)) else None


def truth_of(text: str) -> bool | None:
    """``true`` or ``false``, or None for anything else."""
    return _TRUTH.get(text)


def _start(event: Any) -> int:
    """The offset at which an event of the parser starts."""
    index: int = event.start_mark.index
    return index


def _end(event: Any) -> int:
    """The offset at which an event of the parser ends."""
    index: int = event.end_mark.index
    return index


class _TooMuchError(Exception):
    """A limit was passed; the problem is already noted."""


class _NodeReader:
    """Builds the tree of one document from the parser's events."""

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.problems: list[Problem] = []
        self._anchors: dict[str, YamlNode | None] = {}
        self._repeated = 0
        self._loader: Any = None

    def read(self) -> YamlNode | None:
        """The document's tree; None when it is empty or broken."""
        if len(self.text) > MAX_CHARACTERS:
            self._problem(0, f"the file is larger than {MAX_CHARACTERS:,} characters and was not read.", "yaml-size")
            return None
        try:
            return self._document()
        except _TooMuchError:
            return None
        except yaml.YAMLError as error:
            self._broken(error)
        except UnicodeEncodeError as error:
            self._problem(error.start, "half a surrogate pair is no character; remove it.", "yaml-syntax")
        return None

    def _document(self) -> YamlNode | None:
        self._loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(self.text)
        try:
            root: YamlNode | None = None
            while (event := self._loader.get_event()) is not None:
                if not isinstance(event, yaml.DocumentStartEvent):
                    continue
                if root is not None:
                    self._problem(_start(event), "a second document starts here; keep one.", "yaml-syntax")
                    break
                root = self._node(self._loader.get_event(), 0)
            return root
        finally:
            self._loader.dispose()

    def _node(self, event: Any, depth: int) -> YamlNode:
        if depth > MAX_DEPTH:
            message = f"nested more than {MAX_DEPTH} levels deep; the file was not read."
            self._stop(_start(event), message, "yaml-depth")
        if len(self.problems) >= MAX_PROBLEMS:
            message = f"{MAX_PROBLEMS} problems are enough; the file was not read any further."
            self._stop(_start(event), message, "yaml-syntax")
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        self._check_tag(event)
        if event.anchor:
            self._anchors[event.anchor] = None
        node = self._fresh(event, depth)
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _fresh(self, event: Any, depth: int) -> YamlNode:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, depth)
        return self._mapping(event, depth)

    def _scalar(self, event: Any) -> YamlScalar:
        start, end = _start(event), _end(event)
        style = event.style or ""
        if found := _CONTROL.search(event.value):
            message = f"the character U+{ord(found[0]):04X} does not show and has no place in a text; remove it."
            self._problem(start, message, "control-character")
        return YamlScalar(event.value, self.place(start), start, end, "" if style in (":", "plain") else style)

    def _sequence(self, event: Any, depth: int) -> YamlSeq:
        items: list[YamlNode] = []
        while not isinstance(part := self._loader.get_event(), yaml.SequenceEndEvent):
            items.append(self._node(part, depth + 1))
        start, flow = _start(event), bool(event.flow_style)
        end = _end(part) if flow or not items else items[-1].end
        size = 1 + sum(item.size for item in items)
        return YamlSeq(tuple(items), self.place(start), start, end, flow, size)

    def _mapping(self, event: Any, depth: int) -> YamlMap:
        entries: list[tuple[YamlScalar, YamlNode]] = []
        seen: dict[str, YamlScalar] = {}
        again: list[YamlScalar] = []
        end, size = _end(event), 1
        while not isinstance(part := self._loader.get_event(), yaml.MappingEndEvent):
            key, value = self._node(part, depth + 1), self._node(self._loader.get_event(), depth + 1)
            end, size = max(value.end, key.end), size + key.size + value.size
            if not isinstance(key, YamlScalar):
                self._problem(key.start, "a key must be one word or text, not a list or a mapping.", "yaml-type")
            elif key.text in seen:
                self._twice(key, seen[key.text])
                again.append(key)
            else:
                seen[key.text] = key
                entries.append((key, value))
        start, flow = _start(event), bool(event.flow_style)
        end = _end(part) if flow else end
        return YamlMap(tuple(entries), self.place(start), start, end, flow, size, again=tuple(again))

    def _alias(self, event: Any) -> YamlNode:
        start, end = _start(event), _end(event)
        target = self._anchors.get(event.anchor)
        if target is None:
            known = event.anchor in self._anchors
            why = "stands inside what it repeats" if known else "repeats nothing: no such anchor above"
            self._stop(start, f"the alias *{event.anchor} {why}.", "yaml-alias")
            raise AssertionError
        self._count(target.size, event)
        return replace(target, place=self.place(start), start=start, end=end, alias=True)

    def _count(self, nodes: int, event: Any) -> None:
        self._repeated += nodes
        if self._repeated > MAX_REPEATED:
            message = "aliases repeat so much that the file was not read; write the values out."
            self._stop(_start(event), message, "yaml-size")

    def _check_tag(self, event: Any) -> None:
        tag = event.tag
        if tag and tag != "!" and tag not in _CORE_TAGS:
            self._problem(_start(event), f"the tag {tag[:60]!r} is not used here; remove it.", "yaml-tag")

    def _twice(self, key: YamlScalar, first: YamlScalar) -> None:
        message = f"{key.text!r} is here twice (first in line {first.place.line}); keep one of the two."
        self._problem(key.start, message, "duplicate-key")

    def _broken(self, error: yaml.YAMLError) -> None:
        if conflict := _CONFLICT.search(self.text):
            message = "a git merge left its conflict marks here; choose a side and remove the marked lines."
            self._problem(conflict.start(), message, "merge-conflict")
            return
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        position = getattr(error, "position", None)
        index = mark.index if mark is not None else position if isinstance(position, int) else 0
        what = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        context = getattr(error, "context", None)
        text = f"{context}: {what}" if context else f"{what}"
        message = f"this is not YAML ({text}). Nothing of the file was read; mend the line or the one above it."
        self._problem(index, message, "yaml-syntax")

    def _stop(self, index: int, message: str, rule: str) -> None:
        self._problem(index, message, rule)
        raise _TooMuchError

    def _problem(self, index: int, message: str, rule: str) -> None:
        self.problems.append(Problem(self.place(index), message, rule))

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(found.end() for found in _LINE_END.finditer(self.text))]

    def place(self, index: int) -> Place:
        """Line and column as editors count them (YAML itself also ends lines at U+2028 and U+0085)."""
        line = bisect_right(self._line_starts, index)
        return Place(self.path, line, index - self._line_starts[line - 1] + 1)
