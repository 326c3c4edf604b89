"""Saving: two programs at one layer, tombstones, verbatim lines, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from postil_base.problem import ChangedUnderneathError, PostilError
from postil_study.layers.done import mark_done
from postil_study.layers.store import LayerConflictError, LayerStore, VanishedError, start_layer
from postil_study.layers.values import add_segment, from_states, remove_segment, states, update_segment
from postil_study.study import open_study
from postil_study.text.values import Layer, Segment
from tests.transcripts_support import FIRST, HEADER, LAYER, RELATION, SECOND, small_study

PATH = "codings/ana/I01.jsonl"
NOW = "2026-05-01T00:00:00Z"
NEW = Segment("dddddddddd", 5, 9, ("trust",), at=NOW)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_study(tmp_path)


@pytest.fixture
def store(root: Path) -> LayerStore:
    study = open_study(root)
    return LayerStore(root, study.codebook, lambda: datetime(2026, 5, 1, tzinfo=UTC))


def read(store: LayerStore) -> Layer:
    layer = store.read("ana", "I01")
    assert layer is not None
    return layer


def lines(root: Path) -> list[str]:
    return (root / PATH).read_text("utf-8").splitlines()


def test_only_the_changed_line_changes(root: Path, store: LayerStore) -> None:
    before = read(store)
    saved = store.save(before, add_segment(before, NEW))
    assert not saved.merged
    assert lines(root) == [
        HEADER,
        '{"id":"dddddddddd","start":5,"end":9,"codes":["trust"],"at":"2026-05-01T00:00:00Z"}',
        FIRST,
        SECOND,
        RELATION,
    ]
    assert read(store) == saved.layer


def test_saving_what_is_there_writes_nothing(root: Path, store: LayerStore) -> None:
    layer = read(store)
    stamp = (root / PATH).stat().st_mtime_ns
    store.save(layer, layer)
    assert (root / PATH).stat().st_mtime_ns == stamp


def test_what_a_colleague_added_meanwhile_is_taken_over(root: Path, store: LayerStore) -> None:
    mine = theirs = read(store)
    store.save(theirs, update_segment(theirs, msgspec.structs.replace(theirs.by_id["bbbbbbbbbb"], memo="theirs")))
    saved = store.save(mine, add_segment(mine, NEW))
    assert saved.merged
    assert saved.layer.by_id["bbbbbbbbbb"].memo == "theirs"
    assert "dddddddddd" in read(store).by_id
    again = store.save(saved.layer, remove_segment(saved.layer, "dddddddddd", NOW))
    assert not again.merged, "what a save returns is what the next one starts from"


def test_a_record_that_both_changed_is_refused_and_can_be_kept_twice(root: Path, store: LayerStore) -> None:
    before = read(store)
    change: Callable[[str], Layer] = lambda memo: update_segment(  # noqa: E731
        before, msgspec.structs.replace(before.by_id["bbbbbbbbbb"], memo=memo)
    )
    store.save(before, change("theirs"))
    on_disk = (root / PATH).read_bytes()
    with pytest.raises(LayerConflictError, match="bbbbbbbbbb was changed by somebody else") as caught:
        store.save(before, change("mine"))
    assert [c.id for c in caught.value.conflicts] == ["bbbbbbbbbb"]
    assert (root / PATH).read_bytes() == on_disk
    saved = store.save(before, change("mine"), keep_both=True)
    assert saved.layer.by_id["bbbbbbbbbb"].memo == "mine"
    assert saved.layer.by_id["bbbbbbbbbb.2"].memo == "theirs"


def test_records_that_are_simply_gone_leave_their_ids(root: Path, store: LayerStore) -> None:
    before = read(store)
    kept = {id_: state for id_, state in states(before).items() if id_ == "bbbbbbbbbb"}
    store.save(before, from_states(before.header, kept.values(), before.path))
    assert lines(root) == [
        HEADER,
        SECOND,
        f'{{"id":"aaaaaaaaaa","deleted":"{NOW}"}}',
        f'{{"id":"cccccccccc","deleted":"{NOW}"}}',
    ]


def test_a_layer_that_was_removed_meanwhile_is_not_brought_back_in_pieces(root: Path, store: LayerStore) -> None:
    before = read(store)
    (root / PATH).unlink()
    with pytest.raises(ChangedUnderneathError, match="not there any more"):
        store.save(before, add_segment(before, NEW))
    assert not (root / PATH).exists()


def test_a_line_that_vanished_is_not_taken_for_a_deletion(root: Path, store: LayerStore) -> None:
    before = read(store)
    cut = "\n".join(line for line in lines(root) if '"bbbbbbbbbb","start"' not in line) + "\n"
    (root / PATH).write_text(cut)
    with pytest.raises(VanishedError, match="1 coding vanished"):
        store.save(before, add_segment(before, NEW), keep_both=True)
    assert (root / PATH).read_text() == cut
    gone = store.save(before, remove_segment(before, "bbbbbbbbbb", NOW), keep_both=True)
    assert "bbbbbbbbbb" in gone.layer.deleted, "what one deletes oneself has not vanished"


def test_a_first_layer_says_what_it_starts_from(root: Path, store: LayerStore) -> None:
    study = open_study(root)
    empty = start_layer(study, "ben", "I01")
    assert empty.header.text_sha256 == study.transcripts["I01"].text_sha256
    assert empty.header.codebook == "1.0.0"
    store.save(empty, add_segment(empty, NEW))
    assert open_study(root).layer("ben", "I01") is not None
    with pytest.raises(PostilError, match="no transcript 'I09'"):
        start_layer(study, "ben", "I09")


def test_what_cannot_be_read_survives_a_save(root: Path, store: LayerStore) -> None:
    (root / PATH).write_text(LAYER + '{"id":"half","st\n', encoding="utf-8")
    before = read(store)
    store.save(before, add_segment(before, NEW))
    assert lines(root)[-1] == '{"id":"half","st'


def test_former_ids_resolve_and_untouched_lines_keep_them(root: Path) -> None:
    small_study(root, {"codebook/codebook.yaml": (root / "codebook/codebook.yaml").read_text("utf-8").replace(
        "        label: Popularity", "        formerly: [fame]\n        label: Popularity")})  # fmt: skip
    old = FIRST.replace('["popularity"]', '["selection/fame"]')
    (root / PATH).write_text("\n".join([HEADER, old, SECOND, RELATION.replace('"popularity"', '"fame"')]) + "\n")
    study = open_study(root)
    layer = study.layer("ana", "I01")
    assert layer is not None
    assert layer.segments[0].code_ids == ("popularity",)
    assert layer.relations[0].source_code == "popularity"
    store = LayerStore(root, study.codebook)
    saved = store.save(layer, add_segment(layer, NEW))
    assert not saved.merged
    assert lines(root)[2] == old


def test_files_of_a_newer_postil_and_frozen_copies_are_left_alone(root: Path, store: LayerStore) -> None:
    before = read(store)
    (root / PATH).write_text(LAYER.replace('"postil":1', '"postil":2'), encoding="utf-8")
    with pytest.raises(PostilError, match="newer Postil"):
        store.save(before, add_segment(before, NEW))
    (root / "SHA256SUMS.txt").write_text("", encoding="utf-8")
    with pytest.raises(PostilError, match="frozen copy"):
        store.save(before, add_segment(before, NEW))


def test_marking_as_done_and_open_again(root: Path) -> None:
    mark_done(root, "I01", "ana", "2026-11-02")
    assert open_study(root).record_layer("I01") is not None
    assert lines(root)[1:] == [FIRST, SECOND, RELATION]
    mark_done(root, "I01", "ana", "")
    assert lines(root)[0] == HEADER
    mark_done(root, "I01", "ben", "2026-11-03")
    layer = open_study(root).layer("ben", "I01")
    assert layer is not None
    assert (layer.header.done, layer.segments) == ("2026-11-03", ())
    for wrong, message in [(("I01", "ana", "yesterday"), "is no date"), (("I01", "eve", ""), "no coder 'eve'"),
                           (("I07", "ben", "2026-01-01"), "no transcript 'I07'")]:  # fmt: skip
        with pytest.raises(PostilError, match=message):
            mark_done(root, *wrong)


CODE_IN_TURN = """
import sys
from pathlib import Path
from postil_study.layers.values import add_segment
from postil_study.layers.store import LayerStore
from postil_study.text.values import Segment

store = LayerStore(Path(sys.argv[1]))
layer = store.read("ana", "I01")
for number in range(12):
    layer = store.save(layer, add_segment(layer, Segment(f"{sys.argv[2]}{number}", number, number + 1))).layer
"""


def test_two_programs_at_once_lose_nothing(root: Path) -> None:
    workers = [subprocess.Popen([sys.executable, "-c", CODE_IN_TURN, str(root), name]) for name in ("x", "y")]
    assert [worker.wait(60) for worker in workers] == [0, 0]
    layer = open_study(root).layer("ana", "I01")
    assert layer is not None
    assert {f"{name}{number}" for name in ("x", "y") for number in range(12)} <= set(layer.by_id)
