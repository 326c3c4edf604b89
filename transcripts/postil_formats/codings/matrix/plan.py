"""Importing a framework matrix: what will be written, worked out and shown before the first byte is.

Bullets that have their words become segments of a source layer, never a rater's; every cell, with all its bullets,
becomes a cell of the participant's chart. Importing the same file again changes nothing.
"""

from __future__ import annotations

import re
from base64 import b32encode
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from postil_base.clock import Clock, system_clock, utc_now
from postil_base.files.journal import write_many
from postil_base.ids import LENGTH
from postil_base.problem import PostilError
from postil_base.yaml.fields import nearest
from postil_formats.codings.matrix.places import Bullet, Finder
from postil_formats.codings.matrix.table import MatrixTable
from postil_formats.codings.matrix.themes import themes_of_columns
from postil_formats.codings.matrix.writing import Changes, changes_of
from postil_study.files.manifest import speakers_of
from postil_study.layers.store import empty_layer
from postil_study.layers.values import make_layer
from postil_study.study import Study
from postil_study.text.values import Layer, LayerHeader, Segment

MATRIX = "matrix"  # the source layer's name
THEME, METHOD, SCORE = "x-theme", "x-method", "x-score"


@dataclass(frozen=True)
class MatrixPlan:
    """What an import of a framework matrix will do."""

    name: str
    participants: Mapping[str, str]  # by row of the file
    left_out: tuple[str, ...]  # rows that are nobody of this study
    themes: Mapping[str, str]  # theme, code or question by column of the file
    new_themes: Mapping[str, str]  # id → label
    bullets: tuple[Bullet, ...]
    segments: Mapping[Bullet, str]  # record ids of those that are placed
    warnings: tuple[str, ...] = ()
    changes: Changes = field(repr=False, default_factory=Changes)

    @property
    def counts(self) -> Mapping[tuple[str, str], int]:
        """How many bullets by method and status."""
        return Counter((bullet.method, bullet.status) for bullet in self.bullets)

    @property
    def placed(self) -> int:
        """How many bullets are put on words."""
        return sum(1 for bullet in self.bullets if bullet.place)

    def apply(self, study: Study) -> list[str]:
        """Write all of it or nothing; returns the paths that changed."""
        if self.changes.files:
            write_many(study.root, self.changes.files, self.changes.expect)
        return list(self.changes.files)


def participant_finder(study: Study, said: Mapping[str, str]) -> Callable[[str], str]:
    """Whom a row means: as the person said, by id, or by the number if only one participant has it; else nobody."""
    known = dict.fromkeys([*study.settings.participants, *speakers_of(study.infos)])
    for row, participant in said.items():
        if participant not in known:
            hint = nearest(participant, list(known)) or f"; known are {', '.join(known) or 'none'}."
            raise PostilError(f"--row {row}={participant}: there is no participant {participant!r}{hint}")
    by_id = {name.casefold(): name for name in known}
    by_number: dict[str, list[str]] = {}
    for name in known:
        by_number.setdefault(_number(name), []).append(name)

    def find(row: str) -> str:
        numbered = by_number.get(_number(row), []) if _number(row) else []
        return said.get(row) or by_id.get(row.casefold(), "") or (numbered[0] if len(numbered) == 1 else "")

    return find


def _number(name: str) -> str:
    """The number a participant's name ends with, when no other number is in it."""
    match = re.fullmatch(r"\D{0,40}?0*(\d{1,9})", name)
    return match[1] if match else ""


def plan_matrix(
    study: Study, table: MatrixTable, said: Mapping[str, str] | None = None, clock: Clock = system_clock
) -> MatrixPlan:
    """Work out where every bullet belongs."""
    find = participant_finder(study, said or {})
    participants = {row: find(row) for row in table.rows if find(row)}
    _refuse_twice(table, participants)
    themes, new_themes = themes_of_columns(study, table.columns, table.name)
    bullets = tuple(_bullets(study, table, participants))
    segments = {bullet: _id(bullet, themes) for bullet in bullets if bullet.place}
    layers = list(_layers(study, segments, themes, utc_now(clock)))
    cells = [(participants[cell.row], cell) for cell in table.cells if cell.row in participants]
    return MatrixPlan(
        table.name,
        participants,
        tuple(row for row in table.rows if row not in participants),
        themes,
        new_themes,
        bullets,
        segments,
        table.warnings,
        changes_of(study, layers, cells, segments, themes, new_themes),
    )


def _refuse_twice(table: MatrixTable, participants: Mapping[str, str]) -> None:
    twice = [name for name, count in Counter(participants.values()).items() if count > 1]
    if twice or len(set(table.rows)) < len(table.rows):
        rows = [row for row in table.rows if participants.get(row) in twice] if twice else list(table.rows)
        raise PostilError(
            f"{table.name}: several rows are taken for the same participant ({', '.join(rows[:6])}). "
            "Say who is meant with --row NAME=PARTICIPANT."
        )


def _bullets(study: Study, table: MatrixTable, participants: Mapping[str, str]) -> Iterable[Bullet]:
    sources = [layer for layer in study.layers("source") if layer.header.coder != MATRIX]
    heard_in = speakers_of(study.infos)
    finders: dict[str, Finder] = {}
    for cell in table.cells:
        who = participants.get(cell.row)
        if who is None:
            continue
        if who not in finders:
            ids = [id_ for id_ in heard_in.get(who, ()) if id_ in study.transcripts]
            notes = [layer for layer in sources if layer.header.transcript in ids]
            finders[who] = Finder(who, [study.transcripts[id_] for id_ in ids], notes)
        yield from finders[who].cell(cell)


def _id(bullet: Bullet, themes: Mapping[str, str]) -> str:
    """The same bullet on the same words always gets the same id, so that what somebody deleted stays deleted."""
    said = "\0".join((bullet.participant, themes[bullet.column], bullet.text, repr(bullet.place)))
    return b32encode(sha256(said.encode("utf-8", "replace")).digest()).decode().lower()[:LENGTH]


def _layers(
    study: Study, segments: Mapping[Bullet, str], themes: Mapping[str, str], now: str
) -> Iterable[tuple[Layer, Layer]]:
    """The source layers before and after."""
    by_transcript: dict[str, list[Segment]] = {}
    for bullet, id_ in segments.items():
        assert bullet.place is not None
        words = study.transcripts[bullet.place.transcript].text
        made = _segment(bullet, id_, themes[bullet.column], words, now)
        by_transcript.setdefault(bullet.place.transcript, []).append(made)
    for transcript, found in by_transcript.items():
        before = _before(study, transcript)
        known = {*before.by_id, *before.deleted}
        fresh = [segment for segment in found if segment.id not in known]
        after = [*before.segments, *fresh]
        yield before, make_layer(before.header, after, before.relations, before.deleted, before.path)


def _before(study: Study, transcript: str) -> Layer:
    layer = study.layer(MATRIX, transcript)
    sha = study.transcripts[transcript].text_sha256
    if layer is None:
        return empty_layer(LayerHeader(MATRIX, transcript, "source", sha, study.codebook.version))
    if layer.header.kind != "source":
        raise PostilError(f"{layer.path} is the layer of a coder called {MATRIX}; rename that coder first.")
    if layer.header.text_sha256 not in ("", sha):
        raise PostilError(f"{layer.path} was made on another text; run postil reanchor {transcript}, then import.")
    return layer


def _segment(bullet: Bullet, id_: str, theme: str, text: str, now: str) -> Segment:
    assert bullet.place is not None
    start, end = bullet.place.start, bullet.place.end
    extra = {THEME: theme, METHOD: bullet.method, SCORE: bullet.score}
    return Segment(
        id_, start, end, quote=text[start:end], memo=bullet.text, unsure=bullet.status == "look", at=now, extra=extra
    )


def rows_said(pairs: Sequence[str]) -> dict[str, str]:
    """Read ``NAME=PARTICIPANT`` of the command line.

    >>> rows_said(["1=P01"])
    {'1': 'P01'}
    """
    found: dict[str, str] = {}
    for pair in pairs:
        row, sign, participant = (part.strip() for part in pair.rpartition("="))
        if not (row and sign and participant):
            raise PostilError(f"--row {pair}: write NAME=PARTICIPANT, such as 1=P01.")
        found[row] = participant
    return found
