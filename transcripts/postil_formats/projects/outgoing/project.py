"""A study as a REFI-QDA project: what has a place there, and item by item what has none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from postil_base.problem import Remark
from postil_base.version import __version__
from postil_formats.projects.code_names import code_names, equal_names
from postil_formats.projects.code_words import colour_of, description_of
from postil_formats.projects.identity import Identity
from postil_formats.projects.names import fold
from postil_formats.projects.outgoing import notes as notes
from postil_formats.projects.outgoing.cases import GROUPS_KEY, Cases, listed, own_keys
from postil_formats.projects.outgoing.codings import CodingsOut
from postil_formats.projects.outgoing.copied_words import project_without
from postil_formats.projects.outgoing.graph import process_graph
from postil_formats.projects.refi.values import CodeSet, Project, RefiCode, RefiSource, User
from postil_study.privacy.consent.copied_words import free_words
from postil_study.privacy.consent.purposes import Consent
from postil_study.rounds.blind import hidden_layers
from postil_study.study import Study
from postil_study.text.values import Layer, Transcript

ORIGIN = f"Postil {__version__}"
THEME = "Theme: "
EQUAL_NAMES = "code name "


@dataclass(frozen=True, slots=True)
class ExportWishes:
    """What the person asked for."""

    coders: tuple[str, ...] = ()  # these alone; empty is everybody
    me: str = ""  # who exports: in a blind round the others' layers stay behind
    everything: bool = False  # also what participants did not agree to share, for the team's own use
    tell_apart: bool = False  # codes of one name go out by their paths


@dataclass(frozen=True)
class Outgoing:
    """A project on its way out."""

    project: Project
    remarks: tuple[Remark, ...]
    whole: bool  # nothing was held back, so that the study's own files may go along


def outgoing(study: Study, wishes: ExportWishes = ExportWishes()) -> Outgoing:
    """The project of a study."""
    return _Export(study, wishes).project()


class _Export:
    def __init__(self, study: Study, wishes: ExportWishes) -> None:
        self.study, self.wishes = study, wishes
        self.identity = Identity(study)
        self.consent = Consent(study, wishes.everything)
        self.names = code_names(study.codebook, apart=wishes.tell_apart)
        self.remarks: list[Remark] = []
        self.counts: Counter[str] = Counter()

    def project(self) -> Outgoing:
        """Everything, in the order of the standard."""
        study, identity = self.study, self.identity
        layers, hidden = self._layers()
        texts = [study.transcripts[id_] for id_ in study.transcripts if self.consent.shares(study.transcripts[id_])]
        codings = CodingsOut(study, identity, self.consent, layers, self.names)
        memos = notes.memos_out(study, identity, codings, {text.id for text in texts})
        cases = Cases(study, identity, codings, texts, self.consent)
        self._say_equal_names()
        findings = notes.findings_out(study, identity)
        sources = tuple(self._source(text, codings, memos, cases) for text in texts)
        self.remarks += [*self.consent.remarks(study), *codings.remarks(), *memos.remarks, *cases.remarks]
        self._say_what_stays(layers)
        project = Project(
            name=study.settings.title or study.settings.id or "Untitled",
            origin=ORIGIN,
            users=self._users(layers, memos.authors),
            codes=tuple(self._codes(memos)),
            variables=cases.variables,
            cases=cases.cases,
            sources=sources,
            notes=(*memos.notes, *codings.notes(), *findings.notes),
            note_refs=memos.refs_of("study", ""),
            links=(*codings.links(), *findings.links),
            sets=tuple(self._sets(memos, texts)),
            graphs=process_graph(study, identity),
        )
        free = free_words(study, self.consent.not_quoted)
        project = notes.named_and_dated(project_without(free, project))
        self.remarks += free.remarks()
        whole = not (hidden or self.wishes.coders or self.consent.withheld or self.consent.not_quoted)
        return Outgoing(project, tuple(self.remarks), whole)

    def _layers(self) -> tuple[list[Layer], bool]:
        """The layers that go out, and whether any was hidden by a blind round."""
        hidden = hidden_layers(self.study.rounds.values(), self.wishes.me)
        found, held = [], False
        for layer in self.study.layers():
            owner = (layer.header.coder, layer.header.transcript)
            if owner in hidden:
                held = True
                name = f"{owner[0]}'s coding of {owner[1]}"
                self.remarks.append(Remark(name, f"round {hidden[owner]} is blind and not revealed yet"))
            elif not self.wishes.coders or layer.header.coder in self.wishes.coders:
                found.append(layer)
        return found, held

    def _users(self, layers: list[Layer], authors: set[str]) -> tuple[User, ...]:
        names = {id_: coder.name or id_ for id_, coder in self.study.settings.coders.items()}
        wanted = [layer.header.coder for layer in layers] + sorted(authors)
        chosen = self.wishes.coders or tuple(names)
        ids = dict.fromkeys([*(id_ for id_ in names if id_ in chosen or id_ in wanted), *wanted])
        called = Counter(fold(names.get(id_, id_)) for id_ in ids)  # others know people by their names alone
        return tuple(
            User(self.identity.coder(id_), name if called[fold(name)] == 1 else f"{name} ({id_})", id_)
            for id_ in ids
            for name in [names.get(id_, id_)]
        )

    def _codes(self, memos: notes.MemosOut) -> list[RefiCode]:
        book = self.study.codebook
        made = []
        for code in book.codes.values():
            parent = self.identity.code(book.codes[code.parent]) if code.parent else None
            color = colour_of(code)
            if code.color and not color:
                self.remarks.append(Remark(f"code {code.id}", f"its colour {code.color!r} is no colour elsewhere"))
            made.append(
                RefiCode(
                    self.identity.code(code),
                    self.names[code.id],
                    parent,
                    description_of(code, self.names[code.id]),
                    color,
                    code.codable,
                    memos.refs_of("code", code.id),
                )
            )
        return made

    def _source(self, text: Transcript, codings: CodingsOut, memos: notes.MemosOut, cases: Cases) -> RefiSource:
        whole, whole_notes = codings.whole(text.id)
        selections = tuple(
            replace(s, notes=(*s.notes, *memos.refs_of_guid(s.guid))) for s in codings.selections(text.id)
        )
        return RefiSource(
            self.identity.transcript(text.id),
            text.id,
            text=self.consent.text(text),
            description=self._description(text, codings, memos),
            selections=selections,
            codings=whole,
            notes=(*memos.refs_of("transcript", text.id), *whole_notes),
            values=cases.of_transcript(text.id),
        )

    def _description(self, text: Transcript, codings: CodingsOut, memos: notes.MemosOut) -> str:
        """Words on a whole text. They hang on it as notes, too, but QualCoder drops notes on a text."""
        by_guid = {note.guid: note for note in (*memos.notes, *codings.notes())}
        refs = (*memos.refs_of("transcript", text.id), *codings.whole(text.id)[1])
        written = (f"{by_guid[ref].name}\n{by_guid[ref].text.strip()}" for ref in refs if ref in by_guid)
        parts = ["\n".join(codings.whole_marks(text.id)), *written]
        found = "\n\n".join(part for part in parts if part)
        return f"{notes.ON_TEXT}\n\n{found}" if found else ""

    def _say_equal_names(self) -> None:
        """Codes that programs which know a code by its name take for one."""
        for name, ids in equal_names(self.names).items():
            message = (
                f"{' and '.join(ids)} share this name; QualCoder, Taguette and qc keep one code of a name, so codings "
                f"get lost there. --tell-apart writes the path of each"
            )
            self.remarks.append(Remark(EQUAL_NAMES + name, message, lost=False))

    def _sets(self, memos: notes.MemosOut, texts: Sequence[Transcript]) -> list[CodeSet]:
        """Groups of the codebook, themes with their definition, and the sets of sources that texts came in with."""
        book = self.study.codebook
        made = []
        sources = self._sets_of_sources(texts)
        for group in book.groups.values():
            codes = tuple(self.identity.code(book.codes[code]) for code in group.codes)
            name = group.label or group.id
            guid = self.identity.of("group", group.id)
            made.append(CodeSet(guid, name, codes=codes, sources=tuple(sources.pop(name, ()))))
            self.counts["exclusive"] += group.exclusive
        made += [CodeSet(self.identity.of("sources", name), name, sources=tuple(ids)) for name, ids in sources.items()]
        for theme in self.study.themes:
            known = [code for name in theme.codes if (code := book.resolve(name)) is not None]
            codes = tuple(self.identity.code(book.codes[code]) for code in known)
            words = "\n\n".join(part.strip() for part in (theme.definition, theme.memo) if part.strip())
            guid = self.identity.of("theme", theme.id)
            refs = memos.refs_of("theme", theme.id)
            made.append(CodeSet(guid, THEME + (theme.label or theme.id), words, codes, notes=refs))
        return made

    def _sets_of_sources(self, texts: Sequence[Transcript]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for text in texts:
            for name in dict.fromkeys(map(str, listed(text.info.extra.get(GROUPS_KEY)))):
                found.setdefault(name, []).append(self.identity.transcript(text.id))
        return found

    def _say_what_stays(self, layers: list[Layer]) -> None:
        """What REFI-QDA has no place for."""
        done = sum(bool(layer.header.done) for layer in layers)
        stays: Mapping[str, int] = {
            "that a layer is done": done,
            "which question each passage answers (codings/_guide)": sum(1 for _ in self.study.layers("guide")),
            "coding rounds and their frozen copies": len(self.study.rounds),
            "that codes of a group exclude each other": self.counts["exclusive"],
            "ids of deleted records": sum(len(layer.deleted) for layer in layers),
            "keys of your own in transcripts.yaml": sum(len(own_keys(info)) for info in self.study.infos.values()),
        }
        self.remarks += [
            Remark(what, f"{count}, for which REFI-QDA has no place") for what, count in stays.items() if count
        ]
