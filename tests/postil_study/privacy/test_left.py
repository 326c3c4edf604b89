"""Names are found however they are written, what is only probable is listed; a withdrawal names and sweeps all."""

from __future__ import annotations

import subprocess
import unicodedata
import zipfile
from pathlib import Path

import pytest

from postil_cli.running import run
from postil_study.files.state_folder import state_folder
from postil_study.privacy.exports_in_git import committed_outputs
from postil_study.privacy.left import LIKE, RULE, names_left
from postil_study.privacy.pseudonyms.matching import Names, PseudonymRule
from postil_study.privacy.withdrawal.withdraw import history_steps, plan_withdrawal
from tests.transcripts_support import STUDY, small_study, write_files

RULES = [
    PseudonymRule("Jane Doe", "E01"),
    PseudonymRule("José Núñez", "E02"),
    PseudonymRule("Acme", "[organisation 1]"),
]
NFD = unicodedata.normalize("NFD", "José Núñez")
AS_WRITTEN = [
    *("Jane Doe", "Jane_Doe", "Jane-Doe", "Jane.Doe", "JaneDoe", "@JaneDoe", "@Jane_Doe", "call_Jane_Doe_2"),
    *("Jane.Doe@mail.org", "Jane\nDoe", NFD, NFD.replace(" ", "_"), "JoséNúñez", "Acme_Inc", "_Acme_", "@Acme"),
]
PROBABLE = ["JANE DOE", "janedoe", "jane_doe", "xJaneDoe2", "JaneDoeInterview", "ACME", "acme_inc", NFD.upper()]
NOBODY = ["Janet Doerr", "Jane and Doe", "Acmeism", "plain words"]


@pytest.mark.parametrize("said", AS_WRITTEN)
def test_a_name_is_replaced_however_its_words_are_joined(said: str) -> None:
    new = Names(RULES).text(f"We asked {said}, then.")
    for rule in RULES:
        assert not set(rule.name.split()) & set(unicodedata.normalize("NFC", new).replace("_", " ").split())
    assert "E0" in new or "organisation 1" in new


@pytest.mark.parametrize("said", [*AS_WRITTEN, *PROBABLE])
def test_every_way_to_write_a_name_is_found(tmp_path: Path, said: str) -> None:
    root = small_study(tmp_path / "s", {"memos/x.md": f"We asked {said}, then.\n"})
    found = [problem for problem in names_left(root, Names(RULES)) if problem.place.path == "memos/x.md"]
    assert [problem.rule for problem in found] == [RULE if said in AS_WRITTEN else LIKE]


@pytest.mark.parametrize("said", NOBODY)
def test_other_words_are_no_names(tmp_path: Path, said: str) -> None:
    root = small_study(tmp_path / "s", {"memos/x.md": f"We asked {said}, then.\n"})
    assert names_left(root, Names(RULES)) == []
    assert Names(RULES).text(f"We asked {said}, then.") == f"We asked {said}, then."


@pytest.mark.parametrize("name", ["notes-Jane_Doe.md", "JaneDoe.md", "janedoe.md", f"{NFD}.md"])
def test_names_in_file_names_are_found(tmp_path: Path, name: str) -> None:
    root = small_study(tmp_path / "s", {f"memos/{name}": "Nothing.\n"})
    assert any(problem.place.path == f"memos/{name}" for problem in names_left(root, Names(RULES)))


def mapping(folder: Path) -> Path:
    lines = "".join(f"  {rule.name}: '{rule.pseudonym}'\n" for rule in RULES)
    (folder / "keys.yaml").write_text(f"names:\n{lines}", "utf-8")
    return folder / "keys.yaml"


def test_pseudonymise_lists_what_is_probable_before_it_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = small_study(tmp_path / "s", {"memos/x.md": "Jane_Doe said it.\n\nSo did JANE DOE, at acme.\n"})
    keys = str(mapping(tmp_path))
    assert run(["pseudonymise", "--map", keys, "--dry-run", "-C", str(root)]) == 0
    said = capsys.readouterr().err
    assert "memos/x.md:3" in said and "JANE DOE" in said and "acme" in said
    assert (root / "memos/x.md").read_text().startswith("Jane_Doe")
    run(["pseudonymise", "--map", keys, "--yes", "-C", str(root)])
    assert capsys.readouterr().err.index("May be mapped names") == 0
    assert (root / "memos/x.md").read_text() == "E01 said it.\n\nSo did JANE DOE, at acme.\n"


def test_release_refuses_names_and_lists_what_is_probable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys = str(mapping(tmp_path))
    settings = STUDY.replace("title: Small", "title: Small @JaneDoe")
    root = small_study(tmp_path / "s", {"study.yaml": settings})
    assert run(["release", str(tmp_path / "out"), "--map", keys, "-C", str(root)]) == 1
    assert "JaneDoe" in capsys.readouterr().err and not (tmp_path / "out").exists()
    root = small_study(tmp_path / "t", {"study.yaml": settings.replace("@JaneDoe", "of janedoe")})
    assert run(["release", str(tmp_path / "out"), "--map", keys, "-C", str(root)]) == 0
    said = capsys.readouterr().err
    assert said.index("janedoe") < said.index("Written:")


# A withdrawal -----------------------------------------------------------------------------------------------------

WORDS = "I looked at the downloads first"  # six of E01's words


def git(root: Path, *arguments: str) -> None:
    me = ["-c", "user.name=a", "-c", "user.email=a@b", "-C", str(root)]
    subprocess.run(["git", *me, *arguments], check=True, capture_output=True)


def test_every_line_of_a_long_list_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = "".join(f"Line {number}: {WORDS}, so there.\n" for number in range(1, 101))
    root = small_study(tmp_path / "s", {"memos/long.md": f"---\nabout: code:trust\n---\n{lines}"})
    with zipfile.ZipFile(root / "copy.docx", "w") as archive:
        archive.writestr("word/document.xml", f"<w>{WORDS.replace(' ', '</w> <w>')}</w>")
    assert run(["withdraw", "E01", "--dry-run", "-C", str(root)]) == 0
    out = capsys.readouterr().out
    assert all(f"memos/long.md:{number + 3}" in out for number in range(1, 101))
    assert "copy.docx:word/document.xml" in out


def test_packs_that_belong_to_no_step_go_too(tmp_path: Path) -> None:
    root = small_study(tmp_path / "s")
    packs = state_folder("steps", "small-1", root) / "packs"
    packs.mkdir(parents=True)
    (packs / "0123-before.z").write_bytes(b"their words")
    backup = root / ".postil/backup/format-0/transcripts/I01.txt"
    backup.parent.mkdir(parents=True)
    backup.write_text("their words")
    assert run(["withdraw", "E01", "--yes", "-C", str(root)]) == 0
    assert list(packs.iterdir()) == [] and not backup.exists()


def test_committed_exports_are_named_in_the_steps_for_git(tmp_path: Path) -> None:
    root = small_study(tmp_path / "s", {"exports/report one.html": WORDS, "report.html": WORDS, "README.md": "Ours.\n"})
    write_files(root, {"notes/copied.txt": f"{WORDS} and more\n", "notes/other.txt": "Nothing.\n"})
    git(root, "init", "-q")
    git(root, "add", "-A", "-f")
    git(root, "commit", "-qm", "one")
    (root / "report.html").unlink()  # gone today, and in the history for ever
    git(root, "commit", "-qam", "two")
    plan = plan_withdrawal(root, "E01")
    outputs = committed_outputs(root, plan, ["notes/copied.txt:1"])
    assert outputs == ("exports/report one.html", "notes/copied.txt", "report.html")
    steps = "\n".join(history_steps(plan, outputs))
    assert "--path 'exports/report one.html'" in steps and "--path report.html" in steps
    assert "--path notes/copied.txt" in steps and "README" not in steps
    assert "--path transcripts/I01.txt" in steps


def test_without_git_there_is_nothing_to_name(tmp_path: Path) -> None:
    root = small_study(tmp_path / "s", {"exports/x.html": WORDS})
    assert committed_outputs(root, plan_withdrawal(root, "E01"), []) == ()
