"""Pseudonyms in YAML files: scalars and comments change, layout stays, and the result must say what was meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from postil_base.files.text import BOM
from postil_base.problem import PostilError
from postil_base.yaml.places import YamlMap, YamlNode, YamlScalar, YamlSeq, load_yaml
from postil_base.yaml.write import render_flow

Path = tuple[str, ...]
Change = Callable[[Path, str], str]  # where a text stands in the file, the text → the new text


def replaced_yaml(text: str, name: str, change: Change) -> str:
    """The file with every key and value as ``change`` says. ``change(("#",), …)`` is asked for comments."""
    bom = BOM if text.startswith(BOM) else ""
    text = text.removeprefix(BOM)
    root, problems = load_yaml(text, name)
    if problems:
        raise PostilError(f"{problems[0]} Repair the file first; nothing was written.")
    pieces: list[str] = []
    last = 0
    for where, scalar in sorted(_scalars(root, ()), key=lambda pair: pair[1].start):
        new = change(where, scalar.text)
        pieces.append(change(("#",), text[last : scalar.start]))
        raw = text[scalar.start : scalar.end]
        pieces.append(raw if new == scalar.text else _rendered(raw, scalar, new, change))
        last = scalar.end
    result = "".join([*pieces, change(("#",), text[last:])])
    return bom + _checked(result, root, name, change)


def _scalars(node: YamlNode | None, where: Path) -> Iterator[tuple[Path, YamlScalar]]:
    if isinstance(node, YamlMap):
        for key, value in node:
            if not node.alias:
                yield (*where, "key"), key
            yield from _scalars(value, (*where, key.text))
    elif isinstance(node, YamlSeq):
        for item in node:
            yield from _scalars(item, where)
    elif isinstance(node, YamlScalar) and not node.alias and node.start < node.end:
        yield where, node


def _rendered(raw: str, scalar: YamlScalar, new: str, change: Change) -> str:
    """A block keeps its lines; anything else becomes a text on one line."""
    return change(("#",), raw) if scalar.style in ("|", ">") else render_flow(new)


def _checked(result: str, root: YamlNode | None, name: str, change: Change) -> str:
    after, problems = load_yaml(result, name)
    if problems or _data(after, (), lambda _, text: text) != _data(root, (), change):
        raise PostilError(
            f"{name}: the names in it cannot be replaced safely; write its texts in quotes or as `|` blocks, "
            "then do this again. Nothing was written."
        )
    return result


def _data(node: YamlNode | None, where: Path, change: Change) -> Any:
    if isinstance(node, YamlMap):
        return [(change((*where, "key"), k.text), _data(v, (*where, k.text), change)) for k, v in node]
    if isinstance(node, YamlSeq):
        return [_data(item, where, change) for item in node]
    return change(where, node.text) if isinstance(node, YamlScalar) else None
