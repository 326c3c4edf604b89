"""Reading a codebook: the native form (a tree of codes by id) and a list of ``{id, stage, kind, def}``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from postil_base.problem import Place, Problem
from postil_base.yaml.fields import Fields, entries_of
from postil_base.yaml.places import YamlNode, YamlScalar, YamlSeq, load_map
from postil_codebook.references import MAX_LABEL, bad_name, short, unknown_code
from postil_codebook.values import Code, Codebook, CodeGroup, Retired

ORIGINS = ("prior", "pilot", "emergent", "in-vivo")
FIELDS = (
    "label",
    "definition",
    "include",
    "exclude",
    "examples",
    "origin",
    "color",
    "codable",
    "formerly",
    "changed",
    "memo",
    "children",
)
_ABOUT = ("source", "note", "license", "schema", "schema_version")


def load_codebook(text: str, path: str) -> tuple[Codebook, list[Problem]]:
    """Read a codebook. Whatever is wrong is a problem, and what can be read is read all the same."""
    root, problems = load_map(text, path)
    fields = Fields(root, problems, "codebook")
    book = Codebook(fields.text("title"), fields.text("version"), path=path)
    reader = _Codes(problems)
    codes = fields.node("codes", "entries")
    if isinstance(codes, YamlSeq):
        reader.read_list(codes)
    else:
        reader.read(codes, None)
    book = msgspec.structs.replace(book, codes=reader.codes)
    book = msgspec.structs.replace(book, groups={group.id: group for group in _groups(fields, book)})
    book = msgspec.structs.replace(book, retired={code.id: code for code in _retired(fields)})
    problems += _former_ids(book)
    fields.close(_ABOUT)
    return book, problems


@dataclass
class _Codes:
    """The codes read so far, in the order of the file."""

    problems: list[Problem]
    codes: dict[str, Code] = field(default_factory=dict)

    def read(self, node: YamlNode | None, parent: str | None) -> None:
        """Read the codes of one level and, below each, its children."""
        what = f"code {short(parent)}: children" if parent else "codes"
        for key, value in entries_of(node, self.problems, what):
            self._one(key, value, parent, listed=isinstance(node, YamlSeq))

    def read_list(self, node: YamlSeq) -> None:
        """Read the flat list form: ``stage`` becomes a heading above, ``kind`` a key of the user's own."""
        stages: dict[str, str] = {}
        ids = {key.text for key, _ in entries_of(node, [], "")}
        for key, value in entries_of(node, self.problems, "codes"):
            stage = Fields(value, [], "").text("stage") if not isinstance(value, YamlScalar) else ""
            if stage and stage not in stages:
                stages[stage] = self._heading(stage, ids, value.place)
            self._one(key, value, stages.get(stage), listed=True)
        self.codes = _parents_first(self.codes)

    def _heading(self, stage: str, ids: set[str], place: Place) -> str:
        name = f"{stage}-stage" if stage in ids else stage
        if (problem := bad_name(name, place, "stage")) is not None:
            self.problems.append(problem)
        self.codes[name] = Code(name, _words(stage), codable=False, place=place)
        return name

    def _one(self, key: YamlScalar, node: YamlNode, parent: str | None, listed: bool) -> None:
        fields = Fields(None if node is key else node, self.problems, f"code {short(key.text)}", key.place)
        if (problem := bad_name(key.text, key.place, "code")) is not None:
            self.problems.append(problem)
        elif key.text in self.codes:
            self._twice(key)
        else:
            self.codes[key.text] = _code(fields, key, parent, listed)
            if fields.map is None or "children" not in fields.map:
                self._undefined(self.codes[key.text])
        self.read(fields.node("children", "entries"), key.text if key.text in self.codes else parent)
        fields.close(FIELDS)

    def _twice(self, key: YamlScalar) -> None:
        first = self.codes[key.text].place
        message = (
            f"the code {key.text!r} is here twice (first in line {first.line}); ids are unique in the whole book. "
            "Rename one of the two."
        )
        self.problems.append(Problem(key.place, message, "duplicate-code"))

    def _undefined(self, code: Code) -> None:
        if code.codable and not code.definition.strip():
            message = f"the code {code.id!r} has no definition; write one, or coders will read it differently."
            self.problems.append(Problem(code.place, message, "no-definition", "warning"))


def _code(fields: Fields, key: YamlScalar, parent: str | None, listed: bool) -> Code:
    extra: dict[str, str] = {}
    if listed:
        fields.text("id")
        fields.text("stage")
        extra = {"x-kind": kind} if (kind := fields.text("kind")) else {}
    return Code(
        id=key.text,
        label=_label(fields, key.text),
        parent=parent,
        definition=fields.text("definition") or (fields.text("def") if listed else ""),
        include=fields.text("include"),
        exclude=fields.text("exclude"),
        examples=fields.texts("examples"),
        origin=fields.choice("origin", ORIGINS),
        color=fields.text("color"),
        codable=fields.flag("codable", True),
        formerly=fields.texts("formerly"),
        changed=fields.text("changed"),
        memo=fields.text("memo"),
        extra=extra | fields.own(),
        place=key.place,
    )


def _label(fields: Fields, name: str) -> str:
    """The label, held to one line of a sensible length, since it stands in tables and pictures."""
    label = fields.text("label", name)
    if len(label) > MAX_LABEL or "\n" in label.strip():
        message = f"the label must be one line of at most {MAX_LABEL} characters; put the rest in `definition`"
        fields.report(fields.at("label"), message, "long-label")
        label = label.strip().replace("\n", " ")
        return label if len(label) <= MAX_LABEL else label[: MAX_LABEL - 1] + "…"
    return label.strip()


def _groups(fields: Fields, book: Codebook) -> Iterable[CodeGroup]:
    for key, value in fields.entries("groups"):
        if (problem := bad_name(key.text, key.place, "group")) is not None:
            fields.problems.append(problem)
        group = Fields(value, fields.problems, f"group {short(key.text)}", key.place)
        group.text("id")
        codes = [_resolved(book, code, group) for code in group.scalars("codes")]
        exclusive = group.flag("exclusive")
        label = group.text("label", key.text)
        group.close()
        yield CodeGroup(key.text, tuple(dict.fromkeys(c for c in codes if c)), exclusive, label, key.place)


def _retired(fields: Fields) -> Iterable[Retired]:
    """Codes that were deleted: a map from id to what they were, or a list of ids."""
    for key, value in fields.entries("retired"):
        entry = Fields(None if value is key else value, fields.problems, f"retired code {short(key.text)}", key.place)
        entry.text("id")
        texts = {name: entry.text(name) for name in ("label", "definition", "deleted", "again")}
        formerly = entry.texts("formerly")
        entry.close()
        yield Retired(key.text, **texts, formerly=formerly, place=key.place)


def _resolved(book: Codebook, reference: YamlScalar, group: Fields) -> str | None:
    found = book.resolve(reference.text)
    if found is None:
        group.problems.append(unknown_code(book, reference.text, reference.place, group.what, len(group.problems)))
    return found


def _former_ids(book: Codebook) -> list[Problem]:
    """A former id must lead to one code and must not be in use again; nor must that of a deleted code."""
    problems = _back_again(book)
    claimed: dict[str, str] = {}
    for code in book.codes.values():
        for old in code.formerly:
            other = old if old in book.codes else claimed.get(old)
            if other is not None:
                message = f"code {code.id!r}: the former id {short(old)} also leads to {other!r}; keep one of the two."
                problems.append(Problem(code.place, message, "duplicate-code"))
            claimed.setdefault(old, code.id)
    return problems


def _back_again(book: Codebook) -> list[Problem]:
    problems = []
    for was in book.retired.values():
        now = None if was.again else book.resolve(was.id)
        if now is not None:
            where = "stands in the book again" if now == was.id else f"leads to {now!r}"
            message = (
                f"the code {short(was.id)} was deleted, and its id {where}. If it is the same code, add `again:` with "
                "a date to its entry under `retired:`; if not, give the code another id."
            )
            problems.append(Problem(was.place, message, "duplicate-code"))
    return problems


def _words(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").strip().capitalize()


def _parents_first(codes: Mapping[str, Code]) -> dict[str, Code]:
    """The list form in the order of a tree: each heading directly followed by what is below it."""
    below: dict[str | None, list[Code]] = {}
    for code in codes.values():
        below.setdefault(code.parent, []).append(code)
    ordered: dict[str, Code] = {}
    waiting = below.get(None, [])[::-1]
    while waiting:
        code = waiting.pop()
        ordered[code.id] = code
        waiting += below.get(code.id, [])[::-1]
    return ordered
