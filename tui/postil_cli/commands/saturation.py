"""``postil saturation``: how much each further participant added."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from postil_cli.common import open_study_here, study_option
from postil_cli.model_options import names
from postil_cli.output.answers import answer, answer_options, chosen_format, on_terminal
from postil_cli.output.writing import deliver

PICTURES = ("svg", "png", "pdf")


@click.command("saturation")
@study_option
@click.option("--of", type=click.Choice(["codes", "nodes", "edges"]), default="codes", help="What is counted.")
@click.option(
    "--origin", default="", metavar="A,B", help="Only codes of these origins: emergent, in-vivo, prior, pilot."
)
@click.option("--participants", default="", metavar="A,B", help="Only these, in this order.")
@click.option("--coders", default="", metavar="A,B", help="Union of these coders instead of the coding of record.")
@answer_options
def command(study_folder: Path | None, **options: Any) -> int:
    """Distinct codes, nodes or edges after each participant: in the order of the interviews, and over all orders.

    Saturation by interview order is luck; the expectation over all orders stands beside it. With --out FILE.svg (png,
    pdf) a plot.
    """
    from postil_model.counts.saturation import model_sets, saturation
    from postil_model.counts.saturation_files import curve_table, plot, saturation_json, terminal_plot
    from postil_model.decision.model import Params
    from postil_model.decision.of_study import build_model

    study = open_study_here(study_folder)
    asked = names(options["participants"])
    model = build_model(study, Params(1, participants=asked), names(options["coders"]))
    sets = model_sets(model, options["of"], names(options["origin"]))
    found = saturation({name: sets[name] for name in (asked or sets)}, options["of"])
    format_ = chosen_format(options, PICTURES)
    if format_ in PICTURES:
        deliver(plot(found, format_), options["out"])
        return 0
    table = curve_table(found)
    answer([table], saturation_json(found), options, lambda: f"{on_terminal(table)}\n{terminal_plot(found)}\n")
    return 0
