"""The illustrative study that comes with Postil, for the demo and for the tutorial."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from postil_base.problem import PostilError

PARTS = ("study.yaml", "codebook", "transcripts", "codings", "memos", "charts", "rounds")
KINDS = {".yaml", ".txt", ".jsonl", ".md"}


def study_source() -> Path:
    """Where the illustrative study lies: inside the wheel, or at the root of a checkout."""
    here = Path(__file__).resolve().parent
    for folder in (here / "demo_study", here.parents[1]):
        if (folder / "study.yaml").is_file():
            return folder
    raise PostilError("this installation came without the illustrative study; install Postil again from its wheel.")


def lay_down(folder: Path) -> bool:
    """Copy the study into ``folder``. False if it is there: it is kept as it is, for someone may have coded in it."""
    source = study_source()
    if (folder / "study.yaml").is_file():
        if _study_id(folder) != _study_id(source):
            raise PostilError(f"{folder} holds another study; name an empty folder: postil demo DIR.")
        return False
    if folder.exists() and any(folder.iterdir()):
        raise PostilError(f"{folder} is not empty; name an empty or new folder: postil demo DIR.")
    for part in PARTS:
        for file in sorted(_files_of(source / part)):
            target = folder / file.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    _make_ready_for_git(folder)
    return True


def _files_of(part: Path) -> Iterator[Path]:
    if part.is_file():
        yield part
    else:
        yield from (f for f in part.rglob("*") if f.is_file() and f.suffix in KINDS and not _is_code(f))


def _is_code(file: Path) -> bool:
    """In a checkout the packages lie beside the data."""
    return any(name.startswith("postil_") for name in file.parts[-4:-1])


def _make_ready_for_git(folder: Path) -> None:
    from postil_transcripts.new_study import write_git_files

    write_git_files(folder)


def _study_id(folder: Path) -> str:
    from postil_transcripts.study import open_study

    return open_study(folder).settings.id
