"""How long a large REFI-QDA project takes: 200 sources, 50,000 codings; written, read, made a study, read again.

    python benchmarks/refi.py [--sources 200] [--codings 250]

Aims: read in under 10 s and under 1 GB.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.memory import peak_mb
from postil_formats.projects.incoming.new_study import study_from
from postil_formats.projects.incoming.plan import plan_project
from postil_formats.projects.refi import values as v
from postil_formats.projects.refi.guids import stable_guid
from postil_formats.projects.refi.read import read_refi
from postil_formats.projects.refi.write import project_zip
from postil_study.study import open_study

T = TypeVar("T")
SOURCES, CODINGS, CODES = 200, 250, 200  # codings of a source


def project(rng: random.Random, count: int = SOURCES, codings: int = CODINGS) -> v.Project:
    """A project as large as they come."""
    users = (v.User(stable_guid("u", "1"), "Ann"), v.User(stable_guid("u", "2"), "Ben"))
    codes = tuple(v.RefiCode(stable_guid("c", str(number)), f"Code {number}") for number in range(CODES))
    sources = tuple(source(rng, number, users, codes, codings) for number in range(count))
    return v.Project("Large", "a benchmark", users=users, codes=codes, sources=sources)


def source(
    rng: random.Random, number: int, users: tuple[v.User, ...], codes: tuple[v.RefiCode, ...], codings: int
) -> v.RefiSource:
    """One interview with its codings."""
    words = [f"word{n}" for n in range(500)]
    turns = (f"{'P' if turn % 2 else 'I'}{number}: {' '.join(rng.choices(words, k=60))}" for turn in range(100))
    text = "\n\n".join(turns)
    selections = []
    for index in range(codings):
        start = rng.randrange(len(text) - 100)
        span = (start, start + rng.randrange(5, 100))
        user, key = rng.choice(users).guid, (str(number), str(index))
        coding = v.RefiCoding(stable_guid("k", *key), rng.choice(codes).guid, user)
        name = text[slice(*span)]
        selections.append(v.RefiSelection(stable_guid("s", *key), *span, name, user=user, codings=(coding,), span=span))
    return v.RefiSource(stable_guid("t", str(number)), f"Interview {number}", text=text, selections=tuple(selections))


def timed(what: str, action: Callable[[], T]) -> T:
    """Do it and print the seconds."""
    start = time.perf_counter()
    result = action()
    print(f"{what:<28}{time.perf_counter() - start:6.2f} s")
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 if reading is slower or larger than it may be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sources", type=int, default=SOURCES)
    parser.add_argument("--codings", type=int, default=CODINGS, help="of a source")
    options = parser.parse_args(arguments)
    at_first = peak_mb()  # a test runs this within a large process
    made = project(random.Random(1), options.sources, options.codings)
    data = timed("write", lambda: project_zip(made))
    start = time.perf_counter()
    read = timed(f"read ({len(data) >> 20} MB zipped)", lambda: read_refi(data, "large.qdpx"))
    seconds = time.perf_counter() - start
    assert sum(1 for _ in read.codings()) == options.sources * options.codings
    with TemporaryDirectory() as folder:
        timed("make a study of it", lambda: study_from(read, Path(folder) / "study"))
        study = open_study(Path(folder) / "study")
        again = timed("plan it again", lambda: plan_project(study, read))
        assert again.already == again.placed
    size = peak_mb()
    print(f"{'most memory':<28}{size:6.0f} MB")
    return int(seconds > 10 or size - at_first > 1024)


if __name__ == "__main__":
    sys.exit(main())
