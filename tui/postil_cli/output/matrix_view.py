"""What an import of a framework matrix found, for eyes and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from postil_base.plural import counted
from postil_base.quoting.terminal import terminal
from postil_cli.common import say, table
from postil_formats.codings.matrix.places import METHODS, Bullet
from postil_formats.codings.matrix.plan import MatrixPlan
from postil_study.study import Study

_STATUS = {
    "placed": "on their words",
    "look": "on words alike, marked as unsure: look at them",
    "ambiguous": "fit in several places, put nowhere",
    "none": "without a place",
}


def shown(plan: MatrixPlan) -> str:
    """How many bullets went which way, then every bullet that a person should look at."""
    rows = [
        [method, _STATUS[status], str(count), METHODS[method]]  # type: ignore[index]
        for (method, status), count in sorted(plan.counts.items(), key=lambda item: _order(*item[0]))
    ]
    parts = [table(["method", "result", "bullets", "what it means"], rows, right=[2])]
    parts.append(f"{plan.placed} of {len(plan.bullets)} bullets are put on words; all stay in the charts' cells.")
    for status in ("ambiguous", "look", "none"):
        lines = list(_listed(plan, status))
        parts += ["\n".join([f"{_STATUS[status]}: {len(lines)}", *lines])] if lines else []
    return "\n\n".join(parts)


def _order(method: str, status: str) -> tuple[int, int]:
    return list(METHODS).index(method), list(_STATUS).index(status)  # type: ignore[arg-type]


def _listed(plan: MatrixPlan, status: str) -> Iterator[str]:
    for bullet in plan.bullets:
        if bullet.status == status:
            where = "; ".join(f"{p.transcript} {p.start}-{p.end}" for p in bullet.places[:8])
            score = f" ({bullet.score:g})" if status != "none" or bullet.score >= 50 else ""
            text = f"{bullet.participant}, {bullet.column}: {_cut(bullet.text)}{score}"
            yield f"  {terminal(text + (f' → {where}' if where else ''))}"


def _cut(text: str, width: int = 80) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def tell(plan: MatrixPlan, written: Sequence[str], *, dry_run: bool) -> None:
    """What was written, and what was left aside."""
    for warning in plan.warnings:
        say(terminal(f"{plan.name}: {warning}"))
    if plan.left_out:
        rows = ", ".join(terminal(row) for row in plan.left_out)
        say(f"rows that are nobody of this study, not taken in: {rows} (say who is meant: --row NAME=PARTICIPANT)")
    if plan.new_themes and written:
        say(f"{counted(len(plan.new_themes), 'theme')} added; say on which codes they stand.")
    if dry_run:
        say("Nothing was written (--dry-run).")
    elif written:
        say(f"Written: {', '.join(terminal(path) for path in written)}.")
    else:
        say("The study has all of it already; nothing was written.")


def as_json(plan: MatrixPlan, study: Study, written: Sequence[str]) -> dict[str, Any]:
    """Every bullet with method, score and all places that fit."""
    return {
        "written": list(written),
        "bullets": len(plan.bullets),
        "placed": plan.placed,
        "counts": [
            {"method": method, "status": status, "bullets": count}
            for (method, status), count in sorted(plan.counts.items(), key=lambda item: _order(*item[0]))
        ],
        "methods": dict(METHODS),
        "participants": dict(plan.participants),
        "left_out": list(plan.left_out),
        "themes": dict(plan.themes),
        "new_themes": dict(plan.new_themes),
        "report": [_bullet(bullet, plan, study) for bullet in plan.bullets],
        "warnings": list(plan.warnings),
    }


def _bullet(bullet: Bullet, plan: MatrixPlan, study: Study) -> dict[str, Any]:
    place = bullet.place
    return {
        "participant": bullet.participant,
        "column": bullet.column,
        "theme": plan.themes[bullet.column],
        "bullet": bullet.text,
        "method": bullet.method,
        "status": bullet.status,
        "score": bullet.score,
        "transcript": place.transcript if place else None,
        "start": place.start if place else None,
        "end": place.end if place else None,
        "segment": plan.segments.get(bullet),
        "places": [
            {"transcript": p.transcript, "start": p.start, "end": p.end, "words": _words(study, p)}
            for p in bullet.places
        ],
    }


def _words(study: Study, place: Any) -> str:
    words: str = study.transcripts[place.transcript].text[place.start : place.end]
    return words
