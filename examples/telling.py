"""What the walk-through prints: plain text from the answers of Postil's commands and functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from code_sets import Challenge

from postil_model.counts.saturation import Saturation
from postil_model.counts.saturation_files import notes


def matrix_summary(answer: dict[str, Any]) -> str:
    """How many bullets found their words, and how."""
    lines = [f"{answer['placed']} of {answer['bullets']} bullets found the words they summarise"]
    for one in answer["counts"]:
        lines.append(f"{one['bullets']:>5}  {one['method']}, {one['status']}")
    return indent(lines)


def saturation_text(found: Saturation, printed: list[int]) -> str:
    """The printed curve, the recomputed one and the one without an order, in three lines; and what they rest on."""
    given = len(found.participants)
    same = list(found.ordered) == printed[:given]
    lines = [
        f"printed      {series(printed)}",
        f"recomputed   {series(found.ordered)}   {'the same' if same else 'NOT the same'} as far as given",
        f"any order    {', '.join(f'{value:.1f}' for value in found.expected)}   (expected, over these {given})",
    ]
    return indent([*lines, *notes(found)])


def challenge_row(row: Challenge, coded: Mapping[str, set[str]]) -> tuple[str, ...]:
    """One line of the comparison."""
    in_codings = str(len(coded.get(row.code, ()))) if coded else "-"
    return row.name, f"{row.printed}/{row.of}", f"{len(row.found)}/{row.given}", in_codings, row.verdict


def comparison_text(found: dict[str, Any]) -> str:
    """Coverage and precision, then both lists: an edge nobody states is as much a result as one nobody drew."""
    threshold, edges = found["threshold"], found["edges"]
    lines = [f"edges stated by at least {threshold} participant{'s' if threshold > 1 else ''}"]
    lines += [ratio_line(what, found["ratios"][what]) for what in ("nodes", "items", "edges")]
    not_found = {ends(edge["label"]): edge for status in ("weak", "missing") for edge in edges[status]}
    for status in ("matched", "weak", "missing", "unexpected"):
        for edge in edges[status]:
            drawn = not_found.get(ends(edge["label"])) if status == "unexpected" else None
            remark = f"   same ends as {drawn['id']} {drawn['label'].partition(' [')[2][:-1]}" if drawn else ""
            lines.append(f"  {status:<11}{edge['k']}/{edge['n']}  {edge['label']}{remark}")
    return indent(lines)


def ratio_line(what: str, ratio: dict[str, Any]) -> str:
    """Coverage and precision with the counts they come from.

    >>> ratio_line("edges", {"coverage": 0.25, "precision": None, "matched": 1, "reference": 4, "found": 0})
    'edges  coverage 1/4 = 0.25, precision 1/0 = n/a'
    """
    shares = {"coverage": ratio["reference"], "precision": ratio["found"]}
    said = [
        f"{name} {ratio['matched']}/{of} = {'n/a' if ratio[name] is None else format(ratio[name], '.2f')}"
        for name, of in shares.items()
    ]
    return f"{what}  {', '.join(said)}"


def ends(label: str) -> str:
    """The two nodes of an edge's label.

    >>> ends("evaluate → find_ptm [goes-back-to: poor]")
    'evaluate → find_ptm'
    """
    return label.partition(" [")[0]


def joint_text(rows: Iterable[Mapping[str, str]]) -> str:
    """Facts by theme, without the quotes; those stand in the files."""
    lines: list[str] = []
    for head, together in groupby(rows, key=lambda row: f"{row['theme']}  {row['k/n']}  {row['fit']}"):
        lines.append(head)
        for row in together:
            lines += [f"    {row['measured']}", f"        {row['reading']}"]
            lines += [f"        ! {row['warnings']}"] if row["warnings"] else []
    return indent(lines)


def shown(words: list[str]) -> str:
    """A command as one would type it: paths by their last part, many files as one."""
    short = [Path(word).name if "/" in word else word for word in words]
    files = [word for word in short if word.endswith(".docx")]
    if len(files) > 1:
        short = [word for word in short if word not in files] + [f"{files[0]} … ({len(files)} files)"]
    return " ".join(short)


def columns(rows: list[tuple[str, ...]]) -> str:
    """A plain table."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return indent(["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows])


def series(values: Sequence[int]) -> str:
    """Numbers in a row."""
    return ", ".join(map(str, values))


def indent(lines: list[str]) -> str:
    """Lines of a step."""
    return "\n".join(f"  {line}" for line in lines)
