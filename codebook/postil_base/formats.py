"""The version of a study's format: which one this program writes, and that a newer one is read but never written.

``study.yaml`` says it (``postil: 1``). A study of a newer format may hold what this program does not know; writing it
back would lose that, so everything that writes into a study asks here first.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from postil_base.problem import PostilError

FORMAT_VERSION: Final = 1
_FILE: Final = "study.yaml"
_VERSION: Final = re.compile(r"""^\ufeff?(?:\{[ ]*)?["']?postil["']?[ ]*:[ ]+["']?(\d{1,9})\b""", re.MULTILINE)


def version_in(text: str) -> int | None:
    """The version of the format that a ``study.yaml`` says, None if it says none.

    >>> version_in("# mine\\npostil: 1\\n"), version_in("title: x\\n")
    (1, None)
    """
    found = _VERSION.search(text)
    return int(found[1]) if found else None


def why_read_only(root: Path) -> str:
    """Why nothing may be written into the study in ``root``: its format is newer than this program; "" if it may."""
    try:
        version = version_in((root / _FILE).read_bytes().decode("utf-8", "replace"))
    except OSError:
        return ""
    if version is None or version <= FORMAT_VERSION:
        return ""
    return (
        f"this study has format {version}, which a newer Postil made; this one knows {FORMAT_VERSION}, reads it and "
        "changes nothing: update Postil to change it."
    )


def refuse_newer(root: Path) -> None:
    """Refuse to write into a study of a newer format."""
    why = why_read_only(root)
    if why:
        raise PostilError(why)
