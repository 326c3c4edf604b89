"""Checks of layers: header and folder, spans and quotes, codes, relations."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from postil_base.files.text import read_bytes
from postil_base.plural import counted
from postil_base.problem import Place, PostilError, Problem
from postil_base.yaml.fields import nearest
from postil_study.check.records import LayerCheck
from postil_study.files.codings import FOLDER, GUIDE_FOLDER, is_layer_folder, layer_path
from postil_study.files.file_cache import names_in
from postil_study.files.manifest import bad_id, is_transcript_id
from postil_study.files.settings import CONSENSUS
from postil_study.layers.values import records
from postil_study.rounds.recode import stale_codes
from postil_study.study import Study
from postil_study.text.values import Layer, Transcript

_KEY = re.compile(rb'"((?:[^"\\]|\\.)*)"\s*:')


def check_layers(study: Study) -> Iterator[Problem]:
    """Everything about layers that their reading has not said yet."""
    yield from _names(study.root)
    seen: dict[str, str] = {}
    for layer in (*study.layers(), *study.layers("guide")):
        path = Path(layer.path)
        yield from _header(study, layer, path.parent.name, path.stem)
        yield from _ids(layer, seen)
        yield from _keys(study.root, layer)
        transcript = _transcript(study, path.stem)
        if transcript is not None:
            yield from LayerCheck(study, layer, transcript).problems()
    yield from _stale(study)


def _names(root: Path) -> Iterator[Problem]:
    """Files in ``codings/`` that are no layers."""
    for folder in names_in(root / FOLDER):
        if not is_layer_folder(folder):
            message = (
                "the name of a folder of layers is a coder's id: a-z, 0-9, `.` and `-`; what is in it is not read."
            )
            yield Problem(Place(f"{FOLDER}/{folder}"), message, "bad-id")
            continue
        for name in names_in(root / FOLDER / folder):
            stem = name.removesuffix(".jsonl")
            if not name.endswith(".jsonl") or not is_transcript_id(stem):
                what = f"{bad_id(stem)}" if name.endswith(".jsonl") else "a layer's name ends in .jsonl"
                yield Problem(Place(f"{FOLDER}/{folder}/{name}"), f"{what}; it is not read.", "bad-id", "warning")


def _header(study: Study, layer: Layer, folder: str, stem: str) -> Iterator[Problem]:
    header, place = layer.header, Place(layer.path, 1)
    if header.coder != folder:
        message = f"the header says coder {header.coder!r}, the folder {folder!r}; correct one of the two."
        yield Problem(place, message, "layer-header")
    if header.transcript != stem:
        message = f"the header says transcript {header.transcript!r}, the file {stem!r}; correct one of the two."
        yield Problem(place, message, "layer-header")
    if (header.kind == "guide") != (folder == GUIDE_FOLDER):
        message = (
            f"layers of kind guide stand in {FOLDER}/{GUIDE_FOLDER}/, and only those; this one is of {header.kind}."
        )
        yield Problem(place, message, "layer-header")
    if header.kind == "coder" and folder not in (*study.settings.coders, CONSENSUS, GUIDE_FOLDER):
        hint = nearest(folder, list(study.settings.coders)) or "; add the coder to `coders:` of study.yaml."
        yield Problem(place, f"there is no coder {folder!r} in this study{hint}", "unknown-coder")
    if stem not in study.transcripts:
        hint = nearest(stem, list(study.transcripts)) or "; import it, or move the layer away."
        yield Problem(place, f"there is no transcript {stem!r} in this study{hint}", "unknown-transcript")
    yield from _steps(study, layer, place)


def _steps(study: Study, layer: Layer, place: Place) -> Iterator[Problem]:
    done, round_id = layer.header.done, layer.header.round
    if done and not _is_date(done):
        yield Problem(place, f"done {done[:40]!r} is no date such as 2026-11-02.", "layer-header", "warning")
    if round_id and round_id not in study.rounds:
        hint = nearest(round_id, list(study.rounds)) or "."
        yield Problem(place, f"there is no round {round_id[:40]!r} in rounds/{hint}", "unknown-round", "warning")


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def _ids(layer: Layer, seen: dict[str, str]) -> Iterator[Problem]:
    """Record ids must be unique in the study, or charts and memos cannot tell what they point to."""
    for record in records(layer):
        first = seen.setdefault(record.id, layer.path)
        if first != layer.path:
            message = f"record id {record.id} stands in {first}, too; give one of the two another id."
            yield Problem(Place(layer.path), message, "id-twice", "warning")


def _keys(root: Path, layer: Layer) -> Iterator[Problem]:
    """A key that stands twice in one record: only the last value is read, the first is lost with the next change."""
    try:
        data = read_bytes(root / layer.path)
    except PostilError:
        return  # it cannot be read, which is reported where it is read
    for number, line in enumerate(data.split(b"\n"), 1):
        keys = _KEY.findall(line)
        if len(set(keys)) < len(keys) and (twice := _twice(line)):
            values = " and ".join(repr(value)[:40] for value in twice[1])
            message = (
                f"the key {twice[0]!r} stands twice in this record, with {values}; only the last is read. Keep one."
            )
            yield Problem(Place(layer.path, number), message, "key-twice")


def _twice(line: bytes) -> tuple[str, list[object]] | None:
    """The first key that stands more than once in one object, with its values."""
    found: list[tuple[str, list[object]]] = []

    def look(pairs: list[tuple[str, object]]) -> dict[str, object]:
        counts = Counter(key for key, _ in pairs)
        found.extend((key, [v for k, v in pairs if k == key]) for key, count in counts.items() if count > 1)
        return dict(pairs)

    try:
        json.loads(line, object_pairs_hook=look)
    except (ValueError, RecursionError):
        return None  # not JSON, which is reported where it is read
    return found[0] if found else None


def _transcript(study: Study, id_: str) -> Transcript | None:
    try:
        return study.transcripts.get(id_)
    except PostilError:
        return None  # the text cannot be read, which is reported where it stands


def _stale(study: Study) -> Iterator[Problem]:
    for code, segments in stale_codes(study).items():
        places = {layer_path(s.coder, s.transcript) for s in segments}
        message = (
            f"code {code} changed on {study.codebook.codes[code].changed}; "
            f"{counted(len(segments), 'segment')} in {counted(len(places), 'layer')} "
            "not looked at since. See them with: postil recode"
        )
        yield Problem(study.codebook.codes[code].place, message, "stale-code", "warning")
