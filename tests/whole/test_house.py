"""The house: layers hold at run time too, nothing heavy at start-up, no stray modules, nothing that is only ours."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from postil_study import illustrative
from tests.shared_data import find_shared

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("codebook", "transcripts", "model", "tui")
CORE = ("postil_base", "postil_codebook", "postil_study", "postil_formats", "postil_model")
FRONT_END_LIBRARIES = ("click", "rich", "textual")
HEAVY = ("pandas", "networkx", "scipy", "typst", "jinja2", "graphviz", "openpyxl", "lxml", "numpy", "matplotlib")


def core_modules() -> list[str]:
    names = []
    for room in ROOMS:
        for file in sorted((ROOT / room).glob("postil_*/**/*.py")):
            parts = file.relative_to(ROOT / room).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            if name.split(".")[0] in CORE:
                names.append(name)
    return names


def loaded_after(statement: str) -> set[str]:
    code = f"{statement}\nimport sys; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in done.stdout.split()}


def test_the_core_loads_no_front_end_library() -> None:
    loaded = loaded_after("import " + ", ".join(core_modules()))
    assert loaded.isdisjoint(FRONT_END_LIBRARIES)


@pytest.mark.parametrize(
    "module", ["postil_model", "postil_study.study", "postil_cli.main", "postil_study.check.study"]
)
def test_start_up_is_light(module: str) -> None:
    assert loaded_after(f"import {module}").isdisjoint(HEAVY)


def test_the_door_is_thin() -> None:
    loaded = loaded_after("import postil_cli.entry")
    assert loaded.isdisjoint(
        {*FRONT_END_LIBRARIES, *HEAVY, "yaml", "msgspec", "pathlib", "re", "typing"} - {"re", "typing"}
    )


def test_no_module_lies_beside_a_package() -> None:
    assert [p for room in ROOMS for p in (ROOT / room).glob("*.py")] == []


def test_the_real_data_is_named_in_tests_and_benchmarks_only() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    outside = [
        name
        for name in tracked.stdout.splitlines()
        if not name.startswith(("tests/", "benchmarks/"))
        and name.endswith((".py", ".md", ".yaml", ".toml", "Makefile", "run", ".cff"))
        and (ROOT / name).is_file()
        and ("../" + "shared") in (ROOT / name).read_text(encoding="utf-8")
    ]
    assert outside == []


def test_the_place_of_the_real_data_is_found_by_one_function() -> None:
    """A path of one's own is wrong as soon as the file moves, and what depends on it skips."""
    files = [path for room in ("tests", "benchmarks", "docs", "examples") for path in (ROOT / room).rglob("*.py")]
    own = {path.name for path in files if re.search(r"""["'/]shared["'/]""", path.read_text(encoding="utf-8"))}
    assert own == {"shared_data.py", Path(__file__).name}


@pytest.mark.parametrize("file", ["tests/a.py", "tests/deep/er/a.py", "benchmarks/a.py"])
def test_the_real_data_is_found_from_anywhere(tmp_path: Path, file: str) -> None:
    checkout = tmp_path / "checkouts" / "postil"
    assert not find_shared(checkout / file).exists()
    data = tmp_path / "shared" / "data"
    (data / "ptm-study").mkdir(parents=True)
    (tmp_path / "checkouts" / "shared" / "data").mkdir(parents=True)  # another folder of that name
    assert find_shared(checkout / file) == data


def test_the_wheel_holds_the_study_that_the_demo_lays_down() -> None:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.STUDY == illustrative.STUDY


def test_the_study_is_laid_down_from_a_wheels_folder_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = tmp_path / "site-packages" / "postil_study" / "demo_study"
    illustrative.lay_down(packaged)
    monkeypatch.setattr(illustrative, "study_source", lambda: packaged)
    illustrative.lay_down(tmp_path / "out")
    names = {p.relative_to(packaged) for p in packaged.rglob("*") if p.is_file()}
    assert {p.relative_to(tmp_path / "out") for p in (tmp_path / "out").rglob("*") if p.is_file()} == names
