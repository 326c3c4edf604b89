"""Where a mapped name still stands: file names, texts, notes, undo, copies of rounds, what was exported."""

from __future__ import annotations

import html
import io
import os
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from postil_base.plural import counted
from postil_base.problem import Place, Problem
from postil_study.files.kept_copies import copies_path, read_copies
from postil_study.files.settings import SETTINGS_FILE, load_settings
from postil_study.layers.unsaved import find_unsaved
from postil_study.privacy.logs import own_lines, undo_logs
from postil_study.privacy.pseudonyms.matching import Names, letters_of

RULE, LIKE = "name-left", "name-in-other-capitals"
MOST = 5  # places of one file that are named one by one
MAX_BYTES = 100_000_000  # of a file, or of what is packed into one
_PACKED = (".docx", ".xlsx", ".odt", ".ods", ".qdpx", ".zip")
_DAMAGED = (zipfile.BadZipFile, RuntimeError, OSError, NotImplementedError, EOFError, ValueError)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_BLIND = (".pdf", ".png", ".jpg", ".jpeg", ".parquet", ".sqlite3", ".qda", ".db")


class _Hit(NamedTuple):
    start: int
    said: str
    name: str
    is_name: bool  # as the mapping has it; in other capitals a name may be a common word


class _NameSearch:
    """The search for names in whatever capitals."""

    def __init__(self, names: Names) -> None:
        self.names = Names(replace(rule, any_case=True) for rule in names.rules)
        self._any_case = {rule.name for rule in names.rules if rule.any_case}
        joined = [rule.name for rule in names.rules if len(rule.name.split()) > 1 and len(letters_of(rule.name)) > 5]
        self._joined = {letters_of(name).casefold(): name for name in reversed(joined)}
        choices = ("[-_.@ ]?".join(map(re.escape, re.findall(r"[^\W_]+", name))) for name in joined)
        self._run_on = re.compile("|".join(choices), re.IGNORECASE) if joined else None

    def find(self, text: str) -> Iterator[_Hit]:
        """The hits by place: whole words first, then names that run on without a border (xJaneDoe2)."""
        found, ends = [], []
        for match, rule in self.names.find(text):
            said = " ".join(match[0].split())
            same = letters_of(said) == letters_of(rule.name)
            found.append(_Hit(match.start(), said, rule.name, same or rule.name in self._any_case or "@" in said))
            ends.append(match.span())
        for match in self._run_on.finditer(text) if self._run_on is not None else ():
            if not any(start < match.end() and match.start() < end for start, end in ends):
                name = self._joined[letters_of(match[0]).casefold()]
                found.append(_Hit(match.start(), match[0], name, False))
        yield from sorted(found)


def names_left(root: Path, names: Names) -> list[Problem]:
    """Everything of the study in which a name of the mapping still stands, in whatever capitals."""
    search = _NameSearch(names)
    found: list[Problem] = []
    for path in all_files(root):
        found += _in_name(path, search)
        found += _in_content(root, path, search)
    return [*found, *_in_undo(root, search)]


def all_files(root: Path) -> Iterator[str]:
    """All files of a study, copies of rounds, exports and leftovers of interrupted changes included."""
    for place, folders, names in os.walk(root):
        folders[:] = sorted(folder for folder in folders if folder not in (".git", "__pycache__", ".venv"))
        here = Path(place).relative_to(root).as_posix()
        yield from (name if here == "." else f"{here}/{name}" for name in sorted(names))


def _in_name(path: str, search: _NameSearch) -> Iterator[Problem]:
    if any(search.names.slug(part) != part for part in path.split("/")) or list(search.find(path)):
        yield Problem(Place(path), "a name of the mapping stands in the file's name; rename it.", RULE, "warning")


def _in_content(root: Path, path: str, search: _NameSearch) -> Iterator[Problem]:
    file, ending = root / path, Path(path).suffix.lower()
    try:
        if file.stat().st_size > MAX_BYTES or ending in _BLIND:
            yield Problem(Place(path), "it was not looked into for names; make it again.", "not-searched", "warning")
            return
        data = file.read_bytes()
    except OSError:
        return
    if ending in _PACKED:
        yield from _packed(path, data, search)
    else:
        yield from _in_text(path, _text(data, ending), search)


def _text(data: bytes, ending: str) -> str:
    text = data.decode("utf-8", "replace")
    return html.unescape(text) if ending in (".html", ".svg", ".xml") else text


def _in_text(path: str, text: str, search: _NameSearch) -> Iterator[Problem]:
    hits = list(search.find(text))
    for hit in hits[:MOST]:
        line_start = text.rfind("\n", 0, hit.start) + 1
        place = Place(path, text.count("\n", 0, hit.start) + 1, hit.start - line_start + 1)
        if hit.is_name:
            yield Problem(place, f"the mapped name {hit.said!r} still stands here.", RULE, "warning")
        else:
            message = f"{hit.said!r} may be the mapped name {hit.name!r}, in other capitals or run on."
            yield Problem(place, message, LIKE, "warning")
    if len(hits) > MOST:
        message = f"{len(hits) - MOST} more mapped names stand in this file."
        rule = RULE if any(hit.is_name for hit in hits[MOST:]) else LIKE
        yield Problem(Place(path), message, rule, "warning")


def _packed(path: str, data: bytes, search: _NameSearch) -> Iterator[Problem]:
    """Word, spreadsheets and archives: the text of their parts, without tags."""
    try:
        for part, text in _parts(data):
            hits = list(search.find(text))
            said = next((hit.said for hit in hits if hit.is_name), "")
            if said:
                message = f"the mapped name {said!r} still stands in its part {part}; make it again."
                yield Problem(Place(path), message, RULE, "warning")
            elif hits:
                message = f"{hits[0].said!r} in its part {part} may be the mapped name {hits[0].name!r}."
                yield Problem(Place(path), message, LIKE, "warning")
    except _DAMAGED:
        yield Problem(Place(path), "it is damaged and was not looked into for names.", "not-searched", "warning")


def packed_texts(path: str, data: bytes) -> list[tuple[str, str]]:
    """Parts of a Word file, spreadsheet or archive with their text; none of other and of damaged files."""
    try:
        return list(_parts(data)) if Path(path).suffix.lower() in _PACKED else []
    except _DAMAGED:
        return []


def _parts(data: bytes) -> Iterator[tuple[str, str]]:
    left = MAX_BYTES
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist()[:10_000]:
            left -= info.file_size
            if left < 0:
                break
            yield info.filename, html.unescape(_TAG.sub("", archive.read(info).decode("utf-8", "replace")))


def _in_undo(root: Path, search: _NameSearch) -> Iterator[Problem]:
    text = (root / SETTINGS_FILE).read_text("utf-8", "replace")
    study_id = load_settings(text)[0].id
    for log in undo_logs(study_id, root):
        lines = b"\n".join(line for line, _ in own_lines(log, root)).decode("utf-8", "replace")
        count = sum(1 for hit in search.find(lines) if hit.is_name)
        if count:
            message = f"the undo log holds mapped names ({counted(count, 'time')}); postil pseudonymise cleans it."
            yield Problem(Place(str(log)), message, RULE, "warning")
    for path, data in read_copies(study_id, root).items():
        if any(hit.is_name for hit in search.find(data.decode("utf-8", "replace"))):
            message = f"the copy of {path} that waits for a decision holds mapped names; open the study first."
            yield Problem(Place(str(copies_path(study_id, root))), message, RULE, "warning")
    for waiting in find_unsaved(study_id, root):
        if any(hit.is_name for hit in search.find(waiting.path.read_text("utf-8", "replace"))):
            message = "codings that wait to be saved hold mapped names; open the study in the app first."
            yield Problem(Place(str(waiting.path)), message, RULE, "warning")
