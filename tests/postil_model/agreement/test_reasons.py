"""Reasons for undefined values are the true ones; units of a file are refused with file and line."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from postil_base.problem import PostilError
from postil_cli.main import cli
from postil_model.agreement.measures import code_measures as why
from postil_model.agreement.result import StudyAgreement, study_agreement
from postil_model.agreement.sample import SampleOptions
from postil_model.agreement.tables import all_tables, codes_table, headline_table, pairs_table, run_lines
from postil_model.agreement.units import GivenUnit, read_units
from postil_study.study import open_study
from tests.model_study import Talk, write_study
from tests.postil_study.privacy.consent.test_everywhere import the_study
from tests.shared_data import SHARED, needs_shared

STUDIES = SHARED / "cases" / "studies"
TURNS = ("First words.", "Second words.", "Third words.")
CODES = ("task", "search")

# --- plain recounting ----------------------------------------------------------------------------------------------

# coder → transcript → turns with each code; None: not finished
Coded = dict[str, dict[str, dict[str, frozenset[int]] | None]]


def interviews(coded: Coded) -> list[Talk]:
    found = []
    for coder, of in coded.items():
        for name, codes in of.items():
            turns = [(label, words) for words in TURNS for label, words in (("Q", "And?"), ("A", words))]
            one = Talk(name, turns, {"Q": "", "A": f"P{name}"}, coder=coder, done=codes is not None)
            for code, places in (codes or {}).items():
                for turn in sorted(places):
                    one.code(f"{coder}{name}{code}{turn}", TURNS[turn], code)
            found.append(one)
    return found


def ratings(coded: Coded, code: str) -> list[list[bool]]:
    """For each turn of each transcript compared what those who finished it say; of two coders both must have."""
    raters = sum(any(layer is not None for layer in of.values()) for of in coded.values())
    least = 2 if raters == 2 else 1
    names = [n for n in ("T1", "T2") if sum(of[n] is not None for of in coded.values()) >= least]
    return [
        [turn in here[code] for of in coded.values() if (here := of[name]) is not None]
        for name in names
        for turn in range(len(TURNS))
    ]


LAYER = st.fixed_dictionaries({code: st.frozensets(st.integers(0, 2)) for code in CODES})
STUDY = st.fixed_dictionaries(
    {c: st.fixed_dictionaries({name: st.none() | LAYER for name in ("T1", "T2")}) for c in ("ana", "ben", "cyd")}
)


@given(STUDY)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_reason_is_true_of_the_ratings(coded: Coded) -> None:
    with TemporaryDirectory() as folder:
        study = write_study(Path(folder), interviews(coded))
        try:
            result = study_agreement(study)
        except PostilError:
            return
        for code in CODES:
            _check_code(coded, code, result)
        _check_family(coded, result)


def _check_code(coded: Coded, code: str, result: StudyAgreement) -> None:
    pairable = [unit for unit in ratings(coded, code) if len(unit) > 1]
    every = [one for unit in ratings(coded, code) for one in unit]
    shared = [one for unit in pairable for one in unit]
    reason = result.units["turn"].codes[code].multi["krippendorff_alpha"].undefined
    assert (reason is None) == (len(set(shared)) == 2)
    true = {
        why.NO_OVERLAP: not shared,
        why.NEITHER: not any(every),
        why.EVERYWHERE: all(every),
        why.NOWHERE_SHARED: not any(shared),
        why.EVERYWHERE_SHARED: all(shared),
    }
    assert reason is None or true[reason]


def _check_family(coded: Coded, result: StudyAgreement) -> None:
    reason = result.unitizing_per_code["task"].u_alpha.undefined or ""
    compared = [n for n in ("T1", "T2") if sum(of[n] is not None for of in coded.values()) > 1]
    raters = [coder for coder, of in coded.items() if any(of[n] is not None for n in ("T1", "T2"))]
    lacking = {(coder, n) for coder in raters for n in compared if coded[coder][n] is None}
    assert ("defines no missing coders" in reason) == bool(lacking)
    for coder, name in lacking:
        assert f"{coder} has no finished layer of " in reason and name in reason
        assert any(f"{coder} has not finished " in line and name in line for line in run_lines(result))


def only(*places: int) -> frozenset[int]:
    return frozenset(places)


@pytest.mark.parametrize(
    ("both", "pooled", "family", "labels"),
    [
        (only(0, 1, 2), why.ALL_EVERYWHERE, "every coder put one code on all", "put the same codes on all of the text"),
        (only(), why.NO_CODE, "nobody coded anything", "nobody applied any code"),
    ],
)
def test_both_coded_everything_or_nothing(
    tmp_path: Path, both: frozenset[int], pooled: str, family: str, labels: str
) -> None:
    layer = {"task": both, "search": only()}
    study = write_study(tmp_path, interviews({coder: {"T1": layer, "T2": layer} for coder in ("ana", "ben")}))
    result = study_agreement(study)
    assert result.units["turn"].pooled["krippendorff_alpha"].undefined == pooled
    assert family in (result.unitizing.u_alpha.undefined or "")
    assert labels in (result.multilabel["alpha_jaccard"].undefined or "")
    kappa = result.units["turn"].pooled_kappa["ana|ben"].undefined
    assert kappa == (why.ALL_OR_NONE if both else why.NO_CODE_OF_TWO)


@needs_shared
def test_the_case_in_which_both_coded_everything() -> None:
    said = CliRunner().invoke(cli, ["agreement", "-C", str(STUDIES / "allcoded")], catch_exceptions=False).stdout
    assert "every coder applied the code everywhere" in said
    assert "neither" not in said.replace("neither coder drew a relation", "") and "no code was applied" not in said
    assert "nobody coded anything" not in said and "as when nobody" not in said


@needs_shared
def test_the_case_in_which_the_third_coder_lacks_a_layer() -> None:
    result = study_agreement(open_study(STUDIES / "rand3"))
    assert "cyd has no finished layer of N4" in (result.unitizing.u_alpha.undefined or "")
    assert "Note: cyd has not finished N4: there the others are compared." in run_lines(result)
    lengths = _plain_lengths()
    assert result.units["char"].compared == sum(lengths.values())


def _plain_lengths() -> dict[str, int]:
    """Code points of the participants' turns, from the texts alone."""
    found = {}
    for path in sorted((STUDIES / "rand3/transcripts").glob("*.txt")):
        blocks = path.read_text(encoding="utf-8").strip("\n").split("\n\n")
        found[path.stem] = sum(len(block.removeprefix("P:\n")) for block in blocks if block.startswith("P:"))
    return found


# --- columns -------------------------------------------------------------------------------------------------------


def test_columns_of_counts_say_of_what(tmp_path: Path) -> None:
    layer = {"task": only(0), "search": only(1)}
    other = {"task": only(0, 1), "search": only()}
    study = write_study(tmp_path, interviews({"ana": {"T1": layer, "T2": layer}, "ben": {"T1": other, "T2": layer}}))
    result = study_agreement(study)
    assert headline_table(result).headers[2:4] == ("segments ana", "segments ben")
    assert codes_table(result, "turn").headers[2:8] == (
        "segments ana", "segments ben", "turns ana", "turns ben",
        "share of turns ana", "share of turns ben",
    )  # fmt: skip
    assert pairs_table(result, "turn").headers[2:6] == (
        "both (turns)", "first only (turns)", "second only (turns)", "neither (turns)",
    )  # fmt: skip
    said = CliRunner().invoke(cli, ["agreement", "-C", str(tmp_path)], catch_exceptions=False).stdout
    assert "segments ana  segments ben" in said
    names = {"ana", "ben"}
    assert not [h for table in all_tables(result) for h in table.headers if h in names]


# --- units of a file -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "line", "words"),
    [
        (["T1,4,20", "T1,4,20"], 3, "stands in line 2, too"),
        (["T1,4,20", "", "T1,19,30"], 4, "overlaps T1 4-20 of line 2"),
        (["T1,25,30", "T1,4,26"], 2, "overlaps T1 4-26 of line 3"),
        (["T1,4,60", "T1,5,6", "T1,40,50"], 3, "overlaps"),
        (["T1,20,4"], 2, "ends before it starts"),
        (["T1,4,4"], 2, "is empty"),
        (["T1,-4,4"], 2, "starts before the text"),
        (["T1,0,4000"], 2, "goes beyond the text, which ends at"),
        (["T1,4,20", "T7,4,20"], 3, "there is no transcript 'T7'"),
        (["T1,0,4"], 2, "no word that counts"),
        (["T1,four,20"], 2, "whole numbers"),
        ([",4,20"], 2, "needs the id of its transcript"),
    ],
)
@pytest.mark.parametrize("separator", [",", ";"])
def test_units_that_cannot_be_are_refused_with_their_line(
    tmp_path: Path, rows: list[str], line: int, words: str, separator: str
) -> None:
    layer = {"task": only(0), "search": only(1)}
    write_study(tmp_path / "s", interviews({coder: {"T1": layer, "T2": layer} for coder in ("ana", "ben")}))
    file = tmp_path / "units.csv"
    file.write_text("\n".join(["transcript,start,end", *rows]).replace(",", separator) + "\n", encoding="utf-8")
    asked = ["agreement", "--unit", "given", "--units-file", str(file), "-C", str(tmp_path / "s")]
    with pytest.raises(PostilError) as refused:
        CliRunner().invoke(cli, asked, catch_exceptions=False, standalone_mode=False)
    assert f"units.csv:{line}: " in str(refused.value) and words in str(refused.value)


def test_all_faults_are_said_together() -> None:
    with pytest.raises(PostilError) as refused:
        read_units("transcript,start,end\nA,5,2\nA,x,2\nA,1,3\nA,2,4\n", "u.csv")
    assert [line.partition(": ")[0] for line in str(refused.value).splitlines()] == ["u.csv:2", "u.csv:3", "u.csv:5"]
    with pytest.raises(PostilError, match=r"u\.csv:1: there is no column 'end'"):
        read_units("transcript,start\nA,5\n", "u.csv")


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=6))
def test_units_are_taken_exactly_where_no_character_is_in_two(spans: list[tuple[int, int]]) -> None:
    text = "transcript,start,end\n" + "".join(f"A,{a},{b}\n" for a, b in spans)
    characters = [place for a, b in spans for place in range(a, b)]
    good = all(a < b for a, b in spans) and len(set(characters)) == len(characters)
    try:
        units = read_units(text, "u.csv")
    except PostilError:
        assert not good
    else:
        assert good and [(unit.start, unit.end) for unit in units] == spans


def test_units_of_transcripts_that_are_not_compared_are_counted(tmp_path: Path) -> None:
    layer = {"task": only(0), "search": only(1)}
    coded: Coded = {"ana": {"T1": layer, "T2": layer}, "ben": {"T1": layer, "T2": None}}
    study = write_study(tmp_path, interviews(coded))
    start = study.transcripts["T1"].text.index(TURNS[0])
    units = [GivenUnit("T1", start, start + 5, "u:2"), GivenUnit("T2", start, start + 5, "u:3")]
    result = study_agreement(study, SampleOptions(given=units), ["given"])
    assert "1 given unit in transcripts that are not compared" in result.sample.notes
    assert result.units["given"].compared == 1


@needs_shared
@pytest.mark.parametrize("name", ["dup", "overlap", "reversed", "outside", "interviewer"])
def test_the_units_of_the_cases(name: str) -> None:
    file = STUDIES / f"units_{name}.csv"
    asked = ["agreement", "--unit", "given", "--units-file", str(file), "-C", str(STUDIES / "rand3")]
    with pytest.raises(PostilError) as refused:
        CliRunner().invoke(cli, asked, catch_exceptions=False, standalone_mode=False)
    line = 3 if name in ("dup", "overlap") else 2
    assert f"units_{name}.csv:{line}: the unit N0 " in str(refused.value)


def test_json_has_the_reasons(tmp_path: Path) -> None:
    layer = {"task": only(0, 1, 2), "search": only()}
    write_study(tmp_path, interviews({coder: {"T1": layer, "T2": layer} for coder in ("ana", "ben")}))
    said = CliRunner().invoke(cli, ["agreement", "--json", "-C", str(tmp_path)], catch_exceptions=False).stdout
    assert json.loads(said)["headline"]["pooled"]["undefined"] == why.ALL_EVERYWHERE


def test_a_file_of_units_is_used_or_refused(tmp_path: Path) -> None:
    """Without --unit given the file was read and the numbers were those of turns."""
    root = the_study(tmp_path / "s")
    file = tmp_path / "units.csv"
    file.write_text("transcript,start,end\nI01,41,60\n")
    asked = ["agreement", "--live", "--units-file", str(file), "-C", str(root), "--json"]
    alone, said = (CliRunner().invoke(cli, [*asked, *more]) for more in ([], ["--unit", "given"]))
    assert alone.exit_code == 0 and alone.stdout == said.stdout
    other = CliRunner().invoke(cli, [*asked, "--unit", "word"], standalone_mode=False)
    assert "--units-file does not apply to --unit word" in str(other.exception)
