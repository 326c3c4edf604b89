"""The study as it once was: one commit of it laid down in a folder of its own."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from postil_base.problem import PostilError
from postil_study.git.repo import Repo

_MARK = "study.yaml"


def lay_down(root: Path, revision: str, folder: Path) -> None:
    """Write the study of ``root`` as it was at a commit into ``folder``."""
    repo = Repo(root)
    commit = repo.resolve(revision)
    names = [name for name in repo.tree(commit) if _inside(name)]
    if _MARK not in names:
        raise PostilError(f"at {revision} there was no study here yet; `git log --oneline` lists the commits.")
    for name in names:
        data = repo.show(commit, name)
        if data is not None:
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)


def _inside(name: str) -> bool:
    """A stranger's repository may name what lies outside."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts
