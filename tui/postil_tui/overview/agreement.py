"""Agreement in the overview: the declared headline with its intervals, and code by code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postil_base.problem import PostilError
from postil_study.study import Study
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import fitted, shown
from postil_tui.widgets.rows import Line

if TYPE_CHECKING:
    from postil_model.agreement.result import StudyAgreement

_SCALE = 31


def agreement_of(study: Study) -> StudyAgreement | str:
    """The agreement of a study; a sentence where there is none, or nothing to compare."""
    from postil_model.agreement.result import study_agreement

    plan = study.settings.agreement
    if plan is not None and plan.none:
        return f"The study reports no coefficient of agreement: {plan.none}"
    try:
        return study_agreement(study)
    except PostilError as error:
        return str(error)


def agreement_rows(result: StudyAgreement | str) -> tuple[str, list[tuple[str, str, str, str]]]:
    """A title, then name, value, interval and bar of every code; a sentence alone where there is nothing to say."""
    from postil_model.agreement.plot import bar, plot_lines, title_of

    if isinstance(result, str):
        return result, []
    rows = []
    for line in plot_lines(result):
        estimate = line.estimate
        value = f"{estimate.value:.2f}" if estimate.value is not None else "·"
        interval = f"{estimate.ci95[0]:.2f} – {estimate.ci95[1]:.2f}" if estimate.ci95 else ""
        rows.append((line.name, value, interval, bar(estimate, _SCALE) if estimate.value is not None else line.remark))
    return title_of(result), rows


def agreement_lines(title: str, rows: list[tuple[str, str, str, str]], ink: StyleSheet) -> list[Line]:
    """The rows, painted."""
    lines: list[Line] = [[(f"  {shown(title)}", ink.quiet)], []]
    for number, (name, value, interval, drawn) in enumerate(rows):
        style = ink.strong if number == 0 and name.startswith("all codes") else ink.plain
        lines.append(
            [
                ("  ■ ", ink.code(name)),
                (fitted(shown(name), 26), style),
                (f"{value:>6}  ", style),
                (fitted(interval, 14), ink.quiet),
                (f"  {shown(drawn)}", ink.accent if value != "·" else ink.faint),
            ]
        )
    return lines
