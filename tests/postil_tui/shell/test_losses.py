"""What vanishes from a study's files while the app is open: never taken over in silence, never written over."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import which
from time import monotonic

import pytest
from click.testing import CliRunner
from textual.pilot import Pilot

from postil_base.clock import system_clock
from postil_base.problem import has_errors
from postil_cli.main import cli
from postil_study.check.study import check_study
from postil_study.files.kept_copies import read_copies
from postil_study.layers.file import encode_header, encode_state, read_layer
from postil_study.study import open_study
from postil_study.text.values import LayerHeader, Segment
from postil_tui.code.screen import CodeScreen
from postil_tui.code.session.prompts import Choose
from postil_tui.conflicts.vanished_screen import VanishedScreen
from postil_tui.memos.memo_book import MemoBook
from tests.git.clones import git
from tests.tui_study import MANIFEST, coding, make_study, type_keys

COUNT = 48
TEXT = "".join(f"P01:\n{' '.join(f'We looked at model {n}{m} then.' for m in 'abcde')}\n\n" for n in range(30))
AT = "2026-05-01T00:00:00Z"
LAYER = "codings/ana/I01.jsonl"
BOOK = "codebook/codes.yaml"


def coded(root: Path, coder: str = "ana", transcript: str = "I01", count: int = COUNT) -> bytes:
    """A layer of many codings, written as another program would."""
    text = (root / f"transcripts/{transcript}.txt").read_text("utf-8")
    header = LayerHeader(coder, transcript, text_sha256=open_study(root).transcripts[transcript].text_sha256)
    lines = [encode_header(header)]
    for number in range(count):
        start = 10 + number * 8
        id_ = f"{coder[0]}{transcript[-1]}{number:08}"
        lines.append(encode_state(Segment(id_, start, start + 6, ("trust",), text[start : start + 6], at=AT)))
    data = b"\n".join(lines) + b"\n"
    path = root / f"codings/{coder}/{transcript}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return data


def study(folder: Path) -> Path:
    root = make_study(folder / "study", TEXT)
    coded(root)
    return root


def in_place(path: Path, data: bytes) -> None:
    """As an editor, a synchronisation, a shell's `>` writes: the same file, cut to nothing first."""
    with path.open("wb") as file:
        file.write(data)


TORN: dict[str, Callable[[Path, bytes], None]] = {
    "cut in the middle of a line": lambda path, data: in_place(path, data[: len(data) // 2]),
    "cut at the end of a line": lambda path, data: in_place(path, data[: data.index(b"\n", len(data) // 2) + 1]),
    "all but the last record": lambda path, data: in_place(path, data[: data.rindex(b"\n", 0, -1) + 1]),
    "emptied to nothing": lambda path, data: in_place(path, b""),
    "emptied to its header": lambda path, data: in_place(path, data[: data.index(b"\n") + 1]),
    "its header cut off": lambda path, data: in_place(path, data[data.index(b"\n") + 1 :]),
    "removed": lambda path, data: path.unlink(),
    "written by nulls": lambda path, data: in_place(path, b"\0" * len(data)),
}


def ids(data: bytes) -> set[str]:
    return set(read_layer(data, LAYER)[0].by_id)


def on_disk(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


async def until(pilot: Pilot[int], so: Callable[[], bool]) -> None:
    end = monotonic() + 10
    while not so():
        assert monotonic() < end
        await pilot.pause(0.01)


async def look(pilot: Pilot[int], screen: CodeScreen, times: int = 1) -> None:
    """Have the app look at the disk, as it does once a second."""
    watcher = screen.app._watcher
    for _ in range(times):
        await until(pilot, lambda: not watcher._started)
        looks = watcher._looks
        watcher.tick()
        await until(pilot, lambda looks=looks: watcher._looks > looks and not watcher._started)  # type: ignore[misc]
        await pilot.pause()


def question(screen: CodeScreen) -> str:
    return screen.prompt.question if isinstance(screen.prompt, Choose) else ""


@asynccontextmanager
async def opened(root: Path) -> AsyncIterator[tuple[Pilot[int], CodeScreen]]:
    async with coding(root) as (pilot, screen):
        await look(pilot, screen)  # the app has looked once; what it shows is what it holds
        yield pilot, screen


def moved_into_place(path: Path, data: bytes) -> None:
    """As git, a synchronisation and most editors write: another file under the same name."""
    other = path.with_name("other")
    other.write_bytes(data)
    other.replace(path)


@pytest.mark.parametrize("write", [in_place, moved_into_place])
@pytest.mark.parametrize("answer", ["p", "a"])
async def test_a_layer_that_goes_back_to_an_older_version_is_asked_about(
    tmp_path: Path, write: Callable[[Path, bytes], None], answer: str
) -> None:
    root = study(tmp_path)
    path, older = root / LAYER, (root / LAYER).read_bytes()
    async with opened(root) as (pilot, screen):
        first = next(iter(screen.session.records.segments))
        screen.session.set_memo(first, "thought of today")
        assert screen.workspace.flush()
        await look(pilot, screen, 2)
        newest = path.read_bytes()
        assert b"thought of today" in newest and question(screen) == ""
        write(path, older)
        await look(pilot, screen, 2)
        assert question(screen) == "1 coding from 1 layer went back to an older version outside Postil"
        assert screen.session.records.segments[first].memo == "thought of today", "the copy in memory stays"
        assert path.read_bytes() == older, "nothing is written over"
        assert read_copies("test-study", root).keys() == {LAYER}
        await type_keys(pilot, "s")
        shown = "\n".join("".join(text for text, _ in line) for line in screen.app.screen.lines())  # type: ignore[attr-defined]
        assert "older in the file: trust" in shown
        await type_keys(pilot, f"<escape>{answer}")
        back = answer == "p"
        assert (screen.session.records.segments[first].memo == "thought of today") is back
        assert (b"thought of today" in path.read_bytes()) is back
        await look(pilot, screen, 2)
        assert question(screen) == "", "asked once"
    assert not has_errors(check_study(root))


@pytest.mark.parametrize("how", TORN)
async def test_a_layer_that_loses_records_is_asked_about_and_put_back(tmp_path: Path, how: str) -> None:
    root = study(tmp_path)
    path, data = root / LAYER, (root / LAYER).read_bytes()
    async with opened(root) as (pilot, screen):
        TORN[how](path, data)
        torn = on_disk(path)
        await look(pilot, screen)
        assert question(screen) == "", "it may only be being written"
        await look(pilot, screen)
        assert "vanished outside Postil" in question(screen)
        assert len(screen.session.records.segments) == COUNT, "the copy in memory stays"
        assert on_disk(path) == torn, "nothing is written over"
        assert read_copies("test-study", root).keys() == {LAYER}, "both versions are kept, whatever happens to the app"
        await type_keys(pilot, "p")
        assert ids(path.read_bytes()) == ids(data)
        assert "put back into 1 file" in screen.said
        assert read_copies("test-study", root) == {}
        await type_keys(pilot, "sceva<enter>")
        assert screen.workspace.flush()
    assert len(ids(path.read_bytes())) == COUNT + 1
    assert not has_errors(check_study(root))
    assert len(open_study(root).layer("ana", "I01").segments) == COUNT + 1  # type: ignore[union-attr]


@pytest.mark.parametrize("how", TORN)
async def test_a_key_meanwhile_writes_nothing_over_and_is_not_lost(tmp_path: Path, how: str) -> None:
    root = study(tmp_path)
    path, data = root / LAYER, (root / LAYER).read_bytes()
    async with opened(root) as (pilot, screen):
        TORN[how](path, data)
        torn = on_disk(path)
        await type_keys(pilot, "sceva<enter>")
        await until(pilot, lambda: screen.workspace.status(screen.session) == "failed")
        assert on_disk(path) == torn
        await look(pilot, screen, 2)
        assert "vanished" in question(screen)
        await type_keys(pilot, "p")
        assert screen.workspace.flush()
        await pilot.pause()
    assert len(ids(path.read_bytes())) == COUNT + 1


@pytest.mark.parametrize("how", TORN)
async def test_a_file_that_is_only_being_written_is_waited_for(tmp_path: Path, how: str) -> None:
    """Cut to nothing, and written some hundred milliseconds later, with what somebody else coded; a key in between."""
    root = study(tmp_path)
    path, data = root / LAYER, (root / LAYER).read_bytes()
    theirs = encode_state(Segment("theirs0001", 700, 708, ("evaluate",), TEXT[700:708], at=AT))
    async with opened(root) as (pilot, screen):
        TORN[how](path, data)
        await type_keys(pilot, "sceva<enter>")
        await until(pilot, lambda: screen.workspace.status(screen.session) == "failed")
        await look(pilot, screen)
        in_place(path, data + theirs + b"\n")
        await look(pilot, screen, 2)
        assert question(screen) == ""
        screen.workspace.try_again()
        assert screen.workspace.flush()
        await pilot.pause()
        assert len(screen.session.records.segments) == COUNT + 2
    assert len(ids(path.read_bytes())) == COUNT + 2 and "theirs0001" in ids(path.read_bytes())


async def test_a_question_is_taken_back_when_the_file_is_whole_again(tmp_path: Path) -> None:
    root = study(tmp_path)
    path, data = root / LAYER, (root / LAYER).read_bytes()
    async with opened(root) as (pilot, screen):
        in_place(path, b"")
        await look(pilot, screen, 2)
        assert question(screen)
        in_place(path, data)
        await look(pilot, screen)
        assert question(screen) == "" and "there again" in screen.said
        await look(pilot, screen, 2)
        assert question(screen) == "" and read_copies("test-study", root) == {}


async def test_what_is_accepted_is_gone_and_can_be_taken_back(tmp_path: Path) -> None:
    root = study(tmp_path)
    path, data = root / LAYER, (root / LAYER).read_bytes()
    head = data.splitlines(keepends=True)
    async with opened(root) as (pilot, screen):
        in_place(path, b"".join(head[:10]))
        await look(pilot, screen, 2)
        await type_keys(pilot, "a")
        assert len(screen.session.records.segments) == 9
        assert path.read_bytes() == b"".join(head[:10]), "nothing is written"
        await look(pilot, screen, 2)
        assert question(screen) == ""
    result = CliRunner().invoke(cli, ["undo", "--study", str(root), "-y"], catch_exceptions=False)
    assert f"accept what vanished from {LAYER}" in result.output
    assert path.read_bytes() == data


async def test_a_removed_layer_that_is_accepted_begins_anew(tmp_path: Path) -> None:
    root = study(tmp_path)
    async with opened(root) as (pilot, screen):
        (root / LAYER).unlink()
        await look(pilot, screen, 2)
        await type_keys(pilot, "a")
        assert not screen.session.records.segments
        await type_keys(pilot, "sceva<enter>")
        assert screen.workspace.flush()
    assert len(ids((root / LAYER).read_bytes())) == 1


async def test_what_vanished_is_shown_and_asked_again(tmp_path: Path) -> None:
    root = study(tmp_path)
    async with opened(root) as (pilot, screen):
        (root / LAYER).unlink()
        await look(pilot, screen, 2)
        await type_keys(pilot, "s")
        panel = screen.app.screen
        assert isinstance(panel, VanishedScreen)
        shown = "\n".join("".join(text for text, _ in line) for line in panel.lines())
        assert f"{LAYER}: {COUNT} codings" in shown and "trust: " in shown
        await type_keys(pilot, "<escape>")
        assert "vanished" in question(screen)


async def test_it_is_asked_once_an_event_and_again_on_r(tmp_path: Path) -> None:
    root = study(tmp_path)
    path, data = root / LAYER, (root / LAYER).read_bytes()
    async with opened(root) as (pilot, screen):
        in_place(path, b"")
        await look(pilot, screen, 2)
        await type_keys(pilot, "<escape>")
        await look(pilot, screen, 3)
        assert question(screen) == ""
        assert path.read_bytes() == b"" and len(screen.session.records.segments) == COUNT
        await type_keys(pilot, "R")
        assert question(screen)
        await type_keys(pilot, "<escape>")
        in_place(path, data[:2000])  # another event
        await look(pilot, screen, 2)
        assert question(screen)
        await type_keys(pilot, "p")
    assert ids(path.read_bytes()) == ids(data)


async def test_an_undecided_question_is_asked_again_after_a_restart(tmp_path: Path) -> None:
    """The layer is removed, five more are coded, and the app is left: all is kept, not only the five."""
    root = study(tmp_path)
    path, data = root / LAYER, (root / LAYER).read_bytes()
    async with opened(root) as (pilot, screen):
        path.unlink()
        await type_keys(pilot, "sceva<enter>))).).).).).")
        await look(pilot, screen, 2)
        made = len(screen.session.records.segments) - COUNT
        assert made > 2
        await type_keys(pilot, "<escape>")
    assert not path.exists()
    async with opened(root) as (pilot, screen):
        await look(pilot, screen, 2)
        assert f"{COUNT} codings from 1 layer" in question(screen)
        await type_keys(pilot, "p")
        assert ids(path.read_bytes()) >= ids(data)
    async with opened(root) as (pilot, screen):
        assert len(ids(path.read_bytes())) == COUNT + made
    assert not has_errors(check_study(root))


async def test_all_files_are_asked_about_together(tmp_path: Path) -> None:
    root = study(tmp_path)
    (root / "memos").mkdir()
    (root / "charts").mkdir()
    memo, chart = root / "memos/why.md", root / "charts/P01.yaml"
    memo.write_text(
        "---\nabout: code:trust\nauthor: ana\ndate: 2026-05-01\n---\n# Why\nBecause they said so.\n", "utf-8"
    )
    chart.write_text("trust: {summary: Trusts names., segments: []}\nevaluate: {summary: Measures.}\n", "utf-8")
    other = coded(root, "ben", "I02", 7)
    files = [root / LAYER, root / "codings/ben/I02.jsonl", root / BOOK, root / "study.yaml", memo, chart]
    files.append(root / "transcripts/transcripts.yaml")
    before = {file: file.read_bytes() for file in files}
    async with opened(root) as (pilot, screen):
        assert len(list(screen.workspace.study.layers())) == 2  # as a screen that compares reads them
        await look(pilot, screen)
        for file in files[:3]:
            in_place(file, b"")
        in_place(files[3], before[files[3]][:60])
        memo.unlink()
        in_place(chart, before[chart].splitlines(keepends=True)[1])
        in_place(files[6], MANIFEST.split("I02")[0].encode())
        await look(pilot, screen, 2)
        here = screen.app.screen
        assert isinstance(getattr(here, "prompt", None), Choose)
        said = here.prompt.question  # type: ignore[attr-defined]
        assert f"{COUNT + 7} codings from 2 layers and entries from 5 other files" in said
        assert set(screen.workspace.codebook.codes) >= {"trust", "evaluate"}, "the copy in memory stays"
        await type_keys(pilot, "p")
        assert {file: file.read_bytes() for file in files} == before
        assert ids(other) == ids(before[files[1]])
    assert not has_errors(check_study(root))


@pytest.mark.parametrize("torn", [b"", BOOK.encode(), b"codes: {evaluate: {label: E, definition: measuring it}}\n"])
async def test_a_torn_codebook_is_not_written_by_a_key(tmp_path: Path, torn: bytes) -> None:
    root = study(tmp_path)
    path = root / BOOK
    before = path.read_bytes()
    async with opened(root) as (pilot, screen):
        in_place(path, torn)
        await type_keys(pilot, "scbrandnew<enter>")  # a code that is not there: it would be made
        await pilot.pause()
        assert path.read_bytes() == torn
        await type_keys(pilot, "<escape><escape>")
        await look(pilot, screen, 2)
        assert "of codebook/codes.yaml" in question(screen)
        assert "trust" in screen.workspace.codebook.codes
        await type_keys(pilot, "p")
        assert path.read_bytes() == before


async def test_a_change_of_a_colleague_is_no_loss(tmp_path: Path) -> None:
    """Deleted with its id left, renamed, written anew: taken over as ever, without a question."""
    root = study(tmp_path)
    path = root / LAYER
    lines = path.read_bytes().splitlines()

    async with opened(root) as (pilot, screen):
        in_place(path, b"\n".join([lines[0], *lines[2:], b'{"id":"a100000000","deleted":"2026-05-02T00:00:00Z"}', b""]))
        book = root / BOOK
        in_place(book, book.read_bytes().replace(b"  trust: {", b"  faith: {formerly: [trust], "))
        await look(pilot, screen, 3)
        assert question(screen) == ""
        assert len(screen.session.records.segments) == COUNT - 1
        assert "faith" in screen.workspace.codebook.codes


@pytest.mark.skipif(which("git") is None, reason="git is not installed")
async def test_a_checkout_of_an_older_commit_is_said_to_be_one(tmp_path: Path) -> None:
    root = study(tmp_path)
    data = (root / LAYER).read_bytes()
    in_place(root / LAYER, b"".join(data.splitlines(keepends=True)[:20]))
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "some")
    in_place(root / LAYER, data)
    git(root, "commit", "-qam", "all")
    async with opened(root) as (pilot, screen):
        git(root, "checkout", "-q", "HEAD~1")
        await look(pilot, screen, 2)
        assert "git's HEAD moved from main at " in question(screen)
        git(root, "checkout", "-q", "main")
        await look(pilot, screen, 2)
        assert question(screen) == "" and (root / LAYER).read_bytes() == data


async def test_what_a_command_of_postil_takes_out_is_no_loss(tmp_path: Path) -> None:
    """Said by somebody in Postil: no question, and above all no copy of words that were withdrawn."""
    root = study(tmp_path)
    (root / "memos").mkdir()
    (root / "memos/p.md").write_text("---\nabout: participant:P01\n---\nShe said so.\n", "utf-8")
    coded(root, "ben", "I02", 7)

    def run(*words: str) -> None:
        call = [sys.executable, "-m", "postil_cli.entry", *words, "--study", str(root), "--yes"]
        done = subprocess.run(call, capture_output=True, text=True, check=False, env=dict(os.environ))
        assert done.returncode == 0, done.stdout + done.stderr

    async with opened(root) as (pilot, screen):
        assert len(list(screen.workspace.study.layers())) == 2
        await look(pilot, screen)
        run("remove", "I02")
        await look(pilot, screen, 3)
        assert question(screen) == ""
        run("withdraw", "P01")
        await look(pilot, screen, 3)
        assert question(screen) == "" and read_copies("test-study", root) == {}


@pytest.mark.parametrize("left", [0, 400])
async def test_codings_do_not_follow_a_text_that_was_cut_off(tmp_path: Path, left: int) -> None:
    root = study(tmp_path)
    path, layer = root / "transcripts/I01.txt", (root / LAYER).read_bytes()
    text = path.read_bytes()
    async with opened(root) as (pilot, screen):
        in_place(path, text[:left])
        await look(pilot, screen)
        assert (root / LAYER).read_bytes() == layer
        in_place(path, text)  # it was only being written
        await look(pilot, screen, 2)
        assert question(screen) == "" and (root / LAYER).read_bytes() == layer
        in_place(path, text[:left])
        await look(pilot, screen, 2)
        assert "of transcripts/I01.txt" in question(screen)
        await type_keys(pilot, "p")
        await look(pilot, screen, 2)
        assert path.read_bytes() == text and (root / LAYER).read_bytes() == layer


async def test_a_text_that_is_corrected_is_followed_as_ever(tmp_path: Path) -> None:
    root = study(tmp_path)
    path = root / "transcripts/I01.txt"
    async with opened(root) as (pilot, screen):
        in_place(path, path.read_bytes().replace(b"P01:\nWe looked", b"P01:\nWell, we looked", 1))
        await look(pilot, screen, 2)
        assert "codings follow" in screen.said or "corrected outside" in screen.said
    assert not has_errors(check_study(root))


async def test_an_older_state_that_postil_itself_wrote_once_is_a_loss_all_the_same(tmp_path: Path) -> None:
    """Put back, one more is coded, and the file is brought to what it was before that: the same bytes, not the same."""
    root = study(tmp_path)
    path = root / LAYER
    async with opened(root) as (pilot, screen):
        in_place(path, b"")
        await look(pilot, screen, 2)
        await type_keys(pilot, "p")
        before = path.read_bytes()
        await type_keys(pilot, ")sceva<enter>")
        assert screen.workspace.flush() and len(ids(path.read_bytes())) == COUNT + 1
        in_place(path, before)
        await look(pilot, screen, 2)
        assert "1 coding from 1 layer" in question(screen)
        assert len(screen.session.records.segments) == COUNT + 1
        await type_keys(pilot, "p")
    assert len(ids(path.read_bytes())) == COUNT + 1


async def test_a_file_taken_away_in_postil_and_made_anew_outside_is_held_again(tmp_path: Path) -> None:
    root = study(tmp_path)
    (root / "memos").mkdir()
    path = root / "memos/why.md"
    memo = b"---\nabout: code:trust\nauthor: ana\n---\nBecause.\n"
    path.write_bytes(memo)
    async with opened(root) as (pilot, screen):
        book = MemoBook(root, system_clock)
        book.delete(book.all()[0])
        await look(pilot, screen, 2)
        assert question(screen) == ""
        path.write_bytes(memo)
        await look(pilot, screen)
        path.unlink()
        await look(pilot, screen, 2)
        assert "of memos/why.md" in question(screen)
