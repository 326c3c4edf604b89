"""The short form of ``compute:`` as SQL: ``filter``, ``numerator`` and ``denominator`` compare columns with values.

>>> amount("sum(downloads)", "kind == 'model'")
'sum("downloads") FILTER (WHERE coalesce("kind" = \\'model\\', false))'
>>> amount("licence == ''")
'count(*) FILTER (WHERE ("licence" IS NULL))'

Expressions are read as Python's, never executed. An empty cell is missing: it equals nothing but ``''`` and ``None``.
"""

from __future__ import annotations

import ast
from typing import Any

from postil_base.problem import PostilError

_SIGNS: dict[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


def amount(text: str, condition: str = "") -> str:
    """SQL of an amount: ``all``, ``sum(column)``, or a comparison whose rows are counted.

    Raises:
        PostilError: the text is none of these.
    """
    tree = _parse(text)
    where = [truth(condition)] if condition and condition.strip() != "all" else []
    if isinstance(tree, ast.Call):
        named = isinstance(tree.func, ast.Name) and tree.func.id == "sum" and len(tree.args) == 1 and not tree.keywords
        if not named:
            raise PostilError(f"{text!r} is no amount; write a comparison, sum(column) or all")
        return _filtered(f"sum({_column(tree.args[0], text)})", where)
    if not (isinstance(tree, ast.Name) and tree.id == "all"):
        where.append(_truth(tree, text))
    return _filtered("count(*)", where)


def truth(text: str) -> str:
    """SQL of a condition; it is false where a cell it asks for is missing, never unknown."""
    return _truth(_parse(text), text)


def _filtered(what: str, conditions: list[str]) -> str:
    return f"{what} FILTER (WHERE {' AND '.join(conditions)})" if conditions else what


def _parse(text: str) -> ast.expr:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError) as error:
        said = error.msg if isinstance(error, SyntaxError) else str(error)
        raise PostilError(f"{text!r} is no expression: {said}") from error


def _truth(tree: ast.expr, text: str) -> str:
    if isinstance(tree, ast.BoolOp):
        join = " AND " if isinstance(tree.op, ast.And) else " OR "
        return f"({join.join(_truth(part, text) for part in tree.values)})"
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not):
        return f"(NOT {_truth(tree.operand, text)})"
    if isinstance(tree, ast.Compare) and len(tree.ops) == 1:
        return _comparison(tree, text)
    raise PostilError(f"{text!r} cannot be used: only comparisons joined by and, or, not")


def _comparison(tree: ast.Compare, text: str) -> str:
    column, how, given = _column(tree.left, text), tree.ops[0], _value(tree.comparators[0], text)
    if isinstance(how, (ast.In, ast.NotIn)):
        if not isinstance(given, (list, tuple, set)):
            raise PostilError(f"{text!r}: write the values behind in as a list: ['a', 'b']")
        found = f"coalesce({column} IN ({', '.join(map(_literal, given)) or 'NULL'}), false)"
        return found if isinstance(how, ast.In) else f"(NOT {found})"
    if isinstance(how, (ast.Eq, ast.NotEq)):
        if given in ("", None):
            return f"({column} IS {'' if isinstance(how, ast.Eq) else 'NOT '}NULL)"
        if isinstance(how, ast.NotEq):
            return f"({column} IS DISTINCT FROM {_literal(given)})"
        return f"coalesce({column} = {_literal(given)}, false)"
    sign = _SIGNS.get(type(how))
    if sign is None:
        raise PostilError(f"{text!r}: write the column first, then ==, !=, <, <=, >, >= or in")
    return f"coalesce({column} {sign} {_literal(given)}, false)"


def _column(tree: ast.expr, text: str) -> str:
    """A column by its name; a name that is no word is written ``col['the name']``."""
    if isinstance(tree, ast.Name):
        name = tree.id
    elif isinstance(tree, ast.Subscript) and isinstance(tree.slice, ast.Constant):
        name = str(tree.slice.value)
    else:
        raise PostilError(f"{text!r}: write the column first, then ==, !=, <, <=, >, >= or in")
    return '"' + name.replace('"', '""') + '"'


def _value(tree: ast.expr, text: str) -> Any:
    try:
        return ast.literal_eval(tree)
    except (ValueError, TypeError, SyntaxError) as error:
        raise PostilError(f"{text!r} cannot be used: only columns and plain values") from error


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    raise PostilError(f"{value!r} cannot be compared with a cell: write a text, a number, True or False")
