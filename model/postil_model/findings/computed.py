"""Findings computed from a data file, so that the number in the figure follows the data.

``compute: {file: data.csv, filter: "kind == 'model'", numerator: "signed == 'yes'", denominator: all}``. An expression
compares columns with values and joins comparisons with and, or, not; ``sum(column)`` adds a column up, ``all`` counts
the rows that the filter leaves. Expressions are read, never executed.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from postil_base.numbers import significant
from postil_base.problem import PostilError, Problem
from postil_codebook.values import Finding

if TYPE_CHECKING:
    import pandas

    from postil_study.study import Study

_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt,
    ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip


def computed(findings: Iterable[Finding], root: Path) -> tuple[Finding, ...]:
    """The findings, those with ``compute`` filled in from their files (relative to the study)."""
    return tuple(_filled(finding, root) if finding.extra.get("compute") else finding for finding in findings)


def check_tables(study: Study) -> list[Problem]:
    """Findings whose table cannot be read, or gives other numbers than the ones written beside it."""
    problems: list[Problem] = []
    for finding in study.findings:
        if not finding.extra.get("compute"):
            continue
        try:
            found = _filled(finding, study.root)
        except PostilError as error:
            problems.append(Problem(finding.place, f"{error}.", "finding-table"))
            continue
        for key in ("numerator", "denominator", "value"):
            said, is_now = getattr(finding, key), getattr(found, key)
            if said is not None and not _says(key, said, is_now):
                now = "nothing" if is_now is None else significant(is_now, 10)
                written = f"finding {finding.id}: {key} {significant(said, 10)} is written"
                message = f"{written}, but the table gives {now}; correct either."
                problems.append(Problem(finding.place, message, "finding-table"))
    return problems


def _says(key: str, said: float, number: float | None) -> bool:
    """Whether a number as written stands for another: counts for themselves, 36.7 for anything from 36.65 to 36.75."""
    if number is None or key != "value":
        return said == number
    written = Decimal(repr(said)).normalize()
    exponent = written.as_tuple().exponent
    half = Decimal(5).scaleb(min(exponent, 0) - 1) if isinstance(exponent, int) else Decimal(0)
    return abs(Decimal(repr(number)) - written) <= half


def _filled(finding: Finding, root: Path) -> Finding:
    asked = finding.extra["compute"]
    if not isinstance(asked, dict) or not asked.get("file"):
        raise PostilError(f"finding {finding.id}: compute needs at least a file: and a numerator:")
    try:
        frame = _read(root, str(asked["file"]))
        frame = _select(frame, str(asked.get("filter") or "all"))
        numerator = _amount(frame, str(asked.get("numerator") or "all"))
        denominator = _amount(frame, str(asked["denominator"])) if asked.get("denominator") else None
    except PostilError as error:
        raise PostilError(f"finding {finding.id}: {error}") from error
    if denominator == 0:
        raise PostilError(f"finding {finding.id}: the denominator computed from {asked['file']} is 0")
    percent = 100 if finding.unit in ("percent", "%") else 1
    value = numerator if denominator is None else percent * numerator / denominator
    return msgspec.structs.replace(finding, numerator=numerator, denominator=denominator, value=value)


def _read(root: Path, name: str) -> pandas.DataFrame:
    import pandas

    file = (root / name).resolve()
    if not file.is_relative_to(root.resolve()):
        raise PostilError(f"{name} lies outside of the study; copy it into the study's folder")
    if not file.is_file():
        raise PostilError(f"there is no data file {name}")
    readers: dict[str, Callable[..., pandas.DataFrame]] = {
        ".csv": pandas.read_csv, ".tsv": lambda f: pandas.read_csv(f, sep="\t"),
        ".json": pandas.read_json, ".xlsx": pandas.read_excel,
    }  # fmt: skip
    reader = readers.get(file.suffix.lower())
    if reader is None:
        raise PostilError(f"{name} is no data file that can be read here; there are: {', '.join(readers)}")
    try:
        return reader(file)
    except (ValueError, OSError) as error:
        raise PostilError(f"{name} could not be read: {error}") from error


def _amount(frame: pandas.DataFrame, text: str) -> float:
    tree = _parse(text)
    if isinstance(tree, ast.Call):
        return float(_sum(frame, tree, text))
    return float(len(_select(frame, text)))


def _sum(frame: pandas.DataFrame, tree: ast.Call, text: str) -> Any:
    if not (isinstance(tree.func, ast.Name) and tree.func.id == "sum" and len(tree.args) == 1 and not tree.keywords):
        raise PostilError(f"{text!r} is no amount; write a comparison, sum(column) or all")
    return _value(frame, tree.args[0], text).sum()


def _select(frame: pandas.DataFrame, text: str) -> pandas.DataFrame:
    """The rows for which an expression holds."""
    tree = _parse(text)
    if isinstance(tree, ast.Name) and tree.id == "all":
        return frame
    chosen: pandas.DataFrame = frame[_truth(frame, tree, text)]
    return chosen


def _parse(text: str) -> ast.expr:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise PostilError(f"{text!r} is no expression: {error.msg}") from error


def _truth(frame: pandas.DataFrame, tree: ast.expr, text: str) -> Any:
    if isinstance(tree, ast.BoolOp):
        parts = [_truth(frame, part, text) for part in tree.values]
        joined = parts[0]
        for part in parts[1:]:
            joined = joined & part if isinstance(tree.op, ast.And) else joined | part
        return joined
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not):
        return ~_truth(frame, tree.operand, text)
    if isinstance(tree, ast.Compare) and len(tree.ops) == 1:
        return _comparison(frame, tree, text)
    raise PostilError(f"{text!r} cannot be used: only comparisons joined by and, or, not")


def _comparison(frame: pandas.DataFrame, tree: ast.Compare, text: str) -> Any:
    left, right = _value(frame, tree.left, text), _value(frame, tree.comparators[0], text)
    how = tree.ops[0]
    if isinstance(how, (ast.In, ast.NotIn)):
        found = left.isin(right)
        return found if isinstance(how, ast.In) else ~found
    compare = _COMPARE.get(type(how))
    if compare is None or not hasattr(left, "isin"):
        raise PostilError(f"{text!r}: write the column first, then ==, !=, <, <=, >, >= or in")
    return compare(left, right)


def _value(frame: pandas.DataFrame, tree: ast.expr, text: str) -> Any:
    """A column by its name, or a constant; a name that is no word is written ``col['the name']``."""
    if isinstance(tree, ast.Name):
        return _column(frame, tree.id)
    if isinstance(tree, ast.Subscript) and isinstance(tree.slice, ast.Constant):
        return _column(frame, str(tree.slice.value))
    try:
        return ast.literal_eval(tree)
    except ValueError as error:
        raise PostilError(f"{text!r} cannot be used: only columns and plain values") from error


def _column(frame: pandas.DataFrame, name: str) -> Any:
    if name not in frame.columns:
        raise PostilError(f"there is no column {name!r}; there are: {', '.join(map(str, frame.columns))}")
    return frame[name]
