"""Criteria of a decision: codes or factors that speak for a way out of it (docs/file-formats.md)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from postil_base.problem import Problem
from postil_base.yaml.fields import Fields, as_str_list
from postil_base.yaml.places import YamlMap, YamlNode, YamlScalar
from postil_codebook.references import known, short, unknown_code, unknown_id
from postil_codebook.values import Codebook, Criterion, Process, ProcessNode


def read_criteria(node: Fields, problems: list[Problem]) -> Iterator[Criterion]:
    """``{id: {label, codes, factors, speaks_for}}``, ``{id: [codes]}``, or a list of these and of bare names.

    A bare name is a factor or an item if the process has one of that name, else a code; see `split_names`.
    """
    for key, value in node.entries("criteria"):
        what = f"{node.what}: criterion {short(key.text)}"
        if value is key:
            yield Criterion(key.text, key.text, names=(key.text,), place=key.place)
        elif isinstance(value, YamlMap):
            fields = Fields(value, problems, what, key.place)
            fields.text("id")
            label, codes, factors = fields.text("label", key.text), fields.texts("codes"), fields.texts("factors")
            yield Criterion(key.text, label, codes, factors, fields.text("speaks_for"), place=key.place)
            fields.close()
        else:
            yield Criterion(key.text, key.text, _codes(value, problems, what), place=key.place)


def _codes(value: YamlNode, problems: list[Problem], what: str) -> tuple[str, ...]:
    if isinstance(value, YamlScalar):
        return () if value.is_null else (value.text,)
    return as_str_list(value, problems, what)


def factor_names(process: Process) -> dict[str, tuple[str, ...]]:
    """What a criterion may name as a factor, nodes and items as ``node.item``, with the codes that each claims."""
    found = {node.id: (*node.codes, *(code for item in node.items for code in item.codes)) for node in process.nodes}
    return found | {f"{node.id}.{item.id}": item.codes for node in process.nodes for item in node.items}


def split_names(criterion: Criterion, factors: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes and the factors of a criterion, a bare name put where it belongs.

    >>> split_names(Criterion("a", "a", names=("a",)), {"a"}), split_names(Criterion("b", "b", names=("b",)), {"a"})
    (((), ('a',)), (('b',), ()))
    """
    codes = (*criterion.codes, *(name for name in criterion.names if name not in factors))
    return codes, (*criterion.factors, *(name for name in criterion.names if name in factors))


def ways_of(process: Process, decision: str) -> list[tuple[str, str]]:
    """Target and guard of each declared way out of a decision."""
    return [(e.target, e.guard) for e in process.edges if e.source == decision and e.kind != "influence"]


def check_criteria(process: Process, codebook: Codebook) -> Iterator[Problem]:
    """Criteria off a decision, names that mean nothing or two things, ways that are none."""
    factors = factor_names(process)
    found = 0
    for node in process.nodes:
        if node.criteria and node.kind != "decision":
            message = f"node {node.id!r} has criteria and is of kind {node.kind}; make it a decision or take them out."
            yield Problem(node.criteria[0].place, message, "criteria-of-no-decision", "warning")
        for criterion in node.criteria:
            for problem in _names(node, criterion, factors, codebook, found):
                found += 1
                yield problem
            yield from _way(process, node, criterion)


def _names(
    node: ProcessNode, criterion: Criterion, factors: Mapping[str, tuple[str, ...]], codebook: Codebook, found: int
) -> Iterator[Problem]:
    what = f"node {node.id!r}: criterion {short(criterion.id)}"
    codes, named = split_names(criterion, factors)
    if not codes and not named:
        yield Problem(criterion.place, f"{what}: names no `codes:` and no `factors:`; add one.", "empty-criterion")
    for name in criterion.names:
        if name in factors and (code := codebook.resolve(name)) is not None and factors[name] != (code,):
            message = f"{what}: {name!r} is taken for the node; if the code is meant, write {{codes: [{name}]}}."
            yield Problem(criterion.place, message, "criterion-two-meanings", "warning")
    for code in codes:
        if not known(codebook, code):
            yield unknown_code(codebook, code, criterion.place, what, found)
    for name in named:
        if name not in factors:
            yield unknown_id("node or item", name, factors, criterion.place, what, "unknown-node", found)


def _way(process: Process, node: ProcessNode, criterion: Criterion) -> Iterator[Problem]:
    ways = ways_of(process, node.id)
    words = dict.fromkeys(word for way in ways for word in way if word)
    if criterion.speaks_for and criterion.speaks_for not in words:
        what = f"node {node.id!r}: criterion {short(criterion.id)}"
        yield unknown_id("way out", criterion.speaks_for, words, criterion.place, what, "unknown-way")
