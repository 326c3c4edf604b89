"""The findings of a study as a list: what is printed, what the data give, how sure it is, where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from postil_base.numbers import significant
from postil_codebook.values import Finding
from postil_formats.tables.files import Table
from postil_model.findings.computed import NUMBERS, Computed, conflict, measured
from postil_model.findings.joint import share_interval
from postil_study.privacy.consent.copied_words import told_findings

if TYPE_CHECKING:
    from postil_study.study import Study


@dataclass(frozen=True, slots=True)
class ListedFinding:
    """One finding with what its data give; ``computed`` is None where it says no ``compute:``."""

    finding: Finding
    computed: Computed | None
    disputed: str  # what print and data say differently, or why nothing could be computed

    @property
    def conflict(self) -> str:
        """The same, and the conflict that the file itself names."""
        return "; ".join(text for text in (self.disputed, self.finding.conflict) if text)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What had to be decided when its data were read."""
        return self.computed.remarks if self.computed else ()

    @property
    def counted(self) -> Finding:
        """The finding with the numbers that count: the data's where there are any."""
        if self.computed is None or self.computed.error:
            return self.finding
        return msgspec.structs.replace(self.finding, **{name: getattr(self.computed, name) for name in NUMBERS})

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95% interval of a share."""
        return share_interval(self.counted)

    @property
    def plain(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        one = self.computed
        low, high = self.interval or (None, None)
        return {
            "id": self.finding.id,
            "statement": self.finding.statement,
            "unit": self.finding.unit,
            "printed": {name: getattr(self.finding, name) for name in NUMBERS},
            "computed": None
            if one is None or one.error
            else {
                **{name: getattr(one, name) for name in NUMBERS},
                "low": low,
                "high": high,
                "engine": one.engine,
                "sql": one.sql,
                "sha256": dict(one.sha256),
            },
            "conflict": self.conflict or None,
            "links": {kind: list(ids) for kind, ids in self.finding.links.items()},
        }


def listed(study: Study) -> list[ListedFinding]:
    """The findings in the order of the file; words of who must not be quoted are withheld."""
    findings = told_findings(study, study.findings)
    found = measured(findings, study.root)
    rows = []
    for finding in findings:
        one = found.get(finding.id)
        told = (one.error or conflict(finding, one)) if one else ""
        rows.append(ListedFinding(finding, one, told))
    return rows


def table(rows: Sequence[ListedFinding]) -> Table:
    """The list as a table."""
    cells = []
    for row in rows:
        bounds = row.interval
        links = "; ".join(f"{kind} {', '.join(ids)}" for kind, ids in row.finding.links.items())
        cells.append(
            (
                row.finding.id,
                row.finding.statement,
                _numbers(row.finding),
                _numbers(row.computed, row.finding.unit) if row.computed and not row.computed.error else "",
                f"{100 * bounds[0]:.1f} to {100 * bounds[1]:.1f}%" if bounds else "",
                row.conflict,
                links,
            )
        )
    headers = ("finding", "statement", "printed", "computed", "Wilson 95%", "conflict", "links")
    notes = ("computed: from the data that `compute:` names; empty where a finding says none",)
    return Table(headers, tuple(cells), "Findings", notes)


def _numbers(of: Finding | Computed, unit: str | None = None) -> str:
    unit = of.unit if isinstance(of, Finding) else unit
    sign = "%" if unit in ("percent", "%") else f" {unit}" if unit else ""
    parts = []
    if of.numerator is not None and of.denominator is not None:
        parts.append(
            f"{significant(of.numerator, 12, thousands=True)}/{significant(of.denominator, 12, thousands=True)}"
        )
    if of.value is not None:
        parts.append(f"{significant(of.value, 4 if sign == '%' else 12, thousands=True)}{sign}")
    return " = ".join(parts)


@dataclass(frozen=True, slots=True)
class Remeasured:
    """A finding measured on other data: what the study's give, what the others give, a reading to reconsider."""

    finding: Finding
    old: Computed
    new: Computed

    @property
    def difference(self) -> float | None:
        """New minus old value; None where one is missing."""
        if self.old.value is None or self.new.value is None:
            return None
        return self.new.value - self.old.value

    @property
    def reading(self) -> str:
        """The written reading, where the numbers under it changed: whether it still holds is for a person to say."""
        return self.finding.reading if self.difference or self.new.error else ""

    @property
    def plain(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        return {
            "id": self.finding.id,
            "old": {name: getattr(self.old, name) for name in NUMBERS},
            "new": {name: getattr(self.new, name) for name in NUMBERS},
            "difference": self.difference,
            "error": self.new.error or self.old.error or None,
            "reading": self.reading or None,
        }


def remeasured(study: Study, instead: Mapping[str, Path]) -> list[Remeasured]:
    """The findings that are computed from the files replaced, on the study's data and on the others."""
    from postil_study.files.data_files import data_of

    chosen = tuple(
        finding
        for finding in told_findings(study, study.findings)
        if isinstance(asked := finding.extra.get("compute"), dict) and set(data_of(asked).values()) & instead.keys()
    )
    old, new = measured(chosen, study.root), measured(chosen, study.root, instead)
    return [Remeasured(finding, old[finding.id], new[finding.id]) for finding in chosen]


def remeasured_table(rows: Sequence[Remeasured]) -> Table:
    """Old, new, difference, and the readings to reconsider."""
    cells = tuple(
        (
            row.finding.id,
            _numbers(row.old, row.finding.unit),
            row.new.error or _numbers(row.new, row.finding.unit),
            None if row.difference is None else round(row.difference, 6),
            row.reading,
        )
        for row in rows
    )
    notes = ("reading: written under a number that changed; say again whether it holds",)
    return Table(("finding", "old", "new", "difference", "reading"), cells, "Findings measured again", notes)
