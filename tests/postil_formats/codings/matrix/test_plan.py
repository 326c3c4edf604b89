"""Framework matrices: bullets on their words, or in their cell and listed; precision before recall."""

from __future__ import annotations

import io
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from postil_base.problem import PostilError
from postil_cli.running import run
from postil_formats.codings.matrix.places import Bullet
from postil_formats.codings.matrix.plan import MatrixPlan, plan_matrix, rows_said
from postil_formats.codings.matrix.table import bullets, read_matrix
from postil_formats.codings.matrix.text import Folded, cover
from postil_formats.texts.plan import ImportOptions, plan_import
from postil_formats.texts.writing import apply_import
from postil_study.check.study import check_study
from postil_study.files.charts import load_charts
from postil_study.study import Study, open_study
from tests.shared_data import SHARED, needs_shared
from tests.transcripts_support import small_study, write_files

TEXT = """\
Interviewer:
Do you train them again yourself every single week?

E01:
Well, I mostly start at the number of downloads. We can’t tell from out here. Anyway, the license matters.

E01:
As I said, we can't tell from out here. Fine-tuning takes us about a week each time.
"""
NOTE = TEXT.index("Fine-tuning takes")
ANNOTATION = (
    '{"postil":1,"kind":"source","coder":"nvivo","transcript":"I01"}\n'
    f'{{"id":"nnnnnnnnnn","start":{NOTE},"end":{NOTE + 40},"memo":"Retraining:\\n- weekly, tiresome\\n- a pain"}}\n'
)
MANIFEST = """\
I01:
  speakers:
    Interviewer: {role: interviewer}
    E01: {role: participant, participant: E01}
"""


def study_in(tmp_path: Path) -> Path:
    return small_study(
        tmp_path / "s",
        {
            "transcripts/I01.txt": TEXT,
            "transcripts/transcripts.yaml": MANIFEST,
            "codings/ana/I01.jsonl": '{"postil":1,"coder":"ana","transcript":"I01"}\n',
            "codings/nvivo/I01.jsonl": ANNOTATION,
        },
    )


def plan_of(root: Path, csv: str, name: str = "m.csv") -> MatrixPlan:
    study = open_study(root)
    table = read_matrix(csv.encode(), name, lambda row: row in ("1", "E01"))
    return plan_matrix(study, table)


def only(plan: MatrixPlan) -> Bullet:
    (bullet,) = plan.bullets
    return bullet


def words(bullet: Bullet) -> list[str]:
    return [TEXT[place.start : place.end] for place in bullet.places]


@pytest.mark.parametrize(
    ("bullet", "method", "status", "found"),
    [
        ("number of downloads", "exact", "placed", ["number of downloads"]),
        ("- The NUMBER of  downloads", "exact", "placed", ["the number of downloads"]),
        ("I mosty start at the number of downloads", "fuzzy", "placed", ["I mostly start at the number of downloads"]),
        ("Weekly, tiresome", "annotation", "placed", [TEXT[NOTE : NOTE + 40]]),
        ("tiresome weekly retraining", "annotation-words", "placed", [TEXT[NOTE : NOTE + 40]]),
        ("downloads", "none", "none", []),
        ("the weather is bad today", "none", "none", []),
        ("you train them again yourself every single week", "none", "none", []),  # the interviewer's words
        (
            "we can't tell from out here",
            "exact",
            "ambiguous",
            ["We can’t tell from out here", "we can't tell from out here"],
        ),
    ],
)
def test_bullets_find_their_words(tmp_path: Path, bullet: str, method: str, status: str, found: list[str]) -> None:
    made = only(plan_of(study_in(tmp_path), f'who,Theme\nE01,"{bullet}"\n'))
    assert (made.method, made.status, words(made)) == (method, status, found)
    assert (made.place is not None) == (status in ("placed", "look"))


def test_windows_are_widened_to_whole_words() -> None:
    folded = Folded("It’s the unbelievable-ness of it.")
    start = folded.text.index("lieva")
    span = folded.span(*folded.widened(start, start + 5))
    assert folded_words(span) == "unbelievable"


def folded_words(span: tuple[int, int]) -> str:
    return "It’s the unbelievable-ness of it."[slice(*span)]


def test_cover_knows_words_in_two_pieces_and_longer_forms() -> None:
    assert cover(["datasets", "supported"], ["data", "sets", "support"]) == 0.5
    assert cover(["support"], ["supported"]) == 1.0
    assert cover(["of", "a"], ["of"]) == 0.5


def test_marks_of_lists_are_no_words() -> None:
    assert bullets("- a\n• b\n1. c\n2) d\n-e\n3.5 GB\n-5 degrees\n\n  ") == (
        "a",
        "b",
        "c",
        "d",
        "e",
        "3.5 GB",
        "-5 degrees",
    )


def test_everything_stays_in_the_chart_and_importing_again_changes_nothing(tmp_path: Path) -> None:
    root = study_in(tmp_path)
    csv = 'who,Trust,What next?\nE01,"number of downloads\n\nnot to be found anywhere",n/a\n'
    plan = plan_of(root, csv)
    written = plan.apply(open_study(root))
    assert set(written) == {"codings/matrix/I01.jsonl", "charts/E01.yaml", "codebook/themes.yaml", "study.yaml"}
    cells, problems = load_charts(root)
    assert not problems
    assert [(c.column, c.summary, len(c.segments)) for c in cells] == [
        ("trust", "number of downloads\n\nnot to be found anywhere", 1),
        ("what-next", "n/a", 0),
    ]
    layer = open_study(root).layer("matrix", "I01")
    assert layer is not None and layer.header.kind == "source"
    assert [(s.id, s.quote, s.memo) for s in layer.segments] == [
        (cells[0].segments[0], "number of downloads", "number of downloads")
    ]
    assert [p for p in check_study(root) if p.severity == "error"] == []
    assert plan_of(root, csv).apply(open_study(root)) == []


def test_a_column_named_like_a_code_is_a_theme_of_that_name(tmp_path: Path) -> None:
    plan = plan_of(study_in(tmp_path), "who,TRUST,Popularity\nE01,number of downloads,x\n")
    assert dict(plan.themes) == {"TRUST": "trust", "Popularity": "popularity"}
    assert dict(plan.new_themes) == {"trust": "TRUST", "popularity": "Popularity"}  # matrices show themes


def test_what_a_cell_said_before_stays(tmp_path: Path) -> None:
    root = study_in(tmp_path)
    write_files(root, {"charts/E01.yaml": "trust: {summary: Ours., segments: []} # mine\n"})
    plan_of(root, "who,Trust\nE01,number of downloads\n").apply(open_study(root))
    cells, _ = load_charts(root)
    assert cells[0].summary == "Ours.\nnumber of downloads"
    assert len(cells[0].segments) == 1


def test_a_deleted_segment_stays_deleted(tmp_path: Path) -> None:
    root = study_in(tmp_path)
    csv = "who,Trust\nE01,number of downloads\n"
    plan_of(root, csv).apply(open_study(root))
    path = root / "codings/matrix/I01.jsonl"
    header, record = path.read_text().splitlines()
    path.write_text(f'{header}\n{{"id":"{json.loads(record)["id"]}","deleted":"2026-01-01T00:00:00Z"}}\n')
    plan_of(root, csv).apply(open_study(root))
    layer = open_study(root).layer("matrix", "I01")
    assert layer is not None and not layer.segments


def test_participants_may_stand_in_the_first_row(tmp_path: Path) -> None:
    plan = plan_of(study_in(tmp_path), "Theme,E01\nTrust,number of downloads\n")
    assert only(plan).participant == "E01"
    assert only(plan).column == "Trust"


def test_rows_by_number_and_by_hand(tmp_path: Path) -> None:
    root = study_in(tmp_path)
    assert dict(plan_of(root, "who,Trust\n1,x\n").participants) == {"1": "E01"}
    study = open_study(root)
    table = read_matrix(b"who,Trust\nBoss,x\n", "m.csv", lambda row: row == "Boss")
    assert dict(plan_matrix(study, table, rows_said(["Boss=E01"])).participants) == {"Boss": "E01"}
    with pytest.raises(PostilError, match="no participant 'E09'"):
        plan_matrix(study, table, {"Boss": "E09"})
    with pytest.raises(PostilError, match="NAME=PARTICIPANT"):
        rows_said(["E09"])


@pytest.mark.parametrize(
    ("csv", "message"),
    [
        ("who,Trust\nX,1\n", "no row is named for a participant"),
        ("who,Trust,Trust\nE01,a,b\n", "two columns 'Trust'"),
        ("who,Trust\nE01,a\n1,b\n", "taken for the same participant"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, csv: str, message: str) -> None:
    with pytest.raises(PostilError, match=message):
        plan_of(study_in(tmp_path), csv)


def test_command_shows_methods_and_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = study_in(tmp_path)
    file = tmp_path / "m.xlsx"
    file.write_bytes(workbook([["", "Trust"], ["E01", "- number of downloads\n- nowhere"], ["Nobody", "x"]]))
    assert run(["import-codings", "--matrix", str(file), "-C", str(root), "--dry-run"]) == 1
    shown = capsys.readouterr()
    assert "1 of 2 bullets are put on words" in shown.out
    assert "nobody of this study, not taken in: Nobody" in shown.err
    assert not (root / "charts").exists()
    assert run(["import-codings", "--matrix", str(file), "-C", str(root), "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["placed"] == 1
    assert answer["report"][0]["places"][0]["words"] == "number of downloads"
    assert (root / "charts/E01.yaml").exists()


def workbook(rows: list[list[str]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# The real matrix ------------------------------------------------------------------------------------------------

METHOD = {"via-annotation": "annotation", "via-annotation-tokenset": "annotation-words"}
DATA = SHARED / "ptm-study"


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Study, MatrixPlan]]:
    root = tmp_path_factory.mktemp("matrix") / "ptm"
    assert run(["new", str(root)]) == 0
    options = ImportOptions(id_from=(r"Interview-(\d+)", "P{}"))
    apply_import(root, plan_import(open_study(root), sorted((DATA / "transcripts").glob("*.docx")), options))
    study = open_study(root)
    file = DATA / "Memos-P01-P08.xlsx"
    table = read_matrix(file.read_bytes(), file.name, str.isdigit)
    yield study, plan_matrix(study, table)
    shutil.rmtree(root)


@needs_shared
def test_no_bullet_of_the_real_matrix_is_put_on_other_words(real: tuple[Study, MatrixPlan]) -> None:
    expected = json.loads((DATA / "expected.json").read_text("utf-8"))["memo_bullets"]
    _, plan = real
    assert len(plan.bullets) == len(expected) == 514
    wrong = []
    for bullet, wanted in zip(plan.bullets, expected, strict=True):
        assert (int(bullet.participant[1:]), bullet.column) == (wanted["participant"], wanted["column"])
        if bullet.place is None:
            continue
        start, end = wanted["start"], wanted["end"]
        inside = start is not None and any(p.start < end and start < p.end for p in bullet.places)
        wrong += [] if inside else [(wanted["cell"], wanted["first_words"], bullet.method)]
    assert wrong == []


@needs_shared
def test_bullets_of_the_real_matrix_by_method(real: tuple[Study, MatrixPlan]) -> None:
    """Differences: one bullet that occurs twice is put nowhere; two text places lie inside the annotated words where
    the reference takes all of these; two weak ones are left in the cell, one of them on wrong words in the reference;
    one weak one takes the whole annotation."""
    expected = json.loads((DATA / "expected.json").read_text("utf-8"))["memo_bullets"]
    _, plan = real
    both = Counter(
        (METHOD.get(wanted["method"], wanted["method"]), bullet.method, bullet.status)
        for bullet, wanted in zip(plan.bullets, expected, strict=True)
    )
    assert both == {
        ("exact", "exact", "placed"): 74,
        ("exact", "exact", "ambiguous"): 1,
        ("fuzzy", "fuzzy", "placed"): 125,
        ("annotation", "annotation", "placed"): 175,
        ("annotation", "fuzzy", "placed"): 2,
        ("annotation-words", "annotation-words", "placed"): 47,
        ("fuzzy-weak", "fuzzy-weak", "look"): 8,
        ("fuzzy-weak", "annotation-words", "placed"): 1,
        ("fuzzy-weak", "none", "none"): 2,
        ("none", "none", "none"): 79,
    }


@needs_shared
def test_places_of_the_real_matrix_are_the_references(real: tuple[Study, MatrixPlan]) -> None:
    expected = json.loads((DATA / "expected.json").read_text("utf-8"))["memo_bullets"]
    study, plan = real
    same = Counter[str]()
    for bullet, wanted in zip(plan.bullets, expected, strict=True):
        if wanted["start"] is None or bullet.place is None:
            continue
        method = METHOD.get(wanted["method"], wanted["method"])
        exactly = any((p.start, p.end) == (wanted["start"], wanted["end"]) for p in bullet.places)
        same[method] += exactly
        if not exactly and bullet.method == method:
            text, place = study.transcripts[bullet.place.transcript].text, bullet.place
            shared = min(place.end, wanted["end"]) - max(place.start, wanted["start"])
            assert shared / len(text[place.start : place.end]) > 0.8, (wanted["cell"], wanted["first_words"])
    assert same == {"exact": 74, "fuzzy": 96, "annotation": 175, "annotation-words": 47, "fuzzy-weak": 4}


@needs_shared
def test_a_bullet_that_occurs_twice_shows_both_places(real: tuple[Study, MatrixPlan]) -> None:
    expected = json.loads((DATA / "expected.json").read_text("utf-8"))["memo_bullets"]
    _, plan = real
    for bullet, wanted in zip(plan.bullets, expected, strict=True):
        if wanted.get("occurrences", 1) > 1:
            assert len(bullet.places) == wanted["occurrences"]
            assert (wanted["start"], wanted["end"]) in [(p.start, p.end) for p in bullet.places]
