"""Numbers with their nouns: 1 code, 2 codes, 1,200 categories."""

from __future__ import annotations

_IRREGULAR = {"is": "are", "was": "were", "has": "have"}


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number, thousands apart, with its noun in the right form.

    >>> counted(1, "code"), counted(2, "codebook entry"), counted(0, "box"), counted(1200, "cell")
    ('1 code', '2 codebook entries', '0 boxes', '1,200 cells')
    """
    return f"{number:,} {noun if number == 1 else plural or plural_of(noun)}"


def subject(number: int, noun: str, verb: str) -> str:
    """The same with the verb of a sentence, which is given as it stands after one.

    >>> subject(1, "row", "has"), subject(2, "passage", "is"), subject(3, "edge", "leads")
    ('1 row has', '2 passages are', '3 edges lead')
    """
    said = verb if number == 1 else _IRREGULAR.get(verb) or verb.removesuffix("s")
    return f"{counted(number, noun)} {said}"


def plural_of(noun: str) -> str:
    """The regular plural of a noun, or of the last word of several."""
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")
