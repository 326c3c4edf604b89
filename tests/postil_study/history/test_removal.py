"""A transcript taken out and brought back; charts and memos that follow their codes; undo on the command line."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from postil_base.problem import PostilError
from postil_cli.main import cli
from postil_study.check.study import check_study
from postil_study.history import codebook_changes
from postil_study.history.removal import plan_removal
from postil_study.history.steps import StepLog
from postil_study.privacy.withdrawal.withdraw import plan_withdrawal
from postil_study.rounds.steps import start_round
from postil_study.study import open_study
from tests.transcripts_support import small_study

CHART = """\
# what E01 said
popularity: {summary: Counts stars., segments: [aaaaaaaaaa]}
trust: {summary: Trusts names., segments: [bbbbbbbbbb]}
"""
MEMO = "---\nabout: [code:popularity, study]\nauthor: ana\n---\n# Stars\nabout: code:popularity is a word here.\n"


def content(root: Path) -> dict[str, bytes]:
    return {
        file.relative_to(root).as_posix(): file.read_bytes()
        for file in sorted(root.rglob("*"))
        if file.is_file() and ".postil" not in file.parts
    }


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments, "--study", str(root)])


def study(tmp_path: Path) -> Path:
    return small_study(tmp_path / "study", {"charts/E01.yaml": CHART, "memos/stars.md": MEMO})


def test_charts_and_memos_follow_a_renamed_code_in_the_same_step(tmp_path: Path) -> None:
    root = study(tmp_path)
    before = content(root)
    plan = codebook_changes.rename_code(root, "popularity", "fame")
    assert (plan.references["charts/E01.yaml"], plan.references["memos/stars.md"]) == (1, 1)
    StepLog.of(root).carry_out(plan.what, plan.changes, plan.apply)
    chart, memo = (root / "charts/E01.yaml").read_text("utf-8"), (root / "memos/stars.md").read_text("utf-8")
    assert chart == CHART.replace("popularity:", "fame:")
    assert memo == MEMO.replace("[code:popularity", "['code:fame'"), "the words below are somebody's and stay"
    assert not [problem for problem in check_study(root) if "popularity" in problem.message]
    assert run(root, "undo", "--yes").exit_code == 0
    assert content(root) == before


def test_cells_of_codes_that_become_one_are_one_cell_with_both_summaries(tmp_path: Path) -> None:
    root = study(tmp_path)
    codebook_changes.merge_codes(root, ["popularity"], "trust").apply()
    text = (root / "charts/E01.yaml").read_text("utf-8")
    assert "popularity" not in text
    assert "Trusts names." in text and "Counts stars." in text
    assert "bbbbbbbbbb" in text and "aaaaaaaaaa" in text


def test_what_was_written_of_a_code_that_is_deleted_stays(tmp_path: Path) -> None:
    root = study(tmp_path)
    codebook_changes.delete_code(root, "popularity").apply()
    assert (root / "charts/E01.yaml").read_text("utf-8") == CHART
    assert (root / "memos/stars.md").read_text("utf-8") == MEMO


def test_a_column_of_a_theme_with_the_name_of_a_code_stays(tmp_path: Path) -> None:
    themes = "themes:\n  popularity: {label: P, codes: [popularity]}\n"
    root = study(tmp_path)
    (root / "codebook/themes.yaml").write_text(themes, "utf-8")
    settings = root / "study.yaml"
    settings.write_text(settings.read_text("utf-8") + "themes: codebook/themes.yaml\n", "utf-8")
    codebook_changes.rename_code(root, "popularity", "fame").apply()
    assert (root / "charts/E01.yaml").read_text("utf-8") == CHART


def test_a_transcript_goes_with_all_codings_and_comes_back(tmp_path: Path) -> None:
    root = study(tmp_path)
    before = content(root)
    done = run(root, "remove", "I01", "--yes")
    assert done.exit_code == 0, done.output
    assert "charts/E01.yaml: the cell popularity rests on passages of I01" in done.output
    assert not open_study(root).transcripts
    assert not (root / "codings/ana/I01.jsonl").exists()
    listed = run(root, "undo", "--list")
    assert "remove transcript I01" in listed.output and "3 files" in listed.output
    assert run(root, "undo", "--yes").exit_code == 0
    assert content(root) == before
    assert run(root, "undo", "--redo", "--yes").exit_code == 0
    assert not (root / "codings/ana/I01.jsonl").exists()


def test_undo_keeps_what_is_newer_and_refuses_what_contradicts(tmp_path: Path) -> None:
    root = study(tmp_path)
    assert run(root, "codebook", "rename", "popularity", "fame", "--yes").exit_code == 0
    book = root / "codebook/codebook.yaml"
    book.write_text(book.read_text("utf-8") + "# mine\n", "utf-8")
    assert run(root, "undo", "--yes").exit_code == 0
    assert "popularity:" in book.read_text("utf-8") and "# mine" in book.read_text("utf-8")
    assert run(root, "codebook", "set", "trust", "definition", "mine", "--yes").exit_code == 0
    book.write_text(book.read_text("utf-8").replace("definition: mine", "definition: somebody else's"), "utf-8")
    before = content(root)
    refused = run(root, "undo", "--yes")
    assert isinstance(refused.exception, PostilError)
    assert "cannot be taken back any more" in str(refused.exception)
    assert content(root) == before


def test_a_transcript_of_a_running_round_stays(tmp_path: Path) -> None:
    root = study(tmp_path)
    start_round(root, "R1", "reliability", {"ana": ["I01"]})
    with pytest.raises(PostilError, match="assigned in round R1"):
        plan_removal(root, "I01")


def test_nothing_to_undo_is_said(tmp_path: Path) -> None:
    done = run(study(tmp_path), "undo", "--yes")
    assert "nothing to take back" in done.output


def test_a_withdrawal_leaves_nothing_to_take_back(tmp_path: Path) -> None:
    root = study(tmp_path)
    assert run(root, "codebook", "rename", "popularity", "fame", "--yes").exit_code == 0
    assert run(root, "remove", "I01", "--yes").exit_code == 0
    assert run(root, "undo", "--yes").exit_code == 0
    log = StepLog.of(root)
    assert len(log.steps) == 2
    plan_withdrawal(root, "E01").apply()
    assert StepLog.of(root).steps == []
    kept = [zlib.decompress(file.read_bytes()) for file in tmp_path.rglob("steps/*/packs/*")]
    assert kept == [], "no words of theirs are anywhere"
