"""A methods paragraph that states only what the study records, with blanks for the rest and the references used.

It follows what the ACM SIGSOFT supplement on inter-rater reliability asks for: what was rated, by whom, how drawn, how
independent, which statistic and why, the value with its interval, how disagreements were settled.
"""

from __future__ import annotations

from statistics import median

from postil_base.numbers import decimals
from postil_base.plural import counted
from postil_model.agreement.definitions import MEASURES, REFERENCES, label_of
from postil_model.agreement.evidence import NOTHING_AGAINST, RoundEvidence, Settled, round_evidence, settled
from postil_model.agreement.measures.estimate import Estimate
from postil_model.agreement.result import Headline, StudyAgreement
from postil_model.agreement.tables import UNIT_NAMES

NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def methods_paragraph(result: StudyAgreement) -> str:
    """The paragraph, an empty line, and the references."""
    headline = result.headline
    sentences = [_who(result), _how_drawn(result), _how_independent(result)]
    if headline.none:
        sentences += [f"No coefficient of agreement is reported: {_sentence(headline.none)}"]
        return " ".join(sentences) + "\n"
    sentences += [_measure(result), _values(result), *_codes(headline), *_sparse(result), _settled(result)]
    sentences.append(_threshold(headline))
    return " ".join(sentences) + "\n\nReferences\n" + "\n".join(_references(result)) + "\n"


def no_agreement_paragraph(reason: str) -> str:
    """The paragraph of a study that declares that it reports none, and why."""
    return (
        f"No coefficient of inter-rater agreement is reported: {_sentence(reason)} "
        "Transcripts were coded by [who: ____]; how coding decisions were checked: [____].\n"
    )


def _who(result: StudyAgreement) -> str:
    coders = result.sample.study.settings.coders
    names = [coders[c].name or c if c in coders else c for c in result.coders]
    count = int(result.sample.whole.several.sum())
    version = result.sample.study.codebook.version
    book = f" with version {version} of the codebook" if version else " with the codebook"
    return (
        f"{_number(len(names)).capitalize()} coders ({_list(names)}) coded {_number(count)} "
        f"interview transcript{'' if count == 1 else 's'}{book} ({counted(len(result.codes), 'code')})."
    )


def _how_drawn(result: StudyAgreement) -> str:
    plan = result.sample.round
    if plan is None:
        return "[Live layers, not for reporting: no frozen round records who coded what, when and how it was drawn.]"
    purpose = f", a {plan.purpose} round" if plan.purpose else ""
    seed = f" (seed {plan.seed})" if plan.seed is not None else ""
    drawn = (
        f"how the transcripts were drawn: {plan.sampling.strip().rstrip('.')}{seed}"
        if plan.sampling
        else "how drawn: [____]"
    )
    return f"This was round {plan.id}{purpose}; {drawn}."


def _how_independent(result: StudyAgreement) -> str:
    plan = result.sample.round
    if plan is None:
        return "[Whether coders worked independently: ____.]"
    doubts = _evidence(result).blind
    if plan.blind and doubts:
        return f"The round was set up as blind; [whether coders worked blind to each other: ____; {'; '.join(doubts)}]."
    if plan.blind:
        return "Coders worked blind to each other's codings."
    return "The round was not set up as blind; [how coders worked independently: ____]."


def _evidence(result: StudyAgreement) -> RoundEvidence:
    plan = result.sample.round
    if plan is None:
        return NOTHING_AGAINST
    return round_evidence(result.sample.root, plan, result.sample.study)


def _measure(result: StudyAgreement) -> str:
    headline = result.headline
    unit = UNIT_NAMES[headline.unit]
    spoken = "participants' words only" if headline.speakers == "participant" else "words of all speakers"
    why = f" because: {_sentence(headline.reason)}" if headline.reason and not headline.departs else ". [Why: ____.]"
    return f"Agreement is {label_of(headline.measure)} on {unit} ({spoken}), {_declaration(result)}{why}"


def _declaration(result: StudyAgreement) -> str:
    """Whether the measure was declared before the round, as far as it can be shown."""
    headline = result.headline
    if not headline.declared or headline.departs:
        return "[not the declared measure]"
    if result.sample.round is None:
        return "declared in study.yaml"
    doubts = _evidence(result).declared
    return f"[declared before the round: ____; {'; '.join(doubts)}]" if doubts else "declared before the round"


def _values(result: StudyAgreement) -> str:
    headline, count = result.headline, int(result.sample.whole.several.sum())
    if headline.pooled is None:
        return ""
    if headline.pooled.value is None:
        return f"Over all codes it is undefined: {headline.pooled.undefined}."
    applied = sum(code in result.used for code in headline.codes)
    text = f"Pooled over {applied} applied codes it was {_shown(headline.pooled)}"
    rough = ", rough with fewer than 8 transcripts" if headline.pooled.ci95 and count < 8 else ""
    return (
        f"{text} ({result.sample.interval} over {counted(count, 'transcript')}{rough})."
        if headline.pooled.ci95
        else f"{text}."
    )


def _codes(headline: Headline) -> list[str]:
    defined = {code: e.value for code, e in headline.codes.items() if e.value is not None}
    found = []
    if defined:
        low, high = min(defined, key=lambda c: (defined[c], c)), max(defined, key=lambda c: (defined[c], c))
        found.append(
            f"By code it ranged from {decimals(defined[low], 2)} ({low}) to {decimals(defined[high], 2)} ({high}), "
            f"median {decimals(median(defined.values()), 2)}; [table: ____]."
        )
    without = len(headline.codes) - len(defined)
    if without:
        found.append(
            f"It is undefined for {without} code{'' if without == 1 else 's'} (see the table for the reasons)."
        )
    return found


def _sparse(result: StudyAgreement) -> list[str]:
    few = sum(any("fewer than 5" in note for note in e.notes) for e in result.headline.codes.values())
    if not few:
        return []
    return [
        f"For {few} code{'' if few == 1 else 's'} that a coder applied to fewer than five units no interval is given."
    ]


def _settled(result: StudyAgreement) -> str:
    """How the consensus settled what the coders differed on, counted passage by passage."""
    found = settled(result, result.sample.root)
    if not found:
        return "The coders differed on no passage."
    if all(each.outcomes.get("open", 0) == each.total for each in found):
        return "[How disagreements were settled: ____; no consensus coding settles any of them.]"
    return " ".join(_settled_pair(each) for each in found) + " [Who decided, and how: ____.]"


def _settled_pair(of: Settled) -> str:
    counts = of.outcomes
    open_ = counts.get("open", 0)
    left = f"; {open_:,} {'is' if open_ == 1 else 'are'} open" if open_ else ""
    kept = [f"of {of.first} in {counts.get('first', 0):,}", f"of {of.second} in {counts.get('second', 0):,}"]
    kept += [f"of both in {counts.get('both', 0):,} and of neither in {counts.get('neither', 0):,}"]
    passages = f"Of {counted(of.total, 'passage')} on which {of.first} and {of.second} differed"
    return f"{passages}, the consensus kept the coding {', '.join(kept)}{left}."


def _threshold(headline: Headline) -> str:
    """The declared threshold, how many codes reach it, and what was declared to follow for the others."""
    if headline.at_least is None or headline.departs:
        return "[Threshold and consequence: ____.]"
    reached = [code for code in headline.codes if headline.reaches(code)]
    below = [code for code in headline.codes if headline.reaches(code) is False]
    defined = len(reached) + len(below)
    text = (
        f"A value of at least {decimals(headline.at_least, 2)} was declared for each code; "
        f"{len(reached)} of {counted(defined, 'code')} with a value reached it"
    )
    if not below:
        return f"{text}."
    if not headline.below:
        return f"{text}, not {_list(below)}. [What follows below it: ____.]"
    return f"{text}, not {_list(below)}; declared for those below it: {_sentence(headline.below)}"


def _references(result: StudyAgreement) -> list[str]:
    headline = result.headline
    keys = {MEASURES[headline.measure].reference}
    if headline.pooled is not None:
        keys.add("devries")
    return [REFERENCES[key] for key in sorted(keys, key=lambda key: REFERENCES.get(key, "")) if key in REFERENCES]


def _shown(estimate: Estimate) -> str:
    if estimate.value is None:
        return "undefined"
    low, high = estimate.ci95 or (None, None)
    interval = "" if low is None or high is None else f", 95% interval {decimals(low, 2)} to {decimals(high, 2)}"
    return f"{decimals(estimate.value, 2)}{interval}"


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"


def _list(names: list[str]) -> str:
    return " and ".join(names) if len(names) < 3 else ", ".join(names[:-1]) + f" and {names[-1]}"


def _sentence(text: str) -> str:
    return text.strip().rstrip(".") + "."
