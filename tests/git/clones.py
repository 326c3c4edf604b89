"""Clones of one small study, as two coders have them; git and the command line as they are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from shutil import which

import msgspec
import pytest

from postil_study.anchoring.correction import plan_reanchor
from postil_study.check.study import check_study
from postil_study.history import codebook_changes
from postil_study.layers.store import LayerStore, start_layer
from postil_study.layers.values import add_segment, remove_segment, update_segment
from postil_study.new import write_git_files
from postil_study.study import open_study
from postil_study.text.values import Layer, Segment
from tests.transcripts_support import STUDY, TEXT, small_study

needs_git = pytest.mark.skipif(which("git") is None, reason="git is not installed")
WHO = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
FIRST, SECOND = "aaaaaaaaaa", "bbbbbbbbbb"


WITHOUT_DRIVERS = tuple(
    part for name in ("layer", "yaml") for part in ("-c", f"merge.postil-{name}.driver=git merge-file %A %O %B")
)  # as where Postil is not installed


def run_git(root: Path, *arguments: str, clock: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run git; with a ``clock`` its commits are the same in every run."""
    date = (
        {}
        if clock is None
        else {f"GIT_{who}_DATE": f"{1_770_000_000 + clock} +0000" for who in ("AUTHOR", "COMMITTER")}
    )
    env = {**os.environ, **date}
    return subprocess.run(["git", *WHO, *arguments], cwd=root, capture_output=True, text=True, check=False, env=env)


def git(root: Path, *arguments: str) -> str:
    done = run_git(root, *arguments)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def postil(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "postil_cli.entry", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=dict(os.environ))


def team_study(root: Path, drivers: bool = True) -> Path:
    """A study under git with a branch ``theirs``; ana has coded, ben not yet."""
    small_study(root, {"study.yaml": STUDY})
    write_git_files(root)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "start")
    git(root, "branch", "theirs")
    if drivers:
        done = postil(root, "git", "setup")
        assert done.returncode == 0, done.stderr
    return root


def layer(root: Path, coder: str = "ana") -> Layer:
    return start_layer(open_study(root), coder, "I01")


def code(root: Path, coder: str, id_: str, start: int, end: int, code_: str, at: str = "2026-05-01T00:00:00Z") -> None:
    text = open_study(root).transcripts["I01"].text
    before = layer(root, coder)
    segment = Segment(id_, start, end, (code_,), text[start:end], at=at)
    LayerStore(root, open_study(root).codebook).save(before, add_segment(before, segment))


def change(root: Path, id_: str, at: str = "2026-05-02T00:00:00Z", **fields: object) -> None:
    before = layer(root)
    record = msgspec.structs.replace(before.by_id[id_], at=at, **fields)
    LayerStore(root, open_study(root).codebook).save(before, update_segment(before, record))


def remove(root: Path, id_: str, at: str = "2026-05-02T00:00:00Z") -> None:
    before = layer(root)
    LayerStore(root, open_study(root).codebook).save(before, remove_segment(before, id_, at))


def correct(root: Path, old: str, new: str) -> None:
    """Correct the text and let all codings follow, as `postil reanchor` does."""
    path = root / "transcripts" / "I01.txt"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    plan_reanchor(root, "I01", text).apply()


def rename(root: Path, old: str, new: str) -> None:
    codebook_changes.rename_code(root, old, new).apply()


def merge_codes(root: Path, old: str, into: str) -> None:
    codebook_changes.merge_codes(root, [old], into).apply()


def commit(root: Path, message: str = "work") -> None:
    git(root, "add", "-A")
    git(root, "commit", "-qm", message)


def on_branch(root: Path, name: str) -> None:
    git(root, "checkout", "-q", name)


def merge(root: Path, branch: str = "theirs") -> bool:
    """Merge a branch; tells whether git called it clean."""
    return run_git(root, "merge", "-q", "--no-edit", branch).returncode == 0


def problems(root: Path) -> list[str]:
    return [str(problem) for problem in check_study(root) if problem.severity == "error"]


def words_are_where_they_should(root: Path, coder: str = "ana") -> bool:
    study = open_study(root)
    found = study.layer(coder, "I01")
    text = study.transcripts["I01"].text
    return found is not None and all(
        segment.unanchored or text[segment.start : segment.end] == segment.quote for segment in found.segments
    )


__all__ = ["FIRST", "SECOND", "TEXT"]
