"""The screen of the decision model: walking, quotes, filters, exports, and what a blind round leaves out."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from postil_model.decision.of_study import build_model
from postil_study.study import open_study
from postil_tui.code.screen import CodeScreen
from postil_tui.model.diagram.walk import Focus
from postil_tui.model.evidence_screen import EvidenceScreen
from postil_tui.model.screen import ModelScreen
from postil_tui.shell.app import PostilApp
from postil_tui.shell.blinded_study import SeenStudy
from postil_tui.shell.config import Config
from postil_tui.shell.screens.people import PeopleScreen
from postil_tui.widgets.bars import Bar
from tests.tui_study import make_study, type_keys

ROOT = Path(__file__).resolve().parents[3]
SIZES = [(80, 24), (120, 36), (160, 45)]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A copy of the illustrative study."""
    root = tmp_path / "study"
    root.mkdir()
    shutil.copyfile(ROOT / "study.yaml", root / "study.yaml")
    for part, ending in (
        ("codebook", "*.yaml"),
        ("transcripts", "*.*"),
        ("codings", "*/*.jsonl"),
        ("rounds", "*.yaml"),
    ):
        for file in (ROOT / part).glob(ending):
            if file.is_file():
                target = root / file.relative_to(ROOT)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)
    return root


@asynccontextmanager
async def modelling(
    root: Path, size: tuple[int, int] = (120, 36), coder: str = "ana"
) -> AsyncIterator[tuple[Pilot[int], ModelScreen]]:
    """The app on the decision model, with its evidence gathered."""
    app = PostilApp(root, coder=coder, config=Config())
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await type_keys(pilot, "go")
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, ModelScreen)
        yield pilot, screen


async def settled(pilot: Pilot[int]) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def told(screen: ModelScreen) -> str:
    return "\n".join("".join(text for text, _ in line) for line in screen._about)


def drawn(screen: ModelScreen) -> str:
    assert screen.view.drawing is not None
    return screen.view.drawing.canvas.text()


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_everything_of_the_model_is_drawn(study: Path, size: tuple[int, int]) -> None:
    model = build_model(open_study(study))
    async with modelling(study, size) as (_, screen):
        drawing = screen.view.drawing
        assert drawing is not None and drawing.width <= size[0]
        assert drawing.columns == (size[0] >= 160)
        assert set(drawing.boxes) == set(model.shown_nodes)
        assert set(drawing.labels) == set(model.shown_edges)
        for edge in model.shown_edges.values():
            assert str(model.support(edge)) in drawn(screen)


async def test_the_arrows_walk_along_the_arrows(study: Path) -> None:
    async with modelling(study) as (pilot, screen):
        assert screen.at == Focus("requirements")
        await type_keys(pilot, "<tab>")
        assert screen.at == Focus("ml_task") and "ML Task" in told(screen)
        await type_keys(pilot, "<down>")
        assert screen.at is not None and screen.at.on_arrow and "ML Task → Reuse or not?" in told(screen)
        assert "E02" in told(screen) and "declared and supported" in told(screen)
        await type_keys(pilot, "<down>")
        assert screen.at == Focus("reuse_decision")
        await type_keys(pilot, "<right>")
        assert "[yes]" in told(screen)
        await type_keys(pilot, "<left><shift+tab>")
        assert screen.at == Focus("ml_task")


async def test_enter_opens_the_quotes_and_enter_goes_to_the_place(study: Path) -> None:
    model = build_model(open_study(study))
    edge = next(e for e in model.shown_edges.values() if e.key[:2] == ("ml_task", "reuse_decision"))
    async with modelling(study) as (pilot, screen):
        await type_keys(pilot, "<tab><down><enter>")
        quotes = pilot.app.screen
        assert isinstance(quotes, EvidenceScreen)
        first = quotes.entries[0]
        assert first.participant == model.support(edge).affirm[0] and first.asked.endswith("?")
        cue = "".join(text for text, role in first.words if role == "cue")
        row = next(r for r in model.evidence.by_object[edge.id] if r.kind == "stated")
        assert cue and cue == model.evidence.cue(row)
        await type_keys(pilot, "j<tab>k")
        await type_keys(pilot, "kkkk<enter>")
        code = pilot.app.screen
        assert isinstance(code, CodeScreen) and code.page.transcript.id == first.transcript
        assert code.page.selection.cursor == first.offset
        await type_keys(pilot, "go")
        await settled(pilot)
        assert isinstance(pilot.app.screen, ModelScreen) and screen.at is not None and screen.at.at == edge.id


async def test_escape_leads_back_from_the_quotes(study: Path) -> None:
    async with modelling(study) as (pilot, screen):
        await type_keys(pilot, "<enter>")
        quotes = pilot.app.screen
        assert isinstance(quotes, EvidenceScreen)
        await type_keys(pilot, "<escape>")
        assert pilot.app.screen is screen


async def test_nobody_says_so_is_said(study: Path) -> None:
    async with modelling(study) as (pilot, screen):
        await type_keys(pilot, "<down>")
        assert "nobody says it" in told(screen)
        await type_keys(pilot, "<enter>")
        assert pilot.app.screen is screen and screen.said.startswith("nobody says so")


async def test_the_threshold_hides_and_brings_back(study: Path) -> None:
    async with modelling(study) as (pilot, screen):
        assert screen.model is not None and screen.view.drawing is not None
        before = set(screen.view.drawing.labels)
        await type_keys(pilot, "++++")
        after = set(screen.view.drawing.labels)
        assert after < before and screen.params is not None and screen.params.min_participants == 6
        declared = {edge.id for edge in screen.model.edges.values() if edge.declared}
        assert declared <= after  # what is declared stays, grey
        assert "hidden" in screen.said
        await type_keys(pilot, "-----")
        assert set(screen.view.drawing.labels) > before and screen.params.min_participants == 1


async def test_who_counts_can_be_chosen(study: Path) -> None:
    async with modelling(study) as (pilot, screen):
        await type_keys(pilot, "p")
        assert isinstance(pilot.app.screen, PeopleScreen)
        await type_keys(pilot, "a <down> <enter>")
        assert screen.model is not None and screen.model.participants == ("E01", "E03")
        assert "1/2" in drawn(screen) or "2/2" in drawn(screen)
        await type_keys(pilot, "p<escape>")
        assert screen.model.participants == ("E01", "E03")
        await type_keys(pilot, "pa<enter>")
        assert screen.model.n == 12 and screen.params is not None and screen.params.participants == ()


async def test_participants_of_one_attribute(study: Path) -> None:
    async with modelling(study) as (pilot, screen):
        await type_keys(pilot, "pv")
        people = pilot.app.screen
        assert isinstance(people, PeopleScreen) and " = " in people.wanted and people.chosen_ones
        await type_keys(pilot, "<enter>")
        assert screen.model is not None and set(screen.model.participants) == people.chosen_ones


async def test_kinds_of_evidence_are_never_mixed(study: Path) -> None:
    async with modelling(study) as (pilot, screen):
        for kind in ("inferred", "order", "cooccur", "stated"):
            await type_keys(pilot, "v")
            assert screen.params is not None and screen.params.evidence == kind
        assert "stated in words" in screen.query_one("#title", Bar).text


async def test_hints_have_quotes_too(study: Path) -> None:
    async with modelling(study) as (pilot, screen):
        await type_keys(pilot, "vv")
        assert screen.model is not None and screen.view.drawing is not None
        name = next(e.id for e in screen.model.shown_edges.values() if screen.model.support(e).k)
        screen._stand(Focus(name, screen.model.edges[name].key.source))
        await type_keys(pilot, "<enter>")
        assert isinstance(pilot.app.screen, EvidenceScreen)


async def test_other_arrangement_and_other_size(study: Path) -> None:
    async with modelling(study) as (pilot, screen):
        await type_keys(pilot, "o")
        assert screen.view.drawing is not None and screen.view.drawing.columns
        await type_keys(pilot, "<tab><tab><tab><tab><tab><tab>")
        rect = screen.view.drawing.place(screen.at.at if screen.at else "")
        assert rect is not None and screen.view.left <= rect.x < screen.view.left + screen.view.size.width
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        rect = screen.view.drawing.place(screen.at.at if screen.at else "")
        assert rect is not None and screen.view.top <= rect.y < screen.view.top + screen.view.size.height


async def test_a_click_stands_there_and_a_second_one_opens(study: Path) -> None:
    async with modelling(study) as (pilot, screen):
        assert screen.view.drawing is not None
        box = screen.view.drawing.boxes["ml_task"]
        await pilot.click("#diagram", offset=(box.x + 3, box.y + 1))
        await pilot.pause()
        assert screen.at == Focus("ml_task")
        await pilot.click("#diagram", offset=(box.x + 3, box.y + 1), times=2)
        await pilot.pause()
        assert isinstance(pilot.app.screen, EvidenceScreen)


@pytest.mark.parametrize(("key", "name", "start"), [("s", "decision-model.svg", b"<?xml"), ("e", "evidence.csv", b"")])
async def test_export(study: Path, key: str, name: str, start: bytes) -> None:
    async with modelling(study) as (pilot, screen):
        await type_keys(pilot, f"e{key}")
        await settled(pilot)
        written = study / "exports" / name
        assert written.read_bytes().startswith(start) and written.stat().st_size > 1000
        assert screen.said == f"written: exports/{name}"


async def test_the_work_list_leads_to_the_places(study: Path) -> None:
    async with modelling(study) as (pilot, _):
        await type_keys(pilot, "c")
        places = pilot.app.screen
        assert isinstance(places, EvidenceScreen) and "Work list" in places.heading
        await type_keys(pilot, "<enter>")
        assert isinstance(pilot.app.screen, CodeScreen)
        assert pilot.app.screen.page.transcript.id == places.entries[0].transcript


async def test_a_blind_round_leaves_the_others_out(study: Path) -> None:
    hidden = {(coder, name) for coder in ("ana", "consensus") for name in ("I01", "I02", "I03", "I04")}
    plan = (study / "rounds" / "R1.yaml").read_text("utf-8")
    (study / "rounds" / "R1.yaml").write_text(plan.replace("state: revealed", "state: started"), "utf-8")
    assert set(SeenStudy(study, "ben").hidden) == hidden
    async with modelling(study, coder="ben") as (_, screen):
        assert screen.source is not None and screen.source.study.blind_rounds == ("R1",)
        coders = {row.coder for row in screen.source.evidence.rows if row.transcript in ("I01", "I02", "I03", "I04")}
        assert coders <= {"ben"}
        assert "blind round R1" in screen.query_one("#title", Bar).text


async def test_what_is_coded_meanwhile_is_counted(study: Path) -> None:
    async with modelling(study) as (pilot, screen):
        assert screen.source is not None
        before = len(screen.source.evidence.rows)
        await type_keys(pilot, "<f3>")
        code = pilot.app.screen
        assert isinstance(code, CodeScreen)
        code.workspace.slots.use("deployment")
        await type_keys(pilot, "}}s1")
        assert code.said.startswith("●")
        await type_keys(pilot, "go")
        await settled(pilot)
        assert len(screen.source.evidence.rows) > before


async def test_a_study_with_nothing_coded_says_so(tmp_path: Path) -> None:
    async with modelling(make_study(tmp_path / "empty")) as (pilot, screen):
        assert screen.model is not None and screen.model.n == 0
        await type_keys(pilot, "<enter><down><tab>+-")
        assert pilot.app.screen is screen


async def test_without_colours_signs_and_reverse_tell_the_same(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with modelling(study) as (pilot, screen):
        await type_keys(pilot, "<tab><tab><right>")
        assert screen.at is not None and screen.view.drawing is not None
        label = screen.view.drawing.labels[screen.at.at]
        strip = screen.view.render_line(label.y - screen.view.top)
        lit = [segment.text for segment in strip if segment.style and segment.style.reverse]
        assert "".join(lit) == "yes 5/12"
        assert "✱" in drawn(screen) and "┈" in drawn(screen)
        await type_keys(pilot, "<enter>")
        assert isinstance(pilot.app.screen, EvidenceScreen)


async def test_the_quotes_without_a_place_in_the_model_say_where_to_go(study: Path) -> None:
    async with modelling(study) as (pilot, screen):
        screen.app.go("evidence")
        await pilot.pause()
        await type_keys(pilot, "jk<tab><pagedown><enter>y")
        quotes = pilot.app.screen
        assert isinstance(quotes, EvidenceScreen) and not quotes.entries
        await type_keys(pilot, "<escape>")
        await settled(pilot)
        assert pilot.app.screen is screen
