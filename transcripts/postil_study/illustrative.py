"""The illustrative study that comes with Postil, for the demo and for the tutorial."""

from __future__ import annotations

import shutil
from pathlib import Path

from postil_base.problem import PostilError
from postil_study.files.outputs import check_folder

# the same list as in hatch_build.py, which puts them into the wheel; in a checkout the packages lie beside the data
STUDY = (
    "study.yaml",
    "codebook/*.yaml",
    "data/*",
    "transcripts/*.yaml",
    "transcripts/*.txt",
    "codings/*/*.jsonl",
    "memos/*.md",
    "charts/*.yaml",
    "rounds/**/*",
)


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
    check_folder(folder)
    if (folder / "study.yaml").is_file():
        if _study_id(folder) != _study_id(source):
            raise PostilError(f"{folder} holds another study; name an empty folder: postil demo DIR.")
        return False
    if folder.exists() and any(folder.iterdir()):
        raise PostilError(f"{folder} is not empty; name an empty or new folder: postil demo DIR.")
    for file in sorted(f for pattern in STUDY for f in source.glob(pattern) if f.is_file()):
        target = folder / file.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    _make_ready_for_git(folder)
    return True


def _make_ready_for_git(folder: Path) -> None:
    from postil_study.new import write_git_files

    write_git_files(folder)


def _study_id(folder: Path) -> str:
    from postil_study.study import open_study

    return open_study(folder).settings.id
