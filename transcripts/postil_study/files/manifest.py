"""``transcripts/transcripts.yaml``: which transcripts there are, who speaks in them, and where they came from."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, get_args

from postil_base.problem import Place, Problem
from postil_base.yaml.edit import insert_entry
from postil_base.yaml.fields import Fields, nearest
from postil_base.yaml.places import YamlMap, load_map
from postil_study.text.turns import is_label
from postil_study.text.values import Role, Speaker, TranscriptInfo

FOLDER = "transcripts"
MANIFEST_FILE = "transcripts/transcripts.yaml"
_MOST_BYTES = 120  # of an id: file names have limits


def load_manifest(text: str, path: str = MANIFEST_FILE) -> tuple[dict[str, TranscriptInfo], list[Problem]]:
    """Read the entries in the order of the file.

    >>> infos, problems = load_manifest("I01:\\n  speakers:\\n    E01: {role: participant, participant: E01}\\n")
    >>> infos["I01"].speakers["E01"].participant, problems
    ('E01', [])
    """
    root, problems = load_map(text, path)
    found: dict[str, TranscriptInfo] = {}
    for key, value in root or ():
        if not is_transcript_id(key.text):
            problems.append(Problem(key.place, f"{bad_id(key.text)}.", "bad-id"))
        elif not isinstance(value, YamlMap):
            message = f"transcript {key.text}: `speakers:` and the like are expected below it."
            problems.append(Problem(key.place, message, "yaml-type"))
            found[key.text] = TranscriptInfo(key.text, place=key.place)
        else:
            found[key.text] = _info(Fields(value, problems, f"transcript {key.text}"), key.text, key.place)
    return found, problems


def _info(fields: Fields, id_: str, place: Place) -> TranscriptInfo:
    speakers = {key.text: _speaker(fields, key.text, value, key.place) for key, value in fields.entries("speakers")}
    if not speakers:
        message = "it has no speakers, so no turn can be told; add `speakers: {Label: {role: …}}`"
        fields.report(place, message, "no-speakers", "warning")
    texts = {key: fields.text(key) for key in _TEXTS}
    return TranscriptInfo(id_, speakers, pilot=fields.flag("pilot"), **texts, extra=fields.close(), place=place)


_ORDER = ("speakers", "date", "lang", "guide_version", "pilot")
_TEXTS = ("date", "lang", "guide_version", "source", "source_sha256", "text_sha256", "imported")


def _speaker(fields: Fields, label: str, value: object, place: Place) -> Speaker:
    entry = Fields(value if isinstance(value, YamlMap) else None, fields.problems, f"{fields.what}: {label}", place)
    if not is_label(label):
        entry.report(place, f"the label {label!r} cannot stand on a label line", "bad-label")
    role, participant = _role(entry), entry.text("participant")
    entry.close(also=("role", "participant"))
    if role == "participant" and not participant:
        entry.report(place, "it is not said which participant speaks; add `participant: ID`", "no-participant")
    if role != "participant" and participant:
        entry.report(place, f"a speaker of role {role} is no participant; remove one of the two", "role", "warning")
        participant = ""
    return Speaker(role, participant or None)


def _role(entry: Fields) -> Role:
    given = entry.choice("role", get_args(Role), entry.text("role"))
    for role in get_args(Role):
        if role == given:
            return role  # type: ignore[no-any-return]
    roles = get_args(Role)
    message = f"role {given!r} is none of {', '.join(roles)}{nearest(given, roles).rstrip('?')}"
    entry.report(entry.at("role"), message, "unknown-value")
    return "other"


def is_transcript_id(text: str) -> bool:
    """Whether a text can name a transcript: letters of any script, digits, ``.``, ``_`` and ``-``.

    >>> [is_transcript_id(text) for text in ("I01", "Gespräch-3", "対話1", "_guide", "a/b", "..", "")]
    [True, True, True, False, False, False, False]
    """
    if not text or not text[0].isalnum() or len(text.encode("utf-8", "replace")) > _MOST_BYTES:
        return False
    return all(map(_may_stand_in_id, text))


def suggest_transcript_id(text: str) -> str:
    """The nearest text that can name a transcript; empty when nothing is left.

    >>> suggest_transcript_id("Interview 01 (final).docx")
    'Interview-01-final-.docx'
    """
    kept = "".join(c if _may_stand_in_id(c) else "-" for c in text.strip())
    while "--" in kept:
        kept = kept.replace("--", "-")
    start = next((n for n, c in enumerate(kept) if c.isalnum()), len(kept))
    return kept[start:].encode("utf-8", "replace")[:_MOST_BYTES].decode("utf-8", "ignore")


def _may_stand_in_id(character: str) -> bool:
    return character.isalnum() or character in "._-" or unicodedata.category(character) in ("Mn", "Mc")


def bad_id(text: str) -> str:
    """What to say of a text that cannot name a transcript."""
    hint = suggest_transcript_id(text)
    example = f", for example {hint}" if hint else ""
    return f"{text[:80]!r} cannot name a transcript; use letters, digits, `.`, `_` and `-`{example}"


def add_transcript(text: str, info: TranscriptInfo) -> str:
    """The file's text with one entry more at its end; everything that was there stays as it is."""
    return insert_entry(text, [], info.id, info_entry(info), path=MANIFEST_FILE)


def info_entry(info: TranscriptInfo) -> dict[str, Any]:
    """What is written of a transcript, in the order of the format, defaults left out."""
    speakers = {label: _speaker_entry(speaker) for label, speaker in info.speakers.items()}
    entry = {"speakers": speakers, **{key: getattr(info, key) for key in _TEXTS}, "pilot": info.pilot}
    return {**{key: entry[key] for key in dict.fromkeys((*_ORDER, *entry)) if entry[key]}, **info.extra}


def _speaker_entry(speaker: Speaker) -> dict[str, str]:
    return {"role": speaker.role, **({"participant": speaker.participant} if speaker.participant else {})}


def speakers_of(infos: Mapping[str, TranscriptInfo]) -> dict[str, tuple[str, ...]]:
    """Transcripts of each participant, in the order of the file."""
    found: dict[str, dict[str, None]] = {}
    for info in infos.values():
        for speaker in info.speakers.values():
            if speaker.participant:
                found.setdefault(speaker.participant, {})[info.id] = None
    return {participant: tuple(ids) for participant, ids in found.items()}
