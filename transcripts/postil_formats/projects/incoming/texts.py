"""The sources of a project as transcripts: those the study has are found by their words, the others are added.

A text stays as it is, so that every position stands (see `labelling`); only one without any label is put below one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from postil_base.files.text import sha256_text
from postil_base.plural import subject
from postil_base.problem import PostilError, Remark
from postil_formats.projects.identity import Identity
from postil_formats.projects.labelling import labelled
from postil_formats.projects.outgoing.cases import GROUPS_KEY, OWN_FACT, VARIABLES_KEY
from postil_formats.projects.refi import values as v
from postil_formats.projects.refi.guids import GUID_KEY
from postil_formats.projects.refi.markup import is_guid
from postil_formats.texts.recognised import Recognised
from postil_formats.texts.roles import ONLY_ONE, cast
from postil_study.files.manifest import is_transcript_id, suggest_transcript_id
from postil_study.files.texts import make_transcript
from postil_study.study import Study
from postil_study.text.turns import RawTurn, is_label
from postil_study.text.values import Speaker, Transcript, TranscriptInfo

_ENDINGS = (".txt", ".docx", ".doc", ".rtf", ".odt", ".pdf", ".html", ".htm", ".md", ".vtt", ".srt")


_FACTS = {VARIABLES_KEY: "its variables", GROUPS_KEY: "its sets", OWN_FACT: "what is known of it"}


@dataclass(frozen=True)
class TextIn:
    """A source and the transcript it is; ``shift`` is how far its positions move."""

    source: v.RefiSource
    transcript: Transcript
    is_new: bool
    shift: int = 0
    differs: bool = False  # the study's text is another version, in which passages are looked for by their words


@dataclass
class TextsIn:
    """Which transcript of the study each source of the project is."""

    study: Study
    identity: Identity
    cases: Mapping[str, Sequence[str]]  # participants by GUID of the source
    known: frozenset[str]  # all participants
    now: str
    texts: dict[str, TextIn] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    def take(self, sources: Iterable[v.RefiSource], extra: Mapping[str, Mapping[str, Any]]) -> None:
        """Find or make all transcripts. Two sources of one project are never one transcript, equal as they may be."""
        by_guid = {self.identity.transcript(id_): id_ for id_ in self.study.transcripts}
        by_words: dict[str, list[str]] = {}
        for id_ in self.study.transcripts:
            by_words.setdefault(_words(self.study.transcripts[id_].text), []).append(id_)
        for source in sources:
            if source.text is not None and source.text.strip():
                self._one(source, by_guid.get(source.guid), by_words, extra.get(source.guid, {}))

    def _one(
        self, source: v.RefiSource, same_guid: str | None, by_words: Mapping[str, list[str]], extra: Mapping[str, Any]
    ) -> None:
        made, said = self._prepared(source, extra)
        words = _words(made.transcript.text)
        alike = by_words.get(words) or by_words.get(_words(source.text or "")) or []
        found = same_guid if same_guid in alike else next(iter(alike), None)
        if found is not None:
            alike.remove(found)
            known = self.study.transcripts[found]
            shift = made.shift if _words(known.text) == words else 0
            self.texts[source.guid] = TextIn(source, known, False, shift)
            self._behind(source, known, extra)
        elif same_guid is not None:
            self._say(source, f"its text is not that of transcript {same_guid}; passages are looked for by their words")
            known = self.study.transcripts[same_guid]
            self.texts[source.guid] = TextIn(source, known, False, 0, differs=True)
            self._behind(source, known, extra)
        else:
            self.texts[source.guid] = made
            for message in said:
                self._say(source, message)

    def _behind(self, source: v.RefiSource, known: Transcript, extra: Mapping[str, Any]) -> None:
        """What the project knows of a text that the study has already, where the two differ: the study's stays."""
        for key, value in extra.items():
            have = {name: getattr(known.info, name, None) for name in value} if key == OWN_FACT else None
            if value != (have if key == OWN_FACT else known.info.extra.get(key)):
                said = ", ".join(f"{k}: {x}" for k, x in value.items()) if isinstance(value, dict) else ", ".join(value)
                message = f"{_FACTS[key]} ({said}): the study has transcript {known.id} already, which stays as it is"
                self.remarks.append(Remark(f"source {source.name}", message))

    def _prepared(self, source: v.RefiSource, extra: Mapping[str, Any]) -> tuple[TextIn, list[str]]:
        """The source as a transcript of its own, and what there is to say about that."""
        text, id_ = source.text or "", self._id(source)
        people = self.cases.get(source.guid, ())
        participant = people[0] if len(people) == 1 else id_
        found, shift = labelled(text, {*self.known, *people}), 0
        said: list[str] = []
        if found is None:
            label = participant if is_label(participant) else ONLY_ONE
            stored, shift = f"{label}:\n{text}", len(label) + 2
            speakers: Mapping[str, Speaker] = {label: Speaker("participant", participant)}
            said.append(
                f"no speaker labels were found; it stands below the label {label}:, as words of participant "
                f"{participant}, so its positions are {shift} higher here"
            )
        else:
            stored, labels = found
            speakers = self._speakers(stored, labels, participant, people, said)
            moved = sum(a != b for a, b in zip(text, stored, strict=True))
            if moved:
                said.append(
                    f"{subject(moved, 'label', 'was')} put on lines of "
                    "their own: the space behind each is a line feed here"
                )
        own = extra.get(OWN_FACT, {})
        facts = {key: value for key, value in extra.items() if key != OWN_FACT}
        facts = {**({GUID_KEY: source.guid} if is_guid(source.guid) else {}), **facts}
        sha = sha256_text(stored)
        info = TranscriptInfo(id_, speakers, source=source.name, text_sha256=sha, imported=self.now, extra=facts)
        named = {key: str(own[key]) for key in ("date", "lang", "guide_version") if key in own}
        info = replace(info, **named, pilot=own.get("pilot") is True)  # type: ignore[arg-type]
        return TextIn(source, make_transcript(stored, info), True, shift), said

    def _say(self, source: v.RefiSource, message: str) -> None:
        self.remarks.append(Remark(f"source {source.name}", message, lost=False))

    def _id(self, source: v.RefiSource) -> str:
        """An id like the source's name, which nobody has."""
        name = source.name.strip()
        for ending in _ENDINGS:
            if name.lower().endswith(ending):
                name = name[: -len(ending)]
                break
        wanted = suggest_transcript_id(name).rstrip("-._")
        wanted = wanted if is_transcript_id(wanted) else "text"
        taken = {id_.casefold() for id_ in (*self.study.infos, *self.study.transcripts)}
        taken |= {text.transcript.id.casefold() for text in self.texts.values()}
        number, id_ = 2, wanted
        while id_.casefold() in taken:
            id_ = f"{wanted}-{number}"
            number += 1
        return id_

    def _speakers(
        self, text: str, labels: Sequence[str], participant: str, people: Sequence[str], said: list[str]
    ) -> Mapping[str, Speaker]:
        """Who is behind the labels; where that cannot be guessed, everybody is a participant of their own."""
        info = TranscriptInfo("", dict.fromkeys(labels, Speaker("other")))
        turns = make_transcript(text, info).turns
        raw = tuple(RawTurn(turn.label, text[turn.start : turn.end]) for turn in turns)
        try:
            found = cast(Recognised("project", raw), {}, participant, {*self.known, *people}).speakers
        except PostilError:
            found = {label: Speaker("participant", f"{participant}-{label}") for label in labels}
            said.append(f"it is not clear who is who ({', '.join(labels)}); see `speakers:` in transcripts.yaml")
        return {label: found.get(label, Speaker("other")) for label in labels}


def _words(text: str) -> str:
    """What tells whether two texts are the same: line feeds at the end do not count."""
    return sha256_text(text.rstrip())
