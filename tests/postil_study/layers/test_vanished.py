"""Laws of what vanished: a layer and a codebook cut off at every byte, counted a second way."""

from __future__ import annotations

import json

import msgspec
import pytest

from postil_codebook.changes import edit
from postil_study.layers.file import encode_layer, read_layer_file
from postil_study.layers.values import make_layer, states
from postil_study.layers.vanished import HEADER, vanished, vanished_entries, with_tombstones_of
from postil_study.text.values import LayerHeader, Relation, Segment
from tests.tui_study import BOOK

HEAD = LayerHeader("ana", "I01", text_sha256="x" * 8)
SEGMENTS = [Segment(f"s{n:09}", n, n + 5, ("trust",), "words", at="2026-05-01T00:00:00Z") for n in range(5)]
RELATION = Relation("r000000000", "s000000000", "s000000001", "leads-to", "trust", "trust")
LAYER = make_layer(HEAD, SEGMENTS, [RELATION], {"d000000000": "2026-05-02T00:00:00Z"})


def whole_lines(data: bytes) -> set[str]:
    """Ids on lines that can be read, found without Postil."""
    found = set()
    for line in data.split(b"\n"):
        try:
            found.add(json.loads(line).get("id", HEADER))
        except ValueError:
            continue
    return found


def test_of_a_layer_cut_at_any_byte_everything_that_is_gone_is_named() -> None:
    data = encode_layer(LAYER)
    alive = {HEADER, RELATION.id, *(segment.id for segment in SEGMENTS)}
    for cut in range(len(data) + 1):
        found = vanished(LAYER, LAYER, read_layer_file(data[:cut], "codings/ana/I01.jsonl"))
        assert set(found) == alive - whole_lines(data[:cut]), cut


def test_a_file_that_is_gone_has_lost_everything() -> None:
    assert set(vanished(LAYER, LAYER, None)) == {RELATION.id, *(segment.id for segment in SEGMENTS)}


def test_what_one_deletes_oneself_has_not_vanished_and_a_tombstone_is_kept() -> None:
    without = read_layer_file(encode_layer(make_layer(HEAD, SEGMENTS[1:])), "codings/ana/I01.jsonl")
    mine = make_layer(
        HEAD, SEGMENTS[1:], (), {"s000000000": "2026-05-03T00:00:00Z", RELATION.id: "2026-05-03T00:00:00Z"}
    )
    assert vanished(mine, LAYER, without) == ()
    assert set(states(with_tombstones_of(without.layer, LAYER))) == {"d000000000", *(s.id for s in SEGMENTS[1:])}


def test_a_codebook_cut_at_any_byte_is_not_whole() -> None:
    book = BOOK.rstrip().encode()
    for cut in range(len(book)):
        assert vanished_entries(book, book[:cut], "codebook/codes.yaml", codebook=True), cut
    assert not vanished_entries(book, book + b"\n", "codebook/codes.yaml", codebook=True)


def test_what_postil_does_to_a_codebook_has_not_vanished() -> None:
    path = "codebook/codes.yaml"
    done = [
        edit.rename_code(BOOK, path, "trust", "faith"),
        edit.merge_codes(BOOK, path, ["trust"], "evaluate"),
        edit.delete_code(BOOK, path, "trust", at="2026-05-01T00:00:00Z"),
        edit.delete_code(BOOK, path, "selection", "delete"),
        edit.move_code(BOOK, path, "trust", "selection"),
        edit.add_code(BOOK, path, "new", {"label": "New"}),
    ]
    for text in done:
        assert text != BOOK and not vanished_entries(BOOK.encode(), text.encode(), path, codebook=True), text


LATER, OLDER = "2026-05-03T00:00:00Z", "2026-04-01T00:00:00Z"


def edited(segment: Segment, **fields: object) -> Segment:
    return msgspec.structs.replace(segment, **fields)


@pytest.mark.parametrize("fields", [{"codes": ("price",)}, {"memo": "why"}, {"end": 4}, {"unsure": True}])
@pytest.mark.parametrize(("at", "lost"), [(OLDER, True), ("", True), (SEGMENTS[0].at, False), (LATER, False)])
def test_a_record_that_is_otherwise_at_an_older_time_went_back(fields: dict[str, object], at: str, lost: bool) -> None:
    there = make_layer(HEAD, [edited(SEGMENTS[0], **fields, at=at), *SEGMENTS[1:]], [RELATION], dict(LAYER.deleted))
    file = read_layer_file(encode_layer(there), "codings/ana/I01.jsonl")
    assert vanished(LAYER, LAYER, file) == (("s000000000",) if lost else ())


def test_an_older_time_alone_is_no_loss() -> None:
    there = make_layer(HEAD, [edited(SEGMENTS[0], at=OLDER), *SEGMENTS[1:]], [RELATION], dict(LAYER.deleted))
    assert vanished(LAYER, LAYER, read_layer_file(encode_layer(there), "codings/ana/I01.jsonl")) == ()


def test_an_older_tombstone_is_an_older_version_and_a_newer_one_is_somebodys_deletion() -> None:
    for at, gone in ((OLDER, ("s000000000",)), (LATER, ())):
        there = make_layer(HEAD, SEGMENTS[1:], [RELATION], {**LAYER.deleted, "s000000000": at})
        assert vanished(LAYER, LAYER, read_layer_file(encode_layer(there), "codings/ana/I01.jsonl")) == gone
