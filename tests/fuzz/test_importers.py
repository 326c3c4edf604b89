"""Fuzzing: damaged files of every kind are read or refused with a message, and never take long.

Transcripts have their own in `test_importers_attacks`. A short run in ``make test``, a long one in ``make prove``.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postil_base.problem import PostilError
from tests.fuzz.mutations import damaged, damaged_part
from tests.fuzz.targets import TARGETS, Target

SECONDS = 5
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]


def copy_of(target: Target) -> st.SearchStrategy[bytes]:
    return damaged_part(target.seed, target.part) if target.part else damaged(target.seed)


def read_or_refused(target: Target, data: bytes) -> None:
    start = time.perf_counter()
    try:
        target.read(data)
    except PostilError as error:
        assert str(error)
    assert time.perf_counter() - start < SECONDS


@pytest.mark.parametrize("name", TARGETS)
def test_sound_files_are_read(name: str) -> None:
    TARGETS[name].read(TARGETS[name].seed)


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_files(name: str) -> None:
    target = TARGETS[name]

    @settings(max_examples=15, deadline=None, suppress_health_check=QUIET, database=None)
    @given(copy_of(target))
    def check(data: bytes) -> None:
        read_or_refused(target, data)

    check()


@pytest.mark.prove
@pytest.mark.parametrize("name", TARGETS)
def test_many_damaged_files(name: str) -> None:
    target = TARGETS[name]

    @settings(max_examples=3_000, deadline=None, suppress_health_check=QUIET)
    @given(copy_of(target))
    def check(data: bytes) -> None:
        read_or_refused(target, data)

    check()
