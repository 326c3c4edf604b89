"""``postil joint``: what people said beside what was measured."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_base.problem import PostilError
from postil_base.quoting.terminal import terminal
from postil_cli.common import open_study_here, say_consent, study_option
from postil_cli.model_options import names
from postil_cli.output.answers import answer, answer_options, on_terminal, records

if TYPE_CHECKING:
    from postil_model.findings.joint import JointRow
    from postil_study.study import Study


@click.command("joint")
@study_option
@click.option(
    "--fit",
    type=click.Choice(["confirmation", "expansion", "discordance", "silence"]),
    default=None,
    help="Only findings with this fit.",
)
@click.option("--interval", is_flag=True, help="Wilson interval of each share, with a remark for a census.")
@click.option("--participants", default="", metavar="A,B", help="Only these participants.")
@click.option("--check", is_flag=True, help="The findings alone: what their counts give, intervals, conflicts.")
@answer_options
def command(study_folder: Path | None, **options: Any) -> int:
    """Theme, k of n with a strip, two quotes, the measured fact, the written fit and its reading, and warnings.

    The fit is the researcher's judgement, written into findings.yaml; it is never computed.
    """
    from postil_model.findings.joint import joint_table
    from postil_model.findings.joint_of_study import study_joint

    study = open_study_here(study_folder)
    if not study.findings:
        raise PostilError("this study has no findings; write them into findings.yaml and name it in study.yaml")
    if options["check"]:
        return _checked(study, options)
    rows = study_joint(study, names(options["participants"]))
    rows = [row for row in rows if options["fit"] in (None, row.finding.fit)]
    say_consent(study)
    answer([joint_table(rows, options["interval"])], [_plain(row) for row in rows], options,
           lambda: _shown(rows, options["interval"]))  # fmt: skip
    return 0


def _checked(study: Study, options: dict[str, Any]) -> int:
    """Findings against their counts and against each other."""
    from postil_model.findings.check import findings_tables
    from postil_model.findings.computed import computed
    from postil_study.privacy.consent.copied_words import told_findings

    tables = findings_tables(told_findings(study, computed(study.findings, study.root)))
    data = {"findings": records(tables[0]), "conflicts": records(tables[1])}
    answer(tables, data, options, lambda: "\n".join(on_terminal(table) for table in tables if table.rows))
    return 0


def _plain(row: JointRow) -> dict[str, Any]:
    finding = row.finding
    return {
        "finding": finding.id,
        "theme": row.theme,
        "k": row.support.k,
        "n": row.support.n,
        "participants": list(row.support.affirm),
        "quotes": [{"participant": q.participant, "quote": q.text, "segment": q.segment} for q in row.quotes],
        "statement": finding.statement,
        "numerator": finding.numerator,
        "denominator": finding.denominator,
        "value": finding.value,
        "unit": finding.unit,
        "source": finding.source,
        "fit": finding.fit,
        "reading": finding.reading,
        "warnings": list(row.warnings),
    }


def _shown(rows: list[JointRow], interval: bool) -> str:
    from postil_model.findings.joint import fact

    blocks = []
    for row in rows:
        lines = [f"{row.theme}  {row.strip if row.support.n <= 40 else ''} {row.support}".replace("   ", "  ")]
        silence = "no words that may be quoted" if row.support.k else "nothing"
        lines += [f"  said      “{quote.text}” ({quote.participant})" for quote in row.quotes] or [
            f"  said      {silence}"
        ]
        lines.append(
            f"  measured  {fact(row.finding, interval)}" + (f" — {row.finding.source}" if row.finding.source else "")
        )
        reading = f": {row.finding.reading}" if row.finding.reading else ""
        lines.append(f"  fit       {row.finding.fit or '(not written)'}{reading}")
        lines += [f"  warning   {warning}" for warning in row.warnings]
        blocks.append("\n".join(terminal(line) for line in lines))
    return "\n\n".join(blocks) + "\n"
