"""Checks of texts and manifest: files, labels, participants."""

from __future__ import annotations

import re
from collections.abc import Iterator

from postil_base.problem import Place, PostilError, Problem, Severity
from postil_base.yaml.fields import nearest
from postil_base.yaml.places import YamlMap, load_map
from postil_study.files.file_cache import names_in, read_study_text
from postil_study.files.manifest import FOLDER, MANIFEST_FILE, bad_id, is_transcript_id
from postil_study.files.texts import ENDING, transcript_path
from postil_study.study import Study
from postil_study.text.values import Transcript

# A short line of its own that ends in a colon, at the start of a paragraph, with words below it.
_LIKE_LABEL = re.compile(r"(?:\A|\n\n)(?P<label>[^\W_][^\n:]{0,39}?)(?: \[[\d:.\-]+\])?:\n(?=\S)")
_MOST_WORDS = 3


def check_texts(study: Study) -> Iterator[Problem]:
    """Files without entry, entries without file, texts that changed, labels and participants nobody knows."""
    yield from _files(study)
    yield from _participants(study)
    for id_ in study.transcripts:
        try:
            transcript = study.transcripts[id_]
        except PostilError:
            yield from read_study_text(study.root, transcript_path(id_))[1]
            continue
        yield from _text(study, transcript)


def _files(study: Study) -> Iterator[Problem]:
    for name in names_in(study.root / FOLDER):
        stem = name.removesuffix(ENDING)
        if name.endswith(ENDING) and not is_transcript_id(stem):
            yield Problem(Place(f"{FOLDER}/{name}"), f"{bad_id(stem)}.", "bad-id")
    for id_, info in study.infos.items():
        if id_ not in study.transcripts:
            hint = nearest(id_, list(study.transcripts)).rstrip("?")
            message = f"transcript {id_} has no text: {transcript_path(id_)} is missing{hint}."
            yield Problem(info.place, message, "no-text")
    for id_ in study.transcripts:
        if id_ not in study.infos:
            message = f"the transcript has no entry in {MANIFEST_FILE}, so nobody speaks in it; add `{id_}:`."
            yield Problem(Place(transcript_path(id_)), message, "no-entry")


def _participants(study: Study) -> Iterator[Problem]:
    known = study.settings.participants
    places = _speaker_places(study)
    for info in study.infos.values():
        for label, speaker in info.speakers.items():
            if speaker.participant and speaker.participant not in known:
                hint = nearest(speaker.participant, list(known)) or "; add it to `participants:` of study.yaml."
                message = f"transcript {info.id}: {label}: there is no participant {speaker.participant!r}{hint}"
                yield Problem(places.get((info.id, label), info.place), message, "unknown-participant")


def _speaker_places(study: Study) -> dict[tuple[str, str], Place]:
    """Where the participant of each label is written; the manifest is read again, its values have no such places."""
    root, _ = load_map(read_study_text(study.root, MANIFEST_FILE)[0], MANIFEST_FILE)
    found: dict[tuple[str, str], Place] = {}
    for key, entry in root or ():
        speakers = entry.get("speakers") if isinstance(entry, YamlMap) else None
        for label, speaker in speakers if isinstance(speakers, YamlMap) else ():
            node = speaker.get("participant") if isinstance(speaker, YamlMap) else None
            found[key.text, label.text] = node.place if node else label.place
    return found


def _text(study: Study, transcript: Transcript) -> Iterator[Problem]:
    info = transcript.info
    if info.text_sha256 and info.text_sha256 != transcript.text_sha256:
        message = "the text changed since it was imported; layers are re-anchored when they are opened. Note the new "
        yield _problem(transcript, 0, f"{message}text_sha256 {transcript.text_sha256}.", "text-changed", "warning")
    yield from _labels(study, transcript)


def like_labels(transcript: Transcript) -> dict[str, list[int]]:
    """What looks like a label line and is no speaker's, with where it stands."""
    found: dict[str, list[int]] = {}
    for match in _LIKE_LABEL.finditer(transcript.text):
        label = match["label"]
        if label not in transcript.info.speakers and len(label.split()) <= _MOST_WORDS:
            found.setdefault(label, []).append(match.start("label"))
    return found


def _labels(study: Study, transcript: Transcript) -> Iterator[Problem]:
    text, known = transcript.text, transcript.info.speakers
    for label, places in like_labels(transcript).items():
        hint = nearest(label, list(known)).rstrip("?")
        message = f"this looks like a label line, but {label!r} is no speaker of {transcript.id}{hint}."
        yield from (_problem(transcript, place, message, "unknown-label", "warning") for place in places)
    used = {turn.label for turn in transcript.turns}
    for label in known:
        if label not in used:
            message = f"transcript {transcript.id}: {label!r} never speaks in the text."
            yield Problem(transcript.info.place, message, "silent-speaker", "warning")
    start = transcript.turns[0].label_start if transcript.turns else len(text)
    if known and text[:start].strip():
        what = "what stands before the first label" if transcript.turns else "the text has no label line; it"
        yield _problem(transcript, 0, f"{what} belongs to no speaker and is never evidence.", "no-turn", "warning")


def _problem(transcript: Transcript, offset: int, message: str, rule: str, severity: Severity = "error") -> Problem:
    return Problem(place_in(transcript, offset), message, rule, severity)


def place_in(transcript: Transcript, offset: int) -> Place:
    """Line and column of a position in a text."""
    line_start = transcript.text.rfind("\n", 0, offset) + 1
    return Place(transcript.path, transcript.text.count("\n", 0, offset) + 1, offset - line_start + 1)
