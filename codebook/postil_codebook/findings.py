"""Reading measured findings, natively or as the list ``quantitative:``, and checking their arithmetic and links."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal, InvalidOperation

import msgspec

from postil_base.numbers import significant
from postil_base.problem import Problem, Severity
from postil_base.yaml.fields import Fields
from postil_base.yaml.places import YamlMap, YamlNode, YamlScalar, YamlSeq, load_map, plain
from postil_codebook.decision_process.read import _as_text
from postil_codebook.references import short, unknown_code, unknown_id
from postil_codebook.values import Codebook, Finding, Process

FITS = ("confirmation", "expansion", "discordance", "silence")
BASES = ("census", "sample", "interview")
SHARES = ("share", "ratio", "proportion", "fraction")
RULE = "contradicting-value"
_LISTED = ("printed", "wilson95", "status")


def load_findings(text: str, path: str) -> tuple[tuple[Finding, ...], list[Problem]]:
    """Read the findings; a value that contradicts its numerator and denominator is a problem."""
    root, problems = load_map(text, path)
    if root is not None and "quantitative" in root:
        return _read_list(root, problems), problems
    fields = Fields(root, problems, "findings")
    found = tuple(_finding(key, value, problems, listed=False) for key, value in fields.entries("findings"))
    fields.close(("title", "source", "note"))
    return found, problems


def _read_list(root: YamlMap, problems: list[Problem]) -> tuple[Finding, ...]:
    fields = Fields(root, problems, "findings")
    conflicts = {key.text: _what(value) for key, value in fields.entries("inconsistencies")}
    found = [_finding(key, value, problems, listed=True) for key, value in fields.entries("quantitative")]
    return tuple(_with_conflict(finding, conflicts) for finding in found)


def _what(node: YamlNode) -> str:
    return Fields(node, [], "").text("what")


def _with_conflict(finding: Finding, conflicts: dict[str, str]) -> Finding:
    """``status: conflict, see I04`` says it in the words of I04, where the file has them."""
    status = str(finding.extra.get("status") or "")
    if not status.startswith("conflict"):
        return finding
    named = next((name for name in conflicts if name in status.replace(",", " ").split()), None)
    return msgspec.structs.replace(finding, conflict=f"{named}: {conflicts[named]}" if named else status)


def _finding(key: YamlScalar, node: YamlNode, problems: list[Problem], listed: bool) -> Finding:
    fields = Fields(None if node is key else node, problems, f"finding {short(key.text)}", key.place)
    fields.text("id")
    extra = {name: plain(value) for name in _LISTED if (value := fields.node(name)) is not None} if listed else {}
    if (compute := fields.node("compute") if fields.map else None) is not None:
        extra["compute"] = plain(compute)  # see postil_model.findings.computed
    several = fields.node("value", "values") if fields.map else None
    if isinstance(several, YamlSeq):
        extra["values"] = plain(several)
    made = Finding(
        id=key.text,
        statement=fields.text("statement"),
        numerator=fields.number("numerator"),
        denominator=fields.number("denominator"),
        value=None if isinstance(several, YamlSeq) else fields.number("value"),
        unit=fields.text("unit"),
        source=_as_text(fields.node("source")),
        links=dict(_links(fields.fields("links"))),
        note=fields.text("note"),
        conflict=fields.text("conflict"),
        fit=fields.choice("fit", FITS),
        reading=fields.text("reading"),
        basis=fields.choice("basis", BASES),
        extra=extra | fields.own(),
        place=key.place,
    )
    _arithmetic(made, fields)
    if not made.statement:
        fields.report(key.place, "needs a `statement:` that says what was measured", "no-statement", "warning")
    fields.close()
    return made


def _links(fields: Fields) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key, _ in fields.map or ():
        yield key.text, fields.texts(key.text)


def _arithmetic(finding: Finding, fields: Fields) -> None:
    """Compare the value with what numerator and denominator give, as exactly as its digits say."""
    node = fields.map.get("value") if fields.map else None
    numerator, denominator = _exact(fields, "numerator"), _exact(fields, "denominator")
    if denominator is not None and denominator == 0:
        fields.report(fields.at("denominator"), "a denominator cannot be 0", RULE)
        return
    if numerator is None or denominator is None:
        return
    if not 0 <= numerator <= denominator:
        _no_share(fields, numerator, denominator, finding)
        return
    if not isinstance(node, YamlScalar) or finding.value is None:
        return
    said, half = _digits(node.text)
    meant = _meant(numerator, denominator, finding.unit)
    if all(abs(value - said) > half for value in meant):
        fields.report(node.place, _contradiction(node.text, numerator, denominator, finding.unit, meant[0]), RULE)


def _no_share(fields: Fields, numerator: Decimal, denominator: Decimal, finding: Finding) -> None:
    """A numerator above its denominator is wrong in a share; in a ratio (downloads for each model) it may be meant."""
    where = f"is above the denominator {denominator}" if numerator > denominator else "is below 0"
    unit, counted = finding.unit, finding.value == finding.numerator
    is_share = counted or not unit or _is_percent(unit) or unit in SHARES
    said = "correct one of the two" if is_share else "if it is a share, correct one of the two; a ratio has no interval"
    severity: Severity = "error" if is_share else "warning"
    fields.report(fields.at("numerator"), f"numerator {numerator} {where}; {said}", RULE, severity)


def _contradiction(said: str, numerator: Decimal, denominator: Decimal, unit: str, meant: Decimal) -> str:
    share = f"{numerator} of {denominator} is {significant(meant, 4)}{' percent' if _is_percent(unit) else ''}"
    return f"value {said} contradicts numerator and denominator: {share}. Correct one of the three"


def _exact(fields: Fields, key: str) -> Decimal | None:
    node = fields.map.get(key) if fields.map else None
    try:
        number = Decimal(node.text) if isinstance(node, YamlScalar) and len(node.text) < 40 else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() and abs(number.adjusted()) < 40 else None


def _digits(text: str) -> tuple[Decimal, Decimal]:
    """The number and half a unit of its last digit: 3.19 may stand for anything from 3.185 to 3.195."""
    try:
        said = Decimal(text)
    except InvalidOperation:
        said = Decimal("NaN")
    exponent = said.as_tuple().exponent
    return said, Decimal(5).scaleb(min(exponent, 0) - 1) if isinstance(exponent, int) else Decimal(0)


def _meant(numerator: Decimal, denominator: Decimal, unit: str) -> list[Decimal]:
    """What the value may be: percent or share by its unit; a count is the numerator itself; without unit any."""
    share = numerator / denominator
    if _is_percent(unit):
        return [100 * share]
    if unit in SHARES:
        return [share]
    return [share, 100 * share, numerator] if not unit else [numerator, share, 100 * share]


def _is_percent(unit: str) -> bool:
    return unit.strip().lower() in ("percent", "per cent", "%", "pct")


def check_findings(findings: tuple[Finding, ...], process: Process | None, codebook: Codebook) -> list[Problem]:
    """Check that linked nodes, stages and codes exist, that a fit has a reading and a number has a source."""
    problems: list[Problem] = []
    nodes = dict.fromkeys(node.id for node in process.nodes) if process else {}
    stages = dict.fromkeys(stage.id for stage in process.stages) if process else {}
    for finding in findings:
        what = f"finding {short(finding.id)}"
        for code in finding.links.get("code", ()):
            if codebook.resolve(code) is None:
                problems.append(unknown_code(codebook, code, finding.place, what, len(problems)))
        if process is not None:
            _unknown(finding, "node", nodes, problems)
            _unknown(finding, "stage", stages, problems)
        problems += _unsaid(finding, what)
    return problems


def _unsaid(finding: Finding, what: str) -> Iterator[Problem]:
    if finding.fit and not finding.reading:
        message = f"{what}: fit {finding.fit!r} without `reading:`; say in a sentence why you read it so."
        yield Problem(finding.place, message, "no-reading", "warning")
    if finding.value is not None and not finding.source:
        message = f"{what}: a number without `source:`; say where it was printed or counted."
        yield Problem(finding.place, message, "no-source", "warning")


def _unknown(finding: Finding, kind: str, ids: Collection[str], problems: list[Problem]) -> None:
    what, rule = f"finding {short(finding.id)}: links", f"unknown-{kind}"
    for wanted in finding.links.get(kind, ()):
        if wanted not in ids:
            problems.append(unknown_id(kind, wanted, ids, finding.place, what, rule, len(problems)))
