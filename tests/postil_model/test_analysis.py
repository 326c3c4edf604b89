"""The Python interface: tables as DataFrames that agree with the commands, integer positions, clear refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from postil_base.problem import PostilError
from postil_cli.main import cli
from postil_model import AnalysedStudy, open_study
from tests.postil_study.privacy.consent.test_everywhere import the_study

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def study() -> AnalysedStudy:
    return open_study(ROOT)


def printed(*arguments: str) -> object:
    done = CliRunner().invoke(cli, [*arguments, "--study", str(ROOT), "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_positions_are_integers_and_point_at_the_words(study: AnalysedStudy) -> None:
    segments = study.segments()
    assert segments["start"].dtype == segments["end"].dtype == "Int64"
    row = segments[segments["quote"] != ""].iloc[0]
    assert study.transcripts[row["transcript"]].text[row["start"] : row["end"]] == row["quote"]
    relations = study.relations()
    whole = [name for name in relations.columns if name.endswith(("start", "end"))]
    assert len(relations) and all(relations[name].dtype == "Int64" for name in whole)


def test_the_matrix_is_that_of_the_command(study: AnalysedStudy) -> None:
    by_command = printed("matrix")
    mine = study.matrix()
    assert isinstance(by_command, list) and list(by_command[0]) == list(mine.columns)
    assert [list(row.values()) for row in by_command] == mine.astype(object).where(mine.notna(), None).values.tolist()


def test_agreement_is_that_of_the_command(study: AnalysedStudy) -> None:
    found = study.agreement("turn")
    by_command = numbers(printed("agreement", "--unit", "turn"))
    measured = [name for name in found.columns if found[name].dtype == float]
    assert len(found) > 10 and measured
    shown = {f"{value:.6f}" for value in by_command}
    assert all(f"{value:.6f}" in shown for name in measured for value in found[name].dropna())


def numbers(value: object) -> list[float]:
    if isinstance(value, dict):
        return [number for inner in value.values() for number in numbers(inner)]
    if isinstance(value, list):
        return [number for inner in value for number in numbers(inner)]
    return [value] if isinstance(value, (int, float)) else []


def test_the_model_is_a_graph(study: AnalysedStudy) -> None:
    model = study.model()
    assert model.n == 12 and set(model.graph.nodes) == set(model.shown_nodes)


def test_a_folder_may_be_a_text_and_the_study_says_what_it_is_in_a_line(tmp_path: Path) -> None:
    assert "\n" not in repr(open_study(str(ROOT))) and "AnalysedStudy" in repr(open_study(ROOT))
    with pytest.raises(PostilError, match="is no study"):
        open_study(str(tmp_path))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda study: study.matrix("no-such"), "no participant has an attribute 'no-such'; there are"),
        (lambda study: study.matrix(modes="affirm"), "modes is a sequence of"),
        (lambda study: study.matrix(modes=["maybe"]), "modes is a sequence of"),
        (lambda study: study.agreement("characters"), "unit is one of char, word"),
    ],
    ids=["attribute", "a text for a sequence", "mode", "unit"],
)
def test_what_there_is_not_is_refused_with_what_there_is(
    study: AnalysedStudy, call: Callable[[AnalysedStudy], object], says: str
) -> None:
    with pytest.raises(PostilError, match=says):
        call(study)


def test_words_of_who_refused_are_withheld_as_in_every_command(tmp_path: Path) -> None:
    told = open_study(the_study(tmp_path)).segments()
    assert any("withheld" in str(words) for words in told["quote"])
