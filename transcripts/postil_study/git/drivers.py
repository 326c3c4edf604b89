"""What git calls to merge Postil's files, and how a repository is told to call it."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from postil_base.files.atomic import write_bytes
from postil_base.files.text import decode
from postil_base.problem import PostilError
from postil_base.yaml.merge import YamlConflict, merge_yaml
from postil_base.yaml.places import load_yaml
from postil_base.yaml.splices import as_data
from postil_codebook.changes.merge import merge_codebooks
from postil_study.files.settings import load_settings
from postil_study.git.conflicts import note_conflicts
from postil_study.git.repo import Repo
from postil_study.git.sides import from_markers, has_markers
from postil_study.git.texts import TextsInGit
from postil_study.layers.merge import MergedLayer, merge_layer_data
from postil_study.new import write_git_files
from postil_study.study import find_study

DRIVERS = {"postil-layer": "codings, record by record", "postil-yaml": "codebook and settings, entry by entry"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a merge of one file came to; git is told of a conflict if anything is open."""

    notes: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


def merge_layer(base: Path, mine: Path, theirs: Path, path: str, root: Path) -> Outcome:
    """Merge one layer; the result goes into ``mine``, as git wants it."""
    merged = merged_layer(base.read_bytes(), mine.read_bytes(), theirs.read_bytes(), path, root)
    write_bytes(mine, merged.data)
    return Outcome(merged.notes, tuple(said_of(conflict.id) for conflict in merged.conflicts))


def merged_layer(base: bytes, mine: bytes, theirs: bytes, path: str, root: Path) -> MergedLayer:
    """The merged layer, with the texts of its transcript looked up in git."""
    return merge_layer_data(base, mine, theirs, path, TextsInGit(root, Path(path).stem))


def said_of(record: str) -> str:
    """What to say of a record that both sides changed."""
    return f"{record} was changed on both sides; both versions are kept"


def merge_yaml_file(base: Path, mine: Path, theirs: Path, path: str, root: Path) -> Outcome:
    """Merge the codebook or another YAML file; the result goes into ``mine``, and reads whatever comes of it."""
    texts = [decode(file.read_bytes(), path) for file in (base, mine, theirs)]
    merged, conflicts = merged_yaml(texts[0], texts[1], texts[2], path, root)
    by_lines, clean = Repo(root).merge_texts(base, mine, theirs)
    if clean and _same(by_lines.decode("utf-8", "replace"), merged, path):
        merged = by_lines.decode("utf-8")  # says the same, and has both sides' comments
    write_bytes(mine, merged.encode("utf-8"))
    note_conflicts(root, path, conflicts)
    return Outcome(open=tuple(str(conflict) for conflict in conflicts))


def merged_yaml(base: str, mine: str, theirs: str, path: str, root: Path) -> tuple[str, tuple[YamlConflict, ...]]:
    """The merged text of a YAML file; the codebook is one in which codes were renamed, moved, merged."""
    base = _readable_base(base, path)
    if path == codebook_path(root):
        return merge_codebooks(base, mine, theirs, path)
    return merge_yaml(base, mine, theirs, path)


def _readable_base(base: str, path: str) -> str:
    """Branches merged both ways have no one common version: git makes one up, which may hold conflict marks."""
    if not has_markers(base.encode("utf-8")):
        return base
    sides = from_markers(base.encode("utf-8"))
    texts = (side.decode("utf-8") for side in (sides.base, sides.mine, sides.theirs))
    return next((text for text in texts if text and not load_yaml(text, path)[1]), "")


def codebook_path(root: Path) -> str:
    """The path of the study's codebook; "" if the settings cannot be read or name none."""
    try:
        return load_settings((root / "study.yaml").read_text("utf-8"))[0].codebook
    except (OSError, UnicodeDecodeError):
        return ""


def _same(one: str, other: str, path: str) -> bool:
    node, problems = load_yaml(one, path)
    return not problems and as_data(node) == as_data(load_yaml(other, path)[0])


def study_of(path: str, start: Path) -> tuple[Path, str]:
    """The study a path of the repository lies in, and the path within it."""
    full = start / path
    root = find_study(full.parent)
    if root is None:
        raise PostilError(f"{path} lies in no study.")
    return root, full.absolute().relative_to(root).as_posix()


def set_up(root: Path, program: Sequence[str] = ()) -> list[str]:
    """Tell this clone's git to merge with Postil; returns what was done. The study's files say what is merged so."""
    repo = Repo(root)
    _ = repo.prefix  # a message if there is no repository
    call = " ".join(shlex.quote(part) for part in (program or (sys.executable, "-m", "postil_cli.entry")))
    done = [f"{name} written; commit it, so that it holds on every branch" for name in write_git_files(root)]
    for name, what in DRIVERS.items():
        kind = name.removeprefix("postil-")
        repo.run("config", f"merge.{name}.name", f"Postil: {what}")
        repo.run("config", f"merge.{name}.driver", f"{call} git merge-{kind} %O %A %B %P")
        done.append(f"git merges {what}")
    return done


def is_set_up(root: Path) -> bool:
    """Whether this clone's git merges with Postil."""
    repo = Repo(root)
    return all(repo.attempt("config", "--get", f"merge.{name}.driver").returncode == 0 for name in DRIVERS)


def outcome_lines(path: str, outcome: Outcome) -> Iterable[str]:
    """What to tell the person whose merge this is."""
    yield from (f"{path}: {line}." for line in (*outcome.notes, *outcome.open))
    if outcome.open:
        yield f"{path}: `postil merge` shows what is to be decided."
