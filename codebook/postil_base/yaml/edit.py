r"""Changes to a YAML text that leave every other character of it alone.

Each change is a splice by the parser's marks. The result is parsed again and compared with the data that was meant; if
they differ (anchors, explicit keys, unusual layout), nothing is changed and the message names the line.

>>> set_value("a: 1  # one\nb: 2\n", ["a"], "no")
"a: 'no'  # one\nb: 2\n"
>>> insert_entry("codes: {}  # none yet\n", ["codes"], "trust", {"label": "Trust"})
'codes:  # none yet\n  trust:\n    label: Trust\n'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from postil_base.problem import PostilError
from postil_base.yaml.places import YamlMap, YamlNode, YamlScalar, YamlSeq, load_yaml
from postil_base.yaml.spans import Parsed, parse
from postil_base.yaml.splices import (
    Keys,
    Splice,
    as_data,
    cut_out,
    entry_after,
    first_entry,
    index_of,
    moved_in,
    node_at,
    refused,
    replaced,
    without,
)
from postil_base.yaml.write import Value, as_plain_text, render_flow, render_item


def set_value(text: str, where: Keys, value: Value, *, path: str = "") -> str:
    """Give the entry at ``where`` another value; an entry that is not there is added to its mapping."""
    parsed = parse(text, path)
    parent = node_at(parsed, where[:-1])
    key = where[-1]
    nothing = parent is None or (isinstance(parent, YamlScalar) and parent.is_null)
    if isinstance(key, str) and (nothing or (isinstance(parent, YamlMap) and key not in parent)):
        return insert_entry(text, where[:-1], key, value, path=path)
    old = node_at(parsed, where)
    intended = as_data(parsed.root)
    _inside(intended, where[:-1])[key] = _meant(value)
    return _commit(parsed, replaced(parsed, where, old, value), intended, old)


def insert_entry(text: str, where: Keys, key: str, value: Value, *, after: str | None = None, path: str = "") -> str:
    """Add ``key: value`` to the mapping at ``where`` (or to nothing yet), at its end or ``after`` another key."""
    parsed = parse(text, path)
    node = node_at(parsed, where)
    intended = as_data(parsed.root)
    if node is None or isinstance(node, YamlScalar):
        if node is not None and not node.is_null:
            raise refused(parsed, node, "a text stands where a mapping is needed")
        return _commit(parsed, first_entry(parsed, where, node, key, value), _with(intended, where, {key: value}), node)
    if not isinstance(node, YamlMap):
        raise refused(parsed, node, "a list stands where a mapping is needed")
    if key in node:
        raise refused(parsed, node, f"{key!r} is there already")
    if not node.entries:
        splices = first_entry(parsed, where, node, key, value)
        return _commit(parsed, splices, _with(intended, where, {key: value}), node)
    position = node.keys().index(after) if after is not None else len(node) - 1
    _insert_after(_inside(intended, where), position, key, _meant(value))
    return _commit(parsed, [entry_after(parsed, node, position, key, value)], intended, node)


def delete_entry(text: str, where: Keys, *, path: str = "") -> str:
    """Take out an entry of a mapping or an item of a list. Comments above it stay, those inside it go with it."""
    parsed = parse(text, path)
    parent = node_at(parsed, where[:-1])
    if not isinstance(parent, (YamlMap, YamlSeq)):
        raise PostilError(f"{path}: there is no {where[-1]!r} to take out.")
    index = index_of(parsed, parent, where[-1])
    intended = as_data(parsed.root)
    del _inside(intended, where[:-1])[where[-1]]
    return _commit(parsed, without(parsed, where[:-1], parent, index), intended, parent)


def rename_key(text: str, where: Keys, new: str, *, path: str = "") -> str:
    """Give the entry at ``where`` another key, in its place."""
    parsed = parse(text, path)
    parent = node_at(parsed, where[:-1])
    if not isinstance(parent, YamlMap) or (key := parent.key(str(where[-1]))) is None:
        raise PostilError(f"{path}: there is no {where[-1]!r} to rename.")
    if new in parent:
        raise refused(parsed, key, f"{new!r} is there already")
    intended = as_data(parsed.root)
    data = _inside(intended, where[:-1])
    renamed = {new if name == key.text else name: value for name, value in data.items()}
    data.clear()
    data.update(renamed)
    return _commit(parsed, [(key.start, key.end, render_flow(new))], intended, key)


def append_item(text: str, where: Keys, value: Value, *, path: str = "") -> str:
    """Add an item to the end of the list at ``where``, which is made when it is not there; a text becomes a list."""
    parsed = parse(text, path)
    node = node_at(parsed, where)
    if isinstance(node, YamlScalar) and not node.is_null:
        return set_value(text, where, [node.text, value], path=path)
    if not isinstance(node, YamlSeq) or not node.items:
        return set_value(text, where, [value], path=path)
    intended = as_data(parsed.root)
    _inside(intended, where).append(_meant(value))
    last = parsed.last(node.items[-1])
    if node.flow:
        return _commit(parsed, [(last, last, f", {render_flow(value)}")], intended, node)
    column = parsed.column(node.start)
    end = parsed.entry_end(column, last)
    line = "\n" + " " * column + render_item(value, column)
    return _commit(parsed, [(end, end, line)], intended, node)


def move_entry(text: str, where: Keys, to: Keys, *, path: str = "") -> str:
    """Move an entry, with the comments inside it, to the end of the mapping at ``to``."""
    if list(to[: len(where)]) == list(where):
        raise PostilError(f"{path}: {where[-1]!r} cannot be moved below itself.")
    cut = cut_out(parse(text, path), where)
    shorter = parse(delete_entry(text, where, path=path), path)
    node = node_at(shorter, to)
    if isinstance(node, YamlMap) and cut.key in node:
        raise refused(shorter, node, f"{cut.key!r} is there already")
    intended = as_data(shorter.root)
    if isinstance(node, YamlMap) and node.entries:
        _inside(intended, to)[cut.key] = cut.data
    else:
        intended = _with(intended, to, {cut.key: cut.data})
    return _commit(shorter, moved_in(shorter, to, node, cut), intended, node)


def _inside(data: Any, where: Keys) -> Any:
    for key in where:
        data = data[key]
    return data


def _with(data: Any, where: Keys, value: Value) -> Any:
    if not where:
        return _meant(value)
    _inside(data, where[:-1])[where[-1]] = _meant(value)
    return data


def _meant(value: Any) -> Any:
    """A value as `as_data` reads it back."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {str(key): _meant(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_meant(item) for item in value]
    return None if value is None else as_plain_text(value)


def _insert_after(data: dict[str, Any], position: int, key: str, value: Any) -> None:
    entries = list(data.items())
    entries.insert(position + 1, (key, value))
    data.clear()
    data.update(entries)


def _commit(parsed: Parsed, splices: list[Splice], intended: Any, node: YamlNode | None) -> str:
    """Apply the splices, read the result, and give it back only if it says exactly what was meant."""
    text = parsed.text
    for start, end, new in sorted(splices, reverse=True):
        text = text[:start] + new.replace("\n", parsed.newline) + text[end:]
    root, problems = load_yaml(text, parsed.path)
    if problems or not _same(as_data(root), intended):
        why = problems[0].message if problems else "the change would have touched more than it should"
        raise refused(parsed, node, why)
    return parsed.bom + text


def _same(one: Any, other: Any) -> bool:
    """Equal data in equal order; an emptied file is an empty mapping."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)
