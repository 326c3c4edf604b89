"""One layer under the knife: codes replaced or taken out, every other record left as its very line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from postil_base.problem import PostilError
from postil_codebook.values import Codebook
from postil_study.layers.file import LayerFile, encode_layer, read_layer_file
from postil_study.layers.values import make_layer
from postil_study.text.values import CodeUse, Relation, Segment


@dataclass(frozen=True, slots=True)
class LayerChange:
    """What happens in one layer: how many records are concerned, and how many are left without any code."""

    path: str
    coder: str
    transcript: str
    segments: int = 0
    relations: int = 0
    emptied: int = 0
    removed_relations: int = 0

    @property
    def touched(self) -> bool:
        """Whether anything in the layer is concerned at all."""
        return bool(self.segments or self.relations or self.removed_relations)


def changed_layer(
    data: bytes, path: str, book: Codebook, became: Mapping[str, str | None], at: str
) -> tuple[LayerChange, bytes]:
    """The layer with each code that ``became`` another (None: nothing) replaced, and what that concerns.

    Codes are looked up by id, path or former id. Segments stay, with whatever codes are left; relations whose code is
    gone go, leaving their ids as deleted ``at``.
    """
    file = read_layer_file(data, path)
    _check(file, data, path)
    turn = _Turn(book, became)
    layer = file.layer
    segments = tuple(turn.segment(segment) for segment in layer.segments)
    ends = {segment.id: segment for segment in layer.segments}
    kept = [turn.relation(relation, ends) for relation in layer.relations]
    gone = {relation.id: at for relation, new in zip(layer.relations, kept, strict=True) if new is None}
    relations = [relation for relation in kept if relation is not None]
    new = make_layer(layer.header, segments, relations, {**layer.deleted, **gone}, path)
    change = LayerChange(
        path,
        layer.header.coder,
        layer.header.transcript,
        segments=sum(turn.concerns(segment) for segment in layer.segments),
        relations=sum(new != old for old, new in zip(layer.relations, kept, strict=True) if new is not None),
        emptied=sum(bool(old.codes) and not now.codes for old, now in zip(layer.segments, segments, strict=True)),
        removed_relations=len(gone),
    )
    return change, encode_layer(new, file)


def _check(file: LayerFile, data: bytes, path: str) -> None:
    """A layer that was not read whole cannot be changed safely: codes may hide in what was not understood."""
    conflict = b"\n<<<<<<<" in data
    for problem in file.problems:
        if file.unread or conflict or problem.rule == "format-version":
            raise PostilError(f"{problem} Nothing was changed; mend {path} first, then do this again.")


@dataclass(frozen=True)
class _Turn:
    """What becomes of the records."""

    book: Codebook
    became: Mapping[str, str | None]

    def segment(self, segment: Segment) -> Segment:
        """The segment with its codes turned; a code that is there twice then, in one mode, is kept once."""
        if not self.concerns(segment):
            return segment
        turned = [self._use(use) for use in segment.codes]
        codes = dict.fromkeys(use for use in turned if use is not None)
        return msgspec.structs.replace(segment, codes=tuple(codes))

    def concerns(self, segment: Segment) -> bool:
        """Whether one of the codes stands on the segment."""
        return any(self._id(code) in self.became for code in segment.code_ids)

    def relation(self, relation: Relation, ends: Mapping[str, Segment]) -> Relation | None:
        """The relation with the codes of its ends turned; None when one of them is gone."""
        source = self._end(relation.source, relation.source_code, ends)
        target = self._end(relation.target, relation.target_code, ends)
        if source is None or target is None:
            return None
        if (source, target) == (relation.source_code, relation.target_code):
            return relation
        return msgspec.structs.replace(relation, source_code=source, target_code=target)

    def _end(self, segment: str, code: str, ends: Mapping[str, Segment]) -> str | None:
        """The code of one end; one that was left out is meant when the segment has only that."""
        if code:
            return self._code(code)
        only = ends[segment].code_ids if segment in ends else ()
        return None if len(only) == 1 and self._code(only[0]) is None else code

    def _use(self, use: str | CodeUse) -> str | CodeUse | None:
        code = use if isinstance(use, str) else use.code
        now = self._code(code)
        if now is None or now == code:
            return None if now is None else use
        return now if isinstance(use, str) else CodeUse(now, use.mode)

    def _code(self, code: str) -> str | None:
        """What a code becomes; one that is not concerned stays as it is written."""
        return self.became.get(self._id(code), code)

    def _id(self, code: str) -> str:
        return code if code in self.book.codes else self.book.resolve(code) or code
