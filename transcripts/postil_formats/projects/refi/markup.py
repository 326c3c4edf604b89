"""Elements of a REFI-QDA file by local name, whatever namespace they are in, and attributes whatever their shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml import etree

_GUID = re.compile(r"\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?")
_HEX = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,[^)]*)?\)")
_TRUE = ("true", "1", "yes")
_FALSE = ("false", "0", "no")


def local(element: etree._Element) -> str:
    """The local name of an element; empty for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: etree._Element | None, *names: str) -> Iterator[etree._Element]:
    """Child elements of these local names, in order (all elements, if none is named)."""
    for child in element if element is not None else ():
        name = local(child)
        if name and (not names or name in names):
            yield child


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first child of a local name."""
    return next(children(element, name), None)


def text_of(element: etree._Element | None, name: str) -> str:
    """The text of a child, empty if there is none; marks inside it do not swallow words."""
    found = child(element, name)
    return "".join(found.itertext()) if found is not None else ""  # type: ignore[arg-type]


def get(element: etree._Element, *names: str) -> str:
    """An attribute by the first of its names that is there, whatever its capitals."""
    for name in names:
        value = element.get(name)
        if value is not None:
            return str(value)
    lower = {str(key).rpartition("}")[2].lower(): str(value) for key, value in element.attrib.items()}
    return next((lower[name.lower()] for name in names if name.lower() in lower), "")


def guid(element: etree._Element, *names: str) -> str:
    """A GUID in one form: upper case, no braces. What is no GUID stays as it is, so that references still meet."""
    return one_form(get(element, *names))


def one_form(text: str) -> str:
    """The one form of a GUID.

    >>> one_form("{5215cc69-b628-4e02-afb9-9beeaee55808}")
    '5215CC69-B628-4E02-AFB9-9BEEAEE55808'
    """
    match = _GUID.fullmatch(text.strip())
    return match[1].upper() if match else text.strip()


def is_guid(text: str) -> bool:
    """Whether a text is a GUID."""
    return _GUID.fullmatch(text) is not None


def refs(element: etree._Element | None, *names: str) -> tuple[str, ...]:
    """What the references of these names point to; codebooks write ``guid`` where projects write ``targetGUID``."""
    found = (guid(child, "targetGUID", "guid") for child in children(element, *names))
    return tuple(dict.fromkeys(target for target in found if target))


def truth(text: str, default: bool) -> bool:
    """A boolean as XML and as programs write it."""
    word = text.strip().lower()
    return True if word in _TRUE else False if word in _FALSE else default


def colour(text: str) -> str:
    """A colour as ``#RRGGBB``; empty if it is none. Transparency (the first two digits of eight) is left out.

    >>> colour("#fff"), colour("rgb(200,30,30)"), colour("#80FF0000"), colour("reddish")
    ('#FFFFFF', '#C81E1E', '#FF0000', '')
    """
    match = _HEX.fullmatch(text.strip())
    if match:
        digits = match[1].upper()
        return "#" + ("".join(digit * 2 for digit in digits) if len(digits) == 3 else digits[-6:])
    rgb = _RGB.fullmatch(text.strip().lower())
    return "#" + "".join(f"{min(int(part), 255):02X}" for part in rgb.groups()) if rgb else ""


def whole(text: str) -> int | None:
    """A whole number, also written ``12.0``; None if it is none, or longer than any position can be."""
    match = re.fullmatch(r"([+-]?[0-9]{1,15})(?:\.0{1,6})?", text.strip())
    return int(match[1]) if match else None
