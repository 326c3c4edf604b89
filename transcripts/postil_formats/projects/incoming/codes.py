"""The codes of a project: found in the codebook by what they are called and where they stand, or added to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from postil_base.ids import is_name
from postil_base.problem import Remark
from postil_codebook.references import MAX_LABEL
from postil_codebook.values import Code, Codebook, CodeGroup, Theme
from postil_formats.projects.code_words import colour_name, fields_of
from postil_formats.projects.identity import Identity
from postil_formats.projects.names import fold, free_id, slug
from postil_formats.projects.outgoing.project import THEME
from postil_formats.projects.refi import values as v
from postil_formats.projects.refi.guids import GUID_KEY
from postil_formats.projects.refi.markup import is_guid

NAME_KEY = "x-name"


@dataclass
class CodesIn:
    """Which code of the study each code of the project is."""

    book: Codebook
    identity: Identity
    ours: bool
    ids: dict[str, str] = field(default_factory=dict)
    new: list[Code] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def take(self, project: v.Project) -> None:
        """Find or make all codes; those of one name in different branches stay apart."""
        names = Counter(fold(code.name) for code in project.codes)
        known = {self.identity.code(code): code.id for code in self.book.codes.values()}
        by_name: dict[str, list[str]] = {}
        for known_code in self.book.codes.values():
            name = str(known_code.extra.get(NAME_KEY, known_code.label))
            for folded in {fold(known_code.label), fold(known_code.id), fold(name)}:
                by_name.setdefault(folded, []).append(known_code.id)
        coded = {coding.code for _, _, coding in project.codings()}
        for code in project.codes:
            found = known.get(code.guid) or self._named(code, names, by_name)
            if found is None:
                self._add(code, code.guid in coded)
            else:
                self.ids[code.guid] = found

    def _named(self, code: v.RefiCode, names: Counter[str], by_name: dict[str, list[str]]) -> str | None:
        """The code of that name, if only one is meant on both sides, or that stands below the same parent."""
        free = [id_ for id_ in by_name.get(fold(code.name), ()) if id_ not in self.ids.values()]
        above = self.ids.get(code.parent or "")
        same_place = [id_ for id_ in free if self.book.codes[id_].parent == above]
        if same_place:
            return same_place[0]
        return free[0] if len(free) == 1 and names[fold(code.name)] == 1 else None

    def _add(self, code: v.RefiCode, is_used: bool) -> None:
        taken = {*self.book.codes, *(made.id for made in self.new)}
        taken |= {old for known in self.book.codes.values() for old in known.formerly}
        parent = self.ids.get(code.parent or "")
        said = fields_of(code.description) if self.ours else {}
        own = str(said.get("id", ""))
        id_ = free_id(own if is_name(own) else slug(code.name), parent or "", "code", taken)
        self.ids[code.guid] = id_
        if not code.codable and is_used:
            what = f"code {' / '.join(code.name.split())}"
            self.remarks.append(Remark(what, "a heading there, but put on passages; here it can be coded", lost=False))
        self.new.append(self._made(code, id_, parent, code.codable or is_used))

    def _made(self, code: v.RefiCode, id_: str, parent: str | None, codable: bool) -> Code:
        own = str(fields_of(code.description).get("label", "")) if self.ours else ""
        name = own or code.name  # a name that was told apart from others for other programs
        label = " ".join(name.split())[:MAX_LABEL] or "(no name)"
        extra: dict[str, Any] = {GUID_KEY: code.guid} if is_guid(code.guid) else {}
        extra |= {NAME_KEY: name} if name != label else {}
        made = Code(id_, label, parent, color=code.color, codable=codable, extra=extra)
        if not self.ours:
            return msgspec.structs.replace(made, definition=code.description.strip())
        fields: dict[str, Any] = {**fields_of(code.description), "id": id_, "label": label}
        made = msgspec.structs.replace(made, color=colour_name(code.color))
        return msgspec.structs.replace(made, **{**fields, "examples": tuple(fields.get("examples", ()))})

    def themes(self, sets: Sequence[v.CodeSet], have: Iterable[Theme]) -> list[Theme]:
        """Our own themes, which travel as sets."""
        labels = {fold(theme.label or theme.id) for theme in have}
        taken = {theme.id for theme in have}
        made: list[Theme] = []
        for found in sets if self.ours else ():
            label = found.name.removeprefix(THEME)
            if label != found.name and fold(label) not in labels:
                id_ = free_id(slug(label), "", "theme", taken)
                taken.add(id_)
                codes = tuple(self.ids[code] for code in found.codes if code in self.ids)
                made.append(Theme(id_, label, found.description.strip(), codes))
        return made

    def groups(self, sets: Sequence[v.CodeSet]) -> list[CodeGroup]:
        """Sets of codes as groups; one that is there already is no news."""
        made: list[CodeGroup] = []
        have = {(fold(group.label or group.id), frozenset(group.codes)) for group in self.book.groups.values()}
        taken = set(self.book.groups)
        for found in sets:
            if self.ours and found.name.startswith(THEME):
                continue
            codes = tuple(dict.fromkeys(self.ids[code] for code in found.codes if code in self.ids))
            if not codes or (fold(found.name), frozenset(codes)) in have:
                continue
            id_ = free_id(slug(found.name), "", "group", taken)
            taken.add(id_)
            made.append(CodeGroup(id_, codes, label=" ".join(found.name.split())))
        return made
