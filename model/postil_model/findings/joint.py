"""The joint display: what people said beside what was measured, theme by theme (docs/methods.md).

The fit is never computed: the researcher writes it (confirmation, expansion, discordance, silence) with a reading; the
tool sets k of n, two quotes and the number beside it and warns of what does not hold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from postil_base.numbers import significant
from postil_codebook.values import Finding, Theme
from postil_formats.tables.files import KOfN, Table
from postil_model.counts.proportions import wilson
from postil_model.decision.figure import counts_text
from postil_model.decision.model import Model
from postil_model.decision.support import Support, SupportCounter
from postil_model.evidence.rows import EvidenceRow

CODE_LINKS = ("code", "challenge", "attribute")
_SHORT, _LONG = 40, 280  # a quote that can stand in a table


@dataclass(frozen=True, slots=True)
class JointQuote:
    """A participant's own words."""

    participant: str
    text: str
    transcript: str
    segment: str


@dataclass(frozen=True)
class JointRow:
    """One fact with the theme it belongs to."""

    theme: str
    support: Support
    quotes: tuple[JointQuote, ...]
    finding: Finding
    warnings: tuple[str, ...]

    @property
    def strip(self) -> str:
        """One square a participant, as text."""
        return "".join("■" if p in self.support.affirm else "□" for p in self.support.everybody)


def joint(
    model: Model,
    findings: Iterable[Finding],
    themes: Sequence[Theme] = (),
    not_verbatim: Collection[str] = (),
) -> list[JointRow]:
    """One row a finding. ``not_verbatim`` are segments whose stored quote is not what stands at their place."""
    counter = SupportCounter(model.participants, model.participants == model.evidence.participants)
    return [_row(finding, model, themes, counter, not_verbatim) for finding in findings]


def _row(
    finding: Finding,
    model: Model,
    themes: Sequence[Theme],
    counter: SupportCounter,
    not_verbatim: Collection[str],
) -> JointRow:
    label, rows = _linked(finding, model, themes)
    support = counter.support(rows)
    chosen = tuple(_two(rows, model))
    warnings = [*_number_warnings(finding), *_word_warnings(finding, support, label)]
    warnings += [f"quote not verbatim: segment {q.segment}" for q in chosen if q.segment in not_verbatim]
    return JointRow(label or finding.statement, support, chosen, finding, tuple(warnings))


def _linked(finding: Finding, model: Model, themes: Sequence[Theme]) -> tuple[str, list[EvidenceRow]]:
    """Label and rows of what the finding is linked to: themes before codes before nodes before stages."""
    asked = frozenset(finding.links.get("theme", ()))
    if found := [theme for theme in themes if theme.id in asked]:
        codes = {code for theme in found for reference in theme.codes for code in _codes(model, reference)}
        return " / ".join(theme.label for theme in found), _with_codes(model, codes)
    for kind in CODE_LINKS:  # one kind of link alone: together they would be a theme that nobody means
        roots = list(dict.fromkeys(c for ref in finding.links.get(kind, ()) if (c := _code(model, ref))))
        if not roots:
            continue
        codes = {code for root in roots for code in model.codebook.subtree(root)}
        return " / ".join(model.codebook.codes[root].label for root in roots), _with_codes(model, codes)
    nodes = [model.nodes[name] for name in finding.links.get("node", ()) if name in model.nodes]
    if nodes:
        rows = [row for node in nodes for row in model.evidence.by_object.get(node.node.id, ())]
        return " / ".join(node.node.label for node in nodes), rows
    stages = frozenset(finding.links.get("stage", ()))
    rows = [
        r for n in model.nodes.values() if n.node.stage in stages for r in model.evidence.by_object.get(n.node.id, ())
    ]
    return " / ".join(stage.label for stage in model.process.stages if stage.id in stages), rows


def _code(model: Model, reference: str) -> str | None:
    """A code by its id; links of other files write ``missing_attributes`` for ``missing-attributes``."""
    return model.codebook.resolve(reference) or model.codebook.resolve(reference.replace("_", "-"))


def _codes(model: Model, reference: str) -> Iterator[str]:
    code = model.codebook.resolve(reference.removesuffix("/*"))
    if code:
        yield from model.codebook.subtree(code)


def _with_codes(model: Model, codes: Collection[str]) -> list[EvidenceRow]:
    return [row for row in model.evidence.rows if row.what != "edge" and row.code in codes]


def _two(rows: Iterable[EvidenceRow], model: Model) -> Iterator[JointQuote]:
    """Two quotes of two people, of a length that fits, from whoever speaks most about it."""
    by_person: dict[str, list[EvidenceRow]] = {}
    for row in rows:
        if (
            row.mode == "affirm"
            and row.parts
            and row.participant in model.people
            and row.participant not in model.evidence.withheld
        ):
            by_person.setdefault(row.participant, []).append(row)
    people = sorted(by_person, key=lambda p: (-len(by_person[p]), model.participants.index(p)))
    for person in people[:2]:
        best = min(by_person[person], key=lambda row: _awkward(model.evidence.quote(row)))
        yield JointQuote(person, model.evidence.quote(best), best.transcript, best.segments[0])


def _awkward(text: str) -> tuple[int, int]:
    fits = _SHORT <= len(text) <= _LONG
    return (0 if fits else 1, abs(len(text) - 120))


def _number_warnings(finding: Finding) -> Iterator[str]:
    if finding.conflict:
        yield f"number with an open conflict: {finding.conflict}"
    if not finding.source and not finding.extra.get("compute"):
        yield "number without a source"
    if no_share(finding):
        yield f"{counts_text(finding)} is no share: numerator and denominator contradict each other; no interval"
    if finding.basis == "interview":
        yield "a count of interviews, for orientation only"


def _word_warnings(finding: Finding, support: Support, label: str) -> Iterator[str]:
    if not finding.fit:
        yield "no fit written"
    elif not finding.reading:
        yield "a fit without a reading"
    if not label:
        yield "linked to nothing that is coded"
    elif not support.k and finding.fit not in ("silence", ""):
        yield "nobody says it, yet the fit is not silence"


def fact(finding: Finding, interval: bool = False) -> str:
    """The measured fact with its counts; a census has no sampling error, so its interval only on request."""
    number = (
        ""
        if finding.value is None
        else significant(finding.value, 4, thousands=True)
        if finding.value < 1000
        else f"{finding.value:,.0f}"
    )
    unit = "%" if finding.unit == "percent" else f" {finding.unit}" if finding.unit else ""
    parts = [f"{number}{unit}" if number else "", f"({counts})" if (counts := counts_text(finding)) else ""]
    if interval and (bounds := share_interval(finding)):
        remark = ", no sampling error: a census" if finding.basis == "census" else ""
        parts.append(f"[{100 * bounds[0]:.2f}, {100 * bounds[1]:.2f}]%{remark}")
    return " ".join([finding.statement + (":" if any(parts) else ""), *(part for part in parts if part)])


def no_share(finding: Finding) -> bool:
    """Whether a finding has counts that are not so many of so many: more than all, less than nothing, of nothing."""
    k, n = finding.numerator, finding.denominator
    return k is not None and n is not None and not (0 <= k <= n and n > 0)


def share_interval(finding: Finding) -> tuple[float, float] | None:
    """Wilson's interval of the share of a finding; None where it has no counts, or they are no share."""
    if finding.numerator is None or finding.denominator is None or no_share(finding):
        return None
    return wilson(finding.numerator, finding.denominator)


def joint_table(rows: Sequence[JointRow], interval: bool = False) -> Table:
    """The display as a table for files."""
    return Table(
        ("theme", "k/n", "participants", "quote 1", "quote 2", "measured", "source", "fit", "reading", "warnings"),
        tuple(
            (
                row.theme,
                KOfN(row.support.k, row.support.n),
                row.strip if row.support.n <= 30 else "",
                *_quote_cells(row),
                fact(row.finding, interval),
                row.finding.source,
                row.finding.fit,
                row.finding.reading,
                "; ".join(row.warnings),
            )
            for row in rows
        ),
        "Joint display",
        ("k/n: participants who say it, of those interviewed; ■ one participant each, in the order of the study.",),
    )


def _quote_cells(row: JointRow) -> tuple[str, str]:
    cells = [f"“{quote.text}” ({quote.participant})" for quote in row.quotes]
    return tuple([*cells, "", ""][:2])  # type: ignore[return-value]
