"""Values as YAML text: block style for what grows, flow style for short lists, quotes only where they are needed.

What is written here reads back as the same data, in YAML 1.1 and 1.2, and as text where it was text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import yaml

Value: TypeAlias = "str | int | float | bool | Mapping[str, Value] | Sequence[Value] | None"

WIDTH = 100
# what YAML 1.2 takes for a number and PyYAML's rules do not, and the short forms of yes and no
_NUMBER_LIKE = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0[xo][0-9a-fA-F]+|[yYnN]")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
_NO_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_UNFIT_FOR_BLOCK = re.compile("[\x00-\x09\x0b-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]| (?=\n)| $")


def render_entry(key: str, value: Value, indent: int, step: int = 2) -> str:
    r"""``key: value`` in block style, as it stands at ``indent``; the first line is not indented.

    >>> print(render_entry("trust", {"label": "Trust", "examples": ["a: b", "no"], "codes": {}}, 0))
    trust:
      label: Trust
      examples: ['a: b', 'no']
      codes: {}
    """
    return f"{render_flow(key)}:{render_value(value, indent + step, step)}"


def render_value(value: Value, indent: int, step: int = 2) -> str:
    """What stands after ``key:`` when lines below it are indented by ``indent``: ``␣scalar``, or lines of their own."""
    if isinstance(value, str):
        return f" {render_text(value, indent)}"
    if not isinstance(value, (Mapping, Sequence)) or not value:
        return f" {render_flow(value)}"
    margin = "\n" + " " * indent
    if isinstance(value, Mapping):
        return "".join(margin + render_entry(str(key), item, indent, step) for key, item in value.items())
    if _short_list(value, indent):
        return f" {render_flow(value)}"
    return "".join(margin + render_item(item, indent) for item in value)


def render_item(value: Value, indent: int) -> str:
    """``- value`` as an item of a block list whose dashes stand at ``indent``."""
    if isinstance(value, Mapping) and value:
        lines = render_value(value, indent + 2)
        return "- " + lines.lstrip()
    if isinstance(value, str):
        return f"- {render_text(value, indent + 2)}"
    return f"- {render_flow(value)}"


def render_text(text: str, indent: int) -> str:
    """A text in block style: several lines become a ``|`` block, a long line a ``>-`` block, where that is exact."""
    margin = "\n" + " " * indent
    if not _UNFIT_FOR_BLOCK.search(text):
        if len(text) > WIDTH and "\n" not in text and "" not in text.split(" "):
            return ">-" + "".join(margin + line for line in _folded(text, max(WIDTH - indent, 40)))
        body = text.removesuffix("\n")
        if "\n" in body and not body.startswith((" ", "\n")) and not body.endswith("\n"):
            lines = "".join(margin + line if line else "\n" for line in body.split("\n"))
            return ("|" if text.endswith("\n") else "|-") + lines
    return _scalar(text, flow=False)


def _folded(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return lines


def render_flow(value: Value) -> str:
    """A value on one line.

    >>> render_flow({"codes": ["a", "b, c"], "exclusive": True, "count": 1.5, "none": None, "text": "1.5"})
    "{codes: [a, 'b, c'], exclusive: true, count: 1.5, none: null, text: '1.5'}"
    """
    if isinstance(value, str):
        return _scalar(value, flow=True)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{render_flow(str(k))}: {render_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(render_flow(item) for item in value) + "]"
    return as_plain_text(value)


def as_plain_text(value: int | float | bool | None) -> str:
    """Numbers, true, false and null as they are written."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)


def _short_list(items: Sequence[Value], indent: int) -> bool:
    if any(isinstance(item, (Mapping, list, tuple)) for item in items):
        return False
    if sum(len(str(item)) + 2 for item in items) > WIDTH - indent:
        return False
    return len(render_flow(items)) <= WIDTH - indent


def _scalar(text: str, flow: bool) -> str:
    """A text on one line, quoted by PyYAML's own rules, and where a reader could take it for something else.

    PyYAML is not asked about plain words: most of what is written are ids, and asking takes long.
    """
    if _WORD.fullmatch(text) and text.lower() not in _NO_WORDS:
        return text
    style = "'" if _NUMBER_LIKE.fullmatch(text) else None
    if "\n" in text or _UNFIT_FOR_BLOCK.search(text):
        style = '"'
    written: str = (
        yaml.dump(
            [text] if flow else {"k": text},
            Dumper=yaml.SafeDumper,
            default_style=None,
            default_flow_style=flow,
            allow_unicode=True,
            width=float("inf"),
        )
        if style is None
        else _forced(text, style)
    )
    if style is not None:
        return written
    return written.strip("\n")[1:-1] if flow else written.rstrip("\n").removeprefix("k: ")


def _forced(text: str, style: str) -> str:
    dumped: str = yaml.dump(text, Dumper=yaml.SafeDumper, default_style=style, allow_unicode=True, width=float("inf"))
    return dumped.rstrip("\n").removesuffix("\n...")
