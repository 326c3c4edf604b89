"""Filters of a query: terms that say something of a hit in place of finding one."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches

from postil_model.search.corpus import Corpus
from postil_model.search.hits import Hit
from postil_model.search.query import And, Field, Name, Not, Or, Query, QueryError

Test = Callable[[Hit], bool]
ROLES = ("interviewer", "participant", "other")
OF_SEGMENTS = ("coder", "mode", "memo", "unsure", "round")
OF_PLACES = ("transcript", "participant", "role", "question")


def is_filter(query: Query) -> bool:
    """Whether the query only sifts, so that it needs passages from elsewhere."""
    if isinstance(query, Field):
        return True
    if isinstance(query, Name):
        return query.text in ROLES
    if isinstance(query, Not):
        return is_filter(query.part)
    if isinstance(query, And | Or):
        return all(is_filter(part) for part in query.parts)
    return False


def asks_of_segments(query: Query) -> bool:
    """Whether any filter in it asks about codings (coder, mode, memo …) and not just about places."""
    if isinstance(query, Field):
        return query.key.lower() in OF_SEGMENTS
    if isinstance(query, Not):
        return asks_of_segments(query.part)
    return isinstance(query, And | Or) and any(asks_of_segments(part) for part in query.parts)


def as_test(query: Query, corpus: Corpus) -> Test:
    """Turn a filter into a function of a hit."""
    if isinstance(query, Not):
        inner = as_test(query.part, corpus)
        return lambda hit: not inner(hit)
    if isinstance(query, And | Or):
        tests = [as_test(part, corpus) for part in query.parts]
        join = all if isinstance(query, And) else any
        return lambda hit: join(test(hit) for test in tests)
    if isinstance(query, Name):
        return _field("role", query.text, corpus)
    assert isinstance(query, Field)
    return _field(query.key.lower(), query.value, corpus)


def _field(key: str, value: str, corpus: Corpus) -> Test:
    wanted = value.casefold()
    if key in OF_SEGMENTS:
        return _segment_test(key, wanted)
    if key == "transcript":
        return lambda hit: hit.transcript.casefold() == wanted
    if key == "participant":
        return lambda hit: any(p.casefold() == wanted for p in corpus.participants_of(hit))
    if key == "role":
        return _role_test(wanted, corpus)
    if key == "question":
        return lambda hit: wanted in {q.casefold() for q in corpus.questions_of(hit)}
    return _attribute_test(key, wanted, corpus)


def _segment_test(key: str, wanted: str) -> Test:
    if key == "coder":
        return lambda hit: any(use.coder.casefold() == wanted for use in hit.uses)
    if key == "mode":
        return lambda hit: any(use.mode == wanted for use in hit.uses)
    if key == "round":
        return lambda hit: any(use.round.casefold() == wanted for use in hit.uses)
    if key == "memo":
        return lambda hit: any(wanted in use.segment.memo.casefold() for use in hit.uses)
    yes = wanted in ("yes", "true", "1")
    return lambda hit: bool(hit.uses) and any(use.segment.unsure for use in hit.uses) == yes


def _role_test(wanted: str, corpus: Corpus) -> Test:
    if wanted not in ROLES:
        raise QueryError(f"there is no role {wanted!r}; roles are interviewer, participant and other.")
    return lambda hit: wanted in corpus.roles_of(hit)


def _attribute_test(key: str, wanted: str, corpus: Corpus) -> Test:
    known = {name.casefold(): name for p in corpus.participants.values() for name in p.attributes}
    if key.casefold() not in known:
        names = [*OF_SEGMENTS, *OF_PLACES, *known]
        near = get_close_matches(key, names, n=1)
        hint = f" Did you mean {near[0]}:?" if near else f" Known are {', '.join(names)}."
        raise QueryError(f"there is nothing called {key!r} to filter by.{hint}")
    name = known[key.casefold()]
    having = {p.id for p in corpus.participants.values() if wanted in _texts(p.attributes.get(name))}
    return lambda hit: not having.isdisjoint(corpus.participants_of(hit))


def _texts(value: object) -> set[str]:
    many = value if isinstance(value, list | tuple) else [value]
    return {str(one).casefold() for one in many if one is not None}
