"""The report of a study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_base.quoting.html import html
from postil_model.decision.model import Model
from postil_model.decision.model_id import model_id
from postil_model.decision.of_study import build_model
from postil_model.findings.computed import computed
from postil_model.report.evidence_lists import Quotes, Telling, edge_evidence, node_evidence
from postil_model.report.figures import figures
from postil_model.report.page import Section, page
from postil_model.report.sections import agreement_section, codebook_section, joint_section, saturation_section
from postil_study.privacy.consent.copied_words import free_words, told_findings
from postil_study.privacy.consent.purposes import not_quoted

if TYPE_CHECKING:
    from postil_study.study import Study


def report(study: Study, quotes: Quotes = "full") -> str:
    """The report as HTML: diagram with the words behind each mark, agreement, saturation, joint display, codebook.

    Args:
        study: an opened study.
        quotes: ``full`` prints words of participants who did not refuse, ``ids`` positions, ``none`` neither.
    """
    model = build_model(study)
    telling = Telling(quotes, not_quoted(study))
    sections = [
        Section("model", "Decision model", _model_body(model, study)),
        Section("evidence", "Evidence", _evidence_body(model, telling)),
        *filter(
            None,
            (
                agreement_section(study),
                saturation_section(study, model),
                joint_section(study, model, telling),
                codebook_section(free_words(study, not_quoted(study)).codebook(study.codebook)),
            ),
        ),
    ]
    return page(study.settings.title or study.root.name, _meta(study, model, quotes), sections)


def _meta(study: Study, model: Model, quotes: Quotes) -> list[str]:
    refused = sorted(not_quoted(study))
    lines = [
        f"{counted(len(model.evidence.transcripts), 'interview')}, "
        f"{counted(model.n, 'participant')}, coding of record by "
        f"{', '.join(model.evidence.coders) or 'nobody yet'}. Study {study.settings.id or 'without id'}, "
        f"model {model_id(model)[:12]}."
    ]
    if quotes == "full" and refused:
        lines.append(f"Words of {', '.join(refused)} are withheld: they gave no consent to be quoted.")
    if quotes != "full":
        lines.append("This copy holds no words of participants.")
    return lines


def _model_body(model: Model, study: Study) -> str:
    try:
        drawn = figures(model, told_findings(study, computed(study.findings, study.root)))
    except PostilError as error:
        return f'<p class="note">There is no picture here: {html(str(error))}. The evidence below is complete.</p>'
    own = model.params.min_participants
    levels = list(drawn)
    start = levels.index(own) if own in drawn else 0
    pictures = "".join(
        f'<div data-threshold="{level}"{"" if level == own else " hidden"}>{svg}</div>' for level, svg in drawn.items()
    )
    buttons = "".join(
        f'<button type="button" class="person" aria-pressed="false">{html(p)}</button>' for p in model.participants
    )
    return (
        "<p class='note'>Click a node or an edge, or reach it with Tab and press Enter, to read who says so and in "
        "which words. The slider hides edges that fewer people state; it never joins what it leaves.</p>"
        '<div class="controls" hidden><label for="threshold">Stated by at least '
        f'<input id="threshold" type="range" min="0" max="{len(levels) - 1}" value="{start}"> '
        '<output id="threshold-shown" for="threshold"></output></label>'
        f"<fieldset><legend>Show what is said by</legend>{buttons}</fieldset></div>"
        f'<div class="stage"><div class="drawing">{pictures}</div>'
        '<aside tabindex="-1" aria-live="polite" hidden></aside></div>'
    )


def _evidence_body(model: Model, telling: Telling) -> str:
    nodes = "\n".join(node_evidence(node, model, telling) for node in model.shown_nodes.values())
    edges = "\n".join(edge_evidence(edge, model, telling) for edge in model.edges.values())
    return f"<h3>Nodes</h3>\n{nodes}\n<h3>Edges</h3>\n{edges}"
