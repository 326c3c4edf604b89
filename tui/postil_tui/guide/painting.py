"""Lines of the guide screen: turns with the question they ask, the answer in full, the guide over all transcripts."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style

from postil_model.decision.guide_status import asked, topics
from postil_study.text.values import GuideQuestion, Layer, Turn
from postil_tui.guide.state import GuideState
from postil_tui.search.painting import broken, one_line, shade
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.text.cells import cells, fitted, shown
from postil_tui.themes.painting import prose
from postil_tui.widgets.rows import Line

_WORDS = 20  # columns that the words of a question need at least

SIGNS = {"asked": "✓", "not asked": "–", "unknown": "·"}


def turn_row(bench: GuideState, transcript_id: str, turn: Turn, chosen: bool, width: int, ink: StyleSheet) -> Line:
    """What the interviewer said, and which question that was."""
    style, paper = shade(ink, chosen), ink.paper
    transcript = bench.workspace.transcript(transcript_id)
    known = bench.marked(transcript_id).get(turn.index)
    proposal = bench.proposals(transcript_id).get(turn.index)
    words = one_line(transcript.text[turn.start : turn.end])
    column = 28 if width >= 90 else 20
    if known is not None:
        sign, name, colour, look = "✓", known.code_ids[0], paper.good, style()
    elif proposal is not None:
        sign, name, colour, look = "?", f"{proposal.question}?", paper.accent, style()
    else:
        above = bench.above(transcript_id, turn.index)
        sign, name, colour, look = " ", f"↳ {above}" if above else "", paper.faint, style(paper.quiet)
    room = max(width - column - 12, 8)
    return [
        ("▌" if chosen else " ", style(paper.accent)),
        (f"{sign} ", style(colour, bold=True)),
        (f"{turn.index + 1:>4}  ", style(paper.faint)),
        (fitted(words, room), look),
        ("  ", style()),
        (fitted(shown(name), column), style(colour)),
    ]


def answer_lines(
    bench: GuideState, transcript_id: str, turn: Turn, coding: Layer | None, width: int, ink: StyleSheet
) -> list[Line]:
    """The question of the guide, the turn, the passage that answers it, what became of the topics."""
    known = bench.marked(transcript_id).get(turn.index)
    proposal = bench.proposals(transcript_id).get(turn.index)
    name = known.code_ids[0] if known else proposal.question if proposal else ""
    question = bench.question(name)
    lines: list[Line] = [_head(name, known is not None, proposal.score if proposal else 0.0, ink)]
    if question is not None:
        lines += prose(question.ask, width, ink.quiet)
        lines += topic_lines(bench, question, transcript_id, coding, width, ink)
    lines.append([])
    text = bench.workspace.transcript(transcript_id).text
    lines += prose(text[turn.start : turn.end], width, ink.quiet)
    span = bench.passage(transcript_id, turn.index)
    if span is not None:
        rows = broken(text, span[0], span[1], max(width - 4, 10))
        lines += [[("  " + shown(text[a:b].rstrip()), ink.plain)] for a, b in rows]
    return lines


def _head(name: str, confirmed: bool, score: float, ink: StyleSheet) -> Line:
    if not name:
        return [(" follows up on what was asked above · c says which question it asks", ink.faint)]
    if confirmed:
        return [(f" ✓ {shown(name)}", ink.style(ink.paper.good, bold=True))]
    return [(f" ? {shown(name)}", ink.accent), (f"  likeness {score:.2f} · ⏎ confirms", ink.faint)]


def topic_lines(
    bench: GuideState, question: GuideQuestion, transcript_id: str, coding: Layer | None, width: int, ink: StyleSheet
) -> list[Line]:
    """What the question names, and how that came up."""
    found = topics(question, bench.questions, bench.layer(transcript_id), coding, bench.workspace.codebook)
    lines: list[list[tuple[str, Style]]] = []
    used = width
    for code, state in found:
        name, word = f" ■ {shown(code)}", f" {state} "
        if used + cells(name) + cells(word) > width - 2:
            lines.append([])
            used = 0
        lines[-1] += [(name, ink.code(code)), (word, ink.faint if state == "unknown" else ink.quiet)]
        used += cells(name) + cells(word)
    return [*lines]


def overview_header(ids: Sequence[str], here: str, width: int, ink: StyleSheet) -> Line:
    """The transcripts, their names as short as they have to be."""
    room = _question_room(len(ids), width)
    line: list[tuple[str, Style]] = [(" " * room, ink.faint)]
    for name in _in_sight(ids, here, _columns(width, room)):
        line.append((f"{shown(name)[-3:]:>4}", ink.accent if name == here else ink.faint))
    return line


def overview_row(
    bench: GuideState, question: GuideQuestion, ids: Sequence[str], here: str, chosen: bool, width: int, ink: StyleSheet
) -> Line:
    """A question, and what became of it in each transcript."""
    style, paper = shade(ink, chosen), ink.paper
    room = _question_room(len(ids), width)
    beside = room - 30  # columns for its words, if it is worth the while
    name = fitted(shown(question.id), 26 if beside >= _WORDS else room - 3)
    ask = fitted(one_line(question.ask), beside) if beside >= _WORDS else ""
    line: list[tuple[str, Style]] = [("▌ " if chosen else "  ", style(paper.accent)), (name, style(bold=chosen))]
    line.append((fitted("  " + ask if ask else "", room - 2 - cells(name)), style(paper.faint)))
    for transcript_id in _in_sight(ids, here, _columns(width, room)):
        state = asked(question.id, bench.layer(transcript_id))
        sign, colour = (
            SIGNS[state],
            paper.good if state == "asked" else paper.quiet if state == "not asked" else paper.line,
        )
        if state == "unknown" and any(m.question == question.id for m in bench.proposals(transcript_id).values()):
            sign, colour = "?", paper.accent
        line.append((f"{sign:>4}", style(colour, bold=transcript_id == here)))
    return line


def _question_room(count: int, width: int) -> int:
    return max(width - 4 * count - 1, 28)


def _in_sight(ids: Sequence[str], here: str, count: int) -> Sequence[str]:
    """So many transcripts that the one being looked at is among them."""
    first = max(ids.index(here) - count + 1, 0) if here in ids else 0
    return ids[first : first + count]


def _columns(width: int, room: int) -> int:
    return max((width - room) // 4, 1)
