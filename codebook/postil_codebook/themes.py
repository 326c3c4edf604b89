"""Reading themes: what the analysis arrives at, above the codes."""

from __future__ import annotations

from collections.abc import Iterable

from postil_base.problem import Problem
from postil_base.yaml.fields import Fields
from postil_base.yaml.places import load_map
from postil_codebook.references import known, short, unknown_code
from postil_codebook.values import Codebook, Theme


def load_themes(text: str, path: str) -> tuple[tuple[Theme, ...], list[Problem]]:
    """Read the themes, a list or a mapping by id under ``themes:``."""
    root, problems = load_map(text, path)
    fields = Fields(root, problems, "themes")
    found: list[Theme] = []
    for key, value in fields.entries("themes"):
        theme = Fields(None if value is key else value, problems, f"theme {short(key.text)}", key.place)
        theme.text("id")
        label, definition = theme.text("label", key.text), theme.text("definition")
        found.append(Theme(key.text, label, definition, theme.texts("codes"), theme.text("memo"), key.place))
        theme.close()
    fields.close(("title", "note"))
    return tuple(found), problems


def check_themes(themes: Iterable[Theme], codebook: Codebook) -> list[Problem]:
    """Check that the codes of the themes are in the book; a theme without any is a warning."""
    problems: list[Problem] = []
    for theme in themes:
        what = f"theme {short(theme.id)}"
        for code in theme.codes:
            if not known(codebook, code):
                problems.append(unknown_code(codebook, code, theme.place, what, len(problems)))
        if not theme.codes:
            message = f"{what}: no `codes:` yet; a theme stands on codes."
            problems.append(Problem(theme.place, message, "no-codes", "warning"))
    return problems
