"""The house: layers hold at run time too, nothing heavy at start-up, no stray modules, nothing that is only ours."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import networkx
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


def modules() -> dict[str, Path]:
    """Every module of the product by its dotted name."""
    found = {}
    for room in ROOMS:
        for file in sorted((ROOT / room).glob("postil_*/**/*.py")):
            parts = file.relative_to(ROOT / room).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def imports() -> networkx.DiGraph[str]:
    """Who imports whom, imports for typing and inside functions among them."""
    known = modules()
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    for name, file in known.items():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                named = [f"{node.module}.{one.name}" for one in node.names]
                targets = {one if one in known else node.module for one in named} & known.keys()
                graph.add_edges_from((name, target) for target in targets if target != name)
    return graph


# Modules that still know each other, by the room they lie in. A circle that is cut is taken off; none comes back.
CIRCLES = {
    "postil_formats.codings",
    "postil_formats.texts",
    "postil_model.evidence",
    "postil_tui.conflicts",
    "postil_model.decision",
    "postil_tui.code",
    "postil_tui.codebook",
    "postil_tui.compare",
    "postil_tui.importing",
    "postil_tui.memos",
    "postil_tui.search",
    "postil_tui.shell",
    "postil_tui.team",
    "postil_tui.themes",
}
# Folders of equals, each a list of things of one kind that nobody reads from beginning to end.
EQUALS = {"postil_cli.commands", "postil_model.agreement.measures", "postil_model.drawing"}


def test_no_circle_among_modules_but_those_that_are_named() -> None:
    knots = [knot for knot in networkx.strongly_connected_components(imports()) if len(knot) > 1]
    assert {min(".".join(name.split(".")[:2]) for name in knot) for knot in knots} <= CIRCLES, knots


def test_no_two_classes_have_one_name() -> None:
    found: dict[str, list[str]] = {}
    for name, file in modules().items():
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, []).append(name)
    assert {name: where for name, where in found.items() if len(where) > 1} == {}


def test_no_room_is_so_full_that_nobody_finds_anything() -> None:
    """Sixteen modules beside the folders of a room at the most."""
    counts = Counter(name.rpartition(".")[0] for name, file in modules().items() if file.name != "__init__.py")
    assert {room: count for room, count in counts.items() if count > 16 and room not in EQUALS} == {}


def test_nobody_touches_the_garbage_collector_but_the_program_itself() -> None:
    touching = {name for name, file in modules().items() if re.search(r"\bgc\.", file.read_text(encoding="utf-8"))}
    assert touching <= {"postil_cli.entry", "postil_tui.shell.launch", "postil_tui.shell.app"}


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
