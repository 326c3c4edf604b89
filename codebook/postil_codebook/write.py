"""A codebook as native YAML text, defaults left out; what is written here loads as the same codebook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from postil_base.yaml.write import Value, render_value
from postil_codebook.values import Code, Codebook, CodeGroup

_TEXTS = ("definition", "include", "exclude", "origin", "color", "changed", "memo")
_LISTS = ("examples", "formerly")


def native_codebook_text(codebook: Codebook) -> str:
    """The whole book in the native form, codes as a tree.

    >>> book = Codebook("Trust", "1.0.0", {"trust": Code("trust", "Trust", definition="Believing a claim.")})
    >>> print(native_codebook_text(book), end="")
    title: Trust
    version: 1.0.0
    codes:
      trust:
        label: Trust
        definition: Believing a claim.
    """
    head = {key: value for key, value in (("title", codebook.title), ("version", codebook.version)) if value}
    parts: dict[str, Value] = {**head, "codes": _tree(codebook)}
    if codebook.groups:
        parts["groups"] = {group.id: _group(group) for group in codebook.groups.values()}
    return render_value(parts, 0).removeprefix("\n") + "\n"


def code_fields(code: Code) -> dict[str, Value]:
    """The fields of one code as they stand in the file, without its children."""
    fields: dict[str, Value] = {"label": code.label} if code.label != code.id else {}
    for name in ("definition", "include", "exclude"):
        fields |= {name: text} if (text := getattr(code, name)) else {}
    if not code.codable:
        fields["codable"] = False
    for name in _LISTS:
        fields |= {name: list(items)} if (items := getattr(code, name)) else {}
    for name in _TEXTS[3:]:
        fields |= {name: text} if (text := getattr(code, name)) else {}
    return fields | dict(_own(code.extra))


def _own(extra: Mapping[str, Any]) -> Mapping[str, Value]:
    return {key: value for key, value in extra.items() if key.startswith("x-")}


def _tree(codebook: Codebook) -> dict[str, Value]:
    """Codes by id with their children inside; a code goes to its parent, which stands before it."""
    top: dict[str, Value] = {}
    made: dict[str, dict[str, Value]] = {}
    for code in codebook.codes.values():
        made[code.id] = code_fields(code)
        if code.parent in made:
            children = made[code.parent].setdefault("children", {})
            assert isinstance(children, dict)
            children[code.id] = made[code.id]
        else:
            top[code.id] = made[code.id]
    return top


def _group(group: CodeGroup) -> Value:
    fields: dict[str, Value] = {"label": group.label} if group.label not in ("", group.id) else {}
    fields["codes"] = list(group.codes)
    if group.exclusive:
        fields["exclusive"] = True
    return fields
