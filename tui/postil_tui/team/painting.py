"""Lines of the team screen: a row for each transcript, a column for each coder, and what is known of the round."""

from __future__ import annotations

from rich.style import Style

from postil_tui.search.painting import Shade, shade
from postil_tui.style.style_sheet import StyleSheet
from postil_tui.team.plan import Team, TeamCell
from postil_tui.text.cells import fitted, shown
from postil_tui.text.fold import folded
from postil_tui.widgets.rows import Line

NAME = 16  # cells of a transcript's name
COLUMN = 21  # of a coder's column: sign, bar, share, finished
_BAR = 8


def shown_coders(team: Team, column: int, width: int) -> tuple[int, int]:
    """Which columns fit, so that the one of the cursor is among them: first and last, exclusive."""
    fit = max((width - NAME - 2) // COLUMN, 1)
    first = min(max(column - fit + 1, 0), max(len(team.coders) - fit, 0))
    return first, min(first + fit, len(team.coders))


def head_line(team: Team, column: int, me: str, width: int, ink: StyleSheet) -> Line:
    """The coders' names; one's own is marked."""
    first, last = shown_coders(team, column, width)
    line: list[tuple[str, Style]] = [(fitted("  ‹" if first else "", NAME + 2), ink.faint)]
    for number, coder in enumerate(team.coders[first:last], first):
        name = f"{shown(coder)}{' (you)' if coder == me else ''}"
        line.append((fitted(name, COLUMN - 2) + "  ", ink.accent if number == column else ink.quiet))
    return [*line, ("›" if last < len(team.coders) else "", ink.faint)]


def team_line(team: Team, row: int, column: int, chosen: bool, width: int, ink: StyleSheet) -> Line:
    """A transcript with every coder's progress; the cell of the cursor is raised."""
    transcript = team.transcripts[row]
    first, last = shown_coders(team, column, width)
    plain = shade(ink, False)
    line: list[tuple[str, Style]] = [
        ("▌ " if chosen else "  ", ink.accent),
        (fitted(shown(transcript), NAME - 1) + " ", ink.strong if chosen else ink.plain),
    ]
    for number, coder in enumerate(team.coders[first:last], first):
        style = shade(ink, True) if chosen and number == column else plain
        line += [*cell_pieces(team.cell(coder, transcript), style, ink), ("  ", ink.plain)]
    return line


def cell_pieces(cell: TeamCell, style: Shade, ink: StyleSheet) -> list[tuple[str, Style]]:
    """Assigned or not, how far, finished or not; nothing but the assignment where a blind round hides it."""
    paper = ink.paper
    sign = ("◆ ", style(paper.accent, bold=True)) if cell.assigned else ("  ", style(paper.faint))
    if cell.hidden or not cell.begun:
        words = "hidden" if cell.hidden else "not begun" if cell.assigned else "·"
        return [sign, (fitted(words, COLUMN - 4), style(paper.faint))]
    full = round(cell.share * _BAR)
    return [
        sign,
        ("━" * full, style(paper.accent)),
        ("─" * (_BAR - full), style(paper.line if ink.depth == "true" else paper.faint)),
        (f" {cell.share:>4.0%}", style(paper.quiet)),
        (" ✓  " if cell.done else "    ", style(paper.good)),
    ]


def plan_lines(team: Team, me: str, width: int, ink: StyleSheet) -> list[Line]:
    """What is known of the round, who is how far in it, and what comes next."""
    plan = team.round
    if plan is None:
        words = "No round is shown: n starts one. A round says who codes what; reliability comes from its frozen copy."
        return [*_words(words, width, ink.quiet), [], *_people(team, me, width, ink)]
    facts = [
        f"{shown(plan.purpose)} round" if plan.purpose else "round",
        "blind until it is revealed" if plan.blind and plan.state != "revealed" else "",
        f"codebook {shown(plan.codebook)}" if plan.codebook else "",
        f"guide {shown(plan.guide)}" if plan.guide else "",
        shown(plan.sampling) + (f" (seed {plan.seed})" if plan.seed is not None else ""),
    ]
    steps = [f"{name} {at[:10]}" for name, at in _dates(team) if at]
    lines = _words(" · ".join(filter(None, [*facts, *steps])), width, ink.plain)
    lines += _words(shown(plan.note), width, ink.quiet) if plan.note else []
    return [*lines, [], *_people(team, me, width, ink), [], *_words(_next(team), width, ink.accent)]


def _dates(team: Team) -> list[tuple[str, str]]:
    plan = team.round
    return [("started", plan.started), ("frozen", plan.frozen), ("revealed", plan.revealed)] if plan else []


def _people(team: Team, me: str, width: int, ink: StyleSheet) -> list[Line]:
    lines: list[Line] = []
    for coder in team.coders:
        done, of = team.finished(coder)
        words = "hidden until the round is revealed" if team.is_hidden(coder) else f"{done} of {of} finished"
        words = words if of else "has no part in this round"
        look = team.to_look_at.get(coder, 0)
        again = f" · {look} to look at again{' (c walks through them)' if coder == me else ''}" if look else ""
        if of or look or team.round is None:
            name = fitted(shown(coder), 16)
            lines.append([("  ", ink.plain), (name, ink.strong if coder == me else ink.plain), (words, ink.quiet)])
            lines[-1] = [*lines[-1], (again, ink.style(ink.paper.warn))]
    return lines


def _next(team: Team) -> str:
    plan = team.round
    assert plan is not None
    if plan.state == "revealed":
        return "F6 compares the coders and settles where they differ."
    if plan.is_frozen:
        return "v reveals the round: then the coders may compare and settle."
    missing = team.missing()
    if missing:
        some = ", ".join(f"{shown(coder)} {shown(transcript)}" for coder, transcript in missing[:6])
        return f"Not finished yet: {some}{f' and {len(missing) - 6} more' if len(missing) > 6 else ''}."
    if not plan.transcripts:
        return "Nobody codes anything yet: space gives the highlighted coder the highlighted transcript."
    hidden = any(cell.hidden for cell in team.cells.values())
    return f"{'All that you may see' if hidden else 'Everything'} is finished: f freezes the round."


def _words(text: str, width: int, style: Style) -> list[Line]:
    return [[("  " + line, style)] for line in folded(text, max(width - 4, 20))]


def round_tabs(rounds: list[tuple[str, str]], here: str, ink: StyleSheet) -> list[tuple[str, Style]]:
    """The rounds by name and state; the one shown is marked."""
    pieces: list[tuple[str, Style]] = [(" ", ink.plain)]
    for name, state in rounds:
        look = ink.style(ink.paper.accent, bold=True, underline=True) if name == here else ink.quiet
        pieces += [
            (f" {shown(name) or 'no round'} ", look),
            (f"{state} " if state else "", ink.faint),
            (" ", ink.plain),
        ]
    return pieces


def column_at(x: int, team: Team, column: int, width: int) -> int | None:
    """The coder's column under a place on a row; None beside them."""
    first, last = shown_coders(team, column, width)
    at = first + (x - NAME - 2) // COLUMN
    return at if x >= NAME + 2 and at < last else None
