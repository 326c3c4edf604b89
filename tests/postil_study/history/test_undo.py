"""Undo: a new write, refused when it would lose somebody's change, still there after a restart."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postil_base.problem import PostilError
from postil_study.history.undo import UndoLog, log_path, same_words
from postil_study.layers.store import LayerStore
from postil_study.layers.values import Deleted, add_segment, remove_segment, states, update_segment
from postil_study.study import open_study
from postil_study.text.values import Layer, Segment
from tests.transcripts_support import small_study

NOW = "2026-05-01T00:00:00Z"
NEW = Segment("dddddddddd", 5, 9, ("trust",), at="2026-04-01T00:00:00Z")


class Desk:
    """A coder at work: saves, and notes what was done."""

    def __init__(self, root: Path, coder: str = "ana") -> None:
        self.root = root
        study = open_study(root)
        self.store = LayerStore(root, study.codebook, lambda: datetime(2026, 5, 1, tzinfo=UTC))
        self.log = UndoLog(root, study.settings.id, coder)

    @property
    def layer(self) -> Layer:
        layer = self.store.read("ana", "I01")
        assert layer is not None
        return layer

    def save(self, after: Layer, said: str = "coded") -> None:
        before = self.layer
        self.log.record(before, self.store.save(before, after).layer, said, NOW)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(small_study(tmp_path / "study"))


def test_undo_and_redo(desk: Desk) -> None:
    before = desk.layer
    desk.save(add_segment(before, NEW))
    undone = desk.log.undo(desk.store, "I01")
    assert undone is not None
    assert undone.step.said == "coded"
    assert desk.layer.deleted == {"dddddddddd": NOW}
    assert desk.layer.segments == before.segments
    redone = desk.log.redo(desk.store, "I01")
    assert redone is not None
    assert desk.layer.by_id["dddddddddd"].code_ids == ("trust",)
    assert desk.layer.by_id["dddddddddd"].at == NOW, "a new write, newer than the deletion"
    assert desk.log.redoable("I01") is None
    assert desk.log.undo(desk.store, "I01") is not None, "what was redone can be undone again"


def test_a_removed_segment_comes_back_with_its_relation(desk: Desk) -> None:
    before = desk.layer
    desk.save(remove_segment(before, "aaaaaaaaaa", NOW))
    assert desk.layer.relations == ()
    desk.log.undo(desk.store, "I01")
    assert all(same_words(states(desk.layer).get(id_), state) for id_, state in states(before).items())


def test_what_was_changed_since_is_not_undone(desk: Desk) -> None:
    desk.save(add_segment(desk.layer, NEW), "coded with trust")
    other = Desk(desk.root)
    changed = msgspec.structs.replace(NEW, memo="somebody else's")
    other.store.save(other.layer, update_segment(other.layer, changed))
    with pytest.raises(PostilError, match="dddddddddd was changed since “coded with trust”"):
        desk.log.undo(desk.store, "I01")
    assert desk.layer.by_id["dddddddddd"].memo == "somebody else's"
    assert desk.log.drop("I01") is not None
    assert desk.log.undo(desk.store, "I01") is None


def test_it_survives_a_restart_and_another_window(desk: Desk) -> None:
    desk.save(add_segment(desk.layer, NEW), "first")
    second_window = Desk(desk.root)
    assert second_window.log.undoable("I01") is not None
    desk.save(update_segment(desk.layer, msgspec.structs.replace(NEW, memo="m")), "second")
    undone = second_window.log.undo(second_window.store, "I01")
    assert undone is not None
    assert undone.step.said == "second"
    restarted = Desk(desk.root)
    assert [restarted.log.undoable("I01"), restarted.log.redoable("I01")] != [None, None]
    assert restarted.log.undo(restarted.store, "I01") is not None
    assert "dddddddddd" not in restarted.layer.by_id


def test_something_new_forgets_what_could_be_redone(desk: Desk) -> None:
    desk.save(add_segment(desk.layer, NEW))
    desk.log.undo(desk.store, "I01")
    desk.save(add_segment(desk.layer, msgspec.structs.replace(NEW, id="eeeeeeeeee")))
    assert desk.log.redoable("I01") is None
    assert desk.log.undoable("I02") is None


def test_copies_of_a_study_do_not_undo_each_other(desk: Desk, tmp_path: Path) -> None:
    desk.save(add_segment(desk.layer, NEW))
    copy = Desk(small_study(tmp_path / "copy"))
    assert copy.log.path == desk.log.path, "they share the id"
    assert copy.log.undoable("I01") is None
    moved = tmp_path / "moved"
    desk.root.rename(moved)
    assert Desk(moved).log.undoable("I01") is not None, "but a moved study keeps its history"


def test_half_a_line_and_garbage_in_the_log_are_left_out(desk: Desk) -> None:
    desk.save(add_segment(desk.layer, NEW))
    with desk.log.path.open("ab") as file:
        file.write(
            b'\xff\n[1]\n{"n":2,"act":"do","transcript":"I01","root":"x","states":{"a":[{"id":5},null]}}\n{"n":3,"act":"un'
        )
    again = Desk(desk.root)
    step = again.log.undoable("I01")
    assert step is not None
    assert step.number == 1


def test_the_log_is_for_this_user_alone(desk: Desk, tmp_path: Path) -> None:
    desk.save(add_segment(desk.layer, NEW))
    assert desk.log.path.is_relative_to(tmp_path / "xdg-state")
    assert desk.log.path.stat().st_mode & 0o077 == 0
    assert not list(desk.root.rglob("*undo*"))
    assert ".." not in log_path("../../etc", desk.root, "ana").parts


def test_a_log_that_grew_long_keeps_its_newer_half(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        desk.log.note("do", "I01", {"x": (None, Segment("x", memo="m" * 50))}, f"step {number}", NOW)
    size = desk.log.path.stat().st_size
    monkeypatch.setattr("postil_study.history.undo.MOST_BYTES", size - 1)
    again = Desk(desk.root)
    step = again.log.undoable("I01")
    assert step is not None
    assert step.said == "step 19"
    assert desk.log.path.stat().st_size < size * 0.6


def test_same_words_look_beyond_the_time() -> None:
    assert same_words(None, Deleted("a", "t"))
    assert same_words(Segment("a", at="1"), Segment("a", at="2"))
    assert not same_words(Segment("a"), Segment("a", memo="m"))
    assert not same_words(Segment("a"), None)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["add", "memo", "remove", "undo", "redo"]), max_size=12))
def test_undoing_everything_gives_the_first_state_back(tmp_path: Path, acts: list[str]) -> None:
    root = small_study(tmp_path / "study")
    desk = Desk(root)
    desk.log.path.unlink(missing_ok=True)
    desk = Desk(root)
    first = desk.layer
    for number, act in enumerate(acts):
        ids = [segment.id for segment in desk.layer.segments]
        if act == "add":
            desk.save(add_segment(desk.layer, Segment(f"n{number}", number, number + 2, ("trust",))))
        elif act == "memo" and ids:
            desk.save(update_segment(desk.layer, msgspec.structs.replace(desk.layer.by_id[ids[0]], memo=str(number))))
        elif act == "remove" and ids:
            desk.save(remove_segment(desk.layer, ids[-1], NOW))
        elif act in ("undo", "redo"):
            getattr(desk.log, act)(desk.store, "I01")
    while desk.log.undo(desk.store, "I01"):
        pass
    now = states(desk.layer)
    assert all(same_words(now.get(id_), states(first).get(id_)) for id_ in {*now, *states(first)})
