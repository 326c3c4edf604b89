"""Charts: the cells of the framework matrix, one file a participant; a summary in our words with its segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from postil_base.files.atomic import ABSENT, write_text
from postil_base.files.lock import study_lock
from postil_base.files.text import read_raw_text, sha256_text
from postil_base.problem import Place, PostilError, Problem
from postil_base.yaml.edit import delete_entry, set_value
from postil_base.yaml.fields import Fields
from postil_base.yaml.places import YamlMap, load_map
from postil_study.files.file_cache import read_folder
from postil_study.files.manifest import is_transcript_id

FOLDER = "charts"


@dataclass(frozen=True, slots=True)
class ChartCell:
    """One cell. ``row`` is the participant, ``column`` a theme (or a code, or a question of the guide)."""

    row: str
    column: str
    summary: str = ""
    segments: tuple[str, ...] = ()
    place: Place = Place("")
    segment_places: Mapping[str, Place] = field(default_factory=dict)


def chart_path(participant: str) -> str:
    """Where the chart of a participant stands, relative to the study."""
    return f"{FOLDER}/{participant}.yaml"


def load_chart(text: str, path: str) -> tuple[tuple[ChartCell, ...], list[Problem]]:
    """Read one participant's cells, in the order of the file.

    >>> cells, problems = load_chart("trust: {summary: Trusts names., segments: [k3m9x0q2ab]}\\n", "charts/E01.yaml")
    >>> cells[0].row, cells[0].column, cells[0].segments, problems
    ('E01', 'trust', ('k3m9x0q2ab',), [])
    """
    root, problems = load_map(text, path)
    participant = path.removeprefix(f"{FOLDER}/").removesuffix(".yaml")
    cells = []
    for key, value in root or ():
        entry = Fields(value if isinstance(value, YamlMap) else None, problems, key.text, key.place)
        if not isinstance(value, YamlMap):
            entry.report(key.place, "`summary:` and `segments:` are expected below it", "yaml-type")
        segments = entry.scalars("segments")
        places = {item.text: item.place for item in segments}
        cells.append(ChartCell(participant, key.text, entry.text("summary").strip(), tuple(places), key.place, places))
        entry.close()
    return tuple(cells), problems


def load_charts(root: Path) -> tuple[list[ChartCell], list[Problem]]:
    """All cells of a study."""
    found, problems = read_folder(root, FOLDER, ".yaml", load_chart)
    return [cell for cells in found.values() for cell in cells], problems


def with_cell(text: str, cell: ChartCell) -> str:
    """The text of a chart with one cell set; everything else in it stays as it is. An empty cell is taken out."""
    path = chart_path(cell.row)
    old = next((one for one in load_chart(text, path)[0] if one.column == cell.column), None)
    if not cell.summary and not cell.segments:
        return text if old is None else delete_entry(text, [cell.column], path=path)
    if old is None:
        value = {"summary": cell.summary, "segments": list(cell.segments)}
        return set_value(text, [cell.column], value, path=path)
    if cell.summary != old.summary:
        text = set_value(text, [cell.column, "summary"], cell.summary, path=path)
    if cell.segments != old.segments:
        text = set_value(text, [cell.column, "segments"], list(cell.segments), path=path)
    return text


def save_cell(root: Path, cell: ChartCell) -> None:
    """Write one cell into its participant's chart, which is made when it is not there."""
    if not is_transcript_id(cell.row):
        raise PostilError(f"{cell.row!r} cannot name a file; give the participant another id in study.yaml.")
    path = root / chart_path(cell.row)
    with study_lock(root):
        before = read_raw_text(path) if path.is_file() else None
        after = with_cell(before or "", cell)
        if after != (before or ""):
            write_text(path, after, expect=ABSENT if before is None else sha256_text(before), root=root)
