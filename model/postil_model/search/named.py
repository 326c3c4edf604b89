"""Named queries: ``queries.yaml`` at the study's root, a query by name, so that a question can be asked again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from postil_base.files.atomic import ABSENT, write_text
from postil_base.files.lock import study_lock
from postil_base.files.text import read_raw_text, sha256_text, unix_lines
from postil_base.ids import is_name
from postil_base.problem import Place, PostilError, Problem
from postil_base.yaml.edit import delete_entry, set_value
from postil_base.yaml.fields import Fields
from postil_base.yaml.places import load_map
from postil_model.search.corpus import Corpus
from postil_model.search.evaluate import search
from postil_model.search.query import QueryError, parse
from postil_study.study import Study

QUERIES_FILE = "queries.yaml"


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query with its name."""

    name: str
    query: str
    place: Place


def load_queries(text: str, path: str = QUERIES_FILE) -> tuple[dict[str, NamedQuery], list[Problem]]:
    """Read named queries, in the order of the file.

    >>> queries, problems = load_queries("crowd: find-ptm AND popularity\\n")
    >>> queries["crowd"].query, problems
    ('find-ptm AND popularity', [])
    """
    root, problems = load_map(text, path)
    fields = Fields(root, problems, "", Place(path, 1))
    found: dict[str, NamedQuery] = {}
    for key in root.keys() if root else ():
        if key.startswith("x-"):
            continue
        place = fields.at(key)
        if not is_name(key):
            message = f"{key!r} cannot name a query; use a-z, 0-9, `.` and `-`."
            problems.append(Problem(place, message, "bad-id"))
        found[key] = NamedQuery(key, " ".join(fields.text(key).split()), place)
    return found, problems


def read_queries(root: Path) -> tuple[dict[str, NamedQuery], list[Problem]]:
    """The named queries of a study; none without the file."""
    text = _text(root)
    return load_queries(unix_lines(text)) if text is not None else ({}, [])


def named_query(root: Path, name: str) -> str:
    """The query of that name."""
    queries, _ = read_queries(root)
    if not queries:
        raise PostilError("no query is saved yet; save one with: postil search --save NAME QUERY.")
    if name not in queries:
        raise PostilError(f"{QUERIES_FILE}: there is no query {name!r}; saved are {', '.join(queries)}.")
    return queries[name].query


def save_query(root: Path, name: str, query: str) -> None:
    """Write a query under a name, over the one that had it; everything else in the file stays as it is."""
    if not is_name(name):
        raise PostilError(f"{name!r} cannot name a query; use a-z, 0-9, `.` and `-`.")
    parse(query)
    with study_lock(root):
        before = _text(root)
        after = set_value(before or "", [name], query, path=QUERIES_FILE)
        _write(root, before, after)


def remove_query(root: Path, name: str) -> None:
    """Take a named query out."""
    with study_lock(root):
        before = _text(root)
        _write(root, before, delete_entry(before or "", [name], path=QUERIES_FILE))


def _text(root: Path) -> str | None:
    path = root / QUERIES_FILE
    return read_raw_text(path) if path.is_file() else None


def _write(root: Path, before: str | None, after: str) -> None:
    expect = ABSENT if before is None else sha256_text(before)
    write_text(root / QUERIES_FILE, after, expect=expect, root=root)


def check_queries(study: Study) -> list[Problem]:
    """Named queries that cannot be read, or name codes that are not in the codebook."""
    queries, problems = read_queries(study.root)
    bare = Corpus({}, (), study.codebook, study.settings.participants)
    return [*problems, *(p for query in queries.values() for p in _check(query, bare))]


def _check(query: NamedQuery, corpus: Corpus) -> list[Problem]:
    try:
        search(query.query, corpus)
    except QueryError as error:
        return [Problem(query.place, f"query {query.name}: {error}", "bad-query")]
    return []
