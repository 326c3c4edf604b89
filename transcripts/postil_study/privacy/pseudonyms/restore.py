"""The one way back from pseudonyms: what was is kept beside the mapping, and nowhere else."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from postil_base.files.atomic import write_text
from postil_base.files.journal import write_many
from postil_base.files.text import read_bytes, sha256_bytes, sha256_text, unix_lines
from postil_base.problem import PostilError
from postil_study.files.codings import ENDING, FOLDER
from postil_study.privacy.pseudonyms.edits import Edit, Edits
from postil_study.privacy.pseudonyms.layer_names import TextChange, layer_with_names

Step = dict[str, Any]
OWN_WORDS = ("memos/", "charts/")  # what somebody wrote since stays as it is


@dataclass(frozen=True)
class RestorePlan:
    """What taking pseudonyms back changes. Nothing is written before `apply`."""

    root: Path
    mapping: Path
    files: Mapping[str, bytes | None] = field(repr=False)
    expect: Mapping[str, str] = field(repr=False)
    layers: tuple[str, ...]  # coded on since; their positions are counted back, their notes keep the pseudonyms
    kept: tuple[str, ...]  # written since; they keep the pseudonyms

    def apply(self) -> None:
        """Write all of it or nothing, then forget the step."""
        write_many(self.root, self.files, self.expect)
        _save(self.mapping, _steps(self.mapping)[:-1])


def restore_path(mapping: Path) -> Path:
    """Where what was before is kept: beside the mapping."""
    return mapping.with_name(f"{mapping.name}.before")


def last_at(mapping: Path) -> str:
    """When pseudonyms came in last that can be taken back, in UTC; nothing if there are none."""
    steps = _steps(mapping)
    return str(steps[-1].get("at", "")) if steps else ""


def add_step(
    mapping: Path,
    root: Path,
    files: Mapping[str, bytes | None],
    moved: Mapping[str, str],
    texts: Iterable[TextChange],
    at: str,
) -> None:
    """Keep what was, before it is written over."""
    states = [
        (moved[path], path, sha256_bytes(new), read_bytes(root / moved[path]))
        for path, new in files.items()
        if new is not None
    ]
    add_states(mapping, states, texts, at)


def add_states(
    mapping: Path, states: Iterable[tuple[str, str, str, bytes]], texts: Iterable[TextChange], at: str
) -> None:
    """Keep files as they are with their names: old path, new path, fingerprint of the new content, old content."""
    kept = [{"old": old, "new": new, "sha": sha, "was": _packed(data)} for old, new, sha, data in states]
    changes = [
        {
            "old": text.old_id,
            "new": text.new_id,
            "old_sha": text.old_sha,
            "new_sha": text.new_sha,
            "edits": [list(edit) for edit in text.edits.inverse(text.old).edits],
        }
        for text in texts
    ]
    _save(mapping, [*_steps(mapping), {"at": at, "files": kept, "texts": changes}])


def plan_restore(root: Path, mapping: Path) -> RestorePlan:
    """Plan to take the last pseudonymisation back."""
    steps = _steps(mapping)
    if not steps:
        raise PostilError(f"{restore_path(mapping)} holds nothing to take back.")
    back = _Back(root, steps[-1])
    back.work_out()
    return RestorePlan(root, mapping, back.files, back.expect, tuple(back.layers), tuple(back.kept))


class _Back:
    def __init__(self, root: Path, step: Step) -> None:
        self.root, self.step = root, step
        self.files: dict[str, bytes | None] = {}
        self.expect: dict[str, str] = {}
        self.layers: list[str] = []
        self.kept: list[str] = []
        self.texts: dict[str, TextChange] = {}

    def work_out(self) -> None:
        """Files that are as they were left get their old content; layers coded on since are counted back."""
        entries = {entry["new"]: entry for entry in self.step["files"]}
        now = {path: _sha(self.root / path) for path in entries}
        for path, entry in entries.items():
            if now[path] == entry["sha"]:
                self._put(path, entry["old"], _unpacked(entry["was"]), now[path])
        self.texts = dict(self._texts())
        for path, entry in entries.items():
            if now[path] and now[path] != entry["sha"]:
                self._changed(path, entry["old"])
        for path in _layers(self.root):
            if path not in entries and Path(path).stem in self.texts:
                self._changed(path, f"{path.rsplit('/', 1)[0]}/{self.texts[Path(path).stem].new_id}{ENDING}")

    def _put(self, path: str, old: str, data: bytes, sha: str) -> None:
        if path != old:
            self.files[path] = None
        self.files[old] = data
        self.expect[path] = sha

    def _texts(self) -> Iterator[tuple[str, TextChange]]:
        for text in self.step["texts"]:
            edits = Edits(Edit(*edit) for edit in text["edits"])
            path = self.root / "transcripts" / f"{text['new']}.txt"
            now = unix_lines(read_bytes(path).decode("utf-8")) if path.exists() else ""
            if sha256_text(now) != text["new_sha"]:
                raise PostilError(
                    f"transcripts/{text['new']}.txt was changed since, so the names cannot be put back where they "
                    "stood. Nothing was written."
                )
            yield (
                text["new"],
                TextChange(text["new"], text["old"], now, edits.apply(now), text["new_sha"], text["old_sha"], edits),
            )

    def _changed(self, path: str, old: str) -> None:
        """A file that was changed after the pseudonyms came in."""
        data = read_bytes(self.root / path)
        if path.startswith(f"{FOLDER}/") and Path(path).stem in self.texts:
            new = layer_with_names(data, path, self.texts[Path(path).stem], lambda text: text)
            self._put(path, old, new, sha256_bytes(data))
            self.layers.append(path)
        elif path.startswith(OWN_WORDS):
            self.kept.append(path)
        else:
            raise PostilError(
                f"{path} was changed since the pseudonyms came in; taking them back would lose that change. "
                "Nothing was written."
            )


def _layers(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in (root / FOLDER).glob(f"*/*{ENDING}"))


def _sha(path: Path) -> str:
    return sha256_bytes(path.read_bytes()) if path.is_file() else ""


def _packed(data: bytes) -> str:
    return b64encode(zlib.compress(data)).decode("ascii")


def _unpacked(text: str) -> bytes:
    return zlib.decompress(b64decode(text))


def _steps(mapping: Path) -> list[Step]:
    path = restore_path(mapping)
    if not path.exists():
        return []
    try:
        steps: list[Step] = json.loads(read_bytes(path))["steps"]
    except (ValueError, KeyError, TypeError) as error:
        raise PostilError(f"{path} cannot be read: {error}.") from error
    return steps


def _save(mapping: Path, steps: list[Step]) -> None:
    path = restore_path(mapping)
    if not steps:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_text(path, json.dumps({"postil": 1, "steps": steps}))
    path.chmod(0o600)
