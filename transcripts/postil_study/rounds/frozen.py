"""The frozen copy of a round: texts, layers and codebook as they were, with checksums that ``sha256sum -c`` reads."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from postil_base.files.text import sha256_bytes
from postil_base.problem import Place, PostilError, Problem
from postil_study.files.codings import GUIDE_FOLDER, layer_path
from postil_study.files.manifest import MANIFEST_FILE
from postil_study.files.settings import SETTINGS_FILE
from postil_study.files.texts import transcript_path
from postil_study.rounds.plan import FOLDER, SUMS_FILE, Round
from postil_study.study import Study, open_study


def copy_folder(round_id: str) -> str:
    """Where the copy of a round stands, relative to the study."""
    return f"{FOLDER}/{round_id}"


def open_copy(root: Path, round_id: str) -> Study:
    """The frozen copy of a round as a study of its own; reliability is computed from it."""
    folder = root / copy_folder(round_id)
    if not (folder / SUMS_FILE).is_file():
        raise PostilError(f"round {round_id} has no frozen copy; make it with: postil round freeze {round_id}")
    return open_study(folder)


def files_to_freeze(study: Study, plan: Round) -> dict[str, bytes]:
    """What belongs to a round's copy, by path: the study's YAML, and texts and layers of its transcripts."""
    settings = study.settings
    books = [settings.codebook, settings.process, settings.findings, settings.themes]
    texts = [transcript_path(transcript) for transcript in plan.transcripts]
    wanted = [(coder, transcript) for coder, ids in plan.assignments.items() for transcript in ids]
    guide = [(GUIDE_FOLDER, transcript) for transcript in plan.transcripts]
    layers = [layer_path(coder, transcript) for coder, transcript in [*wanted, *guide]]
    needed = [SETTINGS_FILE, *filter(None, books), MANIFEST_FILE, *texts]
    return {**_read(study.root, needed, True), **_read(study.root, layers, False)}


def _read(root: Path, paths: list[str], needed: bool) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in paths:
        try:
            found[path] = (root / path).read_bytes()
        except FileNotFoundError:
            if needed:
                raise PostilError(f"{path} is missing, so the round cannot be frozen; see postil check.") from None
        except OSError as error:
            raise PostilError(f"{path} cannot be read: {error.strerror or error}.") from error
    return found


def format_sums(files: Mapping[str, bytes]) -> str:
    """Checksums as ``sha256sum`` writes them."""
    return "".join(f"{sha256_bytes(data)}  {path}\n" for path, data in sorted(files.items()))


def read_sums(text: str) -> dict[str, str]:
    """Checksums by path; lines that are none are left out."""
    pairs = (line.split("  ", 1) for line in text.splitlines())
    return {pair[1]: pair[0] for pair in pairs if len(pair) == 2 and len(pair[0]) == 64}


def check_copy(root: Path, plan: Round) -> Iterator[Problem]:
    """Whether the copy is there and still what was frozen."""
    folder = root / copy_folder(plan.id)
    sums_path = f"{copy_folder(plan.id)}/{SUMS_FILE}"
    try:
        text = (folder / SUMS_FILE).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        message = f"the round is {plan.state}, but its copy or {sums_path} is missing; bring it back from git."
        yield Problem(plan.place, message, "frozen-missing")
        return
    if plan.sums_sha256 and sha256_bytes(text.encode()) != plan.sums_sha256:
        yield Problem(Place(sums_path), "the checksums are not those of the freezing.", "frozen-changed")
    sums = read_sums(text)
    for path, wanted in sums.items():
        yield from _check_file(folder, f"{copy_folder(plan.id)}/{path}", path, wanted)
    for path in _others(folder):
        if path not in sums and path != SUMS_FILE:
            yield Problem(
                Place(f"{copy_folder(plan.id)}/{path}"), "it was not frozen with the round.", "frozen-changed"
            )


def _check_file(folder: Path, shown: str, path: str, wanted: str) -> Iterator[Problem]:
    try:
        found = sha256_bytes((folder / path).read_bytes()) if ".." not in path.split("/") else ""
    except OSError:
        yield Problem(Place(shown), "the frozen file is missing; bring it back from git.", "frozen-missing")
        return
    if found != wanted:
        yield Problem(Place(shown), "the frozen file was changed; bring it back from git.", "frozen-changed")


def _others(folder: Path) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from ((Path(place) / name).relative_to(folder).as_posix() for name in names if not name.startswith("."))
