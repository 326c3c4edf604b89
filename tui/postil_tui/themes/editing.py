"""Changing themes: made, worded, filled with codes. Each change is written at once and can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from postil_tui.code.session.line_edit import LineEdit
from postil_tui.code.session.pick import Pick
from postil_tui.code.session.prompts import Ask, Choice, Choose
from postil_tui.themes.state import ThemeRow, ThemesState
from postil_tui.widgets.memo_pane import MemoPane
from postil_tui.widgets.picker import WIDTH, Picker

if TYPE_CHECKING:
    from postil_tui.themes.screen import ThemesScreen


class ThemesEditing:
    """What the keys of the themes screen change."""

    def __init__(self, screen: ThemesScreen) -> None:
        self._screen = screen

    def _ready(self) -> tuple[ThemesState, ThemeRow] | None:
        bench, row = self._screen.bench, self._screen.row
        return (bench, row) if bench is not None and row is not None and row.kind != "heading" else None

    def _done(self, said: str, keep: ThemeRow | None) -> None:
        self._screen.repaint(keep)
        self._screen.say(f"● {said} · {self._screen.keymap.key('undo')} undo", "good")

    def do_new_theme(self) -> None:
        """Make a theme; a loose code that is highlighted goes under it."""
        bench, row = self._screen.bench, self._screen.row
        if bench is None:
            return
        loose = row.code if row and row.kind == "code" and not row.theme else ""

        def make(label: str) -> None:
            theme = bench.add(label)
            if loose:
                bench.assign(theme, loose)
            self._done(f"theme {label}", ThemeRow("theme", theme))

        note = f"{loose} goes under it" if loose else "what the theme is called"
        self._screen.ask(Ask("new theme:", make, note=note))

    def do_rename_theme(self) -> None:
        """Give the theme another name; its id stays, so that cells and memos still find it."""
        ready = self._ready()
        theme = ready[0].theme(ready[1].theme) if ready else None
        if ready is None or theme is None:
            self._screen.say("go to a theme first", "warn")
            return
        bench, line = ready[0], LineEdit()
        line.set(theme.label)

        def rename(label: str) -> None:
            bench.word(theme.id, "label", label)
            self._done(f"{theme.id} is now called {label.strip()}", ThemeRow("theme", theme.id))

        self._screen.ask(Ask("name:", rename, line))

    def do_define_theme(self) -> None:
        """Write the definition of the theme: what it claims."""
        self._write("definition", "what the theme claims")

    def do_theme_memo(self) -> None:
        """Write the memo of the theme: what speaks against it, what is open."""
        self._write("memo", "memo on the theme")

    def _write(self, field: str, title: str) -> None:
        ready = self._ready()
        theme = ready[0].theme(ready[1].theme) if ready else None
        if ready is None or theme is None:
            self._screen.say("go to a theme first", "warn")
            return
        bench, old = ready[0], getattr(theme, field)

        def keep(text: str) -> None:
            if " ".join(text.split()) != " ".join(old.split()):
                self._screen.attempt(lambda: self._worded(bench, theme.id, field, text))

        pane = self._screen.query_one(MemoPane)
        pane.open(f"{title} · {theme.label} · esc keeps it", old, keep)

    def _worded(self, bench: ThemesState, theme: str, field: str, text: str) -> None:
        bench.word(theme, field, text)
        self._done(f"{field} of {theme} written", ThemeRow("theme", theme))

    def do_assign(self) -> None:
        """At a loose code: choose the theme it goes under. At a theme: choose a code for it."""
        ready = self._ready()
        if ready is None:
            return
        bench, row = ready
        if row.theme:
            self._pick_code(bench, row.theme)
        else:
            self._choose_theme(f"{row.code} goes under", lambda theme: self._assign(bench, theme, row.code))

    def _pick_code(self, bench: ThemesState, theme: str) -> None:
        screen = self._screen
        found = bench.theme(theme)
        pick = Pick(
            f"a code for {found.label if found else theme}",
            screen.workspace.codebook,
            lambda code: self._assign(bench, theme, code),
            counts=screen.workspace.counts(),
            present=frozenset(found.codes if found else ()),
            among=list(screen.workspace.codebook.codes),
        )
        x = max((screen.size.width - WIDTH) // 2, 0)
        screen.query_one(Picker).open(pick, screen.ink, x, 2, {})
        screen.ask(pick)

    def _assign(self, bench: ThemesState, theme: str, code: str) -> None:
        bench.assign(theme, code)
        bench.folded.discard(theme)
        self._done(f"{code} under {theme}", ThemeRow("code", theme, code))

    def _choose_theme(self, title: str, act: Callable[[str], None]) -> None:
        from postil_tui.shell.screens.choose import ChooseScreen

        screen, bench = self._screen, self._screen.bench
        if bench is None or not bench.themes:
            screen.say("there are no themes yet: n makes one", "warn")
            return
        options = [(theme.id, theme.label, theme.id) for theme in bench.themes]

        def chosen(theme: str | None) -> None:
            if theme:
                screen.attempt(lambda: act(theme))

        screen.app.push_screen(ChooseScreen(title, options, screen.ink), chosen)

    def do_theme_digit(self) -> None:
        """Put the code under the theme of that number; if it is there, take it out."""
        ready = self._ready()
        number = int(self._screen.key)
        if ready is None or ready[1].kind != "code" or number > len(ready[0].themes):
            self._screen.say("a digit puts the highlighted code under the theme of that number", "warn")
            return
        bench, row = ready
        theme = bench.themes[number - 1]
        if row.code in theme.codes:
            bench.take(theme.id, row.code)
            self._stay(bench, row, f"{row.code} out of {theme.id}")
        else:
            bench.assign(theme.id, row.code)
            self._stay(bench, row, f"{row.code} under {theme.id}")

    def _stay(self, bench: ThemesState, row: ThemeRow, said: str) -> None:
        """Go on where the row was: sorting loose codes away needs no arrows."""
        self._done(said, row)

    def do_take_away(self) -> None:
        """Take the code out of its theme; at a theme, delete it after asking."""
        ready = self._ready()
        if ready is None:
            return
        bench, row = ready
        if row.kind == "code" and row.theme:
            bench.take(row.theme, row.code)
            self._done(f"{row.code} out of {row.theme}", row)
        elif row.kind == "theme":
            self._ask_delete(bench, row.theme)
        else:
            self._screen.say("this code is in no theme")

    def _ask_delete(self, bench: ThemesState, theme: str) -> None:
        cells = bench.cells_under(theme)
        rest = f" ({cells} cells of the matrix stay without their theme)" if cells else ""

        def delete() -> None:
            bench.delete(theme)
            self._done(f"theme {theme} deleted", None)

        self._screen.ask(Choose(f"delete {theme}?{rest}", [Choice("y", "yes", delete)]))

    def do_move(self) -> None:
        """Move the code from its theme to another."""
        ready = self._ready()
        if ready is None or ready[1].kind != "code" or not ready[1].theme:
            self._screen.say("go to a code below a theme first", "warn")
            return
        bench, row = ready

        def move(theme: str) -> None:
            bench.move(row.code, row.theme, theme)
            self._done(f"{row.code} moved to {theme}", ThemeRow("code", theme, row.code))

        self._choose_theme(f"move {row.code} to", move)

    def drag(self, row: ThemeRow, over: ThemeRow, dropped: bool) -> None:
        """A code over a theme (or one of its codes), or over the loose ones: say what letting go does, or do it."""
        bench = self._screen.bench
        if bench is None or row.kind != "code" or row.theme == over.theme:
            return
        if not dropped:
            self._screen.say(f"{row.code} → {over.theme or 'no theme'}: let go to put it there")
        elif not over.theme:
            bench.take(row.theme, row.code)
            self._done(f"{row.code} out of {row.theme}", ThemeRow("code", "", row.code))
        elif row.theme:
            bench.move(row.code, row.theme, over.theme)
            self._done(f"{row.code} moved to {over.theme}", ThemeRow("code", over.theme, row.code))
        else:
            self._assign(bench, over.theme, row.code)

    def do_undo(self) -> None:
        """Take the last change of the themes back."""
        bench = self._screen.bench
        said = bench.undo() if bench else ""
        self._screen.repaint(self._screen.row)
        self._screen.say(f"taken back: {said}" if said else "nothing was changed here yet", "good" if said else "")
