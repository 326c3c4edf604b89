"""What git has of a study that was made from it: exports and reports that were committed, now or once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from postil_base.problem import PostilError
from postil_study.git.repo import Repo
from postil_study.privacy.pseudonyms.folder import LEFT_OUT

if TYPE_CHECKING:
    from postil_study.privacy.withdrawal.withdraw import WithdrawalPlan

_MADE = (".html", ".pdf", ".svg", ".png", ".xlsx", ".csv", ".docx", ".qdpx", ".qdc", ".zip", ".parquet", ".tex", ".md")
_OWN = ("codings/", "transcripts/", "memos/", "charts/", "codebook/", "rounds/", "data/", "manuscripts/", "schemas/")


def committed_outputs(root: Path, plan: WithdrawalPlan, places: Iterable[str]) -> tuple[str, ...]:
    """Files of all commits that were made from the study, and those at ``places`` (path:line) that git has.

    Paths that the withdrawal itself deletes or changes have their own step.
    """
    ever = _ever_committed(root)
    with_words = {place.rpartition(":")[0] for place in places}
    return tuple(path for path in ever if path not in plan.files and (_is_made(path) or path in with_words))


def _is_made(path: str) -> bool:
    top = path.split("/")[0]
    return top in LEFT_OUT or (path.lower().endswith(_MADE) and not path.startswith(_OWN) and path != "README.md")


def _ever_committed(root: Path) -> Sequence[str]:
    """Paths of all commits of all branches, relative to the study, each once; none where there is no repository."""
    repo = Repo(root)
    try:
        if not repo.is_there:
            return ()
        done = repo.attempt("log", "--all", "--pretty=format:", "--name-only", "-z", "--no-renames", "--relative")
    except PostilError:
        return ()
    names = done.stdout.decode("utf-8", "surrogateescape").replace("\n", "\0").split("\0")
    return sorted({name for name in names if name})
