"""What the report says beside the figure and its evidence, as values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from postil_base.problem import PostilError
from postil_codebook.values import Codebook
from postil_formats.tables.files import Table
from postil_model.counts.saturation import Saturation, model_sets, saturation
from postil_model.counts.saturation_files import richness
from postil_model.decision.model import Model
from postil_model.drawing.plot_canvas import BLACK, GREY, INK, PALE, PlotCanvas
from postil_model.findings.joint import JointRow, fact
from postil_model.findings.joint_of_study import study_joint
from postil_model.report.figures import inline

if TYPE_CHECKING:
    from postil_model.agreement.result import StudyAgreement
    from postil_study.study import Study

MOST_SQUARES = 30
_STEP, _HIGH, _SIZE = 30.0, 120.0, 11.0
_NUMBER = re.compile(r"[-−–]?[\d.,/ ]*%?|n/a|undefined")
Values = dict[str, Any]


def codebook_entries(book: Codebook) -> list[Values]:
    """The codes with definition, include and exclude, in the order of the book; ``depth`` is how deep they lie."""
    return [{"code": code, "depth": len(book.ancestors(code.id))} for code in book.codes.values()]


def agreement_of(study: Study) -> Values:
    """How far coders agree, as `postil agreement` prints it, or the sentence why nothing is printed."""
    from postil_model.agreement.result import study_agreement

    plan = study.settings.agreement
    if plan is not None and plan.none:
        from postil_model.agreement.methods_paragraph import no_agreement_paragraph

        return {"none": no_agreement_paragraph(plan.none)}
    try:
        return _agreement(study_agreement(study))
    except PostilError as error:
        return {"none": str(error)}


def _agreement(result: StudyAgreement) -> Values:
    from postil_model.agreement.files import headline_sentence, printed
    from postil_model.agreement.methods_paragraph import methods_paragraph
    from postil_model.agreement.plot import plot_picture
    from postil_model.agreement.tables import codes_table, other_table, run_lines

    tables = [printed(codes_table(result, result.headline.unit)), printed(other_table(result))]
    method, *references = methods_paragraph(result).split("\n\n")
    return {
        "headline": headline_sentence(result),
        "run": run_lines(result),
        "picture": inline(plot_picture(result), "agreement-"),
        "tables": [(table, _numbers(table)) for table in tables],
        "method": method,
        "references": [line for part in references for line in part.splitlines()[1:]],
    }


def _numbers(table: Table) -> set[int]:
    """The columns that hold numbers, or nothing."""
    rows = table.strings()
    return {at for at in range(len(table.headers)) if all(_NUMBER.fullmatch(row[at]) for row in rows)}


def saturation_curves(model: Model) -> list[Values]:
    """What each further participant added: codes of the framework, emergent codes, stated edges."""
    curves = [
        ("codes", model_sets(model, "codes")),
        ("emergent codes", model_sets(model, "codes", ("emergent", "in-vivo"))),
        ("stated edges", model_sets(model, "edges")),
    ]
    return [_curve(saturation(sets, of), number) for number, (of, sets) in enumerate(curves) if any(sets.values())]


def _curve(found: Saturation, number: int) -> Values:
    """A bar a participant, and a dot for the expectation."""
    most, paper = max([*found.ordered, 1]), PlotCanvas()
    for place, (count, mean) in enumerate(zip(found.ordered, found.expected, strict=True)):
        x, high = (place + 0.5) * _STEP, _HIGH * count / most
        paper.box(x, high / 2, 22, high, PALE)
        paper.text(str(count), x, high + 8, _SIZE, "centre", BLACK)
        paper.text(found.participants[place], x, -10, _SIZE, "centre", GREY)
        paper.point(x, _HIGH * mean / most, True)
    paper.line([(0, 0), (len(found.ordered) * _STEP, 0)], INK, 0.8)
    picture = paper.picture(f"{found.of} after each participant")
    told = f"{most} in all, {found.singles} from one participant only; {richness(found)}"
    return {"of": found.of, "told": told, "picture": inline(picture, f"curve{number}-")}


def joint_rows(study: Study) -> list[Values]:
    """What was said beside what was measured; the fit is the researcher's own word."""
    return [_joint_row(row) for row in study_joint(study)] if study.findings else []


def _joint_row(row: JointRow) -> Values:
    return {
        "row": row,
        "strip": row.strip if row.support.n <= MOST_SQUARES else "",
        "fact": fact(row.finding, interval=True),
    }
