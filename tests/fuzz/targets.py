"""Every importer with a sound file it reads. A target takes bytes and may say `PostilError`, nothing else."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from postil_base.files.text import decode
from postil_base.yaml.places import load_map
from postil_codebook.decision_process.read import load_process
from postil_codebook.findings import load_findings
from postil_codebook.load import load_codebook
from postil_codebook.themes import load_themes
from postil_formats.codings.matrix.plan import plan_matrix
from postil_formats.codings.matrix.table import read_matrix
from postil_formats.codings.plan import plan_codings
from postil_formats.codings.sources.brat import read_brat
from postil_formats.codings.sources.rows import CodingsTable, read_codings
from postil_formats.codings.sources.web import read_web
from postil_formats.projects.incoming.names import with_pseudonyms
from postil_formats.projects.incoming.plan import plan_project
from postil_formats.projects.peers.read import read_project
from postil_formats.projects.refi.read import read_refi
from postil_formats.projects.refi.values import Project
from postil_model.agreement.ratings_table import RatingsOptions, ratings_result
from postil_model.release.packet import read_answer
from postil_model.verify.manuscript import read_manuscript
from postil_study.files.manifest import load_manifest
from postil_study.files.memos import split_memo
from postil_study.files.settings import load_settings
from postil_study.layers.file import read_layer
from postil_study.privacy.pseudonyms.mapping import load_names
from postil_study.privacy.pseudonyms.matching import Names, PseudonymRule
from postil_study.rounds.plan import load_round
from postil_study.study import Study, open_study
from tests.hostile.attacks import sheet
from tests.refi_maker import project_xml, qdpx, selection
from tests.transcripts_support import CODEBOOK, LAYER, MANIFEST, STUDY, TEXT, small_study

Read = Callable[[bytes], object]
NAMES = Names([PseudonymRule("downloads", "[thing]"), PseudonymRule("Ann", "P1")])


@dataclass(frozen=True)
class Target:
    """An importer, a sound file, and the part of it that is damaged (an archive; empty: the whole file)."""

    read: Read
    seed: bytes
    part: str = ""


@cache
def study() -> Study:
    """A study that everything is planned into; nothing is written."""
    folder = TemporaryDirectory(prefix="postil-fuzz-")
    _KEPT.append(folder)
    return open_study(small_study(Path(folder.name) / "study"))


_KEPT: list[TemporaryDirectory[str]] = []


def planned(table: CodingsTable) -> object:
    """Rows as they would come in."""
    return plan_codings(study(), [table])


def incoming(project: Project) -> object:
    """A project as it would come in, with its names and without."""
    plan_project(study(), with_pseudonyms(project, NAMES))
    return plan_project(study(), project)


def matrix(data: bytes, name: str) -> object:
    """A framework matrix as it would come in."""
    return plan_matrix(study(), read_matrix(data, name, lambda row: row.startswith("E")), {})


def database(data: bytes) -> object:
    """A project in a database."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.sqlite3"
        path.write_bytes(data)
        return incoming(read_project(path))


def mapping(data: bytes) -> object:
    """A mapping of names."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "map.yaml"
        path.write_bytes(data)
        return load_names(path).text(TEXT)


def yaml(load: Callable[[str, str], object]) -> Read:
    """A YAML file of the study."""
    return lambda data: load(decode(data, "x.yaml").removeprefix("\ufeff"), "x.yaml")


def made(script: str) -> bytes:
    """A database."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.sqlite3"
        connection = sqlite3.connect(path)
        connection.executescript(script)
        connection.commit()
        connection.close()
        return path.read_bytes()


TAGUETTE = """
pragma application_id = 1415869556;
create table projects(id integer primary key, name text, description text, created text);
create table documents(id integer primary key, name text, description text, filename text, created text,
  project_id integer, text_direction text, contents text);
create table tags(id integer primary key, project_id integer, path text, description text);
create table highlights(id integer primary key, document_id integer, start_offset integer, end_offset integer,
  snippet text);
create table highlight_tags(highlight_id integer, tag_id integer);
insert into projects values (1, 'P', '', '2024-01-01');
insert into documents values (1, 'd', '', 'd.txt', '2024-01-01', 1, 'LEFT_TO_RIGHT', '<p>A: hi, all</p><p>B: ho</p>');
insert into tags values (1, 1, 'a.b', 'x');
insert into highlights values (1, 1, 3, 5, 'hi');
insert into highlight_tags values (1, 1);
"""
QUALCODER = """
create table source(id integer primary key, name text, fulltext text, mediapath text, memo text, owner text, date text,
  av_text_id integer, risid integer);
create table code_name(cid integer primary key, name text, memo text, catid integer, owner text, date text, color text);
create table code_cat(catid integer primary key, name text, owner text, date text, memo text, supercatid integer);
create table code_text(ctid integer primary key, cid integer, fid integer, seltext text, pos0 integer, pos1 integer,
  owner text, date text, memo text, avid integer, important integer);
insert into source values (1, 'd.txt', 'A: hi, all' || char(10) || 'B: ho', null, '', 'ann', '2024-01-01', null, null);
insert into code_cat values (1, 'top', 'ann', '', '', null);
insert into code_name values (1, 'greeting', '', 1, 'ann', '', '#FF0000');
insert into code_text values (1, 1, 1, 'hi', 3, 5, 'ann', '2024-01-01', '', null, null);
"""
PROCESS = """\
id: p
stages: [{id: s, label: S}]
nodes:
  - {id: look, label: Look, kind: task, stage: s, codes: [popularity], items: {a: [trust]}}
  - {id: read, label: Read, kind: task, stage: s, codes: [issues]}
edges: [{source: look, target: read, kind: flow, guard: good}]
"""
FINDINGS = """\
findings:
  - {id: f1, statement: Many., numerator: 3, denominator: 4, value: 75, unit: percent, links: {node: look, code: trust}}
"""
ROUND = """\
purpose: reliability
coders: [ana, ben]
assignments: {ana: [I01], ben: [I01]}
blind: true
state: frozen
"""
ROWS = """\
transcript,coder,segment,start,end,quote,codes,memo
I01,ana,s1,42,74,I looked at the downloads first.,trust; popularity,m
"""
RELATIONS = "transcript,coder,from,from_code,to,to_code,type,cue\nI01,ana,s1,trust,s2,issues,leads-to,Then\n"
ANN = (
    "T1\ttrust 42 48\tlooked\nA1\tNegation T1\nT2\tissues 75 79\tThen\nR1\tleads-to Arg1:T1 Arg2:T2\n#1\tNote T1\twhy\n"
)
WEB = """[{"@context": "http://www.w3.org/ns/anno.jsonld", "id": "urn:1", "type": "Annotation", "creator": "ana",
 "body": [{"type": "TextualBody", "purpose": "tagging", "value": "trust"}],
 "target": {"source": "I01.txt", "selector": {"type": "TextQuoteSelector", "exact": "downloads", "prefix": "the "}}},
 {"id": "urn:2", "type": "Annotation", "creator": {"name": "Ben"}, "bodyValue": "yes", "target": "urn:1"}]"""
MATRIX = 'participant,Trust,Issues\nE01,"- downloads first\n- the issues",-\n'
PAPER = "# Results\n\nAs E01 said, “I looked at the downloads first.” (1 of 1)\n\n> Then at the issues.\n"
LATEX = "E01 said ``I looked at the \\emph{downloads} first.'' \\cite{x} % no\n\\begin{quote}Then.\\end{quote}\n"
ANSWER = (
    "# S\n\n## Trust <!-- trust -->\n\nWe understood: x\n\n- [x] Yes, that is what I meant\n- [ ] No\n\nMore: fine\n"
)
QDC = qdpx(
    project_xml(selection(3, 16) + selection(20, 30, 2, name="Because of", extra="<Description>m</Description>"))
)


def rows(data: bytes) -> object:
    """Codings in a CSV file."""
    return planned(read_codings(data, "a.csv", coder="ana"))


TARGETS: dict[str, Target] = {
    "rows csv": Target(rows, ROWS.encode()),
    "relations csv": Target(rows, RELATIONS.encode()),
    "rows xlsx": Target(
        lambda data: planned(read_codings(data, "a.xlsx", coder="ana")),
        sheet([["transcript", "coder", "quote", "codes"], ["I01", "ana", "the downloads", "trust"]]),
        "xl/worksheets/sheet1.xml",
    ),
    "brat": Target(lambda data: planned(read_brat(data, "I01.ann", TEXT, coder="ana")), ANN.encode()),
    "web": Target(lambda data: planned(read_web(data, "a.jsonld", coder="ana")), WEB.encode()),
    "matrix csv": Target(lambda data: matrix(data, "m.csv"), MATRIX.encode()),
    "matrix xlsx": Target(
        lambda data: matrix(data, "m.xlsx"), sheet([["p", "Trust"], ["E01", "- downloads"]]), "xl/worksheets/sheet1.xml"
    ),
    "qdpx": Target(lambda data: incoming(read_refi(data, "x.qdpx")), QDC),
    "qdpx project": Target(lambda data: incoming(read_refi(data, "x.qdpx")), QDC, "project.qde"),
    "qdpx text": Target(lambda data: incoming(read_refi(data, "x.qdpx")), QDC, "sources/a.txt"),
    "qde": Target(lambda data: incoming(read_refi(data, "x.qde")), project_xml(selection(3, 16)).encode()),
    "Taguette": Target(database, made(TAGUETTE)),
    "QualCoder": Target(database, made(QUALCODER)),
    "codebook": Target(yaml(load_codebook), CODEBOOK.encode()),
    "process": Target(yaml(load_process), PROCESS.encode()),
    "findings": Target(yaml(load_findings), FINDINGS.encode()),
    "themes": Target(yaml(load_themes), b"themes:\n  - {id: t, label: T, definition: d, codes: [trust]}\n"),
    "settings": Target(yaml(load_settings), STUDY.encode()),
    "manifest": Target(yaml(load_manifest), MANIFEST.encode()),
    "round": Target(yaml(load_round), ROUND.encode()),
    "any YAML": Target(yaml(load_map), b"a: &x [1, {b: *x}]\n? [c]\n: |\n  text\n"),
    "layer": Target(lambda data: read_layer(data, "codings/ana/I01.jsonl"), LAYER.encode()),
    "memo": Target(lambda data: split_memo(decode(data, "m.md")), b"---\nabout: code:trust\n---\n# T\n\nWords.\n"),
    "mapping": Target(mapping, b"names:\n  Jane Doe: E01\n  Acme: {as: '[firm]', any_case: true}\n"),
    "paper": Target(lambda data: read_manuscript(data, "p.md"), PAPER.encode()),
    "LaTeX": Target(lambda data: read_manuscript(data, "p.tex"), LATEX.encode()),
    "ratings": Target(
        lambda data: ratings_result(decode(data, "r.csv"), "r.csv", RatingsOptions()), b"unit,a,b\n1,x,y\n2,x,x\n3,,y\n"
    ),
    "answer": Target(lambda data: read_answer(decode(data, "a.md")), ANSWER.encode()),
}
