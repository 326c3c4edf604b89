"""``postil saturation``: what each further participant added."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_cli.answers import answer, table_options
from postil_cli.common import open_study_here, study_option
from postil_cli.model_options import model_of, model_options, names

if TYPE_CHECKING:
    from postil_model.saturation import Saturation
    from postil_model.tables import Table


@click.command("saturation")
@click.option(
    "--of", type=click.Choice(["codes", "nodes", "edges"]), default="codes", show_default=True, help="What is counted."
)
@click.option("--origin", "origins", default="", metavar="A,B", help="Only codes of these origins, such as emergent.")
@click.option("--base", type=click.IntRange(min=1), default=4, show_default=True, help="Base of the base and run rule.")
@model_options
@table_options
@study_option
def command(study_folder: Path | None, **options: Any) -> None:
    """How much each further participant added, in the order of the interviews and over all orders.

    Codes of the framework are there from the start, so that their curve says little: --origin emergent shows whether
    anything new came up. Coverage and Chao2 estimate what is still unseen.
    """
    from postil_model.saturation import model_sets, saturation

    model = model_of(open_study_here(study_folder), options)
    of = options["of"]
    found = saturation(model_sets(model, of, names(options["origins"])), of, options["base"])
    answer([_table(found)], "Saturation", options, lambda: _plain(found))


def _table(found: Saturation) -> Table:
    from postil_model.tables import Table

    before = [0, *found.ordered[:-1]]
    rows = tuple(
        (i + 1, person, count - earlier, count, round(mean, 1))
        for i, (person, count, earlier, mean) in enumerate(
            zip(found.participants, found.ordered, before, found.expected, strict=True)
        )
    )
    headers = ("n", "participant", "new", "distinct", "expected over all orders")
    return Table(headers, rows, f"Saturation of {found.of}", tuple(_notes(found)))


def _notes(found: Saturation) -> list[str]:
    coverage = "undefined (nothing was found)" if found.coverage is None else f"{found.coverage:.3f}"
    chao = "undefined" if found.chao2 is None else f"{found.chao2:.2f}"
    notes = [f"{found.singles} from one participant only, {found.doubles} from two; coverage {coverage}; Chao2 {chao}"]
    for run in sorted({check.run for check in found.runs}):
        reached = found.reached(run)
        where = f"at participant {reached}" if reached else "never"
        notes.append(f"base and run rule, run of {run}, at most 5% new: reached {where}")
    return [*notes, "the order of interviews is luck; the last column is not"]


def _plain(found: Saturation) -> dict[str, Any]:
    return {
        "of": found.of,
        "participants": list(found.participants),
        "ordered": list(found.ordered),
        "expected": list(found.expected),
        "coverage": found.coverage,
        "chao2": found.chao2,
        "f1": found.singles,
        "f2": found.doubles,
        "runs": [{"run": c.run, "upto": c.upto, "new": c.new, "share": c.share} for c in found.runs],
        "features": {name: list(people) for name, people in found.features.items()},
    }
