"""Measures of spans against the known answers: characters, units, pairs, unitizing, label sets, jackknife, F1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from postil_model.agreement.measures import presence
from postil_model.agreement.measures.code_measures import CodeResult, code_measures, pooled_kappas
from postil_model.agreement.measures.estimate import Estimate
from postil_model.agreement.measures.multilabel import multilabel_alpha
from postil_model.agreement.measures.resample import errors_of
from postil_model.agreement.measures.spans import Document, SpanTable, from_documents
from postil_model.agreement.measures.tallies import tallies
from postil_model.agreement.measures.unitizing import unitizing, unitizing_per_code
from tests.agreement_cases import CASES, of_kind

TOL = 1e-6
JACKKNIFE = "jackknife_docs_krippendorff_alpha_char"
PRESENCE = ("code_existence_agreement", "code_frequency_agreement", "exact_f1")
COMPARED = {"char", "units_any_overlap", "pooled_kappa_char", "unitizing", "unitizing_per_code", "multilabel_char",
            *PRESENCE, "exact_f1_mean", JACKKNIFE}  # fmt: skip


def table_of(case: Mapping[str, Any]) -> SpanTable:
    coders = list(dict.fromkeys(name for doc in case["docs"] for name in doc["coders"]))
    documents = [
        Document(
            doc["id"],
            doc["L"],
            {name: None if spans is None else [tuple(s) for s in spans] for name, spans in doc["coders"].items()},
        )
        for doc in case["docs"]
    ]
    return from_documents(documents, coders, case["codes"])


def same(got: Estimate, expected: float | None, what: str) -> None:
    if expected is None:
        assert got.value is None, f"{what} is {got.value}, expected undefined"
        assert got.undefined
    else:
        assert got.value == pytest.approx(expected, abs=TOL), f"{what}: {got}"


def check_codes(got: Mapping[str, CodeResult], expected: Mapping[str, Any]) -> None:
    for code, answers in expected.items():
        for name, answer in answers["multi"].items():
            same(got[code].multi[name], answer["value"], f"{code} {name}")
        for pair, answer in answers.get("pairs", {}).items():
            check_pair(got[code], pair, answer)
        if "light_kappa" in answers:
            same(got[code].multi["light_kappa"], answers["light_kappa"], f"{code} light")


def check_pair(got: CodeResult, pair: str, expected: Mapping[str, Any]) -> None:
    found = got.pairs[pair]
    assert [found.n11, found.n10, found.n01, found.n00] == [expected[n] for n in ("n11", "n10", "n01", "n00")]
    for name, value in expected.items():
        if name not in ("n11", "n10", "n01", "n00", "kappa_peers"):
            same(found.measures[name], value, f"{pair} {name}")


def check_family(got: Any, expected: Mapping[str, Any]) -> None:
    for name, value in expected.items():
        if isinstance(value, dict) and name != "peers":
            for code, of_code in value.items():
                same(getattr(got, name)[code], of_code, f"{name}({code})")
        elif name != "peers":
            same(getattr(got, name), value, name)


def check_published(got: Mapping[str, CodeResult], table: SpanTable, published: Mapping[str, Any]) -> None:
    """What the source itself prints, to its digits."""
    for name, answer in published.items():
        level, *rest = name.split(":")
        if level == "char":
            result = got[rest[0]]
            found = result.multi.get(rest[1]) or next(iter(result.pairs.values())).measures[rest[1]]
        else:
            found = getattr(unitizing(table), level)
        assert found.value == pytest.approx(answer["value"], abs=answer["tol"]), name


def test_every_expected_name_is_compared() -> None:
    assert {name for case in CASES if case["kind"] == "spans" for name in case["expected"]} == COMPARED


@of_kind("spans")
def test_known_answers(case: dict[str, Any]) -> None:
    table, expected = table_of(case), case["expected"]
    characters = code_measures(table)
    check_codes(characters, expected["char"])
    check_published(characters, table, case.get("published", {}))
    if "units_any_overlap" in expected:
        check_codes(code_measures(table.on_units(case["units"])), expected["units_any_overlap"])
    for pair, value in expected.get("pooled_kappa_char", {}).items():
        same(pooled_kappas(tallies(table), table)[pair], value, f"pooled {pair}")
    if "unitizing" in expected:
        check_family(unitizing(table), expected["unitizing"])
    per_code = unitizing_per_code(table)
    for code, answer in expected.get("unitizing_per_code", {}).items():
        check_family(per_code[code], answer)
    for name, answer in expected.get("multilabel_char", {}).items():
        same(multilabel_alpha(table)[name], answer["value"], name)
    for name in PRESENCE:
        for pair, value in expected.get(name, {}).items():
            same(getattr(presence, name)(table)[pair], value, f"{name} {pair}")
    if "exact_f1_mean" in expected:
        same(presence.mean_of(presence.exact_f1(table)), expected["exact_f1_mean"], "exact_f1_mean")


def three_documents() -> SpanTable:
    spans: list[dict[str, Any]] = [
        {"a": [(0, 9, "x"), (20, 30, "y")], "b": [(2, 9, "x"), (20, 28, "y")]},
        {"a": [(5, 15, "x"), (40, 48, "x")], "b": [(5, 12, "x"), (30, 35, "y")]},
        {"a": [(0, 20, "y"), (30, 34, "x")], "b": [(3, 20, "y"), (31, 36, "x")]},
    ]
    return from_documents([Document(f"d{i}", 50, of) for i, of in enumerate(spans)], ["a", "b"], ["x", "y"])


def test_the_unitizing_family_is_left_out_by_document() -> None:
    table = three_documents()
    for name in ("u_alpha", "bu_alpha", "cu_alpha"):
        left_out = []
        for d in range(3):
            keep = np.arange(3) != d
            left_out.append(getattr(unitizing(table.only_documents(keep)), name).value)
        spread = np.sqrt(2 / 3 * ((np.array(left_out) - np.mean(left_out)) ** 2).sum())
        assert getattr(unitizing(table), name).se == pytest.approx(spread)


def test_a_bootstrap_draws_documents_from_a_fixed_seed() -> None:
    table = three_documents()
    one, other = code_measures(table, "bootstrap"), code_measures(table, "bootstrap")
    alpha = one["x"].multi["krippendorff_alpha"]
    assert alpha == other["x"].multi["krippendorff_alpha"]
    assert alpha.value == code_measures(table)["x"].multi["krippendorff_alpha"].value
    values = [code_measures(_drawn(table, draw))["x"].multi["krippendorff_alpha"].value for draw in _all_draws()]
    defined = [value for value in values if value is not None]
    assert len(defined) == 27
    # the least and the greatest value come about in 1 of 27 draws each, which is more than 2.5%
    assert alpha.ci95 == pytest.approx((min(defined), max(defined)))


def _all_draws() -> list[tuple[int, ...]]:
    """All 27 equally likely draws of three documents."""
    return [(i, j, k) for i in range(3) for j in range(3) for k in range(3)]


def _drawn(table: SpanTable, draw: tuple[int, ...]) -> SpanTable:
    documents = []
    for place, number in enumerate(draw):
        rows = table.document == number
        spans: dict[str, list[tuple[int, int, str]]] = {coder: [] for coder in table.coders}
        for g, c, s, e in zip(table.coder[rows], table.code[rows], table.start[rows], table.end[rows], strict=True):
            spans[table.coders[g]].append((int(s), int(e), table.codes[c]))
        documents.append(Document(f"n{place}", 50, spans))
    return from_documents(documents, table.coders, table.codes)


@of_kind("spans", expecting=JACKKNIFE)
def test_known_jackknife(case: dict[str, Any]) -> None:
    got = code_measures(table_of(case))
    for code, answer in case["expected"][JACKKNIFE].items():
        assert got[code].left_out.tolist() == pytest.approx(answer["leave_one_out"], abs=TOL)
        assert float(errors_of(got[code].left_out)) == pytest.approx(answer["se"], abs=TOL)
        assert got[code].multi["krippendorff_alpha"].se == pytest.approx(answer["se"], abs=TOL)
