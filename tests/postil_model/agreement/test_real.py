"""The real study, coded by two automated readers, against krippendorff and scikit-learn on laid out characters.

These are no human codings: the numbers hold the program to its peers and say nothing about human coders.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score, f1_score, jaccard_score

from postil_codebook.load import load_codebook
from postil_formats.codings.codes import with_codebook
from postil_formats.codings.plan import plan_codings
from postil_formats.codings.sources.rows import read_codings
from postil_formats.codings.writing import apply_codings
from postil_formats.texts.plan import ImportOptions, plan_import
from postil_formats.texts.writing import apply_import
from postil_model.agreement.disagreements import KINDS, disagreements
from postil_model.agreement.document import agreement_json
from postil_model.agreement.result import StudyAgreement, study_agreement
from postil_study.new import create_study
from postil_study.study import Study, open_study
from tests.shared_data import SHARED, needs_shared

pytestmark = needs_shared
DATA = SHARED / "ptm-study"
READERS = ("reader-a", "reader-b")


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> StudyAgreement:
    """P01 to P08 through the importers; both readers coded P01 to P04."""
    root = tmp_path_factory.mktemp("ptm") / "study"
    create_study(root, "PTM", ())
    options = ImportOptions(id_from=(r"Interview-(\d+)", "P{}"))
    apply_import(root, plan_import(open_study(root), [DATA / "transcripts"], options))
    other, _ = load_codebook((DATA / "codings/codebook.yaml").read_text("utf-8"), "codebook.yaml")
    text = with_codebook((root / "codebook/codebook.yaml").read_text(), "codebook.yaml", other)
    book, _ = load_codebook(text, "codebook.yaml")
    tables = [read_codings((DATA / "codings" / f).read_bytes(), f) for f in ("segments.csv", "relations.csv")]
    apply_codings(open_study(root), plan_codings(open_study(root), tables, "2026-11-02", book), text)
    return study_agreement(open_study(root), units=("turn", "sentence", "word"))


def spoken(study: Study, name: str) -> NDArray[np.bool_]:
    """Which characters are a participant's words, laid out one by one from the turns."""
    transcript = study.transcripts[name]
    counted = np.zeros(len(transcript.text), dtype=bool)
    for turn in transcript.turns:
        if transcript.speaker(turn).role == "participant":
            counted[turn.start : turn.end] = True
    return counted


def laid_out(study: Study, code: str) -> NDArray[np.int8]:
    """Both readers' 0 or 1 at every character of the participants in the interviews that both coded."""
    pieces = []
    for name in ("P01", "P02", "P03", "P04"):
        counted = spoken(study, name)
        rows = np.zeros((2, len(counted)), dtype=np.int8)
        for row, coder in enumerate(READERS):
            layer = study.layer(coder, name)
            assert layer is not None
            for segment in layer.segments:
                if code in segment.code_ids:
                    rows[row, segment.start : segment.end] = 1
        pieces.append(rows[:, counted])
    return np.concatenate(pieces, axis=1)


def test_what_was_compared(result: StudyAgreement) -> None:
    assert result.coders == READERS
    assert result.sample.whole.documents == ("P01", "P02", "P03", "P04")
    assert sum(sum(of.values()) for of in result.applied.values()) == 325
    assert result.units["char"].compared == sum(spoken(result.sample.study, f"P0{i}").sum() for i in range(1, 5))


def test_characters_agree_with_krippendorff_and_scikit_learn(result: StudyAgreement) -> None:
    for code in result.used:
        a, b = laid_out(result.sample.study, code)
        of, pair = result.units["char"].codes[code], result.units["char"].codes[code].pairs["reader-a|reader-b"]
        alpha = krippendorff.alpha(np.stack([a, b]), level_of_measurement="nominal", value_domain=[0, 1])
        assert of.multi["krippendorff_alpha"].value == pytest.approx(alpha, abs=1e-9)
        assert pair.measures["cohen_kappa"].value == pytest.approx(cohen_kappa_score(a, b), abs=1e-9)
        assert pair.measures["jaccard"].value == pytest.approx(jaccard_score(a, b), abs=1e-9)
        assert pair.measures["dice"].value == pytest.approx(f1_score(a, b), abs=1e-9)
        assert pair.n11 == int((a & b).sum())


@pytest.mark.parametrize("unit", ["turn", "sentence", "word"])
def test_units_agree_with_krippendorff(result: StudyAgreement, unit: Any) -> None:
    """Any character of a unit makes it coded; laid out from the units' own spans."""
    study, units = result.sample.study, result.sample.units(unit)
    for code in result.used:
        rows: list[list[int]] = []
        for name, pieces in zip(result.sample.whole.documents, units, strict=True):
            sides = [_coded(study, coder, name, code) for coder in READERS]
            rows += [[int(side[start:end].any()) for side in sides] for start, end in pieces]
        matrix = np.array(rows).T
        if 0 < matrix.sum() < matrix.size:
            alpha = krippendorff.alpha(matrix, level_of_measurement="nominal", value_domain=[0, 1])
            assert result.units[unit].codes[code].multi["krippendorff_alpha"].value == pytest.approx(alpha, abs=1e-9)


def _coded(study: Study, coder: str, name: str, code: str) -> NDArray[np.bool_]:
    coded = np.zeros(len(study.transcripts[name].text), dtype=bool)
    layer = study.layer(coder, name)
    for segment in layer.segments if layer else ():
        if code in segment.code_ids:
            coded[segment.start : segment.end] = True
    return coded


def test_label_sets_agree_with_krippendorff(result: StudyAgreement) -> None:
    """krippendorff with a MASI metric of our own over the distinct sets, on one interview laid out."""
    from postil_model.agreement.measures.multilabel import multilabel_alpha
    from postil_model.agreement.measures.scales import masi_distance

    study, name = result.sample.study, "P04"
    counted = spoken(study, name)
    sides: list[list[frozenset[str]]] = []
    for coder in READERS:
        at = np.stack([_coded(study, coder, name, code)[counted] for code in result.codes])
        sides.append([frozenset(np.array(result.codes)[column]) for column in at.T])
    sets = sorted(set(sides[0]) | set(sides[1]), key=sorted)
    number = {labels: float(i) for i, labels in enumerate(sets)}

    def metric(v1: Any, v2: Any, **_: Any) -> Any:
        distance = np.array([[masi_distance(a, b) for b in sets] for a in sets])
        return distance[v1.astype(int), v2.astype(int)]

    data = np.array([[number[labels] for labels in side] for side in sides])
    made: Callable[..., Any] = metric
    alpha = krippendorff.alpha(data, level_of_measurement=made)
    only = result.sample.characters.only_documents(np.array([False, False, False, True]))
    assert multilabel_alpha(only)["alpha_masi"].value == pytest.approx(alpha, abs=1e-9)


def test_json_of_the_whole_study_has_every_part(result: StudyAgreement) -> None:
    found = agreement_json(result)
    assert set(found["codes"]) == {c.id for c in result.sample.study.codebook.codes.values() if c.codable}
    assert {"char", "turn", "sentence", "word", "unitizing"} <= set(found["codes"]["find-ptm"])
    assert found["transcripts"].keys() == {"P01", "P02", "P03", "P04"}
    assert found["relations"]["all"]["reader-a|reader-b"]["value"] == pytest.approx(0.519, abs=0.001)


def test_disagreements_quote_what_stands_there(result: StudyAgreement) -> None:
    found = disagreements(result)
    assert {each.kind for each in found} == set(KINDS)
    for each in found:
        text = result.sample.study.transcripts[each.transcript].text
        assert all(text[use.start : use.end] == use.quote for use in (*each.a, *each.b))
        assert text[: each.start].endswith(each.before)
        assert text[each.end :].startswith(each.after)
        assert each.differs > 0
    values = [e.value if (e := result.headline.codes[d.code]).value is not None else 2 for d in found]
    assert values == sorted(values)


def test_the_study_is_written_nowhere(result: StudyAgreement) -> None:
    """Agreement only reads."""
    before = {p: p.stat().st_mtime_ns for p in Path(result.sample.study.root).rglob("*") if p.is_file()}
    study_agreement(open_study(result.sample.study.root))
    assert {p: p.stat().st_mtime_ns for p in before} == before
