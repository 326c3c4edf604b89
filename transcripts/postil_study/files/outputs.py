"""What an output may replace: anything but a file of a study. Every command and screen that writes a result asks here.

Codings, texts, codebook and the rest have doors of their own (the store, the history), with undo; a result that was
sent to such a path by a slip would take their place without any.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from postil_base.files.atomic import write_pieces
from postil_base.files.text import read_raw_text
from postil_base.problem import PostilError
from postil_base.yaml.places import load_map
from postil_study.files.listing import FOLDERS, TOP_FOLDERS, folded, kind_of
from postil_study.files.settings import SETTINGS_FILE, load_settings

EXPORTS = "exports"
_NAMED = {"codebook": "the codebook", "process": "the process", "findings": "the findings", "themes": "the themes"}
_NOT_WALKED = frozenset({".git", EXPORTS})


def check_output(path: Path, study: Path | None = None) -> Path:
    """The path, when an output may be written there; refused when it is a file of a study, there or to come.

    Links, ``..``, hard links and other capitals are seen through. ``study`` is the folder of the study at work, whose
    files may lie elsewhere by links; studies above the path are found.
    """
    try:
        names = list(dict.fromkeys(_names(path)))
    except (OSError, RuntimeError) as error:  # links that lead in a circle
        raise PostilError(f"{path} could not be found: {error}. Name another place for the output.") from error
    for name in names:
        own = next((FOLDERS[folded(part)] for part in name.parts if folded(part) in (".git", ".postil")), "")
        if own:
            raise PostilError(_refusal(path, own, None))
        if folded(name.name) == SETTINGS_FILE:  # also where none is yet: it would make its folder a study
            raise PostilError(_refusal(path, "the settings", name.parent))
    for root in _studies(names, study):
        kind = _claimed(root, names) or _same_file(root, path)
        if kind:
            raise PostilError(_refusal(path, kind, root))
    return path


def write_output(path: Path, data: str | bytes | Iterable[bytes], study: Path | None = None) -> None:
    """Write a result, whole or in pieces, to where somebody wants it; missing folders are made."""
    check_output(path, study)
    whole = data.encode("utf-8") if isinstance(data, str) else data
    pieces = [whole] if isinstance(whole, bytes) else whole
    if _is_device(path):
        with path.open("wb") as stream:
            stream.writelines(pieces)
    else:
        write_pieces(path, pieces)


def _is_device(path: Path) -> bool:
    """Whether the path is a terminal, a pipe or a device such as /dev/null: written into, and never replaced."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return stat.S_ISCHR(mode) or stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or stat.S_ISBLK(mode)


def check_folder(folder: Path, study: Path | None = None) -> Path:
    """The folder, when a whole study may be laid down there: not among the files of another one."""
    names = [Path(os.path.normpath(folder.absolute())), folder.resolve()]
    for root in _studies(names, study):
        for name in names:
            for path in _within(root, name):
                if folded(path).split("/")[0] in TOP_FOLDERS:
                    where = root / EXPORTS / folder.name
                    raise PostilError(
                        f"{folder} lies among the files of the study in {root}. Nothing was written. "
                        f"Name a folder outside of it, or {where}."
                    )
    return folder


def _refusal(path: Path, kind: str, root: Path | None) -> str:
    of = f" of the study in {root}" if root is not None and not kind.startswith("in ") else ""
    return (
        f"{path} is {kind}{of}; an output never replaces one. Nothing was written. "
        f"Write it into the study's folder {EXPORTS}/, under another name, or outside of the study."
    )


def _names(path: Path) -> Iterator[Path]:
    """All names under which a path is reached: as it is written, each link on the way, and the real one."""
    yield Path(os.path.normpath(path.absolute()))
    name = _in_real_folder(path)
    for _ in range(40):
        yield name
        if not name.is_symlink():
            break
        name = _in_real_folder(name.parent / name.readlink())
    yield path.resolve()


def _in_real_folder(path: Path) -> Path:
    return path.parent.resolve() / path.name if path.name not in ("", "..") else path.resolve()


def _studies(names: Iterable[Path], study: Path | None) -> list[Path]:
    """The study at work, and every study in whose folder one of the names lies."""
    found = [study.resolve()] if study is not None else []
    for name in names:
        for folder in name.parents:
            with suppress(OSError):
                found += [folder] if (folder / SETTINGS_FILE).is_file() else []
    return list(dict.fromkeys(found))


def _is(one: Path, other: Path) -> bool:
    with suppress(OSError):
        return one.samefile(other)
    return False


def _claimed(root: Path, names: Iterable[Path]) -> str:
    """What one of the names is to a study."""
    return next((kind for name in names for path in _within(root, name) if (kind := _kind(root, path))), "")


def _within(root: Path, name: Path) -> Iterator[str]:
    """A name relative to the study, if it lies there."""
    for base in dict.fromkeys((root, root.resolve())):
        if name.is_relative_to(base):
            yield name.relative_to(base).as_posix()
    for folder in TOP_FOLDERS:
        with suppress(OSError, RuntimeError):
            if (root / folder).is_symlink() and name.is_relative_to((root / folder).resolve()):
                yield f"{folder}/{name.relative_to((root / folder).resolve()).as_posix()}"


def _kind(root: Path, path: str) -> str:
    """What a path is to a study, those that its ``study.yaml`` chooses included."""
    if kind := kind_of(path):
        return kind
    name = folded(path).rsplit("/", 1)[-1]
    try:
        text = read_raw_text(root / SETTINGS_FILE)
    except PostilError:
        text = ""
    if name.endswith((".yaml", ".yml")) and load_map(text, SETTINGS_FILE)[0] is None:
        return "perhaps a file that study.yaml names (it cannot be read)"
    if name not in folded(text):
        return ""
    settings, _ = load_settings(text)
    return kind_of(path, {chosen: kind for key, kind in _NAMED.items() if (chosen := getattr(settings, key))})


def _same_file(root: Path, path: Path) -> str:
    """What a file that is there is to a study under another of its names: a hard link, or a link from the study."""
    try:
        wanted = path.stat()
    except OSError:
        return ""
    for place in _files(root, wanted.st_ino):
        if _is(root / place, path) and (kind := _kind(root, place)):
            return kind
    return ""


def _files(root: Path, inode: int) -> Iterator[str]:
    """The files in a study's folder that may be the one with this number, through links; each folder once."""
    seen: set[tuple[int, int]] = set()
    folders = [("", root)]
    while folders:
        above, folder = folders.pop()
        with suppress(OSError):
            here = folder.stat()
            if (here.st_dev, here.st_ino) in seen:
                continue
            seen.add((here.st_dev, here.st_ino))
            for entry in list(os.scandir(folder)):
                if entry.is_dir():
                    if above or entry.name not in _NOT_WALKED:
                        folders.append((f"{above}{entry.name}/", Path(entry.path)))
                elif entry.is_symlink() or entry.inode() == inode:
                    yield f"{above}{entry.name}"
