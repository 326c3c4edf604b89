"""Reading a mapping by its schema: every key asked for is known, the rest is reported with the nearest known one.

>>> from postil_base.yaml.places import load_yaml
>>> root, problems = load_yaml("label: Trust\\ncodeable: no\\nx-mine: 1\\n", "book.yaml")
>>> fields = Fields(root, problems, "code trust")
>>> fields.text("label"), fields.flag("codable", True), fields.text("definition")
('Trust', True, '')
>>> fields.close()
{'x-mine': 1}
>>> print(problems[0])
book.yaml:2:1: code trust: there is no key 'codeable' here; did you mean 'codable'? Keys of your own start with x-.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from postil_base.problem import Place, Problem, Severity
from postil_base.yaml.places import YamlMap, YamlNode, YamlScalar, YamlSeq, number_of, plain, truth_of

MANY = 2_000  # beyond that many names or problems nobody is helped by guesses, and they take long
MOST = 20  # unknown keys of one mapping that are reported one by one


class KeyWatcher:
    """Is told what a reader asks of each mapping; see `postil_base.yaml.schema`, which makes schemas of it."""

    def asked(self, node: YamlMap, key: str, kind: str, known: Collection[str] = ()) -> None:
        """A reader asks for ``key`` as a value of ``kind``, one of ``known`` if there are any."""

    def closed(self, node: YamlMap, also: Collection[str]) -> None:
        """A reader says that there are no other keys, but for ``also``."""


_watchers: list[KeyWatcher] = []


@contextmanager
def watched_by(watcher: KeyWatcher) -> Iterator[None]:
    """Tell a watcher what is read meanwhile."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


class Fields:
    """A mapping being read. Wrong types become problems and give the default, so that reading goes on."""

    def __init__(self, node: YamlNode | None, problems: list[Problem], what: str, place: Place | None = None) -> None:
        self.problems = problems
        self.what = what
        self._asked: list[str] = []
        self.map: YamlMap | None = node if isinstance(node, YamlMap) else None
        self.place = place or (node.place if node is not None else Place(""))
        if node is not None and self.map is None and not _is_null(node):
            self.report(node.place, "`key: value` lines are expected here", "yaml-type")

    def node(self, key: str, kind: str = "any", known: Collection[str] = ()) -> YamlNode | None:
        """The value of ``key`` as it is; None when it is not there or null. ``kind`` is for those who watch."""
        self._asked.append(key)
        if _watchers and self.map is not None:
            _watchers[-1].asked(self.map, key, kind, known)
        found = self.map.get(key) if self.map else None
        return None if found is None or _is_null(found) else found

    def at(self, key: str) -> Place:
        """Where ``key`` is written; the mapping's own place when it is not there."""
        scalar = self.map.key(key) if self.map else None
        return scalar.place if scalar else self.place

    def text(self, key: str, default: str = "") -> str:
        """A text."""
        return as_str(self.node(key, "text"), self.problems, self._name(key), default)

    def flag(self, key: str, default: bool = False) -> bool:
        """``true`` or ``false``."""
        found = as_bool(self.node(key, "flag"), self.problems, self._name(key))
        return default if found is None else found

    def maybe_flag(self, key: str) -> bool | None:
        """``true``, ``false``, or None when nothing is said."""
        return as_bool(self.node(key, "flag"), self.problems, self._name(key))

    def number(self, key: str) -> float | None:
        """A number."""
        return as_float(self.node(key, "number"), self.problems, self._name(key))

    def whole(self, key: str) -> int | None:
        """A whole number."""
        return as_int(self.node(key, "whole"), self.problems, self._name(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; one text alone is a list of one."""
        return tuple(item.text for item in self.scalars(key))

    def scalars(self, key: str) -> tuple[YamlScalar, ...]:
        """The same with their places."""
        return as_scalars(self.node(key, "texts"), self.problems, self._name(key))

    def choice(self, key: str, known: Collection[str], default: str = "") -> str:
        """One of the ``known`` words; another is reported with the nearest and gives the default."""
        found = as_str(self.node(key, "choice", known), self.problems, self._name(key), default)
        if found in known or found == default:
            return found
        node = self.map[key].place if self.map else self.place
        self.report(node, f"{key} cannot be {found!r}{nearest(found, known)}", "unknown-value")
        return default

    def entries(self, key: str) -> Iterator[tuple[YamlScalar, YamlNode]]:
        """What stands under ``key`` by id: ``{id: value}``, or a list of mappings with an ``id`` each."""
        return entries_of(self.node(key, "entries"), self.problems, self._name(key))

    def fields(self, key: str) -> Fields:
        """The mapping under ``key``, empty when it is not there."""
        return Fields(self.node(key, "mapping"), self.problems, self._name(key), self.at(key))

    def report(self, place: Place, message: str, rule: str, severity: Severity = "error") -> None:
        """Note a problem about this mapping."""
        self.problems.append(Problem(place, f"{self.what}: {message}.", rule, severity))

    def close(self, also: Collection[str] = ()) -> dict[str, Any]:
        """Report keys nobody asked for (nor named in ``also``); return the user's own ``x-`` keys."""
        if self.map is None:
            return {}
        if _watchers:
            _watchers[-1].closed(self.map, also)
        self.problems += unknown_keys(self.map, [*self._asked, *also], self.what, len(self.problems) < MANY)
        return self.own()

    def own(self) -> dict[str, Any]:
        """The user's own ``x-`` keys."""
        return {key.text: plain(value) for key, value in self.map or () if key.text.startswith("x-")}

    def _name(self, key: str) -> str:
        return f"{self.what}: {key}" if self.what else key


def entries_of(node: YamlNode | None, problems: list[Problem], what: str) -> Iterator[tuple[YamlScalar, YamlNode]]:
    """Pairs of id and value of ``{id: value}`` or of a list ``[{id: …, …}]``; a bare text in a list is its own id."""
    if isinstance(node, YamlMap):
        yield from node
    elif isinstance(node, YamlSeq):
        yield from _listed(node, problems, what)
    elif node is not None and not _is_null(node):
        problems.append(Problem(node.place, f"{what}: a mapping or a list is expected here.", "yaml-type"))


def _listed(node: YamlSeq, problems: list[Problem], what: str) -> Iterator[tuple[YamlScalar, YamlNode]]:
    seen: dict[str, int] = {}
    for item in node:
        key = item.get("id") if isinstance(item, YamlMap) else item
        if not isinstance(key, YamlScalar) or not key.text:
            problems.append(Problem(item.place, f"{what}: an entry of this list needs an `id:`.", "missing-id"))
        elif key.text in seen:
            message = f"{what}: {key.text!r} is here twice (first in line {seen[key.text]}); keep one of the two."
            problems.append(Problem(key.place, message, "duplicate-id"))
        else:
            seen[key.text] = key.place.line
            yield key, item


def as_str(node: YamlNode | None, problems: list[Problem], what: str, default: str = "") -> str:
    """The text of a scalar; a list or mapping is a problem."""
    if node is None or _is_null(node):
        return default
    if isinstance(node, YamlScalar):
        return node.text
    problems.append(Problem(node.place, f"{what} must be a text; put it in one line or in a `|` block.", "yaml-type"))
    return default


def as_bool(node: YamlNode | None, problems: list[Problem], what: str) -> bool | None:
    """True or false; None when nothing is said or something else stands there (a problem)."""
    if node is None or _is_null(node):
        return None
    found = truth_of(node.text) if isinstance(node, YamlScalar) else None
    if found is None:
        problems.append(Problem(node.place, f"{what} must be true or false.", "yaml-type"))
    return found


def as_float(node: YamlNode | None, problems: list[Problem], what: str) -> float | None:
    """A number; None when nothing is said or it is none (a problem)."""
    if node is None or _is_null(node):
        return None
    found = number_of(node.text) if isinstance(node, YamlScalar) else None
    if found is None:
        message = f"{what} must be a number without unit or thousands separator, such as 3.19."
        problems.append(Problem(node.place, message, "yaml-type"))
    return None if found is None else float(found)


def as_int(node: YamlNode | None, problems: list[Problem], what: str) -> int | None:
    """A whole number; None when nothing is said or it is none (a problem)."""
    if node is None or _is_null(node):
        return None
    found = number_of(node.text) if isinstance(node, YamlScalar) else None
    if not isinstance(found, int):
        problems.append(Problem(node.place, f"{what} must be a whole number.", "yaml-type"))
        return None
    return found


def as_scalars(node: YamlNode | None, problems: list[Problem], what: str) -> tuple[YamlScalar, ...]:
    """A list of texts with their places; one text alone is a list of one."""
    if node is None or _is_null(node):
        return ()
    items: tuple[YamlNode, ...] = node.items if isinstance(node, YamlSeq) else (node,)
    for item in items:
        if not isinstance(item, YamlScalar):
            problems.append(Problem(item.place, f"{what} must be a list of texts.", "yaml-type"))
    return tuple(item for item in items if isinstance(item, YamlScalar) and not item.is_null)


def as_str_list(node: YamlNode | None, problems: list[Problem], what: str) -> tuple[str, ...]:
    """A list of texts; one text alone is a list of one."""
    return tuple(item.text for item in as_scalars(node, problems, what))


def unknown_keys(node: YamlMap, known: Collection[str], what: str, hints: bool = True) -> list[Problem]:
    """Keys that are not ``known``, with the nearest known one; ``x-`` keys are the user's own."""
    strange = [key for key, _ in node if key.text not in known and not key.text.startswith("x-")]
    found = [_unknown_key(key, known if hints else (), what) for key in strange[:MOST]]
    if len(strange) > MOST:
        message = f"{what}: {len(strange) - MOST} more keys that are not known here."
        found.append(Problem(strange[MOST].place, message, "unknown-key"))
    return found


def _unknown_key(key: YamlScalar, known: Collection[str], what: str) -> Problem:
    names = ", ".join(dict.fromkeys(known))
    hint = nearest(key.text, known) or (f"; known are {names}." if names else ".")
    message = f"{what + ': ' if what else ''}there is no key {_short(key.text)} here{hint}"
    return Problem(key.place, f"{message} Keys of your own start with x-.", "unknown-key")


def nearest(word: str, known: Collection[str]) -> str:
    """``; did you mean 'x'?`` for the nearest known word, or nothing.

    >>> nearest("lable", ["label", "memo"]), nearest("zzz", ["label"])
    ("; did you mean 'label'?", '')
    """
    if len(known) > MANY:
        return ""
    from difflib import get_close_matches

    found = get_close_matches(word[:80], [*known], n=1)
    return f"; did you mean {found[0]!r}?" if found else ""


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "…")


def _is_null(node: YamlNode) -> bool:
    return isinstance(node, YamlScalar) and node.is_null
