"""The values of a codebook folder: codes and groups, the declared process, findings, themes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Literal

import msgspec

from postil_base.problem import Place

NodeKind = Literal["task", "decision", "activity", "source", "technique", "factor", "terminal"]
EdgeKind = Literal["flow", "branch", "back", "influence"]
ClaimOrigin = Literal["prior", "derived"]


class Code(msgspec.Struct, frozen=True):
    """One code. ``id`` is unique in the whole book; ``parent`` is the id of the code above, None at the top."""

    id: str
    label: str
    parent: str | None = None
    definition: str = ""
    include: str = ""
    exclude: str = ""
    examples: tuple[str, ...] = ()
    origin: str = ""  # prior | pilot | emergent | in-vivo | ""
    color: str = ""
    codable: bool = True
    formerly: tuple[str, ...] = ()
    changed: str = ""  # UTC time of the last change of definition/include/exclude or of a split; see `stale`
    memo: str = ""
    extra: Mapping[str, Any] = msgspec.field(default_factory=dict)  # the user's own x- keys
    place: Place = Place("")


class CodeGroup(msgspec.Struct, frozen=True):
    """A group of codes; ``exclusive`` codes of one group may not stand on the same words."""

    id: str
    codes: tuple[str, ...]
    exclusive: bool = False
    label: str = ""
    place: Place = Place("")


class Retired(msgspec.Struct, frozen=True):
    """A code that was deleted. Its id stays its own: codings of it on another branch may not take another meaning."""

    id: str
    label: str = ""
    definition: str = ""
    deleted: str = ""  # UTC time
    again: str = ""  # UTC time at which it was added again, as the same code
    formerly: tuple[str, ...] = ()
    place: Place = Place("")


class Codebook(msgspec.Struct, frozen=True, dict=True):
    """A codebook as loaded: codes in the order of the file (parents before children), by id."""

    title: str = ""
    version: str = ""
    codes: Mapping[str, Code] = msgspec.field(default_factory=dict)
    groups: Mapping[str, CodeGroup] = msgspec.field(default_factory=dict)
    retired: Mapping[str, Retired] = msgspec.field(default_factory=dict)  # deleted codes, by id
    path: str = ""  # relative to the study

    def children(self, code: str | None) -> tuple[str, ...]:
        """Ids of the codes directly below ``code`` (None: the top level), in file order."""
        return self._below.get(code, ())

    @cached_property
    def _below(self) -> Mapping[str | None, tuple[str, ...]]:
        below: dict[str | None, list[str]] = {}
        for code in self.codes.values():
            below.setdefault(code.parent, []).append(code.id)
        return {parent: tuple(ids) for parent, ids in below.items()}

    @cached_property
    def _of_former(self) -> Mapping[str, str]:
        """Codes by their former ids; of several that claim one the first."""
        return {old: code.id for code in reversed([*self.codes.values()]) for old in code.formerly}

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Ids above ``code``, nearest first."""
        found: list[str] = []
        parent = self.codes[code].parent
        while parent is not None and parent not in found:
            found.append(parent)
            parent = self.codes[parent].parent
        return tuple(found)

    def code_path(self, code: str) -> str:
        """The shown path, ``selection/find-ptm``."""
        return "/".join([*reversed(self.ancestors(code)), code])

    def subtree(self, code: str) -> Iterator[str]:
        """``code`` and everything below it, in file order."""
        below = {code}
        for other in self.codes.values():  # parents stand before their children, so one pass is enough
            if other.id == code or other.parent in below:
                below.add(other.id)
                yield other.id

    def resolve(self, reference: str) -> str | None:
        """The id meant by an id, a path or a former id; None if there is no such code."""
        last = reference.rsplit("/", 1)[-1]
        if last in self.codes:
            if "/" not in reference or f"/{self.code_path(last)}".endswith(f"/{reference}"):
                return last
            return None
        return self._of_former.get(last)


class Stage(msgspec.Struct, frozen=True):
    """A stage of the declared process (a column of the figure)."""

    id: str
    label: str
    place: Place = Place("")


class Item(msgspec.Struct, frozen=True):
    """A row inside a node: an attribute of a factor, a technique, a source."""

    id: str
    label: str
    codes: tuple[str, ...] = ()  # ids, paths or globs (``selection/*``)
    emphasis: bool = False
    place: Place = Place("")


class Criterion(msgspec.Struct, frozen=True):
    """What may decide: a participant meets it who affirms one of its codes or factors (nodes, or ``node.item``).

    ``names`` are bare names of either; ``speaks_for`` is the guard or the target of the way it is expected to lead to.
    """

    id: str
    label: str
    codes: tuple[str, ...] = ()
    factors: tuple[str, ...] = ()
    speaks_for: str = ""
    names: tuple[str, ...] = ()
    place: Place = Place("")


class ProcessNode(msgspec.Struct, frozen=True):
    """A declared node. It claims ``codes`` (ids, paths, globs) and those of its items."""

    id: str
    label: str
    kind: NodeKind
    stage: str
    codes: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    origin: ClaimOrigin = "prior"
    place: Place = Place("")
    criteria: tuple[Criterion, ...] = ()  # of a decision


class ProcessEdge(msgspec.Struct, frozen=True):
    """A declared edge. Its identity is (source, target, kind, guard)."""

    id: str
    source: str
    target: str
    kind: EdgeKind
    guard: str = ""
    label: str = ""
    origin: ClaimOrigin = "prior"
    place: Place = Place("")


class Process(msgspec.Struct, frozen=True):
    """The declared decision process. ``main_line`` holds node ids, left to right; empty if there is none."""

    id: str = ""
    title: str = ""
    stages: tuple[Stage, ...] = ()
    nodes: tuple[ProcessNode, ...] = ()
    edges: tuple[ProcessEdge, ...] = ()
    main_line: tuple[str, ...] = ()
    source: str = ""
    evidence: Mapping[str, Any] = msgspec.field(default_factory=dict)  # order_questions, window_turns, coder_rule
    path: str = ""


class Finding(msgspec.Struct, frozen=True):
    """A measured fact. ``links`` maps node, code, stage, challenge, attribute, stride ... to ids."""

    id: str
    statement: str
    numerator: float | None = None
    denominator: float | None = None
    value: float | None = None
    unit: str = ""
    source: str = ""
    links: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    note: str = ""  # short text for the figure; the statement where it is empty
    conflict: str = ""  # a known conflict of the number, in words
    fit: str = ""  # confirmation | expansion | discordance | silence, written by the researcher
    reading: str = ""
    basis: str = ""  # census | sample | interview
    extra: Mapping[str, Any] = msgspec.field(default_factory=dict)
    place: Place = Place("")


class Theme(msgspec.Struct, frozen=True):
    """What the analysis arrives at, above the codes."""

    id: str
    label: str
    definition: str = ""
    codes: tuple[str, ...] = ()
    memo: str = ""
    place: Place = Place("")
