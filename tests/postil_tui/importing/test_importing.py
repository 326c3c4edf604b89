"""The import screen: what was recognised is seen and corrected before the first byte is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from postil_study.study import open_study
from postil_study.text.values import Speaker
from postil_tui.home.screen import HomeScreen
from postil_tui.importing.paths import completed, paths_said
from postil_tui.importing.screen import ImportScreen
from postil_tui.shell.app import PostilApp
from postil_tui.shell.config import Config
from postil_tui.shell.screens.welcome import WelcomeScreen
from postil_tui.text.cells import cells
from tests.postil_tui.codebook.test_codebook import settle
from tests.tui_study import make_study, type_keys

TALK = (
    "Project: hubs\nDate: 2026-01-01\n\nSpeaker 1: How did you choose?\nSpeaker 2: By downloads, at first.\n"
    "Speaker 1: And then?\nSpeaker 2: Then by tests.\n"
)
THREE = (
    "Ana: Why the hub?\nJo: It was there, and it was well known to us all.\nKim: I do not know about that at all.\n"
    "Ana: And then?\nJo: We stayed.\nKim: So we did.\n"
)


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mapping of names is kept in the person's data folder, which is the test's here."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "talk-a.txt").write_text(TALK, encoding="utf-8")
    (folder / "talk-b.txt").write_text(TALK.replace("downloads", "stars"), encoding="utf-8")
    (folder / "three.txt").write_text(THREE, encoding="utf-8")
    (folder / "broken.docx").write_bytes(b"no zip")
    return folder


def state(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file() and ".postil" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


async def opened(pilot: Pilot[int], *paths: Path) -> ImportScreen:
    await settle(pilot)
    await pilot.press("i")
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, ImportScreen)
    screen.prompt = None
    screen.read(list(paths))
    await pilot.app.workers.wait_for_complete()
    await settle(pilot)
    return screen


def words(screen: ImportScreen) -> str:
    return "\n".join("".join(text for text, _ in line.pieces) for line in screen._lines)


def row_of(screen: ImportScreen, name: str) -> int:
    return next(n for n, entry in enumerate(screen.bench.entries) if entry.source.name == name)


async def test_a_folder_is_looked_at_corrected_and_taken_in(tmp_path: Path, desk: Path) -> None:
    root = make_study(tmp_path / "study")
    before = state(root)
    app = PostilApp(root, None, "ana", Config())
    async with app.run_test(size=(160, 40)) as pilot:
        screen = await opened(pilot, desk)
        assert [entry.plan is None for entry in screen.bench.entries] == [False, False, False, True]
        assert "not what its name says" in screen.bench.entries[-1].reason
        assert "Project: hubs" in words(screen) and "By downloads" in words(screen)
        await type_keys(pilot, "<tab>")
        assert screen.label == "Speaker 1"
        await type_keys(pilot, "nInterviewer<enter>")
        await type_keys(pilot, "jpE07<enter>")
        await type_keys(pilot, "=")
        assert "the same for 1 more" in screen.said
        assert state(root) == before, "nothing is written before the person says so"
        await type_keys(pilot, "ay")
        await app.workers.wait_for_complete()
        await settle(pilot)
        assert "3 transcripts taken in; 1 could not be" in screen.said
        assert [entry.source.name for entry in screen.bench.entries] == ["broken.docx"]
        await type_keys(pilot, "<f2>")
        assert isinstance(app.screen, HomeScreen) and "talk-a" in app.screen.ids
    study = open_study(root)
    assert study.infos["talk-a"].speakers == {
        "Interviewer": Speaker("interviewer"),
        "Speaker 2": Speaker("participant", "E07"),
    }
    assert study.infos["talk-b"].speakers["Speaker 2"] == Speaker("participant", "talk-b")
    assert study.transcripts["talk-a"].text.startswith("Interviewer:\nHow did you choose?")


async def test_who_is_who_is_asked_where_it_cannot_be_told(tmp_path: Path, desk: Path) -> None:
    root = make_study(tmp_path / "study")
    app = PostilApp(root, None, "ana", Config())
    async with app.run_test(size=(120, 36)) as pilot:
        screen = await opened(pilot, desk / "three.txt")
        assert screen.bench.entries[0].unsure and "look at the speakers" in words(screen)
        assert screen.about.has_focus, "one file alone: its speakers are next"
        await type_keys(pilot, "jjr")
        assert "Kim: participant" in screen.said
        assert not screen.bench.entries[0].unsure
        await type_keys(pilot, "r")
        assert "Kim: interviewer" in screen.said
        await type_keys(pilot, "rr")
        await type_keys(pilot, "d2026-02-02<enter>tI07<enter>")
        await type_keys(pilot, "ay")
        await app.workers.wait_for_complete()
        await settle(pilot)
        assert isinstance(app.screen, HomeScreen)
    info = open_study(root).infos["I07"]
    assert info.date == "2026-02-02"
    assert info.speakers["Kim"].role == "participant"


async def test_files_left_aside_stay_out_and_ids_stay_apart(tmp_path: Path, desk: Path) -> None:
    root = make_study(tmp_path / "study")
    app = PostilApp(root, None, "ana", Config())
    async with app.run_test(size=(120, 36)) as pilot:
        screen = await opened(pilot, desk)
        screen.rows.go(row_of(screen, "talk-b.txt"))
        await type_keys(pilot, "ttalk-a<enter>")
        assert "talk-a.txt will be called talk-a already" in screen.said
        assert screen.bench.entries[row_of(screen, "talk-b.txt")].plan is not None
        screen.rows.go(row_of(screen, "talk-b.txt"))
        await type_keys(pilot, " ")
        assert len(screen.bench.going_in) == 2
        screen.rows.go(row_of(screen, "broken.docx"))
        await type_keys(pilot, "r")
        assert "nothing to say of it" in screen.said


async def test_a_path_is_typed_and_completed(tmp_path: Path, desk: Path) -> None:
    root = make_study(tmp_path / "study")
    app = PostilApp(root, None, "ana", Config())
    async with app.run_test(size=(200, 36)) as pilot:
        await settle(pilot)
        await pilot.press("i")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, ImportScreen) and screen.prompt is not None
        screen.prompt.paste(f"{desk}/tal")
        await type_keys(pilot, "<tab>")
        assert screen.prompt.line.text == f"{desk}/talk-"  # type: ignore[attr-defined]
        await type_keys(pilot, "a<tab><enter>")
        await app.workers.wait_for_complete()
        await settle(pilot)
        assert [entry.source.name for entry in screen.bench.entries] == ["talk-a.txt"]


async def test_names_are_decided_on_before_anything_is_stored(tmp_path: Path, desk: Path) -> None:
    for name in ("talk-a.txt", "talk-b.txt"):
        text = (desk / name).read_text(encoding="utf-8")
        (desk / name).write_text(
            text.replace("by tests.", "with Grace Field, and Grace Field said at Acme Labs."), "utf-8"
        )
    root = make_study(tmp_path / "study")
    app = PostilApp(root, None, "ana", Config())
    async with app.run_test(size=(160, 45)) as pilot:
        screen = await opened(pilot, desk / "talk-a.txt", desk / "talk-b.txt")
        await type_keys(pilot, "<tab>")
        screen.about.go(next(n for n, line in enumerate(screen._lines) if line.name == "Grace Field"))
        await type_keys(pilot, "r")
        assert "Grace Field becomes [name 1]" in screen.said
        assert "with [name 1], and [name 1] said" in words(screen)
        screen.about.go(next(n for n, line in enumerate(screen._lines) if line.name == "Acme Labs"))
        await type_keys(pilot, "nthe maker<enter>")
        assert screen.bench.chosen["Acme Labs"].pseudonym == "the maker"
        await type_keys(pilot, "r")
        assert "Acme Labs stays as it is" in screen.said
        screen.about.go(next(n for n, line in enumerate(screen._lines) if line.name == "Acme Labs"))
        await type_keys(pilot, "N")
        assert set(screen.bench.chosen) == {"Grace Field", "Acme Labs"}
        await type_keys(pilot, "ay")
        await app.workers.wait_for_complete()
        await settle(pilot)
    stored = b"".join(state(root).values())
    assert b"Grace" not in stored and stored.count(b"[name 1]") >= 4
    (mapping,) = (tmp_path / "data").rglob("*.yaml")
    assert "Grace Field" in mapping.read_text(encoding="utf-8")


@pytest.mark.parametrize("files", [1, 4, 12])
async def test_names_are_in_sight_in_a_small_terminal(tmp_path: Path, desk: Path, files: int) -> None:
    for number in range(files):
        text = TALK.replace("by tests.", f"with Grace Field at Acme Labs, {number} times.")
        (desk / f"talk-{number:02}.txt").write_text(text, encoding="utf-8")
    app = PostilApp(make_study(tmp_path / "study"), None, "ana", Config())
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, *(desk / f"talk-{number:02}.txt" for number in range(files)))
        about = screen.about
        seen = "\n".join("".join(part.text for part in about.render_line(y)) for y in range(about.size.height))
        assert "names seen" in seen
        assert "Grace Field" in seen
        assert "Acme Labs" in seen


async def test_from_the_welcome_screen(tmp_path: Path, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    app = PostilApp(None, None, None, Config())
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        assert isinstance(app.screen, WelcomeScreen)
        await type_keys(pilot, "iHubs<enter>")
        await settle(pilot)
        assert any(isinstance(screen, ImportScreen) for screen in app.screen_stack)
        assert (tmp_path / "empty" / "study.yaml").exists()


async def test_every_line_fits_at_every_size(tmp_path: Path, desk: Path) -> None:
    root = make_study(tmp_path / "study")
    (desk / "très-long-名前名前名前名前名前名前-and-more-of-it-still.txt").write_text(
        TALK.replace("tests", "名前" * 40), "utf-8"
    )
    for size in ((60, 16), (80, 24), (160, 45)):
        app = PostilApp(root, None, "ana", Config())
        async with app.run_test(size=size) as pilot:
            screen = await opened(pilot, desk)
            for keys in ("", "<tab>"):
                await type_keys(pilot, keys)
                for rows in (screen.rows, screen.about):
                    for y in range(rows.size.height):
                        strip = rows.render_line(y)
                        assert sum(cells(part.text) for part in strip) == rows.size.width


def test_paths_as_people_say_them(tmp_path: Path) -> None:
    spaced = tmp_path / "a b.txt"
    spaced.touch()
    assert paths_said(str(spaced)) == [spaced]
    assert paths_said(f"'{spaced}' {tmp_path}") == [spaced, tmp_path]
    assert paths_said(f"file://{tmp_path}") == [tmp_path]
    assert paths_said("  ") == []
    assert paths_said("it's") == [Path("it's")]


def test_completing(tmp_path: Path) -> None:
    for name in ("one.txt", "only.docx", ".hidden.txt", "other.mp3"):
        (tmp_path / name).touch()
    (tmp_path / "deep").mkdir()

    def known(path: Path) -> bool:
        return path.is_dir() or path.suffix != ".mp3"

    assert completed(f"{tmp_path}/o", known) == (f"{tmp_path}/on", ["one.txt", "only.docx"])
    assert completed(f"{tmp_path}/d", known) == (f"{tmp_path}/deep/", ["deep/"])
    assert completed(f"{tmp_path}/x", known) == (f"{tmp_path}/x", [])
    assert completed("/nowhere/at/all", known) == ("/nowhere/at/all", [])


def test_completing_whatever_the_capitals_and_inside_quotation_marks(tmp_path: Path) -> None:
    (tmp_path / "My Files").mkdir()
    for name in ("Interview 1.docx", "Interview 2.docx"):
        (tmp_path / "My Files" / name).touch()
    inside = f"{tmp_path}/My Files"

    def known(path: Path) -> bool:
        return True

    assert completed(f"{tmp_path}/my", known) == (f"{inside}/", ["My Files/"])
    assert completed(f"{tmp_path}/my files/INT", known)[0] == f"{inside}/Interview "
    assert completed(f"'{tmp_path}/my", known)[0] == f"'{inside}/"
    assert completed(f"'{inside}/interview 1", known)[0] == f"'{inside}/Interview 1.docx'"
    both = f"'{inside}/Interview 1.docx' \"{inside}/interview 2"
    assert completed(both, known)[0] == f"'{inside}/Interview 1.docx' \"{inside}/Interview 2.docx\""
    assert paths_said(completed(both, known)[0]) == [Path(inside, "Interview 1.docx"), Path(inside, "Interview 2.docx")]
    assert paths_said(f"'{inside}/Interview 1.docx") == [Path(inside, "Interview 1.docx")]


async def test_all_or_none_and_what_cannot_be_read_is_dismissed(tmp_path: Path, desk: Path) -> None:
    root = make_study(tmp_path / "study")
    (desk / "empty.txt").touch()
    app = PostilApp(root, None, "ana", Config())
    async with app.run_test(size=(120, 36)) as pilot:
        screen = await opened(pilot, desk)
        assert len(screen.bench.going_in) == 3
        await type_keys(pilot, "A")
        assert screen.bench.going_in == [] and "none" in screen.said
        await type_keys(pilot, "A")
        assert len(screen.bench.going_in) == 3
        await type_keys(pilot, "x")
        assert "space leaves it aside" in screen.said and len(screen.bench.entries) == 5
        await type_keys(pilot, "jjjx")
        assert [e.source.name for e in screen.bench.entries if e.plan is None] == ["empty.txt"]
        await type_keys(pilot, "X")
        assert len(screen.bench.entries) == 3 and all(entry.plan for entry in screen.bench.entries)
        assert (desk / "empty.txt").exists()
        await type_keys(pilot, "X")
        assert "no file that cannot be read" in screen.said


async def test_the_date_in_the_file_is_offered(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    file = tmp_path / "P07 2026-05-14.txt"
    file.write_text(f"Recorded 12 May 2026\n\n{TALK.partition(chr(10) * 2)[2]}", "utf-8")
    app = PostilApp(root, None, "ana", Config())
    async with app.run_test(size=(120, 36)) as pilot:
        screen = await opened(pilot, file)
        assert "2026-05-12? d keeps this date" in words(screen)
        await type_keys(pilot, "d")
        assert screen.prompt is not None and "2026-05-14" in screen.prompt.note  # type: ignore[attr-defined]
        await type_keys(pilot, "<enter>")
        assert screen.bench.entries[0].options.date == "2026-05-12"
        assert "d keeps this date" not in words(screen)
        await type_keys(pilot, "ay")
        await app.workers.wait_for_complete()
        await settle(pilot)
    assert next(info for info in open_study(root).infos.values() if "P07" in info.id).date == "2026-05-12"


async def test_line_feeds_in_cells_break_no_line(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    file = tmp_path / "P07.csv"
    file.write_text(
        '"Interview\nof May",,\nSpeaker,Text,"Codes\nand more"\n"Ana\nBell","How did\nyou?",a\nP07,We asked.,"b\nc"\n'
        '"Ana\nBell",And?,\nP07,Fine.,\n',
        "utf-8",
    )
    app = PostilApp(root, None, "ana", Config())
    async with app.run_test(size=(120, 36)) as pilot:
        screen = await opened(pilot, file)
        assert screen.bench.entries[0].plan is not None, screen.bench.entries[0].reason
        assert "Interview ⏎ of May" in words(screen)
        assert not any("\n" in text for line in screen._lines for text, _ in line.pieces)
        assert all(sum(cells(text) for text, _ in line.pieces) <= screen.about.size.width for line in screen._lines[:6])


@pytest.mark.parametrize(
    ("name", "lines", "dates"),
    [
        ("a.txt", ["Recorded 12 May 2026"], ["2026-05-12"]),
        ("a.txt", ["May 12th, 2026"], ["2026-05-12"]),
        ("a.txt", ["Aufgenommen am 3. März 2026"], ["2026-03-03"]),
        ("a.txt", ["Datum: 03.04.2026"], ["2026-04-03"]),
        ("a.txt", ["Grabado el 5 de enero de 2026"], ["2026-01-05"]),
        ("a.txt", ["le 1 août 2026", "12 décembre 2026"], ["2026-08-01", "2026-12-12"]),
        ("a.txt", ["Date: 25/12/2026"], ["2026-12-25"]),
        ("a.txt", ["Date: 5/12/2026"], []),
        ("Interview-01-20200703.docx", [], ["2020-07-03"]),
        ("P07_2026-05-12.txt", ["Version of 1 June 2025", "Interview on 12 May 2026"], ["2026-05-12", "2025-06-01"]),
        ("P07 12 Okt 2026.txt", [], ["2026-10-12"]),
        ("20261399.txt", ["31 February 2026", "call 020 2026 1234", "may 2026 be good"], []),
    ],
)
def test_dates_on_offer(name: str, lines: list[str], dates: list[str]) -> None:
    from postil_formats.texts.dates import dates_offered

    assert list(dates_offered(name, lines)) == dates


async def test_comments_that_look_like_codes_are_offered_as_codings(tmp_path: Path) -> None:
    from tests.postil_formats.codings.sources.test_word import commented, comments, interview
    from tests.postil_formats.codings.test_elsewhere import FIRST, LIST

    file = tmp_path / "P09.docx"
    parts = comments((0, "Ana", "early-advice"), (1, "Kim", "price; early-advice"))
    file.write_bytes(interview(commented(FIRST, 0), " ", commented(LIST, 1), parts=parts))
    root = make_study(tmp_path / "study")
    app = PostilApp(root, None, "ana", Config())
    async with app.run_test(size=(120, 36)) as pilot:
        screen = await opened(pilot, file)
        assert "2 of 2 comments look like codes (Ana 1, Kim 1)" in " ".join(words(screen).split())
        await type_keys(pilot, "ay")
        await pilot.app.workers.wait_for_complete()
        await settle(pilot)
        assert screen.prompt is not None and open_study(root).layer("kim", "P09") is None
        await type_keys(pilot, "y")
        await pilot.app.workers.wait_for_complete()
        await settle(pilot)
        study = open_study(root)
        found = {(la.header.coder, s.quote, s.code_ids) for la in study.layers("coder") for s in la.segments
                 if la.header.transcript == "P09"}  # fmt: skip
        assert found == {("ana", FIRST, ("early-advice",)), ("kim", LIST, ("price", "early-advice"))}
        assert isinstance(app.screen, HomeScreen)


async def test_the_columns_of_a_table_are_said(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    file = tmp_path / "P07.csv"
    rows = (
        "E,¿Qué hizo usted?,What did you do?\nP07,Pregunté a un colega.,I asked a colleague.\nE,¿Y luego?,And then?\n"
    )
    file.write_text(f"Who is it,Español,English\n{rows}P07,Nada más que eso.,Nothing but that.\n", "utf-8")
    app = PostilApp(root, None, "ana", Config())
    async with app.run_test(size=(160, 36)) as pilot:
        screen = await opened(pilot, file)
        assert screen.bench.entries[0].plan is None
        assert "key c: COLUMN" in screen.bench.entries[0].reason and "--text" not in words(screen)
        await type_keys(pilot, "cEnglish<enter>")
        await type_keys(pilot, "swho is it<enter>")
        plan = screen.bench.entries[0].plan
        assert plan is not None, screen.bench.entries[0].reason
        assert [turn.text for turn in plan.recognised.turns][:2] == ["What did you do?", "I asked a colleague."]
        assert set(plan.recognised.labels) == {"E", "P07"}
        await type_keys(pilot, "cEspañol<enter>")
        plan = screen.bench.entries[0].plan
        assert plan is not None and plan.recognised.turns[1].text == "Pregunté a un colega."


async def test_an_entry_of_the_mapping_is_shown_and_can_be_taken_out(tmp_path: Path) -> None:
    from postil_study.privacy.pseudonyms.mapping import default_map, load_names, save_names
    from postil_study.privacy.pseudonyms.matching import PseudonymRule

    root = make_study(tmp_path / "study")
    place = default_map(open_study(root).settings.id or root.name)
    save_names(place, [PseudonymRule("downloads", "P02"), PseudonymRule("Nobody", "P03")])
    file = tmp_path / "talk.txt"
    file.write_text(TALK, encoding="utf-8")
    app = PostilApp(root, None, "ana", Config())
    async with app.run_test(size=(120, 36)) as pilot:
        screen = await opened(pilot, file)
        assert "■ downloads" in words(screen) and "By P02, at first" in words(screen)
        screen.about.focus()
        screen.about.go(next(n for n, line in enumerate(screen._lines) if line.name == "downloads"))
        await type_keys(pilot, "r")
        await settle(pilot)
        assert "□ downloads" in words(screen) and "By downloads, at first" in words(screen)
        await type_keys(pilot, "ay")
        await pilot.app.workers.wait_for_complete()
        await settle(pilot)
    assert "By downloads, at first." in open_study(root).transcripts["talk"].text
    assert [rule.name for rule in load_names(place).rules] == ["Nobody"]
