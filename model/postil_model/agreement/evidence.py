"""What can be shown of a round: that it was declared before anybody coded, that it was blind, how it was settled.

The methods paragraph states a thing only if nothing here speaks against it; else it leaves a blank with the reason.
Times are those that layers and the round's plan record; where the study lies in git, its commits are a second witness.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from postil_base.clock import moment
from postil_base.plural import counted
from postil_model.agreement.disagreements import Disagreement, disagreements
from postil_study.files.codings import layer_path
from postil_study.git.repo import Repo
from postil_study.layers.values import records
from postil_study.rounds.plan import load_round, round_path
from postil_study.study import Study, open_study
from postil_study.text.values import AgreementPlan, Layer, Segment

if TYPE_CHECKING:
    from postil_model.agreement.result import StudyAgreement
    from postil_study.rounds.plan import Round

Outcome = Literal["open", "first", "second", "both", "neither"]


@dataclass(frozen=True, slots=True)
class RoundEvidence:
    """Reasons why it cannot be shown that a round was declared before coding, or that it was blind; empty: it can."""

    declared: tuple[str, ...]
    blind: tuple[str, ...]


NOTHING_AGAINST = RoundEvidence((), ())


def round_evidence(root: Path, plan: Round, copy: Study) -> RoundEvidence:
    """Compare what a round says of itself with its frozen layers and with git; ``root`` is the study's folder."""
    earlier = [*_older_codings(plan, copy), *_older_commits(root, plan)]
    declared = list(earlier)
    if plan.declared is None:
        declared.insert(0, "the plan of the round holds no declaration (`declared:`)")
    else:
        declared += _changed_declaration(root, plan)
    return RoundEvidence(tuple(declared), tuple(earlier))


def _older_codings(plan: Round, copy: Study) -> Iterator[str]:
    """Records and finished layers of the round that are older than its start, or have no time."""
    if not plan.started:
        yield "the plan of the round records no time of its start"
        return
    old = total = timeless = 0
    done: list[str] = []
    for layer in _layers_of(plan, copy):
        times = [record.at for record in records(layer)]
        total += len(times)
        old += sum(bool(at) and at < plan.started for at in times)
        timeless += sum(not at for at in times)
        finished = layer.header.done
        if finished and finished[:10] < plan.started[:10]:
            done.append(f"{layer.header.coder}/{layer.header.transcript}")
    day = plan.started[:10]
    if old:
        yield f"{old:,} of {counted(total, 'coding')} existed before the round started ({day})"
    if done:
        yield f"{', '.join(done)} {'was' if len(done) == 1 else 'were'} done before the round started ({day})"
    if timeless:
        yield f"{counted(timeless, 'coding')} of {total:,} record no time"


def _layers_of(plan: Round, copy: Study) -> Iterator[Layer]:
    for coder, transcripts in plan.assignments.items():
        for transcript in transcripts:
            layer = copy.layer(coder, transcript)
            if layer is not None:
                yield layer


def _older_commits(root: Path, plan: Round) -> Iterator[str]:
    """Codings that git has from before the round's start, whatever their own times say."""
    repo = Repo(root)
    if not plan.started or not repo.is_there:
        return
    start = moment(plan.started)
    older = []
    for coder, transcripts in plan.assignments.items():
        for transcript in transcripts:
            path = layer_path(coder, transcript)
            before = [c for c in repo.commits([path]) if start and (at := moment(c.date)) and at < start]
            if any((repo.show(c.id, path) or b"").count(b"\n") > 1 for c in before):
                older.append(f"{coder}/{transcript}")
    if older:
        yield f"git has codings of {', '.join(older)} from before the round started ({plan.started[:10]})"


def _changed_declaration(root: Path, plan: Round) -> Iterator[str]:
    """Whether git has the plan of the round with another declaration than it has now."""
    repo, path = Repo(root), round_path(plan.id)
    if not repo.is_there or plan.declared is None:
        return
    for commit in reversed(list(repo.commits([path]))):
        text = (repo.show(commit.id, path) or b"").decode("utf-8", "replace")
        before = load_round(text, path)[0].declared if text else None
        if before is None or not same_plan(before, plan.declared):
            what = "held none" if before is None else f"declared {before.measure} on {before.unit}"
            yield f"in git the plan of the round {what} on {commit.date[:10]}"
            return
        return


def same_plan(one: AgreementPlan, other: AgreementPlan) -> bool:
    """Whether two declarations say the same, wherever they stand."""
    return replace(one, place=other.place) == other


@dataclass(frozen=True, slots=True)
class Settled:
    """How the disagreements of a pair of coders were settled; counts of passages by outcome."""

    first: str
    second: str
    outcomes: Mapping[Outcome, int]

    @property
    def total(self) -> int:
        """All passages on which the two differed."""
        return sum(self.outcomes.values())


def settled(result: StudyAgreement, root: Path) -> list[Settled]:
    """Count per pair of coders what the consensus layers of the study at ``root`` made of each passage.

    A passage is *open* without a consensus, while an unfinished one has nothing on its words, or if the text was
    corrected since. Else the codes of both sides are looked up on the passage: those of one side alone, of both, or of
    neither; of two boundaries of one code the words decide.
    """
    live = open_study(root)
    layers = {layer.header.transcript: layer for layer in live.layers("consensus")}
    counts: dict[tuple[str, str], Counter[Outcome]] = {}
    for each in disagreements(result):
        pair = counts.setdefault((each.coder_a, each.coder_b), Counter())
        layer = layers.get(each.transcript)
        same_text = each.transcript in live.transcripts and any(
            t.id == each.transcript and t.text == live.transcripts[each.transcript].text
            for t in result.sample.transcripts
        )
        pair[outcome(each, layer) if layer is not None and same_text else "open"] += 1
    return [Settled(*pair, dict(found)) for pair, found in counts.items()]


def outcome(passage: Disagreement, consensus: Layer) -> Outcome:
    """What a consensus layer made of one passage."""
    here = [s for s in consensus.segments if _meets(s, passage)]
    if not here and not consensus.header.done:
        return "open"
    if passage.kind == "boundaries":
        return _by_words(passage, here)
    kept = {code for segment in here for code in segment.code_ids}
    first, second = {use.code for use in passage.a}, {use.code for use in passage.b}
    has_first, has_second = first <= kept, second <= kept
    if not first or not second:  # one side left the words alone
        alone = first or second
        taken = alone <= kept
        return "first" if taken == bool(first) else "second"
    if has_first and has_second:
        return "both"
    return "first" if has_first else "second" if has_second else "neither"


def _by_words(passage: Disagreement, here: Sequence[Segment]) -> Outcome:
    mine, theirs = (_covered((u.start, u.end) for u in side) for side in (passage.a, passage.b))
    agreed = _covered(
        (s.start, s.end) for s in here if passage.code in s.code_ids and s.start is not None and s.end is not None
    )
    if agreed == mine:
        return "first"
    if agreed == theirs:
        return "second"
    return "both" if agreed == mine | theirs else "neither"


def _covered(spans: Iterator[tuple[int, int]]) -> set[int]:
    return {place for start, end in spans for place in range(start, end)}


def _meets(segment: Segment, passage: Disagreement) -> bool:
    if segment.start is None or segment.end is None:
        return False
    return any(use.start < segment.end and segment.start < use.end for use in (*passage.a, *passage.b))
