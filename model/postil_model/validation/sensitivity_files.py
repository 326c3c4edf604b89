"""A sweep over thresholds, kinds of evidence and readings, as tables, JSON and a small picture."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from postil_formats.tables.files import Cell, KOfN, Table
from postil_model.decision.model import Model, build
from postil_model.drawing.figure import ORANGE
from postil_model.drawing.picture import Picture
from postil_model.drawing.plot_canvas import BLACK, GREY, INK, PlotCanvas
from postil_model.drawing.text import shorten, width
from postil_model.evidence.edges import EdgeBook
from postil_model.evidence.rows import Kind
from postil_model.validation.prediction import thresholds_up_to
from postil_model.validation.readings import Reading, sweep_reading
from postil_model.validation.sensitivity import READINGS, Conclusion, Sweep, SweepPoint, sweep_kinds

SWEPT: tuple[Kind, ...] = ("stated", "inferred", "order", "cooccur")
WORDS = ("as coded", "guard ignored", "type ignored", "type, guard", "type, guard, direction")
VERDICTS = ("holds in every reading", "depends on the reading", "fails in every reading")


def sweep(model: Model) -> Sweep:
    """The model under every kind of evidence, reading and threshold."""
    book = EdgeBook(model.process)
    for edge in model.edges.values():
        book.id(edge.key)
    own = model.params.evidence
    models = {own: model}
    for kind in SWEPT:
        if kind != own:
            params = replace(model.params, evidence=kind)
            models[kind] = build(model.process, model.codebook, model.evidence, book, params)
    return sweep_kinds(models, own, thresholds_up_to(model.n))


def sweep_table(found: Sweep) -> Table:
    """A row for each kind of evidence and threshold, a column for each reading."""
    rows: list[tuple[Cell, ...]] = []
    places = {(p.setting.kind, p.threshold, p.setting.ignored): p for p in found.points}
    for kind, t in dict.fromkeys((p.setting.kind, p.threshold) for p in found.points):
        points = [places[kind, t, ignored] for ignored in READINGS]
        if any(point.edges for point in points):
            rows.append((kind, t, *(KOfN(point.matched, point.edges) for point in points)))
    declared = ", ".join(str(places[found.settings[0].kind, 1, ignored].declared) for ignored in READINGS)
    return Table(
        ("evidence", "threshold", *(f"{word} ignored" if "," in word else word for word in WORDS)),
        tuple(rows),
        "Threshold sweep",
        (
            "declared ones among the edges stated by so many (precision), as often as each reading tells them apart",
            f"declared edges in the readings: {declared} (coverage is over these); kinds are never added up",
        ),
    )


def conclusion_table(found: Sweep, model: Model) -> Table:
    """Edges of the model's own kind that reach the threshold in some reading, or are declared."""
    t = found.threshold
    rows = tuple(
        (each.edge, model.route(each.edge), "yes" if each.declared else "no", *each.supports, each.verdict(t))
        for each in ordered(found)
    )
    heads = ("edge", "way", "declared", *(f"k, {word}" for word in WORDS), f"at t = {t}")
    reading = sweep_reading(found, model.n)
    return Table(heads, rows, "What never changes", reading.lines)


def ordered(found: Sweep) -> list[Conclusion]:
    """Firm ones first; what nobody declares and no reading brings up to the threshold is left out."""
    t = found.threshold
    kept = [each for each in found.conclusions if each.declared or each.highest >= t]
    return sorted(kept, key=lambda each: (VERDICTS.index(each.verdict(t)), -each.lowest, -each.highest, each.edge))


def sweep_json(found: Sweep, model: Model) -> dict[str, Any]:
    """``rows``: the model's own kind as coded; ``settings``: all of it; ``conclusions``: edges over the readings."""
    own = [p for p in found.points if p.setting == found.settings[0]]
    reading: Reading = sweep_reading(found, model.n)
    return {
        "notes": [f"filters: {'; '.join(model.params.filters())}"],
        "rows": [_plain(point) for point in own],
        "settings": [
            {"evidence": p.setting.kind, "ignored": list(p.setting.ignored), **_plain(p)} for p in found.points
        ],
        "conclusions": [
            {
                "id": each.edge, "way": model.route(each.edge), "declared": each.declared,
                "k": [{"ignored": list(ignored), "k": k} for ignored, k in zip(READINGS, each.supports, strict=True)],
                "verdict": each.verdict(found.threshold),
            }
            for each in ordered(found)
        ],
        "threshold": found.threshold,
        "reading": reading.as_json(),
    }  # fmt: skip


def _plain(point: SweepPoint) -> dict[str, Any]:
    return {
        "threshold": point.threshold, "edges": point.edges, "declared": point.matched, "coverage": point.coverage,
        "precision": point.precision,
    }  # fmt: skip


_SIZE, _ROW, _CELL = 8.5, 13.0, 40.0


def sweep_picture(found: Sweep, model: Model) -> Picture:
    """Edges down, readings across, how many state each; dark where that is enough."""
    rows = ordered(found)
    names = [shorten(model.route(each.edge), 60) for each in rows]
    paper = PlotCanvas()
    left = max((width(name, _SIZE) for name in names), default=80.0) + 10
    top = _ROW * len(rows)
    paper.text(f"Which edges hold at t = {found.threshold}, whatever is ignored", 0, top + 46, _SIZE + 2, "left")
    for place, word in enumerate(("as", "without", "without", "without", "without")):
        paper.text(word, left + (place + 0.5) * _CELL, top + 26, _SIZE - 1.5, "centre", GREY)
    for place, lines in enumerate(("coded ", "guard ", "type ", "type and guard", "direction too")):
        for line, word in enumerate(lines.split(" ", 1)):
            paper.text(word, left + (place + 0.5) * _CELL, top + 17 - 8 * line, _SIZE - 1.5, "centre", GREY)
    for number, (each, name) in enumerate(zip(rows, names, strict=True)):
        y = top - (number + 0.5) * _ROW
        paper.text(name, left - 6, y, _SIZE, "right", BLACK if each.declared else ORANGE)
        for place, k in enumerate(each.supports):
            enough = k >= found.threshold
            fill, color = (INK, "#FFFFFF") if enough else ("#EEF1F4", GREY)
            paper.box(left + (place + 0.5) * _CELL, y, _CELL - 1.5, _ROW - 1.5, fill, str(k), color)
        word = each.verdict(found.threshold).removesuffix(" in every reading").removesuffix(" on the reading")
        paper.text(word, left + len(READINGS) * _CELL + 6, y, _SIZE - 1, "left", GREY)
    note = f"Numbers: participants of {model.n} ({found.settings[0].kind}). Dark: enough. Orange: not declared."
    paper.text(note, 0, -14, _SIZE - 1, "left", GREY)
    return paper.picture("Sweep")
