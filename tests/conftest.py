"""Settings of the suite: the long proofs run with ``--prove`` alone; nothing of the person's own folders is touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import skips
from tests.mutants import telling

# Workers inherit a size that readline put into the environment; every program in a pseudo-terminal would believe it.
for name in ("COLUMNS", "LINES"):
    os.environ.pop(name, None)

# In CI every run draws the same examples, so that a red run is red again. Elsewhere each run draws new ones.
# That drawing is slow on a busy machine is no fault of the test.
PATIENT = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("new-every-time", PATIENT, derandomize=False)
settings.register_profile("same-every-time", PATIENT, derandomize=True, database=None)
settings.load_profile("same-every-time" if skips.IN_CI else "new-every-time")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(skips, "skips")
    config.pluginmanager.register(telling, "mutants")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--prove", action="store_true", help="run the long proofs too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--prove"):
        return
    skip = pytest.mark.skip(reason=skips.PROOF)
    for item in items:
        if "prove" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """State and configuration go into the test's own folder."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg-state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg-config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg-cache"))
