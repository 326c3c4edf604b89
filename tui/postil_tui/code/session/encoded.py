"""A layer's file as its lines, so that one coding more costs one line more, whatever the size of the layer.

It holds the same order and the same lines as `postil_study.layers.file`; a file or a change it is not sure about
it leaves to the store, which reads, compares and merges.
"""

from __future__ import annotations

from bisect import bisect_left, insort

import msgspec

from postil_study.layers.file import encode_state
from postil_study.layers.values import Deleted, segment_order
from postil_study.text.values import Layer, Segment
from postil_tui.code.session.layer_writer import States


class _RecordId(msgspec.Struct):
    id: str = ""


_ID = msgspec.json.Decoder(_RecordId)
_Order = tuple[int, int, int, str]


class EncodedLayer:
    """The lines of a layer file, by record, in the order of the file."""

    def __init__(self, data: bytes, layer: Layer) -> None:
        lines = data.split(b"\n")
        count = len(layer.segments)
        self._header = lines[0]
        self._lines = {segment.id: line for segment, line in zip(layer.segments, lines[1 : 1 + count], strict=True)}
        self._order: list[_Order] = [segment_order(segment) for segment in layer.segments]
        self._of = {segment.id: order for segment, order in zip(layer.segments, self._order, strict=True)}
        self._relations = lines[1 + count : 1 + count + len(layer.relations)]
        gone = lines[1 + count + len(layer.relations) : -1]
        self._deleted = dict(zip(sorted(layer.deleted), gone, strict=True))

    @classmethod
    def of(cls, data: bytes, layer: Layer) -> EncodedLayer | None:
        """The lines of a file; None if they are not as a layer is written (then the store has to see to it)."""
        ids = [segment.id for segment in layer.segments] + [relation.id for relation in layer.relations]
        ids += sorted(layer.deleted)
        lines = data.split(b"\n")
        if len(lines) != len(ids) + 2 or lines[-1]:
            return None
        try:
            same = all(_ID.decode(line).id == id_ for line, id_ in zip(lines[1:], ids, strict=False))
        except msgspec.MsgspecError:
            return None
        return cls(data, layer) if same else None

    def changed(self, states: States) -> bytes | None:
        """The file with these records in another state; None for changes that concern relations."""
        if any(not isinstance(state, Segment | Deleted) for state in states.values()):
            return None
        if any(id_ not in self._of and isinstance(state, Deleted) for id_, state in states.items()):
            return None
        for id_, state in states.items():
            self._take_out(id_)
            if isinstance(state, Segment):
                order = segment_order(state)
                insort(self._order, order)
                self._of[id_] = order
                self._lines[id_] = encode_state(state)
            elif isinstance(state, Deleted):
                self._deleted[id_] = encode_state(state)
        return self._joined()

    def _take_out(self, id_: str) -> None:
        self._deleted.pop(id_, None)
        order = self._of.pop(id_, None)
        if order is not None:
            del self._order[bisect_left(self._order, order)]
            del self._lines[id_]

    def _joined(self) -> bytes:
        segments = [self._lines[order[3]] for order in self._order]
        gone = [self._deleted[id_] for id_ in sorted(self._deleted)]
        return b"\n".join([self._header, *segments, *self._relations, *gone, b""])
