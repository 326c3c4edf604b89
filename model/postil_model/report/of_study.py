"""The report of a study."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_base.quoting.pages import page
from postil_base.version import __version__
from postil_model.decision.model import Model
from postil_model.decision.model_id import model_id
from postil_model.decision.of_study import build_model
from postil_model.findings.computed import computed
from postil_model.report.evidence_lists import WITHHELD, EvidenceList, Quotes, Telling, edge_evidence, node_evidence
from postil_model.report.figures import DrawnFigure, figures
from postil_model.report.sections import agreement_of, codebook_entries, joint_rows, saturation_curves
from postil_model.report.tested import how_sure, tested
from postil_model.validation.certainty import Certainties
from postil_model.validation.certainty_files import model_certainties
from postil_study.privacy.consent.copied_words import free_words, told_findings
from postil_study.privacy.consent.purposes import not_quoted

if TYPE_CHECKING:
    from postil_study.study import Study

HERE = Path(__file__).resolve().parent


def report(study: Study, quotes: Quotes = "full") -> str:
    """The report as HTML: diagram with the words behind each mark, agreement, saturation, joint display, codebook.

    Args:
        study: an opened study.
        quotes: ``full`` prints words of participants who did not refuse, ``ids`` positions, ``none`` neither.
    """
    model = build_model(study)
    telling = Telling(quotes, not_quoted(study))
    book = free_words(study, telling.withheld).codebook(study.codebook)
    drawn, problem = _drawn(model, study)
    certain = model_certainties(study, model)
    return page(
        "report.html",
        HERE,
        script=HERE / "report.js",
        title=study.settings.title or study.root.name,
        version=__version__,
        about=_about(study, model, telling),
        participants=model.participants,
        own=model.params.min_participants,
        drawn=drawn,
        problem=problem,
        groups=[(title, lists) for title, lists in _evidence(model, telling, certain) if lists],
        quotes=quotes,
        withheld=WITHHELD,
        tested=tested(model, certain),
        agreement=agreement_of(study),
        curves=saturation_curves(model),
        joint=joint_rows(study),
        book=book,
        codes=codebook_entries(book),
    )


def _about(study: Study, model: Model, telling: Telling) -> Iterator[str]:
    coders = ", ".join(model.evidence.coders) or "nobody yet"
    yield (
        f"{counted(len(model.evidence.transcripts), 'interview')}, {counted(model.n, 'participant')}, coding of record "
        f"by {coders}. Study {study.settings.id or 'without id'}, model {model_id(model)[:12]}."
    )
    if telling.quotes == "full" and telling.withheld:
        refused = ", ".join(sorted(telling.withheld))
        yield f"Words of {refused} are withheld: they gave no consent to be quoted."
    if telling.quotes != "full":
        yield "This copy holds no words of participants."


def _drawn(model: Model, study: Study) -> tuple[list[DrawnFigure], str]:
    """The figures, or why there are none."""
    try:
        return figures(model, told_findings(study, computed(study.findings, study.root))), ""
    except PostilError as error:
        return [], str(error)


def _evidence(model: Model, telling: Telling, certain: Certainties) -> Iterator[tuple[str, list[EvidenceList]]]:
    """Lists under their headings: what the figure shows under the study's own threshold, and what it leaves out."""
    shown = model.shown_edges
    sure = {each.edge: how_sure(each) for each in certain.edges}
    yield "Nodes", [node_evidence(node, model, telling) for node in model.shown_nodes.values()]
    yield (
        "Edges in the figure",
        [edge_evidence(edge, model, telling, sure.get(name, ())) for name, edge in shown.items()],
    )
    hidden = [edge for name, edge in model.edges.items() if name not in shown]
    yield "Edges that fewer people state", [edge_evidence(edge, model, telling) for edge in hidden]
