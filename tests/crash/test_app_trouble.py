"""Disk full, denied, taken away, slow: a message in the app, the action kept, tried again; never a silent loss."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
from textual.pilot import Pilot

from postil_base.files import disk
from postil_study.check.study import check_study
from postil_study.layers.unsaved import find_unsaved
from postil_study.study import open_study
from postil_tui.code.screen import CodeScreen
from postil_tui.shell import watching
from postil_tui.shell.app import PostilApp
from postil_tui.widgets.bars import Bar
from tests.crash.power import Recorder, recording
from tests.tui_study import coding, make_study, type_keys

LAYER = "codings/ana/I01.jsonl"


def codes_on_disk(root: Path) -> list[str]:
    layer = open_study(root).layer("ana", "I01")
    return [code for segment in layer.segments for code in segment.code_ids] if layer else []


def unsaved(root: Path) -> list[list[str]]:
    return [list(found.states) for found in find_unsaved("test-study", root)]


@contextmanager
def broken_disk(number: int) -> Iterator[None]:
    """Whatever is written into the study is refused; the state folder is another disk."""

    class Broken(Recorder):
        def _note(self, call: object) -> None:
            if "/study/" in getattr(call, "path", ""):
                raise OSError(number, "the disk says no")

    with recording(Broken()):
        yield


def title(screen: CodeScreen) -> str:
    return screen.query_one("#title", Bar).text


async def until_said(pilot: Pilot[int], screen: CodeScreen, word: str) -> None:
    end = monotonic() + 10
    while word not in title(screen) and word not in screen.said:
        assert monotonic() < end, (title(screen), screen.said)
        await pilot.pause(0.01)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
async def test_what_cannot_be_written_waits_and_is_written_when_it_can(tmp_path: Path, number: int) -> None:
    root = make_study(tmp_path / "study")
    async with coding(root) as (pilot, screen):
        with broken_disk(number):
            await type_keys(pilot, "sctru<enter>")
            await until_said(pilot, screen, "✗ not saved")
            await until_said(pilot, screen, "says no")
            assert codes_on_disk(root) == []
            assert len(unsaved(root)[0]) == 1, "it is safe outside the study"
            await type_keys(pilot, "}}).")
            assert not screen.workspace.flush()
            assert len(unsaved(root)[0]) == 2
            assert len(screen.session.records.segments) == 2, "and in the app one goes on"
        screen.workspace.try_again()
        await until_said(pilot, screen, "● saved")
        assert codes_on_disk(root) == ["trust", "trust"]
        assert unsaved(root) == []


async def test_killed_before_it_could_be_written_it_is_taken_in_the_next_time(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    async with coding(root) as (pilot, screen):
        await type_keys(pilot, "sctru<enter>")
        assert screen.workspace.flush()
        screen.app._watcher.tick()  # the first look, which takes in what waits, is over
        with broken_disk(errno.ENOSPC):
            await type_keys(pilot, "}}).")
            await until_said(pilot, screen, "✗ not saved")
            await until_said(pilot, screen, "says no")
            waiting = list(find_unsaved("test-study", root))
            kept = waiting[0].path.read_bytes()
        screen.workspace.flush()
        (root / LAYER).write_bytes(b"\n".join((root / LAYER).read_bytes().splitlines()[:2]) + b"\n")
        waiting[0].path.write_bytes(kept)  # as if the app had been killed while the disk was full
    assert codes_on_disk(root) == ["trust"]
    async with coding(root) as (pilot, screen):
        screen.app._watcher.tick()
        assert "could not be saved then were taken in" in screen.said
        assert codes_on_disk(root) == ["trust", "trust"]
        assert unsaved(root) == []
    assert check_study(root) == []


async def test_leaving_with_a_full_disk_says_where_the_rest_is(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    async with coding(root) as (pilot, screen):
        app = screen.app
        with broken_disk(errno.ENOSPC):
            await type_keys(pilot, "sctru<enter>")
            await until_said(pilot, screen, "✗ not saved")
            await type_keys(pilot, "q")
            assert "taken in when you open the study next" in app.last_words
    assert [len(ids) for ids in unsaved(root)] == [1]


async def test_with_no_room_anywhere_one_is_asked_before_it_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_study(tmp_path / "study")
    async with coding(root) as (pilot, screen):
        monkeypatch.setattr("postil_study.layers.unsaved.unsaved_paths", lambda *_: [])
        with broken_disk(errno.ENOSPC):
            await type_keys(pilot, "sctru<enter>")
            await until_said(pilot, screen, "✗ not saved")
            await type_keys(pilot, "q")
            await until_said(pilot, screen, "leave once more to lose it")
            assert screen.app.is_running
        screen.workspace.try_again()
        await until_said(pilot, screen, "● saved")


async def test_a_layer_taken_away_is_said_and_written_anew_on_request(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    async with coding(root) as (pilot, screen):
        await type_keys(pilot, "sctru<enter>")
        assert screen.workspace.flush()
        (root / LAYER).unlink()
        await type_keys(pilot, "}}).")
        await until_said(pilot, screen, "not there any more")
        assert not (root / LAYER).exists()
        await type_keys(pilot, "R")  # asks what is to become of what vanished
        await type_keys(pilot, "p")
        await until_said(pilot, screen, "● saved")
        assert codes_on_disk(root) == ["trust", "trust"]


async def test_a_study_that_is_gone_for_a_while_is_waited_for(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    async with coding(root) as (pilot, screen):
        await type_keys(pilot, "sctru<enter>")
        assert screen.workspace.flush()
        root.rename(tmp_path / "away")
        await type_keys(pilot, "}}).")
        await until_said(pilot, screen, "✗ not saved")
        assert not root.exists(), "no half study is made where it was"
        (tmp_path / "away").rename(root)
        screen.workspace.try_again()
        await until_said(pilot, screen, "● saved")
        assert codes_on_disk(root) == ["trust", "trust"]


async def test_a_slow_disk_does_not_stop_the_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_study(tmp_path / "study")
    answer = Event()
    real = disk.write_new

    def slow(path: Path, data: bytes, like: Path | None = None) -> None:
        if root in path.parents:
            assert answer.wait(30)
        real(path, data, like)

    async with coding(root) as (pilot, screen):
        monkeypatch.setattr(disk, "write_new", slow)
        monkeypatch.setattr("postil_tui.shell.workspace._LATE", 0.0)
        await type_keys(pilot, "sctru<enter>")
        await until_said(pilot, screen, "○ saving")
        await type_keys(pilot, "}}).")
        assert len(screen.session.records.segments) == 2
        end = monotonic() + 10
        while "slow to answer" not in screen.said:
            assert monotonic() < end
            screen.app._watcher.tick()
        assert len(unsaved(root)[0]) == 2, "kept outside while the disk does not answer"
        answer.set()
        await until_said(pilot, screen, "● saved")
        assert screen.workspace.flush()
        assert unsaved(root) == []
        assert codes_on_disk(root) == ["trust", "trust"]


async def test_what_goes_wrong_while_looking_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_study(tmp_path / "study")
    async with coding(root) as (pilot, screen):
        app = screen.app
        assert isinstance(app, PostilApp)
        (root / "study.yaml").unlink()
        watching.guarded(app, lambda: watching.follow(app, screen.workspace, ["study.yaml"]))
        await pilot.pause()
        assert "no study" in screen.said
