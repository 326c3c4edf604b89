"""What could not be written into the study: kept in the user's state folder until it can be, whatever happens.

A disk that is full, a drive that is gone, a folder that may not be written: the records wait in a layer file of their
own, and are taken into the study when it can be written again, by the app itself or when it is opened next.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from postil_base.clock import utc_now
from postil_base.files.atomic import write_bytes
from postil_base.problem import PostilError
from postil_study.files.settings import SETTINGS_FILE
from postil_study.files.state_folder import state_folder, study_name
from postil_study.history.undo import same_words
from postil_study.layers.file import encode_header, encode_state, read_layer
from postil_study.layers.store import LayerStore, empty_layer
from postil_study.layers.values import Deleted, State, newest, states, with_states
from postil_study.study import Study
from postil_study.text.values import LayerHeader

KIND = "unsaved"
_ROOT = "x-root"


@dataclass(frozen=True, slots=True)
class Unsaved:
    """Records of one layer that wait to be written into it."""

    path: Path
    header: LayerHeader
    states: Mapping[str, State]


def unsaved_paths(study_id: str, root: Path, header: LayerHeader) -> list[Path]:
    """Where they may be kept: in the state folder, or if that cannot be written, with the temporary files."""
    name = f"{header.coder}--{header.transcript}.jsonl"
    return [folder / name for folder in _folders(study_id, root)]


def _folders(study_id: str, root: Path) -> list[Path]:
    beside = Path(tempfile.gettempdir()) / f"postil-{KIND}-{study_name(study_id, root)}"
    return [state_folder(KIND, study_id, root), beside]


def keep_unsaved(study_id: str, root: Path, header: LayerHeader, waiting: Mapping[str, State | None]) -> Path | None:
    """Keep records where they survive the program; None if even that cannot be done."""
    known = {id_: state or Deleted(id_, utc_now()) for id_, state in waiting.items()}
    marked = replace(header, extra={**header.extra, _ROOT: str(root.resolve())})
    lines = [encode_header(marked), *(encode_state(state) for state in known.values())]
    for path in unsaved_paths(study_id, root, header):
        with suppress(PostilError):
            write_bytes(path, b"\n".join(lines) + b"\n")
            path.chmod(0o600)
            return path
    return None


def drop_unsaved(study_id: str, root: Path, header: LayerHeader) -> None:
    """They are in the study now."""
    for path in unsaved_paths(study_id, root, header):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def find_unsaved(study_id: str, root: Path) -> Iterator[Unsaved]:
    """What waits for the study in this folder, or for one that was in a folder that is gone."""
    for folder in _folders(study_id, root):
        for path in sorted(folder.glob("*.jsonl")) if folder.is_dir() else ():
            found = _read(path)
            if found is not None and _is_for(root, str(found.header.extra.get(_ROOT, ""))):
                yield replace(found, header=replace(found.header, extra={}))


def _is_for(root: Path, noted: str) -> bool:
    return noted == str(root.resolve()) or not (Path(noted) / SETTINGS_FILE).exists()


def _read(path: Path) -> Unsaved | None:
    try:
        layer, _ = read_layer(path.read_bytes(), path.name)
    except OSError:
        return None
    return Unsaved(path, layer.header, states(layer))


def take_in(study: Study, unsaved: Unsaved) -> str:
    """Write what waited into the study; says what was done. Of a record that is newer there, both are kept."""
    header = unsaved.header
    store = LayerStore(study.root, study.codebook)
    layer = store.read(header.coder, header.transcript) or empty_layer(header)
    known = states(layer)
    wanted: dict[str, State | None] = {}
    for id_, state in unsaved.states.items():
        there = known.get(id_)
        if there is None or newest(there, state) is state:
            wanted[id_] = state
        elif not same_words(there, state) and not isinstance(state, Deleted):
            beside = f"{id_}.2"
            wanted[beside] = msgspec.structs.replace(state, id=beside)
    store.save(layer, with_states(layer, wanted))
    unsaved.path.unlink(missing_ok=True)
    many = len(unsaved.states)
    return (
        f"{many} change{'s' if many > 1 else ''} of {header.coder} in {header.transcript} that could not be saved then"
    )


def take_in_all(study: Study) -> list[str]:
    """Take in whatever waits; what still cannot be written goes on waiting, and is named."""
    said = []
    for unsaved in find_unsaved(study.settings.id, study.root):
        try:
            said.append(f"{take_in(study, unsaved)} were taken in now.")
        except PostilError as error:
            said.append(f"{error} What could not be saved then waits in {unsaved.path}.")
    return said
