"""The query language, from text to a tree.

A query is made of terms joined by ``AND`` (also by mere juxtaposition), ``OR``, ``NOT``, ``NEAR`` and parentheses:

* ``find-ptm``, ``selection/find-ptm``: segments with that code; ``selection/*``: with any code below;
* ``"the downloads"``: those words, whatever their case and quotes; ``/down(load|s)/``: a regular expression;
* ``goes-back-to`` and the other relation types: the segments a relation joins;
* ``coder:ana``, ``participant:E01``, ``transcript:I01``, ``role:interviewer``, ``mode:deny``, ``memo:word``,
  ``question:attributes``, ``unsure:yes`` and any participant attribute (``org_size:small``): filters;
* ``interviewer``, ``participant``: short for ``role:…``.

>>> parse("find-ptm AND popularity")
And(parts=(Name(text='find-ptm'), Name(text='popularity')))
>>> parse("evaluate NEAR/2turns goes-back")
Near(left=Name(text='evaluate'), right=Name(text='goes-back'), distance=2, unit='turn')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from postil_base.plural import counted
from postil_base.problem import PostilError

NearUnit = Literal["turn", "sentence", "word", "char"]

UNITS: dict[str, NearUnit] = {
    "turn": "turn",
    "turns": "turn",
    "sentence": "sentence",
    "sentences": "sentence",
    "word": "word",
    "words": "word",
    "char": "char",
    "chars": "char",
    "character": "char",
    "characters": "char",
}
MAX_DEPTH = 60
LONGEST = 20_000
KINDS = ("open", "close", "near", "operator", "field", "words", "regex", "name")


@dataclass(frozen=True, slots=True)
class Name:
    """A code, a relation type or a role, by name; which of them is settled where codes are known."""

    text: str


@dataclass(frozen=True, slots=True)
class WordsTerm:
    """Words to be found in what was said."""

    text: str
    regex: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A filter ``key:value``."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class And:
    """Passages on which all parts meet."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Passages of any part."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What the part does not touch."""

    part: Query


@dataclass(frozen=True, slots=True)
class Near:
    """Passages of both sides at most ``distance`` units apart; the result runs from the first to the last."""

    left: Query
    right: Query
    distance: int
    unit: NearUnit


Query = Name | WordsTerm | Field | And | Or | Not | Near


class QueryError(PostilError):
    """A query that cannot be read; the message names the place in it."""


TOKEN = re.compile(
    r"""\s*(?:
      (?P<open>\() | (?P<close>\)) |
      (?P<near>NEAR(?:/(?P<n>\d{1,6})(?P<unit>[a-z]*))?(?=[\s(]|$)) |
      (?P<operator>AND|OR|NOT)(?=[\s()]|$) |
      (?P<field>[^\s():"/]+):(?:"(?P<quoted_value>[^"]*)"|(?P<value>[^\s()"]+)) |
      "(?P<words>[^"]*)" | /(?P<regex>(?:\\.|[^/\\])+)/ |
      (?P<name>[^\s()"]+)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int
    match: re.Match[str]


def parse(text: str) -> Query:
    """Read a query.

    Raises:
        QueryError: the query is empty or its operators and parentheses do not fit together.
    """
    if len(text) > LONGEST:
        raise QueryError(f"the query has {counted(len(text), 'character')}; up to {LONGEST:,} are read.")
    return _Parser(_tokens(text), text).whole()


def _tokens(text: str) -> list[_Token]:
    found, position = [], 0
    while text[position:].strip():
        match = TOKEN.match(text, position)
        if match is None:
            raise QueryError(f'the query cannot be read at {text[position:].strip()[:20]!r}: is a " or / not closed?')
        kind = next((k for k in KINDS if match[k]), "")
        if not kind:
            raise QueryError('there are no words between the quotes "".')
        found.append(_Token(kind, match[kind], match.start(kind), match))
        position = match.end()
    return found


class _Parser:
    """Recursive descent: OR binds loosest, then AND, NOT, NEAR."""

    def __init__(self, tokens: list[_Token], text: str) -> None:
        self.tokens, self.text, self.index, self.depth = tokens, text, 0, 0

    def whole(self) -> Query:
        if not self.tokens:
            raise QueryError('the query is empty. Name a code, or "words in quotes".')
        query = self.alternatives()
        if self.index < len(self.tokens):
            raise QueryError(f"there is a ) too many at {self.rest()!r}.")
        return query

    def rest(self) -> str:
        return self.text[self.tokens[self.index].at :][:20] if self.index < len(self.tokens) else "the end"

    def peek(self, kind: str, text: str = "") -> bool:
        if self.index >= len(self.tokens):
            return False
        token = self.tokens[self.index]
        return token.kind == kind and (not text or token.text == text)

    def take(self) -> _Token:
        if self.index >= len(self.tokens):
            raise QueryError("the query ends too early: a term is missing at its end.")
        self.index += 1
        return self.tokens[self.index - 1]

    def alternatives(self) -> Query:
        parts = [self.conjunction()]
        while self.peek("operator", "OR"):
            self.take()
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def conjunction(self) -> Query:
        parts = [self.negation()]
        while self.index < len(self.tokens) and not self.peek("close") and not self.peek("operator", "OR"):
            if self.peek("operator", "AND"):
                self.take()
            parts.append(self.negation())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def negation(self) -> Query:
        denied = 0
        while self.peek("operator", "NOT"):
            self.take()
            denied += 1
        if denied > MAX_DEPTH:
            raise QueryError(f"the query has {denied:,} NOT in a row; up to {MAX_DEPTH} are read.")
        query = self.proximity()
        for _ in range(denied):
            query = Not(query)
        return query

    def proximity(self) -> Query:
        left = self.primary()
        joined = 0
        while self.peek("near"):
            joined += 1
            if joined > MAX_DEPTH:
                raise QueryError(f"the query has more than {MAX_DEPTH} NEAR in a row.")
            left = self.near(left)
        return left

    def near(self, left: Query) -> Query:
        match = self.take().match
        unit = UNITS.get(match["unit"] or "turns")
        if unit is None:
            raise QueryError(f"NEAR cannot count in {match['unit']!r}; use turns, sentences, words or chars.")
        return Near(left, self.primary(), int(match["n"] or 1), unit)

    def primary(self) -> Query:
        token = self.take()
        if token.kind == "open":
            return self.parenthesis()
        if token.kind == "field":
            return Field(token.text, token.match["quoted_value"] or token.match["value"] or "")
        if token.kind in ("words", "regex"):
            return WordsTerm(token.text, token.kind == "regex")
        if token.kind == "name":
            return Name(token.text)
        raise QueryError(f"a term is missing before {token.text!r}.")

    def parenthesis(self) -> Query:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise QueryError("the query has too many parentheses inside each other.")
        inner = self.alternatives()
        if not self.peek("close"):
            raise QueryError("a ) is missing at the end of the query.")
        self.take()
        self.depth -= 1
        return inner
