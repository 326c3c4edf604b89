"""One command in a process of its own: what it said, how long it worked, how much memory it held at most."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SECONDS = 60  # by the clock; then it is ended: nothing may wait

# Peak and time of the process itself: what getrusage tells its parent counts the parent's own pages before the exec,
# and by the clock a process is as slow as the others beside it make it.
CODE = """
import sys, time
from pathlib import Path
from postil_cli.running import run
code = run(sys.argv[2:])
peak = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
Path(sys.argv[1]).write_text(f"{peak[0]} {time.process_time()}")
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
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(peak), *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        env={**os.environ, **own},
    )
    said = (done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))
    kilobytes, seconds = peak.read_text().split()
    return Ran(done.returncode, *said, float(seconds), int(kilobytes) / 1024)
