"""The history of agreement over rounds: each computed anew from its frozen copy, pilot and training named as such."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from postil_base.problem import PostilError
from postil_formats.tables.files import Cell, Table
from postil_model.agreement.definitions import label_of
from postil_model.agreement.document import estimate_json
from postil_model.agreement.evidence import NOTHING_AGAINST, RoundEvidence, round_evidence
from postil_model.agreement.measures.estimate import Estimate, undefined
from postil_model.agreement.result import StudyAgreement, study_agreement
from postil_model.agreement.sample import SampleOptions, Unit
from postil_model.agreement.tables import UNIT_NAMES, remarks, run_lines, with_interval

if TYPE_CHECKING:
    from postil_study.rounds.plan import Round
    from postil_study.study import Study


@dataclass(frozen=True)
class RoundAgreement:
    """One frozen round: its agreement, or why there is none."""

    round: Round
    result: StudyAgreement | None
    reason: str = ""
    evidence: RoundEvidence = NOTHING_AGAINST

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why the round cannot be shown to have been declared or blind before anybody coded."""
        return tuple(dict.fromkeys((*self.evidence.declared, *(self.evidence.blind if self.round.blind else ()))))

    @property
    def pooled(self) -> Estimate:
        """The headline's value over all codes."""
        if self.result is None:
            return undefined(self.reason)
        return self.result.headline.pooled or undefined("this measure is not pooled over codes")


def round_history(
    study: Study, options: SampleOptions, units: tuple[Unit, ...] = (), measure: str = ""
) -> list[RoundAgreement]:
    """Every frozen round in the order of freezing, each by what was declared for it, or by the measure asked for."""
    frozen = sorted((r for r in study.rounds.values() if r.is_frozen), key=lambda r: (r.frozen, r.id))
    if not frozen:
        raise PostilError("no round is frozen yet, so there is no history: postil round freeze ROUND")
    return [_of_round(study, plan_, replace(options, round=plan_.id, live=False), units, measure) for plan_ in frozen]


def _of_round(
    study: Study, plan: Round, options: SampleOptions, units: tuple[Unit, ...], measure: str
) -> RoundAgreement:
    try:
        result = study_agreement(study, options, units, measure)
        return RoundAgreement(plan, result, evidence=round_evidence(study.root, plan, result.sample.study))
    except PostilError as error:
        return RoundAgreement(plan, None, str(error))


def rounds_table(history: Sequence[RoundAgreement]) -> Table:
    """One row a round."""
    rows: list[tuple[Cell, ...]] = []
    for entry in history:
        plan, result = entry.round, entry.result
        several = int(result.sample.whole.several.sum()) if result else None
        what = f"{label_of(result.headline.measure)}, {UNIT_NAMES[result.headline.unit]}" if result else ""
        rows.append(
            (
                plan.id,
                plan.purpose or "(not said)",
                plan.frozen[:10],
                ", ".join(result.coders) if result else ", ".join(plan.assignments),
                several,
                _blind(entry),
                _declared(entry),
                what,
                *with_interval(entry.pooled),
                "; ".join(filter(None, [remarks([entry.pooled]), *entry.doubts])),
            )
        )
    headers = (
        "round",
        "purpose",
        "frozen",
        "coders",
        "transcripts",
        "blind",
        "declared before",
        "measure",
        "value",
        "SE",
        "95% low",
        "95% high",
    )
    return Table((*headers, "remarks"), tuple(rows), "Rounds")


def _blind(entry: RoundAgreement) -> str:
    if not entry.round.blind:
        return "no"
    return "not shown" if entry.evidence.blind else "yes"


def _declared(entry: RoundAgreement) -> str:
    return "not shown" if entry.evidence.declared else "yes"


def rounds_json(history: Sequence[RoundAgreement]) -> list[dict[str, Any]]:
    """The history as JSON."""
    return [
        {
            "round": entry.round.id,
            "purpose": entry.round.purpose or None,
            "frozen": entry.round.frozen or None,
            "blind": entry.round.blind,
            "blind_not_shown": list(entry.evidence.blind) if entry.round.blind else [],
            "declared_before_not_shown": list(entry.evidence.declared),
            "measure": entry.result.headline.measure if entry.result else None,
            "unit": entry.result.headline.unit if entry.result else None,
            "pooled": estimate_json(entry.pooled),
            "run": run_lines(entry.result) if entry.result else [],
        }
        for entry in history
    ]


def rounds_plot(history: Sequence[RoundAgreement], format_: str) -> bytes:
    """The history as a picture: one row a round, in order."""
    from postil_model.agreement.plot import history_lines, picture_of
    from postil_model.drawing.pictures import files

    named = {f"{e.round.id} ({e.round.purpose or 'purpose not said'})": e.pooled for e in history}
    title = "Agreement over rounds, each from its frozen copy, 95% intervals"
    return files(picture_of(history_lines(named), title), [format_])[format_]
