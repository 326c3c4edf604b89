"""Units of talk: words, clauses and sentences as spans, by rules that have a version.

Words
    runs of letters, digits and marks; apostrophe, hyphen, full stop and the like count as part of a word when they
    stand between two such characters (``don't``, ``e.g``, ``pre-trained``); a Han character is a word of its own.
Sentences
    end at ``.``, ``!``, ``?``, ``…`` with closing quotes and brackets behind them when white space or the end follows,
    and at ``。！？`` whatever follows. A line feed ends every sentence. A full stop after an abbreviation, an initial
    or the number of a list item ends none, nor do three dots before a small letter, nor a closing quote before one.
Clauses
    are parts of sentences, ended by comma, semicolon or colon before white space, by dashes that stand alone or are
    long, and by ``，；：、``.

All functions return spans of the text given, in order, without the white space around them. Each rule looks at a
character a bounded number of times, so that no input makes it slow.
"""

from __future__ import annotations

import re

UNITS_VERSION = "1"

Span = tuple[int, int]

# Everything that is neither white space nor a mark of punctuation or a symbol may be part of a word. A class of what
# is excluded keeps the combining marks of all scripts in, which ``\w`` leaves out.
_NOT_WORD = (
    r"\s\x00-\x1f!-/:-@\[-^`{-\xa9\xab-\xb1\xb4\xb6-\xb8\xbb\xbf\xd7\xf7"
    r"\u037e\u0387\u055a-\u055f\u0589\u058a\u05be\u05c0\u05c3\u05c6\u05f3\u05f4\u0600-\u060f\u061b-\u061f\u066a-\u066d"
    r"\u06d4\u0964\u0965\u0970\u104a\u104b\u1361-\u1368\u166e\u17d4-\u17d6\u1800-\u180a"
    r"\u2000-\u200b\u200e-\u206f\u20a0-\u20cf\u2190-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u3030\u303d\u30fb"
    r"\ufe10-\ufe1f\ufe30-\ufe6f\ufeff\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\ufff0-\uffff"
    r"\U0001f000-\U0001faff"
)
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_HAN}]|[^{_NOT_WORD}{_HAN}]+(?:['’.@\-‐‑&+/\u00b7:][^{_NOT_WORD}{_HAN}]+)*")

# The look-behind lets a run of marks be tried once, at its start: a million dots stay a matter of milliseconds.
_SENTENCE_END = re.compile(
    r"(?<![.!?…。！？｡．])(?:[.!?…]++[\"'”’»›)\]}]*+(?=\s|\Z)|[.!?…]*+[。！？｡．][.!?…。！？｡．]*+[」』”’）\)\]]*+)|\n"
)
_CLAUSE_END = re.compile(r"[,;:][\"'”’»)\]]?(?=\s)|[，；：、]|(?<=\s)[-–](?=\s)|[—―]+")

_TITLES = ("mr", "mrs", "ms", "mx", "dr", "prof", "sr", "jr", "st", "rev", "gen", "sen", "rep", "gov", "capt", "lt")
_REFERENCES = ("cf", "vs", "viz", "fig", "figs", "eq", "eqs", "sec", "ch", "chap", "vol", "pp", "ed", "eds", "al")
_SHORT_FORMS = ("e.g", "i.e", "ca", "approx", "resp", "incl", "esp", "bzw", "z.b", "d.h", "u.a")
_NEVER_LAST = frozenset((*_TITLES, *_REFERENCES, *_SHORT_FORMS))
_LAST_BEFORE_CAPITAL = frozenset(
    ("etc", "a.m", "p.m", "inc", "ltd", "corp", "co", "u.s", "u.k", "e.u", "ph.d", "b.sc", "m.sc", "min", "max", "dept")
)


def words(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The words of ``text[start:end]``.

    >>> [text[a:b] for text in ["Don't re-use it, e.g. 3.5 GB (模型)."] for a, b in words(text)]
    ["Don't", 're-use', 'it', 'e.g', '3.5', 'GB', '模', '型']
    """
    piece = text[start:end]
    if start == 0:
        return [match.span() for match in _WORD.finditer(piece)]
    return [(match.start() + start, match.end() + start) for match in _WORD.finditer(piece)]


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of ``text[start:end]``.

    >>> text = 'Dr. Ruiz said "No." Then... nothing. 好。是吗？'
    >>> [text[a:b] for a, b in sentences(text)]
    ['Dr. Ruiz said "No."', 'Then... nothing.', '好。', '是吗？']
    """
    piece = text[start:end]
    found: list[Span] = []
    begin = 0
    for match in _SENTENCE_END.finditer(piece):
        if _goes_on(piece, begin, match):
            continue
        _add(found, piece, begin, match.end(), start)
        begin = match.end()
    _add(found, piece, begin, len(piece), start)
    return found


def clauses(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The clauses of ``text[start:end]``: its sentences, cut at commas and the like.

    >>> text = "If it fits, we take it; else we look on."
    >>> [text[a:b] for a, b in clauses(text)]
    ['If it fits,', 'we take it;', 'else we look on.']
    """
    found: list[Span] = []
    for sentence_start, sentence_end in sentences(text, start, end):
        piece = text[sentence_start:sentence_end]
        begin = 0
        for match in _CLAUSE_END.finditer(piece):
            _add(found, piece, begin, match.end(), sentence_start)
            begin = match.end()
        _add(found, piece, begin, len(piece), sentence_start)
    return found


def _add(found: list[Span], piece: str, begin: int, end: int, shift: int) -> None:
    """Add a span without the white space around it, if anything is left."""
    part = piece[begin:end]
    inner = part.strip()
    if inner:
        left = begin + len(part) - len(part.lstrip())
        found.append((left + shift, left + len(inner) + shift))


def _goes_on(piece: str, begin: int, match: re.Match[str]) -> bool:
    """Whether a mark found ends no sentence after all."""
    mark = match.group()
    if mark == "\n" or mark[0] in "。！？｡．":
        return False
    following = piece[match.end() : match.end() + 16].lstrip(" \t\"'“‘«‹([{")[:1]
    small = following.islower()
    if mark == ".":
        return _is_abbreviation(piece, begin, match.start(), following, small)
    if mark.startswith("..") or mark[0] == "…":
        return small
    return small and mark[-1] not in ".!?…"


def _is_abbreviation(piece: str, begin: int, stop: int, following: str, small: bool) -> bool:
    """Whether the full stop at ``stop`` belongs to an abbreviation, an initial or the number of a list item."""
    before = piece[max(begin, stop - 24) : stop].split()
    word = before[-1].lstrip("\"'“‘«‹([{") if before else ""
    if word.lower() in _NEVER_LAST:
        return True
    if word.lower() in ("no", "nos"):  # "No. I don't." against "no. 5"
        return following.isdigit()
    if word.lower() in _LAST_BEFORE_CAPITAL:
        return small
    if len(word) == 1 and word.isupper():
        return word != "I" and following.isupper()
    return word.isdigit() and not piece[begin : stop - len(word)].strip()
