"""The codebook and a change of it, for eyes and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from postil_base.quoting.terminal import terminal

if TYPE_CHECKING:
    from postil_codebook.values import Code, Codebook, CodeGroup
    from postil_study.history.codebook_changes import SurgeryPlan

WIDTH = 96
_SHOWN = (("include", "use when"), ("exclude", "not when"), ("origin", "origin"), ("memo", "memo"))


def tree(book: Codebook, top: str | None, brief: bool) -> Iterator[str]:
    """The codes as an indented tree, with their definitions unless ``brief``."""
    wanted = set(book.subtree(top)) if top is not None else set(book.codes)
    depth: dict[str | None, int] = {None: -1}
    for code in book.codes.values():
        depth[code.id] = depth[code.parent] + 1
        if code.id in wanted:
            indent = depth[code.id] - (depth[top] if top is not None else 0)
            yield from _one(code, "  " * indent, brief)


def _one(code: Code, margin: str, brief: bool) -> Iterator[str]:
    note = "" if code.codable else "  (heading)"
    label = f"  {terminal(code.label)}" if code.label != code.id else ""
    yield f"{margin}{code.id}{label}{note}"
    if not brief:
        yield from _wrapped(code.definition, f"{margin}    ")


def full(book: Codebook, name: str) -> Iterator[str]:
    """Everything the book says of one code, then what is below it."""
    code = book.codes[name]
    yield f"{book.code_path(name)}  {terminal(code.label)}{'' if code.codable else '  (heading)'}"
    yield from _wrapped(code.definition, "  ")
    for field, word in _SHOWN:
        if text := getattr(code, field):
            yield from _wrapped(f"{word}: {text}", "  ")
    for example in code.examples:
        yield from _wrapped(f"“{example}”", "  ")
    if code.formerly:
        yield f"  formerly: {', '.join(map(terminal, code.formerly))}"
    for group in book.groups.values():
        if name in group.codes:
            yield f"  group {group.id}{' (exclusive)' if group.exclusive else ''}: {', '.join(group.codes)}"
    below = list(tree(book, name, brief=True))[1:]
    if below:
        yield "  below it:"
        yield from (f"  {line}" for line in below)


def _wrapped(text: str, margin: str) -> list[str]:
    return wrap(terminal(text.strip(), newline=" "), WIDTH, initial_indent=margin, subsequent_indent=margin)


def book_as_json(book: Codebook, top: str | None) -> dict[str, Any]:
    """The book (or one subtree) as plain data."""
    codes = [book.codes[name] for name in (book.codes if top is None else book.subtree(top))]
    return {
        "title": book.title,
        "version": book.version,
        "codes": [_code_as_json(book, code) for code in codes],
        "groups": [
            {"id": g.id, "label": g.label, "codes": list(g.codes), "exclusive": g.exclusive}
            for g in book.groups.values()
        ],
    }


def _code_as_json(book: Codebook, code: Code) -> dict[str, Any]:
    texts = ("label", "parent", "definition", "include", "exclude", "origin", "color", "changed", "memo")
    return {
        "id": code.id,
        "path": book.code_path(code.id),
        **{name: getattr(code, name) for name in texts},
        "examples": list(code.examples),
        "codable": code.codable,
        "formerly": list(code.formerly),
        **code.extra,
    }


def _group_as_json(group: CodeGroup) -> dict[str, Any]:
    return {"id": group.id, "label": group.label, "codes": list(group.codes), "exclusive": group.exclusive}


def plan_lines(plan: SurgeryPlan) -> Iterator[str]:
    """What a change would touch, in lines for a person."""
    yield f"{plan.what}:"
    layers = {layer.path for layer in plan.layers}
    for path in plan.changes:
        if path not in layers:
            count = plan.references.get(path)
            yield f"  {terminal(path)}" + (f": {_count(count, 'reference')}" if count else "")
    for coder, (transcripts, segments, relations, emptied) in plan.by_coder.items():
        where = f"in {_count(transcripts, 'transcript')}"
        what = _count(segments, "segment") + (f" and {_count(relations, 'relation')}" if relations else "")
        left = f"; {emptied:,} left without a code (they stay)" if emptied else ""
        yield f"  {terminal(coder)}: {what} {where}{' to look at again' if plan.recode else ''}{left}"
    removed = sum(layer.removed_relations for layer in plan.layers)
    if removed:
        yield f"  {_count(removed, 'relation')} of the deleted codes will go."
    for code, old, new in plan.remapped:
        yield f"  {code} will be counted by {_node(new)}, no longer by {_node(old)}"
    for problem in plan.problems:
        yield f"  then `postil check` will say: {terminal(str(problem))}"


def _node(name: str) -> str:
    return f"node {terminal(name)}" if name else "no node"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def plan_as_json(plan: SurgeryPlan, written: bool) -> dict[str, Any]:
    """A change as plain data."""
    return {
        "change": plan.what,
        "written": written,
        "files": list(plan.changes),
        "references": dict(plan.references),
        "layers": [
            {
                "coder": layer.coder,
                "transcript": layer.transcript,
                "segments": layer.segments,
                "relations": layer.relations,
                "removed_relations": layer.removed_relations,
                "left_without_code": layer.emptied,
            }
            for layer in plan.layers
        ],
        "recode": plan.recode,
        "remapped": [{"code": code, "from": old or None, "to": new or None} for code, old, new in plan.remapped],
        "problems": [str(problem) for problem in plan.problems],
    }
