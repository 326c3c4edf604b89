"""The texts of a transcript as it once was: found in git by their sha256."""

from __future__ import annotations

from pathlib import Path

from postil_base.files.text import sha256_text, unix_lines
from postil_base.problem import PostilError
from postil_study.files.texts import transcript_path
from postil_study.git.repo import WORK_TREE, Repo

_MOST = 500  # versions that are looked at


class TextsInGit:
    """Finds a transcript's text by its sha256: on disk, in what is being merged, in the history."""

    def __init__(self, root: Path, transcript: str) -> None:
        self._repo = Repo(root)
        self._path = transcript_path(transcript)
        self._known: dict[str, str] = {}
        self._all = False

    def __call__(self, sha: str) -> str | None:
        """The text of that sha256; None if it is nowhere."""
        if sha and sha not in self._known and not self._known:
            self._take(WORK_TREE)
        if sha and sha not in self._known and not self._all:
            self._all = True
            self._read_history(sha)
        return self._known.get(sha)

    def _read_history(self, wanted: str) -> None:
        done = self._repo.attempt("log", "--all", "--format=%H", "-n", str(_MOST), *self._heads(), "--", self._path)
        for commit in done.stdout.decode("ascii", "replace").split():
            self._take(commit)
            if wanted in self._known:
                self._all = False  # there may be more
                return

    def _heads(self) -> list[str]:
        """What is being merged may hang on no branch."""
        heads = ("HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REBASE_HEAD")
        return [head for head in heads if self._repo.attempt("rev-parse", "-q", "--verify", head).returncode == 0]

    def _take(self, revision: str) -> None:
        try:
            data = self._repo.show(revision, self._path)
            text = unix_lines(data.decode("utf-8")) if data is not None else ""
        except (UnicodeDecodeError, OSError, PostilError):
            return
        self._known[sha256_text(text)] = text
