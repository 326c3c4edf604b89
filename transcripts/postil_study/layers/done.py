"""What a coder has finished: only finished layers count, and in them what is uncoded means *not applied*."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from postil_base.clock import Clock, system_clock
from postil_base.files.journal import Progress, write_many
from postil_base.problem import PostilError
from postil_study.files.codings import layer_path
from postil_study.files.settings import CONSENSUS
from postil_study.layers.store import LayerStore, SavedLayer, start_layer
from postil_study.layers.values import with_header
from postil_study.study import Study, open_study
from postil_study.text.values import Layer

_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


Before = Callable[[Layer], Layer]


@dataclass(frozen=True)
class DonePlan:
    """Layers marked as finished, or open again. Nothing is written before `apply`, and then all of it or nothing."""

    root: Path
    what: str
    changes: Mapping[str, bytes] = field(repr=False)
    expect: Mapping[str, str] = field(repr=False)

    def apply(self, progress: Progress | None = None) -> None:
        """Write all layers; refused if one changed since."""
        write_many(self.root, self.changes, self.expect, progress)


def plan_done(root: Path, transcripts: Sequence[str], coder: str, date: str, before: Before | None = None) -> DonePlan:
    """Plan to say in a coder's layers that transcripts are finished on ``date``; an empty date opens them again.

    A layer that does not exist yet is made: to have read everything and found nothing is a result, too. ``before`` is
    what is done with each layer first.
    """
    study = open_study(root)
    _check(study, coder, date)
    store = LayerStore(root, study.codebook)

    def marked(layer: Layer) -> Layer:
        return with_header(before(layer) if before else layer, done=date)

    changes, expect = {}, {}
    for transcript in dict.fromkeys(transcripts):
        path = layer_path(coder, transcript)
        start = start_layer(study, coder, transcript)  # a message where there is no such transcript
        if not date and not (root / path).is_file():
            raise PostilError(f"{coder} has no layer of {transcript}, so it is not done.")
        changes[path], expect[path] = store.planned(start, marked)
    names = ", ".join(dict.fromkeys(transcripts))
    what = f"{coder} is done with {names}" if date else f"{coder} goes on with {names}"
    return DonePlan(root, what, changes, expect)


def mark_done(root: Path, transcript: str, coder: str, date: str, clock: Clock = system_clock) -> SavedLayer:
    """Write into one layer that it is finished, merged with what others write into it at the same time."""
    study = open_study(root)
    _check(study, coder, date)
    layer = start_layer(study, coder, transcript)
    if not date and not (root / layer.path).is_file():
        raise PostilError(f"{coder} has no layer of {transcript}, so it is not done.")
    return LayerStore(root, study.codebook, clock).save(layer, with_header(layer, done=date))


def _check(study: Study, coder: str, date: str) -> None:
    if date and not _DATE.fullmatch(date):
        raise PostilError(f"{date!r} is no date; write it as 2026-11-02.")
    if coder not in (*study.coders, CONSENSUS):
        raise PostilError(f"there is no coder {coder!r} in this study; known are {', '.join(study.coders) or 'none'}.")
