"""Columns of a framework matrix as themes: those the study has are found by name, the others are added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from postil_base.ids import suggest_name
from postil_base.yaml.edit import append_item, insert_entry, set_value
from postil_base.yaml.entries import insert_entries
from postil_base.yaml.places import YamlSeq, load_map
from postil_base.yaml.write import Value
from postil_study.study import Study

THEMES_FILE = "codebook/themes.yaml"


def themes_of_columns(study: Study, columns: Sequence[str], name: str) -> tuple[dict[str, str], dict[str, str]]:
    """The theme or question each column means, and the themes to be added (id → label).

    A theme is found by its very label before one that is written otherwise; no two columns are one theme, or the cells
    of one would be lost. A column that has the name of a code becomes a theme of that name: matrices show themes.
    """
    found = _by_very_label(study, columns)
    known, taken = _known(study), _ids(study)
    new: dict[str, str] = {}
    for number, column in enumerate(columns, 1):
        if column in found:
            continue
        id_ = known.get(column.casefold())
        if id_ is None or id_ in found.values():
            code = code_named(study, column)
            id_ = _free(code or suggest_name(column) or f"theme-{number}", {*taken, *found.values()})
            new[id_] = column
        found[column] = id_
    return {column: found[column] for column in columns}, new


def _by_very_label(study: Study, columns: Sequence[str]) -> dict[str, str]:
    labels: dict[str, str] = {}
    for theme in study.themes:
        labels.setdefault(theme.label, theme.id)
    return {column: labels[column] for column in columns if column in labels}


def _known(study: Study) -> dict[str, str]:
    """Ids by everything that may name them; a theme goes before a question."""
    names: dict[str, str] = {}
    for question in study.settings.guide:
        names.update(dict.fromkeys((question.ask.casefold(), question.id.casefold()), question.id))
    for theme in study.themes:
        names.update(dict.fromkeys((theme.label.casefold(), theme.id.casefold()), theme.id))
    names.pop("", None)
    return names


def _ids(study: Study) -> set[str]:
    """Names that a new theme cannot have. A code may have it: both are told apart by where they are named."""
    return {*(theme.id for theme in study.themes), *(question.id for question in study.settings.guide)}


def code_named(study: Study, column: str) -> str:
    """The code a column has the name of, by id or label; empty if there is none."""
    wanted = column.casefold()
    codes = study.codebook.codes.values()
    found = next((code.id for code in codes if code.id == wanted), "")
    return found or next((code.id for code in codes if code.label.casefold() == wanted), "")


def _free(wanted: str, taken: set[str]) -> str:
    if wanted not in taken:
        return wanted
    return next(name for n in range(2, len(taken) + 3) if (name := f"{wanted}-{n}") not in taken)


def with_themes(text: str, path: str, new: Mapping[str, str], codes: Mapping[str, str]) -> str:
    """The file of themes with some more, whether it is a list or a mapping; ``codes``: the code one stands on."""
    root, _ = load_map(text, path)
    there = root.get("themes") if root is not None else None
    entries: dict[str, dict[str, Value]] = {
        id_: {"label": label, "codes": [codes[id_]] if id_ in codes else []} for id_, label in new.items()
    }
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
