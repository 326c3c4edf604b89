"""Memos: Markdown files with front matter that says what they are about, who wrote them, when, and of what type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from postil_base.clock import Clock, system_clock, utc_today
from postil_base.files.atomic import ABSENT, write_text
from postil_base.files.text import sha256_text
from postil_base.problem import Place, Problem
from postil_base.yaml.fields import Fields
from postil_base.yaml.places import load_map
from postil_base.yaml.write import render_entry
from postil_study.files.file_cache import names_in, read_folder
from postil_study.files.manifest import suggest_transcript_id

FOLDER = "memos"
KINDS = ("code", "transcript", "segment", "participant", "coder", "node", "edge", "theme", "finding", "round", "study")
_KEYS = ("about", "author", "date", "type")
_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Memo:
    """A memo. ``about`` names things as ``kind:id`` (``code:find-ptm``, ``segment:k3m9x0q2ab``), or ``study``."""

    path: str
    about: tuple[str, ...] = ()
    author: str = ""
    date: str = ""
    type: str = ""
    body: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    sha256: str = ""

    @property
    def title(self) -> str:
        """The first heading, else the first line of text, else the file's name."""
        lines = [line.strip() for line in self.body.splitlines() if line.strip()]
        heading = next((line.lstrip("#").strip() for line in lines if line.startswith("#")), "")
        return heading or (lines[0][:80] if lines else self.path)


def load_memo(text: str, path: str) -> tuple[Memo, list[Problem]]:
    """Read one memo; without front matter it is about nothing, and a problem says so.

    >>> memo, problems = load_memo("---\\nabout: code:trust\\nauthor: ana\\n---\\n# Why\\nBecause.\\n", "memos/a.md")
    >>> memo.about, memo.author, memo.title, problems
    (('code:trust',), 'ana', 'Why', [])
    """
    front, body = split_memo(text)
    if front is None:
        message = "the memo has no front matter; start it with lines `---`, `about: code:ID`, `author:`, `---`."
        return Memo(path, body=text, sha256=sha256_text(text)), [Problem(Place(path, 1), message, "no-front-matter")]
    root, problems = load_map("\n" + front, path)  # the blank line stands for the fence, so that lines are right
    fields = Fields(root, problems, "", Place(path, 1))
    about = fields.scalars("about")
    places = {item.text: item.place for item in about} | {key: fields.at(key) for key in _KEYS}
    texts = {key: fields.text(key) for key in _KEYS[1:]}
    if not about:
        fields.report(Place(path, 1), "`about:` is missing; say what the memo is about, such as code:ID", "no-about")
    extra = fields.close()
    return Memo(path, tuple(item.text for item in about), **texts, body=body, extra=extra, places=places,
                sha256=sha256_text(text)), problems  # fmt: skip


def split_memo(text: str) -> tuple[str | None, str]:
    """Front matter and body of a memo's file; None when there is none."""
    if not text.startswith("---"):
        return None, text
    fences = list(_FENCE.finditer(text))
    if len(fences) < 2 or fences[0].start() != 0:
        return None, text
    return text[fences[0].end() + 1 : fences[1].start()], text[fences[1].end() :].removeprefix("\n")


def load_memos(root: Path) -> tuple[list[Memo], list[Problem]]:
    """All memos of a study, by file name."""
    found, problems = read_folder(root, FOLDER, ".md", load_memo)
    return list(found.values()), problems


def format_memo(memo: Memo) -> str:
    """The file of a memo."""
    about = memo.about[0] if len(memo.about) == 1 else list(memo.about)
    entries = {"about": about, "author": memo.author, "date": memo.date, "type": memo.type, **memo.extra}
    front = "\n".join(render_entry(key, value, 0) for key, value in entries.items() if value not in ("", []))
    return f"---\n{front.rstrip()}\n---\n{memo.body.rstrip()}\n"


def new_memo(
    root: Path, about: tuple[str, ...], author: str, body: str, kind: str = "analytic", clock: Clock = system_clock
) -> Memo:
    """Write a new memo; its file is named for its title."""
    memo = Memo("", about, author, utc_today(clock), kind, body)
    stem = suggest_transcript_id(memo.title.lower())[:60].strip("-.") if memo.title else ""
    base = stem or f"memo-{memo.date}"
    taken = set(names_in(root / FOLDER))
    names = (f"{base}{f'-{n}' if n else ''}.md" for n in range(len(taken) + 1))
    path = f"{FOLDER}/{next(name for name in names if name not in taken)}"
    text = format_memo(memo)
    write_text(root / path, text, expect=ABSENT, root=root)
    return load_memo(text, path)[0]


def save_memo(root: Path, memo: Memo) -> Memo:
    """Write a memo that was read before; refused if the file changed since."""
    text = format_memo(memo)
    write_text(root / memo.path, text, expect=memo.sha256 or ABSENT, root=root)
    return load_memo(text, memo.path)[0]
