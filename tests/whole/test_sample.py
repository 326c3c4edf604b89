"""The illustrative study: its own table gives the findings, its dates are in order, its consensus is settled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from postil_cli.running import run
from postil_formats.projects.outgoing.project import ExportWishes
from postil_formats.projects.outgoing.refi import refi_project
from postil_model.findings.computed import computed, measured
from postil_model.release.build import release
from postil_study.illustrative import lay_down
from postil_study.study import Study, open_study
from postil_study.text.values import Layer
from postil_tui.compare.finishing import unsettled

ROOT = Path(__file__).resolve().parents[2]
Share = Callable[[pd.DataFrame], tuple[int, int]]


def share(part: pd.Series[bool], whole: pd.Series[bool] | None = None) -> tuple[int, int]:
    """How many rows of the whole (all, if nothing is said) are in the part."""
    whole = whole if whole is not None else pd.Series(True, index=part.index)
    return int((part & whole).sum()), int(whole.sum())


TEXT_TASKS = ("text classification", "sentence similarity", "translation")
SHARES: dict[str, Share] = {
    "invented-no-licence": lambda t: share(t["licence"] == "not given"),
    "invented-non-commercial": lambda t: share(t["licence"].str.contains("-nc-")),
    "invented-names-data": lambda t: share(t["names_data"] == "yes"),
    "invented-states-length": lambda t: share(t["states_length"] == "yes", t["task"].isin(TEXT_TASKS)),
    "invented-pickle-only": lambda t: share(t["weights"] == "pickle"),
    "invented-claim-reached": lambda t: share(t["points_below_claim"].le(1), t["points_below_claim"].notna()),
    "invented-unanswered": lambda t: share(t["answered"] == 0, t["questions"] > 0),
    "invented-popular-names-data": lambda t: share(t["names_data"] == "yes", t["downloads"] >= 10_000),
}


@pytest.fixture(scope="module")
def study() -> Study:
    return open_study(ROOT)


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return pd.read_csv(ROOT / "data" / "invented_models.csv")


def test_every_finding_of_the_table_has_a_count_of_its_own(study: Study) -> None:
    assert {finding.id for finding in study.findings if finding.id.startswith("invented-")} == SHARES.keys()
    assert len(SHARES) >= 6


@pytest.mark.parametrize("name", SHARES)
def test_a_finding_says_what_the_table_gives(study: Study, table: pd.DataFrame, name: str) -> None:
    (printed,) = (finding for finding in study.findings if finding.id == name)
    (made,) = computed([printed], ROOT)
    numerator, denominator = SHARES[name](table)
    assert (printed.numerator, printed.denominator) == (made.numerator, made.denominator) == (numerator, denominator)
    percent = 100 * numerator / denominator
    assert made.value == printed.value == pytest.approx(percent, abs=0.05) and not made.conflict
    assert measured([printed], ROOT)[name].value == pytest.approx(percent)
    said = int(printed.note.partition("%")[0])
    assert abs(said - percent) <= 0.5 and "invented" in printed.note
    assert "illustrative" in printed.source


def test_a_table_that_changes_is_said_by_check_and_drawn_by_the_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "study"
    lay_down(folder)
    assert run(["check", "-C", str(folder)]) == 0
    file = folder / "data" / "invented_models.csv"
    text = file.read_text("utf-8")
    file.write_text(text.replace(",pickle,", ",safetensors,", 1), "utf-8")
    capsys.readouterr()
    assert run(["check", "-C", str(folder)]) == 1
    said = capsys.readouterr().out
    both = "numerator 13 is printed, but the data give 12; value 32.5 is printed, but the data give 30"
    assert f"finding invented-pickle-only: {both}." in said
    for shows in (["model", "--format", "dot"], ["joint"], ["findings"]):
        run([*shows, "-C", str(folder)])
        told = capsys.readouterr().out
        assert "13/40" in told and ("12/40" in told or "data give 12" in told), shows
    file.unlink()
    assert run(["check", "-C", str(folder)]) == 1
    assert capsys.readouterr().out.count("there is no data file data/invented_models.csv.") == len(SHARES)


def test_a_release_has_the_numbers_and_not_the_table(study: Study, tmp_path: Path) -> None:
    release(study, tmp_path / "out")
    given = {finding.id: finding for finding in open_study(tmp_path / "out").findings}
    assert not (tmp_path / "out" / "data").exists()
    for finding in computed(study.findings, ROOT):
        other = given[finding.id]
        assert "compute" not in other.extra and (other.numerator, other.denominator) == (
            finding.numerator,
            finding.denominator,
        )
        assert other.value == pytest.approx(finding.value, rel=1e-5)
    assert computed(given.values(), tmp_path / "out") == tuple(given.values())


def test_a_project_of_ours_brings_the_table_back(tmp_path: Path) -> None:
    file, back = tmp_path / "x.qdpx", tmp_path / "back"
    file.write_bytes(refi_project(open_study(ROOT), ExportWishes(everything=True)).data)
    assert run(["import-codings", str(file), "--new", str(back)]) == 0
    name = "data/invented_models.csv"
    assert (back / name).read_bytes() == (ROOT / name).read_bytes()


def test_the_table_is_one_of_invented_models(table: pd.DataFrame) -> None:
    assert list(table["model"]) == [f"M{number:02}" for number in range(1, 41)]
    assert (table["answered"] <= table["questions"]).all()
    assert table["states_length"].notna().equals(table["task"].isin(TEXT_TASKS))


def test_every_interview_says_that_it_is_invented(study: Study) -> None:
    for transcript in study.transcripts.values():
        first = transcript.turns[0]
        note = transcript.text[first.start : first.end].lower()
        assert "illustrative" in note and ("invented" in note or "made up" in note), transcript.id


def times(layer: Layer) -> list[str]:
    return [*(segment.at for segment in layer.segments), *(relation.at for relation in layer.relations)]


def test_a_round_is_frozen_after_its_codings_and_settled_after_the_reveal(study: Study) -> None:
    plan = study.rounds["R1"]
    for coder, names in plan.assignments.items():
        for name in names:
            layer = study.layer(coder, name)
            assert layer is not None and layer.header.done <= plan.frozen[:10] <= plan.revealed
            assert max(times(layer)) < plan.frozen
    consensus = study.layer("consensus", "I03")
    assert consensus is not None and consensus.header.done
    assert min(times(consensus)) > plan.revealed


def test_nothing_is_open_in_the_consensus(study: Study) -> None:
    both = [layer for coder in ("ana", "ben") if (layer := study.layer(coder, "I03")) is not None]
    assert len(both) == 2 and unsettled(both, study.layer("consensus", "I03")) == []
    assert unsettled(both, None), "there was something to settle"


def test_one_of_the_people_hardly_speaks(study: Study) -> None:
    said = {
        name: [len(t.text[u.start : u.end].split()) for u in t.turns if t.speaker(u).role == "participant"]
        for name, t in study.transcripts.items()
    }
    mean = {name: sum(counts) / len(counts) for name, counts in said.items()}
    assert min(mean, key=lambda name: mean[name]) == "I09" and mean["I09"] < 10
