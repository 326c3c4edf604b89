from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from postil_base.files.lock import study_lock
from postil_base.problem import PostilError

HOLDER = """
import sys
from pathlib import Path
from postil_base.files.lock import study_lock
with study_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_another_process_is_kept_out_and_a_killed_one_gives_it_back(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(PostilError, match=f"process {holder.pid}"), study_lock(tmp_path, timeout=0.05):
            pass
    finally:
        holder.kill()
        holder.communicate()
    with study_lock(tmp_path, timeout=5):
        pass


def test_the_same_thread_may_enter_again_another_thread_waits(tmp_path: Path) -> None:
    said: list[str] = []

    def other() -> None:
        try:
            with study_lock(tmp_path, timeout=0.05):
                said.append("in")
        except PostilError as error:
            said.append(str(error))

    with study_lock(tmp_path), study_lock(tmp_path / "." / "x" / ".."):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert len(said) == 1
    assert "is being written by another part of this program" in said[0]
    other()
    assert said[1] == "in"


def test_threads_take_turns(tmp_path: Path) -> None:
    inside = 0
    most = 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(20):
            with study_lock(tmp_path):
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_a_private_folder_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    study = tmp_path / "study"
    study.mkdir()
    (study / ".postil").symlink_to(tmp_path)
    with pytest.raises(PostilError, match="is a link"), study_lock(study):
        pass
