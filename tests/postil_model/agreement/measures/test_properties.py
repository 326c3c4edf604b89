"""What must hold for any codings: orders do not matter, agreeing is 1, the sweep equals laid out characters."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postil_model.agreement.measures.code_measures import code_measures, pooled_kappas
from postil_model.agreement.measures.confusion import confusion
from postil_model.agreement.measures.estimate import Estimate
from postil_model.agreement.measures.gamma import observed_disorder
from postil_model.agreement.measures.gamma_units import Dissimilarity
from postil_model.agreement.measures.item_measures import item_measures, scaled_measures
from postil_model.agreement.measures.multilabel import multilabel_alpha
from postil_model.agreement.measures.ratings import Ratings, from_items
from postil_model.agreement.measures.sets import from_set_items, set_measures
from postil_model.agreement.measures.spans import Document, SpanTable, from_documents
from postil_model.agreement.measures.tallies import tallies
from postil_model.agreement.measures.unitizing import unitizing_per_code

CODERS = ("a", "b", "c")
CODES = ("x", "y")
Spans = list[tuple[int, int, str]] | None


def seeded(examples: int) -> settings:
    """The same examples every time."""
    return settings(max_examples=examples, deadline=None, derandomize=True)


def spans_of(length: int) -> st.SearchStrategy[Spans]:
    span = st.tuples(st.integers(0, length - 1), st.integers(1, length), st.sampled_from(CODES))
    spans = st.lists(span.filter(lambda s: s[0] < s[1]), max_size=6)
    return st.one_of(st.none(), spans, spans, spans)


@st.composite
def codings(draw: st.DrawFn, complete: bool = False) -> list[Document]:
    found = []
    for number in range(draw(st.integers(1, 3))):
        length = draw(st.integers(2, 30))
        spans = {coder: draw(spans_of(length)) for coder in CODERS}
        if complete:
            spans = {coder: of or [] for coder, of in spans.items()}
        found.append(Document(f"d{number}", length, spans))
    return found


def table(documents: list[Document], coders: tuple[str, ...] = CODERS, codes: tuple[str, ...] = CODES) -> SpanTable:
    return from_documents(documents, coders, codes)


def value(estimate: Estimate) -> Any:
    """For comparison: the number, or that there is none."""
    return pytest.approx(estimate.value, abs=1e-9) if estimate.value is not None else None


def laid_out(documents: list[Document], code: str) -> Ratings:
    """The same codings as one row a character."""
    rows: list[list[int | None]] = []
    for document in documents:
        columns = []
        for coder in CODERS:
            spans = document.spans[coder]
            inside = {i for s, e, c in spans or () if c == code for i in range(s, e)}
            columns.append([None if spans is None else int(i in inside) for i in range(document.length)])
        rows.extend(map(list, zip(*columns, strict=True)))
    return from_items(rows, [0, 1], CODERS)


@given(codings())
@seeded(60)
def test_the_sweep_equals_the_materialised_matrix(documents: list[Document]) -> None:
    for code, got in code_measures(table(documents)).items():
        expected = item_measures(laid_out(documents, code))
        for name, estimate in expected.items():
            assert got.multi[name].value == value(estimate), name


@given(codings())
@seeded(40)
def test_label_sets_equal_the_materialised_sets(documents: list[Document]) -> None:
    items: list[list[set[str] | None]] = []
    for document in documents:
        for i in range(document.length):
            row: list[set[str] | None] = []
            for coder in CODERS:
                spans = document.spans[coder]
                row.append(None if spans is None else {c for s, e, c in spans if s <= i < e})
            items.append(row)
    expected = set_measures(from_set_items(items, CODERS))
    got = multilabel_alpha(table(documents))
    for name in ("alpha_jaccard", "alpha_masi"):
        assert got[name].value == value(expected[name])


@given(codings(), st.permutations(CODERS), st.permutations(CODES), st.randoms())
@seeded(40)
def test_orders_do_not_matter(documents: list[Document], coders: Any, codes: Any, random: Any) -> None:
    shuffled = list(documents)
    random.shuffle(shuffled)
    one, other = code_measures(table(documents)), code_measures(table(shuffled, tuple(coders), tuple(codes)))
    for code in CODES:
        for name, estimate in one[code].multi.items():
            assert other[code].multi[name].value == value(estimate)
            if estimate.se is not None:
                assert other[code].multi[name].se == pytest.approx(estimate.se, abs=1e-9)
        for a, b in combinations(CODERS, 2):
            mine = one[code].pairs[f"{a}|{b}"]
            theirs = other[code].pairs.get(f"{a}|{b}") or other[code].pairs[f"{b}|{a}"]
            assert theirs.measures["cohen_kappa"].value == value(mine.measures["cohen_kappa"])
    family, other_family = unitizing_per_code(table(documents)), unitizing_per_code(table(shuffled, tuple(coders)))
    for code in CODES:
        assert other_family[code].u_alpha.value == value(family[code].u_alpha)


@given(codings(complete=True))
@seeded(40)
def test_perfect_agreement_is_one_or_undefined(documents: list[Document]) -> None:
    same = [Document(d.id, d.length, dict.fromkeys(CODERS, d.spans["a"])) for d in documents]
    for result in code_measures(table(same)).values():
        for estimate in [*result.multi.values(), *(m for p in result.pairs.values() for m in p.measures.values())]:
            assert estimate.value is None or estimate.value == pytest.approx(1)
            assert (estimate.value is None) == bool(estimate.undefined)
    units = [of.u_alpha for of in unitizing_per_code(table(same)).values()]
    for estimate in (*multilabel_alpha(table(same)).values(), *units):
        assert estimate.value is None or estimate.value == pytest.approx(1)


def cut(document: Document, at: int) -> list[Document]:
    """The document in two at a place that no span crosses."""
    halves: list[dict[str, Spans]] = [{}, {}]
    for coder, spans in document.spans.items():
        if spans is None:
            halves[0][coder] = halves[1][coder] = None
            continue
        halves[0][coder] = [s for s in spans if s[1] <= at]
        halves[1][coder] = [(s - at, e - at, c) for s, e, c in spans if s >= at]
    return [Document("left", at, halves[0]), Document("right", document.length - at, halves[1])]


@given(codings(), st.data())
@seeded(40)
def test_splitting_at_a_gap_changes_nothing(documents: list[Document], data: st.DataObject) -> None:
    first = documents[0]
    spans = [s for of in first.spans.values() for s in of or ()]
    places = [i for i in range(1, first.length) if not any(s < i < e for s, e, _ in spans)]
    if not places:
        return
    halves = cut(first, data.draw(st.sampled_from(places)))
    whole, split = code_measures(table(documents)), code_measures(table([*halves, *documents[1:]]))
    for code in CODES:
        assert [split[code].multi[n].value for n in split[code].multi] == [value(e) for e in whole[code].multi.values()]
    one, other = unitizing_per_code(table(documents)), unitizing_per_code(table([*halves, *documents[1:]]))
    touching = [s for of in halves[0].spans.values() for s in of or () if s[1] == halves[0].length]
    touching += [s for of in halves[1].spans.values() for s in of or () if s[0] == 0]
    for code in CODES:
        if not any(s[2] == code for s in touching):  # at a gap of this code the unitizing family does not change either
            assert other[code].u_alpha.value == value(one[code].u_alpha)


@given(codings())
@seeded(30)
def test_confusion_adds_up_to_what_each_coder_coded(documents: list[Document]) -> None:
    found = confusion(table(documents), "a", "b")
    both = [d for d in documents if d.spans["a"] is not None and d.spans["b"] is not None]
    for c, code in enumerate(CODES):
        agreed = 0
        for d in both:
            chars = [{i for s, e, k in d.spans[g] or () if k == code for i in range(s, e)} for g in ("a", "b")]
            agreed += len(chars[0] & chars[1])
        assert found.lengths[c, c] == agreed


ITEMS = st.lists(st.lists(st.sampled_from(["1", "2", "3", None]), min_size=3, max_size=3), min_size=1, max_size=12)


@given(ITEMS, st.permutations(range(3)))
@seeded(60)
def test_items_do_not_depend_on_the_order_of_coders(items: list[list[str | None]], order: Any) -> None:
    one = item_measures(from_items(items, ["1", "2", "3"]))
    other = item_measures(from_items([[row[i] for i in order] for row in items], ["1", "2", "3"]))
    for name, estimate in one.items():
        assert other[name].value == value(estimate), name
        if estimate.se is not None:
            assert other[name].se == pytest.approx(estimate.se, abs=1e-9), name


@given(ITEMS)
@seeded(40)
def test_weights_of_a_nominal_scale_change_nothing(items: list[list[str | None]]) -> None:
    ratings = from_items(items, ["1", "2", "3"])
    plain, weighted = item_measures(ratings), scaled_measures(ratings, "nominal")
    for name in set(plain) & set(weighted):
        assert weighted[name].value == value(plain[name])
    assert weighted["gwet_ac2"].value == value(plain["gwet_ac1"])


@given(codings(complete=True))
@seeded(30)
def test_pooled_kappa_of_one_code_is_its_kappa(documents: list[Document]) -> None:
    only = table(documents, codes=("x",))
    pooled = pooled_kappas(tallies(only), only)
    for pair, of in code_measures(only)["x"].pairs.items():
        assert pooled[pair].value == value(of.measures["cohen_kappa"])


UNIT = st.tuples(st.integers(0, 20), st.integers(1, 8), st.sampled_from("xy")).map(lambda u: (u[0], u[0] + u[1], u[2]))


def least_disorder(units: dict[str, list[tuple[int, int, str]]], d: Dissimilarity) -> float:
    """The least disorder of all alignments, by trying every one of them."""
    names = list(units)
    pairs = list(combinations(range(len(names)), 2))

    def cost(chosen: tuple[Any, ...]) -> float:
        total = 0.0
        for i, j in pairs:
            a, b = chosen[i], chosen[j]
            if a is None or b is None:
                total += d.empty
            else:
                apart = (abs(a[0] - b[0]) + abs(a[1] - b[1])) / (a[1] - a[0] + b[1] - b[0])
                total += d.alpha * apart**2 * d.empty + d.beta * (a[2] != b[2]) * d.empty
        return total / len(pairs)

    def search(left: tuple[tuple[Any, ...], ...]) -> float:
        first = next((g for g, of in enumerate(left) if of), None)
        if first is None:
            return 0.0
        unit, best = left[first][0], float("inf")
        options: list[list[Any]] = [[None, *range(len(of))] if g > first else [None] for g, of in enumerate(left)]
        for picks in combos(options):
            chosen = tuple(unit if g == first else None if p is None else left[g][p] for g, p in enumerate(picks))
            rest = tuple(
                of[1:] if g == first else of if picks[g] is None else of[: picks[g]] + of[picks[g] + 1 :]
                for g, of in enumerate(left)
            )
            best = min(best, cost(chosen) + search(rest))
        return best

    units_in_all = sum(map(len, units.values()))
    return search(tuple(tuple(of) for of in units.values())) / (units_in_all / len(names))


def combos(options: list[list[Any]]) -> list[list[Any]]:
    found: list[list[Any]] = [[]]
    for choices in options:
        found = [[*row, choice] for row in found for choice in choices]
    return found


@given(st.lists(st.lists(UNIT, max_size=3), min_size=2, max_size=3))
@seeded(40)
def test_the_alignment_is_the_best_of_all(units: list[list[tuple[int, int, str]]]) -> None:
    if sum(map(len, units)) == 0:
        return
    named = {str(g): of for g, of in enumerate(units)}
    d = Dissimilarity(1.5, 1.0, 1.0)
    assert observed_disorder(named, d) == pytest.approx(least_disorder(named, d), abs=1e-6)


def test_more_coders_than_patterns_have_places() -> None:
    """Above six coders only patterns that occur are kept; above the room for counts they are counted one by one."""
    random = np.random.default_rng(2)
    coders = tuple(f"r{i}" for i in range(9))
    spans = {c: [(int(s), int(s) + 9, "x") for s in random.integers(0, 80, 150)] for c in coders}
    got = code_measures(from_documents([Document("d", 100, spans)], coders, ("x",)))["x"]
    rows = [[int(any(s <= i < e for s, e, _ in spans[c])) for c in coders] for i in range(100)]
    expected = item_measures(from_items(rows, [0, 1]))
    assert {n: e.value for n, e in got.multi.items()} == {n: value(e) for n, e in expected.items()}
