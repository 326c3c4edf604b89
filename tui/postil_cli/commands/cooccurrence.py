"""``postil cooccurrence``: which codes meet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import click

from postil_cli.answers import answer, table_options
from postil_cli.common import open_study_here, study_option
from postil_cli.model_options import names

if TYPE_CHECKING:
    from postil_model.cooccurrence import Cooccurrence


@click.command("cooccurrence")
@click.argument("codes", metavar="[CODE]…", nargs=-1)
@click.option(
    "--mode",
    type=click.Choice(["overlap", "turn", "transcript"]),
    default="overlap",
    show_default=True,
    help="What meeting means: shared characters, the same turn, the same transcript.",
)
@click.option("--square", is_flag=True, help="The square matrix in place of the list of pairs.")
@click.option("--coders", default="", metavar="A,B", help="Union of these coders instead of the coding of record.")
@table_options
@study_option
def command(codes: tuple[str, ...], study_folder: Path | None, **options: Any) -> None:
    """Which codes meet on the same words (or in the same turn, or transcript), all of them or those named.

    Segments of one coder never meet those of another. c = n12/(n1 + n2 - n12) over segments; Jaccard over characters,
    turns or transcripts.
    """
    from postil_model.cooccurrence import cooccurrence, matrix_table, pair_table
    from postil_model.of_study import study_evidence

    study = open_study_here(study_folder)
    evidence, _ = study_evidence(study, names(options["coders"]))
    wanted = [study.codebook.resolve(code) or code for code in codes]
    mode = cast('Literal["overlap", "turn", "transcript"]', options["mode"])
    found = cooccurrence(evidence.rows, mode, wanted)
    shown = matrix_table(found) if options["square"] else pair_table(found)
    answer([shown], "Co-occurrence", options, lambda: _plain(found))


def _plain(found: Cooccurrence) -> dict[str, Any]:
    return {
        "mode": found.mode,
        "codes": dict(zip(found.codes, (int(total) for total in found.totals), strict=True)),
        "pairs": [
            {"codes": [one, other], "count": count, "c": c, "jaccard": jaccard}
            for one, other, count, c, jaccard in found.pairs()
        ],
    }
