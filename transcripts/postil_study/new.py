"""An empty study with a commented codebook, ready for git."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from pathlib import Path

from postil_base.files.atomic import ABSENT, write_text
from postil_base.files.text import read_text
from postil_base.ids import is_name, suggest_name
from postil_base.problem import PostilError
from postil_base.yaml.write import render_flow
from postil_codebook.load import load_codebook
from postil_codebook.values import Codebook
from postil_study.files.outputs import check_folder
from postil_study.files.settings import SETTINGS_FILE

CODEBOOK_FILE = "codebook/codebook.yaml"
GIT_FILES = {
    ".gitattributes": """\
# Postil counts characters: line ends must be the same everywhere.
* text=auto eol=lf
# Merged record by record and entry by entry once `postil git setup` was run in a clone; else line by line.
codings/**/*.jsonl merge=postil-layer
study.yaml merge=postil-yaml
codebook/*.yaml merge=postil-yaml
transcripts/transcripts.yaml merge=postil-yaml
charts/*.yaml merge=postil-yaml
rounds/*.yaml merge=postil-yaml
# The frozen copy of a round is never merged.
rounds/*/** merge=binary
""",
    ".gitignore": """\
# Postil's lock and journal, and what a crash may leave
.postil/
.postil-*.tmp
""",
}

_STUDY = """\
# What this study is, who codes, and what counts. `postil check` holds the study to this file.
postil: 1                              # format of the files
id: {id}
title: {title}
codebook: codebook/codebook.yaml
# process: codebook/process.yaml       # the declared decision process, if you want one drawn
# findings: codebook/findings.yaml     # measured facts to set beside what people said
# themes: codebook/themes.yaml         # what the analysis arrives at, above the codes

{coders}

participants: {{}}                       # attributes are yours to choose; consent is not
#  E01: {{experience: expert, org_size: small, consent: {{quote: true, share: true}}}}

guide: []                              # the interview guide, in order
#  - {{id: decision, ask: "How did you choose it?", order_matters: true}}
#  - {{id: attributes, ask: "Which attributes help?", names: [popularity]}}

analysis:
  min_participants: 2                  # fewer supporters than this, and an edge is not drawn
#  record: [consensus, ana, ben]       # per transcript the first finished layer of this list counts

# Declare how agreement will be measured before the reliability round; everything else is a supplement.
# agreement: {{measure: krippendorff_alpha, unit: turn, speakers: participant, reason: "why this one"}}
# agreement: {{none: "a single coder; interpretive work"}}
"""

_CODEBOOK = """\
# The codebook. A code's id is its key: lower-case letters, digits, `.` and `-`, unique in the whole book.
# Change ids with `postil codebook rename`, which rewrites all layers, too.
title: {title}
version: 0.1.0
codes:
  example:                             # a heading: groups codes, cannot be applied itself
    label: An example of a heading
    codable: false
    children:
      first-code:
        label: First code
        definition: What it means, in one or two sentences.
        include: When to use it.
        exclude: When not to use it, and what to use instead.
        examples: ["Words somebody might say."]
        origin: prior                  # prior (from theory), pilot, emergent, in-vivo
        color: blue
# groups:                              # codes of an exclusive group may not stand on the same words
#   one-or-the-other: {{codes: [first-code, second-code], exclusive: true}}
"""


def create_study(folder: Path, title: str, coders: Iterable[str] = ()) -> list[str]:
    """Make an empty study in ``folder``; return the paths written, relative to it. Nothing is overwritten."""
    names = list(dict.fromkeys(coders))
    for name in names:
        if not is_name(name):
            hint = f", for example {suggest_name(name)}" if suggest_name(name) else ""
            raise PostilError(f"{name!r} cannot be a coder's id; use a-z, 0-9, `.` and `-`{hint}.")
    check_folder(folder)
    if (folder / SETTINGS_FILE).exists():
        raise PostilError(f"{folder} is a study already; open it with: postil --study {folder}")
    title = " ".join(title.split()) or "Untitled"
    texts = {CODEBOOK_FILE: _CODEBOOK.format(title=render_flow(title))}
    for path in texts:
        if (folder / path).exists():
            raise PostilError(f"{folder / path} is there already; move it away or choose another folder.")
    texts[SETTINGS_FILE] = _study_text(title, names)  # last: a folder is a study once everything else is there
    written = write_git_files(folder)
    for path, text in texts.items():
        write_text(folder / path, text, expect=ABSENT)
    return [*written, *texts]


def template_book() -> Codebook:
    """The codebook that a new study starts with."""
    return load_codebook(_CODEBOOK.format(title="Untitled"), CODEBOOK_FILE)[0]


def _study_text(title: str, coders: list[str]) -> str:
    id_ = f"{suggest_name(title)[:40].strip('-.') or 'study'}-{secrets.token_hex(3)}"
    lines = [f"  {name}: {{name: {name.capitalize()}}}" for name in coders]
    listed = "coders:\n" + "\n".join(lines) if lines else "coders: {}                             # ana: {name: Ana}"
    return _STUDY.format(id=id_, title=render_flow(title), coders=listed)


def write_git_files(folder: Path) -> list[str]:
    """See to it that git merges Postil's files well and leaves its own folder alone; lines of the user's own stay."""
    written = []
    for name, text in GIT_FILES.items():
        path = folder / name
        before = read_text(path) if path.exists() else ""
        missing = _missing_lines(before, text)
        if missing:
            gap = "" if not before or before.endswith("\n") else "\n"
            write_text(path, f"{before}{gap}{missing}", root=folder)
            written.append(name)
    return written


def _missing_lines(before: str, text: str) -> str:
    """The rules that are not there yet, each with the comment above it."""
    known, lines, comment = set(before.splitlines()), [], ""
    for line in text.splitlines():
        if line.startswith("#"):
            comment = line
        elif line not in known:
            lines += [*([comment] if comment and comment not in known else []), line]
            comment = ""
    return "".join(f"{line}\n" for line in lines)


def is_template(book: Codebook) -> bool:
    """Whether a codebook is the one a new study starts with, untouched: its codes give way."""
    template = template_book()
    return [_bare(code) for code in book.codes.values()] == [_bare(code) for code in template.codes.values()]


def _bare(code: object) -> tuple[object, ...]:
    return tuple(getattr(code, name) for name in ("id", "label", "parent", "definition", "include", "exclude"))
