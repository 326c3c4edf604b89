"""The published models that come with Postil: sound processes, named sources, and a way to compare with them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from postil_base.problem import PostilError
from postil_cli.main import cli
from postil_codebook.decision_process.checks import check_process
from postil_codebook.decision_process.read import load_process
from postil_codebook.values import Codebook
from postil_model.decision.comparison.library import library, library_folder, published
from postil_model.decision.comparison.references import load_reference
from postil_model.decision.model import Params
from tests.model_study import shopping

ROOT = Path(__file__).resolve().parents[4]
NAMES = sorted(library())


def test_there_are_five_to_eight() -> None:
    assert library_folder() == ROOT / "examples" / "models"
    assert 5 <= len(NAMES) <= 8


@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_sound_process_with_source_page_and_evidence(name: str) -> None:
    text = library()[name].read_text(encoding="utf-8")
    process, problems = load_process(text, f"{name}.yaml")
    assert [str(problem) for problem in [*problems, *check_process(process, Codebook())]] == []
    assert process.id == name and process.title and process.stages and process.main_line
    assert any(sign in process.source for sign in ("p. ", "pp. ", "Figure "))
    note = yaml.safe_load(text)["note"]
    assert note.startswith("Evidence: ") and "Transcription: " in note
    assert {node.stage for node in process.nodes} == {stage.id for stage in process.stages}


def test_a_name_is_a_reference_and_a_slip_lists_the_names(tmp_path: Path) -> None:
    study = shopping(tmp_path)
    found = load_reference(study, Path("klein-1993"), Params(1))
    assert found == published("klein-1993")
    with pytest.raises(PostilError, match=r"there is no reference klein; .*published model: .*klein-1993"):
        load_reference(study, Path("klein"), Params(1))
    result = CliRunner().invoke(cli, ["compare", "simon-1960", "--json", "-C", str(study.root)])
    assert json.loads(result.stdout)["reference"] == "Intelligence, design, choice"
    listed = json.loads(CliRunner().invoke(cli, ["compare", "--list", "--json"]).stdout)
    assert [row["name"] for row in listed] == NAMES


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed here")
def test_a_tag_of_the_same_name_is_asked_about(tmp_path: Path) -> None:
    study = shopping(tmp_path)
    git = ["git", "-C", str(study.root), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "then"], ["tag", "simon-1960"]):
        subprocess.run([*git, *words], check=True)
    with pytest.raises(PostilError, match="is a commit or tag of this study and a published model"):
        load_reference(study, Path("simon-1960"), Params(1))
    assert load_reference(study, Path("refs/tags/simon-1960"), Params(1)).title == "this study at refs/tags/simon-1960"
