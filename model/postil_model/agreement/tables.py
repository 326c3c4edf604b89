"""The views of agreement as tables with typed cells: one for each sheet, section or screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from postil_base.numbers import decimals
from postil_base.plural import counted as how_many
from postil_formats.tables.files import Cell, Table
from postil_model.agreement.definitions import GENERAL, MEASURES, REFERENCES
from postil_model.agreement.measures.estimate import Estimate
from postil_model.agreement.measures.unitizing import Unitizing
from postil_model.agreement.result import StudyAgreement, UnitResult, headline_estimate
from postil_model.agreement.sample import Unit

UNDEFINED = "undefined"
UNIT_NAMES = {"char": "characters", "word": "words", "sentence": "sentences", "turn": "turns", "given": "given units"}
MULTI_COLUMNS = (
    "krippendorff_alpha",
    "fleiss_kappa",
    "conger_kappa",
    "gwet_ac1",
    "brennan_prediger",
    "percent_agreement",
    "agreement_krippendorff",
)
PAIR_COLUMNS = (
    "krippendorff_alpha",
    "cohen_kappa",
    "scott_pi",
    "gwet_ac1",
    "brennan_prediger",
    "percent_agreement",
    "jaccard",
    "dice",
)


def value(estimate: Estimate | None) -> Cell:
    """A number, or the word undefined; the reason stands in the row's last column."""
    if estimate is None:
        return None
    return UNDEFINED if estimate.value is None else estimate.value


def with_interval(estimate: Estimate) -> tuple[Cell, Cell, Cell, Cell]:
    """Value, standard error, lower and upper end; empty where there are none."""
    low, high = estimate.ci95 or (None, None)
    return value(estimate), estimate.se, low, high


def remarks(estimates: Iterable[Estimate | None]) -> str:
    """Reasons and notes of a row, each once."""
    said: dict[str, None] = {}
    for estimate in estimates:
        if estimate is not None:
            said.update(dict.fromkeys([*([estimate.undefined] if estimate.undefined else []), *estimate.notes]))
    return "; ".join(said)


def short(name: str) -> str:
    """The head of a measure's column."""
    return MEASURES[name].short if name in MEASURES else name


_REACHED: Mapping[bool | None, str] = {True: "yes", False: "no", None: UNDEFINED}


def headline_table(result: StudyAgreement) -> Table:
    """The declared measure per code, with interval, and over all codes."""
    headline = result.headline
    counted = [f"segments {coder}" for coder in result.coders]
    threshold = () if headline.at_least is None else (f"at least {decimals(headline.at_least, 2)}",)
    measured = (short(headline.measure), "SE", "95% low", "95% high")
    headers = ("code", "label", *counted, *measured, *threshold, "remarks")
    rows: list[tuple[Cell, ...]] = []
    if headline.pooled is not None:
        empty = [sum(result.applied[code][coder] for code in headline.codes) for coder in result.coders]
        rows.append(
            (
                "",
                "all codes, pooled",
                *empty,
                *with_interval(headline.pooled),
                *(None for _ in threshold),
                remarks([headline.pooled]),
            )
        )
    for code, estimate in headline.codes.items():
        counts = [result.applied[code][coder] for coder in result.coders]
        reached = [_REACHED[headline.reaches(code)] for _ in threshold]
        label = result.sample.labels[code]
        rows.append((code, label, *counts, *with_interval(estimate), *reached, remarks([estimate])))
    return Table(tuple(headers), tuple(rows), "Headline")


def codes_table(result: StudyAgreement, unit: Unit) -> Table:
    """Every code on one unit: how often applied, how much of the text, and all measures of all coders together."""
    of = result.units[unit]
    name = UNIT_NAMES[unit]
    counted = ("segments", name, f"share of {name}")
    per_coder = [f"{what} {coder}" for what in counted for coder in result.coders]
    names = (
        *MULTI_COLUMNS,
        *(("light_kappa",) if len(result.coders) > 2 else ("cohen_kappa", "scott_pi", "jaccard", "dice")),
    )
    headers = (
        "code",
        "label",
        *per_coder,
        *(short(name) for name in names),
        "alpha SE",
        "alpha 95% low",
        "alpha 95% high",
    )
    rows = [_code_row(result, of, code, names) for code in result.codes]
    rows.append(_pooled_row(result, of, names))
    return Table((*headers, "remarks"), tuple(rows), f"Codes, {UNIT_NAMES[unit]}")


def _code_row(result: StudyAgreement, of: UnitResult, code: str, names: Iterable[str]) -> tuple[Cell, ...]:
    code_result = of.codes[code]
    estimates = [headline_estimate(result.sample, of, name, code) for name in names]
    coded = [int(code_result.coded[coder]) for coder in result.coders]
    shares = [code_result.coded_share(coder) for coder in result.coders]
    alpha = code_result.multi["krippendorff_alpha"]
    counts = [result.applied[code][coder] for coder in result.coders]
    cells = [value(estimate) for estimate in estimates]
    return (
        code,
        result.sample.labels[code],
        *counts,
        *coded,
        *shares,
        *cells,
        *with_interval(alpha)[1:],
        remarks([*estimates, alpha]),
    )


def _pooled_row(result: StudyAgreement, of: UnitResult, names: Iterable[str]) -> tuple[Cell, ...]:
    estimates = [of.pooled.get(name) for name in names]
    if len(of.pooled_kappa) == 1:
        kappa = next(iter(of.pooled_kappa.values()))
        estimates = [kappa if name == "cohen_kappa" else e for name, e in zip(names, estimates, strict=True)]
    alpha = of.pooled["krippendorff_alpha"]
    blank: list[Cell] = [None] * (3 * len(result.coders))
    cells = [value(estimate) for estimate in estimates]
    label = f"pooled over {how_many(len(result.used), 'applied code')}"
    return "", label, *blank, *cells, *with_interval(alpha)[1:], remarks([*estimates, alpha])


def pairs_table(result: StudyAgreement, unit: Unit) -> Table:
    """Every pair of coders on every applied code: the 2x2 counts and measures."""
    counted = [f"{what} ({UNIT_NAMES[unit]})" for what in ("both", "first only", "second only", "neither")]
    headers = ("code", "coders", *counted, *(short(n) for n in PAIR_COLUMNS))
    rows: list[tuple[Cell, ...]] = []
    for pair in result.pairs:
        kappa = result.units[unit].pooled_kappa[pair]
        blanks: list[Cell] = [None] * (4 + len(PAIR_COLUMNS))
        blanks[4 + PAIR_COLUMNS.index("cohen_kappa")] = value(kappa)
        rows.append(("all codes, pooled kappa", _pair(pair), *blanks, *with_interval(kappa)[1:], remarks([kappa])))
    for code in result.used:
        for pair, of in result.units[unit].codes[code].pairs.items():
            estimates = [of.measures[name] for name in PAIR_COLUMNS]
            kappa = of.measures["cohen_kappa"]
            counts = [int(n) for n in (of.n11, of.n10, of.n01, of.n00)]
            cells = [value(estimate) for estimate in estimates]
            rows.append((code, _pair(pair), *counts, *cells, *with_interval(kappa)[1:], remarks(estimates)))
    ends = ("kappa SE", "kappa 95% low", "kappa 95% high", "remarks")
    return Table((*headers, *ends), tuple(rows), f"Pairs, {UNIT_NAMES[unit]}")


def _pair(name: str) -> str:
    return name.replace("|", " and ")


def transcripts_table(result: StudyAgreement, unit: Unit) -> Table:
    """Every transcript that two or more coders finished, pooled over the codes applied in it."""
    of = result.units[unit]
    headers = (
        "transcript",
        "coders",
        f"compared ({UNIT_NAMES[unit]})",
        *(short(name) for name in MULTI_COLUMNS),
        "remarks",
    )
    present = dict(zip(of.table.documents, of.table.present.tolist(), strict=True))
    lengths = dict(zip(of.table.documents, of.table.lengths.tolist(), strict=True))
    rows = []
    for name, measures in of.of_transcripts_pooled().items():
        coders = ", ".join(coder for coder, seen in zip(result.coders, present[name], strict=True) if seen)
        estimates = [measures[measure] for measure in MULTI_COLUMNS]
        rows.append((name, coders, int(lengths[name]), *(value(e) for e in estimates), remarks(estimates)))
    return Table(headers, tuple(rows), f"Transcripts, {UNIT_NAMES[unit]}")


def transcripts_codes_table(result: StudyAgreement, unit: Unit, measure: str) -> Table:
    """One measure of every applied code in every transcript."""
    by_transcript = result.units[unit].of_transcripts()
    name = (
        measure if all(measure in codes[c] for codes in by_transcript.values() for c in codes) else "krippendorff_alpha"
    )
    rows = tuple((code, *(value(codes[code][name]) for codes in by_transcript.values())) for code in result.used)
    return Table(("code", *by_transcript), rows, f"By transcript, {short(name)}")


def unitizing_table(result: StudyAgreement) -> Table:
    """The unitizing family: over all codes, per exclusive group, and per code alone."""
    spread = ("u-alpha SE", "u-alpha 95% low", "u-alpha 95% high")
    values = ("u-alpha", "|u-alpha", "cu-alpha", "cu coverage", "(k)u-alpha", "(k)u coverage")
    headers = ("codes", *values, *spread, "remarks")
    rows: list[tuple[Cell, ...]] = [_family_row("all codes", result.unitizing)]
    for name, of in result.unitizing_groups.items():
        rows.append(_family_row(f"group {name}", of))
        rows.extend(_ku_row(name, code, of) for code in of.ku_alpha)
    for code in result.used:
        of = result.unitizing_per_code[code]
        alone = (value(of.u_alpha), value(of.bu_alpha), None, None, None, None)
        rows.append((code, *alone, *with_interval(of.u_alpha)[1:], remarks([of.u_alpha])))
    return Table(headers, tuple(rows), "Unitizing")


def _family_row(name: str, of: Unitizing) -> tuple[Cell, ...]:
    estimates = (of.u_alpha, of.bu_alpha, of.cu_alpha, of.cu_coverage)
    return (name, *(value(e) for e in estimates), None, None, *with_interval(of.u_alpha)[1:], remarks(estimates))


def _ku_row(group: str, code: str, of: Unitizing) -> tuple[Cell, ...]:
    estimates = (of.ku_alpha[code], of.ku_coverage[code])
    cells = (value(e) for e in estimates)
    return (f"  {code} in {group}", None, None, None, None, *cells, None, None, None, remarks(estimates))


def other_table(result: StudyAgreement) -> Table:
    """Label sets, presence and relations: what is not per code."""
    rows: list[tuple[Cell, ...]] = [
        (MEASURES[name].label, "all", *with_interval(estimate), remarks([estimate]))
        for name, estimate in result.multilabel.items()
    ]
    for unit, of in result.units.items():
        rows += _by_pair(f"Pooled kappa, {UNIT_NAMES[unit]}", of.pooled_kappa)
    for name, by_pair in result.presence.items():
        rows += _by_pair(MEASURES[name].label, by_pair)
    for kind, by_pair in result.relations.items():
        rows += _by_pair(f"Specific agreement on relations, {kind}", by_pair)
    return Table(("measure", "coders", "value", "SE", "95% low", "95% high", "remarks"), tuple(rows), "Other measures")


def _by_pair(label: str, by_pair: Mapping[str, Estimate]) -> list[tuple[Cell, ...]]:
    return [(label, _pair(pair), *with_interval(e), remarks([e])) for pair, e in by_pair.items()]


def confusion_table(result: StudyAgreement, number: int = 0) -> Table:
    """Characters by code of the first coder (rows) and of the second (columns), for codes that meet at all."""
    found = result.confusions[number]
    used = [c for c, code in enumerate(found.codes) if code in result.used]
    names = [*(found.codes[c] for c in used), "(nothing)"]
    places = [*used, len(found.codes)]
    rows = tuple(
        (name, *(int(found.lengths[c, k]) or None for k in places)) for name, c in zip(names, places, strict=True)
    )
    notes = (
        "Characters. On the diagonal: coded so by both. Off it: one coder used the row's code, the other one the "
        "column's instead, where they do not agree; (nothing): the other one used no other code there.",
    )
    title = f"Confusion {found.first}, {found.second}"
    return Table((f"{found.first} \\ {found.second}", *names), rows, title, notes)


def definitions_table(result: StudyAgreement | None = None) -> Table:
    """What everything means, with references, and what this run was computed on."""
    rows: list[tuple[Cell, ...]] = []
    if result is not None:
        rows += [("this run", text, "") for text in run_lines(result)]
    rows += [(name, text, "") for name, text in GENERAL]
    rows += [(d.label, d.text, REFERENCES.get(d.reference, "")) for d in MEASURES.values()]
    return Table(("term", "definition", "reference"), tuple(rows), "Definitions")


def run_lines(result: StudyAgreement) -> list[str]:
    """What was compared: the sentences that must stand on every output."""
    sample = result.sample
    several = [d for d, s in zip(sample.whole.documents, sample.whole.several.tolist(), strict=True) if s]
    who = ", ".join(result.coders)
    words = "participants' words" if sample.speakers == "participant" else "all speakers' words"
    sizes = ", ".join(how_many(of.compared, UNIT_NAMES[unit].removesuffix("s")) for unit, of in result.units.items())
    lines = [
        f"Source: {sample.source}.",
        f"Coders: {who}. Transcripts finished by two or more of them: {len(several)} ({', '.join(several) or 'none'}).",
        f"Counted: {words}, {sizes}.",
    ]
    return [*lines, *(f"Note: {note}." for note in sample.notes)]


def all_tables(result: StudyAgreement) -> list[Table]:
    """Every view, in the order of the workbook's sheets."""
    tables = [headline_table(result)]
    for unit in result.units:
        tables += [codes_table(result, unit), pairs_table(result, unit), transcripts_table(result, unit)]
    tables.append(transcripts_codes_table(result, result.headline.unit, result.headline.measure))
    tables += [unitizing_table(result), other_table(result)]
    tables += [confusion_table(result, number) for number in range(len(result.confusions))]
    return [*tables, definitions_table(result)]
