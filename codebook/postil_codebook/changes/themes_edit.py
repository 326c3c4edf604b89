r"""Changes to the themes' text: themes made, worded, filled with codes; every comment stays where it was.

>>> text = "themes:\n  - id: trust\n    label: Trust\n    codes: [maker]  # so far\n"
>>> print(assign_code(text, "themes.yaml", "trust", "popularity"), end="")
themes:
  - id: trust
    label: Trust
    codes: [maker, popularity]  # so far
"""

from __future__ import annotations

from collections.abc import Mapping

from postil_base.ids import is_name, suggest_name
from postil_base.problem import PostilError
from postil_base.yaml.edit import append_item, delete_entry, insert_entry, set_value
from postil_base.yaml.places import YamlMap, YamlNode, YamlScalar, YamlSeq, load_yaml
from postil_base.yaml.splices import Keys
from postil_base.yaml.write import Value
from postil_codebook.themes import load_themes

FIELDS = ("label", "definition", "memo")


def add_theme(text: str, path: str, theme: str, label: str) -> str:
    """Add a theme without codes at the end, in the form the file has (a list, unless it is a mapping)."""
    if not is_name(theme):
        raise PostilError(f"{path}: {theme!r} cannot name a theme; use a-z, 0-9, `.` and `-`.")
    if theme in _ids(text, path):
        raise PostilError(f"{path}: there is a theme {theme!r} already.")
    node = _themes(text, path)
    if isinstance(node, YamlMap) and len(node):
        return insert_entry(text, ["themes"], theme, {"label": label, "codes": []}, path=path)
    entry: Mapping[str, Value] = {"id": theme, "label": label, "codes": []}
    if isinstance(node, YamlSeq) and node.items:
        return append_item(text, ["themes"], entry, path=path)
    return set_value(text, ["themes"], [entry], path=path)


def set_theme(text: str, path: str, theme: str, field: str, value: str) -> str:
    """Word a theme's label, definition or memo; an empty text takes the field out."""
    if field not in FIELDS:
        raise PostilError(f"{path}: {field!r} is no field of a theme that can be set; known are {', '.join(FIELDS)}.")
    where = [*_where(text, path, theme), field]
    if value:
        return set_value(text, where, value, path=path)
    node = _node(text, path, where[:-1])
    return delete_entry(text, where, path=path) if isinstance(node, YamlMap) and field in node else text


def assign_code(text: str, path: str, theme: str, code: str) -> str:
    """Put a code under a theme; one that is there stays as it is."""
    if code in _codes(text, path, theme):
        return text
    return append_item(text, [*_where(text, path, theme), "codes"], code, path=path)


def take_code(text: str, path: str, theme: str, code: str) -> str:
    """Take a code (as the file writes it) out of a theme."""
    codes = _codes(text, path, theme)
    if code not in codes:
        raise PostilError(f"{path}: {code!r} is not under {theme!r}.")
    where = [*_where(text, path, theme), "codes"]
    if isinstance(_node(text, path, where), YamlScalar):
        return set_value(text, where, [], path=path)
    return delete_entry(text, [*where, codes.index(code)], path=path)


def delete_theme(text: str, path: str, theme: str) -> str:
    """Take a theme out."""
    return delete_entry(text, _where(text, path, theme), path=path)


def theme_id(text: str, path: str, label: str) -> str:
    """An id for a new theme of that label that is not taken yet; empty when the label has no letter or digit for it.

    >>> theme_id("themes: [{id: trust, label: Trust}]\\n", "themes.yaml", "Trust!")
    'trust-2'
    """
    base = suggest_name(label)[:60].strip("-.")
    taken = set(_ids(text, path))
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken) if base else ""


def _themes(text: str, path: str) -> YamlNode | None:
    root, problems = load_yaml(text, path)
    if problems:
        raise PostilError(f"{problems[0]} Mend the file first.")
    return root.get("themes") if isinstance(root, YamlMap) else None


def _ids(text: str, path: str) -> list[str]:
    return [theme.id for theme in load_themes(text, path)[0]]


def _codes(text: str, path: str, theme: str) -> tuple[str, ...]:
    return next((found.codes for found in load_themes(text, path)[0] if found.id == theme), ())


def _where(text: str, path: str, theme: str) -> list[str | int]:
    node = _themes(text, path)
    if isinstance(node, YamlMap) and theme in node:
        return ["themes", theme]
    for index, item in enumerate(node.items if isinstance(node, YamlSeq) else ()):
        key = item.get("id") if isinstance(item, YamlMap) else None
        if isinstance(key, YamlScalar) and key.text == theme:
            return ["themes", index]
    raise PostilError(f"{path}: there is no theme {theme!r} that could be changed.")


def _node(text: str, path: str, where: Keys) -> YamlNode | None:
    node: YamlNode | None = load_yaml(text, path)[0]
    for key in where:
        if isinstance(node, YamlMap) and isinstance(key, str):
            node = node.get(key)
        elif isinstance(node, YamlSeq) and isinstance(key, int):
            node = node.items[key]
        else:
            return None
    return node
