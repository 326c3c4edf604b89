"""Changing the codebook's file from the app: by splices, so that comments and order stay."""

from __future__ import annotations

from pathlib import Path

from postil_base.atomic import write_text
from postil_base.lock import study_lock
from postil_base.problem import PostilError
from postil_base.text_files import read_raw_text, sha256_text
from postil_codebook.types import Codebook
from postil_tui.coding.pick import NewCode


def add_code(root: Path, codebook: Codebook, new: NewCode, origin: str) -> None:
    """Write a new code into the codebook's file, at the end of its parent's children or of the book."""
    from postil_codebook.edit import add_code as added

    if not codebook.path:
        raise PostilError("this study has no codebook file; name one in study.yaml (codebook: codebook/codes.yaml)")
    path = root / codebook.path
    with study_lock(root):
        before = read_raw_text(path)
        fields = {"label": new.label or new.id, "origin": origin}
        after = added(before, codebook.path, new.id, fields, parent=new.parent or None)
        write_text(path, after, expect=sha256_text(before), root=root)
