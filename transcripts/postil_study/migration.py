"""Studies of an older format are brought to the one of today, with a copy of every file as it was.

A migration goes one version on: it gets the study's folder and answers with the new texts of the files it changes. A
study that is two versions behind goes through two of them; all of it is written at once or not at all.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from postil_base.files.atomic import write_text
from postil_base.files.journal import write_many
from postil_base.files.lock import PRIVATE_FOLDER
from postil_base.files.text import read_text, sha256_bytes
from postil_base.formats import FORMAT_VERSION, version_in, why_read_only
from postil_base.ids import suggest_name
from postil_base.problem import PostilError
from postil_base.yaml.edit import set_value
from postil_base.yaml.places import load_map
from postil_study.files.settings import SETTINGS_FILE, load_settings

Texts = Mapping[str, str]
Read = Callable[[str], str]
Migration = Callable[[Path, Read], Texts]


def _name_the_version(root: Path, read: Read) -> Texts:
    """Format 0, drafts before the first release: no version was said, and the study had no id of its own."""
    text = read(SETTINGS_FILE)
    settings, _ = load_settings(text)
    text = set_value(text, ["postil"], 1, path=SETTINGS_FILE)
    if not settings.id:
        id_ = f"{suggest_name(settings.title)[:40].strip('-.') or 'study'}-{secrets.token_hex(3)}"
        text = set_value(text, ["id"], id_, path=SETTINGS_FILE)
    return {SETTINGS_FILE: text}


MIGRATIONS: Mapping[int, Migration] = {0: _name_the_version}  # by the version they start from


@dataclass(frozen=True)
class Upgrade:
    """What bringing a study to the format of today would change. Nothing is written before `apply`."""

    root: Path
    version: int
    before: Texts = field(repr=False)
    after: Texts = field(repr=False)

    @property
    def needed(self) -> bool:
        """Whether the study is of an older format."""
        return self.version < FORMAT_VERSION

    @property
    def backup(self) -> str:
        """Where the files are kept as they were, relative to the study."""
        return f"{PRIVATE_FOLDER}/backup/format-{self.version}"

    def apply(self) -> None:
        """Keep copies, then write everything in one step."""
        for path, text in self.before.items():
            write_text(self.root / self.backup / path, text, root=self.root)
        write_many(self.root, self.after, {path: sha256_bytes(text.encode()) for path, text in self.before.items()})


def format_of(text: str) -> int:
    """The version of the format of a ``study.yaml``; drafts before the first release say none."""
    return version_in(text) or 0


def plan_upgrade(root: Path, migrations: Mapping[int, Migration] = MIGRATIONS) -> Upgrade:
    """Plan how a study comes to the format of today."""
    why = why_read_only(root)
    if why:
        raise PostilError(why)
    text = read_text(root / SETTINGS_FILE)
    _, problems = load_map(text, SETTINGS_FILE)
    if problems:
        raise PostilError(f"{problems[0]} Mend {SETTINGS_FILE} first, then upgrade.")
    version = format_of(text)
    after: dict[str, str] = {}
    for number in range(version, FORMAT_VERSION):
        after.update(migrations[number](root, lambda path: after.get(path) or read_text(root / path)))
    before = {path: read_text(root / path) for path in after if (root / path).exists()}
    return Upgrade(root, version, before, after)
