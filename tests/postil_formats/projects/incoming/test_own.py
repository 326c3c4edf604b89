"""Our own project into a study that is there: layers with cues, modes, `done` and the guide's marks come along."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from postil_cli.running import run
from postil_formats.projects.incoming.plan import plan_project
from postil_formats.projects.incoming.writing import apply_project
from postil_formats.projects.outgoing.project import ExportWishes
from postil_formats.projects.outgoing.refi import refi_project
from postil_formats.projects.refi.read import read_refi
from postil_study.study import open_study
from tests.postil_formats.projects.test_exchange import studies
from tests.transcripts_support import GUIDE_HEADER, HEADER, small_study

ROOT = Path(__file__).resolve().parents[4]
PARTS = ("study.yaml", "codebook", "transcripts", "codings", "charts", "memos", "rounds", "data")


def illustrative(folder: Path) -> Path:
    """A copy of the illustrative study, without the packages that lie beside its files."""
    folder.mkdir()
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("postil_*"))
        else:
            shutil.copy(ROOT / part, folder / part)
    return folder


def layers(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*.jsonl"))}


def project_of(root: Path, file: Path) -> Path:
    file.write_bytes(refi_project(open_study(root), ExportWishes(everything=True)).data)
    return file


def test_a_colleagues_layers_come_back_byte_for_byte(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = illustrative(tmp_path / "whole")
    file = project_of(whole, tmp_path / "x.qdpx")
    mine = illustrative(tmp_path / "mine")
    shutil.rmtree(mine / "codings" / "ben")
    shutil.rmtree(mine / "codings" / "_guide")
    assert run(["import-codings", str(file), "-C", str(mine)]) == 0
    assert layers(mine) == layers(whole)
    assert run(["import-codings", str(file), "-C", str(mine)]) == 0
    assert "nothing was written" in capsys.readouterr().err


def test_a_layer_in_which_nothing_was_found_is_a_finding(tmp_path: Path) -> None:
    header = HEADER.replace('"ana"', '"ben"').replace("}", ',"done":"2026-01-02"}')
    theirs = small_study(tmp_path / "theirs", {"codings/ben/I01.jsonl": f"{header}\n"})
    file = project_of(theirs, tmp_path / "x.qdpx")
    mine = small_study(tmp_path / "mine")
    assert run(["import-codings", str(file), "-C", str(mine)]) == 0
    assert layers(mine) == layers(theirs)


def test_what_the_study_says_stays_and_what_is_new_is_added(tmp_path: Path) -> None:
    theirs = small_study(tmp_path / "theirs")
    file = project_of(theirs, tmp_path / "x.qdpx")
    lines = (theirs / "codings/ana/I01.jsonl").read_text("utf-8").splitlines(keepends=True)
    changed = lines[1].replace('"popularity"', '"trust"')
    mine = small_study(tmp_path / "mine", {"codings/ana/I01.jsonl": lines[0] + changed})
    assert run(["import-codings", str(file), "-C", str(mine)]) == 0
    assert (mine / "codings/ana/I01.jsonl").read_text("utf-8") == "".join([lines[0], changed, *lines[2:]])


def test_a_relation_to_what_was_deleted_here_stays_away(tmp_path: Path) -> None:
    theirs = small_study(tmp_path / "theirs")
    file = project_of(theirs, tmp_path / "x.qdpx")
    lines = (theirs / "codings/ana/I01.jsonl").read_text("utf-8").splitlines(keepends=True)
    gone = '{"id":"bbbbbbbbbb","deleted":"2026-02-01T00:00:00Z"}\n'
    mine = small_study(tmp_path / "mine", {"codings/ana/I01.jsonl": lines[0] + lines[1] + gone})
    assert run(["import-codings", str(file), "-C", str(mine)]) == 0
    assert open_study(mine).problems() == []
    layer = open_study(mine).layer("ana", "I01")
    assert layer is not None and (len(layer.segments), layer.relations) == (1, ())


def test_another_text_or_guide_is_not_filled_from_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mark = '{"id":"gggggggggg","start":42,"end":94,"codes":["no-such-question"]}'
    theirs = small_study(tmp_path / "theirs", {"codings/_guide/I01.jsonl": f"{GUIDE_HEADER}\n{mark}\n"})
    file = project_of(theirs, tmp_path / "x.qdpx")
    mine = small_study(tmp_path / "mine", {"codings/ana/I01.jsonl": ""})
    (mine / "codings/ana/I01.jsonl").unlink()
    assert run(["import-codings", str(file), "-C", str(mine)]) == 0
    assert list(layers(mine)) == ["codings/ana/I01.jsonl"]
    assert "not all of these questions are in the study's guide" in capsys.readouterr().err


@pytest.mark.parametrize(("harm", "said"), [(False, "without the study's files"), (True, "was changed since")])
def test_what_stays_behind_without_the_studys_files_is_said(
    harm: bool, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = open_study(small_study(tmp_path / "theirs"))
    data = refi_project(study, ExportWishes(everything=True), with_study=harm).data
    file = tmp_path / "x.qdpx"
    file.write_bytes(_renamed(data) if harm else data)
    mine = small_study(tmp_path / "mine", {"codings/ana/I01.jsonl": ""})
    (mine / "codings/ana/I01.jsonl").unlink()
    assert run(["import-codings", str(file), "-C", str(mine)]) == 0
    told = capsys.readouterr().err
    assert "cues of relations, done, rounds, marks of the guide" in told and said in told
    layer = open_study(mine).layer("ana", "I01")
    assert layer is not None and layer.relations[0].cue is None


def _renamed(data: bytes) -> bytes:
    """The project with another title, as another program might save it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, body.replace(b'name="Small"', b'name="Great"') if name == "project.qde" else body)
    return out.getvalue()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(studies())
def test_any_layers_come_back_into_a_study_that_has_the_texts(
    tmp_path_factory: pytest.TempPathFactory, made: dict[str, str]
) -> None:
    folder = tmp_path_factory.mktemp("own")
    theirs = small_study(folder / "theirs", made)
    mine = small_study(folder / "mine", made)
    shutil.rmtree(mine / "codings")
    project = read_refi(refi_project(open_study(theirs), ExportWishes(everything=True)).data, "x.qdpx")
    study = open_study(mine)
    apply_project(study, plan_project(study, project))
    records = [{path: data.split(b"\n")[1:] for path, data in layers(root).items()} for root in (mine, theirs)]
    assert records[0] == {
        path: lines for path, lines in records[1].items() if any(lines)
    }  # the header says what text it is on, which those made here do not
    again = open_study(mine)
    assert apply_project(again, plan_project(again, project)) == []
