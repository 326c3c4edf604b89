"""From lines of text to turns: what the text formats (txt, md, rtf, odt, pdf, docx) have in common."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from postil_transcripts.importers.label_lines import LabelHit, Labelling, find_labels, like_role
from postil_transcripts.importers.lines import Line, SourceMap, TurnBuilder
from postil_transcripts.importers.recognised import Recognised, Section, SourceNote
from postil_transcripts.importers.times import ordered

_FOOTER = re.compile(
    r"(transcribed (by|with) .{0,80}|.{0,60} (started|stopped) transcription\.?|transcript(ion)? (ends?|ended)\.?|"
    r"end of (transcript|transcription|recording|interview)\.?|\[?end of audio\]?\.?|.{0,40}https?://(www\.)?(otter\.ai|"
    r"rev\.com|trint\.com|sonix\.ai|temi\.com|descript\.com)\S*)",
    re.I,
)
_SYSTEM = re.compile(
    r"(this meeting is being recorded\.?|recording (started|stopped)\.?|.{0,60} started transcription)", re.I
)
_NO_LABELS = "no speaker labels were recognised: the whole text is one turn"


@dataclass(frozen=True)
class Spoken:
    """Turns found in lines, and what was not speech."""

    recognised: Recognised
    map: SourceMap


def read_lines(lines: Sequence[Line], layout: str, *, extra: Recognised | None = None) -> Spoken:
    """Recognise labels in ``lines`` and put the turns together; ``extra`` brings what the format found itself."""
    labelling = find_labels(lines)
    last = _body_end(lines)
    hits = {hit.line: hit for hit in labelling.hits if hit.line < last}
    start = min(hits, default=_unlabelled_start(lines))
    builder = TurnBuilder(lines)
    sections, removed = _fill(builder, lines, range(start, last), hits)
    turns, source_map = builder.finish()
    footer = [*removed, *(line.text.strip() for line in lines[last:])]
    recognised = Recognised(
        layout=f"{layout}: {describe(labelling)}",
        turns=turns,
        header=_kept([*(extra.header if extra else ()), *(line.text.strip() for line in lines[:start])]),
        footer=_kept(footer),
        sections=tuple(sections),
        warnings=(*(extra.warnings if extra else ()), *_warnings(labelling, hits, lines, start)),
        encoding=extra.encoding if extra else "",
    )
    return Spoken(recognised, source_map)


def describe(labelling: Labelling) -> str:
    """The layout in words."""
    if not labelling.hits:
        return "text without speakers"
    place = "on its own line" if labelling.own_line else "before the words"
    return {
        "colon": f"speaker label {place}",
        "time after name": "speaker and time on a line of their own",
        "time before name": "time and speaker on a line of their own",
        "bracket": "speaker in brackets",
    }[labelling.shape]


def _kept(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(line for line in lines if line)


def _body_end(lines: Sequence[Line]) -> int:
    """Where the lines of advertisement and system talk at the end begin."""
    end = len(lines)
    while end and (not lines[end - 1].text.strip() or _FOOTER.fullmatch(lines[end - 1].text.strip())):
        end -= 1
    return end


def _unlabelled_start(lines: Sequence[Line]) -> int:
    return 0 if not lines or not lines[0].heading else 1


def _fill(
    builder: TurnBuilder, lines: Sequence[Line], body: range, hits: dict[int, LabelHit]
) -> tuple[list[Section], list[str]]:
    sections: list[Section] = []
    removed: list[str] = []
    for number in body:
        line, hit = lines[number], hits.get(number)
        if hit is not None:
            builder.turn(hit.label, *ordered(hit.start_ms, hit.end_ms))
            builder.add(number, hit.text_start)
        elif line.heading:
            sections.append(Section(line.text.strip(), len(builder)))
        elif _SYSTEM.fullmatch(line.text.strip()):
            removed.append(line.text.strip())
        else:
            if not len(builder):
                builder.turn("")
            builder.add(number, joint=" " if line.wrapped else "\n")
    return sections, removed


def _warnings(labelling: Labelling, hits: dict[int, LabelHit], lines: Sequence[Line], start: int) -> list[str]:
    if not hits:
        return [_NO_LABELS]
    doubtful = [label for label in labelling.doubtful if not like_role(label)]
    once = [f"the label {label!r} occurs once; look whether it is a speaker" for label in doubtful]
    before = sum(1 for line in lines[:start] if line.text.strip())
    if before > 12:
        once.append(f"{before} lines before the first label are taken for a header and not stored")
    return once


def with_notes(spoken: Spoken, notes: Sequence[SourceNote], *warnings: str) -> Recognised:
    """The recognised text with notes added."""
    from dataclasses import replace

    base = spoken.recognised
    return replace(base, notes=(*base.notes, *notes), warnings=(*base.warnings, *warnings))
