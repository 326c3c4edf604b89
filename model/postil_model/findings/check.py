"""Findings held against their own counts: what the counts give, Wilson's interval, and which numbers conflict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from postil_base.numbers import significant
from postil_codebook.values import Finding
from postil_formats.tables.files import Table
from postil_model.decision.figure import counts_text
from postil_model.findings.joint import share_interval


@dataclass(frozen=True, slots=True)
class FindingConflict:
    """Findings that cannot all be right, and what is said about it."""

    about: str
    findings: tuple[str, ...]


def conflicts(findings: Iterable[Finding]) -> list[FindingConflict]:
    """Findings with the same written conflict, and findings that say the same with another number."""
    written: dict[str, list[Finding]] = {}
    said: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.conflict:
            written.setdefault(finding.conflict, []).append(finding)
        said.setdefault(" ".join(finding.statement.casefold().split()), []).append(finding)
    found = [FindingConflict(about, tuple(finding.id for finding in group)) for about, group in written.items()]
    for group in said.values():
        if len({(finding.value, finding.unit) for finding in group}) > 1:
            about = f"the same statement with other numbers: {group[0].statement}"
            found.append(FindingConflict(about, tuple(finding.id for finding in group)))
    return found


def findings_tables(findings: Sequence[Finding]) -> list[Table]:
    """The findings with what their counts give, then the conflicts between them."""
    checked = Table(
        ("finding", "statement", "value", "counts", "from counts", "Wilson 95%", "basis", "source", "conflict"),
        tuple(_row(finding) for finding in findings),
        "Findings",
        (
            "from counts: numerator by denominator, in percent; a value that contradicts it is named by postil check",
            "basis census: everything was counted, so the interval is no sampling error",
        ),
    )
    found = conflicts(findings)
    rows = tuple((conflict.about, ", ".join(conflict.findings)) for conflict in found)
    return [checked, Table(("conflict", "findings"), rows, "Conflicts between findings")]


def _row(finding: Finding) -> tuple[str, ...]:
    share = interval = ""
    if finding.numerator is not None and finding.denominator:
        share = f"{significant(100 * finding.numerator / finding.denominator, 4)}%"
        if bounds := share_interval(finding):
            interval = f"[{100 * bounds[0]:.2f}, {100 * bounds[1]:.2f}]%"
    value = "" if finding.value is None else significant(finding.value, 12, thousands=True)
    unit = "%" if finding.unit == "percent" and value else f" {finding.unit}" if value and finding.unit else ""
    return (
        finding.id, finding.statement, f"{value}{unit}", counts_text(finding), share, interval, finding.basis,
        finding.source, finding.conflict.partition(":")[0],
    )  # fmt: skip
