"""What is run by hand only is run here once, small: each benchmark, and the proof with other people's programs."""

from __future__ import annotations

import ast
import importlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from postil_study.study import open_study
from tests.docx_maker import docx, para, run
from tests.interop import check_peers
from tests.tui_study import make_study

ROOT = Path(__file__).resolve().parents[2]
# benchmark → the options that make it small, and what it prints when it came to its end
HERE = {
    "agreement": (
        "--quick --documents 2 --spans 100 --rounds 1 --samples 2",
        ("krippendorff: alpha alone", "scikit-learn", "1,000 document bootstraps", "shuffle sampler", "statsmodels: "),
    ),
    "importing": ("DOCX --rounds 1 --texts 2,3", ("1 Word files", "2 texts", "3 texts of 121 turns")),
    "interchange": ("--files 6 --rounds 1 --sources 2 --codings 3", ("6 mixed transcripts", "2 sources, 6 codings")),
    "matrix": ("--transcripts 2 --segments 3 --rounds 1", ("postil matrix --mode affirm",)),
    "model": (
        "--participants 3 --segments 25 --pair 2 --rounds 1",
        ("figure, png", "loading 3 x 25", "postil cooccurrence, 12 x 2 x 2 coders"),
    ),
    "model_tests": (
        "--participants 20 --edges 6",
        ("20 participants, 6 edges", "prediction: leave one out", "rules: 40"),
    ),
    "qc": ("DOCX --documents 1 --pairs 2 --rounds 1", ("import 1 Word files", "1 x 2 by 2 coders")),
    "refi": ("--sources 2 --codings 3", ("plan it again", "most memory")),
    "startup": ("--rounds 1", ("postil check --help",)),
}
APART = {  # they fork, or start programs in a terminal
    "app": (
        "--sizes 2000 --rounds 1 --starts 1",
        ("line down, scrolling", "PageDown", "a coding on disk", "resize: settled", "TextArea: memory, MB"),
    ),
    "scale": (
        "--speakers 3 --transcripts 2 --segments 3 --codes 40 --most 1000",
        ("search, 3 and 30 speakers", "quotes, 3", "saturation, 3", "cooccurrence, 2 and 20", "export csv, 2 and 20"),
    ),
    "load": ("--transcripts 2 --coders 2 --segments 4", ("postil agreement --json", "postil check", "memory budget")),
}


def rows(printed: str, wanted: tuple[str, ...]) -> None:
    assert [what for what in wanted if what not in printed] == []
    assert "not answered" not in printed and "nan" not in printed.split()


@pytest.fixture
def word_files(tmp_path: Path) -> Path:
    (tmp_path / "docx").mkdir()
    (tmp_path / "docx" / "talk.docx").write_bytes(docx(para(run("Ana: Why?")), para(run("Ben: Because."))))
    return tmp_path / "docx"


def test_every_benchmark_is_run() -> None:
    with_main = [file.stem for file in (ROOT / "benchmarks").glob("*.py") if "__main__" in file.read_text("utf-8")]
    assert sorted(with_main) == sorted([*HERE, *APART, "agreement_peers"])  # what its peers need is not installed


@pytest.mark.parametrize("name", list(HERE))
def test_a_benchmark_runs(name: str, word_files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options, wanted = HERE[name]
    given = [str(word_files) if word == "DOCX" else word for word in options.split()]
    assert not importlib.import_module(f"benchmarks.{name}").main(given)
    rows(capsys.readouterr().out, wanted)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("name", list(APART))
def test_a_benchmark_runs_in_a_process_of_its_own(name: str) -> None:
    options, wanted = APART[name]
    command = [sys.executable, str(ROOT / "benchmarks" / f"{name}.py"), *options.split()]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))
    assert "Traceback" not in done.stderr, done.stderr
    rows(done.stdout, wanted)


def test_our_counts_for_the_peers_are_those_of_the_files(tmp_path: Path) -> None:
    """Counted a second way, in the XML and in the study."""
    project = check_peers.exported(ROOT, tmp_path, "refi", "study.qdpx", "--everything")
    xml = zipfile.ZipFile(project).read("project.qde").decode("utf-8")
    counts, study = check_peers.our_counts(project), open_study(ROOT)
    assert counts["codings"] == xml.count("<Coding ")
    assert counts["codes"] == xml.count("<Code ") >= len(study.codebook.codes)
    assert counts["sources"] == xml.count("<TextSource ") == len(study.transcripts)
    assert counts["users"] == xml.count("<User ")


def test_the_peers_are_asked_and_one_that_counts_something_else_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Their programs come from the network; here a reader of the same file with Python alone stands in their place."""
    plain = "import json, sys, zipfile; xml = zipfile.ZipFile(sys.argv[1]).read('project.qde').decode('utf-8');"
    honest = plain + "print(json.dumps({'sources': xml.count('<TextSource ')}))"
    monkeypatch.setattr(check_peers, "environment", lambda folder, package: Path(sys.executable))
    study = str(make_study(tmp_path / "study"))
    for script, wrong in (
        (honest, False),
        (honest.replace("xml.count", "7 + xml.count"), True),
        ("raise ValueError('no such reader')", True),
        ("print('{}')", True),
    ):
        monkeypatch.setattr(check_peers, "PEERS", {"peer": script})
        assert check_peers.main([study]) == wrong
    printed = capsys.readouterr().out
    assert "DIFFERS: {'sources': 9}" in printed and "no such reader" in printed


@pytest.mark.parametrize("package", list(check_peers.PEERS))
def test_what_a_peer_is_asked_is_a_program(package: str) -> None:
    tree = ast.parse(check_peers.PEERS[package])
    assert any(isinstance(node, ast.Call) and ast.unparse(node.func) == "json.dumps" for node in ast.walk(tree))
