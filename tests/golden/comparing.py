"""Recordings on disk, and what is said when a run is not what was recorded."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from zlib import crc32

FOLDER = Path(__file__).resolve().parent / "recorded"
MARK = "=== "  # no line of a recording begins so
SEED = 36  # of the third that every `make test` compares; of sixty seeds one whose third is quick


def place(name: str) -> tuple[Path, str]:
    """The file in which a run is recorded, and its heading there: `sample/model/svg` is `svg` in `sample/model.txt`."""
    folder, _, heading = name.rpartition("/")
    return FOLDER / f"{folder}.txt", heading


def recorded(name: str) -> str | None:
    """What was recorded of a run."""
    path, heading = place(name)
    return _sections(path).get(heading)


def record(name: str, text: str | None) -> bool:
    """Write a recording, or take one out (None); whether it is another than before."""
    path, heading = place(name)
    sections = _sections(path)
    if sections.get(heading) == text:
        return False
    changed = {**sections, heading: text}
    kept = {key: words for key, words in sorted(changed.items()) if words is not None}
    if kept:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes("".join(f"{MARK}{key}\n{words}" for key, words in kept.items()).encode("utf-8"))
    else:
        path.unlink()
    return True


def recorded_names() -> set[str]:
    """Every run of which there is a recording."""
    files = {path: path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.txt")}
    return {f"{name}/{heading}" for path, name in files.items() for heading in _sections(path)}


def _sections(path: Path) -> dict[str, str]:
    """The recordings in a file by their headings."""
    if not path.is_file():
        return {}
    parts = re.split(rf"(?m)^{MARK}(.*)\n", path.read_bytes().decode("utf-8"))
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def in_the_third(name: str) -> bool:
    """Whether a run belongs to the third that is compared each time; a new run changes nothing for the others."""
    return crc32(f"{SEED} {name}".encode()) % 3 == 0


def complaint(name: str, was: str | None, now: str) -> str:
    """What to read when a run differs: the difference, and how to record it anew. Nothing if it does not."""
    if was == now:
        return ""
    again = f"make golden NAMES='{name}'"
    if was is None:
        return f"{name} was never recorded. If what it says is right: {again}"
    lines = difflib.unified_diff(
        was.splitlines(), now.splitlines(), f"recorded: {name}", "what it does now", n=2, lineterm=""
    )
    shown = "\n".join(lines) or "(the ends of lines alone)"
    return f"{shown}\n\nIf this change is wanted, record it: {again}"
