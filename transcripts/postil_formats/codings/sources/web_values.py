"""Values of JSON-LD as they may come: one or a list, a text or an address."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_MOST = 10**9


def items(value: Any) -> list[Any]:
    """A list; one thing alone is a list of one, nothing an empty one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def said(value: Any) -> str:
    """A text; anything else says nothing."""
    return value if isinstance(value, str) else ""


def position(value: Any) -> int:
    """A position; what is none becomes one that no text has, so that its annotation is listed as not placed."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST else -1


def source_of(target: Any) -> str:
    """The address of what a target stands in, or is."""
    for _ in range(3):
        if not isinstance(target, dict):
            break
        target = target.get("source") or target.get("id") or target.get("@id")
    return said(target).partition("#char=")[0]


def file_name(address: str) -> str:
    """The name of a text, from its address: a transcript's id, or the name of the file it came from.

    >>> file_name("https://example.org/texts/I01.txt"), file_name("urn:study:I01"), file_name("I%2001.txt")
    ('I01.txt', 'I01', 'I 01.txt')
    """
    try:
        path = urlsplit(address).path if "://" in address[:12] else address
    except ValueError:
        path = address
    return PurePosixPath(unquote(path).rpartition(":")[2]).name


def stem(name: str) -> str:
    """A file's name without its ending."""
    return name.rsplit(".", 1)[0] if re.search(r"[^.]\.[A-Za-z0-9]{1,5}$", name) else name


def tail(address: str) -> str:
    """The last part of an address; a text that is none stays as it is.

    >>> tail("http://www.w3.org/ns/oa#tagging"), tail("acct:ana"), tail("a text: with a colon")
    ('tagging', 'ana', 'a text: with a colon')
    """
    if not _ADDRESS.fullmatch(address):
        return address.strip()
    return unquote(re.split(r"[#/:]", address.rstrip("#/"))[-1])


def short_id(address: str) -> str:
    """The last part of an id, if it can be one of ours."""
    found = tail(address)
    return found if _ID.fullmatch(found) else ""
