"""What an import recognised, for eyes and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from postil_base.plural import counted
from postil_base.quoting.terminal import terminal
from postil_cli.common import table
from postil_formats.texts.plan import Failure, FilePlan, ImportPlan
from postil_formats.texts.recognised import Recognised, TakenOff
from postil_study.text.values import Speaker

SHORT = 12  # files up to this number are shown in full
NAMES = 15
_MEANT = frozenset({"label", "clock", "title", "number of an annotation"})
FIRST = 3  # turns that are shown as they will be stored


def shown(plan: ImportPlan) -> str:
    """The plan as text: each file in full, or a line each when there are many."""
    parts = ["\n".join(_in_full(file)) for file in plan.files] if len(plan.files) <= SHORT else [_in_brief(plan)]
    if plan.skipped:
        names = ", ".join(terminal(path.name) for path in plan.skipped[:10])
        more = f" and {len(plan.skipped) - 10} more" if len(plan.skipped) > 10 else ""
        parts.append(f"left aside, no transcripts: {names}{more}")
    return "\n\n".join(part for part in parts if part)


def _in_full(file: FilePlan) -> Iterator[str]:
    read = file.recognised
    yield f"{terminal(file.source.name)} → {file.id}: {read.layout}{f', {read.encoding}' if read.encoding else ''}"
    rows = [_row(file, label) for label in read.labels]
    headers = ["label", "turns", "words", "asks", "is"]
    yield _indented(table(headers, rows, right=[1, 2, 3]))
    yield f"  {counted(len(read.turns), 'turn')}, {counted(read.words, 'word')}{_markers(file)}"
    yield from _first_turns(file)
    if file.dates:
        yield f"  date on offer: {', '.join(file.dates[:3])} (--date {file.dates[0]} keeps it)"
    yield from _lines("header", read.header)
    yield from _lines("footer", read.footer)
    yield from _taken_off(read)
    yield from _notes(file)
    yield from _lines("left out", _by_kind(left_out(read)))
    yield from _lines("questions without an answer", read.unanswered)
    replaced = [f"{seen.text} ({seen.count}) → {seen.pseudonym}" for seen in file.replaced]
    yield from _lines("names replaced by their pseudonyms", replaced, NAMES)
    offered = [f"{seen.text} ({seen.count}) → {seen.pseudonym}" for seen in file.names if seen.offered]
    yield from _lines("names seen; pseudonyms on offer", offered, NAMES)
    apart = [terminal(seen.text) for seen in file.names if not seen.offered]
    if apart:
        yield f"  products and technical words, not offered: {len(apart)} ({_cut(', '.join(apart), 60)})"
    yield from (f"  ! {terminal(warning)}" for warning in file.warnings)
    if file.offer:
        yield f"  {terminal(file.offer)}"


def left_out(read: Recognised) -> list[TakenOff]:
    """What is stored nowhere, apart from labels, clocks and numbers, which are stored as what they mean."""
    return [item for item in read.taken if item.kind not in _MEANT]


def _by_kind(items: Sequence[TakenOff]) -> list[str]:
    """A line for each kind of what was left out."""
    kinds: dict[str, list[str]] = {}
    for item in items:
        kinds.setdefault(item.kind, []).append(" ".join(item.text.split()))
    return [
        f"{kind}{f' ({len(texts)})' if len(texts) > 1 else ''}: {'; '.join(texts)}" for kind, texts in kinds.items()
    ]


def _row(file: FilePlan, label: str) -> list[str]:
    count, name = file.recognised.labels[label], file.cast.names[label]
    renamed = f"{label or '(no name)'} → {name}" if name != label else label
    return [renamed, str(count.turns), str(count.words), str(count.questions), _who(file.info.speakers[name])]


def _who(speaker: Speaker) -> str:
    return f"participant {speaker.participant}" if speaker.participant else speaker.role


def _markers(file: FilePlan) -> str:
    count = sum(1 for _ in file.recognised.markers())
    return f", {count} markers such as [inaudible]" if count else ""


def _first_turns(file: FilePlan) -> Iterator[str]:
    """The first turns as they will be stored."""
    transcript = file.transcript
    for turn in transcript.turns[:FIRST]:
        words = " ".join(transcript.text[turn.start : turn.end].split())
        yield f"  {_cut(terminal(f'{turn.label}: {words}'))}"


def _taken_off(read: Recognised) -> Iterator[str]:
    """Labels, clocks and numbers, which are stored as what they mean: how many, and the first."""
    kinds: dict[str, list[str]] = {}
    for item in read.taken:
        if item.kind in _MEANT:
            kinds.setdefault(item.kind, []).append(item.text)
    for kind, texts in kinds.items():
        more = ", …" if len(texts) > 1 else ""
        yield _cut(f"  taken off, {terminal(kind)}: {len(texts)} ({terminal(' '.join(texts[0].split()))}{more})")


def _notes(file: FilePlan) -> Iterator[str]:
    for layer in file.layers:
        anchored = sum(1 for segment in layer.segments if segment.start is not None)
        of_all = "" if anchored == len(layer.segments) else f", {anchored} of them on their words"
        yield f"  notes ({layer.header.coder}): {len(layer.segments)}{of_all}"


def _lines(title: str, lines: Sequence[str], limit: int = 8) -> Iterator[str]:
    if not lines:
        return
    yield f"  {title}: {len(lines)}"
    yield from (f"    {_cut(terminal(line))}" for line in lines[:limit])
    if len(lines) > limit:
        yield f"    … and {len(lines) - limit} more (--json shows all)"


def _cut(text: str, width: int = 100) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))


def _in_brief(plan: ImportPlan) -> str:
    rows = []
    for file in plan.files:
        notes = sum(len(layer.segments) for layer in file.layers)
        figures = (len(file.recognised.turns), file.recognised.words, notes, len(file.warnings))
        rows.append([file.source.name, file.id, *(str(figure) for figure in figures)])
    return table(["file", "id", "turns", "words", "notes", "warnings"], rows, right=[2, 3, 4, 5])


def as_json(plan: ImportPlan, failures: Sequence[Failure], *, written: bool) -> dict[str, Any]:
    """The plan for programs: positions and texts of notes included."""
    failed = {failure.source for failure in failures}
    return {
        "written": written,
        "files": [{**_file(file), "imported": written and file.source not in failed} for file in plan.files],
        "failed": [{"source": str(failure.source), "reason": failure.reason} for failure in failures],
        "skipped": [str(path) for path in plan.skipped],
    }


def _file(file: FilePlan) -> dict[str, Any]:
    read = file.recognised
    return {
        "source": str(file.source),
        "id": file.id,
        "layout": read.layout,
        "encoding": read.encoding,
        "turns": len(read.turns),
        "words": read.words,
        "characters": len(file.transcript.text),
        "text_sha256": file.transcript.text_sha256,
        "speakers": [_speaker(file, label) for label in read.labels],
        "header": list(read.header),
        "footer": list(read.footer),
        "left_out": [{"kind": item.kind, "text": item.text} for item in left_out(read)],
        "taken_off": [{"kind": item.kind, "text": item.text, "turn": item.turn} for item in read.taken],
        "differences": file.differences._asdict(),
        "dates_offered": list(file.dates),
        "sections": [{"title": section.title, "turn": section.turn} for section in read.sections],
        "unanswered": list(read.unanswered),
        "markers": [{"turn": turn, "offset": at, "text": text} for turn, at, text in read.markers()],
        "notes": [_note(layer.header.coder, segment) for layer in file.layers for segment in layer.segments],
        "details": dict(read.details),
        "new_participants": list(file.new_participants),
        "names": [
            {"text": seen.text, "kind": seen.kind, "count": seen.count, "pseudonym": seen.pseudonym}
            for seen in file.names
        ],
        "warnings": list(file.warnings),
    }


def _speaker(file: FilePlan, label: str) -> dict[str, Any]:
    count, name = file.recognised.labels[label], file.cast.names[label]
    speaker = file.info.speakers[name]
    return {
        "label": label,
        "stored_as": name,
        "role": speaker.role,
        "participant": speaker.participant,
        "turns": count.turns,
        "words": count.words,
        "questions": count.questions,
    }


def _note(source: str, segment: Any) -> dict[str, Any]:
    number = segment.extra.get("x-number")
    return {"source": source, "number": number, "start": segment.start, "end": segment.end, "text": segment.memo}
