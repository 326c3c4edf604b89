"""Agreement on a terminal: the declared measure with bars, then everything else that was computed, in one table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from postil_base.numbers import decimals
from postil_base.quoting.terminal import terminal
from postil_cli.common import table

if TYPE_CHECKING:
    from postil_formats.tables.files import Table
    from postil_model.agreement.measures.estimate import Estimate
    from postil_model.agreement.result import StudyAgreement
    from postil_model.agreement.rounds import RoundAgreement

SCALE = "0         0.5         1"


def screen(result: StudyAgreement, by: str, confusion: bool, more: Sequence[Table]) -> str:
    """The whole answer as text."""
    from postil_model.agreement.files import headline_sentence, printed, view
    from postil_model.agreement.tables import run_lines, unitizing_table

    parts = ["\n".join(terminal(line) for line in run_lines(result)), terminal(headline_sentence(result))]
    if confusion:
        return "\n\n".join([*parts, *(_confusion(result, n) for n in range(len(result.confusions)))]) + "\n"
    parts.append(_headline(result) if by in ("code", "category") else laid_out(printed(view(result, by))))
    parts += [_supplement(result), _others(result)]
    parts += [laid_out(printed(each)) for each in more]
    if by == "code":
        groups = unitizing_table(result)
        rows = [row for row in groups.rows if "group" in str(row[0]) or row[0] == "all codes"]
        parts.append("Unitizing (supplement)\n" + laid_out(printed(type(groups)(groups.headers, tuple(rows)))))
    return "\n\n".join(parts) + "\n"


def headline_screen(result: StudyAgreement) -> str:
    """What was compared and the headline alone."""
    from postil_model.agreement.files import headline_sentence
    from postil_model.agreement.tables import run_lines

    told = "\n".join(terminal(line) for line in run_lines(result))
    return "\n\n".join([told, terminal(headline_sentence(result)), _headline(result)]) + "\n"


def history_screen(history: Sequence[RoundAgreement]) -> str:
    """The rounds as a table and, below it, their values as bars."""
    from postil_model.agreement.files import printed
    from postil_model.agreement.plot import bar
    from postil_model.agreement.rounds import rounds_table

    bars = [[entry.round.id, entry.round.purpose, bar(entry.pooled)] for entry in history]
    return laid_out(printed(rounds_table(history))) + "\n\n" + table(["round", "purpose", SCALE], bars) + "\n"


def laid_out(shown: Table) -> str:
    """A printed table; columns without content are left out, remarks become numbered notes below."""
    keep = [i for i in range(len(shown.headers)) if shown.headers[i] != "remarks" and any(row[i] for row in shown.rows)]
    notes: dict[str, int] = {}
    where = shown.headers.index("remarks") if "remarks" in shown.headers else -1
    rows = []
    for row in shown.strings():
        marks = _marks(row[where], notes) if where >= 0 else ""
        rows.append([*(row[i] for i in keep), *([marks] if where >= 0 else [])])
    headers = [*(shown.headers[i] for i in keep), *([""] if where >= 0 else [])]
    right = [at for at, i in enumerate(keep) if all(_is_number(row[i]) for row in shown.strings())]
    return "\n".join([table(headers, rows, right), *_notes(notes)])


def _marks(remark: str, notes: dict[str, int]) -> str:
    return ",".join(str(notes.setdefault(note, len(notes) + 1)) for note in remark.split("; ") if note)


def _notes(notes: dict[str, int]) -> list[str]:
    return [f"{number:>3}  {terminal(note)}" for note, number in notes.items()]


def _is_number(text: str) -> bool:
    plain = text.replace(",", "").replace("undefined", "0").lstrip("-")
    return not text or plain.replace(".", "", 1).isdigit()


def _headline(result: StudyAgreement) -> str:
    """Per code: how often each coder applied it, the measure with interval, and a bar."""
    from postil_model.agreement.plot import bar
    from postil_model.agreement.tables import short

    headline, notes = result.headline, dict[str, int]()
    rows = []
    if headline.pooled is not None:
        sums = [str(sum(result.applied[code][coder] for code in headline.codes)) for coder in result.coders]
        rows.append(
            ["all codes, pooled", *sums, *_cells(headline.pooled), bar(headline.pooled), _said(headline.pooled, notes)]
        )
    used = [code for code in headline.codes if code in result.used]
    for code in used:
        estimate = headline.codes[code]
        counts = [str(result.applied[code][coder]) for coder in result.coders]
        mark = " <" if headline.reaches(code) is False else ""
        value, interval = _cells(estimate)
        rows.append([code, *counts, value + mark, interval, bar(estimate), _said(estimate, notes)])
    counted = [f"segments {coder}" for coder in result.coders]
    headers = ["code", *counted, short(headline.measure), "95% interval", SCALE, ""]
    lines = [table(headers, rows, right=range(1, 2 + len(result.coders))), *_notes(notes)]
    if headline.at_least is not None:
        then = f" Declared for these codes: {terminal(headline.below)}." if headline.below else ""
        lines.append(f"<: below {decimals(headline.at_least, 2)}, the value declared for each code.{then}")
    unused = [code for code in headline.codes if code not in result.used]
    if unused:
        lines.append(f"Undefined, since nobody applied them in the transcripts compared: {terminal(', '.join(unused))}")
    return "\n".join(lines)


def _cells(estimate: Estimate) -> list[str]:
    value = "undefined" if estimate.value is None else decimals(estimate.value)
    return [value, f"{decimals(estimate.ci95[0])} to {decimals(estimate.ci95[1])}" if estimate.ci95 else ""]


def _said(estimate: Estimate, notes: dict[str, int]) -> str:
    from postil_model.agreement.tables import remarks

    return _marks(remarks([estimate]), notes)


def _supplement(result: StudyAgreement) -> str:
    """All measures, pooled over codes, on every unit that was computed: nothing is left out to look better."""
    from postil_model.agreement.definitions import label_of
    from postil_model.agreement.tables import UNIT_NAMES

    units = list(result.units)
    names = list(result.units["char"].pooled)
    rows = [[label_of(name), *(_short(result.units[unit].pooled[name]) for unit in units)] for name in names]
    for pair in result.pairs:
        label = f"Pooled kappa, {pair.replace('|', ' and ')}"
        rows.append([label, *(_short(result.units[unit].pooled_kappa[pair]) for unit in units)])
    head = ["measure (pooled over codes)", *(UNIT_NAMES[unit] for unit in units)]
    return "Supplement\n" + table(head, rows)


def _others(result: StudyAgreement) -> str:
    from postil_model.agreement.definitions import label_of

    rows = [[label_of(name), "all", _short(estimate)] for name, estimate in result.multilabel.items()]
    for name, by_pair in result.presence.items():
        rows += [[label_of(name), pair.replace("|", " and "), _short(e)] for pair, e in by_pair.items()]
    for kind, more in (("all", ""), ("all, without guard", ", without guard")):
        for pair, estimate in result.relations[kind].items():
            rows.append([label_of("specific_agreement") + more, pair.replace("|", " and "), _short(estimate)])
    return table(["measure", "coders", "value"], rows)


def _short(estimate: Estimate) -> str:
    if estimate.value is None:
        return f"undefined: {estimate.undefined}"
    interval = f" ({decimals(estimate.ci95[0])} to {decimals(estimate.ci95[1])})" if estimate.ci95 else ""
    return decimals(estimate.value) + interval


def _confusion(result: StudyAgreement, number: int) -> str:
    """The largest cells of a confusion matrix as a list: a matrix of 48 codes fits no terminal."""
    found = result.confusions[number]
    names = [*found.codes, "(nothing)"]
    cells = [
        (float(found.lengths[c, k]), names[c], names[k])
        for c in range(len(names))
        for k in range(len(names))
        if c != k and found.lengths[c, k]
    ]
    rows = [[a, b, f"{int(length):,}"] for length, a, b in sorted(cells, key=lambda cell: (-cell[0], cell[1:]))[:40]]
    title = "Which code the other one used for the same words, in characters (the 40 largest; --format csv has all)"
    return f"{title}\n" + table([found.first, found.second, "characters"], rows, right=[2])
