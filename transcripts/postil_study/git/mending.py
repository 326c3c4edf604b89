"""What a merge left behind, found and mended as far as nobody has to decide anything.

Git merges line by line where our driver is not at hand (in the web, in a clone without `postil git setup`). What then
stands twice, between conflict markers or at the wrong place is put right here; what two people want differently is
kept in both versions and listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from postil_base.clock import Clock, system_clock
from postil_base.files.journal import write_many
from postil_base.files.text import sha256_bytes
from postil_base.plural import subject
from postil_base.problem import PostilError
from postil_base.yaml.merge import YamlConflict
from postil_base.yaml.places import load_yaml
from postil_codebook.load import load_codebook
from postil_study.anchoring.correction import corrected, plan_reanchor
from postil_study.files.codings import FOLDER as CODINGS
from postil_study.files.manifest import MANIFEST_FILE
from postil_study.files.settings import SETTINGS_FILE, load_settings
from postil_study.git.conflicts import note_conflicts
from postil_study.git.drivers import codebook_path, merged_layer, merged_yaml
from postil_study.git.relations import without_segment
from postil_study.git.repo import Repo
from postil_study.git.sides import MergeSides, has_markers, sides_of
from postil_study.git.texts import TextsInGit
from postil_study.layers.file import encode_layer, read_layer_file
from postil_study.layers.values import with_states
from postil_study.study import Study, open_study
from postil_study.text.values import Segment

_ODD = frozenset({"git-conflict", "record-twice", "layer-header"})


@dataclass(frozen=True)
class Mend:
    """One file put right, or why it cannot be."""

    path: str
    said: str
    data: bytes | None = field(default=None, repr=False)  # the new content; None if a person has to do it
    before: bytes = field(default=b"", repr=False)
    conflicts: tuple[YamlConflict, ...] = ()


def find_mends(root: Path) -> list[Mend]:
    """Everything a merge left in the study's files that is not as Postil writes it."""
    repo = Repo(root)
    return [*_layers(root, repo), *_yaml_files(root, repo), *_texts(root)]


def apply_mends(root: Path, mends: list[Mend]) -> None:
    """Write what can be put right, all of it or nothing."""
    changes: dict[str, str | bytes | None] = {mend.path: mend.data for mend in mends if mend.data is not None}
    write_many(root, changes, {mend.path: sha256_bytes(mend.before) for mend in mends if mend.data is not None})
    for mend in mends:
        if mend.data is not None and mend.path.endswith(".yaml"):
            note_conflicts(root, mend.path, mend.conflicts)


def _layers(root: Path, repo: Repo) -> Iterator[Mend]:
    for file in sorted((root / CODINGS).glob("*/*.jsonl")):
        path, data = file.relative_to(root).as_posix(), file.read_bytes()
        found, new, said = read_layer_file(data, path), data, ""
        if any(problem.rule in _ODD for problem in found.problems):
            new, said = _mended_layer(root, path, data, sides_of(repo, path, data))
        new, gone = _without_loose_relations(path, new)
        if new != data:
            yield Mend(path, "; ".join(filter(None, (said, gone))), new, data)


def _without_loose_relations(path: str, data: bytes) -> tuple[bytes, str]:
    """The layer without relations whose segment was deleted on the other side, and what to say of them."""
    found = read_layer_file(data, path) if b'"from":' in data else None
    gone = without_segment(found.layer) if found is not None else {}
    if found is None or not gone:
        return data, ""
    said = f"{len(gone)} relation{'s' * (len(gone) > 1)} went with a segment that was deleted on the other side"
    return encode_layer(with_states(found.layer, gone), found), said


def _mended_layer(root: Path, path: str, data: bytes, sides: MergeSides | None) -> tuple[bytes, str]:
    if sides is not None and sides.mine and sides.theirs and not any(map(has_markers, (sides.mine, sides.theirs))):
        merged = merged_layer(sides.base, sides.mine, sides.theirs, path, root)
        kept = f"; {subject(len(merged.conflicts), 'record', 'is')} kept in two versions" if merged.conflicts else ""
        return merged.data, f"a merge line by line left it in disorder; merged anew, record by record{kept}"
    found = read_layer_file(data, path)
    return encode_layer(found.layer, found), "lines of both sides stood in it; each record stands once now"


def _yaml_files(root: Path, repo: Repo) -> Iterator[Mend]:
    for path in _yaml_paths(root):
        data = (root / path).read_bytes()
        problems = load_yaml(data.decode("utf-8", "replace"), path)[1]
        twice = _stands_twice(root, path, data)
        if not has_markers(data) and not problems and not twice:
            continue
        sides = sides_of(repo, path, data)
        if sides is None:
            if has_markers(data) or twice:
                why = "conflict markers stand in it" if has_markers(data) else twice
                yield Mend(path, f"{why}; settle it in an editor")
            continue
        yield _mended_yaml(root, path, data, sides)


def _stands_twice(root: Path, path: str, data: bytes) -> str:
    """Whether lines of both sides made a book in which an id means two codes; what of it, in words."""
    if path != codebook_path(root):
        return ""
    problems = load_codebook(data.decode("utf-8", "replace"), path)[1]
    return next((problem.message for problem in problems if problem.rule == "duplicate-code"), "").rstrip(".")


def _mended_yaml(root: Path, path: str, data: bytes, sides: MergeSides) -> Mend:
    texts = [side.decode("utf-8", "replace") for side in (sides.base, sides.mine, sides.theirs)]
    try:
        text, conflicts = merged_yaml(texts[0], texts[1], texts[2], path, root)
    except PostilError as error:
        return Mend(path, f"a merge line by line left it in disorder; {error}")
    said = "a merge line by line left it in disorder; merged anew, entry by entry"
    return Mend(path, said, text.encode("utf-8"), data, conflicts)


def _yaml_paths(root: Path) -> list[str]:
    try:
        settings = load_settings((root / SETTINGS_FILE).read_text("utf-8", "replace"))[0]
    except OSError:
        return []
    named = [settings.codebook, settings.process, settings.findings, settings.themes, "codebook/codebook.yaml"]
    folders = [
        file.relative_to(root).as_posix()
        for kind in ("charts", "rounds", "codebook")
        for file in sorted((root / kind).glob("*.yaml"))
    ]
    found = dict.fromkeys([SETTINGS_FILE, *filter(None, named), MANIFEST_FILE, *folders])
    return [path for path in found if (root / path).is_file()]


def _texts(root: Path) -> Iterator[Mend]:
    for file in sorted((root / "transcripts").glob("*.txt")):
        if has_markers(file.read_bytes()):
            said = "conflict markers stand in it: take one side (--take mine or theirs), or correct it in an editor"
            yield Mend(file.relative_to(root).as_posix(), said)


@dataclass(frozen=True, slots=True)
class Followed:
    """Codings that were brought onto a corrected text."""

    transcript: str
    look: tuple[str, ...]  # records to be looked at, in words


def follow_texts(root: Path, clock: Clock = system_clock) -> list[Followed]:
    """Bring all codings onto texts that were corrected, with the old text from git where it is there."""
    found = []
    study = open_study(root)
    for transcript in sorted({*corrected(study), *_misplaced(study)}):
        if has_markers((root / "transcripts" / f"{transcript}.txt").read_bytes()):
            continue
        plan = plan_reanchor(root, transcript, text_of=TextsInGit(root, transcript), clock=clock)
        plan.apply()
        look = [f"{coder}: {move.id}: {move}" for coder, report in plan.reports.items() for move in report.warnings]
        found.append(Followed(transcript, tuple(look)))
    return found


def _misplaced(study: Study) -> Iterator[str]:
    """Transcripts with codings whose words do not stand where they should: merged by lines onto a corrected text."""
    for layer in study.layers():
        transcript = study.transcripts.get(Path(layer.path).stem)
        if transcript is not None and any(_is_off(segment, transcript.text) for segment in layer.segments):
            yield transcript.id


def _is_off(segment: Segment, text: str) -> bool:
    if segment.start is None or segment.unanchored or not segment.quote:
        return False
    return text[segment.start : segment.end] != segment.quote
