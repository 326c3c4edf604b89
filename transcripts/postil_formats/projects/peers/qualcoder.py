"""A QualCoder project (``data.qda`` in its folder): texts, categories and codes, codings by owner, memos, cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from postil_base.plural import counted, subject
from postil_base.problem import Remark
from postil_formats.projects.peers.database import Database, Row, made_guid, text, utc, whole
from postil_formats.projects.refi.markup import colour
from postil_formats.projects.refi.values import (
    Case,
    Project,
    RefiCode,
    RefiCoding,
    RefiNote,
    RefiSelection,
    RefiSource,
    Scalar,
    User,
    Value,
    Variable,
)

RULE = "code points in the stored text"
_TEXT_CODINGS = "code_text"
_OTHER_CODINGS = {"code_image": "areas of pictures and pages", "code_av": "stretches of recordings"}


def read_qualcoder(database: Database) -> Project:
    """Read a project of any version: columns that are not there yet are empty."""
    return _QualCoderReader(database).read()


@dataclass
class _QualCoderReader:
    database: Database
    remarks: list[Remark] = field(default_factory=list)
    notes: list[RefiNote] = field(default_factory=list)
    owners: dict[str, None] = field(default_factory=dict)
    born: str = ""

    def read(self) -> Project:
        """All of it."""
        head: Row = next(iter(self.database.rows("project")), {})
        self.born = text(head.get("date"))
        codes = tuple(_parents_first(self._codes()))
        known = {code.guid for code in codes}
        sources = tuple(self._source(row, known) for row in self.database.rows("source"))
        cases = tuple(self._case(row) for row in self.database.rows("cases"))
        self._journal()
        self._say_what_stays()
        return Project(
            origin=" ".join(f"QualCoder {text(head.get('about')).removeprefix('QualCoder')}".split()),
            created=utc(head.get("date")),
            description=text(head.get("memo")),
            users=tuple(User(_user(owner), owner) for owner in self.owners),
            codes=codes,
            variables=tuple(self._variables()),
            cases=cases,
            sources=sources,
            notes=tuple(self.notes),
            remarks=tuple(self.remarks),
        )

    def _guid(self, kind: str, number: object) -> str:
        """Of this very project: numbers start at 1 in each."""
        return made_guid("qualcoder", self.born, kind, number)

    def _codes(self) -> Iterator[RefiCode]:
        for row in self.database.rows("code_cat"):
            parent = whole(row.get("supercatid"))
            yield RefiCode(
                self._guid("category", row["catid"]),
                text(row.get("name")),
                self._guid("category", parent) if parent is not None else None,
                text(row.get("memo")),
                codable=False,
            )
        for row in self.database.rows("code_name"):
            above, category = whole(row.get("supercid")), whole(row.get("catid"))
            parent_guid = self._guid("code", above) if above is not None else None
            if parent_guid is None and category is not None:
                parent_guid = self._guid("category", category)
            yield RefiCode(
                self._guid("code", row["cid"]),
                text(row.get("name")),
                parent_guid,
                text(row.get("memo")),
                colour(text(row.get("color"))),
            )

    def _user(self, row: Row) -> str:
        owner = text(row.get("owner"))
        if not owner:
            return ""
        self.owners[owner] = None
        return _user(owner)

    def _source(self, row: Row, known: set[str]) -> RefiSource:
        name = text(row.get("name"))
        words = row.get("fulltext")
        fulltext = text(words).replace("\r\n", "\n").replace("\r", "\n") if words is not None else None
        rows = self.database.rows_of(_TEXT_CODINGS, "fid", row["id"])
        selections = tuple(self._selection(r, fulltext, name, known) for r in rows)
        agree = sum(
            s.span is not None and fulltext is not None and fulltext[slice(*s.span)] == s.name for s in selections
        )
        if fulltext is None and text(row.get("mediapath")):
            self.remarks.append(
                Remark(f"file {name}", "a picture, page or recording without a text; Postil codes text")
            )
        return RefiSource(
            self._guid("source", row["id"]),
            name,
            text=fulltext,
            description=text(row.get("memo")),
            user=self._user(row),
            created=utc(row.get("date")),
            selections=selections,
            notes=tuple(self._annotations(row)),
            values=self._values("file", row["id"]),
            rule=RULE,
            evidence=f"{agree} of {counted(len(selections), 'passage')} are the words QualCoder kept of them"
            if selections
            else "",
        )

    def _selection(self, row: Row, words: str | None, source: str, known: set[str]) -> RefiSelection:
        start, end = whole(row.get("pos0")) or 0, whole(row.get("pos1")) or 0
        kept, user = text(row.get("seltext")), self._user(row)
        what = f"passage {start}-{end} of {source}"
        code = self._guid("code", row.get("cid"))
        if code not in known:
            self.remarks.append(Remark(what, f"its code {row.get('cid')} is not in the codebook"))
            code = ""
        if row.get("important"):
            self.remarks.append(Remark(what, "marked as important, which has no place here"))
        return RefiSelection(
            self._guid("passage", row["ctid"]),
            start,
            end,
            kept,
            text(row.get("memo")),
            user,
            utc(row.get("date")),
            codings=(RefiCoding(self._guid("coding", row["ctid"]), code, user, utc(row.get("date"))),),
            span=self._span(start, end, words, kept, what),
        )

    def _span(self, start: int, end: int, words: str | None, kept: str, what: str) -> tuple[int, int] | None:
        if words is None:
            self.remarks.append(Remark(what, "it cannot be placed without a text"))
            return None
        if 0 <= start < end <= len(words) and (not kept or words[start:end] == kept):
            return start, end
        if len(kept) >= 10 and words.count(kept) == 1:
            self.remarks.append(Remark(what, "its position did not fit; found by the words QualCoder kept", lost=False))
            return words.index(kept), words.index(kept) + len(kept)
        inside = 0 <= start < end <= len(words)
        message = "its words are not those QualCoder kept; taken by its position: look at it"
        self.remarks.append(Remark(what, message if inside else "it lies outside the text", lost=not inside))
        return (start, end) if inside else None

    def _annotations(self, source: Row) -> Iterator[str]:
        for row in self.database.rows_of("annotation", "fid", source["id"]):
            if text(row.get("memo")):
                guid = self._guid("annotation", row["anid"])
                start, end = whole(row.get("pos0")) or 0, whole(row.get("pos1")) or 0
                passages = ((start, end),) if start < end else ()
                self.notes.append(
                    RefiNote(guid, "", text(row.get("memo")), "", self._user(row), utc(row.get("date")), passages)
                )
                yield guid

    def _journal(self) -> None:
        for row in self.database.rows("journal"):
            guid, entry = self._guid("journal", row["jid"]), text(row.get("jentry"))
            self.notes.append(RefiNote(guid, text(row.get("name")), entry, "", self._user(row), utc(row.get("date"))))

    def _case(self, row: Row) -> Case:
        texts = self.database.rows_of("case_text", "caseid", row["caseid"])
        return Case(
            self._guid("case", row["caseid"]),
            text(row.get("name")),
            text(row.get("memo")),
            values=self._values("case", row["caseid"]),
            sources=tuple(dict.fromkeys(self._guid("source", r.get("fid")) for r in texts)),
        )

    def _variables(self) -> Iterator[Variable]:
        for row in self.database.rows("attribute_type"):
            kind = "Float" if text(row.get("valuetype")) == "numeric" else "Text"
            name = text(row.get("name"))
            yield Variable(self._guid("variable", name), name, kind, text(row.get("memo")))

    def _values(self, of: str, number: int) -> tuple[Value, ...]:
        numeric = {text(r.get("name")) for r in self.database.rows("attribute_type") if r.get("valuetype") == "numeric"}
        found = []
        for row in self.database.rows_of("attribute", "id", number):
            name, value = text(row.get("name")), text(row.get("value"))
            if row.get("attr_type") == of and value:
                found.append(Value(self._guid("variable", name), _number(value) if name in numeric else value))
        return tuple(found)

    def _say_what_stays(self) -> None:
        if count := self.database.loose("code_text", "fid", "source"):
            self.remarks.append(Remark("table code_text", f"{count} codings are of no text that is there"))
        for table, what in _OTHER_CODINGS.items():
            if count := len(self.database.rows(table)):
                self.remarks.append(Remark(what, f"{count} codings; Postil codes text"))
        for table in ("graph", "stored_sql", "ris"):
            if count := len(self.database.rows(table)):
                self.remarks.append(Remark(f"table {table}", f"{subject(count, 'entry', 'stays')} behind"))


def _parents_first(codes: Iterator[RefiCode]) -> Iterator[RefiCode]:
    """Codes in the order of a tree; one whose parent is not there stands at the top, and a ring is opened there."""
    found = {code.guid: code for code in codes}
    below: dict[str | None, list[RefiCode]] = {}
    for code in found.values():
        below.setdefault(code.parent if code.parent in found else None, []).append(code)
    done: set[str] = set()
    for top in (*below.get(None, []), *found.values()):
        waiting = [top]
        while waiting:
            code = waiting.pop()
            if code.guid not in done:
                done.add(code.guid)
                yield _at_top(code) if code is top else code
                waiting += below.get(code.guid, [])[::-1]


def _at_top(code: RefiCode) -> RefiCode:
    return RefiCode(code.guid, code.name, None, code.description, code.color, code.codable, code.notes)


def _number(value: str) -> Scalar:
    try:
        number = float(value)
    except ValueError:
        return value
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _user(owner: str) -> str:
    return made_guid("qualcoder", "user", owner)
