"""A plugin of pytest that makes one mutant the truth: its module is loaded with the change in it.

``POSTIL_MUTANT`` holds the mutant as JSON. No file is changed and no bytecode written, so
runs side by side don't disturb each other.
"""

from __future__ import annotations

import importlib.abc
import json
import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType

import pytest

from tests.mutants.edits import Mutant, mutated

NOT_LOADED = 70  # exit code: the named tests never imported the module, so they prove nothing
VARIABLE = "POSTIL_MUTANT"
_FINDER = pytest.StashKey["Finder"]()


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, mutant: Mutant) -> None:
        super().__init__(name, path)
        self._mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        source = self.get_data(self.path).decode("utf-8")
        return compile(mutated(source, self._mutant), self.path, "exec", dont_inherit=True)


class Finder(importlib.abc.MetaPathFinder):
    """Finds the one module that is changed."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.mutant.module:
            return None
        spec = PathFinder.find_spec(fullname, path)
        if spec is None or spec.origin is None:
            return None
        spec.loader = _Loader(fullname, spec.origin, self.mutant)
        return spec


def pytest_configure(config: pytest.Config) -> None:
    """Put the mutant before the modules of the tests are imported."""
    config.stash[_FINDER] = Finder(Mutant(**json.loads(os.environ[VARIABLE])))
    sys.meta_path.insert(0, config.stash[_FINDER])


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Say with an exit code of its own that the changed module was never imported."""
    module = sys.modules.get(session.config.stash[_FINDER].mutant.module)
    loader = module.__spec__.loader if module is not None and module.__spec__ is not None else None
    if not isinstance(loader, _Loader):
        session.exitstatus = NOT_LOADED
