"""W3C Web Annotations in JSON-LD: one annotation, a list, a page or a collection of them.

Tags become codes, comments the memo, replies are added to it; a link between two annotations tagged with one of our
types becomes a relation. A place is found by quote (with what stands before and behind), by position, or by both.
Contexts are never fetched: the names of the standard's own context are understood.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, get_args

from postil_base.problem import PostilError
from postil_formats.codings.sources.rows import CodingRow, CodingsTable, RelationRow, split_codes
from postil_formats.codings.sources.web_values import file_name, items, position, said, short_id, source_of, stem, tail
from postil_formats.texts.decoding import decode
from postil_study.text.values import RelationType

_TAGS = ("tagging", "classifying", "identifying", "highlighting")
_CHARS = re.compile(r"char=(\d{1,9}),(\d{1,9})")
_ALIASES = {"@id": "id", "@type": "type"}
MAX_DEPTH = 40

Annotation = Mapping[str, Any]


def read_web(data: bytes, name: str, *, coder: str = "", encoding: str = "") -> CodingsTable:
    """Read a file of annotations; ``coder`` is whose they are when they do not say so."""
    text = decode(data, name, encoding).text
    try:
        found = [*_annotations(json.loads(text), 0)]
    except (ValueError, RecursionError) as error:
        raise PostilError(f"{name} is not sound JSON: {error}.") from error
    if not found:
        raise PostilError(f"{name} holds no W3C Web Annotations (`type: Annotation` with a `target`).")
    return _AnnotationReader(name, coder).table(found)


def _annotations(value: Any, depth: int) -> Iterator[Annotation]:
    """Annotations wherever a list, a page, a collection or a graph may hold them."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _annotations(item, depth + 1)
    elif isinstance(value, dict):
        value = {_ALIASES.get(key, key): item for key, item in value.items()}
        value = _as_standard(value)
        has_body = "body" in value or "bodyValue" in value
        if "Annotation" in items(value.get("type")) or ("target" in value and has_body):
            yield value
        for key in ("items", "first", "@graph", "annotations", "rows"):
            yield from _annotations(value.get(key), depth + 1)


def _as_standard(value: dict[str, Any]) -> dict[str, Any]:
    """Hypothesis hands out ``tags``, ``text`` and ``user``, which the standard says as bodies and creator."""
    if "body" in value or "target" not in value or not isinstance(value.get("tags"), list):
        return value
    bodies = [{"type": "TextualBody", "purpose": "tagging", "value": tag} for tag in value["tags"]]
    if said(value.get("text")).strip():
        bodies.append({"type": "TextualBody", "purpose": "commenting", "value": value["text"]})
    user = said(value.get("user")).removeprefix("acct:").partition("@")[0]
    links = [{"id": reference} for reference in items(value.get("references"))[-1:]]
    made = {**value, "body": bodies, **({"creator": user} if user and "creator" not in value else {})}
    return {**made, "target": links} if links else made  # a reply speaks about the last one it refers to


class _AnnotationReader:
    def __init__(self, name: str, coder: str) -> None:
        self.name, self.coder = name, coder
        self.rows: dict[str, CodingRow] = {}  # by the annotation's full id
        self.relations: list[RelationRow] = []
        self.left: Counter[str] = Counter()

    def table(self, annotations: list[Annotation]) -> CodingsTable:
        """Annotations of texts first, so that replies and links find them."""
        known = {str(one["id"]) for one in annotations if one.get("id")}
        later = []
        for number, one in enumerate(annotations, 1):
            targets = [source_of(target) for target in items(one.get("target"))]
            if not targets:
                self.left["annotations of nothing were left"] += 1
            elif all(target in known for target in targets):
                later.append((number, one, targets))
            else:
                self._segments(number, one)
        for number, one, targets in later:
            self._about(number, one, targets)
        warnings = tuple(f"{count} {what}" for what, count in self.left.items())
        return CodingsTable(self.name, tuple(self.rows.values()), tuple(self.relations), warnings)

    def _segments(self, number: int, one: Annotation) -> None:
        codes, memo = _bodies(one)
        full = str(one.get("id") or f"_{number}")
        for place, target in enumerate(items(one.get("target")), 1):
            row = self._row(number, one, target, place)
            if row is not None:
                self.rows[full if place == 1 else f"{full} {place}"] = replace(row, codes=codes, memo=memo)

    def _row(self, number: int, one: Annotation, target: Any, place: int) -> CodingRow | None:
        found = _Selected(target)
        if not found.says_where and isinstance(target, dict) and target.get("selector"):
            self.left["places by selectors other than quote and position were left"] += 1
            return None
        id_, name = short_id(str(one.get("id") or "")), file_name(source_of(target))
        return CodingRow(
            number,
            self._who(number, one),
            transcript=name,
            participant=stem(name),
            id=f"{id_}.{place}" if id_ and place > 1 else id_,
            quote=found.exact,
            start=found.start,
            end=found.end,
            prefix=found.prefix,
            suffix=found.suffix,
        )

    def _who(self, number: int, one: Annotation) -> str:
        creator = next(iter(items(one.get("creator"))), "")
        if isinstance(creator, dict):
            named = (creator.get(key) for key in ("nickname", "name", "id", "@id"))
            creator = next((next(iter(items(name)), "") for name in named if name), "")
        who = tail(str(creator)) or self.coder
        if not who:
            raise PostilError(f"{self.name}: annotation {number} does not say who made it; say it with --coder.")
        return who

    def _about(self, number: int, one: Annotation, targets: list[str]) -> None:
        """An annotation of annotations: a link of two is a relation, a reply goes into the memo."""
        codes, memo = _bodies(one)
        kinds = (code.lower().replace("_", "-").replace(" ", "-") for code, _ in codes)
        kind = next((kind for kind in kinds if kind in get_args(RelationType)), "")
        ends = [self.rows[target] for target in targets if target in self.rows]
        words = "\n".join(filter(None, (memo, ", ".join(code for code, _ in codes))))
        if kind and len(ends) == 2 and all(end.id for end in ends):
            self.relations.append(_relation(number, kind, ends[0], ends[1], short_id(str(one.get("id") or "")), memo))
        elif len(ends) == 1 and words:
            joined = "\n".join(filter(None, (ends[0].memo, f"{self._who(number, one)}: {words}")))
            self.rows[next(target for target in targets if target in self.rows)] = replace(ends[0], memo=joined)
        else:
            self.left["annotations of other annotations have no place here and were left"] += 1


def _relation(number: int, kind: str, source: CodingRow, target: CodingRow, id_: str, memo: str) -> RelationRow:
    place = (source.transcript, source.participant)
    return RelationRow(number, source.coder, source.id, target.id, kind, *place, id_, memo=memo)


class _Selected:
    """What the selectors of a target say of its place."""

    def __init__(self, target: Any) -> None:
        self.exact = self.prefix = self.suffix = ""
        self.start: int | None = None
        self.end: int | None = None
        if isinstance(target, dict):
            for selector in items(target.get("selector")):
                self._take(selector, 0)
        elif match := _CHARS.search(said(target).partition("#")[2]):
            self.start, self.end = int(match[1]), int(match[2])

    @property
    def says_where(self) -> bool:
        return bool(self.exact) or (self.start is not None and self.end is not None)

    def _take(self, selector: Any, depth: int) -> None:
        if not isinstance(selector, dict) or depth > MAX_DEPTH:
            return
        kind = next(iter(items(selector.get("type") or selector.get("@type"))), "")
        if kind == "TextQuoteSelector":
            self.exact, self.prefix, self.suffix = (said(selector.get(key)) for key in ("exact", "prefix", "suffix"))
        elif kind == "TextPositionSelector":
            self.start, self.end = position(selector.get("start")), position(selector.get("end"))
        elif kind == "FragmentSelector" and (match := _CHARS.fullmatch(said(selector.get("value")))):
            self.start, self.end = int(match[1]), int(match[2])
        for finer in items(selector.get("refinedBy")):
            self._take(finer, depth + 1)


def _bodies(one: Annotation) -> tuple[tuple[tuple[str, str], ...], str]:
    """Codes with their modes, and the memo."""
    motivated = any(tail(str(motive)) in _TAGS for motive in items(one.get("motivation")))
    codes: list[tuple[str, str]] = []
    memo = [said(one.get("bodyValue"))]
    for body in _flat(one.get("body"), 0):
        words, purposes = _body(body)
        if any(purpose in _TAGS for purpose in purposes) or (not purposes and motivated):
            codes += split_codes(words)
        else:
            memo.append(words)
    return tuple(dict.fromkeys(codes)), "\n".join(filter(None, memo))


def _flat(bodies: Any, depth: int) -> Iterator[Any]:
    """Bodies one after the other, also those inside composites and choices; a purpose outside holds inside."""
    for body in items(bodies):
        inside = body.get("items") if isinstance(body, dict) else None
        if inside is None or depth > MAX_DEPTH:
            yield body
            continue
        for part in _flat(inside, depth + 1):
            outer = {"purpose": body["purpose"]} if "purpose" in body else {}
            yield {**outer, **part} if isinstance(part, dict) else part


def _body(body: Any) -> tuple[str, list[str]]:
    """The words of a body (or the last part of the address it names) and what they are for."""
    if not isinstance(body, dict):
        return tail(said(body)), []
    purposes = [tail(str(purpose)) for purpose in items(body.get("purpose"))]
    named = tail(said(body.get("source") or body.get("id") or body.get("@id")))
    return said(body.get("value")) or named, purposes
