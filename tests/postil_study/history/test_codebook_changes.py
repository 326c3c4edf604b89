from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from postil_base.problem import ChangedUnderneathError, PostilError
from postil_study.history.codebook_changes import (
    SurgeryPlan,
    add_code,
    delete_code,
    merge_codes,
    move_code,
    rename_code,
    set_field,
    split_code,
)
from postil_study.study import open_study
from tests.transcripts_support import CODEBOOK, FIRST, HEADER, LAYER, RELATION, SECOND, STUDY, small_study

PROCESS = """\
nodes:
  find: {codes: [selection/*]}   # all of it
  trust: {items: {maker: [trust]}}
"""
FINDINGS = "findings:\n  - {id: f, statement: s, links: {code: [popularity]}}\n"
THEMES = "themes:\n  - {id: t, codes: [popularity, issues]}\n"
FILES = {
    "study.yaml": STUDY
    + "process: codebook/process.yaml\nfindings: codebook/findings.yaml\nthemes: codebook/themes.yaml\n",
    "codebook/process.yaml": PROCESS,
    "codebook/findings.yaml": FINDINGS,
    "codebook/themes.yaml": THEMES,
    "codings/ben/I01.jsonl": LAYER.replace('"coder":"ana"', '"coder":"ben"').replace('"trust"', '"popularity"'),
}


def clock() -> datetime:
    return datetime(2026, 11, 2, 10, 20, 30, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_study(tmp_path / "study", FILES)


def contents(root: Path) -> dict[str, str]:
    files = [path for path in root.rglob("*") if path.is_file() and ".postil" not in path.parts]
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in files}


def changed(root: Path, plan: SurgeryPlan) -> dict[str, str]:
    """Apply the plan and return the files that differ."""
    before = contents(root)
    plan.apply()
    after = contents(root)
    return {path: after[path] for path in after if after[path] != before.get(path)}


def test_a_plan_alone_writes_nothing(root: Path) -> None:
    before = contents(root)
    rename_code(root, "popularity", "fame")
    delete_code(root, "trust")
    assert contents(root) == before


def test_a_rename_reaches_every_layer_and_reference(root: Path) -> None:
    plan = rename_code(root, "selection/popularity", "fame")
    assert plan.what == "rename popularity to fame"
    assert plan.by_coder == {"ana": (1, 1, 1, 0), "ben": (1, 2, 1, 0)}
    assert plan.references == {"codebook/findings.yaml": 1, "codebook/themes.yaml": 1}
    assert plan.remapped == ()
    after = changed(root, plan)
    assert after["codings/ana/I01.jsonl"] == LAYER.replace('"popularity"', '"fame"')
    assert after["codebook/themes.yaml"] == THEMES.replace("popularity", "fame")
    assert "formerly: [popularity]" in after["codebook/codebook.yaml"]
    assert "codebook/process.yaml" not in after
    study = open_study(root)
    assert study.problems() == []
    layer = study.layer("ben", "I01")
    assert layer is not None
    assert layer.segments[1].code_ids == ("issues", "fame")


def test_a_merge_keeps_a_code_once_a_mode(root: Path) -> None:
    line = SECOND.replace('["issues","trust"]', '["issues",{"code":"issues","mode":"deny"},"trust","popularity"]')
    (root / "codings/ana/I01.jsonl").write_text("\n".join([HEADER, line]) + "\n")
    after = changed(root, merge_codes(root, ["popularity", "trust"], "issues"))
    assert '"codes":["issues",{"code":"issues","mode":"deny"}]' in after["codings/ana/I01.jsonl"]
    assert after["codebook/process.yaml"] == PROCESS.replace("maker: [trust]", "maker: [issues]")


def test_records_that_are_not_concerned_keep_their_very_line(root: Path) -> None:
    odd = '{"id": "dddddddddd", "start": 41, "end": 43, "codes": ["issues"], "x-mine":  1}'
    (root / "codings/ana/I01.jsonl").write_text("\n".join([HEADER, odd, FIRST]) + "\n")
    after = changed(root, rename_code(root, "popularity", "fame"))
    assert odd in after["codings/ana/I01.jsonl"].splitlines()


def test_a_deleted_code_leaves_its_segments_and_takes_its_relations(root: Path) -> None:
    plan = delete_code(root, "popularity", clock=clock)
    assert plan.by_coder == {"ana": (1, 1, 1, 1), "ben": (1, 2, 1, 1)}
    after = changed(root, plan)
    lines = after["codings/ana/I01.jsonl"].splitlines()
    assert '"quote":"I looked at the downloads first."' in lines[1]
    assert "popularity" not in after["codings/ana/I01.jsonl"]
    assert lines[-1] == '{"id":"cccccccccc","deleted":"2026-11-02T10:20:30Z"}'
    assert after["codebook/themes.yaml"] == THEMES.replace("popularity, ", "")
    assert after["codebook/findings.yaml"] == FINDINGS.replace("[popularity]", "[]")


def test_a_relation_whose_code_was_understood_goes_with_it(root: Path) -> None:
    silent = RELATION.replace('"from_code":"popularity",', "")
    (root / "codings/ana/I01.jsonl").write_text("\n".join([HEADER, FIRST, SECOND, silent]) + "\n")
    after = changed(root, delete_code(root, "popularity", clock=clock))
    assert '"deleted":"2026-11-02T10:20:30Z"' in after["codings/ana/I01.jsonl"]
    (root / "codings/ana/I01.jsonl").write_text("\n".join([HEADER, FIRST, SECOND, silent]) + "\n")
    plan = delete_code(root, "trust", clock=clock)
    assert plan.layers[0].removed_relations == 0


def test_a_move_says_which_node_counts_the_code_afterwards(root: Path) -> None:
    plan = move_code(root, "popularity", "trust")
    assert plan.remapped == (("popularity", "find", ""),)
    assert set(changed(root, plan)) == {"codebook/codebook.yaml"}


def test_what_would_be_wrong_with_the_process_is_told(root: Path) -> None:
    (root / "codebook/process.yaml").write_text("nodes:\n  a: {codes: [selection/*]}\n  b: {codes: [trust/*]}\n")
    plan = move_code(root, "selection", "trust")
    assert plan.problems == ()
    (root / "codebook/process.yaml").write_text("nodes:\n  a: {codes: [trust]}\n  b: {codes: [issues]}\n")
    assert merge_codes(root, ["trust"], "issues").remapped == (("trust", "a", "b"),)


def test_a_split_opens_the_recode_queue_and_counts_on(root: Path) -> None:
    parts = {"trust-maker": {"definition": "In who made it."}, "trust-test": {"definition": "In a test."}}
    plan = split_code(root, "trust", parts, clock)
    assert (plan.recode, plan.segments, [layer.coder for layer in plan.layers]) == (True, 1, ["ana"])
    after = changed(root, plan)
    assert set(after) == {"codebook/codebook.yaml", "codebook/process.yaml"}
    assert "maker: [trust, trust-maker, trust-test]" in after["codebook/process.yaml"]
    assert open_study(root).codebook.codes["trust"].changed == "2026-11-02T10:20:30Z"


def test_a_changed_meaning_opens_it_too_a_label_does_not(root: Path) -> None:
    plan = set_field(root, "trust", "exclude", "In oneself.", clock)
    assert (plan.recode, plan.segments) == (True, 1)
    assert "changed: 2026-11-02" in str(plan.changes["codebook/codebook.yaml"]).replace("'", "")
    plan = set_field(root, "trust", "label", "Trusting", clock)
    assert (plan.recode, plan.segments) == (False, 0)
    assert "changed:" not in str(plan.changes["codebook/codebook.yaml"])


def test_adding_touches_the_book_alone(root: Path) -> None:
    after = changed(root, add_code(root, "demos", {"label": "Demos", "definition": "x"}, parent="selection"))
    assert set(after) == {"codebook/codebook.yaml"}


def test_a_file_that_changed_since_the_plan_stops_everything(root: Path) -> None:
    plan = rename_code(root, "popularity", "fame")
    (root / "codings/ben/I01.jsonl").write_text(LAYER)
    before = contents(root)
    with pytest.raises(ChangedUnderneathError, match="ben"):
        plan.apply()
    assert contents(root) == before


@pytest.mark.parametrize(
    "line",
    ['{"id":"dddddddddd", broken', "<<<<<<< ours\n" + SECOND + "\n=======\n" + FIRST + "\n>>>>>>> theirs"],
)
def test_a_layer_that_cannot_be_read_whole_stops_everything(root: Path, line: str) -> None:
    (root / "codings/ana/I01.jsonl").write_text(f"{LAYER}{line}\n")
    with pytest.raises(PostilError, match=r"codings/ana/I01.jsonl.*Nothing was changed"):
        rename_code(root, "popularity", "fame")


def test_line_ends_of_the_yaml_files_stay(root: Path) -> None:
    for name in ("codebook/codebook.yaml", "codebook/themes.yaml"):
        text = (root / name).read_text()
        (root / name).write_bytes(text.replace("\n", "\r\n").encode())
    rename_code(root, "popularity", "fame").apply()
    for name in ("codebook/codebook.yaml", "codebook/themes.yaml"):
        data = (root / name).read_bytes()
        assert data.count(b"\n") == data.count(b"\r\n") > 1


def test_former_ids_in_a_layer_are_found_too(root: Path) -> None:
    book = CODEBOOK.replace("        label: Popularity\n", "        label: Popularity\n        formerly: [downloads]\n")
    (root / "codebook/codebook.yaml").write_text(book)
    (root / "codings/ana/I01.jsonl").write_text(
        "\n".join([HEADER, FIRST.replace('"popularity"', '"downloads"')]) + "\n"
    )
    after = changed(root, rename_code(root, "popularity", "fame"))
    assert '"codes":["fame"]' in after["codings/ana/I01.jsonl"]


def test_the_layers_of_the_guide_are_left_alone(root: Path) -> None:
    (root / "codings/_guide").mkdir()
    guide = HEADER.replace('"coder","coder":"ana"', '"guide","coder":"_guide"') + "\n" + FIRST + "\n"
    (root / "codings/_guide/I01.jsonl").write_text(guide)
    assert "codings/_guide/I01.jsonl" not in changed(root, rename_code(root, "popularity", "fame"))
