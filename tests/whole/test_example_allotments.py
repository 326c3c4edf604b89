"""The small study that is not about models: no declared process, one coder, no agreement; the rest works on it."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from postil_cli.main import cli
from postil_model.decision.of_study import build_model
from postil_study.check.study import check_study
from postil_study.study import open_study
from tests.shared_data import SHARED, needs_shared

STUDY = Path(__file__).resolve().parents[2] / "examples" / "allotments"
COEFFICIENT = re.compile(r"(?i)\b(alpha|kappa|krippendorff\w*|cohen|fleiss|AC1|gamma)\b")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy, so that nothing is written into the example."""
    return Path(shutil.copytree(STUDY, tmp_path_factory.mktemp("allotments") / "study"))


def run(*arguments: str, study: Path) -> Result:
    return CliRunner().invoke(cli, [*arguments, "-C", str(study)], catch_exceptions=False, standalone_mode=False)


def test_it_is_in_order_and_complete() -> None:
    study = open_study(STUDY)
    assert check_study(STUDY) == []
    assert len(study.transcripts) == 6 and study.process is None and study.findings == () and len(study.themes) == 3
    layers = [study.layer("kim", name) for name in study.transcripts]
    assert all(layer is not None and layer.header.done for layer in layers)
    assert {code for layer in layers if layer for s in layer.segments for code in s.code_ids} == {
        code.id for code in study.codebook.codes.values() if code.codable
    }


def test_what_stands_in_the_talks_is_what_was_coded() -> None:
    study = open_study(STUDY)
    for transcript in study.transcripts.values():
        first = transcript.turns[0]
        assert "invented" in transcript.text[first.start : first.end]
        layer = study.layer("kim", transcript.id)
        assert layer is not None
        for segment in layer.segments:
            assert segment.start is not None and segment.end is not None
            assert transcript.text[segment.start : segment.end] == segment.quote
            turns = list(transcript.turns_over(segment.start, segment.end))
            assert [transcript.speaker(turn).role for turn in turns] == ["participant"]


def test_the_model_is_made_of_what_people_say_alone(folder: Path) -> None:
    model = build_model(open_study(folder))
    assert {edge.key.source: edge.key.target for edge in model.shown_edges.values()}
    assert not any(edge.declared for edge in model.edges.values())
    out = folder.parent / "figure.svg"
    run("model", "--out", str(out), study=folder)
    svg = out.read_text(encoding="utf-8")
    assert "Too much of it" in svg and "Who belongs" in svg and "Single coder" in svg


def test_quotes_matrix_and_the_rest_answer(folder: Path) -> None:
    quotes = run("quotes", "surplus", study=folder).stdout
    assert "They know it's me." in quotes and "she meant please stop" not in quotes and "[words withheld" in quotes
    rows = [line.split() for line in run("matrix", study=folder).stdout.splitlines()]
    assert ["others/surplus", "3", "1", "3", "1", "1", "2", "11", "6/6"] in rows
    for command in (("matrix", "--framework"), ("cooccurrence",), ("saturation",), ("search", "surplus"), ("model",)):
        result = run(*command, study=folder)
        assert result.stdout.strip() and not result.return_value, command


COMMANDS = [
    ["check"], ["agreement"], ["matrix"], ["matrix", "--framework"], ["model"], ["cooccurrence"], ["saturation"],
    ["quotes", "letters"], ["search", "away"], ["ask", "negative"], ["disagreements"],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_nothing_prints_a_coefficient(folder: Path, command: list[str]) -> None:
    result = CliRunner().invoke(cli, [*command, "-C", str(folder)], standalone_mode=False)
    assert not COEFFICIENT.search(result.stdout), result.stdout


def test_no_file_holds_a_coefficient(folder: Path, tmp_path: Path) -> None:
    reason = open_study(folder).settings.agreement
    assert reason is not None and reason.none
    run("report", "--out", str(tmp_path / "r.html"), study=folder)
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "coder who keeps a plot" in page and not COEFFICIENT.search(
        re.sub(r"<(script|style).*?</\1>", "", page, flags=re.S)
    )
    run("release", str(tmp_path / "given"), study=folder)
    numbers = [p for p in (tmp_path / "given" / "numbers").iterdir() if "agreement" in p.name]
    said = "".join(p.read_text(encoding="utf-8") for p in numbers) + (tmp_path / "given/README.md").read_text("utf-8")
    assert not re.search(COEFFICIENT.pattern + r"\W{0,20}-?\d", said)


@needs_shared
def test_nobody_real_is_quoted_in_either_study() -> None:
    """No run of six words of our interviews stands in a real one, apart from a question everybody asks."""
    root = STUDY.parents[1]
    interviews = sorted((SHARED / "ptm-study" / "transcripts").glob("*.docx"))
    real = set[tuple[str, ...]]().union(*(runs(words_of(file)) for file in interviews))
    assert len(interviews) == 8 and len(real) > 30_000
    for file in [*(root / "transcripts").glob("*.txt"), *(STUDY / "transcripts").glob("*.txt")]:
        shared = {" ".join(run) for run in runs(file.read_text("utf-8")) & real}
        assert shared <= {"so what did you do with", "what did you do with the"}, file.name


def words_of(file: Path) -> str:
    with zipfile.ZipFile(file) as archive:
        xml = archive.read("word/document.xml").decode("utf-8")
    return " ".join(re.sub(r"<[^>]+>", "", paragraph) for paragraph in xml.split("</w:p>"))


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[^\W_]+(?:'[^\W_]+)?", text.lower().replace("’", "'"))
    return {tuple(words[i : i + 6]) for i in range(len(words) - 5)}
