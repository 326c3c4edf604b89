"""Themes at work: what is under them, how much was said, and each change with its undo."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import msgspec

from postil_base.problem import PostilError
from postil_codebook.changes import themes_edit as edit
from postil_codebook.values import Theme
from postil_model.counts.framework import Framework, Quote, framework, theme_codes
from postil_study.files.charts import load_charts
from postil_study.files.themes import Edit, ThemesChange, change_themes, take_back_themes
from postil_study.rounds.blind import hidden_layers
from postil_tui.shell.workspace import Workspace


class ThemeRow(msgspec.Struct, frozen=True):
    """A row of the list: a theme, a code below it, or a code that is in no theme (``theme`` is empty)."""

    kind: Literal["theme", "code", "heading"]
    theme: str = ""
    code: str = ""


class ThemesState:
    """The themes of a study with the quotes at hand."""

    def __init__(self, workspace: Workspace, matrix: Framework, done: list[ThemesChange] | None = None) -> None:
        self.workspace = workspace
        self.matrix = matrix
        self.folded: set[str] = set()
        self.done: list[ThemesChange] = [] if done is None else done  # what can be taken back, newest last
        self._under: dict[ThemeRow, list[Quote]] = {}
        self._quotes: dict[str, list[Quote]] = {}
        self.renew(matrix)

    def renew(self, matrix: Framework) -> None:
        """Go on with quotes and themes read anew; somebody may be wording a theme meanwhile, on this very bench."""
        self.matrix = matrix
        self._under.clear()
        self._quotes.clear()
        for quote in matrix.quotes:
            for code in quote.codes:
                self._quotes.setdefault(code, []).append(quote)

    # --- what there is -------------------------------------------------------------------------------------------

    @property
    def themes(self) -> tuple[Theme, ...]:
        """The themes, in the order of the file."""
        return self.matrix.themes

    def theme(self, theme_id: str) -> Theme | None:
        """A theme by id."""
        return next((theme for theme in self.themes if theme.id == theme_id), None)

    def rows(self) -> list[ThemeRow]:
        """Themes with their codes, then the codes that are in none."""
        found: list[ThemeRow] = []
        for theme in self.themes:
            found.append(ThemeRow("theme", theme.id))
            if theme.id not in self.folded:
                found += [ThemeRow("code", theme.id, code) for code in theme.codes]
        loose = self.loose()
        return [*found, *([ThemeRow("heading")] if loose else []), *(ThemeRow("code", "", code) for code in loose)]

    def loose(self) -> list[str]:
        """Codes in no theme, those with most quotes first."""
        taken = {code for codes in self.matrix.codes.values() for code in codes}
        codes = self.workspace.codebook.codes
        free = [code for code in codes if codes[code].codable and code not in taken]
        return sorted(free, key=lambda code: -len(self._quotes.get(code, ())))

    def quotes(self, row: ThemeRow) -> list[Quote]:
        """What was said under a theme or a code, by transcript and place."""
        if row not in self._under:
            self._under[row] = self._gathered(row)
        return self._under[row]

    def _gathered(self, row: ThemeRow) -> list[Quote]:
        if row.kind == "theme":
            codes = self.matrix.codes.get(row.theme, frozenset())
        else:
            known = self.workspace.codebook.resolve(row.code)
            codes = frozenset(self.workspace.codebook.subtree(known)) if known else frozenset()
        found = {(q.transcript, q.segment): q for code in codes for q in self._quotes.get(code, ())}
        order = {name: number for number, name in enumerate(self.workspace.study.transcripts)}
        return sorted(found.values(), key=lambda quote: (order.get(quote.transcript, 0), quote.start))

    def counts(self, row: ThemeRow) -> tuple[int, int]:
        """How many quotes, of how many participants."""
        quotes = self.quotes(row)
        return len(quotes), len({person for quote in quotes for person in quote.participants})

    # --- changes -------------------------------------------------------------------------------------------------

    def add(self, label: str) -> str:
        """Make a theme; returns its id."""
        label = " ".join(label.split())
        made: list[str] = []

        def add(text: str, path: str) -> str:
            theme = edit.theme_id(text, path, label) or edit.theme_id(text, path, f"theme {len(self.themes) + 1}")
            made.append(theme)
            return edit.add_theme(text, path, theme, label)

        if not label:
            raise PostilError("a theme needs a name; nothing was made")
        self._change(add, f"theme {label}")
        return made[0]

    def word(self, theme: str, field: str, value: str) -> None:
        """Word a theme's label, definition or memo."""
        clean = value.strip() if field != "label" else " ".join(value.split())
        if field == "label" and not clean:
            raise PostilError("a theme needs a name; it keeps the old one")
        self._change(lambda text, path: edit.set_theme(text, path, theme, field, clean), f"{field} of {theme}")

    def assign(self, theme: str, code: str) -> None:
        """Put a code under a theme."""
        self._change(lambda text, path: edit.assign_code(text, path, theme, code), f"{code} under {theme}")

    def take(self, theme: str, code: str) -> None:
        """Take a code out of a theme."""
        self._change(lambda text, path: edit.take_code(text, path, theme, code), f"{code} out of {theme}")

    def move(self, code: str, source: str, target: str) -> None:
        """Take a code from one theme to another, in one step."""

        def move(text: str, path: str) -> str:
            return edit.assign_code(edit.take_code(text, path, source, code), path, target, code)

        self._change(move, f"{code} from {source} to {target}")

    def delete(self, theme: str) -> None:
        """Take a theme out. Its codes and cells stay."""
        self._change(lambda text, path: edit.delete_theme(text, path, theme), f"theme {theme} deleted")

    def cells_under(self, theme: str) -> int:
        """How many cells of the matrix stand under a theme."""
        return sum(cell.column == theme for cell in load_charts(self.workspace.root)[0])

    def undo(self) -> str:
        """Take the last change back; says which it was, "" if there is none."""
        if not self.done:
            return ""
        take_back_themes(self.workspace.root, self.done[-1])
        change = self.done.pop()
        self._read()
        return change.said

    def _change(self, change: Edit, said: str) -> None:
        made = change_themes(self.workspace.root, self.workspace.study.settings, change, said)
        if made.after != made.before:
            self.done.append(made)
        self._read()

    def _read(self) -> None:
        """The themes as they are on disk now; the study's own copy with them."""
        workspace = self.workspace
        if workspace.study.settings.themes:
            vars(workspace.study).pop("themes", None)
        else:
            workspace.reopen()
        themes = workspace.study.themes
        codes = {theme.id: theme_codes(theme, workspace.codebook) for theme in themes}
        self._under.clear()
        self.matrix = replace(self.matrix, themes=themes, codes=codes)


def gathered(workspace: Workspace) -> Framework:
    """The matrix with the quotes this coder may see."""
    workspace.flush()
    workspace.study.refresh()
    hidden = hidden_layers(workspace.study.rounds.values(), workspace.coder)
    return framework(workspace.study, workspace.coder, hidden)
