"""Actions of working together: who codes what in which round, and what is to be looked at again."""

from __future__ import annotations

from postil_tui.shell.action import Action, group

TEAM_ACTIONS: tuple[Action, ...] = (
    *group(
        "team",
        "Team",
        ("assign_here", "space", "This coder codes this transcript in the round, or no longer", "assign"),
        ("open", "enter  o", "Open the transcript", "open"),
        ("next_round", "tab  ]", "Next round", "next round"),
        ("previous_round", "shift+tab  [", "Round before"),
        ("new_round", "n", "Plan and start a round", "new"),
        ("freeze", "f", "Freeze the round: copy what reliability is computed from", "freeze"),
        ("reveal", "v", "Reveal the round: the coders may see each other's work", "reveal"),
        ("mark_done", "D", "Your own transcript: finished, or open again"),
        ("recode", "c", "Walk through what is to be looked at again", "look again"),
        ("memo_round", "m", "Memo on the round"),
        ("cell_left", "h  left", "Coder before"),
        ("cell_right", "l  right", "Next coder"),
        ("down", "j  down", "Down"),
        ("up", "k  up", "Up"),
        ("page_down", "pagedown", "A page down"),
        ("page_up", "pageup", "A page up"),
    ),
    *group(
        "recode",
        "Look again",
        ("still_right", "space  y", "The code still holds: ticked off, on to the next", "still right"),
        ("not_any_more", "x  delete", "The code holds no longer: taken off the words", "take off"),
        ("another_code", "c", "Another code holds instead", "another…"),
        ("jump_to", "enter  o", "Go to the place in the transcript", "go there"),
        ("undo", "u  ctrl+z", "Take the last decision back", "undo"),
        ("next_open", "n  tab", "Next one that is not ticked off", "next"),
        ("everybody", "v", "Yours alone, or everybody's"),
        ("down", "j  down", "Down"),
        ("up", "k  up", "Up"),
        ("page_down", "pagedown", "A page down"),
        ("page_up", "pageup", "A page up"),
        ("passage_down", "J", "Scroll the passage"),
        ("passage_up", "K", "Scroll the passage back"),
        ("back", "escape", "Back to the team"),
    ),
    *group(
        "conflicts",
        "Two versions",
        ("take_mine", "1", "Mine stays, theirs goes", "mine"),
        ("take_theirs", "2", "Theirs is taken in place of mine", "theirs"),
        ("keep_both", "3", "Both stay, as two codings", "both"),
        ("jump_to", "enter  o", "Go to the place in the transcript", "go there"),
        ("undo", "u  ctrl+z", "Take the last decision back", "undo"),
        ("down", "j  down", "Down"),
        ("up", "k  up", "Up"),
        ("page_down", "pagedown  J", "Scroll both versions"),
        ("page_up", "pageup  K", "Scroll both versions back"),
    ),
)
