"""Two coders' branches merged by git itself: whatever git makes of the files, both sides' work is read."""

from __future__ import annotations

import subprocess
from pathlib import Path
from shutil import which

import msgspec
import pytest

from postil_study.layers.store import LayerStore
from postil_study.layers.values import add_segment, remove_segment, states, update_segment
from postil_study.text.values import Layer, Segment
from tests.transcripts_support import small_study

pytestmark = pytest.mark.skipif(which("git") is None, reason="git is not installed")
NOW, LATER = "2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z"


def git(root: Path, *arguments: str) -> int:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", *who, *arguments], cwd=root, capture_output=True, check=False).returncode


def read(root: Path) -> Layer:
    layer = LayerStore(root).read("ana", "I01")
    assert layer is not None
    return layer


def save(root: Path, after: Layer) -> None:
    LayerStore(root).save(read(root), after)
    assert git(root, "commit", "-qam", "coded") == 0


def with_memo(layer: Layer, id_: str, memo: str, at: str) -> Layer:
    return update_segment(layer, msgspec.structs.replace(layer.by_id[id_], memo=memo, at=at))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = small_study(tmp_path)
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "start"], ["branch", "theirs"]):
        assert git(root, *command) == 0
    return root


def merged(root: Path, mine: Layer, theirs: Layer) -> Layer:
    save(root, mine)
    assert git(root, "checkout", "-q", "theirs") == 0
    save(root, theirs)
    assert git(root, "checkout", "-q", "main") == 0
    git(root, "merge", "-q", "theirs")
    return read(root)


def test_both_add_at_the_same_place(root: Path) -> None:
    base = read(root)
    mine = add_segment(base, Segment("mmmmmmmmmm", 43, 50, ("trust",), at=NOW))
    theirs = add_segment(base, Segment("tttttttttt", 44, 50, ("trust",), at=NOW))
    layer = merged(root, mine, theirs)
    assert set(layer.by_id) == {"aaaaaaaaaa", "bbbbbbbbbb", "mmmmmmmmmm", "tttttttttt"}
    assert layer.relations == base.relations
    assert "<<<<<<<" in (root / layer.path).read_text("utf-8"), "git could not merge this"
    LayerStore(root).save(layer, with_memo(layer, "mmmmmmmmmm", "settled", LATER))
    assert "<<<<<<<" not in (root / layer.path).read_text("utf-8"), "saving settles it"
    assert set(read(root).by_id) == set(layer.by_id)


def test_both_change_one_record_and_the_newer_stands(root: Path) -> None:
    base = read(root)
    layer = merged(root, with_memo(base, "aaaaaaaaaa", "mine", NOW), with_memo(base, "aaaaaaaaaa", "theirs", LATER))
    assert layer.by_id["aaaaaaaaaa"].memo == "theirs"


def test_one_deletes_and_the_other_changes_later(root: Path) -> None:
    base = read(root)
    layer = merged(root, remove_segment(base, "bbbbbbbbbb", NOW), with_memo(base, "bbbbbbbbbb", "kept", LATER))
    assert layer.by_id["bbbbbbbbbb"].memo == "kept"
    assert "bbbbbbbbbb" not in layer.deleted


def test_one_deletes_and_the_other_does_something_else(root: Path) -> None:
    base = read(root)
    theirs = add_segment(base, Segment("tttttttttt", 5, 9, ("trust",), at=NOW))
    layer = merged(root, remove_segment(base, "bbbbbbbbbb", NOW), theirs)
    assert set(layer.by_id) == {"aaaaaaaaaa", "tttttttttt"}
    assert layer.deleted["bbbbbbbbbb"] == NOW
    assert set(states(layer)) == {"aaaaaaaaaa", "tttttttttt", "bbbbbbbbbb", "cccccccccc"}
