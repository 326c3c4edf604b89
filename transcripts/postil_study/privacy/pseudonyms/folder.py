"""Pseudonyms in all files of a study, or of a round's frozen copy, which is a study of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from postil_base.files.atomic import ABSENT
from postil_base.files.text import decode, read_bytes, sha256_bytes, sha256_text
from postil_base.problem import PostilError
from postil_study.files.charts import FOLDER as CHARTS
from postil_study.files.codings import ENDING as LAYER
from postil_study.files.codings import FOLDER as CODINGS
from postil_study.files.manifest import is_transcript_id
from postil_study.files.memos import FOLDER as MEMOS
from postil_study.files.memos import split_memo
from postil_study.files.settings import SETTINGS_FILE
from postil_study.files.texts import transcript_path
from postil_study.privacy.pseudonyms.layer_names import TextChange, layer_with_names
from postil_study.privacy.pseudonyms.matching import Names
from postil_study.privacy.pseudonyms.yaml_names import Path as Where
from postil_study.privacy.pseudonyms.yaml_names import replaced_yaml
from postil_study.rounds.plan import FOLDER as ROUNDS
from postil_study.study import Study
from postil_study.text.turns import is_label, parse_turns
from postil_study.text.values import Transcript

LEFT_OUT = ("exports", "build")  # made from the study, made again after it changed


@dataclass
class FolderChanges:
    """New content by path of the folder (None: the file goes), what was read, and what became of the texts."""

    files: dict[str, bytes | None] = field(default_factory=dict)
    expect: dict[str, str] = field(default_factory=dict)
    texts: list[TextChange] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)  # new path → old path, of all files that changed

    def put(self, old_path: str, new_path: str, old: bytes, new: bytes) -> None:
        """A file with its new content, perhaps under another name."""
        if old == new and old_path == new_path:
            return
        if new_path in self.files or (new_path != old_path and new_path in self.expect):
            raise PostilError(f"{old_path} and another file would both become {new_path}; choose other pseudonyms.")
        self.files[new_path] = new
        self.expect[old_path] = sha256_bytes(old)
        self.moved[new_path] = old_path
        if new_path != old_path:
            self.files.setdefault(old_path, None)
            self.expect.setdefault(new_path, ABSENT)


class Folder:
    """A folder in which names are replaced; nothing is written."""

    def __init__(self, study: Study, names: Names) -> None:
        self.study, self.names, self.root = study, names, study.root
        ids = list(dict.fromkeys([*study.infos, *study.transcripts]))
        self.ids = _new_ids(ids, names.slug)
        people = [*study.settings.participants, *_heard(study)]
        self.people = _new_ids(list(dict.fromkeys(people)), self._person)
        for new in self.ids.values():
            if not is_transcript_id(new):
                raise PostilError(f"{new!r} cannot name a transcript; choose a pseudonym of letters and digits.")
        self.texts = {id_: self._text(study.transcripts[id_]) for id_ in study.transcripts}
        self.exact = {**self.ids, **self.people, **{text.old_sha: text.new_sha for text in self.texts.values()}}
        self.keep = self._protected()

    def _person(self, participant: str) -> str:
        rule = next((rule for rule in self.names.rules if rule.name == participant), None)
        return rule.pseudonym if rule else self.names.slug(participant)

    def _text(self, transcript: Transcript) -> TextChange:
        edits = self.names.turn_edits(transcript.text, transcript.turns)
        new = edits.apply(transcript.text)
        labels = {label: self.names.text(label) for label in transcript.info.speakers}
        _check_labels(transcript, labels)
        turns = parse_turns(new, set(labels.values()))
        wanted = [(labels[turn.label], edits.start(turn.start)) for turn in transcript.turns]
        if [(turn.label, turn.start) for turn in turns] != wanted:
            raise PostilError(
                f"{transcript.path}: with these pseudonyms a line of its words would look like a speaker's label; "
                "choose another pseudonym. Nothing was written."
            )
        sha = sha256_text(new)
        new_id = self.ids[transcript.id]
        return TextChange(transcript.id, new_id, transcript.text, new, transcript.text_sha256, sha, edits)

    def _protected(self) -> frozenset[str]:
        """Ids of our own making, and paths that ``study.yaml`` names."""
        study = self.study
        settings = study.settings
        paths = (settings.codebook, settings.process, settings.findings, settings.themes, settings.id)
        nodes = [node.id for node in study.process.nodes] if study.process else []
        return frozenset([*paths, *nodes, *study.codebook.codes, *study.coders, *(theme.id for theme in study.themes)])

    def changes(self) -> FolderChanges:
        """All files, one after the other."""
        made = FolderChanges(texts=[text for text in self.texts.values() if not text.is_none])
        for path in files_of(self.root):
            old = read_bytes(self.root / path)
            new_path, new = self._file(path, old)
            made.put(path, new_path, old, new)
        return made

    def _file(self, path: str, data: bytes) -> tuple[str, bytes]:
        folder, name = path.split("/")[0], path.rsplit("/", 1)[-1]
        stem, _, ending = name.rpartition(".")
        if folder == "transcripts" and stem in self.texts and path == transcript_path(stem):
            text = self.texts[stem]
            same = text.old == text.new
            return transcript_path(text.new_id), data if same else text.new.encode("utf-8")
        if folder == CODINGS and ending == LAYER.lstrip("."):
            return self._layer(path, stem, data)
        if folder == MEMOS and ending == "md":
            return f"{MEMOS}/{self.names.slug(stem)}.md", self._memo(path, data)
        if ending in ("yaml", "yml"):
            moved = f"{CHARTS}/{self.people[stem]}.yaml" if folder == CHARTS and stem in self.people else path
            return moved, self.yaml(decode(data, path), path).encode("utf-8")
        return path, data

    def _layer(self, path: str, transcript: str, data: bytes) -> tuple[str, bytes]:
        text = self.texts.get(transcript)
        if text is None:
            raise PostilError(f"{path} codes a transcript that is not there; see postil check. Nothing was written.")
        new = layer_with_names(data, path, text, self.names.text)
        return f"{path.rsplit('/', 1)[0]}/{text.new_id}{LAYER}", new

    def _memo(self, path: str, data: bytes) -> bytes:
        front, body = split_memo(decode(data, path))
        if front is None:
            return self.names.text(body).encode("utf-8")
        new = self.yaml(front, path)
        return f"---\n{new}---\n{self.names.text(body)}".encode()

    def yaml(self, text: str, path: str) -> str:
        """A YAML file with pseudonyms and new ids."""
        return replaced_yaml(text, path, _Change(self, path))


class _Change:
    """What becomes of one text of a YAML file."""

    def __init__(self, folder: Folder, path: str) -> None:
        self.folder, self.path = folder, path

    def __call__(self, where: Where, text: str) -> str:
        folder = self.folder
        if text in folder.keep or where == ("author",) or self._is_coder(where):
            return text
        if text in folder.exact:
            return folder.exact[text]
        kind, _, id_ = text.partition(":")
        if kind in ("transcript", "participant") and id_ in folder.exact:
            return f"{kind}:{folder.exact[id_]}"
        return folder.names.slug(text) if where[-1] == "source" else folder.names.text(text)

    def _is_coder(self, where: Where) -> bool:
        return self.path == SETTINGS_FILE and where[0] == "coders"


def _new_ids(ids: list[str], rename: Callable[[str], str]) -> dict[str, str]:
    found = {id_: rename(id_) for id_ in ids}
    for id_, new in found.items():
        other = next((o for o, n in found.items() if n == new and o != id_), None)
        if other is not None:
            raise PostilError(f"{id_!r} and {other!r} would both become {new!r}; choose different pseudonyms.")
    return found


def _heard(study: Study) -> Iterator[str]:
    for info in study.infos.values():
        yield from (speaker.participant for speaker in info.speakers.values() if speaker.participant)


def _check_labels(transcript: Transcript, labels: Mapping[str, str]) -> None:
    speakers = transcript.info.speakers
    for label, new in labels.items():
        if not is_label(new):
            raise PostilError(f"{new!r} cannot be a speaker's label; choose another pseudonym for {label!r}.")
        twins = [other for other in labels if labels[other] == new and speakers[other] != speakers[label]]
        if twins or (new != label and sum(other == new for other in labels.values()) > 1):
            raise PostilError(
                f"{transcript.path}: two speakers would both be {new!r}; choose different pseudonyms. "
                "Nothing was written."
            )


def files_of(root: Path) -> Iterator[str]:
    """The study's own files: hidden ones, copies of rounds and what is made from the study are left out."""
    for place, folders, names in os.walk(root):
        here = Path(place).relative_to(root).as_posix()
        copies = here == ROUNDS
        folders[:] = sorted(f for f in folders if not f.startswith(".") and not copies)
        if here == ".":
            folders[:] = [f for f in folders if f not in LEFT_OUT]
        yield from (name if here == "." else f"{here}/{name}" for name in sorted(names) if not name.startswith("."))
