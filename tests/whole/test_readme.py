"""The README shows what the program prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from postil_cli.commands.demo import lay_down
from postil_cli.main import cli

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def shown() -> list[tuple[str, list[str]]]:
    """Commands of the console blocks that print something there, with the lines they print."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return [(command, lines) for command, lines in found if lines]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme") / "study"
    lay_down(folder)
    return folder


def test_there_is_something_to_check() -> None:
    assert [command for command, _ in shown()] == ["postil model", "postil agreement"]


@pytest.mark.parametrize(("command", "lines"), shown(), ids=[command for command, _ in shown()])
def test_a_command_prints_what_the_readme_shows(study: Path, command: str, lines: list[str]) -> None:
    arguments = [*shlex.split(command)[1:], "--study", str(study)]
    printed = CliRunner().invoke(cli, arguments, standalone_mode=False).stdout.splitlines()
    wanted = [line.rstrip() for line in lines if line.strip() != "…"]
    places = [printed.index(line) for line in wanted if line in printed]
    assert [line for line in wanted if line not in printed] == []
    assert places == sorted(places)


def test_the_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", README)
    assert targets and [target for target in targets if not (ROOT / target).exists()] == []


def test_the_two_commands_are_targets() -> None:
    make = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(re.search(rf"^{target}:", make, re.MULTILINE) for target in ("demo", "test"))
