"""Subgroups as a table and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from postil_formats.tables.files import KOfN, Table
from postil_model.decision.comparison.subgroups import SMALLEST, Subgroups


def subgroup_table(found: Subgroups) -> Table:
    """Edges down, both groups across; the difference with Newcombe's interval, for orientation."""
    first, second = (f"{found.attribute}={name}" if name != "other" else name for name in found.names)
    rows = tuple(
        (
            edge.edge,
            edge.route,
            KOfN(len(edge.first), len(found.groups[0])),
            KOfN(len(edge.second), len(found.groups[1])),
            "" if edge.difference is None else "{:+.2f} [{:+.2f}, {:+.2f}]".format(*edge.difference),
        )
        for edge in found.edges
    )
    return Table(
        ("edge", "way", first, second, "difference"), rows, f"Subgroups by {found.attribute}", tuple(_notes(found))
    )


def _notes(found: Subgroups) -> list[str]:
    notes = []
    if found.p is None:
        notes.append(f"a group of fewer than {SMALLEST} people: counts only")
    else:
        how = f"exact over {found.relabellings:,}" if found.exact else f"{found.relabellings:,} seeded"
        notes.append(
            f"one test for the whole grouping: T = {found.statistic:.2f}, p = {found.p:.3f} ({how} relabellings)"
        )
        notes.append("intervals (Newcombe, 95%) for orientation: a purposive sample")
    if found.left_out:
        notes.append(f"without a value, left out: {', '.join(found.left_out)}")
    return notes


def subgroup_json(found: Subgroups) -> dict[str, Any]:
    """Everything as plain values."""
    return asdict(found)
