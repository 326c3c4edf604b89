"""A study received from a stranger runs none of the stranger's code and reads none of our files. Each way is tried."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from postil_cli.running import run
from postil_study.git.repo import Repo
from tests.transcripts_support import CODEBOOK, LAYER, STUDY, small_study

SECRET = "the words of another study"
TAGS = (
    "!!python/object/apply:os.system ['touch {mark}']",
    "!!python/object/new:os.system ['touch {mark}']",
    "!!python/name:os.system",
    "!!python/module:os",
    "!!python/object/apply:subprocess.check_output [['touch', '{mark}']]",
)
COMMANDS = (
    "check",
    "codebook show",
    "model --json",
    "agreement",
    "quotes trust",
    "log",
    "merge",
    "diff HEAD",
    "recode",
)


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """A file that code of the stranger's would make."""
    return tmp_path / "ran"


def tried(root: Path, capfd: pytest.CaptureFixture[str], commands: tuple[str, ...] = COMMANDS) -> str:
    """What all commands say; none of them fails in a way nobody expected."""
    for line in commands:
        run([*line.split(), "--study", str(root)])
    said = capfd.readouterr()
    assert "did not expect" not in said.err, said.err
    return said.out + said.err


@pytest.mark.parametrize(
    "file", ["study.yaml", "codebook/codebook.yaml", "transcripts/transcripts.yaml", "rounds/R1.yaml"]
)
@pytest.mark.parametrize("tag", TAGS)
def test_yaml_makes_no_objects(
    file: str, tag: str, tmp_path: Path, mark: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    root = small_study(tmp_path / "s")
    path = root / file
    path.parent.mkdir(exist_ok=True)
    before = path.read_text("utf-8") if path.exists() else "purpose: main\n"
    path.write_text(f"x-evil: {tag.format(mark=mark)}\n{before}", "utf-8")
    tried(root, capfd, ("check", "codebook show", "quotes trust"))
    assert not mark.exists()


def git(root: Path, *arguments: str) -> None:
    names = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run(["git", *names, *arguments], cwd=root, check=True, capture_output=True)


def armed(root: Path, mark: Path) -> Path:
    """A repository in which git would run the stranger's program at every turn."""
    root = small_study(root)
    script = root / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch '{mark}'\ncat\n")
    script.chmod(0o755)
    (root / ".gitattributes").write_text("* filter=evil diff=evil merge=evil\n")
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    (root / "transcripts" / "I01.txt").write_text("Interviewer:\nHow?\n\nE01:\nI looked at the downloads first. Hm.\n")
    git(root, "commit", "-qam", "second")
    (root / "codings" / "ana" / "I01.jsonl").write_text(LAYER.replace("trust", "popularity"), "utf-8")
    settings = {
        "core.fsmonitor": str(script), "core.pager": str(script), "core.editor": str(script), "pager.log": str(script),
        "diff.external": str(script), "diff.evil.command": str(script), "diff.evil.textconv": str(script),
        "filter.evil.clean": str(script), "filter.evil.smudge": str(script), "filter.evil.process": str(script),
        "merge.evil.driver": str(script), "core.sshCommand": str(script), "credential.helper": str(script),
        "alias.log": f"!{script}", "alias.show": f"!{script}", "gpg.program": str(script), "log.showSignature": "true",
        "core.hooksPath": str(root / "hooks"), "uploadpack.packObjectsHook": str(script),
    }  # fmt: skip
    for name, value in settings.items():
        git(root, "config", name, value)
    hooks = root / "hooks"
    hooks.mkdir()
    for name in ("pre-commit", "post-checkout", "post-merge", "reference-transaction", "post-index-change"):
        shutil.copy(script, hooks / name)
        shutil.copy(script, root / ".git" / "hooks" / name)
    mark.unlink(missing_ok=True)
    return root


def test_git_runs_no_program_of_the_repository(tmp_path: Path, mark: Path, capfd: pytest.CaptureFixture[str]) -> None:
    root = armed(tmp_path / "s", mark)
    tried(root, capfd, (*COMMANDS, "diff HEAD~1 HEAD", "reanchor --dry-run", "reanchor", "git setup", "release ../out"))
    assert not mark.exists(), capfd.readouterr()


def test_the_repository_is_armed(tmp_path: Path, mark: Path) -> None:
    """Git itself would have run it, so that the test above proves something."""
    root = armed(tmp_path / "s", mark)
    subprocess.run(["git", "diff"], cwd=root, capture_output=True, check=False)
    assert mark.exists()


def test_git_settings_of_a_repository_above_run_nothing_either(tmp_path: Path, mark: Path) -> None:
    root = armed(tmp_path / "s", mark)
    inner = small_study(root / "inner")
    assert Repo(inner).changed("HEAD", "")
    assert not mark.exists()


def test_graphviz_reads_no_file_and_obeys_no_attribute(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"\x89PNG" + SECRET.encode())
    evil = (
        f'X", image="{secret}", shapefile="{secret}", fontpath="{tmp_path}", URL="javascript:alert(1)", _background="'
        f'<IMG SRC="{secret}"/><TABLE><TR><TD HREF="file:///etc/passwd"><IMG SRC="{secret}"/></TD></TR></TABLE>'
    )
    process = (
        "stages: [s]\nnodes:\n"
        f"  - {{id: a, label: '{evil}', kind: activity, stage: s, codes: [popularity]}}\n"
        "  - {id: b, label: B, kind: activity, stage: s, codes: [issues]}\n"
        f"edges:\n  - {{source: a, target: b, kind: flow, guard: '{evil}', label: '{evil}'}}\nmain_line: [a, b]\n"
    )
    root = small_study(tmp_path / "s", {"study.yaml": f"{STUDY}process: codebook/p.yaml\n", "codebook/p.yaml": process})
    run(["done", "I01", "--coder", "ana", "--study", str(root)])
    for format_ in ("svg", "png", "dot"):
        out = tmp_path / f"figure.{format_}"
        code = run(["model", "--format", format_, "--out", str(out), "--min-participants", "1", "--study", str(root)])
        assert code == 0, capfd.readouterr().err
        assert SECRET.encode() not in out.read_bytes()
    svg = (tmp_path / "figure.svg").read_text("utf-8")
    assert "image=&quot;" in svg, "it is there as words"
    assert not re.search(r"<image\b|<script", svg)
    assert all(found.startswith("#") for found in re.findall(r"""\shref=["']([^"']*)""", svg))


SCRIPT = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>"
    '"\'><a href="javascript:alert(4)">'
)


def test_the_report_runs_no_script_of_a_text(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = f"Interviewer:\nHow?\n\nE01:\nI said {SCRIPT} then.\n"
    start = text.index("I said")
    layer = LAYER.splitlines()[0] + "\n"
    record = {"id": "aaaaaaaaaa", "start": start, "end": len(text) - 1, "codes": ["trust"], "quote": text[start:-1]}
    layer = (
        re.sub(r',"text_sha256":"\w+"', ',"done":"2026-01-01"', layer) + json.dumps({**record, "memo": SCRIPT}) + "\n"
    )
    shown = json.dumps(SCRIPT)
    book = CODEBOOK.replace("label: Trust", f"label: {shown}\n    color: {shown}")
    root = small_study(
        tmp_path / "s",
        {
            "study.yaml": STUDY.replace("title: Small", f"title: {json.dumps(SCRIPT)}"),
            "codebook/codebook.yaml": book,
            "transcripts/I01.txt": text,
            "transcripts/transcripts.yaml": "I01:\n  speakers:\n    Interviewer: {role: interviewer}\n"
            "    E01: {role: participant, participant: E01}\n",
            "codings/ana/I01.jsonl": layer,
        },
    )
    out = tmp_path / "report.html"
    assert run(["report", "--out", str(out), "--study", str(root)]) == 0, capfd.readouterr().err
    page = out.read_text("utf-8")
    assert "alert(1)" in page, "it is there as words"
    for harm in ("<script>alert", "<img src=x", "<svg onload", '<a href="javascript', "onerror=alert(2)>"):
        assert harm not in page
    assert "Content-Security-Policy" in page and "default-src 'none'" in page


LINKS = ("transcripts/I01.txt", "codings/ana/I01.jsonl", "codebook/codebook.yaml", "transcripts/transcripts.yaml")


@pytest.mark.parametrize("path", LINKS)
def test_a_link_out_of_the_study_is_not_written_through(
    path: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    root = small_study(tmp_path / "s")
    target = tmp_path / "mine"
    shutil.move(root / path, target)
    before = target.read_bytes()
    (root / path).symlink_to(target)
    writing = ("codebook rename trust faith --yes", "done I01 --coder ana", "codebook delete issues --yes", "reanchor")
    tried(root, capfd, writing)
    assert target.read_bytes() == before


def test_folders_that_are_links_lead_nowhere(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    root, mine = small_study(tmp_path / "s"), tmp_path / "mine"
    mine.mkdir()
    (root / ".postil").unlink() if (root / ".postil").is_symlink() else shutil.rmtree(
        root / ".postil", ignore_errors=True
    )
    (root / ".postil").symlink_to(mine)
    shutil.rmtree(root / "codings")
    (root / "codings").symlink_to(mine)
    tried(root, capfd, ("done I01 --coder ana", "codebook rename trust faith --yes", "check"))
    assert list(mine.iterdir()) == []


def test_paths_in_the_files_lead_nowhere(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "secret.yaml").write_text(f"title: {SECRET}\ncodes: {{leaked: {{label: {SECRET}}}}}\n")
    for path in ("../secret.yaml", str(tmp_path / "secret.yaml"), "codebook/../../secret.yaml"):
        root = small_study(tmp_path / "s", {"study.yaml": STUDY.replace("codebook/codebook.yaml", path)})
        assert SECRET not in tried(root, capfd)


def test_a_study_is_no_import_path(tmp_path: Path, mark: Path) -> None:
    """The program started in the stranger's folder loads none of the modules that lie there."""
    root = small_study(tmp_path / "s")
    for name in ("yaml", "click", "postil_base", "sitecustomize", "usercustomize", "networkx", "textual", "json"):
        (root / f"{name}.py").write_text(f"open({str(mark)!r}, 'w').close()\n")
    program = Path(shutil.which("postil", path=os.pathsep.join([str(Path(sys.executable).parent)])) or "")
    done = subprocess.run([program, "check"], cwd=root, capture_output=True, check=False)
    assert done.returncode in (0, 1)
    assert not mark.exists()
