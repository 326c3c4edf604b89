"""Editing the codebook: every change shows what it touches before it is made, and can be taken back."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from postil_base.ids import is_name, suggest_name
from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_tui.code.session.book import Surgeon, touched
from postil_tui.code.session.line_edit import LineEdit
from postil_tui.code.session.pick import ROWS, Pick
from postil_tui.code.session.prompts import Ask, Choice, Choose
from postil_tui.widgets.memo_pane import MemoPane
from postil_tui.widgets.picker import Picker

if TYPE_CHECKING:
    from postil_codebook.changes.edit import Children
    from postil_study.history.codebook_changes import SurgeryPlan
    from postil_tui.codebook.screen import CodebookScreen

_HEADINGS = "the top level"


class Editing:
    """Changes of the codebook."""

    def __init__(self, screen: CodebookScreen) -> None:
        self._screen = screen

    @property
    def _surgeon(self) -> Surgeon:
        return Surgeon(self._screen.workspace.study, self._screen.workspace.clock)

    def _id(self) -> str:
        code = self._screen.code
        if code is None:
            raise PostilError("there is no code here yet; a adds one")
        return code.id

    # --- planning and carrying out -------------------------------------------------------------------------------

    def _plan(self, plan: Callable[[], SurgeryPlan], ask: bool = True) -> None:
        def planned() -> SurgeryPlan:
            self._screen.workspace.flush()
            return plan()

        self._screen.later(planned, self._confirm if ask else self._carry_out, "looking what this touches…")

    def _confirm(self, plan: SurgeryPlan) -> None:
        from postil_tui.shell.screens.confirm import ConfirmScreen

        def answered(yes: bool | None) -> None:
            if yes:
                self._carry_out(plan)

        self._screen.say("")
        self._screen.app.push_screen(ConfirmScreen(f"{plan.what}?", touched(plan), self._screen.ink), answered)

    def _carry_out(self, plan: SurgeryPlan) -> None:
        self._screen.later(
            lambda: self._surgeon.carry_out(plan), lambda what: self._carried_out(what, plan), "writing…"
        )

    def _carried_out(self, what: str, plan: SurgeryPlan) -> None:
        self._read_anew()
        keys = self._screen.keymap
        again = f" · {counted(plan.segments, 'segment')} to look at again ({keys.key('recode')})"
        waiting = again if plan.recode and plan.segments else ""
        self._screen.say(f"● {what}{waiting} · {keys.key('undo_codebook')} takes it back", "good")

    def do_undo_codebook(self) -> None:
        """Take the last change of the codebook back, also one of another day."""
        self._turned(self._surgeon.undo, "undone", "nothing to take back")

    def do_redo_codebook(self) -> None:
        """Do again what was taken back last."""
        self._turned(self._surgeon.redo, "done again", "nothing to do again")

    def _turned(self, turn: Callable[[], str | None], word: str, nothing: str) -> None:
        self._screen.workspace.flush()
        what = turn()
        if what is None:
            self._screen.say(nothing)
            return
        self._read_anew()
        self._screen.say(f"↶ {word}: {what}", "good")

    def _read_anew(self) -> None:
        self._screen.workspace.reopen()
        self._screen.app.codebook_changed()
        self._screen.count_anew()

    # --- the changes -------------------------------------------------------------------------------------------------

    def do_add(self) -> None:
        """A new code below the highlighted heading, beside the highlighted code."""
        code = self._screen.code
        parent = None if code is None else code.id if not code.codable else code.parent
        where = f"below {parent}" if parent else "at the top"
        self._screen.ask(Ask(f"new code {where}:", lambda name: self._add(name, parent)))

    def _add(self, name: str, parent: str | None) -> None:
        from postil_study.history.codebook_changes import add_code

        made = name.strip() if is_name(name.strip()) else suggest_name(name)
        if not made:
            raise PostilError("a code needs at least one letter or digit in its name")
        fields = {"label": name.strip(), "origin": "emergent"}
        self._plan(lambda: add_code(self._screen.workspace.root, made, fields, parent), ask=False)

    def do_rename(self) -> None:
        """Another id, in the book and in all layers."""
        from postil_study.history.codebook_changes import rename_code

        old = self._id()
        line = LineEdit()
        line.set(old)

        def rename(new: str) -> None:
            if new.strip() != old:
                self._plan(lambda: rename_code(self._screen.workspace.root, old, new.strip()))

        self._screen.ask(Ask(f"rename {old} to:", rename, line))

    def do_define(self) -> None:
        """Write what the code means, when to use it and when not; label and colour, too."""
        code = self._id()
        fields = [("d", "definition"), ("u", "include"), ("n", "exclude"), ("l", "label"), ("c", "color")]
        words = {"include": "use it when", "exclude": "not when", "color": "colour"}
        short = {"definition": "define", "include": "use it", "exclude": "not"}
        choices = [
            Choice(key, words.get(field, field), partial(self._write, code, field), short=short.get(field, ""))
            for key, field in fields
        ]
        self._screen.ask(Choose(f"write of {code}:", choices, short=f"{code}:"))

    def _write(self, code: str, field: str) -> None:
        from postil_study.history.codebook_changes import set_field

        before = str(getattr(self._screen.workspace.codebook.codes[code], field))

        def keep(text: str) -> None:
            words = " ".join(text.split())
            if words != " ".join(before.split()):
                self._plan(lambda: set_field(self._screen.workspace.root, code, field, words), ask=False)

        if field in ("label", "color"):
            line = LineEdit()
            line.set(before)
            self._screen.ask(Ask(f"{field} of {code}:", keep, line))
        else:
            self._screen.query_one(MemoPane).open(f"{field} of {code} · ctrl+s or esc keeps it", before, keep)

    def do_split(self) -> None:
        """Add finer codes beside this one; what carries it goes on the list to be looked at again."""
        from postil_study.history.codebook_changes import split_code

        code = self._id()

        def split(names: str) -> None:
            made = {suggest_name(name): {"label": name.strip()} for name in names.split(",") if suggest_name(name)}
            if len(made) < 1:
                raise PostilError("name the finer codes, with commas between them")
            self._plan(lambda: split_code(self._screen.workspace.root, code, made))

        self._screen.ask(Ask(f"split {code} into:", split, note="names, with commas between them"))

    def do_memo_code(self) -> None:
        """Write the memo of the code."""
        self._screen.write_memo(f"code:{self._id()}")

    def do_merge(self) -> None:
        """Merge into another code."""
        from postil_study.history.codebook_changes import merge_codes

        code = self._id()
        others = [other for other in self._screen.workspace.codebook.codes if other != code]
        root = self._screen.workspace.root
        self._pick(f"merge {code} into", others, lambda target: self._plan(lambda: merge_codes(root, [code], target)))

    def do_move(self) -> None:
        """Move below another code."""
        from postil_study.history.codebook_changes import move_code

        code = self._id()
        book, root = self._screen.workspace.codebook, self._screen.workspace.root
        below = set(book.subtree(code))
        others = [other for other in book.codes if other not in below and other != book.codes[code].parent]

        def pick() -> None:
            self._pick(f"move {code} below", others, lambda to: self._plan(lambda: move_code(root, code, to)))

        if book.codes[code].parent is None:
            pick()
            return
        top = Choice("t", _HEADINGS, lambda: self._plan(lambda: move_code(root, code, None)))
        self._screen.ask(Choose(f"move {code} to", [top, Choice("c", "below another code", pick)]))

    def do_delete(self) -> None:
        """Delete from the book and from all layers."""
        code = self._id()
        below = self._screen.workspace.codebook.children(code)
        if not below:
            self._delete(code, "refuse")
            return
        lift = Choice("l", "lift them to its place", lambda: self._delete(code, "lift"))
        too = Choice("d", "delete them, too", lambda: self._delete(code, "delete"))
        self._screen.ask(Choose(f"{code} has {counted(len(below), 'code')} below it:", [lift, too]))

    def _delete(self, code: str, children: Children) -> None:
        from postil_study.history.codebook_changes import delete_code

        root, clock = self._screen.workspace.root, self._screen.workspace.clock
        self._plan(lambda: delete_code(root, code, children, clock))

    def _pick(self, title: str, among: list[str], act: Callable[[str], None]) -> None:
        screen = self._screen
        pick = Pick(title, screen.workspace.codebook, act, among=among)
        y = max(min(screen.rows.index - screen.rows.top + 3, screen.size.height - ROWS - 8), 1)
        screen.query_one(Picker).open(pick, screen.ink, 4, y, {})
        screen.ask(pick)

    # --- the file ----------------------------------------------------------------------------------------------------

    def do_edit(self) -> None:
        """Open the file in the person's own editor and come back."""
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if not editor:
            raise PostilError("no editor is set; set EDITOR (for example EDITOR=nano) and try again")
        screen = self._screen
        screen.workspace.flush()
        path = screen.workspace.codebook.path
        try:
            with screen.app.suspend():
                changed = self._surgeon.edit(path, [*shlex.split(editor), str(screen.workspace.root / path)])
        except SuspendNotSupported as error:
            raise PostilError(f"no editor can be opened from here; change {path} beside Postil") from error
        except OSError as error:
            raise PostilError(f"{editor} cannot be started: {error.strerror}; set EDITOR to another one") from error
        self._read_anew()
        screen.say(*self._after_editor(path, changed))

    def _after_editor(self, path: str, changed: bool) -> tuple[str, str]:
        """What to say when the person is back from the editor."""
        wrong = [problem for problem in self._screen.workspace.study.problems() if problem.place.path == path]
        if wrong:
            return f"{self._screen.keymap.key('edit')} goes back to the editor: {wrong[0]}", "bad"
        undo = self._screen.keymap.key("undo_codebook")
        return (f"● {path} read again · {undo} takes the edit back", "good") if changed else (f"{path} unchanged", "")

    def do_lint(self) -> None:
        """What the codebook lacks."""
        from postil_tui.shell.code_counts import lint
        from postil_tui.shell.screens.remarks import RemarksScreen

        screen = self._screen
        remarks = lint(
            screen.workspace.codebook, screen.counts, screen.workspace.coder if screen.workspace.hidden() else ""
        )
        if not remarks:
            screen.say("nothing to remark: every code is defined and used", "good")
            return
        screen.app.push_screen(RemarksScreen(remarks, screen.ink), self._go_to)

    def _go_to(self, code: str | None) -> None:
        ids = [known.id for known in self._screen.codes]
        if code in ids:
            self._screen.rows.go(ids.index(code))
