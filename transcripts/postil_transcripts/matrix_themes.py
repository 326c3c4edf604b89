"""Columns of a framework matrix as themes: those the study has are found by name, the others are added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from postil_base.ids import suggest_name
from postil_base.yaml_edit import append_item, insert_entry, set_value
from postil_base.yaml_entries import insert_entries
from postil_base.yaml_places import YamlSeq, load_map
from postil_base.yaml_write import Value
from postil_transcripts.study import Study

THEMES_FILE = "codebook/themes.yaml"


def themes_of_columns(study: Study, columns: Sequence[str], name: str) -> tuple[dict[str, str], dict[str, str]]:
    """The theme, code or question each column means, and the themes to be added (id → label)."""
    known = _known(study)
    taken = set(known.values())
    found: dict[str, str] = {}
    new: dict[str, str] = {}
    for number, column in enumerate(columns, 1):
        id_ = known.get(column.casefold())
        if id_ is None:
            id_ = _free(suggest_name(column) or f"theme-{number}", taken)
            new[id_] = column
        taken.add(id_)
        found[column] = id_
    return found, new


def _known(study: Study) -> dict[str, str]:
    """Ids by everything that may name them; a theme goes before a question, a question before a code."""
    names: dict[str, str] = {}
    for code in study.codebook.codes.values():
        names.update(dict.fromkeys((code.label.casefold(), code.id), code.id))
    for question in study.settings.guide:
        names.update(dict.fromkeys((question.ask.casefold(), question.id.casefold()), question.id))
    for theme in study.themes:
        names.update(dict.fromkeys((theme.label.casefold(), theme.id.casefold()), theme.id))
    names.pop("", None)
    return names


def _free(wanted: str, taken: set[str]) -> str:
    if wanted not in taken:
        return wanted
    return next(name for n in range(2, len(taken) + 3) if (name := f"{wanted}-{n}") not in taken)


def with_themes(text: str, path: str, new: Mapping[str, str]) -> str:
    """The file of themes with some more, whether it is a list or a mapping."""
    root, _ = load_map(text, path)
    there = root.get("themes") if root is not None else None
    entries: dict[str, dict[str, Value]] = {id_: {"label": label, "codes": []} for id_, label in new.items()}
    if there is None:
        return insert_entry(text, [], "themes", entries, path=path)
    if isinstance(there, YamlSeq):
        for id_, fields in entries.items():
            text = append_item(text, ["themes"], {"id": id_, **fields}, path=path)
        return text
    return insert_entries(text, ["themes"], entries, path=path)


def with_themes_named(settings: str) -> str:
    """``study.yaml`` with the place of the themes."""
    return set_value(settings, ["themes"], THEMES_FILE, path="study.yaml")
