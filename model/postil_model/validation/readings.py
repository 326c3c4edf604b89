"""Two lines under each result: what it says, and what it cannot say with this many people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from postil_base.numbers import decimals, plain_decimals
from postil_base.plural import counted
from postil_model.validation.certainty import Certainties
from postil_model.validation.criteria import Decision
from postil_model.validation.prediction import ALPHA, Predicted
from postil_model.validation.sensitivity import Sweep
from postil_model.validation.two_models import TwoModels

SMALL = 30  # participants up to which a share moves by more than three points with a single one


@dataclass(frozen=True, slots=True)
class Reading:
    """What a result says, and what it cannot say."""

    says: str
    cannot: str

    @property
    def lines(self) -> tuple[str, str]:
        """Both as they stand under a table."""
        return f"It says: {self.says}", f"It cannot say: {self.cannot}"

    def as_json(self) -> dict[str, str]:
        """Both as plain values."""
        return {"says": self.says, "cannot": self.cannot}


def p_text(p: float | None) -> str:
    """A p-value as it is printed.

    >>> p_text(0.01234), p_text(1e-9), p_text(None)
    ('p = 0.012', 'p < 0.001', 'p undefined')
    """
    if p is None:
        return "p undefined"
    return "p < 0.001" if p < 0.0005 else f"p = {decimals(p)}"


def joined(words: Sequence[str]) -> str:
    """A list in words.

    >>> joined(["a", "b", "c"]), joined(["a"]), joined([])
    ('a, b and c', 'a', '')
    """
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def small_sample(n: int) -> str:
    """What so many participants, chosen on purpose, cannot carry."""
    moves = f"1 of {n} moves a share by {plain_decimals(100 / n, 1)} points; " if 1 < n <= SMALL else ""
    return f"{moves}participants were chosen on purpose, so nothing here is an estimate for other people"


def numbers(values: Sequence[int]) -> str:
    """Whole numbers in words, neighbours as ranges.

    >>> numbers([1, 2, 3, 5, 7, 8])
    '1 to 3, 5, 7 and 8'
    """
    runs: list[list[int]] = []
    for value in values:
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    parts = ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(each) for each in run] for run in runs)
    return joined([part for some in parts for part in some])


def prediction_reading(found: Sequence[Predicted], what: str, singles: int, objects: int, n: int) -> Reading:
    """Under a prediction. ``singles`` of the ``objects`` are stated by one participant alone."""
    if not found or not found[0].of:
        return Reading(f"nothing: no {what} are stated.", "how well the model predicts.")
    if n < 2:
        return Reading(
            "nothing: there is one participant, and nobody else to predict from.", "how well the model predicts."
        )
    parts = [part for verdict in _WORDS if (part := _verdict(found, verdict))]
    says = "; ".join(parts) + "."
    if 2 * singles > objects:
        says += (
            f" {singles} of {counted(objects, what.removesuffix('s'))} have one speaker: "
            "a small shared core, a long private tail."
        )
    cannot = (
        f"that a model without a small p is wrong, or that one with a small p is right. With "
        f"{counted(n, 'participant')} and {counted(found[0].of, 'statement')} only large differences show; "
        f"{small_sample(n)}. What a person did not say counts as not stated, though they may hold it."
    )
    return Reading(says, cannot)


_WORDS = {
    "better": "the model predicts people it has not seen better than chance",
    "chance": "it predicts no better than chance",
    "worse": "it predicts worse than chance",
    "undefined": "nothing can be told from chance",
}


def _verdict(found: Iterable[Predicted], verdict: str) -> str:
    chosen = [each for each in found if each.verdict == verdict]
    if not chosen:
        return ""
    why = {"undefined": " (every draw gives the same)", "worse": " (what one person alone states is never predicted)"}
    return f"{_WORDS[verdict]} at {_places(chosen)}{why.get(verdict, '')}"


def _places(chosen: Sequence[Predicted]) -> str:
    """Up to three thresholds each with its precision, more of them as a range."""
    if len(chosen) <= 3:
        return joined([f"t = {each.t} ({_precision(each)})" for each in chosen])
    return f"t = {numbers([each.t for each in chosen])}"


def _precision(each: Predicted) -> str:
    if not each.predicted:
        return "nothing predicted"
    all_ = f"; everybody drawn anew: {p_text(each.p_all)}" if _split(each) else ""
    return f"precision {each.recalled}/{each.predicted}, {p_text(each.p)}{all_}"


def _split(each: Predicted) -> bool:
    """Whether the two nulls give different answers."""
    return each.p is not None and each.p_all is not None and (each.p < ALPHA) != (each.p_all < ALPHA)


def certainty_reading(found: Certainties, n: int) -> Reading:
    """Under the certainty of edges."""
    edges = found.edges
    if not edges:
        return Reading("nothing: no edge reaches the threshold.", "how sure an arrow is.")
    alone = [each for each in edges if each.one_reader]
    never = [each for each in alone if not each.doubly]
    fragile = [each for each in edges if each.fragile]
    asked = [each for each in edges if each.only_asked]
    weakest = [each for each in edges if each.one_reader and each.fragile]
    rest = "rests" if len(alone) == 1 else "rest"
    twice = f" ({len(never)} of them in interviews nobody read twice)" if never else ""
    prompted = f"; {len(asked)} came up only when asked" if asked else ""
    says = (
        f"of {counted(len(edges), 'edge')}, {len(alone)} {rest} on one coder's reading{twice}, {len(fragile)} would "
        f"fall without a single person, {len(weakest)} both{prompted}."
    )
    cannot = (
        "whether an arrow is true: two coders may read the same words wrongly, and an arrow that one reader has may be "
        f"right. {small_sample(n)[0].upper()}{small_sample(n)[1:]}."
    )
    return Reading(says, cannot)


def sweep_reading(found: Sweep, n: int) -> Reading:
    """Under a sweep: how much of what is concluded at the threshold depends on how relations are read."""
    t = found.threshold
    shown = [each for each in found.conclusions if each.declared or each.highest >= t]
    if not shown:
        return Reading("nothing: there is no edge to conclude anything about.", "what a reading changes.")
    verdicts = [each.verdict(t) for each in shown]
    firm, fails = (verdicts.count(f"{word} in every reading") for word in ("holds", "fails"))
    says = (
        f"at t = {t}, of {counted(len(shown), 'edge')} {firm} {_verb(firm, 'hold')} and {fails} {_verb(fails, 'fail')} "
        f"whatever of type, guard and direction is ignored; {len(shown) - firm - fails} "
        f"{_verb(len(shown) - firm - fails, 'depend')} on how the relation was read."
    )
    cannot = (
        "which reading is right, nor that what never changes here is true: the coding itself, the mapping of codes to "
        f"nodes and the choice of people are the same in all of it, and {small_sample(n)}."
    )
    return Reading(says, cannot)


def _verb(count: int, verb: str) -> str:
    return f"{verb}s" if count == 1 else verb


def two_models_reading(found: TwoModels) -> Reading:
    """Under a comparison of two models."""
    first, second = found.names
    whole = counted(len(found.edges), "edge")
    alone = f"{found.hamming} of {whole} {'is' if found.hamming == 1 else 'are'} in one of both models alone"
    fewest = min(map(len, found.people))
    if found.test is None:
        return Reading(
            f"{alone}; with {counted(fewest, 'person', 'people')} on a side nothing is tested.",
            f"whether {first} and {second} differ.",
        )
    differ = found.test.p < ALPHA
    clear = sum(1 for e in found.edges if e.difference and (e.difference[1] > 0 or e.difference[2] < 0))
    more = "more" if differ else "no more"
    verdict = f"taken together the shares differ {more} than chance would have them ({p_text(found.test.p)})"
    if not found.test.statistic:
        verdict = "every edge is stated by equally many"
    sample = small_sample(fewest)
    cannot = (
        f"which single edge differs: {clear} of {counted(len(found.edges), 'interval')} "
        f"{'excludes' if clear == 1 else 'exclude'} zero, and some would in any split. "
        f"{'' if differ else 'No difference shown is not the same as none. '}{sample[0].upper()}{sample[1:]}."
    )
    return Reading(f"{alone}; {verdict}.", cannot)


def criteria_reading(found: Decision) -> Reading:
    """Under the rules of a decision."""
    fit, n = found.fit, len(found.way_of)
    name = found.node.label or found.node.id
    if fit is None or fit.accuracy is None or found.commonest is None:
        why = "no criterion is known" if not found.known else "fewer than two ways are stated by people who state one"
        return Reading(f"nothing: {why}.", f"what decides {name!r}.")
    rules = counted(len(fit.sets[0]), "rule") if fit.sets else "no rule"
    better = fit.accuracy > found.commonest and fit.shuffled_p < ALPHA
    verdict = (
        "they say more than the commonest way does"
        if better
        else "they say no more of other people than the commonest way does"
        if fit.accuracy <= found.commonest
        else "shuffled ways are fitted as well too often to trust them"
    )
    says = (
        f"{rules} {'gives' if len(fit.sets[0]) == 1 else 'give'} {n - fit.errors} of {n} the way they take; for people "
        f"left out {decimals(fit.accuracy)} are right, against {decimals(found.commonest)} for always the commonest "
        f"way, and shuffled ways are fitted as well with {p_text(fit.shuffled_p)}: {verdict}."
    )
    ties = f" {fit.ties} sets of rules fit equally well, and nothing here chooses between them." if fit.ties > 1 else ""
    sample = small_sample(n)
    cannot = (
        f"why people decide: a criterion that goes with a way need not lead to it, and what nobody was asked is not "
        f"known.{ties} {sample[0].upper()}{sample[1:]}."
    )
    return Reading(says, cannot)
