"""Hostile and broken projects: a message with the file's name, nothing written, soon."""

from __future__ import annotations

import io
import re
import sqlite3
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postil_base.problem import PostilError
from postil_cli.main import cli
from postil_cli.running import run
from postil_formats.projects.incoming.new_study import study_from
from postil_formats.projects.peers.read import read_project
from postil_formats.projects.refi.read import read_refi
from postil_study.study import open_study
from tests.fuzz.targets import QUALCODER, TAGUETTE
from tests.refi_maker import CODE, SOURCE, TEXT, project_xml, qdpx, selection
from tests.transcripts_support import small_study

DOCTYPE = '<!DOCTYPE Project [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


def bomb() -> bytes:
    return qdpx(project_xml(), {"sources/a.txt": b" " * (65 * 1024 * 1024)})


def many_members() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(10_001):
            archive.writestr(f"sources/{number}", b"")
    return out.getvalue()


def two_projects() -> bytes:
    return qdpx(project_xml(), {"other.qde": b"<Project/>", "PROJECT.QDE": b"<Project/>"})


REFUSED = {
    "bomb.qdpx": (bomb, "64 MB"),
    "members.qdpx": (many_members, "10001 parts"),
    "two.qdpx": (two_projects, "several projects"),
    "none.qdpx": (lambda: qdpx("x", {}, "readme.txt"), "no project"),
    "cut.qdpx": (lambda: qdpx(project_xml())[:-40], "damaged"),
    "doctype.qdpx": (lambda: qdpx(project_xml().replace("<Project ", DOCTYPE + "<Project ")), "DOCTYPE"),
    "external.qde": (
        lambda: b'<!DOCTYPE P [<!ENTITY x SYSTEM "file:///etc/passwd">]><Project name="&x;"/>',
        "external entity",
    ),
    "deep.qdc": (lambda: (b"<a>" * 5000) + (b"</a>" * 5000), "not sound XML"),
    "broken.qdc": (lambda: b"<CodeBook><Codes>", "not sound XML"),
    "other.qdc": (lambda: b"<html/>", "no REFI-QDA file"),
    "zeros.qdpx": (lambda: b"\x00" * 1000, "not sound XML"),
    "empty.qdpx": (lambda: b"", "not sound XML"),
    "damaged.qda": (lambda: b"SQLite format 3\x00" + b"\x00" * 200, "damaged"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_a_reason_and_nothing_written(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, reason = REFUSED[name]
    root = small_study(tmp_path / "study")
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    file = tmp_path / name
    file.write_bytes(make())
    assert run(["import-codings", str(file), "--study", str(root)]) == 1
    said = capsys.readouterr().err
    assert name in said and reason in said and "Traceback" not in said
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "path",
    [
        "internal://../../etc/passwd",
        "absolute:///etc/passwd",
        "relative:///other.txt",
        "/etc/passwd",
        "file:///etc/passwd",
    ],
)
def test_a_text_outside_the_file_is_not_fetched(path: str) -> None:
    project = read_refi(qdpx(project_xml(selection(0, 5), path=path)), "x.qdpx")
    assert project.sources[0].text is None
    assert any("its text" in remark.message for remark in project.remarks)


def test_a_link_in_the_archive_is_no_text() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("project.qde", project_xml())
        link = zipfile.ZipInfo("sources/a.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert read_refi(out.getvalue(), "x.qdpx").sources[0].text is None


@pytest.mark.parametrize(
    ("start", "end", "span"),
    [
        (-5, 3, None),
        (9, 4, (4, 9)),
        (4, 10_000, (4, len(TEXT))),
        (10_000, 20_000, None),
        ("x", 3, "left out"),
        (10**30, 10**31, "left out"),
        (5, 5, (5, 5)),
    ],
)
def test_odd_positions_are_said(start: object, end: object, span: object) -> None:
    project = read_refi(qdpx(project_xml(selection(start, end))), "x.qdpx")
    found = project.sources[0].selections
    assert [s.span for s in found] == ([] if span == "left out" else [span])
    assert (span == (5, 5)) != bool(project.remarks)


def test_a_passage_outside_the_text_is_found_by_its_words() -> None:
    words = "Because of the downloads."
    project = read_refi(qdpx(project_xml(selection(900, 925, name=words))), "x.qdpx")
    span = project.sources[0].selections[0].span
    assert span is not None and TEXT[slice(*span)] == words


def test_references_that_lead_nowhere_or_in_a_circle(tmp_path: Path) -> None:
    odd = "FFFFFFFF-0000-4000-8000-000000000009"
    more = (
        f'<Notes><Note guid="{odd}" name="n"><PlainTextContent>words</PlainTextContent></Note></Notes>'
        f'<Links><Link guid="{odd}" originGUID="{odd}" targetGUID="{odd}"/></Links>'
        f'<Sets><Set guid="{odd}" name="s"><MemberCode targetGUID="{odd}"/>'
        f'<MemberNote targetGUID="{odd}"/></Set></Sets>'
    )
    project = read_refi(qdpx(project_xml(selection(0, 5, code=odd), more=more)), "x.qdpx")
    study_from(project, tmp_path / "study")
    assert any("not in the codebook" in remark.message for remark in project.remarks)
    (layer,) = open_study(tmp_path / "study").layers()
    assert layer.segments[0].codes == ()


def test_ids_that_stand_twice_stay_apart(tmp_path: Path) -> None:
    codes = f'<Code guid="{CODE}" name="One" isCodable="true"/><Code guid="{CODE}" name="Two" isCodable="true"/>'
    same = selection(0, 5) + selection(6, 10)
    project = read_refi(qdpx(project_xml(same, codes)), "x.qdpx")
    assert [code.name for code in project.codes] == ["One", "Two"]
    study_from(project, tmp_path / "study")
    study = open_study(tmp_path / "study")
    assert len(study.codebook.codes) == 2
    assert sum(len(layer.segments) for layer in study.layers()) == 2


NASTY = [
    "a: b # c",
    "=1+1",
    'x"y',
    "<b>&amp;</b>",
    "[red]x[/]",
    "\x1b[31mx",
    "\\n{}",
    "-",
    "日本語",
    "a/b",
    "x" * 500,
]


@pytest.mark.parametrize("name", NASTY)
def test_any_name_of_a_code_comes_in_and_goes_out_as_it_is(name: str, tmp_path: Path) -> None:
    from postil_formats.projects.outgoing.project import outgoing
    from postil_formats.projects.refi.values import Project, RefiCode
    from postil_formats.projects.refi.write import project_zip, xml_text

    project = Project("p", "other", codes=(RefiCode(CODE, xml_text(name)),))
    study_from(read_refi(project_zip(project), "x.qdpx"), tmp_path / "study")
    out = outgoing(open_study(tmp_path / "study")).project
    assert [(code.guid, code.name) for code in out.codes] == [(CODE, xml_text(name))]


def test_two_hundred_megabytes_in_one_line_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PostilError, match="64 MB"):
        read_refi(qdpx(project_xml(), {"sources/a.txt": b"x" * (200 << 20)}), "x.qdpx")


def test_zero_bytes_and_other_encodings() -> None:
    assert read_refi(qdpx(project_xml(), {"sources/a.txt": b"a\0b"}), "x.qdpx").sources[0].text is None
    latin = read_refi(qdpx(project_xml(), {"sources/a.txt": "naïve".encode("cp1252")}), "x.qdpx")
    assert latin.sources[0].text == "naïve" and any("Windows-1252" in r.message for r in latin.remarks)
    wide = read_refi(qdpx(project_xml(), {"sources/a.txt": "naïve".encode("utf-16")}), "x.qdpx")
    assert wide.sources[0].text == "naïve"


def database(path: Path, script: str) -> Path:
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.commit()
    connection.close()
    return path


def test_a_view_without_end_is_not_asked(tmp_path: Path) -> None:
    endless = (
        "create view source as with recursive c(x) as (select 1 union all select x+1 from c) select x as id from c;"
    )
    file = database(tmp_path / "x.qda", f"create table code_text(a); create table code_name(cid, name); {endless}")
    with pytest.raises(PostilError, match="neither of Taguette"):
        read_project(file)


def test_a_database_of_another_program(tmp_path: Path) -> None:
    file = database(tmp_path / "x.sqlite3", "create table other(a);")
    with pytest.raises(PostilError, match="neither of Taguette"):
        read_project(file)


def test_tables_and_projects_are_not_mixed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x", encoding="utf-8")
    (tmp_path / "b.qdpx").write_bytes(qdpx(project_xml()))
    root = small_study(tmp_path / "study")
    result = CliRunner().invoke(
        cli, ["import-codings", str(tmp_path / "a.csv"), str(tmp_path / "b.qdpx"), "-C", str(root)]
    )
    assert result.exit_code == 2


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_project_with_broken_bytes_is_read_or_refused(data: st.DataObject) -> None:
    whole = bytearray(qdpx(project_xml(selection(0, 5) + selection(20, 30, 2))))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with suppress(PostilError):
        read_refi(bytes(whole), "x.qdpx")


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_xml_with_parts_taken_out_is_read_or_refused(data: st.DataObject) -> None:
    xml = project_xml(selection(0, 5, extra="<Description>memo</Description>") + selection(20, 30, 2))
    start = data.draw(st.integers(60, len(xml) - 1))
    length = data.draw(st.integers(0, 40))
    try:
        project = read_refi(qdpx(xml[:start] + xml[start + length :]), "x.qdpx")
    except PostilError:
        return
    assert all(s.span is None or 0 <= s.span[0] <= s.span[1] for source in project.sources for s in source.selections)


def test_the_source_is_known_by_its_guid() -> None:
    assert read_refi(qdpx(project_xml()), "x.qdpx").sources[0].guid == SOURCE


def test_characters_that_turn_words_around_are_taken_out_and_said(tmp_path: Path) -> None:
    codes = f'<Code guid="{CODE}" name="a\u202eb" isCodable="true"/>'
    _, plan = study_from(read_refi(qdpx(project_xml("", codes)), "x.qdpx"), tmp_path / "study")
    assert [code.label for code in open_study(tmp_path / "study").codebook.codes.values()] == ["ab"]
    assert plan is not None and any("do not show" in remark.message for remark in plan.remarks)


@pytest.mark.parametrize("script", [TAGUETTE, QUALCODER], ids=["Taguette", "QualCoder"])
def test_a_database_that_lacks_a_column_is_read_or_refused(script: str, tmp_path: Path) -> None:
    """Other versions have other columns; what cannot be done without is named, what belongs to nothing is counted."""
    columns = [
        (table, cell.strip().split()[0])
        for table, cells in re.findall(r"create table (\w+)\(([^)]*)\)", script.replace("\n", " "))
        for cell in cells.split(",")
    ]
    for number, (table, column) in enumerate(columns):
        file = database(tmp_path / f"{number}.sqlite3", f"{script}; alter table {table} rename column {column} to x_x;")
        try:
            project = read_project(file)
        except PostilError as error:
            assert f"{table} has no column {column!r}" in str(error)
            continue
        assert list(project.codings()) or project.remarks or table == "highlights", (table, column)


def test_columns_that_are_computed_larger_than_the_file(tmp_path: Path) -> None:
    big = "create table source(id integer, name text, fulltext text generated always as (hex(zeroblob(15000000))));"
    more = "insert into source(id, name) with recursive c(x) as (select 1 union all select x + 1 from c where x < 99) "
    rest = "create table code_text(a); create table code_name(cid, name);"
    file = database(tmp_path / "x.qda", f"{big} {more} select x, 'n' from c; {rest}")
    assert file.stat().st_size < 100_000
    with pytest.raises(PostilError, match="more than 128 MB"):
        read_project(file)
