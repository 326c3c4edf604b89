"""How a segment is written in the margin and in the status line: codes, signs for modes, memos and relations."""

from __future__ import annotations

import re
from collections.abc import Sequence

from postil_codebook.values import Codebook
from postil_study.text.values import CodeUse, Relation, RelationMode, Segment
from postil_tui.text.cells import shown
from postil_tui.text.margin import MarginPiece

MODE_SIGNS = {"affirm": "", "deny": "✗ ", "hypothetical": "◇ ", "wish": "☆ ", "reported": "❝ "}
MODE_WORDS = {
    "affirm": "said so",
    "deny": "denied",
    "hypothetical": "hypothetical",
    "wish": "wished for",
    "reported": "reported of others",
}
RELATION_SIGNS = {"leads-to": "→", "goes-back-to": "↩", "influences": "⇢", "excludes": "⊘"}
RELATION_WORDS = {
    "leads-to": "leads to",
    "goes-back-to": "goes back to",
    "influences": "influences",
    "excludes": "excludes",
}
RELATION_MODES: dict[RelationMode, str] = {  # of a relation; empty: the mode of the passages it joins
    "": "as its passages are",
    "affirm": "said so, whatever its passages are",
    "deny": "denied",
    "hypothetical": "hypothetical",
    "wish": "wished for",
    "reported": "reported of others",
}
MODE_WORDS_SHORT = {"affirm": "said", "hypothetical": "what-if", "wish": "wish", "reported": "others"}
MODE_KEYS = {"affirm": "a", "deny": "d", "hypothetical": "h", "wish": "w", "reported": "r"}
RELATION_MODE_KEYS: dict[RelationMode, str] = {"": "p", "affirm": "a", "deny": "d", "hypothetical": "h"}
RELATION_MODE_KEYS |= {"wish": "w", "reported": "r"}
RELATION_KEYS = {"leads-to": "l", "goes-back-to": "b", "influences": "i", "excludes": "x"}
OTHER_SIGN = "┆"  # for the only other coder whose work is shown
MEMO_SIGN, UNSURE_SIGN = " ✎", " ?"
_DATED = re.compile(r"\A(.{1,60}?) \(\d{4}-\d\d-\d\d\):")  # how a note begins whose author and date are known
_NOTE = 120  # characters of a note that no margin is wider than


def use_text(use: CodeUse) -> str:
    """A code with the sign of its mode.

    >>> use_text(CodeUse("maintenance", "deny"))
    '✗ maintenance'
    """
    return MODE_SIGNS.get(use.mode, "") + shown(use.code)


def label_lines(
    segment: Segment, relations: Sequence[tuple[Relation, str]], coder: str = ""
) -> list[list[MarginPiece]]:
    """A segment's label: a line for each code, and below it one for each relation that starts at that code.

    ``coder`` is named where it is not one's own segment.
    """
    lines: list[list[MarginPiece]] = []
    known = set(segment.code_ids)
    for use in segment.uses:
        lines.append([MarginPiece(use_text(use), use.code, segment.id)])
        lines += [_relation(segment, one, target) for one, target in relations if one.source_code == use.code]
    if not lines:
        lines = [[MarginPiece(_note_words(segment) if segment.memo else "(no code)", "", segment.id)]]
    if coder:
        lines[0].insert(0, MarginPiece(f"{shown(coder)}{'' if coder == OTHER_SIGN else ':'} ", "", segment.id))
    signs = (UNSURE_SIGN if segment.unsure else "") + (MEMO_SIGN if segment.memo else "")
    if signs:
        lines[0].append(MarginPiece(signs, "", segment.id))
    return lines + [_relation(segment, one, target) for one, target in relations if one.source_code not in known]


def note_line(note: Segment) -> list[MarginPiece]:
    """A note that came with the source, in the margin: who wrote it and its words, as far as there is room.

    >>> [piece.text for piece in note_line(Segment("a", 0, 1, memo="Ana (2026-11-30): see\\nabove"))]
    ['┆ ✎ Ana: see above']
    """
    return [MarginPiece(f"{OTHER_SIGN}{MEMO_SIGN} {_note_words(note)}", "", note.id)]


def _note_words(note: Segment) -> str:
    """The words of a note without its date, on one line."""
    return shown(_DATED.sub(r"\1:", " ".join(note.memo.split())))[:_NOTE]


def _relation(segment: Segment, relation: Relation, target: str) -> list[MarginPiece]:
    """A relation's line; what nobody said in so many words stands in brackets."""
    return [MarginPiece(relation_text(relation, target), "", segment.id)]


def relation_text(relation: Relation, target: str) -> str:
    """Sign, target and condition; in brackets where no cue words say so.

    >>> relation_text(Relation("r", "a", "b", "leads-to", "x", "y", guard="poor"), "y")
    '(→ y [poor])'
    """
    sign = RELATION_SIGNS.get(relation.type, "→")
    guard = f" [{shown(relation.guard)}]" if relation.guard else ""
    words = f"{MODE_SIGNS.get(relation.mode, '')}{sign} {shown(target)}{guard}"
    return words if relation.cue else f"({words})"


def relation_target(relation: Relation, target: Segment | None) -> str:
    """The code a relation leads to, or the codes of the segment it leads to."""
    return relation.target_code or ("/".join(target.code_ids) if target else "?")


def described(segment: Segment, codebook: Codebook) -> str:
    """A segment's codes in words, with full paths and modes."""
    parts = []
    for use in segment.uses:
        path = codebook.code_path(use.code) if use.code in codebook.codes else f"{use.code} (not in the codebook)"
        parts.append(path if use.mode == "affirm" else f"{path} ({MODE_WORDS[use.mode]})")
    text = ", ".join(parts) or (f"note: {' '.join(segment.memo.split())}" if segment.memo else "no code")
    return shown(text + (" (unsure)" if segment.unsure else ""))
