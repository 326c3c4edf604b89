"""Several files changed together or not at all: staged copies first, then a journal, then the renames.

Killed before the journal is there, nothing has happened; killed after it, the next `recover` finishes the work.
"""

from __future__ import annotations

import errno
import json
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from postil_base.files import disk
from postil_base.files.atomic import ABSENT, check_expected, fingerprint, inside, write_bytes
from postil_base.files.lock import private_folder, study_lock, was_left_by_a_crash
from postil_base.files.text import sha256_bytes
from postil_base.files.witness import GONE, may_write, stamp_of, wrote
from postil_base.formats import why_read_only
from postil_base.problem import PostilError

JOURNAL = "journal.json"
UNFINISHED = "unfinished"
LAST = "last-change.json"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Step:
    """One file: what it was (``old``), what it becomes (``new``, `ABSENT` for a deletion), where that is staged."""

    path: str
    old: str
    new: str
    staged: str


def write_many(
    root: Path,
    changes: Mapping[str, str | bytes | None],
    expect: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> None:
    """Write (or with None delete) files of the study, by path relative to it, all of them or none.

    ``expect`` gives the sha256 a file must still have (`ABSENT`: must not be there). Files that stay the same are left
    alone. ``progress`` is told how many of how many are done.
    """
    with study_lock(root):
        _recover(root)
        for path in changes:
            may_write(root, root / path)
        for path, value in (expect or {}).items():
            check_expected(_target(root, path), value)
        _drop_left_over(private_folder(root))
        steps = _stage(root, {path: _bytes(value) for path, value in changes.items()})
        if steps:
            _begin(root, steps)
            _carry_out(root, steps, progress)


def recover(root: Path) -> list[str]:
    """Finish what a crash interrupted; return what was done, for the person to read. Cheap when there is nothing."""
    if (not (root / ".postil" / JOURNAL).exists() and not was_left_by_a_crash(root)) or why_read_only(root):
        return []
    with study_lock(root):
        said = _recover(root)
        _drop_left_over(root / ".postil")
        disk.sweep(root)
        return said


def _bytes(value: str | bytes | None) -> bytes | None:
    return value.encode("utf-8") if isinstance(value, str) else value


def _target(root: Path, path: str) -> Path:
    """The place of a path of the study; absolute paths, ``..``, and links out of the study are refused."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or not pure.parts or pure.parts[0] == ".postil":
        raise PostilError(f"{path!r} is not a path inside the study and is not touched.")
    return inside(root, root / pure)


def _stage(root: Path, changes: Mapping[str, bytes | None]) -> list[_Step]:
    folder = private_folder(root) / f"staged-{secrets.token_hex(6)}"
    try:
        disk.make_folders(folder)
        steps = [_stage_one(root, folder, n, path, data) for n, (path, data) in enumerate(changes.items())]
        kept = [step for step in steps if step.old != step.new]
        if not kept:
            disk.remove_folder(folder)
        disk.sync_folder(folder)
        return kept
    except BaseException as error:
        disk.remove_folder(folder)
        if isinstance(error, OSError):
            raise PostilError(f"{_reason(error)} Nothing was changed.") from error
        raise


def _drop_left_over(private: Path) -> None:
    """Staged copies of a crash before the journal was there (or after it was gone). We hold the lock."""
    for folder in private.glob("staged-*"):
        disk.remove_folder(folder)
    for file in private.glob(".postil-*.tmp"):
        with suppress(OSError):  # it is in nobody's way, and goes the next time
            disk.remove(file)


def _stage_one(root: Path, folder: Path, number: int, path: str, data: bytes | None) -> _Step:
    target = _target(root, path)
    old = fingerprint(target)
    if data is None:
        return _Step(path, old, ABSENT, "")
    new = sha256_bytes(data)
    staged = folder / str(number)
    if old != new:
        disk.write_new(staged, data, like=target)
    return _Step(path, old, new, f"{folder.name}/{staged.name}")


def _write_journal(root: Path, steps: list[_Step]) -> None:
    lines = json.dumps({"postil": 1, "steps": [asdict(step) for step in steps]}, ensure_ascii=False, indent=1)
    write_bytes(root / ".postil" / JOURNAL, lines.encode("utf-8") + b"\n")


def _begin(root: Path, steps: list[_Step]) -> None:
    """Write the journal: from here on the change is finished, whatever happens. One that may not last is withdrawn."""
    try:
        _write_journal(root, steps)
    except PostilError:
        with suppress(OSError):
            disk.remove(root / ".postil" / JOURNAL)
            _drop_left_over(root / ".postil")
        raise


def _carry_out(root: Path, steps: list[_Step], progress: Progress | None) -> None:
    """Do the renames. If the system refuses one, put back what was already replaced and say so."""
    before: dict[str, bytes | None] = {}
    made: list[Path] = []
    try:
        for number, step in enumerate(steps, 1):
            target = _target(root, step.path)
            before[step.path] = target.read_bytes() if step.old != ABSENT else None
            made += disk.missing_folders(target.parent)
            _replace(root, step, target)
            if progress is not None:
                progress(number, len(steps))
    except (OSError, PostilError) as error:
        _put_back(root, steps, before, _reason(error))
        for folder in reversed(made):
            disk.remove_empty_folder(folder)
        raise PostilError(f"{_reason(error)} All files are as they were before.") from error
    _finish(root, steps)


def _put_back(root: Path, steps: list[_Step], before: Mapping[str, bytes | None], why: str) -> None:
    """Put files back as a change of its own, whose journal takes the place of the other one in one step."""
    try:
        back = _stage(root, before)
        _write_journal(root, back)
        for step in back:
            _replace(root, step, _target(root, step.path))
    except (OSError, PostilError) as error:
        raise PostilError(
            f"{why} The change was begun and could not be taken back ({_reason(error)}); it is finished when the "
            "study is opened next. Make the files writable and make room on the disk first."
        ) from error
    _finish(root, [*steps, *back])


def _reason(error: OSError | PostilError) -> str:
    if not isinstance(error, OSError):
        return str(error)
    return f"{f'{error.filename}: ' if error.filename else ''}{error.strerror or error}."


def _replace(root: Path, step: _Step, target: Path) -> None:
    if step.new == ABSENT:
        disk.remove(target)
        wrote(target)
        return
    disk.make_folders(target.parent)
    staged = root / ".postil" / step.staged
    try:
        disk.rename(staged, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        # another file system (a mounted folder of codings): the content is copied instead
        write_bytes(target, staged.read_bytes())
    wrote(target)


def _finish(root: Path, steps: list[_Step]) -> None:
    """The renames must be on disk before the journal goes, and the journal before the staged copies.

    All files are in place already: what goes wrong here leaves the journal, and the next open finishes it.
    """
    private = root / ".postil"
    staged = {private / step.staged.split("/")[0] for step in steps if step.staged}
    with suppress(OSError):
        for folder in {_target(root, step.path).parent for step in steps} | staged:
            disk.sync_folder(folder)
        _leave_word(private, steps)
        disk.remove(private / JOURNAL)
        disk.sync_folder(private)
        for folder in staged:
            disk.remove_folder(folder)


def _leave_word(private: Path, steps: list[_Step]) -> None:
    """Say in which state this change left the files, so that a program that holds them in memory knows it for Postil's.

    Names are left as fingerprints: what is taken out for good leaves no name behind.
    """
    with suppress(PostilError):
        made = {sha256_bytes(step.path.encode()): stamp_of(private.parent / step.path) for step in steps}
        write_bytes(private / LAST, json.dumps(made).encode())


def was_left_by_postil(root: Path, path: str) -> bool:
    """Whether a file is as the last change of several files left it, by whatever program of Postil.

    The same content is not enough: an older state that somebody puts back may be one that Postil once wrote. Of a file
    that is gone nothing may have come or gone beside it since.
    """
    try:
        made = json.loads((root / ".postil" / LAST).read_bytes())
        left = tuple(made.get(sha256_bytes(path.encode()), ()))
        now = stamp_of(root / path)
        if left != now or now != GONE:
            return left == now
        folder = (root / path).parent
        return not folder.exists() or folder.stat().st_mtime_ns <= (root / ".postil" / LAST).stat().st_mtime_ns
    except (OSError, ValueError, AttributeError, TypeError):
        return False


def _recover(root: Path) -> list[str]:
    path = root / ".postil" / JOURNAL
    if not path.exists():
        return []
    steps = _read_journal(path)
    targets = [_target(root, step.path) for step in steps]
    try:
        said = [_roll_forward(root, step, target) for step, target in zip(steps, targets, strict=True)]
    except (OSError, PostilError) as error:
        raise PostilError(
            f"an interrupted change could not be finished: {_reason(error)} "
            "Make the file writable and open the study again."
        ) from error
    _finish(root, steps)
    return [line for line in said if line]


def _roll_forward(root: Path, step: _Step, target: Path) -> str:
    now = fingerprint(target)
    if now == step.new:
        return ""
    staged = root / ".postil" / step.staged
    usable = step.new == ABSENT or (bool(step.staged) and fingerprint(staged) == step.new)
    if now == step.old and usable:
        _replace(root, step, target)
        return f"{step.path}: an interrupted change was finished."
    if not usable:
        return f"{step.path}: an interrupted change could not be finished, its new text is gone; see `postil check`."
    return _set_aside(root, step)


def _set_aside(root: Path, step: _Step) -> str:
    """Somebody changed the file after the crash: their text stays, ours is kept where it can be found."""
    if step.new == ABSENT:
        return f"{step.path}: was to be deleted, but was changed in the meantime, and stays."
    aside = root / ".postil" / UNFINISHED / step.path
    write_bytes(aside, (root / ".postil" / step.staged).read_bytes(), root=root / ".postil")
    return (
        f"{step.path}: was changed in the meantime and stays; what an interrupted change meant to write "
        f"is in .postil/{UNFINISHED}/{step.path}."
    )


def _read_journal(path: Path) -> list[_Step]:
    try:
        return [_step(entry) for entry in json.loads(path.read_bytes())["steps"]]
    except (ValueError, KeyError, TypeError, OSError, RecursionError) as error:
        raise PostilError(
            f"{path} cannot be read, so an interrupted change cannot be finished. "
            "Run `git status`, then move the file away and open the study again."
        ) from error


def _step(entry: Mapping[str, Any]) -> _Step:
    step = _Step(str(entry["path"]), str(entry["old"]), str(entry["new"]), str(entry["staged"]))
    parts = PurePosixPath(step.staged).parts
    if step.staged and (len(parts) != 2 or not parts[0].startswith("staged-") or ".." in parts):
        raise ValueError(step.staged)
    return step
