"""Commits that were worked on here and that no branch has any more: a rebase, a squash merge or a reset left them.

They are in no history, but git's own log of where HEAD stood knows them for some weeks (30 days as git is set up).
"""

from __future__ import annotations

from postil_study.git.repo import Repo

_LOOKED_AT = 500  # places where HEAD stood last
MOST = 30  # ends of lines of commits that are looked into


def left_behind(repo: Repo) -> list[str]:
    """The last commit of each such line, the newest first."""
    stood = repo.attempt("log", "-g", f"--max-count={_LOOKED_AT}", "--format=%H", "HEAD")
    origin = repo.attempt("rev-parse", "-q", "--verify", "ORIG_HEAD^{commit}")
    commits = dict.fromkeys((*stood.stdout.decode("ascii").split(), *origin.stdout.decode("ascii").split()))
    if not commits:
        return []
    done = repo.attempt("rev-list", "--parents", "--ignore-missing", *commits, "--not", "--all", "HEAD")
    lines = [line.split() for line in done.stdout.decode("ascii").splitlines()] if done.returncode == 0 else []
    parents = {parent for _, *above in lines for parent in above}
    return [commit for commit, *_ in lines if commit not in parents][:MOST]
