"""What a study can say of a manuscript: its voices, and how many people have each code, theme and node."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from postil_model.decision.of_study import study_evidence, study_process
from postil_model.evidence.rows import EvidenceRow
from postil_model.verify.checking import CheckedCount, CheckedQuotation, CountedThing, check_count, check_quotation
from postil_model.verify.claims import counts, quotations
from postil_model.verify.manuscript import Manuscript
from postil_model.verify.voices import Voice, voice
from postil_study.privacy.consent.copied_words import free_words
from postil_study.privacy.consent.purposes import WITHHELD, not_quoted
from postil_study.text.values import Transcript

if TYPE_CHECKING:
    from postil_study.study import Study

Checked = CheckedQuotation | CheckedCount
OWN_WORDS = ("verbatim", "shortened", "altered", "other speaker", "nobody of the study")


def verify(manuscript: Manuscript, study: Study) -> tuple[list[CheckedQuotation], list[CheckedCount]]:
    """Check every quotation and every count of people in a manuscript, in the order they stand there."""
    voices = list(voices_of(study))
    things, total = counted_of(study)
    quoted = [check_quotation(q, voices) for q in quotations(manuscript, study.settings.participants)]
    refused = not_quoted(study)
    told = free_words(study, refused).text
    quoted = [_told(q, refused, told) for q in quoted]
    return quoted, [check_count(claim, things, total) for claim in counts(manuscript)]


def _told(one: CheckedQuotation, refused: Collection[str], told: Callable[[str], str]) -> CheckedQuotation:
    """A verdict without the words of people who must not be quoted: neither what they said nor what a memo copied."""
    if one.person in refused and one.verdict in OWN_WORDS:
        return replace(one, verdict="no consent", words=WITHHELD if one.words else "")
    return replace(one, words=told(one.words)) if one.words else one


def voices_of(study: Study) -> Iterator[Voice]:
    """Turns of all transcripts, then memos on segments and on imported notes."""
    for transcript in study.transcripts.values():
        yield from _turns(transcript)
    for layer in study.layers():
        for segment in layer.segments:
            if segment.memo:
                yield voice("memo", layer.header.coder, f"memo on {layer.header.transcript}", segment.memo)


def _turns(transcript: Transcript) -> Iterator[Voice]:
    for turn in transcript.turns:
        speaker = transcript.speaker(turn)
        words = transcript.text[turn.start : turn.end]
        where = f"{transcript.id}, turn {turn.index + 1}"
        yield voice(speaker.role, speaker.participant or turn.label, where, words)


def counted_of(study: Study) -> tuple[list[CountedThing], int]:
    """Codes (with all below), themes, nodes and items with the participants who affirm them; how many there are."""
    evidence, _ = study_evidence(study)
    by_code: dict[str, set[str]] = {}
    for row in _affirmed(evidence.rows):
        by_code.setdefault(row.code, set()).add(row.participant)
    book = study.codebook
    things = [
        CountedThing(code.id, (code.id, code.label), _joined(by_code, book.subtree(code.id)))
        for code in book.codes.values()
    ]
    for theme in study.themes:
        below = [c for name in theme.codes if (code := book.resolve(name)) for c in book.subtree(code)]
        things.append(CountedThing(theme.id, (theme.id, theme.label), _joined(by_code, below)))
    by_node: dict[str, set[str]] = {}
    for row in _affirmed(evidence.rows):
        by_node.setdefault(row.object, set()).add(row.participant)
    things += [
        CountedThing(node.id, (node.id, node.label), frozenset(by_node.get(node.id, ())))
        for node in study_process(study).nodes
    ]
    return things, len(evidence.participants)


def _affirmed(rows: Iterable[EvidenceRow]) -> Iterator[EvidenceRow]:
    return (row for row in rows if row.what != "edge" and row.mode == "affirm")


def _joined(by_code: dict[str, set[str]], codes: Iterable[str]) -> frozenset[str]:
    return frozenset(p for code in codes for p in by_code.get(code, ()))
