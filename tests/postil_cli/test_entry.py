"""The command line as a person meets it: help, version, exit codes, messages in place of tracebacks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from postil_base.version import __version__


def postil(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "postil_cli.entry", *arguments], capture_output=True, text=True, cwd=cwd
    )


def test_version() -> None:
    done = postil("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"postil {__version__}\n", "")


def test_help_goes_to_stdout_and_names_the_three_jobs() -> None:
    done = postil("--help")
    assert done.returncode == 0
    assert all(f"\n  {job} " in done.stdout for job in ("code", "agreement", "model"))
    assert done.stdout == postil("-h").stdout


def test_unknown_command_names_the_nearest() -> None:
    done = postil("agrement")
    assert done.returncode == 2
    assert "there is no command 'agrement'. Did you mean agreement?" in done.stderr
    assert done.stdout == ""


def test_outside_a_study_it_says_what_to_do(tmp_path: Path) -> None:
    done = postil("check", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("postil: there is no study in ")
    assert "postil new DIR" in done.stderr


def test_no_terminal_no_app(tmp_path: Path) -> None:
    done = postil(cwd=tmp_path)
    assert done.returncode == 2
    assert "needs a terminal" in done.stderr


@pytest.mark.parametrize("arguments", [("check", "--nonsense"), ("done",), ("model", "--format", "bmp")])
def test_wrong_usage_is_2(arguments: tuple[str, ...]) -> None:
    done = postil(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_an_unexpected_error_is_kept_in_a_file_not_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from postil_cli import main, running

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("inner detail")

    monkeypatch.setattr(main.cli, "main", broken)
    assert running.run(["check"]) == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said and "ZeroDivisionError" in said
    kept = Path(said.split("details are in ")[1].split(";")[0])
    assert "inner detail" in kept.read_text(encoding="utf-8")
    kept.unlink()
