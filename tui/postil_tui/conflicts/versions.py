"""Two versions of a thing as pairs of texts, one pair a field: what is the same is told once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postil_base.yaml.write import render_entry
from postil_study.git.deciding import ConflictDecision
from postil_study.git.lost import words
from postil_study.git.sides import hunks
from postil_study.layers.values import Record
from postil_study.study import Study
from postil_study.text.values import Relation, Segment

_NOTHING = "—"


@dataclass(frozen=True)
class Pair:
    """One field of both versions."""

    name: str
    mine: str
    theirs: str

    @property
    def differs(self) -> bool:
        """Whether it is what has to be decided."""
        return self.mine != self.theirs


def pairs(study: Study, decision: ConflictDecision) -> list[Pair]:
    """What stands in both versions, field by field."""
    if decision.versions is not None:
        mine, theirs = (dict(_fields(study, decision, record)) for record in decision.versions)
        names = dict.fromkeys([*mine, *theirs])
        found = ((name, mine.get(name, ""), theirs.get(name, "")) for name in names)
        return [Pair(name, one or _NOTHING, other or _NOTHING) for name, one, other in found if one or other]
    if decision.entry is not None:
        sides = (decision.entry.mine, decision.entry.theirs)
        mine_, theirs_ = (_NOTHING if side is None else _plain(side) for side in sides)
        return [Pair(decision.entry.where[-1], mine_, theirs_)]
    if decision.carried is not None:
        stays = "means it as it is now" if decision.carried.was.again else "comes back"
        return [Pair("code", f"{decision.carried.code} is taken off", f"{decision.carried.code} {stays}")]
    if decision.hanging is not None:
        codes = ", ".join(code for _, code in decision.hanging.missing)
        return [Pair("relation", "goes", f"stays, and {codes} is put back on")]
    if decision.lost is not None:
        return [Pair("coding", "given up", said) for said in words(decision.lost, 50)]
    data = (study.root / decision.path).read_bytes()
    return [Pair(f"place {number}", *pair) for number, pair in enumerate(hunks(data), 1)]


def _plain(value: Any) -> str:
    """A value as it stands in YAML."""
    if isinstance(value, str):
        return value
    return render_entry("value", value, 0).removeprefix("value:").strip()


def _fields(study: Study, decision: ConflictDecision, record: Record) -> Iterator[tuple[str, str]]:
    if isinstance(record, Segment):
        uses = (use.code if use.mode == "affirm" else f"{use.code} ({use.mode})" for use in record.uses)
        yield "words", record.quote or "the whole transcript"
        yield "codes", ", ".join(uses)
        yield "memo", record.memo
        yield "unsure", "yes" if record.unsure else ""
    else:
        yield "relation", _relation(study, decision, record)
        yield "condition", record.guard
        yield "memo", record.memo
    yield "edited", record.at.replace("T", " ").rstrip("Z")


def _relation(study: Study, decision: ConflictDecision, record: Relation) -> str:
    layer = study.layer(Path(decision.path).parent.name, Path(decision.path).stem)
    known = layer.by_id if layer is not None else {}
    ends = [
        code or ", ".join(known[id_].code_ids if id_ in known else ("?",))
        for id_, code in ((record.source, record.source_code), (record.target, record.target_code))
    ]
    return f"{ends[0]} {record.type} {ends[1]}"


def title(decision: ConflictDecision) -> tuple[str, str]:
    """Whose and where, and what it is about, for the list."""
    parts = Path(decision.path)
    if decision.versions is None:
        if decision.lost is not None:
            return f"{parts.parent.name} {parts.stem}", f"{len(decision.lost.records)} lost in a merge"
        if decision.hanging is not None:
            return f"{parts.parent.name} {parts.stem}", "a relation without its code"
        if decision.carried is not None:
            return decision.carried.code, "was deleted, and codings carry it"
        about = "/".join(decision.entry.where) if decision.entry is not None else "words of the text"
        return parts.name, about
    first = decision.versions[0]
    words = " ".join(first.quote.split()) if isinstance(first, Segment) else f"relation {first.type}"
    return f"{parts.parent.name} {parts.stem}", words or "the whole transcript"
