"""Writing what a project brings: codebook, settings, transcripts, layers and memos in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from postil_base.files.atomic import ABSENT
from postil_base.files.journal import write_many
from postil_base.files.text import read_raw_text, sha256_bytes, sha256_text
from postil_base.problem import PostilError
from postil_base.yaml.edit import append_item, insert_entry, set_value
from postil_base.yaml.entries import insert_entries
from postil_base.yaml.places import YamlMap, load_map
from postil_base.yaml.write import Value
from postil_codebook.changes.edit import add_code
from postil_codebook.load import load_codebook
from postil_codebook.values import Code, Codebook, CodeGroup
from postil_codebook.write import code_fields, native_codebook_text
from postil_formats.codings.writing import with_coders
from postil_formats.projects.incoming.plan import ProjectPlan
from postil_formats.projects.names import slug
from postil_study.files.charts import ChartCell, chart_path, with_cell
from postil_study.files.file_cache import names_in
from postil_study.files.manifest import MANIFEST_FILE, info_entry
from postil_study.files.memos import FOLDER, Memo, format_memo
from postil_study.files.settings import SETTINGS_FILE
from postil_study.files.texts import transcript_path
from postil_study.layers.file import encode_layer, read_layer_file
from postil_study.study import Study
from postil_study.text.values import Layer

THEMES_FILE = "codebook/themes.yaml"
Changes = dict[str, str | bytes | None]


def apply_project(study: Study, plan: ProjectPlan) -> list[str]:
    """Write a plan; returns the paths that changed."""
    changes: Changes = {}
    expect: dict[str, str] = {}
    _texts(study, plan, changes, expect)
    for before, after in plan.layers:
        _layer(study.root, before, after, changes, expect)
    _yaml(study.root, SETTINGS_FILE, lambda text: _with_people(text, plan, study), changes, expect)
    if plan.codes or plan.groups:
        path = study.settings.codebook
        if not path:
            raise PostilError("study.yaml names no codebook to add codes to; add `codebook: codebook/codebook.yaml`.")
        _yaml(study.root, path, lambda text: with_codes(text, path, plan.codes, plan.groups), changes, expect)
    _themes(study, plan, changes, expect)
    for row in dict.fromkeys(cell.row for cell in plan.cells):
        cells = [cell for cell in plan.cells if cell.row == row]
        _yaml(study.root, chart_path(row), partial(_with_cells, cells), changes, expect)
    taken = set(names_in(study.root / FOLDER))
    for memo in plan.memos:
        path = _memo_path(memo, taken)
        changes[path], expect[path] = format_memo(memo), ABSENT
    if changes:
        write_many(study.root, changes, expect)
    return list(changes)


def _themes(study: Study, plan: ProjectPlan, changes: Changes, expect: dict[str, str]) -> None:
    """Themes go into the study's file of them; one is made, and named in study.yaml, if there is none."""
    if not plan.themes:
        return
    path = study.settings.themes or THEMES_FILE
    entries: list[Value] = [
        {"id": t.id, "label": t.label, **({"definition": t.definition} if t.definition else {}), "codes": list(t.codes)}
        for t in plan.themes
    ]
    _yaml(study.root, path, partial(_with_themes, path, entries), changes, expect)
    if not study.settings.themes:
        old = changes.get(SETTINGS_FILE) or read_raw_text(study.root / SETTINGS_FILE)
        expect.setdefault(SETTINGS_FILE, sha256_text(str(old)))
        changes[SETTINGS_FILE] = set_value(str(old), ["themes"], path, path=SETTINGS_FILE)


def _with_themes(path: str, entries: list[Value], text: str) -> str:
    root, _ = load_map(text, path)
    found = root.get("themes") if root is not None else None
    if isinstance(found, YamlMap):
        named = {str(entry["id"]): entry for entry in entries if isinstance(entry, Mapping)}
        new: dict[str, Value] = {id_: {k: x for k, x in entry.items() if k != "id"} for id_, entry in named.items()}
        return _added(text, "themes", new, path)
    for entry in entries:
        text = append_item(text, ["themes"], entry, path=path)
    return text


def _with_cells(cells: list[ChartCell], text: str) -> str:
    for cell in cells:
        text = with_cell(text, cell)
    return text


def _texts(study: Study, plan: ProjectPlan, changes: Changes, expect: dict[str, str]) -> None:
    new = plan.new_texts
    if not new:
        return
    entries: dict[str, Value] = {text.transcript.id: info_entry(text.transcript.info) for text in new}
    _yaml(study.root, MANIFEST_FILE, lambda old: insert_entries(old, [], entries, path=MANIFEST_FILE), changes, expect)
    for text in new:
        path = transcript_path(text.transcript.id)
        changes[path], expect[path] = text.transcript.text, ABSENT


def _layer(root: Path, before: Layer, after: Layer, changes: Changes, expect: dict[str, str]) -> None:
    if before == after or not (after.segments or after.relations or after.header.done):
        return
    target = root / after.path
    data = target.read_bytes() if target.exists() else b""
    file = read_layer_file(data, after.path) if data else None
    if file is not None and file.problems:
        raise PostilError(f"{file.problems[0]} Repair the layer first; nothing was written.")
    changes[after.path] = encode_layer(after, file)
    expect[after.path] = sha256_bytes(data) if data else ABSENT


def _yaml(root: Path, path: str, change: Any, changes: Changes, expect: dict[str, str]) -> None:
    """Change the text of a YAML file, which may not be there yet."""
    there = (root / path).exists()
    old = read_raw_text(root / path) if there else ""
    new = change(old)
    if new != old:
        changes[path], expect[path] = new, sha256_text(old) if there else ABSENT


def _with_people(text: str, plan: ProjectPlan, study: Study) -> str:
    """``study.yaml`` with new coders and participants, and what is new of the known ones."""
    known = study.settings.participants
    new: dict[str, Value] = {
        id_: {**values, **_consent(plan.consent.get(id_))}
        for id_, values in plan.participants.items()
        if id_ not in known
    }
    text = _added(text, "participants", new, SETTINGS_FILE)
    for id_, values in plan.participants.items():
        for key, value in values.items() if id_ in known else ():
            text = insert_entry(text, ["participants", id_], key, value, path=SETTINGS_FILE)
    if plan.coders and "coders" not in (load_map(text, SETTINGS_FILE)[0] or ()):
        text = insert_entry(text, [], "coders", {}, path=SETTINGS_FILE)
    return with_coders(text, plan.coders)


def _added(text: str, key: str, entries: Mapping[str, Value], path: str) -> str:
    """Entries added to a mapping at the top of a file, which is made if it is not there."""
    if not entries:
        return text
    root, _ = load_map(text, path)
    if root is None or key not in root:
        return insert_entry(text, [], key, dict(entries), path=path)
    return insert_entries(text, [key], entries, path=path)


def _consent(answers: Mapping[str, bool] | None) -> dict[str, Value]:
    return {"consent": dict(answers)} if answers else {}


def with_codes(text: str, path: str, codes: tuple[Code, ...], groups: tuple[CodeGroup, ...] = ()) -> str:
    """A codebook's text with codes added, each tree at once below the code it hangs on; groups behind them."""
    by_parent: dict[str | None, dict[str, Value]] = {}
    for top, tree in _trees(codes):
        by_parent.setdefault(top.parent, {})[top.id] = tree
    for parent, trees in by_parent.items():
        (first, fields), *rest_of = trees.items()
        assert isinstance(fields, dict)
        text = add_code(text, path, first, fields, parent)  # which also refuses what cannot be
        rest: dict[str, Value] = dict(rest_of)
        text = insert_entries(text, _children(load_codebook(text, path)[0], parent), rest, path=path)
    entries: dict[str, Value] = {group.id: {"label": group.label, "codes": list(group.codes)} for group in groups}
    return _added(text, "groups", entries, path)


def _children(book: Codebook, parent: str | None) -> list[str]:
    """The keys that lead to the codes below one."""
    keys = ["codes"]
    for code in (*reversed(book.ancestors(parent)), parent) if parent is not None else ():
        keys += [code, "children"]
    return keys


def _trees(codes: tuple[Code, ...]) -> list[tuple[Code, dict[str, Value]]]:
    """The new codes as trees: the ones whose parent is not new, with all below them."""
    fields: dict[str, dict[str, Value]] = {}
    tops: list[tuple[Code, dict[str, Value]]] = []
    for code in codes:  # parents stand before their children
        fields[code.id] = code_fields(code)
        above = fields.get(code.parent or "")
        if above is None:
            tops.append((code, fields[code.id]))
        else:
            children = above.setdefault("children", {})
            assert isinstance(children, dict)
            children[code.id] = fields[code.id]
    return tops


def new_codebook(title: str, plan: ProjectPlan) -> str:
    """A codebook that holds nothing but what the project brings."""
    book = Codebook(title, "1.0.0", {c.id: c for c in plan.codes}, {g.id: g for g in plan.groups})
    return native_codebook_text(book)


def _memo_path(memo: Memo, taken: set[str]) -> str:
    """A free file name like the memo's title."""
    stem = slug(memo.title)[:60].strip("-.") or f"memo-{memo.date}"
    number, name = 2, f"{stem}.md"
    while name in taken:
        name = f"{stem}-{number}.md"
        number += 1
    taken.add(name)
    return f"{FOLDER}/{name}"
