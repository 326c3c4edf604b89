"""Changes of the codebook carried through the whole study: every layer and every reference in one go, or nothing.

Each function plans the change and returns a `SurgeryPlan`, which says what would be touched; `apply` writes it. Records
keep their time of last edit: a colleague who changed the same record on another branch still wins as the newer one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from postil_base.clock import Clock, system_clock, utc_now
from postil_base.files.atomic import ABSENT, fingerprint
from postil_base.files.journal import Progress, write_many
from postil_base.files.text import decode, read_bytes, sha256_bytes
from postil_base.plural import counted
from postil_base.problem import PostilError, Problem
from postil_base.yaml.edit import set_value
from postil_base.yaml.write import Value
from postil_codebook.changes import edit
from postil_codebook.changes.rewrite import Decide, Kind, extend, following, mentions, rewrite
from postil_codebook.changes.rewrite_charts import rewrite_chart, rewrite_memo
from postil_codebook.decision_process.read import check_process, load_process, map_codes
from postil_codebook.load import load_codebook
from postil_codebook.themes import load_themes
from postil_codebook.values import Codebook, Theme
from postil_study.files.charts import FOLDER as CHARTS
from postil_study.files.codings import GUIDE_FOLDER, CodingsFolder, layer_path
from postil_study.files.file_cache import names_in
from postil_study.files.memos import FOLDER as MEMOS
from postil_study.files.memos import split_memo
from postil_study.files.settings import SETTINGS_FILE, Settings, load_settings
from postil_study.history.layer_changes import LayerChange, changed_layer

Became = Mapping[str, str | None]


@dataclass(frozen=True)
class SurgeryPlan:
    """What a change would do. Nothing is written before `apply`."""

    root: Path
    what: str  # "rename popularity to fame"
    changes: Mapping[str, str | bytes]  # new content by path
    expect: Mapping[str, str] = field(repr=False, default_factory=dict)  # sha256 of what was read
    layers: tuple[LayerChange, ...] = ()
    references: Mapping[str, int] = field(default_factory=dict)  # by path of process, findings …
    remapped: tuple[tuple[str, str, str], ...] = ()  # code, node that counted it, node that will; empty is none
    problems: tuple[Problem, ...] = ()  # that the process would have afterwards and has not now
    recode: bool = False  # the layers listed carry a code that must be looked at again; they are not changed

    @property
    def segments(self) -> int:
        """How many segments are concerned."""
        return sum(layer.segments for layer in self.layers)

    @property
    def by_coder(self) -> Mapping[str, tuple[int, int, int, int]]:
        """Per coder: transcripts, segments, relations concerned, and segments left without any code."""
        found: dict[str, tuple[int, int, int, int]] = {}
        for layer in self.layers:
            old = found.get(layer.coder, (0, 0, 0, 0))
            new = (1, layer.segments, layer.relations + layer.removed_relations, layer.emptied)
            found[layer.coder] = (old[0] + new[0], old[1] + new[1], old[2] + new[2], old[3] + new[3])
        return found

    def apply(self, progress: Progress | None = None) -> None:
        """Write all of it or nothing; refused if a file is no longer what the plan was made from."""
        write_many(self.root, self.changes, self.expect, progress)


def add_code(
    root: Path,
    code: str,
    fields: Mapping[str, Value],
    parent: str | None = None,
    after: str | None = None,
    again: bool = False,
    clock: Clock = system_clock,
) -> SurgeryPlan:
    """Add a code below ``parent`` (None: at the top); ``again``: a deleted one, in the meaning it had."""
    study = _Files(root)
    was = study.book.retired.get(code) if again else None
    if was is not None:
        kept: dict[str, Value] = {"label": was.label or code, "definition": was.definition}
        fields = {**{name: value for name, value in kept.items() if value}, **fields}
    text = edit.add_code(study.text, study.path, code, fields, parent, after, utc_now(clock) if again else "")
    return study.plan(f"add {code}{' again' if was is not None else ''}", text)


def set_field(root: Path, code: str, name: str, value: Value, clock: Clock = system_clock) -> SurgeryPlan:
    """Set a field of a code; a change of its meaning opens the recode queue for what carries it."""
    study = _Files(root)
    meaning = name in edit.MEANING
    text = edit.set_field(study.text, study.path, code, name, value, utc_now(clock) if meaning else "")
    carried = study.carrying(study.id(code)) if meaning else ()
    return replace(study.plan(f"change {name} of {code}", text), layers=carried, recode=meaning)


def rename_code(root: Path, old: str, new: str) -> SurgeryPlan:
    """Give a code another id, in the book, in all layers, and wherever it is referred to."""
    study = _Files(root)
    text = edit.rename_code(study.text, study.path, old, new)
    return study.plan(f"rename {study.id(old)} to {new}", text, {study.id(old): new})


def merge_codes(root: Path, sources: Sequence[str], target: str) -> SurgeryPlan:
    """Merge codes into another one."""
    study = _Files(root)
    text = edit.merge_codes(study.text, study.path, sources, target)
    gone = [study.id(source) for source in sources]
    return study.plan(f"merge {', '.join(gone)} into {study.id(target)}", text, dict.fromkeys(gone, study.id(target)))


def move_code(root: Path, code: str, parent: str | None) -> SurgeryPlan:
    """Move a code, with all below it, to another parent (None: to the top)."""
    study = _Files(root)
    text = edit.move_code(study.text, study.path, code, parent)
    return study.plan(f"move {study.id(code)} to {study.id(parent) if parent else 'the top'}", text)


def delete_code(root: Path, code: str, children: edit.Children = "refuse", clock: Clock = system_clock) -> SurgeryPlan:
    """Delete a code from the book and from all segments; segments stay, also those left without a code."""
    study = _Files(root)
    text = edit.delete_code(study.text, study.path, code, children, utc_now(clock))
    left = load_codebook(text, study.path)[0].codes
    gone = [name for name in study.book.codes if name not in left]
    return study.plan(f"delete {', '.join(gone)}", text, dict.fromkeys(gone), utc_now(clock))


def split_code(
    root: Path, code: str, parts: Mapping[str, Mapping[str, Value]], clock: Clock = system_clock
) -> SurgeryPlan:
    """Add the parts beside a code and mark it as changed, so that everything it stands on is looked at again."""
    study = _Files(root)
    name = study.id(code)
    text = edit.split_code(study.text, study.path, code, parts, utc_now(clock))
    plan = study.plan(f"split {name} into {', '.join(parts)}", text, parts={name: tuple(parts)})
    return replace(plan, layers=study.carrying(name), recode=True)


def write_codebook(root: Path, text: str, target: str | None = None) -> str:
    """Write a whole codebook; return where. One with codes is never written over; a study without one gets this."""
    settings_text = decode(read_bytes(root / SETTINGS_FILE), SETTINGS_FILE)
    own = load_settings(settings_text, SETTINGS_FILE)[0].codebook
    path = target or own or "codebook/codebook.yaml"
    changes, expect = {path: text}, {path: fingerprint(root / path)}
    if expect[path] != ABSENT:
        there = load_codebook(decode(read_bytes(root / path), path), path)[0]
        count = 0 if _gives_way(root, there) else len(there.codes)
        if count or path != own:
            has = f" and has {counted(count, 'code')}" if count else ""
            raise PostilError(
                f"{path} is there already{has}; nothing was written. "
                "Give the new book another place with --to codebook/NAME.yaml."
            )
    if not own:
        changes[SETTINGS_FILE] = set_value(settings_text, ["codebook"], path, path=SETTINGS_FILE)
        expect[SETTINGS_FILE] = sha256_bytes(settings_text.encode("utf-8"))
    write_many(root, changes, expect)
    return path


def _gives_way(root: Path, book: Codebook) -> bool:
    """Whether a codebook is the one of a new study, untouched, and none of its codes is on any words."""
    from postil_study.new import is_template

    if not is_template(book):
        return False
    layers = CodingsFolder(root, lambda: book)
    uses = (
        layer
        for coder in layers.coders()
        for transcript in layers.transcripts_of(coder)
        if (layer := layers.layer(coder, transcript)) is not None
    )
    return not any(code in book.codes for layer in uses for segment in layer.segments for code in segment.code_ids)


class _Files:
    """The files of a study that speak of codes, as they were read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.expect: dict[str, str] = {}
        settings, _ = load_settings(self.read(SETTINGS_FILE), SETTINGS_FILE)
        if not settings.codebook:
            raise PostilError(f"{SETTINGS_FILE} names no codebook; add `codebook: codebook/codebook.yaml` first.")
        self.path = settings.codebook
        self.settings = settings
        self.text = self.read(self.path)
        self.book, _ = load_codebook(self.text, self.path)

    def read(self, path: str) -> str:
        """The text of a file, its line ends as they are."""
        data = self.raw(path)
        return decode(data, path)

    def raw(self, path: str) -> bytes:
        """The bytes of a file; the plan holds only while they stay the same."""
        data = read_bytes(self.root / path)
        self.expect[path] = sha256_bytes(data)
        return data

    def id(self, reference: str) -> str:
        """The id a reference means; itself when there is no such code."""
        return self.book.resolve(reference) or reference

    def plan(
        self,
        what: str,
        text: str,
        became: Became | None = None,
        at: str = "",
        parts: Mapping[str, Sequence[str]] | None = None,
    ) -> SurgeryPlan:
        """The plan of a change that turned the codebook's text into ``text``."""
        turned = became or {}
        new_book, _ = load_codebook(text, self.path)
        changes: dict[str, str | bytes] = {self.path: text}
        references: dict[str, int] = {}
        for kind, path in _referring(self.settings):
            old = self.read(path)
            decide = following(self.book, new_book, turned)
            new = rewrite(old, path, kind, decide)
            if kind in ("process", "themes"):
                for code, names in (parts or {}).items():
                    new = extend(new, path, kind, new_book, code, names)
            if new != old:
                changes[path] = new
                references[path] = mentions(old, path, kind, decide) or new.count("\n") - old.count("\n") or 1
        for path, (new, count) in self._said_of(following(self.book, new_book, turned)).items():
            changes[path], references[path] = new, count
        layers = [self._layer(path, turned, at) for path in self._layers(turned)] if turned else []
        changed = [(layer, data) for layer, data in layers if layer.touched]
        changes |= {layer.path: data for layer, data in changed}
        remapped, problems = self._process(new_book, turned, changes)
        expect = {path: sha for path, sha in self.expect.items() if path in changes}
        found = tuple(layer for layer, _ in changed)
        return SurgeryPlan(self.root, what, changes, expect, found, references, remapped, problems)

    def _said_of(self, decide: Decide) -> dict[str, tuple[str, int]]:
        """Charts and memos that name a code which is called otherwise now."""
        others = {theme.id for theme in self._themes()} | {question.id for question in self.settings.guide}
        found = {}
        for name in sorted(names_in(self.root / CHARTS)):
            if name.endswith(".yaml"):
                path = f"{CHARTS}/{name}"
                text = self.read(path)
                new, count = rewrite_chart(text, path, lambda key: key if key in others else decide(key))
                found[path] = (new, count)
        for name in sorted(names_in(self.root / MEMOS)):
            path = f"{MEMOS}/{name}"
            if name.endswith(".md") and "code:" in (text := self.read(path)):
                front, body = split_memo(text)
                new, count = rewrite_memo(front or "", path, decide)
                head = text[: len(text) - len(body)]
                found[path] = (head.replace(front or "", new, 1) + body, count)
        return {path: pair for path, pair in found.items() if pair[1]}

    def _themes(self) -> tuple[Theme, ...]:
        path = self.settings.themes
        return load_themes(self.read(path), path)[0] if path and (self.root / path).is_file() else ()

    def carrying(self, code: str) -> tuple[LayerChange, ...]:
        """The layers in which a code stands, with how many segments carry it."""
        layers = (self._layer(path, {code: code}, "")[0] for path in self._layers({code: code}))
        return tuple(layer for layer in layers if layer.segments)

    def _layers(self, became: Became) -> list[str]:
        """Layers in which one of the codes may stand, by any of its names."""
        names = [name.encode() for code in became for name in (code, *_former(self.book, code))]
        folder = CodingsFolder(self.root, lambda: self.book)
        paths = [
            layer_path(coder, transcript)
            for coder in folder.folders()
            if coder != GUIDE_FOLDER
            for transcript in folder.transcripts_of(coder)
        ]
        return [
            path for path in paths if any(name in data for data in [read_bytes(self.root / path)] for name in names)
        ]

    def _layer(self, path: str, became: Became, at: str) -> tuple[LayerChange, bytes]:
        return changed_layer(self.raw(path), path, self.book, became, at)

    def _process(
        self, new_book: Codebook, became: Became, changes: Mapping[str, str | bytes]
    ) -> tuple[tuple[tuple[str, str, str], ...], tuple[Problem, ...]]:
        """Codes that another node counts afterwards, and what would be wrong with the process then."""
        path = self.settings.process
        if not path or path not in self.expect:
            return (), ()
        old_text = self.read(path)
        new_text = changes.get(path, old_text)
        old, new = load_process(old_text, path)[0], load_process(str(new_text), path)[0]
        before, after = map_codes(old, self.book).node_of, map_codes(new, new_book).node_of
        remapped = []
        for code in self.book.codes:
            now = became.get(code, code)
            if now is not None and before.get(code, "") != after.get(now, ""):
                remapped.append((code, before.get(code, ""), after.get(now, "")))
        known = {problem.message for problem in check_process(old, self.book)}
        problems = (problem for problem in check_process(new, new_book) if problem.message not in known)
        return tuple(remapped), tuple(problems)


def _any_in(names: Sequence[bytes], data: bytes) -> bool:
    return any(name in data for name in names)


def _referring(settings: Settings) -> list[tuple[Kind, str]]:
    files: list[tuple[Kind, str]] = [
        ("process", settings.process),
        ("findings", settings.findings),
        ("themes", settings.themes),
        ("study", SETTINGS_FILE),
    ]
    return [(kind, path) for kind, path in files if path]


def _former(book: Codebook, code: str) -> tuple[str, ...]:
    found = book.codes.get(code)
    return found.formerly if found is not None else ()
