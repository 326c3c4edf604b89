"""A Taguette project (.sqlite3): documents in HTML, tags with dotted paths, highlights counted in bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from uuid import UUID, uuid5

from postil_base.plural import subject
from postil_base.problem import PostilError, Remark
from postil_formats.projects.peers.database import Database, Row, made_guid, text, utc, whole
from postil_formats.projects.peers.html_text import HtmlText
from postil_formats.projects.refi.values import Project, RefiCode, RefiCoding, RefiSelection, RefiSource, User

_TAGS = UUID("51b2b2b7-27eb-4ecb-9d56-e75b0a0496c2")  # of tags in the codebooks that Taguette writes
_OWNERS = (
    ("documents", "project_id", "projects"),
    ("highlights", "document_id", "documents"),
    ("highlight_tags", "highlight_id", "highlights"),
)
RULE = "UTF-8 bytes over the text of the HTML"


def read_taguette(database: Database, project: str = "") -> Project:
    """Read one project of a database; ``project`` names it when there are several (a server's database)."""
    chosen = _chosen(database, project)
    return _TaguetteReader(database, chosen).read()


def _chosen(database: Database, project: str) -> Row:
    found = database.rows("projects")
    if project:
        found = [row for row in found if project in (text(row.get("name")), text(row.get("id")))]
    if len(found) == 1:
        return found[0]
    names = ", ".join(repr(text(row.get("name"))) for row in database.rows("projects")[:10])
    if not found:
        raise PostilError(
            f"{database.name} holds no project{f' {project!r}' if project else ''}; it has: {names or 'none'}."
        )
    raise PostilError(f"{database.name} holds several projects ({names}); say which with --project NAME.")


class _TaguetteReader:
    def __init__(self, database: Database, project: Row) -> None:
        self.database, self.project = database, project
        self.remarks: list[Remark] = []
        self.tags = {row["id"]: text(row.get("path")) for row in self._of_project("tags")}

    def _of_project(self, table: str) -> list[Row]:
        return self.database.rows_of(table, "project_id", self.project["id"])

    def read(self) -> Project:
        """All of it."""
        authors = self._authors()
        sources = tuple(self._source(row, authors) for row in self._of_project("documents"))
        members = [text(row.get("user_login")) for row in self._of_project("project_members")]
        logins = dict.fromkeys([*members, *authors.values()])
        self._say_authors(sources)
        self._say_loose()
        return Project(
            name=text(self.project.get("name")),
            origin="Taguette",
            created=utc(self.project.get("created")),
            description=text(self.project.get("description")),
            users=tuple(User(_user(login), login) for login in logins),
            codes=tuple(self._codes()),
            sources=sources,
            remarks=tuple(self.remarks),
        )

    def _codes(self) -> Iterator[RefiCode]:
        """Tags by path, so that a tag stands after the one it is below of."""
        descriptions = {text(row.get("path")): text(row.get("description")) for row in self._of_project("tags")}
        for path in sorted(descriptions):
            yield RefiCode(_tag(path), path, _parent(path, descriptions), descriptions[path])

    def _authors(self) -> dict[int, str]:
        """Who set a highlight last, by the log of commands: highlights themselves belong to nobody."""
        found: dict[int, str] = {}
        for row in sorted(self._of_project("commands"), key=lambda row: whole(row.get("id")) or 0):
            try:
                payload = json.loads(text(row.get("payload")))
            except (ValueError, RecursionError):
                continue
            if isinstance(payload, dict) and payload.get("type") == "highlight_add":
                highlight = payload.get("highlight_id", payload.get("id"))
                if isinstance(highlight, int):
                    found[highlight] = text(row.get("user_login"))
        return found

    def _say_loose(self) -> None:
        """What belongs to nothing that is there."""
        for table, key, owner in _OWNERS:
            if count := self.database.loose(table, key, owner):
                self.remarks.append(
                    Remark(f"table {table}", f"{subject(count, 'entry', 'belongs')} to nothing in {owner}")
                )

    def _say_authors(self, sources: tuple[RefiSource, ...]) -> None:
        codings = [coding for source in sources for selection in source.selections for coding in selection.codings]
        unknown = sum(not coding.user for coding in codings)
        if codings and unknown < len(codings):
            message = "Taguette does not say who coded; whoever set a highlight last in its log counts as its coder"
            self.remarks.append(Remark("coders", message, lost=False))
        if unknown:
            self.remarks.append(Remark("coders", f"nobody is known for {unknown} codings", lost=False))

    def _source(self, row: Row, authors: Mapping[int, str]) -> RefiSource:
        name = text(row.get("name")) or text(row.get("filename"))
        page = HtmlText(text(row.get("contents")))
        highlights = sorted(self.database.rows_of("highlights", "document_id", row["id"]), key=_place)
        selections = tuple(self._selection(h, page, name, authors) for h in highlights)
        agree = sum(s.span is not None and _same(page.text[slice(*s.span)], s.name) for s in selections)
        return RefiSource(
            self._guid("document", row["id"]),
            name,
            text=page.text,
            description=text(row.get("description")),
            created=utc(row.get("created")),
            selections=selections,
            rule=RULE,
            evidence=f"{agree} of {len(selections)} highlights are the words Taguette kept of them"
            if selections
            else "",
        )

    def _selection(self, row: Row, page: HtmlText, source: str, authors: Mapping[int, str]) -> RefiSelection:
        start, end = _place(row)
        snippet = HtmlText(text(row.get("snippet"))).text.strip()
        user = _user(authors[row["id"]]) if authors.get(row["id"]) else ""
        span = (page.at(start), page.at(end, end=True)) if 0 <= start < end <= page.bytes else None
        what = f"highlight {start}-{end} of {source}"
        if span is None or (snippet and not _same(page.text[slice(*span)], snippet)):
            span = self._by_snippet(page.text, snippet, span, what)
        codings = self._codings(row, user, what)
        return RefiSelection(
            self._guid("highlight", row["id"]),
            start,
            end,
            snippet,
            user=user,
            codings=codings,
            span=span,
        )

    def _by_snippet(self, words: str, snippet: str, span: tuple[int, int] | None, what: str) -> tuple[int, int] | None:
        if snippet and words.count(snippet) == 1:
            start = words.index(snippet)
            self.remarks.append(Remark(what, "its position did not fit; found by the words Taguette kept", lost=False))
            return start, start + len(snippet)
        if span is None:
            self.remarks.append(Remark(what, "it lies outside the document and its words are not there"))
        else:
            message = "its words are not those Taguette kept of it; taken by its position: look at it"
            self.remarks.append(Remark(what, message, lost=False))
        return span

    def _codings(self, row: Row, user: str, what: str) -> tuple[RefiCoding, ...]:
        found = []
        for pair in self.database.rows_of("highlight_tags", "highlight_id", row["id"]):
            path = self.tags.get(pair["tag_id"])
            if path is None:
                self.remarks.append(Remark(what, f"its tag {pair['tag_id']} is not in the project"))
            guid = self._guid("coding", row["id"], pair["tag_id"])
            found.append(RefiCoding(guid, _tag(path) if path is not None else "", user))
        return tuple(found)

    def _guid(self, *parts: object) -> str:
        """Of this very project: numbers start at 1 in each."""
        return made_guid("taguette", self.project.get("created"), self.project["id"], *parts)


def _place(highlight: Row) -> tuple[int, int]:
    return whole(highlight.get("start_offset")) or 0, whole(highlight.get("end_offset")) or 0


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()) == " ".join(other.split())


def _tag(path: str) -> str:
    return str(uuid5(_TAGS, path)).upper()


def _parent(path: str, known: Mapping[str, str]) -> str | None:
    """The nearest tag above: ``a.b`` stands below ``a``, if there is one."""
    while "." in path:
        path = path.rpartition(".")[0]
        if path in known:
            return _tag(path)
    return None


def _user(login: str) -> str:
    return made_guid("taguette", "user", login)
