"""Running a query over a corpus, one transcript after the other."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from fnmatch import fnmatchcase

from postil_base.patterns import compile_pattern
from postil_base.problem import PostilError
from postil_model.evidence.relation_modes import mode_of
from postil_model.search.corpus import Corpus
from postil_model.search.filters import ROLES, Test, as_test, asks_of_segments, is_filter
from postil_model.search.hits import Hit, Span, Use, both, near, ordered, without
from postil_model.search.query import And, Name, Near, Not, Or, Query, QueryError, WordsTerm, parse
from postil_study.text.units import sentences, words
from postil_study.text.values import Layer, Transcript

RELATION_TYPES = ("leads-to", "goes-back-to", "influences", "excludes")
RELATION_SHORT = {"goes-back": "goes-back-to", "leads": "leads-to"}
_APOSTROPHES, _QUOTES, _DASHES = "['’‘ʼ]", '["“”„«»]', "[-‐‑–—]"
FOLDED = {"'": _APOSTROPHES, "’": _APOSTROPHES, '"': _QUOTES, "“": _QUOTES, "”": _QUOTES, "-": _DASHES, "–": _DASHES}


def search(query: str | Query, corpus: Corpus, seconds: float = 10.0) -> list[Hit]:
    """All passages that answer the query, by transcript and position.

    Args:
        query: text of the query language of ``postil_model.search.query``, or its tree.
        corpus: what to search in.
        seconds: how long regular expressions may take, each of them in all.

    Raises:
        QueryError: the query cannot be read, or names a code or filter that does not exist.
        PostilError: a regular expression takes too long.
    """
    tree = parse(query) if isinstance(query, str) else query
    _check_names(tree, corpus)
    found: list[Hit] = []
    compiled: dict[WordsTerm, Spans] = {}
    for transcript in corpus.transcripts.values():
        found += _Run(corpus, transcript, compiled, seconds).hits(tree)
    return found


def _check_names(query: Query, corpus: Corpus) -> None:
    if isinstance(query, Name):
        codes_of(query.text, corpus)
    elif isinstance(query, And | Or):
        for part in query.parts:
            _check_names(part, corpus)
    elif isinstance(query, Not):
        _check_names(query.part, corpus)
    elif isinstance(query, Near):
        _check_names(query.left, corpus)
        _check_names(query.right, corpus)


def codes_of(name: str, corpus: Corpus) -> frozenset[str]:
    """Codes meant by a name: one code, or for a glob every code it covers; empty for relations and roles.

    Raises:
        QueryError: there is no such code; the message names the nearest.
    """
    if name in ROLES or RELATION_SHORT.get(name, name) in RELATION_TYPES:
        return frozenset()
    book = corpus.codebook
    if name.endswith("/*") and (above := book.resolve(name[:-2])) is not None:
        return frozenset(book.subtree(above))
    if "*" in name or "?" in name:
        matched = {c for c in book.codes if fnmatchcase(c, name) or fnmatchcase(book.code_path(c), name)}
        if matched:
            return frozenset(matched)
    code = book.resolve(name)
    if code is None:
        close = get_close_matches(name, book.codes, n=1)
        hint = f" Did you mean {close[0]}?" if close else ""
        raise QueryError(f'there is no code {name!r}.{hint} To find the word itself write "{name}".')
    return frozenset([code])


Spans = Callable[[str, int, int], Iterable[Span]]


def word_spans(text: str, regex: bool, seconds: float) -> Spans:
    """Where words in quotes stand (case, kinds of quotes and dashes, white space do not matter), or a regex matches.

    The function takes a text and two places in it. A regular expression has so many seconds for all its searches.
    """
    if regex:
        try:
            return compile_pattern(text, seconds).spans
        except PostilError as error:
            raise QueryError(str(error)) from None
    parts = re.findall(r"\s+|.", text)
    pieces = (r"\s+" if part.isspace() else FOLDED.get(part, re.escape(part)) for part in parts)
    plain = re.compile("".join(pieces), re.IGNORECASE)
    return lambda words, start, end: (match.span() for match in plain.finditer(words, start, end))


class _Run:
    """A query on one transcript."""

    def __init__(
        self, corpus: Corpus, transcript: Transcript, compiled: dict[WordsTerm, Spans], seconds: float
    ) -> None:
        self.corpus, self.transcript = corpus, transcript
        self.compiled, self.seconds = compiled, seconds
        self.layers = corpus.layers_of(transcript.id)

    def hits(self, query: Query) -> list[Hit]:
        if is_filter(query):
            return self.sifted([query], self.segments() if asks_of_segments(query) else self.turns())
        if isinstance(query, Name):
            return self.named(query.text)
        if isinstance(query, WordsTerm):
            return self.worded(self.spans_of(query))
        if isinstance(query, Or):
            return ordered(hit for part in query.parts for hit in self.hits(part))
        if isinstance(query, Not):
            return without(self.turns(), self.hits(query.part))
        if isinstance(query, Near):
            return near(self.hits(query.left), self.hits(query.right), query.distance, self.placing(query.unit))
        assert isinstance(query, And)
        return self.conjunction(query)

    def conjunction(self, query: And) -> list[Hit]:
        """Filters sift each part on its own, so that ``a AND b AND coder:ana`` never meets another coder's words."""
        sieves: list[Query] = [part for part in query.parts if is_filter(part)]
        unwanted = [part.part for part in query.parts if isinstance(part, Not) and not is_filter(part)]
        wanted = [part for part in query.parts if not is_filter(part) and not isinstance(part, Not)]
        found = self.sifted(sieves, self.hits(wanted[0]) if wanted else self.turns())
        for part in wanted[1:] if found else ():
            found = both(found, self.sifted(sieves, self.hits(part)))
        for part_not in unwanted:
            found = without(found, self.hits(part_not))
        return found

    def sifted(self, sieves: list[Query], hits: list[Hit]) -> list[Hit]:
        tests: list[Test] = [as_test(sieve, self.corpus) for sieve in sieves]
        return [hit for hit in hits if all(test(hit) for test in tests)]

    def turns(self) -> list[Hit]:
        return [Hit(self.transcript.id, t.start, t.end) for t in self.transcript.turns if t.end > t.start]

    def segments(self) -> list[Hit]:
        return ordered(self.uses_where(lambda _code: True))

    def named(self, name: str) -> list[Hit]:
        relation = RELATION_SHORT.get(name, name)
        if relation in RELATION_TYPES:
            return ordered(hit for layer in self.layers for hit in self.related(layer, relation))
        return ordered(self.uses_where(self.corpus.meant_by(codes_of(name, self.corpus)).__getitem__))

    def uses_where(self, wanted: Callable[[str], bool]) -> Iterator[Hit]:
        for layer in self.layers:
            for segment in layer.segments:
                for one in segment.codes:
                    if wanted(one if isinstance(one, str) else one.code):
                        break
                else:
                    continue  # most segments: their codings need not be made first
                if segment.start is None or segment.end is None or segment.unanchored:
                    continue
                for use in segment.uses:
                    if wanted(use.code):
                        behind = Use(layer.header.coder, segment, use.code, use.mode, layer.header.round)
                        yield Hit(self.transcript.id, segment.start, segment.end, (behind,))

    def related(self, layer: Layer, relation: str) -> Iterator[Hit]:
        for link in layer.relations:
            if link.type != relation:
                continue
            mode = mode_of(link, layer.by_id.get(link.source), layer.by_id.get(link.target)).mode
            for end, code in ((link.source, link.source_code), (link.target, link.target_code)):
                segment = layer.by_id.get(end)
                if segment is not None and segment.start is not None and segment.end is not None:
                    behind = Use(layer.header.coder, segment, code, mode, layer.header.round)
                    yield Hit(self.transcript.id, segment.start, segment.end, (behind,))

    def spans_of(self, query: WordsTerm) -> Spans:
        """Compiled once for all transcripts, so that its time is one budget."""
        if query not in self.compiled:
            self.compiled[query] = word_spans(query.text, query.regex, self.seconds)
        return self.compiled[query]

    def worded(self, spans: Spans) -> list[Hit]:
        text = self.transcript.text
        return [
            Hit(self.transcript.id, start, end)
            for turn in self.transcript.turns
            for start, end in spans(text, turn.start, turn.end)
            if end > start
        ]

    def placing(self, unit: str) -> Callable[[int, int], Span]:
        """How a span is placed when distances are counted in ``unit``."""
        if unit == "char":
            return lambda start, end: (start, end - 1)
        starts = [start for start, _ in self.units(unit)]

        def place(start: int, end: int) -> Span:
            return max(bisect_right(starts, start) - 1, 0), max(bisect_right(starts, max(start, end - 1)) - 1, 0)

        return place

    def units(self, unit: str) -> list[Span]:
        turns = self.transcript.turns
        if unit == "turn":
            return [(turn.label_start, turn.end) for turn in turns]
        split = sentences if unit == "sentence" else words
        return [span for turn in turns for span in split(self.transcript.text, turn.start, turn.end)]
