"""Digits stay: what one means changes when the person says so, and with a message."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from postil_tui.code.session.slots import Slots
from tests.tui_study import coding, make_study, type_keys

CODES = st.sampled_from([f"code-{n}" for n in range(14)])


@given(st.lists(CODES, max_size=60))
def test_a_code_that_is_used_never_takes_anothers_digit(used: list[str]) -> None:
    slots, seen = Slots(), dict[int, str]()
    for code in used:
        slots.use(code)
        for number in range(1, 10):
            held = slots.code(number)
            if held is not None:
                assert seen.setdefault(number, held) == held
    assert [code for code in slots.codes if code] == list(dict.fromkeys(used))[:9]


def test_a_pin_takes_the_oldest_digit_of_a_full_bar_and_a_second_one_frees_it() -> None:
    slots = Slots()
    for n in range(9):
        slots.use(f"code-{n}")
    assert slots.toggle_pin("other") and slots.code(1) == "other"
    assert not slots.toggle_pin("other") and slots.code(1) is None
    slots.use("next")
    assert slots.code(1) == "next"


async def test_a_digit_that_means_another_code_is_said(tmp_path: Path) -> None:
    async with coding(make_study(tmp_path)) as (pilot, screen):
        for code in ("find-ptm", "popularity", "documentation", "evaluate", *"abcde"):
            screen.workspace.slots.use(code)
        await type_keys(pilot, "sctrust*")
        assert screen.said == "1 is trust and stays so, no longer find-ptm"
        await type_keys(pilot, "*")
        assert screen.said == "1 is free: the next code without a digit takes it"


async def test_a_transcript_with_codings_has_its_codes_on_the_digits(tmp_path: Path) -> None:
    root = make_study(tmp_path)
    async with coding(root) as (pilot, screen):
        await type_keys(pilot, "sctru<enter>sctru<enter>sceval<enter>q")
    state = next((tmp_path / "xdg-state").rglob("*.json"), None)
    async with coding(root) as (_, screen):
        screen.workspace.slots = Slots()
        screen.workspace.slots.fill(screen._used_most())
        assert screen.workspace.slots.codes[:2] == ["trust", "evaluate"] and state is not None
