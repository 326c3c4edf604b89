"""What a person decided on names while importing: kept with the import, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from postil_base.files.text import read_bytes, read_raw_text, sha256_bytes
from postil_base.yaml.entries import insert_entries
from postil_formats.texts.plan import Failure, FilePlan, ImportPlan, Progress
from postil_formats.texts.writing import apply_import, with_participants
from postil_study.files.codings import layer_path
from postil_study.files.manifest import MANIFEST_FILE, info_entry
from postil_study.files.settings import SETTINGS_FILE
from postil_study.files.texts import transcript_path
from postil_study.layers.file import encode_layer
from postil_study.privacy.pseudonyms.layer_names import TextChange
from postil_study.privacy.pseudonyms.mapping import load_names, put_back, save_names
from postil_study.privacy.pseudonyms.matching import Names, PseudonymRule
from postil_study.privacy.pseudonyms.restore import add_states


@dataclass(frozen=True, slots=True)
class Decided:
    """Entries to write into a mapping and to take out of it. Nothing is written before the import is."""

    place: Path
    rules: tuple[PseudonymRule, ...] = ()
    dropped: frozenset[str] = frozenset()

    def names(self) -> Names:
        """The mapping as it will be."""
        known = load_names(self.place).rules if self.place.exists() else ()
        new = {rule.name for rule in self.rules}
        return Names([*(r for r in known if r.name not in new and r.name not in self.dropped), *self.rules])

    def save(self) -> None:
        """Write it."""
        if self.rules or (self.dropped and self.place.exists()):
            save_names(self.place, self.rules, self.dropped)


@dataclass(frozen=True, slots=True)
class Replacement:
    """A name in its sentence, and what will stand there."""

    name: str
    pseudonym: str
    before: str
    after: str


def words_of(plan: ImportPlan) -> Iterator[str]:
    """The words of every turn of a plan."""
    return (turn.text for file in plan.files for turn in file.recognised.turns)


def replacements(texts: Iterable[str], names: Names) -> Iterator[Replacement]:
    """Every replacement in texts that still hold their names, in its sentence."""
    for text in texts:
        for match, rule in names.find(text):
            left, right = _sentence(text, match.start(), match.end())
            yield Replacement(" ".join(match[0].split()), rule.pseudonym, left, right)


_NEAR = 60  # characters shown on each side


def _sentence(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and behind in the sentence, as far as it fits."""
    first = max(max(text.rfind(mark, 0, start) for mark in ".?!\n") + 1, start - _NEAR)
    ends = [place for mark in ".?!\n" if (place := text.find(mark, end)) >= 0]
    last = min([*(place + 1 for place in ends), len(text), end + _NEAR])
    return text[first:start].lstrip().replace("\n", " "), text[end:last].rstrip().replace("\n", " ")


def import_with_names(
    root: Path, plan: ImportPlan, plain: ImportPlan, decided: Decided, progress: Progress | None = None
) -> tuple[list[FilePlan], list[Failure]]:
    """Write a plan with pseudonyms and the mapping together; ``plain`` is the same plan without them.

    Beside the mapping stays what is needed to give the names back (`pseudonymise --undo`). If nothing is imported the
    mapping is as it was.
    """
    texts = {path: _text(root, path) for path in (MANIFEST_FILE, SETTINGS_FILE)}
    with saved_with(decided) as done:
        written, failures = apply_import(root, plan, progress)
        done.append(bool(written))
    if written:
        _keep_states(root, written, plain, decided, texts)
    return written, failures


@contextmanager
def saved_with(decided: Decided) -> Iterator[list[bool]]:
    """Save a mapping with what is written inside; it is as it was if that fails, or says False in the list given."""
    kept = {decided.place: read_bytes(decided.place) if decided.place.exists() else None}
    done: list[bool] = []
    try:
        decided.save()
        yield done
    finally:
        if not any(done):
            put_back(kept)


def _text(root: Path, path: str) -> str:
    return read_raw_text(root / path) if (root / path).exists() else ""


def _keep_states(
    root: Path, written: Sequence[FilePlan], plain: ImportPlan, decided: Decided, texts: dict[str, str]
) -> None:
    """How the files would be without pseudonyms, beside the mapping and nowhere else."""
    by_source = {file.source: file for file in plain.files}
    pairs = [(by_source[file.source], file) for file in written if file.source in by_source]
    files = [old for old, _ in pairs]
    was = {
        MANIFEST_FILE: (MANIFEST_FILE, _manifest(texts[MANIFEST_FILE], files)),
        SETTINGS_FILE: (SETTINGS_FILE, _settings(texts[SETTINGS_FILE], files)),
    }
    for old, new in pairs:
        was[transcript_path(new.id)] = (transcript_path(old.id), old.transcript.text.encode("utf-8"))
        for one, other in zip(old.layers, new.layers, strict=True):
            path = layer_path(other.header.coder, new.id)
            was[path] = (layer_path(one.header.coder, old.id), encode_layer(one))
    changes = [change for old, new in pairs if (change := _change(old, new, decided.names())) is not None]
    states = [(old, new, sha256_bytes(read_bytes(root / new)), data) for new, (old, data) in was.items()]
    at = written[0].info.imported
    add_states(decided.place, states, changes, at)


def _manifest(text: str, files: Iterable[FilePlan]) -> bytes:
    entries = {file.id: info_entry(file.info) for file in files}
    return insert_entries(text, [], entries, path=MANIFEST_FILE).encode("utf-8")


def _settings(text: str, files: Iterable[FilePlan]) -> bytes:
    return with_participants(text, [name for file in files for name in file.new_participants]).encode("utf-8")


def _change(old: FilePlan, new: FilePlan, names: Names) -> TextChange | None:
    """Where the names stood, so that codings made meanwhile find their words; None where that is not plain."""
    edits = names.turn_edits(old.transcript.text, old.transcript.turns)
    if edits.apply(old.transcript.text) != new.transcript.text:
        return None
    texts = (old.transcript, new.transcript)
    shas = [text.text_sha256 for text in texts]
    return TextChange(old.id, new.id, texts[0].text, texts[1].text, shas[0], shas[1], edits)
