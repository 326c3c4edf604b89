"""``postil cooccurrence``: which codes meet on the same words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from postil_base.problem import PostilError
from postil_cli.common import open_study_here, study_option
from postil_cli.model_options import names
from postil_cli.output.answers import answer, answer_options, chosen_format


@click.command("cooccurrence")
@click.argument("codes", nargs=-1)
@study_option
@click.option(
    "--mode", type=click.Choice(["overlap", "turn", "transcript"]), default="overlap", help="What meeting is."
)
@click.option("--matrix", "as_matrix", is_flag=True, help="The square matrix instead of the list of pairs.")
@click.option("--top", type=click.IntRange(min=1), default=None, metavar="N", help="Only the N most frequent pairs.")
@click.option("--coders", default="", metavar="A,B", help="Union of these coders instead of the coding of record.")
@answer_options
def command(codes: tuple[str, ...], study_folder: Path | None, **options: Any) -> int:
    """Which codes meet: on the same words, in the same turn, in the same transcript.

    With CODES only these, each with the codes below it apart. Counts, c-coefficient and Jaccard; segments of one coder
    are never compared with those of another.
    """
    from postil_model.counts.cooccurrence import cooccurrence_in, matrix_table, pair_table
    from postil_model.decision.of_study import study_interviews

    study = open_study_here(study_folder)
    wanted = [code for name in codes for code in _subtree(study, name)]
    interviews, _ = study_interviews(study, names(options["coders"]))
    found = cooccurrence_in(interviews, options["mode"], wanted)
    if options["top"] and options["as_matrix"]:
        raise PostilError("--top chooses pairs, and --matrix shows all codes. Leave one of them out.")
    if chosen_format(options) == "json":
        answer([], _json(found, options["top"]), options)
    else:
        answer([matrix_table(found) if options["as_matrix"] else pair_table(found, options["top"])], None, options)
    return 0


def _subtree(study: Any, name: str) -> list[str]:
    code = study.codebook.resolve(name.removesuffix("/*"))
    if code is None:
        raise PostilError(f"there is no code {name!r}; `postil codebook` shows them all")
    return list(study.codebook.subtree(code))


def _json(found: Any, most: int | None) -> dict[str, Any]:
    keys = ("codes", "count", "c", "jaccard")
    pairs = [dict(zip(keys, ([a, b], count, c, jaccard), strict=True)) for a, b, count, c, jaccard in found.pairs(most)]
    from postil_model.counts.cooccurrence import JACCARD_OF

    over = JACCARD_OF[found.mode]
    return {
        "mode": found.mode,
        "jaccard_of": over,
        "totals": dict(zip(found.codes, found.totals, strict=True)),
        "pairs": pairs,
    }
