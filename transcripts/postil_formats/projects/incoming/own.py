"""Our own project into a study that is there already: layers come from the study's files in it, with all they hold.

Cues of relations, modes, `done` and the marks of the guide have no place in REFI-QDA. They are taken from the files in
the folder ``postil/`` as long as the project beside them is unchanged and the text is the same. What the study says
of a record stays; records it does not have are added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from postil_base.files.text import sha256_bytes
from postil_base.problem import Remark
from postil_formats.projects.code_words import fields_of
from postil_formats.projects.incoming.texts import TextIn
from postil_formats.projects.names import slug
from postil_formats.projects.outgoing.own_files import is_ours
from postil_formats.projects.refi import values as v
from postil_study.files.codings import ENDING, GUIDE_FOLDER, layer_path
from postil_study.files.codings import FOLDER as CODINGS
from postil_study.files.settings import SETTINGS_FILE
from postil_study.layers.file import read_layer
from postil_study.layers.values import make_layer, states, with_states
from postil_study.study import Study
from postil_study.text.values import CodeUse, Layer, LayerHeader, Relation, Segment

OURS = "Postil"
Plan = tuple[Layer, Layer]  # before and after


@dataclass
class OwnLayers:
    """The layers in a project of ours."""

    study: Study
    project: v.Project
    codes: Mapping[str, str]  # ids of the study's codes by GUID
    texts: Mapping[str, TextIn]
    coders: Mapping[str, str]  # the project's coders as the study calls them
    known: frozenset[str]  # all codes, those that come with the project included
    remarks: list[Remark] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.files = self.project.own_files if is_ours(self.project) else {}
        self._code = {_own_id(code): self.codes[code.guid] for code in self.project.codes if code.guid in self.codes}
        by_text = {text.transcript.text_sha256: text for text in self.texts.values()}
        self._ids = {
            path.rsplit("/", 1)[-1].removesuffix(".txt"): by_text[sha].transcript.id
            for path, data in self.files.items()
            if path.startswith("transcripts/") and path.endswith(".txt") and (sha := sha256_bytes(data)) in by_text
        }

    def merged(self, plans: Sequence[Plan]) -> list[Plan]:
        """The planned layers, those that the files hold taken from there; the marks of the guide behind them."""
        if not self.files:
            self._without()
            return list(plans)
        found = {(layer.header.coder, layer.header.transcript): layer for layer in self._layers()}
        made = [self._merged(before, after, found) for before, after in plans]
        self._behind()
        planned = {(after.header.coder, after.header.transcript) for _, after in plans}
        read_through = [layer for key, layer in found.items() if key not in planned]
        return [*made, *self._read_through(read_through), *self._guide()]

    def _read_through(self, layers: Iterable[Layer]) -> Iterator[Plan]:
        """Layers of people who read a transcript to the end and found nothing to code, which is a finding."""
        for layer in layers:
            coder, transcript = layer.header.coder, layer.header.transcript
            known = coder in self.study.settings.coders and self.study.layer(coder, transcript) is None
            if layer.header.done and known and not layer.segments and coder != GUIDE_FOLDER:
                yield make_layer(replace(layer.header, done=""), path=layer.path), layer

    def _merged(self, before: Layer, after: Layer, found: Mapping[tuple[str, str], Layer]) -> Plan:
        own = found.get((after.header.coder, after.header.transcript))
        here = states(before)
        if own is None or (here and not here.keys() & states(own).keys()):
            return before, after  # coded apart, or brought by another program under other ids
        new = {id_: state for id_, state in states(own).items() if id_ not in here}
        alive = {*before.by_id, *(own.by_id.keys() & new.keys())}
        new = {id_: s for id_, s in new.items() if not isinstance(s, Relation) or {s.source, s.target} <= alive}
        header = before.header if here else replace(after.header, done=own.header.done, extra=own.header.extra)
        round_ = own.header.round if not here and own.header.round in self.study.rounds else header.round
        merged = with_states(make_layer(replace(header, round=round_), path=after.path), {**here, **new})
        return before, merged

    def _layers(self) -> Iterator[Layer]:
        for path, data in self.files.items():
            if path.startswith(f"{CODINGS}/") and path.endswith(ENDING):
                layer = self._read(path, data)
                if layer is not None:
                    yield layer

    def _read(self, path: str, data: bytes) -> Layer | None:
        """A layer with the study's ids; None if its text is not here, or a code of it is not."""
        layer, problems = read_layer(data, path)
        transcript = self._ids.get(layer.header.transcript)
        if problems or transcript is None:
            return None
        is_guide = layer.header.coder == GUIDE_FOLDER
        coder = layer.header.coder if is_guide else self.coders.get(layer.header.coder, layer.header.coder)
        known = frozenset(question.id for question in self.study.settings.guide) if is_guide else self.known
        try:
            kept = [self._segment(segment, known, is_guide) for segment in layer.segments]
            relations = [self._relation(relation) for relation in layer.relations]
        except KeyError:
            return None
        header = replace(layer.header, coder=coder, transcript=transcript)
        return make_layer(header, kept, relations, layer.deleted, layer_path(coder, transcript))

    def _segment(self, segment: Segment, known: frozenset[str], is_guide: bool) -> Segment:
        uses = tuple(use if is_guide else self._use(use) for use in segment.codes)
        for use in uses:
            if (use.code if isinstance(use, CodeUse) else use) not in known:
                raise KeyError(use)
        return msgspec.structs.replace(segment, codes=uses)

    def _use(self, use: str | CodeUse) -> str | CodeUse:
        return CodeUse(self._of(use.code), use.mode) if isinstance(use, CodeUse) else self._of(use)

    def _of(self, code: str) -> str:
        return self._code.get(code, code)

    def _relation(self, relation: Relation) -> Relation:
        ends = (self._of(code) if code else "" for code in (relation.source_code, relation.target_code))
        source, target = ends
        return msgspec.structs.replace(relation, source_code=source, target_code=target)

    def _guide(self) -> Iterator[Plan]:
        """Which question each passage answers, where the study does not say it of a transcript yet."""
        own = {layer.header.transcript: layer for layer in self._layers() if layer.header.coder == GUIDE_FOLDER}
        free = [id_ for id_ in self._ids.values() if self.study.guide_layer(id_) is None]
        for transcript in free:
            if transcript in own:
                layer = own[transcript]
                yield make_layer(LayerHeader(GUIDE_FOLDER, transcript, "guide"), path=layer.path), layer
        marked = [own_id for own_id, id_ in self._ids.items() if id_ in free and id_ not in own]
        lost = [id_ for id_ in marked if f"{CODINGS}/{GUIDE_FOLDER}/{id_}{ENDING}" in self.files]
        if lost:
            message = "which question each passage answers: not all of these questions are in the study's guide"
            self.remarks.append(Remark(", ".join(lost), message))

    def _without(self) -> None:
        """A project of ours without its files, or with files of another state: what they would have held is said."""
        if self.project.origin.startswith(OURS) and self.project.sources:
            why = "was changed since" if self.project.own_files else "was written without the study's files (postil/)"
            message = f"the project {why}; REFI-QDA has no place for them"
            self.remarks.append(Remark("cues of relations, done, rounds, marks of the guide", message))

    def _behind(self) -> None:
        """Files that only a new study takes."""
        kinds: dict[str, int] = {}
        for path in self.files:
            if path.startswith("rounds/") or path in _named(self.study, self.files):
                kinds[path.split("/")[0]] = kinds.get(path.split("/")[0], 0) + 1
        if kinds:
            listed = ", ".join(f"{count} in {kind}" for kind, count in sorted(kinds.items()))
            message = f"the study has files of its own in their place ({listed}); --new DIR takes them along"
            self.remarks.append(Remark("files of rounds, process and findings", message))


def _named(study: Study, files: Mapping[str, bytes]) -> Iterable[str]:
    """The process, the findings and the settings in a project, as far as this study's are not the same."""
    settings = study.settings
    for path in ("codebook/process.yaml", "codebook/findings.yaml", settings.process, settings.findings, SETTINGS_FILE):
        here = study.root / path
        if path in files and not (path and here.is_file() and here.read_bytes() == files[path]):
            yield path


def _own_id(code: v.RefiCode) -> str:
    return str(fields_of(code.description).get("id") or slug(code.name))
