"""Agreement of a study: which layers, which text, which units; known answers through files; headline and honesty."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from postil_base.problem import PostilError
from postil_cli.commands.agreement import command
from postil_model.agreement.document import agreement_json
from postil_model.agreement.result import StudyAgreement, study_agreement
from postil_model.agreement.sample import SampleOptions, study_sample
from postil_study.study import Study
from tests.agreement_cases import case_study, of_kind, slug, units_csv
from tests.model_study import Talk, write_study

WORDS = "We looked for a model. It was cheap, so we took it.\nThen it broke."
PLAN = "agreement: {measure: krippendorff_alpha, unit: turn, speakers: participant, reason: answers count}\n"


def run(study: Study, *arguments: str) -> str:
    answer = CliRunner().invoke(command, ["--study", str(study.root), *arguments], standalone_mode=False)
    if answer.exception is not None:
        raise answer.exception
    return answer.stdout


def number(found: Any) -> float | None:
    """A plain number, or the value of an estimate; an undefined one must say why."""
    if isinstance(found, dict):
        assert (found["value"] is None) == bool(found["undefined"])
        return found["value"]  # type: ignore[no-any-return]
    assert found is None or isinstance(found, (int, float))
    return found


def same(found: Any, expected: Any, where: str) -> None:
    """Compare two trees of the same names; ``expected`` may be plain where ``found`` is an estimate."""
    if isinstance(expected, Mapping) and "value" not in expected:
        for name, answer in expected.items():
            if name not in ("peers", "kappa_peers"):
                same(found[slug_pair(name)], answer, f"{where}/{name}")
        return
    want = expected["value"] if isinstance(expected, Mapping) else expected
    if isinstance(want, list):
        assert found == pytest.approx(want, abs=1e-6), where
        return
    got = number(found)
    assert (got is None) == (want is None), f"{where}: {got} instead of {want}"
    if want is not None:
        assert got == pytest.approx(want, abs=1e-6), where


def slug_pair(name: str) -> str:
    return (
        "|".join(slug(part) for part in name.split("|")) if "|" in name or " " in name or name != name.lower() else name
    )


@of_kind("spans")
def test_known_answers_through_files(case: dict[str, Any], tmp_path: Path) -> None:
    study, expected = case_study(case, tmp_path), case["expected"]
    arguments = ["--json"]
    if "units" in case:
        (tmp_path / "units.csv").write_text(units_csv(case))
        arguments += ["--unit", "given", "--units-file", str(tmp_path / "units.csv")]
    found = json.loads(run(study, *arguments))
    for code, answer in expected["char"].items():
        same(found["codes"][slug(code)]["char"], answer, code)
    for code, answer in expected.get("units_any_overlap", {}).items():
        same(found["codes"][slug(code)]["given"], answer, code)
    for code, answer in expected.get("unitizing_per_code", {}).items():
        same(found["codes"][slug(code)]["unitizing"], answer, code)
    for name in set(expected) - {"char", "units_any_overlap", "unitizing_per_code"}:
        same(found[name], expected[name], name)


def talks(*coded: tuple[str, str, str, str], done: bool = True, extra: Mapping[str, Any] | None = None) -> list[Talk]:
    """One interview, coded by ana and ben: (coder, id, quote, code)."""
    turns = [("I", "What did you do?"), ("P", WORDS), ("I", "And then?"), ("P", "Nothing.")]
    found = {name: Talk("I01", turns, {"I": "", "P": "E01"}, coder=name) for name in ("ana", "ben")}
    for coder, id_, quote, code in coded:
        found[coder].code(id_, quote, code)
    found["ben"].done = done
    return list(found.values())


def agreement(study: Study, **options: Any) -> StudyAgreement:
    units = options.pop("units", ())
    return study_agreement(study, SampleOptions(**options), units)


def counts(result: StudyAgreement, code: str, unit: Any) -> list[float]:
    pair = result.units[unit].codes[code].pairs["ana|ben"]
    return [pair.n11, pair.n10, pair.n01, pair.n00]


def test_the_denominator_is_what_participants_said(tmp_path: Path) -> None:
    study = write_study(tmp_path, talks(("ana", "a1", "It was cheap", "buy")))
    assert counts(agreement(study), "buy", "char") == [0, 12, 0, len(WORDS) + len("Nothing.") - 12]
    everyone = len(WORDS) + len("Nothing.") + len("What did you do?") + len("And then?")
    assert counts(agreement(study, speakers="all"), "buy", "char") == [0, 12, 0, everyone - 12]


def test_a_span_over_several_turns_counts_for_the_participants_part(tmp_path: Path) -> None:
    pair = talks(("ana", "a1", "Then it broke.", "buy"), ("ben", "b1", "Then it broke.", "buy"))
    pair[0].segments[0]["end"] = pair[0].text.index("Nothing.") + 4
    study = write_study(tmp_path, pair)
    assert counts(agreement(study), "buy", "char") == [14, 4, 0, len(WORDS) + 8 - 18]


def test_units_are_coded_if_one_character_is(tmp_path: Path) -> None:
    study = write_study(tmp_path, talks(("ana", "a1", "k it.\nThe", "buy"), ("ben", "b1", "Then", "buy")))
    result = agreement(study, units=("word", "sentence", "turn"))
    assert counts(result, "buy", "sentence") == [1, 1, 0, 2]
    assert counts(result, "buy", "turn") == [1, 0, 0, 1]
    assert counts(result, "buy", "word") == [1, 2, 0, 13]


def test_a_layer_that_is_not_done_is_missing(tmp_path: Path) -> None:
    study = write_study(tmp_path, talks(("ana", "a1", "It was cheap", "buy"), done=False))
    with pytest.raises(PostilError, match=r"only ana has finished.*ben/I01.*postil done"):
        study_sample(study)


@pytest.mark.parametrize("kind", ["consensus", "source"])
def test_consensus_and_source_are_no_raters(tmp_path: Path, kind: str) -> None:
    head = {"postil": 1, "kind": kind, "coder": "zoe", "transcript": "I01", "done": "2026-11-02"}
    study = write_study(tmp_path, talks(), files={"codings/zoe/I01.jsonl": json.dumps(head) + "\n"})
    assert agreement(study).coders == ("ana", "ben")


def test_uncoded_in_a_done_layer_is_not_applied(tmp_path: Path) -> None:
    result = agreement(write_study(tmp_path, talks(("ana", "a1", "It was cheap", "buy"))))
    n = len(WORDS) + len("Nothing.")
    by_hand = 1 - (2 * n - 1) * 12 / (12 * (2 * n - 12))
    assert result.units["char"].codes["buy"].multi["krippendorff_alpha"].value == pytest.approx(by_hand)
    nobody = result.units["char"].codes["task"].multi["krippendorff_alpha"]
    assert nobody.value is None
    assert nobody.undefined == "nobody applied the code"


def test_codings_of_a_whole_transcript_count_as_presence_alone(tmp_path: Path) -> None:
    result = agreement(write_study(tmp_path, talks(("ana", "a1", "", "buy"), ("ben", "b1", "", "buy"))))
    assert result.units["char"].codes["buy"].multi["krippendorff_alpha"].value is None
    assert result.presence["code_existence_kappa"]["ana|ben"].value == 1.0


def test_undefined_is_never_a_number_in_json(tmp_path: Path) -> None:
    found = json.loads(run(write_study(tmp_path, talks()), "--json"))
    assert found["codes"]["buy"]["char"]["multi"]["krippendorff_alpha"] == {
        "value": None,
        "se": None,
        "ci95": None,
        "undefined": "nobody applied the code",
    }
    pair = found["codes"]["buy"]["char"]["pairs"]["ana|ben"]
    assert pair["cohen_kappa"] is None
    assert pair["undefined"]["cohen_kappa"] == "neither coder applied the code"
    assert pair["percent_agreement"] == 1.0


def test_live_layers_are_not_for_reporting(tmp_path: Path) -> None:
    study = write_study(tmp_path, talks())
    assert "live, not for reporting" in run(study)
    assert json.loads(run(study, "--json"))["data"]["reportable"] is False


def test_the_declared_measure_is_the_headline_and_all_else_a_supplement(tmp_path: Path) -> None:
    study = write_study(tmp_path, talks(("ana", "a1", "It was cheap", "buy")), settings=PLAN)
    result = agreement(study)
    assert (result.headline.measure, result.headline.unit, result.headline.departs) == (
        "krippendorff_alpha",
        "turn",
        (),
    )
    assert "Headline, declared in study.yaml: Krippendorff's alpha on turns. Reason: answers count" in run(study)
    other = study_agreement(study, SampleOptions(speakers="all"), ("char",), "gwet_ac1")
    assert other.headline.departs == (
        "measure gwet_ac1 instead of krippendorff_alpha",
        "unit char instead of turn",
        "speakers all instead of participant",
    )
    assert "Supplement, not the declared headline" in run(study, "--unit", "char")


def test_a_study_may_declare_that_it_reports_none(tmp_path: Path) -> None:
    settings = "agreement: {none: one researcher interprets}\n"
    study = write_study(tmp_path, talks(), settings=settings)
    assert "one researcher interprets" in run(study, "--methods")
    assert "No coefficient of inter-rater agreement is reported: one researcher interprets." in run(study)
    named = run(study, "--measure", "gwet_ac1")
    assert "The study declares that it reports no agreement: one researcher interprets" in named and "AC1" in named


def many(count: int, applied: int = 6) -> list[Talk]:
    """``count`` interviews of ``applied`` short answers each; ana codes all, ben leaves one out in every second."""
    found = []
    for i in range(count):
        turns = [("P", f"answer {i} {j} is here.") for j in range(applied)] + [("P", "nothing of it")]
        for coder in ("ana", "ben"):
            talk = Talk(f"I{i:02}", turns, {"P": f"E{i:02}"}, coder=coder)
            for j in range(applied - (coder == "ben" and i % 2)):
                talk.code(f"{coder}{i}{j}", f"answer {i} {j}", "buy")
            found.append(talk)
    return found


def test_few_transcripts_make_a_rough_interval(tmp_path: Path) -> None:
    for count, rough in ((7, True), (8, False)):
        estimate = agreement(write_study(tmp_path / str(count), many(count))).units["char"].codes["buy"]
        alpha = estimate.multi["krippendorff_alpha"]
        assert alpha.ci95 is not None
        assert any("rough" in note for note in alpha.notes) is rough


def test_few_applications_have_no_interval(tmp_path: Path) -> None:
    result = agreement(write_study(tmp_path, many(2, 2)))
    alpha = result.units["char"].codes["buy"].multi["krippendorff_alpha"]
    assert alpha.value is not None
    assert (alpha.se, alpha.ci95) == (None, None)
    assert alpha.notes == ("no interval: a coder applied the code to fewer than 5 units",)
    assert result.applied["buy"] == {"ana": 4, "ben": 3}


def test_one_transcript_has_no_interval(tmp_path: Path) -> None:
    alpha = agreement(write_study(tmp_path, many(1, 7))).units["char"].codes["buy"].multi["krippendorff_alpha"]
    assert alpha.ci95 is None
    assert "two or more transcripts" in alpha.notes[0]


BOOK = """
title: T
codes:
  top: {label: Top, codable: false, children: {price: {label: Price}, colour: {label: Colour}}}
  buy: {label: Buy}
groups:
  looks: {codes: [price, colour], exclusive: true}
"""


def test_codes_roll_up_to_a_parent_a_group_and_a_category(tmp_path: Path) -> None:
    pair = talks(("ana", "a1", "It was cheap", "price"), ("ben", "b1", "It was cheap", "colour"))
    study = write_study(tmp_path, pair, codebook=BOOK, process="")
    apart = agreement(study).units["char"].codes["price"].multi["krippendorff_alpha"].value
    assert apart is not None
    assert apart < 0
    for options in ({"level": 1}, {"roll_up": "categories"}):
        assert agreement(study, **options).units["char"].codes["top"].multi["krippendorff_alpha"].value == 1
    assert agreement(study, roll_up="groups").units["char"].codes["looks"].multi["krippendorff_alpha"].value == 1
    assert agreement(study).unitizing_groups["looks"].bu_alpha.value == 1
    assert agreement(study).unitizing_groups["looks"].cu_alpha.value == 0


def test_codes_are_restricted_to_a_subtree_and_typos_are_told(tmp_path: Path) -> None:
    study = write_study(tmp_path, talks(), codebook=BOOK, process="")
    assert agreement(study, codes=("top",)).codes == ("price", "colour")
    with pytest.raises(PostilError, match="did you mean price"):
        agreement(study, codes=("prise",))


def test_modes_can_be_told_apart(tmp_path: Path) -> None:
    pair = talks(("ana", "a1", "It was cheap", "buy"))
    pair[1].code("b1", "It was cheap", {"code": "buy", "mode": "deny"})
    study = write_study(tmp_path, pair)
    assert agreement(study).units["char"].codes["buy"].multi["krippendorff_alpha"].value == 1
    apart = agreement(study, modes=True)
    assert apart.codes == ("buy:affirm", "buy:deny")
    assert counts(apart, "buy:deny", "char")[:3] == [0, 0, 12]


def test_an_unanchored_segment_is_left_out_and_said(tmp_path: Path) -> None:
    pair = talks(("ana", "a1", "It was cheap", "buy"))
    pair[0].segments[0]["unanchored"] = True
    result = agreement(write_study(tmp_path, pair))
    assert counts(result, "buy", "char")[:3] == [0, 0, 0]
    assert "1 segment is unanchored" in " ".join(result.sample.notes)


def test_nothing_in_the_json_is_not_a_number(tmp_path: Path) -> None:
    found = agreement_json(agreement(write_study(tmp_path, many(3)), units=("word", "sentence", "turn")))
    json.dumps(found, allow_nan=False)
    assert math.isclose(found["codes"]["buy"]["turn"]["coded_share"]["ana"], 6 / 7)
