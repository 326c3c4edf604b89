"""The files of a study as they may be given to everybody; a round's frozen copy is filtered in the same way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import msgspec

from postil_base.files.text import decode, read_bytes, sha256_text
from postil_base.problem import PostilError
from postil_base.yaml.edit import delete_entry, set_value
from postil_base.yaml.places import YamlMap, YamlScalar, YamlSeq, load_map
from postil_model.findings.computed import computed
from postil_model.release.examples import without_examples
from postil_model.release.terms import Terms
from postil_study.files.charts import FOLDER as CHARTS
from postil_study.files.charts import load_chart, with_cell
from postil_study.files.codings import ENDING
from postil_study.files.codings import FOLDER as CODINGS
from postil_study.files.manifest import MANIFEST_FILE
from postil_study.files.memos import FOLDER as MEMOS
from postil_study.files.memos import load_memo
from postil_study.files.settings import SETTINGS_FILE
from postil_study.files.texts import transcript_path
from postil_study.layers.file import encode_layer, read_layer_file
from postil_study.layers.values import make_layer
from postil_study.privacy.consent.copied_words import free_words
from postil_study.privacy.pseudonyms.folder import files_of
from postil_study.privacy.pseudonyms.yaml_names import replaced_yaml
from postil_study.rounds.frozen import copy_folder, format_sums
from postil_study.rounds.plan import SUMS_FILE, load_round, round_path
from postil_study.study import Study, open_study
from postil_study.text.values import Relation, Segment

_COMMENT = re.compile(r"[ \t]*#[^\n]*")
GIT_ATTRIBUTES = "* text=auto eol=lf\n"


@dataclass
class Released:
    """The files, and what was left out of them."""

    files: dict[str, bytes] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    segments: set[str] = field(default_factory=set)


def released_files(study: Study, terms: Terms, notes: bool = False) -> Released:
    """All files of the artifact; with ``notes`` also memos, charts and what coders noted on their segments."""
    made = _ReleaseFolder(study, terms, notes).made()
    for round_id, plan in study.rounds.items():
        path = round_path(round_id)
        text = _without_comments(decode(read_bytes(study.root / path), path), path)
        folder = copy_folder(round_id)
        if (study.root / folder / SUMS_FILE).is_file():
            copy = _ReleaseFolder(open_study(study.root / folder), terms, notes).made().files
            sums = format_sums(copy)
            made.files |= {f"{folder}/{name}": data for name, data in copy.items()}
            made.files[f"{folder}/{SUMS_FILE}"] = sums.encode("utf-8")
            text = set_value(text, ["sums_sha256"], sha256_text(sums), path=path)
        for coder, transcripts in plan.assignments.items():
            text = set_value(text, ["assignments", coder], [t for t in transcripts if terms.goes(t)], path=path)
        made.files[path] = text.encode("utf-8")
        load_round(text, path)
    made.files[".gitattributes"] = GIT_ATTRIBUTES.encode("utf-8")
    return made


class _ReleaseFolder:
    def __init__(self, study: Study, terms: Terms, notes: bool) -> None:
        self.study, self.terms, self.notes = study, terms, notes
        self.texts = {t.id: terms.text(t) for t in study.transcripts.values() if terms.goes(t.id)}
        self.made_files = Released()
        people = [person for text in study.transcripts.values() for person in text.participants]
        self.free = free_words(study, frozenset(person for person in people if not terms.quotes(person)))

    def made(self) -> Released:
        """Everything that goes out; layers before the charts that point to them."""
        paths = list(files_of(self.study.root))
        for path in paths:
            if path.startswith(f"{CODINGS}/") and path.endswith(ENDING):
                self._layer(path)
        for id_, text in self.texts.items():
            self._put(transcript_path(id_), text)
        self._yaml_files()
        for path in paths if self.notes else ():
            if path.startswith(f"{CHARTS}/") and path.endswith(".yaml"):
                self._chart(path)
            elif path.startswith(f"{MEMOS}/") and path.endswith(".md"):
                self._memo(path)
        return self.made_files

    def _put(self, path: str, content: str | bytes) -> None:
        self.made_files.files[path] = content.encode("utf-8") if isinstance(content, str) else content

    def _read(self, path: str) -> str:
        return decode(read_bytes(self.study.root / path), path)

    def _yaml_files(self) -> None:
        settings = self.study.settings
        self._put(SETTINGS_FILE, self._settings(_without_comments(self._read(SETTINGS_FILE), SETTINGS_FILE)))
        self._put(MANIFEST_FILE, self._manifest(_without_comments(self._read(MANIFEST_FILE), MANIFEST_FILE)))
        for path in filter(None, (settings.process, settings.findings, settings.themes)):
            if (self.study.root / path).is_file():
                text = _without_comments(self._read(path), path)
                text = self._findings(text) if path == settings.findings else text
                self._put(path, self._told(text, path))
        if settings.codebook:
            text = _without_comments(self._read(settings.codebook), settings.codebook)
            text, gone = without_examples(text, settings.codebook, self.study, self.terms)
            self.made_files.remarks += gone
            self._put(settings.codebook, self._told(text, settings.codebook))

    def _told(self, text: str, path: str) -> str:
        """A YAML file without words, copied into it, of people who must not be quoted."""
        found = self.free.found
        told = replaced_yaml(text, path, lambda where, part: part if where[-1] == "key" else self.free.text(part))
        if self.free.found > found:
            self.made_files.remarks.append(f"words of somebody not to be quoted, copied into {path}, are withheld")
        return told

    def _findings(self, text: str) -> str:
        """Findings with the numbers that came out of their tables; the tables stay, for they may be about people."""
        path = self.study.settings.findings
        for finding in computed(self.study.findings, self.study.root):
            if finding.extra.get("compute"):
                where = _place_of(text, path, finding.id)
                for key in ("numerator", "denominator", "value"):
                    text = set_value(text, [*where, key], _short(getattr(finding, key)), path=path)
                text = delete_entry(text, [*where, "compute"], path=path)
        return text

    def _settings(self, text: str) -> str:
        for participant in self.study.settings.participants:
            if not self.terms.shares(participant):
                text = delete_entry(text, ["participants", participant], path=SETTINGS_FILE)
        for coder in self.study.settings.coders:
            text = _coder_without_name(text, coder)
        for key in self.study.settings.extra:
            text = delete_entry(text, [key], path=SETTINGS_FILE)
        return text

    def _manifest(self, text: str) -> str:
        for id_, info in self.study.infos.items():
            if id_ not in self.texts:
                text = delete_entry(text, [id_], path=MANIFEST_FILE)
                continue
            for key in ("source", "source_sha256", *info.extra):
                text = _without_key(text, [id_, key], MANIFEST_FILE)
            if info.text_sha256:
                text = set_value(text, [id_, "text_sha256"], sha256_text(self.texts[id_]), path=MANIFEST_FILE)
        return text

    def _layer(self, path: str) -> None:
        file = read_layer_file(read_bytes(self.study.root / path), path)
        layer = file.layer
        if layer.header.transcript not in self.texts or layer.header.kind == "source":
            return
        if file.problems:
            raise PostilError(f"{file.problems[0]} Repair it first; nothing was written.")
        new = self.texts[layer.header.transcript]
        old = self.study.transcripts[layer.header.transcript]
        if layer.header.text_sha256 not in ("", old.text_sha256):
            raise PostilError(f"{path} was made on another text; run postil reanchor {old.id} first.")
        sha = layer.header.text_sha256 and sha256_text(new)
        header = replace(layer.header, text_sha256=sha, extra={})
        segments = [self._segment(segment, new, layer.header.transcript) for segment in layer.segments]
        relations = [self._relation(relation) for relation in layer.relations]
        self.made_files.segments |= {segment.id for segment in segments}
        self._put(path, encode_layer(make_layer(header, segments, relations, layer.deleted, path)))

    def _segment(self, segment: Segment, text: str, transcript: str) -> Segment:
        quote = segment.quote
        if quote and segment.start is not None and segment.end is not None and not segment.unanchored:
            quote = text[segment.start : segment.end]
        elif transcript in self.terms.masked:
            quote = ""
        memo = self.free.text(segment.memo) if self.notes else ""
        return msgspec.structs.replace(segment, quote=quote, memo=memo, extra={})

    def _relation(self, relation: Relation) -> Relation:
        return msgspec.structs.replace(relation, memo=self.free.text(relation.memo) if self.notes else "", extra={})

    def _chart(self, path: str) -> None:
        participant = path.removeprefix(f"{CHARTS}/").removesuffix(".yaml")
        if not self.terms.shares(participant):
            return
        text = _without_comments(self._read(path), path)
        for cell in load_chart(text, path)[0]:
            text = with_cell(text, replace(cell, segments=tuple(s for s in cell.segments if self._is_out(s))))
        self._put(path, self._told(text, path))

    def _is_out(self, segment: str) -> bool:
        return segment in self.made_files.segments

    def _memo(self, path: str) -> None:
        text = self._read(path)
        for about in load_memo(text, path)[0].about:
            kind, _, id_ = about.partition(":")
            if (
                (kind == "participant" and not self.terms.shares(id_))
                or (kind == "transcript" and id_ not in self.texts)
                or (kind == "segment" and not self._is_out(id_))
            ):
                self.made_files.remarks.append(f"{path} stays here: it is about {about}, which is not shared")
                return
        self._put(path, self.free.text(text))


def _without_comments(text: str, path: str) -> str:
    """Comments are for the team, and may say anything."""
    return replaced_yaml(text, path, lambda where, part: _COMMENT.sub("", part) if where == ("#",) else part)


def _without_key(text: str, where: list[str], path: str) -> str:
    node: object = load_map(text, path)[0]
    for key in where:
        node = node.get(key) if isinstance(node, YamlMap) else None
    return delete_entry(text, where, path=path) if node is not None else text


def _place_of(text: str, path: str, finding: str) -> list[str | int]:
    """Where a finding stands: an entry of a mapping, or an item of a list with its id."""
    root = load_map(text, path)[0]
    name = "quantitative" if root is not None and "quantitative" in root else "findings"
    listed = root.get(name) if root is not None else None
    items = listed.items if isinstance(listed, YamlSeq) else ()
    ids = [node.get("id") if isinstance(node, YamlMap) else None for node in items]
    texts = [node.text if isinstance(node, YamlScalar) else "" for node in ids]
    return [name, texts.index(finding) if items else finding]


def _short(number: float | None) -> float | int | None:
    """Whole where it is whole, else with six digits."""
    return number if number is None else int(number) if number == int(number) else float(f"{number:.6g}")


def _coder_without_name(text: str, coder: str) -> str:
    root = load_map(text, SETTINGS_FILE)[0]
    coders = root.get("coders") if root is not None else None
    if not isinstance(coders, YamlMap):
        return text
    nothing: Mapping[str, str] = {}
    return set_value(text, ["coders", coder], nothing, path=SETTINGS_FILE)
