"""Everything the app can do, said once: keys, help, command palette, hints and the documentation are made from this.

Keys are written as a person sees them (``s``, ``.``, ``ctrl+r``, ``g g`` for one after the other). A person's own keys
come from ``config.toml``, by the action's id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from postil_tui.shell.action import Action as Action
from postil_tui.shell.action import Context as Context
from postil_tui.shell.action import group as _group
from postil_tui.shell.actions_study import STUDY_ACTIONS
from postil_tui.shell.actions_team import TEAM_ACTIONS

ACTIONS: tuple[Action, ...] = (
    *_group(
        "everywhere",
        "Go to",
        ("help", "f1  ?", "Keys of where you are", "help"),
        ("transcripts", "f2  g d", "List of transcripts", "transcripts"),
        ("coding", "f3  g t", "Code the transcript"),
        ("codebook", "f4  g c", "Codebook"),
        ("quotes", "f5  g q", "Quotes of a code"),
        ("compare", "f6  g m", "Compare two coders"),
        ("overview", "f7  g y", "Overview of the study"),
        ("search_study", "f8  g f", "Search over the study"),
        ("themes", "g a", "Themes: what the codes add up to"),
        ("matrix", "g x", "Framework matrix: participants by themes"),
        ("guide", "g i", "Guide: which passage answers which question"),
        ("model", "g o  f10", "Decision model: from words to a figure"),
        ("memos", "g e", "Memos"),
        ("team", "g r", "Team: rounds, who codes what, how far"),
        ("recode", "g u", "What is to be looked at again after a change of the codebook"),
        ("conflicts", "g k", "Two versions of one thing: what is to be decided"),
        ("import_transcripts", "g v", "Import: take in transcripts, looked at first"),
        ("commands", "ctrl+p  :", "Everything by name"),
        ("tutorial", "g h", "Tutorial: five minutes at the keyboard"),
        ("theme", "f9", "Dark or light paper"),
        ("coder", "g w", "Work as another coder"),
        ("jump", "ctrl+o", "Jump to a part of the screen"),
        ("quit", "q  ctrl+q", "Leave (all is saved)"),
    ),
    *_group(
        "code",
        "Select",
        ("select_sentence", "s", "Select the sentence; again: add the next", "sentence"),
        ("unselect_sentence", "S", "Take one sentence back"),
        ("select_turn", "t", "Select the turn; again: add the next", "turn"),
        ("unselect_turn", "T", "Take one turn back"),
        ("select_exchange", "E", "Select question and answer"),
        ("select_clause", "p", "Select the clause; again: add the next"),
        ("grow", "+  =  ctrl+up", "Grow: word, clause, sentence, turn, exchange"),
        ("shrink", "-  ctrl+down", "Shrink"),
        ("free", "v", "Free selection: motions move its end"),
        ("other_end", "o", "Move the other end of the selection"),
        ("clear", "escape", "Select nothing"),
    ),
    *_group(
        "code",
        "Code",
        ("again", ".", "Code with the last code", "last code"),
        ("slot", "1  2  3  4  5  6  7  8  9", "Code with a quick slot"),
        ("pick", "c  enter", "Choose a code by name, or make a new one", "code…"),
        ("in_vivo", "i", "New code in the speaker's own words"),
        ("pick_with_memo", "C", "Choose a code, then write a memo"),
        ("mode", "d", "How it was meant: denied, hypothetical, wish, reported; unsure"),
        ("remove", "x  delete", "Remove a code here", "remove"),
        ("borders", "e", "Change the borders of the segment; enter keeps them"),
        ("memo", "m", "Memo on the segment", "memo"),
        ("memo_transcript", "M", "Memo on the transcript"),
        ("relate", "r", "Relation from this segment to another", "relation"),
        ("relations", "L", "Relations of the transcript: look, change, remove"),
        ("stray", "U", "Segments that a corrected text left behind: look, place, give up"),
        ("whole", "W", "Code the whole transcript"),
        ("undo", "u  ctrl+z", "Undo", "undo"),
        ("redo", "ctrl+r  ctrl+y", "Redo"),
        ("done", "D", "Mark the transcript as finished by you, or open it again"),
    ),
    *_group(
        "code",
        "Move",
        ("word_on", "w  ctrl+right", "Next word"),
        ("word_back", "b  ctrl+left", "Word before"),
        ("char_on", "l  right", "Next character"),
        ("char_back", "h  left", "Character before"),
        ("line_down", "j  down", "Line down"),
        ("line_up", "k  up", "Line up"),
        ("sentence_on", ")  alt+right", "Next sentence"),
        ("sentence_back", "(  alt+left", "Sentence before"),
        ("turn_on", "}  alt+down", "Next turn"),
        ("turn_back", "{  alt+up", "Turn before"),
        ("segment_on", "tab  ]", "Next coded segment"),
        ("segment_back", "shift+tab  [", "Coded segment before"),
        ("page_down", "pagedown  space", "Page down"),
        ("page_up", "pageup", "Page up"),
        ("half_down", "ctrl+d", "Half a page down"),
        ("half_up", "ctrl+u", "Half a page up"),
        ("first", "g g  ctrl+home", "To the start"),
        ("last", "G  ctrl+end", "To the end"),
        ("next_transcript", "g n", "Next transcript"),
        ("previous_transcript", "g p", "Transcript before"),
    ),
    *_group(
        "code",
        "Select with the arrows",
        ("extend_right", "shift+right", "Select a character more"),
        ("extend_left", "shift+left", "Select a character less"),
        ("extend_down", "shift+down", "Select a line more"),
        ("extend_up", "shift+up", "Select a line less"),
        ("extend_word_right", "ctrl+shift+right", "Select a word more"),
        ("extend_word_left", "ctrl+shift+left", "Select a word less"),
    ),
    *_group(
        "code",
        "Find and look",
        ("find", "/  ctrl+f", "Find in the transcript", "find"),
        ("find_next", "n  f3", "Next match (without a search: next segment)"),
        ("find_back", "N", "Match before"),
        ("filter", "f", "Show less or more: some turns, one code, other coders", "filter"),
        ("notes", "g s", "Show or hide notes that came with the source"),
        ("card", "K", "What this code means: definition, include, exclude"),
        ("copy", "y  ctrl+c", "Copy the quote with its question and source"),
        ("copy_to_file", "Y", "Write the quote into a file"),
        ("reload", "R", "Read again what changed outside"),
    ),
    *_group(
        "home",
        "Transcripts",
        ("open", "enter  o", "Open at the last place", "open"),
        ("import_transcripts", "i", "Take in transcripts", "import"),
        ("down", "j  down", "Down"),
        ("up", "k  up", "Up"),
        ("mark_done", "D", "Finished, or open again", "done"),
        ("memo_transcript", "m", "Memo on the transcript", "memo"),
        ("memo_participant", "p", "Memo on the participant"),
        ("memo_study", "M", "Memo on the study as a whole"),
    ),
    *_group(
        "codebook",
        "Codebook",
        ("down", "j  down", "Down"),
        ("up", "k  up", "Up"),
        ("code_quotes", "enter", "Quotes of the code", "quotes"),
        ("add", "a", "New code below this one", "add"),
        ("rename", "r", "Rename the code in all layers", "rename"),
        ("define", "d", "Write definition, use it when, not when, label, colour", "definition"),
        ("merge", "m", "Merge into another code", "merge"),
        ("move", "v", "Move below another code"),
        ("split", "s", "Split into finer codes; what carries it is to be looked at again"),
        ("delete", "x", "Delete the code from all layers"),
        ("undo_codebook", "u  ctrl+z", "Take the last change of the codebook back, also one of another day", "undo"),
        ("redo_codebook", "ctrl+r  ctrl+y", "Do again what was taken back"),
        ("edit", "e", "Open the file in your editor", "editor"),
        ("memo_code", "M", "Memo on the code"),
        ("lint", "!", "What the codebook lacks", "lint"),
    ),
    *_group(
        "compare",
        "Compare",
        ("next_difference", "n  tab", "Next disagreement", "next"),
        ("previous_difference", "N  shift+tab", "Disagreement before"),
        ("take_a", "1", "Take the first coder's", "take A"),
        ("take_b", "2", "Take the second coder's", "take B"),
        ("take_both", "3", "Take both", "both"),
        ("take_neither", "0", "Take neither", "neither"),
        ("take_shared", "4", "Re-cut: the words both marked", "re-cut"),
        ("take_span", "5", "Re-cut: from the first to the last word of both"),
        ("list_differences", "l", "All disagreements of the study, worst code first", "list"),
        ("take_agreed", "a", "Take over all that agrees", "agreed"),
        ("settle_note", "m", "Note on the decision", "note"),
        ("finish_consensus", "D", "The consensus of this transcript: finished, or open again", "done"),
        ("undo_settle", "u", "Undo", "undo"),
        ("line_down", "j  down", "Line down"),
        ("line_up", "k  up", "Line up"),
        ("page_down", "pagedown  space", "Page down"),
        ("page_up", "pageup", "Page up"),
        ("others", "c", "Choose the coders"),
        ("beside", "=", "The text twice beside each other, each with its coder's margin, or once", "two texts"),
    ),
    *_group(
        "overview",
        "Overview",
        ("next_view", "tab  l", "Next view", "next view"),
        ("previous_view", "shift+tab  h", "View before"),
        ("down", "j  down", "Down"),
        ("up", "k  up", "Up"),
        ("page_down", "pagedown  space", "Page down"),
        ("page_up", "pageup", "Page up"),
        ("walk", "enter", "Walk through the decision model"),
        ("other_way", "o", "Together: another way in which codes meet"),
        ("write_view", "w  e", "Write this view to files: text, CSV, and a picture where there is one", "write"),
    ),
    *_group(
        "model",
        "Walk",
        ("open_quotes", "enter", "Quotes behind the box or the arrow", "quotes"),
        ("walk_left", "left  h", "Left: onto the arrow there, then to the box behind it"),
        ("walk_right", "right  l", "Right"),
        ("walk_up", "up  k", "Up; on an arrow: the one above it"),
        ("walk_down", "down  j", "Down; on an arrow: the one below it"),
        ("next_node", "tab", "Next box", "next"),
        ("previous_node", "shift+tab", "Box before"),
        ("page_down", "pagedown  space", "Scroll down"),
        ("page_up", "pageup", "Scroll up"),
    ),
    *_group(
        "model",
        "Filter and look",
        ("threshold_up", "+  =", "Only what more participants say", "more people"),
        ("threshold_down", "-", "What fewer participants say, too", "fewer"),
        ("people", "p", "Count only some participants", "who"),
        ("kind", "v", "Kind of evidence: stated, inferred, order of talk, together"),
        ("arrangement", "o", "Stages side by side, or below each other"),
        ("memo_model", "m", "Memo on the box or the arrow", "memo"),
        ("work_list", "c", "Work list: what nobody has related yet", "work list"),
        ("export_model", "e  w", "Write the figure or its evidence into exports/", "export"),
    ),
    *_group(
        "evidence",
        "Quotes",
        ("jump_to", "enter", "Go to the place in the transcript", "go there"),
        ("down", "j  down  n", "Next quote", "next"),
        ("up", "k  up  N", "Quote before", "before"),
        ("next_person", "tab  }", "Next participant", "next person"),
        ("page_down", "pagedown  space", "Page down"),
        ("page_up", "pageup", "Page up"),
        ("copy_quote", "y  ctrl+c", "Copy the quote with its source", "copy"),
        ("back", "escape  backspace", "Back to the model", "back"),
    ),
    *STUDY_ACTIONS,
    *TEAM_ACTIONS,
)


def actions_of(context: Context) -> list[Action]:
    """The actions of a context, then those that work everywhere."""
    return [action for wanted in (context, "everywhere") for action in ACTIONS if action.context == wanted]


class KeyMap:
    """Keys of a context to actions, with sequences of keys."""

    def __init__(self, context: Context, own: Mapping[str, Iterable[str]] | None = None) -> None:
        self.context = context
        self._actions: dict[tuple[str, ...], str] = {}
        self._starts: set[tuple[str, ...]] = set()
        self._pending: tuple[str, ...] = ()
        self._keys: dict[str, tuple[str, ...]] = {}
        mine = own or {}
        here = actions_of(context)[::-1]
        # bound last wins: a person's own keys, then those of the place, then those that work everywhere
        for action in [*(one for one in here if one.id not in mine), *(one for one in here if one.id in mine)]:
            self._bind(action, tuple(mine.get(action.id, action.keys)))

    def _bind(self, action: Action, keys: tuple[str, ...]) -> None:
        self._keys[action.id] = keys
        for key in keys:
            parts = tuple(key.split(" "))
            self._actions[parts] = action.id
            self._starts.update(parts[:size] for size in range(1, len(parts)))

    @property
    def pending(self) -> str:
        """The keys pressed so far of a sequence."""
        return " ".join(self._pending)

    def press(self, key: str) -> str | None:
        """The action that a key completes; "" while a sequence goes on; None for a key that means nothing here."""
        pressed = (*self._pending, key)
        self._pending = ()
        if pressed in self._actions:
            return self._actions[pressed]
        if pressed in self._starts:
            self._pending = pressed
            return ""
        return "" if len(pressed) > 1 else None

    def keys(self, action: str) -> tuple[str, ...]:
        """The keys of an action."""
        return self._keys.get(action, ())

    def key(self, action: str) -> str:
        """The first key of an action, as it is shown."""
        keys = self.keys(action)
        return shown_key(keys[0]) if keys else ""


_SHOWN = {"pagedown": "PgDn", "pageup": "PgUp", "escape": "esc", "enter": "⏎", "tab": "⇥", "shift+tab": "⇤"}


def shown_key(key: str) -> str:
    """A key as a person reads it.

    >>> shown_key("f1"), shown_key("ctrl+r"), shown_key("g g"), shown_key("enter")
    ('F1', '^r', 'gg', '⏎')
    """
    if key in _SHOWN:
        return _SHOWN[key]
    if key[0] == "f" and key[1:].isdigit():
        return key.upper()
    return key.replace("ctrl+", "^").replace(" ", "")


def conflicts(own: Mapping[str, Iterable[str]]) -> list[str]:
    """What is wrong with a person's own keys: unknown actions, and keys that mean two things at once."""
    known = {action.id for action in ACTIONS}
    found = [f"there is no action {id_!r}" for id_ in own if id_ not in known]
    for context in {action.context for action in ACTIONS if action.context != "everywhere"}:
        taken: dict[str, str] = {}
        for action in actions_of(context):
            for key in own.get(action.id, ()):
                if key in taken:
                    found.append(f"{key!r} means both {taken[key]!r} and {action.id!r} ({context})")
                taken[key] = action.id
        found += _without_key(context, own, taken)
    return sorted(set(found))


def _without_key(context: Context, own: Mapping[str, Iterable[str]], taken: Mapping[str, str]) -> list[str]:
    """Actions that are left without any key because a person's own keys took them."""
    found = []
    for action in actions_of(context):
        left = [key for key in action.keys if taken.get(key, action.id) == action.id]
        if action.id not in own and not left:
            new = taken[action.keys[0]]
            found.append(f"{action.keys[0]!r} is now {new!r}, so {action.id!r} ({context}) has no key; give it one")
    return found
