"""How files and what was recognised in them look, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.style import Style

from postil_formats.texts.plan import FilePlan
from postil_study.privacy.pseudonyms.found import NameSeen
from postil_study.text.values import Speaker
from postil_tui.importing.state import FileEntry
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import cells, fitted
from postil_tui.text.cells import shown as shown_lines
from postil_tui.widgets.rows import Line

FEW, MANY, TURNS = 3, 60, 40  # lines of a header, names, turns at the start that are shown
_MOST = 34  # cells for a speaker's name


@dataclass(frozen=True)
class About:
    """A line about a file; ``label`` is the speaker it is about, ``name`` the name it holds, None for others."""

    pieces: Line
    label: str | None = None
    name: str | None = None

    @property
    def acts(self) -> bool:
        """Whether keys do something about the line."""
        return self.label is not None or self.name is not None


@dataclass(frozen=True)
class Pseudonyms:
    """What could stand for each name seen, and what the person chose."""

    offers: Mapping[str, str]
    chosen: Mapping[str, str]


def shown(text: str) -> str:
    """Text on one line, safe for a terminal: cells of tables and titles may hold line feeds."""
    return shown_lines(" ⏎ ".join(text.split("\n")))


def _padded(text: str, size: int, right: bool = False) -> str:
    text = fitted(shown(text), size) if cells(text) > size else shown(text)
    pad = " " * (size - cells(text))
    return pad + text if right else text + pad


def _plural(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


@dataclass(frozen=True)
class ImportColumns:
    """How wide the names of files and of transcripts are."""

    file: int
    becomes: int


def columns(entries: Sequence[FileEntry], width: int) -> ImportColumns:
    """Both names in full where there is room; else they share what there is."""
    room = max(width - 4 - 2 - 2 - 5 - 2 - 7 - 5, 20)
    files = max((cells(shown(entry.source.name)) for entry in entries), default=4)
    ids = max((cells(shown(entry.plan.id)) for entry in entries if entry.plan), default=7)
    file = files if files + ids <= room else max(min(files, room - ids), room * 3 // 5)
    return ImportColumns(file, max(min(ids, room - file), 7))


def file_header(sizes: ImportColumns, ink: StyleSheet) -> Line:
    """Names of the columns of files."""
    names = f"    {_padded('file', sizes.file)}  {_padded('becomes', sizes.becomes)}  turns    words"
    return [(names, ink.faint)]


def file_line(entry: FileEntry, chosen: bool, width: int, sizes: ImportColumns, ink: StyleSheet) -> Line:
    """One file."""
    paper = ink.paper
    ground = paper.raised if chosen and ink.depth == "true" else paper.paper
    reverse = chosen and ink.depth != "true"

    def style(colour: str, bold: bool = False) -> Style:
        return ink.style(colour, ground, bold=bold, reverse=reverse)

    mark = [("▌" if chosen else " ", style(paper.accent))]
    name = _padded(entry.source.name, sizes.file)
    if entry.plan is None:
        room = max(width - 4 - sizes.file - 2, 1)
        failed = [("✗  ", style(paper.bad)), (f"{name}  ", style(paper.quiet))]
        return [*mark, *failed, (_padded(entry.reason, room), style(paper.bad))]
    read, notes = entry.plan.recognised, len(entry.plan.warnings) + bool(entry.unsure)
    colour, quiet = (paper.ink, paper.quiet) if entry.taken else (paper.faint, paper.faint)
    pieces = [
        *mark,
        ("■  ", style(paper.accent)) if entry.taken else ("□  ", style(paper.faint)),
        (f"{name}  ", style(colour, bold=chosen)),
        (_padded(entry.plan.id, sizes.becomes), style(quiet)),
        (f"  {len(read.turns):>5,}  {read.words:>7,}", style(quiet)),
        (f"  !{notes:<2}" if notes else "     ", style(paper.warn)),
    ]
    used = sum(cells(text) for text, _ in pieces)
    return [*pieces, (" " * max(width - used, 0), style(paper.ink))]


def unread(formats: Sequence[str], width: int, ink: StyleSheet) -> list[About]:
    """What to say before there are files."""
    told = (
        f"Read are {', '.join(formats)}.",
        "You see here what was recognised (speakers, times, notes) before anything is written.",
    )
    lines = [line for text in told for line in _wrapped(text, max(width - 6, 20))]
    return [About([]), *(About([(f"   {line}", ink.faint)]) for line in lines)]


def in_room(lines: list[About], height: int) -> list[About]:
    """The lines without the empty ones between them, where the names at the end would be out of sight with these."""
    last = max((number for number, line in enumerate(lines) if line.acts), default=0)
    return lines if last < height else [line for line in lines if line.pieces]


def about(entry: FileEntry, pseudonyms: Pseudonyms, width: int, ink: StyleSheet) -> list[About]:
    """All that was recognised in a file."""
    if entry.plan is None:
        return [About([("  ", ink.plain)]), About([(f"  ✗ {shown(entry.reason)}", ink.style(ink.paper.bad))])]
    return list(_about(entry, entry.plan, pseudonyms, width, ink))


def _about(entry: FileEntry, plan: FilePlan, pseudonyms: Pseudonyms, width: int, ink: StyleSheet) -> Iterator[About]:
    read = plan.recognised
    encoding = f" · {read.encoding}" if read.encoding else ""
    offered = f" · {plan.dates[0]}? d keeps this date" if plan.dates else ""
    date = f" · {plan.info.date}" if plan.info.date else offered
    yield About([("  ", ink.plain), (shown(read.layout), ink.strong), (f"{encoding}{date}", ink.quiet)])
    yield About([])
    said = {label: _said(plan, label) for label in read.labels}
    size = min(max(12, *map(cells, said.values())), _MOST)
    yield About([(f"    {_padded('speaker', size)} {'turns':>6} {'words':>7} {'asks':>5}   is", ink.faint)])
    for label, words in said.items():
        yield _speaker(plan, label, _padded(words, size), ink)
    yield About([])
    yield from _warnings(entry, plan, width, ink)
    yield from _listed("above the first turn, not stored", read.header, ink)
    yield from _listed("below the last turn, not stored", read.footer, ink)
    yield from _notes(plan, ink)
    yield from _offer(plan, width, ink)
    yield from _listed("questions without an answer", read.unanswered, ink)
    yield from _names(entry.names, pseudonyms, ink)
    yield About([("  the first turns", ink.faint)])
    yield from _turns(plan, width, ink)


def _said(plan: FilePlan, label: str) -> str:
    """A speaker's label, and the name it gets."""
    name = plan.cast.names[label]
    return shown(f"{label or 'no name'} → {name}" if name != label else label)


def _speaker(plan: FilePlan, label: str, words: str, ink: StyleSheet) -> About:
    count, speaker = plan.recognised.labels[label], plan.info.speakers[plan.cast.names[label]]
    figures = f" {count.turns:>6,} {count.words:>7,} {count.questions:>5,}   "
    return About([(f"    {words}", ink.plain), (figures, ink.quiet), *_role(speaker, ink)], label)


def _role(speaker: Speaker, ink: StyleSheet) -> list[tuple[str, Style]]:
    paper = ink.paper
    if speaker.role == "participant":
        return [
            ("participant ", ink.style(paper.good)),
            (shown(speaker.participant or ""), ink.style(paper.good, bold=True)),
        ]
    return [(speaker.role, ink.style(paper.accent if speaker.role == "interviewer" else paper.faint))]


def _warnings(entry: FileEntry, plan: FilePlan, width: int, ink: StyleSheet) -> Iterator[About]:
    warnings = [*([entry.unsure] if entry.unsure else []), *plan.warnings]
    for warning in warnings:
        for number, line in enumerate(_wrapped(shown(warning), max(width - 6, 20))):
            yield About(
                [("  ! " if not number else "    ", ink.style(ink.paper.warn)), (line, ink.style(ink.paper.warn))]
            )
    if warnings:
        yield About([])


def _listed(title: str, lines: Sequence[str], ink: StyleSheet) -> Iterator[About]:
    if not lines:
        return
    yield About([(f"  {title}: {len(lines)}", ink.faint)])
    for line in lines[:FEW]:
        yield About([(f"    {shown(line)}", ink.quiet)])
    if len(lines) > FEW:
        yield About([(f"    … and {len(lines) - FEW} more", ink.faint)])
    yield About([])


def _names(names: Sequence[NameSeen], pseudonyms: Pseudonyms, ink: StyleSheet) -> Iterator[About]:
    """Names seen, each with a box: a full one will be replaced before anything is stored."""
    apart = [seen.text for seen in names if not seen.offered and seen.text not in pseudonyms.chosen]
    names = [seen for seen in names if seen.offered or seen.text in pseudonyms.chosen]
    if not (names or apart):
        return
    yield About([("  names seen; ■ is replaced before anything is stored", ink.faint)])
    yield from _listed_names(names, pseudonyms, ink)
    if apart:
        few = f"{', '.join(apart[:FEW])}{f' and {len(apart) - FEW} more' if len(apart) > FEW else ''}"
        yield About([(f"    apart: products and technical words ({shown(few)})", ink.faint)])
    yield About([])


def _listed_names(names: Sequence[NameSeen], pseudonyms: Pseudonyms, ink: StyleSheet) -> Iterator[About]:
    if not names:
        return
    size = min(max(cells(shown(seen.text)) for seen in names[:MANY]), _MOST)
    for seen in names[:MANY]:
        chosen = pseudonyms.chosen.get(seen.text)
        box = ("    ■ ", ink.accent) if chosen else ("    □ ", ink.faint)
        kind = (f"  {seen.count:>4} × {seen.kind:<12}", ink.faint)
        becomes = chosen or pseudonyms.offers.get(seen.text, seen.pseudonym)
        words = [box, (_padded(seen.text, size), ink.plain), kind]
        yield About([*words, (f"  → {shown(becomes)}", ink.plain if chosen else ink.faint)], name=seen.text)
    if len(names) > MANY:
        yield About([(f"    … and {len(names) - MANY} more", ink.faint)])


def _offer(plan: FilePlan, width: int, ink: StyleSheet) -> Iterator[About]:
    """What else the file holds that can be taken in afterwards."""
    for line in _wrapped(shown(plan.offer), max(width - 6, 20)) if plan.offer else ():
        yield About([(f"    {line}", ink.style(ink.paper.accent))])


def _notes(plan: FilePlan, ink: StyleSheet) -> Iterator[About]:
    for layer in plan.layers:
        placed = sum(1 for segment in layer.segments if segment.start is not None)
        count = _plural(len(layer.segments), "note")
        where = "" if placed == len(layer.segments) else f", {placed} of them on their words"
        yield About([(f"  {count} of the source come along ({layer.header.coder}){where}", ink.quiet)])
    if plan.layers:
        yield About([])


def _turns(plan: FilePlan, width: int, ink: StyleSheet) -> Iterator[About]:
    names = plan.cast.names
    longest = min(max((cells(shown(name)) for name in names.values()), default=0), 18)
    room = max(width - longest - 8, 20)
    for turn in plan.recognised.turns[:TURNS]:
        role = plan.info.speakers[names[turn.label]].role
        colour = ink.plain if role == "participant" else ink.quiet
        for number, line in enumerate(_wrapped(shown(turn.text), room)[:3]):
            label = names[turn.label] if not number else ""
            yield About([(f"    {_padded(label, longest)}  ", ink.faint), (line, colour)])
    more = len(plan.recognised.turns) - TURNS
    if more > 0:
        yield About([(f"    … and {_plural(more, 'turn')} more", ink.faint)])


def _wrapped(text: str, room: int) -> list[str]:
    """Words in lines of at most ``room`` cells."""
    lines, line = [], ""
    for word in text.split(" "):
        while cells(word) > room:
            head = fitted(word, room)
            lines += [*([line] if line else []), head]
            line, word = "", word[len(head.rstrip("…")) :]
        if line and cells(line) + 1 + cells(word) > room:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, *([line] if line else [])] or [""]
