"""What people do to a study, as steps each of which is there whole or not at all, whatever happens to the machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from postil_base.problem import PostilError
from postil_formats.texts.plan import ImportOptions, plan_import
from postil_formats.texts.writing import apply_import
from postil_study.anchoring.correction import plan_reanchor
from postil_study.files.charts import ChartCell, save_cell
from postil_study.files.memos import new_memo
from postil_study.history import codebook_changes
from postil_study.layers.done import mark_done
from postil_study.layers.store import LayerStore, start_layer
from postil_study.layers.values import add_segment, remove_segment
from postil_study.rounds import steps as round_steps
from postil_study.study import open_study
from postil_study.text.values import Segment
from postil_tui.code.session.layer_sync import LayerSync
from tests.transcripts_support import TEXT

Step = Callable[[Path], object]

AT = "2026-05-01T00:00:00Z"
TALK = "Ana: How do you choose?\nBen: By size, mostly.\nAna: Why?\nBen: It has to fit.\n"


def clock() -> datetime:
    return datetime(2026, 5, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Scenario:
    """Steps on the small study, one after the other."""

    name: str
    steps: tuple[Step, ...]
    prepare: Step = lambda root: None


def segment(number: int) -> Segment:
    start = 42 + number
    return Segment(f"new{number:07}", start, start + 9, ("trust",), TEXT[start : start + 9], at=AT)


def code_by_store(coder: str, number: int) -> Step:
    def step(root: Path) -> None:
        study = open_study(root)
        layer = start_layer(study, coder, "I01")
        LayerStore(root, study.codebook, clock).save(layer, add_segment(layer, segment(number)))

    return step


def remove_by_store(root: Path) -> None:
    study = open_study(root)
    layer = start_layer(study, "ana", "I01")
    LayerStore(root, study.codebook, clock).save(layer, remove_segment(layer, "aaaaaaaaaa", AT))


def code_in_app(coder: str) -> tuple[Step, ...]:
    """As the app does it: one link to the layer, one write an action."""
    links: dict[Path, LayerSync] = {}

    def link(root: Path) -> LayerSync:
        if root not in links:
            study = open_study(root)
            links[root] = LayerSync(study, coder, study.transcripts["I01"], clock)
        return links[root]

    def step(number: int) -> Step:
        return lambda root: link(root).write({segment(number).id: segment(number)})

    return tuple(step(number) for number in range(3))


def correct(root: Path) -> None:
    """The text as a person corrected it, before the codings follow."""
    path = root / "transcripts" / "I01.txt"
    path.write_text(path.read_text("utf-8").replace("I looked at", "Well, I looked at"), "utf-8")


def import_talk(root: Path) -> None:
    source = root.parent / "Talk.txt"
    source.write_text(TALK, "utf-8")
    _, failures = apply_import(root, plan_import(open_study(root), [source], ImportOptions(), clock))
    if failures:
        raise PostilError(failures[0].reason)


def freeze(root: Path) -> None:
    round_steps.plan_freeze(root, "R1", clock).apply()


SCENARIOS = (
    Scenario("code by the store", (code_by_store("ben", 0), code_by_store("ben", 1), remove_by_store)),
    Scenario("code in the app", code_in_app("ben")),
    Scenario("code on in the app", code_in_app("ana")),
    Scenario("rename a code", (lambda root: codebook_changes.rename_code(root, "popularity", "fame").apply(),)),
    Scenario("merge codes", (lambda root: codebook_changes.merge_codes(root, ["issues"], "trust").apply(),)),
    Scenario("delete a code", (lambda root: codebook_changes.delete_code(root, "popularity", clock=clock).apply(),)),
    Scenario("add a code", (lambda root: codebook_changes.add_code(root, "size", {"label": "Size"}).apply(),)),
    Scenario("follow a corrected text", (lambda root: plan_reanchor(root, "I01", clock=clock).apply(),), correct),
    Scenario("import a transcript", (import_talk,)),
    Scenario("finish", (lambda root: mark_done(root, "I01", "ana", "2026-05-01", clock),)),
    Scenario(
        "a round",
        (
            lambda root: round_steps.start_round(root, "R1", "reliability", {"ana": ["I01"]}, clock=clock),
            lambda root: mark_done(root, "I01", "ana", "2026-05-01", clock),
            freeze,
            lambda root: round_steps.reveal_round(root, "R1", clock),
        ),
    ),
    Scenario("a memo", (lambda root: new_memo(root, ("code:trust",), "ana", "# Why trust\nBecause.", clock=clock),)),
    Scenario(
        "a cell", (lambda root: save_cell(root, ChartCell("E01", "selection", "By downloads.", ("aaaaaaaaaa",))),)
    ),
)
