"""What other programs make of our projects, and what comes back of theirs: dates, names, modes, variables, sets."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postil_cli.running import run
from postil_formats.projects.code_names import code_names, equal_names
from postil_formats.projects.coding_marks import MARKS, described, mark_line, marks_in, without_marks
from postil_formats.projects.incoming.new_study import study_from
from postil_formats.projects.incoming.plan import plan_project
from postil_formats.projects.outgoing.project import ExportWishes, outgoing
from postil_formats.projects.outgoing.refi import refi_project
from postil_formats.projects.refi.read import read_refi
from postil_formats.projects.refi.values import Project, RefiCoding
from postil_study.files.memos import load_memos
from postil_study.study import Study, open_study
from tests.interop.hard_study import hard_study
from tests.postil_formats.projects.test_exchange import studies
from tests.shared_data import SHARED, needs_shared
from tests.transcripts_support import CODEBOOK, MANIFEST, STUDY, small_study

ROOT = Path(__file__).resolve().parents[4]
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def written(study: Study, *, apart: bool = False) -> Project:
    """The project as it stands in the file, without the study's own files."""
    data = refi_project(study, ExportWishes(everything=True, tell_apart=apart), with_study=False).data
    project = read_refi(data, "x.qdpx")
    assert project.schema_problems == ()
    return project


def assert_importable(project: Project) -> None:
    """What QualCoder's tables ask for: a date and a name of its own for each note, and no row twice."""
    assert [note.name for note in project.notes if not MOMENT.fullmatch(note.created)] == []
    for names in (
        [note.name for note in project.notes],
        [user.name for user in project.users],
        [case_.name for case_ in project.cases],
        [variable.name for variable in project.variables],
        [source.name for source in project.sources],
    ):
        assert all(names) and len({name.casefold() for name in names}) == len(names)
    bare = [(s.name, p.span, p.user) for s in project.sources for p in s.selections if not p.codings]
    assert len(set(bare)) == len(bare)
    for values in [*(found.values for found in project.cases), *(source.values for source in project.sources)]:
        variables = [value.variable for value in values]
        assert len(set(variables)) == len(variables)


MEMO_HEADS = ("# On trust", "# on TRUST", "# Postil: deny", "# Finding f", "# On the whole of I01", "", "Just words.")
memos = st.lists(
    st.tuples(st.sampled_from(MEMO_HEADS), st.sampled_from(["", "2026-01-02", "May"]), st.sampled_from(["", "open"])),
    max_size=5,
)


def memo_files(made: list[tuple[str, str, str]]) -> dict[str, str]:
    return {
        f"memos/m{number}.md": f"---\nabout: [code:trust, transcript:I01]\ndate: '{date}'\ntype: '{kind}'\n---\n"
        f"{head}\n\nWords {number}.\n"
        for number, (head, date, kind) in enumerate(made)
    }


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(studies(), memos)
def test_every_note_has_a_date_and_a_name_of_its_own_and_comes_back(
    tmp_path_factory: pytest.TempPathFactory, made: dict[str, str], written_memos: list[tuple[str, str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("notes")
    study = open_study(small_study(folder / "a", {**made, **memo_files(written_memos)}))
    project = written(study)
    assert_importable(project)
    study_from(project, folder / "b")
    mine = {memo.body.strip(): memo for memo in load_memos(study.root)[0]}
    back = {memo.body.strip(): memo for memo in load_memos(folder / "b")[0]}
    assert back.keys() == mine.keys()
    assert {words: (memo.type or "imported") for words, memo in mine.items()} == {w: m.type for w, m in back.items()}
    for words, memo in mine.items():
        assert set(back[words].about) == set(memo.about)
        assert memo.date in ("", "May", back[words].date)


def uses_of(study: Study) -> Counter[tuple[object, ...]]:
    coded = ((layer.header.coder, segment) for layer in study.layers() for segment in layer.segments)
    return Counter((coder, segment.quote, use) for coder, segment in coded for use in segment.uses)


def labels_of(study: Study) -> dict[str, str]:
    return {code.id: code.label for code in study.codebook.codes.values()}


@pytest.mark.parametrize("apart", [False, True])
def test_the_hard_study_is_importable_and_conserves_its_words(tmp_path: Path, apart: bool) -> None:
    study = open_study(hard_study(tmp_path / "hard"))
    project = written(study, apart=apart)
    assert_importable(project)
    study_from(project, tmp_path / "back")
    back = open_study(tmp_path / "back")
    assert back.transcripts["I01"].text == study.transcripts["I01"].text
    for one, other in ((study, back), (back, study)):
        uses = Counter(
            (layer.header.coder, s.quote, use) for layer in one.layers() for s in layer.segments for use in s.uses
        )
        assert uses <= Counter(
            (layer.header.coder, s.quote, use) for layer in other.layers() for s in layer.segments for use in s.uses
        )
    said = {line for layer in study.layers() for s in layer.segments for line in s.memo.split("\n\n")}
    again = {line for layer in back.layers() for s in layer.segments for line in s.memo.split("\n\n")}
    assert said == again
    assert {c.id: c.label for c in back.codebook.codes.values()} == {
        c.id: c.label for c in study.codebook.codes.values()
    }


def test_the_sample_is_importable() -> None:
    assert_importable(written(open_study(ROOT)))


def modes_of(study: Study) -> Counter[tuple[object, ...]]:
    return Counter(
        (layer.header.transcript, s.start, s.end, use.code, use.mode)
        for layer in study.layers()
        for s in layer.segments
        if s.start is not None
        for use in s.uses
    )


def through_qualcoder(project: Project) -> Project:
    """As such a program gives it back: no notes on codings, a selection for each coding, its description on each."""
    sources = []
    for source in project.sources:
        selections = []
        for selection in source.selections:
            codings = [replace(coding, notes=()) for coding in selection.codings]
            parts: list[tuple[RefiCoding, ...]] = [(coding,) for coding in codings] or [()]
            selections += [
                replace(selection, guid=(part[0].guid if part else selection.guid), codings=part, notes=())
                for part in parts
            ]
        sources.append(replace(source, selections=tuple(selections), description=""))
    return replace(project, origin="QualCoder", sources=tuple(sources), notes=(), own_files={})


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(studies())
def test_modes_stand_in_the_description_and_survive_a_program_that_keeps_only_that(
    tmp_path_factory: pytest.TempPathFactory, made: dict[str, str]
) -> None:
    folder = tmp_path_factory.mktemp("modes")
    study = open_study(small_study(folder / "a", made))
    project = written(study)
    for source in project.sources:
        for selection in source.selections:
            for coding in selection.codings:
                marks = [project.note_of[note].name.removeprefix("Postil: ") for note in coding.notes]
                for mark in marks:
                    assert f"[Postil: {mark}] {project.code_of[coding.code].name}: " in selection.description
    study_from(through_qualcoder(project), folder / "b")
    back = open_study(folder / "b")
    denied = {key for key in modes_of(study) if key[-1] != "affirm"}
    code_of = {code.label: code.id for code in study.codebook.codes.values()}
    found = {
        (*key[:3], code_of[back.codebook.codes[str(key[3])].label], key[4])
        for key in modes_of(back)
        if key[-1] != "affirm"
    }
    assert found == denied
    memos_there = {line for la in back.layers() for s in la.segments for line in s.memo.split("\n")}
    assert not [line for line in memos_there if line.startswith("[Postil: ")]


names = st.text(st.characters(exclude_categories=["C"]), max_size=12)


@given(st.lists(st.tuples(st.sampled_from(list(MARKS)), names), max_size=4), st.text(max_size=30))
def test_lines_of_marks_come_off_again(marks: list[tuple[str, str]], memo: str) -> None:
    lines = [mark_line(mark, name) for mark, name in marks]
    memo = memo.strip()
    assert without_marks(described(lines, memo), len(lines)) == memo
    if all(name.split() for _, name in marks) and not memo.startswith("["):
        found, rest = marks_in(described(lines, memo), [name for _, name in marks])
        assert (list(found), rest) == ([(mark, " ".join(name.split())) for mark, name in marks], memo)


def test_a_line_about_an_unknown_code_is_the_memos() -> None:
    words = "[Postil: deny] Weather: The speaker denies this.\nIndeed."
    assert marks_in(words, ["Price"]) == ((), words)


@needs_shared
def test_the_denied_case_says_so_where_programs_show_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study_from(read_refi((SHARED / "cases" / "out" / "01-minimal-deny.qdpx").read_bytes(), "01.qdpx"), tmp_path / "s")
    assert run(["export", "refi", "-C", str(tmp_path / "s"), "--out", str(tmp_path / "o.qdpx")]) == 0
    said = capsys.readouterr().err
    assert "1 coding with the mode deny" in said and "Popularity in i" in said
    project = read_refi((tmp_path / "o.qdpx").read_bytes(), "o.qdpx")
    assert_importable(project)
    assert [s.description for s in project.sources[0].selections] == [
        "[Postil: deny] Popularity: The speaker denies this."
    ]


@needs_shared
def test_variables_and_sets_of_a_source_go_out_again(tmp_path: Path) -> None:
    project = read_refi((SHARED / "cases" / "out" / "03-source-variables-lost.qdpx").read_bytes(), "03.qdpx")
    study_from(project, tmp_path / "s")
    again = written(open_study(tmp_path / "s"))
    name_of = {variable.guid: variable.name for variable in again.variables}
    assert [(name_of[v.variable], v.value) for v in again.sources[0].values] == [("Site", "Berlin")]
    assert [(group.name, group.sources) for group in again.sets] == [("Wave 1", (again.sources[0].guid,))]


VALUES = st.one_of(
    st.booleans(), st.integers(-9, 9), st.floats(-2, 2).map(lambda x: round(x, 2)), names.filter(str.strip)
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from(["Site", "Language", "Pilot", "org_size", "trust"]), VALUES, max_size=4),
    st.lists(st.sampled_from(["Wave 1", "one-of", "Trust", "Site"]), unique=True, max_size=3),
    st.sampled_from(["", "2026-05-12"]),
    st.booleans(),
)
def test_what_is_known_of_a_text_comes_back(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, object], sets: list[str], date: str, pilot: bool
) -> None:
    folder = tmp_path_factory.mktemp("facts")
    manifest = MANIFEST + f"  pilot: {str(pilot).lower()}\n" + (f"  date: '{date}'\n" if date else "")
    manifest += "  lang: en\n  guide_version: '1.2'\n"
    manifest += f"  x-variables: {json.dumps(values, ensure_ascii=False)}\n" if values else ""
    manifest += f"  x-groups: {json.dumps(sets)}\n" if sets else ""
    study = open_study(small_study(folder / "a", {"transcripts/transcripts.yaml": manifest}))
    project = written(study)
    assert_importable(project)
    study_from(project, folder / "b")
    mine, back = study.infos["I01"], open_study(folder / "b").infos["I01"]
    for key in ("date", "lang", "guide_version", "pilot"):
        assert getattr(back, key) == getattr(mine, key)
    assert sorted(back.extra.get("x-groups", ())) == sorted(sets)
    assert {k: str(x) for k, x in back.extra.get("x-variables", {}).items()} == {k: str(x) for k, x in values.items()}


def test_facts_of_a_text_that_is_there_already_are_named_as_left_behind(tmp_path: Path) -> None:
    manifest = MANIFEST + "  lang: en\n  x-variables: {Site: Berlin}\n  x-groups: [Wave 1]\n"
    project = written(open_study(small_study(tmp_path / "a", {"transcripts/transcripts.yaml": manifest})))
    here = open_study(small_study(tmp_path / "b"))
    said = [str(remark) for remark in plan_project(here, project).remarks if remark.item == "source I01"]
    assert len(said) == 3 and all("stays as it is" in line for line in said)
    same = open_study(tmp_path / "a")
    assert [r for r in plan_project(same, project).remarks if r.item == "source I01"] == []


def test_own_keys_of_a_text_are_named(tmp_path: Path) -> None:
    manifest = MANIFEST + "  x-room: 12\n"
    study = open_study(small_study(tmp_path / "a", {"transcripts/transcripts.yaml": manifest}))
    assert "keys of your own in transcripts.yaml" in [remark.item for remark in outgoing(study).remarks]


TWO = CODEBOOK.replace("label: Trust\n    def", "label: popularity\n    def")


def test_codes_of_one_name_are_named_and_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = open_study(small_study(tmp_path / "a", {"codebook/codebook.yaml": TWO}))
    assert equal_names(code_names(study.codebook)) == {"Popularity": ["popularity", "trust"]}
    assert run(["export", "refi", "-C", str(tmp_path / "a"), "--out", str(tmp_path / "o.qdpx")]) == 0
    assert "popularity and trust share this name" in capsys.readouterr().err
    command = ["export", "refi", "-C", str(tmp_path / "a"), "--tell-apart", "--no-study"]
    assert run([*command, "--out", str(tmp_path / "p.qdpx")]) == 0
    assert "share this name" not in capsys.readouterr().err
    project = read_refi((tmp_path / "p.qdpx").read_bytes(), "p.qdpx")
    assert [code.name for code in project.codes] == ["Selection", "Selection > Popularity", "Issues", "popularity"]
    study_from(project, tmp_path / "b")
    back = open_study(tmp_path / "b").codebook.codes
    assert {c.id: (c.label, c.parent) for c in back.values()} == {
        c.id: (c.label, c.parent) for c in study.codebook.codes.values()
    }


@pytest.mark.parametrize("kind", ["refi", "qdc"])
def test_both_exports_name_codes_of_one_name(tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    root = small_study(tmp_path / "a", {"codebook/codebook.yaml": TWO})
    assert run(["export", kind, "-C", str(root), "--out", str(tmp_path / "o.x"), "--json"]) == 0
    remarks = json.loads(capsys.readouterr().out)["remarks"]
    assert [remark["item"] for remark in remarks if "share this name" in remark["message"]] == ["code name Popularity"]


def test_words_without_consent_do_not_reach_the_description_of_a_text(tmp_path: Path) -> None:
    words = "I looked at the downloads first. Then at the issues."
    refused = STUDY.replace("quote: true", "quote: false")
    manifest = f"{MANIFEST}  x-variables: {{Remark: '{words}'}}\n"
    memo = f"---\nabout: transcript:I01\n---\n# On it\n\nThey said: {words}\n"
    files = {"study.yaml": refused, "transcripts/transcripts.yaml": manifest, "memos/m.md": memo}
    study = open_study(small_study(tmp_path / "a", files))
    (source,) = outgoing(study, ExportWishes()).project.sources
    told = [source.description, *(str(value.value) for value in source.values)]
    assert "On it" in source.description and not [text for text in told if "at the downloads" in text]
    (everything,) = outgoing(study, ExportWishes(everything=True)).project.sources
    assert words in everything.description
