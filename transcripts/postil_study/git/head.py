"""Where git's HEAD is, read from its files: cheap enough to look once a second, and no program is run."""

from __future__ import annotations

from pathlib import Path

_SHORT = 7


def head_of(root: Path) -> str:
    """The branch and commit HEAD is at (``main at 3f2a91c``); "" where there is no repository or no commit yet."""
    git = _git_folder(root)
    if git is None:
        return ""
    said = _text(git / "HEAD")
    if not said.startswith("ref: "):
        return said[:_SHORT]
    name = said.removeprefix("ref: ")
    common = git / _text(git / "commondir") if (git / "commondir").is_file() else git
    commit = _text(common / name) or _packed(common, name)
    return f"{name.removeprefix('refs/heads/')} at {commit[:_SHORT]}" if commit else ""


def _git_folder(root: Path) -> Path | None:
    """The repository's own folder; a worktree has a file that names it."""
    for folder in (root.absolute(), *root.absolute().parents):
        there = folder / ".git"
        if there.is_dir():
            return there
        if there.is_file():
            named = _text(there).removeprefix("gitdir: ")
            return folder / named if named else None
    return None


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def _packed(git: Path, name: str) -> str:
    lines = (line.split(" ", 1) for line in _text(git / "packed-refs").splitlines())
    return next((parts[0] for parts in lines if len(parts) == 2 and parts[1] == name), "")
