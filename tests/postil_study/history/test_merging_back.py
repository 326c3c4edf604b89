"""A change of the codebook is taken back after coding went on: what came later stays, what the change did goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from postil_base.problem import ChangedUnderneathError
from postil_study.check.study import check_study
from postil_study.history.codebook_changes import (
    SurgeryPlan,
    add_code,
    delete_code,
    merge_codes,
    move_code,
    rename_code,
    set_field,
)
from postil_study.history.steps import StepLog
from postil_study.layers.store import LayerStore, start_layer
from postil_study.layers.values import add_segment
from postil_study.study import open_study
from postil_study.text.values import Segment
from tests.postil_study.history.test_codebook_changes import FILES, contents
from tests.transcripts_support import small_study


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_study(tmp_path / "study", FILES)


def done(root: Path, plan: SurgeryPlan) -> StepLog:
    log = StepLog.of(root)
    log.carry_out(plan.what, plan.changes, plan.apply)
    return log


def code_on(root: Path, code: str, coder: str = "ana") -> str:
    """One coding more, as the app makes it; returns its id."""
    study = open_study(root)
    layer = start_layer(study, coder, "I01")
    text = study.transcripts["I01"]
    turn = text.turns[-1]
    segment = Segment("zzzzzzzzzz", turn.start, turn.end, (code,), quote=text.text[turn.start : turn.end])
    LayerStore(root, study.codebook).save(layer, add_segment(layer, segment))
    return segment.id


def codes_of(root: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    study = open_study(root)
    return {(layer.header.coder, one.id): one.code_ids for layer in study.layers() for one in layer.segments}


def order_of_check(root: Path) -> list[str]:
    return [
        str(problem) for problem in check_study(root) if problem.severity == "error" and "no coder" not in str(problem)
    ]


@pytest.mark.parametrize("coder", ["ana", "ben", "kim"])
def test_a_rename_is_taken_back_in_codings_made_since_too(root: Path, coder: str) -> None:
    before, wrong = codes_of(root), order_of_check(root)
    log = done(root, rename_code(root, "popularity", "fame"))
    new = code_on(root, "fame", coder)
    assert log.undo() is not None
    assert codes_of(root) == {**before, (coder, new): ("popularity",)}
    assert "fame" not in open_study(root).codebook.codes and order_of_check(root) == wrong
    assert log.last is None and log.last_undone is not None
    assert log.redo() is not None
    assert codes_of(root)[(coder, new)] == ("fame",) and "popularity" not in open_study(root).codebook.codes


@pytest.mark.parametrize(
    "change",
    [
        lambda root: merge_codes(root, ["popularity"], "trust"),
        lambda root: delete_code(root, "popularity"),
        lambda root: set_field(root, "popularity", "definition", "downloads alone"),
        lambda root: move_code(root, "trust", "selection"),
    ],
    ids=["merge", "delete", "define", "move"],
)
@pytest.mark.parametrize("made_on_the_way", [False, True])
def test_any_change_is_taken_back_beside_a_coding_and_a_code_made_since(
    root: Path, change: object, made_on_the_way: bool
) -> None:
    before, book = codes_of(root), open_study(root).codebook
    log = done(root, change(root))  # type: ignore[operator]
    code = "trust"
    if made_on_the_way:
        add_code(root, "fresh", {"label": "Fresh"}).apply()
        code = "fresh"
    new = code_on(root, code)
    assert log.undo() is not None
    assert codes_of(root) == {**before, ("ana", new): (code,)}
    after = open_study(root).codebook
    assert {id_: found for id_, found in after.codes.items() if id_ != "fresh"}.keys() == book.codes.keys()
    assert all(after.codes[id_].parent == found.parent for id_, found in book.codes.items())
    assert all(after.codes[id_].definition == found.definition for id_, found in book.codes.items())
    assert ("fresh" in after.codes) == made_on_the_way


def test_what_contradicts_is_refused_and_nothing_is_done(root: Path) -> None:
    log = done(root, set_field(root, "popularity", "definition", "downloads alone"))
    set_field(root, "popularity", "definition", "somebody's later words").apply()
    now = contents(root)
    with pytest.raises(ChangedUnderneathError, match="cannot be taken back any more"):
        log.undo()
    assert contents(root) == now and log.last is not None


def test_untouched_files_come_back_byte_for_byte(root: Path) -> None:
    before = contents(root)
    log = done(root, rename_code(root, "popularity", "fame"))
    log.undo()
    assert contents(root) == before


def test_a_code_that_is_used_since_is_not_taken_out_of_the_book(root: Path) -> None:
    log = done(root, add_code(root, "fresh", {"label": "Fresh"}))
    code_on(root, "fresh", "kim")
    now = contents(root)
    with pytest.raises(ChangedUnderneathError, match="the code fresh is in use since"):
        log.undo()
    assert contents(root) == now
