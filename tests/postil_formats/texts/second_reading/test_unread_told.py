"""A record that cannot be read counts nowhere; every command whose numbers lack it says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from postil_cli.main import cli
from tests.postil_study.privacy.consent.test_everywhere import the_study

COMMANDS = (["model"], ["saturation"], ["cooccurrence"], ["agreement", "--live"], ["quotes", "pick"], ["matrix"])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_lines_that_cannot_be_read_are_told_beside_numbers(command: list[str], tmp_path: Path) -> None:
    root = the_study(tmp_path / "s")
    before = CliRunner().invoke(cli, [*command, "-C", str(root)])
    assert "Records that cannot be read" not in before.stderr
    path = root / "codings/ana/I01.jsonl"
    path.write_text(path.read_text().replace('"codes":["model"]', '"codes":[{"code":"model","mode":"Deny"}]'))
    after = CliRunner().invoke(cli, [*command, "-C", str(root)])
    assert "in layers of codings, first in codings/ana/I01.jsonl:2. Records that cannot be read" in after.stderr


def test_check_tells_it_once(tmp_path: Path) -> None:
    root = the_study(tmp_path / "s")
    path = root / "codings/ana/I01.jsonl"
    path.write_text(path.read_text().replace('"codes":["model"]', '"codes":[{"code":"model","mode":"Deny"}]'))
    answer = CliRunner().invoke(cli, ["check", "-C", str(root)])
    assert "codings/ana/I01.jsonl:2" in answer.output and "count nowhere" not in answer.output
