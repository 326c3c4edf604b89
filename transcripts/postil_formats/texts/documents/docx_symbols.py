"""Characters that Word stores by their place in a symbol font, as Unicode.

Places from Adobe's encoding of the font Symbol and from Microsoft's Wingdings; those Word writes by itself while one
types (arrows, smileys) and those of forms and bullets.
"""

from __future__ import annotations

import re

_GREEK = dict(
    zip(
        "ABGDEZHQIKLMNXOPRSTUFCYWabgdezhqiklmnxoprVstufcyw",
        "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρςστυφχψω",
        strict=True,
    )
)
_SYMBOL = {ord(letter): greek for letter, greek in _GREEK.items()} | {
    0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB3: "≥",
    0xB4: "×", 0xB5: "∝", 0xB6: "∂", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xC5: "⊕",
    0xC6: "∅", 0xC7: "∩", 0xC8: "∪", 0xCE: "∈", 0xD0: "∠", 0xD1: "∇", 0xD5: "∏", 0xD6: "√", 0xD7: "⋅", 0xD8: "¬",
    0xD9: "∧", 0xDA: "∨", 0xDB: "⇔", 0xDC: "⇐", 0xDD: "⇑", 0xDE: "⇒", 0xDF: "⇓", 0xE5: "∑", 0xF2: "∫",
}  # fmt: skip
_WINGDINGS = {
    0x22: "✂", 0x28: "☎", 0x2A: "✉", 0x36: "⌛", 0x3F: "✍", 0x41: "✌", 0x43: "👍", 0x44: "👎", 0x45: "☜", 0x46: "☞",
    0x47: "☝", 0x48: "☟", 0x49: "✋", 0x4A: "☺", 0x4B: "😐", 0x4C: "☹", 0x4D: "💣", 0x4E: "☠", 0x6C: "●", 0x6E: "■",
    0x6F: "□", 0x71: "❑", 0x72: "❒", 0x75: "◆", 0x76: "❖", 0x77: "⬥", 0x9E: "·", 0x9F: "•", 0xA7: "▪", 0xA8: "□",
    0xAB: "★", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE3: "↖", 0xE4: "↗", 0xE5: "↙", 0xE6: "↘",
    0xE7: "⬅", 0xE8: "➔", 0xEF: "⇐", 0xF0: "⇒", 0xF1: "⇑", 0xF2: "⇓", 0xF3: "⇔", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒",
    0xFE: "☑",
}  # fmt: skip
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS}


def symbol(font: str, place: str) -> str:
    """The character at a place (hexadecimal) of a font; one without a known counterpart keeps its private place.

    >>> symbol("Wingdings", "F0E0"), symbol("Symbol", "F061"), symbol("Segoe UI Emoji", "1F60A")
    ('→', 'α', '😊')
    """
    try:
        code = int(place[:8], 16)
        known = _FONTS.get(font.strip().lower(), {}).get(code & 0xFF if 0xF000 <= code <= 0xF0FF or code < 0x100 else 0)
        if known is None and 0xF020 <= code <= 0xF07E and font.strip().lower() not in _OF_PICTURES:
            known = chr(code & 0xFF)
        found = known or chr(code)
    except (ValueError, OverflowError):
        return "\ufffd"
    return found if found.isprintable() or 0xE000 <= ord(found) <= 0xF8FF else "\ufffd"


def symbols(font: str, text: str) -> str:
    """A text with what stands at private places of a symbol font as Unicode."""
    return re.sub("[\uf020-\uf0ff]", lambda match: symbol(font, f"{ord(match[0]):X}"), text)


_OF_PICTURES = frozenset({"wingdings", "wingdings 2", "wingdings 3", "webdings"})
