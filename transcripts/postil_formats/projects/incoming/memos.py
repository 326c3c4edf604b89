"""Notes, descriptions, links and graphs of a project as memos and relations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from postil_base.ids import new_id
from postil_base.problem import Remark
from postil_formats.projects.coding_marks import MARK_NAME
from postil_formats.projects.incoming.layers import LayersIn
from postil_formats.projects.incoming.people import CodersIn
from postil_formats.projects.incoming.texts import TextIn
from postil_formats.projects.outgoing.codings import ON_WHOLE
from postil_formats.projects.outgoing.notes import FINDING, ON_TEXT, note_facts
from postil_formats.projects.outgoing.project import THEME
from postil_formats.projects.refi import values as v
from postil_formats.projects.refi.guids import kept_or_stable
from postil_study.files.memos import KINDS, Memo
from postil_study.text.values import Relation

_RELATION = re.compile(
    r"(?:(?P<source>[a-z0-9][a-z0-9.-]*) )?(?P<type>leads-to|goes-back-to|influences|excludes)"
    r"(?: (?P<target>[a-z0-9][a-z0-9.-]*))?(?: \[(?P<guard>.*)\])?"
    r"(?: \((?P<mode>affirm|deny|hypothetical|wish|reported)\))?"
)


@dataclass
class MemosIn:
    """Memos to write, and relations to add."""

    project: v.Project
    codes: Mapping[str, str]
    texts: Mapping[str, TextIn]
    layers: LayersIn
    coders: CodersIn
    findings: frozenset[str]
    ours: bool
    today: str
    memos: list[Memo] = field(default_factory=list)
    relations: dict[tuple[str, str], list[Relation]] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    def take(self) -> None:
        """Everything that is said about something."""
        about = self._about()
        for note in self.project.notes:
            self._note(note, about.get(note.guid, []))
        self._descriptions()
        left = [link for link in self.project.links if not self._relation(link)]
        self._listed(
            "Links",
            [self._said(link) for link in left],
            "links between things, of which relations are made only between passages",
        )
        for graph in self.project.graphs:
            if not self.ours:
                self._graph(graph)

    def _about(self) -> dict[str, list[str]]:
        """What refers to each note, as a memo says it: ``code:trust``, ``segment:…``."""
        found: dict[str, list[str]] = {}

        def add(notes: Iterable[str], what: str) -> None:
            for note in notes:
                if what not in found.setdefault(note, []):
                    found[note].append(what)

        for code in self.project.codes:
            add(code.notes, f"code:{self.codes[code.guid]}")
        for source in self.project.sources:
            if source.guid in self.texts:
                add(source.notes, f"transcript:{self.texts[source.guid].transcript.id}")
            for selection in source.selections:
                add(selection.notes, f"selection:{selection.guid}")
            for _, _, coding in self._codings_of(source):
                add(coding.notes, f"selection:{coding.guid}")
        add(self.project.note_refs, "study")
        return found

    def _codings_of(self, source: v.RefiSource) -> Iterator[tuple[v.RefiSource, None, v.RefiCoding]]:
        for selection in source.selections:
            yield from ((source, None, coding) for coding in selection.codings)
        yield from ((source, None, coding) for coding in source.codings)

    def _note(self, note: v.RefiNote, about: Sequence[str]) -> None:
        if self.ours and note.name.startswith(MARK_NAME):
            return
        if self.ours and note.name.removeprefix(FINDING) in self.findings:
            return
        if self.ours and note_facts(note.description).date is not None:
            note = replace(note, created=note_facts(note.description).date or "")
        if self.ours and note.name.startswith(ON_WHOLE):
            note = replace(note, description="")
        if note.passages and self._annotation(note):
            return
        owners = [self.layers.segment_of.get(what[10:]) for what in about if what.startswith("selection:")]
        segments = list(dict.fromkeys(owner for owner in owners if owner is not None))
        others = [what for what in about if not what.startswith("selection:")]
        own = self.ours and note.name.startswith(ON_WHOLE)
        if len(segments) == 1 and not others and (own or not self.ours) and self._on_segment(note, segments[0]):
            return
        if own and not segments and self._on_whole(note, others):
            return
        named = [*others, *(f"segment:{segment[2]}" for segment in segments)]
        self._memo(note, named or self._own_about(note))

    def _annotation(self, note: v.RefiNote) -> bool:
        """QualCoder's annotations count in the source that refers to them, not in their own words."""
        sources = [s.guid for s in self.project.sources if note.guid in s.notes]
        text = self.texts.get(sources[0]) if sources else None
        fits = [p for p in note.passages if text is not None and 0 <= p[0] < p[1] <= len(text.source.text or "")]
        if text is None or not fits:
            message = "no source refers to it, so the passage it is about is not known; kept as a memo"
            self.remarks.append(Remark(f"note {note.name or note.text[:40]}", message))
            return False
        for span in fits:
            self.layers.annotation(text, note, span)
        return True

    def _on_whole(self, note: v.RefiNote, about: Sequence[str]) -> bool:
        """What one of our coders wrote on a whole transcript without a code."""
        ids = {f"transcript:{text.transcript.id}": text for text in self.texts.values()}
        texts = [ids[what] for what in about if what in ids]
        for text in texts:
            self.layers.annotation(text, note, None)
        return bool(texts)

    def _on_segment(self, note: v.RefiNote, owner: tuple[str, str, str]) -> bool:
        """A memo of the coder of a segment stands on the segment itself."""
        words = _words(note)
        if note.user and self.coders.id_of(note.user) != owner[0]:
            return False
        return bool(words) and self.layers.add_memo(owner, words)

    def _own_about(self, note: v.RefiNote) -> list[str]:
        """What one of our own notes was about, as its description says."""
        named = note_facts(note.description).about if self.ours else ()
        return [what for what in named if what.partition(":")[0] in KINDS] if named else ["study"]

    def _memo(self, note: v.RefiNote, about: Sequence[str]) -> None:
        body = _words(note, ours=self.ours)
        named = note.name and (not self.ours or note.name.startswith(FINDING))
        if named and not body.startswith("#"):
            body = f"# {' '.join(note.name.split())}\n\n{body}"
        kind = note_facts(note.description).type if self.ours else ""
        author = self.coders.id_of(note.user) if note.user else ""
        self.add(about, author, note.created[:10], body, kind or "imported")

    def add(self, about: Sequence[str], author: str, date: str, body: str, kind: str = "imported") -> None:
        """A memo, unless it says nothing."""
        if body.strip():
            day = date if re.fullmatch(r"\d{4}-\d\d-\d\d", date) else self.today
            self.memos.append(Memo("", tuple(about) or ("study",), author, day, kind, body.strip() + "\n"))

    def _descriptions(self) -> None:
        for source in self.project.sources:
            own = self.ours and source.description.startswith(ON_TEXT)
            if source.description.strip() and not own and source.guid in self.texts:
                author = self.coders.id_of(source.user) if source.user else ""
                about = f"transcript:{self.texts[source.guid].transcript.id}"
                self.add([about], author, source.created[:10], source.description)
        if self.project.description.strip():
            self.add(["study"], "", self.project.created[:10], self.project.description)
        for transcript, user, words in self.layers.loose:
            self.add([f"transcript:{transcript}"], self.coders.id_of(user) if user else "", "", words)
        for case in self.project.cases:
            if case.description.strip() and case.name:
                self.add([f"participant:{case.name}"], "", "", case.description)
        for found in self.project.sets:
            if found.description.strip() and not (self.ours and found.name.startswith(THEME)):
                self.add(["study"], "", "", f"# Set {' '.join(found.name.split())}\n\n{found.description.strip()}")

    def _relation(self, link: v.Link) -> bool:
        """A link between passages of one coder in one transcript that says what it means is a relation."""
        ends = self.layers.segment_of.get(link.origin), self.layers.segment_of.get(link.target)
        match = _RELATION.fullmatch(link.name.strip())
        if ends[0] is None or ends[1] is None or ends[0][:2] != ends[1][:2] or match is None:
            return self.ours and link.name == "is about"
        key = ends[0][:2]
        made = Relation(
            self._relation_id(link),
            ends[0][2],
            ends[1][2],
            match["type"],  # type: ignore[arg-type]
            match["source"] or "",
            match["target"] or "",
            match["guard"] or "",
            mode=match["mode"] or "",  # type: ignore[arg-type]
            at=self.layers.now,
        )
        if not any(_same(made, other) for other in (*self.layers.before[key].relations, *self.relations.get(key, ()))):
            self.relations.setdefault(key, []).append(made)
        return True

    def _relation_id(self, link: v.Link) -> str:
        free = link.guid not in self.layers.taken and "#" not in link.guid and link.guid
        id_ = kept_or_stable(link.guid, "link", link.guid) if free else new_id(self.layers.taken)
        self.layers.taken.add(id_)
        return id_

    def _listed(self, title: str, lines: Sequence[str], why: str) -> None:
        if lines:
            body = f"# {title} of {self.project.name or 'the project'}\n\n" + "\n".join(f"* {line}" for line in lines)
            self.add(["study"], "", self.project.created[:10], body)
            self.remarks.append(Remark(title.lower(), f"{len(lines)} {why}; listed in a memo", lost=False))

    def _said(self, link: v.Link) -> str:
        return f"{self._name(link.origin)} → {self._name(link.target)}: {link.name or 'linked'}"

    def _name(self, guid: str) -> str:
        """What a GUID stands for, for a person to read."""
        if guid in self.project.code_of:
            return "/".join(self.project.code_path(guid))
        if guid in self.layers.segment_of:
            return f"segment {self.layers.segment_of[guid][2]}"
        if guid in self.project.note_of:
            return f"note {self.project.note_of[guid].name or guid}"
        source = next((source.name for source in self.project.sources if source.guid == guid), None)
        return source or guid

    def _graph(self, graph: v.Graph) -> None:
        """A drawn graph as Mermaid, which many programs draw again."""
        numbers = {vertex.guid: f"n{number}" for number, vertex in enumerate(graph.vertices, 1)}
        lines = ["```mermaid", "flowchart TD"]
        for vertex in graph.vertices:
            name = vertex.name or (self._name(vertex.represents) if vertex.represents else "")
            lines.append(f'    {numbers[vertex.guid]}["{_quoted(name)}"]')
        for edge in graph.edges:
            if edge.source in numbers and edge.target in numbers:
                label = f'|"{_quoted(edge.name)}"|' if edge.name else ""
                lines.append(f"    {numbers[edge.source]} -->{label} {numbers[edge.target]}")
        title = " ".join(graph.name.split()) or "graph"
        self.add(["study"], "", self.project.created[:10], "\n".join([f"# Graph: {title}", "", *lines, "```"]))
        self.remarks.append(Remark(f"graph {title}", "kept as a picture in words (Mermaid) in a memo", lost=False))


def _words(note: v.RefiNote, *, ours: bool = False) -> str:
    parts = (note.text,) if ours else (note.text.strip(), note.description.strip())
    return "\n\n".join(part for part in parts if part)


def _same(one: Relation, other: Relation) -> bool:
    return (one.source, one.source_code, one.target, one.target_code, one.type, one.guard) == (
        other.source,
        other.source_code,
        other.target,
        other.target_code,
        other.type,
        other.guard,
    )


def _quoted(text: str) -> str:
    return " ".join(text.split()).replace('"', "#quot;")
