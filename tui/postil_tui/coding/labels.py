"""How a segment is written in the margin and in the status line: codes, signs for modes, memos and relations."""

from __future__ import annotations

from collections.abc import Sequence

from postil_codebook.types import Codebook
from postil_transcripts.types import CodeUse, Relation, Segment
from postil_tui.text.cells import shown
from postil_tui.text.margin import Piece

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
MEMO_SIGN, UNSURE_SIGN = " ✎", " ?"


def use_text(use: CodeUse) -> str:
    """A code with the sign of its mode.

    >>> use_text(CodeUse("maintenance", "deny"))
    '✗ maintenance'
    """
    return MODE_SIGNS.get(use.mode, "") + shown(use.code)


def label_lines(segment: Segment, relations: Sequence[tuple[Relation, str]]) -> list[list[Piece]]:
    """A segment's label: a line for each code, then one for each relation that starts here, with its target."""
    lines = [[Piece(use_text(use), use.code, segment.id)] for use in segment.uses]
    if not lines:
        lines = [[Piece("(no code)", "", segment.id)]]
    signs = (UNSURE_SIGN if segment.unsure else "") + (MEMO_SIGN if segment.memo else "")
    if signs:
        lines[0].append(Piece(signs, "", segment.id))
    for relation, target in relations:
        guard = f" [{shown(relation.guard)}]" if relation.guard else ""
        text = f"{RELATION_SIGNS.get(relation.type, '→')} {shown(target)}{guard}"
        lines.append([Piece(text, "", segment.id)])
    return lines


def relation_target(relation: Relation, target: Segment | None) -> str:
    """The code a relation leads to, or the codes of the segment it leads to."""
    return relation.target_code or ("/".join(target.code_ids) if target else "?")


def described(segment: Segment, codebook: Codebook) -> str:
    """A segment's codes in words, with full paths and modes."""
    parts = []
    for use in segment.uses:
        path = codebook.code_path(use.code) if use.code in codebook.codes else f"{use.code} (not in the codebook)"
        parts.append(path if use.mode == "affirm" else f"{path} ({MODE_WORDS[use.mode]})")
    text = ", ".join(parts) or "no code"
    return shown(text + (" (unsure)" if segment.unsure else ""))
