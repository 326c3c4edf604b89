r"""Many entries added to a YAML mapping at once: as safe as one by one, without reading the file again for each.

>>> insert_entries("a: {x: 1}  # one\n", [], {"b": {"x": "2"}, "c": {}})
"a: {x: 1}  # one\nb: {x: '2'}\nc: {}\n"
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from postil_base.yaml.edit import insert_entry
from postil_base.yaml.places import YamlMap, load_yaml
from postil_base.yaml.spans import parse
from postil_base.yaml.splices import Keys, as_data, node_at
from postil_base.yaml.write import Value, as_plain_text, render_entry


def insert_entries(text: str, where: Keys, entries: Mapping[str, Value], *, path: str = "") -> str:
    """Add entries at the end of the mapping at ``where``; see `yaml_edit.insert_entry`."""
    remaining = list(entries.items())
    while remaining:
        (key, value), *remaining = remaining
        text = insert_entry(text, where, key, value, path=path)
        together = _below(text, where, key, dict(remaining), path) if remaining else None
        if together is not None:
            return together
    return text


def _below(text: str, where: Keys, first: str, rest: Mapping[str, Value], path: str) -> str | None:
    """The text with ``rest`` written below the entry ``first``; None where that would not say what is meant."""
    parsed = parse(text, path)
    node = node_at(parsed, where)
    if not isinstance(node, YamlMap) or node.flow or node.entries[-1][0].text != first:
        return None
    key, value = node.entries[-1]
    column = parsed.column(key.start)
    at = parsed.entry_end(column, max(key.end, parsed.last(value)))
    lines = ("\n" + " " * column + render_entry(name, item, column) for name, item in rest.items())
    new = parsed.text[:at] + "".join(lines).replace("\n", parsed.newline) + parsed.text[at:]
    intended = as_data(parsed.root)
    mapping = intended
    for step in where:
        mapping = mapping[step]
    mapping.update({name: _read_back(item) for name, item in rest.items()})
    root, problems = load_yaml(new, path)
    return parsed.bom + new if not problems and as_data(root) == intended else None


def _read_back(value: Value) -> Any:
    """A value as the reader gives it back: everything is text."""
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, Mapping):
        return {str(key): _read_back(item) for key, item in value.items()}
    if isinstance(value, (int, float)):
        return as_plain_text(value)
    return [_read_back(item) for item in value]
