"""One command in a process of its own: what it said, how long it took, how much memory it held at most."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SECONDS = 60  # then it is ended; what is asked of it is far less

# The peak of the process itself: what getrusage tells its parent counts the parent's own pages before the exec, too.
CODE = """
import sys
from pathlib import Path
from postil_cli.running import run
code = run(sys.argv[2:])
peak = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
Path(sys.argv[1]).write_text(peak[0])
sys.exit(code)
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of it."""

    code: int
    out: str
    err: str
    seconds: float
    megabytes: float


def run_postil(arguments: Sequence[str], folder: Path) -> Ran:
    """Run a command; its own folders for state and temporary files lie below ``folder``."""
    own = {name: str(folder / name) for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "TMPDIR")}
    for path in own.values():
        Path(path).mkdir(exist_ok=True)
    peak = folder / "peak"
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(peak), *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        env={**os.environ, **own},
    )
    seconds = time.monotonic() - start
    said = (done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))
    return Ran(done.returncode, *said, seconds, int(peak.read_text()) / 1024)
