"""Brat's standoff files: ``NAME.ann`` beside ``NAME.txt``, positions in characters of the text.

Entities (``T``) become segments, a part each where they are in several pieces; relations (``R``) of our types become
relations; notes (``#``) and attributes (``A``, ``M``, ``N``) go to the segment, as mode, as unsure, or into its memo.
What has no place here (events' roles, equivalences, other relations) is named.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePath
from typing import get_args

from postil_base.files.text import unix_lines
from postil_base.problem import PostilError
from postil_formats.codings.sources.rows import CodingRow, CodingsTable, RelationRow
from postil_formats.texts.decoding import decode
from postil_study.text.values import Mode, RelationType

_SPANS = re.compile(r"\d{1,9} \d{1,9}(?:;\d{1,9} \d{1,9})*")
_MODES = {"negation": "deny", "negated": "deny", "speculation": "hypothetical", "speculated": "hypothetical"}
_UNSURE = ("unsure", "uncertain", "uncertainty")


@dataclass
class _Entity:
    row: int
    id: str
    code: str
    spans: list[tuple[int, int]]
    words: str
    mode: str = ""
    unsure: bool = False
    memo: list[str] = field(default_factory=list)


def read_brat(data: bytes, name: str, text: str | None, *, coder: str, encoding: str = "") -> CodingsTable:
    """Read one ``.ann`` file; ``text`` is the ``.txt`` beside it with its own line ends, if it is there."""
    if not coder:
        raise PostilError(f"{name}: brat does not say who coded; say it with --coder.")
    reader = _Brat(name, text, coder)
    for number, line in enumerate(decode(data, name, encoding).text.split("\n"), 1):
        if line.strip():
            reader.read(number, line)
    return reader.table()


class _Brat:
    def __init__(self, name: str, text: str | None, coder: str) -> None:
        self.name, self.text, self.coder = name, text, coder
        self.unix = unix_lines(text) if text is not None else ""
        self.transcript = PurePath(name).stem
        self.entities: dict[str, _Entity] = {}
        self.triggers: dict[str, str] = {}  # event → entity
        self.relations: list[RelationRow] = []
        self.left: Counter[str] = Counter()
        self.about: list[tuple[str, str, str]] = []  # target, name, value: for when all entities are known

    def read(self, number: int, line: str) -> None:
        """One line; its first letter tells what it is."""
        id_, _, rest = line.partition("\t")
        head, _, note = rest.partition("\t")
        kind, *others = head.split() or [""]
        if id_.startswith("T"):
            self._entity(number, id_, rest)
        elif id_.startswith("R"):
            self._relation(number, id_, rest)
        elif id_.startswith("E"):
            self._event(id_, rest)
        elif id_[:1] in ("A", "M"):
            self.about.append((others[0] if others else "", kind, " ".join(others[1:])))
        elif id_.startswith("#"):
            self.about.append((others[0] if others else "", "#", note))
        elif id_.startswith("N"):
            self.about.append((others[0] if others else "", kind, note or " ".join(others[1:])))
        elif id_.startswith("*"):
            self.left["equivalences"] += 1
        else:
            raise PostilError(f"{self.name}:{number}: this line is no annotation of brat: {line[:60]!r}.")

    def _entity(self, number: int, id_: str, rest: str) -> None:
        head, _, words = rest.partition("\t")
        code, _, places = head.partition(" ")
        if not code or not _SPANS.fullmatch(places):
            raise PostilError(
                f"{self.name}:{number}: {id_} needs a type and positions, such as `Trust 10 25`, between tabs."
            )
        pairs = [part.split() for part in places.split(";")]
        spans = [(int(start), int(end)) for start, end in pairs]
        if any(start >= end or (self.text is not None and end > len(self.text)) for start, end in spans):
            raise PostilError(f"{self.name}:{number}: {id_} lies at {places}, which is not in the text.")
        self.entities[id_] = _Entity(number, id_, code, spans, words)

    def _relation(self, number: int, id_: str, rest: str) -> None:
        parts = rest.split()
        ends = [part.partition(":")[2] for part in parts[1:3]]
        if len(ends) < 2 or not all(ends):
            raise PostilError(f"{self.name}:{number}: {id_} needs a type and two ends, such as Arg1:T1 Arg2:T2.")
        kind = parts[0].lower().replace("_", "-")
        if kind not in get_args(RelationType):
            self.left[f"relations of type {parts[0]}"] += 1
            return
        self.relations.append(RelationRow(number, self.coder, ends[0], ends[1], kind, self.transcript, id=id_))

    def _event(self, id_: str, rest: str) -> None:
        """An event stands for its trigger, which is an entity; its other roles have no place here."""
        trigger, *roles = [part.partition(":")[2] for part in rest.split()] or [""]
        self.triggers[id_] = trigger
        self.left["roles of events"] += len(roles)

    def table(self) -> CodingsTable:
        """All of it as rows."""
        for target, name, value in self.about:
            entity = self.entities.get(self.triggers.get(target, target))
            if entity is None:
                self.left["notes and attributes of relations and of nothing that is here"] += 1
            else:
                _attach(entity, name, value)
        rows = [row for entity in self.entities.values() for row in self._rows(entity)]
        relations = tuple(
            replace(r, source=self.triggers.get(r.source, r.source), target=self.triggers.get(r.target, r.target))
            for r in self.relations
        )
        warnings = [f"{count} {what} have no place here and were left" for what, count in self.left.items() if count]
        if self.text is None:
            warnings.append("the .txt beside it is missing, so entities are looked up by their words")
        return CodingsTable(self.name, tuple(rows), relations, tuple(warnings))

    def _rows(self, entity: _Entity) -> Sequence[CodingRow]:
        """A row a piece; positions only with the text they count in."""
        rows = []
        for number, (start, end) in enumerate(entity.spans, 1):
            place = self._place(start, end)
            words = self.unix[slice(*place)] if self.text is not None else self._piece(entity, number)
            rows.append(
                CodingRow(
                    entity.row,
                    self.coder,
                    self.transcript,
                    id=entity.id if number == 1 else f"{entity.id}.{number}",
                    quote=words,
                    codes=((entity.code, entity.mode),),
                    memo="\n".join(entity.memo) if number == 1 else f"part of {entity.id}",
                    start=place[0],
                    end=place[1],
                    unsure=entity.unsure,
                )
            )
        return rows

    def _place(self, start: int, end: int) -> tuple[int | None, int | None]:
        """The place in the text with line feeds alone."""
        if self.text is None:
            return None, None
        if not self._counts_returns:
            return start, end
        return len(unix_lines(self.text[:start])), len(unix_lines(self.text[:end]))

    @cached_property
    def _counts_returns(self) -> bool:
        """Whether positions count both characters of a line end: as more of the words say."""
        if self.text is None or self.text == self.unix:
            return False
        scores = [sum(_is_at(text, entity) for entity in self.entities.values()) for text in (self.text, self.unix)]
        return scores[0] >= scores[1]

    def _piece(self, entity: _Entity, number: int) -> str:
        """The words of one piece: brat writes the pieces one after the other with a blank between them."""
        start = sum(b - a + 1 for a, b in entity.spans[: number - 1])
        a, b = entity.spans[number - 1]
        return entity.words[start : start + b - a]


def _is_at(text: str, entity: _Entity) -> bool:
    said = " ".join(text[start:end] for start, end in entity.spans)
    return said.split() == entity.words.split()


def _attach(entity: _Entity, name: str, value: str) -> None:
    """An attribute becomes the mode, or marks as unsure, or goes into the memo as a note does."""
    plain = name.lower()
    modes = (_MODES.get(plain, plain), value.lower())
    if plain in _UNSURE:
        entity.unsure = True
    elif mode := next((mode for mode in modes if mode in get_args(Mode)), ""):
        entity.mode = mode
    else:
        entity.memo.append(value if name == "#" else f"{name}: {value}" if value else name)
