"""JSON Schemas made by watching a reader read: what it asks of each mapping is what the schema allows.

A sample shows the shapes (which mapping stands below which key); keys, kinds of values and the words a key may have
come from the reader itself, so that a schema cannot say anything else than the program.

>>> from postil_base.yaml.fields import Fields
>>> from postil_base.yaml.places import load_map
>>> def read(text):
...     root, problems = load_map(text, "x.yaml")
...     fields = Fields(root, problems, "x")
...     return fields.flag("pilot"), fields.close()
>>> schema_of(read, "pilot: true", "A file", {"pilot": "Whether it is a pilot."})["properties"]["pilot"]
{'type': ['boolean', 'null'], 'description': 'Whether it is a pilot.'}
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from postil_base.yaml.fields import KeyWatcher, watched_by
from postil_base.yaml.places import YamlMap, YamlNode, YamlScalar, YamlSeq

Schema = dict[str, Any]
DRAFT = "http://json-schema.org/draft-07/schema#"  # the one that editors' YAML servers know
_OWN = {"^x-": {"description": "A key of your own."}}
_NULL: Schema = {"type": "null"}
_TEXT: Schema = {"type": ["string", "number", "boolean", "null"]}  # `no`, `12:30` and `1.0` are texts to the readers
_KINDS: Mapping[str, Schema] = {
    "text": _TEXT,
    "flag": {"type": ["boolean", "null"]},
    "number": {"type": ["number", "null"]},
    "whole": {"type": ["integer", "null"]},
    "values": {"anyOf": [{"type": ["number", "null"]}, {"type": "array"}]},
    "texts": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]},
}


_RANK = {"any": 0, "text": 1, "flag": 1, "number": 1}  # what a reader asks in two ways is what it says more of
_SURE = 2
_TRUTH: Mapping[str, bool] = {"true": True, "false": False}


@dataclass
class _Asked:
    """What was asked of one mapping."""

    node: YamlMap
    kinds: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    closed: bool = False


class _Notes(KeyWatcher):
    """Remembers what was asked of which mapping of the sample."""

    def __init__(self) -> None:
        self.of: dict[int, _Asked] = {}

    def _about(self, node: YamlMap) -> _Asked:
        return self.of.setdefault(id(node), _Asked(node))

    def asked(self, node: YamlMap, key: str, kind: str, known: Collection[str] = ()) -> None:
        """Remember it; a kind that says more replaces one that says nothing."""
        kinds = self._about(node).kinds
        if key not in kinds or _RANK.get(kind, _SURE) > _RANK.get(kinds[key][0], _SURE):
            kinds[key] = (kind, tuple(known))

    def closed(self, node: YamlMap, also: Collection[str]) -> None:
        """Remember that there are no other keys."""
        asked = self._about(node)
        asked.closed = True
        for key in also:
            asked.kinds.setdefault(key, ("any", ()))


def schema_of(
    read: Callable[[str], object], sample: str, title: str, words: Mapping[str, str], *, by_id: bool = False
) -> Schema:
    """The schema of what ``read`` accepts. ``words`` describe the keys; ``by_id``: the file itself is entries by id.

    The mapping the reader asks first is the file's own, or with ``by_id`` an entry of it.
    """
    notes = _Notes()
    with watched_by(notes):
        read(sample)
    maker = _SchemaMaker(notes, words)
    made = maker.mapping(next(iter(notes.of.values())).node)
    made = {"type": "object", "additionalProperties": made} if by_id else made
    defs = {"definitions": maker.definitions} if maker.definitions else {}
    return {"$schema": DRAFT, "title": title, **made, **defs}


class _SchemaMaker:
    """Turns notes into a schema, mapping by mapping."""

    def __init__(self, notes: _Notes, words: Mapping[str, str]) -> None:
        self.notes, self.words = notes, words
        self.definitions: dict[str, Schema] = {}
        self._above: list[tuple[_Asked, str]] = []  # mappings around this one: a code stands below a code

    def mapping(self, node: YamlMap, name: str = "") -> Schema:
        """A mapping of which a reader asked something; one that is like one around it refers to it."""
        asked = self.notes.of.get(id(node)) or _Asked(node)
        for other, its_name in self._above:
            if other.kinds == asked.kinds and its_name:
                self.definitions.setdefault(its_name, {})
                return {"$ref": f"#/definitions/{its_name}"}
        self._above.append((asked, name))
        made = self._object(asked, node)
        self._above.pop()
        if name in self.definitions:
            self.definitions[name] = made
            return {"$ref": f"#/definitions/{name}"}
        return made

    def _object(self, asked: _Asked, node: YamlMap) -> Schema:
        around = self._above[-1][1]
        properties = {}
        for key, (kind, known) in asked.kinds.items():
            words = self.words.get(f"{around}.{key}") or self.words.get(key, "")
            properties[key] = {**self._kind(key, kind, known, node.get(key)), "description": words}
        made: Schema = {"type": "object", "properties": properties, "patternProperties": _OWN}
        return {**made, "additionalProperties": False} if asked.closed else made

    def _kind(self, key: str, kind: str, known: tuple[str, ...], node: YamlNode | None) -> Schema:
        if kind == "choice":
            return {"enum": [*(_TRUTH.get(word, word) for word in known), None]}
        if kind in _KINDS:
            return dict(_KINDS[kind])
        if kind == "entries":
            return {"anyOf": self._entries(key, node)}
        if kind == "mapping" and isinstance(node, YamlMap):
            return {"anyOf": [self.mapping(node, key), _NULL]}
        return self._shape(key, node)

    def _entries(self, key: str, node: YamlNode | None) -> list[Schema]:
        """Entries by id, or a list of entries with an id each."""
        pairs = node if isinstance(node, YamlMap) else ()
        values = [*node] if isinstance(node, YamlSeq) else [value for _, value in pairs]
        one = [self._entry(key, value) for value in values] or [{}]
        listed = {"type": "array", "items": {"anyOf": [*one, _TEXT]}}
        mapped = {"type": "object", "additionalProperties": {"anyOf": [*one, _TEXT]}}
        return [mapped, listed, _NULL]

    def _entry(self, key: str, value: YamlNode) -> Schema:
        """One entry; a mapping is defined once, since it stands in a list as well as below its id."""
        made = self._shape(key, value)
        if not isinstance(value, YamlMap) or "$ref" in made:
            return made
        self.definitions[key] = made
        return {"$ref": f"#/definitions/{key}"}

    def _shape(self, key: str, node: YamlNode | None) -> Schema:
        """A value as the sample has it: what a reader looks at without saying what it expects."""
        if isinstance(node, YamlMap):
            return self.mapping(node, key) if id(node) in self.notes.of else {"type": "object"}
        if isinstance(node, YamlSeq):
            return {"type": "array", "items": {"anyOf": [*(self._shape(key, item) for item in node), _TEXT]}}
        return dict(_TEXT) if isinstance(node, YamlScalar) else {}
