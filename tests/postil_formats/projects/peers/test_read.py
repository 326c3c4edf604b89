"""Taguette, QualCoder and qc: projects made on the spot, odd ones among them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from postil_base.problem import PostilError
from postil_cli.running import run
from postil_formats.projects.peers.html_text import HtmlText
from postil_formats.projects.peers.read import read_project
from postil_formats.projects.refi.values import Project
from postil_study.study import open_study


def made(path: Path, script: str) -> Path:
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.commit()
    connection.close()
    return path


TAGUETTE = """
pragma application_id = 1416066164;
create table projects (id integer, name, description, created);
create table project_members (project_id, user_login, privileges);
create table documents (id integer, name, description, filename, created, project_id, contents);
create table tags (id integer, project_id, path, description);
create table highlights (id integer, document_id, start_offset integer, end_offset integer, snippet);
create table highlight_tags (highlight_id, tag_id);
create table commands (id integer, date, user_login, project_id, document_id, payload);
insert into projects values (1, 'One', '', '2024-01-01 10:00:00'), (2, 'Two', '', '2024-01-01 10:00:00');
insert into tags values (1, 1, 'a', 'first'), (2, 1, 'a.b.c', ''), (3, 2, 'other', '');
insert into documents values (1, 1, '', 'x.html', '2024-01-01 10:00:00', 1, '<p>é yes</p><p>no &amp; <i>so</i></p>');
insert into documents values (2, 'Doc', '', 'y.html', '2024-01-01 10:00:00', 2, '<p>other words</p>');
insert into highlights values (1, 1, 0, 6, '<p>é yes</p>'), (2, 1, 6, 13, 'no &amp; so'), (3, 1, 500, 510, 'é yes');
insert into highlight_tags values (1, 1), (1, 2), (2, 9), (3, 1);
insert into commands values (1, '', 'eve', 1, 1, '{"type": "highlight_add", "highlight_id": 1}');
insert into commands values (2, '', 'max', 1, 1, '{"type": "highlight_add", "highlight_id": 1}');
insert into commands values (3, '', 'x', 1, 1, 'no json');
"""


def spans(project: Project) -> list[str]:
    source = project.sources[0]
    return [(source.text or "")[slice(*s.span)] for s in source.selections if s.span is not None]


def test_taguette_counts_bytes_and_is_held_to_the_words_it_kept(tmp_path: Path) -> None:
    project = read_project(made(tmp_path / "t.sqlite3", TAGUETTE), "One")
    assert project.sources[0].text == "é yes\nno & so"
    assert spans(project) == ["é yes", "no & so", "é yes"]
    assert [project.code_path(code.guid) for code in project.codes] == [("a",), ("a", "a.b.c")]
    assert [project.coder_name(s.user) for s in project.sources[0].selections] == ["max", "", ""]
    said = " ".join(str(remark) for remark in project.remarks)
    assert "tag 9 is not in the project" in said and "found by the words" in said and "nobody is known" in said


def test_a_database_with_several_projects_asks_which(tmp_path: Path) -> None:
    file = made(tmp_path / "t.sqlite3", TAGUETTE)
    with pytest.raises(PostilError, match=r"'One', 'Two'.*--project"):
        read_project(file)
    assert run(["import-codings", str(file), "--project", "Two", "--new", str(tmp_path / "two")]) == 0
    assert list(open_study(tmp_path / "two").transcripts) == ["Doc"]


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("\n <p>a</p>", "a"),
        ("<p>a</p>\n<p>b</p>", "a\nb"),
        ("<p>a</p><p>b</p>", "a\nb"),
        ("a<br>b", "a\nb"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<style>x{}</style>a", "x{}a"),
        ("a &lt;b&gt; &#233;", "a <b> é"),
    ],
)
def test_the_words_of_a_page(page: str, words: str) -> None:
    assert HtmlText(page).text == words


QUALCODER = """
create table project (databaseversion, date, memo, about, codername);
create table source (id integer, name, fulltext, mediapath, memo, owner, date);
create table code_cat (catid integer, name, owner, date, memo, supercatid);
create table code_name (cid integer, name, memo, catid, owner, date, color);
create table code_text (ctid integer, cid, fid, seltext, pos0 integer, pos1 integer, owner, date, memo);
create table annotation (anid integer, fid, pos0 integer, pos1 integer, memo, owner, date);
create table cases (caseid integer, name, memo, owner, date);
create table code_image (imid integer);
insert into project values ('v7', '2024-01-01 10:00:00', 'about it', 'QualCoder 3.5', 'Ann');
insert into source values (1, 'One.txt', 'Ann: We read the card.', null, '', 'Ann', '2024-01-01 10:00:00');
insert into source values (2, 'photo.jpg', null, '/images/photo.jpg', '', 'Ann', '');
insert into code_cat values (1, 'Ring', '', '', '', 2), (2, 'Round', '', '', '', 1);
insert into code_name values (1, 'Card', 'the memo', 1, 'Ann', '', '#00FF00');
insert into code_text values (1, 1, 1, 'read the card', 8, 21, 'Ann', '2024-01-02 10:00:00', 'a memo');
insert into code_text values (2, 1, 1, 'We read the card.', 90, 99, 'Ben', '', '');
insert into code_text values (3, 7, 1, 'We', 5, 7, null, '', null);
insert into annotation values (1, 1, 5, 7, 'who?', 'Ben', '');
insert into code_image values (1);
"""


def test_an_older_qualcoder_project_with_a_ring_of_categories(tmp_path: Path) -> None:
    (tmp_path / "mine.qda").mkdir()
    made(tmp_path / "mine.qda" / "data.qda", QUALCODER)
    project = read_project(tmp_path / "mine.qda")
    assert (project.name, project.origin) == ("mine", "QualCoder 3.5")
    assert [project.code_path(code.guid) for code in project.codes] == [("Ring",), ("Ring", "Round"), ("Ring", "Card")]
    assert spans(project) == ["read the card", "We read the card.", "We"]
    said = " ".join(str(remark) for remark in project.remarks)
    for word in ("found by the words", "its code 7", "1 codings; Postil codes text", "photo.jpg"):
        assert word in said
    assert run(["import-codings", str(tmp_path / "mine.qda"), "--new", str(tmp_path / "study")]) == 0
    study = open_study(tmp_path / "study")
    coded = {(la.header.coder, s.quote, s.memo) for la in study.layers() for s in la.segments}
    assert ("ann", "read the card", "a memo") in coded and ("ben", "We", "who?") in coded


QC = """
create table document (file_path, file_hash);
create table document_index (id integer, name, document_id);
create table location (id integer, start_line, end_line, document_index_id);
create table code (name);
create table coder (name);
create table coded_line (id integer, line integer, coder_id, code_id);
create table coded_line_location_association (coded_line_id, location_id);
insert into document values ('talk.txt', 'x'), ('gone.txt', 'x');
insert into document_index values (1, 'paragraphs', 'talk.txt'), (2, 'sentences', 'talk.txt');
insert into location values (1, 0, 3, 1), (2, 0, 3, 2);
insert into code values ('fun'), ('loose');
insert into coder values ('cp'), ('zb');
insert into coded_line values (1, 1, 'cp', 'fun'), (2, 1, 'cp', 'loose'), (3, 2, 'zb', 'fun'), (4, 99, 'zb', 'fun');
insert into coded_line_location_association values (1, 1), (1, 2), (2, 1), (3, 1), (4, 1);
"""


def qc_project(folder: Path) -> Path:
    (folder / "corpus").mkdir(parents=True)
    (folder / "memos").mkdir()
    (folder / "corpus" / "talk.txt").write_text(
        "Ann: So?\nBob: It was fun, really.\nAnn: Ah.\nBob: Yes.\n", encoding="utf-8"
    )
    (folder / "memos" / "m.md").write_text("# A memo\n\nWords.\n", encoding="utf-8")
    (folder / "settings.yaml").write_text(
        "qc_version: 1.7.8\ncorpus_dir: corpus\nmemos_dir: memos\ncodebook: codebook.yaml\ndatabase: db.sqlite3\n",
        encoding="utf-8",
    )
    (folder / "codebook.yaml").write_text("- school:\n  - fun\n- work:\n  - fun\n", encoding="utf-8")
    made(folder / "db.sqlite3", QC)
    return folder


@pytest.mark.parametrize("named", ["", "settings.yaml", "db.sqlite3"])
def test_a_qc_project(tmp_path: Path, named: str) -> None:
    project = read_project(qc_project(tmp_path / "qc") / named)
    paths = [project.code_path(code.guid) for code in project.codes]
    assert paths == [("school",), ("school", "fun"), ("work",), ("work", "fun"), ("loose",)]
    assert spans(project) == ["Bob: It was fun, really.", "Ann: Ah."]
    assert dict(project.codings_by_user()) == {"cp": 2, "zb": 1}
    said = " ".join(str(remark) for remark in project.remarks)
    assert "line 99" in said and "gone.txt" in said and "several branches" in said


def test_a_qc_project_becomes_a_study(tmp_path: Path) -> None:
    assert run(["import-codings", str(qc_project(tmp_path / "qc")), "--new", str(tmp_path / "study")]) == 0
    study = open_study(tmp_path / "study")
    assert list(study.codebook.codes) == ["school", "fun", "work", "work.fun", "loose"]
    assert [turn.label for turn in study.transcripts["talk"].turns] == ["Ann", "Bob", "Ann", "Bob"]


def test_a_qc_project_cannot_reach_outside_its_folder(tmp_path: Path) -> None:
    folder = qc_project(tmp_path / "qc")
    settings = (folder / "settings.yaml").read_text(encoding="utf-8")
    (folder / "settings.yaml").write_text(settings.replace("db.sqlite3", "../../etc/x"), encoding="utf-8")
    with pytest.raises(PostilError, match="outside the project"):
        read_project(folder)


def test_changes_that_are_not_in_the_file_yet_are_said(tmp_path: Path) -> None:
    file = made(tmp_path / "t.sqlite3", TAGUETTE)
    (tmp_path / "t.sqlite3-wal").write_bytes(b"x")
    assert any("-wal" in remark.message for remark in read_project(file, "One").remarks)
