"""The list of a study's files: which paths belong to it. What is not listed is nobody's, or made from the study.

>>> kind_of("codings/ana/I05.jsonl"), kind_of("Codings/_guide/i05.JSONL"), kind_of("exports/report.html")
('a layer of codings', 'the marks of the guide', '')
>>> kind_of("books/one.yaml", {"books/one.yaml": "the codebook"})
'the codebook'
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

# A whole folder is the study's, or is kept for what people put there themselves.
FOLDERS: Final = {
    ".git": "a file of git",
    ".postil": "a file of Postil's own",
    "data": "in the folder of source data",
    "manuscripts": "in the folder of manuscripts",
    "rounds": "a file of the coding rounds",
}
_KINDS: Final = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"study\.yaml", "the settings"),
        (r"queries\.yaml", "the saved queries"),
        (r"\.gitattributes|\.gitignore", "a file for git"),
        (r"codebook/.+\.ya?ml", "a file of the codebook"),
        (r"transcripts/transcripts\.yaml", "the list of transcripts"),
        (r"transcripts/[^/]+\.txt", "the text of a transcript"),
        (r"codings/_guide/.+\.jsonl", "the marks of the guide"),
        (r"codings/.+\.jsonl", "a layer of codings"),
        (r"memos/.+\.md", "a memo"),
        (r"charts/.+\.ya?ml", "a chart"),
        (r"schemas/.+\.schema\.json", "a schema"),
    )
)
# The first folders of the paths above: one of them may be a link that leads out of the study.
TOP_FOLDERS: Final = (*FOLDERS, "codebook", "transcripts", "codings", "memos", "charts", "schemas")


def kind_of(path: str, named: Mapping[str, str] | None = None) -> str:
    """What a path of a study's folder is to the study; "" when the study does not claim it.

    ``named`` are the files whose paths ``study.yaml`` chooses, each with what it is. Capitals, Unicode forms and final
    dots do not tell paths apart, as on some disks they name one file.
    """
    parts = folded(path).split("/")
    if parts[0] in FOLDERS and (len(parts) > 1 or parts[0] == ".git"):  # .git is a file where a worktree lies
        return FOLDERS[parts[0]]
    whole = "/".join(parts)
    chosen = {folded(name): kind for name, kind in (named or {}).items()}
    return chosen.get(whole) or next((kind for pattern, kind in _KINDS if pattern.fullmatch(whole)), "")


def folded(path: str) -> str:
    """A path as a disk compares it that does not tell capitals and Unicode forms apart.

    >>> folded("Memos/E\\u0301te\\u0301.MD") == folded("memos/\\u00c9t\\u00c9.md"), folded("study.yaml. ")
    (True, 'study.yaml')
    """
    parts = unicodedata.normalize("NFC", path).casefold().split("/")
    return "/".join(unicodedata.normalize("NFC", part).rstrip(" .") or part for part in parts)
