"""A study goes out and comes back; projects merge into studies; consent and blind rounds are obeyed."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postil_cli.running import run
from postil_formats.projects.incoming.new_study import study_from
from postil_formats.projects.incoming.plan import plan_project
from postil_formats.projects.incoming.writing import apply_project
from postil_formats.projects.outgoing.project import ExportWishes, outgoing
from postil_formats.projects.outgoing.refi import refi_codebook, refi_project
from postil_formats.projects.outgoing.tables import StudyTables
from postil_formats.projects.refi.read import read_refi
from postil_study.check.study import check_study
from postil_study.files.memos import load_memos
from postil_study.layers.file import encode_layer
from postil_study.layers.values import make_layer
from postil_study.study import Study, open_study
from postil_study.text.values import CodeUse, Layer, LayerHeader, Relation, Segment
from tests.refi_maker import CODE, project_xml, qdpx, selection
from tests.transcripts_support import CODEBOOK, GUIDE_HEADER, MANIFEST, MODES, STUDY, TEXT, small_study

ROOT = Path(__file__).resolve().parents[3]
CODES = ("popularity", "issues", "trust")
GUIDE_MARK = '{"id":"gggggggggg","start":42,"end":94,"codes":["choice"]}'
MEMO = "---\nabout: code:trust\nauthor: ana\ndate: '2026-01-02'\ntype: analytic\n---\n# On trust\n\nWords.\n"


def files(root: Path) -> dict[str, bytes]:
    found = (path for path in root.rglob("*") if path.is_file() and ".postil" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def exported(study: Study, with_study: bool = True, **wishes: object) -> bytes:
    return refi_project(study, ExportWishes(**wishes), with_study=with_study).data  # type: ignore[arg-type]


@st.composite
def layers(draw: st.DrawFn, coder: str) -> Layer:
    segments = []
    for number in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(TEXT) - 2))
        end = draw(st.integers(start + 1, len(TEXT)))
        whole = draw(st.booleans()) and number == 0
        span: tuple[int, int] | tuple[None, None] = (None, None) if whole else (start, end)
        modes = draw(
            st.lists(st.tuples(st.sampled_from(CODES), st.sampled_from(MODES)), max_size=3, unique_by=lambda p: p[0])
        )
        uses = tuple(code if mode == "affirm" else CodeUse(code, mode) for code, mode in modes)
        quote = "" if whole else TEXT[start:end]
        memo = draw(st.sampled_from(["", "a memo", "two\nlines & <marks>"]))
        if not uses and not memo and whole:
            continue
        id_ = f"{coder}{number}".ljust(10, "a")
        segments.append(
            Segment(
                id_, span[0], span[1], uses, quote, memo, bool(uses) and draw(st.booleans()), "2026-01-01T00:00:00Z"
            )
        )
    relations = []
    placed = [segment for segment in segments if segment.start is not None and segment.codes]
    if len(placed) > 1:
        one, two = placed[:2]
        relations.append(
            Relation(
                f"{coder}r".ljust(10, "a"),
                one.id,
                two.id,
                "goes-back-to",
                one.code_ids[0],
                two.code_ids[0],
                "poor",
                draw(st.sampled_from([None, (75, 79)])),
            )
        )
    return make_layer(LayerHeader(coder, "I01", "coder", "", "1.0.0"), segments, relations)


@st.composite
def studies(draw: st.DrawFn) -> dict[str, str]:
    made = {"codings/ana/I01.jsonl": encode_layer(draw(layers("ana"))).decode()}
    if draw(st.booleans()):
        made["codings/ben/I01.jsonl"] = encode_layer(draw(layers("ben"))).decode()
    if draw(st.booleans()):
        made["memos/on-trust.md"] = MEMO
    if draw(st.booleans()):
        made["codings/_guide/I01.jsonl"] = f"{GUIDE_HEADER}\n{GUIDE_MARK}\n"
    if draw(st.booleans()):
        summary = draw(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=9))
        made["charts/E01.yaml"] = f"# by hand\ncells:\n  trust: {{summary: {json.dumps(summary)}}}\n"
    return made


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(studies())
def test_our_own_round_trip_gives_back_the_same_study_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, made: dict[str, str]
) -> None:
    folder = tmp_path_factory.mktemp("round")
    study = open_study(small_study(folder / "a", made))
    data = exported(study)
    study_from(read_refi(data, "x.qdpx"), folder / "b")
    assert files(folder / "b") == files(folder / "a")
    assert exported(open_study(folder / "b")) == data


def content(study: Study) -> set[tuple[object, ...]]:
    """What was coded, whatever the records are called."""
    return {
        (layer.header.coder, s.start, s.end, frozenset(s.uses), s.quote, s.memo, s.unsure, s.at)
        for layer in study.layers()
        for s in layer.segments
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(studies())
def test_codes_codings_coders_and_memos_come_back_without_the_own_files_too(
    tmp_path_factory: pytest.TempPathFactory, made: dict[str, str]
) -> None:
    folder = tmp_path_factory.mktemp("round")
    study = open_study(small_study(folder / "a", made))
    project = read_refi(exported(study, with_study=False), "x.qdpx")
    assert project.schema_problems == () and project.own_files == {}
    study_from(project, folder / "b")
    back = open_study(folder / "b")
    assert content(back) == content(study)
    assert [c.label for c in back.codebook.codes.values()] == [c.label for c in study.codebook.codes.values()]
    assert {c.id: c.definition for c in back.codebook.codes.values()} == {
        c.id: c.definition for c in study.codebook.codes.values()
    }
    bodies = [(memo.about, memo.author, memo.date, memo.type, memo.body) for memo in load_memos(back.root)[0]]
    assert bodies == [(m.about, m.author, m.date, m.type, m.body) for m in load_memos(study.root)[0]]
    relations = [(r.source_code, r.type, r.target_code, r.guard) for la in back.layers() for r in la.relations]
    assert relations == [(r.source_code, r.type, r.target_code, r.guard) for la in study.layers() for r in la.relations]
    again = plan_project(study, project)
    assert apply_project(study, again) == []


def test_the_illustrative_study_goes_out_and_back(tmp_path: Path) -> None:
    study = open_study(ROOT)
    data = exported(study, everything=True)
    project = read_refi(data, "x.qdpx")
    assert project.schema_problems == ()
    study_from(project, tmp_path / "back")
    for path, content_ in files(tmp_path / "back").items():
        assert (ROOT / path).read_bytes() == content_, path
    lean = read_refi(exported(study, everything=True, with_study=False), "x.qdpx")
    study_from(lean, tmp_path / "lean")
    assert [str(p) for p in check_study(tmp_path / "lean") if p.severity == "error"] == []
    back = open_study(tmp_path / "lean")
    assert content(back) == content(study)
    assert {t.label for t in back.themes} == {t.label for t in study.themes}
    assert {c.id for c in back.codebook.codes.values()} == {c.id for c in study.codebook.codes.values()}


def test_files_of_a_project_that_was_changed_elsewhere_are_not_trusted(tmp_path: Path) -> None:
    data = exported(open_study(small_study(tmp_path / "a")))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, body.replace(b"Popularity", b"Fame") if name == "project.qde" else body)
    _, plan = study_from(read_refi(out.getvalue(), "x.qdpx"), tmp_path / "b")
    assert plan is not None and "Fame" in [code.label for code in plan.codes]


@pytest.mark.parametrize("path", ["../out.yaml", "/etc/x.yaml", ".git/config.yaml", ".postil/lock.txt", "run.sh"])
def test_own_files_never_leave_the_study(tmp_path: Path, path: str) -> None:
    data = exported(open_study(small_study(tmp_path / "a")))
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(f"postil/{path}", "x")
    with pytest.raises(Exception, match="no path of a study"):
        study_from(read_refi(out.getvalue(), "x.qdpx"), tmp_path / "b")
    assert not (tmp_path / "b").exists()


WITH_TWO = {
    "study.yaml": STUDY.replace("consent: {quote: true, share: true}", "consent: {quote: false, share: true}").replace(
        "guide:", "  E02: {org_size: large, consent: {share: false}}\nguide:"
    ),
    "transcripts/transcripts.yaml": MANIFEST + "I02:\n  speakers:\n    E02: {role: participant, participant: E02}\n",
    "transcripts/I02.txt": "E02:\nSecret words.\n",
    "codings/ana/I02.jsonl": '{"postil":1,"kind":"coder","coder":"ana","transcript":"I02"}\n'
    '{"id":"zzzzzzzzzz","start":5,"end":11,"codes":["trust"],"quote":"Secret"}\n',
    "memos/on-i02.md": "---\nabout: transcript:I02\nauthor: ana\ndate: '2026-01-02'\n---\nTold us a secret.\n",
}


def test_consent_is_obeyed_by_every_export(tmp_path: Path) -> None:
    study = open_study(small_study(tmp_path / "a", WITH_TWO))
    out = refi_project(study, ExportWishes())
    with zipfile.ZipFile(io.BytesIO(out.data)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert not [name for name in archive.namelist() if name.startswith("postil/")]
    assert b"ecret" not in everything and b"E02" not in everything
    assert b'name="I looked at' not in everything  # E01 may be shared, but not quoted
    assert any("did not agree to share" in remark.message for remark in out.remarks)
    tables = StudyTables(study).all()
    said = json.dumps([table.rows for table in tables.values()])
    assert "ecret" not in said and "I looked" not in said and "consent to be quoted" in said
    team = refi_project(study, ExportWishes(everything=True))
    assert team.counts["sources"] == 2


def test_a_blind_round_keeps_the_others_codings_here(tmp_path: Path) -> None:
    blind = "purpose: reliability\nblind: true\nstate: started\nassignments: {ana: [I01], ben: [I01]}\n"
    study = open_study(small_study(tmp_path / "a", {"rounds/R1.yaml": blind}))
    assert outgoing(study).project.sources[0].selections == ()
    assert outgoing(study, ExportWishes(me="ben")).project.sources[0].selections == ()
    assert len(outgoing(study, ExportWishes(me="ana")).project.sources[0].selections) == 2
    assert StudyTables(study).segments().rows == ()


def test_a_project_merges_by_name_place_and_words_not_by_guid(tmp_path: Path) -> None:
    """What QualCoder does: new GUIDs on every export, one selection for each code."""
    study = open_study(small_study(tmp_path / "a"))
    start, end = TEXT.index("Then"), TEXT.index("Then") + 19
    codes = "".join(
        f'<Code guid="{CODE[:-1]}{number}" name="{name}" isCodable="true"/>'
        for number, name in enumerate(["Issues", "Trust"])
    )
    passages = selection(start, end, 1, code=CODE[:-1] + "0") + selection(start, end, 2, code=CODE[:-1] + "1")
    xml = project_xml(passages, codes).replace('name="Ann"', 'name="Ana"')
    plan = plan_project(study, read_refi(qdpx(xml, {"sources/a.txt": b"\xef\xbb\xbf" + TEXT.encode()}), "x.qdpx"))
    assert (len(plan.codes), plan.matched_codes, plan.already) == (0, 2, 1)
    assert apply_project(study, plan) == []


def test_a_text_that_was_corrected_is_found_by_its_guid_and_passages_by_their_words(tmp_path: Path) -> None:
    study = open_study(small_study(tmp_path / "a"))
    data = exported(study, with_study=False)
    (tmp_path / "a/transcripts/I01.txt").write_text("Interviewer:\nWell.\n\n" + TEXT, encoding="utf-8")
    (tmp_path / "a/codings/ana/I01.jsonl").unlink()
    study = open_study(tmp_path / "a")
    apply_project(study, plan_project(study, read_refi(data, "x.qdpx")))
    (layer,) = open_study(tmp_path / "a").layers()
    text = open_study(tmp_path / "a").transcripts["I01"].text
    assert [text[s.start : s.end] for s in layer.segments] == [s.quote for s in layer.segments]
    assert len(layer.segments) == 2


def test_sources_of_equal_words_stay_apart(tmp_path: Path) -> None:
    """MAXQDA writes a document for each row of a survey."""
    xml = project_xml()
    second = xml[xml.index("<TextSource") : xml.index("</Sources>")].replace("CCCCCCCC", "CCCCCCCD")
    project = read_refi(qdpx(xml.replace("</Sources>", second + "</Sources>")), "x.qdpx")
    study_from(project, tmp_path / "a")
    assert list(open_study(tmp_path / "a").transcripts) == ["One", "One-2"]
    study = open_study(tmp_path / "a")
    assert apply_project(study, plan_project(study, project)) == []


def test_the_codebook_alone(tmp_path: Path) -> None:
    data = refi_codebook(open_study(small_study(tmp_path / "a")), ExportWishes()).data
    book = read_refi(data, "x.qdc")
    assert book.schema_problems == ()
    assert [book.code_path(code.guid) for code in book.codes] == [
        ("Selection",),
        ("Selection", "Popularity"),
        ("Selection", "Issues"),
        ("Trust",),
    ]


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = small_study(tmp_path / "a")
    out = tmp_path / "x.qdpx"
    assert run(["export", "refi", "-C", str(root), "--out", str(out), "--json"]) == 0
    counts = json.loads(capsys.readouterr().out)["counts"]
    assert (counts["codes"], counts["selections"], counts["codings"], counts["links"]) == (4, 2, 3, 1)
    assert run(["import-codings", str(out), "--new", str(tmp_path / "b")]) == 0
    assert files(tmp_path / "b") == files(root)
    assert run(["import-codings", str(out), "--new", str(tmp_path / "b")]) == 1
    assert "not empty" in capsys.readouterr().err
    assert run(["export", "csv", "-C", str(root), "--out", str(tmp_path / "csv")]) == 0
    assert (tmp_path / "csv" / "segments.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert run(["export", "csv", "-C", str(root), "--table", "codebook"]) == 0
    assert "popularity,selection/popularity" in capsys.readouterr().out
    assert run(["export", "xlsx", "-C", str(root), "--out", str(tmp_path / "x.xlsx")]) == 0
    assert run(["export", "qdc", "-C", str(root), "--out", str(tmp_path / "x.qdc")]) == 0
    assert run(["export", "csv", "-C", str(root)]) == 1
    assert run(["export", "refi", "-C", str(root), "--coder", "nobody"]) == 1


def test_a_dry_run_writes_nothing_and_says_how_positions_were_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = small_study(tmp_path / "a", {"codebook/codebook.yaml": CODEBOOK})
    before = files(root)
    file = tmp_path / "x.qdpx"
    file.write_bytes(qdpx(project_xml(selection(18, 43, name="x"))))
    assert run(["import-codings", str(file), "-C", str(root), "--dry-run", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["sources"][0]["positions"] == "code points" and answer["passages"]["placed"] == 1
    assert files(root) == before


def test_a_formula_in_a_memo_is_no_formula_in_a_spreadsheet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = '{"id":"aaaaaaaaaa","start":42,"end":74,"codes":["trust"],"memo":"=1+1"}'
    layer = f'{{"postil":1,"coder":"ana","transcript":"I01"}}\n{record}\n'
    root = small_study(tmp_path / "a", {"codings/ana/I01.jsonl": layer})
    assert run(["export", "csv", "-C", str(root), "--table", "segments"]) == 0
    assert ",'=1+1," in capsys.readouterr().out


def test_a_codebook_of_another_program_is_added_to_the_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = small_study(tmp_path / "a")
    book = (
        '<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="x"><Codes>'
        f'<Code guid="{CODE}" name="Trust" isCodable="true">'
        f'<Code guid="{CODE[:-1]}2" name="In people" isCodable="1"/></Code></Codes></CodeBook>'
    )
    (tmp_path / "x.qdc").write_text(book, encoding="utf-8")
    assert run(["import-codebook", str(tmp_path / "x.qdc"), "-C", str(root)]) == 0
    codes = open_study(root).codebook
    assert codes.code_path("in-people") == "trust/in-people"
    assert "codes: 1 new, 1 known" in capsys.readouterr().out
