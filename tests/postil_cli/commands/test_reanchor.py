"""A corrected transcript: all layers follow in one go, nothing is dropped, the rest of the study stays as it is."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from postil_base.problem import PostilError, has_errors
from postil_cli.main import cli
from postil_study.anchoring.correction import corrected, plan_reanchor
from postil_study.check.study import check_study
from postil_study.study import open_study

ROOT = Path(__file__).resolve().parents[3]


def clock() -> datetime:
    return datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A copy of the illustrative study without the packages that lie beside it."""
    for part in ("codebook", "transcripts", "codings", "charts", "memos", "rounds"):
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, tmp_path / "s" / part, ignore=shutil.ignore_patterns("postil_*"))
    shutil.copy(ROOT / "study.yaml", tmp_path / "s" / "study.yaml")
    return tmp_path / "s"


def correct(study: Path, old: str, new: str, transcript: str = "I01") -> None:
    file = study / "transcripts" / f"{transcript}.txt"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_nothing_to_do(study: Path) -> None:
    assert corrected(open_study(study)) == []


def test_all_layers_move_and_the_study_is_in_order_again(study: Path) -> None:
    before = {s.id: s.quote for s in (open_study(study).layer("ana", "I01") or pytest.fail()).segments}
    correct(study, "Thanks for making time.", "Thank you very much for making the time today.")
    assert has_errors(check_study(study))
    assert corrected(open_study(study)) == ["I01"]
    plan = plan_reanchor(study, "I01", clock=clock)
    assert {"ana", "ben", "_guide"} <= set(plan.reports)
    plan.apply()
    assert corrected(open_study(study)) == []
    assert check_study(study) == []
    after = open_study(study).layer("ana", "I01")
    assert after is not None and {s.id: s.quote for s in after.segments} == before
    text = (study / "transcripts" / "I01.txt").read_text(encoding="utf-8")
    assert all(text[s.start : s.end] == s.quote for s in after.segments if s.start is not None)


def test_a_segment_whose_words_are_gone_is_kept_and_listed(study: Path) -> None:
    layer = open_study(study).layer("ana", "I01")
    assert layer is not None
    victim = next(s for s in layer.segments if s.start is not None and 40 < len(s.quote) < 90)
    correct(study, victim.quote, "[removed]")
    result = CliRunner().invoke(cli, ["reanchor", "I01", "--study", str(study)], standalone_mode=False)
    assert result.return_value == 1
    assert f"{victim.id}: its words are gone" in result.stdout
    after = open_study(study).layer("ana", "I01")
    assert after is not None
    kept = after.by_id[victim.id]
    assert kept.unanchored and kept.quote == victim.quote and kept.code_ids == victim.code_ids


def test_a_dry_run_writes_nothing(study: Path) -> None:
    correct(study, "Thanks for making time.", "Thanks.")
    files = {p: p.read_bytes() for p in study.rglob("*") if p.is_file()}
    CliRunner().invoke(cli, ["reanchor", "--dry-run", "--study", str(study)], standalone_mode=False)
    assert {p: p.read_bytes() for p in study.rglob("*") if p.is_file() and ".postil" not in p.parts} == files


def test_refuses_what_changed_meanwhile_and_what_it_does_not_know(study: Path) -> None:
    correct(study, "Thanks for making time.", "Thanks.")
    plan = plan_reanchor(study, "I01")
    file = study / "codings" / "ben" / "I01.jsonl"
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    other = (study / "codings" / "ana" / "I01.jsonl").read_bytes()
    with pytest.raises(PostilError, match="ben/I01"):
        plan.apply()
    assert (study / "codings" / "ana" / "I01.jsonl").read_bytes() == other
    with pytest.raises(PostilError, match="'I99'"):
        plan_reanchor(study, "I99")
