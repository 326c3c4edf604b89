"""What is kept of a search: the query under a name, the passages in a file, a quote on the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postil_base.ids import suggest_name
from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_model.search.output import Kind, write_passages
from postil_study.privacy.consent.purposes import Consent, short_note
from postil_tui.code.session.line_edit import LineEdit
from postil_tui.code.session.prompts import Ask, Choice, Choose

if TYPE_CHECKING:
    from postil_tui.search.screen import SearchScreen


class SearchKeeping:
    """Saving, exporting, copying."""

    def __init__(self, screen: SearchScreen) -> None:
        self._screen = screen

    def do_save_query(self) -> None:
        """Keep the query under a name in queries.yaml."""
        query = self._screen.found.query if self._screen.found else ""
        if not query:
            self._screen.say("ask something first; then s keeps the query under a name", "warn")
            return
        line = LineEdit()
        line.set(suggest_name(query)[:30].strip("-."))
        self._screen.ask(Ask("keep this query as:", lambda name: self._save(name, query), line, note="⏎ keeps it"))

    def _save(self, name: str, query: str) -> None:
        from postil_model.search.named import save_query

        name = suggest_name(name)
        if not name:
            raise PostilError("a name needs at least one letter or digit; the query was not kept")
        save_query(self._screen.workspace.root, name, query)
        self._screen.say(f"● kept as {name} in queries.yaml   postil search --named {name}", "good")

    def do_saved(self) -> None:
        """The study's named queries, and examples."""
        self._screen.query_text = ""
        self._screen.show_ideas()

    def do_forget_query(self) -> None:
        """Take a named query out; asks once."""
        screen = self._screen
        idea = (
            screen.ideas[screen.rows.index] if screen.found is None and screen.rows.index < len(screen.ideas) else None
        )
        if idea is None or not idea.name:
            screen.say("o shows the named queries; x takes the highlighted one out", "warn")
            return
        screen.ask(Choose(f"forget the query {idea.name}?", [Choice("y", "yes", lambda: self._forget(idea.name))]))

    def _forget(self, name: str) -> None:
        from postil_model.search.named import remove_query

        remove_query(self._screen.workspace.root, name)
        self._screen.show_ideas()
        self._screen.say(f"{name} is no longer kept", "good")

    def do_export(self) -> None:
        """Write the marked passages (or all) into a file."""
        found = self._screen.found
        if found is None or not found.hits:
            self._screen.say("nothing was found that could be written: / asks", "warn")
            return
        count = len(found.chosen())
        kinds: list[tuple[str, str, Kind]] = [("c", "CSV table", "csv"), ("m", "Markdown", "md")]
        choices = [Choice(key, text, lambda kind=kind: self._write(kind)) for key, text, kind in kinds]  # type: ignore[misc]
        self._screen.ask(Choose(f"write {counted(count, 'passage')} as", choices))

    def _write(self, kind: Kind) -> None:
        found = self._screen.found
        assert found is not None
        workspace = self._screen.workspace
        path = write_passages(workspace.root, found.passages(), found.query, kind, Consent(workspace.study))
        self._screen.say(f"● written: {path}{short_note(workspace.study)}", "good")

    def do_copy_quote(self) -> None:
        """Copy the words with their source."""
        screen = self._screen
        if screen.found is not None and screen.here is not None:
            one = screen.found.passage(screen.here)
            if not Consent(screen.workspace.study).quotes_in(one.transcript, one.start, one.end):
                raise PostilError("who speaks here did not agree to be quoted, so the words are not copied")
            screen.app.copy(f"“{one.text}” ({one.speaker}, {one.transcript}, turn {one.turn})")
            screen.say("copied (sent to the terminal, OSC 52); if paste stays empty, w writes a file")
