"""The user's own folder for what belongs to no study: undo, unsaved work. Only this user can read it."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path


def state_folder(kind: str, study_id: str, root: Path) -> Path:
    """Where things of one kind are kept for a study; one without an id is known by its folder."""
    from platformdirs import user_state_path

    return user_state_path("postil") / kind / study_name(study_id, root)


def study_name(study_id: str, root: Path) -> str:
    """A name for a study that may be that of a file.

    >>> study_name("ptm-reuse", Path()), study_name("../x/y", Path())
    ('ptm-reuse', '-x-y')
    """
    name = study_id or sha256(str(root.resolve()).encode()).hexdigest()[:16]
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in name).lstrip(".") or "study"
