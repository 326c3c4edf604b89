"""The sources of a project as transcripts: those the study has are found by their words, the others are added.

A text stays as it is, so that every position stands. Labels in front of the words (``P21: Well …``) get their line by
turning the one space after them into a line feed; only a text without any label is put below one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from postil_base.problem import PostilError
from postil_base.text_files import sha256_text
from postil_model.exchange.identity import Identity
from postil_transcripts.import_roles import ONLY_ONE, cast
from postil_transcripts.importers.label_lines import LabelHit, find_labels
from postil_transcripts.importers.lines import Line
from postil_transcripts.importers.recognised import Recognised
from postil_transcripts.manifest import is_transcript_id, suggest_transcript_id
from postil_transcripts.refi import values as v
from postil_transcripts.refi.guids import GUID_KEY
from postil_transcripts.refi.markup import is_guid
from postil_transcripts.study import Study
from postil_transcripts.transcript_folder import make_transcript
from postil_transcripts.turns import RawTurn, is_label
from postil_transcripts.types import Speaker, Transcript, TranscriptInfo

_ENDINGS = (".txt", ".docx", ".doc", ".rtf", ".odt", ".pdf", ".html", ".htm", ".md", ".vtt", ".srt")
_MOST = 0.8  # of the labels must be such that a line feed can follow them


@dataclass(frozen=True)
class TextIn:
    """A source and the transcript it is; ``shift`` is how far its positions move."""

    source: v.Source
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
    remarks: list[v.Remark] = field(default_factory=list)

    def take(self, sources: Iterable[v.Source], extra: Mapping[str, Mapping[str, Any]]) -> None:
        """Find or make all transcripts."""
        by_guid = {self.identity.transcript(id_): id_ for id_ in self.study.transcripts}
        by_words = {sha256_text(text.text.rstrip()): id_ for id_, text in self._existing()}
        for source in sources:
            if source.text is None or not source.text.strip():
                continue
            made = self._prepared(source, extra.get(source.guid, {}))
            found = by_words.get(sha256_text(made.transcript.text.rstrip())) or by_words.get(
                sha256_text(source.text.rstrip())
            )
            other = by_guid.get(source.guid)
            if found is not None:
                self.texts[source.guid] = self._there(source, made, found)
            elif other is not None:
                self.texts[source.guid] = self._changed(source, other)
            else:
                self.texts[source.guid] = made
                by_words[sha256_text(made.transcript.text.rstrip())] = made.transcript.id

    def _existing(self) -> Iterable[tuple[str, Transcript]]:
        return ((id_, self.study.transcripts[id_]) for id_ in self.study.transcripts)

    def _there(self, source: v.Source, made: TextIn, found: str) -> TextIn:
        new = next((text for text in self.texts.values() if text.transcript.id == found), None)
        transcript = new.transcript if new is not None else self.study.transcripts[found]
        same = sha256_text(transcript.text.rstrip()) == sha256_text(made.transcript.text.rstrip())
        if new is not None:
            message = f"its words are those of {new.source.name}, word for word; both are {found}"
            self.remarks.append(v.Remark(f"source {source.name}", message, lost=False))
        return TextIn(source, transcript, False, made.shift if same else 0)

    def _changed(self, source: v.Source, found: str) -> TextIn:
        message = f"its text is not that of transcript {found}; passages are looked for by their words"
        self.remarks.append(v.Remark(f"source {source.name}", message, lost=False))
        return TextIn(source, self.study.transcripts[found], False, 0, differs=True)

    def _prepared(self, source: v.Source, extra: Mapping[str, Any]) -> TextIn:
        text = source.text or ""
        id_ = self._id(source)
        people = self.cases.get(source.guid, ())
        participant = people[0] if len(people) == 1 else id_
        labelled = _labelled(text)
        shift = 0
        if labelled is None:
            label = participant if is_label(participant) else ONLY_ONE
            labelled, shift = f"{label}:\n{text}", len(label) + 2
            speakers: Mapping[str, Speaker] = {label: Speaker("participant", participant)}
            self._say(
                source,
                f"no speaker labels were found; it stands below the label {label}:, as words of participant "
                f"{participant}, so its positions are {shift} higher here",
            )
        else:
            speakers = self._speakers(source, labelled, participant, people)
            if labelled != text:
                moved = sum(a != b for a, b in zip(text, labelled, strict=True))
                self._say(
                    source, f"{moved} labels were put on lines of their own: the space behind each is a line feed here"
                )
        facts = {**({GUID_KEY: source.guid} if is_guid(source.guid) else {}), **extra}
        info = TranscriptInfo(
            id_,
            speakers,
            source=source.name,
            text_sha256=sha256_text(labelled),
            imported=self.now,
            extra=facts,
        )
        return TextIn(source, make_transcript(labelled, info), True, shift)

    def _say(self, source: v.Source, message: str) -> None:
        self.remarks.append(v.Remark(f"source {source.name}", message, lost=False))

    def _id(self, source: v.Source) -> str:
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

    def _speakers(self, source: v.Source, text: str, participant: str, people: Sequence[str]) -> Mapping[str, Speaker]:
        """Who is behind the labels; where that cannot be guessed, everybody is a participant of their own."""
        labels = _labels(text)
        info = TranscriptInfo("", dict.fromkeys(labels, Speaker("other")))
        turns = make_transcript(text, info).turns
        raw = tuple(RawTurn(turn.label, text[turn.start : turn.end]) for turn in turns)
        try:
            found = cast(Recognised("project", raw), {}, participant, {*self.known, *people}).speakers
        except PostilError:
            found = {label: Speaker("participant", f"{participant}-{label}") for label in labels}
            message = f"it is not clear who is who ({', '.join(labels)}); see `speakers:` in transcripts.yaml"
            self.remarks.append(v.Remark(f"source {source.name}", message, lost=False))
        return {label: found.get(label, Speaker("other")) for label in labels}


def _labelled(text: str) -> str | None:
    """The text with every label on a line of its own, as long as it was; None when it has no labels."""
    lines = text.split("\n")
    labelling = find_labels([Line(line) for line in lines])
    if labelling.shape != "colon":
        return None
    fits = [hit for hit in labelling.hits if _fits(lines[hit.line], hit)]
    if not fits or len(fits) < _MOST * len(labelling.hits):
        return None
    for hit in fits:
        line, at = lines[hit.line], len(hit.label) + 1
        lines[hit.line] = f"{line[:at]}\n{line[at + 1 :]}" if len(line) > at else line
    return "\n".join(lines)


def _fits(line: str, hit: LabelHit) -> bool:
    """Whether a line is ``Label:``, alone or with a space behind it."""
    return line.startswith(f"{hit.label}:") and line[len(hit.label) + 1 : len(hit.label) + 2] in (
        "",
        " ",
        "\t",
        "\u00a0",
    )


def _labels(text: str) -> list[str]:
    """The labels of lines of their own, as they will be read."""
    hits = find_labels([Line(line) for line in text.split("\n")]).hits
    return list(dict.fromkeys(hit.label for hit in hits if is_label(hit.label)))
