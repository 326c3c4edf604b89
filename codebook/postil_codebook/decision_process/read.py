"""Reading the declared decision process: the native form and the list form of a published reference model."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any, cast, get_args

from postil_base.problem import Problem
from postil_base.yaml.fields import Fields, entries_of
from postil_base.yaml.places import YamlMap, YamlNode, YamlScalar, YamlSeq, load_map, plain
from postil_codebook.decision_process.checks import check_process
from postil_codebook.decision_process.criteria import read_criteria
from postil_codebook.decision_process.node_codes import ProcessMap, map_codes
from postil_codebook.references import short, unknown_id
from postil_codebook.values import ClaimOrigin, EdgeKind, Item, NodeKind, Process, ProcessEdge, ProcessNode, Stage

__all__ = ["ProcessMap", "check_process", "load_process", "map_codes"]

NODE_KINDS: tuple[str, ...] = get_args(NodeKind)
EDGE_KINDS: tuple[str, ...] = get_args(EdgeKind)
ORIGINS: tuple[str, ...] = get_args(ClaimOrigin)
CODER_RULES = ("any", "majority", "all")
_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]{0,99}")


def load_process(text: str, path: str) -> tuple[Process, list[Problem]]:
    """Read a process. An optional key ``process:`` around everything is accepted."""
    root, problems = load_map(text, path)
    wrapped = root.get("process") if root is not None else None
    fields = Fields(wrapped if isinstance(wrapped, YamlMap) else root, problems, "process")
    process = _ProcessReader(problems, reference=bool(fields.map and "schema" in fields.map)).process(fields, path)
    if wrapped is not None:
        outer = Fields(root, problems, "process")
        outer.node("process")
        outer.close()
    return process, problems


class _ProcessReader:
    """Reads one process. The ``reference`` form carries much beside the process, which is passed over."""

    def __init__(self, problems: list[Problem], reference: bool) -> None:
        self.problems = problems
        self.reference = reference

    def process(self, fields: Fields, path: str) -> Process:
        stages = tuple(self._stages(fields))
        layout = fields.fields("layout") if self.reference else fields
        made = Process(
            id=fields.text("id"),
            title=fields.text("title"),
            stages=stages,
            nodes=tuple(self._nodes(fields, dict.fromkeys(stage.id for stage in stages))),
            edges=tuple(self._edges(fields)),
            main_line=layout.texts("main_line"),
            source=_as_text(fields.node("source")),
            evidence=self._evidence(fields.fields("evidence")),
            path=path,
        )
        self._close(fields, ("note",))
        return made

    def _close(self, fields: Fields, also: tuple[str, ...] = ()) -> None:
        if not self.reference:
            fields.close(also)

    def _bad_id(self, key: YamlScalar, what: str) -> None:
        if not _ID.fullmatch(key.text):
            message = f"{what} {short(key.text)}: an id is letters, digits, _ . : and -; put the words in `label`."
            self.problems.append(Problem(key.place, message, "bad-id"))

    def _stages(self, fields: Fields) -> list[Stage]:
        found: list[tuple[float, Stage]] = []
        for key, value in fields.entries("stages"):
            self._bad_id(key, "stage")
            if isinstance(value, YamlScalar):
                label = key.text if value is key or value.is_null else value.text
                found.append((0, Stage(key.text, label, key.place)))
                continue
            stage = Fields(value, self.problems, f"stage {short(key.text)}", key.place)
            stage.text("id")
            order = stage.number("order") or 0
            found.append((order, Stage(key.text, stage.text("label", key.text), key.place)))
            self._close(stage)
        return [stage for _, stage in sorted(found, key=lambda pair: pair[0])]

    def _nodes(self, fields: Fields, stages: Collection[str]) -> Iterator[ProcessNode]:
        for key, value in fields.entries("nodes"):
            self._bad_id(key, "node")
            node = Fields(None if value is key else value, self.problems, f"node {short(key.text)}", key.place)
            node.text("id")
            yield ProcessNode(
                id=key.text,
                label=node.text("label", key.text),
                kind=cast(NodeKind, node.choice("kind", NODE_KINDS, "activity")),
                stage=self._stage(node, stages),
                codes=node.texts("codes"),
                items=tuple(self._items(node)),
                origin=cast(ClaimOrigin, node.choice("origin", ORIGINS, "prior")),
                place=key.place,
                criteria=tuple(read_criteria(node, self.problems)),
            )
            self._close(node)

    def _stage(self, node: Fields, stages: Collection[str]) -> str:
        stage = node.text("stage")
        if stage and stage not in stages:
            place, count = node.at("stage"), len(self.problems)
            self.problems.append(unknown_id("stage", stage, stages, place, node.what, "unknown-stage", count))
        return stage

    def _items(self, node: Fields) -> Iterator[Item]:
        """Items: ``{id: {label, codes}}``, ``{id: [codes]}``, or a list of either kind; not those never drawn."""
        for key, value in node.entries("items"):
            what = f"{node.what}: item {short(key.text)}"
            self._bad_id(key, f"{node.what}: item")
            if not isinstance(value, YamlMap):
                codes = () if value is key else _texts(value, self.problems, what)
                yield Item(key.text, key.text, codes, place=key.place)
                continue
            item = Fields(value, self.problems, what, key.place)
            item.text("id")
            label, codes = item.text("label", key.text), item.texts("codes")
            emphasis = _emphasis(item)
            if not self.reference or item.flag("drawn", True):
                yield Item(key.text, label, codes, emphasis, key.place)
            self._close(item)

    def _edges(self, fields: Fields) -> Iterator[ProcessEdge]:
        seen: dict[str, int] = {}
        for value in _edge_nodes(fields):
            edge = Fields(value, self.problems, "edge")
            if edge.map is None:
                continue
            made = self._edge(edge)
            if made.id in seen:
                message = f"edge {short(made.id)}: is here twice (first in line {seen[made.id]}); give one another id."
                self.problems.append(Problem(made.place, message, "duplicate-edge"))
                continue
            seen[made.id] = made.place.line
            yield made

    def _edge(self, edge: Fields) -> ProcessEdge:
        source, target = edge.text("source"), edge.text("target")
        edge.what = f"edge {short(edge.text('id') or f'{source} → {target}')}"
        for key, end in (("source", source), ("target", target)):
            if not end:
                edge.report(edge.place, f"needs a `{key}:`, the id of a node", "edge-to-nowhere")
        kind, guard = edge.choice("kind", EDGE_KINDS, "flow"), edge.text("guard")
        name = edge.text("id") or f"{source}:{kind}:{target}" + (f":{guard}" if guard else "")
        origin = cast(ClaimOrigin, edge.choice("origin", ORIGINS, "prior"))
        label = edge.text("label")
        self._close(edge, ("note",))
        return ProcessEdge(name, source, target, cast(EdgeKind, kind), guard, label, origin, edge.place)

    def _evidence(self, fields: Fields) -> dict[str, Any]:
        found: dict[str, Any] = {"order_questions": fields.texts("order_questions")}
        found |= {"window_turns": fields.whole("window_turns"), "coder_rule": fields.choice("coder_rule", CODER_RULES)}
        found["min_participants"] = fields.whole("min_participants")
        self._close(fields)
        return {key: value for key, value in found.items() if value not in (None, "", ())}


def _edge_nodes(fields: Fields) -> list[YamlNode]:
    node = fields.node("edges", "entries")
    if isinstance(node, YamlSeq):
        return list(node)
    return [value for _, value in entries_of(node, fields.problems, "edges")]


def _emphasis(item: Fields) -> bool:
    """``emphasis: true``, or how it looks, as a transcribed figure has it (``emphasis: italic``)."""
    node = item.node("emphasis", "choice", ("true", "false", "italic", "bold"))
    if isinstance(node, YamlScalar) and node.text in ("italic", "bold"):
        return True
    return item.flag("emphasis")


def _texts(node: YamlNode, problems: list[Problem], what: str) -> tuple[str, ...]:
    from postil_base.yaml.fields import as_str_list

    return as_str_list(node, problems, what)


def _as_text(node: YamlNode | None) -> str:
    """A source as one line, whether it was written as a text or as a mapping of its parts.

    >>> from postil_base.yaml.places import load_yaml
    >>> _as_text(load_yaml("{section: VIII-B, table: [III, IV]}", "")[0])
    'section VIII-B, table III IV'
    """
    if isinstance(node, YamlMap):
        return ", ".join(f"{key.text} {_as_text(value)}" for key, value in node)
    if isinstance(node, YamlSeq):
        return " ".join(_as_text(item) for item in node)
    return "" if node is None or plain(node) is None else node.text
