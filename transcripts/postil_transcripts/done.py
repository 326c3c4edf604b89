"""What a coder has finished: only finished layers count, and in them what is uncoded means *not applied*."""

from __future__ import annotations

import re
from pathlib import Path

from postil_base.clock import Clock, system_clock
from postil_base.problem import PostilError
from postil_transcripts.layers import with_header
from postil_transcripts.store import LayerStore, Saved, start_layer
from postil_transcripts.study import open_study

_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def mark_done(root: Path, transcript: str, coder: str, date: str, clock: Clock = system_clock) -> Saved:
    """Write into a coder's layer that the transcript is finished on ``date``; an empty date opens it again.

    A layer that does not exist yet is made: to have read everything and found nothing is a result, too.
    """
    if date and not _DATE.fullmatch(date):
        raise PostilError(f"{date!r} is no date; write it as 2026-11-02.")
    study = open_study(root)
    if coder not in study.coders:
        raise PostilError(f"there is no coder {coder!r} in this study; known are {', '.join(study.coders) or 'none'}.")
    layer = start_layer(study, coder, transcript)
    if not date and not (root / layer.path).is_file():
        raise PostilError(f"{coder} has no layer of {transcript}, so it is not done.")
    return LayerStore(root, study.codebook, clock).save(layer, with_header(layer, done=date))
