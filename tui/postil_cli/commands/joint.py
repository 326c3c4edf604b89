"""``postil joint``: what people said beside what was measured."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_base.quoting.terminal import terminal
from postil_cli.answers import answer, format_of, table_options
from postil_cli.common import open_study_here, study_option
from postil_cli.model_options import model_of, model_options
from postil_cli.writing import deliver

if TYPE_CHECKING:
    from postil_model.joint import JointRow


@click.command("joint")
@click.option("--interval", is_flag=True, help="Wilson's interval beside each share; a census says that it has none.")
@model_options
@table_options
@study_option
def command(study_folder: Path | None, **options: Any) -> None:
    """The joint display: theme, k of n, two quotes, the measured fact, its fit and the reading, side by side.

    The fit (confirmation, expansion, discordance, silence) and the reading are written by the researcher in
    findings.yaml; what does not hold, such as a number with an open conflict, stands as a warning.
    """
    from postil_model.computed import computed
    from postil_model.consent import not_quoted
    from postil_model.joint import joint, joint_table

    study = open_study_here(study_folder)
    model = model_of(study, options)
    findings = computed(study.findings, study.root)
    rows = joint(model, findings, study.themes, not_quoted(study.settings.participants))
    if format_of(options) == "table":
        deliver("\n\n".join(as_text(row, options["interval"]) for row in rows) + "\n", options["out"])
        return
    answer([joint_table(rows, options["interval"])], "Joint display", options, lambda: [_plain(row) for row in rows])


def as_text(row: JointRow, interval: bool) -> str:
    """One theme as a block: who, two quotes, the fact, its fit and reading, what does not hold."""
    from textwrap import wrap

    from postil_model.joint import fact

    parts = [("said", f"“{quote.text}” ({quote.participant})") for quote in row.quotes]
    parts.append(("measured", f"{fact(row.finding, interval)} ({row.finding.source or 'no source'})"))
    if row.finding.fit or row.finding.reading:
        parts.append(("fit", ": ".join(filter(None, (row.finding.fit, row.finding.reading)))))
    parts += [("warning", warning) for warning in row.warnings]
    lines = [terminal(f"{row.theme}  {row.support}  {row.strip if row.support.n <= 30 else ''}".rstrip())]
    for word, text in parts:
        body = wrap(terminal(text, " "), 92, initial_indent=f"  {word:9} ", subsequent_indent=" " * 12)
        lines += body
    return "\n".join(lines)


def _plain(row: JointRow) -> dict[str, Any]:
    finding = row.finding
    return {
        "theme": row.theme,
        "k": row.support.k,
        "n": row.support.n,
        "participants": list(row.support.affirm),
        "quotes": [
            {"participant": q.participant, "text": q.text, "transcript": q.transcript, "segment": q.segment}
            for q in row.quotes
        ],
        "finding": {
            "id": finding.id,
            "statement": finding.statement,
            "numerator": finding.numerator,
            "denominator": finding.denominator,
            "value": finding.value,
            "unit": finding.unit,
            "source": finding.source,
        },
        "fit": finding.fit,
        "reading": finding.reading,
        "warnings": list(row.warnings),
    }
