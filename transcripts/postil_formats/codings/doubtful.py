"""Names of codes that can be read in two ways: ``advice/price``, ``advice?``, ``advice (3)``, ``advice -``.

A sign that is dropped to find a code would be dropped in silence, and ``-`` may be a denial. So what is not the name
of a code as it stands is a question; only a question mark behind a code of the book says that somebody is unsure.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from postil_formats.codings.sources.headings import MODES

_DOUBT = re.compile(r"(.*\w)\s*(?:\?+|\(\s?\?+\s?\)|\[\s?\?+\s?\])")
_FIGURE = re.compile(r"(.*\w)\s*[\[(]\s?([\d.,/%x×]{1,8}|[+±~*!–−-]{1,3})\s?[\])]")
_INSIDE = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
_SIGN = re.compile(r"([+±~*!¬^–−-]{1,3}\s*)?(\w.*[\w)\]])(\s*[+±~*!^–−-]{1,3})?")
_SPLIT = re.compile(r"\s*/\s*|\s+[+&–—-]\s+|\s*[·•\t]\s*|\s+(?:and|und|et|y)\s+")
_SURE_SPLIT = re.compile(r"/|·|•|\t")
_SEVERAL = re.compile(r"(?:\[[^\[\]]+\]\s*){2,}|(?:\([^()]+\)\s*){2,}")
_NONE = frozenset(
    [
        *("none", "n/a", "na", "nan", "null", "nil", "no code", "no codes", "not coded", "uncoded", "-", "–", "—", "."),
        *("keine", "kein code", "nicht codiert", "ohne code", "aucun", "aucune", "ninguno", "sin código"),
    ]
)
_DENIES = frozenset(
    [
        *("not", "no", "neg", "negative", "negativ", "nein", "nicht", "kein", "keine", "non", "against", "contra"),
        *("con", "pos", "positive", "positiv", "yes", "ja"),
    ]
)
_NO_SPLIT = re.compile(r"and/or|und/oder|et/ou|y/o|https?:|\b\w/\w\b|\b\w/|/\w\b|\d/\d", re.IGNORECASE)


def without_doubt(name: str, knows: Callable[[str], bool]) -> str:
    """The code's name without the question mark that says somebody is unsure; the name itself when it has none."""
    match = _DOUBT.fullmatch(name.strip())
    return match[1] if match is not None and not knows(name) and knows(match[1]) else name


def question_about(name: str, knows: Callable[[str], bool], *, whole: bool = False) -> str:
    """What to ask about a name; empty for one that is clear. ``knows``: whether a code is called so, sign for sign.

    ``whole``: the name is that of one code for sure (a program's, a column's). Then it is asked about only if the
    codebook has a code that is called so but for the signs.
    """
    asked = _question(name.strip(), knows)
    bare = re.sub(r"\s*[(\[][^()\[\]]*[)\]]|[^\w\s]", "", name).strip() or re.sub(r"[^\w\s]", "", name).strip()
    return "" if whole and (" path (" in asked or not knows(bare)) else asked


def _question(plain: str, knows: Callable[[str], bool]) -> str:
    if knows(plain):
        return ""
    if plain.casefold() in _NONE:
        return f"is {plain!r} a code of that name, or no code?"
    if (doubt := _DOUBT.fullmatch(plain)) is not None:
        return f"is {plain!r} a code of that name, or {doubt[1]!r} of which somebody is unsure?"
    if (figure := _FIGURE.fullmatch(plain)) is not None:
        return f"is {plain!r} a code of that name, or {figure[1]!r}, and {figure[2]!r} something else?"
    if (inside := _INSIDE.fullmatch(plain)) is not None:
        return f"is {plain!r} a code of that name, or {inside[1]!r}, and the brackets say something else?"
    signed = _SIGN.fullmatch(plain)
    if signed is not None and (signed[1] or signed[3]):
        sign = (signed[1] or signed[3]).strip()
        return f"is {plain!r} a code of that name, or {signed[2]!r} with {sign!r}, which may be a denial?"
    if (mode := _mode_beside(plain, knows)) != "":
        return f"is {plain!r} a code of that name, or a code with {mode!r} for its mode?"
    if _SEVERAL.fullmatch(plain):
        return f"is {plain!r} one code, or several in brackets of their own?"
    pieces = [piece for piece in _SPLIT.split(plain) if piece]
    slashed = _SURE_SPLIT.search(plain) is not None and len(plain.split()) <= 2 * len(pieces) + 1
    if len(pieces) > 1 and not _NO_SPLIT.search(plain) and (slashed or all(map(knows, pieces))):
        path = " > ".join(pieces)
        return f"is {plain!r} one code, {len(pieces)} codes, or a path ({path})?"
    return ""


def _mode_beside(plain: str, knows: Callable[[str], bool]) -> str:
    """A word that may tell the mode, before or behind a code of the book: ``price: deny``, ``not price``."""
    words = re.findall(r"[^\W_]+", plain)
    for word, rest in ((words[0], words[1:]), (words[-1], words[:-1])) if len(words) > 1 else ():
        if word.casefold() in MODES.keys() | _DENIES and (knows(" ".join(rest)) or knows("-".join(rest))):
            return str(word)
    return ""
