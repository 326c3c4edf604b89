"""The tests of what changed: ``make test-changed``. Those of the rooms whose modules changed, and those that name one.

Changed is what git finds different from a commit (``HEAD`` unless one is named), new files included.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Collection, Iterable
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[1]
TOPS = ("codebook", "transcripts", "model", "tui")
LAWS = ("tests/whole/test_house.py", "tests/whole/test_mirror.py")
# what runs the whole program again and again takes minutes; make test has it
SLOW = ("crash", "fuzz", "git", "golden", "hostile", "whole")


def chosen_for(changed: Iterable[str], tests: Collection[Path]) -> list[str]:
    """The paths of tests to run for changed paths, relative to the root with forward slashes."""
    changed = set(changed)
    modules = {name for path in changed if (name := _module(path))}
    rooms = {"tests/" + "/".join(name.split(".")[:-1]) for name in modules}
    chosen = {path for path in changed if PurePosixPath(path).name.startswith("test_") and (ROOT / path).is_file()}
    for file in tests:
        path = file.relative_to(ROOT).as_posix()
        if path.split("/")[1] in SLOW:
            continue
        if str(PurePosixPath(path).parent) in rooms or not modules.isdisjoint(named_in(file)):
            chosen.add(path)
    return sorted({*chosen, *LAWS}) if changed else []


def named_in(file: Path) -> set[str]:
    """The modules of the product that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return {name for name in found if name.startswith("postil_")}


def _module(path: str) -> str:
    parts = PurePosixPath(path).with_suffix("").parts
    if not path.endswith(".py") or len(parts) < 3 or parts[0] not in TOPS:
        return ""
    return ".".join(parts[1:])


def changed_since(commit: str) -> list[str]:
    """What git finds different from a commit, and what it does not know yet."""
    asked = (["git", "diff", "--name-only", commit], ["git", "ls-files", "--others", "--exclude-standard"])
    done = [subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=True).stdout for call in asked]
    return "".join(done).splitlines()


def main(commit: str = "HEAD") -> int:
    """Run them; 0 when there are none."""
    chosen = chosen_for(changed_since(commit), sorted((ROOT / "tests").rglob("test_*.py")))
    if not chosen:
        print(f"nothing changed since {commit}")
        return 0
    return subprocess.call([sys.executable, "-m", "pytest", "-q", "-n", "auto", *chosen], cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
