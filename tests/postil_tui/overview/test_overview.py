"""The analysis views of the overview: saturation, co-occurrence, agreement, what one key writes, and blind rounds."""

from __future__ import annotations

import csv
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from postil_model.counts.cooccurrence import cooccurrence
from postil_model.counts.saturation import model_sets, saturation
from postil_model.decision.of_study import build_model, study_evidence
from postil_study.illustrative import lay_down
from postil_study.study import open_study
from postil_tui.model.screen import ModelScreen
from postil_tui.overview.curves import BOTH, EXPECTED, HEIGHT, REACHED, curve_rows
from postil_tui.overview.screen import VIEWS, OverviewScreen
from postil_tui.shell.app import PostilApp
from postil_tui.shell.config import Config
from postil_tui.shell.screens.help import HelpScreen
from postil_tui.widgets.bars import Bar
from tests.tui_study import make_study, type_keys


@pytest.fixture(scope="module")
def laid_down(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("analysis") / "study"
    lay_down(root)
    return root


@pytest.fixture
def study(laid_down: Path, tmp_path: Path) -> Path:
    """A copy of the illustrative study."""
    shutil.copytree(laid_down, tmp_path / "study")
    return tmp_path / "study"


@asynccontextmanager
async def looking(
    root: Path, view: str, size: tuple[int, int] = (120, 36), coder: str = "ana"
) -> AsyncIterator[tuple[Pilot[int], OverviewScreen]]:
    """The app on one view of the overview, worked out."""
    app = PostilApp(root, coder=coder, config=Config())
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await type_keys(pilot, "<f7>" + "<tab>" * VIEWS.index(view))
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, OverviewScreen) and screen.view_name == view
        yield pilot, screen


async def settled(pilot: Pilot[int]) -> None:
    """One thing may need another, so wait until nothing is under way."""
    for _ in range(3):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


def text(screen: OverviewScreen) -> str:
    return "\n".join("".join(part for part, _ in line) for line in screen._lines)


def cells(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text("utf-8-sig").splitlines()))


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)], ids=str)
async def test_saturation_is_drawn_and_written(study: Path, size: tuple[int, int]) -> None:
    model = build_model(open_study(study))
    curve = saturation(model_sets(model, "codes"))
    async with looking(study, "saturation", size) as (pilot, screen):
        assert f"{curve.ordered[-1]} from {len(curve.participants)} participants" in text(screen)
        assert f"{curve.coverage:.2f} · Chao2" in text(screen) and REACHED in text(screen)
        await type_keys(pilot, "w")
        await settled(pilot)
        rows = [row for row in cells(study / "exports" / "saturation.csv") if row[0] == "all codes"]
        assert [int(row[3]) for row in rows] == list(curve.ordered)
        assert "exports/saturation.csv" in screen.said


async def test_two_curves_stand_beside_each_other_where_there_is_room(study: Path) -> None:
    async with looking(study, "saturation") as (pilot, screen):
        heads = [line for line in text(screen).split("\n") if "all codes" in line]
        assert "codes that came up" in heads[0]
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        heads = [line for line in text(screen).split("\n") if "all codes" in line]
        assert "codes that came up" not in heads[0]


async def test_codes_that_meet(study: Path) -> None:
    evidence, _ = study_evidence(open_study(study))
    async with looking(study, "together") as (pilot, screen):
        for mode in ("overlap", "turn", "transcript"):
            one, other, count, *_ = cooccurrence(evidence.rows, mode, (), evidence.transcripts).pairs()[0]
            assert f"{one} · ■ {other}" in text(screen) or f"{other} · ■ {one}" in text(screen)
            assert str(count) in text(screen)
            await type_keys(pilot, "w")
            await settled(pilot)
            assert len(cells(study / "exports" / f"cooccurrence-{mode}.csv")) > 10
            square = cells(study / "exports" / f"cooccurrence-{mode}-matrix.csv")
            assert len(square) == len(square[0])
            await type_keys(pilot, "o")
            await settled(pilot)


async def test_agreement_with_intervals_as_bars(study: Path) -> None:
    async with looking(study, "agreement") as (pilot, screen):
        assert "Krippendorff" in text(screen) and "├" in text(screen) and "●" in text(screen)
        await type_keys(pilot, "w")
        await settled(pilot)
        exports = study / "exports"
        assert (exports / "agreement.svg").read_bytes().startswith(b"<?xml")
        assert (exports / "agreement.png").read_bytes().startswith(b"\x89PNG")
        assert len(cells(exports / "agreement.csv")) > 10
        assert (exports / "overview-agreement.txt").read_text("utf-8").strip()


@pytest.mark.parametrize(
    ("view", "name"),
    [("codes", "codes-by-transcript"), ("saturation", "saturation"), ("together", "cooccurrence-overlap"),
     ("model", "decision-model")],
)  # fmt: skip
async def test_one_key_writes_the_picture(study: Path, view: str, name: str) -> None:
    async with looking(study, view) as (pilot, _):
        await type_keys(pilot, "w")
        await settled(pilot)
    svg = (study / "exports" / f"{name}.svg").read_text("utf-8")
    assert svg.startswith("<?xml") and svg.count("<text") > 20
    assert (study / "exports" / f"{name}.png").read_bytes().startswith(b"\x89PNG")


async def test_the_model_in_numbers_and_from_there_into_the_diagram(study: Path) -> None:
    model = build_model(open_study(study))
    async with looking(study, "model") as (pilot, screen):
        assert f"{model.n} participants · stated" in text(screen)
        counts = [int(line.split()[-3]) for line in text(screen).split("\n") if line.endswith(f" of {model.n}")]
        assert sorted(counts[: len(model.nodes)]) == sorted(node.support.k for node in model.nodes.values())
        await type_keys(pilot, "<enter>")
        await settled(pilot)
        assert isinstance(pilot.app.screen, ModelScreen)


async def test_views_and_keys_are_there_for_the_mouse(study: Path) -> None:
    async with looking(study, "progress") as (pilot, screen):
        tabs = screen.query_one("#tabs", Bar).text
        await pilot.click("#tabs", offset=(tabs.index("saturation") + 2, 0))
        await settled(pilot)
        assert screen.view_name == "saturation"
        status = screen.query_one("#status", Bar)
        row = status.render_line(0).text
        await pilot.click("#status", offset=(row.index("next view") + 1, 0))
        assert screen.view_name == "together"
        row = status.render_line(0).text
        await pilot.click("#status", offset=(row.index("help") + 1, 0))
        await pilot.pause()
        assert isinstance(pilot.app.screen, HelpScreen)


async def test_the_last_place_stands_beside_the_progress(study: Path) -> None:
    async with looking(study, "progress") as (pilot, screen):
        await type_keys(pilot, "<f2>j<enter>")
        await settled(pilot)
        await type_keys(pilot, "}}}<f7>")
        await settled(pilot)
        assert next(line for line in text(screen).split("\n") if "I02" in line).rstrip().endswith("turn 4 of 43")


async def test_numbers_of_progress_and_codes_as_csv(study: Path) -> None:
    async with looking(study, "progress") as (pilot, screen):
        await type_keys(pilot, "w<tab>w<tab>w")
        await settled(pilot)
        exports = study / "exports"
        assert cells(exports / "progress.csv")[0] == ["transcript", "coder", "segments", "coded share", "finished"]
        assert cells(exports / "codes-by-transcript.csv")[0][:2] == ["code", "I01"]
        assert cells(exports / "new-codes.csv")[0] == ["transcript", "new", "so far"]
        assert screen.said.startswith("written:")


@pytest.mark.parametrize("width", [80, 120, 160])
async def test_the_heat_map_fits_the_width(study: Path, width: int) -> None:
    async with looking(study, "codes", (width, 36)) as (_, screen):
        rows = [line for line in text(screen).split("\n") if " in " in line]
        assert rows and max(map(len, rows)) <= width


async def test_a_blind_round_tells_nothing_of_the_others(study: Path) -> None:
    plan = study / "rounds" / "R1.yaml"
    plan.write_text(plan.read_text("utf-8").replace("state: revealed", "state: started"), "utf-8")
    async with looking(study, "agreement", coder="ben") as (pilot, screen):
        assert "round R1 is blind" in text(screen)
        await type_keys(pilot, "w")
        await settled(pilot)
        assert not (study / "exports" / "agreement.csv").exists()
        for view in ("saturation", "together"):
            await type_keys(pilot, "<tab>" * ((VIEWS.index(view) - screen.view) % len(VIEWS)))
            await settled(pilot)
            assert "round R1 is blind" in text(screen)
        rows = screen.found["source"].evidence.rows
        assert not [row for row in rows if row.coder == "ana" and row.transcript in ("I01", "I02", "I03", "I04")]


async def test_what_was_coded_meanwhile_is_counted(study: Path) -> None:
    async with looking(study, "together") as (pilot, screen):
        before = screen.found["source"]
        await type_keys(pilot, "<f2><f7>")
        await settled(pilot)
        assert screen.found["source"] is not before


async def test_an_empty_study_says_so(tmp_path: Path) -> None:
    async with looking(make_study(tmp_path / "empty"), "saturation") as (pilot, screen):
        assert "nothing is coded yet" in text(screen)
        await type_keys(pilot, "<tab>")
        await settled(pilot)
        assert "no two codes meet" in text(screen)
        await type_keys(pilot, "<tab>")
        await settled(pilot)
        assert "needs finished layers of two coders" in text(screen)
        await type_keys(pilot, "w")
        await settled(pilot)
        assert screen.said == "written: exports/overview-agreement.txt"


def test_a_curve_in_characters() -> None:
    curve = saturation({"P1": ["a", "b"], "P2": ["a"], "P3": ["c", "d"]})
    rows = curve_rows(curve, 4)
    assert len(rows) == HEIGHT and rows[0].startswith("  4 ┤") and rows[-1].startswith("  0 ┤")
    assert rows[0].rstrip().endswith(BOTH)  # all orders end at the same sum
    assert sum(row.count(EXPECTED) for row in rows) == 2
