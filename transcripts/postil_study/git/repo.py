"""Asking git, in a way that runs no program of the repository's: a study may come from a stranger."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from postil_base.problem import PostilError

_SAFE = (
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.quotePath=false"),
    *("-c", "diff.external="),
    *("-c", "protocol.allow=never"),
    *("-c", "log.showSignature=false"),
    *("-c", "core.attributesFile=/dev/null"),
)
_ENVIRONMENT = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_PAGER": "cat", "LC_ALL": "C.UTF-8"}
_NOT_INHERITED = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_EXTERNAL_DIFF"})
# settings of a repository that name a program, which git would run merely to compare files
_PROGRAMS = ("clean", "smudge", "process", "command", "textconv", "driver")
WORK_TREE = ""  # as a revision: what is on disk now


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit, as far as it touched the study."""

    id: str
    parent: str  # the first one; empty for the first commit
    author: str
    date: str
    subject: str
    merge: bool = False


class Repo:
    """The git repository a study lies in. Paths are relative to the study."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, *arguments: str, data: bytes | None = None) -> bytes:
        """What a git command answers; its complaint becomes the message."""
        done = self.attempt(*arguments, data=data)
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ") or "git failed"
            raise PostilError(f"git {arguments[0]}: {said.splitlines()[0]}.")
        return done.stdout

    def attempt(self, *arguments: str, data: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
        """Run a git command, whatever comes of it."""
        command = ["git", *_SAFE, *arguments]
        inherited = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
        environment = {**inherited, **_ENVIRONMENT, **self._disarmed}
        try:
            return subprocess.run(command, cwd=self.root, input=data, capture_output=True, check=False, env=environment)
        except FileNotFoundError:
            raise PostilError("git is not installed; install it (for example: apt install git) first.") from None

    @cached_property
    def _disarmed(self) -> Mapping[str, str]:
        """What takes the programs away that the repository's own settings name: filters and drivers become empty."""
        listed = ["git", *_SAFE, "config", "--null", "--name-only", "--list"]
        try:
            environment = {**os.environ, **_ENVIRONMENT}
            done = subprocess.run(listed, cwd=self.root, capture_output=True, check=False, env=environment)
        except FileNotFoundError:
            return {}
        names = dict.fromkeys(done.stdout.decode("utf-8", "surrogateescape").split("\0"))
        pairs = [(name, "") for name in names if _names_a_program(name)]
        pairs += [(f"{name.rpartition('.')[0]}.required", "false") for name, _ in pairs if name.startswith("filter.")]
        keys = {f"GIT_CONFIG_KEY_{number}": name for number, (name, _) in enumerate(pairs)}
        values = {f"GIT_CONFIG_VALUE_{number}": value for number, (_, value) in enumerate(pairs)}
        return {"GIT_CONFIG_COUNT": str(len(pairs)), **keys, **values}

    @cached_property
    def prefix(self) -> str:
        """The study's folder within the repository, with a slash at its end; empty at the top."""
        done = self.attempt("rev-parse", "--show-prefix")
        if done.returncode:
            raise PostilError(
                f"{self.root} is not under git yet; make it so with: git init && git add -A && git commit."
            )
        return done.stdout.decode("utf-8").rstrip("\n")

    @property
    def is_there(self) -> bool:
        """Whether the study lies in a repository at all."""
        return self.attempt("rev-parse", "--git-dir").returncode == 0

    def resolve(self, revision: str) -> str:
        """The id of a commit named in any way git knows."""
        if revision.startswith("-"):
            raise PostilError(f"{revision!r} is no commit.")
        done = self.attempt("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        if done.returncode:
            raise PostilError(f"there is no commit {revision!r} here; `git log --oneline` lists them.")
        return done.stdout.decode("ascii").strip()

    def show(self, revision: str, path: str) -> bytes | None:
        """A file of the study at a commit (or on disk); None if it is not there."""
        if revision == WORK_TREE:
            file = self.root / path
            return file.read_bytes() if file.is_file() else None
        done = self.attempt("show", "--no-textconv", f"{revision}:{self.prefix}{path}")
        return done.stdout if done.returncode == 0 else None

    def changed(self, one: str, other: str) -> list[str]:
        """Paths of the study that differ between two commits (or a commit and the disk)."""
        ends = [one] if other == WORK_TREE else [one, other]
        names = self._names("diff", "--no-ext-diff", "--no-textconv", "--no-renames", "--name-only", "-z", *ends)
        new = self._names("ls-files", "--others", "--exclude-standard", "-z") if other == WORK_TREE else []
        return sorted({*names, *new})

    def tree(self, revision: str) -> list[str]:
        """All paths of the study at a commit."""
        return self._names("ls-tree", "-r", "--name-only", "-z", revision)

    def _names(self, *arguments: str) -> list[str]:
        relative = ["--relative"] if arguments[0] == "diff" else []
        answer = self.run(*arguments, *relative, "--", ".").decode("utf-8", "surrogateescape")
        return [name for name in answer.split("\0") if name]

    def commits(self, paths: Sequence[str] = (".",), limit: int = 1000, since: str = "") -> Iterator[Commit]:
        """Commits that touched the study, newest first."""
        form = "--format=%H%x00%P%x00%an%x00%aI%x00%s"
        dated = [f"--since={since}"] if since else []
        lines = self.run("log", "-n", str(limit), form, *dated, "--", *paths).decode("utf-8", "replace")
        for line in lines.splitlines():
            id_, parents, author, date, subject = line.split("\0", 4)
            yield Commit(id_, parents.split(" ")[0], author, date, subject, " " in parents)

    def unmerged(self) -> list[str]:
        """Paths git left in conflict."""
        done = self.attempt("ls-files", "--unmerged", "-z", "--", ".")
        lines = done.stdout.decode("utf-8", "surrogateescape").split("\0") if done.returncode == 0 else []
        return sorted({line.split("\t", 1)[1] for line in lines if "\t" in line})

    def stage(self, path: str, number: int) -> bytes:
        """One of the three versions of a path in conflict: 1 base, 2 ours, 3 theirs; empty if there is none."""
        done = self.attempt("show", "--no-textconv", f":{number}:{self.prefix}{path}")
        return done.stdout if done.returncode == 0 else b""

    def merge_texts(self, base: Path, mine: Path, theirs: Path) -> tuple[bytes, bool]:
        """What a merge line by line makes of three files, and whether it is clean."""
        done = self.attempt("merge-file", "-p", "--diff3", str(mine), str(base), str(theirs))
        return done.stdout, done.returncode == 0


def _names_a_program(setting: str) -> bool:
    return setting.startswith(("filter.", "diff.", "merge.")) and setting.rpartition(".")[2] in _PROGRAMS
