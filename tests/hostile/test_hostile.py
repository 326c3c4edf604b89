"""Every attack on every importer: a message with the file's name, exit code 1, nothing written, soon, in little memory.

All of them run in processes of their own with ``make prove``, where time and memory are measured; a part of them runs
in ``make test``, in this process.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from postil_cli.running import run
from tests.hostile.attacks import FILE, Attack, every, special
from tests.hostile.child import Ran, run_postil
from tests.transcripts_support import small_study

ATTACKS = every()
HEAVY = ("200 MB", "bomb", "many_members", "long name", "attributes", "deep")
LIGHT = [attack for attack in ATTACKS if not any(word in attack.id for word in HEAVY)]
SAMPLE = [*LIGHT[::7], *(attack for attack in LIGHT if not attack.refused)]
SECONDS, MEGABYTES = 10, 500


def prepared(attack: Attack, folder: Path) -> tuple[list[str], Path]:
    """The command line, and the study it is about."""
    root = small_study(folder / "study")
    (folder / "in").mkdir()
    file = folder / "in" / attack.name
    file.write_bytes(attack.make())
    arguments = [part.replace(FILE, str(file)) for part in attack.command]
    return (arguments if "--ratings" in arguments else [*arguments, "--study", str(root)]), root


def content(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and ".postil" not in path.parts}


def judged(attack: Attack, code: int, said: str) -> None:
    assert "Traceback" not in said and "did not expect" not in said, said
    assert attack.said in said
    if attack.refused:
        assert code == 1, said
        assert attack.name in said or "Nothing was written" in said or "no names" in said, said
    else:
        assert code == 0, said


@pytest.mark.parametrize("attack", SAMPLE, ids=lambda attack: attack.id)
def test_refused_with_a_reason(attack: Attack, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    arguments, root = prepared(attack, tmp_path)
    before = content(root)
    code = run(arguments)
    said = capfd.readouterr()
    judged(attack, code, said.out + said.err)
    assert not attack.refused or content(root) == before


@pytest.mark.prove
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)
def test_refused_soon_and_in_little_memory(attack: Attack, tmp_path: Path) -> None:
    arguments, root = prepared(attack, tmp_path)
    before = content(root)
    ran = run_postil(arguments, tmp_path)
    judged(attack, ran.code, ran.out + ran.err)
    within_limits(ran)
    assert not attack.refused or content(root) == before
    assert not Path("/tmp/evil.txt").exists() and not (tmp_path / "evil.txt").exists()


def within_limits(ran: Ran) -> None:
    assert ran.seconds < SECONDS, ran
    assert ran.megabytes < MEGABYTES, ran


TARGETS = {"nowhere": "no-such-file", "device": "/dev/zero"}  # where links lead
READERS: Sequence[Sequence[str]] = (
    ("import", FILE),
    ("import-codings", FILE, "--coder", "ana"),
    ("import-codings", FILE, "--matrix"),
    ("import-codebook", FILE),
    ("agreement", "--ratings", FILE),
    ("compare", FILE),
    ("verify", FILE),
    ("packet", "E01", "--answer", FILE),
    ("pseudonymise", "--map", FILE),
)


@pytest.mark.parametrize("command", READERS, ids=lambda command: f"{command[0]} {command[-1]}")
def test_what_is_no_file_is_not_waited_for(
    command: Sequence[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    root = small_study(tmp_path / "study")
    before = content(root)
    (tmp_path / "in").mkdir()
    for name, path in special(tmp_path / "in"):
        arguments = [part.replace(FILE, str(path)) for part in command]
        code = run(arguments if "--ratings" in arguments else [*arguments, "--study", str(root)])
        said = capfd.readouterr()
        assert code in (1, 2), (name, said)
        assert name == "folder" or any(word in said.err for word in (name, TARGETS.get(name, name))), said
        assert "did not expect" not in said.err
    assert content(root) == before
