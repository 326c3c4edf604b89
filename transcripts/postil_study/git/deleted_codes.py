"""Codings with a code that was deleted on another branch: it is taken off them, or it stands.

Where a code was deleted it was taken off its codings. Those that carry it all the same, or are older than the day it
was added again, came from elsewhere, and nobody has said yet that they mean the code as it is now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from postil_base.clock import Clock, utc_now
from postil_base.files.journal import write_many
from postil_base.files.text import sha256_bytes
from postil_codebook.retired import retired_as
from postil_codebook.values import Retired
from postil_study.history.codebook_changes import add_code
from postil_study.layers.file import encode_layer, read_layer_file
from postil_study.layers.values import Deleted, State, with_states
from postil_study.study import Study
from postil_study.text.values import Layer, Segment


@dataclass(frozen=True)
class Carried:
    """A deleted code and who codes with it."""

    code: str
    was: Retired
    coders: Counter[str] = field(default_factory=Counter)
    segments: dict[str, list[str]] = field(default_factory=dict)  # by path of the layer

    @property
    def said(self) -> str:
        """In words."""
        many = self.coders.total()
        who = ", ".join(f"{coder} ({count})" for coder, count in sorted(self.coders.items()))
        when = f" on {self.was.deleted[:10]}" if self.was.deleted else ""
        stand = "1 coding carries it" if many == 1 else f"{many} codings carry it"
        if self.was.again:
            since = f" and added again on {self.was.again[:10]}, and {stand} from before: {who}"
            return f"the code {self.code} was deleted{when}{since}; mine takes it off, theirs means it as it is now"
        return f"the code {self.code} was deleted{when}, and {stand}: {who}; mine takes it off, theirs brings it back"


def carried_codes(study: Study) -> Iterator[Carried]:
    """Deleted codes that codings carry, and nobody has decided about."""
    book = study.codebook
    if not book.retired:
        return
    found: dict[str, Carried] = {}
    for layer in study.layers():
        for segment in layer.segments:
            for code in segment.code_ids:
                was = book.retired.get(code) if code in book.codes else retired_as(book, code)
                if was is not None and (not was.again or max(segment.at, segment.checked) < was.again):
                    carried = found.setdefault(code, Carried(code, was))
                    carried.coders[layer.header.coder] += 1
                    carried.segments.setdefault(layer.path, []).append(segment.id)
    yield from (found[code] for code in sorted(found))


def settle_carried(study: Study, carried: Carried, stays: bool, clock: Clock) -> None:
    """Take the code off these codings, or let it stand: the code comes back, or they are looked at as of now."""
    now = utc_now(clock)
    if stays and not carried.was.again:
        add_code(study.root, carried.was.id, {}, again=True, clock=clock).apply()
        now = utc_now(clock)
    changes: dict[str, str | bytes | None] = {}
    expect: dict[str, str] = {}
    for path, ids in carried.segments.items():
        data = (study.root / path).read_bytes()
        file = read_layer_file(data, path)
        states = _checked(file.layer, ids, now) if stays else _without(file.layer, ids, carried, now)
        changes[path], expect[path] = encode_layer(with_states(file.layer, states), file), sha256_bytes(data)
    write_many(study.root, changes, expect)


def _checked(layer: Layer, ids: list[str], now: str) -> dict[str, State | None]:
    return {id_: msgspec.structs.replace(layer.by_id[id_], checked=now) for id_ in ids}


def _without(layer: Layer, ids: list[str], carried: Carried, now: str) -> dict[str, State | None]:
    names = {carried.code, carried.was.id, *carried.was.formerly}
    found: dict[str, State | None] = {id_: _taken_off(layer.by_id[id_], names, now) for id_ in ids}
    for relation in layer.relations:
        ends = ((relation.source, relation.source_code), (relation.target, relation.target_code))
        if any(segment in found and code in names for segment, code in ends):
            found[relation.id] = Deleted(relation.id, now)
    return found


def _taken_off(segment: Segment, names: set[str], now: str) -> Segment:
    left = tuple(use for use in segment.uses if use.code not in names)
    plain = tuple(use.code if use.mode == "affirm" else use for use in left)
    return msgspec.structs.replace(segment, codes=plain, at=now)
