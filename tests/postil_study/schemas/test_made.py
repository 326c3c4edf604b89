"""The JSON Schemas say what the readers say: real files pass, slips are refused, and no key lacks its line of words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from postil_base.problem import PostilError, Problem
from postil_base.yaml.places import YamlMap, load_yaml, plain
from postil_cli.running import run
from postil_codebook.decision_process.read import EDGE_KINDS, NODE_KINDS, load_process
from postil_codebook.findings import load_findings
from postil_codebook.load import FIELDS, load_codebook
from postil_codebook.themes import load_themes
from postil_study.check.study import check_study
from postil_study.files.manifest import load_manifest
from postil_study.files.settings import load_settings
from postil_study.new import create_study
from postil_study.schemas.made import MARK, NAMES, described_files, schema, schema_file, schema_text, with_mark
from postil_study.study import open_study

ROOT = Path(__file__).resolve().parents[3]
READERS: dict[str, Callable[[str, str], tuple[Any, list[Problem]]]] = {
    "study": load_settings,
    "codebook": load_codebook,
    "process": load_process,
    "findings": load_findings,
    "themes": load_themes,
    "transcripts": load_manifest,
}
FORM = ("unknown-key", "yaml-type", "unknown-value")


def value_of(text: str) -> Any:
    root, problems = load_yaml(text, "x.yaml")
    assert not problems and isinstance(root, YamlMap)
    return plain(root)


def wrong(name: str, text: str) -> list[str]:
    return [error.message for error in Draft7Validator(schema(name)).iter_errors(value_of(text))]


@pytest.mark.parametrize("name", NAMES)
def test_schemas_are_schemas_and_the_shipped_files_are_theirs(name: str) -> None:
    Draft7Validator.check_schema(schema(name))
    shipped = ROOT / "docs" / "schemas" / schema_file(name)
    assert shipped.read_text(encoding="utf-8") == schema_text(name), "run: make docs"


def test_the_illustrative_study_passes() -> None:
    files = described_files(open_study(ROOT))
    assert sorted(files.values()) == sorted(NAMES)
    for path, name in files.items():
        assert wrong(name, (ROOT / path).read_text(encoding="utf-8")) == []


def test_a_new_study_passes(tmp_path: Path) -> None:
    create_study(tmp_path / "s", "New", ["ana"])
    study = open_study(tmp_path / "s")
    for path, name in described_files(study).items():
        assert wrong(name, (study.root / path).read_text(encoding="utf-8")) == []


RIGHT = {
    "study": [
        "postil: 1\nid: x\ncodebook: c.yaml\ncoders: {ana: Ana, ben: {name: Ben}, x-own: 1}\nx-mine: [1]\n",
        "participants: {E01: {anything: [1, 2], consent: {quote: true}}, E02: }\n",
        "guide:\n  first: {ask: Why?}\nagreement: {none: one coder}\n",
        "agreement: {unit: word, speakers: all, reason: r, codes: trust}\n",
    ],
    "codebook": [
        "title: 1.0\nversion: 2024-01-01\ncodes: {a: {children: {b: {children: {c: {definition: no}}}}}}\n",
        "codes: {a: }\ngroups: {g: {codes: [a], exclusive: true}}\n",
        "codes: {a: {examples: one, origin: in-vivo, codable: false, x-old: 3}}\n",
    ],
    "process": [
        "stages: [a, {id: b, order: 2}]\nnodes: {n: {kind: task, codes: x/*, items: {i: [a], j: {emphasis: bold}}}}\n",
        "edges: [{source: a, target: b, guard: poor, kind: back}]\nsource: {section: V, table: [1, 2]}\n",
        "evidence: {coder_rule: majority, min_participants: 3}\nmain_line: [a, b]\n",
    ],
    "findings": [
        "findings: {f: {statement: s, value: 3.2, numerator: 16, denominator: 500, unit: percent, fit: silence}}\n",
        "findings: [{id: f, statement: s, value: [1, 2], links: {node: a, own: [b]}, source: {section: V}}]\n",
    ],
    "themes": ["title: T\nthemes: {a: {label: A, codes: [x]}}\n", "themes: [{id: a, memo: m}]\n"],
    "transcripts": ["I01: {speakers: {Ana: {role: interviewer}}, pilot: true, date: 2026-01-01}\n"],
}
WRONG = {
    "study": ["titel: x\n", "analysis: {record: {a: b}}\n", "agreement: {unit: letter}\n", "coders: {a: {nme: A}}\n"],
    "codebook": [
        "codes: {a: {definitoin: d}}\n",
        "codes: {a: {children: {b: {orgin: prior}}}}\n",
        "codes: {a: {codable: x}}\n",
    ],
    "process": [
        "nodes: [{id: a, kind: taks}]\n",
        "edges: [{source: a, taget: b}]\n",
        "evidence: {min_participants: x}\n",
    ],
    "findings": ["findings: [{id: a, value: many}]\n", "findings: [{id: a, statment: s}]\n"],
    "themes": ["themes: [{id: a, code: [x]}]\n"],
    "transcripts": ["I01: {speaker: {}}\n", "I01: {speakers: {Ana: {role: guest}}}\n"],
}


def cases(texts: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, text) for name, some in texts.items() for text in some]


@pytest.mark.parametrize(("name", "text"), cases(RIGHT))
def test_what_the_reader_takes_the_schema_takes(name: str, text: str) -> None:
    problems = READERS[name](text, "x.yaml")[1]
    assert [problem for problem in problems if problem.rule in FORM] == []
    assert wrong(name, text) == []


@pytest.mark.parametrize(("name", "text"), cases(WRONG))
def test_what_the_reader_refuses_the_schema_refuses(name: str, text: str) -> None:
    assert [problem for problem in READERS[name](text, "x.yaml")[1] if problem.rule in FORM]
    assert wrong(name, text)


def properties(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        yield from value.get("properties", {}).items()
        for inner in value.values():
            yield from properties(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from properties(inner)


@pytest.mark.parametrize("name", NAMES)
def test_every_key_is_described(name: str) -> None:
    assert [key for key, made in properties(schema(name)) if not made["description"]] == []


def test_the_words_a_key_may_have_are_the_programs() -> None:
    kinds = [made["enum"] for key, made in properties(schema("process")) if key == "kind"]
    assert [*NODE_KINDS, None] in kinds and [*EDGE_KINDS, None] in kinds
    assert set(FIELDS) <= {key for key, _ in properties(schema("codebook"))}


def test_the_schemas_go_into_a_study_and_its_files_name_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "s"
    create_study(root, "New", ["ana"])
    before = check_study(root)
    assert run(["schema", "--add", "-C", str(root)]) == 0
    for path, name in described_files(open_study(root)).items():
        first = (root / path).read_text(encoding="utf-8").split("\n")[0]
        assert first.startswith(MARK)
        named = (root / path).parent / first.removeprefix(MARK)
        assert json.loads(named.read_text(encoding="utf-8")) == schema(name), "it leads to the file, without a network"
    assert [(p.rule, p.message) for p in check_study(root)] == [(p.rule, p.message) for p in before]
    capsys.readouterr()
    assert run(["schema", "--add", "-C", str(root)]) == 0
    assert "already" in capsys.readouterr().err


def test_the_line_is_renewed_where_it_stands() -> None:
    text = f"# mine\r\n{MARK}old.json\r\ntitle: x\r\n"
    assert with_mark(text, "new.json") == f"# mine\r\n{MARK}new.json\r\ntitle: x\r\n"
    assert with_mark("title: x\r\n", "a.json") == f"{MARK}a.json\r\ntitle: x\r\n"


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema"]) == 0
    assert capsys.readouterr().out.split() == list(NAMES)
    assert run(["schema", "themes"]) == 0
    assert json.loads(capsys.readouterr().out) == schema("themes")
    assert run(["schema", "--out", str(tmp_path / "d")]) == 0
    assert sorted(path.name for path in (tmp_path / "d").iterdir()) == sorted(map(schema_file, NAMES))
    with pytest.raises(PostilError, match="known are"):
        schema("nothing")
