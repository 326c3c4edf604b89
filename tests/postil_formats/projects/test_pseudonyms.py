"""Names in projects of other programs are listed and decided on before a byte is written; prompts in a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from postil_cli.running import run
from postil_formats.projects.incoming.names import seen_in_project, with_pseudonyms
from postil_formats.projects.outgoing.project import ExportWishes
from postil_formats.projects.outgoing.refi import refi_project
from postil_formats.projects.refi.read import read_refi
from postil_study.check.study import check_study
from postil_study.privacy.pseudonyms.matching import Names, PseudonymRule
from postil_study.study import open_study
from tests.refi_maker import CODE, SOURCE, USER, qdpx
from tests.terminal_talk import talk
from tests.transcripts_support import small_study

TEXT = (
    "Interviewer: Where do you work now?\nJane Doe: I am at Acme Corp, and before that I was at Acme Corp, too. "
    "Ask Jane Doe, or mail jane@acme.example.\nInterviewer: And then, Jane Doe?\nJane Doe: Rome, of course. In Rome."
)
WORDS = "Acme Corp, too. Ask Jane"
MAPPING = (
    "names:\n  Jane Doe: P07\n  Jane: P07\n  Acme Corp: {as: '[firm]', any_case: true}\n  jane@acme.example: '[mail]'\n"
)
LEAKS = ("jane", "acme")


def project(words: str = WORDS) -> bytes:
    start = TEXT.index(words)
    coding = f'<Coding guid="EEEEEEEE-0000-4000-8000-000000000001" creatingUser="{USER}"><CodeRef targetGUID="{CODE}"/>'
    note = "EEEEEEEE-0000-4000-8000-000000000002"
    xml = (
        '<Project name="Jane Doe study" origin="a test" xmlns="urn:QDA-XML:project:1.0">'
        f'<Users><User guid="{USER}" name="Ann"/></Users><CodeBook><Codes>'
        f'<Code guid="{CODE}" name="Acme Corp culture" isCodable="true"><Description>What Jane Doe says.</Description>'
        "</Code></Codes></CodeBook>"
        '<Cases><Case guid="EEEEEEEE-0000-4000-8000-000000000003" name="Jane Doe">'
        "<Description>of Acme Corp</Description>"
        f'<SourceRef targetGUID="{SOURCE}"/></Case></Cases>'
        f'<Sources><TextSource guid="{SOURCE}" name="Interview Jane Doe.docx" plainTextPath="internal://a.txt">'
        f'<PlainTextSelection guid="EEEEEEEE-0000-4000-8000-000000000004" name="{words}" startPosition="{start}" '
        f'endPosition="{start + len(words)}" creatingUser="{USER}"><Description>Jane Doe again</Description>{coding}'
        f'</Coding></PlainTextSelection><NoteRef targetGUID="{note}"/></TextSource></Sources>'
        f'<Notes><Note guid="{note}" name="Jane Doe"><PlainTextContent>Acme Corp, says Jane Doe.</PlainTextContent>'
        "</Note></Notes></Project>"
    )
    return qdpx(xml, {"sources/a.txt": TEXT.encode()})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "p.qdpx"
    path.write_bytes(project())
    return path


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "keys.yaml"
    path.write_text(MAPPING, "utf-8")
    return path


def everything(root: Path) -> str:
    files = (path for path in root.rglob("*") if path.is_file())
    return "\n".join(f"{path.relative_to(root)}\n{path.read_text('utf-8')}" for path in files).lower()


@pytest.mark.parametrize("new", [False, True])
def test_no_name_is_stored_and_codings_stay_on_their_words(
    new: bool, file: Path, mapping: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "study" if new else small_study(tmp_path / "study")
    where = ["--new", str(root)] if new else ["-C", str(root)]
    assert run(["import-codings", str(file), "--pseudonyms", str(mapping), *where]) == 0
    assert not [leak for leak in LEAKS if leak in everything(root)]
    said = capsys.readouterr()
    assert not [leak for leak in LEAKS if leak in (said.out + said.err).lower()]
    study = open_study(root)
    assert [str(problem) for problem in check_study(root) if problem.severity == "error"] == []
    transcript = study.transcripts["Interview-P07"]
    assert transcript.participants == ("P07",)
    (segment,) = [
        s for layer in study.layers() if layer.header.transcript == transcript.id for s in layer.segments if s.codes
    ]
    assert transcript.text[segment.start : segment.end] == segment.quote == "[firm], too. Ask P07"


def test_names_are_listed_where_nobody_can_be_asked(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = small_study(tmp_path / "study")
    before = everything(root)
    assert run(["import-codings", str(file), "-C", str(root), "--dry-run"]) == 0
    said = capsys.readouterr().err
    assert "names seen" in said and "Acme Corp (2)" in said and "jane@acme.example (1)" in said
    assert everything(root) == before


def test_what_is_seen_in_a_project() -> None:
    seen = {one.text: one.kind for one in seen_in_project(read_refi(project(), "p.qdpx"), None)}
    assert seen["Acme Corp"] == "organisation" and seen["jane@acme.example"] == "e-mail" and seen["Jane Doe"]


def test_passages_move_with_their_words() -> None:
    names = Names([PseudonymRule("Jane Doe", "P07"), PseudonymRule("Acme Corp", "[a much longer name]")])
    made = with_pseudonyms(read_refi(project("I am at Acme Corp"), "p.qdpx"), names)
    (source,) = made.sources
    (selection,) = source.selections
    assert selection.span is not None and source.text is not None
    assert source.text[slice(*selection.span)] == selection.name == "I am at [a much longer name]"
    assert made.cases[0].name == "P07" and "Doe" not in str(made)


@pytest.mark.parametrize("new", [False, True])
def test_our_own_project_keeps_what_it_holds(new: bool, tmp_path: Path) -> None:
    """The study's files in it change as a study does, and are taken in with cues and all."""
    theirs = small_study(tmp_path / "theirs")
    file = tmp_path / "x.qdpx"
    file.write_bytes(refi_project(open_study(theirs), ExportWishes(everything=True)).data)
    keys = tmp_path / "keys.yaml"
    keys.write_text("names: {E01: P07, downloads: '[thing]'}\n", "utf-8")
    root = tmp_path / "mine"
    if not new:
        small_study(root)
        for path in ("transcripts/I01.txt", "codings/ana/I01.jsonl", "transcripts/transcripts.yaml"):
            (root / path).unlink()
    where = ["--new", str(root)] if new else ["-C", str(root)]
    assert run(["import-codings", str(file), "--pseudonyms", str(keys), *where]) == 0
    layer = open_study(root).layer("ana", "I01")
    assert layer is not None and layer.relations[0].cue is not None
    assert layer.segments[0].quote == "I looked at the [thing] first."
    assert "P07:\n" in (root / "transcripts/I01.txt").read_text("utf-8")


def test_a_mapping_in_the_study_is_refused(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = small_study(tmp_path / "study")
    inside = root / "keys.yaml"
    inside.write_text(MAPPING, "utf-8")
    assert run(["import-codings", str(file), "--pseudonyms", str(inside), "-C", str(root)]) == 1
    assert "lies inside the study" in capsys.readouterr().err
    rows = root.parent / "rows.csv"
    rows.write_text("coder,quote,codes\nana,x,y\n")
    assert run(["import-codings", str(rows), "--pseudonyms", str(inside), "-C", str(root)]) == 1
    assert "lies inside the study" in capsys.readouterr().err


OFFER, TAKE = "names were seen. Give them pseudonyms first?", "Take this project in?"


def test_decided_on_a_terminal(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    root = small_study(tmp_path / "study")
    code, screen = talk(
        ["import-codings", str(file), "-C", str(root)],
        [
            (OFFER, "y"),
            ("e-mail: jane@acme.example (1)", ""),
            ("label: Jane Doe (5)", "P07"),
            ("name: Rome (2)", "-"),
            ("organisation: Acme Corp (2)", "[firm]"),
            (TAKE, "y"),
        ],
    )
    assert code == 0, screen
    assert "jane doe" not in everything(root) and "acme corp" not in everything(root)
    assert "names:" in next((tmp_path / "data").rglob("*.yaml")).read_text("utf-8")


def test_no_on_a_terminal_writes_nothing(file: Path, tmp_path: Path) -> None:
    root = small_study(tmp_path / "study")
    before = everything(root)
    answers = [(OFFER, "n"), (TAKE, "n")]
    code, screen = talk(["import-codings", str(file), "-C", str(root)], answers)
    assert code == 0 and "Nothing was written" in screen
    assert everything(root) == before


def test_transcripts_are_decided_on_in_a_terminal_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    root = small_study(tmp_path / "study")
    file = tmp_path / "I02.txt"
    file.write_text(TEXT.replace("Jane Doe:", "P07:"), "utf-8")
    code, screen = talk(
        ["import", str(file), "-C", str(root)],
        [
            (OFFER, "y"),
            ("e-mail: jane@acme.example (1)", ""),
            ("name: Jane Doe (2)", "P07"),
            ("name: Rome (2)", "-"),
            ("organisation: Acme Corp (2)", "[firm]"),
            ("Import this transcript?", ""),
        ],
    )
    assert code == 0, screen
    stored = (root / "transcripts/I02.txt").read_text("utf-8")
    assert "[firm]" in stored and "Jane" not in stored and "[e-mail 1]" in stored and "Rome" in stored


def test_pseudonymise_asks_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    words = "Interviewer:\nWhere?\n\nE01:\nI am at Acme Corp, and I was at Acme Corp. We met in Rome, in Rome.\n"
    root = small_study(tmp_path / "study", {"transcripts/I01.txt": words, "codings/ana/I01.jsonl": ""})
    (root / "codings/ana/I01.jsonl").unlink()
    code, screen = talk(
        ["pseudonymise", "-C", str(root)],
        [("organisation: Acme Corp (2)", "[firm]"), ("name: Rome (2)", "."), ("Replace them now?", "y")],
    )
    assert code == 0, screen
    stored = (root / "transcripts/I01.txt").read_text("utf-8")
    assert "Acme" not in stored and "Rome" in stored
