"""Findings computed from data files of the study, so that the number in the figure follows the data.

``compute: {data: data/models.csv, sql: "SELECT … AS numerator, … AS denominator FROM data"}``, or the short form
``{file: …, filter: …, numerator: …, denominator: …}`` (`translate`). A printed number stays beside what comes out:
equal at the printed precision, or a conflict that says both.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from postil_base.numbers import significant
from postil_base.problem import PostilError, Problem
from postil_codebook.values import Finding
from postil_model.findings.query.running import run
from postil_model.findings.query.values import DataSource, Loaded, QueryAnswer, QueryRequest
from postil_model.findings.translate import amount
from postil_study.files.data_files import data_of
from postil_study.files.settings import is_inside

if TYPE_CHECKING:
    from postil_study.study import Study

NUMBERS = ("numerator", "denominator", "value")
_PERCENT = ("percent", "%")


@dataclass(frozen=True, slots=True)
class Computed:
    """What came out of the data for one finding, or why nothing did."""

    numerator: float | None = None
    denominator: float | None = None
    value: float | None = None
    sql: str = ""
    engine: str = ""
    sha256: tuple[tuple[str, str], ...] = ()  # of each data file
    remarks: tuple[str, ...] = ()
    error: str = ""


def computed(findings: Iterable[Finding], root: Path) -> tuple[Finding, ...]:
    """The findings with what their data give: missing numbers filled in, a printed one that differs as a conflict.

    Raises:
        PostilError: a data file cannot be read, or a query cannot be answered; the message names the finding.
    """
    listed = tuple(findings)
    found = measured(listed, root)
    for id_, one in found.items():
        if one.error:
            raise PostilError(f"finding {id_}: {one.error}")
    return tuple(_beside(finding, found[finding.id]) if finding.id in found else finding for finding in listed)


def _beside(finding: Finding, one: Computed) -> Finding:
    said = {name: getattr(finding, name) for name in NUMBERS}
    filled = {name: getattr(one, name) for name in NUMBERS if said[name] is None}
    told = conflict(finding, one)
    both = "; ".join(text for text in (finding.conflict, told) if text)
    return msgspec.structs.replace(finding, **filled, conflict=both)


def measured(findings: Iterable[Finding], root: Path, instead: Mapping[str, Path] | None = None) -> dict[str, Computed]:
    """What the data give for each finding that says how it is computed; all queries on the same data are asked at once.

    Args:
        findings: those without ``compute:`` are passed over.
        root: the study's folder, in which the data must lie.
        instead: other files in place of those named, for measuring again.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    sources: dict[str, dict[str, DataSource]] = {}
    found: dict[str, Computed] = {}
    for finding in findings:
        if not (asked := finding.extra.get("compute")):
            continue
        try:
            tables, sql = _asked(asked, root, instead or {})
        except PostilError as error:
            found[finding.id] = Computed(error=str(error))
            continue
        key = repr(sorted((name, msgspec.structs.astuple(source)) for name, source in tables.items()))
        sources[key] = tables
        groups.setdefault(key, []).append((finding.id, sql))
    units = {finding.id: finding.unit for finding in findings} if isinstance(findings, (tuple, list)) else {}
    for key, queries in groups.items():
        found.update(_group(sources[key], queries, units))
    return found


def _group(
    tables: Mapping[str, DataSource], queries: list[tuple[str, str]], units: Mapping[str, str]
) -> dict[str, Computed]:
    try:
        told = run(QueryRequest(dict(tables), tuple(sql for _, sql in queries)))
    except PostilError as error:
        return {id_: Computed(sql=sql, error=str(error).removesuffix(".")) for id_, sql in queries}
    hashes = tuple((Path(source.path).name, _sha256(Path(source.path))) for source in tables.values())
    remarks = tuple(remark for loaded in told.tables.values() for remark in loaded.remarks)
    return {
        id_: _result(
            answer, told.tables, units.get(id_, ""), Computed(None, None, None, sql, told.engine, hashes, remarks)
        )
        for (id_, sql), answer in zip(queries, told.answers, strict=True)
    }


def _result(answer: QueryAnswer, tables: Mapping[str, Loaded], unit: str, so_far: Computed) -> Computed:
    def failed(why: str) -> Computed:
        return replace(so_far, error=why)

    if answer.error:
        return failed(_with_columns(answer.error, tables))
    if len(answer.rows) != 1:
        return failed(
            f"the query gives {len(answer.rows) or 'no'} rows{'' if not answer.rows else ' or more'}; ask for one"
        )
    row = dict(zip((name.casefold() for name in answer.columns), answer.rows[0], strict=True))
    if len(row) == 1 and not row.keys() & set(NUMBERS):
        row = {"value": next(iter(row.values()))}
    if not row.keys() <= set(NUMBERS):
        return failed(f"the query gives {', '.join(answer.columns)}; call its columns numerator, denominator or value")
    numbers: dict[str, float | None] = {}
    for name, cell in row.items():
        if isinstance(cell, bool) or not isinstance(cell, (int, float)):
            return failed(f"{name} is {'missing' if cell is None else repr(cell)}, not a number")
        numbers[name] = float(cell)
    top, bottom = numbers.get("numerator"), numbers.get("denominator")
    if bottom == 0:
        return failed(f"the denominator computed from {', '.join(name for name, _ in so_far.sha256)} is 0")
    if top is not None and bottom is not None and not 0 <= top <= bottom and unit in ("", *_PERCENT, "share"):
        return failed(f"{significant(top, 12)} of {significant(bottom, 12)} cannot be a share")
    if "value" not in numbers and top is not None:
        numbers["value"] = top if bottom is None else (100 if unit in _PERCENT else 1) * top / bottom
    return replace(so_far, numerator=top, denominator=bottom, value=numbers.get("value"))


def _with_columns(error: str, tables: Mapping[str, Loaded]) -> str:
    """A message about a column that is not there, with the columns there are; other messages as they are."""
    if "not found in FROM clause" not in error:
        return error.removesuffix(".")
    wanted = error.split('"')[1] if error.count('"') > 1 else "?"
    known = [column for loaded in tables.values() for column in loaded.columns]
    near = difflib.get_close_matches(wanted, known, 1, 0.4)
    hint = f"; is {near[0]} meant?" if near else ""
    return f"there is no column {wanted!r}{hint} There are: {', '.join(known[:20])}{' …' if len(known) > 20 else ''}"


def _asked(asked: Any, root: Path, instead: Mapping[str, Path]) -> tuple[dict[str, DataSource], str]:
    """The tables and the query of one ``compute:``."""
    if not isinstance(asked, dict):
        raise PostilError("compute needs `data:` and `sql:`, or `file:` and `numerator:`")
    named = data_of(asked)
    if not named:
        raise PostilError("compute needs the file to compute from: `data:`, or `file:` in the short form")
    columns = tuple(str(name) for name in asked.get("columns") or ())
    tables = {
        name: DataSource(str(_inside(root, path, instead)), columns, str(asked.get("table") or ""))
        for name, path in named.items()
    }
    if asked.get("sql"):
        return tables, str(asked["sql"]).strip().removesuffix(";")
    condition = str(asked.get("filter") or "")
    select = [f"{amount(str(asked.get('numerator') or 'all'), condition)} AS numerator"]
    if asked.get("denominator"):
        select.append(f"{amount(str(asked['denominator']), condition)} AS denominator")
    return tables, f"SELECT {', '.join(select)} FROM {next(iter(tables))}"


def _inside(root: Path, name: str, instead: Mapping[str, Path]) -> Path:
    if name in instead:
        return instead[name].resolve()
    file = (root / name).resolve()
    if not is_inside(name) or not file.is_relative_to(root.resolve()):
        raise PostilError(f"{name} lies outside of the study; copy it into the study's folder")
    if not file.is_file():
        raise PostilError(f"there is no data file {name}")
    return file


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_tables(study: Study) -> list[Problem]:
    """Findings whose data cannot be read, or give other numbers than the ones printed beside them."""
    problems: list[Problem] = []
    found = measured(tuple(study.findings), study.root)
    for finding in study.findings:
        one = found.get(finding.id)
        if one is None:
            continue
        told = one.error or conflict(finding, one)
        if told:
            problems.append(Problem(finding.place, f"finding {finding.id}: {told}.", "finding-table"))
    return problems


def conflict(finding: Finding, one: Computed) -> str:
    """Which printed numbers the data contradict, with both; "" when they agree as exactly as they are printed."""
    told = []
    for name in NUMBERS:
        said, now = getattr(finding, name), getattr(one, name)
        if said is not None and not _says(name, said, now):
            gives = "nothing" if now is None else significant(now, 10)
            told.append(f"{name} {significant(said, 10)} is printed, but the data give {gives}")
    return "; ".join(told)


def _says(name: str, said: float, number: float | None) -> bool:
    """Whether a printed number stands for another: counts for themselves, 36.7 for anything from 36.65 to 36.75."""
    if number is None or name != "value":
        return said == number
    printed = Decimal(repr(said)).normalize()
    exponent = printed.as_tuple().exponent
    half = Decimal(5).scaleb(min(exponent, 0) - 1) if isinstance(exponent, int) else Decimal(0)
    return abs(Decimal(repr(number)) - printed) <= half
