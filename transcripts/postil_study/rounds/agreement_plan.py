"""The declaration of a study's agreement, as ``study.yaml`` and the plan of a round hold it."""

from __future__ import annotations

from postil_base.yaml.fields import Fields
from postil_base.yaml.write import Value
from postil_study.text.values import AgreementPlan

UNITS = ("char", "word", "sentence", "turn", "given")
SPEAKERS = ("participant", "all")


def read_agreement_plan(above: Fields, key: str) -> AgreementPlan | None:
    """Read the mapping at ``key``; None where there is none. What cannot be read is reported."""
    if above.node(key) is None:
        return None
    fields = above.fields(key)
    default = AgreementPlan()
    at_least = fields.number("at_least")
    if at_least is not None and not -1 <= at_least <= 1:
        fields.report(fields.at("at_least"), "at_least is a value of the measure, between -1 and 1", "bad-value")
        at_least = None
    plan = AgreementPlan(
        measure=fields.text("measure", default.measure),
        unit=fields.choice("unit", UNITS, default.unit),
        speakers=fields.choice("speakers", SPEAKERS, default.speakers),
        codes=fields.texts("codes"),
        reason=fields.text("reason").strip(),
        none=fields.text("none").strip(),
        at_least=at_least,
        below=fields.text("below").strip(),
        place=above.at(key),
    )
    fields.close()
    if plan.below and plan.at_least is None:
        message = "`below:` says what follows below a threshold; name it with `at_least:`"
        fields.report(fields.at("below"), message, "agreement-threshold", "warning")
    if not plan.reason and not plan.none:
        message = "say why this measure was chosen (`reason:`), or why none is reported (`none:`)"
        fields.report(plan.place, message, "agreement-reason", "warning")
    return plan


def plan_entries(plan: AgreementPlan) -> dict[str, Value]:
    """The declaration as entries of YAML, without what is empty; a plan of ``none`` is its reason alone."""
    if plan.none:
        return {"none": plan.none}
    entries: dict[str, Value] = {"measure": plan.measure, "unit": plan.unit, "speakers": plan.speakers}
    if plan.codes:
        entries["codes"] = list(plan.codes)
    if plan.reason:
        entries["reason"] = plan.reason
    if plan.at_least is not None:
        entries["at_least"] = plan.at_least
    if plan.below:
        entries["below"] = plan.below
    return entries
