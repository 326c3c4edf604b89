"""Changes to a codebook's text: codes added, renamed, merged, moved, deleted, split; every comment stays where it was.

Each function takes the text and gives back the new one. References to the changed codes in the book's own groups are
changed along; those in other files are the business of `rewrite`, and of the surgery over the whole study.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from postil_base.problem import Place, PostilError
from postil_base.yaml.edit import append_item, delete_entry, insert_entry, move_entry, rename_key, set_value
from postil_base.yaml.fields import nearest
from postil_base.yaml.places import YamlMap, YamlNode, load_yaml
from postil_base.yaml.splices import Keys
from postil_base.yaml.write import Value
from postil_codebook.changes.rewrite import following, rewrite
from postil_codebook.load import FIELDS, load_codebook
from postil_codebook.references import bad_name, short
from postil_codebook.retired import again, retire, why_not_free
from postil_codebook.values import Codebook

Children = Literal["refuse", "lift", "delete"]
MEANING = ("definition", "include", "exclude")


def add_code(
    text: str,
    path: str,
    code: str,
    fields: Mapping[str, Value],
    parent: str | None = None,
    after: str | None = None,
    again_at: str = "",
) -> str:
    """Add a code at the end of its parent's children (None: the top level), or ``after`` one of its siblings.

    The id of a deleted code is refused; with ``again_at`` it is the same code again, which older codings of it must be
    held against: it counts as changed then.
    """
    book = _native(text, path)
    if again_at and code in book.retired and not book.retired[code].again:
        text = again(text, path, code, again_at)
        book, fields = _native(text, path), {**fields, "changed": again_at}
    _free(book, code)
    where = _children(book, parent)
    above = None if parent is None else known_code(book, parent)
    sibling = after if after is not None and book.codes[known_code(book, after)].parent == above else None
    new = insert_entry(_with_children(text, path, where), where, code, dict(fields), after=sibling, path=path)
    return _checked(text, new, path)


def set_field(text: str, path: str, code: str, field: str, value: Value, at: str = "") -> str:
    """Set a field of a code; None takes it out. With ``at``, a change of meaning marks the code as changed then."""
    book = _native(text, path)
    if field in ("children", "formerly") or (field not in FIELDS and not field.startswith("x-")):
        raise PostilError(f"{path}: {field!r} is no field of a code that can be set; known are {', '.join(FIELDS)}.")
    where = where_code(book, known_code(book, code))
    new = _set(text, path, where, field, value)
    if field in MEANING and at:
        new = _set(new, path, where, "changed", at)
    return _checked(text, new, path)


def rename_code(text: str, path: str, old: str, new: str) -> str:
    """Give a code another id. The old one stays in ``formerly``, so that a colleague's branch still reads."""
    book = _native(text, path)
    code = book.codes[known_code(book, old)]
    _free(book, new, owner=code.id)
    where = where_code(book, code.id)
    changed = rename_key(text, where, new, path=path)
    former = [name for name in (*code.formerly, code.id) if name != new]
    changed = _set(changed, path, [*where[:-1], new], "formerly", former)
    return _checked(text, _groups(changed, path, book, {code.id: new}), path)


def merge_codes(text: str, path: str, sources: Sequence[str], target: str) -> str:
    """Merge codes into another: their ids lead to it, their children move below it, their wording goes to its memo."""
    book = _native(text, path)
    into = known_code(book, target)
    new = text
    for source in dict.fromkeys(known_code(book, name) for name in sources):
        if source == into or source in book.ancestors(into):
            raise PostilError(f"{path}: {source!r} cannot be merged into {into!r}, which is the same or below it.")
        new = _merge_one(new, path, source, into)
    return _checked(text, new, path)


def move_code(text: str, path: str, code: str, parent: str | None) -> str:
    """Move a code, with all below it, to another parent (None: the top level)."""
    book = _native(text, path)
    name = known_code(book, code)
    above = None if parent is None else known_code(book, parent)
    if above is not None and (above == name or name in book.ancestors(above)):
        raise PostilError(f"{path}: {name!r} cannot be moved below itself.")
    if book.codes[name].parent == above:
        raise PostilError(f"{path}: {name!r} is there already.")
    return _checked(text, _groups(_move(text, path, book, name, above), path, book), path)


def delete_code(text: str, path: str, code: str, children: Children = "refuse", at: str = "") -> str:
    """Delete a code. Its children are a reason to refuse, are lifted to its place, or go too.

    The ids that go are kept under ``retired:``, with when (``at``) that was.
    """
    book = _native(text, path)
    name = known_code(book, code)
    below = book.children(name)
    if below and children == "refuse":
        raise PostilError(
            f"{path}: {name!r} has codes below it ({', '.join(below)}). "
            "Say what becomes of them: lift them to its place, or delete them too."
        )
    new, lifted = text, below if children == "lift" else ()
    for child in lifted:
        new = _move(new, path, load_codebook(new, path)[0], child, book.codes[name].parent)
    new = _delete(new, path, load_codebook(new, path)[0], name)
    gone = {name} if lifted else set(book.subtree(name))
    new = retire(new, path, [book.codes[one] for one in book.codes if one in gone], at)
    return _checked(text, _groups(new, path, book, dict.fromkeys(gone)), path)


def split_code(text: str, path: str, code: str, parts: Mapping[str, Mapping[str, Value]], at: str) -> str:
    """Add the ``parts`` beside a code and mark it as changed: what carries it must be looked at again."""
    book = _native(text, path)
    name = known_code(book, code)
    new, before = text, name
    for part, fields in parts.items():
        new = add_code(new, path, part, fields, book.codes[name].parent, after=before)
        before = part
    return _checked(text, _set(new, path, where_code(book, name), "changed", at), path)


def _native(text: str, path: str) -> Codebook:
    """The book of a text that can be changed; the list form cannot."""
    root, _ = load_yaml(text, path)
    codes = root.get("codes") if isinstance(root, YamlMap) else None
    if root is not None and codes is not None and not isinstance(codes, YamlMap) and not _is_nothing(codes):
        raise PostilError(
            f"{codes.place}: codes in a list cannot be changed here. Turn the file into the native form first: "
            "postil import-codebook."
        )
    return load_codebook(text, path)[0]


def _is_nothing(node: YamlNode) -> bool:
    return bool(getattr(node, "is_null", False))


def known_code(book: Codebook, reference: str) -> str:
    """The id meant by an id, a path or a former id; an error with the nearest one when there is none."""
    found = book.resolve(reference)
    if found is None:
        hint = nearest(reference.rsplit("/", 1)[-1], book.codes) or "; `postil codebook show` lists them."
        raise PostilError(f"{book.path}: there is no code {short(reference)}{hint}")
    return found


def _free(book: Codebook, code: str, owner: str = "") -> None:
    """A new id must be an id, and lead to no other code yet, not as a former id either."""
    if (problem := bad_name(code, Place(book.path), "code")) is not None:
        raise PostilError(f"{problem}")
    taken = book.resolve(code)
    if taken is not None and (taken != owner or code == owner):
        also = "" if taken == code else f" (a former id of {taken!r})"
        raise PostilError(f"{book.path}: {code!r} is there already{also}; choose another id, or merge the two.")
    if taken is None and (why := why_not_free(book, code)):
        raise PostilError(f"{book.path}: {why}")


def where_code(book: Codebook, code: str) -> list[str]:
    """The keys that lead to a code in the file."""
    keys = ["codes"]
    for above in reversed(book.ancestors(code)):
        keys += [above, "children"]
    return [*keys, code]


def _children(book: Codebook, parent: str | None) -> list[str]:
    return ["codes"] if parent is None else [*where_code(book, known_code(book, parent)), "children"]


def _with_children(text: str, path: str, where: Keys) -> str:
    """Make the place for codes when it is not there: an empty ``children:`` or ``codes:``."""
    node: YamlNode | None = load_yaml(text, path)[0]
    for key in where:
        node = node.get(str(key)) if isinstance(node, YamlMap) else None
    return text if node is not None else insert_entry(text, where[:-1], str(where[-1]), {}, path=path)


def _set(text: str, path: str, where: Keys, field: str, value: Value) -> str:
    """Set, add or (with None or nothing in it) take out a field; a new one stands before the children."""
    node: YamlNode | None = load_yaml(text, path)[0]
    for key in where:
        node = node.get(str(key)) if isinstance(node, YamlMap) else None
    present = isinstance(node, YamlMap) and node.key(field) is not None
    if value is None or value == [] or value == "":
        return delete_entry(text, [*where, field], path=path) if present else text
    if present:
        return set_value(text, [*where, field], value, path=path)
    keys = node.keys() if isinstance(node, YamlMap) else ()
    before = keys[keys.index("children") - 1] if "children" in keys[1:] else None
    return insert_entry(text, where, field, value, after=before, path=path)


def _move(text: str, path: str, book: Codebook, code: str, parent: str | None) -> str:
    where, old = where_code(book, code), book.codes[code].parent
    text = _with_children(text, path, _children(book, parent))
    text = move_entry(text, where, _children(book, parent), path=path)
    return _tidy(text, path, load_codebook(text, path)[0], old)


def _delete(text: str, path: str, book: Codebook, code: str) -> str:
    parent = book.codes[code].parent
    text = delete_entry(text, where_code(book, code), path=path)
    return _tidy(text, path, load_codebook(text, path)[0], parent)


def _tidy(text: str, path: str, book: Codebook, parent: str | None) -> str:
    """Take out ``children:`` when the last child has gone."""
    if parent is None or book.children(parent):
        return text
    return delete_entry(text, [*where_code(book, parent), "children"], path=path)


def _merge_one(text: str, path: str, source: str, target: str) -> str:
    before = load_codebook(text, path)[0]
    gone = before.codes[source]
    for child in before.children(source):
        text = _move(text, path, load_codebook(text, path)[0], child, target)
    text = _delete(text, path, load_codebook(text, path)[0], source)
    book = load_codebook(text, path)[0]
    kept, where = book.codes[target], where_code(book, target)
    for former in (source, *gone.formerly):
        if former not in kept.formerly:
            text = _append_former(text, path, where, former)
    said = gone.definition or gone.memo
    if said:
        note = f"Merged from {source} ({gone.label}): {said.strip()}"
        text = _set(text, path, where, "memo", f"{kept.memo.rstrip()}\n{note}" if kept.memo.strip() else note)
    return _groups(text, path, before, {source: target})


def _append_former(text: str, path: str, where: Keys, former: str) -> str:
    if not load_codebook(text, path)[0].codes[str(where[-1])].formerly:
        return _set(text, path, where, "formerly", [former])
    return append_item(text, [*where, "formerly"], former, path=path)


def _groups(text: str, path: str, book: Codebook, became: Mapping[str, str | None] | None = None) -> str:
    """Bring the references of the book's own groups up to date."""
    return rewrite(text, path, "codebook", following(book, load_codebook(text, path)[0], became))


def _checked(old: str, new: str, path: str) -> str:
    """Refuse a change that would put an error into the book which was not there."""
    before, after = load_codebook(old, path)[1], load_codebook(new, path)[1]
    rules = Counter(problem.rule for problem in before if problem.severity == "error")
    for problem in after:
        if problem.severity == "error":
            rules[problem.rule] -= 1
            if rules[problem.rule] < 0:
                raise PostilError(f"{problem.message} Nothing was changed.")
    return new
