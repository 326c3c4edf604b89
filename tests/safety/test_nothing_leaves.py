"""No network, ever; nothing written outside the study but where the documentation says; files obey the umask."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from postil_cli.running import run
from postil_study.layers.done import mark_done
from postil_study.new import create_study
from tests.crash.terminal import Program
from tests.tui_study import coding, make_study, type_keys

ROOT = Path(__file__).resolve().parents[2]
NOT_STUDY = ("tests", "docs", "build", "benchmarks", "examples", "exports")
NETWORK = ("socket.", "http.", "urllib.", "ftplib.", "smtplib.", "imaplib.", "poplib.", "nntplib.", "telnetlib.")


@pytest.fixture
def cut_off() -> Iterator[list[str]]:
    """Python itself tells of every socket that is made, every name looked up; Unix pairs of the event loop apart."""
    seen: list[str] = []

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        if watching and event.startswith(NETWORK) and not _is_of_the_loop(event, arguments):
            seen.append(f"{event} {arguments}")

    watching = True
    sys.addaudithook(hear)  # cannot be taken away again, only silenced
    yield seen
    watching = False


def _is_of_the_loop(event: str, arguments: tuple[object, ...]) -> bool:
    import socket

    return event == "socket.__new__" and arguments[1] == socket.AF_UNIX


BRIEF = """\
check
model --format svg --out {out}/m.svg
report --out {out}/r.html"""
RUN = """\
check
agreement
disagreements
model --format svg --out {out}/m.svg
model --json
compare
saturation
cooccurrence
matrix
joint
ask loops
search "data"
quotes find-ptm
codebook show
report --out {out}/r.html
export refi --out {out}/s.qdpx
export csv --table segments --out {out}/s.csv
release {out}/released
packet E01 --out {out}/p.md
codebook rename trust faith --yes
codebook undo --yes
pseudonymise --list
schema --add
upgrade"""


@pytest.mark.parametrize("lines", [BRIEF, pytest.param(RUN, marks=pytest.mark.prove)], ids=["brief", "broad"])
def test_a_run_makes_no_socket(
    lines: str, tmp_path: Path, cut_off: list[str], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    shutil.copytree(ROOT, tmp_path / "study", ignore=shutil.ignore_patterns("postil_*", ".*", *NOT_STUDY))
    monkeypatch.chdir(tmp_path / "study")
    for line in lines.format(out=tmp_path).splitlines():
        run(line.replace('"', "").split())
        assert "did not expect" not in capfd.readouterr().err, line
    assert cut_off == []


async def test_the_app_makes_no_socket(tmp_path: Path, cut_off: list[str]) -> None:
    async with coding(make_study(tmp_path)) as (pilot, _):
        await type_keys(pilot, "sctrust<enter>gogygfgagxgigegt")
    assert cut_off == []


def test_the_cut_would_be_felt(cut_off: list[str]) -> None:
    import socket

    with socket.socket(socket.AF_INET) as made, pytest.raises(OSError, match=""):
        made.connect(("127.0.0.1", 9))
    assert [line.split(" ")[0] for line in cut_off] == ["socket.__new__", "socket.connect"]


def tree(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_nothing_is_written_outside_the_study_but_in_the_state_and_configuration_folders(tmp_path: Path) -> None:
    """The real program, with a home of its own: all that is new lies in the study or below the folders we name."""
    home = tmp_path / "home"
    home.mkdir()
    root = make_study(home / "work" / "study")
    before = tree(home)
    with Program(root, "code", "I01", "--coder", "ana", home=home) as program:
        program.wait_for("How did you choose it?")
        program.send("sctrust\r")
        program.wait(lambda: program.saved == 1)
        program.send("q")
        assert program.end() == 0
    new = {path for path in tree(home) - before if not path.startswith("work/study/")}
    assert new and all(path == "xdg-state" or path.startswith("xdg-state/postil") for path in new), new
    inside = {path for path in tree(root) if path not in {p.removeprefix("work/study/") for p in before}}
    assert {path.split("/")[0] for path in inside} == {"codings", ".postil"}


@pytest.mark.parametrize(
    ("mask", "file", "folder"), [(0o027, 0o640, 0o750), (0o077, 0o600, 0o700), (0o002, 0o664, 0o775)]
)
def test_files_and_folders_are_as_the_umask_wants_them(tmp_path: Path, mask: int, file: int, folder: int) -> None:
    before = os.umask(mask)
    try:
        create_study(tmp_path / "study", "A study", ["ana"])
        (tmp_path / "study" / "transcripts").mkdir()
        (tmp_path / "study" / "transcripts" / "I01.txt").write_text("A:\nSo.\n")
        mark_done(tmp_path / "study", "I01", "ana", "2026-01-01")
    finally:
        os.umask(before)
    for path in (tmp_path / "study").rglob("*"):
        wanted = folder if path.is_dir() else file
        assert stat.S_IMODE(path.stat().st_mode) == wanted, f"{path}: {path.stat().st_mode:o}"


def test_what_holds_quotes_outside_the_study_is_for_its_user_alone(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    with Program(root, "code", "I01", "--coder", "ana", home=tmp_path) as program:
        program.wait_for("How did you choose it?")
        program.send("sctrust\r")
        program.wait(lambda: program.saved == 1)
        program.send("q")
        program.end()
    logs = [
        path for path in (tmp_path / "xdg-state").rglob("*") if path.is_file() and b"How did you" in path.read_bytes()
    ]
    assert logs
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in logs)
