"""Ids of deleted codes, kept under ``retired:`` of the codebook: nobody may give them another meaning unseen.

A colleague's branch may hold codings with such a code. If its id stood for something else, they would say something
else after the merge.
"""

from __future__ import annotations

from collections.abc import Iterable

from postil_base.yaml.edit import delete_entry, insert_entry, set_value
from postil_base.yaml.merge import YamlConflict
from postil_base.yaml.places import YamlMap, YamlSeq, load_yaml
from postil_base.yaml.write import Value
from postil_codebook.load import load_codebook
from postil_codebook.values import Code, Codebook, Retired

KEY = "retired"


def retire(text: str, path: str, gone: Iterable[Code], at: str) -> str:
    """The codebook's text with these codes among the deleted ones."""
    known = {**load_codebook(text, path)[0].retired}
    new = {code.id: Retired(code.id, _label(code), code.definition, at, "", code.formerly) for code in gone}
    return _written(text, path, {**known, **new}) if new else text


def _label(code: Code) -> str:
    return "" if code.label == code.id else code.label


def retired_as(book: Codebook, code: str) -> Retired | None:
    """The deleted code an id (or a former one) belongs to; None if it is free, or was added again."""
    found = book.retired.get(code) or next((one for one in book.retired.values() if code in one.formerly), None)
    return None if found is None or found.again else found


def why_not_free(book: Codebook, code: str) -> str:
    """What to say to somebody who wants to give a deleted code's id to a code; "" if it is free."""
    was = retired_as(book, code)
    if was is None:
        return ""
    meant = f" ({_short(was.definition or was.label)})" if was.definition or was.label else ""
    when = f" on {was.deleted[:10]}" if was.deleted else ""
    return (
        f"{code!r} was the id of a code that was deleted{when}{meant}; codings with it may still be on another branch. "
        f"If you mean the same code again: postil codebook add {was.id} --again. If you mean something else, choose "
        "another id."
    )


def again(text: str, path: str, code: str, at: str) -> str:
    """The text with a deleted code free to stand in the book again, and that noted."""
    known = dict(load_codebook(text, path)[0].retired)
    was = known[code]
    known[code] = Retired(was.id, was.label, was.definition, was.deleted, at, was.formerly)
    return _written(text, path, known)


def without_retired(text: str, path: str) -> str:
    """The text without the list; for merging, which brings the lists together by itself."""
    root = load_yaml(text, path)[0]
    return delete_entry(text, [KEY], path=path) if isinstance(root, YamlMap) and KEY in root else text


def merge_retired(text: str, path: str, base: Codebook, sides: tuple[Codebook, Codebook]) -> str:
    """The merged text with what either side deleted; a code that lives in it is deleted only if it was added again."""
    book = load_codebook(text, path)[0]
    found: dict[str, Retired] = {}
    for side in (base, *sides):
        for was in side.retired.values():
            known = found.get(was.id, was)
            deleted = min(filter(None, (known.deleted, was.deleted)), default="")
            found[was.id] = Retired(
                was.id,
                known.label or was.label,
                known.definition or was.definition,
                deleted,
                max(known.again, was.again),
                tuple(dict.fromkeys([*known.formerly, *was.formerly])),
            )
    kept = {id_: was for id_, was in found.items() if was.again or book.resolve(id_) is None}
    return _written(without_retired(text, path), path, kept) if kept else without_retired(text, path)


def retired_conflicts(base: Codebook, mine: Codebook, theirs: Codebook) -> list[YamlConflict]:
    """Codes one side deleted and added again, or deleted where the other side made one of that id: to be decided."""
    found = []
    for code in dict.fromkeys([*mine.retired, *theirs.retired]):
        said = [_since(base, side, code) for side in (mine, theirs)]
        alive = [code in side.codes for side in (mine, theirs)]
        one_is_back = all(alive) and "back" in said and said[0] != said[1]
        one_is_new = any(alive) and not all(alive) and code not in base.codes and "deleted" in said
        if one_is_back or one_is_new:
            found.append(YamlConflict(("codes", code), _words(mine, code, said[0]), _words(theirs, code, said[1])))
    return found


def _since(base: Codebook, side: Codebook, code: str) -> str:
    """What a side did with a code's id since ``base``: "deleted", "back" (and added again), "" for nothing."""
    was, before = side.retired.get(code), base.retired.get(code)
    if was is None or (before is not None and _words_of(was) == _words_of(before)):
        return ""
    return "back" if was.again and code in side.codes else "deleted"


def _words(side: Codebook, code: str, way: str) -> str:
    now = side.codes.get(code)
    meant = f": {_short(now.definition or now.label)}" if now is not None else ""
    return f"{_WAYS[way]}{meant}"


_WAYS = {"back": "deleted, and added again", "deleted": "deleted", "": "kept as it is"}


def _written(text: str, path: str, known: dict[str, Retired]) -> str:
    values: dict[str, Value] = {id_: _value(was) for id_, was in known.items()}
    root = load_yaml(text, path)[0]
    node = root.get(KEY) if isinstance(root, YamlMap) else None
    if node is None:
        return insert_entry(text, [], KEY, values, path=path)
    if isinstance(node, YamlSeq) or not isinstance(node, YamlMap):
        return set_value(text, [KEY], values, path=path)
    before = load_codebook(text, path)[0].retired
    for id_, value in values.items():
        if id_ not in node:
            text = insert_entry(text, [KEY], id_, value, path=path)
        elif _words_of(before[id_]) != _words_of(known[id_]):
            text = set_value(text, [KEY, id_], value, path=path)
    return text


def _words_of(was: Retired) -> tuple[object, ...]:
    return (was.label, was.definition, was.deleted, was.again, was.formerly)


def _value(was: Retired) -> dict[str, Value]:
    fields = {"label": was.label, "definition": was.definition, "deleted": was.deleted, "again": was.again}
    found: dict[str, Value] = {name: value for name, value in fields.items() if value}
    return {**found, **({"formerly": list(was.formerly)} if was.formerly else {})}


def _short(text: str, most: int = 80) -> str:
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[: most - 1]}…"
