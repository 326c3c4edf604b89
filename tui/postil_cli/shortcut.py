"""The way into the app past click: opening a transcript is what a person waits for every day.

Only the plain forms of ``postil`` and ``postil code`` are understood here; every other form, and every mistake, is
click's to explain.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_OPTIONS = {"--coder": "coder", "--study": "study", "-C": "study"}


class AppCall(NamedTuple):
    """What ``postil code`` was called with."""

    study: str | None = None
    transcript: str | None = None
    coder: str | None = None


def app_call(arguments: Sequence[str]) -> AppCall | None:
    """What the app is to open; None where click has to look at the arguments.

    >>> app_call(["code", "I01", "--coder=ana"])
    AppCall(study=None, transcript='I01', coder='ana')
    >>> app_call(["code", "--help"]) is None
    True
    """
    if not arguments:
        return AppCall()
    if arguments[0] != "code":
        return None
    found: dict[str, str] = {}
    rest = iter(arguments[1:])
    for argument in rest:
        name, given, value = argument.partition("=")
        if not argument.startswith("-") and argument:
            key, value = "transcript", argument
        elif name in _OPTIONS and not (given and name == "-C"):
            key, value = _OPTIONS[name], value if given else next(rest, "")
        else:
            return None
        if key in found or not value or value.startswith("-"):
            return None
        found[key] = value
    return AppCall(**found)
