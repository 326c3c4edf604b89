"""Names and descriptions without characters that do not show: YAML cannot hold them, and they can turn words around."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from postil_base.problem import Remark
from postil_formats.projects.refi import values as v

T = TypeVar("T", v.RefiCode, v.CodeSet, v.Case)
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\ud800-\udfff\ufffe\uffff]")


class Cleaner:
    """Takes them out and remembers where some were."""

    def __init__(self) -> None:
        self.remarks: list[Remark] = []

    def text(self, text: str, what: str) -> str:
        """The text without them; CR is a line end."""
        clean = _HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
        if clean != text and _HIDDEN.search(text.replace("\r", "")):
            self.remarks.append(Remark(what, "characters that do not show were taken out", lost=False))
        return clean

    def project(self, project: v.Project) -> v.Project:
        """A project whose names and descriptions can be written; the texts themselves stay as they are."""
        text = self.text
        return replace(
            project,
            name=text(project.name, "name of the project"),
            description=text(project.description, "description of the project"),
            users=tuple(replace(u, name=text(u.name, f"user {u.guid}"), id=text(u.id, "user")) for u in project.users),
            codes=tuple(_described(c, text, "code") for c in project.codes),
            sets=tuple(_described(s, text, "set") for s in project.sets),
            variables=tuple(replace(x, name=text(x.name, f"variable {x.guid}")) for x in project.variables),
            cases=tuple(replace(_described(c, text, "case"), values=self._values(c.values)) for c in project.cases),
            sources=tuple(
                replace(s, name=text(s.name, f"source {s.guid}"), values=self._values(s.values))
                for s in project.sources
            ),
        )

    def _values(self, values: tuple[v.Value, ...]) -> tuple[v.Value, ...]:
        return tuple(
            replace(x, value=self.text(x.value, "value of a variable")) if isinstance(x.value, str) else x
            for x in values
        )


def _described(thing: T, text: Callable[[str, str], str], kind: str) -> T:
    what = f"{kind} {thing.guid}"
    return replace(thing, name=text(thing.name, what), description=text(thing.description, what))
