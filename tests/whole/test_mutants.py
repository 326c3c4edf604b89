"""The suite notices wrong changes: each mutant of the list is killed by the tests that it names."""

from __future__ import annotations

import random

import pytest

from tests.mutants.edits import Mutant, mutated, source_of
from tests.mutants.of_coding import WIDENED
from tests.mutants.running import survived
from tests.mutants.table import MUTANTS

NO_FORMULA = "tests/postil_base/quoting/test_quoting.py::test_what_is_no_formula_stays"
BY_NAME = {mutant.name: mutant for mutant in MUTANTS}
HANDFUL = random.Random(len(MUTANTS)).sample(sorted(BY_NAME), k=3)


def test_each_mutant_has_a_name_of_its_own() -> None:
    assert len(BY_NAME) == len(MUTANTS) >= 110


@pytest.mark.parametrize("name", BY_NAME)
def test_a_mutant_applies(name: str) -> None:
    mutated(source_of(BY_NAME[name].module)[0], BY_NAME[name])


@pytest.mark.parametrize("name", HANDFUL)
def test_some_mutants_are_killed(name: str) -> None:
    assert survived(BY_NAME[name]) == ""


@pytest.mark.prove
@pytest.mark.parametrize("name", BY_NAME)
def test_no_mutant_survives(name: str) -> None:
    assert survived(BY_NAME[name]) == ""


CODE = """
def f(x):
    if x > 1:
        return x + 1
    return x + 1

class C:
    def f(self):
        return 3
"""


def test_the_place_is_a_qualified_name() -> None:
    tree = mutated(CODE, Mutant("m", "postil_base.ids:C.f", "3", "4", ()))
    names: dict[str, type] = {}
    exec(compile(tree, "m", "exec"), names)
    assert names["C"]().f() == 4


@pytest.mark.parametrize(
    ("at", "was", "now", "why"),
    [
        ("postil_base.ids:f", "x + 2", "x", "stands 0 times"),
        ("postil_base.ids:f", "x + 1", "x", "stands 2 times"),
        ("postil_base.ids:g", "x", "1", "0 definitions of g"),
        ("postil_base.ids:C.f", "3", "(3)", "changes nothing"),
        ("postil_base.ids:C.f", "3", "return 3", "by a statement"),
    ],
)
def test_a_mutant_that_does_not_apply_is_refused(at: str, was: str, now: str, why: str) -> None:
    with pytest.raises(LookupError, match=why):
        mutated(CODE, Mutant("m", at, was, now, ()))


def test_a_mutant_that_nothing_kills_is_told() -> None:
    at = "postil_tui.code.session.session:Session._widen"
    harmless = Mutant("other words", at, "f'{code} extended'", "f'{code} is wider'", (WIDENED,))
    assert survived(harmless).endswith(f"is not noticed by {WIDENED}")


def test_tests_that_never_load_the_module_kill_nothing() -> None:
    elsewhere = Mutant("elsewhere", "postil_study.rounds.blind:hidden_layers", "'revealed'", "''", (NO_FORMULA,))
    assert "did not run (exit 70)" in survived(elsewhere)
