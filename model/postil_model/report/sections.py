"""The tables of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postil_base.problem import PostilError
from postil_base.quoting.html import html
from postil_codebook.values import Code, Codebook
from postil_formats.tables.files import Table
from postil_model.counts.saturation import Saturation, model_sets, saturation
from postil_model.counts.saturation_files import richness
from postil_model.decision.model import Model
from postil_model.findings.joint import JointRow, fact
from postil_model.findings.joint_of_study import study_joint
from postil_model.report.evidence_lists import Telling
from postil_model.report.figures import inline
from postil_model.report.page import Section, table

if TYPE_CHECKING:
    from postil_model.agreement.result import StudyAgreement
    from postil_study.study import Study


MOST_SQUARES = 30


def codebook_section(book: Codebook) -> Section | None:
    """The codes with definition, include and exclude, in the order of the book."""
    if not book.codes:
        return None
    entries = "\n".join(_entry(code, book) for code in book.codes.values())
    return Section(
        "codebook", "Codebook", f'<p class="note">Version {html(book.version)}.</p><dl class="codes">{entries}</dl>'
    )


def _entry(code: Code, book: Codebook) -> str:
    indent = len(book.ancestors(code.id))
    parts = [html(code.definition)]
    parts += [
        f"<b>{word}</b> {html(text)}" for word, text in (("Include:", code.include), ("Exclude:", code.exclude)) if text
    ]
    body = "".join(f"<dd>{part}</dd>" for part in parts if part)
    return (
        f'<div style="margin-left:{indent * 1.6}em"><dt>{html(code.label)} <span class="id">{html(code.id)}</span></dt>'
        f"{body}</div>"
    )


def agreement_section(study: Study) -> Section | None:
    """How far coders agree, as `postil agreement` prints it; None where nobody was coded twice."""
    plan = study.settings.agreement
    if plan is not None and plan.none:
        from postil_model.agreement.methods_paragraph import no_agreement_paragraph

        return Section("agreement", "Agreement", f"<p>{html(no_agreement_paragraph(plan.none))}</p>")
    from postil_model.agreement.result import study_agreement

    try:
        result = study_agreement(study)
    except PostilError as error:
        return Section("agreement", "Agreement", f'<p class="note">{html(str(error))}</p>')
    return Section("agreement", "Agreement", _agreement_body(result))


def _agreement_body(result: StudyAgreement) -> str:
    from postil_model.agreement.files import headline_sentence, printed
    from postil_model.agreement.methods_paragraph import methods_paragraph
    from postil_model.agreement.plot import plot
    from postil_model.agreement.tables import codes_table, other_table, run_lines

    about = "".join(f'<p class="note">{html(line)}</p>' for line in run_lines(result))
    picture = inline(plot(result, "svg").decode("utf-8"), "agreement-")
    tables = [printed(codes_table(result, result.headline.unit)), printed(other_table(result))]
    method, *references = methods_paragraph(result).split("\n\n")
    lines = "".join(f"<li>{html(line)}</li>" for part in references for line in part.splitlines()[1:])
    return (
        f"<p>{html(headline_sentence(result))}</p>{about}"
        f'<div class="plot">{picture}</div>'
        f"<details><summary>Values per code, and the supplement</summary>{''.join(map(_table, tables))}</details>"
        f"<h3>Methods paragraph</h3><p>{html(method)}</p><ul>{lines}</ul>"
    )


def _table(one: Table) -> str:
    notes = "".join(f'<p class="note">{html(note)}</p>' for note in one.notes)
    return f"<h3>{html(one.title)}</h3>{table(one.headers, one.strings(), range(1, len(one.headers)))}{notes}"


def saturation_section(study: Study, model: Model) -> Section | None:
    """What each further participant added: codes of the framework, emergent codes, stated edges."""
    curves = [
        ("codes", model_sets(model, "codes")),
        ("emergent codes", model_sets(model, "codes", ("emergent", "in-vivo"))),
        ("stated edges", model_sets(model, "edges")),
    ]
    bodies = [_curve(saturation(sets, of)) for of, sets in curves if any(sets.values())]
    if not bodies:
        return None
    note = (
        "Bars: distinct features after each participant, in the order of the interviews. Dots: the expectation over "
        "all orders. The order of interviews is luck; a curve that is still rising in the dots is not saturated."
    )
    return Section("saturation", "Saturation", f'<p class="note">{note}</p><div class="curves">{"".join(bodies)}</div>')


def _curve(found: Saturation) -> str:
    """A small bar chart of its own: an SVG of two series."""
    most, height, step = max([*found.ordered, 1]), 120.0, 30
    bars = []
    for i, (count, mean) in enumerate(zip(found.ordered, found.expected, strict=True)):
        x, top, dot = i * step + 4, height - height * count / most, height - height * mean / most
        bars.append(
            f'<rect x="{x}" y="{top + 16:.1f}" width="22" height="{height - top:.1f}" fill="#c9d7e6"/>'
            f'<text x="{x + 11}" y="{height + 11:.1f}" text-anchor="middle">{count}</text>'
            f'<circle cx="{x + 11}" cy="{dot + 16:.1f}" r="3.2" fill="#0072b2"/>'
            f'<text x="{x + 11}" y="{height + 31}" text-anchor="middle" class="axis">'
            f"{html(found.participants[i])}</text>"
        )
    width = len(found.ordered) * step + 8
    return (
        f"<figure><figcaption><b>{html(found.of)}</b> {most} in all, {found.singles} from one participant only; "
        f"{html(richness(found))}</figcaption>"
        f'<svg viewBox="0 0 {width} {height + 38:.0f}" width="{width}" role="img" '
        f'aria-label="{html(found.of)} after each participant">{"".join(bars)}</svg></figure>'
    )


def joint_section(study: Study, model: Model, telling: Telling) -> Section | None:
    """What was said beside what was measured; the fit is the researcher's own word."""
    rows = study_joint(study) if study.findings else []
    if not rows:
        return None
    headers = ("theme", "said by", "in their words", "measured", "fit and reading", "does not hold")
    cells = "\n".join(_joint_row(row, telling) for row in rows)
    heads = "".join(f'<th scope="col">{html(head)}</th>' for head in headers)
    table_ = f'<table class="joint"><thead><tr>{heads}</tr></thead>\n<tbody>{cells}</tbody></table>'
    body = f'<div class="scroll">{table_}</div>'
    return Section("joint", "Said and measured", body)


def _joint_row(row: JointRow, telling: Telling) -> str:
    finding = row.finding
    quotes = [f"<p>“{html(q.text)}” <i>{html(q.participant)}</i></p>" for q in row.quotes]
    told = "".join(quotes) if telling.quotes == "full" else ""
    source = f'<p class="note">{html(finding.source)}</p>' if finding.source else ""
    fit = f"<b>{html(finding.fit)}</b><p>{html(finding.reading)}</p>" if finding.fit or finding.reading else ""
    warnings = "".join(f"<p>{html(warning)}</p>" for warning in row.warnings)
    columns = (
        html(row.theme),
        f"{row.support}<br>{html(row.strip) if row.support.n <= MOST_SQUARES else ''}",
        told,
        f"{html(fact(finding, interval=True))}{source}",
        fit,
        warnings,
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in columns)}</tr>"
