"""Quotation marks of all languages, turned into “ and ” sign by sign, so that every offset stays where it is."""

from __future__ import annotations

import re

# Opening and closing marks; “ closes what „ opened. Apostrophes inside words do not close a single quotation.
_PAIRS = (
    r"„(?P<de>[^„“”\"]{2,4000})[“”\"]",
    r"‚(?P<de1>(?:[^‚‘’]|(?<=\w)[‘’](?=\w)){2,4000})[‘’](?!\w)",
    r"«(?P<fr>[^«»]{2,4000})»",
    r"»(?P<de2>[^«»]{2,4000})«",
    r"»(?P<sv>[^«»]{2,4000})»",
    r"‹(?P<fr1>[^‹›]{2,4000})›",
    r"›(?P<de3>[^‹›]{2,4000})‹",
    r"「(?P<ja>[^「」]{2,4000})」",
    r"『(?P<ja1>[^『』]{2,4000})』",
    r"”(?P<fi>(?:(?!\n\n)[^“”]){2,4000})”",
    r"(?<![\w’])‘(?P<en>(?:[^‘’]|(?<=\w)’(?=\w)){2,4000})’(?!\w)",
)
_PLAIN = re.compile("“[^“”]{2,4000}”")
_ANY = re.compile("|".join((_PLAIN.pattern, *_PAIRS)))
_INNER = str.maketrans("“”", "‘’")


def curly(text: str) -> str:
    """The text with “ and ” for the outer marks of each quotation; marks inside it become single ones.

    >>> curly("„Das war so“, sagte sie. « Oui, oui » 「まず聞いた」 It’s ‘don’t ask me’.")
    '“Das war so”, sagte sie. “ Oui, oui ” “まず聞いた” It’s “don’t ask me”.'
    """
    return _ANY.sub(_marked, text)


def _marked(match: re.Match[str]) -> str:
    whole = match[0]
    if whole[0] == "“":
        return whole
    return f"“{whole[1:-1].translate(_INNER)}”"
