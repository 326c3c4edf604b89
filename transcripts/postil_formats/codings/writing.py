"""Writing an import of codings: layers, coders and codes of a plan in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from postil_base.files.atomic import ABSENT
from postil_base.files.journal import write_many
from postil_base.files.text import read_raw_text, sha256_bytes, sha256_text
from postil_base.problem import PostilError
from postil_base.yaml.edit import append_item, insert_entry
from postil_base.yaml.places import YamlMap, YamlScalar, YamlSeq, load_map
from postil_base.yaml.write import Value
from postil_formats.codings.plan import CodingsPlan, LayerPlan
from postil_study.files.settings import SETTINGS_FILE
from postil_study.layers.file import encode_layer, read_layer_file
from postil_study.study import Study


def apply_codings(study: Study, plan: CodingsPlan, codebook_text: str | None = None) -> list[str]:
    """Write a plan and, with ``codebook_text``, the codebook it needs; returns the paths that changed."""
    changes: dict[str, str | bytes | None] = {}
    expect: dict[str, str] = {}
    for layer in plan.layers:
        _layer(study, layer, changes, expect)
    if plan.new_coders:
        _text(study, SETTINGS_FILE, lambda text: with_coders(text, plan.new_coders), changes, expect)
    if codebook_text is not None:
        _text(study, study.settings.codebook, lambda _: codebook_text, changes, expect)
    if changes:
        write_many(study.root, changes, expect)
    return list(changes)


def _layer(study: Study, plan: LayerPlan, changes: dict[str, str | bytes | None], expect: dict[str, str]) -> None:
    path = plan.after.path
    target = study.root / path
    data = target.read_bytes() if target.exists() else b""
    if plan.after == plan.before and (data or not (plan.after.segments or plan.after.header.done)):
        return
    file = read_layer_file(data, path) if data else None
    if file is not None and file.problems:
        raise PostilError(f"{file.problems[0]} Repair the layer first; nothing was written.")
    changes[path] = encode_layer(plan.after, file)
    expect[path] = sha256_bytes(data) if data else ABSENT


def _text(
    study: Study,
    path: str,
    change: Callable[[str], str],
    changes: dict[str, str | bytes | None],
    expect: dict[str, str],
) -> None:
    old = read_raw_text(study.root / path)
    new = change(old)
    if new != old:
        changes[path], expect[path] = new, sha256_text(old)


def with_coders(settings: str, coders: Mapping[str, str]) -> str:
    """``study.yaml`` with coders added, and put at the end of the coding of record's order if it has one."""
    for id_, name in coders.items():
        fields: dict[str, Value] = {"name": name} if name else {}
        settings = insert_entry(settings, ["coders"], id_, fields, path=SETTINGS_FILE)
        if id_ not in _record(settings, id_):
            settings = append_item(settings, ["analysis", "record"], id_, path=SETTINGS_FILE)
    return settings


def _record(settings: str, default: str) -> list[str]:
    """Whose coding is of record, as the file says it; ``default`` where it says nothing: nothing has to be added."""
    root, _ = load_map(settings, SETTINGS_FILE)
    analysis = root.get("analysis") if root is not None else None
    record = analysis.get("record") if isinstance(analysis, YamlMap) else None
    if not isinstance(record, YamlSeq):
        return [default]
    return [item.text for item in record.items if isinstance(item, YamlScalar)]
