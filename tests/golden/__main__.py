"""Record anew: ``make golden``, or ``make golden NAMES="sample/model/* program/*"``.

With ``FULL=folder`` every run is written there, nothing cut: do it before and after a change and compare the folders.
"""

from __future__ import annotations

import fnmatch
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.golden import comparing
from tests.golden.running import recording
from tests.golden.runs import all_runs, is_case


def main(arguments: Sequence[str]) -> int:
    """Record the runs whose names match, or all; say which are other than before."""
    full = next(
        (Path(word.removeprefix("--full=")).resolve() for word in arguments if word.startswith("--full=")), None
    )
    patterns = [word for word in arguments if not word.startswith("--")]
    runs = all_runs()
    chosen = [name for name in runs if not patterns or any(fnmatch.fnmatchcase(name, p) for p in patterns)]
    if not chosen:
        print(f"no run is called {' '.join(patterns)}; they are called as the files in tests/golden/recorded")
        return 1
    changed = 0
    for name in chosen:
        text = recording(runs[name], cut=full is None)
        if full is not None:
            (full / name).parent.mkdir(parents=True, exist_ok=True)
            (full / f"{name}.txt").write_text(text, encoding="utf-8", newline="")
        elif comparing.record(name, text):
            changed += 1
            print(f"recorded: {name}")
    if not patterns and full is None:
        for name in sorted(comparing.recorded_names() - set(runs)):
            if not is_case(name) or any(map(is_case, runs)):
                comparing.record(name, None)
                print(f"gone: {name}")
    print(f"{len(chosen)} runs, {changed} of them other than before")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
