"""No output replaces a file of a study: every command that writes where somebody says, over every kind of file."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from postil_base.problem import PostilError
from postil_cli.main import cli
from postil_cli.running import run
from postil_model.search.named import QUERIES_FILE
from postil_study.files.listing import kind_of
from postil_study.files.outputs import check_folder, check_output, write_output
from postil_study.illustrative import lay_down
from postil_study.privacy.pseudonyms.mapping import check_place
from tests.transcripts_support import STUDY, small_study, write_files

# A command line each that writes into {out}.
WRITERS = {
    "agreement": ["agreement", "--live", "--format", "csv", "--out", "{out}"],
    "disagreements": ["disagreements", "--live", "--format", "json", "--out", "{out}"],
    "model": ["model", "--format", "json", "--out", "{out}"],
    "compare": ["compare", "--format", "csv", "--out", "{out}"],
    "saturation": ["saturation", "--format", "csv", "--out", "{out}"],
    "cooccurrence": ["cooccurrence", "--format", "csv", "--out", "{out}"],
    "matrix": ["matrix", "--format", "csv", "--out", "{out}"],
    "findings": ["findings", "--format", "csv", "--out", "{out}"],
    "joint": ["joint", "--format", "csv", "--out", "{out}"],
    "quotes": ["quotes", "E01", "--format", "csv", "--out", "{out}"],
    "export": ["export", "json", "--out", "{out}"],
    "schema": ["schema", "study", "--out", "{out}"],
    "report": ["report", "--out", "{out}"],
    "packet": ["packet", "E01", "--out", "{out}"],
}
MORE = [
    ["model", "--candidates", "--out", "{out}"],
    ["model", "--evidence-table", "--out", "{out}"],
    ["model", "--format", "svg", "--out", "{out}"],
    ["agreement", "--methods", "--out", "{out}"],
    ["export", "refi", "--out", "{out}"],
    ["export", "qdc", "--out", "{out}"],
    ["export", "codebook", "--out", "{out}"],
    ["export", "csv", "--table", "segments", "--out", "{out}"],
    ["export", "xlsx", "--out", "{out}"],
    ["release", "{out}"],
    ["ask", "sweep", "--format", "csv", "--out", "{out}"],
    ["ask", "negative", "--format", "csv", "--out", "{out}"],
]
EXTRA = {
    "data/numbers.csv": "a,b\n1,2\n",
    "data/deep/er/x.json": "{}\n",
    "manuscripts/paper.md": "We say.\n",
    ".postil/undo/steps.json": "[]\n",
    ".git/config": "[core]\n",
    QUERIES_FILE: "queries: {}\n",
    "schemas/study.schema.json": "{}\n",
}


def the_study(root: Path) -> Path:
    lay_down(root)
    write_files(root, EXTRA)
    settings = (root / "study.yaml").read_text()
    findings = next(line for line in settings.splitlines() if line.startswith("findings:"))
    write_files(root, {"books/own.yaml": (root / findings.partition(":")[2].strip()).read_text()})
    (root / "study.yaml").write_text(settings.replace(findings, "findings: books/own.yaml"))
    return root


def all_bytes(root: Path) -> dict[str, bytes]:
    found = sorted(path for path in root.rglob("*") if path.is_file() and "exports" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def one_of_each(root: Path) -> list[str]:
    """A file of each folder and ending; every file is walked with one command."""
    kinds = {(Path(path).parts[0], len(Path(path).parts), Path(path).suffix): path for path in all_bytes(root)}
    return [*kinds.values(), "codings/_guide/I01.jsonl", "codebook/codebook.yaml", "transcripts/transcripts.yaml"]


def commands(group: click.Group, context: click.Context, above: str = "") -> Iterator[tuple[str, click.Command]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{above}{name}", command
        if isinstance(command, click.Group):
            yield from commands(command, context, f"{above}{name} ")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return the_study(tmp_path_factory.mktemp("law") / "study")


@pytest.mark.parametrize("command", [*WRITERS.values(), *MORE], ids=" ".join)
def test_no_command_replaces_a_file_of_the_study(
    study: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = all_bytes(study)
    for path in one_of_each(study):
        arguments = [part.replace("{out}", str(study / path)) for part in command]
        assert run([*arguments, "--study", str(study)] if command[0] != "schema" else arguments) == 1, path
        said = capsys.readouterr().err
        assert "exports" in said and "Traceback" not in said, said
    assert all_bytes(study) == before


def arguments_of(command: click.Command, readable: Path) -> list[str]:
    """Something for each argument that must be given."""
    found = []
    for param in command.params:
        if isinstance(param, click.Argument) and param.required:
            choice = next(iter(getattr(param.type, "choices", [])), "x")
            found.append(str(readable) if isinstance(param.type, click.Path) else str(choice))
    return found


def test_every_command_with_an_output_refuses_before_anything_else(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the whole tree of commands, those that come later too."""
    (tmp_path / "any.csv").write_text("a,b\n1,2\n")
    before = all_bytes(study)
    walked = [
        (name, option.opts[0], command)
        for name, command in commands(cli, click.Context(cli))
        for option in command.params
        if "--out" in option.opts or (isinstance(option.type, click.Path) and option.name in ("out", "output"))
    ]
    assert {name for name, _, _ in walked} >= WRITERS.keys() | {"ask sweep"}
    for name, option, command in walked:
        for path in one_of_each(study):
            given = arguments_of(command, tmp_path / "any.csv")
            assert run([*name.split(), *given, option, str(study / path)]) == 1, (name, path)
            assert "an output never replaces one" in capsys.readouterr().err, (name, path)
    assert all_bytes(study) == before


def test_every_file_of_the_study_is_claimed(study: Path) -> None:
    for path in all_bytes(study):
        with pytest.raises(PostilError, match="an output never replaces one"):
            check_output(study / path)


@pytest.mark.parametrize("command", [part for part in [*WRITERS.values(), *MORE] if part[0] != "release"], ids=" ".join)
def test_every_command_writes_into_exports_again_and_again(
    study: Path, command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(study)
    before = all_bytes(study)
    out = Path("exports/new/result.md")
    for _ in range(2):
        assert run([part.replace("{out}", str(out)) for part in command]) == 0
    assert out.stat().st_size
    out.unlink()
    assert all_bytes(study) == before


def test_tables_and_schemas_go_into_a_folder_whole_or_not_at_all(tmp_path: Path) -> None:
    root = small_study(tmp_path / "s", {"study.yaml": STUDY.replace("codebook/codebook.yaml", "out/memos.csv")})
    write_files(root, {"out/memos.csv": "title: a codebook of an odd name\n"})
    assert run(["export", "csv", "--out", str(root / "out"), "-C", str(root)]) == 1
    assert [path.name for path in (root / "out").iterdir()] == ["memos.csv"]
    assert run(["schema", "--out", str(root / "schemas")]) == 1
    assert not (root / "schemas").exists()


# The ways round -------------------------------------------------------------------------------------------------------


def test_detours_lead_to_the_same_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = small_study(tmp_path / "s")
    other = small_study(tmp_path / "other")
    outside = tmp_path / "outside"
    (outside / "deep").mkdir(parents=True)
    (outside / "link.json").symlink_to(root / "study.yaml")
    (outside / "chain.json").symlink_to(outside / "link.json")
    (outside / "folder").symlink_to(root / "codings")
    (root / "exports").mkdir()
    (root / "exports/back").symlink_to(root / "transcripts")
    os.link(root / "codings/ana/I01.jsonl", root / "exports/hard.jsonl")
    os.link(root / "codings/ana/I01.jsonl", outside / "hard.jsonl")
    (outside / "layer.jsonl").write_text("{}\n")
    (root / "codings/ana/I02.jsonl").symlink_to(outside / "layer.jsonl")
    (root / "memos").symlink_to(outside / "deep")
    monkeypatch.chdir(root / "codings")
    for path in (
        Path("../study.yaml"),
        Path("ana/../../study.yaml"),
        root / "exports/../study.yaml",
        root / "exports/not-there/../../study.yaml",
        root / "exports/back/I01.txt",
        root / "exports/hard.jsonl",
        outside / "link.json",
        outside / "chain.json",
        outside / "folder/ana/I01.jsonl",
        outside / "folder/ana/I09.jsonl",
        other / "codebook/codebook.yaml",
        other / "codings/ana/I01.jsonl",
        root / "STUDY.yaml",
        root / "Codings/Ana/i01.JSONL",
        root / "DATA/x.csv",
        root / "exports/study.yaml",
        root / ".GIT/config",
        root / ".Postil/lock",
        tmp_path / "elsewhere/.git/hooks/pre-commit",
        root / "rounds/R9/new.csv",
        root / "transcripts/cafe\u0301.txt",
    ):
        with pytest.raises(PostilError, match="never replaces"):
            check_output(path)
    for path in (outside / "hard.jsonl", outside / "layer.jsonl", outside / "deep/new.md"):
        with pytest.raises(PostilError, match="never replaces"):
            check_output(path, root)


def test_everything_else_may_be_replaced(tmp_path: Path) -> None:
    root = small_study(tmp_path / "s")
    for path in ("report.html", "exports/book.yaml", "notes/x.csv", "memos.csv", "codebook/codebook.md", "README.md"):
        write_output(root / path, "one\n", root)
        write_output(root / path, b"two\n", root)
        assert (root / path).read_text() == "two\n"
    write_output(tmp_path / "study.json", "x", root)


def test_while_study_yaml_cannot_be_read_no_yaml_file_is_replaced(tmp_path: Path) -> None:
    root = small_study(tmp_path / "s", {"study.yaml": "codebook: [mine.yaml\n", "mine.yaml": "codes: {}\n"})
    with pytest.raises(PostilError, match="perhaps"):
        check_output(root / "mine.yaml")
    check_output(root / "exports/mine.csv")


def test_links_in_a_circle_are_a_message(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(PostilError):
        check_output(tmp_path / "a/x.json")


def test_a_path_is_compared_as_any_disk_compares() -> None:
    assert kind_of("Transcripts/TRANSCRIPTS.YAML") and kind_of("codings/ana/e\u0301.jsonl. ")
    assert kind_of("codings/_machine/m/I01.jsonl") and kind_of("queries.yaml")
    assert not kind_of("data") and not kind_of("exports/data/x") and not kind_of("transcripts/I01.csv")


def test_an_output_is_not_written_over_what_the_command_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ratings = "unit,a,b\n1,x,x\n2,y,x\n"
    (tmp_path / "ratings.csv").write_text(ratings)
    (tmp_path / "same.csv").symlink_to("ratings.csv")
    monkeypatch.chdir(tmp_path)
    for out in ("ratings.csv", "./x/../ratings.csv", "same.csv"):
        assert run(["agreement", "--ratings", "ratings.csv", "--out", out]) == 1
        assert "reads" in capsys.readouterr().err
    assert (tmp_path / "ratings.csv").read_text() == ratings


def test_a_mapping_of_names_is_no_file_of_another_study(tmp_path: Path) -> None:
    root, other = small_study(tmp_path / "s"), small_study(tmp_path / "other")
    for path in (other / "study.yaml", other / "charts/E01.yaml"):
        with pytest.raises(PostilError, match="never replaces"):
            check_place(path, root)
    check_place(tmp_path / "keys.yaml", root)


def test_a_study_is_not_laid_down_among_the_files_of_another(tmp_path: Path) -> None:
    root = small_study(tmp_path / "s")
    for command in (["new", "{}"], ["demo", "{}", "--no-app"]):
        for folder in ("codings/x", "Data/x", "rounds/R1", ".postil/x"):
            assert run([part.replace("{}", str(root / folder)) for part in command]) == 1
            assert not (root / folder).exists()
    check_folder(root / "exports/x")
    check_folder(root)


# Files written from the app ------------------------------------------------------------------------------------------


def test_the_app_writes_through_the_same_door(tmp_path: Path) -> None:
    from postil_base.clock import system_clock
    from postil_study.study import open_study
    from postil_tui.code.session.quoting import append_quote
    from postil_tui.memos.memo_book import MemoBook
    from postil_tui.overview.files import write_files as write_overview

    root = small_study(tmp_path / "s")
    (root / "exports").symlink_to(root / "codings/ana")
    before = all_bytes(root)
    text = open_study(root).transcripts["I01"]
    with pytest.raises(PostilError, match="never replaces"):
        write_overview(root, {"I01.jsonl": b"x"})
    with pytest.raises(PostilError, match="never replaces"):
        MemoBook(root, system_clock).write("I01.jsonl", "x")
    (root / "exports").unlink()
    (root / "exports").mkdir()
    (root / "exports/copied-quotes.md").symlink_to(root / "study.yaml")
    with pytest.raises(PostilError, match="never replaces"):
        append_quote(root, text, (42, 74))
    assert all_bytes(root) == before


# Releases -------------------------------------------------------------------------------------------------------------


def test_a_release_replaces_what_an_earlier_one_wrote_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = small_study(tmp_path / "s")
    target = tmp_path / "out"
    again = ["release", str(target), "-C", str(root)]
    assert run(again) == 0
    (root / "codings/ana/I01.jsonl").write_text((root / "codings/ana/I01.jsonl").read_text().replace("issues", "trust"))
    assert run(again) == 0
    assert "trust" in (target / "codings/ana/I01.jsonl").read_text()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".postil-release")] == []
    capsys.readouterr()
    for path, text in (("letter.txt", "Mine."), ("README.md", "Changed."), ("memos/mine.md", "A memo.")):
        kept = (target / path).read_bytes() if (target / path).exists() else None
        write_files(target, {path: text})
        before = all_bytes(target)
        assert run(again) == 1
        assert path in capsys.readouterr().err
        assert all_bytes(target) == before
        if kept is None:
            (target / path).unlink()
            if path.startswith("memos"):
                (target / "memos").rmdir()
        else:
            (target / path).write_bytes(kept)
    assert run(again) == 0


def test_a_release_does_not_replace_that_of_another_study(tmp_path: Path) -> None:
    root = small_study(tmp_path / "s")
    other = small_study(tmp_path / "t", {"study.yaml": STUDY.replace("small-1", "small-2")})
    target = str(tmp_path / "out")
    assert run(["release", target, "-C", str(root)]) == 0
    before = all_bytes(tmp_path / "out")
    assert run(["release", target, "-C", str(other)]) == 1
    assert run(["release", str(other), "-C", str(root)]) == 1
    assert all_bytes(tmp_path / "out") == before


def test_a_device_or_a_pipe_is_written_into_and_stays_what_it_is(tmp_path: Path) -> None:
    """An output replaces a file by renaming; of /dev/null that would leave a plain file for the whole machine."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_output(pipe, "words")
    reader.join()
    assert read == [b"words"] and stat.S_ISFIFO(pipe.stat().st_mode)
    near, far = os.openpty()  # a device of our own
    name = Path(os.ttyname(far))
    write_output(name, [b"one", b"two"])
    assert os.read(near, 100) == b"onetwo" and stat.S_ISCHR(name.stat().st_mode)
