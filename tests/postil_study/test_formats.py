"""Studies of every format that was ever released still open, whole; those of a newer one are read and never written."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from postil_base.files.atomic import write_text
from postil_base.files.journal import recover, write_many
from postil_base.files.lock import study_lock
from postil_base.formats import FORMAT_VERSION, version_in, why_read_only
from postil_base.problem import PostilError, has_errors
from postil_cli.main import cli
from postil_study.check.study import check_study
from postil_study.layers.file import encode_layer, read_layer_file
from postil_study.migration import MIGRATIONS, plan_upgrade
from postil_study.study import open_study
from tests.tui_study import coding, make_study, type_keys

FORMATS = Path(__file__).parents[1] / "formats"
RELEASED = sorted(folder.name for folder in FORMATS.iterdir() if folder.is_dir())


def copy(version: str, to: Path) -> Path:
    return Path(shutil.copytree(FORMATS / version, to / f"format-{version}"))


def files_of(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def newer(root: Path, version: int = FORMAT_VERSION + 1) -> Path:
    """The study as a later Postil might have written it."""
    settings = root / "study.yaml"
    text = re.sub(r"(?m)^postil: 1$", f"postil: {version}\nhologram: {{depth: 3}}", settings.read_text("utf-8"))
    settings.write_text(text, "utf-8")
    return root


def test_there_is_a_study_of_every_format() -> None:
    assert [int(name) for name in RELEASED] == list(range(FORMAT_VERSION + 1))
    assert sorted(MIGRATIONS) == list(range(FORMAT_VERSION)), "and a way on from each but the last"


@pytest.mark.parametrize("version", RELEASED)
def test_it_opens_and_nothing_is_wrong_after_the_upgrade(version: str, tmp_path: Path) -> None:
    root = copy(version, tmp_path)
    plan = plan_upgrade(root)
    assert plan.needed == (int(version) < FORMAT_VERSION)
    plan.apply()
    assert not has_errors(check_study(root))
    assert version_in((root / "study.yaml").read_text("utf-8")) == FORMAT_VERSION
    assert open_study(root).settings.id
    assert not plan_upgrade(root).needed


@pytest.mark.parametrize("version", RELEASED)
def test_every_layer_is_written_as_it_stands(version: str) -> None:
    layers = sorted((FORMATS / version).glob("codings/*/*.jsonl"))
    assert layers
    for path in layers:
        file = read_layer_file(path.read_bytes(), path.name)
        assert encode_layer(file.layer, file) == path.read_bytes()


def test_all_of_format_1_is_understood() -> None:
    study = open_study(FORMATS / "1")
    assert (study.settings.id, study.settings.extra) == ("format-one", {"x-note": {"of": "the maker", "since": 2026}})
    assert study.settings.analysis.record == ("consensus", "ana", "ben")
    assert [question.id for question in study.settings.guide] == ["choice", "attributes"]
    assert (study.settings.participants["E02"].consent_quote, study.settings.participants["E01"].consent_quote) == (
        False,
        True,
    )
    assert list(study.codebook.codes) == ["selection", "popularity", "documentation", "evaluate", "saturated"]
    assert study.process is not None and len(study.process.edges) == 4
    assert (len(study.findings), len(study.themes), list(study.rounds)) == (1, 1, ["R1", "R2"])
    ana = study.layer("ana", "I01")
    assert ana is not None and (len(ana.segments), len(ana.relations), list(ana.deleted)) == (7, 2, ["anagone001"])
    assert ana.by_id["anaseg0006"].unanchored and ana.by_id["anaseg0003"].unsure
    assert ana.by_id["anawhole01"].start is None
    modes = [use.mode for layer in study.layers("coder") for segment in layer.segments for use in segment.uses]
    assert set(modes) == {"affirm", "deny", "wish", "reported", "hypothetical"}
    ben = study.layer("ben", "I01")
    assert ben is not None and ben.by_id["benseg0001"].code_ids == ("popularity",), "its former name is resolved"
    assert {layer.header.kind for layer in study.layers()} == {"coder", "consensus", "source"}


def test_the_results_of_format_1_are_those_of_then() -> None:
    study = open_study(FORMATS / "1")
    result = CliRunner().invoke(cli, ["model", "--json", "--study", str(study.root)], standalone_mode=False)
    edges = [(edge["id"], edge["k"], edge["n"]) for edge in json.loads(result.stdout)["inferred"] if edge["k"]]
    assert edges == [("look:flow:measure", 1, 1)]
    result = CliRunner().invoke(
        cli, ["agreement", "--format", "csv", "--study", str(study.root)], standalone_mode=False
    )
    row = next(csv.DictReader(io.StringIO(result.stdout)))
    assert (row["code"], row["turns ana"], row["turns ben"], row["alpha"]) == ("popularity", "1", "1", "1.0")
    assert "Source: reliability round R1, frozen" in result.stderr


def test_an_upgrade_keeps_what_was_there_and_touches_nothing_else(tmp_path: Path) -> None:
    root = copy("0", tmp_path)
    before = files_of(root)
    result = CliRunner().invoke(cli, ["upgrade", "--dry-run", "--study", str(root)])
    assert (result.exit_code, result.stdout) == (0, "study.yaml\n")
    assert files_of(root) == before
    result = CliRunner().invoke(cli, ["upgrade", "--study", str(root)])
    assert result.exit_code == 0 and ".postil/backup/format-0" in result.stderr
    after = files_of(root)
    assert after.pop(".postil/backup/format-0/study.yaml") == before["study.yaml"]
    assert {path for path in before if after[path] != before[path]} == {"study.yaml"}
    text = after["study.yaml"].decode()
    assert (
        "title: A draft   # mine" in text
        and "postil: 1" in text
        and re.search(r"^id: a-draft-[0-9a-f]{6}$", text, re.M)
    )


def test_migrations_follow_each_other_and_are_written_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = copy("0", tmp_path)
    monkeypatch.setattr("postil_study.migration.FORMAT_VERSION", 3)
    steps = {
        0: MIGRATIONS[0],
        1: lambda root, read: {
            "study.yaml": read("study.yaml").replace("postil: 1", "postil: 2"),
            "extra.yaml": "a: 1\n",
        },
        2: lambda root, read: {"study.yaml": read("study.yaml").replace("postil: 2", "postil: 3")},
    }
    plan = plan_upgrade(root, steps)
    assert (plan.version, sorted(plan.after), sorted(plan.before)) == (0, ["extra.yaml", "study.yaml"], ["study.yaml"])
    plan.apply()
    assert version_in((root / "study.yaml").read_text("utf-8")) == 3
    with pytest.raises(PostilError, match="format 3"):
        write_text(root / "study.yaml", "x", root=root)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("postil: 2\n", 2),
        ('"postil": 2\n', 2),
        ("postil: '2'\n", 2),
        ("{postil: 2, title: x}\n", 2),
        ("\ufeffpostil: 2\n", 2),
        ("title: x\npostil:   12 # twelve\n", 12),
        ("title: x\nnotes:\n  postil: 2\n", None),
        ("postil: new\n", None),
        ("", None),
    ],
)
def test_the_version_is_found_however_it_is_written(text: str, version: int | None) -> None:
    assert version_in(text) == version


WRITERS: list[Callable[[Path], object]] = [
    lambda root: write_text(root / "codebook" / "new.yaml", "x", root=root),
    lambda root: write_many(root, {"a.txt": "x"}),
    lambda root: study_lock(root).__enter__(),
    lambda root: plan_upgrade(root),
]


@pytest.mark.parametrize("write", WRITERS)
def test_nothing_writes_into_a_newer_study(write: Callable[[Path], object], tmp_path: Path) -> None:
    root = newer(copy("1", tmp_path))
    before = files_of(root)
    with pytest.raises(PostilError, match=rf"format {FORMAT_VERSION + 1}, which a newer Postil made.*update Postil"):
        write(root)
    assert files_of(root) == before


def test_an_interrupted_change_of_a_newer_postil_is_left_to_it(tmp_path: Path) -> None:
    root = newer(copy("1", tmp_path))
    (root / ".postil").mkdir()
    (root / ".postil" / "journal.json").write_text('{"postil": 2, "steps": "in another way"}')
    assert recover(root) == []
    assert open_study(root).read_only == why_read_only(root) != ""


READING = ["check", "codebook show", "agreement", "model --json", "quotes popularity", "search downloads", "matrix",
           "cooccurrence", "saturation", "disagreements", "joint", "compare"]  # fmt: skip
WRITING = [
    "done I02 --coder ana",
    "codebook add quality --label Quality --yes",
    "codebook rename evaluate judge --yes",
    "codebook merge documentation --into popularity --yes",
    "codebook move evaluate --under selection --yes",
    "codebook delete saturated --yes",
    "round start R3 --purpose main --coder ana --transcript I02",
    "round reveal R1",
    "assign I01 --round R2 --coder ana",
    "reanchor I01",
    "import {outside}/talk.txt --yes --participant E01",
    "import-codings {outside}/rows.csv",
    "import-codebook {outside}/codes.yaml --to codebook/other.yaml",
    "pseudonymise --map {outside}/names.yaml --yes",
    "withdraw E01 --yes",
    "upgrade",
    "search downloads --save mine",
    "schema --add",
]


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "talk.txt").write_text("Ana: How?\nE01: So.\n", "utf-8")
    (folder / "rows.csv").write_text("transcript,coder,quote,codes\nI02,ben,My colleague,popularity\n", "utf-8")
    (folder / "codes.yaml").write_text("codes:\n  - {id: one, stage: s, def: The first.}\n", "utf-8")
    (folder / "names.yaml").write_text("names: {Nobody: Person A}\n", "utf-8")
    return folder


@pytest.mark.parametrize("line", READING)
def test_commands_that_read_say_so_and_go_on(line: str, tmp_path: Path) -> None:
    root = newer(copy("1", tmp_path))
    before = files_of(root)
    result = CliRunner().invoke(cli, [*line.split(), "--study", str(root)], standalone_mode=False)
    assert "update Postil" in result.stderr + result.stdout
    assert result.exception is None and result.stdout
    assert files_of(root) == before


@pytest.mark.parametrize("line", WRITING)
def test_commands_that_write_refuse_a_newer_study(line: str, tmp_path: Path, outside: Path) -> None:
    root = newer(copy("1", tmp_path))
    before = files_of(root)
    arguments = [part.format(outside=outside) for part in line.split()]
    result = CliRunner().invoke(cli, [*arguments, "--study", str(root)], standalone_mode=False)
    assert "update Postil to change it" in (str(result.exception) if result.exception else result.stderr)
    assert files_of(root) == before


@pytest.mark.parametrize("line", WRITING)
def test_the_same_commands_are_meant_in_earnest(line: str, tmp_path: Path, outside: Path) -> None:
    """In a study of today's format none of them is refused for its format, so that the test above proves something."""
    root = copy("1", tmp_path)
    arguments = [part.format(outside=outside) for part in line.split()]
    result = CliRunner().invoke(cli, [*arguments, "--study", str(root)], standalone_mode=False)
    assert result.exception is None, result.exception


async def test_the_app_shows_a_newer_study_and_changes_nothing(tmp_path: Path) -> None:
    root = newer(make_study(tmp_path / "s"))
    before = files_of(root)
    async with coding(root) as (pilot, screen):
        assert "newer Postil made" in screen.said
        await type_keys(pilot, "sctrust<enter>")
        assert "update Postil to change it" in screen.said
        assert not screen.session.records.segments
        await type_keys(pilot, "D")
        assert "update Postil to change it" in screen.said
    assert files_of(root) == before
