"""Two apps and a command line on one study, as processes: each sees what the others do, and nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from postil_base.files.lock import study_lock
from postil_base.problem import has_errors
from postil_study.check.study import check_study
from postil_study.git.deciding import decisions
from postil_study.study import open_study
from postil_study.text.values import Layer
from tests.crash.terminal import Program, environment
from tests.tui_study import make_study

TEXT = "".join(f"P01:\n{' '.join(f'We looked at model {n}{m} then.' for m in 'abcde')}\n\n" for n in range(30))
ANA = ("code", "I01", "--coder", "ana")


def layer(root: Path) -> Layer:
    found = open_study(root).layer("ana", "I01")
    assert found is not None
    return found


def command(root: Path, *arguments: str) -> None:
    call = [sys.executable, "-m", "postil_cli.entry", *arguments]
    done = subprocess.run(call, cwd=root, env=environment(root.parent), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def shows(app: Program, count: int) -> None:
    app.wait(lambda: app.made >= count)


def test_each_sees_what_the_others_do_and_no_update_is_lost(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study", TEXT)
    with Program(root, *ANA) as one, Program(root, *ANA, home=tmp_path / "other") as other:
        one.wait_for("0 segments")
        other.wait_for("0 segments")
        one.send("sctru\r")
        shows(one, 1)
        shows(other, 1)  # without a restart
        other.send(")sceva\r")
        shows(other, 2)
        shows(one, 2)
        command(root, "codebook", "rename", "trust", "belief", "--yes")
        one.wait_for("belief")
        other.wait_for("belief")
        one.wait_for(". belief")  # the code that `.` repeats has its new name
        for app in (one, other):
            app.send(")).).).).)." if app is one else "))))))).).).).).")
        one.wait(lambda: other.watch(0.1) or (len(layer(root).segments) == 12))
        shows(one, 12)
        shows(other, 12)
        for app in (one, other):
            app.wait(lambda app=app: app.saved == 12)  # type: ignore[misc]
            app.send("q")
            assert app.end() == 0
    assert len(layer(root).segments) == 12
    assert {code for segment in layer(root).segments for code in segment.code_ids} <= {"belief", "evaluate"}
    assert not has_errors(check_study(root))


def test_a_segment_changed_in_both_is_kept_twice_and_decided_in_the_app(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study", TEXT)
    with Program(root, *ANA) as one, Program(root, *ANA, home=tmp_path / "other") as other:
        one.wait_for("0 segments")
        one.send("sctru\r")
        shows(one, 1)
        shows(other, 1)
        other.send("]m")  # onto the segment, and into its memo
        one.send("]m")
        other.wait_for("ctrl+s")
        one.wait_for("ctrl+s")
        other.send("what the other thinks\x13")
        other.wait(lambda: layer(root).segments[0].memo != "")
        one.send("what one thinks\x13")
        one.wait(lambda: other.watch(0.1) or len(layer(root).segments) == 2)
        assert {segment.memo for segment in layer(root).segments} == {"what one thinks", "what the other thinks"}
        one.send("gk")
        one.wait_for("what the other thinks")
        assert "what one thinks" in one.text
        one.send("3")
        one.wait(lambda: not list(decisions(open_study(root))))
    assert {segment.memo for segment in layer(root).segments} == {"what one thinks", "what the other thinks"}


def test_a_lock_does_not_outlive_the_program_that_held_it(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study", TEXT)
    hold = "import sys, time; from pathlib import Path; from postil_base.files.lock import study_lock\n"
    hold += "with study_lock(Path(sys.argv[1])):\n    print('held', flush=True)\n    sys.stdin.read()\n"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with Program(root, *ANA) as app:
            app.wait_for("0 segments")
            app.send("sctru\r")
            shows(app, 1)
            assert app.saved < 1, "it waits for the lock"
            os.kill(holder.pid, signal.SIGKILL)
            app.wait(lambda: app.saved == 1)
    with study_lock(root, timeout=1.0):
        assert len(layer(root).segments) == 1
