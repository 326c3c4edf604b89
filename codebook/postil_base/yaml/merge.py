r"""Two versions of a YAML file made one, entry by entry: their changes are spliced into my text.

>>> base, mine, theirs = "a: 1\nb: 2\n", "a: 1  # mine\nb: 3\n", "a: 5\nb: 2\nc: 4\n"
>>> merge_yaml(base, mine, theirs, "x.yaml")
('a: 5  # mine\nb: 3\nc: 4\n', ())
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from postil_base.problem import PostilError
from postil_base.yaml.edit import append_item, delete_entry, insert_entry, set_value
from postil_base.yaml.places import YamlMap, YamlNode, YamlScalar, YamlSeq, load_yaml, plain
from postil_base.yaml.splices import as_data

Where = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class YamlConflict:
    """An entry both sides changed in different ways; mine stands. None is an entry that is not there."""

    where: Where  # keys; an item of a list of mappings by its ``id:``
    mine: Any
    theirs: Any

    def __str__(self) -> str:
        """Say it in words."""
        if self.theirs is None or self.mine is None:
            removed, stays = ("theirs", "mine") if self.theirs is None else ("mine", "theirs")
            return f"{'/'.join(self.where)} was removed by {removed} and changed by {stays}; it stays"
        return f"{'/'.join(self.where)}: mine is {_short(self.mine)}, theirs is {_short(self.theirs)}; mine stands"


def _short(value: Any) -> str:
    text = " ".join(str(value).split())
    return f"“{text if len(text) <= 60 else text[:59] + '…'}”"


def merge_yaml(base: str, mine: str, theirs: str, path: str) -> tuple[str, tuple[YamlConflict, ...]]:
    """Merge two versions that grew from ``base``; what cannot be read on one side is an error that says so."""
    nodes = []
    for text, whose in ((base, "the version both came from"), (mine, "our side"), (theirs, "their side")):
        node, problems = load_yaml(text, path)
        if problems:
            raise PostilError(f"{problems[0]} This is so in {whose}; mend it there and merge again.")
        nodes.append(node)
    merger = _Merger(mine, path)
    merger.merge((), *nodes)
    return merger.text, tuple(merger.conflicts)


class _Merger:
    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.conflicts: list[YamlConflict] = []

    def merge(self, where: Where, base: YamlNode | None, mine: YamlNode | None, theirs: YamlNode | None) -> None:
        """Bring what changed between ``base`` and ``theirs`` into the text, at one place."""
        if as_data(theirs) == as_data(base) or as_data(mine) == as_data(theirs):
            return
        if isinstance(mine, YamlMap) and isinstance(theirs, YamlMap):
            self._maps(where, base if isinstance(base, YamlMap) else None, mine, theirs)
        elif _is_keyed(mine) and _is_keyed(theirs) and not (as_data(mine) == as_data(base) and _moved(mine, theirs)):
            self._keyed(where, base, mine, theirs)
        elif as_data(mine) == as_data(base):
            self._set(where, theirs)
        elif _is_plain_list(mine) and _is_plain_list(theirs) and (base is None or _is_plain_list(base)):
            self._lists(where, base, mine, theirs)
        else:
            self.conflicts.append(YamlConflict(where, _value(mine), _value(theirs)))

    def _maps(self, where: Where, base: YamlMap | None, mine: YamlMap, theirs: YamlMap) -> None:
        after: str | None = None
        for name, _ in theirs:
            key = name.text
            old, here, there = (base.get(key) if base else None), mine.get(key), theirs[key]
            if here is not None:
                self.merge((*where, key), old, here, there)
            elif as_data(there) != as_data(old) or old is None:
                if old is not None:
                    self.conflicts.append(YamlConflict((*where, key), None, _value(there)))
                self._insert(where, key, there, after)
            after = key if here is not None or old is None else after
        for key in base.keys() if base else ():
            if key not in theirs and key in mine:
                self._gone((*where, key), base, mine)

    def _gone(self, where: Where, base: YamlMap | None, mine: YamlMap) -> None:
        old, here = (base.get(where[-1]) if base else None), mine[where[-1]]
        if as_data(old) == as_data(here):
            self.text = delete_entry(self.text, self._keys(where), path=self.path)
        else:
            self.conflicts.append(YamlConflict(where, _value(here), None))

    def _insert(self, where: Where, key: str, value: YamlNode, after: str | None) -> None:
        keys = self._keys(where)
        node = _node_at(load_yaml(self.text, self.path)[0], keys)
        there = after if after is not None and isinstance(node, YamlMap) and after in node else None
        self.text = insert_entry(self.text, keys, key, _value(value), after=there, path=self.path)

    def _set(self, where: Where, value: YamlNode | None) -> None:
        if value is None or not where:
            raise PostilError(f"{self.path}: one side is empty, the other is not; take one of the two by hand.")
        self.text = set_value(self.text, self._keys(where), _value(value), path=self.path)

    def _lists(self, where: Where, base: YamlNode | None, mine: YamlNode | None, theirs: YamlNode | None) -> None:
        """What theirs added is added, what theirs took out goes; the order is mine."""
        old, here, there = (_items(node) for node in (base, mine, theirs))
        kept = [item for item in here if item in there or item not in old]
        wanted = kept + [item for item in there if item not in here and item not in old]
        if wanted != here:
            self.text = set_value(self.text, self._keys(where), wanted, path=self.path)

    def _keyed(self, where: Where, base: YamlNode | None, mine: YamlNode | None, theirs: YamlNode | None) -> None:
        """Lists of mappings with an ``id:``, item by item."""
        old, here, there = (_by_id(node) for node in (base, mine, theirs))
        for id_, item in there.items():
            if id_ in here:
                self.merge((*where, id_), old.get(id_), here[id_], item)
            elif as_data(item) != as_data(old.get(id_)):
                if id_ in old:
                    self.conflicts.append(YamlConflict((*where, id_), None, _value(item)))
                self.text = append_item(self.text, self._keys(where), _value(item), path=self.path)
        for id_ in [id_ for id_ in old if id_ not in there and id_ in here]:
            if as_data(old[id_]) == as_data(here[id_]):
                self.text = delete_entry(self.text, self._keys((*where, id_)), path=self.path)
            else:
                self.conflicts.append(YamlConflict((*where, id_), _value(here[id_]), None))

    def _keys(self, where: Where) -> list[str | int]:
        return keys_of(self.text, self.path, where)


def keys_of(text: str, path: str, where: Sequence[str]) -> list[str | int]:
    """The keys that `yaml_edit` wants: ids of items turned into their numbers in the text as it is now."""
    node = load_yaml(text, path)[0]
    keys: list[str | int] = []
    for key in where:
        if isinstance(node, YamlSeq):
            number = list(_by_id(node)).index(key)
            keys.append(number)
            node = node.items[number]
        else:
            keys.append(key)
            node = node.get(key) if isinstance(node, YamlMap) else None
    return keys


def _node_at(node: YamlNode | None, keys: Sequence[str | int]) -> YamlNode | None:
    for key in keys:
        if isinstance(node, YamlSeq) and isinstance(key, int):
            node = node.items[key]
        else:
            node = node.get(str(key)) if isinstance(node, YamlMap) else None
    return node


def _value(node: YamlNode | None) -> Any:
    return None if node is None else plain(node)


def _items(node: YamlNode | None) -> list[Any]:
    return [plain(item) for item in node] if isinstance(node, YamlSeq) else []


def _is_plain_list(node: YamlNode | None) -> bool:
    return isinstance(node, YamlSeq) and all(isinstance(item, YamlScalar) for item in node)


def _is_keyed(node: YamlNode | None) -> bool:
    ids = _ids(node)
    return bool(ids) and None not in ids and len(set(ids)) == len(ids)


def _moved(mine: YamlNode | None, theirs: YamlNode | None) -> bool:
    """Whether what both lists hold stands in another order."""
    one, other = _by_id(mine), _by_id(theirs)
    return [id_ for id_ in one if id_ in other] != [id_ for id_ in other if id_ in one]


def _ids(node: YamlNode | None) -> list[str | None]:
    items = node.items if isinstance(node, YamlSeq) else ()
    found = [item.get("id") if isinstance(item, YamlMap) else None for item in items]
    return [id_.text if isinstance(id_, YamlScalar) else None for id_ in found]


def _by_id(node: YamlNode | None) -> dict[str, YamlNode]:
    items = node.items if isinstance(node, YamlSeq) else ()
    return {id_: item for id_, item in zip(_ids(node), items, strict=True) if id_ is not None}
