"""The files of an import of a framework matrix: layers, charts, themes, as they will be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from postil_base.files.atomic import ABSENT
from postil_base.files.text import read_bytes, read_raw_text, sha256_bytes, sha256_text
from postil_base.problem import PostilError
from postil_formats.codings.matrix.places import Bullet
from postil_formats.codings.matrix.table import MatrixCell, bullets
from postil_formats.codings.matrix.themes import THEMES_FILE, code_named, with_themes, with_themes_named
from postil_study.files.charts import ChartCell, chart_path, load_chart, with_cell
from postil_study.files.settings import SETTINGS_FILE
from postil_study.layers.file import encode_layer, read_layer_file
from postil_study.study import Study
from postil_study.text.values import Layer

Ids = Mapping[Bullet, str]


@dataclass
class Changes:
    """New content by path, and what each file must still be."""

    files: dict[str, str | bytes | None] = field(default_factory=dict)
    expect: dict[str, str] = field(default_factory=dict)


def changes_of(
    study: Study,
    layers: Iterable[tuple[Layer, Layer]],
    cells: Iterable[tuple[str, MatrixCell]],
    segments: Ids,
    themes: Mapping[str, str],
    new_themes: Mapping[str, str],
) -> Changes:
    """All files that change."""
    changes = Changes()
    for before, after in layers:
        _layer(study, before, after, changes)
    by_participant: dict[str, list[MatrixCell]] = {}
    for participant, cell in cells:
        by_participant.setdefault(participant, []).append(cell)
    for participant, some in by_participant.items():
        path = chart_path(participant)
        made = [_cell(participant, cell, segments, themes) for cell in some]
        _text(study, path, lambda text, path=path, made=made: with_cells(text, path, made), changes)  # type: ignore[misc]
    if new_themes:
        path = study.settings.themes or THEMES_FILE
        codes = {id_: code for id_, label in new_themes.items() if (code := code_named(study, label))}
        _text(study, path, lambda text: with_themes(text, path, new_themes, codes), changes)
        if not study.settings.themes:
            _text(study, SETTINGS_FILE, with_themes_named, changes)
    return changes


def _layer(study: Study, before: Layer, after: Layer, changes: Changes) -> None:
    if after == before:
        return
    target = study.root / before.path
    data = read_bytes(target) if target.exists() else b""
    file = read_layer_file(data, before.path) if data else None
    if file is not None and file.problems:
        raise PostilError(f"{file.problems[0]} Repair the layer first; nothing was written.")
    changes.files[before.path] = encode_layer(after, file)
    changes.expect[before.path] = sha256_bytes(data) if data else ABSENT


def _text(study: Study, path: str, change: Callable[[str], str], changes: Changes) -> None:
    there = (study.root / path).exists()
    old = read_raw_text(study.root / path) if there else ""
    new = change(old)
    if new != old:
        changes.files[path] = new
        changes.expect[path] = sha256_text(old) if there else ABSENT


def _cell(participant: str, cell: MatrixCell, segments: Ids, themes: Mapping[str, str]) -> ChartCell:
    """The cell with all its bullets, placed or not, and the segments of those that are placed."""
    own = {
        bullet.text: id_
        for bullet, id_ in segments.items()
        if (bullet.participant, bullet.column) == (participant, cell.column)
    }
    ids = dict.fromkeys(own[text] for text in cell.bullets if text in own)
    summary = "\n".join(line.rstrip() for line in cell.text.strip().splitlines())
    return ChartCell(participant, themes[cell.column], summary, tuple(ids))


def with_cells(text: str, path: str, cells: Iterable[ChartCell]) -> str:
    """The chart with some cells; what a cell says already stays, and what is new is added to it."""
    there = {cell.column: cell for cell in load_chart(text, path)[0]}
    for cell in cells:
        old = there.get(cell.column)
        new = cell if old is None else _joined(old, cell)
        if old is None or (new.summary, new.segments) != (old.summary, old.segments):
            text = with_cell(text, new)
    return text


def _joined(old: ChartCell, new: ChartCell) -> ChartCell:
    said = set(bullets(old.summary))
    missing = [line for line in new.summary.splitlines() if line.strip() and not said.issuperset(bullets(line))]
    summary = "\n".join([old.summary, *missing]) if old.summary else new.summary
    return ChartCell(new.row, new.column, summary, tuple(dict.fromkeys((*old.segments, *new.segments))))
