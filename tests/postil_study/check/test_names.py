"""What check says of names that will not do everywhere, of keys that stand twice, of layers only git still has."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from shutil import which

import pytest

from postil_study.check.names import why_not_on_windows
from postil_study.check.study import check_study
from postil_study.layers.file import encode_header, encode_state
from postil_study.text.values import LayerHeader, Segment
from tests.git.clones import git
from tests.tui_study import MANIFEST, TEXT, make_study

ROUND = "purpose: pilot\nstate: started\nassignments: {ana: [I01]}\n"


def said(root: Path, rule: str) -> list[str]:
    return [str(problem) for problem in check_study(root) if problem.rule == rule]


def add_transcript(root: Path, name: str) -> None:
    (root / f"transcripts/{name}.txt").write_text(TEXT, "utf-8")
    manifest = root / "transcripts/transcripts.yaml"
    entry = MANIFEST.split("I02")[0].removeprefix("I01")
    manifest.write_text(manifest.read_text("utf-8") + name + entry, "utf-8")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I03", "i03"),
        ("Café", unicodedata.normalize("NFD", "Café")),
        ("ÉCOLE", unicodedata.normalize("NFD", "école")),
        ("straße", "STRASSE"),
    ],
)
def test_transcripts_that_are_one_on_another_machine_are_said_once(tmp_path: Path, one: str, other: str) -> None:
    root = make_study(tmp_path / "study")
    assert not said(root, "same-name")
    add_transcript(root, one)
    add_transcript(root, other)
    found = said(root, "same-name")
    assert len(found) == 1 and "on macOS and Windows they are one" in found[0]
    assert repr(one) in found[0] or repr(f"{one}.txt") in found[0]


def test_rounds_participants_and_other_files_too(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    (root / "rounds").mkdir()
    for name in ("r1", "R1"):
        (root / f"rounds/{name}.yaml").write_text(ROUND, "utf-8")
    settings = root / "study.yaml"
    settings.write_text(settings.read_text("utf-8").replace("P01: {}", "P01: {}, p01: {}"), "utf-8")
    (root / "memos").mkdir()
    for name in ("why.md", "Why.md"):
        (root / "memos" / name).write_text("---\nabout: code:trust\n---\nBecause.\n", "utf-8")
    found = said(root, "same-name")
    assert len(found) == 3
    assert [next(word for word in ("memos", "rounds", "study.yaml") if line.startswith(word)) for line in sorted(found)]


def test_names_windows_refuses_are_said(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    add_transcript(root, "CON")
    (root / "codings/aux").mkdir()
    (root / "memos").mkdir()
    (root / "memos/a:b.md").write_text("---\nabout: code:trust\n---\nBecause.\n", "utf-8")
    found = "\n".join(said(root, "windows-name"))
    assert "'con' is a device" in found and "'aux' is a device" in found and "because of ':'" in found


@pytest.mark.parametrize("name", ["con", "Con.txt", "COM1.jsonl", "lpt9", "nul.a.b", "a.", "a ", 'a"b', "a\tb"])
def test_which_names_windows_refuses(name: str) -> None:
    assert why_not_on_windows(name)


@pytest.mark.parametrize("name", ["console", "com10", "I01.txt", "é", "a b"])
def test_which_names_windows_takes(name: str) -> None:
    assert not why_not_on_windows(name)


@pytest.mark.parametrize("space", ["", " "])
def test_a_key_that_stands_twice_in_a_record_is_said(tmp_path: Path, space: str) -> None:
    root = make_study(tmp_path / "study")
    path = root / "codings/ana/I01.jsonl"
    path.parent.mkdir()
    lines = [encode_header(LayerHeader("ana", "I01"))]
    fine = Segment("aaaaaaaaaa", 13, 20, ("trust",), TEXT[13:20], memo='a "memo": with "memo": in it')
    lines += [encode_state(fine)]
    path.write_bytes(b"\n".join(lines) + b"\n")
    assert not said(root, "key-twice")
    twice = encode_state(Segment("bbbbbbbbbb", 21, 24, ("trust",), TEXT[21:24], memo="first"))
    lines += [twice[:-1] + f',"memo"{space}:{space}"second"}}'.encode()]
    path.write_bytes(b"\n".join(lines) + b"\n")
    found = said(root, "key-twice")
    assert len(found) == 1 and found[0].startswith("codings/ana/I01.jsonl:3") and "'first' and 'second'" in found[0]


@pytest.mark.skipif(which("git") is None, reason="git is not installed")
def test_a_layer_git_knows_and_that_is_gone_is_said(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    path = root / "codings/ana/I01.jsonl"
    path.parent.mkdir()
    path.write_bytes(encode_header(LayerHeader("ana", "I01")) + b"\n")
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "start")
    assert not said(root, "layer-gone")
    path.unlink()
    assert "git checkout HEAD -- codings/ana/I01.jsonl" in said(root, "layer-gone")[0]
    git(root, "add", "-A")
    assert said(root, "layer-gone"), "also when its removal is noted, and not committed"
    git(root, "checkout", "-q", "HEAD", "--", "codings/ana/I01.jsonl")
    assert not said(root, "layer-gone")
    git(root, "rm", "-q", "codings/ana/I01.jsonl")
    git(root, "commit", "-qm", "on purpose")
    assert not said(root, "layer-gone")
