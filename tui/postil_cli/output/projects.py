"""Projects of other programs for ``postil import-codings``: what comes in, and what does not come along."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_cli.common import out_json, say, table
from postil_cli.output.privacy_view import on_terminal

if TYPE_CHECKING:
    from postil_base.problem import Remark
    from postil_formats.projects.incoming.plan import ProjectPlan
    from postil_formats.projects.refi.values import Project
    from postil_formats.texts.decided import Decided
    from postil_study.privacy.pseudonyms.matching import Names
    from postil_study.study import Study


@dataclass(frozen=True, slots=True)
class ProjectWishes:
    """What the person said about a project."""

    coder: str = ""
    done: str = ""
    project: str = ""  # which of several in a database
    new: Path | None = None  # the folder of a new study
    dry_run: bool = False
    as_json: bool = False
    pseudonyms: Path | None = None  # the mapping
    yes: bool = False  # nothing is asked


def are_projects(files: Sequence[Path]) -> bool:
    """Whether the files are projects of other programs, not tables."""
    from postil_formats.projects.peers.read import is_project

    found = [is_project(file) for file in files]
    if any(found) and not all(found):
        raise click.UsageError("projects of other programs and tables come in one after the other, not together.")
    return bool(found) and all(found)


def import_projects(files: Sequence[Path], study: Study | None, wishes: ProjectWishes) -> int:
    """Read, plan, show and write; several projects one after the other. ``study`` is None with a new one."""
    from postil_formats.projects.peers.read import read_project

    if wishes.new is not None and len(files) > 1:
        raise click.UsageError("--new makes a study of one project.")
    answers = []
    for file in files:
        project, plan, written = _one(file, read_project(file, wishes.project), study, wishes)
        answers.append(_as_json(file, project, plan, written, _remarks(project, plan)))
        if study is not None and written:
            from postil_study.study import open_study

            study = open_study(study.root)
    if wishes.as_json:
        out_json(answers[0] if len(answers) == 1 else answers)
    return 0


def _one(
    file: Path, project: Project, study: Study | None, wishes: ProjectWishes
) -> tuple[Project, ProjectPlan | None, list[str]]:
    """One project: planned and shown, with its names decided on, then written."""
    names = _mapped(study, wishes)
    if names is not None:
        project = _renamed(project, names)
    plan = _planned(project, study, wishes)
    if not wishes.as_json:
        _show(file, project, plan, _remarks(project, plan))
    asks = on_terminal() and not (wishes.yes or wishes.as_json or wishes.dry_run)
    decided = _decided(project, plan, study, wishes, asks=asks) if names is None else None
    if decided is not None and (chosen := decided.names()):
        told = _replaced(project, chosen)
        project = _renamed(project, chosen)
        plan = _planned(project, study, wishes)
        _show(file, project, plan, _remarks(project, plan))
        say(told)
    if wishes.dry_run or (asks and not click.confirm("Take this project in?", True, err=True)):
        say("\nNothing was written" + (" (--dry-run)." if wishes.dry_run else "."))
        return project, plan, []
    written = _with_mapping(decided, lambda: _written(project, plan, study, wishes))
    _tell(written, wishes)
    return project, plan, written


def _with_mapping(decided: Decided | None, write: Callable[[], list[str]]) -> list[str]:
    """Write, and with it the mapping that was decided on, or neither."""
    if decided is None:
        return write()
    from postil_formats.texts.decided import saved_with

    with saved_with(decided) as done:
        written = write()
        done.append(bool(written))
    if written:
        say(f"The mapping is in {decided.place}. Keep it to yourself.")
    return written


def _replaced(project: Project, names: Names) -> str:
    """Each replacement in its sentence."""
    from postil_cli.output.privacy_view import shown_replacements
    from postil_formats.texts.decided import replacements

    return shown_replacements(replacements((source.text or "" for source in project.sources), names))


def _remarks(project: Project, plan: ProjectPlan | None) -> Sequence[Remark]:
    return plan.remarks if plan is not None else project.remarks


def _mapped(study: Study | None, wishes: ProjectWishes) -> Names | None:
    """The names of the mapping that was named."""
    if wishes.pseudonyms is None:
        return None
    from postil_study.privacy.pseudonyms.mapping import check_place, load_names

    return load_names(check_place(wishes.pseudonyms, _home(study, wishes)))


def _home(study: Study | None, wishes: ProjectWishes) -> Path:
    return study.root if study is not None else wishes.new or Path()


def _renamed(project: Project, names: Names) -> Project:
    from postil_formats.projects.incoming.names import with_pseudonyms

    return with_pseudonyms(project, names)


def _decided(
    project: Project, plan: ProjectPlan | None, study: Study | None, wishes: ProjectWishes, *, asks: bool
) -> Decided | None:
    """What the person says of the names seen in new texts; where nobody can be asked they are listed."""
    from postil_cli.output.privacy_view import offer, seen_lines
    from postil_formats.projects.incoming.names import seen_in_project
    from postil_formats.texts.sensitive_terms import together
    from postil_study.privacy.pseudonyms.mapping import check_place, default_map

    seen = seen_in_project(project, plan)
    if not seen or wishes.as_json:
        return None
    say(seen_lines(seen))
    if not asks:
        return None
    home = _home(study, wishes)
    key = study.settings.id if study is not None and study.settings.id else home.resolve().name
    return offer(check_place(default_map(key), home), lambda known: together([seen], known))


def _planned(project: Project, study: Study | None, wishes: ProjectWishes) -> ProjectPlan | None:
    """What would come in; None for a study of ours laid down anew."""
    from postil_formats.projects.incoming.new_study import study_from
    from postil_formats.projects.incoming.plan import plan_project

    if study is not None:
        return plan_project(study, project, wishes.coder, wishes.done)
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:  # --new: made where nobody sees it, to say what would be
        return study_from(project, Path(folder) / "study", wishes.coder, wishes.done)[1]


def _written(project: Project, plan: ProjectPlan | None, study: Study | None, wishes: ProjectWishes) -> list[str]:
    from postil_formats.projects.incoming.new_study import study_from
    from postil_formats.projects.incoming.writing import apply_project

    if study is not None and plan is not None:
        return apply_project(study, plan)
    assert wishes.new is not None
    return study_from(project, wishes.new, wishes.coder, wishes.done)[0]


def _show(file: Path, project: Project, plan: ProjectPlan | None, remarks: Sequence[Remark]) -> None:
    from postil_base.quoting.terminal import terminal
    from postil_cli.output.remarks import say_remarks

    click.echo(terminal(f"{file.name}: {project.name or 'a codebook'} ({project.origin or 'program not named'})"))
    if plan is None:
        click.echo("A study of Postil, with all its files; it comes back byte for byte.")
        return
    click.echo("\n" + _sources(plan) if plan.texts else "no texts")
    click.echo(f"\ncodes: {len(plan.codes)} new, {plan.matched_codes} known; groups: {len(plan.groups)} new")
    click.echo(f"passages: {plan.placed} placed, {plan.already} of them known; memos: {len(plan.memos)} new")
    if plan.coders:
        click.echo(
            terminal(f"coders: {', '.join(f'{id_} ({name})' if name else id_ for id_, name in plan.coders.items())}")
        )
    if project.schema_problems:
        say(f"\nthe file keeps not to the standard in {len(project.schema_problems)} ways; it was read all the same")
        for problem in project.schema_problems[:5]:
            say(f"  {terminal(problem)}")
    say_remarks(remarks, "not carried over")


def _sources(plan: ProjectPlan) -> str:
    rows = []
    for text in plan.texts:
        source = text.source
        codings = sum(len(s.codings) for s in source.selections) + len(source.codings)
        state = "new" if text.is_new else "another version" if text.differs else "known"
        figures = [str(len(source.selections)), str(codings)]
        rows.append([source.name, text.transcript.id, state, *figures, source.rule, source.evidence])
    headers = ["source", "transcript", "", "passages", "codings", "positions count", "because"]
    return table(headers, rows, right=[3, 4])


def _tell(written: Sequence[str], wishes: ProjectWishes) -> None:
    if not written:
        say("\nThe study has all of it already; nothing was written.")
        return
    shown = ", ".join(written[:8]) + (f" and {len(written) - 8} more" if len(written) > 8 else "")
    say(f"\nWritten: {shown}.")
    if wishes.new is not None:
        say(f"Open it with: postil --study {wishes.new}")


def _as_json(
    file: Path, project: Project, plan: ProjectPlan | None, written: Sequence[str], remarks: Sequence[Remark]
) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "file": file.name,
        "name": project.name,
        "origin": project.origin,
        "written": list(written),
    }
    answer["elements"] = dict(project.counts)
    answer["schema_problems"] = list(project.schema_problems)
    if plan is not None:
        answer |= {
            "codes": {"new": [code.id for code in plan.codes], "known": plan.matched_codes},
            "groups": [group.id for group in plan.groups],
            "coders": dict(plan.coders),
            "passages": {"placed": plan.placed, "known": plan.already},
            "memos": len(plan.memos),
            "sources": [
                {
                    "source": text.source.name,
                    "transcript": text.transcript.id,
                    "new": text.is_new,
                    "shift": text.shift,
                    "positions": text.source.rule,
                    "evidence": text.source.evidence,
                }
                for text in plan.texts
            ],
        }
    answer["remarks"] = [{"item": r.item, "message": r.message, "lost": r.lost} for r in remarks]
    return answer
