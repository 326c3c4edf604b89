"""Real and made files of other programs: every value of their expected.json."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest

from postil_formats.projects.incoming.new_study import study_from
from postil_formats.projects.peers.read import read_project
from postil_formats.projects.refi.read import read_refi
from postil_formats.projects.refi.values import Project
from postil_study.check.study import check_study
from postil_study.study import open_study
from tests.shared_data import SHARED, needs_shared

REFI = SHARED / "refi"
EXPECTED: dict[str, Any] = (
    json.loads((REFI / "expected.json").read_text(encoding="utf-8"))["files"] if REFI.is_dir() else {}
)
REFI_FILES = [name for name in EXPECTED if name.endswith((".qdpx", ".qdc"))]
WITH_SEGMENTS = [name for name in REFI_FILES if "segments" in EXPECTED[name]]
pytestmark = needs_shared


def read(name: str) -> Project:
    return read_refi((REFI / name).read_bytes(), name)


@pytest.mark.parametrize("name", REFI_FILES)
def test_what_is_in_a_file(name: str) -> None:
    expected, project = EXPECTED[name], read(name)
    assert (project.origin or None) == expected["origin"]
    assert project.namespace == expected["root_namespace"]
    assert {key: project.counts.get(key) for key in expected["counts"]} == expected["counts"]
    assert sorted(user.name for user in project.users) == sorted(expected["users"])
    by_user = {user or "null": count for user, count in project.codings_by_user().items()}
    assert by_user == expected["codings_by_user"]


@pytest.mark.parametrize("name", REFI_FILES)
def test_the_codebook_of_a_file(name: str) -> None:
    expected, codes = EXPECTED[name], read(name).codes
    project = read(name)
    assert len(codes) == expected["counts"].get("Code", 0)
    assert sum(code.parent is None for code in codes) == expected["codes_top_level"]
    assert max((len(project.code_path(code.guid)) for code in codes), default=0) == expected["code_depth"]
    assert sum(not code.codable for code in codes) == expected["codes_not_codable"]
    assert sum(bool(code.color) for code in codes) == expected["codes_with_colour"]
    twice = [name for name, count in Counter(code.name for code in codes).items() if count > 1]
    assert len(twice) == expected["code_names_used_twice"]


@pytest.mark.parametrize("name", REFI_FILES)
def test_what_does_not_keep_to_the_schema_is_said(name: str) -> None:
    expected, problems = EXPECTED[name], read(name).schema_problems
    assert (not problems) == expected["xsd_valid"]
    if expected["xsd_first_error"]:
        element = expected["xsd_first_error"].split("'")[1].rpartition("}")[2]
        assert any(word in problems[0] for word in (element, "namespace"))


def segments(project: Project) -> Counter[tuple[Any, ...]]:
    found: Counter[tuple[Any, ...]] = Counter()
    for source, selection, coding in project.codings():
        if selection is None or selection.span is None or selection.span[0] == selection.span[1]:
            continue
        words = (source.text or "")[slice(*selection.span)]
        code = project.code_of[coding.code].name if coding.code else None
        digest = sha1(words.encode("utf-8")).hexdigest()[:12]
        found[(source.name, *selection.span, digest, code, project.coder_name(coding.user) or None)] += 1
    return found


@pytest.mark.parametrize("name", WITH_SEGMENTS)
def test_every_coded_segment_is_where_it_is(name: str) -> None:
    wanted: Counter[tuple[Any, ...]] = Counter()
    dirty = name.startswith("imitation_dirty")
    for item in EXPECTED[name]["segments"]:
        code = item["code"].split(" (")[0] if dirty and item["code"] else item["code"]
        coder = item["coder"]
        if dirty and item["start"] == 121:  # a user who is not among the users goes by the GUID
            coder = "D78FE3D0-750F-5661-9258-E84C3B78CE79"
        wanted[(item["source"], item["start"], item["end"], item["sha1"], code, coder)] += 1
    assert segments(read(name)) == wanted


@pytest.mark.parametrize("name", [name for name in REFI_FILES if "position_rule" in EXPECTED[name]])
def test_how_positions_are_counted_is_found_out_and_said(name: str) -> None:
    rule = EXPECTED[name]["position_rule"]
    for source in read(name).sources:
        wide = any(character > "\uffff" for character in source.text or "") and source.selections
        assert source.rule.startswith(rule["unit"] if wide else ("code points", rule["unit"]))
        if rule["crlf_counts"] and source.selections:
            assert source.rule.endswith(f"CRLF counts {rule['crlf_counts']}")
        assert source.evidence or not source.selections


def test_codes_of_one_name_in_different_branches_stay_apart() -> None:
    project = read("imitation_dirty_but_usable.qdpx")
    paths = [project.code_path(coding.code) for _, _, coding in project.codings() if coding.code]
    assert sorted(paths) == [("Licence",), ("Licence", "Licence")]


def test_taguette() -> None:
    expected = EXPECTED["taguette1.5.2_made.sqlite3"]
    project = read_project(REFI / "taguette1.5.2_made.sqlite3")
    assert len(project.sources) == expected["documents"]
    assert sorted(code.name for code in project.codes) == sorted(expected["tags"])
    found = [
        {
            "document": source.name,
            "start_byte": selection.start,
            "end_byte": selection.end,
            "tags": sorted(project.code_of[coding.code].name for coding in selection.codings),
        }
        for source in project.sources
        for selection in source.selections
    ]
    assert found == [{**item, "tags": sorted(item["tags"])} for item in expected["highlights"]]
    for source in project.sources:
        for selection in source.selections:
            assert selection.span is not None
            assert (source.text or "")[slice(*selection.span)] == selection.name


def test_qualcoder() -> None:
    expected = EXPECTED["qualcoder4_made_data.qda"]
    project = read_project(REFI / "qualcoder4_made_data.qda")
    assert len(project.sources) == expected["sources"]
    assert sum(code.codable for code in project.codes) == expected["codes"]
    assert sum(not code.codable for code in project.codes) == expected["categories"]
    assert sum(1 for _ in project.codings()) == expected["codings"]
    assert dict(project.codings_by_user()) == expected["coders"]
    assert sum(bool(note.passages) for note in project.notes) == expected["annotations"]
    assert sum(not note.passages for note in project.notes) == expected["journal"]
    assert len(project.cases) == expected["cases"]
    assert sum(len(case.sources) for case in project.cases) == expected["case_text"]
    values = [*(v for case in project.cases for v in case.values), *(v for s in project.sources for v in s.values)]
    assert len(values) == expected["attributes"]
    same = segments(read("qualcoder4_made_lf.qdpx"))
    assert segments(project) == same


@pytest.mark.parametrize("name", sorted(name for name in EXPECTED if not name.endswith(".csv")))
def test_each_becomes_a_study_in_order_and_a_second_time_changes_nothing(name: str, tmp_path: Path) -> None:
    from postil_formats.projects.incoming.plan import plan_project
    from postil_formats.projects.incoming.writing import apply_project

    project = read_project(REFI / name)
    study_from(project, tmp_path / "study")
    study = open_study(tmp_path / "study")
    assert [str(problem) for problem in check_study(study.root) if problem.severity == "error"] == []
    words = Counter(
        sha1(segment.quote.encode()).hexdigest()[:12]
        for layer in study.layers()
        for segment in layer.segments
        for _ in segment.codes
        if segment.start is not None
    )
    if name in WITH_SEGMENTS and not name.startswith("qc_"):
        assert words == Counter(item["sha1"] for item in EXPECTED[name]["segments"] if item["code"])
    assert apply_project(study, plan_project(study, project)) == []


def test_a_label_in_front_of_the_words_gets_its_line_and_positions_stand(tmp_path: Path) -> None:
    study_from(read("qc_1.3.2_demo.qdpx"), tmp_path / "study")
    study = open_study(tmp_path / "study")
    spans = Counter((s.start, s.end) for layer in study.layers() for s in layer.segments for _ in s.codes)
    assert spans == Counter((item["start"], item["end"]) for item in EXPECTED["qc_1.3.2_demo.qdpx"]["segments"])
    assert len(study.transcripts["board_2017"].turns) > 100
