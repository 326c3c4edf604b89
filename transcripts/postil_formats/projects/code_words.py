"""A code's definition, rules and examples as one description, as other programs have it, and back."""

from __future__ import annotations

import re

from postil_codebook.values import Code
from postil_formats.projects.names import slug

_MARKS = ("Include", "Exclude", "Example", "Memo", "Origin", "Id", "Label")
_PART = re.compile(rf"^({'|'.join(_MARKS)}): ", re.MULTILINE)


def description_of(code: Code, name: str = "") -> str:
    r"""Definition first, then what to include and exclude, examples, memo, origin; id and label if the name hides them.

    >>> description_of(Code("a", "A", definition="Trust.", include="Names.", examples=("I know them.",)))
    'Trust.\n\nInclude: Names.\n\nExample: I know them.'
    """
    parts = [code.definition.strip()]
    parts += [
        f"{mark}: {text.strip()}" for mark, text in (("Include", code.include), ("Exclude", code.exclude)) if text
    ]
    parts += [f"Example: {example.strip()}" for example in code.examples]
    parts += [f"Memo: {code.memo.strip()}"] if code.memo else []
    parts += [f"Origin: {code.origin}"] if code.origin else []
    own = str(code.extra.get("x-name", "")) or code.label or code.id
    renamed = bool(name) and name != own
    parts += [f"Id: {code.id}"] if renamed or code.id != slug(code.label) else []
    parts += [f"Label: {own}"] if renamed else []
    return "\n\n".join(part for part in parts if part)


def fields_of(description: str) -> dict[str, str | list[str]]:
    """The fields of a code out of the description that `description_of` made."""
    pieces = _PART.split(description)
    fields: dict[str, str | list[str]] = {"definition": pieces[0].strip()} if pieces[0].strip() else {}
    examples: list[str] = []
    for mark, text in zip(pieces[1::2], pieces[2::2], strict=True):
        if mark == "Example":
            examples.append(text.strip())
        else:
            fields[mark.lower()] = text.strip()
    return {**fields, **({"examples": examples} if examples else {})}


_HEX = {
    "blue": "#4477CC",
    "sky": "#33AADD",
    "cyan": "#33BBBB",
    "teal": "#118877",
    "green": "#338833",
    "lime": "#88AA22",
    "yellow": "#DDBB22",
    "amber": "#DDAA33",
    "gold": "#CCA300",
    "orange": "#DD7733",
    "red": "#CC3333",
    "rose": "#CC4477",
    "pink": "#EE88AA",
    "magenta": "#BB44AA",
    "purple": "#8855BB",
    "violet": "#7755CC",
    "brown": "#886644",
    "slate": "#667788",
    "grey": "#888888",
    "gray": "#888888",
    "black": "#222222",
}


def colour_name(colour: str) -> str:
    """Our name of a colour that `colour_of` wrote; other colours stay as they are.

    >>> colour_name("#4477CC"), colour_name("#123456")
    ('blue', '#123456')
    """
    return next((name for name, written in _HEX.items() if written == colour), colour)


def colour_of(code: Code) -> str:
    """A code's colour as ``#RRGGBB``; empty for a name that is not known."""
    from postil_formats.projects.refi.markup import colour

    return _HEX.get(code.color.strip().lower()) or colour(code.color)
