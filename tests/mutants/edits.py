"""A mutant: one wrong change of the product, as an edit of the syntax tree of one function.

The place is a qualified name, and what is replaced is compared as syntax, so that moved lines and
comments don't matter. An edit that fits nowhere, or at several places, is an error: the list has
to follow the code.
"""

from __future__ import annotations

import ast
import importlib.util
from dataclasses import dataclass
from pathlib import Path

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Mutant:
    """One wrong change and the tests that must fail through it, each of them.

    ``at`` is ``module:Class.method``, or ``module:`` for the whole module. ``was`` and ``now`` are an expression or a
    statement each; an empty ``now`` takes the statement out.
    """

    name: str
    at: str
    was: str
    now: str
    killers: tuple[str, ...]

    @property
    def module(self) -> str:
        return self.at.partition(":")[0]


def source_of(module: str) -> tuple[str, Path]:
    """The text of a module and its file."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise LookupError(f"there is no module {module}")
    return Path(spec.origin).read_text(encoding="utf-8"), Path(spec.origin)


def mutated(source: str, mutant: Mutant) -> ast.Module:
    """The syntax tree of a module's text with the change made; LookupError if it does not apply."""
    tree = ast.parse(source)
    place = _place(tree, mutant)
    was, now = _node(mutant.was), _node(mutant.now) if mutant.now else ast.Pass()
    if isinstance(was, ast.expr) != isinstance(now, ast.expr):
        raise LookupError(f"{mutant.name}: replaces an expression by a statement, or the other way round")
    if _written(was) == _written(now):
        raise LookupError(f"{mutant.name}: changes nothing")
    edit = _Edit(was, now)
    edit.visit(place)
    if edit.made != 1:
        raise LookupError(f"{mutant.name}: `{mutant.was}` stands {edit.made} times in {mutant.at}; it must stand once")
    ast.fix_missing_locations(tree)
    compile(tree, mutant.module, "exec")
    return tree


def _place(tree: ast.Module, mutant: Mutant) -> ast.AST:
    place: ast.Module | Definition = tree
    for name in filter(None, mutant.at.partition(":")[2].split(".")):
        found = [node for node in place.body if isinstance(node, Definition) and node.name == name]
        if len(found) != 1:
            raise LookupError(f"{mutant.name}: {mutant.at} has {len(found)} definitions of {name}")
        place = found[0]
    return place


def _node(text: str) -> ast.AST:
    """An expression, or a statement (``return`` outside of a function is still read)."""
    statements = ast.parse(text).body
    if len(statements) != 1:
        raise LookupError(f"one expression or one statement is replaced by another: {text}")
    return statements[0].value if isinstance(statements[0], ast.Expr) else statements[0]


class _Edit(ast.NodeTransformer):
    """Replaces each node that is written the same; counts how often it did."""

    def __init__(self, was: ast.AST, now: ast.AST) -> None:
        self._was, self._now = _written(was), now
        self._kind = type(was)
        self.made = 0

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, self._kind) and _written(node) == self._was:
            self.made += 1
            return self._now
        return super().generic_visit(node)


def _written(node: ast.AST) -> str:
    return ast.unparse(node)
