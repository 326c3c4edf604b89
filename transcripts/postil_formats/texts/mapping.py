"""A mapping for one import: a table of files and speakers that says who is who, file by file.

Columns: ``file`` (its name, with or without the ending), ``speaker`` and ``is`` (as in ``--speaker``: a role,
``participant:P01``, a new name, ``Name:role``), and for the file ``id``, ``participant``, ``date``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from postil_base.problem import PostilError
from postil_formats.texts.roles import SpeakerRule, parse_speaker
from postil_formats.texts.sources import read_file

COLUMNS = ("file", "speaker", "is", "id", "participant", "date")


@dataclass
class FileWishes:
    """What the mapping says of one file; empty is not said."""

    id: str = ""
    participant: str = ""
    date: str = ""
    speakers: dict[str, SpeakerRule] = field(default_factory=dict)


def load_mapping(path: Path) -> dict[str, FileWishes]:
    """Read a mapping (.csv, .tsv or .xlsx): wishes by the file's name as it is written there."""
    rows = _rows(path)
    heading = [cell.strip().lower() for cell in rows[0]]
    unknown = [name for name in heading if name and name not in COLUMNS]
    if "file" not in heading or unknown:
        raise PostilError(
            f"{path.name}: the first row names the columns {', '.join(COLUMNS)}; found: {', '.join(heading)}."
        )
    wishes: dict[str, FileWishes] = {}
    for number, row in enumerate(rows[1:], 2):
        said = {name: row[place].strip() for place, name in enumerate(heading) if name and place < len(row)}
        if said.get("file"):
            _take(wishes.setdefault(said["file"], FileWishes()), said, f"{path.name}, row {number}")
    return wishes


def _rows(path: Path) -> Sequence[Sequence[str]]:
    from postil_formats.texts.tables.sheets import csv_rows, xlsx_sheets

    data = read_file(path)
    if path.suffix.lower() == ".xlsx":
        return next((rows for _, rows in xlsx_sheets(data, path.name) if rows), [[]])
    return csv_rows(data, path.name)[0]


def _take(wishes: FileWishes, said: Mapping[str, str], where: str) -> None:
    for key in ("id", "participant", "date"):
        if said.get(key):
            setattr(wishes, key, said[key])
    if said.get("speaker") or said.get("is"):
        if not said.get("is"):
            raise PostilError(f"{where}: the column `is` does not say who {said['speaker']!r} is.")
        try:
            label, rule = parse_speaker(f"{said.get('speaker', '')}={said['is']}")
        except PostilError as error:
            raise PostilError(f"{where}: {error}") from error
        wishes.speakers[label] = rule


def wishes_for(files: Mapping[str, FileWishes], source: Path) -> FileWishes | None:
    """What is said of a file."""
    return files.get(source.name) or files.get(source.stem)


def check_all_there(files: Mapping[str, FileWishes], sources: Iterable[Path]) -> None:
    """A file that is named but not there is a slip of the pen; silence about it would leave wrong roles."""
    names = {name for source in sources for name in (source.name, source.stem)}
    missing = [name for name in files if name not in names and PurePath(name).name not in names]
    if missing:
        raise PostilError(f"the mapping names {missing[0]!r}, which is not among the files to import.")
